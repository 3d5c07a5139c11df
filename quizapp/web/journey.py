"""Where a taker is in a quiz: which screens are asked, which were seen, which comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from quizapp.engine.answers import Answers, ShownScreen, known_answers, shown_screens
from quizapp.engine.compiled import Compiled
from quizapp.engine.next_question import next_screen
from quizapp.engine.settled import settled_first


@dataclass(frozen=True)
class Journey:
    """The screens asked of this taker, and how far they came.

    ``trail`` lists the screens that were answered, in the order of answering; ``left_open`` the questions
    that were left open on purpose.
    """

    compiled: Compiled
    answers: Answers
    screens: tuple[ShownScreen, ...]
    left_open: frozenset[str]
    trail: tuple[str, ...]
    on: date

    @cached_property
    def seen(self) -> frozenset[str]:
        """The questions that were answered or left open."""
        return frozenset(self.answers.raw) | self.left_open

    def screen(self, name: str) -> ShownScreen | None:
        """The screen of that name; None where it is not asked."""
        return next((one for one in self.screens if one.id == name), None)

    def number(self, screen: str) -> int:
        """Which screen it is for this taker, from 1: those answered before it count."""
        return 1 + (self.trail.index(screen) if screen in self.trail else len(self.trail))

    def before(self, screen: str) -> str | None:
        """The screen answered before that one, None at the first."""
        place = self.number(screen) - 2
        return self.trail[place] if place >= 0 else None

    @cached_property
    def next(self) -> str | None:
        """The screen to ask next: the one that tells most, or the bank's next; None where none is left.

        A quiz always opens as its author wrote it: what a person wants is a kinder first question than
        what they hold, even where that tells more.
        """
        if not self.seen and self.screens:
            return self.screens[0].id
        return next_screen(self.compiled, self.answers, self.on, self.left_open)

    @property
    def begun(self) -> bool:
        """Whether anything asked here was seen before."""
        return any(self.seen.intersection(one.questions) for one in self.screens)

    @cached_property
    def settled(self) -> str | None:
        """The item that stays first however the rest is answered; None while that is not proven."""
        if not self.answers.raw or self.next is None:
            return None
        return settled_first(self.compiled, self.answers, self.on)


def journey(
    compiled: Compiled, raw: Mapping[str, Any], left_open: frozenset[str], trail: Sequence[str], on: date
) -> Journey:
    """The way of a taker with these answers; answers that the bank cannot read are left out."""
    answers = known_answers(compiled, raw)
    screens = shown_screens(compiled, answers)
    seen = frozenset(answers.raw) | left_open
    done = {one.id for one in screens if seen.issuperset(one.questions)}
    walked = [name for name in trail if name in done]
    # Screens whose answers came along from another bank count as answered, in this bank's order.
    carried = [one.id for one in screens if one.id in done and one.id not in walked]
    return Journey(compiled, answers, screens, left_open, (*carried, *walked), on)


def screen_path(bank: str, screen: str | None, back_to_check: bool = False) -> str:
    """The address of a screen below its stage; of "check your answers" where there is none left to see.

    >>> screen_path("msl", "degree", back_to_check=True), screen_path("msl", None)
    ('/quiz/msl/degree?from=check', '/quiz/msl/check')
    """
    return f"/quiz/{bank}/{screen or 'check'}" + ("?from=check" if screen and back_to_check else "")
