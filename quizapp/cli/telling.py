"""How commands speak: problems, counts, JSON, and progress for eyes alone; knows no command."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from quizapp.errors import Problem


def print_json(value: Any) -> None:
    """One JSON object on standard output; in ASCII where that cannot show every character."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    click.echo(text)


def tell_problems(problems: list[Problem]) -> None:
    """Every problem on standard error, a line each."""
    encoding = sys.stderr.encoding or "utf-8"
    for problem in problems:
        line = str(problem).encode(encoding, "backslashreplace").decode(encoding)
        click.echo(click.style(line, fg="yellow" if problem.warning else "red"), err=True)


def tell_count(count: int, before: str, what: str) -> None:
    """How many of something bad there are, in green where there are none."""
    words = f"{count} {what}{'s' if count != 1 else ''}" if count else f"no {what}"
    click.echo(before + click.style(words, fg="red" if count else "green"))


def tell_cases(bank: str, rows: list[dict[str, Any]]) -> None:
    """How the cases of a bank went, and what failed in each that did."""
    failed = [row for row in rows if not row["passed"]]
    tell_count(len(failed), f"{bank}: {len(rows)} cases, ", "failure")
    for row in failed:
        for failure in row["failures"]:
            click.echo(f"  {row['id']}: {failure}")


def show_progress(what: str) -> None:
    """What is being done, on a line that is wiped again; only for eyes, never in a log or a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{what} …", err=True, nl=False)


def clear_progress() -> None:
    """Wipes the line of progress."""
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
