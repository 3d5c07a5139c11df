"""Turns a checked bank into integer tables; the only place where rules' text is read for answering."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np

from quizapp.bank.model import UNTOLD, Bank, Cost, Criterion, Item, Note, Reason, Requirement, Route
from quizapp.bank.scope import plan_scope, read_values, rule_text, scope_of
from quizapp.engine.budget import OUTCOME, Budget, rule_problem
from quizapp.engine.compiled import (
    Compiled,
    CompiledCost,
    CompiledItem,
    CompiledProvider,
    CompiledRequirement,
    CompiledRoute,
    Spoken,
)
from quizapp.engine.fits import fit_rule, part_values
from quizapp.engine.gates import MAX_CONDITIONS, condition_tables
from quizapp.engine.packed import packed
from quizapp.engine.rule_texts import conditions, fit_texts
from quizapp.engine.schedule import sittings
from quizapp.engine.table import UNKNOWN, Table, TooLarge, Variable, by_outcome, constant, tabulate
from quizapp.engine.totals import MAX_TOTALS, possible_totals
from quizapp.engine.variables import (
    Hidden,
    answer_when_hidden,
    question_variables,
    seeing_hidden,
    today_variable,
)
from quizapp.errors import Invalid, Problem, Where, told
from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.tree import Choose, Constant, Number, OneOf, Tree, Truth, names_read

MAX_WEIGHT = 1_000_000
_ALWAYS = constant(1)
_NEVER = constant(0)


def compile_bank(bank: Bank, revision: str) -> Compiled:
    """The bank as tables.

    Raises Invalid where a rule cannot be read, or tables would not stay small; their problems have the path
    of the rule, but no line. A bank that passed its check compiles but for what is too large.
    """
    return _Compiler(bank).compiled(revision)


class _Compiler:
    """The variables met so far, and the trees read so far, of one bank."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.scope = scope_of(bank)
        self.plan_scope = plan_scope(self.scope)
        self.trees: dict[tuple[str, bool], Tree] = {}
        self.truths: dict[str, Table] = {}
        self.hidden: dict[str, Hidden] = {}
        self.asked_trees: dict[str, Tree] = {}
        self._read_questions()
        self.value_trees = {
            name: seeing_hidden(tree, self.hidden) for name, tree in read_values(bank).trees.items()
        }
        self.budget = Budget(bank)
        self.variables: list[Variable] = []
        self.places: dict[str, int] = {}

    def _read_questions(self) -> None:
        for question in self.bank.questions:
            if question.ask_if is None:
                continue
            tree = seeing_hidden(self._parsed(question.ask_if, self.scope), self.hidden)
            self.asked_trees[question.id] = tree
            self.hidden[question.id] = Hidden(tree, answer_when_hidden(question))

    def _parsed(self, text: str, scope: Scope) -> Tree:
        try:
            return read(text, scope)
        except RuleFaults as found:
            where = Where(f"{self.bank.bank}.yaml")
            raise Invalid(
                [
                    Problem(
                        where, f.code, told("%(what)s (in: %(rule)s)", what=f.what, rule=text), f.why, f.fix
                    )
                    for f in found.faults
                ]
            ) from None

    def _add(self, variable: Variable) -> None:
        self.places[variable.name] = len(self.variables)
        self.variables.append(variable)

    def tree(self, text: str, plan: bool = False) -> Tree:
        """The tree of a rule as it is evaluated: hidden questions answered."""
        key = (text, plan)
        if key not in self.trees:
            parsed = self._parsed(text, self.plan_scope if plan else self.scope)
            self.trees[key] = seeing_hidden(parsed, self.hidden)
        return self.trees[key]

    def table(self, tree: Tree, said: str) -> Table:
        """The table of a tree; ``said`` is the rule's text, to name it by if it is too large."""
        try:
            return tabulate(tree, self.variables, self.places, lambda size: self.budget.spend(size, said))
        except TooLarge as error:
            why = told(
                "it would need %(cells)s cells, because it reads many answers together", cells=error.cells
            )
        except RecursionError:
            # Every rule is flat enough, but not this one with all that decides whether its questions are asked.
            why = told("it could not be checked")
        what = told("the rule %(rule)s is too large", rule=said)
        raise Invalid([rule_problem(self.bank, said, "rule_too_large", what, why)])

    def truth(self, text: str | None, default: Table = _ALWAYS) -> Table:
        """The table of a condition, the same object for the same text; the default where there is none."""
        if text is None:
            return default
        if text not in self.truths:
            self.truths[text] = self.table(self.tree(text), text)
        return self.truths[text]

    def compiled(self, revision: str) -> Compiled:
        """Everything, in the order in which one part needs the other."""
        bank = self.bank
        for question in bank.questions:
            for variable in question_variables(question):
                self._add(variable)
        self._add(
            today_variable(chain(self.value_trees.values(), self.asked_trees.values(), self._rule_trees()))
        )
        values = [self._value(name, tree) for name, tree in self.value_trees.items()]
        routes = {item.id: self._routes(item) for item in bank.items}
        self._plan_variables(routes)
        counted = self._counted_fits()
        items = tuple(self._item(item, routes[item.id], counted) for item in bank.items)
        self._refuse_too_many_conditions(items)
        return Compiled(
            bank=bank,
            revision=revision,
            variables=tuple(self.variables),
            places=self.places,
            values=tuple(values),
            asked=self._asked(),
            weights=tuple(self._weight(bank.criteria[place]) for place in counted),
            items=items,
            providers=tuple(
                CompiledProvider(p.id, frozenset(p.items), p.online, self.truth(p.if_, _NEVER))
                for p in bank.providers
                if not p.listed_only
            ),
            notes=tuple(self._spoken(note) for note in bank.notes),
            counted=counted,
        )

    def _refuse_too_many_conditions(self, items: Iterable[CompiledItem]) -> None:
        """An item's truths are kept together in one whole number of 64 bits."""
        counts = [(item.item.id, len(condition_tables(item))) for item in items]
        why, fix = (
            told("%(most)s is the most", most=MAX_CONDITIONS),
            told("name several of them together under values:"),
        )
        problems = [
            Problem(
                Where(f"{self.bank.bank}.yaml"),
                "too_many_conditions",
                told('the item "%(item)s" has %(count)s different conditions', item=name, count=count),
                why,
                fix,
            )
            for name, count in counts
            if count > MAX_CONDITIONS
        ]
        if problems:
            raise Invalid(problems)

    def _rule_trees(self) -> Iterable[Tree]:
        """The trees of every condition of the bank, to find the days they compare with."""
        return [self.tree(text) for text in conditions(self.bank)] + [
            self.tree(text, plan=True) for text in fit_texts(self.bank)
        ]

    def _value(self, name: str, tree: Tree) -> tuple[int, Table]:
        """A named value as a variable over its outcomes; its table gives the outcome's index."""
        said = rule_text(self.bank.values[name])
        domain, table = by_outcome(self.table(tree, said))
        self.budget.spend(OUTCOME * len(domain), said)
        self._add(Variable(name, domain))
        return self.places[name], table

    def _asked(self) -> dict[str, Table]:
        """When each question that is not always asked is asked."""
        return {
            question.id: self.table(self.asked_trees[question.id], str(question.ask_if))
            for question in self.bank.questions
            if question.id in self.asked_trees
        }

    def _plan_variables(self, routes: dict[str, tuple[CompiledRoute, ...]]) -> None:
        every = [route for of_item in routes.values() for route in of_item]
        totals = self._totals(routes)
        longest = max((_longest(route) for route in every), default=0)
        self._add(Variable("cost", (UNKNOWN, *totals)))
        self._add(Variable("duration", tuple(range(longest + 1))))

    def _totals(self, routes: dict[str, tuple[CompiledRoute, ...]]) -> list[int]:
        """Every total of every route, each once, ascending."""
        totals: set[int] = set()
        problems = []
        for name, of_item in routes.items():
            for route in of_item:
                try:
                    totals |= possible_totals(route)
                except OverflowError:
                    what = told(
                        'the route "%(route)s" of the item "%(item)s" can cost too many different totals',
                        route=route.id,
                        item=name,
                    )
                    why = told(
                        "%(most)s are the most; each part that some need not pay doubles them",
                        most=f"{MAX_TOTALS:,}",
                    )
                    fix = told("add parts up that are waived together")
                    problems.append(
                        Problem(Where(f"{self.bank.bank}.yaml"), "too_many_totals", what, why, fix)
                    )
        if problems:
            raise Invalid(problems)
        return sorted(totals)

    def _counted_fits(self) -> tuple[int, ...]:
        """The criteria known for at least one item; the others drop out for all alike."""
        self.fit_tables: dict[tuple[str, str], Table] = {}
        counted = []
        for place, criterion in enumerate(self.bank.criteria):
            ranked = [item for item in self.bank.items if not item.listed_only]
            tables = [self._fit(item, criterion) for item in ranked]
            if any(value != UNKNOWN for table in tables for value in table.values):
                counted.append(place)
            for item, table in zip(ranked, tables, strict=True):
                self.fit_tables[item.id, criterion.id] = table
        return tuple(counted)

    def _fit(self, item: Item, criterion: Criterion) -> Table:
        rule = fit_rule(item, criterion)
        if isinstance(rule, int):
            return constant(rule)
        if isinstance(rule, dict):
            return self._option_table(criterion, rule)
        tree = self.tree(rule, plan=True)
        table = self.table(_within_percent(tree), rule)
        return self._unknown_without_cost(table, rule) if "cost" in names_read(tree) else table

    def _weight(self, criterion: Criterion) -> Table:
        """A criterion's weight. Only its share counts, so a bound on it takes nothing away."""
        table = self.truth(criterion.weight)
        if max(table.values) > MAX_WEIGHT:
            what = told(
                'the weight of "%(criterion)s" can come to %(largest)s',
                criterion=criterion.id,
                largest=f"{max(table.values):,}",
            )
            why, fix = (
                told("%(most)s is the most", most=f"{MAX_WEIGHT:,}"),
                told("divide every weight by the same number"),
            )
            raise Invalid([Problem(Where(f"{self.bank.bank}.yaml"), "weight_too_large", what, why, fix)])
        return table

    def _option_table(self, criterion: Criterion, rule: dict[str, int]) -> Table:
        """The values by option, as the rule it stands for: a hidden question has its answer here too."""
        question = str(criterion.question)
        options: dict[int, list[str]] = {}
        for name in self.variables[self.places[question]].domain:
            options.setdefault(rule.get(str(name), rule.get("else", UNKNOWN)), []).append(str(name))
        values = sorted(options)
        percent = Number(UNKNOWN, 100)
        tree: Tree = Constant(values[0], percent)
        for value in values[1:]:
            chosen = OneOf(question, frozenset(options[value]))
            tree = Choose(chosen, Constant(value, percent), tree, percent)
        return self.table(seeing_hidden(tree, self.hidden), criterion.id)

    def _unknown_without_cost(self, table: Table, said: str) -> Table:
        """The same table, unknown wherever the cost is unknown (index 0 of its domain)."""
        place = self.places["cost"]
        size = table.cells
        self.budget.spend(size, said)
        values = packed(np.concatenate([np.asarray(table.values), np.full(size, UNKNOWN)]))
        offset = tuple(size if index == 0 else 0 for index in range(len(self.variables[place].domain)))
        if place not in table.reads:
            return Table((*table.reads, place), (*table.offsets, offset), values)
        at = table.reads.index(place)
        offsets = list(table.offsets)
        offsets[at] = tuple(size + o if index == 0 else o for index, o in enumerate(offsets[at]))
        return Table(table.reads, tuple(offsets), values)

    def _item(self, item: Item, routes: tuple[CompiledRoute, ...], counted: tuple[int, ...]) -> CompiledItem:
        criteria = [self.bank.criteria[place] for place in counted]
        return CompiledItem(
            item=item,
            relevant=self.truth(item.relevant_if),
            held=self.truth(item.held_if, _NEVER),
            closes_after=item.closing.after if item.closing else None,
            routes=routes,
            fits=() if item.listed_only else tuple(self.fit_tables[item.id, c.id] for c in criteria),
            parts=tuple(part_values(item, criterion) for criterion in criteria),
            reasons=tuple(self._spoken(reason) for reason in item.reasons),
            notes=tuple(self._spoken(note) for note in item.notes),
        )

    def _spoken(self, said: Reason | Note) -> Spoken:
        return Spoken(said.id, self.truth(said.if_), said.side if isinstance(said, Reason) else "")

    def _routes(self, item: Item) -> tuple[CompiledRoute, ...]:
        return tuple(self._route(item, route) for route in item.routes or _implied(item))

    def _route(self, item: Item, route: Route) -> CompiledRoute:
        rows = item.schedule if route.schedule is None else route.schedule
        return CompiledRoute(
            id=route.id,
            requires=tuple(self._requirement(r) for r in (*item.requires, *route.requires)),
            costs=tuple(self._cost(c) for c in (*item.costs, *route.costs)),
            cost_kind=route.cost_kind,
            months_from=route.months.from_ if route.months else 0,
            months_to=route.months.to if route.months else None,
            sittings=sittings(rows),
        )

    def _requirement(self, requirement: Requirement) -> CompiledRequirement:
        step = requirement.step
        return CompiledRequirement(
            id=requirement.id,
            holds=constant(UNKNOWN) if requirement.if_ == UNTOLD else self.truth(requirement.if_),
            fixed=step is None,
            before=requirement.when == "before",
            yen=_known(step.yen) if step else 0,
            in_total=step.in_total if step else True,
            months=step.months if step else 0,
        )

    def _cost(self, cost: Cost) -> CompiledCost:
        waived = None if cost.unless is None else self.truth(cost.unless)
        return CompiledCost(cost.id, _known(cost.yen), waived)


def _implied(item: Item) -> tuple[Route, ...]:
    """An action needs no route written out: doing it is the route, and has its name."""
    return (Route(id=item.id, name=item.name),) if item.kind == "action" and not item.listed_only else ()


def _known(yen: int | str) -> int | None:
    return yen if isinstance(yen, int) else None


def _longest(route: CompiledRoute) -> int:
    """No plan of the route starts later than this many months from now."""
    return sum(requirement.months for requirement in route.requires) + route.months_from + 12


def _within_percent(tree: Tree) -> Tree:
    """A checked fit is within 0-100 already; a truth counts as 100 or 0."""
    if isinstance(tree.kind, Truth):
        return Choose(tree, Constant(100, Number(100, 100)), Constant(0, Number(0, 0)), Number(0, 100))
    return tree
