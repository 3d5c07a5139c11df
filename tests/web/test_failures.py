"""Every error as a page in the reader's language, and as one JSON shape under /api."""

from __future__ import annotations

import pytest
from flask import Flask, abort

from quizapp.errors import Conflict, Invalid, NotFound, Problem, Unavailable, Where
from tests.web.visitor import Visitor

STATUSES = (400, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)


@pytest.fixture
def failing(start) -> Flask:
    """An application with addresses that fail in every way."""
    app = start()
    raised = {
        "not_found": NotFound("x"),
        "conflict": Conflict("x"),
        "unavailable": Unavailable("x"),
        "invalid": Invalid([Problem(Where("answers"), "code", "what", "why", "fix")]),
        "bug": RuntimeError("the answer was 25"),
    }

    def fail(how: str) -> str:
        if how in raised:
            raise raised[how]
        abort(int(how))

    app.add_url_rule("/fail/<how>", view_func=fail)
    app.add_url_rule("/api/fail/<how>", endpoint="api_fail", view_func=fail)
    return app


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_status_has_a_page_of_its_own_that_says_what_to_do(
    failing: Flask, status: int, language: str
) -> None:
    visitor = Visitor(failing.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    visitor.get(f"/fail/{status}")
    assert visitor.status == status
    assert f'<html lang="{language}">' in visitor.page
    assert len(visitor.words) > 40


@pytest.mark.parametrize(
    ("how", "status"),
    [("not_found", 404), ("conflict", 409), ("unavailable", 503), ("invalid", 400), ("bug", 500)],
)
def test_our_own_errors_have_their_status(failing: Flask, how: str, status: int) -> None:
    assert Visitor(failing.test_client()).get(f"/fail/{how}").status == status


@pytest.mark.parametrize("how", ["404", "unavailable", "invalid", "bug"])
def test_under_api_every_error_is_a_list_of_problems(failing: Flask, how: str) -> None:
    body = failing.test_client().get(f"/api/fail/{how}").get_json()
    assert {"what", "why", "fix", "code"} <= body["problems"][0].keys()


def test_a_store_that_cannot_answer_says_when_to_come_back(failing: Flask) -> None:
    response = failing.test_client().get("/fail/unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_a_bug_is_logged_by_its_place_and_kind_without_its_words(failing: Flask, caplog) -> None:
    failing.test_client().get("/fail/bug")
    assert "RuntimeError" in caplog.text
    assert "the answer was 25" not in caplog.text


def test_a_wrong_method_says_which_are_allowed(app: Flask) -> None:
    response = app.test_client().get("/language")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
