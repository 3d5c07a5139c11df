"""Bringing a draft up to what is live: what both changed, what either changed, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.differences import differences
from quizapp.bank.comparing.merging import Clash, Merged
from quizapp.editing.workshop import SHEETS, Sheet
from quizapp.i18n import Language
from quizapp.store.records import Publication
from quizapp.web.assets import asset_path
from quizapp.web.edit.at_hand import AtHand
from quizapp.web.edit.pages.difference_words import Group, State, Words, comment_group, difference_groups
from quizapp.web.edit.pages.trail import Crumb, trail

MOST_LINES = 20

Side = Literal["mine", "theirs"]
Comments = tuple[tuple[str, str], ...]
Chosen = Mapping[Sheet, Mapping[Address, Side]]


@dataclass(frozen=True)
class ThreeWays:
    """One text in its three states, and what both made of it; of comments, what clashes.

    ``comments`` are those that theirs changed, then those that mine did.
    """

    base: State
    mine: State
    theirs: State
    merged: Mapping[Sheet, Merged]
    of_comments: Mapping[Sheet, tuple[Clash, ...]] = field(default_factory=dict)
    comments: tuple[Comments, ...] = ((), ())


@dataclass(frozen=True)
class ClashRow:
    """A part that both changed in different ways. ``field`` names its choice, ``chosen`` is what was chosen.

    ``is_text`` where the values are lines of the file.
    """

    field: str
    part: str
    base: str
    mine: str
    theirs: str
    chosen: str
    is_text: bool = False


@dataclass(frozen=True)
class MergePage:
    """Both changes side by side. ``behind`` is False where there is nothing to bring together."""

    bank: str
    trail: tuple[Crumb, ...]
    behind: bool
    who: str
    when: str
    why: str
    live: int
    version: int
    clashes: tuple[ClashRow, ...]
    theirs: tuple[Group, ...]
    mine: tuple[Group, ...]
    may_merge: bool
    mistake: str = ""
    broken: str = ""
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def field_of(sheet: Sheet, address: Address) -> str:
    """The name of the choice of a clash in a form.

    >>> field_of("bank", ("items", "a"))
    'clash:["bank","items","a"]'
    """
    return "clash:" + json.dumps([sheet, *address], ensure_ascii=False, separators=(",", ":"))


def merge_page(
    hand: AtHand,
    live: Publication | None,
    ways: ThreeWays | None,
    chosen: Mapping[str, str],
    language: Language,
    *,
    may_merge: bool = False,
    mistake: str = "",
    broken: str = "",
) -> MergePage:
    """The page; ``chosen`` are the choices made so far by the names of their fields."""
    return MergePage(
        hand.bank,
        trail(hand, language, language.say("Bring both together")),
        hand.behind,
        live.who if live else "",
        language.moment(live.at) if live else "",
        live.why if live else "",
        live.number if live else 0,
        hand.version,
        tuple(_clashes(ways, chosen, language)) if ways else (),
        _changes(ways.base, ways.theirs, ways.comments[0], language) if ways else (),
        _changes(ways.base, ways.mine, ways.comments[1], language) if ways else (),
        may_merge,
        mistake,
        broken,
    )


def _changes(before: State, after: State, comments: Comments, language: Language) -> tuple[Group, ...]:
    found = (*differences(before.bank, after.bank), *differences(before.cases, after.cases))
    groups = difference_groups(found, before, after, language)
    return (*groups, *comment_group(comments, language))


def _clashes(ways: ThreeWays, chosen: Mapping[str, str], language: Language) -> list[ClashRow]:
    states = tuple(Words(state, language) for state in (ways.base, ways.mine, ways.theirs))
    rows = [
        _clash_row(sheet, clash, states, chosen) for sheet in SHEETS for clash in ways.merged[sheet].clashes
    ]
    of_comments = [(sheet, clash) for sheet in SHEETS for clash in ways.of_comments.get(sheet, ())]
    return [*rows, *(_comment_row(sheet, clash, chosen, language) for sheet, clash in of_comments)]


def _comment_row(sheet: Sheet, clash: Clash, chosen: Mapping[str, str], language: Language) -> ClashRow:
    name = field_of(sheet, clash.address)
    part = (
        language.say("Comments and layout")
        if sheet == "bank"
        else language.say("Comments and layout of the cases")
    )
    base, mine, theirs = (_shown(one, language) for one in (clash.base, clash.mine, clash.theirs))
    return ClashRow(name, part, base, mine, theirs, chosen.get(name, ""), is_text=True)


def _shown(lines: str, language: Language) -> str:
    """Lines of the file, of very many the first."""
    shown = lines.splitlines()
    cut = [*shown[:MOST_LINES], "…"] if len(shown) > MOST_LINES else shown
    return "\n".join(cut) if lines.strip() else language.say("(not there)")


def _clash_row(sheet: Sheet, clash: Clash, states: tuple[Words, ...], chosen: Mapping[str, str]) -> ClashRow:
    base, mine, theirs = states
    name = field_of(sheet, clash.address)
    part = max((words.whole(clash.address) for words in (mine, theirs)), key=len)
    return ClashRow(
        name,
        part or mine.language.say("Whole file"),
        base.value(clash.address, clash.base),
        mine.value(clash.address, clash.mine),
        theirs.value(clash.address, clash.theirs),
        chosen.get(name, ""),
    )
