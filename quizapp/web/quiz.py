"""Taking a quiz: begin, check the answers, save the result; the screens between are in ``screens``."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from quizapp.engine.compiled import Compiled
from quizapp.engine.recommend import recommend
from quizapp.i18n import Language
from quizapp.networks import network_of
from quizapp.store.records import ResultDraft
from quizapp.web.journey import Journey, journey
from quizapp.web.outcomes import as_kept, foresee
from quizapp.web.pages.choices import answer_row
from quizapp.web.pages.evidence import checked_on
from quizapp.web.pages.quiz import BankPage, CheckPage, checked_words
from quizapp.web.replies import reply, spoken
from quizapp.web.services import services
from quizapp.web.stage import at, stage

bp = Blueprint("quiz", __name__, url_prefix="/quiz/<bank>")


def way(compiled: Compiled) -> Journey:
    """Where this taker is in that bank."""
    me, on = stage().taker(), stage().today()
    bank = compiled.bank.bank
    answers, left_open, trail = me.answers, me.left_open(bank), me.trail(bank)
    # The page after an answer asks for the same way as the answer did; finding it is the dearest part.
    key = (compiled.revision, repr(answers), left_open, trail, on)
    return services().journeys.get(key, lambda: journey(compiled, answers, left_open, trail, on))


def stays_first(here: Journey, lang: Language) -> str:
    """The name of what stays first whatever is still answered, empty while that is open."""
    item = here.compiled.by_id[here.settled].item if here.settled is not None else None
    return lang.text(item.short or item.name) if item else ""


@bp.get("")
def bank_start(bank: str) -> AnyResponse:
    """The bank's first page."""
    compiled, lang = stage().taken(bank), spoken()
    here = way(compiled)
    questions = services().index(compiled).questions
    resume = here.next
    rows = tuple(answer_row(questions[id], here.answers.raw, lang) for id in here.answers.raw)
    page = BankPage(
        slug=bank,
        title=lang.text(compiled.bank.title),
        summary=lang.text(compiled.bank.summary),
        questions=len(here.screens),
        minutes=compiled.bank.minutes,
        items=len(compiled.bank.items),
        sources=tuple(lang.text(source.title) for source in compiled.bank.sources.values()),
        checked=checked_words(checked_on(compiled.bank.sources), lang),
        carried=rows,
        resume=at(bank, resume) if here.begun else None,
    )
    return reply("bank.html", page)


@bp.post("")
def begin(bank: str) -> AnyResponse:
    """Begin with the revision that is live now; ``fresh`` drops what was answered here before."""
    compiled, me = stage().newest(bank), stage().taker()
    me.begin(bank, compiled.revision)
    if request.form.get("fresh"):
        me.forget(bank, compiled.questions)
    return redirect(at(bank, way(compiled).next), 303)


@bp.get("/check")
def check(bank: str) -> AnyResponse:
    """Check your answers."""
    compiled, lang = stage().taken(bank), spoken()
    here, questions = way(compiled), services().index(compiled).questions
    answers = here.answers.raw
    rows = tuple(
        answer_row(questions[id], answers, lang, at(bank, screen.id, back_to_check=True), id in here.seen)
        for screen in here.screens
        for id in screen.questions
    )
    missing = sum(not row.seen for row in rows)
    page = CheckPage(
        slug=bank,
        bank_title=lang.text(compiled.bank.title),
        rows=rows,
        missing=missing,
        left_open=sum(not row.answered for row in rows) - missing,
        settled=stays_first(here, lang) if missing else "",
        back=at(bank, here.trail[-1]) if here.trail else at(bank, here.next),
    )
    if not missing and stage().unkept_result is None:
        foresee(compiled, here.answers, here.on)
    return reply("check.html", page)


@bp.post("/result")
def save(bank: str) -> AnyResponse:
    """Keep the result and lead to it; sent twice, it is the same result. A preview's is shown only."""
    if unkept := stage().unkept_result:
        return redirect(unkept, 303)
    wait = services().saves.wait(network_of(request.remote_addr or ""))
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
    compiled, me, lang = stage().taken(bank), stage().taker(), spoken()
    # "Check your answers" has read them already.
    answers, on = way(compiled).answers, stage().today()
    outcome = recommend(compiled, answers, on)
    draft = ResultDraft(
        bank=bank,
        revision=compiled.revision,
        on=on,
        answers=dict(answers.raw),
        language=lang.code,
        owner_key=me.owner_key(),
        keep=timedelta(days=services().settings.result_days),
        recommended=as_kept(outcome),
    )
    token = services().store.save_result(draft, _once(draft))
    return redirect(url_for("results.result", token=token), 303)


def _once(draft: ResultDraft) -> str:
    """The same bank, day and answers from the same browser are one result, however often they are sent."""
    told = json.dumps([draft.bank, draft.revision, draft.on.isoformat(), dict(draft.answers)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
