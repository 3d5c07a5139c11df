"""Settings: which source wins, what is refused, and that every one is documented."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from quizapp.config import Settings, load, settings_table, unknown_variables, variable
from quizapp.errors import Invalid, Problem
from quizapp.secret import secret_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def environment(instance: Path, **more: str) -> dict[str, str]:
    return {"QUIZAPP_INSTANCE": str(instance), **more}


def write_toml(instance: Path, text: str) -> None:
    instance.mkdir(exist_ok=True)
    (instance / "quizapp.toml").write_text(text, encoding="utf-8")


def problems_of(environ: dict[str, str]) -> list[Problem]:
    with pytest.raises(Invalid) as caught:
        load(environ)
    return caught.value.problems


def test_it_has_defaults_that_serve_on_this_machine_only(instance: Path) -> None:
    settings = load(environment(instance))
    assert (settings.host, settings.port, settings.mode, settings.threads) == (
        "127.0.0.1",
        8000,
        "embedded",
        4,
    )
    assert settings.database == str(instance / "quizapp.sqlite3")
    assert settings.proxy_hops == 0


def test_the_file_wins_over_the_default(instance: Path) -> None:
    write_toml(instance, 'port = 9000\nhttps = true\ntrusted_hosts = ["a.example", "b.example"]\n')
    settings = load(environment(instance))
    assert (settings.port, settings.https, settings.trusted_hosts) == (9000, True, ("a.example", "b.example"))


def test_the_environment_wins_over_the_file(instance: Path) -> None:
    write_toml(instance, "port = 9000\n")
    assert load(environment(instance, QUIZAPP_PORT="9001")).port == 9001


def test_what_is_given_wins_over_the_environment(instance: Path) -> None:
    assert load(environment(instance, QUIZAPP_PORT="9001"), port=9002).port == 9002
    assert load(environment(instance, QUIZAPP_PORT="9001"), port=None).port == 9001


def test_an_empty_variable_is_no_variable(instance: Path) -> None:
    assert load(environment(instance, QUIZAPP_PORT=" ")).port == 8000


def test_lists_are_separated_by_commas_in_the_environment(instance: Path) -> None:
    settings = load(environment(instance, QUIZAPP_TRUSTED_HOSTS="a.example, b.example,"))
    assert settings.trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("on", True), ("false", False), ("0", False)]
)
def test_truth_has_the_usual_spellings(instance: Path, text: str, value: bool) -> None:
    assert load(environment(instance, QUIZAPP_HTTPS=text)).https is value


def test_paths_in_the_file_begin_at_the_file(instance: Path) -> None:
    write_toml(instance, 'questions = "mine"\ndatabase = "sqlite:///mine.db"\n')
    settings = load(environment(instance))
    assert (settings.questions, settings.database) == (instance / "mine", str(instance / "mine.db"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "70000"),
        ("port", "eighty"),
        ("port", "1.5"),
        ("threads", "0"),
        ("https", "maybe"),
        ("mode", "test"),
        ("default_language", "fr"),
        ("proxy_hops", "-1"),
        ("trusted_hosts", "https://a.example/"),
        ("embed_origins", "a.example"),
        ("embed_origins", "https://a.example/page"),
        ("log_level", "loud"),
        ("database", "mysql://there/quizapp"),
        ("watch", "soon"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed(instance: Path, name: str, text: str) -> None:
    (problem,) = problems_of(environment(instance, **{variable(name): text}))
    assert problem.where.file == variable(name)
    assert problem.fix.startswith("allowed: ")


def test_every_bad_value_is_told_at_once(instance: Path) -> None:
    write_toml(instance, '# a comment\nthreads = "four"\nlog_levle = "info"\n')
    problems = problems_of(environment(instance, QUIZAPP_PORT="x", QUIZAPP_HTTPS="x"))
    places = [(Path(problem.where.file).name, problem.where.line) for problem in problems]
    assert places == [("QUIZAPP_PORT", 0), ("QUIZAPP_HTTPS", 0), ("quizapp.toml", 2), ("quizapp.toml", 3)]
    assert problems[-1].fix == "did you mean log_level?"


def test_a_file_that_is_not_toml_is_told(instance: Path) -> None:
    write_toml(instance, "port 8000\n")
    (problem,) = problems_of(environment(instance))
    assert "cannot be read" in problem.what


def test_a_secret_is_never_in_a_message(instance: Path) -> None:
    (problem,) = problems_of(environment(instance, QUIZAPP_SECRET_KEY="hunter2"))
    assert "hunter2" not in str(problem)


def test_a_misspelt_variable_is_noticed() -> None:
    assert unknown_variables({"QUIZAPP_PROT": "1", "PATH": ""}) == [
        "QUIZAPP_PROT (did you mean QUIZAPP_PORT?)"
    ]


def test_settings_cannot_be_changed(instance: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        load(environment(instance)).port = 1  # type: ignore[misc]


def test_reading_settings_writes_nothing(instance: Path) -> None:
    load(environment(instance))
    assert not instance.exists()


def test_the_secret_is_made_once_and_kept(instance: Path) -> None:
    first = secret_of(Settings(instance=instance))
    assert secret_of(Settings(instance=instance)) == first
    assert len(first) >= 43
    assert [path.name for path in instance.iterdir()] == ["secret"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_kept_secret_is_for_its_owner_alone(instance: Path) -> None:
    old = os.umask(0)
    try:
        secret_of(Settings(instance=instance))
    finally:
        os.umask(old)
    assert stat.S_IMODE((instance / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_keep_the_same_secret(instance: Path) -> None:
    code = "from quizapp.config import load; from quizapp.secret import secret_of; print(secret_of(load()))"
    environ = {**os.environ, **environment(instance)}

    def one(_: int) -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1


def test_a_secret_that_is_set_is_used_and_nothing_is_kept(instance: Path) -> None:
    assert secret_of(Settings(instance=instance, secret_key="s" * 40)) == "s" * 40
    assert not instance.exists()


def test_production_refuses_to_start_without_a_secret(instance: Path) -> None:
    with pytest.raises(Invalid, match="QUIZAPP_SECRET_KEY: it is not set"):
        secret_of(Settings(instance=instance, mode="production"))
    assert not instance.exists()


def test_an_emptied_secret_is_refused(instance: Path) -> None:
    instance.mkdir()
    (instance / "secret").write_text("\n")
    with pytest.raises(Invalid, match="empty or too short"):
        secret_of(Settings(instance=instance))


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert settings_table() in page, "write it anew: python3 run.py settings --markdown"


def test_every_setting_says_what_it_is() -> None:
    assert [row.name for row in fields(Settings) if len(row.metadata.get("help", "")) < 15] == []
