"""One browser is one owner however much it sends at once; no cookie and no failure is beyond an answer."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.web import failures, replies
from tests.web.conftest import BEGINNER
from tests.web.visitor import Visitor

BANK = "personal_trainer"
TIMES = 10
WORDS = "the answer was 25"


def saved_at_once(app: Flask, client: FlaskClient, token: str) -> set[str]:
    """Where ten simultaneous requests to save lead, all sent with the cookie that the browser has now."""
    cookie = client.get_cookie("quizapp")
    assert cookie is not None

    def save(_: int) -> str:
        browser = app.test_client()
        browser.set_cookie("quizapp", cookie.value)
        response = browser.post(f"/quiz/{BANK}/result", data={"csrf_token": token})
        assert response.status_code == 303
        return response.headers["Location"]

    with ThreadPoolExecutor(TIMES) as pool:
        return set(pool.map(save, range(TIMES)))


def with_cookie(app: Flask, held: Any) -> FlaskClient:
    """A browser whose cookie holds that, rightly signed."""
    signer = app.session_interface.get_signing_serializer(app)
    client = app.test_client()
    client.set_cookie("quizapp", str(signer.dumps(held)))
    return client


def test_shared_answers_saved_many_times_at_once_make_one_result(
    app: Flask, visitor: Visitor, another: Visitor
) -> None:
    shared = visitor.finish(BANK, BEGINNER)
    another.get(f"/r/{shared}").post(f"/r/{shared}/answers", "start-from")
    made = saved_at_once(app, another.client, another.tokens()["result"])
    assert len(made) == 1
    assert made != {f"/r/{shared}"}


def test_a_browser_that_never_began_makes_one_result_too_and_owns_it(app: Flask, another: Visitor) -> None:
    another.get("/")
    token = another.tokens()["language"]
    (made,) = saved_at_once(app, another.client, token)
    again = another.client.post(f"/quiz/{BANK}/result", data={"csrf_token": token})
    assert again.headers["Location"] == made
    assert another.get(f"{made}/delete").status == 200


def test_two_browsers_that_never_began_have_a_result_each(visitor: Visitor, another: Visitor) -> None:
    made = set()
    for somebody in (visitor, another):
        token = somebody.get("/").tokens()["language"]
        made.add(somebody.client.post(f"/quiz/{BANK}/result", data={"csrf_token": token}).headers["Location"])
    assert len(made) == 2


@pytest.mark.parametrize(
    "held",
    [
        [],
        3,
        "text",
        None,
        [["answers", 1]],
        {"answers": 3},
        {"answers": {"age": {"a": []}, "goal": [[1]], "budget": 1.5}},
        {"open": {BANK: 3}},
        {"open": {BANK: [["age"]]}},
        {"open": []},
        {"trail": {BANK: [{}, "age"]}},
        {"trail": "age"},
        {"pinned": {BANK: ["x"]}},
        {"pinned": {BANK: "\ud800"}},
        {"pinned": 1},
        {"owner": []},
        {"owner": "\ud800"},
        {"language": ["ja"]},
        {"csrf_token": [1]},
        {"csrf_token": {}},
        {"_permanent": {}},
    ],
    ids=repr,
)
def test_a_signed_cookie_of_another_shape_is_read_as_far_as_it_fits(
    app: Flask, visitor: Visitor, held: Any
) -> None:
    token = visitor.finish(BANK, BEGINNER)
    browser = Visitor(with_cookie(app, held))
    for path in ("/", f"/quiz/{BANK}", f"/quiz/{BANK}/check", f"/quiz/{BANK}/age", f"/r/{token}"):
        assert browser.get(path).status == 200, path
    browser.get(f"/quiz/{BANK}/check").post(f"/quiz/{BANK}/result", "result")
    assert browser.path.startswith("/r/")


def test_what_fits_in_such_a_cookie_is_kept(app: Flask) -> None:
    browser = Visitor(with_cookie(app, {"language": "en", "answers": {"age": 25, "goal": {}}, "open": 3}))
    assert "25" in browser.get(f"/quiz/{BANK}/check").words
    assert '<html lang="en">' in browser.page


def test_a_bank_pinned_to_the_revision_of_another_is_asked_as_it_is_live(app: Flask) -> None:
    library = app.extensions["quizapp"].library
    other = next(bank for bank in library.published() if bank.slug != BANK)
    browser = Visitor(with_cookie(app, {"pinned": {BANK: other.revision}}))
    assert browser.get(f"/quiz/{BANK}").words == Visitor(app.test_client()).get(f"/quiz/{BANK}").words


def test_where_no_page_can_be_made_it_still_answers_and_logs_no_token(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token = visitor.finish(BANK, BEGINNER)
    caplog.set_level(logging.DEBUG)

    def fail(*_: object) -> None:
        raise RuntimeError(WORDS)

    monkeypatch.setattr(app.extensions["quizapp"].store, "result", fail)
    monkeypatch.setattr(failures, "_answer", fail)
    app.extensions["quizapp"].forget_result()
    response = app.test_client().get(f"/r/{token}")
    assert_last_words(response)
    assert "/r/<token>" in caplog.text
    assert token not in caplog.text
    assert WORDS not in caplog.text


@pytest.mark.parametrize("part", ["request_context", "full_dispatch_request"])
def test_what_fails_before_a_page_is_chosen_is_answered_and_logged_likewise(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(WORDS)

    client = app.test_client()
    monkeypatch.setattr(app, part, fail)
    monkeypatch.setattr(failures, "_answer", fail)
    assert_last_words(client.get("/r/secrettoken"))
    assert "RuntimeError" in caplog.text
    assert "secrettoken" not in caplog.text
    assert WORDS not in caplog.text


def test_what_fails_while_the_response_is_finished_is_logged_without_its_words(
    start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = start()

    def fail(*_: object) -> None:
        raise RuntimeError(WORDS)

    monkeypatch.setattr(app, "process_response", fail)
    assert app.test_client().get("/r/secrettoken").status_code == 500
    assert "RuntimeError" in caplog.text
    assert "secrettoken" not in caplog.text
    assert WORDS not in caplog.text


def assert_last_words(response: Any) -> None:
    assert response.status_code == 500
    assert "もう一度お試しください" in response.get_data(as_text=True)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_of_a_long_list_of_languages_only_the_beginning_counts(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    preferred = replies._preferred

    def noted(accepted: str, default: str) -> str:
        asked.append(accepted)
        return preferred(accepted, default)

    monkeypatch.setattr(replies, "_preferred", noted)
    page = app.test_client().get("/", headers={"Accept-Language": "en," + "x" * 10_000})
    assert '<html lang="en">' in page.get_data(as_text=True)
    assert [len(accepted) for accepted in asked] == [200]
