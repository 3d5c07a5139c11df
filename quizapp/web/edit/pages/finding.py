"""What a search through a bank and its cases shows: the parts in which the words stand."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.addresses import Address
from quizapp.bank.model import Bank
from quizapp.bank.shapes.places import Place, root_of, walk_places
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.forms.fields import as_text
from quizapp.web.edit.names import said, words_of
from quizapp.web.edit.pages.frame import DraftBar, draft_bar, trail_to
from quizapp.web.edit.pages.listings import Link
from quizapp.web.edit.pages.trail import Crumb

MOST_FOUND = 60


@dataclass(frozen=True)
class FindPage:
    """The parts in which the words were found."""

    title: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    query: str
    found: tuple[Link, ...]
    more: bool


def find_page(bench: Bench, query: str) -> FindPage:
    """Where in the bank and its cases the words stand."""
    found: dict[Address, Link] = {}
    for root in (Bank, root_of(("cases",))):
        for place in walk_places(bench.bank if root is Bank else bench.cases, root):
            if query and _says(place, query):
                at = _page_of(place)
                words = (
                    words_of(place.value, bench.language)
                    if place.shape and place.shape.look == "text"
                    else ""
                )
                where = (
                    said(bench.bank, bench.data(at), at, bench.language)
                    if at
                    else bench.language.say("Title and settings")
                )
                found.setdefault(
                    at,
                    Link(
                        f"{where}: {words[:60]}" if words and words[:60] not in where else where,
                        bench.href(at),
                    ),
                )
    links = tuple(found.values())
    title = bench.language.say("Search")
    return FindPage(
        title,
        trail_to(bench, (), title),
        draft_bar(bench),
        query,
        links[:MOST_FOUND],
        len(links) > MOST_FOUND,
    )


def _says(place: Place, query: str) -> bool:
    if place.shape is None or place.is_part or place.is_list:
        return bool(place.entry and place.address and query.casefold() == place.address[-1])
    value = place.value
    words = " ".join(as_text(one) for one in value.values()) if isinstance(value, dict) else as_text(value)
    return query.casefold() in words.casefold()


def _page_of(place: Place) -> Address:
    return place.address if place.entry else place.address[:-1]
