"""Which entries of a long list stand on a page, and the ways to the others; knows no requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from quizapp.i18n import Language

A_PAGE = 100

One = TypeVar("One")


@dataclass(frozen=True)
class Wanted:
    """The page of a list that is asked for, of those of its entries that hold these words."""

    query: str = ""
    page: int = 1

    def added_to(self, href: str) -> str:
        """The address with what is wanted in its query.

        >>> Wanted("fee", 3).added_to("/edit/a/part/items")
        '/edit/a/part/items?q=fee&page=3'
        >>> Wanted().added_to("/edit/a/part/items?draft=x")
        '/edit/a/part/items?draft=x'
        """
        given = {"q": self.query, "page": str(self.page) if self.page > 1 else ""}
        query = urlencode({name: value for name, value in given.items() if value})
        return href + ("&" if "?" in href else "?") * bool(query) + query


@dataclass(frozen=True)
class Pager:
    """The ways between the pages of a list; empty where there is nothing more in that direction.

    ``words`` say which of how many are shown; ``path`` and ``draft`` are where a search is sent;
    ``number`` and ``place`` are what was typed to move an entry and could not be done.
    """

    words: str
    query: str
    first: str
    previous: str
    next: str
    last: str
    path: str
    draft: str
    number: str = ""
    place: str = ""


def page_of(number: int) -> int:
    """The page on which the entry with that number, from 0, stands in a list that is shown as a whole.

    >>> page_of(99), page_of(100)
    (1, 2)
    """
    return number // A_PAGE + 1


def on_page(found: Sequence[One], wanted: Wanted) -> tuple[Sequence[One], int]:
    """The part of a list that is wanted, and the page that it is: the nearest there is.

    >>> on_page(range(250), Wanted(page=9))
    (range(200, 250), 3)
    """
    page = min(max(1, wanted.page), max(1, -(-len(found) // A_PAGE)))
    return found[(page - 1) * A_PAGE : page * A_PAGE], page


def pager(href: str, found: int, page: int, query: str, language: Language) -> Pager:
    """The ways from that page of so many entries to the others."""
    last = max(1, -(-found // A_PAGE))
    begin, end = (page - 1) * A_PAGE + 1, min(page * A_PAGE, found)
    words = language.say(
        "%(begin)s–%(end)s of %(count)s", begin=f"{begin:,}", end=f"{end:,}", count=f"{found:,}"
    )
    ways = {"first": 1, "previous": page - 1, "next": page + 1, "last": last}
    reach = {name: 1 <= to <= last and to != page for name, to in ways.items()}
    path, _, draft = href.partition("?draft=")
    return Pager(
        words if found else language.say("None of them holds these words."),
        query,
        path=path,
        draft=draft,
        **{name: Wanted(query, to).added_to(href) if reach[name] else "" for name, to in ways.items()},
    )
