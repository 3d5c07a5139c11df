"""What a bank holds, field by field; owns shapes and bounds, and refuses to know what rules mean.

Every class is frozen. ``Rule`` fields are expressions of the rule language (``quizapp.rules``),
kept here as text. ``quizapp/bank.schema.json`` is generated from this module.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from quizapp.bank.fields import MAX_RULE as MAX_RULE
from quizapp.bank.fields import MAX_TEXT as MAX_TEXT
from quizapp.bank.fields import UNKNOWN as UNKNOWN
from quizapp.bank.fields import UNTOLD as UNTOLD
from quizapp.bank.fields import Frozen as Frozen
from quizapp.bank.fields import Id as Id
from quizapp.bank.fields import LineRange as LineRange
from quizapp.bank.fields import Percent as Percent
from quizapp.bank.fields import Reference as Reference
from quizapp.bank.fields import Rule as Rule
from quizapp.bank.fields import ShortText as ShortText
from quizapp.bank.fields import Text as Text
from quizapp.bank.fields import Unit as Unit
from quizapp.bank.fields import Url as Url
from quizapp.bank.fields import Yen as Yen


class Source(Frozen):
    """Where facts come from: an article kept as a file, or a page with an address."""

    title: Text
    file: ShortText | None = Field(
        None, description="File name of the article, for sources kept beside the bank."
    )
    url: Url | None = Field(None, description="Address of the page.")
    seen: date = Field(description="The day somebody last read it.")
    published: ShortText | None = Field(None, description="The date that the source itself shows.")
    outside: bool = Field(False, description="True for a check made outside the articles; shown as such.")
    interest: Text | None = Field(
        None, description="What the publisher sells, where that could colour the facts."
    )


class Cited(Frozen):
    """Anything that rests on a source."""

    source: Id | None = Field(None, description="Id of one of the bank's sources.")
    line: LineRange | None = Field(
        None, description="Line or lines of the source file: 93, '92-93' or '12,23-25'."
    )
    checked: date | None = Field(
        None, description="The day it was checked; the source's `seen` where left out."
    )
    until: date | None = Field(None, description="The last day on which it is true, where known.")


class Fact(Cited):
    """A typed value. Exactly one of `value`, `from`/`to`, `text`, `unknown`."""

    value: int | None = None
    from_: int | None = Field(None, alias="from")
    to: int | None = None
    text: Text | None = None
    unknown: bool = Field(False, description="True where no source gives it; the page then says so.")
    unit: Unit | None = Field(None, description="What value, from and to count.")
    approx: bool = Field(False, description="True where the source says about.")
    note: Text | None = Field(
        None, description="What must be read with the value: its year, whom it holds for."
    )
    doubt: Text | None = Field(
        None, description="What speaks against it: a contradiction in the source or outside."
    )


class FactKind(Frozen):
    """What the same fact is called on every item, and whether items are compared by it."""

    id: Id
    label: Text
    compare: bool = Field(False, description="Show it as a row of the side-by-side table.")


class Option(Frozen):
    """One possible answer."""

    id: Id
    label: Text
    hint: Text | None = None


class Grid(Frozen):
    """The whole numbers that may be answered: from, from+step, … to."""

    from_: int = Field(alias="from", ge=-1_000_000_000, le=1_000_000_000)
    to: int = Field(ge=-1_000_000_000, le=1_000_000_000)
    step: int = Field(1, ge=1)
    unit: Unit = Unit.NONE


class Screen(Frozen):
    """Several questions that gather one thing, asked on one page."""

    id: Id
    ask: Text
    why: Text | None = None


class Question(Frozen):
    """One thing to ask. Its answers are finite; leaving it unanswered is always possible."""

    id: Id
    kind: Literal["choice", "choices", "number", "yes_no"]
    ask: Text
    why: Text | None = Field(None, description="Why it is asked, in one sentence.")
    label: Text | None = Field(None, description="Short name for summaries; `ask` where left out.")
    hint: Text | None = None
    options: tuple[Option, ...] = Field((), description="The answers of a choice or choices question.")
    grid: Grid | None = Field(None, description="The answers of a number question.")
    screen: Id | None = Field(None, description="The screen it shares with others; its own where left out.")
    ask_if: Rule | None = Field(None, description="Asked unless this is surely false.")
    when_hidden: bool | int | Id | tuple[Id, ...] | None = Field(
        None, description="The answer that holds while `ask_if` is false; unanswered where left out."
    )
    changeable: bool = Field(True, description="False for what nobody can change (age): never suggested.")
    only: Literal["up", "down"] | None = Field(
        None, description="The one way it can change: years only go up."
    )
    effort: int = Field(1, ge=1, le=10, description="How hard it is to answer, for the order of questions.")


class Value(Frozen):
    """A named intermediate result, so that rules read like sentences."""

    rule: Rule
    label: Text | None = None


class Part(Frozen):
    """One visible part of a criterion that is made of several."""

    id: Id
    label: Text
    weight: int = Field(1, ge=1, le=100)


class Criterion(Frozen):
    """One thing that makes an item good for a taker, valued 0-100 for each item.

    `weight` may be a rule, so that a taker can say what matters most. Its value for an item is the
    item's `fit`, or `value` (a rule that may read `cost` in yen and `duration` in months) for items without one.
    """

    id: Id
    label: Text
    weight: Rule
    question: Id | None = Field(None, description="The choice question whose options a `fit` table lists.")
    value: Rule | None = Field(None, description="The value of every item that has no `fit` of its own.")
    parts: tuple[Part, ...] = Field((), description="The parts that a `fit` table lists instead of options.")
    if_unknown: Percent = Field(50, description="Counted where an item's value, or a part, is unknown.")
    why: Text | None = None


class Step(Frozen):
    """What a taker does to meet an acquirable requirement."""

    label: Text
    fee: Text | None = Field(
        None, description="What its price is called: membership fee. The label where left out."
    )
    yen: Yen | UNKNOWN = Field(0, description="Its own price; 0 where the route's costs hold it already.")
    in_total: bool = Field(
        True, description="False: its unknown price is not counted as missing (say why in note)."
    )
    months: int = Field(0, ge=0, le=120)
    note: Text | None = None
    price_hint: Fact | None = Field(
        None, description="A price from outside, shown with its date, never added."
    )


class Requirement(Cited):
    """A named condition. Fixed (age, schooling, years) or acquirable by a step.

    `if: unknown` says that no source tells the condition; the route's standing is then unknown.
    """

    id: Id
    label: Text = Field(description="The condition in words.")
    if_: Rule = Field(alias="if")
    fixed: bool = Field(False, description="True where no step of weeks or money can meet it.")
    otherwise: Text | None = Field(
        None, description="For fixed ones: what is missing, and what would open it."
    )
    step: Step | None = Field(None, description="For acquirable ones: what to do.")
    when: Literal["before", "after"] = Field(
        "before", description="'after': may follow the exam; blocks nothing."
    )
    note: Text | None = None


class Cost(Cited):
    """One priced part of a route, in yen. `unknown` parts make the total a lower bound."""

    id: Id
    label: Text
    yen: Yen | UNKNOWN
    unless: Rule | None = Field(
        None, description="Not paid while this holds (already finished, already a member)."
    )
    note: Text | None = None
    price_hint: Fact | None = Field(
        None, description="A price from outside, shown with its date, never added."
    )


class Months(Frozen):
    """How long study and exam take, waiting for a sitting aside."""

    from_: int = Field(alias="from", ge=0, le=240)
    to: int | None = Field(None, ge=0, le=240)


class Schedule(Cited):
    """When one can sit: any day, every month, or in these months. Several rows: the soonest counts."""

    any_day: bool = False
    monthly: bool = False
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    place: Text | None = None
    note: Text | None = None


class Stage(Frozen):
    """One stretch of the way that a route always takes; shown, not counted."""

    label: Text
    note: Text | None = None


class Route(Cited):
    """One way to get an item, with requirements, costs and months of its own."""

    id: Id
    name: Text
    requires: tuple[Requirement, ...] = ()
    costs: tuple[Cost, ...] = ()
    cost_kind: Literal["exact", "exam_fee_only", "sum_of_listed_items", "lower_bound"] = Field(
        "exact", description="What the total is when no part of it is unknown."
    )
    months: Months | None = Field(None, description="Left out where no source gives it.")
    schedule: tuple[Schedule, ...] | None = Field(None, description="The item's schedule where left out.")
    stages: tuple[Stage, ...] = ()
    note: Text | None = None


class Reason(Cited):
    """A sentence for or against an item, said when its rule holds."""

    id: Id
    if_: Rule = Field("true", alias="if")
    side: Literal["for", "against"]
    text: Text
    rule: Reference | None = Field(None, description="Id of the guideline it carries out.")


class Note(Cited):
    """A caution or a thing to know, said when its rule holds."""

    id: Id
    if_: Rule = Field("true", alias="if")
    text: Text
    rule: Reference | None = Field(None, description="Id of the guideline it carries out.")


class Closing(Cited):
    """When an item ended."""

    after: date = Field(description="The last day on which it could be had; closed from the day after.")
    text: Text


class Link(Frozen):
    """An address worth opening."""

    label: Text
    url: Url


class Item(Cited):
    """What can be recommended: a certification, a career route, an action, a prerequisite."""

    id: Id
    kind: Literal["certification", "career", "action", "prerequisite"]
    name: Text
    short: Text | None = Field(None, description="Name for headlines; `name` where left out.")
    summary: Text | None = None
    issuer: Text | None = None
    listed_only: bool = Field(False, description="Named by a source without details: shown, never ranked.")
    priced: bool = Field(
        True, description="False where money is not part of it (an action, a way into a job)."
    )
    relevant_if: Rule | None = Field(
        None, description="Left out altogether while this is false; for actions."
    )
    held_if: Rule | None = Field(None, description="True when the taker already has it.")
    closing: Closing | None = None
    requires: tuple[Requirement, ...] = Field((), description="What every route asks.")
    costs: tuple[Cost, ...] = Field((), description="What every route costs.")
    routes: tuple[Route, ...] = Field((), description="An action without routes has one, of its own id.")
    schedule: tuple[Schedule, ...] = ()
    facts: dict[Id, Fact] = Field(default_factory=dict)
    fit: dict[Id, Rule | dict[str, int | UNKNOWN]] = Field(
        default_factory=dict, description="Value by criterion: a rule, or a table of options or of parts."
    )
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()
    leads_to: Id | None = Field(None, description="The bank to take next.")
    links: tuple[Link, ...] = ()


class Limit(Frozen):
    """An answer that bounds what the taker accepts."""

    id: Id
    question: Id
    of: Literal["cost", "months"]


class Provider(Cited):
    """A school or course that teaches towards items; matched, never ranked."""

    id: Id
    name: Text
    items: tuple[Id, ...] = ()
    online: bool = False
    if_: Rule | None = Field(None, alias="if", description="Where it can be reached in person.")
    place: Text | None = None
    features: tuple[Text, ...] = ()
    stars: int | None = Field(None, ge=0, le=5, description="Stars that the source gives; none is not zero.")
    interest: Text | None = None
    listed_only: bool = False


class Guideline(Cited):
    """A rule of the source in words; shown on the page about the bank."""

    id: Reference
    text: Text
    certain: bool = Field(
        False, description="True where it follows from facts; false where the source advises it."
    )


class Doubt(Cited):
    """A contradiction found in the sources, and the reading used."""

    id: Reference
    topic: Text
    reading: Text


class Bank(Frozen):
    """One subject: its questions, items, criteria, facts and sources."""

    bank: Id
    format: Literal[1] = 1
    title: Text
    summary: Text
    minutes: int = Field(3, ge=1, le=60, description="How long it takes, told before it starts.")
    order: Literal["adaptive", "fixed"] = Field(
        "adaptive", description="Ask what tells most about first place first, or keep the order written here."
    )
    sources: dict[Id, Source]
    fact_kinds: tuple[FactKind, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    screens: tuple[Screen, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1, max_length=40)
    values: dict[Id, Rule | Value] = Field(default_factory=dict)
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=12)
    limits: tuple[Limit, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1, max_length=200)
    providers: tuple[Provider, ...] = ()
    notes: tuple[Note, ...] = ()
