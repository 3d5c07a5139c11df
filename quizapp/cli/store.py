"""The commands about the store as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from quizapp.cli.telling import print_json
from quizapp.errors import Invalid, Problem, Where
from quizapp.setting_kinds import read_database, without_password

if TYPE_CHECKING:
    from quizapp.store.postgres.store import PostgresStore
    from quizapp.store.sql.rows import Transactions
    from quizapp.store.sqlite.store import SqliteStore

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


@click.group("store")
def store() -> None:
    """Look after the database."""


@store.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--while-serving",
    is_flag=True,
    help="Copy although a server runs; what is saved meanwhile may stay behind.",
)
@as_json
def copy_store(source: str, target: str, while_serving: bool, as_json: bool) -> None:
    """Copy everything from one store into another that is empty.

    FROM and TO are SQLite files or postgresql:// addresses. Stop every server first: of one that is open by a
    server nothing is copied. A file to copy from is
    checked as a backup is, and only read. Every row is compared in the end, and a table of rows and digests is
    printed. Broken off, it goes on when started again; a target that holds other data is left as it is.
    """
    from quizapp.store import copying
    from quizapp.store.in_use import refuse_in_use

    origin, goal = _address(source, "FROM"), _address(target, "TO")
    _refuse_nonsense(origin, goal)
    for address in () if while_serving else (origin, goal):
        refuse_in_use(address)
    with _source(origin) as ours, _opened(goal) as theirs:
        rows = copying.steps(ours)
        with click.progressbar(length=rows, label="copying", file=sys.stderr, update_min_steps=200) as bar:
            copied = copying.copy(ours, theirs.transactions, theirs.fitting, bar.update)
    if as_json:
        print_json({"tables": [vars(table) for table in copied]})
        return
    for table in copied:
        click.echo(f"{table.table:<16}{table.rows:>12,} rows {table.added:>12,} new  {table.digest[:16]}")
    click.echo(f"{without_password(goal)} holds all that {without_password(origin)} holds")


def _address(given: str, name: str) -> str:
    try:
        return str(read_database(given))
    except ValueError as error:
        raise _problem(
            name, f"{without_password(given)!r} is {error}", "name a file or postgresql://…"
        ) from None


def _refuse_nonsense(origin: str, goal: str) -> None:
    from quizapp.store.addresses import sqlite_path

    file, other = sqlite_path(origin), sqlite_path(goal)
    if file and not file.is_file():
        raise _problem("FROM", f"there is no file {origin}", "name the SQLite file that is in use")
    if origin == goal or (file and other and file.resolve() == other.resolve()):
        raise _problem("TO", "it is the same store as FROM", "name another")


def _problem(name: str, what: str, fix: str) -> Invalid:
    why = "a copy goes from one store into another"
    return Invalid([Problem(Where(name), "bad_store", what, why, fix)])


@contextmanager
def _source(address: str) -> Iterator[Transactions]:
    from quizapp.store.addresses import sqlite_path
    from quizapp.store.sqlite.source import source

    if file := sqlite_path(address):
        with source(file) as rows:
            yield rows
    else:
        with _opened(address) as store:
            yield store.transactions


@contextmanager
def _opened(address: str) -> Iterator[SqliteStore | PostgresStore]:
    from quizapp.store.addresses import open_tables

    opened = open_tables(address)
    try:
        yield opened
    finally:
        opened.close()
