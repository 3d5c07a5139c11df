"""Which browsers an editor has signed in from: a signed cookie, so that strangers cannot use up their tries.

It lets nobody in. Whoever steals it may try some passwords of that one editor, as they could without it.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.accounts import KnownBrowser
from quizapp.store.editing_records import Editor
from quizapp.store.tokens import new_secret
from quizapp.web.services import services

# Browsers keep no cookie for longer.
REMEMBERED = timedelta(days=400)


def known_browser() -> KnownBrowser | None:
    """What the browser that sent this request has been given; None for nothing that we signed of late."""
    sent = request.cookies.get(cookie_name())
    try:
        editor, id = _signer().loads(sent or "", max_age=int(REMEMBERED.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    return KnownBrowser(str(editor), str(id))


def known_from_now(response: AnyResponse, editor: Editor) -> AnyResponse:
    """The response with a cookie by which the browser is known; one that is no use without a password is left."""
    known = known_browser()
    if not editor.has_password:
        return response
    id = known.id if known and known.editor == editor.id else new_secret()
    response.set_cookie(
        cookie_name(),
        str(_signer().dumps([editor.id, id])),
        max_age=REMEMBERED,
        path="/",
        secure=services().settings.https,
        httponly=True,
        samesite="Strict",
    )
    return response


def cookie_name() -> str:
    """The cookie that holds it."""
    return "__Host-quizapp-browser" if services().settings.https else "quizapp-browser"


def _signer() -> URLSafeTimedSerializer:
    secrets = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), str(current_app.secret_key)]
    return URLSafeTimedSerializer(secrets, salt="quizapp browser")
