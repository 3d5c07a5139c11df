"""The shipped banks as one whole: they share questions, lead to each other and stay short."""

from __future__ import annotations

from datetime import date

import pytest

from quizapp.bank.cases import cases_path, load_cases
from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank, Question
from quizapp.engine.answers import Answers, known_answers, shown_screens
from quizapp.engine.cases import run_cases
from quizapp.engine.cohort import random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.recommend import recommend
from tests.conftest import ROOT

MOST_SCREENS = {"personal_trainer": 12, "medical_office": 10, "msl": 10, "one_on_one": 10, "first_step": 10}
PATHS = sorted(path for path in (ROOT / "questions").glob("*.yaml") if not path.stem.endswith(".cases"))
SLUGS = [path.stem for path in PATHS]


@pytest.fixture(scope="module")
def compiled() -> dict[str, Compiled]:
    loaded = [load_bank(path) for path in PATHS]
    return {one.bank.bank: compile_bank(one.bank, one.revision) for one in loaded}


def test_it_ships_the_five_banks() -> None:
    assert sorted(MOST_SCREENS) == SLUGS


def _asked(question: Question) -> tuple[object, ...]:
    """What must not differ; a hint may fit its bank."""
    return question.kind, question.ask, question.label, question.options, question.grid


def test_it_asks_a_shared_question_the_same_way_everywhere(compiled: dict[str, Compiled]) -> None:
    met: dict[str, tuple[str, tuple[object, ...]]] = {}
    differing = []
    for slug, bank in compiled.items():
        for question in bank.bank.questions:
            first, asked = met.setdefault(question.id, (slug, _asked(question)))
            if asked != _asked(question):
                differing.append(f"{question.id}: {first} and {slug}")
    assert differing == []


def test_it_leads_only_to_banks_that_are_there(compiled: dict[str, Compiled]) -> None:
    leads = {item.leads_to for bank in compiled.values() for item in bank.bank.items if item.leads_to}
    assert leads == set(SLUGS) - {"first_step"}


@pytest.mark.parametrize("slug", SLUGS)
def test_it_has_a_dozen_cases_that_hold(slug: str, compiled: dict[str, Compiled]) -> None:
    cases = load_cases(cases_path(ROOT / "questions" / f"{slug}.yaml"))
    assert len(cases) >= 12
    assert [result for result in run_cases(compiled[slug], cases) if not result.passed] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_it_shows_no_taker_more_screens_than_promised(slug: str, compiled: dict[str, Compiled]) -> None:
    bank = compiled[slug]
    takers = random_takers(bank, 400, 5)
    for column in range(takers.shape[1]):
        answers = known_answers(bank, _raw(bank.bank, bank, takers[:, column].tolist()))
        assert len(shown_screens(bank, answers)) <= MOST_SCREENS[slug]


def _raw(bank: Bank, compiled: Compiled, indexes: list[int]) -> dict[str, object]:
    raw: dict[str, object] = {}
    for question in bank.questions:
        if question.kind == "choices":
            places = {option.id: compiled.places[f"{question.id}.{option.id}"] for option in question.options}
            raw[question.id] = [name for name, place in places.items() if indexes[place]]
        else:
            value = compiled.variables[compiled.places[question.id]].domain[
                indexes[compiled.places[question.id]]
            ]
            raw[question.id] = bool(value) if question.kind == "yes_no" else value
    return raw


@pytest.mark.parametrize("slug", SLUGS)
def test_it_hides_only_questions_that_cannot_matter(slug: str, compiled: dict[str, Compiled]) -> None:
    """Whatever a hidden question holds, the ranking is the same."""
    bank = compiled[slug]
    takers = random_takers(bank, 60, 6)
    for column in range(takers.shape[1]):
        indexes = takers[:, column].tolist()
        raw = _raw(bank.bank, bank, indexes)
        answers = known_answers(bank, raw)
        given = Answers(raw, tuple(indexes), frozenset(), ())
        if not answers.hidden:
            continue
        seen = recommend(bank, answers, date(2026, 11, 22))
        whatever = recommend(bank, given, date(2026, 11, 22))
        assert seen.to_json() | {"unanswered": []} == whatever.to_json() | {"unanswered": []}
