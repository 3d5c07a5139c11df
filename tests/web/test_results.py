"""A kept result: the same for ever, its owner's and the guests' views, sharing and deleting."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.web.allowance import Allowance
from quizapp.web.services import SAVES_A_MINUTE
from tests.web.conftest import BEGINNER, CASES
from tests.web.visitor import Visitor

BANK = "personal_trainer"


def test_the_first_screen_says_what_comes_first_the_total_the_time_and_the_first_step(
    visitor: Visitor,
) -> None:
    visitor.finish(BANK, BEGINNER)
    first_screen = visitor.words[: visitor.words.index("あなたへの順位")]
    for said in (
        "まずは NESTA-PFT",
        "107,500円+テキスト代など",
        "ほかにテキスト代、CPR・AED講習の費用",
        "期間 1〜6か月",
        "最初の一歩",
        "なぜこれが1位か",
    ):
        assert said in first_screen


def test_the_parts_of_a_result_stand_in_the_promised_order(visitor: Visitor) -> None:
    visitor.finish(BANK, BEGINNER)
    parts = [
        "まずは",
        "あなたへの順位",
        "くらべる",
        "いまは選べないもの",
        "ほかにもあります",
        "知っておきたいこと",
        "共有・保存",
    ]
    places = [visitor.words.rindex(part) if part != "まずは" else 0 for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(("bank", "case", "answers"), CASES[::5], ids=[case for _, case, _ in CASES[::5]])
def test_a_ledger_on_the_page_adds_up_to_its_total(app: Flask, bank: str, case: str, answers: dict) -> None:
    page = Visitor(app.test_client())
    page.finish(bank, answers)
    for table in re.findall(r'<details class="ledger".*?</details>', page.page, flags=re.DOTALL):
        figures = re.findall(r'<td class="n">([\d.]+) <small>', table)
        points = [round(float(figure) * 100) for figure in figures]
        assert sum(points[:-1]) == points[-1]


def test_no_price_stands_without_its_kind(visitor: Visitor) -> None:
    visitor.finish(BANK, BEGINNER)
    priced = re.findall(r"<dd><b>([^<]+)</b> <small>([^<]*)</small>", visitor.page)
    assert priced
    assert all(note for _, note in priced)


def test_sending_twice_makes_one_result(app: Flask, visitor: Visitor) -> None:
    first = visitor.finish(BANK, BEGINNER)
    visitor.get(f"/quiz/{BANK}/check").post(f"/quiz/{BANK}/result", "result")
    assert visitor.path == f"/r/{first}"


def test_two_people_with_the_same_answers_have_a_result_each(visitor: Visitor, another: Visitor) -> None:
    assert visitor.finish(BANK, BEGINNER) != another.finish(BANK, BEGINNER)


def test_a_link_opened_by_somebody_else_says_whose_it_is_and_offers_to_begin(
    visitor: Visitor, another: Visitor
) -> None:
    token = visitor.finish(BANK, BEGINNER)
    assert "ほかの人の結果" not in visitor.words
    another.get(f"/r/{token}")
    for said in (
        "ほかの人の結果を見ています",
        "自分でもやってみる",
        "この答えから始める",
        "まずは NESTA-PFT",
    ):
        assert said in another.words
    assert "削除" not in another.words


def test_starting_from_shared_answers_copies_them_to_be_checked(visitor: Visitor, another: Visitor) -> None:
    token = visitor.finish(BANK, BEGINNER)
    another.get(f"/r/{token}").post(f"/r/{token}/answers", "start-from")
    assert another.path == f"/quiz/{BANK}/check"
    assert "25歳" in another.words


def test_answers_taken_off_the_link_are_neither_shown_nor_copied_nor_in_the_api(
    visitor: Visitor, another: Visitor
) -> None:
    token = visitor.finish(BANK, BEGINNER)
    visitor.get(f"/r/{token}/share")
    shown = [id for id in BEGINNER if id != "age"]
    visitor.post(f"/r/{token}/share", "share", {"shown": shown})
    assert "25歳" not in another.get(f"/r/{token}").words
    assert "1件の答えを見せていません" in another.words
    another.post(f"/r/{token}/answers", "start-from")
    assert "25歳" not in another.words
    assert "age" not in another.client.get(f"/api/v1/results/{token}").get_json()["answers"]


def test_deleting_asks_once_and_then_the_link_is_as_if_it_had_never_been(
    visitor: Visitor, another: Visitor
) -> None:
    token = visitor.finish(BANK, BEGINNER)
    visitor.get(f"/r/{token}/delete")
    assert "元には戻せません" in visitor.words
    assert another.get(f"/r/{token}").status == 200
    visitor.post(f"/r/{token}/delete", "delete")
    assert "削除しました" in visitor.words
    gone, unknown = another.get(f"/r/{token}"), Visitor(another.client).get("/r/" + "x" * len(token))
    assert gone.status == unknown.status == 404
    assert gone.words == unknown.words


@pytest.mark.parametrize("page", ["delete", "share"])
def test_only_its_maker_can_decide_about_a_result(visitor: Visitor, another: Visitor, page: str) -> None:
    token = visitor.finish(BANK, BEGINNER)
    assert another.get(f"/r/{token}/{page}").status == 403
    another.get("/")
    another.post(f"/r/{token}/{page}", "language")
    assert another.status == 403
    assert visitor.get(f"/r/{token}").status == 200


def test_a_result_shows_for_ever_what_it_showed(app: Flask, visitor: Visitor) -> None:
    token = visitor.finish(BANK, BEGINNER)
    before = visitor.words
    app.extensions["quizapp"].sheets.forget()
    assert visitor.get(f"/r/{token}").words == before


def test_a_result_is_private_and_kept_out_of_caches_and_search(visitor: Visitor) -> None:
    token = visitor.finish(BANK, BEGINNER)
    headers = visitor.client.get(f"/r/{token}").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_saving_too_fast_is_told_to_wait_and_loses_nothing(start) -> None:
    app = start()
    saves = app.extensions["quizapp"].saves
    visitor = Visitor(app.test_client()).take(BANK, BEGINNER)
    for _ in range(SAVES_A_MINUTE):
        assert saves.wait("127.0.0.1") == 0
    response = visitor.client.post(f"/quiz/{BANK}/result", data={"csrf_token": visitor.tokens()["result"]})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "25歳" in visitor.get(f"/quiz/{BANK}/check").words


def test_an_address_saves_only_so_many_results_in_a_day(start) -> None:
    saves = start(results_per_day=3).extensions["quizapp"].saves
    waits = [saves.wait("192.0.2.1") for _ in range(4)]
    assert waits[:3] == [0, 0, 0] and waits[3] > 60 * 60
    assert saves.wait("192.0.2.2") == 0


def test_an_allowance_refills_evenly() -> None:
    now = 0.0
    allowance = Allowance(2, 10.0, clock=lambda: now)
    assert [allowance.wait("a") for _ in range(3)] == [0.0, 0.0, 5.0]
    now = 5.0
    assert allowance.wait("a") == 0.0


def test_nothing_that_fits_is_said_first_with_what_comes_nearest(visitor: Visitor) -> None:
    visitor.finish(BANK, {**BEGINNER, "budget": 10000})
    assert "予算や期間に収まるものはありませんが、1位は NESTA-PFT です" in visitor.words[:200]
    assert "超過します" in visitor.words


def _lines(visitor: Visitor, start: str, end: str) -> list[str]:
    part = visitor.page[visitor.page.index(start) : visitor.page.index(end)]
    return re.findall(r"<li>([^<]+)</li>", part)


@pytest.mark.parametrize(("bank", "case", "answers"), CASES[::4], ids=[case for _, case, _ in CASES[::4]])
def test_nothing_of_what_would_change_a_result_is_told_twice(
    app: Flask, bank: str, case: str, answers: dict
) -> None:
    page = Visitor(app.test_client())
    page.finish(bank, answers)
    said = re.findall(r"<li>([^<]+(?:なります|収まります)。)</li>", page.page)
    assert len(said) == len(set(said))


def test_it_says_in_words_which_answers_decide_and_what_another_would_change(visitor: Visitor) -> None:
    visitor.finish(BANK, BEGINNER)
    said = _lines(visitor, 'class="firm"', 'id="ranking"')
    assert "予算を107,000円に減らすと、「NSCA-CPT」が1位になります。" in said
    assert "最終学歴:高校" in said


def test_what_opens_an_item_beyond_the_budget_says_so(visitor: Visitor) -> None:
    visitor.finish(BANK, {**BEGINNER, "trainer_certs": []})
    assert "「JATI-ATI」(予算を38,500円超過)を選べるようになります。" in visitor.page


def test_a_line_is_drawn_where_the_budget_ends(visitor: Visitor) -> None:
    visitor.finish(BANK, {**BEGINNER, "budget": 60000})
    ranking = visitor.page[visitor.page.index('id="ranking"') :]
    assert ranking.index('id="item-nsca_cpt"') < ranking.index('class="divider"')
    assert ranking.index('class="divider"') < ranking.index('id="item-nesta_pft"')


def test_while_answers_are_open_it_says_which_to_find_out_and_weighs_nothing(visitor: Visitor) -> None:
    visitor.finish(BANK, {name: BEGINNER[name] for name in ("age", "trainer_goal")})
    assert "いちばんはっきりします" in visitor.words
    assert "100通り" not in visitor.words


def test_every_ranked_item_shows_the_points_and_places_it_can_still_come_to(visitor: Visitor) -> None:
    answers = next(answers for bank, _, answers in CASES if bank == "medical_office")
    visitor.finish("medical_office", {id: answers[id] for id in answers if id != "medical_matters"})
    rows = visitor.page[visitor.page.index('<ol class="rows">') :]
    rows = rows[: rows.index("</ol>")]
    assert re.search(r"<strong>\d+</strong><small>\d+〜\d+</small>", rows)
    assert re.search(r'<span class="meta"><span>\d+〜\d+位</span>', rows)
