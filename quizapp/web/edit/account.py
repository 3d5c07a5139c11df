"""One's own account: the password, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import Refused, TooOften
from quizapp.editing.passwords import SHORTEST
from quizapp.errors import Invalid
from quizapp.store.editing_records import Role
from quizapp.web.edit.browsers import browser_words
from quizapp.web.edit.guard import editor, needs, signed
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.signing_in import agent, held_back, mistakes_in, refusal_words, welcome
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("account", __name__, url_prefix="/edit/account")


@dataclass(frozen=True)
class SessionRow:
    """One session of this editor; ``form`` is the id of the form that ends it."""

    id: str
    form: str
    browser: str
    begun: str
    seen: str
    here: bool


@dataclass(frozen=True)
class AccountPage:
    """One's own name, what one may do, password and sessions."""

    name: str
    role: str
    sessions: tuple[SessionRow, ...]
    has_password: bool
    mistakes: tuple[str, ...] = ()
    shortest: int = SHORTEST


@bp.get("")
@needs("viewer")
def account() -> AnyResponse:
    """One's own password and sessions."""
    return desk_reply("account.html", _account())


@bp.post("/password")
@needs("viewer")
def change_password() -> AnyResponse:
    """Change the password; every other session ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        secret = services().accounts.change_password(editor(), old, new, agent())
    except Invalid as error:
        return desk_reply("account.html", _account(mistakes_in(error, spoken())), status=422)
    except Refused:
        page = _account((spoken().say("The present password does not fit."),))
        return desk_reply("account.html", page, status=422)
    except TooOften as error:
        return held_back(desk_reply("account.html", _account((refusal_words(error, spoken()),))), error)
    return welcome(secret, url_for("account.account"))


@bp.post("/sessions")
@needs("viewer")
def end_others() -> AnyResponse:
    """End all of one's own sessions but this one."""
    who = signed()
    assert who is not None
    services().accounts.end_others(who.editor, who.session)
    return redirect(url_for("account.account"), 303)


@bp.post("/sessions/<id>")
@needs("viewer")
def end_session(id: str) -> AnyResponse:
    """End one of one's own sessions."""
    services().accounts.end(editor(), id)
    return redirect(url_for("account.account"), 303)


def _account(mistakes: tuple[str, ...] = ()) -> AccountPage:
    who, lang = signed(), spoken()
    assert who is not None
    rows = tuple(
        SessionRow(
            one.id,
            # The ids of forms are letters only.
            "end-" + "".join(chr(ord("a") + int(figure)) for figure in str(number)),
            browser_words(one.agent),
            lang.moment(one.begun),
            lang.moment(one.seen),
            one.id == who.session.id,
        )
        for number, one in enumerate(services().accounts.sessions(who.editor))
    )
    role = lang.say(ROLE_WORDS[who.editor.role])
    return AccountPage(who.editor.name, role, rows, who.editor.has_password, mistakes)


def _m_(message: str) -> str:
    return message


ROLE_WORDS: dict[Role, str] = {
    "viewer": _m_("You may look at drafts and previews."),
    "editor": _m_("You may change drafts; publishers put them live."),
    "publisher": _m_("You may change drafts and put them live."),
}
