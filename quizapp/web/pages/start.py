"""The first page: what it is for, what it asks, what is kept, who pays, when the facts were checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.bank.model import Bank
from quizapp.i18n import Language
from quizapp.web.pages.evidence import checked_on
from quizapp.web.pages.quiz import checked_words


@dataclass(frozen=True)
class BankCard:
    """One bank on the first page; ``guide`` marks the one for those who do not know yet."""

    slug: str
    title: str
    summary: str
    questions: int
    minutes: int
    guide: bool


@dataclass(frozen=True)
class StartPage:
    """The banks, and when their facts were checked."""

    guide: BankCard | None
    banks: tuple[BankCard, ...]
    checked: str
    days: int


def start_page(banks: Sequence[tuple[Bank, int]], days: int, language: Language) -> StartPage:
    """The page of these banks, each with the most screens it asks; a result is kept for so many days."""
    cards = [_card(bank, screens, language) for bank, screens in banks]
    checked = [day for bank, _ in banks if (day := checked_on(bank.sources))]
    guide = next((card for card in cards if card.guide), None)
    return StartPage(
        guide=guide,
        banks=tuple(card for card in cards if card is not guide),
        checked=checked_words(min(checked, default=None), language),
        days=days,
    )


def _card(bank: Bank, screens: int, language: Language) -> BankCard:
    return BankCard(
        slug=bank.bank,
        title=language.text(bank.title),
        summary=language.text(bank.summary),
        questions=screens,
        minutes=bank.minutes,
        guide=sum(item.leads_to is not None for item in bank.items) > 1,
    )
