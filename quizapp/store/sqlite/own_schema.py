"""Compares what is in an SQLite file with what the migrations make; runs nothing that the file brings along.

A view in the place of a table can be endless, a trigger can empty the store at the next save, and neither
shows in names and counts. What differs from the schema that the file says it has is therefore told, all of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from quizapp.store.sqlite import migrations
from quizapp.store.sqlite.connection import at_rest

# Made by SQLite itself, for AUTOINCREMENT and ANALYZE.
_OF_SQLITE = {
    "sqlite_sequence": "CREATE TABLE sqlite_sequence(name,seq)",
    "sqlite_stat1": "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "sqlite_stat4": "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}
_LONGEST_NAME = 60
_PARTS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"
_STEPS = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'quizapp' ORDER BY id LIMIT 1000"
_LIST = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name = '_sqlite_migrations'"


@dataclass(frozen=True)
class Part:
    """A table, index, view or trigger: how it was made, with one space where there were any."""

    kind: str
    name: str
    table: str
    sql: str

    def __str__(self) -> str:
        r"""What it is called, with nothing in it that a terminal obeys.

        >>> str(Part("trigger", "t", "results", "")), str(Part("view", "\x1b[2J", "", ""))
        ('the trigger t', "the view '\\x1b[2J'")
        """
        return f"the {self.kind} {_shown(self.name)}"


def schema_said(db: sqlite3.Connection) -> int:
    """How many migrations of ours an open SQLite file says it has had; 0 for a file that is none of ours."""
    return len(_steps_of(db))


def foreign_parts(db: sqlite3.Connection, schema: int) -> list[str]:
    """Everything in which a file differs from an empty one of that schema, in words; nothing of it is run.

    ``schema`` is one that this quizapp knows.
    """
    expected = _made_by_us(schema)
    found = [_part(row) for row in db.execute(_PARTS)]
    ours = {(one.kind, one.name): one for one in expected.parts}
    there = {(one.kind, one.name) for one in found}
    told = [f"{one} is missing" for key, one in ours.items() if key not in there]
    for one in found:
        if (one.kind, one.name) not in ours:
            told += [] if _OF_SQLITE.get(one.name) == one.sql else [f"{one} is none of ours"]
        elif one != ours[one.kind, one.name]:
            told.append(f"{one} is not as quizapp makes it{_other_columns(db, one, expected)}")
    if _steps_of(db) != expected.steps:
        told.append("the list of its migrations is not that of any quizapp")
    return told


def foreign_parts_of_file(path: Path) -> list[str]:
    """The same for a file on the disk; nothing where its schema is none that this quizapp knows."""
    with at_rest(path) as db:
        schema = schema_said(db)
        return foreign_parts(db, schema) if 0 < schema <= migrations.NEWEST else []


@dataclass(frozen=True)
class _Expected:
    steps: tuple[str, ...]
    parts: tuple[Part, ...]
    columns: dict[str, set[str]]


@cache
def _made_by_us(schema: int) -> _Expected:
    with Database(memory=True) as empty:
        names = [step.name for step in migrations.steps.pending(empty)]
        migrations.steps.apply(empty, stop_before=names[schema:])
        parts = tuple(_part(row) for row in empty.conn.execute(_PARTS))
        tables = [one.name for one in parts if one.kind == "table"]
        return _Expected(
            tuple(names[:schema]), parts, {name: set(_columns(empty.conn, name)) for name in tables}
        )


def _steps_of(db: sqlite3.Connection) -> tuple[str, ...]:
    # Whatever else has that name runs something when it is read.
    lists = [part for part in _made_by_us(migrations.NEWEST).parts if part.name == "_sqlite_migrations"]
    if [_part(row) for row in db.execute(_LIST)] != lists:
        return ()
    return tuple(str(name) for (name,) in db.execute(_STEPS))


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ascii(name[:_LONGEST_NAME])


def _part(row: tuple[object, ...]) -> Part:
    kind, name, table, sql = ("" if value is None else " ".join(str(value).split()) for value in row)
    return Part(kind, name, table, sql)


def _other_columns(db: sqlite3.Connection, one: Part, expected: _Expected) -> str:
    if one.kind != "table":
        return ""
    found, ours = set(_columns(db, one.name)), expected.columns[one.name]
    told = [f"the column {_shown(name)} is none of ours" for name in sorted(found - ours)]
    told += [f"the column {name} is missing" for name in sorted(ours - found)]
    return f": {', '.join(told)}" if told else ""


def _columns(db: sqlite3.Connection, table: str) -> Iterator[str]:
    # Generated columns are in this list and in no other.
    return (str(row[1]) for row in db.execute("SELECT * FROM pragma_table_xinfo(?)", [table]))
