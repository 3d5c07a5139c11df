"""The commands of whoever runs the quiz: backup, restore, expire, migrate."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp.cli.telling import print_json
from quizapp.config import load
from quizapp.errors import Conflict, Unavailable
from quizapp.setting_kinds import without_password

if TYPE_CHECKING:
    from quizapp.store.backup.file import Progress

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def backup(file: Path, as_json: bool) -> None:
    """Back up everything that the store keeps into one file.

    The server may go on. FILE is an SQLite file, whichever database is in use; it is there only when it is whole,
    checked and on the disk, and only its owner can read it. An earlier backup of that name is replaced.
    """
    from quizapp.store.backup.backup import back_up
    from quizapp.store.sqlite.migrations import NEWEST

    begun = time.monotonic()
    with _bar("backing up") as progress:
        held = back_up(load().database, file, progress)
    if held.schema > NEWEST:
        says = f"a newer quizapp wrote schema {held.schema}, this one knows {NEWEST} and could not restore it"
        click.echo(f"warning: {says}; upgrade quizapp to do so", err=True)
    for one in held.foreign:
        click.echo(f"warning: it would not be restored as it is: {one}", err=True)
    if as_json:
        told = {"file": str(file), "schema": held.schema, "tables": held.rows, "foreign": held.foreign}
        print_json(told)
        return
    _tell_rows(held.rows)
    size, seconds = file.stat().st_size, time.monotonic() - begun
    click.echo(f"{file} holds it all: schema {held.schema}, {size:,} bytes, in {seconds:.1f} s")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace an SQLite file that is in use; it is kept beside.")
@as_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Put what a backup holds into an empty store.

    Stop every server first. A backup of an older quizapp is brought to the newest schema; one of a newer quizapp, a
    damaged one, and one with tables, views, triggers or rows that no quizapp writes is refused. Editors sign in again.
    """
    from quizapp.library.kept import is_kept_bank
    from quizapp.store.backup.restore import restore as run

    settings = load()
    with _bar("restoring") as progress:
        done = run(file, settings.database, replace, progress, is_kept_bank)
    if as_json:
        kept = str(done.kept) if done.kept else None
        told = {"schema": [done.backup.schema, done.now.schema], "tables": done.now.rows, "kept": kept}
        print_json(told)
        return
    _tell_rows(done.now.rows)
    where = without_password(settings.database)
    click.echo(f"{where} holds it all: schema {done.backup.schema} → {done.now.schema}")
    if done.kept:
        click.echo(f"what was there before is kept in {done.kept}")


@click.command()
@click.option("--yes", is_flag=True, help="Although nobody has used the quiz for weeks: the clock is right.")
@as_json
def expire(yes: bool, as_json: bool) -> None:
    """Remove the results whose time has passed, now.

    The server does it by itself when it starts and once a day. Where the clock of this machine says that nobody has
    used the quiz for weeks, it may be fast: nothing is removed then without --yes.
    """
    from quizapp.library.expiry import clock_is_doubtful
    from quizapp.store.addresses import open_store

    store, now = open_store(load().database), datetime.now(UTC)
    try:
        count = store.expired(now)
        if count and not yes and clock_is_doubtful(store, now):
            raise Conflict(
                f"by the clock of this machine it is {now.date().isoformat()}, and nobody has used the quiz for "
                f"weeks: {count:,} results would be removed for good; set the clock right, or say --yes"
            )
        removed = store.expire(now)
    finally:
        store.close()
    if as_json:
        print_json({"removed": removed})
    else:
        click.echo(f"{removed:,} results removed")


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 when there is something to do.")
@as_json
def migrate(check: bool, as_json: bool) -> None:
    """Bring the store to the newest schema, and say from which.

    The server does it by itself when it starts. Back up first.
    """
    from quizapp.store.addresses import open_store
    from quizapp.store.schema_state import newest_schema, schema_found

    address = load().database
    before, newest = schema_found(address), newest_schema(address)
    if before > newest:
        raise Unavailable(f"a newer quizapp wrote schema {before}, this one knows {newest}: upgrade quizapp")
    if not check and before < newest:
        open_store(address).close()
    after = schema_found(address)
    if as_json:
        print_json({"from": before, "to": after, "newest": newest})
    elif after == before:
        click.echo(
            f"schema {before}" + (" is the newest" if before == newest else f", the newest is {newest}")
        )
    else:
        click.echo(f"schema {before} → {after}")
    sys.exit(int(after < newest))


def _tell_rows(rows: dict[str, int]) -> None:
    for table, count in rows.items():
        click.echo(f"{table:<18}{count:>12,} rows")


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar on standard error, for eyes alone."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield step
