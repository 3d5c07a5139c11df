"""The API says what the command line says, keeps nothing, and tells every problem."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from quizapp.engine.answers import read_answers
from quizapp.engine.explain import explain
from quizapp.engine.recommend import recommend
from quizapp.web.api import desk
from tests.web.conftest import BEGINNER, CASES, Start
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
        ({"data": "[" * 60_000, "content_type": "application/json"}, 400),
        ({"data": b'{"answers": "\xff"}', "content_type": "application/json"}, 400),
        ({"data": '{"answers": {}, "answers": {}}', "content_type": "application/json"}, 422),
        ({"data": '{"answers": {"age": 1, "age": 2}}', "content_type": "application/json"}, 422),
        ({"json": {"answers": {}, "on": "20261122"}}, 422),
        ({"json": {"answers": {}, "on": "2026-W47-7"}}, 422),
        ({"json": {"answers": {}, "on": "2026-02-30"}}, 422),
        ({"json": {"answers": {}, "on": 20261122}}, 422),
        ({"json": {"answers": {"age": "x" * 70_000}}}, 413),
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


def test_what_is_no_json_is_told_in_words_for_programs(app: Flask) -> None:
    sent = app.test_client().post(ADDRESS, data="{", content_type="application/json")
    told = sent.get_json()["problems"][0]
    assert "JSON" in told["fix"]
    assert "cookies" not in told["fix"]


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {f"unknown_{n}": 1 for n in range(3_000)}},
        {f"unknown_{n}": 1 for n in range(3_000)},
        {"answers": {"x" * 60_000: 1}},
        {"answers": {"age": ["y" * 60_000]}},
        {"on": "z" * 60_000},
    ],
    ids=["answers", "keys", "long key", "long value", "long day"],
)
def test_what_is_wrong_is_told_in_few_words(app: Flask, body: dict) -> None:
    sent = app.test_client().post(ADDRESS, json=body)
    assert sent.status_code == 422
    assert len(sent.data) < 20_000


def test_a_large_body_of_unknown_length_is_refused(app: Flask) -> None:
    sent = app.test_client().post(
        ADDRESS,
        input_stream=BytesIO(b" " * 70_000),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert sent.status_code == 413


def test_only_so_many_are_worked_out_at_once_and_repeats_are_not(start: Start) -> None:
    app = start(threads=3)
    client = app.test_client()
    first = client.post(ADDRESS, json={"answers": BEGINNER})
    assert desk(app).turns.acquire(blocking=False)
    assert not desk(app).turns.acquire(blocking=False)
    assert client.post(ADDRESS, json={"answers": BEGINNER}).data == first.data
    busy = client.post(ADDRESS, json={"answers": {}})
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0
    desk(app).turns.release()
    assert client.post(ADDRESS, json={"answers": {}}).status_code == 200


def test_an_address_may_ask_sixty_times_a_minute(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    app = start()
    # A turn comes back each second, so that on a slow machine there would be more than sixty.
    [allowance] = desk(app).calls.limits
    monkeypatch.setattr(allowance, "_clock", lambda: 0.0)
    client = app.test_client()
    sent = [client.post(ADDRESS, json={"answer": {}}) for _ in range(61)]
    assert {one.status_code for one in sent[:60]} == {422}
    assert sent[60].status_code == 429
    assert int(sent[60].headers["Retry-After"]) > 0
    elsewhere = client.post(ADDRESS, json={"answer": {}}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 422
