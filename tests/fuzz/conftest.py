"""One application with a small bank, an editor at work on it, and everything that an address may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.web.allowance import Allowance
from tests.test_library import CASES, bank
from tests.web.conftest import stop
from tests.web.edit.conftest import editor_called
from tests.web.visitor import Visitor

NAMES = re.compile(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"')
PLACES = re.compile(r'(?:href|action|formaction)="(/[^"#]*)')


@dataclass(repr=False)
class Ground:
    """The application, what its addresses may name, and the fields that its forms have."""

    app: Flask
    named: dict[str, list[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    def rules(self) -> list[tuple[Rule, str]]:
        """Every route with each of its methods."""
        return [
            (rule, method)
            for rule in self.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]

    def browser(self) -> tuple[FlaskClient, str]:
        """A browser in which a publisher is signed in, and a token that its forms are believed by."""
        client = self.app.test_client()
        editor = editor_called(self.app, "the-publisher", "publisher")
        client.set_cookie("quizapp-editor", self.app.extensions["quizapp"].accounts.begin(editor, "fuzz"))
        with client.session_transaction() as kept:
            kept["csrf_token"] = "0123456789abcdef"
        token = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(
            "0123456789abcdef"
        )
        return client, str(token)

    def crawl(self, most: int = 150) -> None:
        """Follow the links of every page, and keep the fields of its forms and the parts of its addresses."""
        client, _ = self.browser()
        waiting, adapter = (
            ["/", "/edit", "/edit/trainer", "/quiz/trainer/age"],
            self.app.url_map.bind("localhost"),
        )
        while waiting and len(self.places) < most:
            place = waiting.pop(0)
            if place in self.places or "sign-out" in place:
                continue
            self.places.add(place)
            answer = client.get(place)
            page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            self.fields |= set(NAMES.findall(page))
            waiting += [found.replace("&amp;", "&") for found in PLACES.findall(page)]
        for place in self.places:
            path = place.partition("?")[0]
            for method in ("GET", "POST"):
                if adapter.test(path, method):
                    _, values = adapter.match(path, method)
                    for name, value in values.items():
                        self.named.setdefault(name, []).append(str(value))


@pytest.fixture(scope="session")
def fuzz_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The application, crawled once."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    (folder / "questions").mkdir()
    (folder / "questions" / "trainer.yaml").write_text(bank(), encoding="utf-8")
    (folder / "questions" / "trainer.cases.yaml").write_text(CASES.format(first="first"), encoding="utf-8")
    app = create_app(Settings(instance=folder / "instance", questions=folder / "questions", watch=0))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["quizapp"] = replace(app.extensions["quizapp"], saves=Allowance(100_000, 1.0))
    ground = Ground(app)
    token = Visitor(app.test_client()).finish("trainer", {"age": 30, "goal": "job"})
    workshop = app.extensions["quizapp"].workshop
    workshop.open("trainer", editor_called(app, "the-publisher", "publisher").id)
    ground.crawl()
    ground.named.setdefault("token", []).append(token)
    yield ground
    stop(app)
