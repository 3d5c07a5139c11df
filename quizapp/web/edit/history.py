"""What was published, by whom and why; rolling back; drafts that were put away; the steps of a draft."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import allows
from quizapp.editing.audit_export import all_entries
from quizapp.editing.proposal import Texts, published
from quizapp.editing.publishing import reopen, roll_back
from quizapp.editing.review import Differences, differences_of
from quizapp.editing.workshop import way
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.store.records import Publication
from quizapp.web.edit.at_hand import AtHand, at_hand
from quizapp.web.edit.guard import editor, needs
from quizapp.web.edit.pages.difference_words import Group, comment_group, difference_groups
from quizapp.web.edit.pages.exchange import way_to
from quizapp.web.edit.pages.history import (
    HistoryPage,
    RevisionPage,
    StepsPage,
    editions_of,
    line_of,
    lines_of,
    put_away,
    step_rows,
)
from quizapp.web.edit.pages.review import ImpactState
from quizapp.web.edit.pages.trail import Crumb, trail
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.review import impact_of_work, published_address, wants_piece, words_of_work
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("history", __name__, url_prefix="/edit")


@bp.get("/<bank>/history")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """Every publication of a bank, and the drafts that were put away."""
    return desk_reply("history.html", _history(bank))


@bp.get("/<bank>/history/<int:number>")
@needs("viewer")
def show_line(bank: str, number: int) -> AnyResponse:
    """One publication: what it changed, and what going back to it would change."""
    return desk_reply("revision.html", _revision(bank, number))


@bp.get("/<bank>/history/<int:number>/<any(then, back):which>")
@needs("viewer")
def show_impact(bank: str, number: int, which: str) -> AnyResponse:
    """How far the count is of what a publication changed, or of what going back would change."""
    if not wants_piece():
        return redirect(f"/edit/{bank}/history/{number}?impact={which}", 303)
    line, before, live = _lines(bank, number)
    work = _against(line, before if which == "then" else live)
    return desk_reply("impact.html", _impact(work, number, which))


@bp.post("/<bank>/history/<int:number>/roll-back")
@needs("publisher")
def go_back(bank: str, number: int) -> AnyResponse:
    """Publish again what was live then, as a new publication."""
    kept, why = services(), request.form.get("why", "")
    try:
        done = roll_back(kept.store, kept.library, bank, number, editor(), why)
    except Invalid as error:
        lang = spoken()
        said = lang.say("Say in a sentence why it changes.")
        mistakes = tuple(
            said if one.code == "no_reason" else lang.told_in_a_line((one.what, one.fix))
            for one in error.problems
        )
        return desk_reply("revision.html", _revision(bank, number, why, mistakes), status=422)
    return redirect(f"{published_address(done)}&back={number}", 303)


@bp.post("/<bank>/history/reopen")
@needs("editor")
def bring_back(bank: str) -> AnyResponse:
    """Go on with a draft of one's own that was put away."""
    store = services().store
    draft = store.draft(request.form.get("which", ""))
    if draft.bank != bank or draft.editor != editor().id:
        raise NotFound("no such draft")
    try:
        reopen(store, draft.id, editor())
    except Conflict:
        said = spoken().say("You have another draft of this bank open. Publish or discard it first.")
        return desk_reply("history.html", _history(bank, said), status=409)
    return redirect(f"/edit/{bank}", 303)


@bp.get("/<bank>/steps")
@needs("viewer")
def show_steps(bank: str) -> AnyResponse:
    """The steps of a draft."""
    hand, lang = at_hand(bank), spoken()
    heads = services().store.draft_versions(hand.draft.id) if hand.draft else ()
    steps = step_rows(heads, way(heads), lang)
    where = trail(hand, lang, lang.say("Steps of the draft"))
    return desk_reply("steps.html", StepsPage(bank, where, steps, hand.version if hand.may_change else 0))


@bp.post("/<bank>/steps")
@needs("editor")
def restore(bank: str) -> AnyResponse:
    """Bring an earlier state of one's own draft back, as a new step."""
    draft = services().store.draft_of(bank, editor().id)
    version = request.form.get("version", "")
    if draft is None or not version.isdecimal() or len(version) > 9:
        raise NotFound("no such step")
    services().workshop.restore(draft.id, int(version))
    return redirect(f"/edit/{bank}/steps", 303)


def _history(bank: str, mistake: str = "") -> HistoryPage:
    store, lang, who = services().store, spoken(), editor()
    closed, where = store.closed_drafts(bank), lang.say("History")
    try:
        hand: AtHand | None = at_hand(bank)
    except NotFound:
        # A new bank whose only draft was discarded: it can be brought back from here.
        if not closed:
            raise
        hand = None
    names = {one.id: one.name for one in store.editors()}
    return HistoryPage(
        bank,
        trail(hand, lang, where) if hand else (*way_to(bank, lang), Crumb(where)),
        lines_of(store.history(bank), _brought_back(bank), lang),
        put_away(closed, names, who.id if allows(who.role, "editor") else "", lang),
        hand is not None and hand.draft is not None and hand.mine,
        mistake,
        request.args.get("discarded") == "yes",
    )


def _brought_back(bank: str) -> dict[int, int]:
    """Which edition each roll-back brought back, by the number of its publication, as the log tells it."""
    store = services().store
    editions = editions_of(store.history(bank))
    rolled = [entry.about for entry in all_entries(store, bank) if entry.did == "rolled_back"]
    pairs = ((about.get("number"), about.get("to")) for about in rolled)
    return {now: editions[to] for now, to in pairs if isinstance(now, int) and to in editions}


def _lines(bank: str, number: int) -> tuple[Publication, Publication | None, Publication]:
    """A publication, the one before it, and the one that is live. Raises NotFound."""
    history = services().store.history(bank)
    place = next((place for place, line in enumerate(history) if line.number == number), None)
    if place is None:
        raise NotFound(f"{bank} has no publication {number}")
    return history[place], history[place + 1] if place + 1 < len(history) else None, history[0]


def _against(line: Publication, base: Publication | None) -> Texts:
    """What a publication made live, as if it were a draft on top of another."""
    then = published(services().store, line)
    return Texts(line.bank, str(base.number) if base else None, then.text, then.cases)


def _revision(bank: str, number: int, why: str = "", mistakes: tuple[str, ...] = ()) -> RevisionPage:
    line, before, live = _lines(bank, number)
    lang, asked, hand = spoken(), request.args.get("impact", ""), at_hand(bank)
    then, back = _against(line, before), _against(line, live)
    is_live = line.number == live.number
    store = services().store
    changed, undone = differences_of(store, then), differences_of(store, back)
    edition = editions_of(store.history(bank))[number]
    title = lang.say("Edition %(n)s", n=edition)
    return RevisionPage(
        bank,
        title,
        (*trail(hand, lang), Crumb(lang.say("History"), f"/edit/{bank}/history"), Crumb(title)),
        line_of(line, is_live, edition, lang, _brought_back(bank).get(number, 0)),
        before is None,
        _groups(then, changed) if before else (),
        before is not None and not (changed.bank or changed.cases),
        _impact(then, number, "then") if asked == "then" and before else None,
        () if is_live else _groups(back, undone),
        undone.same,
        not undone.same and not (undone.bank or undone.cases),
        _impact(back, number, "back") if asked == "back" and not is_live else None,
        not is_live and allows(editor().role, "publisher"),
        why,
        mistakes,
    )


def _groups(work: Texts, told: Differences) -> tuple[Group, ...]:
    before, after = words_of_work(work, spoken())
    found = (*told.bank, *told.cases)
    groups = difference_groups(found, before.state, after.state, spoken())
    return (*groups, *comment_group(told.comments, spoken()))


def _impact(work: Texts, number: int, which: str) -> ImpactState:
    address = f"/edit/{work.bank}/history/{number}/{which}"
    return impact_of_work(work, address, *words_of_work(work, spoken()))
