"""English conditions among other words and alone, lists of things in quotes, and labels inside sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quizapp.bank.sentences.sayings import How

_COMMON = re.compile(r"[A-Z][a-z]+(?![A-Za-z.])(?!\s+[A-Z])")
# Common first words that keep their capital inside a sentence.
_PROPER = frozenset(
    (
        "English", "Japanese", "Chinese", "Korean", "French", "German", "Spanish", "Japan", "Tokyo", "Osaka",
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February",
        "March", "April", "June", "July", "August", "September", "October", "November", "December",
    )
)  # fmt: skip
# A label that begins so is no noun: without quotes it would run into the words around it.
_LOOSE = re.compile(r"(?i)(at|in|on|for|with|without|from|to|by|under|over|before|after|is|are|do|does)\s")

End: TypeAlias = tuple[str, bool]


@dataclass(frozen=True)
class Phrase:
    """A condition among other words, and where nothing stands around it."""

    inline: str
    alone: str


def plain(words: str) -> Phrase:
    """A condition that is said the same everywhere."""
    return Phrase(words, words)


def named(label: str) -> str:
    """A question's label inside a sentence: without the capital that only began it, quoted if it is no noun.

    >>> named("Courses finished"), named("English"), named("Graduated?"), named("MSL posting")
    ('courses finished', 'English', '“Graduated?”', 'MSL posting')
    """
    if label.endswith(("?", ".", "!")) or _LOOSE.match(label):
        return quoted(label)
    found = _COMMON.match(label)
    return label[0].lower() + label[1:] if found and found.group() not in _PROPER else label


def is_plural(label: str) -> bool:
    """Whether a label's first word names several.

    >>> is_plural("courses finished"), is_plural("member's style"), is_plural("status")
    (True, False, False)
    """
    first = label.split()[0].lower() if label.split() else ""
    return first.endswith("s") and not first.endswith(("ss", "us", "is", "'s", "’s"))


def be(label: str) -> str:
    """A label with its verb.

    >>> be("age"), be("years in offices")
    ('age is', 'years in offices are')
    """
    return f"{label} {'are' if is_plural(label) else 'is'}"


def lying(start: str, low: End | None, high: End | None, a_day: bool) -> str:
    """A number or day above, below or between ends, each with whether the end itself is outside.

    >>> lying("age is", ("20", False), ("30", True), False), lying("age is", ("20", False), ("29", False), False)
    ('age is at least 20 and under 30', 'age is between 20 and 29')
    """
    if low and high and not (low[1] or high[1]):
        return f"{start} {'from' if a_day else 'between'} {low[0]} {'to' if a_day else 'and'} {high[0]}"
    above = ("on or after", "after") if a_day else ("at least", "over")
    below = ("on or before", "before") if a_day else ("at most", "under")
    ends = [f"{words[end[1]]} {end[0]}" for end, words in ((low, above), (high, below)) if end]
    return f"{start} {' and '.join(ends)}"


def how_many(low: int | None, high: int | None) -> str:
    """How many of several.

    >>> how_many(2, None), how_many(3, 3)
    ('at least 2', 'exactly 3')
    """
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"exactly {low}" if low == high else f"{low} to {high}"


def quoted(words: str) -> str:
    """Words in quotes."""
    return f"“{words}”"


def chosen(label: str, options: Sequence[str], positive: bool) -> str:
    """The answer to a choice question is one of these, or none of them.

    >>> chosen("area", ["a", "b", "c"], True), chosen("area", ["a", "b"], False)
    ('area is “a”, “b” or “c”', 'area is neither “a” nor “b”')
    """
    if positive:
        return f"{be(label)} {_listed(options, 'or')}"
    return f"{be(label)} {'not ' if len(options) == 1 else ''}{_none(options)}"


def held(label: str, options: Sequence[str], how: How) -> str:
    """How many of these options a choices question holds.

    >>> held("signs", ["a"], "none"), held("style", ["a", "b"], "any")
    ('signs do not include “a”', 'style includes “a” or “b”')
    """
    include, do = ("include", "do") if is_plural(label) else ("includes", "does")
    match how:
        case "all":
            return f"{label} {include} {_listed(options, 'and')}"
        case "any":
            return f"{label} {include} {_listed(options, 'or')}"
        case "lacking":
            return f"{label} {do} not include {_every(options)}"
    if len(options) == 1:
        return f"{label} {do} not include {quoted(options[0])}"
    return f"{label} {include} {_none(options)}"


def applying(labels: Sequence[str], how: How) -> str:
    """How many of these named values hold.

    >>> applying(["ready"], "all"), applying(["ready", "near"], "none")
    ('“ready” applies', 'neither “ready” nor “near” applies')
    """
    match how:
        case "all":
            return f"{_listed(labels, 'and')} {'applies' if len(labels) == 1 else 'apply'}"
        case "any":
            return f"{_listed(labels, 'or')} applies"
        case "lacking":
            return f"not {_every(labels)} apply"
    return f"{_none(labels)} {'does not apply' if len(labels) == 1 else 'applies'}"


def in_row(parts: Sequence[str], join: str) -> str:
    """Parts in a row, "and" or "or" before the last.

    >>> in_row(["a", "b", "c"], "and")
    'a, b and c'
    """
    if len(parts) < 3:
        return f" {join} ".join(parts)
    return f"{', '.join(parts[:-1])} {join} {parts[-1]}"


def _listed(words: Sequence[str], join: str) -> str:
    return in_row([quoted(word) for word in words], join)


def _every(words: Sequence[str]) -> str:
    return f"{'both' if len(words) == 2 else 'all of'} {_listed(words, 'and')}"


def _none(words: Sequence[str]) -> str:
    """None of these; a single one is left for the words around to deny."""
    if len(words) == 1:
        return quoted(words[0])
    if len(words) == 2:
        return f"neither {quoted(words[0])} nor {quoted(words[1])}"
    return f"none of {_listed(words, 'or')}"
