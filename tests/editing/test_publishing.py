"""Publishing from a draft: what forbids it, what becomes of file, draft and audit log."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from quizapp.editing.proposal import published
from quizapp.editing.publishing import discard, publish, reopen, roll_back
from quizapp.editing.review import differences_between
from quizapp.editing.workshop import Clashing
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.library.back import EDITED, UNWRITABLE
from quizapp.library.folder import bank_files
from quizapp.library.library import Library
from quizapp.store.records import InStep
from tests.editing.desk import CASES, ON, Desk, bank


def put_live(desk: Desk, draft, who: str = "mika", why: str = "受験料の改定", case_reason: str = ""):
    return publish(desk.store, desk.library, desk.workshop, draft, desk.editor(who), why, case_reason, ON)


def refuse(path: Path, text: str) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_it_puts_a_draft_live_writes_the_file_and_closes_the_draft(desk: Desk) -> None:
    draft = desk.draft(bank(yen=1500))
    done = put_live(desk, draft)
    assert (done.written_back, done.why_not) == (True, "")
    assert desk.fee() == 1500
    assert desk.file() == bank(yen=1500)
    line = desk.store.newest("trainer")
    assert (line, line.who, line.why, line.origin) == (done.publication, "mika", "受験料の改定", "browser")
    assert desk.store.cases_of(line.number) == CASES.format(first="first")
    assert desk.store.draft(draft.id).state == "published"
    entry = desk.store.entries()[0]
    assert (entry.who, entry.did, entry.bank) == ("mika", "published", "trainer")
    assert entry.about["revision"] == line.revision
    assert entry.about["first_changed"] == 0.0


def test_the_watch_finds_nothing_to_do_after_publishing(desk: Desk) -> None:
    put_live(desk, desk.draft(bank(yen=1500)))
    for library in (desk.library, desk.again().library):
        library.look(wait_for_quiet=False)
        assert library.problems() == ()
    assert len(desk.store.history("trainer")) == 2


def test_a_file_edited_after_publishing_goes_live_on_top_of_it(desk: Desk) -> None:
    put_live(desk, desk.draft(bank(yen=1500)))
    desk.write(bank(yen=1700))
    desk.library.look(wait_for_quiet=False)
    assert desk.fee() == 1700
    assert desk.library.problems() == ()


def test_it_refuses_problems_all_at_once(desk: Desk) -> None:
    broken = bank().replace("age >= 18", "agee >= 18").replace("job: 90, fun: 10", "job: 90")
    draft = desk.draft(broken, CASES.format(first="nobody"))
    with pytest.raises(Invalid) as error:
        put_live(desk, draft, why=" ")
    assert {"unknown_name", "unknown_item", "no_reason", "no_case_reason"} <= set(codes(error))
    assert desk.fee() == 1000
    assert desk.store.draft(draft.id).state == "open"


def test_it_refuses_a_failing_case(desk: Desk) -> None:
    draft = desk.draft(bank().replace("job: 90", "job: 5"))
    with pytest.raises(Invalid) as error:
        put_live(desk, draft)
    assert codes(error) == ["case_failed"]
    assert "adult_for_a_job" in error.value.problems[0].what


def test_a_case_may_be_changed_with_a_reason_which_is_kept(desk: Desk) -> None:
    draft = desk.draft(bank().replace("job: 90", "job: 5"), CASES.format(first="second"))
    with pytest.raises(Invalid) as error:
        put_live(desk, draft)
    assert codes(error) == ["no_case_reason"]
    done = put_live(desk, draft, case_reason="二つ目のほうが仕事に近い")
    assert done.publication.why == "受験料の改定 / 二つ目のほうが仕事に近い"
    assert desk.store.entries()[0].about["case_reason"] == "二つ目のほうが仕事に近い"
    assert desk.cases().read_text(encoding="utf-8") == CASES.format(first="second")
    assert desk.store.entries()[0].about["first_changed"] > 0.3


def test_removing_the_cases_wants_a_reason_and_keeps_the_file_beside(desk: Desk) -> None:
    draft = desk.draft(bank(), "# none left\ncases: []\n")
    with pytest.raises(Invalid) as error:
        put_live(desk, draft)
    assert codes(error) == ["no_case_reason"]
    assert put_live(desk, draft, case_reason="too old").written_back
    assert not desk.cases().exists()
    assert desk.cases().with_name("trainer.cases.yaml.before").exists()
    assert desk.store.cases_of(desk.store.newest("trainer").number) == ""
    desk.library.look(wait_for_quiet=False)
    assert desk.library.problems() == ()


def test_it_refuses_what_changes_nothing(desk: Desk) -> None:
    with pytest.raises(Invalid) as error:
        put_live(desk, desk.draft(bank()))
    assert codes(error) == ["nothing_changed"]


def test_a_comment_goes_into_the_file(desk: Desk) -> None:
    assert put_live(desk, desk.draft(bank(comment="new words"))).written_back
    assert desk.file() == bank(comment="new words")
    desk.library.look(wait_for_quiet=False)
    assert desk.library.problems() == ()


def test_a_comment_alone_is_a_line_of_history_and_the_next_draft_begins_with_it(desk: Desk) -> None:
    served = desk.library.live("trainer")
    done = put_live(desk, desk.draft(bank(comment="new words")))
    newest, first = desk.store.history("trainer")
    assert newest == done.publication and newest.revision == first.revision
    assert [published(desk.store, line).text for line in (newest, first)] == [
        bank(comment="new words"),
        bank(),
    ]
    found = differences_between(published(desk.store, first), published(desk.store, newest))
    assert (found.bank, found.cases, found.same) == ((), (), False)
    assert desk.workshop.open("trainer", desk.editor().id).text == bank(comment="new words")
    assert desk.library.live("trainer") is served


def test_the_second_of_two_comments_sees_the_first(desk: Desk) -> None:
    mine, theirs = desk.draft(bank(comment="mine")), desk.draft(bank(comment="theirs"), name="ken")
    put_live(desk, theirs, who="ken")
    with pytest.raises(Conflict):
        put_live(desk, mine)
    with pytest.raises(Clashing) as clashing:
        desk.workshop.catch_up(mine.id, {})
    assert clashing.value.joined is not None
    (clash,) = clashing.value.joined.clashes
    assert (clash.base, clash.mine, clash.theirs) == ("# 見出し\n", "# mine\n", "# theirs\n")
    caught = desk.workshop.catch_up(mine.id, {"bank": {clash.address: "mine"}})
    assert caught.text == bank(comment="mine")
    assert put_live(desk, caught).written_back and desk.file() == bank(comment="mine")
    texts = [published(desk.store, line).text for line in desk.store.history("trainer")]
    assert texts == [bank(comment="mine"), bank(comment="theirs"), bank()]


def test_comments_of_both_in_other_places_come_together(desk: Desk) -> None:
    above = bank().replace("questions:", "# asked in this order\nquestions:")
    mine = desk.draft(above.replace("yen: 1000", "yen: 1500"))
    put_live(desk, desk.draft(bank(comment="theirs", yen=1000), name="ken"), who="ken")
    caught = desk.workshop.catch_up(mine.id, {})
    assert caught.text == bank(comment="theirs", yen=1500).replace(
        "questions:", "# asked in this order\nquestions:"
    )


def test_rolling_back_brings_back_the_comments_of_that_line(desk: Desk) -> None:
    put_live(desk, desk.draft(bank(comment="second")))
    put_live(desk, desk.draft(bank(comment="third", yen=1500)))
    second = desk.store.history("trainer")[1]
    done = roll_back(desk.store, desk.library, "trainer", second.number, desk.editor(), "better")
    assert published(desk.store, done.publication).text == desk.file() == bank(comment="second")
    first = desk.store.history("trainer")[-1]
    done = roll_back(desk.store, desk.library, "trainer", first.number, desk.editor(), "the first words")
    assert done.publication.revision == second.revision and done.written_back
    assert published(desk.store, done.publication).text == desk.file() == bank()
    assert len(desk.store.history("trainer")) == 5


def test_a_comment_in_the_file_is_what_the_next_draft_begins_with(desk: Desk) -> None:
    begun = desk.draft(bank(yen=1500))
    desk.write(bank(comment="written by hand"))
    desk.library.look(wait_for_quiet=False)
    assert desk.workshop.behind(begun)
    caught = desk.workshop.catch_up(begun.id, {})
    assert caught.text == bank(yen=1500, comment="written by hand")
    put_live(desk, caught)
    assert desk.file() == bank(yen=1500, comment="written by hand")


def test_comments_that_an_earlier_version_left_in_the_file_alone_stay_in_it(desk: Desk) -> None:
    place, head = str(desk.questions.resolve()), desk.store.newest("trainer")
    desk.write(bank(comment="written by hand"))
    digest = bank_files(desk.questions)["trainer"].digest()
    desk.store.mark_in_step(InStep(place, "trainer", head.revision, f"{digest} {head.number}"))
    put_live(desk, desk.draft(bank(yen=1500)))
    assert desk.file() == bank(yen=1500, comment="written by hand")
    assert published(desk.store, desk.store.newest("trainer")).text == desk.file()
    assert desk.library.problems() == ()


def test_a_file_edited_meanwhile_is_left_as_it_is(desk: Desk) -> None:
    draft = desk.draft(bank(yen=1500))
    desk.write(bank(yen=9999))
    done = put_live(desk, draft)
    assert done.why_not == EDITED
    assert desk.file() == bank(yen=9999)
    assert desk.fee() == 1500
    assert [problem.code for problem in desk.library.problems()] == ["store_moved_on"]


def test_so_is_a_file_of_cases(desk: Desk) -> None:
    draft = desk.draft(bank(yen=1500))
    desk.cases().write_text("# mine\n" + CASES.format(first="first"), encoding="utf-8")
    assert put_live(desk, draft).why_not == EDITED
    assert desk.file() == bank()
    assert desk.cases().read_text(encoding="utf-8").startswith("# mine")
    assert [problem.code for problem in desk.library.problems()] == ["store_moved_on"]


def test_cases_that_only_the_browser_has_are_not_undone_by_the_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = CASES.format(first="first").replace("adult_for_a_job", "another_name")
    draft = desk.draft(bank(), CASES.format(first="first") + more.partition("\n")[2])
    monkeypatch.setattr("quizapp.library.back.put_in_place", refuse)
    assert put_live(desk, draft).why_not == UNWRITABLE
    desk.write(bank(yen=1700))
    desk.library.look(wait_for_quiet=False)
    assert [problem.code for problem in desk.library.problems()] == ["store_moved_on"]
    assert desk.fee() == 1000


def test_a_folder_that_cannot_be_written_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.library.back.put_in_place", refuse)
    done = put_live(desk, desk.draft(bank(yen=1500)))
    assert done.why_not == UNWRITABLE
    assert desk.fee() == 1500
    assert desk.file() == bank()
    assert [problem.code for problem in desk.library.problems()] == ["file_behind"]


def test_a_folder_that_takes_no_files_is_told_once_and_asked_for_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    may = os.access
    monkeypatch.setattr("os.access", lambda path, how: path != desk.questions and may(path, how))
    caplog.set_level("INFO")
    assert put_live(desk, desk.draft(bank(yen=1500))).why_not == UNWRITABLE
    assert (desk.fee(), desk.file()) == (1500, bank())
    for _ in range(2):
        caplog.clear()
        again = Library(desk.store, desk.questions)
        again.start(watch=False)
        # Nobody could follow advice to bring the file up to what is live.
        assert [problem.code for problem in again.problems()] == []
        said = [record.getMessage() for record in caplog.records]
        assert len(said) == 1 and "set QUIZAPP_QUESTIONS to a folder of your own" in said[0]


def test_where_the_second_file_cannot_be_written_the_first_is_put_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quizapp.library import back

    real = back.write_text

    def refuse_the_bank(path: Path, text: str, expected: str | None) -> None:
        if path.name == "trainer.yaml":
            raise OSError(16, "Device or resource busy", str(path))
        real(path, text, expected)

    monkeypatch.setattr(back, "write_text", refuse_the_bank)
    draft = desk.draft(bank(yen=1500), "# a word\n" + CASES.format(first="first"))
    assert put_live(desk, draft).why_not == UNWRITABLE
    assert desk.file() == bank()
    assert desk.cases().read_text(encoding="utf-8") == CASES.format(first="first")
    assert sorted(path.name for path in desk.questions.iterdir()) == ["trainer.cases.yaml", "trainer.yaml"]


def test_a_new_bank_gets_its_file(desk: Desk) -> None:
    who = desk.editor()
    draft = desk.workshop.begin("coach", who.id, bank("coach"), None)
    done = put_live(desk, draft, why="new")
    assert done.written_back
    assert desk.file("coach") == bank("coach")
    assert not desk.cases("coach").exists()
    assert desk.library.live("coach").revision == done.publication.revision
    assert desk.store.entries()[0].about["first_changed"] is None


def test_a_bank_keeps_its_name(desk: Desk) -> None:
    with pytest.raises(Invalid) as error:
        put_live(desk, desk.draft(bank("coach")))
    assert "file_name" in codes(error)


def test_a_draft_that_is_behind_has_to_catch_up(desk: Desk) -> None:
    late = desk.draft(bank(yen=1500), name="ken")
    put_live(desk, desk.draft(bank().replace("job: 90", "job: 80")))
    with pytest.raises(Conflict):
        put_live(desk, late, "ken")
    caught_up = desk.workshop.catch_up(late.id, {})
    put_live(desk, caught_up, "ken")
    assert desk.fee() == 1500
    assert "job: 80" in desk.file()


def test_a_draft_saved_elsewhere_since_is_not_published(desk: Desk) -> None:
    seen = desk.draft(bank(yen=1500))
    desk.store.save_draft(seen.id, seen.version, bank(yen=1600), seen.cases, "another tab")
    with pytest.raises(Conflict):
        put_live(desk, seen)


def test_of_two_publishers_at_once_one_wins_and_nothing_is_lost(desk: Desk) -> None:
    other = desk.again()
    drafts = [
        (desk, desk.draft(bank(yen=1500), name="mika")),
        (other, other.draft(bank(yen=1600), name="ken")),
    ]
    barrier, outcomes = threading.Barrier(2), {}

    def run(at: Desk, draft) -> None:
        who = at.editor("mika" if at is desk else "ken")
        barrier.wait()
        try:
            outcomes[who.name] = publish(at.store, at.library, at.workshop, draft, who, "fee", "", ON)
        except Conflict as error:
            outcomes[who.name] = error

    threads = [threading.Thread(target=run, args=pair) for pair in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    won = [name for name, outcome in outcomes.items() if not isinstance(outcome, Conflict)]
    assert len(outcomes) == 2 and len(won) == 1
    assert len(desk.store.history("trainer")) == 2
    lost = next(draft for at, draft in drafts if (at is desk) != (won == ["mika"]))
    kept = desk.store.draft(lost.id)
    assert (kept.state, kept.text) == ("open", lost.text)
    desk.library.look(wait_for_quiet=False)
    live = desk.store.revision(desk.store.newest("trainer").revision).content
    assert desk.file() == live
    assert desk.library.problems() == ()


def test_it_rolls_back_as_a_new_revision_with_its_cases(desk: Desk) -> None:
    first = desk.store.newest("trainer")
    draft = desk.draft(bank().replace("job: 90", "job: 5"), CASES.format(first="second"))
    put_live(desk, draft, case_reason="better so")
    done = roll_back(desk.store, desk.library, "trainer", first.number, desk.editor(), "a mistake")
    assert done.written_back
    assert done.publication.revision == first.revision
    assert done.publication.number > first.number
    assert desk.file() == bank()
    assert desk.cases().read_text(encoding="utf-8") == CASES.format(first="first")
    assert desk.did()[0] == "rolled_back"
    assert desk.store.entries()[0].about["to"] == first.number
    desk.library.look(wait_for_quiet=False)
    assert desk.library.problems() == ()


def test_a_roll_back_wants_a_reason_and_a_line_of_that_bank(desk: Desk) -> None:
    number = desk.store.newest("trainer").number
    with pytest.raises(Invalid):
        roll_back(desk.store, desk.library, "trainer", number, desk.editor(), "")
    for bank_, line in (("trainer", number + 1), ("nothing", number)):
        with pytest.raises(NotFound):
            roll_back(desk.store, desk.library, bank_, line, desk.editor(), "why")


def test_a_draft_put_away_comes_back(desk: Desk) -> None:
    draft = desk.draft(bank(yen=1500))
    discard(desk.store, draft, desk.editor())
    assert desk.store.draft_of("trainer", desk.editor().id) is None
    assert reopen(desk.store, draft.id, desk.editor()).text == bank(yen=1500)
    assert desk.did()[:2] == ["draft_reopened", "draft_discarded"]


def test_nothing_hidden_is_left_in_the_folder(desk: Desk) -> None:
    put_live(desk, desk.draft(bank(yen=1500)))
    assert sorted(os.listdir(desk.questions)) == ["trainer.cases.yaml", "trainer.yaml"]
