"""What stands between a draft and publishing, and what it would change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quizapp.bank.load import parse_bank
from quizapp.editing import review as reviewing
from quizapp.editing.ageing import ageing
from quizapp.editing.case_review import changed_cases, failing_cases
from quizapp.editing.problem_places import path_at
from quizapp.editing.proposal import Texts, data_of, published
from quizapp.editing.review import (
    differences_between,
    differences_of,
    impact_of,
    is_behind,
    problems_of,
    review,
)
from tests.editing.desk import CASES, ON, Desk, bank

FIRST = CASES.format(first="first")


def whole(desk: Desk, text: str, cases: str | None = None):
    return review(desk.store, desk.draft(text, cases), ON)


def test_a_sound_draft_may_be_published(desk: Desk) -> None:
    found = whole(desk, bank(yen=1500))
    assert found.may_publish
    assert (found.problems, found.failing, found.changed_cases, found.behind) == ((), (), (), False)
    (only,) = found.differences.bank
    assert only.address == ("items", "first", "routes", "direct", "costs", "exam", "yen")
    assert (only.kind, only.before, only.after) == ("changed", 1000, 1500)
    assert found.impact is not None and found.impact.share("cost").value > 0.5


def test_nothing_changed_cannot_be_published(desk: Desk) -> None:
    found = whole(desk, bank())
    assert found.differences.same and not found.may_publish


def test_a_problem_names_the_part_that_it_is_about(desk: Desk) -> None:
    text = bank().replace("age >= 18", "agee >= 18").replace("{job: 20, fun: 80}", "{job: 20}")
    found = whole(desk, text, CASES.format(first="nobody"))
    told = {one.problem.code: (one.sheet, one.address) for one in found.problems if one.blocks}
    assert told["unknown_name"] == ("bank", ("items", "first", "requires", "adult", "if"))
    assert told["unknown_item"] == ("cases", ("cases", "adult_for_a_job", "expect", "first"))
    assert ("bank", ("items", "second", "fit", "goal")) in told.values()
    assert found.blocking and not found.may_publish
    assert found.failing == () and found.impact is None


def test_a_missing_translation_names_its_text(desk: Desk) -> None:
    text = bank().replace("name: {ja: 二つ目, en: The second}", "name: {ja: 二つ目}")
    (only,) = problems_of(desk.draft(text), ON)
    assert only.problem.code == "missing_text"
    assert only.address and only.address[:3] == ("items", "second", "name")


def test_a_text_that_is_no_yaml_is_a_problem_without_a_part(desk: Desk) -> None:
    found = whole(desk, "bank: [")
    assert [one.address for one in found.blocking] == [None]
    assert not found.differences.readable and found.differences.bank == ()


@pytest.mark.parametrize("column", [1, 7, 200])
def test_every_place_of_a_text_belongs_to_a_part_or_to_none(column: int) -> None:
    positions = parse_bank(bank(), "test").positions
    for line in range(1, bank().count("\n") + 3):
        where = positions.at(())
        path = path_at(positions, type(where)(where.file, line, column))
        assert path is None or positions.node(path) is not None


def test_a_failing_case_says_whether_the_edit_broke_it(desk: Desk) -> None:
    broken = desk.draft(bank().replace("job: 90", "job: 5"))
    (case,) = failing_cases(desk.store, broken, ON)
    assert (case.id, case.label["ja"], case.failed_before) == ("adult_for_a_job", "大人", False)
    assert case.failures == ("first is second, expected first",)
    assert case.address == ("cases", "adult_for_a_job")
    wrong = desk.draft(bank(), CASES.format(first="second"))
    assert [case.failed_before for case in failing_cases(desk.store, wrong, ON)] == [True]


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        (FIRST, []),
        (CASES.format(first="second"), [("adult_for_a_job", "changed")]),
        (FIRST.replace("age: 30", "age: 31"), [("adult_for_a_job", "changed")]),
        (FIRST.replace("on: 2026-11-22", "on: 2026-11-23"), [("adult_for_a_job", "changed")]),
        (FIRST.replace("{first: first}", "{not_top: [second]}"), [("adult_for_a_job", "changed")]),
        (FIRST.replace("{first: first}", "{first: first, not_top: [second]}"), []),
        (FIRST.replace("大人", "おとな").replace("what the", "all that the"), []),
        (FIRST.replace("adult_for_a_job", "renamed"), [("adult_for_a_job", "removed")]),
        (FIRST + FIRST.replace("adult_for_a_job", "more").partition("\n")[2], []),
        ("cases: []\n", [("adult_for_a_job", "removed")]),
        ("", [("adult_for_a_job", "removed")]),
    ],
)
def test_what_a_case_demands_cannot_change_unseen(desk: Desk, cases: str, told: list) -> None:
    found = changed_cases(differences_of(desk.store, desk.draft(bank(), cases)).cases)
    assert [(case.id, case.how) for case in found] == told


def test_a_new_bank_has_no_impact(desk: Desk) -> None:
    draft = desk.workshop.begin("coach", desk.editor().id, bank("coach"), None)
    found = review(desk.store, draft, ON)
    assert found.may_publish and found.impact is None
    assert {difference.kind for difference in found.differences.bank} == {"added"}


def test_a_draft_is_behind_once_somebody_has_published(desk: Desk) -> None:
    draft = desk.draft(bank(yen=1500))
    assert not is_behind(desk.store, draft)
    desk.write(bank(yen=1700))
    desk.library.look(wait_for_quiet=False)
    assert is_behind(desk.store, draft) and not review(desk.store, draft, ON).may_publish


def test_two_lines_of_the_history_are_compared(desk: Desk) -> None:
    desk.write(bank(yen=1700))
    desk.library.look(wait_for_quiet=False)
    after, before = (published(desk.store, line) for line in desk.store.history("trainer"))
    (only,) = differences_between(before, after).bank
    assert (only.before, only.after) == (1000, 1700)


def test_the_impact_is_worked_out_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, seen = desk.draft(bank(yen=1234)), []
    first = impact_of(desk.store, draft, ON, seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 2
    monkeypatch.setattr(reviewing, "impact", lambda *given: pytest.fail("counted again"))
    assert impact_of(desk.store, draft, ON) is first


def test_what_goes_out_of_date_is_told_the_most_pressing_first() -> None:
    text = bank().replace("yen: 2000, source: article", "yen: 2000, source: article, until: 2026-12-31")
    text = text.replace("yen: 1000, source: article", "yen: 1000, source: article, checked: 2025-01-01")
    loaded = parse_bank(text, "test")
    work = Texts("trainer", None, text, None)
    told = ageing(loaded.bank, data_of(work, "bank"), ON)
    assert [(one.kind, one.address[1], one.since) for one in told] == [
        ("ends", "second", date(2026, 12, 31)),
        ("unchecked", "first", date(2025, 1, 1)),
    ]
    later = ageing(loaded.bank, data_of(work, "bank"), ON + timedelta(days=400))
    assert [(one.kind, one.parts) for one in later] == [("unchecked", 1), ("source", 2)]
