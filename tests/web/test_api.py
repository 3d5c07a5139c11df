"""The API says what the command line says, keeps nothing, and tells every problem."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.engine.answers import read_answers
from quizapp.engine.explain import explain
from quizapp.engine.recommend import recommend
from tests.web.conftest import BEGINNER, CASES
from tests.web.visitor import Visitor

BANK = "personal_trainer"
ADDRESS = f"/api/v1/banks/{BANK}/recommend"


def test_the_banks_are_listed(app: Flask) -> None:
    banks = app.test_client().get("/api/v1/banks").get_json()["banks"]
    assert {bank["bank"] for bank in banks} == {bank for bank, _, _ in CASES}


def test_a_banks_questions_are_listed_with_their_options(app: Flask) -> None:
    questions = app.test_client().get(f"/api/v1/banks/{BANK}").get_json()["questions"]
    age = next(question for question in questions if question["id"] == "age")
    assert age["grid"]["from"] == 15


def test_recommending_gives_what_the_engine_gives(app: Flask) -> None:
    from datetime import date

    compiled = app.extensions["quizapp"].library.live(BANK)
    answers, on = read_answers(compiled, BEGINNER), date(2026, 11, 22)
    outcome = recommend(compiled, answers, on)
    expected = {**outcome.to_json(), **explain(compiled, answers, on, outcome).to_json()}
    body = {"answers": BEGINNER, "on": "2026-11-22"}
    assert app.test_client().post(ADDRESS, json=body).get_json() == expected


def test_it_needs_no_cookie_and_sets_none(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().post(ADDRESS, json={"answers": {}}).headers


def test_every_bad_answer_is_told_at_once(app: Flask) -> None:
    response = app.test_client().post(
        ADDRESS, json={"answers": {"age": 5, "shooling": "x", "trainer_goal": "fly"}}
    )
    assert response.status_code == 422
    assert len(response.get_json()["problems"]) == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"answers": {}, "on": "tomorrow"}}, 422),
        ({"json": {"answer": {}}}, 422),
        ({"json": []}, 422),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "answers=1"}, 415),
    ],
)
def test_a_body_that_cannot_be_read_is_told_so(app: Flask, sent: dict, status: int) -> None:
    response = app.test_client().post(ADDRESS, **sent)
    assert response.status_code == status
    assert response.get_json()["problems"]


def test_an_unknown_bank_and_an_unknown_result_are_not_found(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/api/v1/banks/none").status_code == 404
    assert client.get("/api/v1/results/" + "x" * 24).status_code == 404


def test_a_kept_result_can_be_read(visitor: Visitor) -> None:
    token = visitor.finish(BANK, BEGINNER)
    body = visitor.client.get(f"/api/v1/results/{token}").get_json()
    assert body["recommendations"][0]["item"] == "nesta_pft"
    assert body["answers"]["age"] == 25


def test_it_is_alive(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json()["status"] == "ok"
