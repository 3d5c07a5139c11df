"""A hostile bank, and hostile takers, are shown as they are written and run nothing (trust.md 23)."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.model import Grid, Option, Question, Text, Unit
from quizapp.i18n import language
from quizapp.web.forms.reading import LATER, NONE, READERS
from tests.web.hostile import PAYLOAD, hostile_bank
from tests.web.visitor import Visitor

BANK = "first_step"


@pytest.fixture
def hostile(start, tmp_path) -> Flask:
    return start(questions=hostile_bank(tmp_path / "hostile"))


def escaped(page: str) -> bool:
    """Whether nothing of the payload became an element, an attribute or a template's result."""
    return not re.search(r"<(script|img|svg) ?(src=x|onload|>window)", page) and " 49 " not in page


def test_every_page_of_a_hostile_bank_is_valid_and_shows_the_texts_as_they_are(hostile: Flask) -> None:
    visitor = Visitor(hostile.test_client())
    library = hostile.extensions["quizapp"].library
    items = [item.id for item in library.live(BANK).bank.items]
    token = visitor.finish(BANK, {})
    assert html.escape("<script>window.pwned=1") in visitor.page
    paths = [
        "/",
        f"/quiz/{BANK}",
        f"/quiz/{BANK}/check",
        f"/about/{BANK}",
        f"/r/{token}",
        f"/r/{token}/share",
    ]
    for path in [*paths, f"/r/{token}/delete", *(f"/about/{BANK}/{item}" for item in items)]:
        visitor.get(path)
        assert visitor.status == 200
        assert escaped(visitor.page), path


@pytest.mark.parametrize("typed", [PAYLOAD, "<b>", "\x00", "‮", "9" * 5_000, "१२", "1e9", "-0", "٣"])
def test_what_was_typed_comes_back_as_text(visitor: Visitor, typed: str) -> None:
    visitor.begin("personal_trainer").get("/quiz/personal_trainer/age")
    visitor.post("/quiz/personal_trainer/age", "answers", {"age": typed})
    assert visitor.status in (200, 422)
    assert escaped(visitor.page)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(min_size=1, max_size=60),
    values=st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=5),
)
def test_no_address_and_no_form_makes_it_fail(app: Flask, path: str, values: dict[str, str]) -> None:
    from urllib.parse import quote

    visitor = Visitor(app.test_client())
    assert visitor.get("/" + quote(path)).status < 500
    visitor.get("/quiz/personal_trainer/age")
    sent = {"age": path, **values}
    assert visitor.post("/quiz/personal_trainer/age", "answers", sent).status < 500


TEXT = Text(ja="あ", en="a")
OPTIONS = (Option(id="a", label=TEXT), Option(id="b", label=TEXT))
QUESTIONS = [
    Question(id="q", kind="choice", ask=TEXT, options=OPTIONS),
    Question(id="q", kind="choices", ask=TEXT, options=OPTIONS),
    Question(id="q", kind="yes_no", ask=TEXT),
    Question(
        id="q",
        kind="number",
        ask=TEXT,
        grid=Grid(**{"from": 0, "to": 500_000, "step": 500, "unit": Unit.YEN}),
    ),
]


@given(
    st.sampled_from(QUESTIONS),
    st.lists(st.one_of(st.text(), st.sampled_from(["a", "b", "yes", LATER, NONE, "500"]))),
)
def test_a_reader_gives_a_valid_answer_or_words(question: Question, sent: list[str]) -> None:
    try:
        value = READERS[question.kind](sent, question, language("ja"))
    except ValueError as error:
        if not str(error):
            pytest.fail("an error without words")
        return
    if value is None:
        assert LATER in sent
    elif question.kind == "number":
        assert isinstance(value, int)
        assert value % 500 == 0
        assert 0 <= value <= 500_000
    elif question.kind == "yes_no":
        assert isinstance(value, bool)
    else:
        assert set(value if isinstance(value, list) else [value]) <= {"a", "b"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("110,000円", 110_000),
        ("11万", 110_000),
        ("11万円", 110_000),
        ("１１００００", 110_000),
        ("¥500", 500),
        (" 0 ", 0),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, read: int) -> None:
    assert READERS["number"]([typed], QUESTIONS[3], language("ja")) == read


def test_a_number_between_the_steps_is_told_the_nearest() -> None:
    with pytest.raises(ValueError, match="近い値は107,500円"):
        READERS["number"](["107600"], QUESTIONS[3], language("ja"))
