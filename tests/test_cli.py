"""The commands: what they print, how they end, and that each is documented."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from quizapp.cli.bank_file import file_problems
from quizapp.cli.main import commands
from quizapp.cli.terminal import width

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTED = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
BANKS = sorted(path.stem for path in (ROOT / "questions").glob("*.yaml") if ".cases" not in path.name)
COMMANDS = {
    f"{name} {below}".strip(): one
    for name, command in commands.commands.items()
    for below, one in (command.commands.items() if isinstance(command, click.Group) else [("", command)])
}
ON = ("--on", "2026-11-22")


def environment(instance: Path) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    return {**given, "QUIZAPP_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def quizapp(tmp_path: Path) -> Any:
    """Runs the command as its users do, from another folder."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "quizapp", *arguments]
        environ = environment(tmp_path / "instance")
        return subprocess.run(command, cwd=tmp_path, env=environ, input=stdin, capture_output=True, text=True)

    return run


def test_every_command_helps(quizapp: Any) -> None:
    told = quizapp("--help").stdout
    for name, command in commands.commands.items():
        assert re.search(rf"^  {name} ", told, re.MULTILINE)
        assert len(command.help or "") > 20
    assert "..." not in told.partition("Commands:")[2], "the first line of a command's help is cut off"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    row = re.search(rf"^\| `{name}[ `].*$", DOCUMENTED, re.MULTILINE)
    assert row, f"docs/commands.md does not know {name}"
    options = [one for parameter in COMMANDS[name].params for one in parameter.opts if one[:2] == "--"]
    assert [option for option in options if f"`{option}`" not in row[0]] == []


def test_every_option_says_what_it_is() -> None:
    for command in COMMANDS.values():
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, (
                f"{command.name} {parameter.name}"
            )


def test_help_is_quick_and_loads_neither_web_nor_database() -> None:
    command = "import sys, quizapp.cli.main; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"flask", "granian", "sqlite3", "pydantic", "numpy"} & set(told.stdout.split())


@pytest.mark.parametrize("bank", BANKS)
def test_it_recommends_for_a_taker_who_said_nothing(quizapp: Any, bank: str) -> None:
    outcome = quizapp("recommend", bank, *ON, "--json")
    told = json.loads(outcome.stdout)
    assert (outcome.returncode, told["bank"], told["on"]) == (0, bank, "2026-11-22")
    assert told["recommendations"] and told["unanswered"]


# Sixteen and without money: first comes what can be done at once.
WITHOUT_MONEY = {
    "trainer_goal": "all_ages",
    "trainer_matters": "ease",
    "age": 16,
    "residence_ok": False,
    "schooling": "vocational",
    "schooling_status": "expected",
    "study_field": "pharmacy",
    "kounin": True,
    "personal_trainer_years": 0,
    "club_coaching_years": 0,
    "fitness_company_years": 0,
    "exercise_instruction_years": 0,
    "trainer_certs": [],
    "trainer_courses": [],
    "trainer_cards": [],
    "budget": 0,
    "months": 1,
    "study_style": "in_person",
    "area": "okinawa",
}
# Holds all but one, which is open: to tick that as well leaves nothing to rank.
ONE_LEFT = {
    **WITHOUT_MONEY,
    "age": 24,
    "schooling": "university",
    "schooling_status": "graduated",
    "study_field": "sports",
    "exercise_instruction_years": 1,
    "trainer_certs": ["nesta_pft", "nsca_cpt"],
    "budget": 60_000,
    "months": 6,
}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (WITHOUT_MONEY, "Nothing to aim for is within your limits; this is the first step."),
        ({**ONE_LEFT, "budget": 0}, "Nothing is within your limits."),
        (ONE_LEFT, "No one other answer puts anything else first, but one can leave nothing to rank."),
    ],
)
def test_the_result_on_a_terminal_says_no_more_than_is_true(
    quizapp: Any, answers: dict[str, Any], said: str
) -> None:
    told = quizapp(
        "recommend", "personal_trainer", "--answers", "-", *ON, "--lang", "en", stdin=json.dumps(answers)
    )
    assert said in told.stdout.splitlines(), told.stdout


def test_it_reads_answers_from_a_file_and_from_standard_input_alike(quizapp: Any, tmp_path: Path) -> None:
    answers = json.dumps({"age": 25})
    (tmp_path / "taker.json").write_text(answers)
    from_file = quizapp("recommend", "personal_trainer", "--answers", "taker.json", *ON, "--json")
    from_stdin = quizapp("recommend", "personal_trainer", "--answers", "-", *ON, "--json", stdin=answers)
    assert from_file.stdout == from_stdin.stdout
    assert "age" not in json.loads(from_file.stdout)["unanswered"]


def test_a_bank_may_be_a_file(quizapp: Any) -> None:
    path = ROOT / "questions" / "personal_trainer.yaml"
    by_path = quizapp("recommend", str(path), *ON, "--json")
    assert by_path.stdout == quizapp("recommend", "personal_trainer", *ON, "--json").stdout


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_table_is_aligned_in_both_languages(quizapp: Any, language: str) -> None:
    lines = quizapp("recommend", "personal_trainer", *ON, "--lang", language).stdout.splitlines()
    head = next(line for line in lines if line.lstrip().startswith(("順位", "#")))
    rows = [line for line in lines if re.match(r"\s*\d+  ", line)]
    start = width(head[: head.index("おすすめ" if language == "ja" else "recommended")])
    assert rows
    for row in rows:
        before = next(place for place in range(len(row)) if width(row[:place]) == start)
        assert row[before - 1] == " " and row[before] != " "


def test_colour_is_for_terminals_only(quizapp: Any) -> None:
    assert "\033" not in quizapp("check").stdout + quizapp("recommend", "nothing").stderr


def test_every_bad_answer_is_told_with_its_line(quizapp: Any) -> None:
    answers = '{\n "age": "old",\n "no_such": 1\n}'
    outcome = quizapp("recommend", "personal_trainer", "--answers", "-", "--json", stdin=answers)
    assert outcome.returncode == 2
    lines = outcome.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["<stdin>:2", "<stdin>:3"]
    assert all(line.count("; ") >= 2 for line in lines)
    problems = json.loads(outcome.stdout)["problems"]
    assert [(problem["line"], problem["code"]) for problem in problems] == [
        (2, "wrong_type"),
        (3, "unknown_question"),
    ]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("{", "<stdin>:1:2: this is not JSON"),
        ("[1]", "<stdin>:1: this is not a JSON object"),
        ('{"age": 1, "age": 2}', "<stdin>:1: answered twice: age"),
        ("[" * 100_000, "<stdin>"),
        ('{"x": "' + "x" * 300_000 + '"}', "<stdin>: the answers cannot be read: it holds more than"),
        ('{"\\ud800": 1}', '<stdin>:1: there is no question "\\ud800"'),
        ('{"\\u001b[31m": 1}', '<stdin>:1: there is no question "\\x1b[31m"'),
    ],
    ids=["broken", "list", "repeated", "deep", "large", "surrogate", "control"],
)
def test_what_is_no_set_of_answers_is_told(quizapp: Any, answers: str, says: str) -> None:
    outcome = quizapp("recommend", "personal_trainer", "--answers", "-", stdin=answers)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith(says)
    assert "Traceback" not in outcome.stderr


def test_a_lone_surrogate_is_told_as_json_too(quizapp: Any) -> None:
    outcome = quizapp("recommend", "personal_trainer", "--answers", "-", "--json", stdin='{"\\ud800": 1}')
    assert outcome.returncode == 2
    assert json.loads(outcome.stdout)["problems"][0]["code"] == "unknown_question"
    assert "Traceback" not in outcome.stderr


def test_very_many_repeated_keys_are_told_quickly_and_shortly(quizapp: Any) -> None:
    answers = "{" + ",".join(f'"{n}":1' for n in [*range(12_000)] * 2) + "}"
    start = time.monotonic()
    outcome = quizapp("recommend", "personal_trainer", "--answers", "-", stdin=answers)
    assert time.monotonic() - start < 20
    assert "and 11990 more" in outcome.stderr
    assert len(outcome.stderr) < 400


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("personal_trainr",), 'there is no bank "personal_trainr"'),
        (("nowhere.yaml",), 'there is no bank "nowhere.yaml"'),
        (("personal_trainer", "--on", "2026-02-30"), "--on: '2026-02-30' is not a day"),
        (("personal_trainer", "--answers", "nowhere.json"), "nowhere.json: the answers cannot be read"),
    ],
)
def test_what_is_not_there_is_told_with_exit_code_2(
    quizapp: Any, arguments: tuple[str, ...], says: str
) -> None:
    outcome = quizapp("recommend", *arguments, "--json")
    assert outcome.returncode == 2
    assert says in outcome.stderr
    assert json.loads(outcome.stdout)["problems"]


def test_a_broken_bank_is_told_with_exit_code_2(quizapp: Any, tmp_path: Path) -> None:
    text = (ROOT / "questions" / "personal_trainer.yaml").read_text(encoding="utf-8")
    (tmp_path / "personal_trainer.yaml").write_text(text.replace("bank:", "bnak:", 1), encoding="utf-8")
    for command in ("recommend", "check"):
        outcome = quizapp(command, "personal_trainer.yaml", "--json")
        assert outcome.returncode == 2
        assert "bnak" in outcome.stderr + outcome.stdout
        assert json.loads(outcome.stdout)["problems"][0]["line"] > 0


def test_a_folder_called_like_a_bank_hides_no_problem(quizapp: Any, tmp_path: Path) -> None:
    (tmp_path / "banks" / "aa.yaml").mkdir(parents=True)
    (tmp_path / "banks" / "broken.yaml").write_text("bnak: x\n", encoding="utf-8")
    (tmp_path / "instance").mkdir()
    folder = tmp_path / "banks"
    (tmp_path / "instance" / "quizapp.toml").write_text(f'questions = "{folder}"\n', encoding="utf-8")
    outcome = quizapp("check", "--json")
    told = json.loads(outcome.stdout)
    assert (outcome.returncode, told["banks"]) == (2, 1)
    assert any("bnak" in problem["what"] for problem in told["problems"])


def test_a_file_that_goes_away_is_a_problem_among_others(tmp_path: Path) -> None:
    gone = file_problems(tmp_path / "gone.yaml", date(2026, 11, 22))
    assert [problem.code for problem in gone] == ["no_file"]


def test_the_check_tells_what_compiling_refuses(quizapp: Any, tmp_path: Path) -> None:
    text = (ROOT / "questions" / "personal_trainer.yaml").read_text(encoding="utf-8")
    large = "if: age + personal_trainer_years + club_coaching_years + fitness_company_years >= 60"
    path = tmp_path / "personal_trainer.yaml"
    path.write_text(text.replace("if: nesta_direct_open", large, 1), encoding="utf-8")
    outcome = quizapp("check", str(path), "--json")
    codes = [problem["code"] for problem in json.loads(outcome.stdout)["problems"]]
    assert (outcome.returncode, codes) == (2, ["rule_too_large"])


def test_the_shipped_banks_pass_their_check(quizapp: Any) -> None:
    outcome = quizapp("check", "--json")
    told = json.loads(outcome.stdout)
    assert (outcome.returncode, told["banks"]) == (0, len(BANKS)), told["problems"]


def test_the_shipped_banks_pass_their_cases(quizapp: Any) -> None:
    outcome = quizapp("cases", "--json")
    told = json.loads(outcome.stdout)
    failed = [(one["bank"], case) for one in told["banks"] for case in one["cases"] if not case["passed"]]
    assert (outcome.returncode, failed, told["problems"]) == (0, [], [])
    assert {one["bank"]: len(one["cases"]) >= 12 for one in told["banks"]} == dict.fromkeys(BANKS, True)


def test_the_schema_that_is_shipped_is_the_one_printed(quizapp: Any) -> None:
    assert quizapp("schema").stdout == (ROOT / "quizapp" / "bank.schema.json").read_text(encoding="utf-8")


def test_the_doctor_finds_nothing_bad_here(quizapp: Any) -> None:
    outcome = quizapp("doctor", "--json")
    findings = json.loads(outcome.stdout)["findings"]
    assert [one for one in findings if one["verdict"] == "bad"] == []
    assert {"python", "sqlite", "write-ahead log", "instance folder", "disk", "secret"} <= {
        one["of"] for one in findings
    }
    assert outcome.returncode == 0


def test_the_doctor_leaves_nothing_behind(quizapp: Any, tmp_path: Path) -> None:
    quizapp("doctor")
    assert list(tmp_path.iterdir()) == []


def test_settings_never_show_the_secret(
    quizapp: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "quizapp.toml").write_text('secret_key = "a-secret-of-many-letters"\n')
    told = quizapp("settings").stdout
    assert "secret_key = (set)" in told and "many-letters" not in told


@contextmanager
def served(tmp_path: Path, *arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server and the address that it tells."""
    command = [sys.executable, "-m", "quizapp", "serve", *arguments]
    environ = {**environment(tmp_path / "instance"), **more}
    process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def test_it_serves_at_the_address_it_tells_and_stops_when_asked(tmp_path: Path) -> None:
    with served(tmp_path, "--port", "0") as (process, address):
        with urllib.request.urlopen(address, timeout=30) as response:
            assert response.status == 200
        assert {"secret", "quizapp.sqlite3"} <= {path.name for path in (tmp_path / "instance").iterdir()}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_serving_process_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with served(tmp_path, "--port", "0") as (process, address):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("needs /proc to find the serving process")
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGKILL)
        assert status_in_time(address) == 200


def status_in_time(address: str) -> int:
    """The status once there is an answer."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                return int(response.status)
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


def test_port_and_host_also_come_from_the_environment(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(tmp_path, QUIZAPP_PORT=str(port), QUIZAPP_HOST="127.0.0.1") as (_, address):
        assert address == f"http://127.0.0.1:{port}/"


def test_a_port_that_is_taken_is_told(quizapp: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = quizapp("serve", "--port", str(taken.getsockname()[1]))
    assert outcome.returncode == 2
    assert "another program listens there" in outcome.stderr


def test_production_does_not_serve_without_a_secret(tmp_path: Path) -> None:
    environ = {**environment(tmp_path / "instance"), "QUIZAPP_MODE": "production"}
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    outcome = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=30)
    assert outcome.returncode == 2
    assert "QUIZAPP_SECRET_KEY: it is not set" in outcome.stderr
