"""Rows of lists: what an entry is called, and in one line what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.bank.rows.scope import written
from quizapp.bank.sentences.sentence import sentence
from quizapp.bank.shapes.places import Place
from quizapp.bank.shapes.shapes import FieldShape, models, shapes_of
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import choice_words
from quizapp.web.edit.forms.around import Around, entries, parts_of
from quizapp.web.edit.forms.fields import as_text
from quizapp.web.edit.names import cut, words_of

LONGEST = 90
_SHAPES: dict[str, FieldShape] = {
    f"{model.__name__}.{shape.name}": shape for model in models() for shape in shapes_of(model)
}


def summary_of(place: Place, around: Around) -> str:
    """What an entry says in one line; empty where its name says all."""
    if place.shape is not None and place.shape.look == "fit":
        return _fit(place, around)
    if place.shape is not None and place.shape.look == "values":
        rule = written(place.value.get("rule") if isinstance(place.value, dict) else place.value)
        return _rule(rule, around, "any")
    value = place.value if isinstance(place.value, dict) else {}
    make = _SUMMARIES.get(place.model.__name__ if place.model else "")
    parts = make(value, around) if make else []
    return cut(" · ".join(part for part in parts if part), LONGEST)


def yen_words(value: Any, language: Language) -> str:
    """An amount of money as far as it can be read.

    >>> from quizapp.i18n import language
    >>> yen_words(1000, language("en")), yen_words(None, language("en"))
    ('¥1,000', '')
    """
    if value == "unknown":
        return language.say("unknown")
    return language.yen(value) if type(value) is int else as_text(value)


def fact_words(value: dict[str, Any], language: Language) -> str:
    """The value of a fact."""
    if value.get("unknown") is True:
        return language.say("In no source")
    if value.get("text"):
        return words_of(value["text"], language)
    unit = as_text(value.get("unit"))
    figures = [value["value"]] if "value" in value else [value.get("from"), value.get("to")]
    shown = "–".join(_figure(one, unit, language) for one in figures)
    about = language.say("about") + " " if value.get("approx") is True else ""
    if unit in ("", "none", "yen"):
        return about + shown
    return f"{about}{shown} {choice_words(_SHAPES['Fact.unit'], unit, language)}"


def _figure(value: Any, unit: str, language: Language) -> str:
    if type(value) is not int:
        return as_text(value)
    return language.yen(value) if unit == "yen" else language.number(value)


def _chosen(model: str, field: str, value: dict[str, Any], around: Around) -> str:
    """What the choice of a field is called."""
    word = as_text(value.get(field))
    return choice_words(_SHAPES[f"{model}.{field}"], word, around.language) if word else ""


def _rule(rule: str | None, around: Around, expect: Any = "truth", plan: bool = False) -> str:
    if rule is None:
        return ""
    return cut(
        sentence(rule, around.plan_scope if plan else around.scope, around.language, expect).words, LONGEST
    )


def _fit(place: Place, around: Around) -> str:
    if not isinstance(place.value, dict):
        return _rule(written(place.value), around, "number", plan=True)
    criterion = parts_of(around.bank, "criteria").get(place.address[-1], {})
    question = parts_of(around.bank, "questions").get(as_text(criterion.get("question")), {})
    named = parts_of(question, "options") or parts_of(criterion, "parts")
    words = [
        f"{words_of(named.get(key, {}).get('label'), around.language) or key} {n}"
        for key, n in place.value.items()
    ]
    return cut(" · ".join(words), LONGEST)


def _item(value: dict[str, Any], around: Around) -> list[str]:
    language = around.language
    routes = len(entries(value, "routes"))
    return [
        _chosen("Item", "kind", value, around),
        language.count("%(n)s route", "%(n)s routes", routes) if routes else "",
        language.say("Named only") if value.get("listed_only") is True else "",
        language.say("Has ended") if value.get("closing") else "",
    ]


def _route(value: dict[str, Any], around: Around) -> list[str]:
    language = around.language
    amounts = [cost.get("yen") for cost in parts_of(value, "costs").values()]
    known = sum(amount for amount in amounts if type(amount) is int)
    months = value.get("months") if isinstance(value.get("months"), dict) else None
    return [
        language.yen(known) + (language.say(" and more") if "unknown" in amounts else "") if amounts else "",
        language.count("%(n)s condition", "%(n)s conditions", len(entries(value, "requires")))
        if entries(value, "requires")
        else "",
        "–".join(as_text(months[end]) for end in ("from", "to") if end in months)
        + " "
        + language.say("months")
        if months
        else "",
    ]


def _question(value: dict[str, Any], around: Around) -> list[str]:
    options = len(entries(value, "options"))
    return [
        _chosen("Question", "kind", value, around),
        around.language.count("%(n)s option", "%(n)s options", options) if options else "",
        around.language.say("only if: %(rule)s", rule=_rule(written(value.get("ask_if")), around))
        if value.get("ask_if") is not None
        else "",
    ]


def _cost(value: dict[str, Any], around: Around) -> list[str]:
    unless = written(value.get("unless"))
    return [
        yen_words(value.get("yen"), around.language),
        around.language.say("not paid if: %(rule)s", rule=_rule(unless, around)) if unless else "",
    ]


def _requirement(value: dict[str, Any], around: Around) -> list[str]:
    found = value.get("step")
    step = found if isinstance(found, dict) else {}
    return [
        _rule(written(value.get("if")), around),
        f"→ {words_of(step.get('label'), around.language)}" if step else "",
    ]


def _reason(value: dict[str, Any], around: Around) -> list[str]:
    return [
        _chosen("Reason", "side", value, around),
        _rule(written(value.get("if")), around),
    ]


def _criterion(value: dict[str, Any], around: Around) -> list[str]:
    return [
        around.language.say("weight: %(rule)s", rule=_rule(written(value.get("weight")), around, "number")),
        around.name("questions", as_text(value.get("question"))) if value.get("question") else "",
    ]


def _case(value: dict[str, Any], around: Around) -> list[str]:
    found = value.get("expect")
    first = found.get("first") if isinstance(found, dict) else None
    return [
        around.language.say("first: %(name)s", name=around.name("items", as_text(first))) if first else "",
        as_text(value.get("on")),
    ]


def _source(value: dict[str, Any], around: Around) -> list[str]:
    return [as_text(value.get("seen")), as_text(value.get("url") or value.get("file"))]


def _schedule(value: dict[str, Any], around: Around) -> list[str]:
    say = around.language.say
    found = value.get("months")
    months = found if isinstance(found, list) else []
    return [
        say("Any day") if value.get("any_day") is True else "",
        say("Every month") if value.get("monthly") is True else "",
        around.language.listed(say("month %(n)s", n=as_text(n)) for n in months),
        words_of(value.get("place"), around.language),
    ]


def _limit(value: dict[str, Any], around: Around) -> list[str]:
    return [_chosen("Limit", "of", value, around)]


def _total(value: dict[str, Any], around: Around) -> list[str]:
    return [yen_words(value.get("yen"), around.language)]


_SUMMARIES: dict[str, Callable[[dict[str, Any], Around], list[str]]] = {
    "Item": _item, "Route": _route, "Question": _question, "Cost": _cost, "Requirement": _requirement,
    "Reason": _reason, "Criterion": _criterion, "Case": _case, "Source": _source, "Schedule": _schedule,
    "Limit": _limit, "ExpectedCost": _total,
    "Note": lambda value, around: [_rule(written(value.get("if")), around)],
    "Fact": lambda value, around: [fact_words(value, around.language)],
    "Link": lambda value, around: [as_text(value.get("url"))],
    "Provider": lambda value, around: [words_of(value.get("place"), around.language)],
    "Doubt": lambda value, around: [words_of(value.get("reading"), around.language)],
}  # fmt: skip
