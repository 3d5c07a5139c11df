"""Who is signed in, and which view needs which role; what was typed survives a session that has ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import allows
from quizapp.errors import NotFound
from quizapp.store.editing_records import Editor, EditorSession, Role
from quizapp.web.edit.replies import desk_reply
from quizapp.web.failures import of_http
from quizapp.web.services import services

P = ParamSpec("P")
R = TypeVar("R", bound=AnyResponse | str)

# What a view needs, by endpoint: the table that tests hold every route against.
NEEDED: dict[str, Role] = {}
NO_TOKEN = "csrf_token"  # noqa: S105 - the name of a field


@dataclass(frozen=True)
class Signed:
    """Somebody who has signed in."""

    editor: Editor
    session: EditorSession

    def may(self, role: Role) -> bool:
        """Whether their role allows what this one is needed for."""
        return allows(self.editor.role, role)


@dataclass(frozen=True)
class Kept:
    """What somebody had typed when their session ended: the address it was sent to, and its fields."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def packed(self) -> str:
        """As one text, for a hidden field."""
        return json.dumps([self.path, self.fields], ensure_ascii=False)


@dataclass(frozen=True)
class ResumePage:
    """What was typed, ready to be sent again; ``again`` where somebody has just signed in again."""

    kept: Kept
    again: bool


@dataclass(frozen=True)
class SignInPage:
    """Name and password; ``mistake`` says what was wrong, ``kept`` is carried along."""

    name: str = ""
    mistake: str = ""
    next: str = ""
    kept: str = ""
    others: tuple[str, ...] = ()


def cookie_name() -> str:
    """The cookie that holds a session's secret."""
    return "__Host-quizapp-editor" if services().settings.https else "quizapp-editor"


def signed() -> Signed | None:
    """Who sent this request; None where nobody has signed in."""
    if "signed" not in g:
        g.signed = _signed()
    found: Signed | None = g.signed
    return found


def editor() -> Editor:
    """Who sent this request, in a view that needs a role."""
    found = signed()
    assert found is not None, "a view without needs()"
    return found.editor


def _signed() -> Signed | None:
    secret = request.cookies.get(cookie_name())
    if not secret:
        return None
    try:
        return Signed(*services().accounts.signed_in(secret))
    except NotFound:
        return None


def needs(role: Role) -> Callable[[Callable[P, R]], Callable[P, R | AnyResponse]]:
    """Let a view be seen by editors of at least that role; put it below the route's own decorator."""

    def guarding(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        NEEDED[f"{view.__module__}.{view.__qualname__}"] = role

        @wraps(view)
        def guarded(*given: P.args, **named: P.kwargs) -> R | AnyResponse:
            who = signed()
            if who is None:
                return ask_to_sign_in()
            if not who.may(role):
                abort(403)
            return view(*given, **named)

        return guarded

    return guarding


def ask_to_sign_in() -> AnyResponse:
    """The sign-in page: a visitor is led there and back; what a form had sent is carried along."""
    if request.method == "GET":
        return redirect(url_for("signing_in.sign_in", next=request.path), 303)
    return desk_reply("sign_in.html", SignInPage(next=request.path, kept=typed().packed()), status=401)


def handle_lost_tokens(app: Flask) -> None:
    """Let what was typed be sent once more where a form's token no longer holds, as after a restart."""
    app.register_error_handler(CSRFError, _lost_token)


def _lost_token(error: CSRFError) -> AnyResponse:
    # What another site made a browser send must not come back as a form that only waits for a click;
    # and a password is never carried along.
    ours = request.path.startswith("/edit/") and request.blueprint != "signing_in" and _from_our_page()
    return desk_reply("resume.html", ResumePage(typed(), False), status=400) if ours else of_http(error)


def _from_our_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == request.host_url.rstrip("/")


def typed() -> Kept:
    """What this request's form holds, files and the token aside."""
    return Kept(request.path, _pairs(request.form))


def _pairs(form: MultiDict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in form.items(multi=True) if name != NO_TOKEN)


def unpacked(packed: str) -> Kept | None:
    """What was packed; None for what never was, or for an address that is no editing page."""
    try:
        path, fields = json.loads(packed)
        pairs = tuple((str(name), str(value)) for name, value in fields)
    except (ValueError, TypeError):
        return None
    known = isinstance(path, str) and path.startswith("/edit/")
    return Kept(path, pairs) if known else None
