"""The commands about editors: who may edit, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from quizapp.config import Settings, load
from quizapp.telling import print_json

if TYPE_CHECKING:
    from quizapp.editing.accounts import Accounts
    from quizapp.store.protocol import Store

ROLE_CHOICE = click.Choice(["viewer", "editor", "publisher"])


@click.group()
def editor() -> None:
    """Say who may edit banks in the browser.

    A viewer sees drafts and previews, an editor changes drafts, a publisher puts them live.
    """


@editor.command()
@click.argument("name")
@click.option("--role", type=ROLE_CHOICE, default="editor", show_default=True)
@click.option("--subject", help='Who it is to the identity provider ("sub"), for signing in through it.')
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
def add(name: str, role: str, subject: str | None, password_stdin: bool) -> None:
    """Add an editor; the password is asked for. With --subject alone there is none."""
    password = None if subject and not password_stdin else _password(password_stdin)
    with _accounts() as (accounts, _):
        made = accounts.add(name, role, password, subject)  # type: ignore[arg-type]
    click.echo(f"{made.name} may sign in as {made.role}")


@editor.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def list_editors(as_json: bool) -> None:
    """List the editors: name, role, how they sign in, how many sessions are open."""
    with _accounts() as (accounts, store):
        rows = [
            {
                "name": one.name,
                "role": one.role,
                "disabled": one.disabled,
                "password": one.has_password,
                "subject": one.subject,
                "sessions": len(accounts.sessions(one)),
            }
            for one in store.editors()
        ]
    if as_json:
        print_json({"editors": rows})
        return
    for row in rows:
        state = "disabled" if row["disabled"] else f"{row['sessions']} sessions"
        click.echo(f"{row['name']:<24} {row['role']:<10} {state}")


@editor.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Let the editor in again.")
def disable(name: str, again: bool) -> None:
    """Let an editor no longer in; every session ends at once."""
    with _accounts() as (accounts, _):
        accounts.disable(name, not again)
    click.echo(f"{name} may sign in again" if again else f"{name} is shut out")


@editor.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
def password(name: str, password_stdin: bool) -> None:
    """Set an editor's password; every session ends at once."""
    given = _password(password_stdin)
    with _accounts() as (accounts, _):
        accounts.set_password(name, given)
    click.echo(f"{name} has a new password")


@editor.command()
@click.argument("name")
@click.argument("role", type=ROLE_CHOICE)
def role(name: str, role: str) -> None:
    """Change what an editor may do, from the next click on."""
    with _accounts() as (accounts, _):
        accounts.give_role(name, role)  # type: ignore[arg-type]
    click.echo(f"{name} is {role} now")


def setup_link(settings: Settings) -> str | None:
    """Where, below the address of the site, the first editor is made; None once there is one."""
    with _accounts(settings) as (accounts, _):
        secret = accounts.offer_setup()
    return f"edit/setup/{secret}" if secret else None


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


@contextmanager
def _accounts(settings: Settings | None = None) -> Iterator[tuple[Accounts, Store]]:
    from quizapp.editing.accounts import Accounts
    from quizapp.store.addresses import open_store

    settings = settings or load()
    store = open_store(settings.database)
    try:
        idle, whole = (
            timedelta(hours=settings.editor_idle_hours),
            timedelta(days=settings.editor_session_days),
        )
        yield Accounts(store, idle, whole), store
    finally:
        store.close()
