"""The same outcome for programs: banks, questions, recommending, results. Stateless; reads no cookie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Semaphore
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    UnsupportedMediaType,
)

from quizapp.bank.model import Bank
from quizapp.engine.answers import Answers, read_answers, without_repeats
from quizapp.engine.compiled import Compiled
from quizapp.engine.explain import explain
from quizapp.engine.recommend import recommend
from quizapp.errors import Invalid, Problem, Where, echoed, first_problems
from quizapp.networks import network_of
from quizapp.store.records import Rate
from quizapp.web.allowance import Limit, limit
from quizapp.web.body_limits import most_bytes
from quizapp.web.outcomes import outcome_of
from quizapp.web.services import services
from quizapp.web.shelf import Shelf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
BODY = Where("body")
CALLS_A_MINUTE = 60
OUTCOMES = 100
BUSY_SECONDS = 1
# Threads that programs leave to people.
FOR_PEOPLE = 2


@dataclass(frozen=True)
class Desk:
    """What keeps programs from crowding people out: who may call, how many at once, and what was said last."""

    turns: Semaphore
    calls: Limit
    said: Shelf[bytes] = field(default_factory=lambda: Shelf(OUTCOMES))


def desk(app: Flask) -> Desk:
    """The desk of an application."""
    return cast(Desk, app.extensions["quizapp_api"])


@bp.record
def _set_up(state: BlueprintSetupState) -> None:
    kept = state.app.extensions["quizapp"]
    turns = Semaphore(max(1, kept.settings.threads - FOR_PEOPLE))
    calls = limit(state.app.extensions["quizapp_limits"], Rate("API calls", CALLS_A_MINUTE, 60.0))
    state.app.extensions["quizapp_api"] = Desk(turns, calls)


@bp.get("/banks")
def banks() -> Response:
    """The published banks."""
    rows = [
        {
            "bank": bank.slug,
            "revision": bank.revision,
            "title": bank.bank.title.model_dump(),
            "summary": bank.bank.summary.model_dump(),
            "minutes": bank.bank.minutes,
        }
        for bank in services().library.published()
    ]
    return jsonify({"banks": rows})


@bp.get("/banks/<bank>")
def questions(bank: str) -> Response:
    """A bank's questions with their answers, in the order in which they are asked."""
    compiled = services().library.live(bank)
    return jsonify({"bank": bank, "revision": compiled.revision, "questions": _questions(compiled.bank)})


def _questions(bank: Bank) -> list[dict[str, Any]]:
    kept = {"id", "kind", "ask", "why", "hint", "options", "grid", "screen", "ask_if"}
    return [
        one.model_dump(mode="json", by_alias=True, include=kept, exclude_none=True) for one in bank.questions
    ]


@bp.post("/banks/<bank>/recommend")
def recommend_for(bank: str) -> Response:
    """``{"answers": {…}, "on": "YYYY-MM-DD"}`` to what ``quizapp recommend --json`` prints.

    Stores nothing. 422 with every problem for answers that the bank cannot read, 400 for what is no
    JSON, 413 for a large body; 429 where the address calls often, 503 where many are being answered.
    """
    if wait := desk(current_app).calls.wait(network_of(request.remote_addr or "")):
        raise TooManyRequests(retry_after=int(wait) + 1)
    compiled = services().library.live(bank)
    answers, on = _asked(_body())
    given = read_answers(compiled, answers)
    key = (compiled.revision, json.dumps(given.raw, sort_keys=True), on)
    said = desk(current_app).said.get(key, lambda: _worked_out(compiled, given, on))
    return Response(said, mimetype="application/json")


def _worked_out(compiled: Compiled, given: Answers, on: date) -> bytes:
    turns = desk(current_app).turns
    if not turns.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=BUSY_SECONDS)
    try:
        outcome = recommend(compiled, given, on)
        told = {**outcome.to_json(), **explain(compiled, given, on, outcome).to_json()}
    finally:
        turns.release()
    return jsonify(told).get_data()


def _body() -> object:
    """The JSON that was sent; read here and not by Flask, for keys given twice and for very deep JSON."""
    most = most_bytes(request.path, services().settings.max_body_bytes)
    # A body that does not tell its length is cut off at the limit without a word, so one byte more is read.
    request.max_content_length = most + 1
    sent = request.get_data()
    if len(sent) > most:
        raise RequestEntityTooLarge
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return json.loads(sent, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        raise BadRequest from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    try:
        return without_repeats(pairs)
    except ValueError as error:
        raise Invalid([_problem("repeated_key", str(error), "give each once")]) from None


def _asked(body: object) -> tuple[Mapping[str, Any], date]:
    if not isinstance(body, dict) or not isinstance(body.get("answers", {}), dict):
        raise Invalid(
            [_problem("not_an_object", "the body or its answers are no object", '{"answers": {…}}')]
        )
    strange = [echoed(key) for key in body if key not in ("answers", "on")]
    problems = [_problem("unknown_key", f"there is no key {key}", "give answers, on") for key in strange]
    on = _day(body["on"]) if "on" in body else services().today()
    if on is None:
        problems.append(_problem("bad_day", f"{echoed(body['on'])} is no day", "give on as YYYY-MM-DD"))
    if problems or on is None:
        raise Invalid(first_problems(problems))
    return body.get("answers", {}), on


def _day(given: object) -> date | None:
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _problem(code: str, what: str, fix: str) -> Problem:
    return Problem(BODY, code, what, "the request cannot be answered", fix)


@bp.get("/results/<token>")
def kept(token: str) -> Response:
    """A kept result with the answers that its link shows."""
    result = services().store.result(token)
    outcome = outcome_of(result, services().library.pinned(result.revision))
    made = jsonify({**outcome.to_json(), "answers": result.shown_answers()})
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    return made
