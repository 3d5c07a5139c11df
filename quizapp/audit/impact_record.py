"""What an impact says: plain frozen values, fit for a page, a command or JSON; nothing here is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quizapp.engine.answers import Answer

Kind = Literal["first", "top", "top_order", "standing", "cost", "first_cost"]
Rung = Literal["first", "ranked"]
KINDS: tuple[Kind, ...] = ("first", "top", "top_order", "standing", "cost", "first_cost")


@dataclass(frozen=True)
class Share:
    """A share of all answer sets, 0-1, with its standard error; an error of 0 says that it is exact."""

    value: float
    error: float = 0.0


NONE = Share(0.0)


@dataclass(frozen=True)
class Certainty:
    """How surely something never happens: ``proved``, or not once among ``tried`` answer sets."""

    proved: bool
    tried: int


@dataclass(frozen=True)
class Seen:
    """What one taker sees of a bank: first and top three as item ids, standings, totals of what is ranked.

    ``costs`` are in yen, None where nobody knows the total or money is no part of the item. An item that
    is not relevant to the taker is in neither.
    """

    first: str | None
    top: tuple[str, ...]
    standings: dict[str, str]
    costs: dict[str, int | None]


@dataclass(frozen=True)
class Example:
    """One complete taker: ``answers`` as the new bank takes them, ``answers_before`` as the old one does.

    Questions that are hidden for this taker are left out. ``before`` and ``after`` are what ``recommend``
    says of each.
    """

    answers: dict[str, Answer]
    answers_before: dict[str, Answer]
    before: Seen
    after: Seen


@dataclass(frozen=True)
class Change:
    """One kind of change, for what share of takers, with up to three examples.

    ``first``: another item, or nothing, stands first. ``top``: the top three are other items, in whatever
    order. ``top_order``: the top three as a list. ``standing``: that of any item both banks have,
    becoming relevant or irrelevant included. ``cost``: the total of any item ranked in both.
    ``first_cost``: the total of whatever stands first.
    """

    kind: Kind
    share: Share
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class ItemShares:
    """For what share of takers an item is first, and ranked at all; None in a bank that has it not."""

    item: str
    first_before: Share | None
    first_after: Share | None
    ranked_before: Share | None
    ranked_after: Share | None


@dataclass(frozen=True)
class Reach:
    """An item that can be first (or ranked) in one bank and not in the other, or that is in only one.

    ``certainty`` says how sure "not" is. An item that its bank does not have surely cannot be reached.
    """

    item: str
    rung: Rung
    certainty: Certainty


@dataclass(frozen=True)
class Weightless:
    """A question, or one of its options, on which some outcome rests in one bank and none in the other.

    An option is weightless if it always comes to the same as another option, ``same_as``, of its choice
    question, or if ticking it never makes a difference; it is told only where its question still matters.
    """

    question: str
    option: str | None
    certainty: Certainty
    same_as: str | None = None


@dataclass(frozen=True)
class Impact:
    """What an edit changes for takers.

    ``same`` says that the banks decide everything alike, so that nothing was gone through. ``exact`` says
    that every answer set was; else ``tried`` takers were drawn. ``answer_sets`` is how many ways there
    are to answer the new bank. ``unchanged`` is the share of takers for whom no kind of change holds.
    ``idle`` are questions and options that are new and never make a difference, ``unreached`` new items
    that are never first, or never ranked. ``nothing_first`` is the share for whom nothing is ranked, in the
    old bank and the new: with the items' shares of first places it makes a whole.
    """

    same: bool
    exact: bool
    tried: int
    answer_sets: int
    unchanged: Share
    changes: tuple[Change, ...]
    items: tuple[ItemShares, ...] = ()
    no_longer_matter: tuple[Weightless, ...] = ()
    newly_matter: tuple[Weightless, ...] = ()
    idle: tuple[Weightless, ...] = ()
    no_longer_reached: tuple[Reach, ...] = ()
    newly_reached: tuple[Reach, ...] = ()
    unreached: tuple[Reach, ...] = field(default=())
    nothing_first: tuple[Share, Share] = (NONE, NONE)

    def share(self, kind: Kind) -> Share:
        """The share of takers for whom one kind of change holds."""
        return next(change.share for change in self.changes if change.kind == kind)
