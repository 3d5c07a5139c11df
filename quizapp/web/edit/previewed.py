"""What a preview's link shows: the takers' own pages on a draft, for whoever has the link, without an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, cast

from flask import Blueprint, abort, current_app, g, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.proposal import Texts
from quizapp.editing.rehearsal import Rehearsal, rehearsal
from quizapp.editing.weighed import Weighed
from quizapp.engine.answers import known_answers
from quizapp.errors import Ended
from quizapp.store.records import Result
from quizapp.web import quiz, results, screens, site
from quizapp.web.edit.at_hand import drafts_editor
from quizapp.web.edit.draft_stage import DraftStage, day_of
from quizapp.web.edit.guard import signed
from quizapp.web.edit.pages.preview import (
    BusyPreviewPage,
    EndedPreviewPage,
    Seat,
    closed_preview_page,
    open_preview_page,
)
from quizapp.web.edit.preview_memory import Compartment, PreviewCookie
from quizapp.web.edit.turns import Busy, Turns
from quizapp.web.pages.result import ResultPage
from quizapp.web.replies import reply, spoken
from quizapp.web.services import services
from quizapp.web.stage import set_stage

bp = Blueprint("previewed", __name__, url_prefix="/preview/<token>")
# The same views as takers meet; each asks for its stage, which is a draft's below this address.
bp.register_blueprint(quiz.bp, url_prefix="/<day>/quiz/<bank>")
bp.register_blueprint(screens.bp, url_prefix="/<day>/quiz/<bank>")
bp.add_url_rule("/<day>/about/<bank>", view_func=site.about_bank)
bp.add_url_rule("/<day>/about/<bank>/<item>", view_func=site.about_item)

DRAFTS = 8
WAITING, WAIT_SECONDS, RETRY_SECONDS = 1, 3.0, 5


@dataclass(frozen=True)
class Hall:
    """What previews share: the cookie that holds their answers, the drafts that were compiled last, and turns.

    A draft may be made to take long, and a link needs no account: one result at a time is worked out for all
    previews, one more waits, and takers' results wait for none of them.
    """

    cookie: PreviewCookie = field(default_factory=PreviewCookie)
    shown: Weighed[Rehearsal] = field(default_factory=lambda: Weighed(DRAFTS))
    turns: Turns = field(default_factory=lambda: Turns(WAITING, WAIT_SECONDS))


@bp.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["quizapp_preview"] = Hall()


def _hall() -> Hall:
    return cast(Hall, current_app.extensions["quizapp_preview"])


@bp.url_value_preprocessor
def _take_out(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """What says which preview it is goes no further: views know banks and screens only."""
    given = values if values is not None else {}
    g.preview = given.pop("token", ""), given.pop("day", None)


@bp.before_request
def open_stage() -> AnyResponse | None:
    """Serve this request on the draft; NotFound for a link that is unknown, words for one that has ended."""
    token, day = g.preview
    try:
        # Asked each time: what has ended opens nowhere any more.
        draft, version = services().store.preview(token)
    except Ended:
        return reply("edit/preview_ended.html", EndedPreviewPage(), status=410)
    if day is None:
        return None
    g.preview_draft = draft, version
    on = day_of(day) or abort(404)
    shown = _hall().shown.get((draft, version), lambda: _rehearsed(draft, version))
    if shown.compiled is None:
        return reply("edit/preview_closed.html", closed_preview_page(shown, spoken()), status=422)
    g.preview_memory = Compartment(_hall().cookie, token)
    set_stage(DraftStage(token, on, shown.compiled, g.preview_memory))
    return None


def _rehearsed(draft_id: str, version: int) -> Rehearsal:
    bank = services().store.draft(draft_id).bank
    then = services().store.draft_version(draft_id, version)
    return rehearsal(Texts(bank, then.base, then.text, then.cases), services().today())


@bp.after_request
def close_stage(response: AnyResponse) -> AnyResponse:
    """Keep what was answered; no page of a preview is for search engines."""
    memory: Compartment | None = g.get("preview_memory")
    # An empty one is false, and may just have been emptied.
    if memory is not None:
        memory.keep(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("")
def today() -> AnyResponse:
    """The preview as of today."""
    token, _ = g.preview
    return redirect(url_for("previewed.start", token=token, day=services().today().isoformat()))


@bp.get("/<day>")
def start() -> AnyResponse:
    """What is shown here, for which day, and the way in and out."""
    return _start_page()


@bp.post("/<day>")
def choose_day() -> AnyResponse:
    """The same draft on another day; what was answered stays."""
    token, _ = g.preview
    day = day_of(request.form.get("on", ""))
    if day is None:
        return _start_page(spoken().say("Choose a day between 2000 and 2099."), 422)
    return redirect(url_for("previewed.start", token=token, day=day.isoformat()), 303)


def _start_page(mistake: str = "", status: int = 200) -> AnyResponse:
    stage: DraftStage = g.stage
    page = open_preview_page(stage.compiled, stage.day, stage.root, _seat(stage.slug), spoken(), mistake)
    return reply("edit/preview_start.html", page, status=status)


def _seat(bank: str) -> Seat | None:
    """Where the draft stands to who is signed in; None for anybody else, who is told nobody's name."""
    who = signed()
    if who is None:
        return None
    id, version = g.preview_draft
    draft = services().store.draft(id)
    mine = draft.editor == who.editor.id
    others = {} if mine else {"draft": id}
    desk = url_for("preview.show", bank=bank, **others)
    return Seat(desk, "" if mine else drafts_editor(draft), mine, version, draft.version)


@bp.get("/<day>/result")
def result() -> AnyResponse:
    """What these answers lead to on that day: worked out, shown, and kept nowhere."""
    stage: DraftStage = g.stage
    answers = known_answers(stage.compiled, stage.taker().answers)
    found = results.Opened(_unkept(stage, answers.raw), stage.compiled, owned=True)
    key = (stage.compiled.revision, repr(answers.raw))
    try:
        return reply("result.html", lambda: _in_turn(found), key=key)
    except Busy:
        return _busy()


def _in_turn(found: results.Opened) -> ResultPage:
    with _hall().turns.turn():
        return results.page_now(found, spoken())


def _busy() -> AnyResponse:
    response = reply("edit/preview_busy.html", BusyPreviewPage(request.path), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _unkept(stage: DraftStage, answers: dict[str, Any]) -> Result:
    at = datetime.combine(stage.day, time(), UTC)
    return Result("", stage.slug, stage.compiled.revision, stage.day, answers, spoken().code, at, at)


@bp.post("/<day>/forget")
def leave() -> AnyResponse:
    """Drop what was answered here, and lead out of the preview."""
    stage: DraftStage = g.stage
    stage.memory.clear()
    seat = _seat(stage.slug)
    return redirect(seat.desk if seat else url_for("site.start"), 303)
