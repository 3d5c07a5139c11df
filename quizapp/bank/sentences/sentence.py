"""Any rule as a sentence in Japanese or English, read aloud from its meaning; a broken rule as its fault."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.fields import UNTOLD
from quizapp.bank.rows.scope import RuleScope, Subject
from quizapp.bank.rows.shapes import Comparison
from quizapp.bank.sentences.english import EnglishWords
from quizapp.bank.sentences.japanese import JapaneseWords
from quizapp.i18n import Language
from quizapp.rules import Expect, RuleFault, RuleFaults, read
from quizapp.rules.tree import Day

_UNTOLD = {"ja": "条件は公表されていません", "en": "The condition is not published"}
_UNKNOWN = {"ja": "分かりません", "en": "Nobody knows"}

# Comparisons as menus name them, between a question and its answers; days have words of their own.
_MENU: dict[Comparison, tuple[str, str]] = {
    "is": ("が次と同じ", "is"),
    "is_not": ("が次と違う", "is not"),
    "one_of": ("が次のどれか", "is one of"),
    "none_of": ("が次のどれでもない", "is none of"),
    "includes": ("に次が含まれる", "includes"),
    "excludes": ("に次が含まれない", "does not include"),
    "includes_any": ("に次のどれかが含まれる", "includes any of"),
    "includes_all": ("に次のすべてが含まれる", "includes all of"),
    "includes_none": ("に次のどれも含まれない", "includes none of"),
    "count_at_least": ("を次の数以上選んでいる", "has at least this many chosen"),
    "count_at_most": ("を選んだ数が次の数以下", "has at most this many chosen"),
    "count_is": ("をちょうど次の数だけ選んでいる", "has exactly this many chosen"),
    "at_least": ("が次の数以上", "is at least"),
    "at_most": ("が次の数以下", "is at most"),
    "more_than": ("が次の数を超える", "is over"),
    "less_than": ("が次の数未満", "is under"),
    "equals": ("がちょうど次の数", "is exactly"),
    "differs": ("が次の数以外", "is not"),
    "between": ("が次の範囲内", "is between"),
    "yes": ("が「はい」", "is yes"),
    "no": ("が「いいえ」", "is no"),
    "holds": ("にあてはまる", "applies"),
    "fails": ("にあてはまらない", "does not apply"),
}
_MENU_OF_DAYS: dict[Comparison, tuple[str, str]] = {
    "at_least": ("が次の日以降", "is on or after"),
    "at_most": ("が次の日以前", "is on or before"),
    "more_than": ("が次の日より後", "is after"),
    "less_than": ("が次の日より前", "is before"),
    "equals": ("が次の日", "is"),
    "differs": ("が次の日以外", "is not"),
    "between": ("が次の期間内", "is between"),
}


@dataclass(frozen=True)
class Sentence:
    """A rule in words, without a stop. Where it has ``faults``, the words say what is wrong and how to mend it."""

    words: str
    faults: tuple[RuleFault, ...] = ()

    def __str__(self) -> str:
        """The words alone."""
        return self.words


def sentence(rule: str, scope: RuleScope, language: Language, expect: Expect = "any") -> Sentence:
    """The rule as an editor would read it aloud; never raises.

    >>> from quizapp.bank.rows.scope import lenient_scope
    >>> from quizapp.i18n import language
    >>> grid = {"from": 15, "to": 80, "unit": "years"}
    >>> age = {"id": "age", "kind": "number", "label": {"ja": "年齢", "en": "Age"}, "grid": grid}
    >>> scope = lenient_scope({"questions": [age]})
    >>> sentence("age >= 18", scope, language("ja")).words, sentence("age < 18", scope, language("en")).words
    ('年齢が18歳以上', 'Age is under 18')
    """
    if rule.strip() == UNTOLD and UNTOLD not in scope.subjects:
        return Sentence((_UNKNOWN if expect == "number" else _UNTOLD)[language.code])
    try:
        tree = read(rule, scope.typed, expect)
    except RuleFaults as found:
        words = (language.told_in_a_line((one.what, one.why, one.fix)) for one in found.faults)
        return Sentence(" / ".join(words), found.faults)
    writer = JapaneseWords if language.code == "ja" else EnglishWords
    return Sentence(writer(scope, language).sentence(tree))


def comparison_words(comparison: Comparison, subject: Subject, language: Language) -> str:
    """What a menu calls a comparison, between the subject and its answers."""
    words = _MENU[comparison]
    if isinstance(subject.kind, Day):
        words = _MENU_OF_DAYS.get(comparison, words)
    return words[0] if language.code == "ja" else words[1]
