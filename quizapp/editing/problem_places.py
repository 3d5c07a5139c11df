"""Says which part of a draft a problem is about, so that a page can lead to its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.bank.addresses import Address, address_of
from quizapp.bank.nodes import Mapping, Node, Path, Positions, Sequence
from quizapp.editing.workshop import Sheet, file_of, read
from quizapp.errors import NotFound, Problem, Where


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


def placed(problem: Problem, bank: str, sheet: Sheet, text: str) -> PlacedProblem:
    """The problem with the address of the smallest part that stands where it points to."""
    said = read(text, file_of(bank, sheet))
    path = path_at(said.positions, problem.where) if said.positions else None
    if path is None:
        return PlacedProblem(problem, sheet, None)
    try:
        return PlacedProblem(problem, sheet, address_of(said.data, path))
    except NotFound:
        return PlacedProblem(problem, sheet, None)


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
