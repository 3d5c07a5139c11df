"""Two editors of one bank: their changes come together by field, and what cannot is told."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.comparing.differences import differences
from quizapp.bank.comparing.matching import same
from quizapp.bank.comparing.merging import GONE, Clash, merge
from quizapp.bank.saving.rewriting import data_of, rewrite
from quizapp.errors import NotFound

BASE: dict[str, Any] = {
    "title": {"ja": "あ", "en": "A"},
    "items": [
        {"id": "a", "yen": 1, "name": {"ja": "い", "en": "I"}},
        {"id": "b", "yen": 2, "months": [1, 2]},
        {"id": "c", "yen": 3},
    ],
}


def state(change: Any = None) -> Any:
    data = copy.deepcopy(BASE)
    if change:
        change(data)
    return data


def ids(data: Any) -> list[str]:
    return [entry["id"] for entry in data["items"]]


def test_changes_of_different_fields_of_one_entry_come_together() -> None:
    mine = state(lambda d: d["items"][0].update(yen=10))
    theirs = state(lambda d: d["items"][0]["name"].update(ja="う"))
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == ()
    assert merged.data["items"][0] == {"id": "a", "yen": 10, "name": {"ja": "う", "en": "I"}}


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    both = state(lambda d: d["items"][1].update(yen=5))
    assert merge(BASE, both, copy.deepcopy(both)).clashes == ()


def test_one_field_changed_in_two_ways_is_a_clash_that_is_mine_until_settled() -> None:
    merged = merge(
        BASE,
        state(lambda d: d["items"][0]["name"].update(ja="m")),
        state(lambda d: d["items"][0]["name"].update(ja="t")),
    )
    where = ("items", "a", "name", "ja")
    assert merged.clashes == (Clash(where, "い", "m", "t"),)
    assert merged.data["items"][0]["name"]["ja"] == "m"
    assert merged.settle({where: "theirs"})["items"][0]["name"] == {"ja": "t", "en": "I"}
    assert merged.settle({where: "mine"}) == merged.data


@pytest.mark.parametrize("removed_by", ["mine", "theirs"])
def test_an_entry_removed_by_one_and_changed_by_the_other_is_a_clash(removed_by: str) -> None:
    without = state(lambda d: d["items"].pop(1))
    changed = state(lambda d: d["items"][1].update(yen=9))
    mine, theirs = (without, changed) if removed_by == "mine" else (changed, without)
    merged = merge(BASE, mine, theirs)
    assert [clash.address for clash in merged.clashes] == [("items", "b")]
    assert (merged.clashes[0].mine is GONE) == (removed_by == "mine")
    assert same(merged.settle({("items", "b"): "mine"}), mine)
    assert same(merged.settle({("items", "b"): "theirs"}), theirs)


def test_an_entry_removed_by_one_and_left_by_the_other_is_gone() -> None:
    merged = merge(BASE, state(lambda d: d["items"].pop(0)), state(lambda d: d["items"][1].update(yen=9)))
    assert (ids(merged.data), merged.clashes) == (["b", "c"], ())


def test_where_one_reorders_and_the_other_adds_both_are_kept() -> None:
    reordered = state(lambda d: d["items"].reverse())
    longer = state(lambda d: d["items"].insert(1, {"id": "new"}))
    assert ids(merge(BASE, reordered, longer).data) == ["c", "b", "a", "new"]
    assert ids(merge(BASE, longer, reordered).data) == ["c", "b", "a", "new"]


def test_where_both_reorder_the_order_is_theirs_with_what_is_new_in_mine() -> None:
    def mine(data: Any) -> None:
        data["items"] = [data["items"][1], {"id": "new"}, data["items"][0], data["items"][2]]

    merged = merge(BASE, state(mine), state(lambda d: d["items"].reverse()))
    assert (ids(merged.data), merged.clashes) == (["c", "b", "new", "a"], ())


def test_entries_of_one_id_added_by_both_clash_by_field() -> None:
    mine = state(lambda d: d["items"].append({"id": "new", "yen": 1, "kind": "x"}))
    theirs = state(lambda d: d["items"].append({"id": "new", "yen": 2, "note": "y"}))
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == (Clash(("items", "new", "yen"), GONE, 1, 2),)
    assert merged.data["items"][-1] == {"id": "new", "yen": 1, "kind": "x", "note": "y"}


def test_a_list_without_ids_is_one_part() -> None:
    merged = merge(
        BASE,
        state(lambda d: d["items"][1].update(months=[1])),
        state(lambda d: d["items"][1].update(months=[2])),
    )
    assert merged.clashes == (Clash(("items", "b", "months"), [1, 2], [1], [2]),)


def test_a_clash_that_is_none_cannot_be_settled() -> None:
    with pytest.raises(NotFound):
        merge(BASE, BASE, BASE).settle({("title", "ja"): "mine"})


def test_one_is_not_true() -> None:
    assert merge({"a": 1}, {"a": True}, {"a": 1}).data["a"] is True


NAMES = st.sampled_from("abcdef")
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["x", "y"]))


def _with_ids(entries: Any) -> Any:
    return [{"id": name, **entry} for name, entry in entries.items()]


VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(NAMES, inner, max_size=4),
        st.lists(LEAVES, max_size=3),
        st.dictionaries(NAMES, st.dictionaries(st.sampled_from("kl"), inner), max_size=4).map(_with_ids),
    ),
    max_leaves=12,
)
STATES = st.dictionaries(NAMES, VALUES, max_size=4)


@settings(max_examples=200, deadline=None)
@given(base=STATES, mine=STATES)
def test_who_is_alone_gets_their_own_state_back(base: Any, mine: Any) -> None:
    for merged in (merge(base, mine, base), merge(base, base, mine), merge(base, mine, copy.deepcopy(mine))):
        assert merged.clashes == ()
        assert repr(merged.data) == repr(mine)


@settings(max_examples=200, deadline=None)
@given(base=STATES, mine=STATES, theirs=STATES)
def test_every_clash_can_be_settled_either_way(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(base, mine, theirs)
    assert same(merged.settle({clash.address: "mine" for clash in merged.clashes}), merged.data)
    settled = merged.settle({clash.address: "theirs" for clash in merged.clashes})
    swapped = merge(base, theirs, mine)
    assert [clash.address for clash in swapped.clashes] == [
        clash.address for clash in merged.clashes
    ] or sorted(clash.address for clash in swapped.clashes) == sorted(
        clash.address for clash in merged.clashes
    )
    told = {difference.address for difference in differences(merged.data, settled)}
    clashing = {clash.address for clash in merged.clashes}
    assert all(any(where[: len(one)] == one for one in clashing) for where in told)


TEXT = """\
# head
title: {ja: あ, en: A}   # said
items:
  # about a
  - {id: a, yen: 1, name: {ja: い, en: I}}
  - id: b
    yen: 2
    months: [1, 2]
  - {id: c, yen: 3}
"""


def test_the_merged_state_can_be_written_over_the_text_of_theirs() -> None:
    mine = state(lambda d: d["items"][0].update(yen=10))
    theirs_text = rewrite(TEXT, "f", state(lambda d: d["items"].reverse()))
    merged = merge(BASE, mine, data_of(theirs_text, "f"))
    text = rewrite(theirs_text, "f", merged.data)
    assert text == theirs_text.replace("yen: 1,", "yen: 10,")
    assert same(data_of(text, "f"), merged.data)
