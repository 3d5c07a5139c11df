"""What every store promises of the audit log."""

from __future__ import annotations

import pytest


def test_it_keeps_who_did_what(store, clock):
    clock.advance(minutes=3)
    about = {"理由": "値上げ", "number": 3, "parts": ["items", {"id": None}]}
    store.record("mika", "published", "trainer", about)
    [entry] = store.entries()
    assert (entry.at, entry.who, entry.did, entry.bank) == (clock.now, "mika", "published", "trainer")
    assert entry.about == about


def test_it_tells_the_newest_first_page_by_page(store):
    for number in range(7):
        store.record("mika", f"step {number}", None, {})
    first = store.entries(limit=3)
    assert [entry.did for entry in first] == ["step 6", "step 5", "step 4"]
    assert [entry.number for entry in first] == sorted((entry.number for entry in first), reverse=True)
    rest = store.entries(before=first[-1].number)
    assert [entry.did for entry in rest] == ["step 3", "step 2", "step 1", "step 0"]
    assert store.entries(before=rest[-1].number) == ()


def test_it_tells_of_one_bank_only(store):
    store.record("mika", "published", "trainer", {})
    store.record("mika", "signed in", None, {})
    store.record("ken", "published", "medical", {})
    assert [entry.who for entry in store.entries(bank="medical")] == ["ken"]
    assert [entry.did for entry in store.entries()] == ["published", "signed in", "published"]
    assert store.entries(bank="nothing") == ()


@pytest.mark.parametrize("about", [{"when": object()}, {"how much": float("nan")}])
def test_it_refuses_what_json_cannot_say_and_writes_nothing(store, about):
    with pytest.raises((TypeError, ValueError)):
        store.record("mika", "published", "trainer", about)
    assert store.entries() == ()
