"""Rules read aloud in Japanese: each saying in the forms that the words after it need."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.bank.rows.scope import RuleScope
from quizapp.bank.sentences.amounts import figure
from quizapp.bank.sentences.meaning import (
    counted_set,
    goes_on,
    ramp_ends,
    said,
    stands_apart,
    unit_of,
    whole_limits,
)
from quizapp.bank.sentences.phrases_ja import (
    Phrase,
    always,
    applying,
    chosen,
    held,
    how_many,
    inner,
    lying,
    negated,
    noun,
    verb,
)
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
from quizapp.i18n import Language
from quizapp.rules.tree import (
    Arithmetic,
    Choose,
    Constant,
    Count,
    Day,
    Extreme,
    Ramp,
    Read,
    Tree,
    Truth,
)

_SIGNS = {"+": "＋", "-": "−", "*": "×"}


class JapaneseWords:
    """Writes the sentences of one scope."""

    def __init__(self, scope: RuleScope, language: Language) -> None:
        self.scope = scope
        self.language = language

    def sentence(self, tree: Tree) -> str:
        """Any rule as a sentence without its stop."""
        if isinstance(tree.kind, Truth):
            return self.truth(said(tree, self.scope)).alone
        words = self.number(tree, unit_of(tree))
        return f"{words}の値" if isinstance(tree, Read) else words

    def truth(self, saying: Saying) -> Phrase:
        """A condition in all its forms."""
        match saying:
            case Always(truth):
                return always(truth)
            case Answered(name, yes):
                return noun(f"「{self._label(name)}」が「{'はい' if yes else 'いいえ'}」")
            case Chosen(name, options, positive):
                return chosen(self._name(name), self._options(name, options), positive)
            case Held(None, names, how):
                return applying([self._label(name) for name in names], how)
            case Held(name, options, how):
                assert name is not None
                return held(self._name(name), self._options(name, options), how)
            case Measured():
                return self._measured(saying)
            case Equal(what, value, positive):
                words = f"{self._what(what)}が{self._side(value, what)}"
                return noun(words) if positive else negated(words)
            case Both(parts):
                return self._both(parts)
            case Either(parts):
                return self._either(parts)
            case Cases(condition, then, otherwise):
                first, second = self.truth(then).end, self.truth(otherwise).end
                return noun(f"（{self.truth(condition).cond}{first}、それ以外は{second}）")

    def number(self, tree: Tree, unit: str = "none") -> str:
        """A number in words; figures in it are counted in the unit."""
        match tree:
            case Constant(value):
                return figure(tree, tree, unit, self.scope, self.language) or str(value)
            case Read(name):
                return self._name(name)
            case Arithmetic(operator, left, right):
                own = "none" if operator == "*" else unit
                first = self._operand(left, own, stands_apart(left, operator, False))
                second = self._operand(right, own, stands_apart(right, operator, True))
                return f"{first} {_SIGNS[operator]} {second}"
            case Choose(condition, then, otherwise):
                return self._cases(condition, then, otherwise, unit)
            case Extreme(which, parts):
                return self._extreme(which, parts, unit)
            case Ramp():
                return self._ramp(tree)
            case Count():
                return self._count(tree)
        return self.truth(said(tree, self.scope)).end

    def _measured(self, saying: Measured) -> Phrase:
        counted = self._counted(saying) if isinstance(saying.what, Count) else None
        if counted is not None:
            return counted
        low, high = (
            (self._side(end.value, saying.what), end.strict) if end else None
            for end in (saying.low, saying.high)
        )
        return lying(self._what(saying.what), low, high, isinstance(saying.what.kind, Day))

    def _counted(self, saying: Measured) -> Phrase | None:
        assert isinstance(saying.what, Count)
        limits = whole_limits(saying)
        if limits is None:
            return None
        low, high = limits
        name = counted_set(saying.what, self.scope)
        number = how_many(low, high)
        if name is not None and high is None:
            words = f"{self._name(name)}を{number}選んで"
            return verb(f"{words}いる", f"{words}いて")
        if name is not None:
            return noun(f"選んだ{self._name(name)}が{number}")
        parts = "／".join(self.truth(said(part, self.scope)).end for part in saying.what.parts)
        return noun(f"（{parts}）のうち{number}").headed(f"次のうち{number}：{parts}")

    def _both(self, parts: Sequence[Saying]) -> Phrase:
        phrases = [self._in_both(part) for part in parts]
        return phrases[-1].after("".join(f"{phrase.mid}、" for phrase in phrases[:-1]))

    def _in_both(self, part: Saying) -> Phrase:
        return self._list(part.parts) if isinstance(part, Either) else self.truth(part)

    def _either(self, parts: Sequence[Saying]) -> Phrase:
        if len(parts) != 2 or any(isinstance(part, Both | Cases) for part in parts):
            return self._list(parts)
        first, second = map(self.truth, parts)
        joined = second.after(f"{first.end}、または")
        return Phrase(joined.end, f"（{joined.end}）で", joined.cond, joined.end)

    def _list(self, parts: Sequence[Saying]) -> Phrase:
        """Conditions of which one is enough, set apart from what stands around them."""
        which = "どちらか" if len(parts) == 2 else "どれか"
        words = "／".join(self.truth(part).end for part in parts)
        return noun(f"（{words}）の{which}").headed(f"次の{which}：{words}")

    def _cases(self, condition: Tree, then: Tree, otherwise: Tree, unit: str) -> str:
        before = said(condition, self.scope)
        words = f"{self.truth(before).cond}{self._branch(then, unit)}"
        while isinstance(otherwise, Choose):
            case = said(otherwise.condition, self.scope)
            phrase = self.truth(case).cond
            about = self._about(case)
            same = goes_on(before, case) and phrase.startswith(about)
            phrase = phrase.removeprefix(about) if same else f"そうでなく{phrase}"
            words += f"、{phrase}{self._branch(otherwise.then, unit)}"
            before, otherwise = case, otherwise.otherwise
        return f"{words}、それ以外は{self._branch(otherwise, unit)}"

    def _about(self, saying: Saying) -> str:
        """How a condition that may go on about the same thing begins."""
        match saying:
            case Chosen(name=name):
                return f"{self._name(name)}が"
            case Measured(what=what) | Equal(what=what):
                return f"{self._what(what)}が"
        return ""

    def _ramp(self, tree: Ramp) -> str:
        beyond = {"": "", "below": "以下", "above": "以上"}
        unit = unit_of(tree.part, tree.start, tree.end)
        zero, full = (
            f"{self._end(end, tree.part, unit)}{beyond[reach]}"
            for end, reach in zip((tree.start, tree.end), ramp_ends(tree), strict=True)
        )
        return f"{self._what(tree.part)}が{zero}なら0、{full}なら100、その間は比例"

    def _branch(self, tree: Tree, unit: str) -> str:
        words = self.number(tree, unit)
        return f"（{words}）" if "、" in words else words

    def _operand(self, tree: Tree, unit: str, apart: bool) -> str:
        words = self.number(tree, unit)
        return f"（{words}）" if apart else words

    def _extreme(self, which: str, parts: Sequence[Tree], unit: str) -> str:
        limits = [part for part in parts if isinstance(part, Constant)]
        if len(parts) == 2 and len(limits) == 1:
            other = parts[1] if parts[0] is limits[0] else parts[0]
            edge = "最低" if which == "max" else "最高"
            words = self.number(other, unit)
            words = f"（{words}）" if isinstance(other, Choose | Extreme) else words
            return f"{words}、ただし{edge}{self.number(limits[0], unit)}"
        each = [self._branch(part, unit) for part in parts]
        if len(parts) == 2:
            return f"{'と'.join(each)}の{'小さい' if which == 'min' else '大きい'}ほう"
        return f"{'、'.join(each)}のうち最{'小' if which == 'min' else '大'}のもの"

    def _count(self, tree: Count) -> str:
        name = counted_set(tree, self.scope)
        if name is not None:
            return f"{self._name(name)}で選んだ数"
        parts = "／".join(self.truth(said(part, self.scope)).end for part in tree.parts)
        return f"（{parts}）のうちあてはまる数"

    def _what(self, tree: Tree) -> str:
        """What is compared, before が."""
        return self.number(tree, unit_of(tree))

    def _side(self, tree: Tree, other: Tree) -> str:
        """What something is compared with; figures have its unit."""
        return self._end(tree, other, unit_of(other, tree))

    def _end(self, tree: Tree, beside: Tree, unit: str) -> str:
        return figure(tree, beside, unit, self.scope, self.language) or self.number(tree, unit)

    def _options(self, name: str, options: Sequence[str]) -> list[str]:
        return [self.scope.option(name, option, self.language) for option in options]

    def _name(self, name: str) -> str:
        """A question by its label, in quotes where that is a whole question; a named value in quotes."""
        label = self._label(name)
        apart = self.scope.is_value(name) or label.endswith(("?", "？", "。", "か"))
        return f"「{label}」" if apart else label

    def _label(self, name: str) -> str:
        return inner(self.scope.label(name, self.language))
