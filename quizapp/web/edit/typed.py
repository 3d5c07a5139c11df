"""What somebody had typed when their session ended, carried through signing in; never a password."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import current_app, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from quizapp.web.body_limits import FORM_PARTS
from quizapp.web.own_pages import own_page

NO_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
# The blueprints whose forms hold passwords: what was typed there is never carried along.
PRIVATE = ("signing_in", "oidc", "account")
HOME = "overview.banks"
# What may stand in the query of an address as it is.
_QUERY_MARKS = "=&%+/:;,.-_~!*"


@dataclass(frozen=True)
class Kept:
    """What a form held: the address that it was sent to, and its fields."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def packed(self) -> str:
        """As one text, for a hidden field; nothing of nothing."""
        return json.dumps([self.path, self.fields], ensure_ascii=False) if self.fields else ""

    @property
    def in_parts(self) -> bool:
        """Whether it is sent in parts: far shorter for long Japanese text, but parts are limited in number."""
        return len(self.fields) < FORM_PARTS // 2


@dataclass(frozen=True)
class ResumePage:
    """What was typed, ready to be sent again; ``again`` where somebody has just signed in again."""

    kept: Kept
    again: bool


def this_address() -> str:
    """The address of this request below the host, its query included."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.path) + (f"?{quote(query, safe=_QUERY_MARKS)}" if query else "")


def typed() -> Kept:
    """What this request's form holds, files and the token aside; nothing of a form that holds a password."""
    fields = () if request.blueprint in PRIVATE else _pairs(request.form)
    return Kept(this_address(), fields)


def _pairs(form: MultiDict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in form.items(multi=True) if name != NO_TOKEN)


def unpacked(packed: str) -> Kept | None:
    """What was packed; None for what never was, or for an address that takes no form of the desk."""
    try:
        path, fields = json.loads(packed)
        pairs = tuple((str(name), str(value)) for name, value in fields)
        # JSON can spell halves of characters, which no page can hold.
        json.dumps([path, pairs], ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        return None
    return Kept(path, pairs) if isinstance(path, str) and _takes_forms(path) else None


def _takes_forms(address: str) -> bool:
    path = unquote(address.partition("?")[0])
    if not path.startswith("/edit/") or not address.isprintable() or _climbs(path):
        return False
    try:
        endpoint, _ = current_app.url_map.bind(request.host).match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return endpoint.partition(".")[0] not in PRIVATE


def _climbs(path: str) -> bool:
    """Whether a browser would make another address of it, and send the form there."""
    return "\\" in path or any(step in (".", "..") for step in path.split("/"))


def led_back(came_from: str) -> str:
    """Where somebody who signed in goes: the page of ours that they came from, else the list of banks."""
    path, mark, query = came_from.partition("?")
    home = url_for(HOME)
    found = own_page(unquote(path), otherwise=HOME)
    return found + (f"?{quote(query, safe=_QUERY_MARKS)}" if mark and found != home else "")
