"""A new bank begins from a template that passes its check, its cases and its first publishing."""

from __future__ import annotations

import pytest

from quizapp.editing.new_bank import begin_new, template, write_new
from quizapp.editing.publishing import publish
from quizapp.editing.review import review
from quizapp.errors import Conflict, Invalid
from quizapp.library.proof import BankTexts, prove
from tests.editing.desk import ON, Desk

TITLES = [
    ("ネイリスト", "Nail artist"),
    ('"引用" #と: {記号}', "it's: a 'title' # and {more}"),
    ("", ""),
    ("\\n", "SLUG TODAY"),
]


@pytest.mark.parametrize("titles", TITLES)
def test_the_template_passes_its_check_and_its_cases_without_a_warning(titles: tuple[str, str]) -> None:
    made = template("nail_artist", *titles, ON)
    proved = prove(BankTexts(made.bank, made.text, made.cases or "", ("bank", "cases")), ON)
    assert proved.warnings == ()
    title = proved.compiled.bank.title
    assert (title.ja, title.en) == tuple(one or "nail_artist" for one in titles)


def test_it_is_commented_in_both_languages() -> None:
    made = template("nail_artist", "", "", ON)
    comments = [line for line in made.text.splitlines() if line.lstrip().startswith("#")]
    assert len(comments) >= 12
    assert any("passes its check" in line for line in comments)
    assert any("検査に通ります" in line for line in comments)


@pytest.mark.parametrize(
    "slug", ["", "Nail", "1st", "a-b", "../a", "a" * 65, "a.cases", "ネイル", "a\n", "log", "import"]
)
def test_a_name_that_no_bank_can_have_is_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        template(slug, "", "", ON)


@pytest.mark.parametrize("title", ["a\nb", "x" * 201, "\u202eabc"])
def test_so_is_a_title_that_is_no_line(title: str) -> None:
    with pytest.raises(Invalid) as error:
        template("a", title, title, ON)
    assert [problem.where.file for problem in error.value.problems] == ["title_ja", "title_en"]


def test_nothing_is_overwritten(desk: Desk) -> None:
    with pytest.raises(Conflict):
        write_new(desk.questions, template("trainer", "", "", ON))
    desk.cases("coach").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict):
        write_new(desk.questions, template("coach", "", "", ON))
    assert not (desk.questions / "coach.yaml").exists()


def test_a_new_file_goes_live(desk: Desk) -> None:
    write_new(desk.questions, template("coach", "", "", ON))
    desk.library.look(wait_for_quiet=False)
    assert desk.library.live("coach") and desk.library.problems() == ()


def test_a_new_bank_begins_as_a_draft_that_may_be_published(desk: Desk) -> None:
    who = desk.editor()
    draft = begin_new(desk.store, desk.workshop, who, "coach", "コーチ", "Coach", ON)
    assert review(desk.store, draft, ON).may_publish
    done = publish(desk.store, desk.library, desk.workshop, draft, who, "new", "", ON)
    assert done.written_back and desk.file("coach") == draft.text
    with pytest.raises(Conflict):
        begin_new(desk.store, desk.workshop, who, "coach", "", "", ON)
