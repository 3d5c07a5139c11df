"""The lists of a part as rows, the entries beside one, and problems in words with the part they are about."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import Place, entries_at, entry_words, inlined, place_at
from quizapp.editing.problem_places import PlacedProblem
from quizapp.errors import NotFound
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.field_labels import hint_of, label_of
from quizapp.web.edit.names import place_name, said
from quizapp.web.edit.pages.frame import row_id
from quizapp.web.edit.pages.paging import A_PAGE, Pager, Wanted, on_page, pager
from quizapp.web.edit.pages.rows import summary_of
from quizapp.web.edit.problem_words import problem_words


@dataclass(frozen=True)
class Told:
    """A problem in words, with the part that it is about; ``as_written`` is what, in the words of the file."""

    address: Address
    what: str
    why: str
    fix: str
    warning: bool
    href: str = ""
    part: str = ""
    as_written: str = ""


@dataclass(frozen=True)
class EntryRow:
    """An entry of a list: what it is called, what it says, where it is edited, how it can be moved.

    ``number`` is its place in the whole list, from 1.
    """

    id: str
    key: str
    word: str
    name: str
    summary: str
    href: str
    problems: int
    first: bool
    last: bool
    number: int = 1


@dataclass(frozen=True)
class Listing:
    """A list of entries; ``name`` is empty where the whole page is the list.

    Of a long one ``rows`` are a page; ``count`` is how many there are, ``whole`` the page that has them all.
    """

    name: str
    label: str
    hint: str
    rows: tuple[EntryRow, ...]
    add: str
    links_only: bool = False
    count: int = 0
    pager: Pager | None = None
    whole: str = ""


@dataclass(frozen=True)
class Link:
    """A link with its words."""

    words: str
    href: str


def told_of(bench: Bench, problem: PlacedProblem) -> Told:
    """A problem in the words of the forms."""
    one, address = problem.problem, problem.address or ()
    part = said(bench.bank, bench.data(address), address, bench.language) if address else ""
    words = problem_words(problem, bench.bank, bench.data(address), bench.language)
    return Told(
        address,
        words.what,
        words.why,
        words.fix,
        one.warning,
        bench.href(address) if address else "",
        part,
        bench.language.retold(one.what),
    )


def listings(bench: Bench, place: Place, problems: list[Told], wanted: Wanted | None = None) -> list[Listing]:
    """The lists of a part, the list itself where the page is one; parts with pages of their own count as such."""
    if place.is_list:
        return [_listing(bench, place, "", problems, wanted or Wanted())]
    if not place.is_part or not isinstance(place.value, dict | type(None)) or not place.address:
        return []
    found: list[Listing] = []
    for shape in place.fields:
        below = place_at(bench.data(place.address), (*place.address, shape.name))
        if below.is_list:
            found.append(_listing(bench, below, shape.name, problems, Wanted()))
        elif below.is_part and below.model and not inlined(below.model):
            found.append(_link_to(bench, below, problems))
    return found


def _listing(bench: Bench, place: Place, name: str, problems: list[Told], wanted: Wanted) -> Listing:
    assert place.shape is not None
    language, entries = bench.language, tuple(entries_at(place))
    rows = []
    around = bench.around(place.address)
    paged = len(entries) > A_PAGE
    query = wanted.query if paged else ""
    found = [one for one in enumerate(entries) if not query or _holds(bench, one[1], query)]
    shown, page = on_page(found, wanted)
    for number, entry in shown:
        at, word = entry.address, entry.address[-1]
        key = quote(word, safe="")
        rows.append(
            EntryRow(
                row_id(f"{name}.{word}" if name else word),
                f"{name}/{key}" if name else key,
                "" if word.isdecimal() else word,
                place_name(bench.bank, entry, language),
                summary_of(entry, around),
                bench.href(at),
                sum(not one.warning for one in problems if one.address[: len(at)] == at),
                # Among those that were searched for, "up" would jump over what is not shown.
                number == 0 or bool(query),
                number == len(entries) - 1 or bool(query),
                number + 1,
            )
        )
    return Listing(
        name,
        label_of(place.shape, language),
        hint_of(place.shape, language),
        tuple(rows),
        bench.href(place.address, "add"),
        count=len(entries),
        pager=pager(bench.href(place.address), len(found), page, query, language)
        if paged and not name
        else None,
        whole=bench.href(place.address) if paged and name else "",
    )


def _holds(bench: Bench, entry: Place, query: str) -> bool:
    """Whether the id of an entry or what it is called holds these words."""
    wish = query.casefold()
    return (
        wish in entry.address[-1].casefold()
        or wish in place_name(bench.bank, entry, bench.language).casefold()
    )


def _link_to(bench: Bench, place: Place, problems: list[Told]) -> Listing:
    """A part that has a page of its own, as a list of that one link."""
    assert place.shape is not None
    label = label_of(place.shape, bench.language)
    given = list(place.value) if isinstance(place.value, dict) else []
    shapes = [shape for shape in place.fields if shape.name in given]
    count = sum(not one.warning for one in problems if one.address[: len(place.address)] == place.address)
    row = EntryRow(
        row_id(place.shape.name),
        place.shape.name,
        "",
        label,
        bench.language.listed(label_of(shape, bench.language) for shape in shapes),
        bench.href(place.address),
        count,
        True,
        True,
    )
    return Listing(place.shape.name, label, hint_of(place.shape, bench.language), (row,), "", links_only=True)


def sisters(bench: Bench, place: Place) -> tuple[Link | None, Link | None]:
    """The entries before and after, to go through a list without going back."""
    if not place.entry:
        return None, None
    try:
        around = place_at(bench.data(place.address), place.address[:-1])
    except NotFound:
        return None, None
    words = entry_words(around.value)
    here = words.index(place.address[-1]) if place.address[-1] in words else -1
    found: list[Link | None] = []
    for number in (here - 1, here + 1):
        if here < 0 or not 0 <= number < len(words):
            found.append(None)
            continue
        at = (*place.address[:-1], words[number])
        found.append(
            Link(place_name(bench.bank, place_at(bench.data(at), at), bench.language), bench.href(at))
        )
    return found[0], found[1]
