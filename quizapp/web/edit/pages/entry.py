"""What is asked for a new entry of a list, and for a new id of an old one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from quizapp.bank.addresses import Address
from quizapp.bank.model import Cost, Fact
from quizapp.bank.shapes.places import Place, entry_words, place_at
from quizapp.bank.shapes.references import uses
from quizapp.bank.shapes.shapes import FieldShape, shapes_of
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.field_labels import label_of
from quizapp.web.edit.forms.around import Choice, entries
from quizapp.web.edit.forms.fields import ShapeField
from quizapp.web.edit.forms.made import Cell, Form, Mistake
from quizapp.web.edit.names import place_name, said
from quizapp.web.edit.pages.frame import DraftBar, draft_bar, trail_to
from quizapp.web.edit.pages.listings import Link
from quizapp.web.edit.pages.trail import Crumb

MOST_USERS = 30
_SIMPLE = ("text", "choice", "yen", "day", "number", "address")


@dataclass(frozen=True)
class AddPage:
    """A new entry: its name, what it cannot do without, and its id or the key that it goes by."""

    title: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    here: str
    back: str
    fields: tuple[ShapeField, ...]
    keys: tuple[Choice, ...]
    key_label: str
    key: str
    has_id: bool
    id: str
    id_mistake: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class RenamePage:
    """A new id for a part, and all that names it and will name it by the new one."""

    title: str
    name: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    here: str
    back: str
    id: str
    old: str
    mistake: str
    users: tuple[Link, ...]
    more: int
    published: bool


def cells_to_add(listed: Place, source: str = "") -> list[Cell]:
    """The fields that a new entry is asked for: those that it cannot do without and that are quick to fill in.

    A price or fact is nothing without its source; ``source`` is the one that is proposed.
    """
    if listed.shape is None or listed.model is None:
        return []
    shapes = [shape for shape in shapes_of(listed.model) if _asked(shape, listed)]
    return [
        Cell(shape.name, (shape.name,), shape, source or None if shape.name == "source" else None)
        for shape in shapes
    ]


def source_near(bench: Bench, listed: Place) -> str:
    """The source that the entries beside a new one rest on, or the part that will hold it; empty for none."""
    beside = listed.value.values() if isinstance(listed.value, dict) else listed.value or []
    holder = place_at(bench.data(listed.address), listed.address[:-1]).value if listed.address else None
    near = [*reversed(list(beside) if isinstance(beside, Iterable) else []), holder]
    if isinstance(holder, dict):
        near += [one for name in ("costs", "facts") for one in entries(holder, name).values()]
    if len(listed.address) > 2:
        near.append(place_at(bench.data(listed.address), listed.address[:2]).value)
    found = (one.get("source") for one in near if isinstance(one, dict))
    return next((one for one in found if isinstance(one, str) and one), "")


def _asked(shape: FieldShape, listed: Place) -> bool:
    needed = shape.required or (
        listed.shape is not None and listed.shape.look == "values" and shape.name == "label"
    )
    return (needed and shape.look in _SIMPLE) or (shape.name == "source" and listed.model in (Cost, Fact))


def takes_id(listed: Place) -> bool:
    """Whether an entry of the list goes by an id of its own."""
    if listed.shape is None:
        return False
    if listed.shape.is_map:
        return listed.shape.refers in ("own", "")
    return listed.model is not None and any(shape.name == "id" for shape in shapes_of(listed.model))


def keys_to_add(bench: Bench, listed: Place) -> tuple[Choice, ...]:
    """The keys that a new entry of a map may go by, those that are taken left out."""
    if listed.shape is None or not listed.shape.is_map or listed.shape.refers == "own":
        return ()
    taken = entry_words(listed.value)
    known = bench.around(listed.address).candidates(listed.shape.refers)
    return tuple(choice for choice in known if choice.value not in taken)


def id_shape(listed: Place) -> FieldShape:
    """The shape of the id of a new entry."""
    assert listed.shape is not None
    own = (
        next((shape for shape in shapes_of(listed.model) if shape.name == "id"), None)
        if listed.model
        else None
    )
    if own:
        return own
    return replace(
        listed.shape,
        name="id",
        look="id",
        pattern=r"^[a-z][a-z0-9_]*$",
        longest=64,
        refers="",
        required=False,
    )


def add_page(
    bench: Bench, listed: Place, form: Form, id: str = "", id_mistake: str = "", key: str = ""
) -> AddPage:
    """The page that asks for a new entry."""
    assert listed.shape is not None
    label = label_of(listed.shape, bench.language)
    title = bench.language.say("Add to “%(list)s”", list=label)
    place = ("#id", bench.language.say("Id")) if takes_id(listed) else ("#key", _key_label(bench, listed))
    summary = (Mistake(*place, id_mistake),) if id_mistake else ()
    return AddPage(
        title,
        trail_to(bench, listed.address, title),
        draft_bar(bench),
        bench.href(listed.address, "add"),
        bench.href(listed.address),
        form.fields,
        keys_to_add(bench, listed),
        _key_label(bench, listed),
        key,
        takes_id(listed),
        id,
        id_mistake,
        (*form.mistakes, *summary),
    )


def _key_label(bench: Bench, listed: Place) -> str:
    say = bench.language.say
    refers = listed.shape.refers if listed.shape else ""
    names = {
        "fact_kinds": say("Kind of fact"),
        "criteria": say("Criterion"),
        "items": say("Item"),
        "routes": say("Route taken"),
    }
    return names.get(refers, say("Which"))


def rename_page(bench: Bench, place: Place, published: bool, id: str = "", mistake: str = "") -> RenamePage:
    """The page that asks for another id."""
    address: Address = place.address
    users = uses(bench.bank, bench.cases, address)
    name = place_name(bench.bank, place, bench.language)
    title = bench.language.say("Another id for “%(name)s”", name=name)
    return RenamePage(
        title,
        name,
        trail_to(bench, address, title),
        draft_bar(bench),
        bench.href(address, "rename"),
        bench.href(address),
        id or address[-1],
        address[-1],
        mistake,
        tuple(
            Link(said(bench.bank, bench.data(one), one, bench.language), bench.href(one))
            for one in users[:MOST_USERS]
        ),
        max(0, len(users) - MOST_USERS),
        published,
    )
