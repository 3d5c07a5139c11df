"""What the library promises of files, the store, and what is served."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quizapp.bank.load import bank_to_json, parse_bank
from quizapp.engine.compile import compile_bank
from quizapp.errors import Conflict, Invalid, NotFound, Unavailable
from quizapp.library.cache import CompiledCache
from quizapp.library.folder import BankFiles, bank_files, replace_file
from quizapp.library.library import Library
from quizapp.store.addresses import open_store
from quizapp.store.protocol import Store
from quizapp.store.records import InStep, ResultDraft, RevisionDraft

ROOT = Path(__file__).parents[1]

BANK = """\
# {comment}
bank: {slug}
title: {{ja: 資格えらび, en: Which one?}}
summary: {{ja: ためしの題, en: A bank for tests}}
sources:
  article: {{title: {{ja: 記事, en: An article}}, file: article.txt, seen: 2026-11-01}}
questions:
  - id: age
    kind: number
    ask: {{ja: 年齢は?, en: How old are you?}}
    grid: {{from: 15, to: 80, unit: years}}
    changeable: false
  - id: goal
    kind: choice
    ask: {{ja: 目的は?, en: What for?}}
    options:
      - {{id: job, label: {{ja: 仕事, en: A job}}}}
      - {{id: fun, label: {{ja: 趣味, en: For fun}}}}
criteria:
  - {{id: goal, weight: 1, label: {{ja: 目的, en: Goal}}, question: goal}}
items:
  - id: first
    kind: certification
    name: {{ja: 一つ目, en: The first}}
    requires:
      - {{id: adult, if: age >= 18, fixed: true, label: {{ja: 18歳以上, en: 18 or older}},
          otherwise: {{ja: 18歳から, en: From 18}}, source: article, line: 1}}
    routes:
      - id: direct
        name: {{ja: 直接, en: Direct}}
        costs: [{{id: exam, label: {{ja: 受験料, en: Exam}}, yen: {yen}, source: article, line: 2}}]
        months: {{from: 1, to: 2}}
    fit:
      goal: {{job: 90, fun: 10}}
  - id: second
    kind: certification
    name: {{ja: 二つ目, en: The second}}
    routes:
      - id: direct
        name: {{ja: 直接, en: Direct}}
        costs: [{{id: exam, label: {{ja: 受験料, en: Exam}}, yen: 2000, source: article, line: 3}}]
        months: {{from: 1, to: 2}}
    fit:
      goal: {{job: 20, fun: 80}}
{more}"""

CASES = """\
cases:
  - id: adult_for_a_job
    label: {{ja: 大人, en: An adult}}
    on: 2026-11-22
    answers: {{age: 30, goal: job}}
    basis: what the bank for tests says
    expect: {{first: {first}}}
"""


def bank(slug: str = "trainer", yen: int = 1000, comment: str = "見出し", more: str = "") -> str:
    return BANK.format(slug=slug, yen=yen, comment=comment, more=more)


class Place:
    """A folder of banks with a store, and libraries that look at both."""

    def __init__(self, folder: Path) -> None:
        self.questions = folder / "questions"
        self.questions.mkdir()
        self.address = str(folder / "instance" / "quizapp.sqlite3")
        self.store: Store = open_store(self.address)
        self.libraries: list[Library] = []

    def write(self, text: str, slug: str = "trainer") -> Path:
        path = self.questions / f"{slug}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def write_cases(self, first: str, slug: str = "trainer") -> None:
        (self.questions / f"{slug}.cases.yaml").write_text(CASES.format(first=first), encoding="utf-8")

    def library(self, watch: bool = False, **options) -> Library:
        clock = lambda: datetime(2026, 11, 22, 3, tzinfo=UTC)  # noqa: E731
        library = Library(self.store, self.questions, clock, **options)
        self.libraries.append(library)
        library.start(watch=watch)
        return library

    def publish_in_the_browser(self, text: str, slug: str = "trainer") -> str:
        loaded = parse_bank(text, "browser")
        parent = self.store.newest(slug).revision
        draft = RevisionDraft(
            slug, loaded.revision, text, bank_to_json(loaded.bank), parent, "browser", "mika", "new fee"
        )
        return self.store.publish(draft).revision

    def close(self) -> None:
        for library in self.libraries:
            library.stop()
        self.store.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def fee(library: Library, slug: str = "trainer") -> int | None:
    return library.live(slug).items[0].routes[0].costs[0].yen


# Two seconds, four times over: a machine may be slow, and busy with other things.
PROMISED = 8.0


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> float:
    """How long it took; fails when it takes longer than allowed."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() - start < seconds, "it took too long"
        time.sleep(0.01)
    return time.monotonic() - start


def codes(library: Library) -> list[str]:
    return [problem.code for problem in library.problems() if not problem.warning]


# Going live


def test_it_publishes_what_is_in_the_folder_at_the_start(place):
    place.write(bank())
    library = place.library()
    assert [entry.slug for entry in library.published()] == ["trainer"]
    entry = library.published()[0]
    assert entry.bank.title.en == "Which one?"
    assert entry.revision == library.live("trainer").revision
    line = place.store.newest("trainer")
    assert (line.revision, line.parent, line.origin) == (entry.revision, None, "file")
    assert place.store.revision(entry.revision).content == bank()


def test_it_takes_a_new_file_live_within_two_seconds(place):
    library = place.library(watch=True)
    assert library.published() == ()
    place.write(bank())
    wait_until(lambda: len(library.published()) == 1, seconds=PROMISED)
    assert fee(library) == 1000


def test_it_takes_an_edit_live_within_two_seconds(place):
    path = place.write(bank())
    library = place.library(watch=True)
    before = library.live("trainer").revision
    path.write_text(bank(yen=1500), encoding="utf-8")
    wait_until(lambda: fee(library) == 1500, seconds=PROMISED)
    assert [line.parent for line in place.store.history("trainer")] == [before, None]


def test_it_takes_live_what_another_process_publishes_within_two_seconds(place):
    place.write(bank())
    library = place.library(watch=True)
    other = open_store(place.address)
    loaded = parse_bank(bank(yen=1700), "other")
    parent = library.live("trainer").revision
    draft = RevisionDraft(
        "trainer", loaded.revision, loaded.text, bank_to_json(loaded.bank), parent, "browser", "mika", "fee"
    )
    other.publish(draft)
    other.close()
    wait_until(lambda: fee(library) == 1700, seconds=PROMISED)


def test_it_does_not_publish_again_what_is_live_already(place):
    place.write(bank())
    place.library()
    place.library()
    assert len(place.store.history("trainer")) == 1


def test_it_reads_no_yaml_at_a_start_when_nothing_has_changed(place, monkeypatch):
    place.write(bank())
    place.library()
    monkeypatch.setattr("quizapp.library.proof.parse_bank", lambda text, file: pytest.fail(f"read {file}"))
    assert fee(place.library()) == 1000


def test_it_takes_a_comment_live_as_a_line_of_the_same_revision(place):
    place.write(bank())
    library = place.library()
    compiled = library.live("trainer")
    place.write(bank(comment="another"))
    library.look(wait_for_quiet=False)
    newest, first = place.store.history("trainer")
    assert newest.revision == first.revision
    assert [place.store.text_of(line.number) for line in (newest, first)] == [bank(comment="another"), bank()]
    # Takers notice nothing: it is the very same bank that goes on being served.
    assert library.live("trainer") is compiled is library.pinned(first.revision)
    assert library.problems() == () and not library.look()
    assert len(place.library().published()) == 1 and len(place.store.history("trainer")) == 2


def test_it_leaves_a_file_alone_until_it_lies_still(place):
    path = place.write(bank())
    library = place.library()
    for yen in (1100, 1200, 1300):
        path.write_text(bank(yen=yen), encoding="utf-8")
        assert library.look() is True
        assert fee(library) == 1000
    assert library.look() is False
    assert fee(library) == 1300
    assert len(place.store.history("trainer")) == 2


def test_it_lets_several_processes_start_on_the_same_new_folder(place):
    for slug in ("trainer", "medical"):
        place.write(bank(slug), slug)
    script = (
        "import sys; from pathlib import Path; from quizapp.library.library import Library;"
        "from quizapp.store.addresses import open_store; store = open_store(sys.argv[1]);"
        "library = Library(store, Path(sys.argv[2])); library.start(watch=False);"
        "print(len(library.published())); store.close()"
    )
    command = [sys.executable, "-c", script, place.address, str(place.questions)]
    started = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in started] == ["2", "2", "2"]
    assert [len(place.store.history(slug)) for slug in ("trainer", "medical")] == [1, 1]


# Staying live


def test_it_keeps_the_live_revision_when_an_edit_is_broken_and_says_why(place, caplog):
    place.write(bank())
    library = place.library()
    place.write(bank().replace("age >= 18", "agee >= 18"))
    library.look(wait_for_quiet=False)
    assert fee(library) == 1000
    assert len(place.store.history("trainer")) == 1
    assert codes(library) != []
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any("agee" in line and "trainer.yaml:" in line for line in said)
    assert any("what was live goes on serving" in line for line in said)


def test_it_says_what_is_broken_once_and_not_at_every_look(place, caplog):
    place.write("bank: trainer\n")
    library = place.library()
    said = len(caplog.records)
    assert said > 0
    for _ in range(5):
        library.look()
    assert len(caplog.records) == said


def test_it_goes_live_when_the_broken_edit_is_mended(place):
    place.write(bank())
    library = place.library()
    place.write("bank: [")
    library.look(wait_for_quiet=False)
    place.write(bank(yen=1800))
    library.look(wait_for_quiet=False)
    assert fee(library) == 1800
    assert codes(library) == []


def test_it_does_not_publish_a_bank_whose_case_fails_until_the_case_is_mended(place):
    place.write(bank())
    place.write_cases("second")
    library = place.library()
    assert library.published() == ()
    assert codes(library) == ["case_failed"]
    assert "adult_for_a_job" in library.problems()[0].what
    place.write_cases("first")
    library.look(wait_for_quiet=False)
    assert fee(library) == 1000


def test_it_wants_a_file_to_be_called_like_its_bank(place):
    place.write(bank("trainer"), "coach")
    assert codes(place.library()) == ["file_name"]


def test_it_tells_once_of_a_file_that_cannot_be_read(place, caplog):
    (place.questions / "trainer.yaml").symlink_to(place.questions)
    library = place.library()
    said = len(caplog.records)
    assert codes(library) == ["unreadable"]
    assert library.look() is False
    assert len(caplog.records) == said


def test_it_keeps_a_bank_live_when_its_file_is_gone_and_says_so(place, caplog):
    path = place.write(bank())
    library = place.library()
    path.unlink()
    library.look()
    assert fee(library) == 1000
    assert "stays live" in caplog.text


def test_it_goes_on_serving_while_the_store_does_not_answer(place):
    place.write(bank())
    library = place.library()
    assert fee(library) == 1000
    place.store.close()
    with pytest.raises(Unavailable):
        library.look()
    assert fee(library) == 1000
    assert len(library.published()) == 1


def test_it_goes_on_watching_after_an_error(place, caplog):
    path = place.write(bank())
    failing = threading.Event()

    def compile_it(bank, revision):
        if failing.is_set():
            raise RuntimeError("out of luck")
        return compile_bank(bank, revision)

    library = place.library(watch=True, compile_it=compile_it)
    failing.set()
    path.write_text(bank(yen=1900), encoding="utf-8")
    wait_until(lambda: codes(library) == ["check_failed"])
    assert "out of luck" in caplog.text
    assert fee(library) == 1000
    failing.clear()
    path.write_text(bank(yen=2000), encoding="utf-8")
    wait_until(lambda: fee(library) == 2000)


def test_it_serves_the_other_banks_when_the_check_of_one_fails_by_a_bug(place):
    place.write(bank("aed"), "aed")
    place.write(bank("trainer"))

    def compile_it(bank, revision):
        if bank.bank == "aed":
            raise RecursionError
        return compile_bank(bank, revision)

    library = place.library(compile_it=compile_it)
    assert [entry.slug for entry in library.published()] == ["trainer"]
    assert codes(library) == ["check_failed"]


def test_it_goes_on_watching_when_the_store_was_away_for_a_while(place, monkeypatch, caplog):
    place.write(bank())
    library = place.library(watch=True)
    away = threading.Event()
    heads = place.store.heads

    def heads_or_not():
        if away.is_set():
            raise Unavailable("the disk is full")
        return heads()

    monkeypatch.setattr(place.store, "heads", heads_or_not)
    away.set()
    place.write(bank(yen=2100))
    wait_until(lambda: "the disk is full" in caplog.text)
    time.sleep(0.6)
    assert caplog.text.count("could not be looked at") == 1
    assert fee(library) == 1000
    away.clear()
    wait_until(lambda: fee(library) == 2100)


def test_it_keeps_the_old_revision_when_one_from_elsewhere_cannot_be_served_here(place, caplog):
    place.write(bank())
    library = place.library()
    parent = library.live("trainer").revision
    draft = RevisionDraft(
        "trainer", "f" * 16, "from the future", '{"format": 2}', parent, "browser", "m", "w"
    )
    place.store.publish(draft)
    for _ in range(3):
        library.look()
    assert fee(library) == 1000
    assert caplog.text.count("cannot be served here") == 1


# When the store has moved on


def in_step_without_its_comments(place, library) -> None:
    """As an earlier version of quizapp left it: the file in step with a text that has other comments."""
    step = place.store.in_step(str(place.questions.resolve()), "trainer")
    files = bank_files(place.questions)["trainer"]
    number = place.store.newest("trainer").number
    place.store.mark_in_step(InStep(step.place, "trainer", step.revision, f"{files.digest()} {number}"))


def test_it_takes_up_comments_that_an_earlier_version_left_in_the_file_alone(place):
    place.write(bank())
    library = place.library()
    place.write(bank(comment="written by hand"))
    in_step_without_its_comments(place, library)
    library.look(wait_for_quiet=False)
    assert place.store.text_of(place.store.newest("trainer").number) == bank(comment="written by hand")
    assert library.problems() == ()


def test_nor_is_it_told_of_a_conflict_where_another_folder_took_up_the_same_comments(place):
    place.write(bank())
    library = place.library()
    place.write(bank(comment="written by hand"))
    in_step_without_its_comments(place, library)
    place.publish_in_the_browser(bank(comment="written by hand"))
    library.look(wait_for_quiet=False)
    assert library.problems() == ()
    assert place.store.text_of(place.store.newest("trainer").number) == bank(comment="written by hand")


def test_a_comment_in_the_file_overwrites_none_that_was_published_in_the_browser(place):
    path = place.write(bank())
    library = place.library()
    place.publish_in_the_browser(bank(comment="mika's"))
    place.write(bank(comment="in the file"))
    library.look(wait_for_quiet=False)
    (problem,) = library.problems()
    assert problem.code == "store_moved_on" and "older text of revision" in problem.what
    assert place.store.text_of(place.store.newest("trainer").number) == bank(comment="mika's")
    library.settle("trainer", "file")
    assert place.store.text_of(place.store.newest("trainer").number) == bank(comment="in the file")
    assert library.problems() == () and path.read_text(encoding="utf-8") == bank(comment="in the file")


def test_it_settles_by_bringing_the_newest_comments_into_the_file(place):
    path = place.write(bank())
    library = place.library()
    place.publish_in_the_browser(bank(comment="mika's"))
    library.look(wait_for_quiet=False)
    assert [problem.code for problem in library.problems()] == ["file_behind"]
    library.settle("trainer", "live")
    assert path.read_text(encoding="utf-8") == bank(comment="mika's")
    assert library.problems() == () and len(place.store.history("trainer")) == 2


def test_line_ends_alone_are_no_other_text(place):
    path = place.write(bank())
    library = place.library()
    path.write_bytes(bank().replace("\n", "\r\n").encode())
    library.look(wait_for_quiet=False)
    assert len(place.store.history("trainer")) == 1 and library.problems() == ()
    library.publish("trainer", bank(comment="new"), None, 1, "mika", "because")
    assert path.read_bytes() == bank(comment="new").replace("\n", "\r\n").encode()
    library.look(wait_for_quiet=False)
    assert len(place.store.history("trainer")) == 2 and library.problems() == ()


def test_it_overwrites_nothing_when_file_and_store_have_both_changed(place, caplog):
    place.write(bank())
    library = place.library()
    newest = place.publish_in_the_browser(bank(yen=3000))
    mine = place.write(bank(yen=4000))
    library.look(wait_for_quiet=False)
    assert place.store.newest("trainer").revision == newest
    assert fee(library) == 3000
    assert mine.read_text(encoding="utf-8") == bank(yen=4000)
    (problem,) = [entry for entry in library.problems() if not entry.warning]
    assert problem.code == "store_moved_on"
    assert "mika" in problem.why
    assert "new fee" in problem.why
    assert "--keep file" in problem.fix
    assert "--keep live" in problem.fix
    assert str(problem) in caplog.text


def test_it_tells_the_conflict_again_after_a_restart(place):
    place.write(bank())
    place.library()
    newest = place.publish_in_the_browser(bank(yen=3000))
    place.write(bank(yen=4000))
    for _ in range(2):
        assert codes(place.library()) == ["store_moved_on"]
    assert place.store.newest("trainer").revision == newest


def test_it_leaves_an_unchanged_file_alone_when_the_store_has_moved_on(place):
    place.write(bank())
    place.library()
    newest = place.publish_in_the_browser(bank(yen=3000))
    library = place.library()
    assert fee(library) == 3000
    assert codes(library) == []
    assert [problem.code for problem in library.problems()] == ["file_behind"]
    assert place.store.newest("trainer").revision == newest


def test_it_publishes_an_old_text_when_the_file_goes_back_to_it_on_purpose(place):
    place.write(bank())
    library = place.library()
    for yen in (1500, 1000):
        place.write(bank(yen=yen))
        library.look(wait_for_quiet=False)
        assert fee(library) == yen
    assert len(place.store.history("trainer")) == 3


def test_it_knows_a_moved_folder_by_what_it_holds(place, tmp_path):
    place.write(bank())
    place.library()
    place.questions = place.questions.rename(tmp_path / "moved")
    place.write(bank(yen=1600))
    library = place.library()
    assert fee(library) == 1600
    assert codes(library) == []


def test_it_does_not_let_a_folder_it_never_saw_undo_what_was_published_in_the_browser(place):
    place.write(bank())
    place.library(place="one machine")
    place.publish_in_the_browser(bank(yen=3000))
    place.write(bank(yen=4000))
    library = place.library(place="another machine")
    assert codes(library) == ["store_moved_on"]
    assert fee(library) == 3000


def test_it_settles_a_conflict_by_publishing_the_file(place):
    place.write(bank())
    library = place.library()
    theirs = place.publish_in_the_browser(bank(yen=3000))
    place.write(bank(yen=4000))
    library.look(wait_for_quiet=False)
    line = library.settle("trainer", keep="file")
    assert line.parent == theirs
    assert fee(library) == 4000
    assert codes(library) == []
    assert codes(place.library()) == []


def test_it_sees_that_a_conflict_was_settled_by_another_process(place):
    place.write(bank())
    library = place.library(watch=True)
    place.publish_in_the_browser(bank(yen=3000))
    place.write(bank(yen=4000))
    wait_until(lambda: codes(library) == ["store_moved_on"])
    place.library().settle("trainer", keep="file")
    wait_until(lambda: fee(library) == 4000 and codes(library) == [])


def test_it_settles_a_conflict_by_bringing_the_live_revision_into_the_file(place):
    place.write(bank())
    library = place.library()
    newest = place.publish_in_the_browser(bank(yen=3000, comment="mika's"))
    path = place.write(bank(yen=4000))
    assert library.settle("trainer", keep="live").revision == newest
    assert path.read_text(encoding="utf-8") == bank(yen=3000, comment="mika's")
    assert (path.parent / "trainer.yaml.before").read_text(encoding="utf-8") == bank(yen=4000)
    assert fee(library) == 3000
    assert library.problems() == ()
    place.write(bank(yen=5000))
    library.look(wait_for_quiet=False)
    assert fee(library) == 5000


def test_it_settles_nothing_with_a_broken_file_or_a_bank_there_is_not(place):
    place.write(bank())
    library = place.library()
    newest = place.publish_in_the_browser(bank(yen=3000))
    place.write("bank: [")
    with pytest.raises(Invalid):
        library.settle("trainer", keep="file")
    with pytest.raises(NotFound):
        library.settle("nothing", keep="file")
    assert place.store.newest("trainer").revision == newest


# What is served


def test_it_serves_a_pinned_revision_for_ever(place):
    place.write(bank())
    library = place.library()
    old = library.live("trainer").revision
    token = place.store.save_result(
        ResultDraft("trainer", old, date(2026, 11, 22), {"age": 30}, "ja", "owner"), "key"
    )
    for yen in range(2000, 2005):
        place.write(bank(yen=yen))
        library.look(wait_for_quiet=False)
    (place.questions / "trainer.yaml").unlink()
    again = place.library()
    pinned = again.pinned(place.store.result(token).revision)
    assert pinned.items[0].routes[0].costs[0].yen == 1000
    assert fee(again) == 2004


def test_it_knows_no_bank_or_revision_that_was_never_published(place):
    library = place.library()
    with pytest.raises(NotFound):
        library.live("trainer")
    with pytest.raises(NotFound):
        library.pinned("0" * 16)


def test_it_lists_the_first_step_first_then_what_it_leads_to_then_by_name(place):
    lead = bank("first_step").replace(
        "    kind: certification\n", "    kind: certification\n    leads_to: zumba\n", 1
    )
    for slug, text in {
        "first_step": lead,
        "yoga": bank("yoga"),
        "zumba": bank("zumba"),
        "aed": bank("aed"),
    }.items():
        place.write(text, slug)
    assert [entry.slug for entry in place.library().published()] == ["first_step", "zumba", "aed", "yoga"]


def test_it_takes_only_bank_files_for_banks(place):
    for name in (
        ".trainer.yaml",
        "trainer.cases.yaml",
        "Trainer.yaml",
        "trainer (copy).yaml",
        "trainer.yaml~",
        "x.yml",
    ):
        (place.questions / name).write_text("", encoding="utf-8")
    assert bank_files(place.questions) == {}
    assert bank_files(place.questions / "nowhere") == {}


def test_it_replaces_a_file_whole_and_keeps_what_stood_there(tmp_path):
    path = tmp_path / "a.yaml"
    replace_file(path, "one\r\n")
    replace_file(path, "二")
    assert path.read_text(encoding="utf-8") == "二"
    assert (tmp_path / "a.yaml.before").read_bytes() == b"one\r\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.yaml", "a.yaml.before"]


def test_it_sees_every_change_of_a_file_in_stamp_and_digest(tmp_path):
    files = BankFiles(tmp_path / "a.yaml")
    seen = {(files.stamp(), files.digest())}
    files.path.write_text("1", encoding="utf-8")
    seen.add((files.stamp(), files.digest()))
    replace_file(files.path, "2")
    seen.add((files.stamp(), files.digest()))
    files.cases.write_text("2", encoding="utf-8")
    seen.add((files.stamp(), files.digest()))
    assert len({stamp for stamp, _ in seen}) == len({digest for _, digest in seen}) == 4


# The cache of compiled banks


def compiled_as(revision: str):
    return compile_bank(parse_bank(bank(), "test").bank, revision)


def test_it_builds_a_revision_once_however_many_ask_at_the_same_time():
    built, ready = [], threading.Barrier(8)

    def build(revision: str):
        built.append(revision)
        time.sleep(0.05)
        return compiled_as(revision)

    cache = CompiledCache(build)
    got = []

    def ask() -> None:
        ready.wait()
        got.append(cache.get("r1"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == ["r1"]
    assert len({id(compiled) for compiled in got}) == 1


def test_it_drops_what_was_not_asked_for_longest():
    built = []
    cache = CompiledCache(lambda revision: built.append(revision) or compiled_as(revision), room=2)
    for revision in ("a", "b", "a", "c", "a", "b"):
        assert cache.get(revision).revision == revision
    assert built == ["a", "b", "c", "b"]


def test_it_tries_again_after_a_failure_to_build():
    answers = iter([Conflict("not now"), compiled_as("r1")])

    def build(revision: str):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cache = CompiledCache(build)
    with pytest.raises(Conflict):
        cache.get("r1")
    assert cache.get("r1").revision == "r1"


def test_it_keeps_what_was_compiled_elsewhere():
    cache = CompiledCache(lambda revision: pytest.fail("built"))
    compiled = compiled_as("r1")
    cache.put(compiled)
    assert cache.get("r1") is compiled


# Cases


def test_it_keeps_the_cases_with_what_it_publishes(place):
    place.write(bank())
    place.write_cases("first")
    place.library()
    assert place.store.cases_of(place.store.newest("trainer").number) == CASES.format(first="first")


def test_it_adds_a_line_to_the_history_when_only_the_cases_change(place):
    place.write(bank())
    library = place.library()
    place.write_cases("first")
    library.look(wait_for_quiet=False)
    lines = place.store.history("trainer")
    assert [place.store.cases_of(line.number) for line in lines] == [CASES.format(first="first"), ""]
    assert len({line.revision for line in lines}) == 1
    assert library.problems() == place.library().problems() == ()
    assert len(place.store.history("trainer")) == 2


def test_it_tells_the_cases_of_what_an_earlier_version_published_without_them(place):
    place.write(bank())
    place.write_cases("first")
    loaded = parse_bank(bank(), "earlier")
    line = place.store.publish(
        RevisionDraft(
            "trainer", loaded.revision, bank(), bank_to_json(loaded.bank), None, "file", "file", "new"
        )
    )
    seen = BankFiles(place.questions / "trainer.yaml").digest()
    place.store.mark_in_step(InStep(str(place.questions.resolve()), "trainer", line.revision, seen))
    library = place.library()
    newest = place.store.newest("trainer")
    assert (newest.revision, place.store.cases_of(newest.number)) == (
        line.revision,
        CASES.format(first="first"),
    )
    place.write(bank(yen=1500))
    library.look(wait_for_quiet=False)
    assert fee(library) == 1500


def test_it_does_not_let_a_file_undo_cases_that_were_published_in_the_browser(place):
    place.write(bank())
    place.write_cases("first")
    library = place.library()
    head = place.store.newest("trainer")
    kept = place.store.revision(head.revision)
    cases = CASES.format(first="first") + "# one more word\n"
    place.store.publish(
        RevisionDraft(
            "trainer",
            head.revision,
            kept.content,
            kept.parsed,
            head.revision,
            "browser",
            "mika",
            "cases",
            cases,
        )
    )
    place.write(bank(yen=4000))
    library.look(wait_for_quiet=False)
    assert codes(library) == ["store_moved_on"]
    assert fee(library) == 1000


def test_it_settles_a_conflict_by_bringing_the_live_cases_into_the_file(place):
    place.write(bank())
    place.write_cases("first")
    library = place.library()
    library.publish("trainer", bank(yen=1100), None, place.store.newest("trainer").number, "mika", "no cases")
    cases = place.questions / "trainer.cases.yaml"
    place.write_cases("second")
    library.settle("trainer", keep="live")
    assert not cases.exists()
    assert cases.with_name("trainer.cases.yaml.before").exists()
    assert library.problems() == ()


# Publishing in the browser


def test_it_serves_at_once_what_is_published_and_refuses_a_parent_that_is_not_the_newest(place):
    place.write(bank())
    library = place.library()
    number = place.store.newest("trainer").number
    done = library.publish("trainer", bank(yen=1500), "", number, "mika", "fee")
    assert fee(library) == 1500 and done.written_back
    assert library.published()[0].publication == done.publication
    for parent in (number, None):
        with pytest.raises(Conflict):
            library.publish("trainer", bank(yen=1600), "", parent, "ken", "fee")
    with pytest.raises(Invalid):
        library.publish("trainer", "bank: [", "", done.publication.number, "ken", "fee")
    assert fee(library) == 1500
    assert sorted(path.name for path in place.questions.iterdir()) == ["trainer.yaml"]


def test_the_watch_does_not_fight_with_publishing(place):
    place.write(bank())
    place.write_cases("first")
    library = place.library(watch=True, compile_it=compile_bank)
    for yen in range(1100, 1900, 100):
        number = place.store.newest("trainer").number
        text = bank(yen=yen)
        assert library.publish(
            "trainer", text, CASES.format(first="first"), number, "mika", "fee"
        ).written_back
        time.sleep(0.1)
    time.sleep(1)
    assert library.problems() == ()
    assert len(place.store.history("trainer")) == 9
    assert fee(library) == 1800


def test_it_says_when_the_file_holds_already_what_is_published(place):
    path = place.write(bank())
    library = place.library()
    path.write_text(bank(yen=1500), encoding="utf-8")
    done = library.publish("trainer", bank(yen=1500), "", place.store.newest("trainer").number, "mika", "fee")
    assert done.written_back
    assert library.problems() == ()


def test_it_takes_away_what_a_killed_process_left_half_written_and_nothing_else(place):
    stale = [".trainer.yaml.new", ".trainer.cases.yaml.ab12_xyz.new", "..trainer.00ff00ff.writing.new"]
    others = [".notes.new", "trainer.yaml.new", ".trainer.yaml.ab12_xyy.new"]
    for name in (*stale, *others):
        (place.questions / name).write_text("half", encoding="utf-8")
        if name != others[-1]:
            os.utime(place.questions / name, (0, 0))
    place.library()
    assert sorted(path.name for path in place.questions.iterdir()) == sorted(others)


def test_a_journal_that_is_none_harms_nothing(place):
    place.write(bank())
    for name, held in {
        ".trainer.00.writing": "{",
        ".trainer.01.writing": '{"after": 0, "revision": "x", "cases": null, "files": [["../x", null, "y"]]}',
        ".other.02.writing": '{"after": 0, "revision": "x", "cases": null, "files": []}',
    }.items():
        (place.questions / name).write_text(held, encoding="utf-8")
    assert fee(place.library()) == 1000
    assert not (place.questions.parent / "x").exists()
