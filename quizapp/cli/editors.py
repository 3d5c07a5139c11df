"""The commands about editors: who may edit, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from quizapp.cli.telling import print_json
from quizapp.config import Settings, load
from quizapp.errors import Invalid, NotFound, Problem, Where

if TYPE_CHECKING:
    from quizapp.editing.accounts import Accounts
    from quizapp.store.editing_records import Editor
    from quizapp.store.protocol import Store

ROLES = click.Choice(["viewer", "editor", "publisher"])
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


@click.group()
def editor() -> None:
    """Say who may edit banks in the browser.

    A viewer sees drafts and previews, an editor changes drafts, a publisher puts them live.
    """


@editor.command()
@click.argument("name")
@click.option("--role", type=ROLES, default="editor", show_default=True, help="What the editor may do.")
@click.option(
    "--subject",
    metavar="ISSUER|SUB",
    help="The account at the identity provider; its refusal of somebody unknown shows it.",
)
@password_stdin
@as_json
def add(name: str, role: str, subject: str | None, password_stdin: bool, as_json: bool) -> None:
    """Add an editor.

    The password is asked for; with --subject alone there is none, and the editor signs in through the
    identity provider only.
    """
    password = None if subject and not password_stdin else _password(password_stdin)
    with _accounts() as (accounts, store):
        made = accounts.add(name, role, password, subject)  # type: ignore[arg-type]
        _tell(store, accounts, made.name, f"{made.name} may sign in as {made.role}", as_json)


@editor.command("list")
@as_json
def list_editors(as_json: bool) -> None:
    """List the editors: name, role, how they sign in, how many sessions are open."""
    with _accounts() as (accounts, store):
        rows = [_row(accounts, one) for one in store.editors()]
    if as_json:
        print_json({"editors": rows})
        return
    for row in rows:
        count = row["sessions"]
        state = "shut out" if row["disabled"] else f"{count} session{'' if count == 1 else 's'}"
        ways = [way for way in ("password", "subject") if row[way]]
        click.echo(f"{row['name']:<24} {row['role']:<10} {state:<12} {' and '.join(ways)}".rstrip())


@editor.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Let the editor in again.")
@as_json
def disable(name: str, again: bool, as_json: bool) -> None:
    """Shut an editor out.

    Every session ends at once. Editors are never removed: the history names them.
    """
    with _accounts() as (accounts, store):
        accounts.disable(_known(accounts, name).name, not again)
        _tell(store, accounts, name, f"{name} may sign in again" if again else f"{name} is shut out", as_json)


@editor.command()
@click.argument("name")
@password_stdin
@as_json
def password(name: str, password_stdin: bool, as_json: bool) -> None:
    """Set an editor's password; every session ends at once."""
    with _accounts() as (accounts, store):
        known = _known(accounts, name)
        accounts.set_password(known.name, _password(password_stdin))
        _tell(store, accounts, name, f"{known.name} has a new password", as_json)


@editor.command("role")
@click.argument("name")
@click.argument("role", type=ROLES)
@as_json
def give_role(name: str, role: str, as_json: bool) -> None:
    """Change what an editor may do, from the next click on."""
    with _accounts() as (accounts, store):
        known = _known(accounts, name)
        accounts.give_role(known.name, role)  # type: ignore[arg-type]
        _tell(store, accounts, name, f"{known.name} is {role} now", as_json)


def setup_link(settings: Settings) -> str | None:
    """Where, below the address of the site, the first editor is made; None once there is one.

    Raises Invalid where editors could not sign in as it is set.
    """
    from quizapp.editing.identity_setting import identity_problems

    if problems := identity_problems(settings):
        raise Invalid(problems)
    with _accounts(settings) as (accounts, _):
        secret = accounts.offer_setup()
    return f"edit/setup/{secret}" if secret else None


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _known(accounts: Accounts, name: str) -> Editor:
    try:
        return accounts.named(name)
    except NotFound:
        what, why = f"there is no editor {name!r}", "only editors can be changed"
        raise Invalid(
            [Problem(Where("NAME"), "unknown_editor", what, why, "quizapp editor list shows them")]
        ) from None


def _row(accounts: Accounts, one: Editor) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "disabled": one.disabled,
        "password": one.has_password,
        "subject": one.subject,
        "sessions": len(accounts.sessions(one)),
    }


def _tell(store: Store, accounts: Accounts, name: str, words: str, as_json: bool) -> None:
    """What was done; with JSON, the editor as they are now."""
    if as_json:
        print_json({"editor": _row(accounts, store.editor_named(name))})
    else:
        click.echo(words)


@contextmanager
def _accounts(settings: Settings | None = None) -> Iterator[tuple[Accounts, Store]]:
    from quizapp.editing.accounts import Accounts
    from quizapp.store.addresses import open_store

    settings = settings or load()
    idle = timedelta(hours=settings.editor_idle_hours)
    absolute = timedelta(days=settings.editor_session_days)
    store = open_store(settings.database)
    try:
        yield Accounts(store, idle, absolute), store
    finally:
        store.close()
