"""The commands of quizapp, for people and for CI; each reads, calls the core and prints."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn

import click

from quizapp.cli import banks, editors, operating, store
from quizapp.cli.bank_file import bank_files, bank_path, cases_beside, checked_and_compiled, file_problems
from quizapp.cli.telling import (
    clear_progress,
    print_json,
    show_progress,
    tell_cases,
    tell_count,
    tell_problems,
)
from quizapp.config import VERSION, is_secret, load, settings_table
from quizapp.errors import Invalid, Problem, QuizappError, Where
from quizapp.setting_kinds import without_password

# What a command says beyond "it went well" (0) and "it went wrong" (1): what somebody wrote is wrong.
INVALID = 2

WIDE = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


@click.group(context_settings=WIDE, invoke_without_command=False)
@click.version_option(VERSION, prog_name="quizapp")
def commands() -> None:
    """An honest guide to certifications and ways into a career, made from question banks.

    Settings come from QUIZAPP_… variables, then instance/quizapp.toml; docs/settings.md lists them.
    """


@commands.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on; 0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0 takes any free one.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the quiz until Ctrl-C.

    Makes what is missing in the instance folder (database, secret) and publishes the banks first.
    """
    settings = load(host=host, port=port)
    from quizapp.cli import starting
    from quizapp.server.serve import serve as run
    from quizapp.web.log_lines import begin_logging

    starting.refuse_what_cannot_serve(settings)
    begin_logging(settings)
    starting.warn_of_what_is_odd(settings)
    first = starting.FirstEditor(settings)
    run(settings, lambda address: starting.tell_address(settings, address, first))


@commands.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check banks and tell every problem at once.

    Without FILES, all banks of the questions folder. Exit code 2 when there is a problem; warnings alone
    are none.
    """
    from quizapp.bank.check import blocking

    paths = files or bank_files(load())
    problems: list[Problem] = []
    for path in paths:
        show_progress(f"checking {path.name}")
        problems += file_problems(path, _day(None))
    clear_progress()
    wrong = blocking(problems)
    if as_json:
        print_json({"banks": len(paths), "problems": [problem.to_json() for problem in problems]})
    else:
        tell_problems(problems)
        tell_count(len(wrong), f"{len(paths)} banks: ", "problem")
    sys.exit(INVALID if wrong else 0)


@commands.command()
@click.argument("banks", nargs=-1)
@as_json
def cases(banks: tuple[str, ...], as_json: bool) -> None:
    """Run the cases written beside the banks.

    A case is a made-up taker with the outcome that the bank's author expects. BANKS are slugs or files;
    without them all banks run. Exit code 1 when a case fails.
    """
    from quizapp.engine.cases import run_cases

    settings = load()
    reports: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for path in [bank_path(name, settings) for name in banks] or bank_files(settings):
        show_progress(f"{path.stem}: running its cases")
        try:
            loaded, compiled = checked_and_compiled(path, _day(None))
            results = run_cases(compiled, cases_beside(path))
        except Invalid as error:
            problems += error.problems
            continue
        rows = [{"id": case.id, "passed": case.passed, "failures": list(case.failures)} for case in results]
        reports.append({"bank": loaded.bank.bank, "revision": loaded.revision, "cases": rows})
        clear_progress()
        if not as_json:
            tell_cases(loaded.bank.bank, rows)
    clear_progress()
    if as_json:
        print_json({"banks": reports, "problems": [problem.to_json() for problem in problems]})
    tell_problems(problems)
    failed = any(not row["passed"] for report in reports for row in report["cases"])
    sys.exit(INVALID if problems else int(failed))


@commands.command()
@click.argument("bank")
@click.option(
    "--answers",
    "answers_file",
    metavar="FILE",
    help='JSON object {"question id": value}, - for standard input. What is left out is unanswered.',
)
@click.option("--on", metavar="YYYY-MM-DD", help="The day asked about.  [default: today in Japan]")
@click.option("--lang", type=click.Choice(["ja", "en"]), help="Language of the table.")
@as_json
def recommend(bank: str, answers_file: str | None, on: str | None, lang: str | None, as_json: bool) -> None:
    """Recommend for one taker.

    Says what to do, what it costs in all, how long it takes, and what is closed and why. BANK is a slug
    or a file. Bad answers or a bad bank give exit code 2, with every problem on standard error as
    "file:line: what; why; fix" and, with --json, as {"problems": […]} on standard output.
    """
    from quizapp.cli.answer_file import read_answer_file
    from quizapp.engine.explain import explain
    from quizapp.engine.recommend import recommend as run

    settings = load()
    day = _day(on)
    loaded, compiled = checked_and_compiled(bank_path(bank, settings), day)
    answers = read_answer_file(compiled, answers_file)
    outcome = run(compiled, answers, day)
    told = explain(compiled, answers, day, outcome)
    if as_json:
        print_json({**outcome.to_json(), **told.to_json()})
    else:
        from quizapp.cli.terminal import result_lines

        for line in result_lines(loaded.bank, outcome, told, lang or settings.default_language):
            click.echo(line)


@commands.command()
@click.option("--write", is_flag=True, help="Write quizapp/bank.schema.json instead of printing it.")
def schema(write: bool) -> None:
    """Print the JSON Schema of a bank.

    By it editors' tools complete and check bank files.
    """
    from quizapp.bank.schema import bank_schema

    text = json.dumps(bank_schema(), ensure_ascii=False, indent=2) + "\n"
    if not write:
        click.echo(text, nl=False)
        return
    path = Path(__file__).resolve().parent / "bank.schema.json"
    path.write_text(text, encoding="utf-8")
    click.echo(f"wrote {path}")


@commands.command()
@as_json
def doctor(as_json: bool) -> None:
    """Look for what would keep the quiz from working well.

    Python, the SQLite that is linked, folders, disk, banks, secret and settings. Exit code 1 when
    something is bad; what is only worth knowing is a warning.
    """
    from quizapp.doctor.look import examine

    settings = load()
    findings = []
    for finding in examine(settings, _day(None)):
        findings.append(finding)
        if not as_json:
            colour = {"ok": "green", "warning": "yellow", "bad": "red"}[finding.verdict]
            click.echo(f"{click.style(f'{finding.verdict:8}', fg=colour)}{finding.of}: {finding.says}")
    if as_json:
        print_json({"findings": [finding.to_json() for finding in findings]})
    sys.exit(any(finding.verdict == "bad" for finding in findings))


@commands.command("settings")
@click.option("--markdown", is_flag=True, help="Print the table of docs/settings.md.")
def show_settings(markdown: bool) -> None:
    """Print the settings in force, or what can be set."""
    if markdown:
        click.echo(settings_table(), nl=False)
        return
    for name, value in vars(load()).items():
        shown = without_password(value) if name in ("database", "rate_limits") else value
        click.echo(f"{name} = {'(set)' if is_secret(name) and value else shown}")


commands.add_command(editors.editor)
commands.add_command(banks.bank)
commands.add_command(banks.audit_log)
commands.add_command(store.store)
commands.add_command(operating.backup)
commands.add_command(operating.restore)
commands.add_command(operating.expire)
commands.add_command(operating.migrate)


def main() -> NoReturn:
    """Runs a command: exit code 2 with every problem told where something written is wrong, else 1."""
    try:
        commands(prog_name="quizapp")
    except Invalid as error:
        clear_progress()
        if "--json" in sys.argv:
            print_json({"problems": [problem.to_json() for problem in error.problems]})
        tell_problems(error.problems)
        sys.exit(INVALID)
    except QuizappError as error:
        clear_progress()
        click.echo(f"quizapp: {error or type(error).__name__}", err=True)
        sys.exit(1)
    sys.exit(0)


def _day(text: str | None) -> date:
    if text is None:
        # Standings go by the day in Japan, wherever this runs; Japan keeps no summer time.
        return datetime.now(timezone(timedelta(hours=9))).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        why = "standings and sittings go by the day"
        raise Invalid(
            [Problem(Where("--on"), "bad_day", f"{text!r} is not a day", why, "write it like 2026-11-22")]
        ) from None
