"""What a form shows and is sent back untouched changes nothing; what is typed is read as people type it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import pytest
from werkzeug.datastructures import MultiDict

from quizapp.bank.cases import CaseFile
from quizapp.bank.model import Bank
from quizapp.bank.shapes.places import Place, place_at, walk_places
from quizapp.editing.alter import GONE
from quizapp.editing.workshop import read
from quizapp.i18n import language
from quizapp.web.edit.forms.around import Around
from quizapp.web.edit.forms.made import Form
from quizapp.web.edit.forms.rule import RuleField
from quizapp.web.edit.pages.part import cells_of

QUESTIONS = Path(__file__).resolve().parents[3] / "questions"
SLUGS = sorted(path.stem for path in QUESTIONS.glob("*.yaml") if not path.stem.endswith(".cases"))


def data_of(slug: str, kind: str = "") -> Any:
    path = QUESTIONS / f"{slug}{kind}.yaml"
    return read(path.read_text(encoding="utf-8"), path.name).data


def form_at(bank: Any, cases: Any, place: Place, sent: Any = None, code: str = "ja") -> Form:
    return Form(cells_of(place), Around(bank, cases, language(code), place.address), sent)


def as_sent(page: str) -> MultiDict[str, str]:
    """What a browser sends of these inputs when nobody touches them."""
    tree = html5lib.parse(f"<form>{page}</form>", namespaceHTMLElements=False)
    sent: MultiDict[str, str] = MultiDict()
    for one in tree.iter():
        name = one.get("name")
        if not name or name == "do":
            continue
        if one.tag == "textarea":
            # The parser has dropped the first line end, as browsers do; they send CRLF.
            sent.add(name, (one.text or "").replace("\n", "\r\n"))
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            for option in chosen:
                sent.add(name, option.get("value") or "")
        elif one.get("type") in ("checkbox", "radio"):
            if one.get("checked") is not None:
                sent.add(name, one.get("value", "on"))
        else:
            sent.add(name, one.get("value") or "")
    return sent


@pytest.mark.parametrize("slug", SLUGS)
def test_a_form_that_is_sent_back_untouched_changes_nothing(slug: str) -> None:
    bank, cases = data_of(slug), data_of(slug, ".cases")
    around = Around(bank, cases, language("ja"))
    scopes = {"scope": around.scope, "plan_scope": around.plan_scope}
    forms = 0
    for data, root in ((bank, Bank), (cases, CaseFile)):
        for place in walk_places(data, root):
            if place.is_list or not (place.is_part or place.entry):
                continue
            # Every fourth of very many facts and sources is enough; every kind of part is there.
            forms += 1
            if forms % 4 and place.model and place.model.__name__ in ("Fact", "Source", "Doubt", "Option"):
                continue
            here = Around(bank, cases, language("ja"), place.address)
            here.__dict__.update(scopes)
            shown = Form(cells_of(place), here)
            form = Form(cells_of(place), here, as_sent("".join(str(field()) for field in shown.fields)))
            assert form.valid(), (place.address, form.mistakes)
            assert form.changes() == {}, place.address
    assert forms > 80


STRANGE = {
    "items": [
        {
            "id": "odd",
            "name": "one language only",
            "kind": "nothing known",
            "listed_only": "maybe",
            "costs": [{"id": "c", "yen": "about 3", "unless": "no such rule ((", "checked": "yesterday"}],
            "fit": {"goal": ["no", "table"]},
            "facts": {"f": {"value": 1.5, "unit": 7, "mystery": {"kept": True}}},
            "requires": [{"id": "r", "if": None, "step": "a word"}],
        }
    ]
}


def test_broken_data_is_shown_and_kept() -> None:
    for place in walk_places(STRANGE, Bank):
        if place.is_list or not (place.is_part or place.entry):
            continue
        shown = form_at(STRANGE, {"cases": []}, place)
        form = form_at(STRANGE, {}, place, as_sent("".join(str(field()) for field in shown.fields)))
        assert form.valid() and form.changes() == {}, place.address
        assert all(isinstance(field.words(), str) for field in shown.fields)


def cost(was: Any = 100, **typed: str) -> Form:
    bank = {
        "items": [{"id": "a", "costs": [{"id": "fee", "label": {"ja": "受験料", "en": "Fee"}, "yen": was}]}]
    }
    place = place_at(bank, ("items", "a", "costs", "fee"))
    sent = MultiDict(as_sent("".join(str(field()) for field in form_at(bank, {}, place).fields)))
    for name, value in typed.items():
        sent.setlist(name.replace("__", "."), [value])
    form = form_at(bank, {}, place, sent, "en")
    form.valid()
    return form


@pytest.mark.parametrize(
    ("typed", "yen"), [("12,000", 12_000), ("１２，０００円", 12_000), ("1.2万", None), ("3万", 30_000)]
)
def test_yen_are_read_as_people_type_them(typed: str, yen: int | None) -> None:
    form = cost(yen=typed)
    if yen is None:
        assert [one.words for one in form.mistakes] == ["Give a whole number, such as 12000."]
        assert form["yen"].one() == typed
    else:
        assert form.changes() == {("items", "a", "costs", "fee", "yen"): yen}


def test_every_mistake_is_told_at_once_with_the_same_words_beside_the_field() -> None:
    form = cost(yen="-5", line="ninety", checked="2026-02-30")
    assert [one.href for one in form.mistakes] == ["#yen", "#line", "#checked"]
    for field in (form["yen"], form["line"], form["checked"]):
        assert field.mistakes[0][1] in str(field())


def test_unknown_takes_the_place_of_an_amount_and_not_both() -> None:
    assert cost(yen="", yen__unknown="yes").changes() == {("items", "a", "costs", "fee", "yen"): "unknown"}
    assert cost(yen="300", yen__unknown="yes").mistakes


def test_an_amount_that_becomes_known_counts_though_the_tick_was_left() -> None:
    assert cost("unknown", yen="300").changes() == {("items", "a", "costs", "fee", "yen"): 300}


def test_half_a_text_may_be_missing_and_a_whole_one_goes() -> None:
    label = ("items", "a", "costs", "fee", "label")
    assert cost(label__en="").changes() == {label: {"ja": "受験料"}}
    assert cost(label__en="", label__ja="").changes() == {label: GONE}
    assert "missing" in str(cost(label__en="")["label"]())


BANK, CASES = data_of("personal_trainer"), data_of("personal_trainer", ".cases")


def rule(at: str) -> RuleField:
    address = tuple(at.split("/"))
    field = form_at(BANK, CASES, place_at(BANK, address[:-1]))[address[-1]]
    assert isinstance(field, RuleField)
    return field


def test_a_rule_is_the_same_in_menus_and_as_an_expression() -> None:
    field = rule("items/nesta_pft/requires/adult/if")
    assert field.mode == "rows" and field.text() == "age >= 18"
    field.inputs = field.acted("mode", "text")
    assert field.one(".text") == "age >= 18"
    field.inputs = field.acted("mode", "rows")
    assert field.mode == "rows" and field.text() == "age >= 18"


def test_rows_come_and_go_by_buttons() -> None:
    field = rule("items/nesta_pft/requires/adult/if")
    field.inputs = field.acted("group", "0")
    field.inputs |= {".0.1.0.q": ["kounin"], ".0.1.0.c": ["yes"]}
    assert field.text() == "age >= 18 and kounin"
    field.inputs = field.acted("row", "0.1")
    field.inputs |= {".0.1.1.q": ["area"], ".0.1.1.c": ["one_of"], ".0.1.1.a": ["tokyo", "osaka"]}
    assert field.text(lenient=True).startswith("age >= 18 and (kounin or area")
    field.inputs = field.acted("remove", "0.1.1")
    assert field.text() == "age >= 18 and kounin"


def test_a_row_in_which_nothing_is_chosen_is_no_condition_that_always_holds() -> None:
    bank = {"items": [{"id": "a", "requires": [{"id": "adult"}]}]}
    place = place_at(bank, ("items", "a", "requires", "adult"))
    for sent in ({"if.mode": "rows"}, {"if.mode": "rows", "if.0.join": "and", "if.0.0.0.q": ""}):
        form = form_at(bank, {}, place, MultiDict(sent), "en")
        assert form.valid() and "No condition yet." in str(form["if"]())
        assert form.changes().get((*place.address, "if"), GONE) is GONE


def test_a_broken_expression_is_kept_and_says_what_is_wrong() -> None:
    place = place_at(BANK, ("items", "nesta_pft", "requires", "adult"))
    form = form_at(BANK, CASES, place, MultiDict({"if.mode": "text", "if.text": "agee >= 18"}), "en")
    form.valid()
    assert form.changes()[("items", "nesta_pft", "requires", "adult", "if")] == "agee >= 18"
    assert "agee" in str(form["if"]()) and "age" in str(form["if"]())


def test_a_case_names_limits_conditions_and_reasons_by_their_words_with_the_id_behind() -> None:
    bank, cases = data_of("medical_office"), data_of("medical_office", ".cases")
    wanted = {"beyond": ("months", "予算"), "reasons": ("twenties", "20代で未経験")}
    found = dict.fromkeys(wanted, "")
    for case in cases["cases"]:
        place = place_at(cases, ("cases", case["id"], "expect"))
        for name in wanted:
            if case["expect"].get(name):
                found[name] += str(form_at(bank, cases, place)[name]())
    for name, (id, words) in wanted.items():
        assert f"<small><code>{id}</code></small>" in found[name] and words in found[name]
        assert f"<span>{id}</span>" not in found[name]


def test_how_far_a_limit_is_exceeded_is_read_in_words() -> None:
    bank, cases = data_of("personal_trainer"), data_of("personal_trainer", ".cases")
    case = next(one for one in cases["cases"] if one["expect"].get("beyond"))
    words = form_at(bank, cases, place_at(cases, ("cases", case["id"], "expect")))["beyond"].words()
    assert "{" not in words and "budget" not in words
