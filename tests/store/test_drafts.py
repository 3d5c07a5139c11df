"""What every store promises of drafts and of the links that show them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizapp.errors import Conflict, Ended, NotFound
from quizapp.store.editing_records import (
    MOST_OWN_PREVIEWS,
    MOST_SHARED_PREVIEWS,
    MOST_VERSIONS,
    OPENED,
)

HOUR = timedelta(hours=1)


def test_it_opens_a_draft_with_its_first_version(store, clock, mika, draft):
    assert (draft.bank, draft.editor, draft.base, draft.version) == ("trainer", mika.id, "r1", 1)
    assert (draft.text, draft.cases, draft.state) == ("bank: trainer\n", "cases: []\n", "open")
    assert (draft.opened, draft.updated) == (clock.now, clock.now)
    assert store.draft(draft.id) == draft
    assert store.draft_of("trainer", mika.id) == draft
    [step] = store.draft_versions(draft.id)
    assert (step.version, step.what, step.restores, step.at) == (1, OPENED, None, clock.now)


def test_it_returns_the_open_draft_as_it_is_instead_of_opening_another(store, mika, draft):
    saved = store.save_draft(draft.id, 1, "mine", None, "typed")
    assert store.open_draft("trainer", mika.id, "r9", "other", "other") == saved
    assert len(store.open_drafts()) == 1


def test_it_gives_every_editor_a_draft_of_their_own(store, mika, draft):
    ken = store.add_editor("ken", "editor", None)
    other = store.open_draft("trainer", ken.id, "r1", "ken's", None)
    assert other.id != draft.id
    assert store.draft_of("trainer", mika.id) == draft
    assert store.draft_of("trainer", ken.id) == other
    assert store.draft_of("medical", ken.id) is None


def test_it_opens_no_draft_for_nobody(store):
    with pytest.raises(NotFound):
        store.open_draft("trainer", "nobody", None, "", None)


def test_it_saves_a_version_on_top_of_the_newest(store, clock, draft):
    clock.advance(minutes=3)
    saved = store.save_draft(draft.id, 1, "# 受講料\nbank: [", None, "changed a fee")
    assert (saved.version, saved.text, saved.cases, saved.base) == (2, "# 受講料\nbank: [", None, "r1")
    assert (saved.opened, saved.updated) == (draft.opened, clock.now)
    assert store.draft(draft.id) == saved
    kept = store.draft_version(draft.id, 2)
    assert (kept.draft, kept.what, kept.text, kept.cases) == (draft.id, "changed a fee", saved.text, None)
    assert (kept.base, kept.at, kept.restores) == ("r1", clock.now, None)


def test_it_refuses_to_save_on_top_of_anything_but_the_newest_and_writes_nothing(store, draft):
    saved = store.save_draft(draft.id, 1, "second", None, "typed")
    for version in (0, 1, 3):
        with pytest.raises(Conflict):
            store.save_draft(draft.id, version, "lost", None, "typed")
    assert store.draft(draft.id) == saved
    assert [step.version for step in store.draft_versions(draft.id)] == [2, 1]


def test_it_keeps_the_base_unless_told_another(store, draft):
    assert store.save_draft(draft.id, 1, "t", None, "typed").base == "r1"
    assert store.save_draft(draft.id, 2, "t", None, "merged", base="r2").base == "r2"
    assert store.save_draft(draft.id, 3, "t", None, "typed").base == "r2"
    assert store.save_draft(draft.id, 4, "t", None, "cut loose", base=None).base is None
    assert store.draft_version(draft.id, 2).base == "r1"
    assert store.draft_version(draft.id, 3).base == "r2"


def test_it_tells_the_steps_of_a_draft_newest_first(store, draft):
    store.save_draft(draft.id, 1, "b", None, "typed")
    store.save_draft(draft.id, 2, draft.text, draft.cases, "undone", restores=1)
    steps = [(step.version, step.what, step.restores) for step in store.draft_versions(draft.id)]
    assert steps == [(3, "undone", 1), (2, "typed", None), (1, OPENED, None)]
    assert store.draft_version(draft.id, 1).text == store.draft_version(draft.id, 3).text


@pytest.mark.parametrize("text", ["", "\r\n\t \n", "鍵🔑 e\u0301 \u202e", "\ud800", "x" * 256_000])
def test_it_gives_back_whatever_was_typed(store, draft, text):
    assert store.save_draft(draft.id, 1, text, text, "typed").text == text
    kept = store.draft_version(draft.id, 2)
    assert (kept.text, kept.cases) == (text, text)


def test_it_forgets_the_oldest_versions_only(store, draft):
    for version in range(1, MOST_VERSIONS + 5):
        store.save_draft(draft.id, version, f"text {version + 1}", None, "typed")
    kept = [step.version for step in store.draft_versions(draft.id)]
    assert kept == list(range(MOST_VERSIONS + 5, 5, -1))
    assert store.draft_version(draft.id, 6).text == "text 6"
    with pytest.raises(NotFound):
        store.draft_version(draft.id, 5)


def test_it_keeps_an_old_version_while_a_link_shows_it(store, clock, draft):
    store.offer_preview(draft.id, 1, "the link", clock.now + HOUR, draft.editor)
    for version in range(1, MOST_VERSIONS + 1):
        store.save_draft(draft.id, version, "text", None, "typed")
    store.save_draft(draft.id, MOST_VERSIONS + 1, "text", None, "typed")
    assert store.draft_version(*store.preview("the link")).text == draft.text
    assert len(store.draft_versions(draft.id)) == MOST_VERSIONS + 1
    clock.advance(hours=1)
    store.save_draft(draft.id, MOST_VERSIONS + 2, "text", None, "typed")
    assert len(store.draft_versions(draft.id)) == MOST_VERSIONS


def test_it_puts_a_draft_away_and_keeps_it(store, clock, mika, draft):
    store.save_draft(draft.id, 1, "second", None, "typed")
    clock.advance(minutes=3)
    store.close_draft(draft.id, "discarded")
    assert store.draft_of("trainer", mika.id) is None
    assert store.open_drafts() == ()
    [head] = store.closed_drafts("trainer")
    assert (head.id, head.state, head.version, head.updated) == (draft.id, "discarded", 2, clock.now)
    assert store.draft(draft.id).text == "second"
    assert store.draft_version(draft.id, 1).text == draft.text


def test_it_neither_saves_nor_closes_what_is_closed(store, draft):
    store.close_draft(draft.id, "published")
    with pytest.raises(NotFound):
        store.save_draft(draft.id, 1, "late", None, "typed")
    with pytest.raises(NotFound):
        store.close_draft(draft.id, "discarded")
    assert (store.draft(draft.id).state, store.draft(draft.id).version) == ("published", 1)


def test_it_opens_a_new_draft_after_the_last_was_closed(store, mika, draft):
    store.close_draft(draft.id, "published")
    new = store.open_draft("trainer", mika.id, "r2", "new", None)
    assert (new.id != draft.id, new.version, new.base) == (True, 1, "r2")
    assert new == store.draft_of("trainer", mika.id)


def test_it_reopens_a_draft_as_it_was(store, mika, draft):
    store.close_draft(draft.id, "discarded")
    assert store.reopen_draft(draft.id) == draft
    assert store.reopen_draft(draft.id) == draft
    assert store.draft_of("trainer", mika.id) == draft
    assert store.save_draft(draft.id, 1, "on", None, "typed").version == 2


def test_it_reopens_no_second_draft_of_a_bank(store, mika, draft):
    store.close_draft(draft.id, "discarded")
    new = store.open_draft("trainer", mika.id, "r2", "new", None)
    with pytest.raises(Conflict):
        store.reopen_draft(draft.id)
    assert store.open_drafts() != ()
    assert store.draft_of("trainer", mika.id) == new
    assert store.draft(draft.id).state == "discarded"


def test_it_lists_drafts_of_a_bank_or_of_all_the_last_updated_first(store, clock, mika, draft):
    ken = store.add_editor("ken", "editor", None)
    clock.advance(minutes=1)
    kens = store.open_draft("trainer", ken.id, "r1", "ken's", None)
    clock.advance(minutes=1)
    medical = store.open_draft("medical", ken.id, None, "new bank", None)
    assert [head.id for head in store.open_drafts()] == [medical.id, kens.id, draft.id]
    clock.advance(minutes=1)
    store.save_draft(draft.id, 1, "t", None, "typed")
    assert [head.id for head in store.open_drafts("trainer")] == [draft.id, kens.id]
    for each in (draft, kens, medical):
        clock.advance(minutes=1)
        store.close_draft(each.id, "discarded")
    assert [head.id for head in store.closed_drafts("trainer")] == [kens.id, draft.id]
    assert [head.id for head in store.closed_drafts("trainer", mika.id)] == [draft.id]
    assert store.closed_drafts("nothing") == ()


def test_it_tells_a_draft_or_version_that_never_was(store, draft):
    for ask in (store.draft, store.draft_versions, store.reopen_draft):
        with pytest.raises(NotFound):
            ask("nothing")
    with pytest.raises(NotFound):
        store.save_draft("nothing", 1, "t", None, "typed")
    with pytest.raises(NotFound):
        store.close_draft("nothing", "discarded")
    with pytest.raises(NotFound):
        store.draft_version(draft.id, 2)


def test_it_keeps_texts_out_of_repr(store, draft):
    assert "bank: trainer" not in repr(draft) + repr(store.draft_version(draft.id, 1))


def test_it_shows_a_version_by_link_until_its_time(store, clock, draft):
    store.offer_preview(draft.id, 1, "the link", clock.now + HOUR, draft.editor)
    store.save_draft(draft.id, 1, "later", None, "typed")
    store.offer_preview(draft.id, 2, "another", clock.now + 2 * HOUR, draft.editor)
    assert store.preview("the link") == (draft.id, 1)
    clock.advance(hours=1)
    assert store.preview("another") == (draft.id, 2)
    with pytest.raises(Ended):
        store.preview("the link")
    for secret in ("never", ""):
        with pytest.raises(NotFound) as refusal:
            store.preview(secret)
        assert not isinstance(refusal.value, Ended)


def ended(store, *secrets) -> list[bool]:
    found = []
    for secret in secrets:
        try:
            store.preview(secret)
            found.append(False)
        except Ended:
            found.append(True)
    return found


def test_it_forgets_a_link_long_after_its_end(store, clock, draft):
    store.offer_preview(draft.id, 1, "old", clock.now + HOUR, draft.editor)
    clock.advance(days=32)
    assert ended(store, "old") == [True]
    store.offer_preview(draft.id, 1, "new", clock.now + HOUR, draft.editor)
    with pytest.raises(NotFound) as refusal:
        store.preview("old")
    assert not isinstance(refusal.value, Ended)


@pytest.mark.parametrize("state", ["discarded", "published"])
def test_it_ends_every_link_to_a_draft_that_is_put_away(store, clock, draft, state):
    ken = store.add_editor("ken", "editor", None)
    until = clock.now + HOUR
    store.offer_preview(draft.id, 1, "one", until, draft.editor)
    store.offer_preview(draft.id, 1, "two", until, ken.id, shared=False)
    store.close_draft(draft.id, state)
    assert ended(store, "one", "two") == [True, True]
    with pytest.raises(NotFound):
        store.offer_preview(draft.id, 1, "three", until, draft.editor)
    store.reopen_draft(draft.id)
    assert ended(store, "one", "two") == [True, True]


def test_it_ends_every_link_of_a_maker_who_is_disabled_and_takes_no_more(store, clock, draft):
    ken = store.add_editor("ken", "editor", None)
    until = clock.now + HOUR
    store.offer_preview(draft.id, 1, "mine", until, draft.editor)
    store.offer_preview(draft.id, 1, "kens", until, ken.id)
    store.set_disabled(ken.id, True)
    assert ended(store, "mine", "kens") == [False, True]
    with pytest.raises(NotFound):
        store.offer_preview(draft.id, 1, "more", until, ken.id)
    store.set_disabled(ken.id, False)
    assert ended(store, "kens") == [True]


def test_it_lists_the_open_links_of_one_maker_who_alone_can_end_them(store, clock, draft):
    ken = store.add_editor("ken", "editor", None)
    store.offer_preview(draft.id, 1, "late", clock.now + 2 * HOUR, draft.editor)
    store.offer_preview(draft.id, 1, "soon", clock.now + HOUR, draft.editor)
    store.offer_preview(draft.id, 1, "own", clock.now + HOUR, draft.editor, shared=False)
    soon, late = store.shared_previews(draft.editor)
    assert (soon.until, late.until) == (clock.now + HOUR, clock.now + 2 * HOUR)
    assert (soon.bank, soon.draft, soon.version) == (draft.bank, draft.id, 1)
    with pytest.raises(NotFound):
        store.end_preview(ken.id, soon.id)
    store.end_preview(draft.editor, soon.id)
    assert ended(store, "soon", "late", "own") == [True, False, False]
    assert store.shared_previews(draft.editor) == (late,)
    with pytest.raises(NotFound):
        store.end_preview(draft.editor, soon.id)


def test_it_keeps_so_many_links_of_one_maker_open(store, clock, draft):
    ken = store.add_editor("ken", "editor", None)
    for number in range(MOST_SHARED_PREVIEWS):
        store.offer_preview(draft.id, 1, f"shared {number}", clock.now + HOUR, ken.id)
    with pytest.raises(Conflict):
        store.offer_preview(draft.id, 1, "one more", clock.now + HOUR, ken.id)
    store.offer_preview(draft.id, 1, "another's", clock.now + HOUR, draft.editor)
    for number in range(MOST_OWN_PREVIEWS + 1):
        clock.advance(seconds=1)
        store.offer_preview(draft.id, 1, f"own {number}", clock.now + HOUR, ken.id, shared=False)
    assert ended(store, "own 0", "own 1", "shared 0") == [True, False, False]


def test_it_offers_no_link_to_a_version_that_is_not(store, clock, draft):
    for draft_id, version in ((draft.id, 2), ("nothing", 1)):
        with pytest.raises(NotFound):
            store.offer_preview(draft_id, version, "the link", clock.now + HOUR, draft.editor)
    with pytest.raises(NotFound):
        store.preview("the link")
