"""A bank as a card for the pages of other sites; it keeps nothing, and whoever begins does so on our own page.

A frame on another site gets no cookies, so that nobody could answer within it; and what is pressed in a frame
may have been put under somebody's finger. So the card holds a link and no form.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.model import Bank
from quizapp.i18n import Language
from quizapp.web.replies import reply, spoken
from quizapp.web.security import POLICY
from quizapp.web.services import services
from quizapp.web.stage import stage

bp = Blueprint("embed", __name__)

NO_FRAME = "frame-ancestors 'none'"


@dataclass(frozen=True)
class Card:
    """What a bank is for and how long it takes."""

    slug: str
    title: str
    summary: str
    minutes: int


@bp.get("/embed/<bank>")
def card(bank: str) -> AnyResponse:
    """The card, which only the sites that are set may frame; 404 where none is set."""
    origins = services().settings.embed_origins or abort(404)
    compiled, lang = stage().newest(bank), spoken()
    response = reply("embed.html", lambda: _card(compiled.bank, lang), key=compiled.revision)
    allowed = f"frame-ancestors {' '.join(origins)}"
    response.headers["Content-Security-Policy"] = POLICY.replace(NO_FRAME, allowed)
    # For sites that let in only what says that it may be used elsewhere.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _card(bank: Bank, lang: Language) -> Card:
    return Card(bank.bank, lang.text(bank.title), lang.text(bank.summary), bank.minutes)
