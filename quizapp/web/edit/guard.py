"""Who is signed in, and which view needs which role; who has no session is asked to sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import allows
from quizapp.errors import NotFound
from quizapp.store.editing_records import Editor, EditorSession, Role
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.typed import PRIVATE, ResumePage, this_address, typed
from quizapp.web.failures import of_http
from quizapp.web.replies import spoken
from quizapp.web.services import services

P = ParamSpec("P")
R = TypeVar("R", bound=AnyResponse | str)

# What a view needs, by its module and name: the table that tests hold every route against.
NEEDED: dict[str, Role] = {}


@dataclass(frozen=True)
class Signed:
    """Somebody who has signed in."""

    editor: Editor
    session: EditorSession

    def may(self, role: Role) -> bool:
        """Whether their role allows what this one is needed for."""
        return allows(self.editor.role, role)


@dataclass(frozen=True)
class SignInPage:
    """Name and password, or the identity provider; ``kept`` is what somebody had typed, carried along.

    ``mistake`` says what was wrong; ``provider`` are the words of the link to the identity provider;
    ``subject`` is who somebody is to it whom no editor answers to, and ``command`` makes one who does.
    """

    name: str = ""
    mistake: str = ""
    next: str = ""
    kept: str = ""
    provider: str = ""
    subject: str = ""
    command: str = ""


def cookie_name() -> str:
    """The cookie that holds a session's secret."""
    return "__Host-quizapp-editor" if services().settings.https else "quizapp-editor"


def signed() -> Signed | None:
    """Who sent this request; None where nobody has signed in."""
    if "signed" not in g:
        g.signed = _signed(request.cookies.get(cookie_name()))
    found: Signed | None = g.signed
    return found


def editor() -> Editor:
    """Who sent this request, in a view that needs a role."""
    found = signed()
    assert found is not None, "a view without needs()"
    return found.editor


def now_signed_in(secret: str) -> None:
    """From here on this request is answered to whoever has just begun that session."""
    g.signed = _signed(secret)


def _signed(secret: str | None) -> Signed | None:
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
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("signing_in.sign_in", next=this_address()), 303)
    return sign_in_reply(SignInPage(kept=typed().packed()), 401)


def sign_in_reply(page: SignInPage, status: int = 200) -> AnyResponse:
    """The sign-in page, with the link to the identity provider where there is one."""
    signed()
    return desk_reply("sign_in.html", replace(page, provider=_provider()), status=status)


def _provider() -> str:
    if services().identity is None:
        return ""
    label, lang = services().settings.oidc_label, spoken()
    return (
        lang.say("Sign in with %(name)s", name=label) if label else lang.say("Sign in with your organisation")
    )


def handle_lost_tokens(app: Flask) -> None:
    """Let what was typed be sent once more where a form's token no longer holds, as after a restart."""
    app.register_error_handler(CSRFError, _lost_token)


def _lost_token(error: CSRFError) -> AnyResponse:
    # What another site made a browser send must not come back as a form that only waits for a click.
    if not request.path.startswith("/edit/") or not _from_our_page():
        return of_http(error)
    who = signed()
    if request.blueprint in PRIVATE:
        kept = request.form.get("kept", "")
        return sign_in_reply(SignInPage(kept=kept), 400) if kept and not who else of_http(error)
    if who is None:
        return sign_in_reply(SignInPage(kept=typed().packed()), 400)
    return desk_reply("resume.html", ResumePage(typed(), False), status=400)


def _from_our_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == request.host_url.rstrip("/")
