"""Keeps changes of a draft as steps that say what was done to which part."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import place_at
from quizapp.editing.workshop import Clashing, Sheet, file_of, read, text_of
from quizapp.errors import NotFound
from quizapp.i18n import Language, language
from quizapp.store.editing_records import Draft
from quizapp.web.edit.clashes import chosen
from quizapp.web.edit.names import address_names, place_name, said, sheet_word
from quizapp.web.edit.steps import Step
from quizapp.web.services import services

# More than these are too many to tell one by one.
MOST_FIELDS = 3


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


def step_at(verb: str, draft: Draft, address: Address, fields: Collection[Address] = ()) -> Step:
    """A step about a part of a draft, with what it is called just now, and its fields that were changed."""
    if not address:
        return Step(verb)
    bank = _data(draft, "bank")
    data = _data(draft, sheet_word(address))
    names = []
    for code in ("ja", "en"):
        try:
            place = place_at(data, address)
            lone = place.entry or place.is_list
            spoken = language(code)
            name = said(bank, data, address, spoken) if lone else place_name(bank, place, spoken)
            names.append(" › ".join([name, *_changed(bank, data, address, fields, spoken)]))
        except NotFound:
            names.append(address[-1])
    return Step(verb, address, *names)


def _changed(bank: Any, data: Any, part: Address, fields: Collection[Address], spoken: Language) -> list[str]:
    """The changed fields of a part in a few words, those of both languages as one; nothing for none."""
    named: dict[str, None] = {}
    for field in fields:
        if field[: len(part)] == part:
            inside = [words for at, words in address_names(bank, data, field, spoken) if len(at) > len(part)]
            named.setdefault(" › ".join(word for word in inside if word not in ("ja", "en")))
    words = [one for one in named if one]
    shown = spoken.listed(words[:MOST_FIELDS]) + ("…" if len(words) > MOST_FIELDS else "")
    return [shown] if shown else []


def _data(draft: Draft, sheet: str) -> Any:
    chosen: Sheet = "cases" if sheet == "cases" else "bank"
    return read(text_of(draft, chosen), file_of(draft.bank, chosen)).data
