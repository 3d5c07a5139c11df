"""One result speaks of one first item: headline, ranked list, reasons, firmness and what the quiz promised.

The takers are drawn at random from every shipped bank, half of them with answers left open.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from quizapp.bank.load import load_bank
from quizapp.bank.model import Question
from quizapp.engine.answers import Answers, read_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.explain import Explained, explain
from quizapp.engine.outcome import Beyond, Recommended
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import settled_first
from quizapp.engine.single_change import Turn
from quizapp.engine.whatif import Change, Way, WhatIf
from quizapp.i18n import language
from quizapp.web.pages.changes import changes
from quizapp.web.pages.clauses import quoted
from quizapp.web.pages.firm import firm
from quizapp.web.pages.headline import first_of
from quizapp.web.pages.index import Index, index_of
from quizapp.web.pages.ranking import short
from quizapp.web.pages.result import ResultPage, result_page
from tests.web.conftest import QUESTIONS

ON = date(2026, 11, 22)
BANKS = sorted(path.stem for path in QUESTIONS.glob("*.yaml") if not path.stem.endswith(".cases"))
TAKERS = 30
ENGLISH = language("en")


@cache
def shipped(bank: str) -> tuple[Compiled, Index]:
    """A shipped bank, compiled, and where things are in it."""
    loaded = load_bank(QUESTIONS / f"{bank}.yaml")
    return compile_bank(loaded.bank, loaded.revision), index_of(loaded.bank)


def drawn(question: Question, chance: random.Random) -> Any:
    """An answer; little money and little time are drawn often, so that limits are met."""
    if question.kind == "yes_no":
        return chance.random() < 0.5
    if question.kind == "choices":
        return [option.id for option in question.options if chance.random() < 0.1]
    if question.grid is None:
        return chance.choice(question.options).id
    numbers = range(question.grid.from_, question.grid.to + 1, question.grid.step)
    return chance.choice([numbers[0], chance.choice(numbers[:40]), chance.choice(numbers)])


def takers(bank: str, count: int = TAKERS) -> Iterator[Answers]:
    """Takers of a bank, every other one with answers left open."""
    compiled, _ = shipped(bank)
    chance = random.Random(bank)
    for number in range(count):
        raw = {question.id: drawn(question, chance) for question in compiled.bank.questions}
        if number % 2:
            for id in chance.sample(list(raw), chance.randint(1, len(raw) // 2)):
                del raw[id]
        yield read_answers(compiled, raw)


def shown(bank: str, answers: Answers) -> tuple[Recommended, Explained, ResultPage]:
    """What the engine says of a taker, and the page made of it."""
    compiled, index = shipped(bank)
    outcome = recommend(compiled, answers, ON)
    told = explain(compiled, answers, ON, outcome)
    page = result_page(
        outcome,
        index,
        answers.raw,
        ENGLISH,
        token="",
        owned=True,
        titles={},
        hidden_answers=0,
        expires=ON,
        told=told,
    )
    return outcome, told, page


@cache
def crowd(bank: str) -> tuple[tuple[Answers, Recommended, Explained, ResultPage], ...]:
    """The random takers for whom something is ranked, with their pages."""
    pages = ((answers, *shown(bank, answers)) for answers in takers(bank))
    return tuple(one for one in pages if one[1].recommendations)


def page_for(bank: str, **raw: Any) -> ResultPage:
    """The page of the taker who gave these answers."""
    return shown(bank, read_answers(shipped(bank)[0], raw))[2]


@pytest.mark.parametrize("bank", BANKS)
def test_headline_list_reasons_firmness_and_the_quiz_speak_of_the_same_item(bank: str) -> None:
    compiled, index = shipped(bank)
    for answers, outcome, told, page in crowd(bank):
        lead = outcome.recommendations[0].item
        name, mark = short(index.items[lead], ENGLISH), quoted(lead, index, ENGLISH)
        first = first_of(outcome, told.settled)
        assert first is not None and first.item == lead, answers.raw
        assert page.headline.subject.startswith(name), answers.raw
        assert page.cards[0].id == lead
        assert settled_first(compiled, answers, ON) in (None, lead), answers.raw
        assert page.firm is not None
        if page.firm.because is not None:
            assert mark in page.firm.because.sentence, answers.raw
        if "stays first" in page.firm.sentence:
            assert mark in page.firm.sentence, answers.raw
        if page.firm.weighing:
            assert f"{mark} came first" in page.firm.weighing, answers.raw


@pytest.mark.parametrize("bank", BANKS)
def test_that_nothing_is_within_the_limits_is_said_first_where_it_is_so_and_only_there(bank: str) -> None:
    for answers, outcome, _, page in crowd(bank):
        said = page.headline.before.startswith("Nothing is")
        assert said == bool(outcome.recommendations[0].beyond), answers.raw


@pytest.mark.parametrize("bank", BANKS)
def test_where_no_certification_is_surely_within_the_limits_the_nearest_is_named(bank: str) -> None:
    for answers, outcome, _, page in crowd(bank):
        goals = [entry for entry in outcome.recommendations if entry.kind != "action"]
        named = "comes nearest" in page.headline.plain + page.headline.aside
        assert named == bool(goals and all(entry.beyond for entry in goals)), answers.raw


@pytest.mark.parametrize("bank", BANKS)
def test_that_something_stays_first_is_said_only_where_no_change_turns_it(bank: str) -> None:
    for answers, _, told, page in crowd(bank):
        if page.firm is not None and page.firm.sentence.startswith("Whichever one answer you can change"):
            assert told.firmness.survives_changes, answers.raw


def test_what_can_be_done_at_once_leads_and_the_nearest_certification_comes_second() -> None:
    page = page_for(
        "medical_office",
        age=53,
        medical_office_years=2,
        physician_assist_months=5,
        medical_goal="get_certified",
        wants_job_on_site=True,
        uneasy_with_pc=True,
        medical_held=["kiso_kentei", "jadp_iryojimu", "ijicom_noryoku"],
        medical_courses_done=["nintei_ishihisho"],
        budget=0,
        months=1,
        study_style="self_study",
        medical_matters="low_cost",
    )
    assert page.headline.plain == "First, Practise on your PC."
    assert page.headline.aside.endswith("“Certified Practitioner” comes nearest: ¥5,000 over your budget.")
    follows = next(key for key in page.headline.keys if key.label == "What may follow")
    assert follows.words == "Certified Practitioner"
    assert page.firm is not None and page.firm.because is not None
    assert "“Practise on your PC” comes first" in page.firm.because.sentence


def trainer(**given: Any) -> dict[str, Any]:
    """A trainer of 40 who holds nothing and has no money, but for what is ``given``."""
    return {
        "trainer_goal": "learn",
        "trainer_matters": "domestic",
        "age": 40,
        "residence_ok": True,
        "schooling": "university",
        "schooling_status": "graduated",
        "study_field": "sports",
        "kounin": False,
        "personal_trainer_years": 6,
        "club_coaching_years": 0,
        "fitness_company_years": 0,
        "exercise_instruction_years": 10,
        "trainer_certs": [],
        "trainer_courses": [],
        "trainer_cards": [],
        "budget": 0,
        "months": 24,
        "study_style": "self_study",
        "area": "tokushima",
        **given,
    }


def test_beyond_the_limits_what_comes_first_leads_and_what_is_nearest_is_told_beside_it() -> None:
    page = page_for("personal_trainer", **trainer())
    assert page.headline.plain == "Nothing is within your limits. Even so, JATI-ATI comes first."
    assert page.headline.second.startswith("It is at least ¥")
    assert page.headline.aside == "“NSCA-CPT” comes nearest: at least ¥46,000 over your budget."
    assert page.plan is not None and page.plan.name == "JATI-ATI"


def test_what_comes_first_and_nearest_at_once_is_told_once() -> None:
    page = page_for("personal_trainer", **trainer(trainer_certs=["jati_ati", "nesta_pft"]))
    assert page.headline.plain == "Nothing is within your limits. NSCA-CPT comes nearest."
    assert page.headline.aside == ""


def test_where_only_holding_the_last_item_ranks_nothing_no_more_is_said_than_is_true() -> None:
    answers = read_answers(shipped("personal_trainer")[0], trainer(trainer_certs=["nesta_pft", "nsca_cpt"]))
    _, told, page = shown("personal_trainer", answers)
    assert told.firmness.survives_changes is False and page.firm is not None
    assert page.firm.sentence == "Whichever one answer you may really change, “JATI-ATI” stays first."


def firm_with(turns: tuple[Turn, ...]) -> str:
    """What is said of the trainer without money if these were all that turns first place."""
    compiled, index = shipped("personal_trainer")
    answers = read_answers(compiled, trainer())
    outcome, told, _ = shown("personal_trainer", answers)
    firmness = replace(told.firmness, survives_changes=not turns, turns=turns)
    said = firm(replace(told, firmness=firmness), outcome, answers.raw, index, ENGLISH)
    assert said is not None and not said.turns
    return said.sentence


def test_a_change_that_brings_up_questions_is_told_as_one_that_may_turn_first_place() -> None:
    turn = Turn("schooling", "university", "high_school", "nsca_cpt", True, ("kounin",), certain=False)
    assert firm_with((turn,)).startswith("Another answer to “Schooling” would bring up more questions")
    assert firm_with(()) == "Whichever one answer you can change, “JATI-ATI” stays first."


def test_a_change_that_leaves_nothing_to_rank_puts_nothing_else_first() -> None:
    turn = Turn("trainer_goal", "learn", "gym_job", None, True)
    assert firm_with((turn,)) == "No one answer that you may really change puts anything else first."


def ladder(*ways: Way, first: tuple[Way, ...] = ()) -> str:
    """The one line that these ways make for the trainer without money."""
    compiled, index = shipped("personal_trainer")
    outcome, told, _ = shown("personal_trainer", read_answers(compiled, trainer()))
    told = replace(told, what_if=WhatIf(first=first, within=ways))
    (line,) = changes(told, outcome, index, ENGLISH, frozenset()).lines
    return line


def budget(item: str, yen: int, beyond: tuple[Beyond, ...] = ()) -> Way:
    """The way that raises the budget from nothing."""
    return Way(item, (Change("budget", 0, yen),), beyond)


def test_a_step_of_the_ladder_says_where_only_known_costs_fit() -> None:
    line = ladder(budget("nsca_cpt", 46_000), budget("nesta_pft", 72_500))
    assert line.endswith("¥46,000: “NSCA-CPT” (known costs only); ¥72,500: “NESTA-PFT”.")


def test_a_step_of_the_ladder_says_what_its_first_item_still_exceeds() -> None:
    over = (Beyond("months", 2),)
    line = ladder(budget("nsca_cpt", 46_000), first=(budget("nesta_pft", 72_500, over),))
    assert "¥72,500: “NESTA-PFT” (2 months longer than you have, then first)" in line


def test_a_ladder_says_how_many_amounts_it_leaves_out() -> None:
    ways = [budget("nesta_pft", yen) for yen in range(10_000, 80_000, 10_000)]
    assert ladder(*ways).endswith("¥50,000: “NESTA-PFT”; 2 more amounts.")


def test_a_smaller_budget_is_no_step_of_a_larger_one() -> None:
    compiled, index = shipped("personal_trainer")
    answers = read_answers(compiled, trainer(budget=200_000))
    outcome, told, _ = shown("personal_trainer", answers)
    less = Way("nsca_cpt", (Change("budget", 200_000, 50_000),))
    more = Way("nesta_pft", (Change("budget", 200_000, 300_000),))
    told = replace(told, what_if=WhatIf(first=(less,), within=(more,)))
    lines = changes(told, outcome, index, ENGLISH, frozenset()).lines
    assert len(lines) == 2 and not any("With a larger budget" in line for line in lines)
