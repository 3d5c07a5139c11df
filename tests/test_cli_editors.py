"""The commands about editors, run in this process on a real store."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from quizapp.cli.editors import editor, setup_link
from quizapp.cli.main import commands
from quizapp.config import load
from quizapp.errors import Conflict, Invalid
from quizapp.store.addresses import open_store

DOCUMENTED = (Path(__file__).resolve().parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
PASSWORD = "four quiet words here"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"QUIZAPP_INSTANCE": str(tmp_path / "instance")}


@pytest.fixture
def run(runner: CliRunner, environ: dict[str, str]) -> Any:
    """``run("add", "aki", …)`` runs ``quizapp editor add aki …``."""

    def begin(*arguments: str, stdin: str = "") -> Result:
        return runner.invoke(commands, ["editor", *arguments], input=stdin, env=environ)

    return begin


def listed(run: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run("list", "--json").stdout)["editors"]
    return rows


@pytest.mark.parametrize("name", sorted(editor.commands))
def test_every_command_is_documented_with_its_options(name: str) -> None:
    row = re.search(rf"^\| `editor {name}[ `].*$", DOCUMENTED, re.MULTILINE)
    assert row, f"docs/commands.md does not know editor {name}"
    options = [one for parameter in editor.commands[name].params for one in parameter.opts if one[:2] == "--"]
    assert [option for option in options if f"`{option}`" not in row[0]] == []


def test_every_option_and_command_says_what_it_is() -> None:
    for command in editor.commands.values():
        assert len(command.help or "") > 20
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help


def test_it_adds_an_editor_with_the_password_of_standard_input(run: Any) -> None:
    outcome = run("add", "Aki", "--role", "publisher", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (outcome.exit_code, outcome.stdout) == (0, "aki may sign in as publisher\n")
    assert listed(run) == [
        {
            "name": "aki",
            "role": "publisher",
            "disabled": False,
            "password": True,
            "subject": None,
            "sessions": 0,
        }
    ]


def test_it_asks_twice_for_the_password_and_shows_it_never(run: Any) -> None:
    outcome = run("add", "aki", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert outcome.exit_code == 0 and PASSWORD not in outcome.output
    assert listed(run)[0]["role"] == "editor"


def test_it_prints_one_object_where_asked(run: Any) -> None:
    for arguments in (
        ("add", "aki", "--subject", "https://id.example|1"),
        ("disable", "aki"),
        ("disable", "AKI", "--again"),
        ("password", "aki", "--password-stdin"),
        ("role", "aki", "viewer"),
    ):
        outcome = run(*arguments, "--json", stdin=f"{PASSWORD}\n")
        assert json.loads(outcome.stdout)["editor"]["name"] == "aki", arguments
    assert listed(run)[0] | {"sessions": 0} == {
        "name": "aki",
        "role": "viewer",
        "disabled": False,
        "password": True,
        "subject": "https://id.example|1",
        "sessions": 0,
    }


def test_with_a_subject_there_need_be_no_password(run: Any) -> None:
    assert run("add", "ken", "--subject", "https://id.example|1").exit_code == 0
    assert (listed(run)[0]["password"], listed(run)[0]["subject"]) == (False, "https://id.example|1")
    taken = run("add", "lea", "--subject", "https://id.example|1")
    assert isinstance(taken.exception, Conflict)


@pytest.mark.parametrize("name", ["aki", "AKI", "ＡＫＩ", " aki "])
def test_a_name_is_taken_in_any_case_and_width(run: Any, name: str) -> None:
    run("add", "aki", "--password-stdin", stdin=PASSWORD)
    assert isinstance(run("add", name, "--password-stdin", stdin=PASSWORD).exception, Conflict)
    assert len(listed(run)) == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        (("add", "aki", "--password-stdin"), "short\n", "password_short"),
        (("add", "aki", "--password-stdin"), "", "password_short"),
        (("add", "a b", "--password-stdin"), PASSWORD, "bad_name"),
        (("add", "../aki", "--password-stdin"), PASSWORD, "bad_name"),
        (("disable", "nobody"), "", "unknown_editor"),
        (("password", "nobody", "--password-stdin"), PASSWORD, "unknown_editor"),
        (("role", "nobody", "viewer"), "", "unknown_editor"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    run: Any, arguments: tuple[str, ...], stdin: str, code: str
) -> None:
    outcome = run(*arguments, stdin=stdin)
    assert isinstance(outcome.exception, Invalid)
    assert [problem.code for problem in outcome.exception.problems] == [code]
    assert listed(run) == []


def test_a_role_that_there_is_not_is_refused(run: Any) -> None:
    assert run("add", "aki", "--role", "king", "--password-stdin", stdin=PASSWORD).exit_code == 2
    assert listed(run) == []


def test_disabling_and_a_new_password_end_the_sessions(run: Any, environ: dict[str, str]) -> None:
    from datetime import timedelta

    run("add", "aki", "--password-stdin", stdin=PASSWORD)
    store = open_store(load(environ).database)
    for command in (("disable", "aki"), ("password", "aki", "--password-stdin")):
        run("disable", "aki", "--again")
        hour = timedelta(hours=1)
        store.begin_session(store.editor_named("aki").id, "secret" + command[0], hour, hour, "")
        assert listed(run)[0]["sessions"] == 1
        assert "1 session " in run("list").stdout
        run(*command, stdin=PASSWORD)
        assert listed(run)[0]["sessions"] == 0
    store.close()


def test_the_list_says_who_is_shut_out_and_how_each_signs_in(run: Any) -> None:
    run("add", "aki", "--password-stdin", "--subject", "https://id.example|1", stdin=PASSWORD)
    run("add", "ben", "--password-stdin", stdin=PASSWORD)
    run("disable", "ben")
    first, second = run("list").stdout.splitlines()
    assert first.split() == ["aki", "editor", "0", "sessions", "password", "and", "subject"]
    assert second.split() == ["ben", "editor", "shut", "out", "password"]


def test_what_was_done_stands_in_the_log_and_no_password_does(run: Any, environ: dict[str, str]) -> None:
    run("add", "aki", "--password-stdin", stdin=PASSWORD)
    run("role", "aki", "publisher")
    run("disable", "aki")
    store = open_store(load(environ).database)
    entries = store.entries()
    store.close()
    assert [one.did for one in entries] == ["editor_disabled", "role_given", "editor_added"]
    assert {one.who for one in entries} == {"command"}
    assert PASSWORD not in str(entries)


def test_no_password_is_kept_in_clear(run: Any, tmp_path: Path) -> None:
    run("add", "aki", "--password-stdin", stdin=PASSWORD)
    for path in (tmp_path / "instance").iterdir():
        assert PASSWORD.encode() not in path.read_bytes()


def test_there_is_a_link_to_set_up_until_there_is_an_editor(run: Any, environ: dict[str, str]) -> None:
    settings = load(environ)
    first, second = setup_link(settings), setup_link(settings)
    assert first and second and first != second
    assert re.fullmatch(r"edit/setup/[A-Za-z0-9]{24}", first)
    run("add", "aki", "--role", "viewer", "--password-stdin", stdin=PASSWORD)
    run("disable", "aki")
    assert setup_link(settings) is None
