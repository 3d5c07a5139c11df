"""The same outcome for programs: banks, questions, recommending, results. Stateless; reads no cookie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request

from quizapp.bank.model import Bank
from quizapp.engine.answers import read_answers
from quizapp.engine.explain import explain
from quizapp.engine.recommend import recommend
from quizapp.errors import Invalid, Problem, Where
from quizapp.web.outcomes import outcome_of
from quizapp.web.services import services

bp = Blueprint("api", __name__, url_prefix="/api/v1")
BODY = Where("body")


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

    Keeps nothing. 422 with every problem for answers that the bank cannot read.
    """
    compiled = services().library.live(bank)
    answers, on = _asked(request.get_json())
    given = read_answers(compiled, answers)
    outcome = recommend(compiled, given, on)
    return jsonify({**outcome.to_json(), **explain(compiled, given, on, outcome).to_json()})


def _asked(body: object) -> tuple[Mapping[str, Any], date]:
    if not isinstance(body, dict) or not isinstance(body.get("answers", {}), dict):
        raise Invalid(
            [_problem("not_an_object", "the body or its answers are no object", '{"answers": {…}}')]
        )
    strange = body.keys() - {"answers", "on"}
    problems = [_problem("unknown_key", f'there is no key "{key}"', "give answers, on") for key in strange]
    on = services().today()
    if "on" in body:
        try:
            on = date.fromisoformat(body["on"])
        except (TypeError, ValueError):
            problems.append(_problem("bad_day", f"{body['on']!r} is no day", "give on as YYYY-MM-DD"))
    if problems:
        raise Invalid(problems)
    return body.get("answers", {}), on


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
