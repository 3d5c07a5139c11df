"""Where an editing page is: the links above its heading."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.i18n import Language
from quizapp.web.edit.at_hand import AtHand


@dataclass(frozen=True)
class Crumb:
    """One step of the way here; the last one has no address."""

    words: str
    href: str = ""


def trail(hand: AtHand, language: Language, *here: str) -> tuple[Crumb, ...]:
    """From the list of banks by the bank's desk to here."""
    others = f"?draft={hand.draft.id}" if hand.draft and not hand.mine else ""
    desk = Crumb(hand.name(language), f"/edit/{hand.bank}{others}")
    return (Crumb(language.say("Banks"), "/edit"), desk, *(Crumb(words) for words in here))
