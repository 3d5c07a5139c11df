"""A sound bank with odd values anywhere in it: every page of the desk opens all the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quizapp.editing.workshop import Sheet
from quizapp.library.proof import BankTexts, prove
from tests.fuzz import whole_bank
from tests.fuzz.conftest import Ground
from tests.fuzz.test_addresses import OFTEN
from tests.web.edit.conftest import editor_called

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]

Path = tuple[str | int, ...]
YAMLS = YAML(typ="safe", pure=True)
YAMLS.allow_unicode = True
ODD: list[Any] = [
    None, 1, "x", [], {}, [1], {"a": "b"}, [None], [[1]], {"a": {"b": [1]}}, True, -1, "a > ", {"ja": [1]},
    [{"id": 1}], [{"id": [1]}], {"0": 1}, 10**30, "2026-13-40", {1: 2}, {None: 3}, 1.5, "{{7*7}}", "<b>&\"'",
    {"id": "a"}, [{"id": "a"}, {"id": "a"}], {"ja": None, "en": {}}, "", [["a", "b"]], {"": ""}, [True], {"a": None},
]  # fmt: skip
WHOLE: dict[Sheet, Any] = {"bank": YAMLS.load(whole_bank.BANK), "cases": YAMLS.load(whole_bank.CASES)}
AROUND = (
    "", "/review", "/review/impact", "/preview", "/part/", "/costs", "/facts", "/facts?only=old", "/texts",
    "/texts?only=missing", "/steps", "/find?q=a", "/source", "/source?sheet=cases", "/history", "/discard", "/merge",
)  # fmt: skip


def paths(data: Any, at: Path = ()) -> Iterator[Path]:
    """Every place in the data, the whole itself left out."""
    held = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in held:
        yield (*at, key)
        yield from paths(value, (*at, key))


PLACES: list[tuple[Sheet, Path]] = [(sheet, at) for sheet in WHOLE for at in paths(WHOLE[sheet])]


def put(data: Any, at: Path, value: Any) -> None:
    """Put a value in that place, where another odd one has not taken the way to it."""
    try:
        for key in at[:-1]:
            data = data[key]
        data[at[-1]] = value
    except (KeyError, IndexError, TypeError):
        pass


def near(sheet: Sheet, at: Path) -> set[str]:
    """The addresses of the parts around a place, by ids and by numbers, and of parts that it might hold."""
    data, named, found = WHOLE[sheet], [], set()
    for number, key in enumerate(at, 1):
        data = data[key]
        named.append(str(data["id"]) if isinstance(data, dict) and "id" in data else str(key))
        found |= {"/".join(named), "/".join(map(str, at[:number]))}
    own = "/".join(named)
    return found | {f"{own}/a", f"{own}/0", "/".join([*named[:-1], "a"])}


def written(data: Any) -> str:
    """The data as YAML."""
    out = StringIO()
    YAMLS.dump(data, out)
    return out.getvalue()


def draft(app: Flask, sheet: Sheet, data: Any) -> None:
    """Make this what the draft of the editor at work holds."""
    workshop = app.extensions["quizapp"].workshop
    now = workshop.open("trainer", editor_called(app, "the-publisher", "publisher").id)
    workshop.write(now.id, now.version, sheet, written(data), "file")


def broken(ground: Ground, odd: list[tuple[Sheet, Path, Any]]) -> list[str]:
    """The pages that fail once these values stand in these places."""
    for sheet, whole in WHOLE.items():
        data = copy.deepcopy(whole)
        for _, at, value in (one for one in odd if one[0] == sheet):
            put(data, at, copy.deepcopy(value))
        draft(ground.app, sheet, data)
    client, _ = ground.browser()
    parts = {part for sheet, at, _ in odd for part in near(sheet, at)}
    pages = [*AROUND, *(f"/{verb}/{part}" for verb in ("part", "add", "rename") for part in sorted(parts))]
    asked = {page: client.get("/edit/trainer" + quote(page, safe="/?=&")).status_code for page in pages}
    return [f"{page} answered {status}" for page, status in asked.items() if status >= 500]


def test_the_bank_that_odd_values_are_put_into_is_sound() -> None:
    texts = BankTexts("trainer", whole_bank.BANK, whole_bank.CASES, ("bank", "cases"))
    assert prove(texts, date(2026, 11, 22)).revision


@pytest.mark.parametrize("value", [{"a": "b"}, [1], [None], [[1]]], ids=str)
@pytest.mark.parametrize(
    "at", [("questions",), ("items", 0, "routes", 0, "costs"), ("items", 0, "facts"), ("criteria",)], ids=str
)
def test_a_list_that_is_none_breaks_no_page(fuzz_ground: Ground, at: Path, value: Any) -> None:
    assert broken(fuzz_ground, [("bank", at, value)]) == []


def test_odd_values_anywhere_in_a_bank_break_no_page_of_the_desk(fuzz_ground: Ground) -> None:
    places = st.tuples(st.sampled_from(PLACES), st.sampled_from(range(len(ODD))))

    @OFTEN
    @given(st.lists(places, min_size=1, max_size=3))
    def opens(drawn: list[tuple[tuple[Sheet, Path], int]]) -> None:
        assert broken(fuzz_ground, [(*place, ODD[index]) for place, index in drawn]) == []

    opens()
