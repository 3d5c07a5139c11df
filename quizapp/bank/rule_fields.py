"""Which fields of a bank are rules, what each must yield, and all of them typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from quizapp.bank.model import (
    UNTOLD,
    Bank,
    Cost,
    Criterion,
    Item,
    Note,
    Provider,
    Question,
    Reason,
    Requirement,
    Value,
)
from quizapp.bank.parts import every_part
from quizapp.bank.scope import MOST_FAULTS, plan_scope, question_scope, read_values, rule_text
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import told
from quizapp.rules import Expect, RuleFault, RuleFaults, read
from quizapp.rules.tree import Tree, names_read

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class RuleField:
    """One rule of a bank: where it stands, its text, what it must yield, whether it may read the plan."""

    path: Path
    text: str
    expect: Expect
    reads_plan: bool = False


@dataclass(frozen=True)
class RulesRead:
    """The rules that could be typed, by path, and the faults of the others.

    ``silent`` counts rules that cannot be typed only because a named value cannot.
    """

    trees: dict[Path, Tree]
    values: dict[str, Tree]
    faults: tuple[tuple[Path, RuleFault], ...]
    silent: int = 0

    @property
    def complete(self) -> bool:
        """Whether every rule was typed."""
        return not self.faults and not self.silent

    def read_by(self, tree: Tree) -> frozenset[str]:
        """The names of values and questions that a tree reads, through named values as well."""
        found: set[str] = set()
        waiting = [tree]
        while waiting:
            for name in names_read(waiting.pop()) - found:
                found.add(name)
                if name in self.values:
                    waiting.append(self.values[name])
        return frozenset(found)


def rule_fields(bank: Bank) -> Iterator[RuleField]:
    """Every rule of a bank but its named values."""
    for path, part in every_part(bank):
        match part:
            case Question(ask_if=str(text)):
                yield RuleField((*path, "ask_if"), text, "truth")
            case Requirement(if_="unknown"):
                continue
            case Requirement(if_=text) | Reason(if_=text) | Note(if_=text) | Provider(if_=str(text)):
                yield RuleField((*path, "if"), text, "truth")
            case Cost(unless=str(text)):
                yield RuleField((*path, "unless"), text, "truth")
            case Criterion():
                yield RuleField((*path, "weight"), part.weight, "number")
                if part.value is not None:
                    yield RuleField((*path, "value"), part.value, "number", reads_plan=True)
            case Item():
                yield from _of_item(path, part)


def _of_item(path: Path, item: Item) -> Iterator[RuleField]:
    if item.relevant_if is not None:
        yield RuleField((*path, "relevant_if"), item.relevant_if, "truth")
    if item.held_if is not None:
        yield RuleField((*path, "held_if"), item.held_if, "truth")
    for name, value in item.fit.items():
        if isinstance(value, str) and value != UNTOLD:
            yield RuleField((*path, "fit", name), value, "number", reads_plan=True)


def read_rules(bank: Bank) -> RulesRead:
    """Types every rule of a bank; a fault is told once, where it is, and not again by its users."""
    named = read_values(bank)
    broken = named.faults.keys() | named.unread
    faults = list(_value_faults(bank, named.faults, broken))
    trees: dict[Path, Tree] = {}
    silent = 0
    scope = question_scope(bank).with_names({name: tree.kind for name, tree in named.trees.items()})
    wider = plan_scope(scope)
    unread: list[Path] = [_path_of(bank, name) for name in bank.values if name in named.unread]
    for field in rule_fields(bank):
        if len(faults) >= MOST_FAULTS:
            unread.append(field.path)
            continue
        try:
            trees[field.path] = read(field.text, wider if field.reads_plan else scope, field.expect)
        except RuleFaults as found:
            own = [fault for fault in found.faults if _broken_value(field.text, fault, broken) is None]
            silent += not own
            faults += [(field.path, fault) for fault in own]
    if unread:
        faults.append((unread[0], _left_out(len(unread))))
    return RulesRead(trees, named.trees, tuple(faults), silent)


def _left_out(count: int) -> RuleFault:
    what = told("%(left)s more rules were not looked at", left=count)
    return RuleFault("more_rules", what, told("a list that long helps nobody"), told("mend these first"))


def _path_of(bank: Bank, name: str) -> Path:
    """The path of a named value's rule."""
    return ("values", name, "rule") if isinstance(bank.values[name], Value) else ("values", name)


def _broken_value(text: str, fault: RuleFault, broken: Set[str]) -> str | None:
    """The named value that is meant where a name is unknown only because its value is broken."""
    name = _NAME.match(text, fault.column - 1)
    return name.group() if fault.code == "unknown_name" and name and name.group() in broken else None


def _value_faults(
    bank: Bank, faulty: dict[str, RuleFaults], broken: Set[str]
) -> Iterator[tuple[Path, RuleFault]]:
    needs: dict[str, list[str]] = {}
    for name, found in faulty.items():
        text, path = rule_text(bank.values[name]), _path_of(bank, name)
        needed = [(_broken_value(text, fault, broken), fault) for fault in found.faults]
        yield from ((path, fault) for other, fault in needed if other is None)
        needs[name] = [other for other, _ in needed if other is not None]
    for name in needs:
        if (first := _circle(name, needs)) is not None:
            column = rule_text(bank.values[name]).find(first) + 1
            yield (
                _path_of(bank, name),
                RuleFault(
                    "value_circle",
                    told('"%(name)s" needs "%(first)s", which needs "%(name)s" again', name=name, first=first)
                    if first != name
                    else told('"%(name)s" needs itself', name=name),
                    told("neither can be worked out"),
                    told("write one of them without the other"),
                    max(1, column),
                ),
            )


def _circle(name: str, needs: dict[str, list[str]]) -> str | None:
    """The first step of a way by which a value comes to need itself, or None."""
    for first in needs[name]:
        seen: set[str] = set()
        waiting = [first]
        while waiting:
            here = waiting.pop()
            if here == name:
                return first
            if here not in seen:
                seen.add(here)
                waiting += needs.get(here, [])
    return None
