"""A clock that is wrong by a day, the end of a year, and Japan's day: dates stay right, and nothing gets lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.errors import NotFound
from quizapp.store.addresses import open_store
from quizapp.store.records import Rate
from quizapp.web import services
from tests.store.conftest import Clock, result_draft, revision_draft
from tests.test_library import CASES, bank
from tests.web.visitor import Visitor

DAY = 86_400
ENDS = """\
    closing: {after: 2026-12-31, text: {ja: 年内で終わります。, en: It ends with the year.}, source: article}
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Callable[[], date]], Flask]]:
    """``start(today)``: an application in which the second item ends with the year."""
    started: list[Flask] = []
    questions = tmp_path / "questions"
    questions.mkdir()
    (questions / "trainer.yaml").write_text(bank(more=ENDS), encoding="utf-8")
    (questions / "trainer.cases.yaml").write_text(CASES.format(first="first"), encoding="utf-8")

    def begin(today: Callable[[], date]) -> Flask:
        app = create_app(Settings(instance=tmp_path / "instance", questions=questions, watch=0), today)
        started.append(app)
        return app

    yield begin
    for app in started:
        app.extensions["quizapp"].library.stop()
        app.extensions["quizapp"].store.close()


def offered(app: Flask) -> bool:
    """Whether the second item is among what is recommended today."""
    answer = app.test_client().post(
        "/api/v1/banks/trainer/recommend", json={"answers": {"age": 30, "goal": "fun"}}
    )
    return "second" in [one["item"] for one in answer.get_json()["recommendations"]]


def test_the_day_is_japans_also_at_the_end_of_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, day in ((14, date(2026, 12, 31)), (15, date(2027, 1, 1))):
        moment = datetime(2026, 12, 31, hour, 59, 59, tzinfo=UTC)

        class Standing(datetime):
            @classmethod
            def now(cls, tz=None, moment=moment):  # type: ignore[override]
                return moment.astimezone(tz)

        monkeypatch.setattr(services, "datetime", Standing)
        assert services.today_in_japan() == day


def test_what_ends_with_the_year_is_offered_until_midnight_and_again_once_a_fast_clock_is_set_right(
    start: Callable[[Callable[[], date]], Flask],
) -> None:
    today = [date(2026, 12, 31)]
    app = start(lambda: today[0])
    seen = []
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31)):
        today[0] = day
        seen.append(offered(app))
    assert seen == [True, False, True]


def test_a_result_keeps_the_day_on_which_it_was_made(start: Callable[[Callable[[], date]], Flask]) -> None:
    today = [date(2026, 12, 31)]
    app = start(lambda: today[0])
    visitor = Visitor(app.test_client())
    token = visitor.finish("trainer", {"age": 30, "goal": "fun"})
    told = app.test_client().get(f"/api/v1/results/{token}").get_json()
    today[0] = date(2027, 1, 1)
    assert app.test_client().get(f"/api/v1/results/{token}").get_json() == told
    # The same answers on another day are another result.
    assert visitor.finish("trainer", {"age": 30, "goal": "fun"}) != token


@pytest.mark.parametrize("moved", [-DAY, -1, 1, DAY])
def test_a_quiz_goes_on_with_a_worker_whose_clock_is_another(
    moved: int, start: Callable[[Callable[[], date]], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(start(lambda: date(2026, 11, 22)).test_client())
    visitor.begin("trainer").answer({"age": 30})
    there = time.time
    monkeypatch.setattr(time, "time", lambda: there() + moved)
    visitor.take("trainer", {"age": 30, "goal": "job"}).post("/quiz/trainer/result", "result")
    token = visitor.path.removeprefix("/r/")
    monkeypatch.undo()
    assert visitor.get(f"/r/{token}/delete").status == 200, "its owner is known still"


def test_a_store_whose_clock_goes_back_a_day_keeps_everything_and_makes_nobody_wait(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(str(tmp_path / "kept.sqlite3"), clock)
    store.publish(revision_draft())
    clock.advance(days=1)
    token = store.save_result(result_draft(), "a key")
    while not store.take_turn(Rate("a door", 5, 60)):
        pass
    clock.advance(days=-1)
    assert store.save_result(result_draft(), "a key") == token
    assert store.take_turn(Rate("a door", 5, 60)) <= 60
    assert store.expire(clock()) == 0 and store.result(token)
    clock.advance(days=366)
    assert store.expire(clock()) == 1
    with pytest.raises(NotFound):
        store.result(token)
    assert store.history("trainer")[0].at - clock() < timedelta(0)
    store.close()
