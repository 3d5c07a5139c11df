"""What of a bank is about to go out of date: dates that come near, facts nobody has checked for a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from quizapp.bank.addresses import Address, address_of
from quizapp.bank.model import Bank, Cited, Closing
from quizapp.bank.parts import every_part
from quizapp.bank.yaml.nodes import Path

SOON = timedelta(days=60)
OLD = timedelta(days=365)


@dataclass(frozen=True)
class Ageing:
    """A part that needs another look. ``since`` is the day it ends, or the day it was last checked.

    ``ends``: what it says is true until that day only. ``unchecked``: it was last checked then.
    ``source``: a source was last read then, and ``parts`` parts rest on that reading.
    """

    address: Address
    kind: Literal["ends", "unchecked", "source"]
    since: date
    parts: int = 1


def ageing(bank: Bank, data: Any, on: date) -> tuple[Ageing, ...]:
    """What goes out of date, the most pressing first; ``data`` is the plain data that the bank was read from."""
    cited = [
        (path, part)
        for path, part in every_part(bank)
        if isinstance(part, Cited) and not isinstance(part, Closing)
    ]
    found = [*_ends(cited, data, on), *_unchecked(cited, data, on), *_sources(bank, cited, on)]
    return tuple(sorted(found, key=lambda one: (one.kind != "ends", one.since, one.address)))


def _ends(cited: list[tuple[Path, Cited]], data: Any, on: date) -> Iterator[Ageing]:
    for path, part in cited:
        if part.until is not None and on <= part.until <= on + SOON:
            yield Ageing(address_of(data, path), "ends", part.until)


def _unchecked(cited: list[tuple[Path, Cited]], data: Any, on: date) -> Iterator[Ageing]:
    for path, part in cited:
        if part.checked is not None and part.checked < on - OLD:
            yield Ageing(address_of(data, path), "unchecked", part.checked)


def _sources(bank: Bank, cited: list[tuple[Path, Cited]], on: date) -> Iterator[Ageing]:
    """A source speaks once for all the parts that were not checked by themselves."""
    resting = Counter(part.source for _, part in cited if part.source and part.checked is None)
    for name, source in bank.sources.items():
        if resting[name] and source.seen < on - OLD:
            yield Ageing(("sources", name), "source", source.seen, resting[name])
