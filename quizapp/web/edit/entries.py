"""New entries of lists and maps, and new ids for old ones, with everything that names them."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import Place, entry_words, place_at
from quizapp.bank.shapes.references import renamed
from quizapp.editing.alter import GONE
from quizapp.editing.workshop import Clashing
from quizapp.errors import NotFound
from quizapp.i18n import language
from quizapp.store.editing_records import Draft
from quizapp.web.edit.bench import Bench, bench, draft_to_change, seen_data
from quizapp.web.edit.clashes import clash_reply
from quizapp.web.edit.edits import added, free_id, proposed_id
from quizapp.web.edit.forms.made import Form
from quizapp.web.edit.guard import needs
from quizapp.web.edit.names import name_of, naming_field, sheet_word
from quizapp.web.edit.pages.entry import (
    add_page,
    cells_to_add,
    id_shape,
    keys_to_add,
    rename_page,
    source_near,
    takes_id,
)
from quizapp.web.edit.parts import words_of_path
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.saving import saved, step_at
from quizapp.web.edit.steps import Step

bp = Blueprint("entries", __name__, url_prefix="/edit")


@bp.get("/<bank>/add/<path:address>")
@needs("editor")
def ask(bank: str, address: str) -> AnyResponse:
    """Ask for a new entry of a list."""
    here = bench(bank)
    listed = _listed(here.data(words_of_path(address)), words_of_path(address))
    form = Form(cells_to_add(listed, source_near(here, listed)), here.around(listed.address))
    return desk_reply("add.html", add_page(here, listed, form))


@bp.post("/<bank>/add/<path:address>")
@needs("editor")
def add(bank: str, address: str) -> AnyResponse:
    """Put a new entry at the end of a list, and lead to its page."""
    at = words_of_path(address)
    draft, version = draft_to_change(bank)
    listed = _listed(seen_data(draft, version, at), at)
    here = bench(bank)
    form = Form(cells_to_add(listed), here.around(at), request.form)
    typed, key = request.form.get("id", "").strip(), request.form.get("key", "")
    form.valid()
    form.wants(("text", "choice"), here.language.say("Give this, it can be changed later."))
    entry = {name[0]: value for name, value in form.changes().items() if value is not GONE}
    id, mistake = _id(here, listed, entry, typed, key)
    if takes_id(listed) and not typed and not mistake and _nameless(entry):
        typed, mistake = (
            id,
            here.language.say("There is no English name to make an id from. Change this one or keep it."),
        )
    if form.mistakes or mistake:
        return desk_reply("add.html", add_page(here, listed, form, typed, mistake, key), status=422)
    value = _entry(listed, id, entry)
    names = [name_of(value, language(code), id) for code in ("ja", "en")]
    word = id or str(len(entry_words(listed.value)))
    try:
        saved(
            draft,
            version,
            sheet_word(at),
            Step("added", (*at, word), *names),
            lambda data: added(data, at, id, value),
        )
    except Clashing as clashing:
        return clash_reply(here, clashing, at)
    return redirect(bench(bank).href((*at, word)), 303)


@bp.get("/<bank>/rename/<path:address>")
@needs("editor")
def ask_id(bank: str, address: str) -> AnyResponse:
    """Ask for another id, and tell what names the part."""
    here, at = bench(bank), words_of_path(address)
    return desk_reply("rename.html", rename_page(here, _entry_at(here.data(at), at), _published(here)))


@bp.post("/<bank>/rename/<path:address>")
@needs("editor")
def rename(bank: str, address: str) -> AnyResponse:
    """Give a part another id, and everything that names it the new one, in both texts."""
    at, new = words_of_path(address), request.form.get("id", "").strip()
    draft, version = draft_to_change(bank)
    data = seen_data(draft, version, at)
    place, here = _entry_at(data, at), bench(bank)
    mistake = (
        _fault(here, _listed(data, at[:-1]), new)
        if new != at[-1]
        else here.language.say("That is its id now.")
    )
    if mistake:
        page = rename_page(here, place, _published(here), new, mistake)
        return desk_reply("rename.html", page, status=422)
    _rename_in_both(draft, version, at, new)
    return redirect(bench(bank).href((*at[:-1], new)), 303)


def _rename_in_both(draft: Draft, version: int, at: Address, new: str) -> None:
    """Two steps where the cases name the part too: undoing one leaves a problem that is told."""
    what = step_at("renamed", draft, at)
    bank, cases = seen_data(draft, version, ()), seen_data(draft, version, ("cases",))
    after = renamed(bank, cases, at, new)
    for sheet, before, changed in (("bank", bank, after[0]), ("cases", cases, after[1])):
        if before != changed:
            draft = saved(draft, version, sheet, what, lambda _, changed=changed: changed)  # type: ignore[misc]


def _listed(data: Any, at: Address) -> Place:
    place = place_at(data, at)
    if not place.is_list:
        raise NotFound
    return place


def _entry_at(data: Any, at: Address) -> Place:
    place = place_at(data, at)
    if not place.entry or at[-1].isdecimal():
        raise NotFound
    return place


def _published(here: Bench) -> bool:
    return here.hand.live is not None


def _id(here: Bench, listed: Place, entry: dict[str, Any], typed: str, key: str) -> tuple[str, str]:
    """The id or key of a new entry, and what is wrong with it if anything is."""
    if takes_id(listed):
        id = typed or _proposed(listed, entry)
        return id, _fault(here, listed, id) if typed else ""
    if listed.shape is None or not listed.shape.is_map:
        return "", ""
    known = [choice.value for choice in keys_to_add(here, listed)]
    return key, "" if key in known else here.language.say("Choose one of these.")


def _fault(here: Bench, listed: Place, id: str) -> str:
    shape = id_shape(listed)
    if not re.fullmatch(shape.pattern, id) or len(id) > (shape.longest or 64):
        return here.language.say("Use small letters, digits and _, beginning with a letter.")
    return here.language.say("Another one has this id already.") if id in entry_words(listed.value) else ""


def _proposed(listed: Place, entry: dict[str, Any]) -> str:
    """An id from the English name, or from the kind of thing it is."""
    named = entry.get(naming_field(entry)) if naming_field(entry) else None
    english = str(named.get("en") or "") if isinstance(named, dict) else ""
    kind = (listed.model.__name__ if listed.model else "entry").casefold()
    return free_id(proposed_id(english, kind), entry_words(listed.value))


def _nameless(entry: dict[str, Any]) -> bool:
    """Whether it has a Japanese name and no English one, from which its id would be made."""
    named = entry.get(naming_field(entry)) if naming_field(entry) else None
    return isinstance(named, dict) and bool(named.get("ja")) and not named.get("en")


def _entry(listed: Place, id: str, entry: dict[str, Any]) -> Any:
    """A new entry as plain data."""
    assert listed.shape is not None
    if listed.shape.look == "values":
        return {"rule": True, **entry}
    if listed.shape.look == "fit":
        return 50
    return {"id": id, **entry} if takes_id(listed) and not listed.shape.is_map else entry
