"""Drafts as tests need them: changed by text, without going through a page."""

from __future__ import annotations

from typing import Any

from flask import Flask

from quizapp.editing.workshop import text_of
from quizapp.store.editing_records import Draft
from tests.web.edit.conftest import BANK, editor_called
from tests.web.visitor import Visitor


def live_text(app: Flask) -> str:
    """The text of the bank as it is live."""
    store = app.extensions["quizapp"].store
    found: str = store.text_of(store.newest(BANK).number)
    return found


def drafted(app: Flask, name: str, *changes: tuple[str, str], sheet: str = "bank") -> Draft:
    """That editor's draft with pieces of a text put in place of others."""
    workshop = app.extensions["quizapp"].workshop
    role = "publisher" if name == "the-publisher" else "editor"
    draft = workshop.open(BANK, editor_called(app, name, role).id)
    text = text_of(draft, sheet)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    found: Draft = workshop.write(draft.id, draft.version, sheet, text, "file")
    return found


def publish(visitor: Visitor, draft: Draft, why: str = "because", **more: Any) -> Visitor:
    """Publish a draft from its review, without waiting for what it changes for takers."""
    path = f"/edit/{draft.bank}/review?draft={draft.id}"
    visitor.get(path)
    fields = {"why": why, "version": str(draft.version), "unseen": "yes", **more}
    return visitor.post(f"/edit/{draft.bank}/publish?draft={draft.id}", "publish", fields)
