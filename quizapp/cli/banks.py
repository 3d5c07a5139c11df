"""The commands about published banks: in and out, back and forth; each does what its page does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from quizapp.cli.telling import clear_progress, print_json, show_progress, tell_problems
from quizapp.config import load
from quizapp.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from quizapp.editing.bundle import Bundle
    from quizapp.library.library import Library
    from quizapp.store.editing_records import Editor
    from quizapp.store.protocol import Store

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
why_said = click.option("--why", metavar="TEXT", help="Why, in a sentence; it stands in the history.")


@click.group()
def bank() -> None:
    """Publish, import, compare and roll back banks."""


@bank.command()
def publish() -> None:
    """Publish every file in the banks' folder that is new.

    The server does the same when it starts and while it runs; done beforehand, the first start is quick.
    A file that fails its check or its cases is told and left out.
    """
    with _opened() as (_, library):
        show_progress("publishing the banks")
        library.start(watch=False)
        clear_progress()
        for published in library.published():
            click.echo(f"{published.slug}: revision {published.revision} is live")
        if refused := library.problems():
            raise Invalid(list(refused))


@bank.command()
@click.argument("slug")
@click.option(
    "--keep",
    type=click.Choice(["file", "live"]),
    required=True,
    help="Which of the two stays: the file, published as the newest; or what is live, written into the file.",
)
def sync(slug: str, keep: Literal["file", "live"]) -> None:
    """Settle a file and a live bank that have both changed.

    The text that a file loses is kept beside it, and what was live stays in the history.
    """
    from quizapp.editing.publishing import settle

    with _opened() as (store, library):
        settled = settle(store, library, slug, keep, "command")
    click.echo(f"{slug}: revision {settled.revision} is live")


@bank.command("import")
@click.argument("file", type=a_file)
@click.option("--publish", "at_once", is_flag=True, help="Publish it; without this it becomes a draft.")
@why_said
@click.option("--case-reason", metavar="TEXT", help="Why cases that were changed are right now.")
@click.option("--who", metavar="NAME", help="The editor whose draft it is, or who publishes.")
@click.option(
    "--as", "as_id", metavar="ID", help="Another id than the file says; the bank comes in as a new one."
)
def import_file(
    file: Path,
    at_once: bool,
    why: str | None,
    case_reason: str | None,
    who: str | None,
    as_id: str | None,
) -> None:
    """Take in a bank: a YAML file, or a zip of bank and cases.

    It becomes a draft to look at in the browser; --publish puts it live if it passes its check and its
    cases. With a YAML file come the cases beside it, if there are any.
    """
    from quizapp.editing.bundle import import_bundle
    from quizapp.editing.bundle_renamed import renamed
    from quizapp.editing.review import problems_of
    from quizapp.editing.workshop import Workshop

    bundle = _bundle(file) if as_id is None else renamed(_bundle(file), as_id)
    with _opened() as (store, library):
        if at_once:
            _publish(store, library, bundle, why or "", case_reason or "", who or "command")
            return
        draft = import_bundle(store, Workshop(store), bundle, _editor(store, who))
        click.echo(f"{bundle.slug}: a draft to look at in the browser, at /edit/{bundle.slug}")
        tell_problems([found.problem for found in problems_of(draft, _today())])


@bank.command()
@click.argument("slug")
@click.option("-o", "--output", metavar="FILE", help="Where to; - for standard output.  [default: SLUG.zip]")
def export(slug: str, output: str | None) -> None:
    """Write a live bank and its cases into a zip, or the bank alone where the FILE ends in .yaml."""
    from quizapp.editing.bundle import export_bank
    from quizapp.editing.proposal import cases_text, published

    with _opened() as (store, _):
        live = published(store, store.newest(slug))
    alone = bool(output and output.endswith(".yaml"))
    made = live.text.encode() if alone else export_bank(slug, live.text, cases_text(live))
    if output == "-":
        sys.stdout.buffer.write(made)
        return
    path = Path(output or f"{slug}.zip")
    if output is None and path.exists():
        fix = "name another file with -o, or that one, to replace it"
        raise Invalid(
            [_problem(str(path), "there_already", "there is such a file", "it was left as it is", fix)]
        )
    path.write_bytes(made)
    click.echo(f"{slug}: written to {path}")


@bank.command()
@click.argument("slug")
@as_json
def history(slug: str, as_json: bool) -> None:
    """List what was published of a bank: when, by whom and why, the newest first."""
    with _opened() as (store, _):
        store.newest(slug)
        lines = store.history(slug)
    if as_json:
        print_json({"bank": slug, "history": [_line_json(line) for line in lines]})
        return
    for line in lines:
        click.echo(f"{line.number:>6}  {line.at:%Y-%m-%d %H:%M}  {line.revision}  {line.who}: {line.why}")


@bank.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.option("--why", metavar="TEXT", required=True, help="Why, in a sentence; it stands in the history.")
@click.option("--who", metavar="NAME", default="command", show_default=True, help="Who does it.")
def rollback(slug: str, number: int, why: str, who: str) -> None:
    """Publish an earlier state again, with its cases, as a new revision.

    NUMBER is the line of `quizapp bank history`. Nothing of the history is lost.
    """
    from quizapp.editing.publishing import roll_back

    with _opened() as (store, library):
        done = roll_back(store, library, slug, number, who, why)
    click.echo(f"{slug}: revision {done.publication.revision} is live again")
    _tell_why_not(done.why_not)


@bank.command()
@click.argument("slug")
@click.option("--title-ja", metavar="TEXT", default="", help="Title in Japanese.  [default: SLUG]")
@click.option("--title-en", metavar="TEXT", default="", help="Title in English.  [default: SLUG]")
@click.option("--who", metavar="NAME", help="The editor whose draft it is.")
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Write the files there instead; in the banks' folder they go live within seconds.",
)
def new(slug: str, title_ja: str, title_en: str, who: str | None, output: Path | None) -> None:
    """Begin a bank from a commented example with cases: a draft to write in the browser, not live yet."""
    from quizapp.editing.new_bank import begin_new, template, write_new
    from quizapp.editing.workshop import Workshop

    texts = template(slug, title_ja, title_en, _today())
    if output:
        click.echo(f"wrote {write_new(output, texts)}")
        return
    with _opened() as (store, _):
        owner = _editor(store, who, "-o FOLDER")
        begin_new(store, Workshop(store), owner, slug, title_ja, title_en, _today())
    click.echo(f"{slug}: a draft to write in the browser, at /edit/{slug}")


@bank.command()
@click.argument("slug")
@click.argument("file", required=False, type=a_file)
@click.option("--impact", is_flag=True, help="Count too what changes for takers.")
@as_json
def diff(slug: str, file: Path | None, impact: bool, as_json: bool) -> None:
    """Compare a live bank with a file, part by part: what putting the file live would change.

    Without FILE it is the one in the banks' folder.
    """
    from quizapp.cli.differences import difference_lines, differences_json, impact_json, impact_lines
    from quizapp.editing.proposal import Texts
    from quizapp.editing.review import differences_of, impact_of

    bundle = _bundle(file or load().questions / f"{slug}.yaml")
    with _opened() as (store, _):
        head = store.newest(slug)
        cases = store.cases_of(head.number) if bundle.cases is None else bundle.cases
        work = Texts(slug, str(head.number), bundle.text, cases)
        told = differences_of(store, work)
        found = impact_of(store, work, _today()) if impact else None
    if as_json:
        print_json({**differences_json(told), **({"impact": impact_json(found)} if impact else {})})
        return
    for line in (*difference_lines(told), *(impact_lines(found) if impact else ())):
        click.echo(line)


@click.group("audit-log")
def audit_log() -> None:
    """Read what editors and commands did."""


@audit_log.command("export")
@click.option("--csv", "form", flag_value="csv", default=True, help="A table for spreadsheets; the default.")
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.option("--bank", metavar="SLUG", help="Only what concerns this bank.")
def export_log(form: str, bank: str | None) -> None:
    """Print the whole log, the newest line first."""
    from quizapp.editing.audit_export import all_entries, audit_csv, entry_json

    with _opened() as (store, _):
        entries = list(all_entries(store, bank))
    if form == "json":
        print_json({"entries": [entry_json(entry) for entry in entries]})
    else:
        click.echo(audit_csv(entries), nl=False)


def _publish(store: Store, library: Library, bundle: Bundle, why: str, case_reason: str, who: str) -> None:
    from quizapp.editing.proposal import Texts
    from quizapp.editing.publishing import publish_texts

    if not store.heads():
        # A folder that no server has looked at yet: its files are the first that go live.
        library.start(watch=False)
    head = store.heads().get(bundle.slug)
    cases = store.cases_of(head.number) if head and bundle.cases is None else bundle.cases
    work = Texts(bundle.slug, str(head.number) if head else None, bundle.text, cases)
    done = publish_texts(store, library, work, who, why, case_reason, _today(), {"by": "import"})
    click.echo(f"{bundle.slug}: revision {done.publication.revision} is live")
    _tell_why_not(done.why_not)


def _bundle(path: Path) -> Bundle:
    from quizapp.bank.cases import cases_path
    from quizapp.bank.load import read_text
    from quizapp.editing.bundle import Bundle, read_bundle

    try:
        bundle = read_bundle(path.read_bytes(), path.name)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise Invalid(
            [_problem(str(path), "unreadable", what, "nothing can be said of it", "name another")]
        ) from None
    beside = cases_path(path)
    if path.suffix == ".yaml" and beside.is_file():
        return Bundle(bundle.slug, bundle.text, read_text(beside))
    return bundle


def _editor(store: Store, name: str | None, otherwise: str = "--publish") -> Editor:
    """The editor of that name; without one, the only editor there is. ``otherwise`` is what needs no editor."""
    if name:
        return store.editor_named(name.strip().casefold())
    able = [one for one in store.editors() if not one.disabled]
    if len(able) == 1:
        return able[0]
    what = "nobody is named whose draft it is" if able else "there is no editor yet whose draft it could be"
    first = "give --who NAME" if able else "add one with `quizapp editor add`"
    fix = f"{first}, or give {otherwise}"
    raise Invalid([_problem("--who", "no_editor", what, "every draft is somebody's", fix)])


def _line_json(line: object) -> dict[str, object]:
    said = dict(vars(line))
    said["at"] = said["at"].isoformat(timespec="seconds")
    return said


def _tell_why_not(why_not: str) -> None:
    if why_not:
        click.echo(why_not, err=True)


def _problem(place: str, code: str, what: str, why: str, fix: str) -> Problem:
    return Problem(Where(place), code, what, why, fix)


def _today() -> date:
    return datetime.now(timezone(timedelta(hours=9))).date()


@contextmanager
def _opened() -> Iterator[tuple[Store, Library]]:
    from quizapp.library.library import Library
    from quizapp.store.addresses import open_store

    settings = load()
    store = open_store(settings.database)
    try:
        yield store, Library(store, settings.questions)
    finally:
        store.close()
