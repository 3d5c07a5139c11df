"""Says which part of a draft a problem is about, so that a page can lead to its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from quizapp.bank.addresses import Address, address_of
from quizapp.bank.yaml.nodes import Mapping, Node, Path, Positions, Sequence
from quizapp.editing.workshop import Sheet, file_of, read
from quizapp.errors import NotFound, Problem, Where, how_many_left_out, left_out

MOST_PROBLEMS = 100


@dataclass(frozen=True)
class PlacedProblem:
    """A problem of one of a draft's texts, with the address of its part where it is about one."""

    problem: Problem
    sheet: Sheet
    address: Address | None

    @property
    def blocks(self) -> bool:
        """Whether it forbids publishing."""
        return not self.problem.warning


def all_placed(problems: Iterable[Problem], bank: str, sheet: Sheet, text: str) -> list[PlacedProblem]:
    """The problems with their addresses, in the order of the text.

    No more than anybody could mend at once, the first that block before all others, and one warning that
    says how many are left out: to find each in a long text takes time.
    """
    problems = list(problems)
    found = sorted((one for one in problems if not how_many_left_out(one)), key=lambda one: one.warning)
    told_of, left = found[:MOST_PROBLEMS], max(0, len(found) - MOST_PROBLEMS)
    left += sum(map(how_many_left_out, problems))
    last = [left_out(told_of[0].where, left, warning=True)] if left > 0 else []
    in_order = sorted(told_of, key=lambda problem: problem.where)
    return [placed(problem, bank, sheet, text) for problem in [*in_order, *last]]


def placed(problem: Problem, bank: str, sheet: Sheet, text: str) -> PlacedProblem:
    """The problem with the address of the field it is about, else of the smallest part where it points to.

    A field that is missing has the address that it would have.
    """
    said = read(text, file_of(bank, sheet))
    positions = said.positions
    if positions is None:
        return PlacedProblem(problem, sheet, None)
    if problem.path:
        return PlacedProblem(problem, sheet, _address(said.data, problem.path) or None)
    path = path_at(positions, problem.where)
    if path is None:
        return PlacedProblem(problem, sheet, None)
    try:
        part = _whole(path, positions, problem.where)
        return PlacedProblem(problem, sheet, address_of(said.data, part))
    except NotFound:
        return PlacedProblem(problem, sheet, None)


def _address(data: Any, path: Path) -> Address:
    """The address of a field that is there or could be; of the part around it where it is none of these."""
    for length in range(len(path), 0, -1):
        try:
            around = address_of(data, path[:length])
        except NotFound:
            continue
        missing = path[length : length + 1]
        return (*around, missing[0]) if missing and isinstance(missing[0], str) else around
    return (path[0],) if isinstance(path[0], str) else ()


def _whole(path: Path, positions: Positions, where: Where) -> Path:
    """The entry itself where a place is its very beginning: its id stands there only because it comes first."""
    if path[-1:] != ("id",) or len(path) < 2:
        return path
    entry = positions.node(path[:-1])
    return (
        path[:-1]
        if entry and (entry.start.line, entry.start.column) == (where.line, where.column or 1)
        else path
    )


def path_at(positions: Positions, where: Where) -> Path | None:
    """The path of the smallest part at a place of the text, its key included; None where there is none."""
    if not where.line:
        return None
    at = (where.line, where.column or 1)
    found: Path = ()
    node: Node | None = positions.root
    while node is not None:
        step = next((step for step, start, end in _spans(node) if start <= at < end or start == at), None)
        if step is None:
            break
        found = (*found, step)
        node = positions.node(found)
    return found or None


def _spans(node: Node) -> Iterator[tuple[str | int, tuple[int, int], tuple[int, int]]]:
    """Every part right below a node: its step, where it (or its key) begins and where it ends."""
    match node:
        case Mapping(pairs):
            for key, value in pairs:
                yield key.text, (key.start.line, key.start.column), (value.end.line, value.end.column)
        case Sequence(entries):
            for index, entry in enumerate(entries):
                start, end = entry.start, entry.end
                yield index, (start.line, start.column), (end.line, end.column)
