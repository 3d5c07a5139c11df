"""What somebody tried on the desk to get past it, to break its pages or to hold it up."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from flask import Flask

from quizapp.bank.yaml.words import Unwritable, flow_words, scalar_words
from quizapp.editing.problem_places import MOST_PROBLEMS
from quizapp.i18n import language
from quizapp.web.edit.completing import completion
from quizapp.web.edit.pages.difference_words import MOST_ROWS
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import drafted
from tests.web.visitor import Visitor

# Most finish in a tenth of it; what is guarded against took minutes.
SECONDS = 15.0


def token(visitor: Visitor) -> str:
    visitor.get("/edit/account")
    return visitor.tokens()["sign-out"]


def written(app: Flask, text: str) -> None:
    """Aki's draft with another text."""
    workshop = app.extensions["quizapp"].workshop
    draft = workshop.open(BANK, editor_called(app, "aki", "editor").id)
    workshop.write(draft.id, draft.version, "bank", text, "file")


@pytest.mark.parametrize(
    "path",
    [
        f"/edit/{BANK}/part/../../../../edit/account/password",
        f"/edit/{BANK}/part/%2e%2e/%2e%2e/%2e%2e/%2e%2e/forget",
        f"/edit/{BANK}/part/./../../account/sessions",
        f"/edit/{BANK}/part/..\\..\\..\\forget",
        f"/edit/{BANK}/part/%5c..%5cforget",
    ],
)
def test_what_was_kept_is_sent_nowhere_but_to_the_desk(signed_in: SignedIn, path: str) -> None:
    """A browser takes ``..`` out of an address: the form would go somewhere else than it was looked up."""
    visitor = signed_in("editor")
    sent = {"csrf_token": token(visitor), "kept": json.dumps([path, [["old", "x"]]])}
    answer = visitor.client.post("/edit/resume", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/edit/")


def test_half_characters_in_what_was_kept_break_nothing(signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    sent = {"csrf_token": token(visitor), "kept": f'["/edit/{BANK}/source", [["text", "\\ud800"]]]'}
    assert visitor.client.post("/edit/resume", data=sent).status_code == 303


@pytest.mark.parametrize("deep", ["a/" * 1_000, "items/" * 20_000])
def test_an_address_deeper_than_any_bank_leads_nowhere(signed_in: SignedIn, deep: str) -> None:
    visitor = signed_in("editor")
    for page in ("part", "add", "rename"):
        assert visitor.client.get(f"/edit/{BANK}/{page}/{deep}").status_code == 404


@pytest.mark.parametrize("unit", ["[a]", "{a: 1}", "12", "null", "zz"])
def test_a_unit_that_is_none_breaks_no_page(app: Flask, signed_in: SignedIn, unit: str) -> None:
    question = f"  - id: strange\n    kind: number\n    grid: {{from: 0, to: 9, unit: {unit}}}\n"
    drafted(app, "aki", ("\nquestions:\n", f"\nquestions:\n{question}"))
    visitor = signed_in("editor", "aki")
    for page in ("", "/part/values", "/part/items/a1", "/review", "/source"):
        assert visitor.get(f"/edit/{BANK}{page}").status == 200, page


def test_a_list_where_sources_should_be_breaks_no_table(app: Flask, signed_in: SignedIn) -> None:
    written(app, 'bank: one_on_one\nsources: [a]\nfacts:\n  a: {number: 1, source: b, checked: "x"}\n')
    visitor = signed_in("editor", "aki")
    for page in ("facts", "facts?only=old", "costs", "texts"):
        assert visitor.get(f"/edit/{BANK}/{page}").status == 200, page


@pytest.mark.parametrize("value", ["a\x00b", "\ufeff", "a\u202eb"])
def test_what_no_file_can_hold_is_refused_wherever_it_stands(value: str) -> None:
    with pytest.raises(Unwritable):
        scalar_words(value)
    for around in ([value], [[value]], {"a": [value]}):
        with pytest.raises(Unwritable):
            flow_words(around)


@pytest.mark.parametrize(
    "address", ["questions/one_on_one_role/options/member", "items/a4", "notes/attention_over_time"]
)
def test_a_field_of_which_nothing_is_sent_stays(app: Flask, signed_in: SignedIn, address: str) -> None:
    """As where a page is older than the program: what it did not know is not taken away."""
    visitor = signed_in("editor", "aki")
    draft = drafted(app, "aki")
    sent = {"csrf_token": token(visitor), "do": "save", "version": str(draft.version)}
    answer = visitor.client.post(f"/edit/{BANK}/part/{address}", data=sent)
    now = app.extensions["quizapp"].store.draft(draft.id)
    assert answer.status_code == 303 and (now.text, now.cases) == (draft.text, draft.cases)


@pytest.mark.parametrize("text", ["x", "[]", "1", "- 1", "null", "a: 1", ""])
def test_a_draft_that_is_no_map_of_fields_breaks_no_page(app: Flask, signed_in: SignedIn, text: str) -> None:
    written(app, text)
    visitor = signed_in("publisher", "aki")
    for page in ("", "/review", "/review/impact", "/source", "/merge", "/history", "/steps"):
        assert visitor.get(f"/edit/{BANK}{page}").status < 500, page
    version = str(
        app.extensions["quizapp"].workshop.open(BANK, editor_called(app, "aki", "editor").id).version
    )
    sent = {"csrf_token": token(visitor), "why": "because", "version": version}
    assert visitor.client.post(f"/edit/{BANK}/publish", data=sent).status_code < 500


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("x" * 40_000, ""),
        ("a." * 20_000, ""),
        ("a: " + "1_" * 20_000, ""),
        ("", "  when: " + "a" * 900 + " in" + " " * 900 + "!"),
        ("", "  if: " + "in " * 640 + "!"),
    ],
)
def test_a_strange_line_does_not_hold_up_completion(text: str, before: str) -> None:
    begun = time.monotonic()
    completion(text, 0, before, "bank", "", language("en"))
    assert time.monotonic() - begun < 2.0


@pytest.mark.parametrize("at", ["9" * 5_000, "-1", "1" * 7, "x", "²", ""])
def test_a_line_that_no_text_has_is_the_first(signed_in: SignedIn, at: str) -> None:
    visitor = signed_in("viewer")
    sent = {"csrf_token": token(visitor), "sheet": "bank", "text": "", "at": at, "before": "tit"}
    found = visitor.client.post(f"/edit/{BANK}/complete", data=sent)
    assert found.status_code == 200
    assert [one["word"] for one in found.get_json()["offers"]][:1] == ["title"]


MANY = {
    "entries without fields": "items:\n" + "\n".join(f"- id: i{n}" for n in range(6_000)),
    "entries of one id": "items:\n" + "- id: i\n" * 6_000,
    "unknown fields": "\n".join(f"zz{n}: {{}}" for n in range(9_000)),
}


@pytest.mark.parametrize("kind", MANY)
def test_ten_thousand_problems_hold_nobody_up(signed_in: SignedIn, kind: str) -> None:
    visitor = signed_in("viewer")
    sent: dict[str, Any] = {"csrf_token": token(visitor), "sheet": "bank", "text": MANY[kind]}
    begun = time.monotonic()
    told = visitor.client.post(f"/edit/{BANK}/check", data=sent).get_json()["problems"]
    assert time.monotonic() - begun < SECONDS
    assert len(told) <= MOST_PROBLEMS + 1 and not told[0]["warning"]


def test_ten_thousand_changes_hold_nobody_up(app: Flask, signed_in: SignedIn) -> None:
    written(app, MANY["entries without fields"])
    visitor = signed_in("editor", "aki")
    for page in ("review", "part/items"):
        begun = time.monotonic()
        answer = visitor.client.get(f"/edit/{BANK}/{page}")
        assert answer.status_code == 200 and time.monotonic() - begun < SECONDS, page
    page = visitor.client.get(f"/edit/{BANK}/review").get_data(as_text=True)
    assert page.count("<ins>") <= MOST_ROWS + 100 and "more</" in page
