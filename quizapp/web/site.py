"""The pages around the quizzes: start, about, language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.model import Bank
from quizapp.i18n import CODES
from quizapp.web.own_pages import own_page
from quizapp.web.pages.about import about_bank_page
from quizapp.web.pages.item import item_page
from quizapp.web.pages.start import start_page
from quizapp.web.replies import reply, spoken
from quizapp.web.services import services
from quizapp.web.stage import stage
from quizapp.web.taker import taker

bp = Blueprint("site", __name__)


@dataclass(frozen=True)
class AboutPage:
    """How it works, what is kept, and who can use it."""

    days: int


@bp.get("/")
def start() -> AnyResponse:
    """The first page."""
    lang, days = spoken(), services().settings.result_days
    live = services().library.published()
    key = (days, tuple(bank.revision for bank in live))
    return reply("start.html", lambda: start_page(_with_screens(), days, lang), key=key)


def _with_screens() -> list[tuple[Bank, int]]:
    """The banks with how many screens they have at most; compiles none of them."""
    banks = [one.bank for one in services().library.published()]
    return [(bank, len({question.screen or question.id for question in bank.questions})) for bank in banks]


@bp.get("/about")
def about() -> AnyResponse:
    """How it works, privacy, accessibility."""
    days = services().settings.result_days
    return reply("about.html", AboutPage(days), key=days)


@bp.get("/about/<bank>")
def about_bank(bank: str) -> AnyResponse:
    """What a bank rests on."""
    compiled, lang = stage().newest(bank), spoken()
    index = services().index(compiled)
    return reply("about_bank.html", lambda: about_bank_page(index, lang), key=compiled.revision)


@bp.get("/about/<bank>/<item>")
def about_item(bank: str, item: str) -> AnyResponse:
    """Every fact of one item."""
    compiled, lang = stage().newest(bank), spoken()
    index = services().index(compiled)
    found = index.items.get(item) or abort(404)
    return reply("about_item.html", lambda: item_page(found, index, lang), key=compiled.revision)


@bp.get("/deleted")
def deleted() -> AnyResponse:
    """What is shown after a result was deleted, or the answers were."""
    return reply("deleted.html", None, key="deleted")


@bp.post("/forget")
def forget() -> AnyResponse:
    """Drop every answer from this browser."""
    taker().forget_answers()
    return redirect(url_for("site.deleted"), 303)


@bp.post("/language")
def choose_language() -> AnyResponse:
    """Read in that language from now on, on the page one was on."""
    code = request.form.get("language", "")
    if code not in CODES:
        abort(400)
    taker().choose_language(code)
    return redirect(own_page(request.form.get("here", "")), 303)
