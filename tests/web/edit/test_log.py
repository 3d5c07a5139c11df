"""The log says in words who did what, page by page, and goes out as a file that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from flask import Flask

import quizapp
from quizapp.web.edit.pages.log import DONE, PAGE
from tests.web.edit.conftest import BANK, SignedIn
from tests.web.edit.drafting import drafted, publish
from tests.web.hostile import PAYLOAD

ROOT = Path(quizapp.__file__).parent


def test_every_action_that_is_recorded_has_words() -> None:
    said: set[str] = set()
    for folder in ("editing", "web/edit"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            said |= set(re.findall(r'\b_?record\(\s*[^,]+,\s*"([a-z_]+)"', text))
            said |= set(re.findall(r'"(editor_(?:dis|en)abled)"', text))
    assert said and said <= DONE.keys()


def test_it_tells_what_was_published_and_why(app: Flask, signed_in: SignedIn) -> None:
    publish(signed_in("publisher", "mika"), drafted(app, "aki", ("en: ", "en: So ")), f"Plainer {PAYLOAD}")
    visitor = signed_in("viewer").get(f"/edit/log?bank={BANK}")
    assert "Published" in visitor.words and "mika" in visitor.words and "Plainer" in visitor.words
    assert PAYLOAD not in visitor.page and "Signed in" not in visitor.words


def test_older_lines_are_on_the_next_page(app: Flask, signed_in: SignedIn) -> None:
    store = app.extensions["quizapp"].store
    for number in range(PAGE + 10):
        store.record(f"who{number}", "signed_in", None, {})
    visitor = signed_in("viewer").get("/edit/log")
    assert f"who{PAGE + 9}" in visitor.words and "who0 " not in visitor.words
    older = re.search(r'href="(/edit/log\?before=\d+)"', visitor.page)
    assert older and "who0 " in visitor.get(older[1]).words


def test_the_file_holds_all_of_it_and_no_formula(app: Flask, signed_in: SignedIn) -> None:
    app.extensions["quizapp"].store.record("=1+1", "signed_in", None, {})
    response = signed_in("viewer").client.get("/edit/log.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows[0][2] == "who" and any(row[2] == "'=1+1" for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_bank_that_is_none_narrows_nothing_down(signed_in: SignedIn) -> None:
    visitor = signed_in("viewer").get("/edit/log?bank=no_such&before=x")
    assert visitor.status == 200 and "Signed in" in visitor.words
