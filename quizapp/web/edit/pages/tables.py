"""Tables across a whole bank: every price, every fact, every text, and whatever holds the words looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.bank.addresses import Address
from quizapp.bank.model import Bank, Cost, Fact, Step
from quizapp.bank.shapes.places import Place, root_of, walk_places
from quizapp.bank.shapes.shapes import shape_of
from quizapp.editing.ageing import OLD
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.forms.fields import ShapeField, as_text
from quizapp.web.edit.forms.made import Cell, Form, Mistake
from quizapp.web.edit.names import address_names, name_of, place_name, said
from quizapp.web.edit.pages.frame import DraftBar, draft_bar, trail_to
from quizapp.web.edit.pages.rows import fact_words
from quizapp.web.edit.pages.trail import Crumb

SOON = timedelta(days=90)
A_PAGE = 50
CITED = ("source", "checked", "until")


@dataclass(frozen=True)
class TableRow:
    """One row: where the part is, and its fields by name."""

    name: str
    href: str
    about: str
    fields: tuple[ShapeField, ...]
    note: str = ""


@dataclass(frozen=True)
class TableGroup:
    """The rows of one item or section."""

    name: str
    href: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Filter:
    """One way to see fewer rows."""

    words: str
    href: str
    chosen: bool
    count: int = 0


@dataclass(frozen=True)
class TablePage:
    """A table as one form. ``done`` says that nothing is left of what was asked for, which is good news."""

    kind: str
    title: str
    lead: str
    here: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    groups: tuple[TableGroup, ...]
    columns: tuple[str, ...]
    filters: tuple[Filter, ...]
    query: str
    count: int
    before: str
    after: str
    mistakes: tuple[Mistake, ...]
    nothing: str = ""
    done: bool = False


@dataclass(frozen=True)
class Part:
    """A part of which a table shows some fields."""

    place: Place
    cells: tuple[Cell, ...]


def prices(bench: Bench) -> list[Part]:
    """Every price of the bank: costs, and steps that have one of their own.

    What stands where a price should and has no fields is left to the page of the part around it.
    """
    found = []
    for place in walk_places(bench.bank, Bank):
        if place.model is Cost and place.is_part:
            found.append(_part(place, ("yen", "source", "checked")))
        elif place.model is Step and isinstance(place.value, dict) and place.value.get("yen", 0) != 0:
            found.append(_part(place, ("yen",)))
    return [part for part in found if part.cells]


def facts(bench: Bench) -> list[Part]:
    """Every fact of the items."""
    found = []
    for place in walk_places(bench.bank, Bank):
        if place.model is Fact and place.entry and isinstance(place.value, dict):
            value = tuple(name for name in ("value", "from", "to") if name in place.value)
            found.append(_part(place, (*value, "checked", "until")))
    return found


def texts(bench: Bench) -> list[Part]:
    """Every text of the bank and its cases."""
    return [
        Part(place, (Cell("/".join(place.address), place.address, place.shape, place.value),))
        for root in (Bank, root_of(("cases",)))
        for place in walk_places(bench.bank if root is Bank else bench.cases, root)
        if place.shape and place.shape.look == "text"
    ]


def _part(place: Place, names: tuple[str, ...]) -> Part:
    cells = []
    for name in names:
        shape = shape_of(place.model, name) if place.model else None
        if shape and isinstance(place.value, dict):
            at = (*place.address, name)
            cells.append(Cell("/".join(at), at, shape, place.value.get(name)))
    return Part(place, tuple(cells))


def missing(part: Part) -> bool:
    """Whether one half of a text is not written."""
    value = part.place.value
    halves = [as_text(value.get(code)).strip() for code in ("ja", "en")] if isinstance(value, dict) else [""]
    return not all(halves)


def out_of_date(bench: Bench, part: Part, on: date) -> str:
    """Why a fact needs another look; empty where it does not."""
    value = part.place.value if isinstance(part.place.value, dict) else {}
    until, checked = _day(value.get("until")), _day(value.get("checked"))
    if until and until <= on + SOON:
        return bench.language.say("Ends %(day)s", day=bench.language.day(until))
    sources = bench.bank.get("sources")
    source = sources.get(as_text(value.get("source"))) if isinstance(sources, dict) else None
    seen = checked or (_day(source.get("seen")) if isinstance(source, dict) else None)
    if seen and seen < on - OLD:
        return bench.language.say("Last checked %(day)s", day=bench.language.day(seen))
    return ""


def holds(bench: Bench, part: Part, query: str) -> bool:
    """Whether a part's words, or whose it is, hold the words looked for."""
    value = part.place.value
    halves = value.values() if isinstance(value, dict) else [value]
    words = " ".join(as_text(one) for one in halves if not isinstance(one, dict | list))
    where = said(bench.bank, bench.data(part.place.address), part.place.address, bench.language)
    return query.casefold() in f"{words} {where}".casefold()


def grouped(bench: Bench, parts: list[Part], form: Form, notes: dict[Address, str]) -> tuple[TableGroup, ...]:
    """The rows by the part of the bank that they belong to."""
    groups: dict[Address, list[TableRow]] = {}
    for part in parts:
        at = part.place.address
        top = at[:2] if len(at) > 2 else ()
        names = list(_below(bench, at, len(top)))
        if part.place.model is Step:
            # What is done says more than the name of the field that holds it.
            names[-1:] = [name_of(part.place.value, bench.language, names[-1])]
        row = TableRow(
            " › ".join(names) or place_name(bench.bank, part.place, bench.language),
            bench.href(at),
            fact_words(part.place.value, bench.language) if part.place.model is Fact else "",
            tuple(form[cell.name] for cell in part.cells),
            notes.get(at, ""),
        )
        groups.setdefault(top, []).append(row)
    return tuple(
        TableGroup(_group_name(bench, top), bench.href(top), tuple(rows)) for top, rows in groups.items()
    )


def _group_name(bench: Bench, top: Address) -> str:
    if not top:
        return bench.language.say("Title and settings")
    return said(bench.bank, bench.data(top), top, bench.language)


def _below(bench: Bench, at: Address, length: int) -> Iterator[str]:
    names = address_names(bench.bank, bench.data(at), at, bench.language)[length:]
    for number, (where, name) in enumerate(names):
        # The name of a list says nothing where the entry's own follows.
        if number + 1 < len(names) and _lists(where):
            continue
        yield name


def _lists(at: Address) -> bool:
    return at[-1] in (
        "routes",
        "costs",
        "requires",
        "facts",
        "notes",
        "reasons",
        "options",
        "fit",
        "schedule",
        "links",
    )


def table_page(
    bench: Bench,
    kind: str,
    title: str,
    lead: str,
    groups: tuple[TableGroup, ...],
    form: Form,
    **more: object,
) -> TablePage:
    """A table with its form as it stands."""
    given = {
        "filters": (),
        "query": "",
        "count": len(form.cells),
        "before": "",
        "after": "",
        "here": bench.hand.link(f"tables.{kind}"),
        "columns": _columns(kind, form),
        **more,
    }
    return TablePage(
        kind,
        title,
        lead,
        trail=trail_to(bench, (), title),
        bar=draft_bar(bench),
        groups=groups,
        mistakes=form.mistakes,
        **given,  # type: ignore[arg-type]
    )


def _columns(kind: str, form: Form) -> tuple[str, ...]:
    """The heads of the columns, where every row has the same ones: a price has all that a step's has."""
    if kind != "costs":
        return ()
    return tuple(dict.fromkeys(field.label.text for field in form.fields if field.shape.owner != "Step"))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(as_text(value))
    except ValueError:
        return None
