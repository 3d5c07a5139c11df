"""What every page about a draft carries: where it is, what was done last, what can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import CASES, place_at
from quizapp.web.edit.at_hand import drafts_editor
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.names import address_names
from quizapp.web.edit.pages.trail import Crumb, trail
from quizapp.web.edit.steps import step_words


@dataclass(frozen=True)
class DraftBar:
    """The state of the draft that a page is about; ``owner`` is the name of whose it is, if it is not the reader's."""

    bank: str
    desk: str
    version: int
    base: str
    draft: str
    may_change: bool
    begun: bool
    mine: bool
    behind: bool
    last: str
    saved: str
    can_undo: bool
    can_redo: bool
    blocking: int
    owner: str = ""


def draft_bar(bench: Bench) -> DraftBar:
    """The bar of the draft at hand."""
    hand, language = bench.hand, bench.language
    last = bench.heads[0] if bench.heads else None
    return DraftBar(
        hand.bank,
        hand.link("desk.show"),
        hand.version,
        hand.base or "",
        hand.draft.id if hand.draft and not hand.mine else "",
        hand.may_change,
        hand.draft is not None,
        hand.mine,
        hand.behind,
        step_words(last.what, language) if last and last.what != "opened" else "",
        language.moment(last.at) if last else "",
        hand.may_change and bench.way.can_undo,
        hand.may_change and bench.way.can_redo,
        sum(problem.blocks for problem in bench.problems),
        drafts_editor(hand.draft) if hand.draft and not hand.mine else "",
    )


def trail_to(bench: Bench, address: Address, *here: str) -> tuple[Crumb, ...]:
    """From the list of banks to a part; the last step has no link."""
    begin = trail(bench.hand, bench.language)
    names = address_names(bench.bank, bench.data(address), address, bench.language)
    steps = [
        Crumb(words, bench.href(at))
        for at, words in names
        if len(at) < 3 or at == address or not _listed(bench, at)
    ]
    found = (*begin, *steps, *(Crumb(words) for words in here))
    return (*found[:-1], Crumb(found[-1].words))


def _listed(bench: Bench, at: Address) -> bool:
    """Whether it is a list within a part, which stands on that part's own page."""
    return place_at(bench.data(at), at).is_list


def row_id(word: str) -> str:
    """The id of a row's element."""
    return f"row-{quote(word, safe='')}"


def is_cases(address: Address) -> bool:
    """Whether a part is one of the cases."""
    return address[:1] == (CASES,)
