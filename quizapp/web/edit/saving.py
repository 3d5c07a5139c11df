"""Keeps changes of a draft as steps that say what was done to which part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.shape_places import place_at
from quizapp.editing.workshop import Clashing, Sheet, file_of, read, text_of
from quizapp.errors import NotFound
from quizapp.i18n import language
from quizapp.store.editing_records import Draft
from quizapp.web.edit.clashes import chosen
from quizapp.web.edit.names import place_name, said, sheet_word
from quizapp.web.edit.steps import Step
from quizapp.web.services import services


def saved(draft: Draft, version: int, sheet: str, what: Step, alter: Callable[[Any], Any]) -> Draft:
    """The draft with a change made to what its author saw as ``version``.

    Where the form already says whose value counts for each field that was changed twice, so it is.
    Raises Clashing, Invalid, NotFound and Conflict as ``Workshop.change`` does.
    """
    text: Sheet = "cases" if sheet == "cases" else "bank"
    try:
        return services().workshop.change(draft.id, version, text, what.packed(), alter)
    except Clashing as clashing:
        choices = chosen(clashing)
        if choices is None:
            raise
        return services().workshop.settle(clashing, choices, Step("settled").packed())


def step_at(verb: str, draft: Draft, address: Address) -> Step:
    """A step about a part of a draft, with what it is called just now."""
    if not address:
        return Step(verb)
    bank = _data(draft, "bank")
    data = _data(draft, sheet_word(address))
    names = []
    for code in ("ja", "en"):
        try:
            place = place_at(data, address)
            lone = place.entry or place.is_list
            names.append(
                said(bank, data, address, language(code)) if lone else place_name(bank, place, language(code))
            )
        except NotFound:
            names.append(address[-1])
    return Step(verb, address, *names)


def _data(draft: Draft, sheet: str) -> Any:
    chosen: Sheet = "cases" if sheet == "cases" else "bank"
    return read(text_of(draft, chosen), file_of(draft.bank, chosen)).data
