"""What PostgreSQL's error codes mean to a caller: worth another try, or a bug of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from quizapp.errors import Unavailable
from quizapp.store.postgres.connecting import why_no_connection

_LOST = "the connection was lost"
# The most special first: whole codes, then classes of codes.
_CAUSES = {
    "25006": "it may only be read just now",
    "25P03": _LOST,
    "40001": "it is busy",
    "40P01": "it is busy",
    "42501": "its user may not do that; the role has to own the database (ALTER DATABASE … OWNER TO …)",
    "53100": "the disk is full",
    "53200": "there is no memory left",
    "53300": "it has too many connections",
    "55P03": "it is busy",
    "57014": "it is too slow",
    "XX001": "it is damaged",
    "XX002": "it is damaged",
    "08": _LOST,
    "28": "it refuses our user",
    "3D": "there is no such database",
    "53": "it has no room left",
    "57P": "it is stopping or starting",
    "58": "its disk does not read or write",
}
# The server goes on and answers others, but it is no longer the one to write to.
_DEMOTED = "25006"


@contextmanager
def told_as_unavailable() -> Iterator[None]:
    """Turn what the machine did wrong into ``Unavailable``; what the program did wrong passes through."""
    try:
        yield
    except psycopg.Error as error:
        cause = cause_of(error)
        if cause is None:
            raise
        raise Unavailable(f"the database cannot be used just now: {cause}") from error


def ends_the_connection(error: psycopg.Error) -> bool:
    """Whether every connection to that server should be thought lost, and not only this transaction."""
    code = error.sqlstate or ""
    return code == _DEMOTED or code.startswith(("57P", "08")) or (not code and _is_about_connecting(error))


def cause_of(error: psycopg.Error) -> str | None:
    """What the machine did wrong, in words; None for what the program did wrong."""
    code = error.sqlstate
    if code is None:
        return (why_no_connection(error) or _LOST) if _is_about_connecting(error) else None
    return next((words for kind, words in _CAUSES.items() if code.startswith(kind)), None)


def _is_about_connecting(error: psycopg.Error) -> bool:
    """Errors that psycopg raises by itself when there is no connection, or none any more."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
