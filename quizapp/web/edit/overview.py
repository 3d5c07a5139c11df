"""The overview of banks: what is live, what is being changed, what needs somebody's eye."""

from __future__ import annotations

import json
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.ageing import ageing
from quizapp.editing.case_review import failing_cases
from quizapp.editing.proposal import data_of
from quizapp.editing.review import problems_of
from quizapp.errors import NotFound
from quizapp.store.editing_records import DraftHead
from quizapp.web.edit.at_hand import AtHand, at_hand
from quizapp.web.edit.guard import editor, needs
from quizapp.web.edit.pages.overview import BankRow, OverviewPage
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.steps import step_words
from quizapp.web.replies import spoken
from quizapp.web.services import JAPAN, services

bp = Blueprint("overview", __name__, url_prefix="/edit")


@bp.get("")
@bp.get("/")
@needs("viewer")
def banks() -> AnyResponse:
    """Every bank that is live or being written, those with a draft of one's own first."""
    drafts = services().store.open_drafts()
    live = [bank.slug for bank in services().library.published()]
    known = dict.fromkeys([*live, *services().store.heads(), *(draft.bank for draft in drafts)])
    takers = services().store.saved_since(_month_begin())
    rows = [row for slug in known if (row := _row(slug, drafts, takers))]
    rows.sort(key=lambda row: not row.mine)
    role = editor().role
    return desk_reply("overview.html", OverviewPage(tuple(rows), role != "viewer", editor().name))


def _row(slug: str, drafts: tuple[DraftHead, ...], takers: dict[str, int]) -> BankRow | None:
    others = [draft for draft in drafts if draft.bank == slug and draft.editor != editor().id]
    try:
        hand = at_hand(slug)
    except NotFound:
        # A new bank that somebody else is writing.
        return _unseen(slug, others) if others else None
    language = spoken()
    count, failing = _cases(hand)
    last = services().store.draft_versions(hand.draft.id)[0].what if hand.draft else ""
    return BankRow(
        slug,
        hand.name(language),
        hand.link("desk.show"),
        language.moment(hand.live.at) if hand.live else "",
        _by(hand),
        language.moment(hand.draft.updated) if hand.draft else "",
        step_words(last, language) if last and last != "opened" else "",
        tuple(_name(draft) for draft in others),
        sum(one.blocks for one in problems_of(hand, services().today())) if hand.draft else 0,
        count,
        failing,
        _ageing(hand),
        takers.get(slug, 0),
    )


def _by(hand: AtHand) -> str:
    """Who made it live; a file speaks for nobody."""
    if hand.live is None:
        return ""
    return spoken().say("from the file") if hand.live.origin == "file" else hand.live.who


def _unseen(slug: str, others: list[DraftHead]) -> BankRow:
    href = f"/edit/{slug}?draft={others[0].id}"
    return BankRow(slug, slug, href, "", "", "", "", tuple(_name(draft) for draft in others), 0, 0, 0, 0, 0)


def _name(draft: DraftHead) -> str:
    try:
        return services().store.editor(draft.editor).name
    except NotFound:
        return "?"


def _cases(hand: AtHand) -> tuple[int, int]:
    """How many cases there are, and how many of them fail."""
    data = data_of(hand, "cases")
    cases = data.get("cases") if isinstance(data, dict) else None
    count = len(cases) if isinstance(cases, list) else 0
    # What is live has passed its cases; only a draft has to be asked.
    failing = len(failing_cases(services().store, hand, services().today())) if hand.draft and count else 0
    return count, failing


def _ageing(hand: AtHand) -> int:
    """How many facts of the live bank, sources included, go out of date."""
    if hand.live is None:
        return 0
    bank = next((one for one in services().library.published() if one.slug == hand.bank), None)
    if bank is None:
        return 0
    return len(ageing(bank.bank, _parsed(bank.revision), services().today()))


@lru_cache(maxsize=32)
def _parsed(revision: str) -> Any:
    return json.loads(services().store.revision(revision).parsed)


def _month_begin() -> datetime:
    """The first moment of this month in Japan."""
    return datetime.combine(services().today().replace(day=1), time(), JAPAN)
