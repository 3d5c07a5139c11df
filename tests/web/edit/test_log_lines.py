"""The log of everything that people do, searched for what must not be in it (trust.md 26)."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from quizapp.web.log_lines import JsonLines
from tests.web.conftest import CASES
from tests.web.edit.conftest import BANK, PASSWORD, StartDesk
from tests.web.edit.drafting import live_text, publish
from tests.web.visitor import Visitor

ANSWERS = next(answers for bank, case, answers in CASES if (bank, case) == (BANK, "member_pressed"))
# Nothing that a rule or a page is called.
NAME, WRONG, REASON = "hanako.yamada", "a password typed wrongly", "料金が変わったためです"
GIVEN_ID = "0123456789abcdef0123456789abcdef"
Log = io.StringIO


@pytest.fixture
def log() -> Iterator[Log]:
    """All that any library logs, down to the last detail, as a server in production writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def app(start_desk: StartDesk) -> Flask:
    return start_desk(mode="production", secret_key="a secret for signing", proxy_hops=1)


def lines(log: Log) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_after_a_whole_journey_no_line_holds_an_answer_a_token_a_name_or_a_password(
    app: Flask, log: Log
) -> None:
    kept = app.extensions["quizapp"]
    secrets: set[str] = {WRONG, PASSWORD, NAME, REASON, GIVEN_ID}

    taker = Visitor(app.test_client())
    taker.client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    token = taker.finish(BANK, ANSWERS)
    secrets |= {token, "192.0.2.77"}
    for path in (
        f"/r/{token}",
        f"/r/{token}/share",
        f"/api/v1/results/{token}",
        f"/quiz/{token}",
        f"/{token}",
    ):
        taker.get(path)
    taker.client.post(f"/api/v1/banks/{BANK}/recommend", json={"answers": {"feeling": "whispered"}})
    secrets.add("whispered")

    kept.accounts.add(NAME, "publisher", PASSWORD)
    editor = Visitor(app.test_client())
    editor.get("/edit/sign-in")
    # The password in the box of the name, then a wrong one, then the right one.
    for name, password in ((WRONG, "x"), (NAME, WRONG), (NAME, PASSWORD)):
        editor.post("/edit/sign-in", "sign-in", {"name": name, "password": password})
    assert editor.status == 200
    cookie = editor.client.get_cookie("quizapp-editor")
    assert cookie is not None
    secrets.add(cookie.value)
    draft = kept.workshop.open(BANK, kept.accounts.named(NAME).id)
    words = "まだ誰にも見せていない文"
    text = live_text(app).replace("title: {", f"# {words}\ntitle: {{", 1)
    draft = kept.workshop.write(draft.id, draft.version, "bank", text, "file")
    secrets.add(words)
    editor.get(f"/edit/{BANK}/preview")
    editor.post(f"/edit/{BANK}/preview/link", "preview", {"on": "2026-11-22"})
    found = re.search(r"/preview/([\w-]{20,})", editor.page)
    assert found
    secrets.add(found[1])
    reader = Visitor(app.test_client())
    reader.get(f"/preview/{found[1]}")
    root = reader.path
    assert reader.status == 200 and root.startswith("/preview/")
    reader.get(f"{root}/quiz/{BANK}").post(f"{root}/quiz/{BANK}", "begin")
    publish(editor, draft, REASON)
    taker.get(f"/r/{token}/delete").post(f"/r/{token}/delete", "delete")
    editor.get("/edit").post("/edit/sign-out", "sign-out")

    told = lines(log)
    assert len(told) > 40
    for visitor in (taker, editor, reader):
        for stored in visitor.client._cookies.values():
            if len(stored.value) > 20:
                secrets.add(stored.value)
    answers = {json.dumps(value) for value in ANSWERS.values() if isinstance(value, str) and len(value) > 3}
    text = log.getvalue()
    assert [secret for secret in sorted(secrets | answers) if secret in text] == []


def test_a_line_says_which_request_rule_bank_and_editor(app: Flask, log: Log) -> None:
    kept = app.extensions["quizapp"]
    mika = kept.accounts.add("mika", "viewer", None)
    client = app.test_client()
    client.set_cookie("quizapp-editor", kept.accounts.begin(mika, "test"))
    client.get(f"/quiz/{BANK}")
    client.get(f"/edit/{BANK}")
    client.get("/quiz/unknown-bank")
    asked = [line for line in lines(log) if line["logger"] == "quizapp.web" and "rule" in line]
    quiz, edit, unknown = asked[-3:]
    assert (quiz["rule"], quiz["status"], quiz["bank"], quiz["level"]) == ("/quiz/<bank>", 200, BANK, "info")
    assert "editor" not in quiz
    assert isinstance(quiz["ms"], float) and quiz["ms"] >= 0
    assert (edit["editor"], edit["bank"]) == (mika.id, BANK)
    assert unknown["status"] == 404 and "bank" not in unknown


@pytest.mark.parametrize(
    ("hops", "given", "taken"),
    [
        (1, GIVEN_ID, True),
        (0, GIVEN_ID, False),
        (1, "short", False),
        (1, "with spaces in it", False),
        (1, "x" * 65, False),
    ],
)
def test_an_id_is_taken_over_from_a_proxy_that_is_set_and_from_nobody_else(
    start_desk: StartDesk, log: Log, hops: int, given: str, taken: bool
) -> None:
    client = start_desk(proxy_hops=hops).test_client()
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) == taken
    assert lines(log)[-1]["request"] == answer.headers["X-Request-ID"]


def test_what_kept_the_store_from_answering_is_in_the_line(app: Flask, log: Log) -> None:
    app.extensions["quizapp"].store.close()
    assert app.test_client().get("/r/abcdef").status_code == 503
    assert lines(log)[-1]["store"] == "refused"


def test_an_error_is_a_line_with_its_place_and_without_its_words(log: Log) -> None:
    try:
        raise ValueError("the answer was 25")
    except ValueError:
        logging.getLogger("quizapp.anything").exception("it %s", "failed")
    (line,) = lines(log)
    assert (line["says"], line["error"], line["level"]) == ("it failed", "ValueError", "error")
    assert "test_log_lines" in str(line["trace"])
    assert "25" not in json.dumps(line["error"]) and "the answer was" not in log.getvalue().replace(
        'raise ValueError(\\"the answer was 25\\")', ""
    )
