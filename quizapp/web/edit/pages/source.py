"""What the source view shows: a draft's whole text with its problems by line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.workshop import Sheet
from quizapp.i18n import Language
from quizapp.web.assets import asset_path
from quizapp.web.edit.at_hand import AtHand
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.pages.frame import DraftBar, draft_bar
from quizapp.web.edit.pages.problems import ProblemRow, problem_rows
from quizapp.web.edit.pages.trail import Crumb, trail

# As many bytes as a bank's file may have.
LARGEST = 256 * 1024


@dataclass(frozen=True)
class SourcePage:
    """One text of a draft as it is typed. ``theirs`` is what somebody else saved meanwhile, else empty."""

    bank: str
    title: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    sheet: Sheet
    bank_href: str
    cases_href: str
    text: str = field(repr=False)
    version: int = 0
    base: str = ""
    problems: tuple[ProblemRow, ...] = ()
    may_change: bool = False
    draft: str = ""
    theirs: str = field(default="", repr=False)
    mistake: str = ""
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))
    script: str = field(default_factory=lambda: asset_path("source.js"))

    @property
    def problems_json(self) -> str:
        """The problems as the script takes them."""
        return json.dumps([one.to_json() for one in self.problems], ensure_ascii=False)


def source_page(
    hand: AtHand,
    sheet: Sheet,
    found: tuple[PlacedProblem, ...],
    language: Language,
    *,
    typed: str | None = None,
    theirs: str = "",
    mistake: str = "",
) -> SourcePage:
    """One text of what is at hand, or what was ``typed`` in its place and could not be saved."""
    text = hand.sheet(sheet) if typed is None else typed
    here = language.say("File of the cases") if sheet == "cases" else language.say("File of the bank")
    return SourcePage(
        hand.bank,
        here,
        trail(hand, language, here),
        draft_bar(Bench(hand, language)),
        sheet,
        hand.link("source.show", sheet="bank"),
        hand.link("source.show", sheet="cases"),
        text,
        hand.version,
        hand.base or "",
        problem_rows(tuple(one for one in found if one.sheet == sheet), hand, language, as_written=True),
        hand.may_change,
        hand.draft.id if hand.draft and not hand.mine else "",
        theirs,
        mistake,
    )
