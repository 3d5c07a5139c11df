"""Signing in and out, the first editor's set-up, one's own password and sessions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, redirect, request, session, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import Refused, TooOften
from quizapp.editing.passwords import SHORTEST
from quizapp.errors import Invalid, NotFound
from quizapp.i18n import Language
from quizapp.web.edit.guard import ResumePage, SignInPage, cookie_name, editor, needs, signed, unpacked
from quizapp.web.edit.replies import desk_reply
from quizapp.web.own_pages import own_page
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("signing_in", __name__, url_prefix="/edit")

HOME = "overview.banks"


@dataclass(frozen=True)
class SetUpPage:
    """The first editor chooses a name and a password."""

    token: str
    name: str = ""
    mistakes: tuple[str, ...] = ()
    shortest: int = SHORTEST


@dataclass(frozen=True)
class SessionRow:
    """One session of this editor."""

    id: str
    agent: str
    begun: str
    seen: str
    here: bool


@dataclass(frozen=True)
class AccountPage:
    """One's own name, role, password and sessions."""

    name: str
    role: str
    sessions: tuple[SessionRow, ...]
    has_password: bool
    mistakes: tuple[str, ...] = ()
    shortest: int = SHORTEST


@bp.get("/sign-in")
def sign_in() -> AnyResponse:
    """Ask for name and password; somebody who has signed in is led on."""
    if signed():
        return redirect(own_page(request.args.get("next", ""), otherwise=HOME), 303)
    return desk_reply("sign_in.html", SignInPage(next=request.args.get("next", "")))


@bp.post("/sign-in")
def begin() -> AnyResponse:
    """Begin a session, and lead back to where somebody came from; what they had typed is there to send."""
    name, lang = request.form.get("name", ""), spoken()
    kept = request.form.get("kept", "")
    came_from = request.form.get("next", "")
    try:
        secret = services().accounts.sign_in(
            name, request.form.get("password", ""), request.remote_addr or "", _agent()
        )
    except (Refused, TooOften) as error:
        page = SignInPage(name, _words(error, lang), came_from, kept)
        return desk_reply("sign_in.html", page, status=429 if isinstance(error, TooOften) else 401)
    _new_token()
    found = unpacked(kept) if kept else None
    if found:
        return _with_session(desk_reply("resume.html", ResumePage(found, True)), secret)
    return _with_session(redirect(own_page(came_from, otherwise=HOME), 303), secret)


@bp.post("/sign-out")
@needs("viewer")
def end() -> AnyResponse:
    """End this session on the server and in the browser."""
    who = signed()
    assert who is not None
    services().accounts.sign_out(who.editor, who.session)
    response = redirect(url_for("signing_in.sign_in"), 303)
    response.delete_cookie(
        cookie_name(), path="/", secure=services().settings.https, httponly=True, samesite="Lax"
    )
    _new_token()
    return response


@bp.get("/setup/<token>")
def set_up(token: str) -> AnyResponse:
    """Ask the first editor for name and password. Whether the link holds is told when it is used."""
    if services().accounts.is_set_up():
        raise NotFound("there is an editor already")
    return desk_reply("set_up.html", SetUpPage(token))


@bp.post("/setup/<token>")
def take_set_up(token: str) -> AnyResponse:
    """Make the first editor, a publisher, and sign in."""
    name, password, lang = request.form.get("name", ""), request.form.get("password", ""), spoken()
    try:
        secret = services().accounts.take_setup(token, name, password, _agent())
    except Invalid as error:
        return desk_reply("set_up.html", SetUpPage(token, name, _problems(error, lang)), status=422)
    _new_token()
    return _with_session(redirect(url_for(HOME), 303), secret)


@bp.get("/account")
@needs("viewer")
def account() -> AnyResponse:
    """One's own password and sessions."""
    return desk_reply("account.html", _account())


@bp.post("/account/password")
@needs("viewer")
def change_password() -> AnyResponse:
    """Change the password; every other session ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        secret = services().accounts.change_password(editor(), old, new, _agent())
    except Invalid as error:
        return desk_reply("account.html", _account(_problems(error, spoken())), status=422)
    except (Refused, TooOften) as error:
        words = (
            spoken().say("The present password does not fit.")
            if isinstance(error, Refused)
            else _words(error, spoken())
        )
        return desk_reply("account.html", _account((words,)), status=422)
    _new_token()
    return _with_session(redirect(url_for("signing_in.account"), 303), secret)


@bp.post("/account/sessions/<id>")
@needs("viewer")
def end_session(id: str) -> AnyResponse:
    """End one of one's own sessions."""
    services().accounts.end(editor(), id)
    return redirect(url_for("signing_in.account"), 303)


def _account(mistakes: tuple[str, ...] = ()) -> AccountPage:
    who, lang = signed(), spoken()
    assert who is not None
    rows = tuple(
        SessionRow(one.id, one.agent, lang.moment(one.begun), lang.moment(one.seen), one.id == who.session.id)
        for one in services().accounts.sessions(who.editor)
    )
    return AccountPage(who.editor.name, who.editor.role, rows, who.editor.has_password, mistakes)


def _new_token() -> None:
    """The forms' token belongs to who one was: whoever knew it before knows nothing of it now."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _with_session(response: AnyResponse, secret: str) -> AnyResponse:
    """The response with the new session's cookie."""
    settings = services().settings
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=settings.editor_session_days * 86_400,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _agent() -> str:
    return request.headers.get("User-Agent", "")


def _words(error: Refused | TooOften, lang: Language) -> str:
    if isinstance(error, TooOften):
        minutes = -(-int(error.seconds) // 60)
        return lang.count(
            "There were too many tries. Wait %(n)s minute.",
            "There were too many tries. Wait %(n)s minutes.",
            minutes,
        )
    return lang.say("Name and password do not go together.")


def _problems(error: Invalid, lang: Language) -> tuple[str, ...]:
    return tuple(lang.say(PROBLEMS[problem.code], shortest=SHORTEST) for problem in error.problems)


def _m_(message: str) -> str:
    return message


PROBLEMS = {
    "bad_name": _m_("Take 2 to 64 small letters, figures and . _ - @ + for the name."),
    "password_short": _m_("Take a password of %(shortest)s characters or more, such as four words."),
    "password_long": _m_("The password is too long."),
    "password_name": _m_("The password is little more than the name."),
    "password_same": _m_("The password repeats the same few characters."),
}
