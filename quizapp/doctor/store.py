"""Looks at the database that is set: whether it answers, keeps what it acknowledges, and has the newest schema."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from quizapp.config import Settings
from quizapp.doctor.findings import Finding
from quizapp.errors import Conflict, Unavailable
from quizapp.setting_kinds import POSTGRES, REDIS

# Without these a server may lose what it has acknowledged when the power fails.
_DURABLE = ("fsync", "full_page_writes")
_MOST_TOLD = 20


def store_findings(settings: Settings) -> Iterator[Finding]:
    """What there is to say about the store; changes nothing in it."""
    if settings.database.startswith(POSTGRES):
        yield from _server(settings.database)
    else:
        yield from _file(Path(settings.database))
        yield from _foreign(Path(settings.database))
    yield _schema(settings.database)
    if settings.rate_limits.startswith(REDIS):
        yield _redis(settings.rate_limits)
    if settings.rate_limits == "process" and settings.database.startswith(POSTGRES):
        yield Finding(
            "rate limits", "warning", "each worker counts for itself; set QUIZAPP_RATE_LIMITS=store"
        )


def _redis(address: str) -> Finding:
    try:
        from quizapp.store.redis_limits import RedisLimits
    except ImportError:
        return Finding("rate limits", "bad", "the package redis is missing: pip install 'quizapp[redis]'")
    limits = RedisLimits(address)
    try:
        limits.ping()
    except Unavailable as error:
        return Finding("rate limits", "bad", f"{error}; until it does each process counts for itself")
    finally:
        limits.close()
    return Finding("rate limits", "ok", "Redis answers")


def _schema(address: str) -> Finding:
    from quizapp.store.schema_state import newest_schema, schema_found

    try:
        found, newest = schema_found(address), newest_schema(address)
    except Unavailable as error:
        return Finding("schema", "bad", str(error))
    if found > newest:
        return Finding("schema", "bad", f"{found}, from a newer quizapp; this one knows {newest}: upgrade it")
    if found == newest:
        return Finding("schema", "ok", f"{found}, the newest")
    when = (
        "made at the first start"
        if not found
        else f"{found}; the next start brings it to {newest}: back up first"
    )
    return Finding("schema", "ok" if not found else "warning", when)


def _file(path: Path) -> Iterator[Finding]:
    if os.name == "posix" and path.exists() and (mode := path.stat().st_mode & 0o777) & 0o077:
        yield Finding("database file", "bad", f"{path} has mode {mode:o}: others can read it; chmod 600 it")


def _foreign(path: Path) -> Iterator[Finding]:
    from quizapp.store.sqlite.faults import told_as_unavailable
    from quizapp.store.sqlite.own_schema import foreign_parts_of_file

    try:
        with told_as_unavailable():
            foreign = foreign_parts_of_file(path) if path.is_file() else []
    except (Unavailable, Conflict):
        return  # What cannot be read is told with the schema; what is just being written is in use.
    for one in foreign[:_MOST_TOLD]:
        yield Finding("tables", "bad", f"{one}; no backup that holds it is restored")


def _server(address: str) -> Iterator[Finding]:
    try:
        from quizapp.store.postgres.server import PostgresServer
    except ImportError:
        yield Finding("postgresql", "bad", "the package psycopg is missing: pip install 'quizapp[postgres]'")
        return
    try:
        with PostgresServer(address).connected() as connection:
            version = connection.info.server_version
            sql = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
            asked = [*_DURABLE, "synchronous_standby_names"]
            told = {row["name"]: row["setting"] for row in connection.execute(sql, [asked])}
    except Unavailable as error:
        yield Finding("postgresql", "bad", str(error))
        return
    yield Finding("postgresql", "ok", f"{version // 10_000}.{version % 10_000} answers")
    off = [name for name in _DURABLE if told[name] != "on"]
    says = (
        f"{' and '.join(off)} off: what was acknowledged is lost with the power"
        if off
        else "kept on the disk"
    )
    yield Finding("durability", "bad" if off else "ok", says)
    standby = told["synchronous_standby_names"]
    yield Finding("standby", "ok", f"waits for {standby}" if standby else "commits wait for no standby")
