"""The desk's side of a preview: choose the day, take the quiz on the draft, or make a link for a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.rehearsal import Rehearsal, rehearsal
from quizapp.errors import NotFound
from quizapp.store.editing_records import Draft
from quizapp.store.tokens import new_secret
from quizapp.web.edit.at_hand import AtHand, at_hand, drafts_editor, own_draft
from quizapp.web.edit.draft_stage import day_of
from quizapp.web.edit.guard import editor, needs, signed
from quizapp.web.edit.pages.preview import Offered, Previewed, Way, offered, preview_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("preview", __name__, url_prefix="/edit/<bank>/preview")

LINK_DAYS = 14
OWN_HOURS = 24


@bp.get("")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """Whether the draft can be taken, and on which day."""
    return _page(_Wish(at_hand(bank), services().today().isoformat()))


@bp.post("")
@needs("viewer")
def start(bank: str) -> AnyResponse:
    """Take the quiz on the draft as it is now, by a link of one's own that ends tomorrow."""
    wish = _wish(bank)
    if wish.mistake or wish.shown.compiled is None or not _may_start(wish.hand):
        return _page(wish, 422)
    return redirect(_link(_draft(wish.hand), wish.on, timedelta(hours=OWN_HOURS)), 303)


@bp.post("/link")
@needs("editor")
def offer(bank: str) -> AnyResponse:
    """A link for somebody without an account, to this version and for a fortnight; shown this once."""
    wish = _wish(bank)
    if wish.mistake or wish.shown.compiled is None:
        return _page(wish, 422)
    draft, holds = _draft(wish.hand), timedelta(days=LINK_DAYS)
    until = datetime.now(UTC) + holds
    address = request.host_url.rstrip("/") + _link(draft, wish.on, holds)
    about = {"draft": draft.id, "version": draft.version, "until": until.isoformat(timespec="minutes")}
    services().store.record(editor().name, "preview_offered", bank, about)
    return _page(wish, offered=offered(address, until, spoken()))


@dataclass(frozen=True)
class _Wish:
    """What somebody wants to try out, and the day as they wrote it."""

    hand: AtHand
    on: str
    mistake: str = ""

    @property
    def shown(self) -> Rehearsal:
        """The draft on that day; today's where it is none."""
        return rehearsal(self.hand, day_of(self.on) or services().today())


def _wish(bank: str) -> _Wish:
    on = request.form.get("on", "")
    return _Wish(at_hand(bank), on, "" if day_of(on) else spoken().say("Choose a day between 2000 and 2099."))


def _may_start(hand: AtHand) -> bool:
    # A link leads to a draft, and only an editor may open one on what is live.
    return hand.draft is not None or hand.may_change


def _draft(hand: AtHand) -> Draft:
    return hand.draft or own_draft(hand.bank, 0)


def _link(draft: Draft, on: str, holds: timedelta) -> str:
    """The address of a new preview of the draft's newest version."""
    secret = new_secret()
    services().store.offer_preview(draft.id, draft.version, secret, datetime.now(UTC) + holds)
    return url_for("previewed.start", token=secret, day=on)


def _page(wish: _Wish, status: int = 200, offered: Offered | None = None) -> AnyResponse:
    hand, lang = wish.hand, spoken()
    source = hand.link("source.show")
    page = preview_page(_about(hand), source, wish.on, wish.shown, _others(hand), lang, wish.mistake, offered)
    return desk_reply("preview.html", page, status)


def _about(hand: AtHand) -> Previewed:
    who = signed()
    assert who is not None, "a view without needs()"
    theirs = hand.draft if hand.draft and not hand.mine else None
    return Previewed(
        bank=hand.bank,
        name=hand.name(spoken()),
        draft=theirs.id if theirs else "",
        version=hand.version,
        editor=drafts_editor(theirs) if theirs else "",
        may_start=_may_start(hand),
        may_offer=who.may("editor"),
    )


def _others(hand: AtHand) -> tuple[Way, ...]:
    """The drafts of others that can be tried out too."""
    ways = []
    for head in services().store.open_drafts(hand.bank):
        if head.editor == editor().id or (hand.draft and head.id == hand.draft.id):
            continue
        ways.append(Way(_name(head.editor), url_for("preview.show", bank=hand.bank, draft=head.id)))
    return tuple(ways)


def _name(editor_id: str) -> str:
    try:
        return services().store.editor(editor_id).name
    except NotFound:
        return editor_id
