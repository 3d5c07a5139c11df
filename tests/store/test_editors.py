"""What every store promises of editors and of setting up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizapp.errors import Conflict, NotFound
from quizapp.store.editing_records import MOST_OFFERS

HOUR = timedelta(hours=1)


def test_it_keeps_an_editor(store, clock):
    clock.advance(minutes=5)
    added = store.add_editor("Mika", "publisher", "a hash", "https://id.example|42")
    assert (added.name, added.role, added.disabled, added.has_password) == ("Mika", "publisher", False, True)
    assert (added.created, added.subject) == (clock.now, "https://id.example|42")
    assert store.editor(added.id) == added
    assert store.editor_named("Mika") == added
    assert store.editor_of_subject("https://id.example|42") == added
    assert store.password_hash(added.id) == "a hash"
    assert store.editors() == (added,)


@pytest.mark.parametrize("name", ["mika ito", "MIKA ITO", "Ｍｉｋａ　Ｉｔｏ", " Mika  Ito "])
def test_it_takes_two_spellings_of_a_name_for_one(store, name):
    mika = store.add_editor("Mika Ito", "viewer", None)
    assert store.editor_named(name) == mika
    with pytest.raises(Conflict):
        store.add_editor(name, "publisher", None)
    assert store.editors() == (mika,)


def test_it_gives_a_subject_to_one_editor_only(store):
    mika = store.add_editor("mika", "viewer", None, "42")
    with pytest.raises(Conflict):
        store.add_editor("ken", "viewer", None, "42")
    assert store.editors() == (mika,)


def test_it_takes_any_number_of_editors_without_a_subject_or_password(store):
    added = [store.add_editor(name, "viewer", None) for name in ("ken", "anna")]
    assert [editor.name for editor in store.editors()] == ["anna", "ken"]
    assert {editor.has_password for editor in added} == {False}
    assert store.password_hash(added[0].id) is None


def test_it_changes_password_role_and_whether_one_may_come_in(store, mika):
    store.set_password(mika.id, "another hash")
    store.set_role(mika.id, "viewer")
    store.set_disabled(mika.id, True)
    changed = store.editor(mika.id)
    assert (changed.role, changed.disabled, store.password_hash(mika.id)) == ("viewer", True, "another hash")
    store.set_disabled(mika.id, False)
    assert not store.editor(mika.id).disabled


def test_it_gives_a_first_password_to_one_who_had_none(store):
    ken = store.add_editor("ken", "viewer", None)
    store.set_password(ken.id, "a hash")
    assert store.editor(ken.id).has_password


def test_it_tells_an_editor_who_never_was(store, mika):
    for ask in (store.editor, store.editor_named, store.editor_of_subject, store.password_hash):
        with pytest.raises(NotFound):
            ask("nobody")
    for change, value in (
        (store.set_password, "a hash"),
        (store.set_role, "viewer"),
        (store.set_disabled, True),
    ):
        with pytest.raises(NotFound):
            change("nobody", value)
    assert store.editor(mika.id) == mika


def test_it_never_shows_a_password_hash_in_an_editor(store, mika):
    assert "mika's hash" not in repr(mika)


def test_it_makes_the_first_editor_of_an_offer(store, clock):
    store.offer_setup("the link", clock.now + HOUR)
    first = store.take_setup("the link", "Mika", "a hash")
    assert (first.role, first.has_password, first.disabled) == ("publisher", True, False)
    assert store.editors() == (first,)
    assert store.password_hash(first.id) == "a hash"


def test_it_takes_an_offer_once(store, clock):
    store.offer_setup("the link", clock.now + HOUR)
    store.take_setup("the link", "mika", "a hash")
    with pytest.raises(NotFound):
        store.take_setup("the link", "ken", "a hash")
    assert len(store.editors()) == 1


def test_it_takes_no_offer_that_it_does_not_know_nor_one_after_its_time(store, clock):
    store.offer_setup("first", clock.now + HOUR)
    store.offer_setup("second", clock.now + 2 * HOUR)
    clock.advance(hours=1)
    for secret in ("first", "", "unknown"):
        assert not store.setup_offered(secret)
        with pytest.raises(NotFound):
            store.take_setup(secret, "mika", "a hash")
    assert store.setup_offered("second") and store.editors() == ()


def test_the_newest_offers_hold_and_the_first_that_is_taken_ends_all(store, clock):
    for number in range(MOST_OFFERS + 2):
        store.offer_setup(f"offer {number}", clock.now + HOUR)
        clock.advance(seconds=1)
    held = [store.setup_offered(f"offer {number}") for number in range(MOST_OFFERS + 2)]
    assert held == [False] * 2 + [True] * MOST_OFFERS
    store.take_setup("offer 5", "mika", "a hash")
    assert not any(store.setup_offered(f"offer {number}") for number in range(MOST_OFFERS + 2))
    with pytest.raises(NotFound):
        store.take_setup("offer 6", "ken", "a hash")


def test_it_neither_offers_nor_sets_up_once_there_is_an_editor(store, clock):
    store.offer_setup("the link", clock.now + HOUR)
    mika = store.add_editor("mika", "viewer", None)
    store.set_disabled(mika.id, True)
    with pytest.raises(Conflict):
        store.offer_setup("another", clock.now + HOUR)
    with pytest.raises(NotFound):
        store.take_setup("the link", "ken", "a hash")
    assert [editor.name for editor in store.editors()] == ["mika"]
