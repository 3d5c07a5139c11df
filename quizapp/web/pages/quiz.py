"""The pages on the way to a result: a bank's first page, one question, check your answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quizapp.bank.model import Bank
from quizapp.i18n import Language
from quizapp.web.forms.fields import QuestionField
from quizapp.web.forms.screen import Mistake
from quizapp.web.pages.choices import AnswerRow


@dataclass(frozen=True)
class BankPage:
    """What a bank asks, how long it takes, and where this taker is in it."""

    slug: str
    title: str
    summary: str
    questions: int
    minutes: int
    items: int
    sources: tuple[str, ...]
    checked: str
    carried: tuple[AnswerRow, ...]
    resume: str | None


@dataclass(frozen=True)
class QuestionPage:
    """One screen: its heading, its fields, how far one is, and where back leads.

    ``settled`` names what stays first whatever is still answered; empty while that is open.
    """

    slug: str
    bank_title: str
    heading: str
    why: str
    gathered: bool
    blank_is_zero: bool
    number: int
    total: int
    back: str
    returning: bool
    settled: str
    fields: tuple[QuestionField, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class CheckPage:
    """Every answer with the way to change it; ``missing`` counts those not seen yet.

    ``settled`` names what stays first whatever they are; empty while that is open.
    """

    slug: str
    bank_title: str
    rows: tuple[AnswerRow, ...]
    missing: int
    left_open: int
    settled: str
    back: str


def heading_of(
    bank: Bank, screen: str, fields: tuple[QuestionField, ...], language: Language
) -> tuple[str, str]:
    """A screen's heading and why it is asked: its own words, or those of its one question."""
    shared = next((one for one in bank.screens if one.id == screen), None)
    if shared is not None:
        return language.text(shared.ask), language.text(shared.why)
    first = fields[0].question
    return language.text(first.ask), language.text(first.why)


def checked_words(day: date | None, language: Language) -> str:
    """When the facts were last checked, empty where unknown."""
    return language.day(day) if day else ""
