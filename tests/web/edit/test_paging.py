"""A list of very many entries comes page by page; it can be searched, and put in another order across its pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.editing.workshop import read
from quizapp.web.edit.pages.paging import A_PAGE
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import drafted
from tests.web.edit.test_parts import send
from tests.web.visitor import Visitor

HERE = f"/edit/{BANK}/part/sources"
MANY = 2 * A_PAGE + 50
LAST = MANY - 1


@pytest.fixture
def long(app: Flask, signed_in: SignedIn) -> Visitor:
    """An editor whose draft has very many sources, ``s0`` to ``s249`` after those of the bank."""
    entry = "  s%d: {title: {ja: 出典%d番, en: Number %d}, file: a.txt, seen: 2026-01-10}\n"
    text = "sources:\n" + "".join(entry % (number, number, number) for number in range(MANY))
    drafted(app, "the-editor", ("sources:\n", text))
    return signed_in("editor")


def shown(visitor: Visitor) -> list[str]:
    return re.findall(r'<li id="[^"]*" data-key="([^"]+)"', visitor.page)


def order(app: Flask) -> list[str]:
    draft = app.extensions["quizapp"].store.draft_of(BANK, editor_called(app, "the-editor", "editor").id)
    return list(read(draft.text, "x.yaml").data["sources"])


def way(visitor: Visitor, words: str) -> str:
    return re.findall(rf'<a href="([^"]+)"[^>]*>{words}</a>', visitor.page)[0].replace("&amp;", "&")


def test_a_long_list_comes_page_by_page(app: Flask, long: Visitor) -> None:
    everything = order(app)
    assert shown(long.get(HERE)) == everything[:A_PAGE]
    assert f"1–{A_PAGE} of {len(everything)}" in long.words
    assert ">First<" not in long.page and ">Previous<" not in long.page
    assert shown(long.get(way(long, "Next page"))) == everything[A_PAGE : 2 * A_PAGE]
    assert shown(long.get(way(long, "Last"))) == everything[2 * A_PAGE :]
    assert ">Next page<" not in long.page and ">Last<" not in long.page
    assert shown(long.get(way(long, "Previous"))) == everything[A_PAGE : 2 * A_PAGE]
    assert shown(long.get(way(long, "First"))) == everything[:A_PAGE]


@pytest.mark.parametrize("page", ["0", "-1", "9999", "99999999", "x", "²", ""])
def test_a_page_that_is_none_is_the_nearest(long: Visitor, page: str) -> None:
    assert long.get(f"{HERE}?page={page}").status == 200
    assert shown(long)


def test_a_short_list_is_one_page_without_ways(signed_in: SignedIn) -> None:
    visitor = signed_in("editor").get(f"/edit/{BANK}/part/items?page=7")
    assert shown(visitor) and 'class="pages' not in visitor.page and 'id="place"' not in visitor.page


def test_entries_are_found_by_id_and_by_name(long: Visitor) -> None:
    assert shown(long.get(f"{HERE}?q=S{LAST}")) == [f"s{LAST}"]
    assert shown(long.get(f"{HERE}?q=number+77")) == ["s77"]
    assert 'value="up:' not in long.page
    assert ">78. <" in long.page
    assert "holds these words" in long.get(f"{HERE}?q=nowhere").words
    found = shown(long.get(f"{HERE}?q=number&page=2"))
    assert found[0] == f"s{A_PAGE}" and "q=number" in way(long, "Next page")


def test_a_search_keeps_to_the_draft_that_is_looked_at(
    app: Flask, long: Visitor, signed_in: SignedIn
) -> None:
    store = app.extensions["quizapp"].store
    draft = store.draft_of(BANK, editor_called(app, "the-editor", "editor").id)
    viewer = signed_in("viewer").get(f"{HERE}?draft={draft.id}")
    assert f'name="draft" value="{draft.id}"' in viewer.page and 'id="place"' not in viewer.page
    assert shown(viewer.get(way(viewer, "Next page")))[0] == f"s{A_PAGE}"


def test_an_entry_moves_over_the_edge_of_a_page_and_is_shown_there(app: Flask, long: Visitor) -> None:
    long.get(f"{HERE}?page=2")
    send(long, do=f"up:s{A_PAGE}")
    assert long.path == HERE and shown(long)[-1] == f"s{A_PAGE}"
    assert order(app)[A_PAGE - 1 : A_PAGE + 1] == [f"s{A_PAGE}", f"s{A_PAGE - 1}"]
    send(long, do=f"down:s{A_PAGE}")
    assert shown(long)[0] == f"s{A_PAGE}"
    assert order(app)[A_PAGE - 1 : A_PAGE + 1] == [f"s{A_PAGE - 1}", f"s{A_PAGE}"]


def test_the_first_and_the_last_of_a_page_can_be_moved_but_not_those_of_the_list(long: Visitor) -> None:
    long.get(HERE)
    assert 'value="up:s0"' not in long.page and f'value="down:s{A_PAGE - 1}"' in long.page
    long.get(f"{HERE}?page=2")
    assert f'value="up:s{A_PAGE}"' in long.page


@pytest.mark.parametrize(("typed", "position"), [("1", 0), ("１２０", 119), ("2", 1)])
def test_an_entry_is_moved_to_a_position(app: Flask, long: Visitor, typed: str, position: int) -> None:
    moved, number = order(app)[-1], str(len(order(app)))
    send(long.get(f"{HERE}?q={moved}"), do="place", number=number, place=typed)
    assert order(app).index(moved) == position and moved in shown(long)


@pytest.mark.parametrize("typed", ["", "0", "-1", "first", "1.5", "²", "999"])
def test_a_position_that_is_none_is_asked_for_again(app: Flask, long: Visitor, typed: str) -> None:
    before = order(app)
    send(long.get(HERE), do="place", number="4", place=typed)
    assert long.status == 422 and f"to position: Give a whole number from 1 to {len(before)}." in long.words
    assert 'name="number" form="part" value="4"' in long.page
    assert order(app) == before


def test_after_one_is_removed_the_page_stays(app: Flask, long: Visitor) -> None:
    send(long.get(f"{HERE}?page=2"), do="remove:s150")
    assert shown(long)[0] == f"s{A_PAGE}" and "s150" not in shown(long)
