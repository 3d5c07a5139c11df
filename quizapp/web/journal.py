"""One line of log for each request: its id, rule, status and time; never an address, an answer or a token."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback

from flask import Flask, Response, current_app, g, has_request_context, request

from quizapp.errors import Unavailable

log = logging.getLogger("quizapp.web")
FAILED = 400
# What proxies make: 32 hexadecimal digits, or a UUID.
AN_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")


class Line(dict[str, object]):
    """What there is to say, by name; in a log of text it is written as JSON."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


def keep_journal(app: Flask, everything: bool, behind_proxy: bool = False) -> None:
    """Give every request an id, tell it in the response, and log the request when it ends.

    With ``everything`` each request is one line; without, only those that failed are, as on a machine
    of one's own: the rest is told to whoever turns on debugging. ``behind_proxy`` takes over the id that the
    proxy has given; from anybody else an id is worth nothing.
    """
    app.logger.addFilter(_without_words)

    @app.before_request
    def begin() -> None:
        g.request_id = (behind_proxy and _given_id()) or secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        level = logging.INFO if everything or response.status_code >= FAILED else logging.DEBUG
        if log.isEnabledFor(level):
            log.log(level, _line(response))
        return response


def _given_id() -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if AN_ID.fullmatch(given) else ""


def _line(response: Response) -> Line:
    line = Line(
        request=g.get("request_id", ""),
        method=request.method if request.method in ("GET", "HEAD", "POST") else "other",
        # The rule, not the path: a path may hold a token.
        rule=_rule(),
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    )
    if bank := _live_bank():
        line["bank"] = bank
    if editor := _editor():
        line["editor"] = editor
    if "refused" in g:
        line["refused"] = g.refused
    if "store_error" in g:
        line["store"] = g.store_error
    return line


def _live_bank() -> str:
    """The bank that the request is about, if there is one: what else stands in its place may be anything."""
    asked: str | None = (request.view_args or {}).get("bank")
    if not asked:
        return ""
    # Not through ``services``, which rests on what keeps a journal.
    live = current_app.extensions["quizapp"].library.published()
    return asked if any(asked == bank.slug for bank in live) else ""


def _editor() -> str:
    """The id of the editor who sent a request to the editing pages; a name is nobody's business in a log."""
    signed = g.get("signed") if _rule().startswith("/edit") else None
    return signed.editor.id if signed else ""


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _without_words(record: logging.LogRecord) -> bool:
    """What Flask itself logs of an error is told our way, without the error's words."""
    if record.exc_info and record.exc_info[1]:
        tell_failure(record.exc_info[1])
        record.exc_info = None
    return True


def tell_unavailable(error: Unavailable) -> None:
    """Note what kept the store from answering this request, for its line in the log and for the metrics.

    The kind is the name that the database's library has for it: one of a fixed set.
    """
    cause = error.__cause__ or error.__context__
    g.store_error = getattr(cause, "sqlite_errorname", None) or (type(cause).__name__ if cause else "refused")


def tell_failure(error: BaseException) -> None:
    """Log where an unexpected error arose; its words are left out, as they may hold an answer.

    Works before a request is open and after it was closed, too.
    """
    id, rule = (g.get("request_id", ""), _rule()) if has_request_context() else ("", "")
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("request %s to %s failed: %s\n%s", id, rule or "-", type(error).__name__, frames)
