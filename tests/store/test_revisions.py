"""What every store promises of revisions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.errors import Conflict, NotFound
from quizapp.store.records import InStep, Revision


def test_it_keeps_the_text_and_the_line_of_history(store, revised, clock):
    clock.advance(minutes=5)
    text = "# コメント\nbank: trainer\n"
    line = store.publish(
        revised("r2", "r1", content=text, parsed='{"a": 1}', origin="browser", who="mika", why="fee")
    )
    assert store.revision("r2") == Revision("r2", "trainer", text, '{"a": 1}')
    assert (line.revision, line.parent, line.origin, line.who, line.why) == (
        "r2",
        "r1",
        "browser",
        "mika",
        "fee",
    )
    assert line.at == clock.now
    assert store.newest("trainer") == line


def test_it_tells_history_newest_first(store, revised):
    store.publish(revised("r2", "r1"))
    store.publish(revised("r3", "r2"))
    assert [line.revision for line in store.history("trainer")] == ["r3", "r2", "r1"]
    numbers = [line.number for line in store.history("trainer")]
    assert numbers == sorted(numbers, reverse=True)


def test_it_refuses_to_publish_over_somebody_elses_work_and_writes_nothing(store, revised):
    store.publish(revised("r2", "r1"))
    for parent in ("r1", None, "r9"):
        with pytest.raises(Conflict):
            store.publish(revised("r3", parent))
    assert store.newest("trainer").revision == "r2"
    with pytest.raises(NotFound):
        store.revision("r3")


def test_it_lets_one_of_many_win_when_all_publish_on_the_same_parent(store, revised):
    def try_it(number: int) -> bool:
        try:
            store.publish(revised(f"x{number}", "r1"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(16))) == 1
    assert len(store.history("trainer")) == 2


def test_it_writes_nothing_when_what_is_published_is_live_already(store, revised):
    first = store.newest("trainer")
    assert store.publish(revised("r1", None)) == first
    assert store.publish(revised("r1", "r9")) == first
    assert store.text_of(first.number) == "# r1"
    assert len(store.history("trainer")) == 1


def test_it_rolls_back_by_a_new_line_that_names_the_old_revision(store, revised):
    store.publish(revised("r2", "r1"))
    line = store.publish(revised("r1", "r2", why="roll back"))
    assert store.newest("trainer") == line
    assert [entry.revision for entry in store.history("trainer")] == ["r1", "r2", "r1"]


def test_it_keeps_the_text_with_the_publication(store, revised):
    first = store.newest("trainer")
    second = store.publish(revised("r2", "r1"))
    third = store.publish(revised("r1", "r2", content="# 別のコメント\n"))
    told = [store.text_of(line.number) for line in (first, second, third)]
    assert told == ["# r1", "# r2", "# 別のコメント\n"]
    assert store.revision("r1").content == "# r1"
    with pytest.raises(NotFound):
        store.text_of(third.number + 1)


def test_it_adds_a_line_when_only_the_text_differs(store, revised):
    first = store.newest("trainer")
    second = store.publish(revised("r1", "r1", content="# r1\n"))
    assert (second.revision, second.parent) == ("r1", "r1")
    third = store.publish(revised("r1", "r1"))
    assert store.history("trainer") == (third, second, first)
    assert [store.text_of(line.number) for line in (third, second, first)] == ["# r1", "# r1\n", "# r1"]


def test_it_writes_nothing_when_only_line_ends_differ(store, revised):
    line = store.publish(revised("r2", "r1", content="# r2\nbank: trainer\n"))
    assert store.publish(revised("r2", "r1", content="# r2\r\nbank: trainer\r\n")) == line
    assert store.text_of(line.number) == "# r2\nbank: trainer\n"


def test_it_refuses_another_text_that_does_not_stand_on_what_is_live(store, revised):
    seen = store.newest("trainer")
    store.publish(revised("r1", "r1", content="# theirs"))
    with pytest.raises(Conflict):
        store.publish(revised("r1", "r1", content="# mine", after=seen.number))
    with pytest.raises(Conflict):
        store.publish(revised("r1", None, content="# mine"))
    assert store.text_of(store.newest("trainer").number) == "# theirs"


def test_it_lets_one_of_many_win_when_all_publish_other_comments_on_the_same_line(store, revised):
    seen = store.newest("trainer")

    def try_it(number: int) -> bool:
        try:
            store.publish(revised("r1", "r1", content=f"# {number}", after=seen.number))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(12))) == 1
    assert len(store.history("trainer")) == 2


def test_it_keeps_the_cases_with_the_publication(store, revised):
    assert store.cases_of(store.newest("trainer").number) is None
    line = store.publish(revised("r2", "r1", cases="# 例\ncases: []\n"))
    assert store.cases_of(line.number) == "# 例\ncases: []\n"
    assert store.heads()["trainer"] == line
    with pytest.raises(NotFound):
        store.cases_of(line.number + 1)


def test_it_adds_a_line_when_only_the_cases_differ(store, revised):
    first = store.newest("trainer")
    second = store.publish(revised("r1", "r1", cases="cases: []\n"))
    assert (second.revision, second.parent) == ("r1", "r1")
    assert second.number > first.number
    third = store.publish(revised("r1", "r1", cases="cases: [] \n"))
    fourth = store.publish(revised("r1", "r1", cases=""))
    assert store.history("trainer") == (fourth, third, second, first)
    told = [store.cases_of(line.number) for line in store.history("trainer")]
    assert told == ["", "cases: [] \n", "cases: []\n", None]


def test_it_writes_nothing_when_the_same_cases_are_live_already_or_none_are_told(store, revised):
    line = store.publish(revised("r1", "r1", cases="cases: []\n"))
    assert store.publish(revised("r1", "r1", cases="cases: []\n")) == line
    assert store.publish(revised("r1", "r9", cases="cases: []\n")) == line
    assert store.publish(revised("r1", "r1")) == line
    assert len(store.history("trainer")) == 2


def test_it_refuses_other_cases_that_do_not_stand_on_what_is_live(store, revised):
    store.publish(revised("r2", "r1"))
    for parent in ("r1", None):
        with pytest.raises(Conflict):
            store.publish(revised("r2", parent, cases="cases: []\n"))
    assert len(store.history("trainer")) == 2


def test_it_refuses_to_publish_over_cases_that_its_author_has_not_seen(store, revised):
    seen = store.publish(revised("r1", "r1", cases="theirs"))
    store.publish(revised("r1", "r1", cases="somebody else's"))
    for cases in ("mine", "theirs"):
        with pytest.raises(Conflict):
            store.publish(revised("r1", "r1", cases=cases, after=seen.number))
    newest = store.newest("trainer")
    assert store.publish(revised("r1", "r1", cases="mine", after=newest.number)).parent == "r1"


def test_it_rolls_back_the_cases_with_the_revision(store, revised):
    first = store.publish(revised("r1", "r1", cases="old"))
    store.publish(revised("r2", "r1", cases="new"))
    line = store.publish(revised("r1", "r2", cases=store.cases_of(first.number)))
    assert store.cases_of(line.number) == "old"


def test_it_never_lets_one_revision_belong_to_two_banks(store, revised):
    with pytest.raises(Conflict):
        store.publish(revised("r1", None, bank="medical"))
    with pytest.raises(NotFound):
        store.newest("medical")


def test_it_knows_the_head_of_every_bank(store, revised):
    store.publish(revised("r2", "r1"))
    store.publish(revised("m1", None, bank="medical"))
    heads = store.heads()
    assert {bank: line.revision for bank, line in heads.items()} == {"trainer": "r2", "medical": "m1"}
    assert heads["trainer"] == store.newest("trainer")


def test_it_tells_a_bank_or_revision_that_never_was(store):
    with pytest.raises(NotFound):
        store.newest("nothing")
    with pytest.raises(NotFound):
        store.revision("nothing")
    assert store.history("nothing") == ()


def test_it_remembers_per_folder_what_a_file_last_agreed_with(store, revised):
    assert store.in_step("/a", "trainer") is None
    store.mark_in_step(InStep("/a", "trainer", "r1", "digest"))
    store.publish(revised("r2", "r1"))
    store.mark_in_step(InStep("/b", "trainer", "r2", "other"))
    assert store.in_step("/a", "trainer") == InStep("/a", "trainer", "r1", "digest")
    store.mark_in_step(InStep("/a", "trainer", "r2", "new"))
    assert store.in_step("/a", "trainer") == InStep("/a", "trainer", "r2", "new")


def test_it_cannot_be_in_step_with_a_revision_that_never_was(store):
    with pytest.raises(NotFound):
        store.mark_in_step(InStep("/a", "trainer", "r9", "digest"))


def test_it_keeps_a_pinned_revision_for_ever(store, revised, answered, clock):
    token = store.save_result(answered(), "key")
    for number in range(2, 8):
        store.publish(revised(f"r{number}", f"r{number - 1}"))
    clock.advance(days=300)
    store.expire(clock.now)
    assert store.revision(store.result(token).revision).content == "# r1"
