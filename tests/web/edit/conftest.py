"""Editors of every role over the real application: one bank, in a questions folder of each test's own.

The bank is checked and published once for each test process; every test starts on a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.editing.accounts import Accounts
from quizapp.errors import NotFound
from quizapp.store.editing_records import Editor, Role
from tests.web.conftest import QUESTIONS, stop
from tests.web.visitor import Visitor

BANK = "one_on_one"
TODAY = date(2026, 11, 22)
PASSWORD = "four quiet words here"
StartDesk = Callable[..., Flask]
SignedIn = Callable[..., Visitor]


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``questions`` and ``instance`` in which the bank has been published."""
    folder = tmp_path_factory.mktemp("ground")
    (folder / "questions").mkdir()
    for name in (f"{BANK}.yaml", f"{BANK}.cases.yaml"):
        shutil.copy(QUESTIONS / name, folder / "questions" / name)
    stop(create_app(Settings(instance=folder / "instance", questions=folder / "questions", watch=0)))
    return folder


@pytest.fixture
def start_desk(ground: Path, tmp_path: Path) -> Iterator[StartDesk]:
    """``start_desk(https=True, …)``: an application over a copy; ``within=folder`` shares one that runs."""
    started: list[Flask] = []

    def begin(within: Path | None = None, **given: Any) -> Flask:
        folder = within or tmp_path / f"desk{len(started)}"
        if within is None:
            shutil.copytree(ground, folder)
        settings = Settings(instance=folder / "instance", questions=folder / "questions", watch=0, **given)
        app = create_app(settings, today=lambda: TODAY)
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False
        started.append(app)
        return app

    yield begin
    for app in started:
        stop(app)


@pytest.fixture
def app(start_desk: StartDesk) -> Flask:
    """The application with one live bank and no editor yet."""
    return start_desk()


@pytest.fixture
def questions(app: Flask) -> Path:
    """The folder of the bank's files; a test may write in it."""
    folder: Path = app.extensions["quizapp"].settings.questions
    return folder


@pytest.fixture
def accounts(app: Flask) -> Accounts:
    """The editors of the application."""
    found: Accounts = app.extensions["quizapp"].accounts
    return found


def editor_called(app: Flask, name: str, role: Role) -> Editor:
    """The editor of that name, made where there is none; no password, since hashing takes its time."""
    accounts: Accounts = app.extensions["quizapp"].accounts
    try:
        return accounts.named(name)
    except NotFound:
        return accounts.add(name, role, None)


def let_in(app: Flask, editor: Editor, language: str = "en") -> Visitor:
    """A browser in which that editor is signed in."""
    services = app.extensions["quizapp"]
    visitor = Visitor(app.test_client())
    name = "__Host-quizapp-editor" if services.settings.https else "quizapp-editor"
    visitor.client.set_cookie(name, services.accounts.begin(editor, "test browser"))
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return visitor


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    """``signed_in("publisher")``: a browser of an editor of that role, who is called so if no name is given.

    ``signed_in("editor", "aki", "ja")`` is Aki, who reads Japanese. Whoever has no session is
    ``signed_in(None)``.
    """

    def begin(role: Role | None, name: str | None = None, language: str = "en") -> Visitor:
        if role is not None:
            return let_in(app, editor_called(app, name or f"the-{role}", role), language)
        nobody = Visitor(app.test_client())
        nobody.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return nobody

    return begin
