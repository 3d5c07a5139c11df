"""The file itself: a draft's whole text, saved as it is typed, checked as one pauses."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, abort, current_app, jsonify, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.proposal import Texts
from quizapp.editing.review import problems_of
from quizapp.editing.workshop import SHEETS, Sheet, text_of
from quizapp.errors import Conflict, NotFound
from quizapp.store.editing_records import Draft
from quizapp.web.allowance import Allowance, Limit
from quizapp.web.edit.at_hand import AtHand, at_hand
from quizapp.web.edit.bench import Bench, draft_to_change
from quizapp.web.edit.completing import LONGEST_LINE, completion
from quizapp.web.edit.guard import needs, signed
from quizapp.web.edit.pages.frame import draft_bar
from quizapp.web.edit.pages.problems import problem_rows
from quizapp.web.edit.pages.source import LARGEST, source_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.telling import fresh, in_background
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("source", __name__, url_prefix="/edit")

WHAT = "file"
# In a minute, of one session: nobody pauses oftener while typing; words are looked up with every letter.
CHECKS, COMPLETIONS = 60, 240
# A text of the largest size has fewer than a million lines.
MOST_DIGITS = 6


@dataclass(frozen=True)
class Pace:
    """How often one session may ask of a text that it is typing; counted here, where the work is done."""

    checks: Limit = field(default_factory=lambda: Allowance(CHECKS, 60.0))
    completions: Limit = field(default_factory=lambda: Allowance(COMPLETIONS, 60.0))


@bp.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["quizapp_typing"] = Pace()


@bp.get("/<bank>/source")
@needs("viewer")
def show(bank: str) -> AnyResponse:
    """The whole text of the bank, or of its cases."""
    hand, sheet = at_hand(bank), _sheet()
    return desk_reply("source.html", source_page(hand, sheet, _problems(hand), spoken()))


@bp.post("/<bank>/source")
@needs("editor")
def save(bank: str) -> AnyResponse:
    """Keep the text as it was typed, sound or not; on top of what was seen, never over somebody else's."""
    sheet, typed = _sheet(), _typed()
    if len(typed.encode()) > LARGEST:
        return _refused(bank, sheet, typed)
    try:
        draft, version = draft_to_change(bank)
        text = _as_before(typed, draft, sheet)
        # Sent twice, as by a button pressed while it was being saved, it is saved once.
        same = text == text_of(draft, sheet)
        saved = draft if same else services().workshop.write(draft.id, version, sheet, text, WHAT)
    except (Conflict, NotFound):
        return _conflict(bank, sheet, typed)
    if in_background():
        return _told(bank, sheet, saved)
    return redirect(f"/edit/{bank}/source?sheet={sheet}", 303)


@bp.post("/<bank>/check")
@needs("viewer")
def check(bank: str) -> AnyResponse:
    """What is wrong with the text as it is typed just now, as JSON; nothing is kept."""
    if wait := _pace().checks.wait(_session()):
        return _ask_later(wait)
    hand, sheet = at_hand(bank), _sheet()
    texts = [_typed() if one == sheet else hand.sheet(one) for one in SHEETS]
    work = Texts(hand.bank, hand.base, texts[0], texts[1])
    if len(_typed().encode()) > LARGEST:
        abort(413)
    found = tuple(one for one in problems_of(work, services().today()) if one.sheet == sheet)
    return jsonify(
        {"problems": [row.to_json() for row in problem_rows(found, hand, spoken(), as_written=True)]}
    )


@bp.post("/<bank>/complete")
@needs("viewer")
def complete(bank: str) -> AnyResponse:
    """What may be written at the cursor, as JSON."""
    if wait := _pace().completions.wait(_session()):
        return _ask_later(wait)
    sheet, typed = _sheet(), _typed()
    if len(typed.encode()) > LARGEST:
        abort(413)
    own = typed if sheet == "bank" else at_hand(bank).text
    before = request.form.get("before", "")[-LONGEST_LINE:]
    found = completion(typed, _line(), before, sheet, own, spoken())
    offers = [{"word": one.word, "insert": one.insert, "about": one.about} for one in found.offers]
    return jsonify({"typed": found.typed, "offers": offers})


def _line() -> int:
    """The cursor's line, from 0; what no text can have counts as the first."""
    sent = request.form.get("at", "0")
    return int(sent) if sent.isdecimal() and len(sent) <= MOST_DIGITS else 0


def _pace() -> Pace:
    return cast(Pace, current_app.extensions["quizapp_typing"])


def _session() -> str:
    who = signed()
    assert who is not None, "a view without needs()"
    return who.session.id


def _ask_later(seconds: float) -> AnyResponse:
    """What the page's script is told: it waits and asks again, and nobody has to know."""
    made = jsonify({"wait": math.ceil(seconds)})
    made.status_code = 429
    made.headers["Retry-After"] = str(math.ceil(seconds))
    return made


def _sheet() -> Sheet:
    said = request.values.get("sheet", "bank")
    found = next((sheet for sheet in SHEETS if sheet == said), None)
    return found or abort(404)


def _typed() -> str:
    """The text as files have it: forms send every line's end as two characters."""
    return request.form.get("text", "").replace("\r\n", "\n")


def _as_before(typed: str, draft: Draft, sheet: Sheet) -> str:
    """The text with the line ends that it had."""
    return typed.replace("\n", "\r\n") if "\r\n" in text_of(draft, sheet) else typed


def _problems(hand: AtHand) -> tuple[PlacedProblem, ...]:
    return problems_of(hand, services().today())


def _told(bank: str, sheet: Sheet, saved: Draft) -> AnyResponse:
    hand = at_hand(bank)
    found = tuple(one for one in problems_of(hand, services().today()) if one.sheet == sheet)
    rows = [row.to_json() for row in problem_rows(found, hand, spoken(), as_written=True)]
    now = Bench(hand, spoken())
    said = spoken().say("Saved %(when)s", when=spoken().moment(saved.updated))
    pieces = {"undo": now.way.can_undo, "fresh": fresh(now, draft_bar(now))}
    return jsonify({"version": saved.version, "said": said, "problems": rows, **pieces})


def _conflict(bank: str, sheet: Sheet, typed: str) -> AnyResponse:
    """Both texts, and the choice which to keep: nothing is lost, nothing overwritten."""
    lang = spoken()
    said = lang.say("This text was saved elsewhere meanwhile. Yours is kept here and not saved yet.")
    if in_background():
        made = jsonify({"mistake": said})
        made.status_code = 409
        return made
    hand = at_hand(bank)
    page = source_page(
        hand, sheet, _problems(hand), lang, typed=typed, theirs=hand.sheet(sheet), mistake=said
    )
    return desk_reply("source.html", page, status=409)


def _refused(bank: str, sheet: Sheet, typed: str) -> AnyResponse:
    lang, hand = spoken(), at_hand(bank)
    said = lang.say("The text is larger than 256 KB, so it was not saved. Make it shorter.")
    if in_background():
        made = jsonify({"mistake": said})
        made.status_code = 413
        return made
    page = source_page(hand, sheet, (), lang, typed=typed, mistake=said)
    return desk_reply("source.html", page, status=413)
