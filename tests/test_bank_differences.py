"""What changed between two states of a bank, told by part."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.addresses import locate
from quizapp.bank.comparing.differences import Difference, differences
from quizapp.bank.comparing.matching import same

BEFORE: dict[str, Any] = {
    "title": {"ja": "あ", "en": "A"},
    "questions": [{"id": "age"}, {"id": "goal"}, {"id": "place"}],
    "items": [{"id": "a", "yen": 1, "months": [1, 2], "links": [{"url": "u"}]}],
}


def changed(change: Any) -> tuple[Difference, ...]:
    after = copy.deepcopy(BEFORE)
    change(after)
    return differences(BEFORE, after)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: None, ()),
        (
            lambda d: d["items"][0].update(yen=True),
            (Difference(("items", "a", "yen"), "changed", 1, True),),
        ),
        (
            lambda d: d.update(title={"ja": "い", "en": "B"}),
            (
                Difference(("title", "ja"), "changed", "あ", "い"),
                Difference(("title", "en"), "changed", "A", "B"),
            ),
        ),
        (
            lambda d: d["items"].append({"id": "b", "yen": 2}),
            (Difference(("items", "b"), "added", None, {"id": "b", "yen": 2}),),
        ),
        (
            lambda d: d["questions"].pop(1),
            (Difference(("questions", "goal"), "removed", {"id": "goal"}, None),),
        ),
        (
            lambda d: d["questions"].append(d["questions"].pop(0)),
            (Difference(("questions", "age"), "moved", 0, 2),),
        ),
        (
            lambda d: d["items"][0].update(months=[1]),
            (Difference(("items", "a", "months"), "changed", [1, 2], [1]),),
        ),
        (lambda d: d["items"][0].pop("yen"), (Difference(("items", "a", "yen"), "removed", 1, None),)),
        (lambda d: d.update(notes=[]), (Difference(("notes",), "added", None, []),)),
        (lambda d: d.update(title=dict(reversed(d["title"].items()))), ()),
    ],
    ids=[
        "none",
        "type",
        "languages",
        "added",
        "removed",
        "moved",
        "plain list",
        "field",
        "empty",
        "key order",
    ],
)
def test_a_change_is_told_as_deep_as_it_can_be(change: Any, expected: tuple[Difference, ...]) -> None:
    assert changed(change) == expected


def test_an_entry_that_moved_and_changed_is_told_as_both() -> None:
    def change(data: Any) -> None:
        data["questions"].reverse()
        data["questions"][0]["kind"] = "choice"

    told = changed(change)
    assert ("questions", "place", "kind") in {one.address for one in told}
    assert sum(one.kind == "moved" for one in told) == 2


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from("xy"))
NAMES = st.sampled_from("abcdef")
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(NAMES, inner, max_size=4),
        st.lists(LEAVES, max_size=3),
        st.dictionaries(NAMES, st.dictionaries(st.sampled_from("kl"), inner), max_size=5).map(
            lambda entries: [{"id": name, **entry} for name, entry in entries.items()]
        ),
    ),
    max_leaves=12,
)
STATES = st.dictionaries(NAMES, VALUES, max_size=4)


@settings(max_examples=300, deadline=None)
@given(before=STATES, after=STATES)
def test_the_differences_made_again_lead_from_one_state_to_the_other(before: Any, after: Any) -> None:
    told = differences(before, after)
    assert bool(told) == (not same(before, after))
    data = copy.deepcopy(before)
    for one in told:
        make(data, one)
    for one in told:
        if one.kind == "moved":
            order(data, one.address[:-1], after)
    for one in told:
        if one.kind == "added":
            order(data, one.address[:-1], after)
    assert same(data, after)


def make(data: Any, one: Difference) -> None:
    parent = at(data, one.address[:-1])
    if one.kind == "moved":
        return
    if one.kind == "added" and isinstance(parent, list):
        parent.append(copy.deepcopy(one.after))
    elif one.kind == "removed":
        del parent[locate(parent, one.address[-1:])[0]]
    elif isinstance(parent, list):
        parent[locate(parent, one.address[-1:])[0]] = copy.deepcopy(one.after)
    else:
        parent[one.address[-1]] = copy.deepcopy(one.after)


def order(data: Any, address: tuple[str, ...], after: Any) -> None:
    """Lists are put in the order that was told to have changed."""
    part = at(data, address)
    if isinstance(part, list):
        names = [entry["id"] for entry in at(after, address)]
        part.sort(key=lambda entry: names.index(entry["id"]))


def at(data: Any, address: tuple[str, ...]) -> Any:
    for step in locate(data, address):
        data = data[step]
    return data
