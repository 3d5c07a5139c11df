"""What is asked before a part goes that others name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import place_at
from quizapp.bank.shapes.references import uses
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.names import place_name, said
from quizapp.web.edit.pages.frame import DraftBar, draft_bar, trail_to
from quizapp.web.edit.pages.listings import Link
from quizapp.web.edit.pages.trail import Crumb

MOST = 50


@dataclass(frozen=True)
class RemovalPage:
    """A part that is named elsewhere, and by what."""

    title: str
    name: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    users: tuple[Link, ...]
    more: int
    here: str
    do: str


def removal_page(bench: Bench, entry: Address, at: Address) -> RemovalPage:
    """The question whether an entry of the page at ``at`` shall go."""
    place = place_at(bench.data(entry), entry)
    name = place_name(bench.bank, place, bench.language)
    users = uses(bench.bank, bench.cases, entry)
    title = bench.language.say("Remove “%(name)s”?", name=name)
    # Several fields of one part may name it; to a reader they are one place.
    named = {
        said(bench.bank, bench.data(one), one, bench.language): bench.href(one) for one in reversed(users)
    }
    links = tuple(Link(words, href) for words, href in reversed(named.items()))
    order = "/".join(quote(word, safe="") for word in entry[len(at) :])
    return RemovalPage(
        title,
        name,
        trail_to(bench, at, title),
        draft_bar(bench),
        links[:MOST],
        max(0, len(links) - MOST),
        bench.href(at),
        f"remove!:{order}",
    )
