"""Taking a quiz without JavaScript: on, back, change, skip, reload, two tabs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from quizapp.engine.answers import known_answers, shown_screens
from tests.web.conftest import BEGINNER, CASES
from tests.web.visitor import Visitor

BANK = "personal_trainer"
BANKS = sorted({bank for bank, _, _ in CASES})


def test_the_first_page_says_what_it_is_what_is_kept_who_pays_and_when_it_was_checked(
    visitor: Visitor,
) -> None:
    words = visitor.get("/").words
    for said in (
        "10問ほど",
        "約3分",
        "365日間保存",
        "名前・メール・登録はいりません",
        "広告もありません",
        "2026年11月22日",
    ):
        assert said in words


@pytest.mark.parametrize("bank", BANKS)
def test_a_banks_first_page_says_how_many_questions_and_how_long(visitor: Visitor, bank: str) -> None:
    words = visitor.get(f"/quiz/{bank}").words
    assert re.search(r"最大\d+問", words)
    assert re.search(r"約\d+分", words)


@pytest.mark.parametrize(
    ("bank", "case", "answers"), CASES, ids=[f"{bank}-{case}" for bank, case, _ in CASES]
)
def test_every_written_taker_gets_from_start_to_result(
    app: Flask, bank: str, case: str, answers: dict
) -> None:
    visitor = Visitor(app.test_client())
    visitor.finish(bank, answers)
    assert visitor.status == 200
    english = Visitor(app.test_client())
    english.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert re.search(r'<html lang="en">', english.get(visitor.path).page)


def test_every_screen_says_how_far_one_is(visitor: Visitor) -> None:
    visitor.begin(BANK)
    assert "質問 1 / 12" in visitor.words
    visitor.answer(BEGINNER)
    assert "質問 2 / 12" in visitor.words


def test_back_leads_to_the_screen_before_with_its_answer_still_chosen(visitor: Visitor) -> None:
    visitor.begin(BANK)
    first = visitor.path
    visitor.answer(BEGINNER)
    back = re.search(r'class="back" href="([^"]+)"', visitor.page)
    assert back and back[1] == first
    visitor.get(back[1])
    assert re.search(r'value="gym_job" checked', visitor.page)


def test_a_changed_answer_comes_straight_back_to_check_your_answers(visitor: Visitor) -> None:
    visitor.take(BANK, BEGINNER)
    assert "25歳" in visitor.words
    visitor.get(f"/quiz/{BANK}/age?from=check")
    assert "変更して戻る" in visitor.words
    visitor.post(f"/quiz/{BANK}/age?from=check", "answers", {"age": "31"})
    assert visitor.path == f"/quiz/{BANK}/check"
    assert "31歳" in visitor.words


def test_leaving_a_question_open_is_an_answer_of_its_own(visitor: Visitor) -> None:
    visitor.begin(BANK)
    first = visitor.path
    visitor.answer({})
    assert visitor.path != first
    visitor.get(first)
    assert re.search(r'value="-" checked', visitor.page)


def test_a_whole_quiz_left_open_still_gives_a_result_with_ranges(visitor: Visitor) -> None:
    visitor.finish(BANK, {})
    assert "幅で示しています" in visitor.words


def test_nothing_chosen_is_told_above_and_beside_in_the_same_words(visitor: Visitor) -> None:
    visitor.begin(BANK)
    visitor.post(visitor.path, "answers", {})
    assert visitor.status == 422
    told = "1つ選んでください。迷うときは「わからない・あとで」を選べます。"
    assert visitor.words.count(told) == 2
    assert re.search(r'<a href="#q-trainer_goal-0">', visitor.page)


def test_nothing_typed_is_lost_when_it_cannot_be_read(visitor: Visitor) -> None:
    visitor.begin(BANK).get(f"/quiz/{BANK}/age")
    visitor.post(f"/quiz/{BANK}/age", "answers", {"age": "二十五"})
    assert visitor.status == 422
    assert 'value="二十五"' in visitor.page
    assert 'aria-invalid="true"' in visitor.page


@pytest.mark.parametrize("typed", ["25", "２５", " 25 ", "25歳", "25才"])
def test_numbers_are_read_as_people_type_them(visitor: Visitor, typed: str) -> None:
    visitor.begin(BANK).get(f"/quiz/{BANK}/age")
    visitor.post(f"/quiz/{BANK}/age", "answers", {"age": typed})
    assert "25歳" in visitor.get(f"/quiz/{BANK}/check").words


def test_reloading_and_a_second_tab_show_the_same(visitor: Visitor) -> None:
    visitor.begin(BANK).answer(BEGINNER)
    second = visitor.path
    before = re.sub(r'value="[^"]{60,}"', "", visitor.page)
    assert re.sub(r'value="[^"]{60,}"', "", visitor.get(second).page) == before
    visitor.get(f"/quiz/{BANK}/trainer_goal")
    visitor.post(f"/quiz/{BANK}/trainer_goal", "answers", {"trainer_goal": "independent"})
    visitor.get(second).answer(BEGINNER)
    assert "独立や副業" in visitor.get(f"/quiz/{BANK}/check").words


def test_an_answer_given_once_is_used_in_another_bank_that_asks_the_same(visitor: Visitor) -> None:
    visitor.take(BANK, BEGINNER)
    words = visitor.get("/quiz/first_step").words
    assert "引き継いでいます" in words
    assert "25歳" in words
    visitor.post("/quiz/first_step", "begin")
    assert visitor.path != "/quiz/first_step/age"


def test_starting_over_forgets_the_answers_to_this_bank(visitor: Visitor) -> None:
    visitor.take(BANK, BEGINNER).get(f"/quiz/{BANK}")
    visitor.post(f"/quiz/{BANK}", "begin", {"fresh": "yes"})
    assert "質問 1 / 12" in visitor.words
    assert "25歳" not in visitor.get(f"/quiz/{BANK}/check").words


def test_answers_can_be_removed_from_the_browser(visitor: Visitor) -> None:
    visitor.take(BANK, BEGINNER)
    visitor.post("/forget", "forget")
    assert "25歳" not in visitor.get(f"/quiz/{BANK}/check").words


def test_a_screen_that_is_not_asked_leads_on_and_an_unknown_one_is_not_found(app: Flask) -> None:
    compiled = app.extensions["quizapp"].library.live(BANK)
    asked = {screen.id for screen in shown_screens(compiled, known_answers(compiled, BEGINNER))}
    hidden = {question.screen or question.id for question in compiled.bank.questions} - asked
    visitor = Visitor(app.test_client()).take(BANK, BEGINNER)
    assert hidden
    assert visitor.get(f"/quiz/{BANK}/{min(hidden)}").path == f"/quiz/{BANK}/check"
    assert visitor.get(f"/quiz/{BANK}/no_such_screen").status == 404


def test_an_empty_box_counts_as_none_where_the_page_says_so(visitor: Visitor) -> None:
    visitor.begin(BANK)
    while "空けたままの欄は、0として数えます" not in visitor.words:
        visitor.answer(BEGINNER)
    names = re.findall(r'<input type="text"[^>]* name="([a-z_]+)"', visitor.page)
    visitor.post(visitor.path, "answers", dict.fromkeys(names, ""))
    assert visitor.status == 200
    assert visitor.get(f"/quiz/{BANK}/check").words.count(" 0年 ") == len(names)


def test_the_day_of_the_result_is_the_day_in_japan(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    visitor.finish(BANK, BEGINNER)
    on = app.extensions["quizapp"].today()
    assert isinstance(on, date)
    assert f"{on.year}年{on.month}月{on.day}日時点" in visitor.words


@pytest.mark.parametrize(("bank", "screen"), [("medical_office", "limits"), ("first_step", "first_means")])
def test_no_budget_given_is_not_taken_for_a_budget_of_nothing(
    visitor: Visitor, bank: str, screen: str
) -> None:
    visitor.begin(bank).get(f"/quiz/{bank}/{screen}")
    assert "0として数えます" not in visitor.words
    visitor.post(f"/quiz/{bank}/{screen}", "answers", {"budget": "", "months": "6"})
    assert visitor.status == 422
    assert "数字を入れるか、「わからない・あとで」を選んでください" in visitor.words
