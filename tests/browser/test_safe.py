"""In a real browser: a hostile bank runs nothing, and a click out of a result tells nobody where it was."""

from __future__ import annotations

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from quizapp.app import create_app
from quizapp.config import Settings
from tests.browser.conftest import QUESTIONS, listen
from tests.browser.journey import take
from tests.web.conftest import CASES
from tests.web.hostile import hostile_bank

pytestmark = pytest.mark.browser


@pytest.fixture
def serve(tmp_path: Path):
    """``serve(folder)``: the address of an application over that folder of banks."""
    ends = []

    def begin(questions: Path) -> tuple[str, object]:
        app = create_app(Settings(instance=tmp_path / "instance", questions=questions, watch=0))
        address, stop = listen(app)
        ends.extend([stop, app.extensions["quizapp"].library.stop, app.extensions["quizapp"].store.close])
        return address, app

    yield begin
    for end in ends:
        end()


def test_no_text_of_a_hostile_bank_runs_on_any_page(open_page, serve, tmp_path: Path) -> None:
    site, app = serve(hostile_bank(tmp_path / "hostile"))
    page = open_page()
    alarms = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    take(page, site, "first_step", {})
    items = [item.id for item in app.extensions["quizapp"].library.live("first_step").bank.items]
    paths = [
        "/",
        "/quiz/first_step",
        "/quiz/first_step/check",
        "/about/first_step",
        page.url.removeprefix(site),
    ]
    for path in [*paths, *(f"/about/first_step/{item}" for item in items)]:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("window.pwned") is None, path
    assert alarms == []


class Listener(BaseHTTPRequestHandler):
    """Another site, which keeps what it is told."""

    told: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.told.append((self.path, dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        pass


def test_a_click_out_of_a_result_tells_the_other_side_neither_token_nor_page(
    open_page, serve, tmp_path: Path
) -> None:
    Listener.told = []
    other = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    elsewhere = f"http://localhost:{other.server_port}/source"
    site, _ = serve(_with_source_at(elsewhere, tmp_path / "linked"))
    page = open_page()
    take(page, site, "msl", next(answers for bank, _, answers in CASES if bank == "msl"))
    token = page.url.rpartition("/")[2]
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.locator(".source a").first.click()
    page.locator(f"a[href='{elsewhere}']").first.click()
    page.wait_for_url(elsewhere)
    other.shutdown()
    other.server_close()
    seen = [(path, headers) for path, headers in Listener.told if path == "/source"]
    assert seen
    assert all("Referer" not in headers for _, headers in seen)
    assert token not in str(Listener.told)


def _with_source_at(address: str, folder: Path) -> Path:
    """A copy of a shipped bank whose sources lie at that address."""
    yaml = YAML()
    bank = yaml.load((QUESTIONS / "msl.yaml").read_text(encoding="utf-8"))
    for source in bank["sources"].values():
        source["url"] = address
    folder.mkdir()
    with (folder / "msl.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(bank, file)
    return folder


def test_a_site_that_is_set_shows_the_card_and_the_quiz_opens_outside_of_it(
    open_page, tmp_path: Path
) -> None:
    other = HTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    elsewhere = f"http://localhost:{other.server_port}"
    settings = Settings(instance=tmp_path / "instance", questions=QUESTIONS, watch=0)
    app = create_app(replace(settings, embed_origins=(elsewhere,)))
    site, stop = listen(app)
    Framing.page = f'<title>school</title><iframe src="{site}/embed/msl"></iframe>'.encode()
    try:
        page = open_page()
        page.goto(elsewhere)
        button = page.frame_locator("iframe").locator(".button")
        with page.context.expect_page() as opened:
            button.click()
        opened.value.wait_for_url(f"{site}/quiz/msl")
        assert page.url == f"{elsewhere}/"
    finally:
        stop()
        other.shutdown()
        other.server_close()
        app.extensions["quizapp"].library.stop()
        app.extensions["quizapp"].store.close()


class Framing(BaseHTTPRequestHandler):
    """A site that shows a page of ours in a frame."""

    page: bytes

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page if self.path == "/" else b"")

    def log_message(self, *_: object) -> None:
        pass
