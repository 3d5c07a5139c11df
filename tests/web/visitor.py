"""A browser without JavaScript: follows links, sends forms, and lints every page that it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.lint import faults, visible

TOKEN = re.compile(r'name="csrf_token" form="([a-z-]+)" value="([^"]+)"')


class Visitor:
    """Wraps the test client; ``page`` is the HTML seen last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""
        self.path = "/"
        self.status = 0

    def get(self, path: str) -> Visitor:
        """Open an address, following redirects."""
        return self._seen(self.client.get(path, follow_redirects=True))

    def post(self, path: str, form: str, data: Mapping[str, Any] | None = None) -> Visitor:
        """Send the form of that id, with its token, and follow where it leads."""
        sent = {"csrf_token": self.tokens()[form], **(data or {})}
        return self._seen(self.client.post(path, data=sent, follow_redirects=True))

    def tokens(self) -> dict[str, str]:
        """The CSRF tokens of the page by the id of their form."""
        return dict(TOKEN.findall(self.page))

    @property
    def words(self) -> str:
        """What the main part of the page says."""
        return visible(self.page)

    def begin(self, bank: str) -> Visitor:
        """Begin a bank."""
        return self.get(f"/quiz/{bank}").post(f"/quiz/{bank}", "begin")

    def answer(self, answers: Mapping[str, Any]) -> Visitor:
        """Answer the screen that is shown from these answers; what they lack is left open."""
        asked = dict.fromkeys(re.findall(r'<(?:input|select)[^>]* name="([a-z_0-9]+)"', self._form()))
        return self.post(self.path, "answers", {id: sent(answers.get(id)) for id in asked})

    def take(self, bank: str, answers: Mapping[str, Any]) -> Visitor:
        """Go through the whole bank, up to "check your answers"."""
        self.begin(bank)
        for _ in range(40):
            if self.path.endswith("/check"):
                return self
            self.answer(answers)
        raise AssertionError(f"still at {self.path} after 40 screens")

    def finish(self, bank: str, answers: Mapping[str, Any]) -> str:
        """Take the bank and save the result; its token."""
        self.take(bank, answers).post(f"/quiz/{bank}/result", "result")
        assert self.path.startswith("/r/"), self.words
        return self.path.removeprefix("/r/")

    def _form(self) -> str:
        start = self.page.index('<form id="answers"')
        return self.page[start : self.page.index("</form>", start)]

    def _seen(self, response: TestResponse) -> Visitor:
        self.status, self.path = response.status_code, response.request.path
        self.page = response.get_data(as_text=True)
        if response.mimetype == "text/html":
            assert faults(self.page) == [], f"{self.path}: {faults(self.page)}"
        return self


def sent(value: object) -> str | list[str]:
    """An answer as a form sends it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return value or ["--"]
    return str(value)
