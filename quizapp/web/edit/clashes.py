"""Two people, or two windows, changed the same field: both values are shown, and one is chosen for each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.merging import Clash
from quizapp.editing.workshop import Clashing
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.pages.difference_words import State, Words
from quizapp.web.edit.pages.frame import trail_to
from quizapp.web.edit.pages.trail import Crumb
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.typed import NO_TOKEN, this_address

_MARK = "~"


@dataclass(frozen=True)
class ClashRow:
    """One field that was changed twice, with its three values in words."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class ClashPage:
    """The fields to decide; what had been sent is carried along and sent again."""

    title: str
    trail: tuple[Crumb, ...]
    rows: tuple[ClashRow, ...]
    path: str
    fields: tuple[tuple[str, str], ...]


def chosen(clashing: Clashing) -> dict[Address, Literal["mine", "theirs"]] | None:
    """What was chosen for each field, None while something is not decided."""
    found: dict[Address, Literal["mine", "theirs"]] = {}
    for clash in clashing.clashes:
        answer = request.form.get(_name(clash))
        if answer not in ("mine", "theirs"):
            return None
        found[clash.address] = "mine" if answer == "mine" else "theirs"
    return found


def clash_reply(here: Bench, clashing: Clashing, at: Address) -> AnyResponse:
    """The page on which the fields are decided."""
    words = Words(State(here.bank, here.cases), here.language)
    rows = tuple(
        ClashRow(
            _name(clash),
            words.whole(clash.address),
            _value(words, clash.address, clash.base),
            _value(words, clash.address, clash.theirs),
            _value(words, clash.address, clash.mine),
        )
        for clash in clashing.clashes
    )
    title = here.language.say("The same field was changed twice")
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != NO_TOKEN and not name.startswith(_MARK)
    )
    page = ClashPage(title, trail_to(here, at, title), rows, this_address(), fields)
    return desk_reply("clash_fields.html", page, status=409)


def _name(clash: Clash) -> str:
    return _MARK + "/".join(clash.address)


def _value(words: Words, address: Address, value: Any) -> str:
    return words.value(address, value)
