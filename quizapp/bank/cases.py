"""The file of cases beside a bank: made-up takers, and what the bank's author expects for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from quizapp.bank.load import read_text
from quizapp.bank.model import Frozen, Id, Reference, ShortText, Text, Yen
from quizapp.bank.structure import build
from quizapp.bank.yaml.nodes import Positions
from quizapp.bank.yaml.reader import read_yaml

StandingWord: TypeAlias = Literal[
    "eligible_now", "eligible_after_steps", "unknown", "ineligible_now", "held", "closed"
]
CostKind: TypeAlias = Literal["exact", "exam_fee_only", "sum_of_listed_items", "lower_bound"]
RouteName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=129)]
NoteName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=129)]
Answer: TypeAlias = bool | int | Id | tuple[Id, ...] | None


class ExpectedCost(Frozen):
    """A total that is expected; what is left out is not compared."""

    route: Id | None = Field(None, description="The route of the plan.")
    yen: Yen | None = Field(None, description="The total in yen.")
    kind: CostKind | None = Field(None, description="What kind of total it is.")
    not_included: tuple[Id, ...] | None = Field(
        None, description="The parts without a known price, in any order."
    )


class ExpectedMonths(Frozen):
    """How long it takes; what is left out is not compared."""

    from_: int | None = Field(None, alias="from", ge=0, description="The fewest months.")
    to: int | None = Field(None, ge=0, description="The most months.")


class Expect(Frozen):
    """What must come out. Every field that is left out is not compared."""

    first: Id | None = Field(None, description="The item on top.")
    top: tuple[Id, ...] | None = Field(None, description="Exactly these items on top, in any order.")
    top_in_order: tuple[Id, ...] | None = Field(
        None, description="Exactly these items on top, in this order."
    )
    above: tuple[tuple[Id, Id], ...] = Field((), description="Pairs: the first item ranks above the second.")
    not_top: tuple[Id, ...] = Field((), description="Items that are not first.")
    not_ranked: tuple[Id, ...] = Field((), description="Items that are not ranked at all.")
    standing: dict[Id, StandingWord] = Field(default_factory=dict, description="Standing by item.")
    routes: dict[RouteName, StandingWord] = Field(default_factory=dict, description="Standing by item.route.")
    blocked_by: dict[Id, tuple[Id, ...]] = Field(
        default_factory=dict, description="The fixed requirements that fail, by item."
    )
    cost: dict[Id, ExpectedCost] = Field(default_factory=dict, description="The total of an item's plan.")
    route_cost: dict[RouteName, ExpectedCost] = Field(
        default_factory=dict, description="The total by item.route."
    )
    months: dict[Id, ExpectedMonths] = Field(default_factory=dict, description="Months of an item's plan.")
    beyond: dict[Id, dict[Id, int]] = Field(
        default_factory=dict, description="By how much an item exceeds which limits; {} for none."
    )
    within: tuple[Id, ...] = Field((), description="Items that exceed no limit.")
    steps: dict[Id, tuple[Id, ...]] = Field(
        default_factory=dict, description="The steps still to take, by item."
    )
    notes: tuple[NoteName, ...] = Field((), description="Notes that are shown: of the bank, or item.note.")
    reasons: dict[Id, tuple[Id, ...]] = Field(
        default_factory=dict, description="Reasons that are given, by item."
    )
    providers: dict[Literal["in_person", "online"], tuple[Id, ...]] = Field(
        default_factory=dict, description="The schools that are listed."
    )
    fits: Literal["within", "beyond", "steps_first", "nothing"] | None = Field(
        None, description="Whether anything is within the limits."
    )
    asked: int | None = Field(None, ge=1, description="How many screens this taker sees at most.")


class Case(Frozen):
    """A made-up taker on a day, and what is expected."""

    id: Id = Field(description="The name of the case in reports.")
    label: Text = Field(description="Who it is, in a few words.")
    on: date = Field(description="The day on which the taker asks.")
    answers: dict[Id, Answer] = Field(description="Answers by question; what is left out is unanswered.")
    basis: ShortText = Field(description="Why the author expects it, with the lines of the sources.")
    rules: tuple[Reference, ...] = Field((), description="The guidelines that it tests.")
    expect: Expect = Field(description="What must come out.")


class CaseFile(Frozen):
    """All cases of a bank."""

    cases: tuple[Case, ...] = Field(
        min_length=1, description="The cases, in the order in which they are run."
    )


@dataclass(frozen=True)
class LoadedCases:
    """Cases with the places of their parts."""

    cases: tuple[Case, ...]
    positions: Positions


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases in a file.

    Raises NotFound where there is no such file, and Invalid with every problem of its shape.
    """
    return parse_cases(read_text(path), str(path)).cases


def parse_cases(text: str, file: str) -> LoadedCases:
    """The cases in a text with their places; ``file`` is what messages call it.

    Raises Invalid with every problem of its shape.
    """
    positions = read_yaml(text, file)
    return LoadedCases(build(CaseFile, positions).cases, positions)


def cases_path(bank_path: Path) -> Path:
    """Where the cases of a bank file are kept.

    >>> cases_path(Path("questions/msl.yaml")).as_posix()
    'questions/msl.cases.yaml'
    """
    return bank_path.with_name(f"{bank_path.stem}.cases.yaml")
