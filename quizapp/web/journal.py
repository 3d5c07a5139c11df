"""One line of log for each request: its id, rule, status and time; never an address, an answer or a token."""

from __future__ import annotations

import json
import logging
import secrets
import time
import traceback

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("quizapp.web")
FAILED = 400


def keep_journal(app: Flask, everything: bool) -> None:
    """Give every request an id, tell it in the response, and log the request when it ends.

    With ``everything`` each request is one line; without, only those that failed are, as on a machine
    of one's own: the rest is told to whoever turns on debugging.
    """
    app.logger.addFilter(_without_words)

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        level = logging.INFO if everything or response.status_code >= FAILED else logging.DEBUG
        if log.isEnabledFor(level):
            log.log(level, json.dumps(_line(response)))
        return response


def _line(response: Response) -> dict[str, object]:
    return {
        "request": g.get("request_id", ""),
        "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
        # The rule, not the path: a path may hold a token.
        "rule": _rule(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    }


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _without_words(record: logging.LogRecord) -> bool:
    """What Flask itself logs of an error is told our way, without the error's words."""
    if record.exc_info and record.exc_info[1]:
        tell_failure(record.exc_info[1])
        record.exc_info = None
    return True


def tell_failure(error: BaseException) -> None:
    """Log where an unexpected error arose; its words are left out, as they may hold an answer.

    Works before a request is open and after it was closed, too.
    """
    id, rule = (g.get("request_id", ""), _rule()) if has_request_context() else ("", "")
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("request %s to %s failed: %s\n%s", id, rule or "-", type(error).__name__, frames)
