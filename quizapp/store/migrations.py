"""The tables of the SQLite store, one numbered step after another; a released step is never edited.

Only these steps create tables. They run through ``migrate``, inside one write transaction, because
sqlite-utils applies migrations without a lock and several starting processes would collide.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from quizapp.errors import Unavailable

NEWEST = 2
steps = Migrations("quizapp")


@steps(name="0001_revisions")
def _revisions(db: Database) -> None:
    _create(db, "revisions", {"revision": str, "bank": str, "content": str, "parsed": str}, pk="revision")
    publication: dict[str, type[str] | type[int]] = {
        "number": int, "bank": str, "revision": str, "parent": str,
        "origin": str, "who": str, "why": str, "at": str,
    }  # fmt: skip
    _create(db, "publications", publication, pk="number", optional=("parent",))
    db.table("publications").create_index(["bank", "number"], unique=True)
    _create(db, "in_step", {"place": str, "bank": str, "revision": str, "seen": str}, pk=("place", "bank"))


@steps(name="0002_results")
def _results(db: Database) -> None:
    result: dict[str, type[str] | type[int]] = {
        "token": str, "bank": str, "revision": str, "on_day": str, "answers": str, "language": str,
        "shown": str, "recommended": str, "owner": str, "submission": str, "created": str, "expires": str,
    }  # fmt: skip
    _create(db, "results", result, pk="token", optional=("shown", "recommended"))
    db.table("results").create_index(["submission"], unique=True)
    db.table("results").create_index(["expires"])


def _create(
    db: Database,
    name: str,
    columns: dict[str, type[str] | type[int]],
    *,
    pk: str | tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> None:
    """Make a strict table whose columns are all required but the optional ones."""
    pins = name != "revisions" and "revision" in columns
    pinned = [("revision", "revisions", "revision")] if pins else None
    required = [column for column in columns if column not in optional]
    db.create_table(name, columns, pk=pk, not_null=required, foreign_keys=pinned, strict=True)


def migrate(db: Database) -> None:
    """Bring the database to the newest schema. The caller holds a write transaction, or two would clash.

    Raises ``Unavailable`` for a database that a newer version of quizapp has written.
    """
    if not db.conn.in_transaction:
        raise RuntimeError("migrate() outside a write transaction")
    if schema_version(db) > NEWEST:
        raise Unavailable("a newer quizapp wrote this database: upgrade quizapp, or restore a backup")
    steps.apply(db)


def schema_version(db: Database) -> int:
    """How many steps the database has had."""
    return len(steps.applied(db))
