"""Rules read aloud in English: plain, with few commas where conditions stand inside other words."""

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
from quizapp.bank.sentences.phrases_en import (
    Phrase,
    applying,
    be,
    chosen,
    held,
    how_many,
    in_row,
    lying,
    named,
    plain,
    quoted,
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

_SIGNS = {"+": "+", "-": "−", "*": "×"}


class EnglishWords:
    """Writes the sentences of one scope."""

    def __init__(self, scope: RuleScope, language: Language) -> None:
        self.scope = scope
        self.language = language

    def sentence(self, tree: Tree) -> str:
        """Any rule as a sentence without its stop."""
        if isinstance(tree.kind, Truth):
            words = self.truth(said(tree, self.scope)).alone
        else:
            words = self.number(tree, unit_of(tree))
            words = f"the value of {words}" if isinstance(tree, Read) else words
        return words[:1].upper() + words[1:]

    def truth(self, saying: Saying) -> Phrase:
        """A condition in both its forms."""
        match saying:
            case Always(truth):
                return Phrase("true" if truth else "false", "always" if truth else "never")
            case Answered(name, yes):
                return plain(f"{quoted(self._label(name))} is {'yes' if yes else 'no'}")
            case Chosen(name, options, positive):
                return plain(chosen(self._name(name), self._options(name, options), positive))
            case Held(None, names, how):
                return plain(applying([self._label(name) for name in names], how))
            case Held(name, options, how):
                assert name is not None
                return plain(held(self._name(name), self._options(name, options), how))
            case Measured():
                return self._measured(saying)
            case Equal(what, value, positive):
                return plain(f"{self._is(what)} {'' if positive else 'not '}{self._side(value, what)}")
            case Both(parts):
                return self._both(parts)
            case Either(parts):
                return self._either(parts)
            case Cases(condition, then, otherwise):
                first, second = self._inside(then), self._inside(otherwise)
                return plain(f"({first} if {self._inside(condition)}, otherwise {second})")

    def number(self, tree: Tree, unit: str = "none") -> str:
        """A number in words; figures in it are counted in the unit."""
        match tree:
            case Constant(value):
                return figure(tree, tree, unit, self.scope, self.language) or str(value)
            case Read(name):
                return self._name(name)
            case Arithmetic(operator, left, right):
                inner = "none" if operator == "*" else unit
                first = self._operand(left, inner, stands_apart(left, operator, False))
                second = self._operand(right, inner, stands_apart(right, operator, True))
                return f"{first} {_SIGNS[operator]} {second}"
            case Choose(condition, then, otherwise):
                return self._cases(condition, then, otherwise, unit)
            case Extreme(which, parts):
                return self._extreme(which, parts, unit)
            case Ramp():
                return self._ramp(tree)
            case Count():
                return self._count(tree)
        return self.truth(said(tree, self.scope)).inline

    def _measured(self, saying: Measured) -> Phrase:
        counted = self._counted(saying) if isinstance(saying.what, Count) else None
        if counted is not None:
            return counted
        low, high = (
            (self._side(end.value, saying.what), end.strict) if end else None
            for end in (saying.low, saying.high)
        )
        return plain(lying(self._is(saying.what), low, high, isinstance(saying.what.kind, Day)))

    def _counted(self, saying: Measured) -> Phrase | None:
        assert isinstance(saying.what, Count)
        limits = whole_limits(saying)
        if limits is None:
            return None
        low, high = limits
        number = how_many(low, high)
        name = counted_set(saying.what, self.scope)
        if name is not None:
            many = "answer is" if (low if high is None else high) == 1 else "answers are"
            return plain(f"{number} {many} chosen for {self._name(name)}")
        parts = "; ".join(self._inside(said(part, self.scope)) for part in saying.what.parts)
        return Phrase(f"{number} of these ({parts})", f"{number} of these: {parts}")

    def _both(self, parts: Sequence[Saying]) -> Phrase:
        inside = [self._bracketed(part) for part in parts]
        last = inside[-1]
        if isinstance(parts[-1], Either):
            listing = self.truth(parts[-1])
            last = f"either {listing.inline}" if "; " not in listing.alone else listing.alone
        return Phrase(in_row(inside, "and"), f"{', '.join(inside[:-1])}, and {last}")

    def _either(self, parts: Sequence[Saying]) -> Phrase:
        inside = [self._bracketed(part) for part in parts]
        inline = in_row(inside, "or")
        if len(parts) == 2 and not any(isinstance(part, Both | Cases) for part in parts):
            return Phrase(inline, f"{inside[0]}, or {inside[1]}")
        which = "either" if len(parts) == 2 else "any"
        return Phrase(inline, f"{which} of these: {'; '.join(map(self._inside, parts))}")

    def _cases(self, condition: Tree, then: Tree, otherwise: Tree, unit: str) -> str:
        before = said(condition, self.scope)
        words = f"{self._branch(then, unit)} if {self._inside(before)}"
        while isinstance(otherwise, Choose):
            case = said(otherwise.condition, self.scope)
            phrase, about, start = self._inside(case), self._about(case), "otherwise "
            if goes_on(before, case) and phrase.startswith(about):
                phrase, start = (
                    f"{'they are' if about.endswith(' are') else 'it is'}{phrase.removeprefix(about)}",
                    "",
                )
            words += f", {start}{self._branch(otherwise.then, unit)} if {phrase}"
            before, otherwise = case, otherwise.otherwise
        return f"{words}, otherwise {self._branch(otherwise, unit)}"

    def _about(self, saying: Saying) -> str:
        """How a condition that may go on about the same thing begins."""
        match saying:
            case Chosen(name=name):
                return be(self._name(name))
            case Measured(what=what) | Equal(what=what):
                return self._is(what)
        return ""

    def _ramp(self, tree: Ramp) -> str:
        beyond = {"": "", "below": " or less", "above": " or more"}
        unit = unit_of(tree.part, tree.start, tree.end)
        zero, full = (
            f"{self._end(end, tree.part, unit)}{beyond[reach]}"
            for end, reach in zip((tree.start, tree.end), ramp_ends(tree), strict=True)
        )
        return f"0 if {self._is(tree.part)} {zero}, 100 if {full}, in proportion between"

    def _inside(self, saying: Saying) -> str:
        return self.truth(saying).inline

    def _bracketed(self, saying: Saying) -> str:
        words = self._inside(saying)
        return f"({words})" if isinstance(saying, Both | Either) else words

    def _branch(self, tree: Tree, unit: str) -> str:
        words = self.number(tree, unit)
        return f"({words})" if isinstance(tree, Choose | Ramp | Extreme) else words

    def _operand(self, tree: Tree, unit: str, apart: bool) -> str:
        words = self.number(tree, unit)
        return f"({words})" if apart else words

    def _extreme(self, which: str, parts: Sequence[Tree], unit: str) -> str:
        limits = [part for part in parts if isinstance(part, Constant)]
        if len(parts) == 2 and len(limits) == 1:
            other = parts[1] if parts[0] is limits[0] else parts[0]
            edge = "at least" if which == "max" else "at most"
            words = self.number(other, unit)
            words = f"({words})" if isinstance(other, Choose | Extreme) else words
            return f"{words}, but {edge} {self.number(limits[0], unit)}"
        joined = in_row([self._branch(part, unit) for part in parts], "and")
        least, most = ("lesser", "greater") if len(parts) == 2 else ("least", "greatest")
        return f"the {least if which == 'min' else most} of {joined}"

    def _count(self, tree: Count) -> str:
        name = counted_set(tree, self.scope)
        if name is not None:
            return f"the number of answers chosen for {self._name(name)}"
        parts = "; ".join(self._inside(said(part, self.scope)) for part in tree.parts)
        return f"how many of these apply ({parts})"

    def _what(self, tree: Tree) -> str:
        return self.number(tree, unit_of(tree))

    def _side(self, tree: Tree, other: Tree) -> str:
        """What something is compared with; figures have its unit."""
        return self._end(tree, other, unit_of(other, tree))

    def _end(self, tree: Tree, beside: Tree, unit: str) -> str:
        if isinstance(beside, Read) and self._what(beside).split()[0] == unit:
            unit = "none"  # "years in offices are at least 1", not "at least 1 year"
        return figure(tree, beside, unit, self.scope, self.language) or self.number(tree, unit)

    def _is(self, tree: Tree) -> str:
        """What is compared, with its verb."""
        return be(self._what(tree)) if isinstance(tree, Read) else f"{self._what(tree)} is"

    def _options(self, name: str, options: Sequence[str]) -> list[str]:
        return [self.scope.option(name, option, self.language) for option in options]

    def _name(self, name: str) -> str:
        """A question by its label, as inside a sentence; a named value by its label in quotes."""
        return quoted(self._label(name)) if self.scope.is_value(name) else named(self._label(name))

    def _label(self, name: str) -> str:
        return self.scope.label(name, self.language)
