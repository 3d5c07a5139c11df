"""Review and publish: what blocks, what it changes for takers, what was changed; then, live."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accepting import accept_outcomes, now_expected
from quizapp.editing.accounts import allows
from quizapp.editing.case_review import changed_cases, failing_cases
from quizapp.editing.proposal import Proposal, base_line, cases_of, data_of, judged, nothing, published
from quizapp.editing.publishing import publish
from quizapp.editing.review import ageing_of, differences_of, impact_name, impact_of, problems_of
from quizapp.errors import Conflict, Invalid
from quizapp.i18n import Language
from quizapp.library.records import Published
from quizapp.store.editing_records import Draft
from quizapp.web.edit.at_hand import AtHand, at_hand, drafts_editor
from quizapp.web.edit.guard import editor, needs
from quizapp.web.edit.impacts import Count
from quizapp.web.edit.pages.difference_words import State, Words
from quizapp.web.edit.pages.published import FILES, published_page
from quizapp.web.edit.pages.review import (
    Findings,
    ImpactState,
    Looker,
    Reasons,
    ReviewPage,
    impact_state,
    review_page,
)
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("review", __name__, url_prefix="/edit")


@bp.get("/<bank>/review")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """What blocks a draft, what it changes for takers, and what was changed."""
    same = request.args.get("imported") == "same"
    said = spoken().say("Imported. It is the same as what is live.") if same else ""
    return desk_reply("review.html", replace(_page(at_hand(bank), Reasons()), note=said))


@bp.get("/<bank>/review/impact")
@needs("viewer")
def show_impact(bank: str) -> AnyResponse:
    """How far the count of the impact is, and what came out, as a piece of the page."""
    hand = at_hand(bank)
    if not wants_piece():
        return redirect(f"{hand.link('review.show')}#takers", 303)
    return desk_reply("impact.html", impact_of_work(hand, hand.link("review.show_impact"), *_words(hand)))


@bp.post("/<bank>/review/accept")
@needs("editor")
def accept(bank: str) -> AnyResponse:
    """Let a case expect what the bank says now; or every one that fails."""
    hand = at_hand(bank)
    if hand.draft is None or not _may_accept(hand):
        abort(403)
    store, on = services().store, services().today()
    if request.form.get("all"):
        wanted = [one.id for one in failing_cases(store, hand, on) if _outcome(hand, one.id)]
    else:
        wanted = [request.form.get("case", "")]
    accept_outcomes(services().workshop, hand.draft, wanted, on)
    return redirect(f"{hand.link('review.show')}#cases", 303)


@bp.post("/<bank>/publish")
@needs("publisher")
def put_live(bank: str) -> AnyResponse:
    """Publish the draft as it was reviewed: what it changes for takers was seen, or is expressly waived."""
    hand = at_hand(bank)
    why, case_reason = request.form.get("why", ""), request.form.get("case_reason", "")
    lang = spoken()
    if hand.draft is None:
        raise Conflict(f"there is no draft of {bank}")
    if str(hand.version) != request.form.get("version"):
        said = lang.say("The draft was changed after you had opened this page. Look at it once more.")
        return desk_reply("review.html", _page(hand, Reasons(why, case_reason, (said,))), status=409)
    wanted = impact_name(services().store, hand, services().today())
    seen = wanted is None or request.form.get("seen") == wanted
    unseen = request.form.get("unseen") == "yes"
    if not (seen or unseen):
        said = lang.say("Look at what changes for takers first, or choose to publish without it.")
        return desk_reply("review.html", _page(hand, Reasons(why, case_reason, (said,))), status=422)
    try:
        done = _publish(hand.draft, why, case_reason, not seen)
    except Invalid as error:
        mistakes = tuple(dict.fromkeys(_mistake(one.code, one.what, lang) for one in error.problems))
        return desk_reply("review.html", _page(hand, Reasons(why, case_reason, mistakes, unseen)), status=422)
    except Conflict:
        said = lang.say("Somebody has published this bank meanwhile. Bring both together first.")
        page = _page(at_hand(bank), Reasons(why, case_reason, (said,)))
        return desk_reply("review.html", page, status=409)
    return redirect(published_address(done), 303)


@bp.get("/<bank>/published")
@needs("viewer")
def show_published(bank: str) -> AnyResponse:
    """What is live now, and whether the file holds it."""
    store = services().store
    lines = store.history(bank)
    if not lines:
        abort(404)
    file, back = request.args.get("file", ""), request.args.get("back", "")
    return desk_reply("published.html", published_page(lines, file, back, _title(bank), spoken()))


def published_address(done: Published) -> str:
    """Where it is told that a bank is live now, and what became of its file."""
    told = next((word for word, why in FILES.items() if why == done.why_not), "")
    return f"/edit/{done.publication.bank}/published?file={told}"


def wants_piece() -> bool:
    """Whether a script asks for a piece of a page instead of a page."""
    return request.headers.get("X-Piece") == "yes"


def impact_of_work(work: Proposal, address: str, before: Words, after: Words) -> ImpactState:
    """How far the count of what a proposal changes is; begun where nobody has asked for it yet."""
    store, on, lang = services().store, services().today(), after.language
    line, name = base_line(store, work), impact_name(store, work, on)
    if line is None:
        return impact_state(
            address, None, lang.say("This bank is new: nobody has taken it yet."), before, after
        )
    found = judged(work, on)
    if found.compiled is None or found.loaded is None or name is None:
        return impact_state(
            address, None, lang.say("Shown once the problems above are mended."), before, after
        )
    key = (line.revision, found.compiled.revision, on)
    count: Count = services().impacts.ask(key, lambda progress: impact_of(store, work, on, progress))
    return impact_state(address, count, "", before, after, name)


def states_of(work: Proposal) -> tuple[State, State]:
    """What a proposal grew from and what it holds, as plain data."""
    store = services().store
    line = base_line(store, work)
    before = published(store, line) if line else nothing(work.bank)
    old, new = (State(data_of(one, "bank"), data_of(one, "cases")) for one in (before, work))
    return old, new


def words_of_work(work: Proposal, language: Language) -> tuple[Words, Words]:
    """The words of both states."""
    before, after = states_of(work)
    return Words(before, language), Words(after, language)


def _words(hand: AtHand) -> tuple[Words, Words]:
    return words_of_work(hand, spoken())


def _publish(draft: Draft, why: str, case_reason: str, unseen: bool) -> Published:
    kept, who = services(), editor()
    store, library, workshop, on = kept.store, kept.library, kept.workshop, kept.today()
    return publish(store, library, workshop, draft, who, why, case_reason, on, unseen=unseen)


def _page(hand: AtHand, reasons: Reasons) -> ReviewPage:
    store, on = services().store, services().today()
    words = _words(hand)
    told = differences_of(store, hand)
    failing = failing_cases(store, hand, on)
    found = Findings(
        problems_of(hand, on),
        failing,
        ageing_of(hand, on),
        told,
        changed_cases(told.cases),
        _how_many_cases(hand),
        {case.id: now for case in failing if (now := _outcome(hand, case.id))},
    )
    impact = impact_of_work(hand, hand.link("review.show_impact"), *words)
    return review_page(hand, found, impact, words, _looker(hand), reasons)


def _outcome(hand: AtHand, case: str) -> tuple[Any, Any] | None:
    """What a case expects and what the bank says; None where the bank cannot read the case's answers."""
    try:
        return now_expected(hand, case, services().today())
    except Conflict:
        return None


def _how_many_cases(hand: AtHand) -> int:
    cases, _ = cases_of(hand)
    return len(cases.cases) if cases else 0


def _looker(hand: AtHand) -> Looker:
    publishers = tuple(
        one.name for one in services().store.editors() if one.role == "publisher" and not one.disabled
    )
    owner = drafts_editor(hand.draft) if hand.draft else ""
    return Looker(allows(editor().role, "publisher"), _may_accept(hand), publishers, owner)


def _may_accept(hand: AtHand) -> bool:
    """A case may be changed in a draft of one's own; in anybody's by who would publish it."""
    return hand.draft is not None and (hand.may_change or allows(editor().role, "publisher"))


def _title(bank: str) -> str:
    found = next((one for one in services().library.published() if one.slug == bank), None)
    return spoken().text(found.bank.title) if found else bank


def _mistake(code: str, what: str, language: Language) -> str:
    said = MISTAKES.get(code)
    return language.say(said) if said else language.retold(what)


def _m_(message: str) -> str:
    return message


MISTAKES = {
    "no_reason": _m_("Say in a sentence why it changes."),
    "long_reason": _m_("The reason is too long; 500 characters are the most."),
    "no_case_reason": _m_("Cases expect something else now: say why the new outcome is right."),
    "nothing_changed": _m_("Nothing was changed."),
    "case_failed": _m_("A case fails; see above."),
}
