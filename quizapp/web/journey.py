"""Where a taker is in a quiz: which screens are asked, which were seen, which comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.engine.answers import Answers, ShownScreen, known_answers, shown_screens
from quizapp.engine.compiled import Compiled


@dataclass(frozen=True)
class Journey:
    """The screens asked of this taker, in order, and the questions already seen."""

    compiled: Compiled
    answers: Answers
    screens: tuple[ShownScreen, ...]
    seen: frozenset[str]

    def place(self, screen: str) -> int | None:
        """Where a screen stands, from 0; None where it is not asked."""
        return next((place for place, one in enumerate(self.screens) if one.id == screen), None)

    def before(self, place: int) -> str | None:
        """The screen before that place, None at the first."""
        return self.screens[place - 1].id if place else None

    def next_after(self, screen: str) -> str | None:
        """The next screen with something not yet seen, first after this one, then from the start."""
        place = self.place(screen)
        start = 0 if place is None else place + 1
        in_order = [*self.screens[start:], *self.screens[:start]]
        return next((one.id for one in in_order if not self.seen.issuperset(one.questions)), None)

    @property
    def first_open(self) -> str | None:
        """The first screen with something not yet seen."""
        return next((one.id for one in self.screens if not self.seen.issuperset(one.questions)), None)

    @property
    def begun(self) -> bool:
        """Whether anything asked here was seen before."""
        return any(self.seen.intersection(one.questions) for one in self.screens)


def journey(compiled: Compiled, raw: Mapping[str, Any], left_open: frozenset[str]) -> Journey:
    """The way of a taker with these answers; answers that the bank cannot read are left out."""
    answers = known_answers(compiled, raw)
    screens = shown_screens(compiled, answers)
    return Journey(compiled, answers, screens, frozenset(answers.raw) | left_open)


def at(bank: str, screen: str | None, back_to_check: bool = False) -> str:
    """The address of a screen; of "check your answers" where there is none left to see.

    >>> at("msl", "degree", back_to_check=True), at("msl", None)
    ('/quiz/msl/degree?from=check', '/quiz/msl/check')
    """
    return f"/quiz/{bank}/{screen or 'check'}" + ("?from=check" if screen and back_to_check else "")
