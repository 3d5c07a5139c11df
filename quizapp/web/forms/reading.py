"""What a browser sent for one question, read as an answer; pure functions, one per kind of question.

Each returns the answer, or None where the taker left the question open on purpose, and raises
ValueError with the words for the taker.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from quizapp.bank.model import Grid, Question, Unit
from quizapp.i18n import Language
from quizapp.letters import folded

# No option can be called so: ids begin with a letter.
LATER = "-"
NONE = "--"
MAN = 10_000
LONGEST_NUMBER = 30

Answer = bool | int | str | list[str]


def read_choice(sent: list[str], question: Question, language: Language) -> str | None:
    """One option."""
    value = _single(sent)
    if value == LATER:
        return None
    if value not in {option.id for option in question.options}:
        raise ValueError(_choose_one(language))
    return value


def read_yes_no(sent: list[str], question: Question, language: Language) -> bool | None:
    """Yes or no."""
    value = _single(sent)
    if value == LATER:
        return None
    if value not in ("yes", "no"):
        raise ValueError(_choose_one(language))
    return value == "yes"


def read_choices(sent: list[str], question: Question, language: Language) -> list[str] | None:
    """Any number of options, in the bank's order; "none of these" is an answer of its own."""
    given = set(sent)
    chosen = [option.id for option in question.options if option.id in given]
    if not given or given - {*chosen, LATER, NONE}:
        raise ValueError(language.say("Choose all that apply, “None of these” or “Not sure, later”."))
    if len(given & {LATER, NONE}) + bool(chosen) > 1:
        raise ValueError(language.say("“None of these” and “Not sure, later” cannot go with another choice."))
    return None if LATER in given else chosen


def read_number(sent: list[str], question: Question, language: Language) -> int | None:
    """A whole number on the question's grid, as people type it: ２５, 110,000円, 11万."""
    typed = [value for value in sent if value != LATER and value.strip()]
    if LATER in sent:
        if typed:
            raise ValueError(language.say("Either give a number or choose “Not sure, later”."))
        return None
    if not typed:
        raise ValueError(language.say("Give a number, or choose “Not sure, later”."))
    assert question.grid is not None
    return _on_grid(_whole(typed[0], language), question.grid, language)


READERS: dict[str, Callable[[list[str], Question, Language], Answer | None]] = {
    "choice": read_choice,
    "choices": read_choices,
    "number": read_number,
    "yes_no": read_yes_no,
}


def _single(sent: list[str]) -> str:
    return sent[0] if len(sent) == 1 else ""


def _choose_one(language: Language) -> str:
    return language.say("Choose one. If you cannot tell, choose “Not sure, later”.")


def _whole(typed: str, language: Language) -> int:
    plain = folded(typed, LONGEST_NUMBER)
    plain = re.sub(
        r"[\s,¥\\]|円|歳|才|年|か月|ヶ月|時間|分|years?|months?|yen", "", plain, flags=re.IGNORECASE
    )
    found = re.fullmatch(r"(-?\d{1,12})(万)?", plain)
    if found is None:
        raise ValueError(language.say("Give a whole number, such as 25."))
    return int(found[1]) * (MAN if found[2] else 1)


def _on_grid(value: int, grid: Grid, language: Language) -> int:
    low, high = grid.from_, grid.to
    if not low <= value <= high:
        bounds = {"low": shown_number(low, grid, language), "high": shown_number(high, grid, language)}
        raise ValueError(language.say("Give a number from %(low)s to %(high)s.", **bounds))
    if (value - low) % grid.step:
        near = low + round((value - low) / grid.step) * grid.step
        words = {
            "step": shown_number(grid.step, grid, language),
            "near": shown_number(min(near, high), grid, language),
        }
        raise ValueError(language.say("Give it in steps of %(step)s; the nearest is %(near)s.", **words))
    return value


def shown_number(value: int, grid: Grid, language: Language) -> str:
    """A number of the grid as the taker reads it."""
    return language.yen(value) if grid.unit is Unit.YEN else language.number(value)
