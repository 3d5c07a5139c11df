"""Signing in through the OpenID provider that is set: out to it, and back with its word for who it is."""

from __future__ import annotations

import hmac
import logging
import shlex
from dataclasses import asdict
from functools import cache

from flask import Blueprint, abort, current_app, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import Refused
from quizapp.editing.identity import Attempt, Identity, Unreachable, Untrusted
from quizapp.store.records import Rate
from quizapp.web.edit.guard import SignInPage, sign_in_reply, signed
from quizapp.web.edit.signing_in import agent, welcome
from quizapp.web.edit.typed import led_back
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("oidc", __name__, url_prefix="/edit/oidc")
log = logging.getLogger("quizapp.web")

# Time enough to find one's telephone for a second factor.
ATTEMPT_SECONDS = 600
LONGEST_NEXT = 500


@bp.get("")
def leave() -> AnyResponse:
    """Send the browser to the provider; a signed cookie of its own keeps what it must bring back."""
    identity, came_from = _identity(), request.args.get("next", "")[:LONGEST_NEXT]
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # Another site may not begin it: it is begun on our page.
        return redirect(url_for("signing_in.sign_in"), 303)
    if signed():
        return redirect(led_back(came_from), 303)
    try:
        url, attempt = identity.begin(_way_back())
    except Unreachable as error:
        return _failed(error, 503)
    response = redirect(url, 303)
    kept = _signer().dumps([asdict(attempt), came_from])
    response.set_cookie(
        _cookie(), str(kept), ATTEMPT_SECONDS, path="/", secure=_https(), httponly=True, samesite="Lax"
    )
    return response


@bp.get("/back")
def come_back() -> AnyResponse:
    """Begin a session for whom the provider vouches, if an editor is known by that account."""
    identity = _identity()
    try:
        attempt, came_from = _begun(request.args.get("state", ""))
        subject = identity.subject(attempt, request.args.get("code", ""), request.args.get("iss"))
    except Untrusted as error:
        return _ended(_failed(error, 400))
    except Unreachable as error:
        return _ended(_failed(error, 503))
    try:
        secret = services().accounts.sign_in_subject(subject, agent())
    except Refused:
        words = spoken().say("You are known there, but nobody here goes by this account.")
        command = f"quizapp editor add NAME --role editor --subject {shlex.quote(subject)}"
        return _ended(sign_in_reply(SignInPage(mistake=words, subject=subject, command=command), 403))
    return _ended(welcome(secret, led_back(came_from)))


def _begun(state: str) -> tuple[Attempt, str]:
    """The attempt that this browser began, once only. Raises ``Untrusted``."""
    try:
        kept, came_from = _signer().loads(request.cookies.get(_cookie(), ""), max_age=ATTEMPT_SECONDS)
        attempt = Attempt(**kept)
    except (BadData, TypeError, ValueError):
        raise Untrusted("this browser began no signing in, or too long ago") from None
    if not state or not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise Untrusted("this is not the answer to what this browser asked")
    # Whoever brings the same cookie and answer again comes too late, on whichever machine.
    if services().store.take_turn(Rate(f"oidc {attempt.state}", 1, ATTEMPT_SECONDS)):
        raise Untrusted("this answer was used already")
    if request.args.get("error") or not request.args.get("code"):
        raise Untrusted("the provider refused")
    return attempt, str(came_from)


def _identity() -> Identity:
    return services().identity or abort(404)


def _way_back() -> str:
    return url_for("oidc.come_back", _external=True, _scheme="https" if _https() else request.scheme)


def _https() -> bool:
    return services().settings.https


def _cookie() -> str:
    return "__Host-quizapp-oidc" if _https() else "quizapp-oidc"


def _signer() -> URLSafeTimedSerializer:
    return _signer_of(str(current_app.secret_key))


@cache
def _signer_of(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="quizapp oidc")


def _failed(error: Untrusted | Unreachable, status: int) -> AnyResponse:
    # The words name no person and hold no token.
    log.warning("signing in through the provider failed: %s", error)
    lang = spoken()
    words = (
        lang.say("The sign-in service does not answer just now. Please try again in a moment.")
        if isinstance(error, Unreachable)
        else lang.say("The answer of the sign-in service could not be used. Please begin again.")
    )
    return sign_in_reply(SignInPage(mistake=words), status)


def _ended(response: AnyResponse) -> AnyResponse:
    """The response with the cookie of the attempt taken away."""
    response.delete_cookie(_cookie(), path="/", secure=_https(), httponly=True, samesite="Lax")
    return response
