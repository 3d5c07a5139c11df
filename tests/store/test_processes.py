"""What every store promises when several processes work on it, and when one of them is killed."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime

import pytest

from quizapp.errors import NotFound
from quizapp.store.addresses import open_store


def test_it_migrates_once_when_four_processes_start_at_the_same_time(unmade):
    versions = unmade.run_at_once(*[("version",)] * 4)
    assert len(set(versions)) == 1
    assert int(versions[0]) >= 2


def test_it_gives_one_token_per_key_to_four_processes(engine, store):
    outputs = engine.run_at_once(*[("save", "anna", "0", "100")] * 4)
    assert len(set(outputs)) == 1
    tokens = dict(line.split() for line in outputs[0].splitlines())
    assert len(set(tokens.values())) == 100
    assert all(store.result(token) for token in tokens.values())


def test_it_loses_no_write_of_four_processes(engine, store):
    outputs = engine.run_at_once(*[("save", name, "0", "150") for name in "abcd"])
    tokens = [line.split()[1] for output in outputs for line in output.splitlines()]
    assert len(set(tokens)) == 600
    assert all(store.result(token) for token in tokens)


def test_it_makes_one_unbroken_history_from_four_publishing_processes(engine, store):
    engine.run_at_once(*[("publish", name, "50") for name in "abcd"])
    history = store.history("counter")[::-1]
    assert len(history) == 200
    assert history[0].parent is None
    assert all(later.parent == earlier.revision for earlier, later in itertools.pairwise(history))
    assert [line.revision.split("-")[0] for line in history] == [str(number) for number in range(1, 201)]


def test_it_lets_one_of_four_processes_save_on_top_of_each_version_of_a_draft(engine, store, draft):
    outputs = engine.run_at_once(*[("save_draft", draft.id, "60")] * 4)
    won = [version for output in outputs for version in json.loads(output)]
    assert sorted(won) == list(range(1, 61))
    assert store.draft(draft.id).version == 61


def test_it_opens_one_draft_per_editor_and_bank_for_four_processes(engine, store, mika):
    outputs = engine.run_at_once(*[("open_draft", mika.id)] * 4)
    assert len(set(outputs)) == 1
    assert len(store.open_drafts()) == 20


def test_it_counts_turns_over_four_processes_together(engine, store):
    outputs = engine.run_at_once(*[("take_turns", "15")] * 4)
    assert sum(map(int, outputs)) == 25


def test_it_lets_one_of_four_processes_be_the_first_editor(engine, store):
    store.offer_setup("the link", datetime(9999, 1, 1, tzinfo=UTC))
    outputs = engine.run_at_once(*[("take_setup", "the link", name) for name in "abcd"])
    first = [output.strip() for output in outputs if output.strip()]
    assert [editor.name for editor in store.editors()] == first
    assert len(first) == 1


def test_it_gives_a_name_once_to_four_processes(engine, store):
    outputs = engine.run_at_once(*[("add_editor", spelt) for spelt in ("mika", "Mika", "MIKA", "ｍｉｋａ")])
    had = [number for output in outputs for number in json.loads(output)]
    assert sorted(had) == list(range(20))
    assert len(store.editors()) == 20


def test_it_has_all_it_acknowledged_after_kill_9_under_load(engine, store):
    acknowledged = []
    for round_number in range(3):
        writer = engine.start("save_for_ever", f"owner{round_number}")
        assert writer.stdout
        for line in itertools.islice(writer.stdout, 250):
            acknowledged.append(line.strip())
        writer.kill()
        # What was told before the end counts as well; a torn last line does not.
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.communicate()
        again = open_store(engine.address)
        assert [token for token in acknowledged if not _found(again, token)] == []
        again.close()
    assert len(acknowledged) >= 750
    assert [token for token in acknowledged if not _found(store, token)] == []


def _found(store, token):
    try:
        return bool(store.result(token))
    except NotFound:
        return False


def test_it_takes_a_plain_path_for_a_sqlite_file(tmp_path):
    open_store(str(tmp_path / "plain.sqlite3")).close()
    assert (tmp_path / "plain.sqlite3").is_file()


@pytest.mark.parametrize("address", ["mysql://host/db", "redis://x"])
def test_it_says_which_addresses_it_knows(address):
    with pytest.raises(ValueError, match="sqlite:///PATH"):
        open_store(address)
