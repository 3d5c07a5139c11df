"""Every string of a draft a payload: no page around it takes any of them for markup (trust.md 23)."""

from __future__ import annotations

import re

from flask import Flask

from quizapp.editing.publishing import discard
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import live_text
from tests.web.edit.test_review import counted
from tests.web.hostile import PAYLOAD

PAGES = ("review", "source", "source?sheet=cases", "steps", "merge", "history")
WORDS = re.compile(r"\b(ja|en): [^\"'{}\[\],#\n|>]+")


def hostile(text: str) -> str:
    """The text with every plain sentence of it a payload."""
    quoted = PAYLOAD.replace("'", "''")
    return WORDS.sub(lambda found: f"{found[1]}: '{quoted}'", text)


def test_no_page_around_a_draft_takes_a_text_for_markup(app: Flask, signed_in: SignedIn) -> None:
    services = app.extensions["quizapp"]
    aki = editor_called(app, "aki", "editor")
    draft = services.workshop.open(BANK, aki.id)
    text, cases = hostile(draft.text), hostile(draft.cases or "")
    assert text.count(PAYLOAD.replace("'", "''")) > 100
    draft = services.workshop.write(draft.id, draft.version, "bank", text, PAYLOAD)
    services.workshop.write(draft.id, draft.version, "cases", cases, PAYLOAD)
    visitor = signed_in("editor", "aki")
    counted(visitor)
    for page in PAGES:
        visitor.get(f"/edit/{BANK}/{page}")
        assert visitor.status == 200 and PAYLOAD not in visitor.page, page
    discard(services.store, services.store.draft(draft.id), aki)
    assert PAYLOAD not in visitor.get(f"/edit/{BANK}/history").page


def test_a_hostile_problem_stays_text(app: Flask, signed_in: SignedIn) -> None:
    services = app.extensions["quizapp"]
    draft = services.workshop.open(BANK, editor_called(app, "aki", "editor").id)
    text = live_text(app).replace("kind: yes_no", f'kind: "{PAYLOAD}"'.replace('""', '"'), 1)
    services.workshop.write(draft.id, draft.version, "bank", text, "file")
    visitor = signed_in("editor", "aki")
    for page in ("review", "source"):
        visitor.get(f"/edit/{BANK}/{page}")
        assert visitor.status == 200 and PAYLOAD not in visitor.page, page
