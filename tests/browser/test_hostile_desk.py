"""Every string of a bank a payload, on the editing desk in a real browser: no page runs or builds any of it.

And the file as it is typed: checked too often, the page waits and asks again by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.editing.publishing import publish
from quizapp.editing.workshop import read
from quizapp.store.editing_records import Draft, Editor
from quizapp.web.allowance import Allowance
from quizapp.web.edit.pages.desk import MAIN, REST
from quizapp.web.edit.source import Pace
from tests.browser.conftest import Open, listen
from tests.browser.journey import fill, press
from tests.web.hostile import PAYLOAD, hostile_bank

pytestmark = pytest.mark.browser
BANK = "first_step"
SIZE = {"width": 1100, "height": 800}
# Of an element that only a payload can have built; its form bears the name of one of ours.
BUILT = """() => {
  const built = [...document.querySelectorAll("[onerror], [onload], img[src='x'], main script, main title")];
  const twice = [...document.querySelectorAll("form#language")].slice(1);
  return [...built, ...twice].map((one) => one.outerHTML.slice(0, 80));
}"""


@dataclass(frozen=True)
class Ground:
    """A server with the hostile bank, an editor with a draft of it, and what has been published."""

    address: str
    app: Flask
    editor: Editor
    draft: Draft

    @property
    def home(self) -> str:
        return f"/edit/{BANK}"

    @property
    def data(self) -> Any:
        return read(self.draft.text, f"{BANK}.yaml").data


def altered(app: Flask, editor: Editor, what: str) -> Draft:
    """A draft in which some texts are another payload, and with something at hand to be told of."""
    workshop = app.extensions["quizapp"].workshop
    draft = workshop.open(BANK, editor.id)
    assert draft.text.count("7*7") > 100
    text = draft.text.replace("7*7", "8*8", 12)
    return workshop.write(draft.id, draft.version, "bank", text, what)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One publication from the file, one from the desk with a payload as its reason, a draft on top."""
    folder = tmp_path_factory.mktemp("hostile")
    questions = hostile_bank(folder / "questions")
    app = create_app(Settings(instance=folder / "instance", questions=questions, watch=0))
    kept = app.extensions["quizapp"]
    editor = kept.accounts.add("aki", "publisher", None)
    first = altered(app, editor, "file")
    publish(kept.store, kept.library, kept.workshop, first, editor, PAYLOAD, "", date.today())
    draft = altered(app, editor, PAYLOAD)
    kept.store.record(PAYLOAD, "published", BANK, {"why": PAYLOAD, "editor": PAYLOAD, "role": PAYLOAD})
    kept.store.record(editor.name, PAYLOAD, BANK, {})
    address, stop = listen(app)
    yield Ground(address, app, editor, draft)
    stop()
    kept.library.stop()
    kept.store.close()


def entered(page: Page, ground: Ground) -> Page:
    secret = ground.app.extensions["quizapp"].accounts.begin(ground.editor, PAYLOAD)
    page.context.add_cookies([{"name": "quizapp-editor", "value": secret, "url": ground.address}])
    return page


def assert_harmless(page: Page, where: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert page.evaluate("window.pwned") is None, where
    assert page.evaluate(BUILT) == [], where
    assert "49" not in page.title() and "64" not in page.title(), where


def addresses(data: Any) -> list[str]:
    """Every list of the bank, the first entry of each, and every list and part within those of the items."""
    lists = [at[0] for at in (*MAIN, *REST)]
    found = ["", *lists]
    for name in lists:
        held = data.get(name) or []
        if not held:
            continue
        word = next(iter(held)) if isinstance(held, dict) else held[0].get("id", "0")
        found.append(f"{name}/{word}")
    item = next(one for one in data["items"] if one.get("facts"))
    found += [f"items/{item['id']}/facts", f"items/{item['id']}/facts/{next(iter(item['facts']))}"]
    question = next(one for one in data["questions"] if one.get("options"))
    found.append(f"questions/{question['id']}/options/{question['options'][0]['id']}")
    return found


def test_no_text_of_a_hostile_bank_runs_on_any_page_of_the_desk(open_page: Open, ground: Ground) -> None:
    page = entered(open_page(locale="en-US", viewport=SIZE), ground)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    number = ground.app.extensions["quizapp"].store.newest(BANK).number
    home = ground.home
    paths = ["/edit", home, *(f"{home}/part/{at}" for at in addresses(ground.data))]
    paths += [
        f"{home}/{at}" for at in ("costs", "facts", "texts", "find?q=script", "source", "source?sheet=cases")
    ]
    paths += [
        f"{home}/{at}" for at in ("add/items", "preview", "steps", "merge", "history", f"history/{number}")
    ]
    paths += ["/edit/log", f"/edit/log?bank={BANK}", "/edit/account", "/edit/import", "/edit/new"]
    for path in paths:
        answer = page.goto(ground.address + path)
        assert answer is not None and answer.status == 200, (path, answer and answer.status)
        assert_harmless(page, path)
    page.goto(f"{ground.address}{home}/review")
    expect(page.locator("#impact, .impact, main").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert_harmless(page, "review")
    assert alarms == []


def test_a_hostile_file_that_is_sent_is_told_of_in_words(open_page: Open, ground: Ground) -> None:
    page = entered(open_page(locale="en-US", viewport=SIZE), ground)
    quoted = PAYLOAD.replace("'", "''")
    files = {
        "any.yaml": f"bank: log\ntitle: '{quoted}'\n",
        "<img src=x onerror=window.pwned=1>.yaml": f"? [\n{PAYLOAD}\n",
        "<svg onload=window.pwned=1>.zip": PAYLOAD,
        "broken.yaml": f"bank: broken\n{PAYLOAD}: '{quoted}'\n",
    }
    for name, text in files.items():
        page.goto(f"{ground.address}/edit/import")
        page.set_input_files("#file", [{"name": name, "mimeType": "text/yaml", "buffer": text.encode()}])
        press(page, "#import button")
        taken_in = name == "broken.yaml"
        assert page.url.endswith("/edit/broken/review" if taken_in else "/edit/import"), page.url
        assert page.locator("h2" if taken_in else ".problems").first.is_visible()
        assert_harmless(page, name)


def test_a_preview_of_a_hostile_draft_is_taken_and_runs_nothing(open_page: Open, ground: Ground) -> None:
    page = entered(open_page(locale="en-US", viewport=SIZE), ground)
    page.goto(f"{ground.address}{ground.home}/preview")
    press(page, "#preview button[formaction]")
    assert_harmless(page, "the link")
    press(page, "#preview button:not([formaction])")
    assert_harmless(page, "the start")
    root = page.url
    page.goto(f"{root}/quiz/{BANK}")
    assert_harmless(page, "the quiz")
    press(page, "#begin button")
    for _ in range(40):
        assert_harmless(page, page.url)
        if page.url.endswith("/check"):
            break
        fill(page, {})
        press(page, "#answers button")
    press(page, "#result button")
    assert page.url == f"{root}/result"
    assert_harmless(page, "the result")


def test_what_is_checked_too_often_is_asked_again_quietly_and_nothing_typed_is_lost(
    open_page: Open, ground: Ground
) -> None:
    ground.app.extensions["quizapp_typing"] = Pace(Allowance(1, 3.0), Allowance(1, 3.0))
    page = entered(open_page(locale="en-US", viewport=SIZE), ground)
    page.goto(f"{ground.address}{ground.home}/source")
    # Saving answers with the problems as well; here only the check may tell them.
    page.route(
        "**/source*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    answers: list[int] = []
    page.on(
        "response", lambda answer: answers.append(answer.status) if answer.url.endswith("/check") else None
    )
    area = page.locator("textarea[name=text]")
    area.press("Control+Home")
    area.press_sequentially("# one\n")
    page.wait_for_timeout(900)
    area.press_sequentially("wrong: 1\n")
    expect(page.locator("#problem-list li.bad").first).to_contain_text("wrong", timeout=20_000)
    assert 429 in answers and answers[-1] == 200
    assert area.input_value().startswith("# one\nwrong: 1\n")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and answers.count(200) < 2:
        page.wait_for_timeout(200)
    page.evaluate("sessionStorage.clear()")
    assert page.evaluate("window.pwned") is None
