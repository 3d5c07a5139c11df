"""What every response says about itself, and what every request must satisfy before a view sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from quizapp.config import Settings
from quizapp.web.body_limits import FORM_PARTS, most_bytes
from quizapp.web.cookies import SignedCookie
from quizapp.web.journal import tell_failure

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing is kept by caches but what says otherwise: the style sheet, the script and the icon.
    "Cache-Control": "private, no-store",
}
LAST_WORDS = (
    "こちら側で問題が起きました。しばらくしてから、もう一度お試しください。\n"
    "Something went wrong on our side. Please try again in a while.\n"
).encode()
TWO_YEARS = "max-age=63072000; includeSubDomains"
DAY = 86_400


def secure(app: Flask, settings: Settings, secret: str) -> CSRFProtect:
    """Set limits, cookies and headers; returns the CSRF guard so that stateless views can step outside."""
    app.config.update(
        SECRET_KEY=secret,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.https else "quizapp",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=settings.result_days * DAY,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        MAX_FORM_PARTS=FORM_PARTS,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no Referer, so Flask-WTF's check of it would refuse everybody over https;
        # `same_site_only` looks at what browsers send instead.
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.proxy_hops:
        hops, inner = settings.proxy_hops, KnownScheme(app.wsgi_app, "https" if settings.https else "http")
        app.wsgi_app = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.session_interface = SignedCookie()
    app.before_request(limit_body)
    app.before_request(stay_on_this_host)
    app.before_request(same_site_only)
    app.wsgi_app = Headed(app.wsgi_app, headers_of(settings))  # type: ignore[method-assign]
    return CSRFProtect(app)


def headers_of(settings: Settings) -> dict[str, str]:
    """What every response says about itself, whoever makes it."""
    return {**HEADERS, **({"Strict-Transport-Security": TWO_YEARS} if settings.https else {})}


class KnownScheme:
    """Believes a proxy only that the client came by http or https; whatever else it passes on is ``otherwise``.

    The scheme stands in the addresses that responses lead to.
    """

    def __init__(self, app: WSGIApplication, otherwise: str) -> None:
        self._app = app
        self._otherwise = otherwise

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer."""
        if environ["wsgi.url_scheme"] not in ("http", "https"):
            environ["wsgi.url_scheme"] = self._otherwise
        return self._app(environ, start_response)


class Headed:
    """Adds the headers to every response that does not set them itself, errors included.

    Where nothing within could answer any more, it says so itself, in words that need nothing.
    """

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = list(headers.items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer with the headers added."""
        begun = False

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            nonlocal begun
            begun = True
            present = {name for name, _ in headers}
            return start_response(
                status, headers + [one for one in self._headers if one[0] not in present], *failure
            )

        try:
            return self._app(environ, start)
        except Exception as error:
            tell_failure(error)
            head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(LAST_WORDS)))]
            # A response that was begun already may only be taken back by saying why.
            start("500 Internal Server Error", head, *((sys.exc_info(),) if begun else ()))
            return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else LAST_WORDS]


def limit_body() -> None:
    """Let nobody send more than the address has use for."""
    request.max_content_length = most_bytes(request.path, current_app.config["MAX_CONTENT_LENGTH"])


def stay_on_this_host() -> Response | None:
    """Lead to another spelling of the same address by its path alone.

    Werkzeug would name the host and the scheme that the request names, and a client can forge those.
    """
    found = request.routing_exception
    if not isinstance(found, RequestRedirect):
        return None
    return redirect(urlsplit(found.new_url)._replace(scheme="", netloc="").geturl(), found.code)


def same_site_only() -> None:
    """Refuse a form that another site sent, as the browser itself tells."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(400)
