"""What ``serve`` refuses, warns of and tells before the first page."""

from __future__ import annotations

import logging
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.cli.starting import public_address, warn_of_what_is_odd
from quizapp.config import Settings

ROOT = Path(__file__).resolve().parent.parent


def serve(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ |= {f"QUIZAPP_{name.upper()}": value for name, value in settings.items()}
    environ |= {"QUIZAPP_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120)


def test_settings_that_cannot_serve_are_refused_at_once_all_together(tmp_path: Path) -> None:
    told = serve(tmp_path, mode="production", metrics="token", oidc_client_id="quiz")
    assert told.returncode == 2
    named = [line.split(": ")[0] for line in told.stderr.splitlines()]
    assert named == ["QUIZAPP_OIDC_ISSUER", "QUIZAPP_SECRET_KEY", "QUIZAPP_METRICS_TOKEN"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("typed", ["postgres:/foo", "postgresql:/quiz@host/db", "postgres//host/db"])
def test_what_nearly_is_an_address_of_postgresql_makes_no_file(tmp_path: Path, typed: str) -> None:
    told = serve(tmp_path, database=typed)
    assert told.returncode == 2
    assert "postgresql://USER@HOST/DATABASE" in told.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        (Settings(), "http://127.0.0.1:8951/"),
        (
            Settings(trusted_hosts=("shirube.example", "b.example"), https=True, proxy_hops=1),
            "https://shirube.example/",
        ),
        (Settings(trusted_hosts=(".shirube.example",), proxy_hops=1), "http://shirube.example/"),
        (Settings(trusted_hosts=("quiz.lan",)), "http://quiz.lan:8951/"),
        (Settings(trusted_hosts=("quiz.lan:9000",)), "http://quiz.lan:9000/"),
    ],
)
def test_the_first_editors_link_leads_where_people_reach_the_site(settings: Settings, reached: str) -> None:
    assert public_address(settings, "http://127.0.0.1:8951/") == reached


def test_a_folder_of_banks_that_is_not_there_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    warn_of_what_is_odd(Settings(instance=tmp_path, questions=tmp_path / "nope"))
    assert f"there is no folder {tmp_path / 'nope'}" in caplog.text


def test_a_second_server_on_the_same_file_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(instance=tmp_path, questions=tmp_path)
    first = multiprocessing.get_context("spawn")
    begun, end = first.Event(), first.Event()
    other = first.Process(target=_serving, args=(settings, begun, end))
    other.start()
    try:
        assert begun.wait(60)
        warn_of_what_is_odd(settings)
        assert "another server has" in caplog.text
    finally:
        end.set()
        other.join()
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        warn_of_what_is_odd(settings)
    assert not caplog.records


def _serving(settings: Settings, begun: object, end: object) -> None:
    warn_of_what_is_odd(settings)
    begun.set()  # type: ignore[attr-defined]
    end.wait(60)  # type: ignore[attr-defined]
