"""One screen of a quiz: show it, keep what was answered, go on."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.engine.compiled import Compiled
from quizapp.i18n import Language
from quizapp.web.forms.fields import QuestionField
from quizapp.web.forms.reading import LATER
from quizapp.web.forms.screen import answers_of, fields_of, mistakes, screen_form
from quizapp.web.journey import Journey
from quizapp.web.pages.quiz import QuestionPage, heading_of
from quizapp.web.quiz import stays_first, way
from quizapp.web.replies import from_check, reply, spoken
from quizapp.web.stage import at, stage

bp = Blueprint("screens", __name__, url_prefix="/quiz/<bank>")


@bp.get("/<screen>")
def question(bank: str, screen: str) -> AnyResponse:
    """One screen; one that is not asked of this taker leads on to one that is."""
    compiled, lang = stage().taken(bank), spoken()
    here = way(compiled)
    shown = here.screen(screen)
    if shown is None:
        return redirect(at(bank, here.next)) if screen in _screens_of(compiled) else abort(404)
    before = {id: LATER if id in here.left_open else here.answers.raw.get(id) for id in shown.questions}
    where = (here.number(screen), len(here.screens), here.before(screen), _settled(here, lang))
    key = (compiled.revision, screen, *where, repr(before))
    return reply("question.html", lambda: _asked(here, screen, before, lang), key=key)


@bp.post("/<screen>")
def answer(bank: str, screen: str) -> AnyResponse:
    """Keep what was answered and go on; what cannot be read is shown again as it was typed."""
    compiled, lang, me = stage().taken(bank), spoken(), stage().taker()
    here = way(compiled)
    shown = here.screen(screen)
    if shown is None:
        return redirect(at(bank, here.next), 303) if screen in _screens_of(compiled) else abort(404)
    questions = tuple(compiled.questions[id] for id in shown.questions)
    form = screen_form(questions, lang, {}, request.form)
    if not form.validate():
        return reply("question.html", _page(here, screen, fields_of(form), lang), status=422)
    me.remember(bank, screen, answers_of(form))
    if me.pinned(bank) is None:
        me.pin(bank, compiled.revision)
    return redirect(at(bank, None if from_check() else way(compiled).next), 303)


def _screens_of(compiled: Compiled) -> set[str]:
    return {question.screen or question.id for question in compiled.bank.questions}


def _asked(here: Journey, screen: str, before: Mapping[str, object], lang: Language) -> QuestionPage:
    questions = tuple(here.compiled.questions[id] for id in before)
    return _page(here, screen, fields_of(screen_form(questions, lang, before)), lang)


def _page(here: Journey, screen: str, fields: tuple[QuestionField, ...], lang: Language) -> QuestionPage:
    bank = here.compiled.bank
    heading, why = heading_of(bank, screen, fields, lang)
    return QuestionPage(
        slug=bank.bank,
        bank_title=lang.text(bank.title),
        heading=heading,
        why=why,
        gathered=not fields[0].heading,
        blank_is_zero=any(field.blank_is_zero for field in fields),
        number=here.number(screen),
        total=len(here.screens),
        back=_back(here, screen),
        returning=from_check(),
        settled=_settled(here, lang),
        fields=fields,
        mistakes=mistakes(fields),
    )


def _settled(here: Journey, lang: Language) -> str:
    """What stays first, where the rest is worth skipping."""
    # On the last screen finishing is the next step anyway.
    offered = not from_check() and len(here.screens) - len(here.trail) > 1
    return stays_first(here, lang) if offered else ""


def _back(here: Journey, screen: str) -> str:
    bank, earlier = here.compiled.bank.bank, here.before(screen)
    if from_check():
        return at(bank, None)
    return at(bank, earlier) if earlier else f"{stage().root}/quiz/{bank}"
