"""Signing in and out, and the first editor's set-up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import Blueprint, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import Refused, TooOften
from quizapp.editing.passwords import SHORTEST
from quizapp.errors import Invalid, NotFound
from quizapp.i18n import Language
from quizapp.web.edit.guard import SignInPage, cookie_name, needs, now_signed_in, sign_in_reply, signed
from quizapp.web.edit.known_browsers import known_browser, known_from_now
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.typed import HOME, Kept, ResumePage, led_back, unpacked
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("signing_in", __name__, url_prefix="/edit")

DAY = 86_400


@dataclass(frozen=True)
class SetUpPage:
    """The first editor chooses a name and a password."""

    token: str
    name: str = ""
    mistakes: tuple[str, ...] = ()
    shortest: int = SHORTEST


@bp.get("/sign-in")
def sign_in() -> AnyResponse:
    """Ask for name and password; somebody who has signed in is led on."""
    came_from = request.args.get("next", "")
    if signed():
        return redirect(led_back(came_from), 303)
    return sign_in_reply(SignInPage(next=came_from))


@bp.post("/sign-in")
def begin() -> AnyResponse:
    """Begin a session, and lead back to where somebody came from; what they had typed is there to send."""
    form, lang = request.form, spoken()
    name, kept, came_from = form.get("name", ""), form.get("kept", ""), form.get("next", "")
    try:
        secret = services().accounts.sign_in(
            name, form.get("password", ""), request.remote_addr or "", agent(), known_browser()
        )
    except (Refused, TooOften) as error:
        page = SignInPage(name, refusal_words(error, lang), came_from, kept)
        return held_back(sign_in_reply(page, 401), error)
    found = unpacked(kept) if kept else None
    return welcome(secret, led_back(came_from), found)


@bp.post("/resume")
def resume() -> AnyResponse:
    """Show what was typed to somebody who has signed in elsewhere, in another tab say."""
    kept = request.form.get("kept", "")
    found = unpacked(kept)
    if not signed():
        return sign_in_reply(SignInPage(kept=kept if found else ""), 401)
    return desk_reply("resume.html", ResumePage(found, True)) if found else redirect(led_back(""), 303)


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
    """Ask the first editor for name and password; a link that does not hold says so before they are typed."""
    accounts = services().accounts
    if accounts.is_set_up():
        raise NotFound("there is an editor already")
    if not accounts.link_holds(token):
        return desk_reply("set_up.html", SetUpPage(token, mistakes=(spoken().say(RUN_OUT),)), status=404)
    return desk_reply("set_up.html", SetUpPage(token))


@bp.post("/setup/<token>")
def take_set_up(token: str) -> AnyResponse:
    """Make the first editor, a publisher, and sign in."""
    form, lang = request.form, spoken()
    name, password = form.get("name", ""), form.get("password", "")
    try:
        secret = services().accounts.take_setup(token, name, password, request.remote_addr or "", agent())
    except Invalid as error:
        page, status = SetUpPage(token, name, mistakes_in(error, lang)), 422
        return desk_reply("set_up.html", page, status=status)
    except TooOften as error:
        page = SetUpPage(token, name, (refusal_words(error, lang),))
        return held_back(desk_reply("set_up.html", page), error)
    except NotFound:
        # Once there is an editor, every link looks alike; until then, this one has run out.
        if services().accounts.is_set_up():
            raise
        page = SetUpPage(token, name, (lang.say(RUN_OUT),))
        return desk_reply("set_up.html", page, status=404)
    return welcome(secret, url_for(HOME))


def welcome(secret: str, to: str, kept: Kept | None = None) -> AnyResponse:
    """Lead somebody on in their new session, or show them what they had typed; the session before it ends."""
    if before := signed():
        services().accounts.sign_out(before.editor, before.session)
    now_signed_in(secret)
    _new_token()
    response = desk_reply("resume.html", ResumePage(kept, True)) if kept else redirect(to, 303)
    who = signed()
    return with_session(known_from_now(response, who.editor) if who else response, secret)


def with_session(response: AnyResponse, secret: str) -> AnyResponse:
    """The response with the session's cookie."""
    settings = services().settings
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=settings.editor_session_days * DAY,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _new_token() -> None:
    """The forms' token belongs to who one was: whoever knew it before knows nothing of it now."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def agent() -> str:
    """What the browser calls itself."""
    return request.headers.get("User-Agent", "")


def held_back(response: AnyResponse, error: Refused | TooOften) -> AnyResponse:
    """The response with status 429 and how long to wait, where there were too many tries."""
    if isinstance(error, TooOften):
        response.status_code = 429
        response.headers["Retry-After"] = str(math.ceil(error.seconds))
    return response


def refusal_words(error: Refused | TooOften, lang: Language) -> str:
    """Why there is no session, in words that tell nobody which names exist."""
    if isinstance(error, TooOften):
        return lang.count(
            "There were too many tries. Wait %(n)s minute.",
            "There were too many tries. Wait %(n)s minutes.",
            math.ceil(error.seconds / 60),
        )
    return lang.say("Name and password do not go together.")


def mistakes_in(error: Invalid, lang: Language) -> tuple[str, ...]:
    """What is wrong with a name or a password."""
    return tuple(lang.say(PROBLEMS[problem.code], shortest=SHORTEST) for problem in error.problems)


def _m_(message: str) -> str:
    return message


RUN_OUT = _m_("This link no longer holds. Start the site again: it prints a new one.")
PROBLEMS = {
    "bad_name": _m_("Take 2 to 64 small letters, figures and . _ - @ + for the name."),
    "password_short": _m_("Take a password of %(shortest)s characters or more, such as four words."),
    "password_long": _m_("The password is too long."),
    "password_name": _m_("The password is little more than the name."),
    "password_same": _m_("The password repeats the same few characters."),
    "password_common": _m_("The password is among those that are tried first."),
}
