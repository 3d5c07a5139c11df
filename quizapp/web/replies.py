"""How a page is sent: in the reader's language, in the frame that all pages share, packed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, g, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from quizapp.i18n import CODES, Language, language, other
from quizapp.web.assets import asset_path
from quizapp.web.services import services
from quizapp.web.sheet import Sheet, sheet
from quizapp.web.stage import Banner, stage
from quizapp.web.taker import taker
from quizapp.web.templating import template

FROM_CHECK = "?from=check"
MOST_ACCEPTED = 200


def from_check() -> bool:
    """Whether the taker came from "check your answers" and goes straight back there."""
    return request.query_string == b"from=check"


@dataclass(frozen=True)
class Frame:
    """What surrounds every page."""

    product: str
    language: str
    other_language: str
    here: str
    style: str
    script: str
    icon: str
    banner: Banner | None


def spoken() -> Language:
    """The reader's language: the one chosen, else the browser's, else the default."""
    if "language" not in g:
        g.language = _spoken()
    found: Language = g.language
    return found


def _spoken() -> Language:
    chosen = taker().language
    if chosen in CODES:
        return language(chosen)
    default = services().settings.default_language
    # Cut, so that what is remembered of it stays small.
    accepted = request.headers.get("Accept-Language", "")[:MOST_ACCEPTED]
    return language(_preferred(accepted, default))


@lru_cache(maxsize=256)
def _preferred(accepted: str, default: str) -> str:
    """The language of ours that a browser likes best."""
    return parse_accept_header(accepted, LanguageAccept).best_match(CODES, default) or default


def reply(
    name: str,
    page: object,
    *,
    status: int = 200,
    key: Hashable | None = None,
    speaking: Language | None = None,
) -> Response:
    """The page in its template.

    With a key, which must name everything that the page depends on but its language and address, it is
    made once and kept; ``page`` may then be a function that makes it.
    """
    lang, here = speaking or spoken(), this_page()
    if key is None:
        return send(_sheet(name, page, lang, here), status)
    kept = services().sheets.get((name, lang.code, here, key), lambda: _sheet(name, page, lang, here))
    return send(kept, status)


def this_page() -> str:
    """The address of this page, for the language form, which looks it up among our routes."""
    # A path may hold characters that no page may.
    here = "".join(mark for mark in request.path if mark.isprintable())
    return here + (FROM_CHECK if from_check() else "")


def _sheet(name: str, page: object, lang: Language, here: str) -> Sheet:
    made = page() if callable(page) else page
    return sheet(stage().staged(template(name, lang).render(page=made, frame=frame_of(lang, here))))


def frame_of(lang: Language, here: str) -> Frame:
    """What surrounds a page in that language."""
    return Frame(
        product=services().settings.product(lang.code),
        language=lang.code,
        other_language=other(lang.code),
        here=here,
        style=asset_path("look.css"),
        script=asset_path("quiz.js"),
        icon=asset_path("icon.svg"),
        banner=stage().banner(lang),
    )


def send(page: Sheet, status: int) -> Response:
    """A page that was made, with the tokens of its forms."""
    filling = _tokens(page.forms)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(
        page.packed(filling) if packed else page.plain(filling),
        status=status,
        content_type="text/html; charset=utf-8",
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return response


def _tokens(forms: tuple[str, ...]) -> bytes:
    if not forms:
        return b""
    # A browser's token is signed once; without its own part in the session there is none to sign yet.
    raw = session.get("csrf_token")
    token = services().tokens.get(raw, generate_csrf) if raw else generate_csrf()
    return "".join(
        f'<input type="hidden" name="csrf_token" form="{form}" value="{token}">' for form in forms
    ).encode()
