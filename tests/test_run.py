"""run.py sets up once per mode and passes on what it is given; tried on a small copy of the checkout."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ECHO = """
import os, sys
def main():
    print("quizapp", *sys.argv[1:], "in", os.path.basename(os.getcwd()))
    sys.exit(7)
if __name__ == "__main__":
    main()
"""


GROUPED = """
import pytest
@pytest.mark.xdist_group("one server")
@pytest.mark.parametrize("turn", range(6))
def test_in_one_process(turn, worker_id):
    with open("processes", "a") as kept:
        kept.write(worker_id + "\\n")
"""


@pytest.mark.slow
def test_tests_of_one_group_run_in_one_process(tmp_path: Path) -> None:
    """What a group shares, as a server, is started once; without it the tests only take longer."""
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text(GROUPED)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "-p",
        "no:cacheprovider",
    ]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "12 passed" in told.stdout, told.stdout + told.stderr
    assert len(set((tmp_path / "processes").read_text().split())) == 1


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the real run.py, an application that echoes, and nothing to download."""
    folder = tmp_path_factory.mktemp("check out")
    shutil.copy(ROOT / "run.py", folder)
    (folder / "requirements").mkdir()
    for name in ("serve", "test", "bench"):
        (folder / "requirements" / f"{name}.txt").write_text("# nothing\n")
    (folder / "quizapp").mkdir()
    (folder / "quizapp" / "__init__.py").write_text("")
    (folder / "quizapp" / "__main__.py").write_text("from quizapp.cli.main import main; main()")
    (folder / "quizapp" / "cli").mkdir()
    (folder / "quizapp" / "cli" / "__init__.py").write_text("")
    (folder / "quizapp" / "cli" / "main.py").write_text(ECHO)
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks" / "__main__.py").write_text("import sys, quizapp; print('bench', *sys.argv[1:])")
    return folder


def run(checkout: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "run.py"), *arguments]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=cwd or checkout, env=environ, capture_output=True, text=True, timeout=120
    )


def sets_up(outcome: subprocess.CompletedProcess[str]) -> bool:
    return "Setting up" in outcome.stderr


def test_it_sets_up_once_then_starts_at_once(checkout: Path) -> None:
    run(checkout)
    again = run(checkout)
    assert not sets_up(again)
    assert again.stdout.startswith("quizapp serve in")


def test_it_passes_on_arguments_and_exit_code(checkout: Path) -> None:
    outcome = run(checkout, "--port", "1", "--host", "h")
    assert outcome.stdout.startswith("quizapp serve --port 1 --host h in")
    assert outcome.returncode == 7


def test_it_passes_on_other_commands(checkout: Path) -> None:
    assert run(checkout, "recommend", "personal_trainer", "--json").stdout.startswith(
        "quizapp recommend personal_trainer --json in"
    )


def test_it_stays_in_the_folder_it_was_called_from(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run(checkout, "check", cwd=elsewhere).stdout == "quizapp check in elsewhere\n"


def test_switching_modes_back_and_forth_installs_nothing(checkout: Path) -> None:
    for arguments in ((), ("bench", "web"), ("test", "--version")):
        run(checkout, *arguments)
    for arguments in ((), ("bench", "web"), (), ("test", "--version"), ("bench", "web")):
        assert not sets_up(run(checkout, *arguments))


def test_it_runs_a_benchmark_by_name(checkout: Path) -> None:
    assert run(checkout, "bench", "web", "--json").stdout == "bench web --json\n"


def test_changed_pins_are_installed(checkout: Path) -> None:
    run(checkout)
    (checkout / "requirements" / "serve.txt").write_text("# nothing either\n")
    assert sets_up(run(checkout))
    assert not sets_up(run(checkout))


def test_two_at_once_set_up_one_after_the_other(checkout: Path) -> None:
    (checkout / "requirements" / "serve.txt").write_text("# two at once\n")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: run(checkout), range(2)))
    assert [outcome.returncode for outcome in outcomes] == [7, 7]
    assert sum(map(sets_up, outcomes)) == 1


def test_pins_without_a_hash_are_refused(checkout: Path) -> None:
    pins = checkout / "requirements" / "bench.txt"
    kept = pins.read_text()
    pins.write_text("click==8.2.0\n")
    outcome = run(checkout, "bench", "web")
    pins.write_text(kept)
    assert outcome.returncode != 0
    assert "hash" in outcome.stderr


@pytest.mark.skipif(os.name != "posix", reason="the command is a shell script")
def test_the_command_lies_in_the_environment(checkout: Path) -> None:
    run(checkout)
    command = [str(checkout / ".venv" / "bin" / "quizapp"), "doctor", "a b"]
    outcome = subprocess.run(command, cwd=checkout.parent, capture_output=True, text=True)
    assert outcome.stdout.startswith("quizapp doctor a b in")
    assert outcome.returncode == 7


def test_help_needs_no_set_up() -> None:
    outcome = run(ROOT, "--help")
    assert "python3 run.py test" in outcome.stdout


def test_an_old_python_can_read_it_far_enough_to_be_told() -> None:
    source = (ROOT / "run.py").read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 7))
    assert source.index("version_info < OLDEST") < source.index("set_up(")


def test_it_uses_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names
