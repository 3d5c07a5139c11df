"""What the page of one part shows: its fields in groups, its lists as rows, its problems, what names it."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.addresses import Address
from quizapp.bank.model import Cited
from quizapp.bank.shapes.places import CASES, Place, inlined
from quizapp.bank.shapes.references import uses
from quizapp.bank.shapes.shapes import FieldShape
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.field_labels import label_of
from quizapp.web.edit.forms.fields import ShapeField
from quizapp.web.edit.forms.made import Cell, Form, Mistake
from quizapp.web.edit.names import place_name, said
from quizapp.web.edit.pages.frame import DraftBar, draft_bar, trail_to
from quizapp.web.edit.pages.listings import Link, Listing, Told, listings, sisters, told_of
from quizapp.web.edit.pages.paging import Wanted
from quizapp.web.edit.pages.trail import Crumb

CITED = tuple(Cited.model_fields)
MOST_USES = 12
# Fields that few parts need; they are folded away.
_RARE = {
    "Question": ("hint", "screen", "when_hidden", "changeable", "only", "effort"),
    "Item": ("listed_only", "priced", "relevant_if", "held_if", "closing", "leads_to"),
    "Criterion": ("value", "if_unknown", "why"), "Cost": ("note", "price_hint"), "Requirement": ("when", "note"),
    "Route": ("cost_kind", "note"), "Fact": ("note", "doubt"), "Provider": ("interest", "listed_only"),
    "Source": ("file", "published", "interest"), "Reason": ("rule",), "Note": ("rule",), "Schedule": ("note",),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Fields that stand together; ``title`` is empty for those that come first, others fold away."""

    title: str
    fields: tuple[ShapeField, ...]
    given: str = ""
    opened: bool = False


@dataclass(frozen=True)
class AtField:
    """A link to a field of this page beside which a problem is told."""

    href: str
    label: str
    what: str
    warning: bool


@dataclass(frozen=True)
class PartPage:
    """One part, or one list. ``problems`` are told here in full; those of ``at_fields`` beside their fields."""

    title: str
    kind: str
    id: str
    rename: str
    here: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    groups: tuple[Group, ...]
    lists: tuple[Listing, ...]
    problems: tuple[Told, ...]
    at_fields: tuple[AtField, ...]
    mistakes: tuple[Mistake, ...]
    users: tuple[Link, ...]
    more_users: int
    before: Link | None
    after: Link | None
    note: str = ""


def cells_of(place: Place) -> list[Cell]:
    """The fields on a part's own page; a single one for an entry that is no part, none for a list."""
    if place.is_list:
        return []
    if not place.is_part:
        assert place.shape is not None
        return [Cell("value", place.address, place.shape, place.value)]
    return [
        Cell(shape.name, (*place.address, shape.name), shape, _field_value(place, shape))
        for shape in place.fields
        if _own(place, shape)
    ]


def _own(place: Place, shape: FieldShape) -> bool:
    """Whether a field is filled in here: not lists, not great parts, not the id that it goes by, no lone choice."""
    if shape.is_list or (shape.look == "part" and shape.model and not inlined(shape.model)):
        return False
    if shape.name == "bank" and shape.owner == "Bank":
        return False
    if shape.look == "choice" and len(shape.choices) == 1:
        return False
    return shape.name != "id" or not place.address or place.address[-1].isdecimal()


def _field_value(place: Place, shape: FieldShape) -> object:
    if isinstance(place.value, dict):
        return place.value.get(shape.name)
    # A named value may be its rule alone.
    return place.value if shape.name == "rule" and not isinstance(place.value, list) else None


def part_page(
    bench: Bench,
    place: Place,
    form: Form,
    note: str = "",
    mistakes: tuple[Mistake, ...] = (),
    wanted: Wanted | None = None,
) -> PartPage:
    """The page of a part or list with its form as it stands; of a long list the page that is wanted."""
    address, language = place.address, bench.language
    problems = [
        told_of(bench, one)
        for one in bench.problems
        if one.address and one.address[: len(address)] == address
    ]
    # Whoever only reads has no fields for them to stand beside.
    at_fields = _told_at_fields(form, problems) if bench.hand.may_change else {}
    users = users_of(bench, address)
    before, after = sisters(bench, place)
    title = place_name(bench.bank, place, language) if address else language.say("Title and settings")
    return PartPage(
        title,
        label_of(place.shape, language) if place.shape and place.entry else "",
        address[-1] if place.entry and not address[-1].isdecimal() else "",
        bench.href(address, "rename") if place.entry and _renamable(place) else "",
        (wanted or Wanted()).added_to(bench.href(address)),
        trail_to(bench, address, *(() if address else (title,))),
        draft_bar(bench),
        _groups(bench, place, form),
        tuple(listings(bench, place, problems, wanted)),
        tuple(one for one in problems if one not in at_fields),
        tuple(at_fields.values()),
        (*mistakes, *form.mistakes),
        tuple(
            Link(said(bench.bank, bench.data(at), at, language), bench.href(at)) for at in users[:MOST_USES]
        ),
        max(0, len(users) - MOST_USES),
        before,
        after,
        note,
    )


def _told_at_fields(form: Form, problems: list[Told]) -> dict[Told, AtField]:
    """Gives every field the problems that are about it; those problems, each with the way to its field."""
    found: dict[Told, AtField] = {}
    for cell in form.cells:
        field, own = form[cell.name], len(cell.address)
        field.told = tuple(one for one in problems if one.address[:own] == cell.address)
        for one in field.told:
            found[one] = AtField(f"#{field.id}", field.label.text, one.what, one.warning)
    return found


def users_of(bench: Bench, address: Address) -> tuple[Address, ...]:
    """What names a part: a case as a whole, of everything else the very field."""
    found = uses(bench.bank, bench.cases, address)
    return tuple(dict.fromkeys(at[:2] if at[:1] == (CASES,) else at for at in found))


def _renamable(place: Place) -> bool:
    return not place.address[-1].isdecimal() and (place.shape is None or place.shape.refers in ("", "own"))


def _groups(bench: Bench, place: Place, form: Form) -> tuple[Group, ...]:
    owner = place.model.__name__ if place.model else ""
    rare = _RARE.get(owner, ())
    named = {cell.name: form[cell.name] for cell in form.cells}
    main = [field for name, field in named.items() if name not in (*rare, *CITED)]
    folded = [named[name] for name in rare if name in named]
    cited = [named[name] for name in CITED if name in named]
    say = bench.language.say
    return tuple(
        Group(title, tuple(fields), _given(bench, fields), any(_opened(field) for field in fields))
        for title, fields in (("", main), (say("More settings"), folded), (say("Where it comes from"), cited))
        if fields
    )


def _opened(field: ShapeField) -> bool:
    """Whether somebody has to see a field: it is wrong, or wanted and not given."""
    return bool(field.errors or field.told) or (field.required and field.raw is None)


def _given(bench: Bench, fields: list[ShapeField]) -> str:
    """What folded fields hold, so that nobody has to open them to see."""
    given = [field for field in fields if field.raw is not None]
    if all(field.shape.name in CITED for field in fields):
        return bench.language.listed(field.words() for field in given)
    return bench.language.listed(field.label.text for field in given)
