"""Numbers and days of a rule as people write them, each with its unit."""

from __future__ import annotations

from datetime import date

from quizapp.bank.rows.scope import RuleScope
from quizapp.i18n import Language
from quizapp.rules.tree import Constant, Day, Number, Read, Tree

_UNITS = {
    "years": ("%(shown)s year", "%(shown)s years"),
    "months": ("%(shown)s month", "%(shown)s months"),
    "weeks": ("%(shown)s week", "%(shown)s weeks"),
    "days": ("%(shown)s day", "%(shown)s days"),
    "hours": ("%(shown)s hour", "%(shown)s hours"),
    "minutes": ("%(shown)s minute", "%(shown)s minutes"),
    "percent": ("%(shown)s%%", "%(shown)s%%"),
    "people": ("%(shown)s person", "%(shown)s people"),
    "questions": ("%(shown)s question", "%(shown)s questions"),
    "points": ("%(shown)s point", "%(shown)s points"),
}
_AGE = ("%(shown)s year old", "%(shown)s years old")


def amount(value: int, unit: str, language: Language, age: bool = False) -> str:
    """A number with its unit; ``age`` counts a person's years.

    >>> from quizapp.i18n import language
    >>> amount(18, "years", language("ja"), age=True), amount(-60000, "yen", language("en"))
    ('18歳', '−¥60,000')
    """
    shown = language.number(abs(value))
    if unit == "yen":
        words = language.yen(abs(value))
    elif age:
        words = language.count(*_AGE, abs(value), shown=shown) if language.code == "ja" else shown
    else:
        words = language.count(*_UNITS[unit], abs(value), shown=shown) if unit in _UNITS else shown
    return f"−{words}" if value < 0 else words


def figure(tree: Tree, beside: Tree, unit: str, scope: RuleScope, language: Language) -> str | None:
    """A number or day that is written as figures, as it is said beside what it is compared with; else None."""
    match tree:
        case Constant(value, Day()):
            return language.day(date.fromordinal(value))
        case Constant(value, Number()):
            subject = scope.subjects.get(beside.name) if isinstance(beside, Read) else None
            return amount(value, unit, language, subject is not None and subject.counts_age)
    return None
