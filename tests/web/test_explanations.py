"""Explanations are worked out one at a time, once, and ahead only while there is time for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from quizapp.engine.answers import known_answers
from quizapp.web import outcomes
from quizapp.web.explanations import Explanations
from tests.web.conftest import BEGINNER


class Work:
    """Something to work out that tells how often it was, and how many were at it at once."""

    def __init__(self):
        self.done = []
        self.at_once = self.most_at_once = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def named(self, name):
        def make():
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.may_go_on.wait(10)
            self.at_once -= 1
            self.done.append(name)
            return name

        return make


@pytest.fixture
def work():
    return Work()


def test_it_works_out_one_at_a_time_and_each_once(work):
    kept = Explanations(50, 4)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: kept.get(k % 5, work.named(k % 5)), range(40)))
    assert found == [k % 5 for k in range(40)]
    assert sorted(work.done) == [0, 1, 2, 3, 4] and work.most_at_once == 1


def test_what_was_begun_ahead_is_not_worked_out_again(work):
    kept = Explanations(50, 4)
    kept.foresee("a", work.named("ahead"))
    assert kept.get("a", work.named("late")) == "ahead"
    assert work.done == ["ahead"]


def test_nothing_is_begun_ahead_while_enough_wait(work):
    kept = Explanations(50, 2)
    work.may_go_on.clear()
    for name in "abcd":
        kept.foresee(name, work.named(name))
    work.may_go_on.set()
    assert kept.get("e", work.named("e")) == "e"
    assert work.done == ["a", "b", "e"]
    kept.foresee("c", work.named("c"))
    assert kept.get("c", work.named("too late")) == "c"


def test_a_failure_is_told_and_not_kept(work):
    kept = Explanations(50, 1)

    def fail():
        raise ValueError("out of luck")

    with pytest.raises(ValueError, match="out of luck"):
        kept.get("a", fail)
    assert kept.get("a", work.named("a")) == "a"
    kept.foresee("b", work.named("b"))
    assert kept.get("b", work.named("late")) == "b"


def test_it_keeps_no_more_than_there_is_room_for(work):
    kept = Explanations(2, 4)
    for name in "abca":
        kept.get(name, work.named(name))
    assert work.done == ["a", "b", "c", "a"]


BANK = "personal_trainer"


@pytest.fixture
def explained(app, monkeypatch):
    """How often the application has explained something, from here on."""
    done = []
    explain = outcomes.explain
    monkeypatch.setattr(outcomes, "explain", lambda *asked: done.append(asked) or explain(*asked))
    app.extensions["quizapp"] = replace(app.extensions["quizapp"], explanations=Explanations(50, 4))
    return done


def test_a_result_is_explained_once_the_answers_are_checked_and_not_again(app, visitor, another, explained):
    visitor.take(BANK, BEGINNER)
    [begun] = app.extensions["quizapp"].explanations._kept.values()
    begun.result(30)
    assert len(explained) == 1
    visitor.post(f"/quiz/{BANK}/result", "result")
    assert visitor.path.startswith("/r/")
    another.get(visitor.path)
    assert ("削除" in visitor.words, "削除" in another.words) == (True, False)
    assert len(explained) == 1


def test_nothing_is_explained_ahead_while_answers_are_missing(app, visitor, explained):
    visitor.begin(BANK).answer(BEGINNER).get(f"/quiz/{BANK}/check")
    assert visitor.status == 200
    assert not app.extensions["quizapp"].explanations._kept


def test_a_result_that_another_version_made_is_explained_as_it_was_made(app, visitor, explained):
    token = visitor.finish(BANK, BEGINNER)
    found = app.extensions["quizapp"].store.result(token)
    compiled = app.extensions["quizapp"].library.pinned(found.revision)
    said = outcomes.outcome_of(found, compiled)
    other = replace(said, recommendations=said.recommendations[::-1])
    answers = known_answers(compiled, found.answers)
    before = len(explained)
    with app.app_context():
        told = outcomes.explanation(compiled, answers, found.on, other)
        again = outcomes.explanation(compiled, answers, found.on, said)
    assert len(explained) == before + 1
    assert told.lead != again.lead
