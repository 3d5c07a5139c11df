"""However long the results of previews take, takers wait for none of them, and few threads are held."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest
from flask import Flask

from quizapp.web.edit.previewed import RETRY_SECONDS, Hall
from quizapp.web.edit.turns import Busy, Turns
from tests.web.edit import test_preview
from tests.web.edit.conftest import BANK
from tests.web.edit.test_preview import DAY, PRESSED, root_of
from tests.web.visitor import Visitor

HALL = "quizapp_preview"
draft, reader = test_preview.draft, test_preview.reader


def held(turns: Turns, until: Event) -> Thread:
    """A thread that has its turn until it is told otherwise."""
    begun = Event()

    def work() -> None:
        with turns.turn():
            begun.set()
            until.wait(20)

    thread = Thread(target=work)
    thread.start()
    assert begun.wait(5)
    return thread


def test_one_works_one_waits_and_the_others_are_told_at_once() -> None:
    turns, until = Turns(1, 10), Event()
    working = held(turns, until)
    waited: list[str] = []

    def wait() -> None:
        with turns.turn():
            waited.append("had its turn")

    waiting = Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(Busy), turns.turn():
            raise AssertionError("three at once")
    assert time.monotonic() - began < 1
    assert waited == []
    until.set()
    working.join()
    waiting.join()
    assert waited == ["had its turn"]


def test_who_waits_in_vain_is_told_so_and_gives_up_the_place() -> None:
    turns, until = Turns(1, 0.05), Event()
    working = held(turns, until)
    for _ in range(2):
        with pytest.raises(Busy), turns.turn():
            raise AssertionError("two at once")
    until.set()
    working.join()
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn():
        pass


def test_while_a_preview_is_worked_out_others_are_told_to_come_again_and_takers_are_served(
    app: Flask, draft, reader
) -> None:
    reader.finish(BANK, PRESSED)
    taken = reader.path
    app.extensions["quizapp"].forget_result()
    root = root_of(app, draft())
    app.extensions[HALL] = Hall(turns=Turns(1, 0.05))
    until = Event()
    working = held(app.extensions[HALL].turns, until)
    try:
        busy = app.test_client().get(f"{root}/result", headers={"Accept-Language": "en"})
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, str(RETRY_SECONDS))
        assert busy.headers["X-Robots-Tag"] == "noindex, nofollow"
        page = busy.get_data(as_text=True)
        assert "Other previews are being worked out just now." in page
        assert f'href="{root}/result"' in page
        assert Visitor(app.test_client()).get(taken).status == 200
    finally:
        until.set()
        working.join()
    assert app.test_client().get(f"{root}/result").status_code == 200


def test_a_preview_waits_for_no_taker_and_what_is_made_already_for_nobody(app: Flask, draft) -> None:
    root = root_of(app, draft())
    services = app.extensions["quizapp"]
    before = len(services.pages._kept)
    until = Event()
    services.explanations.foresee("something long", lambda: until.wait(20))
    try:
        assert app.test_client().get(f"{root}/result").status_code == 200
    finally:
        until.set()
    assert len(services.pages._kept) == before
    app.extensions[HALL] = Hall(app.extensions[HALL].cookie, turns=Turns(0, 0.05))
    until.clear()
    working = held(app.extensions[HALL].turns, until)
    again = app.test_client().get(f"{root}/result").status_code
    other = app.test_client().get(f"{root.replace(DAY, '2027-01-01')}/result").status_code
    until.set()
    working.join()
    assert (again, other) == (200, 503)
