"""Figures for Prometheus: closed by default, bounded, and without a word of anybody's answers."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.errors import Invalid, Unavailable
from quizapp.web.allowance import Allowance
from tests.web.conftest import BEGINNER, Start
from tests.web.visitor import Visitor

TOKEN = "a token of metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
BANK = "personal_trainer"


@pytest.fixture
def app(start: Start) -> Flask:
    return start(metrics="token", metrics_token=TOKEN)


def page(app: Flask) -> str:
    answer = app.test_client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return answer.get_data(as_text=True)


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page(app))
        for sample in family.samples
    }


def test_it_is_closed_by_default_and_looks_like_no_address_at_all(start: Start) -> None:
    client = start().test_client()
    closed, nowhere = (client.get(path, headers=BEARER) for path in ("/metrics", "/metrica"))
    assert closed.status_code == nowhere.status_code == 404
    assert closed.get_data(as_text=True).replace("/metrics", "") == nowhere.get_data(as_text=True).replace(
        "/metrica", ""
    )


@pytest.mark.parametrize(
    "sent", [{}, {"Authorization": TOKEN}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer 鍵"}]
)
def test_without_its_token_it_tells_nothing(app: Flask, sent: dict[str, str]) -> None:
    sent = {name: value.encode().decode("latin-1") for name, value in sent.items()}
    answer = app.test_client().get("/metrics", headers=sent)
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_is_asked_for_and_not_set_lets_nothing_start(settings: Settings) -> None:
    with pytest.raises(Invalid, match="QUIZAPP_METRICS_TOKEN"):
        create_app(replace(settings, metrics="token"))


@pytest.mark.parametrize(
    ("address", "host", "sent", "status"),
    [
        ("127.0.0.1", "localhost:8000", {}, 200),
        ("::1", "[::1]:8000", {}, 200),
        ("192.0.2.7", "localhost:8000", {}, 404),
        # Through a proxy on this machine that nobody has told us of.
        ("127.0.0.1", "shirube.example", {}, 404),
        ("127.0.0.1", "localhost", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", "localhost", {"Via": "1.1 proxy"}, 404),
        # A page elsewhere whose name was made to mean this machine.
        ("127.0.0.1", "evil.example:8000", {}, 404),
    ],
)
@pytest.mark.parametrize("hops", [0, 1])
def test_local_is_a_program_on_this_machine_and_nobody_else(
    start: Start, address: str, host: str, sent: dict[str, str], status: int, hops: int
) -> None:
    client = start(metrics="local", proxy_hops=hops).test_client()
    answer = client.get("/metrics", headers={"Host": host, **sent}, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_a_whole_journey_is_counted_step_by_step(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    token = visitor.finish(BANK, BEGINNER)
    visitor.get(f"/r/{token}")
    found = figures(app)
    screens = found["quizapp_quiz_steps_total", BANK, "answered"]
    assert screens > 5
    assert [found["quizapp_quiz_steps_total", BANK, step] for step in ("begun", "checked", "saved")] == [
        1,
        1,
        1,
    ]
    assert found["quizapp_results_saved_total", BANK] == 1
    assert found["quizapp_request_seconds_count", "/quiz/<bank>/<screen>", "3xx"] == screens
    assert 0 < found["quizapp_request_seconds_sum", "/quiz/<bank>/<screen>", "3xx"] < 60
    assert found["quizapp_live_publication", BANK] >= 1
    assert [name for name in found if name[0] == "quizapp_build_info"]
    assert found["process_open_fds",] > 0


def test_what_visitors_send_is_never_a_label(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    token = visitor.finish(BANK, BEGINNER)
    before = len(figures(app))
    for path in (
        f"/r/{token}",
        "/r/abcdef",
        "/quiz/secret-words",
        f"/quiz/{BANK}/secret-words",
        "/secret-words",
    ):
        visitor.client.get(path)
    text = page(app)
    for secret in (token, "secret-words", "abcdef", "kagawa", "gym_job"):
        assert secret not in text
    # 404 on four rules, each a histogram of its own.
    one = len(re.findall(r'quizapp_request_seconds\w+\{[^}]*rule="/quiz/<bank>"[^}]*4xx', text))
    assert len(figures(app)) - before <= 6 * one
    held = len(figures(app))
    for number in range(50):
        visitor.client.get(f"/quiz/secret-{number}")
        visitor.client.open("/", method=f"VERB{number}")
    assert len(figures(app)) <= held + 2 * one


def test_what_the_store_failed_and_who_came_too_often_is_counted(app: Flask) -> None:
    kept = app.extensions["quizapp"]
    visitor = Visitor(app.test_client()).take(BANK, BEGINNER)
    app.extensions["quizapp"] = replace(kept, saves=Allowance(1, 3_600.0))
    for _ in range(2):
        visitor.client.post(
            f"/quiz/{BANK}/result", data={"csrf_token": visitor.tokens()["result"]}, follow_redirects=False
        )
    kept.store.close()
    kept.results.forget()
    assert visitor.client.get("/r/abcdef").status_code == 503
    found = figures(app)
    assert found["quizapp_rate_limited_total", "/quiz/<bank>/result"] == 1
    assert found["quizapp_store_errors_total", "refused"] == 1


def test_a_kind_of_store_error_is_the_librarys_own_name_for_it(app: Flask) -> None:
    from quizapp.web.journal import tell_unavailable

    def failing() -> None:
        try:
            sqlite3.connect("/nowhere/at/all")
        except sqlite3.Error as error:
            raise Unavailable("no") from error

    @app.get("/failing")
    def view() -> str:
        failing()
        return ""

    assert tell_unavailable
    assert app.test_client().get("/failing").status_code == 503
    assert figures(app)["quizapp_store_errors_total", "SQLITE_CANTOPEN"] == 1


def test_counting_costs_less_than_three_in_a_hundred_of_the_cheapest_page(app: Flask) -> None:
    measured = app.extensions["quizapp_metrics"]
    client = app.test_client()
    environ = client.get("/about").request.environ

    def quickest(work: Callable[[], Any], times: int) -> float:
        """Seconds of CPU for one, where nothing got in the way."""
        found = []
        for _ in range(20):
            begun = time.thread_time()
            for _ in range(times):
                work()
            found.append((time.thread_time() - begun) / times)
        return min(found)

    page = quickest(lambda: b"".join(app.wsgi_app(dict(environ), lambda *_: None)), 10)
    with app.test_request_context("/about"):
        response = app.response_class("")
        counting = quickest(lambda: measured.count(response), 100)
    assert counting < 0.03 * page
