"""Whether conditions can hold together for any taker at all: searches answers, never guesses.

Only answers that some condition tells apart are tried, and a branch is left as soon as the
reference interpreter says that it fails. ``today`` stays unknown, so a rule about days is never
called impossible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

from quizapp.bank.model import Question
from quizapp.rules.evaluate import Given, evaluate
from quizapp.rules.tree import Compare, Constant, Has, OneOf, Read, Tree, nodes

_MOST_TRIES = 4_000
_MOST_SETS = 10
_MOST_NUMBERS = 300


def can_hold(trees: Sequence[Tree], questions: Mapping[str, Question], values: Mapping[str, Tree]) -> bool:
    """False where no answers make all the conditions true; True where some do, or it is too long to tell."""
    used = _all_trees(trees, values)
    every = [node for tree in used.values() for node in nodes(tree)] + [
        n for tree in trees for n in nodes(tree)
    ]
    asked = dict.fromkeys(n.name for n in every if isinstance(n, Read | OneOf | Has) and n.name in questions)
    choices = {name: _answers(questions[name], every) for name in asked}
    if any(not answers for answers in choices.values()):
        return True
    order = sorted(choices, key=lambda name: len(choices[name]))
    return _Search(trees, used, choices, order).finds({})


def _all_trees(trees: Sequence[Tree], values: Mapping[str, Tree]) -> dict[str, Tree]:
    """The named values that the conditions need, in the order in which they can be worked out."""
    needed: set[str] = set()
    waiting = list(trees)
    while waiting:
        names = {node.name for node in nodes(waiting.pop()) if isinstance(node, Read | OneOf | Has)}
        waiting += [values[name] for name in names - needed if name in values]
        needed |= names
    return {name: tree for name, tree in values.items() if name in needed}


@dataclass
class _Search:
    trees: Sequence[Tree]
    values: Mapping[str, Tree]
    choices: Mapping[str, list[Given]]
    order: list[str]
    tries: int = field(default=0)

    def finds(self, given: dict[str, Given]) -> bool:
        """Whether these answers can be completed so that every condition holds."""
        self.tries += 1
        if self.tries > _MOST_TRIES:
            return True
        known = dict(given)
        for name, tree in self.values.items():
            known[name] = evaluate(tree, known)
        truths = [evaluate(tree, known) for tree in self.trees]
        if 0 in truths:
            return False
        if None not in truths or len(given) == len(self.order):
            return True
        name = self.order[len(given)]
        return any(self.finds({**given, name: answer}) for answer in self.choices[name])


def _answers(question: Question, every: list[Tree]) -> list[Given]:
    """The answers of a question that the conditions may tell apart; none where there are too many."""
    if question.kind == "yes_no":
        return [0, 1]
    if question.kind == "number":
        return _numbers(question, every)
    listed = [n.options for n in every if isinstance(n, OneOf) and n.name == question.id]
    held = {n.option for n in every if isinstance(n, Has) and n.name == question.id}
    if question.kind == "choice":
        named = set().union(*listed)
        other = [option.id for option in question.options if option.id not in named][:1]
        return [*sorted(named), *other]
    if len(held) > _MOST_SETS:
        return []
    return [
        frozenset(s) for s in chain.from_iterable(combinations(sorted(held), n) for n in range(len(held) + 1))
    ]


def _numbers(question: Question, every: list[Tree]) -> list[Given]:
    """The ends of the grid and its points beside each number it is compared with, or all its points."""
    grid = question.grid
    if grid is None:
        return []
    ends: set[int] = {grid.from_, grid.from_ + (grid.to - grid.from_) // grid.step * grid.step}
    beside = 0
    for node in every:
        for here, other in _pairs(node):
            if isinstance(here, Read) and here.name == question.id and isinstance(other, Constant):
                beside += 1
                below = grid.from_ + (other.value - grid.from_) // grid.step * grid.step
                ends |= {
                    point
                    for point in (below - grid.step, below, below + grid.step)
                    if grid.from_ <= point <= grid.to
                }
    reads = sum(isinstance(node, Read) and node.name == question.id for node in every)
    if beside == reads:
        return [*sorted(ends)]
    points = range(grid.from_, grid.to + 1, grid.step)
    return [*points] if len(points) <= _MOST_NUMBERS else []


def _pairs(node: Tree) -> list[tuple[Tree, Tree]]:
    return [(node.left, node.right), (node.right, node.left)] if isinstance(node, Compare) else []
