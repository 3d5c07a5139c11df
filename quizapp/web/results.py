"""A kept result: open it, share it, start from its answers, delete it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.engine.answers import Answers, known_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.explain import Explained, explain
from quizapp.engine.outcome import Recommended
from quizapp.i18n import Language
from quizapp.store.records import Result
from quizapp.web.outcomes import explanation, outcome_of
from quizapp.web.pages.choices import answer_row
from quizapp.web.pages.keeping import DeletePage, SharePage, ShareRow
from quizapp.web.pages.result import ResultPage, result_page
from quizapp.web.replies import reply, spoken
from quizapp.web.services import services
from quizapp.web.stage import at
from quizapp.web.taker import taker

bp = Blueprint("results", __name__, url_prefix="/r/<token>")


@dataclass(frozen=True)
class Opened:
    """A result with the bank as it was when it was made."""

    result: Result
    compiled: Compiled
    owned: bool


def opened(token: str) -> Opened:
    """The result of that token; raises NotFound, the same for unknown, expired and deleted ones."""
    result = services().result(token)
    owner = taker().owner
    # Who made a result never changes; that it still exists was asked above.
    owned = owner is not None and services().owned.get(
        (token, owner), lambda: services().store.owns_result(token, owner)
    )
    return Opened(result, services().library.pinned(result.revision), owned)


def own(token: str) -> Opened:
    """The same for the browser that made it; 403 for everybody else."""
    found = opened(token)
    return found if found.owned else abort(403)


@bp.get("")
def result(token: str) -> AnyResponse:
    """The result: the same page for ever, for its owner and for whoever has the link."""
    found, lang = opened(token), spoken()
    key = (found.owned, found.result.shown)
    response = reply("result.html", page_of(found, lang), key=key)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def page_of(found: Opened, lang: Language) -> Callable[[], ResultPage]:
    """What makes the page of a result."""
    return lambda: replace(_page(found, lang), owned=found.owned)


def page_now(found: Opened, lang: Language) -> ResultPage:
    """The page of a result, made at once and not remembered: nobody else's waits for it, or makes room."""
    return replace(_made(found, lang, explain), owned=found.owned)


def _page(found: Opened, lang: Language) -> ResultPage:
    # Explaining a result is most of the work of its page, and the same for its owner and for the link.
    one = found.result
    key = (one.token, one.revision, one.on, one.recommended, repr(one.answers), one.shown, lang.code)
    return services().pages.get(key, lambda: _made(found, lang, explanation))


def _made(
    found: Opened, lang: Language, told: Callable[[Compiled, Answers, date, Recommended], Explained]
) -> ResultPage:
    shown, outcome = found.result.shown_answers(), outcome_of(found.result, found.compiled)
    answers = known_answers(found.compiled, found.result.answers)
    return result_page(
        outcome,
        services().index(found.compiled),
        shown,
        lang,
        token=found.result.token,
        owned=False,
        titles={bank.slug: lang.text(bank.bank.title) for bank in services().library.published()},
        hidden_answers=len(found.result.answers) - len(shown),
        expires=found.result.expires.date(),
        told=told(found.compiled, answers, found.result.on, outcome),
    )


@bp.post("/answers")
def start_from(token: str) -> AnyResponse:
    """Copy the answers that the link shows into the reader's own quiz, and let them be checked."""
    found, me = opened(token), taker()
    me.owner_key()
    live = services().library.live(found.result.bank)
    me.pin(found.result.bank, live.revision)
    me.carry(known_answers(live, found.result.shown_answers()).raw)
    return redirect(at(found.result.bank, None), 303)


@bp.get("/share")
def choose_shown(token: str) -> AnyResponse:
    """Choose which answers the link shows."""
    found, lang = own(token), spoken()
    questions, answers = found.compiled.questions, found.result.answers
    visible = found.result.shown_answers()
    rows = tuple(
        ShareRow(answer_row(questions[id], answers, lang), id in visible) for id in questions if id in answers
    )
    return reply("share.html", SharePage(token, rows))


@bp.post("/share")
def keep_shown(token: str) -> AnyResponse:
    """Let the link show the ticked answers only."""
    found = own(token)
    ticked = set(request.form.getlist("shown"))
    shown = tuple(id for id in found.result.answers if id in ticked)
    everything = len(shown) == len(found.result.answers)
    services().store.show_answers(token, taker().owner_key(), None if everything else shown)
    services().forget_result()
    return redirect(url_for("results.result", token=token), 303)


@bp.get("/delete")
def confirm_deletion(token: str) -> AnyResponse:
    """Ask once before deleting."""
    found = own(token)
    return reply("delete.html", DeletePage(token, spoken().text(found.compiled.bank.title)))


@bp.post("/delete")
def delete(token: str) -> AnyResponse:
    """Delete the result for good."""
    own(token)
    services().store.delete_result(token, taker().owner_key())
    services().forget_result()
    return redirect(url_for("site.deleted"), 303)
