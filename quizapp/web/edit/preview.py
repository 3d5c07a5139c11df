"""The desk's side of a preview: choose the day, take the quiz on the draft, make links for reviewers and end them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.rehearsal import Rehearsal, rehearsal
from quizapp.errors import Conflict, NotFound
from quizapp.store.editing_records import MOST_SHARED_PREVIEWS, Draft
from quizapp.store.records import Rate
from quizapp.store.tokens import new_secret
from quizapp.web.edit.at_hand import AtHand, at_hand, drafts_editor, own_draft
from quizapp.web.edit.draft_stage import day_of
from quizapp.web.edit.guard import editor, needs, signed
from quizapp.web.edit.pages.preview import Offered, OpenLink, Previewed, Way, offered, preview_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("preview", __name__, url_prefix="/edit/<bank>/preview")

LINK_DAYS = 14
OWN_HOURS = 24
# So many previews may be made at once, and in each ten minutes as many again.
MAKES, MAKE_SECONDS = 30, 600.0


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
    if wait := _wait():
        return _held_back(wish, wait)
    if wish.mistake or wish.shown.compiled is None or not _may_start(wish.hand):
        return _page(wish, 422)
    return redirect(_link(_draft(wish.hand), wish.on, timedelta(hours=OWN_HOURS), shared=False), 303)


@bp.post("/link")
@needs("editor")
def offer(bank: str) -> AnyResponse:
    """A link for somebody without an account, to this version and for a fortnight; shown this once."""
    wish = _wish(bank)
    if wait := _wait():
        return _held_back(wish, wait)
    if wish.mistake or wish.shown.compiled is None:
        return _page(wish, 422)
    draft, holds = _draft(wish.hand), timedelta(days=LINK_DAYS)
    until = datetime.now(UTC) + holds
    try:
        address = request.host_url.rstrip("/") + _link(draft, wish.on, holds, shared=True)
    except Conflict:
        most = spoken().say(
            "You have %(n)s links open, which is the most. End one first.", n=MOST_SHARED_PREVIEWS
        )
        return _page(replace(wish, mistake=most), 409)
    about = {"draft": draft.id, "version": draft.version, "until": until.isoformat(timespec="minutes")}
    services().store.record(editor().name, "preview_offered", bank, about)
    return _page(wish, offered=offered(address, until, spoken()))


@bp.post("/end")
@needs("viewer")
def end(bank: str) -> AnyResponse:
    """End a link of one's own at once. Whoever may not make links any more may still end theirs."""
    services().store.end_preview(editor().id, request.form.get("link", ""))
    services().store.record(editor().name, "preview_ended", bank, {})
    return redirect(at_hand(bank).link("preview.show", ended="yes"), 303)


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


def _wait() -> float:
    """Seconds until this editor may make one more preview; 0 where they may now, and it is then counted."""
    return services().store.take_turn(Rate(f"preview by {editor().id}", MAKES, MAKE_SECONDS))


def _held_back(wish: _Wish, seconds: float) -> AnyResponse:
    words = spoken().count(
        "Many previews were begun in a short time. Wait %(n)s minute.",
        "Many previews were begun in a short time. Wait %(n)s minutes.",
        math.ceil(seconds / 60),
    )
    response = _page(replace(wish, mistake=words), 429)
    response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _may_start(hand: AtHand) -> bool:
    # A link leads to a draft, and only an editor may open one on what is live.
    return hand.draft is not None or hand.may_change


def _draft(hand: AtHand) -> Draft:
    return hand.draft or own_draft(hand.bank, 0)


def _link(draft: Draft, on: str, holds: timedelta, shared: bool) -> str:
    """The address of a new preview of the draft's newest version; Conflict for one too many to share."""
    secret, until = new_secret(), datetime.now(UTC) + holds
    services().store.offer_preview(draft.id, draft.version, secret, until, editor().id, shared)
    return url_for("previewed.start", token=secret, day=on)


def _page(wish: _Wish, status: int = 200, offered: Offered | None = None) -> AnyResponse:
    hand, lang = wish.hand, spoken()
    source = hand.link("source.show")
    page = preview_page(_about(hand), source, wish.on, wish.shown, _others(hand), lang, wish.mistake, offered)
    page = replace(page, links=_open_links(hand), ended=request.args.get("ended") == "yes")
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


def _open_links(hand: AtHand) -> tuple[OpenLink, ...]:
    """The links that this editor made for others, to whatever bank: together they may be so many."""
    lang = spoken()
    names = {one.slug: lang.text(one.bank.title) for one in services().library.published()}
    names[hand.bank] = hand.name(lang)
    return tuple(
        OpenLink(one.id, names.get(one.bank, one.bank), one.version, lang.moment(one.until))
        for one in services().store.shared_previews(editor().id)
    )


def _name(editor_id: str) -> str:
    try:
        return services().store.editor(editor_id).name
    except NotFound:
        return editor_id
