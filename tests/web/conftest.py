"""A visitor over the real application, and the takers that the banks' authors wrote down.

Checking and publishing the banks takes seconds, so it is done once for each test process; tests that
need settings of their own start on a copy of that instance folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.web.allowance import Allowance
from tests.web.visitor import Visitor

QUESTIONS = Path(__file__).resolve().parents[2] / "questions"
Start = Callable[..., Flask]


def written_cases() -> list[tuple[str, str, dict[str, Any]]]:
    """Bank, case and answers of every written case."""
    found = []
    for path in sorted(QUESTIONS.glob("*.cases.yaml")):
        cases = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["cases"]
        found += [(path.name.removesuffix(".cases.yaml"), case["id"], case["answers"]) for case in cases]
    return found


CASES = written_cases()
BEGINNER = next(answers for bank, _, answers in CASES if bank == "personal_trainer")


def stop(app: Flask) -> None:
    """Let go of the application's files."""
    app.extensions["quizapp"].library.stop()
    app.extensions["quizapp"].store.close()


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests that need no settings of their own; each has its own cookies."""
    instance = tmp_path_factory.mktemp("shared") / "instance"
    app = create_app(Settings(instance=instance, questions=QUESTIONS, watch=0))
    # Every test saves from the same address.
    app.extensions["quizapp"] = replace(app.extensions["quizapp"], saves=Allowance(100_000, 1.0))
    yield app
    stop(app)


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    """The real application over a real SQLite file."""
    return shared_app


@pytest.fixture
def start(shared_app: Flask, tmp_path: Path) -> Iterator[Start]:
    """``start(https=True, …)``: an application of this test's own, over the same published banks."""
    started: list[Flask] = []

    def begin(questions: Path = QUESTIONS, **given: Any) -> Flask:
        instance = tmp_path / f"instance{len(started)}"
        if questions is QUESTIONS:
            shutil.copytree(shared_app.extensions["quizapp"].settings.instance, instance)
        app = create_app(Settings(instance=instance, questions=questions, watch=0, **given))
        started.append(app)
        return app

    yield begin
    for app in started:
        stop(app)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who reads Japanese."""
    return Visitor(app.test_client())


@pytest.fixture
def another(app: Flask) -> Visitor:
    """Somebody else, on another machine."""
    return Visitor(app.test_client())
