"""Japanese conditions in the forms that the words after them need, and lists of things in quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quizapp.bank.sentences.sayings import How

End: TypeAlias = tuple[str, bool]


@dataclass(frozen=True)
class Phrase:
    """A condition at the end of a sentence, before another one, and before its consequence.

    ``alone`` is its form where nothing stands around it.
    """

    end: str
    mid: str
    cond: str
    alone: str

    def after(self, before: str) -> Phrase:
        """The phrase with words before it."""
        return Phrase(before + self.end, before + self.mid, before + self.cond, before + self.alone)

    def headed(self, words: str) -> Phrase:
        """The phrase with other words where nothing stands around it."""
        return Phrase(self.end, self.mid, self.cond, words)


def noun(words: str) -> Phrase:
    """A condition that ends in a noun.

    >>> noun("年齢が18歳以上").mid
    '年齢が18歳以上で'
    """
    return Phrase(words, f"{words}で", f"{words}なら", words)


def negated(words: str) -> Phrase:
    """The contrary of a condition that ends in a noun."""
    return without(f"{words}では", f"{words}ではなく", f"{words}で")


def verb(end: str, mid: str) -> Phrase:
    """A condition that ends in a verb."""
    return Phrase(end, mid, f"{end}なら", end)


def without(words: str, mid: str, before_if: str = "") -> Phrase:
    """A condition that ends in ない, without that; ``before_if`` stands before なければ instead.

    >>> without("「見学」が含まれ", "「見学」が含まれず").cond
    '「見学」が含まれなければ'
    """
    return Phrase(f"{words}ない", mid, f"{before_if or words}なければ", f"{words}ない")


def inner(words: str) -> str:
    """Words that will stand in quotes."""
    return words.replace("「", "『").replace("」", "』")


def quoted(words: str) -> str:
    """Words in quotes."""
    return f"「{inner(words)}」"


def always(truth: bool) -> Phrase:
    """What holds whatever the answers, or never does."""
    if truth:
        return verb("いつも成り立つ", "いつも成り立ち")
    return without("成り立つことは", "成り立つことはなく")


def chosen(label: str, options: Sequence[str], positive: bool) -> Phrase:
    """The answer to a choice question is one of these, or none of them.

    >>> chosen("住まい", ["東京", "大阪"], True).end, chosen("住まい", ["東京", "大阪"], False).end
    ('住まいが「東京」か「大阪」', '住まいが「東京」「大阪」のどちらでもない')
    """
    if positive:
        return noun(f"{label}が{_any(options)}")
    if len(options) == 1:
        return negated(f"{label}が{quoted(options[0])}")
    which = "どちらでも" if len(options) == 2 else "どれでも"
    words = f"{label}が{''.join(map(quoted, options))}の{which}"
    return without(words, f"{words}なく")


def held(label: str, options: Sequence[str], how: How) -> Phrase:
    """How many of these options a choices question holds.

    >>> held("持っている資格", ["A", "B"], "lacking").mid
    '持っている資格に「A」と「B」がそろっておらず'
    """
    match how:
        case "lacking":
            words = f"{label}に{'と'.join(map(quoted, options))}がそろって"
            return without(f"{words}い", f"{words}おらず")
        case "none":
            words = f"{label}に{_none(options, 'が')}含まれ"
            return without(words, f"{words}ず")
    words = f"{label}に{_all(options) if how == 'all' else _any(options)}が含まれ"
    return verb(f"{words}る", words)


def applying(labels: Sequence[str], how: How) -> Phrase:
    """How many of these named values hold.

    >>> applying(["経験者", "有資格者"], "none").end
    '「経験者」にも「有資格者」にもあてはまらない'
    """
    match how:
        case "lacking":
            words = f"{_all(labels)}にはあてはまら"
            return without(words, f"{words}ず")
        case "none":
            words = f"{_none(labels, 'に', 'に')}あてはまら"
            return without(words, f"{words}ず")
    words = f"{_all(labels) if how == 'all' else _any(labels)}にあてはま"
    return verb(f"{words}る", f"{words}り")


def lying(label: str, low: End | None, high: End | None, a_day: bool) -> Phrase:
    """A number or day above, below or between ends, each with whether the end itself is outside.

    >>> lying("年齢", ("20歳", False), ("30歳", True), False).end, lying("年齢", ("20歳", True), None, False).end
    ('年齢が20歳以上30歳未満', '年齢が20歳を超える')
    """
    if low and high is None and low[1] and not a_day:
        return verb(f"{label}が{low[0]}を超える", f"{label}が{low[0]}を超え")
    if a_day and low and high and not (low[1] or high[1]):
        return noun(f"{label}が{low[0]}から{high[0]}まで")
    above, below = (("以降", "より後"), ("以前", "より前")) if a_day else (("以上", "超"), ("以下", "未満"))
    ends = [f"{end[0]}{words[end[1]]}" for end, words in ((low, above), (high, below)) if end]
    return noun(f"{label}が{('、' if a_day else '').join(ends)}")


def how_many(low: int | None, high: int | None) -> str:
    """How many of several, by the counter for things.

    >>> how_many(2, None), how_many(None, 12), how_many(3, 3)
    ('2つ以上', '12個以下', 'ちょうど3つ')
    """
    counter = "つ" if max(low or 0, high or 0) <= 9 else "個"
    if low is None or high is None:
        return f"{high}{counter}以下" if low is None else f"{low}{counter}以上"
    return f"ちょうど{low}{counter}" if low == high else f"{low}〜{high}{counter}"


def _any(words: Sequence[str]) -> str:
    each = [quoted(word) for word in words]
    return "か".join(each) if len(each) <= 2 else f"{''.join(each)}のどれか"


def _all(words: Sequence[str]) -> str:
    each = [quoted(word) for word in words]
    if len(each) == 2:
        return f"{'と'.join(each)}の両方"
    return each[0] if len(each) == 1 else f"{''.join(each)}のすべて"


def _none(words: Sequence[str], particle: str, kept: str = "") -> str:
    """None of these, before a negated verb; ``kept`` is the particle that stays before も."""
    each = [quoted(word) for word in words]
    if len(each) == 1:
        return f"{each[0]}{particle}"
    if len(each) == 2:
        return "".join(f"{word}{kept}も" for word in each)
    return f"{''.join(each)}のどれ{kept}も"
