"""Two people on one bank: the second brings their draft up to what the first has published, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.merging import Clash, merge
from quizapp.editing.proposal import Texts, data_of, nothing, published
from quizapp.editing.review import differences_between
from quizapp.editing.workshop import SHEETS, Clashing, Sheet
from quizapp.errors import Conflict, Invalid
from quizapp.web.edit.at_hand import AtHand, at_hand
from quizapp.web.edit.guard import needs
from quizapp.web.edit.pages.difference_words import State
from quizapp.web.edit.pages.merging import MergePage, Side, ThreeWays, field_of, merge_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("merging", __name__, url_prefix="/edit")

SIDES: tuple[Side, ...] = ("mine", "theirs")
Choices: TypeAlias = Mapping[Sheet, Mapping[Address, Side]]


@bp.get("/<bank>/merge")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """What was published meanwhile beside what the draft changes, and where the two clash."""
    return desk_reply("merge.html", _page(at_hand(bank)))


@bp.post("/<bank>/merge")
@needs("editor")
def bring_together(bank: str) -> AnyResponse:
    """The draft brought up to what is live; every clash ends as it was chosen."""
    hand, lang = at_hand(bank), spoken()
    if hand.draft is None or not hand.may_change:
        raise Conflict(f"no draft of {bank} of one's own")
    if request.form.get("live") != (str(hand.live.number) if hand.live else ""):
        said = lang.say("Somebody has published once more. Look at it again.")
        return desk_reply("merge.html", _page(hand, said), status=409)
    if request.form.get("version") != str(hand.version):
        said = lang.say("Your draft was changed in another window. Look at it again.")
        return desk_reply("merge.html", _page(hand, said), status=409)
    try:
        services().workshop.catch_up(hand.draft.id, _choices(hand))
    except Clashing:
        said = lang.say("Choose one for each part that both changed.")
        return desk_reply("merge.html", _page(hand, said), status=422)
    except Invalid as error:
        return desk_reply("merge.html", _page(hand, broken=lang.retold(error.problems[0].what)), status=422)
    return redirect(f"/edit/{bank}/review", 303)


def _choices(hand: AtHand) -> Choices:
    """What was chosen, for the clashes that there are: of fields, then of comments."""
    ways = _three_ways(hand)
    if ways is None:
        return {}
    return {
        sheet: _chosen(sheet, (*ways.merged[sheet].clashes, *ways.of_comments[sheet])) for sheet in SHEETS
    }


def _chosen(sheet: Sheet, clashes: tuple[Clash, ...]) -> dict[Address, Side]:
    said = {clash.address: request.form.get(field_of(sheet, clash.address)) for clash in clashes}
    return {address: side for address, one in said.items() for side in SIDES if side == one}


def _comment_clashes(hand: AtHand, chosen: Choices) -> Mapping[Sheet, tuple[Clash, ...]]:
    """The clashes of comments, once those of fields are chosen."""
    if hand.draft is None:
        return dict.fromkeys(SHEETS, ())
    return services().workshop.comment_clashes(hand.draft, chosen)


def _page(hand: AtHand, mistake: str = "", broken: str = "") -> MergePage:
    ways = _three_ways(hand) if hand.behind else None
    chosen = {name: value for name, value in request.form.items() if name.startswith("clash:")}
    if hand.behind and ways is None and not broken:
        broken = spoken().say("One of the texts cannot be read just now.")
    return merge_page(
        hand,
        hand.live,
        ways,
        chosen,
        spoken(),
        may_merge=hand.draft is not None and hand.may_change,
        mistake=mistake,
        broken=broken,
    )


def _three_ways(hand: AtHand) -> ThreeWays | None:
    """The three states and what becomes of them; None while one of them is no YAML."""
    store, workshop = services().store, services().workshop
    if hand.draft is None or hand.live is None:
        return None
    grown_from = workshop.base_of(hand.draft)
    base = published(store, grown_from) if grown_from else nothing(hand.bank)
    live = published(store, hand.live)
    states = [_state(work) for work in (base, Texts(hand.bank, hand.base, hand.text, hand.cases), live)]
    if any(text is None for state in states for text in (state.bank, state.cases)):
        return None
    old, mine, theirs = states
    merged = {
        "bank": merge(old.bank, mine.bank, theirs.bank),
        "cases": merge(old.cases, mine.cases, theirs.cases),
    }
    both = {sheet: merged[sheet] for sheet in SHEETS}
    of_fields = {sheet: _chosen(sheet, both[sheet].clashes) for sheet in SHEETS}
    work = Texts(hand.bank, hand.base, hand.text, hand.cases)
    comments = tuple(differences_between(base, one).comments for one in (live, work))
    return ThreeWays(old, mine, theirs, both, _comment_clashes(hand, of_fields), comments)


def _state(work: Texts) -> State:
    return State(data_of(work, "bank"), data_of(work, "cases"))
