"""Drafts: changed part by part, undone step by step, merged with what others did, comments and all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.editing.alter import GONE, insert, move, put
from quizapp.editing.workshop import Clashing, Workshop, read, way
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.store.addresses import open_store
from quizapp.store.editing_records import DraftVersionHead
from quizapp.store.records import RevisionDraft
from quizapp.store.timestamps import utc_now

TEXT = """\
# Fees change every spring.
bank: small
items:
  - id: one
    name: {ja: 一, en: One}
    costs:
      - {id: exam, yen: 1000}  # tax included
      - {id: course, yen: 5000}
  - id: two
    name: {ja: 二, en: Two}
"""
CASES = "cases:\n  - {id: a, label: {ja: あ, en: A}}\n"
EXAM = ("items", "one", "costs", "exam", "yen")
COURSE = ("items", "one", "costs", "course", "yen")


@pytest.fixture
def store(tmp_path: Path):
    made = open_store(str(tmp_path / "q.sqlite3"))
    yield made
    made.close()


def published(store, revision: str, text: str, cases: str = CASES, parent: str | None = None):
    draft = RevisionDraft("small", revision, text, "{}", parent, "browser", "mika", "because", cases)
    return store.publish(draft)


@pytest.fixture
def anna(store):
    return store.add_editor("anna", "editor", None)


@pytest.fixture
def workshop(store):
    published(store, "r1", TEXT)
    return Workshop(store)


def test_a_draft_begins_with_what_is_live_and_is_found_again(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    assert (draft.text, draft.cases, draft.version) == (TEXT, CASES, 1)
    assert workshop.open("small", anna.id) == draft
    assert workshop.base_of(draft) == store.newest("small")
    assert not workshop.behind(draft)
    with pytest.raises(NotFound):
        workshop.open("nothing", anna.id)


def test_a_change_touches_its_own_bytes_only(workshop, anna):
    draft = workshop.open("small", anna.id)
    changed = workshop.change(draft.id, draft.version, "bank", "fee", lambda data: put(data, EXAM, 1200))
    assert changed.text == TEXT.replace("yen: 1000", "yen: 1200")
    assert changed.version == 2
    same = workshop.change(draft.id, 2, "bank", "fee", lambda data: put(data, EXAM, 1200))
    assert same == changed


def test_the_data_that_a_change_was_made_on_is_not_itself_changed(workshop, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    assert read(TEXT, "small.yaml").data["items"][0]["costs"][0]["yen"] == 1000


def test_a_page_that_is_out_of_date_is_merged_by_field(workshop, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    both = workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, COURSE, 6000))
    assert "yen: 1200" in both.text and "yen: 6000" in both.text


def test_the_same_field_changed_twice_is_shown_and_settled_by_hand(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    with pytest.raises(Clashing) as raised:
        workshop.change(draft.id, 1, "bank", "fee", lambda data: put(put(data, EXAM, 1300), COURSE, 6000))
    (clash,) = raised.value.clashes
    assert (clash.address, clash.base, clash.mine, clash.theirs) == (EXAM, 1000, 1300, 1200)
    assert store.draft(draft.id).version == 2
    settled = workshop.settle(raised.value, {EXAM: "mine"}, "fee")
    assert "yen: 1300" in settled.text and "yen: 6000" in settled.text


def test_what_is_no_yaml_cannot_be_changed_by_forms_but_is_kept(workshop, anna):
    draft = workshop.open("small", anna.id)
    broken = workshop.write(draft.id, 1, "bank", "bank: [", "typed")
    assert broken.text == "bank: ["
    with pytest.raises(Invalid):
        workshop.change(draft.id, 2, "bank", "fee", lambda data: put(data, EXAM, 1))
    assert workshop.undo(draft.id).text == TEXT


def test_typing_over_what_was_changed_elsewhere_is_refused(workshop, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    with pytest.raises(Conflict):
        workshop.write(draft.id, 1, "bank", TEXT + "# mine\n", "typed")
    # The other text was not touched meanwhile.
    assert workshop.write(draft.id, 1, "cases", CASES + "# mine\n", "typed").cases == CASES + "# mine\n"


def test_undo_and_redo_walk_the_steps(workshop, anna):
    draft = workshop.open("small", anna.id)
    for number, yen in enumerate((1, 2, 3), start=1):
        workshop.change(draft.id, number, "bank", "fee", lambda data, yen=yen: put(data, EXAM, yen))

    def yen(draft) -> int:
        return read(draft.text, "small.yaml").data["items"][0]["costs"][0]["yen"]

    assert [yen(workshop.undo(draft.id)) for _ in range(4)] == [2, 1, 1000, 1000]
    assert [yen(workshop.redo(draft.id)) for _ in range(4)] == [1, 2, 3, 3]
    assert yen(workshop.undo(draft.id)) == 2
    now = workshop.undo(draft.id)
    after = workshop.change(draft.id, now.version, "bank", "fee", lambda data: put(data, EXAM, 9))
    assert workshop.redo(draft.id) == after
    assert yen(workshop.undo(draft.id)) == 1


@pytest.mark.parametrize(
    ("restores", "done", "undone"),
    [
        ([None], (1,), ()),
        ([None, None, None], (1, 2, 3), ()),
        ([None, None, None, 2], (1, 2), (3,)),
        ([None, None, None, 2, 1], (1,), (3, 2)),
        ([None, None, None, 2, 1, 3], (1, 2, 3), ()),
        ([None, None, None, 2, None], (1, 2, 5), ()),
    ],
)
def test_the_way_of_a_draft(restores, done, undone):
    steps = [DraftVersionHead(n, "x", of, utc_now()) for n, of in enumerate(restores, start=1)]
    found = way(steps)
    assert (found.done, found.undone) == (done, undone)


def test_a_draft_catches_up_with_what_was_published_meanwhile(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    published(store, "r2", TEXT.replace("5000", "5500").replace("# Fees", "# All fees"), parent="r1")
    assert workshop.behind(store.draft(draft.id))
    caught = workshop.catch_up(draft.id, {})
    assert caught.text == TEXT.replace("5000", "5500").replace("# Fees", "# All fees").replace("1000", "1200")
    assert not workshop.behind(caught)


def test_catching_up_asks_where_both_changed_the_same(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1200))
    published(store, "r2", TEXT.replace("1000", "1100"), parent="r1")
    with pytest.raises(Clashing):
        workshop.catch_up(draft.id, {})
    assert "1100" in workshop.catch_up(draft.id, {"bank": {EXAM: "theirs"}}).text


def test_cases_that_somebody_published_alone_are_caught_up_with(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    published(store, "r1", TEXT, CASES + "  - {id: b, label: {ja: い, en: B}}\n", parent="r1")
    assert workshop.behind(draft)
    assert workshop.catch_up(draft.id, {}).cases == CASES + "  - {id: b, label: {ja: い, en: B}}\n"


def test_entries_are_added_moved_and_removed(workshop, anna):
    draft = workshop.open("small", anna.id)
    three = {"id": "three", "name": {"ja": "三", "en": "Three"}}
    added = workshop.change(draft.id, 1, "bank", "add", lambda data: insert(data, ("items",), 1, three))
    moved = workshop.change(draft.id, 2, "bank", "move", lambda data: move(data, ("items", "two"), 0))
    ids = [item["id"] for item in read(moved.text, "small.yaml").data["items"]]
    assert ids == ["two", "one", "three"]
    gone = workshop.change(draft.id, 3, "bank", "remove", lambda data: put(data, ("items", "one"), GONE))
    assert "tax included" not in gone.text and "# Fees change" in gone.text
    assert added.version == 2


def test_a_new_bank_is_a_draft_without_a_base(workshop, anna):
    draft = workshop.begin("fresh", anna.id, "bank: fresh\n", None)
    assert draft.base is None and not workshop.behind(draft)
    with pytest.raises(Conflict):
        workshop.begin("small", anna.id, "bank: small\n", None)


def test_a_closed_draft_is_not_changed(workshop, store, anna):
    draft = workshop.open("small", anna.id)
    store.close_draft(draft.id, "discarded")
    with pytest.raises(NotFound):
        workshop.change(draft.id, 1, "bank", "fee", lambda data: put(data, EXAM, 1))
    assert replace(store.draft(draft.id), state="open").text == TEXT
