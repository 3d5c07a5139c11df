"""How the address of a PostgreSQL database is understood, and what is asked of every connection to it."""

from __future__ import annotations

from psycopg import Error
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quizapp.errors import Unusable

STATEMENT_SECONDS = 10
LOCK_SECONDS = 5
# A transaction whose program fell silent is ended, so that what it locked is free again.
_SILENT_SECONDS = 20
_SERVER_SIDE = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_SILENT_SECONDS}s",
    # What is read after a lock was waited for must be what its last holder wrote.
    "default_transaction_isolation": "read\\ committed",
    "TimeZone": "UTC",
}
_CLIENT_SIDE: dict[str, str | int] = {
    # Of several hosts the one that takes writes; after a failover that is another.
    "target_session_attrs": "read-write",
    "connect_timeout": 3,
    # A server that vanished without a word is noticed within ten seconds or so.
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "quizapp",
}


def connection_info(address: str) -> str:
    """What to connect by: the address, with what it leaves open filled in; what it says itself stays.

    ``Unusable`` for an address that PostgreSQL's library does not understand; its words are not
    repeated, since they may hold the password.
    """
    try:
        given = conninfo_to_dict(address)
    except Error:
        raise _not_understood() from None
    # What follows an @ in a password would be taken for the host, and told as that.
    if "@" in f"{given.get('host') or ''}{given.get('dbname') or ''}":
        raise _not_understood()
    ours = " ".join(f"-c {name}={value}" for name, value in _SERVER_SIDE.items())
    options = f"{ours} {given.get('options') or ''}".strip()
    return make_conninfo("", **{**_CLIENT_SIDE, **given, "options": options, "client_encoding": "UTF8"})


def _not_understood() -> Unusable:
    return Unusable(
        "the address of the database is not understood: percent-encode signs such as @ / # in the password"
    )
