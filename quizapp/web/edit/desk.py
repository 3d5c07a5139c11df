"""A bank's desk, and what is done to a draft as a whole: undo, redo, discard."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.publishing import discard
from quizapp.errors import NotFound
from quizapp.web.edit.at_hand import at_hand, own_draft
from quizapp.web.edit.bench import bench
from quizapp.web.edit.guard import editor, needs
from quizapp.web.edit.pages.desk import desk_page
from quizapp.web.edit.pages.discard import DiscardPage
from quizapp.web.edit.pages.trail import trail
from quizapp.web.edit.replies import desk_reply
from quizapp.web.own_pages import own_page
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("desk", __name__, url_prefix="/edit")


@bp.get("/<bank>")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """All that a bank is made of."""
    here, store = bench(bank), services().store
    drafts = [draft for draft in store.open_drafts(bank) if draft.editor != editor().id]
    others = tuple(_name(draft.editor) for draft in drafts)
    return desk_reply("desk.html", desk_page(here, others))


@bp.post("/<bank>/undo")
@needs("editor")
def undo(bank: str) -> AnyResponse:
    """Go a step back in the draft, or forward again, and stay on the page."""
    draft = own_draft(bank, 1)
    if request.form.get("do") == "redo":
        services().workshop.redo(draft.id)
    else:
        services().workshop.undo(draft.id)
    here = request.form.get("here", "")
    return redirect(own_page(here, otherwise="overview.banks") if here else f"/edit/{bank}", 303)


@bp.get("/<bank>/discard")
@needs("editor")
def ask_discard(bank: str) -> AnyResponse:
    """Ask whether the draft shall be discarded."""
    draft = services().store.draft_of(bank, editor().id)
    if draft is None:
        raise NotFound
    hand, lang = at_hand(bank), spoken()
    where = trail(hand, lang, lang.say("Discard the draft"))
    return desk_reply("discard.html", DiscardPage(bank, where, lang.moment(draft.updated)))


@bp.post("/<bank>/discard")
@needs("editor")
def put_away(bank: str) -> AnyResponse:
    """Discard the draft, once that was asked for; it can be brought back from the history."""
    draft = services().store.draft_of(bank, editor().id)
    if draft is None:
        raise NotFound
    if request.form.get("sure") != "yes":
        return redirect(f"/edit/{bank}/discard", 303)
    discard(services().store, draft, editor())
    return redirect(f"/edit/{bank}/history?discarded=yes", 303)


def _name(editor_id: str) -> str:
    try:
        return services().store.editor(editor_id).name
    except NotFound:
        return "?"
