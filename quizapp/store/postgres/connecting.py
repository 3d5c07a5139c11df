"""Why there is no connection to PostgreSQL, in words that name the place and never hold the password.

Before a connection is there, PostgreSQL's library tells no code but a sentence: its own is always English, what the
server says may be in the server's language. What is not recognised is told without the sentence.
"""

from __future__ import annotations

import re

from psycopg import Error

_NO_HOST = re.compile(r"(?:failed to resolve host|could not translate host name) [\'\"]([^\'\"]*)")
_PLACE = re.compile(r'connection to server (?:at "([^"]*)".*?, port (\d+)|on socket "([^"]*)") failed: (.*)')
_EACH = re.compile(r"^- host: .*$", re.MULTILINE)
_NOBODY = "no server answers at {place}"
# What the sentence holds, and what to say of it; its first pair of quotation marks is {named}.
_REASONS = (
    (
        r"refused|No such file|timeout|No route|unreachable|timed out|reset by peer|closed the connection",
        _NOBODY,
    ),
    (r"password authentication failed", "the server at {place} refuses the password of user {user}"),
    (
        r"no password supplied",
        "the server at {place} asks for the password of user {user}, and there is none",
    ),
    (r"authentication failed", "the server at {place} refuses user {user}"),
    (r'^FATAL:  database "[^"]*" does not exist', "there is no database {named} on the server at {place}"),
    (r'^FATAL:  role "[^"]*" does not exist', "there is no user {named} on the server at {place}"),
    (r"pg_hba\.conf", "the server at {place} does not let user {user} in from here (its pg_hba.conf)"),
    (r"session is read-only|hot standby|not read-only", "the server at {place} takes no writes"),
    (r"SSL|certificate", "no agreement about TLS with the server at {place} (sslmode)"),
    (r"too many|connection slots", "the server at {place} has no connection left"),
    (r"starting up|shutting down|not yet accepting", "the server at {place} is starting or stopping"),
)
_OTHERWISE = "the server at {place} refuses the connection; its log says why"


def why_no_connection(error: Error) -> str | None:
    """What kept it from connecting, one reason for each of several hosts; None if it is about something else."""
    text = str(error)
    user = _text(error.pgconn.user) if error.pgconn else ""
    told = [words for part in _EACH.findall(text) or [text] if (words := _reason(part, user))]
    return "; ".join(dict.fromkeys(told)) or None


def _reason(part: str, user: str) -> str | None:
    if found := _NO_HOST.search(part):
        return f"there is no host called {found[1]}"
    found = _PLACE.search(part)
    if not found:
        return None
    host, port, socket, says = found.groups()
    words = next((words for pattern, words in _REASONS if re.search(pattern, says)), _OTHERWISE)
    named = re.search(r'"([^"]*)"', says)
    place = socket or f"{f'[{host}]' if ':' in host else host}:{port}"
    return words.format(place=place, user=user, named=named[1] if named else "")


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
