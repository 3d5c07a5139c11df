"""What is wrong with one rule, where in its text, and how to mend it; knows no file and no bank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from quizapp.errors import Told, told

# A longer word is no misspelling, and looking for what is near it takes time.
LONGEST_WORD = 80


@dataclass(frozen=True)
class RuleFault:
    """One fault; ``column`` is 1-based inside the rule's text."""

    code: str
    what: str
    why: str
    fix: str
    column: int = 1


class RuleFaults(Exception):
    """A rule cannot be read; carries every fault found, at least one."""

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.what for fault in self.faults))


def nearest(word: str, known: Iterable[str]) -> Told:
    """Advice that names the nearest right spelling, or the choices where none is near.

    >>> nearest("hihg_school", ["high_school", "university"])
    'did you mean "high_school"?'
    >>> nearest("zzz", ["b", "a"])
    'use one of: a, b'
    >>> nearest("zzz", [])
    'there is none to choose from'
    """
    names = sorted(set(known))
    close = get_close_matches(word, names, n=1, cutoff=0.6) if len(word) <= LONGEST_WORD else []
    if close:
        return told('did you mean "%(near)s"?', near=close[0])
    if not names:
        return told("there is none to choose from")
    listed = [*names[:12], "…"] if len(names) > 12 else names
    return told("use one of: %(names)s", names=listed)
