"""Standings, money, time and quantities in words; each function says one engine value to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from quizapp.bank.model import Fact, Item, Unit
from quizapp.engine.outcome import Beyond, Span, Standing, Total
from quizapp.i18n import Language
from quizapp.web.pages.index import Index

T = TypeVar("T")


@dataclass(frozen=True)
class Money:
    """A total in words: the figure, and what must be read with it."""

    figure: str
    note: str


@dataclass(frozen=True)
class Tag:
    """A standing in words, and its tone: good, steps, no or quiet."""

    words: str
    tone: str


def standing_tag(standing: Standing, kind: str, language: Language) -> Tag:
    """What a taker may do, in the words that fit the kind of item."""
    say = language.say
    if standing is Standing.ELIGIBLE_NOW:
        words = {"career": say("Open to you now"), "action": say("You can start now")}
        return Tag(words.get(kind, say("You can sit it now")), "good")
    if standing is Standing.ELIGIBLE_AFTER_STEPS:
        words = {"career": say("Open after some steps"), "action": say("After some steps")}
        return Tag(words.get(kind, say("You can sit it after some steps")), "steps")
    return {
        Standing.INELIGIBLE_NOW: Tag(say("Not yet open to you"), "no"),
        Standing.HELD: Tag(say("You have it"), "good"),
        Standing.CLOSED: Tag(say("Ended"), "no"),
    }.get(standing, Tag(say("Depends on an open answer"), "quiet"))


def money(
    total: Total, item: Item, route: str | None, index: Index, language: Language, apart: str = ""
) -> Money:
    """A total with its kind in words: never a bare number. ``apart`` says what is paid beside it."""
    say = language.say
    missing = language.listed(
        language.text(index.price_label(item, route, part)) or part for part in total.not_included
    )
    without = say("Does not include: %(parts)s", parts=missing) if missing else ""
    if total.yen is None:
        return Money(say("Price not known"), without or say("No source gives a price"))
    figure = language.yen(total.yen)
    if total.most is not None:
        span = say("%(low)s–%(high)s", low=figure, high=language.yen(total.most))
        return Money(span, language.sentences([say("Depends on the open answers"), without, apart]))
    if total.kind == "lower_bound":
        return Money(say("from %(yen)s", yen=figure), without or say("A part has no known price"))
    kinds = {
        "exam_fee_only": say("Exam fee only, study material not counted"),
        "sum_of_listed_items": say("Sum of the prices listed; the source does not say whether they overlap"),
    }
    # What is paid apart has no known price, so the figure is not all of it.
    exact = "" if apart else say("Exact total")
    return Money(figure, language.sentences([kinds.get(total.kind, exact), without, apart]))


def worth_telling(span: Span | None, kind: str) -> bool:
    """Whether a time is shown: where it is known, and where one must know that it is not.

    >>> worth_telling(Span(0, None), "action"), worth_telling(Span(0, None), "certification")
    (False, True)
    """
    if span is None:
        return False
    return bool(span.from_) or span.to is not None or kind in ("certification", "prerequisite")


def months(span: Span | None, language: Language) -> str:
    """A stretch of time in whole months."""
    if span is None:
        return language.say("Time not known")
    low, high = span.from_, span.to
    if high is None:
        return (
            language.say("from %(time)s", time=_months(low, language))
            if low
            else language.say("Time not known")
        )
    if high == 0:
        return language.say("Within a month")
    if low == high:
        return language.say("about %(time)s", time=_months(low, language))
    if low == 0:
        return language.say("up to %(time)s", time=_months(high, language))
    return language.count("%(low)s–%(n)s month", "%(low)s–%(n)s months", high, low=language.number(low))


def _months(n: int, language: Language) -> str:
    return language.count("%(n)s month", "%(n)s months", n)


def quantity(n: int, unit: Unit | None, language: Language, low: int | None = None, age: bool = False) -> str:
    """A number with what it counts; with ``low``, the range from there. ``age`` counts a person's years."""
    number = language.number(n)
    dash = language.say("–")
    shown = f"{language.number(low)}{dash}{number}" if low is not None else number
    if unit is Unit.YEARS and age:
        return language.count("%(shown)s year old", "%(shown)s years old", n, shown=shown)
    if unit is Unit.YEN and low is None:
        return language.yen(n)
    pattern = _UNITS.get(unit or Unit.NONE)
    return language.count(*pattern, n, shown=shown) if pattern else shown


def excess_words(over: Beyond, index: Index, language: Language, at_least: bool = False) -> str:
    """By how much an item exceeds a limit; ``at_least`` so much, where its total is a lower bound."""
    limit = next((limit for limit in index.bank.limits if limit.id == over.limit), None)
    if over.by is None:
        return language.say("perhaps over your budget (price not known)")
    if limit is not None and limit.of == "months":
        time = language.count("%(n)s month", "%(n)s months", over.by)
        return language.say("%(time)s longer than you have", time=time)
    if at_least:
        return language.say("at least %(yen)s over your budget", yen=language.yen(over.by))
    return language.say("%(yen)s over your budget", yen=language.yen(over.by))


def _n_(one: str, many: str) -> tuple[str, str]:
    """Marks both forms for the translators; ``language.count`` chooses later."""
    return one, many


_UNITS = {
    Unit.YEARS: _n_("%(shown)s year", "%(shown)s years"),
    Unit.MONTHS: _n_("%(shown)s month", "%(shown)s months"),
    Unit.WEEKS: _n_("%(shown)s week", "%(shown)s weeks"),
    Unit.DAYS: _n_("%(shown)s day", "%(shown)s days"),
    Unit.HOURS: _n_("%(shown)s hour", "%(shown)s hours"),
    Unit.MINUTES: _n_("%(shown)s minute", "%(shown)s minutes"),
    Unit.YEN: _n_("%(shown)s yen", "%(shown)s yen"),
    Unit.PERCENT: _n_("%(shown)s%%", "%(shown)s%%"),
    Unit.PEOPLE: _n_("%(shown)s person", "%(shown)s people"),
    Unit.QUESTIONS: _n_("%(shown)s question", "%(shown)s questions"),
    Unit.POINTS: _n_("%(shown)s point", "%(shown)s points"),
}


def fact_words(fact: Fact, language: Language) -> str:
    """A fact's value in words; says so where no source gives it."""
    say = language.say
    if fact.text is not None:
        return language.text(fact.text)
    if fact.value is not None:
        words = quantity(fact.value, fact.unit, language)
    elif fact.from_ is not None and fact.to is not None:
        words = quantity(fact.to, fact.unit, language, low=fact.from_)
    elif fact.from_ is not None:
        words = say("%(amount)s or more", amount=quantity(fact.from_, fact.unit, language))
    elif fact.to is not None:
        words = say("up to %(amount)s", amount=quantity(fact.to, fact.unit, language))
    else:
        return say("No source gives it")
    return say("about %(time)s", time=words) if fact.approx else words


def points(amount: int, places: int, language: Language) -> str:
    """Points of 10,000 as people read them, of 100, with that many decimals.

    >>> from quizapp.i18n import language
    >>> points(7421, 2, language("ja"))
    '74.21'
    """
    return f"{amount / 100:.{places}f}"


def places_for(amounts: list[int]) -> int:
    """How many decimals show these points exactly: 0, 1 or 2.

    >>> places_for([2700, 1400]), places_for([2750]), places_for([2751, 100])
    (0, 1, 2)
    """
    if all(amount % 100 == 0 for amount in amounts):
        return 0
    return 1 if all(amount % 10 == 0 for amount in amounts) else 2
