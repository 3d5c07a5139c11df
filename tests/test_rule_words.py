"""Rules read aloud in Japanese and English; broken ones say what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.rows.rows import comparisons_for, rows_of, rule_of
from quizapp.bank.rows.scope import lenient_scope
from quizapp.bank.rule_fields import rule_fields
from quizapp.bank.scope import rule_text
from quizapp.bank.sentences.meaning import said
from quizapp.bank.sentences.sayings import (
    Always,
    Answered,
    Both,
    Cases,
    Chosen,
    Either,
    Equal,
    Held,
    Measured,
    Saying,
)
from quizapp.bank.sentences.sentence import comparison_words, sentence
from quizapp.bank.yaml.nodes import plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.i18n import CODES, language
from quizapp.rules import read
from quizapp.rules.evaluate import Given, evaluate
from quizapp.rules.tree import All, Compare, Has, Not, OneOf, Read, Some, Truth

BANKS = sorted(
    path
    for path in (Path(__file__).resolve().parent.parent / "questions").glob("*.yaml")
    if ".cases." not in path.name
)
JA, EN = language("ja"), language("en")


def question(name: str, kind: str, ja: str, en: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "label": {"ja": ja, "en": en}, **more}


def options(**labels: str) -> list[dict[str, Any]]:
    return [{"id": name, "label": {"ja": label, "en": name.title()}} for name, label in labels.items()]


def number(low: int, high: int, unit: str) -> dict[str, Any]:
    return {"from": low, "to": high, "unit": unit}


DRAFT = {
    "questions": [
        question("age", "number", "年齢", "Age", grid=number(15, 80, "years")),
        question("years", "number", "トレーナー歴", "Trainer work", grid=number(0, 40, "years")),
        question("budget", "number", "予算", "Budget", grid=number(0, 900_000, "yen")),
        question("area", "choice", "住まい", "Prefecture", options=options(tokyo="東京", osaka="大阪", nara="奈良")),
        question(
            "courses",
            "choices",
            "修了した講座",
            "Courses finished",
            options=options(nesta="NESTA", nsca="NSCA", jati="JATI「養成」"),
        ),
        question("works", "yes_no", "いま働いている", "In work"),
        {
            "id": "level",
            "kind": "choice",
            "ask": {"ja": "英語は?", "en": "Your English?"},
            "options": options(good="得意"),
        },
    ],
    "values": {
        "expert": {"rule": "years >= 5", "label": {"ja": "熟練者", "en": "An expert"}},
        "local": {"rule": "area == tokyo", "label": {"ja": "会場に近い", "en": "Near the venue"}},
        "points": "50 if expert else 10",
    },
}  # fmt: skip
SCOPE = lenient_scope(DRAFT, plan=True)


@pytest.mark.parametrize(
    ("rule", "ja", "en"),
    [
        ("age >= 18", "年齢が18歳以上", "Age is at least 18"),
        (
            "age >= 18 and nesta in courses",
            "年齢が18歳以上で、修了した講座に「NESTA」が含まれる",
            "Age is at least 18, and courses finished include “Nesta”",
        ),
        ("20 <= age <= 29", "年齢が20歳以上29歳以下", "Age is between 20 and 29"),
        ("years > 3", "トレーナー歴が3年を超える", "Trainer work is over 3 years"),
        ("years != 0", "トレーナー歴が0年ではない", "Trainer work is not 0 years"),
        ("budget < 46000", "予算が46,000円未満", "Budget is under ¥46,000"),
        ("area == tokyo", "住まいが「東京」", "Prefecture is “Tokyo”"),
        (
            "area not in (tokyo, osaka)",
            "住まいが「東京」「大阪」のどちらでもない",
            "Prefecture is neither “Tokyo” nor “Osaka”",
        ),
        ("area == nara or area == osaka", "住まいが「奈良」か「大阪」", "Prefecture is “Nara” or “Osaka”"),
        (
            "nsca in courses and jati in courses",
            "修了した講座に「NSCA」と「JATI『養成』」の両方が含まれる",
            "Courses finished include “Nsca” and “Jati”",
        ),
        (
            "not (nsca in courses and nesta in courses)",
            "修了した講座に「NSCA」と「NESTA」がそろっていない",
            "Courses finished do not include both “Nsca” and “Nesta”",
        ),
        (
            "nsca not in courses and nesta not in courses",
            "修了した講座に「NSCA」も「NESTA」も含まれない",
            "Courses finished include neither “Nsca” nor “Nesta”",
        ),
        (
            "count(courses) >= 2",
            "修了した講座を2つ以上選んでいる",
            "At least 2 answers are chosen for courses finished",
        ),
        ("works", "「いま働いている」が「はい」", "“In work” is yes"),
        ("not works", "「いま働いている」が「いいえ」", "“In work” is no"),
        ("expert", "「熟練者」にあてはまる", "“An expert” applies"),
        (
            "not expert and not local",
            "「熟練者」にも「会場に近い」にもあてはまらない",
            "Neither “An expert” nor “Near the venue” applies",
        ),
        (
            "works or expert or age < 20",
            "次のどれか：「いま働いている」が「はい」／「熟練者」にあてはまる／年齢が20歳未満",
            "Any of these: “In work” is yes; “An expert” applies; age is under 20",
        ),
        (
            "works or age >= 18",
            "「いま働いている」が「はい」、または年齢が18歳以上",
            "“In work” is yes, or age is at least 18",
        ),
        (
            "age >= 18 and (works or expert)",
            "年齢が18歳以上で、次のどちらか：「いま働いている」が「はい」／「熟練者」にあてはまる",
            "Age is at least 18, and either “In work” is yes or “An expert” applies",
        ),
        (
            "(works or expert) and age >= 18",
            "（「いま働いている」が「はい」／「熟練者」にあてはまる）のどちらかで、年齢が18歳以上",
            "(“In work” is yes or “An expert” applies), and age is at least 18",
        ),
        (
            "works or (expert and age >= 18)",
            "次のどちらか：「いま働いている」が「はい」／「熟練者」にあてはまり、年齢が18歳以上",
            "Either of these: “In work” is yes; “An expert” applies and age is at least 18",
        ),
        ("level == good", "「英語は?」が「得意」", "“Your English?” is “Good”"),
        (
            "today <= date(2025, 12, 14)",
            "今日が2025年12月14日以前",
            "Today is on or before December 14, 2025",
        ),
        ("true", "いつも成り立つ", "Always"),
        ("false", "成り立つことはない", "Never"),
        ("unknown", "条件は公表されていません", "The condition is not published"),
        ("40", "40", "40"),
        ("points", "「points」の値", "The value of “points”"),
        (
            "80 if years == 0 else 60",
            "トレーナー歴が0年なら80、それ以外は60",
            "80 if trainer work is 0 years, otherwise 60",
        ),
        (
            "95 if years >= 3 else 85 if years >= 1 else 70 if works else 55",
            "トレーナー歴が3年以上なら95、1年以上なら85、そうでなく「いま働いている」が「はい」なら70、それ以外は55",
            "95 if trainer work is at least 3 years, 85 if it is at least 1 year, "
            "otherwise 70 if “In work” is yes, otherwise 55",
        ),
        (
            "80 if not expert else 60",
            "「熟練者」にあてはまらなければ80、それ以外は60",
            "80 if “An expert” does not apply, otherwise 60",
        ),
        (
            "max(40, ramp(budget, 0, 46000))",
            "予算が0円なら0、46,000円以上なら100、その間は比例、ただし最低40",
            "0 if budget is ¥0, 100 if ¥46,000 or more, in proportion between, but at least 40",
        ),
        (
            "ramp(budget - cost, -60000, 20000)",
            "予算 − 費用の合計が−60,000円以下なら0、20,000円以上なら100、その間は比例",
            "0 if budget − the total cost is −¥60,000 or less, 100 if ¥20,000 or more, in proportion between",
        ),
        (
            "65 - (25 if works else 0) * 2",
            "65 − （「いま働いている」が「はい」なら25、それ以外は0） × 2",
            "65 − (25 if “In work” is yes, otherwise 0) × 2",
        ),
        ("max(years, age)", "トレーナー歴と年齢の大きいほう", "The greater of trainer work and age"),
        (
            "count(works, expert, age > 20) >= 2",
            "次のうち2つ以上：「いま働いている」が「はい」／「熟練者」にあてはまる／年齢が20歳を超える",
            "At least 2 of these: “In work” is yes; “An expert” applies; age is over 20",
        ),
    ],
)
def test_a_rule_is_read_aloud(rule: str, ja: str, en: str) -> None:
    assert (sentence(rule, SCOPE, JA).words, sentence(rule, SCOPE, EN).words) == (ja, en)


@pytest.mark.parametrize("code", CODES)
def test_a_broken_rule_says_its_fault_and_the_mend(code: str) -> None:
    broken = sentence("agee >= 18", SCOPE, language(code))
    assert broken.faults[0].code == "unknown_name"
    assert {"en": 'did you mean "age"?', "ja": "「age」ではありませんか"}[code] in str(broken)


def test_a_condition_where_a_number_is_needed_says_so() -> None:
    assert sentence("works", SCOPE, EN, "number").faults[0].code == "not_a_number"


def test_the_language_that_is_missing_is_lent_by_the_other() -> None:
    scope = lenient_scope({"questions": [{"id": "kounin", "kind": "yes_no", "label": {"ja": "高卒認定"}}]})
    assert sentence("kounin", scope, EN).words == "“高卒認定” is yes"


TRUTHS = st.recursive(
    st.sampled_from(
        [
            "age >= 20", "age < 30", "20 <= age <= 29", "years == 0", "budget - cost >= 0", "area == tokyo",
            "area in (tokyo, nara)", "nsca in courses", "jati not in courses", "count(courses) >= 2", "works",
            "expert", "local", "today > date(2026, 4, 1)", "points > 20", "ramp(years, 0, 5) >= 50", "true",
            "count(works, local) == 1", "level == good", "works == local", "(works if local else expert)",
        ]
    ),
    lambda part: st.one_of(
        st.lists(part, min_size=2, max_size=4).map(lambda parts: f"({' and '.join(parts)})"),
        st.lists(part, min_size=2, max_size=4).map(lambda parts: f"({' or '.join(parts)})"),
        part.map("not ({})".format),
    ),
    max_leaves=8,
)  # fmt: skip
VALUES = st.recursive(
    st.sampled_from(
        ["40", "-5", "years", "points", "ramp(cost, 30000, 0)", "count(courses)", "count(works, local)"]
    ),
    lambda part: st.one_of(
        st.builds("({} + {})".format, part, part),
        st.builds("({} - {})".format, part, part),
        st.builds("max({}, {})".format, part, part),
        st.builds("({} if {} else {})".format, part, TRUTHS, part),
    ),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(TRUTHS, VALUES))
def test_every_rule_that_can_be_read_has_a_whole_sentence(rule: str) -> None:
    for lang in (JA, EN):
        found = sentence(rule, SCOPE, lang)
        if found.faults:
            continue
        assert found.words
        for opening, closing in ("「」", "（）", "“”", "()", "『』"):
            assert found.words.count(opening) == found.words.count(closing)
        assert not {"「「", "（）", "、、", "()", "  ", " ,"} & {
            a + b for a, b in zip(found.words, found.words[1:], strict=False)
        }


def meaning(saying: Saying, answers: dict[str, Given]) -> int | None:
    """What a saying comes to, worked out part by part from the reference interpreter."""
    match saying:
        case Always(truth):
            return int(truth)
        case Answered(name, yes):
            return evaluate(Read(name, Truth()) if yes else Not(Read(name, Truth())), answers)
        case Chosen(name, named, positive):
            one = OneOf(name, frozenset(named))
            return evaluate(one if positive else Not(one), answers)
        case Held(name, names, how):
            each = tuple(Has(name, part) if name else Read(part, Truth()) for part in names)
            whole = All(each) if how in ("all", "lacking") else Some(each)
            return evaluate(whole if how in ("all", "any") else Not(whole), answers)
        case Measured(what, low, high):
            ends = [Compare(">" if low.strict else ">=", what, low.value)] if low else []
            ends += [Compare("<" if high.strict else "<=", what, high.value)] if high else []
            return evaluate(All(tuple(ends)), answers)
        case Equal(what, value, positive):
            return evaluate(Compare("==" if positive else "!=", what, value), answers)
        case Both(parts) | Either(parts):
            each_comes_to = [meaning(part, answers) for part in parts]
            strong = int(isinstance(saying, Either))
            return strong if strong in each_comes_to else None if None in each_comes_to else 1 - strong
        case Cases(condition, then, otherwise):
            first, second = meaning(then, answers), meaning(otherwise, answers)
            holds = meaning(condition, answers)
            return (first if holds else second) if holds is not None else first if first == second else None


def answers_at_random(seed: int) -> dict[str, Given]:
    draw = Random(seed)
    every: dict[str, Given] = {
        "age": draw.randint(15, 40), "years": draw.randint(0, 6), "budget": draw.choice([0, 30_000, 90_000]),
        "cost": draw.choice([0, 40_000]), "area": draw.choice(["tokyo", "osaka", "nara"]), "level": "good",
        "courses": frozenset(one for one in ("nesta", "nsca", "jati") if draw.random() < 0.5),
        "works": draw.randint(0, 1), "expert": draw.randint(0, 1), "local": draw.randint(0, 1),
        "points": draw.choice([10, 50]), "today": 739_700 + draw.randint(0, 99),
    }  # fmt: skip
    return {name: answer for name, answer in every.items() if draw.random() < 0.85}


@settings(max_examples=150, deadline=None)
@given(TRUTHS, st.integers(0, 10**6))
def test_what_is_said_means_what_the_rule_means(rule: str, seed: int) -> None:
    tree = read(rule, SCOPE.typed, "truth")
    for more in range(8):
        answers = answers_at_random(seed + more)
        assert meaning(said(tree, SCOPE), answers) == evaluate(tree, answers)
        assert meaning(said(tree, SCOPE, positive=False), answers) == evaluate(Not(tree), answers)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_raises(text: str) -> None:
    assert sentence(text, SCOPE, JA).words


@settings(max_examples=150, deadline=None)
@given(TRUTHS)
def test_menus_and_their_rule_are_read_aloud_alike(rule: str) -> None:
    rows = rows_of(rule, SCOPE)
    if rows is None or sentence(rule, SCOPE, JA).faults:
        return
    for lang in (JA, EN):
        assert sentence(rule_of(rows), SCOPE, lang) == sentence(rule, SCOPE, lang)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_rule_of_the_shipped_banks_has_its_sentence(path: Path) -> None:
    bank = load_bank(path).bank
    scope = lenient_scope(plain(read_yaml(path.read_text(encoding="utf-8"), path.name).root), plan=True)
    rules = {(field.text, field.expect) for field in rule_fields(bank)}
    rules |= {(rule_text(value), "any") for value in bank.values.values()}
    unlabelled = {name for name, subject in scope.subjects.items() if subject.label.ja == name}
    for text, expect in rules:
        for lang in (JA, EN):
            found = sentence(text, scope, lang, expect)
            assert not found.faults, text
            words = found.words
            for name in sorted(unlabelled, key=len, reverse=True):
                words = words.replace(name, "")
            assert "_" not in words, text


def test_menus_name_every_comparison_in_both_languages() -> None:
    for subject in SCOPE.subjects.values():
        for lang in (JA, EN):
            words = [comparison_words(one, subject, lang) for one in comparisons_for(subject)]
            assert all(words)
            assert len(set(words)) == len(words)
