"""What the sorts of parts are called in problems, by the word that stands in their codes."""

from __future__ import annotations

from quizapp.errors import Told, told

SORTS: dict[str, Told] = {
    "criterion": told("criterion"),
    "fact_kind": told("fact kind"),
    "guideline": told("guideline"),
    "item": told("item"),
    "limit": told("limit"),
    "note": told("note"),
    "option": told("option"),
    "part": told("part"),
    "provider": told("provider"),
    "question": told("question"),
    "reason": told("reason"),
    "requirement": told("requirement"),
    "screen": told("screen"),
    "source": told("source"),
    "value": told("value"),
}
