"""Every field of a bank and its cases has a shape to fill it in by; parts are found, named and renamed by address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizapp.bank.cases import CaseFile
from quizapp.bank.model import Bank, Fact, Frozen, Question
from quizapp.bank.shapes.places import place_at, walk_places
from quizapp.bank.shapes.references import renamed, uses
from quizapp.bank.shapes.shapes import REFERS, FieldShape, models, shape_of, shapes_of
from quizapp.editing.workshop import read
from quizapp.errors import NotFound
from quizapp.i18n import language
from quizapp.web.edit.field_labels import label_of
from quizapp.web.edit.forms.kinds import field_class

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"
EVERY = [(model, shape) for model in models() for shape in shapes_of(model)]


def data_of(name: str) -> Any:
    return read((QUESTIONS / name).read_text(encoding="utf-8"), name).data


BANK, CASES = data_of("personal_trainer.yaml"), data_of("personal_trainer.cases.yaml")


@pytest.mark.parametrize(("model", "shape"), EVERY, ids=[f"{m.__name__}.{s.name}" for m, s in EVERY])
def test_every_field_can_be_filled_in_and_has_a_label(model: type, shape: FieldShape) -> None:
    assert shape.is_list or field_class(shape)
    assert label_of(shape, language("ja")) and label_of(shape, language("en"))


def test_no_class_of_the_model_is_left_out() -> None:
    def below(kind: type[Frozen]) -> set[type]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    parts = {one for one in below(Frozen) if one.__module__ in ("quizapp.bank.model", "quizapp.bank.cases")}
    assert parts - set(models()) - {Frozen} == {kind for kind in parts if kind.__name__ == "Cited"}


def test_every_id_says_what_it_is_the_id_of() -> None:
    bare = [
        f"{shape.owner}.{shape.name}"
        for _, shape in EVERY
        if shape.look
        in ("id", "ids", "pairs", "named_choices", "named_ids", "named_amounts", "fit", "named_parts")
        and shape.name not in ("id", "bank")
        and not shape.refers
    ]
    assert bare == []
    assert all(REFERS.values())


def test_bounds_and_choices_come_from_the_model() -> None:
    effort, unit, kind = shape_of(Question, "effort"), shape_of(Fact, "unit"), shape_of(Question, "kind")
    assert effort and (effort.low, effort.high, effort.default) == (1, 10, 1)
    assert unit and "yen" in unit.choices and not unit.required
    assert kind and kind.choices == ("choice", "choices", "number", "yes_no") and kind.required


def test_a_type_that_nobody_has_seen_is_named() -> None:
    class Strange(Frozen):
        odd: complex

    with pytest.raises(LookupError, match=r"Strange\.odd"):
        shapes_of(Strange)


def test_every_place_of_a_bank_is_found_again_by_its_address() -> None:
    for data, root in ((BANK, Bank), (CASES, CaseFile)):
        places = list(walk_places(data, root))
        assert len(places) > 200
        assert all(place_at(data, place.address) == place for place in places[1::7])


def test_there_is_no_place_where_nothing_can_stand() -> None:
    for address in (("nowhere",), ("items", "nobody"), ("items", "nesta_pft", "colour")):
        with pytest.raises(NotFound):
            place_at(BANK, address)


@pytest.mark.parametrize(
    ("address", "user"),
    [
        (("questions", "schooling"), ("values", "left_high_school", "rule")),
        (("questions", "schooling", "options", "vocational"), ("questions", "study_field", "ask_if")),
        (("sources", "trainer_article"), ("guidelines", "TR01", "source")),
        (("items", "nesta_pft"), ("cases", "beginner_25_online", "expect", "first")),
        (("criteria", "goal"), ("items", "nesta_pft", "fit")),
    ],
)
def test_what_names_a_part_is_told(address: tuple[str, ...], user: tuple[str, ...]) -> None:
    assert user in uses(BANK, CASES, address)


def test_an_option_of_another_question_is_not_meant() -> None:
    bank = {
        "questions": [
            {"id": "a", "kind": "choice", "options": [{"id": "x"}]},
            {"id": "b", "kind": "choice", "options": [{"id": "x"}]},
        ],
        "values": {"v": "a == x and b in (x,)"},
    }
    assert (
        renamed(bank, {}, ("questions", "b", "options", "x"), "y")[0]["values"]["v"] == "a == x and b in (y,)"
    )


def test_renaming_changes_everything_that_names_it_and_nothing_else() -> None:
    bank, cases = renamed(BANK, CASES, ("items", "nesta_pft"), "nesta")
    assert uses(bank, cases, ("items", "nesta_pft")) == ()
    assert uses(bank, cases, ("items", "nesta")) != ()
    back = renamed(bank, cases, ("items", "nesta"), "nesta_pft")
    assert back == (BANK, CASES)
