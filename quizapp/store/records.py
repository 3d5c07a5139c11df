"""What the store keeps, as frozen values; knows neither the database nor what an answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Origin = Literal["file", "browser"]
Answers = Mapping[str, object]

ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Rate:
    """How often something may be done: ``times`` in ``seconds``, given back evenly (a token bucket).

    ``what`` names the bucket; of it only a fingerprint is kept.
    """

    what: str
    times: int
    seconds: float


@dataclass(frozen=True)
class Pressure:
    """The connections to a database of this process: kept, in use, at most, and what is asked of them.

    ``waiting`` is how many wait for one now; ``waits`` and ``wait_seconds`` are counted since the start.
    """

    connections: int
    in_use: int
    most: int
    waiting: int
    waits: int
    wait_seconds: float


@dataclass(frozen=True)
class ResultDraft:
    """A result about to be kept.

    ``owner_key`` is the secret of the browser that made it (see ``tokens.new_secret``); the store
    keeps only its fingerprint. ``shown`` names the questions whose answers the link shows, None all
    of them. ``recommended`` is the outcome as JSON text, for those who want the link to survive a
    change of the engine.
    """

    bank: str
    revision: str
    on: date
    answers: Answers
    language: str
    owner_key: str = field(repr=False)
    keep: timedelta = ONE_YEAR
    shown: tuple[str, ...] | None = None
    recommended: str | None = None


@dataclass(frozen=True)
class Result:
    """What one taker answered, pinned to the revision and the day that it was answered for.

    Token and answers stay out of ``repr``, so that no log line can hold them by accident.
    """

    token: str = field(repr=False)
    bank: str
    revision: str
    on: date
    answers: Answers = field(repr=False)
    language: str
    created: datetime
    expires: datetime
    shown: tuple[str, ...] | None = None
    recommended: str | None = field(default=None, repr=False)

    def shown_answers(self) -> dict[str, object]:
        """The answers that the link may show, in the order they were given.

        >>> from datetime import UTC
        >>> day = datetime(2026, 11, 22, tzinfo=UTC)
        >>> answers = {"age": 25, "goal": "gym"}
        >>> Result("t", "b", "r", day.date(), answers, "ja", day, day, ("goal",)).shown_answers()
        {'goal': 'gym'}
        """
        shown = self.answers if self.shown is None else self.shown
        return {name: value for name, value in self.answers.items() if name in shown}


@dataclass(frozen=True)
class RevisionDraft:
    """A revision about to be published as the successor of ``parent`` (None: the bank's first).

    ``content`` is the file as its author wrote it, comments and all; ``parsed`` is the same bank as
    JSON, which is read a hundred times faster than YAML. Comments and quotes are no part of what
    names a revision: the text belongs to the publication, as does ``cases``, the text of the bank's cases
    file: None where it is not told, an empty text where there is none. ``after`` is the number of the
    publication that must still be the newest (0: there must be none yet), for those who have looked at
    its texts too.
    """

    bank: str
    revision: str
    content: str
    parsed: str
    parent: str | None
    origin: Origin
    who: str
    why: str
    cases: str | None = field(default=None, repr=False)
    after: int | None = None


@dataclass(frozen=True)
class Revision:
    """One published state of a bank; never changed, never removed.

    ``content`` is the text with which it was first published; see ``Revisions.text_of`` for later ones.
    """

    revision: str
    bank: str
    content: str = field(repr=False)
    parsed: str = field(repr=False)


@dataclass(frozen=True)
class Publication:
    """One line of a bank's history: which revision became the live one, when, by whom and why.

    ``number`` grows with every publication of any bank. A roll-back is a new line that names an old
    revision; one of other comments, layout or cases alone names the revision that was live before.
    """

    number: int
    bank: str
    revision: str
    parent: str | None
    origin: Origin
    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class InStep:
    """The revision that the file of a bank, in one folder, last agreed with.

    ``seen`` is a digest of the files as they were then, so that nothing is checked twice.
    """

    place: str
    bank: str
    revision: str
    seen: str


def same_text(one: str, other: str) -> bool:
    r"""Whether two texts are the same but for their line ends, which differ from system to system.

    >>> same_text("a\r\nb\n", "a\nb\n"), same_text("a\n", "a \n")
    (True, False)
    """
    return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
