"""Rewrites a YAML text so that it holds changed data, and leaves every byte of what did not change.

Comments, quotes, blank lines and order stay. The result is read again and must mean exactly the data
that was asked for; otherwise nothing comes back.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from quizapp.bank.comparing.matching import alike, matched, renamed
from quizapp.bank.saving.block_layout import after_colon, entries_of, entry_end, layout_of
from quizapp.bank.saving.fresh_lines import beside, fresh_lines
from quizapp.bank.saving.placing import Place, line_is_too_long, replaced
from quizapp.bank.saving.rereading import is_meant
from quizapp.bank.saving.splices import Fresh, Splice, relaid, relaid_flow, spliced
from quizapp.bank.saving.written_style import WrittenStyle
from quizapp.bank.shapes.part_kinds import Kind, kind_of_file
from quizapp.bank.yaml.nodes import Mapping, Node, Positions, Scalar, Sequence, plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.bank.yaml.words import Unwritable, flow_words, scalar_words
from quizapp.errors import Invalid, Problem, Where, told


def data_of(text: str, file: str) -> Any:
    """The plain data of a YAML text; the last few texts are not read twice.

    Raises Invalid with every problem found in reading it.
    """
    return plain(positions_of(text, file).root)


def rewrite(text: str, file: str, wanted: Any) -> str:
    """The text changed so that it reads as ``wanted``; the very same text where it does so already.

    Entries of lists are matched by their ids. The order of a model's fields is the file's own business;
    the order of lists and of tables of ids is as wanted. Raises Invalid where the text cannot be read,
    or cannot be changed without touching more than it should.
    """
    positions = positions_of(text, file)
    try:
        wanted = _listed(wanted)
    except ValueError:
        raise _refused(positions, told("it holds something that a file cannot hold")) from None
    data, kind = plain(positions.root), kind_of_file(wanted)
    if alike(data, wanted, kind):
        return text
    # A comment below a block of text could become part of it; in quotes it cannot.
    for has_blocks in (True, False):
        rewriting = _Rewriting(positions, has_blocks)
        try:
            splices = rewriting.splices(positions.root, data, wanted, kind, Place(0, is_root=True))
        except Unwritable:
            raise _refused(positions, told("it holds characters that cannot be written")) from None
        result = spliced(text, splices)
        if is_meant(positions, data, result, splices, wanted, kind):
            return result
    raise _refused(positions, told("the change would alter more than it should"))


@lru_cache(maxsize=16)
def positions_of(text: str, file: str) -> Positions:
    """Where everything stands in a YAML text; the last few texts are not read twice.

    Raises Invalid with every problem found in reading it.
    """
    return read_yaml(text, file)


def _listed(value: Any) -> Any:
    """The value with lists for tuples, as YAML gives it back.

    Raises ValueError for what YAML has no word for.
    """
    if not isinstance(value, dict | list | tuple | str | int | float | None):
        raise ValueError
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    return [_listed(entry) for entry in value] if isinstance(value, list | tuple) else value


def _refused(positions: Positions, why: str, node: Node | None = None) -> Invalid:
    mark = (node or positions.root).start
    where = Where(positions.file, mark.line, mark.column)
    what, fix = told("this part cannot be changed by itself"), told("change it in the file by hand")
    return Invalid([Problem(where, "cannot_edit", what, why, fix)])


class _Rewriting:
    """Finds what must change in one text; its habits are learnt only where something is added."""

    def __init__(self, positions: Positions, has_blocks: bool) -> None:
        self._positions = positions
        self._text = positions.text
        self._has_blocks = has_blocks
        self._newline = "\r\n" if "\r\n" in positions.text else "\n"

    @cached_property
    def _style(self) -> WrittenStyle:
        root = self._positions.root
        return WrittenStyle(root, kind_of_file(plain(root)), has_blocks=self._has_blocks)

    def splices(self, node: Node, data: Any, wanted: Any, kind: Kind, place: Place) -> list[Splice]:
        """What makes a node read as wanted; nothing where it does."""
        if alike(data, wanted, kind):
            return []
        if isinstance(node, Scalar) or type(data) is not type(wanted) or not data or not wanted:
            return [self._replaced(node, wanted, kind, place)]
        if not node.flow:
            return self._in_block(node, data, wanted, kind)
        if self._text[node.start.index] not in "{[":
            return [self._replaced(node, wanted, kind, place)]
        found = self._in_flow(node, data, wanted, kind)
        if not place.in_flow and not place.is_root:
            words = spliced(self._text, found, node.start.index, node.end.index)
            if line_is_too_long(self._text, node, words):
                return [self._replaced(node, wanted, kind, place, flow=False)]
        return found

    def _replaced(
        self, node: Node, wanted: Any, kind: Kind, place: Place, *, flow: bool | None = None
    ) -> Splice:
        return replaced(self._text, node, wanted, kind, place, self._style, self._newline, flow)

    def _in_block(self, node: Mapping | Sequence, data: Any, wanted: Any, kind: Kind) -> list[Splice]:
        layout = layout_of(self._text, node)
        if layout is None:
            raise _refused(self._positions, told("it is written in a way that cannot be taken apart"), node)
        order: list[int | Fresh] = []
        inner: dict[int, list[Splice]] = {}
        for index, step in self._order(data, wanted, kind):
            if index is None:
                order.append(self._fresh(node, step, wanted[step], kind.below(step), layout.indent))
                continue
            after = self._after(node, index, layout.pieces[index].start)
            place = Place(after[0], layout.indent + 2, behind_dash=isinstance(node, Sequence))
            inner[index] = self._entry(node, index, step, data, wanted, kind, place)
            order.append(index)
        if order == list(range(len(layout.pieces))):
            return [splice for index in inner for splice in inner[index]]
        return [relaid(self._text, layout, order, inner, self._newline)]

    def _in_flow(self, node: Mapping | Sequence, data: Any, wanted: Any, kind: Kind) -> list[Splice]:
        bounds = [self._bounds(node, index) for index in range(len(data))]
        order: list[int | str] = []
        inner: dict[int, list[Splice]] = {}
        for index, step in self._order(data, wanted, kind):
            if index is None:
                words = flow_words(self._style.arranged(wanted[step], kind.below(step)))
                is_map = isinstance(node, Mapping)
                order.append(f"{scalar_words(str(step), flow=True)}: {words}" if is_map else words)
                continue
            after, has_colon = self._after(node, index, bounds[index][0])
            place = Place(after, in_flow=True, has_colon=has_colon)
            inner[index] = self._entry(node, index, step, data, wanted, kind, place)
            order.append(index)
        if order == list(range(len(bounds))):
            return [splice for index in inner for splice in inner[index]]
        return [relaid_flow(self._text, bounds, order, inner)]

    def _order(self, data: Any, wanted: Any, kind: Kind) -> list[tuple[int | None, Any]]:
        """The wanted entries in their order: the index of the old entry, if any, and the wanted key or index."""
        if isinstance(wanted, list):
            return [(index, place) for place, index in enumerate(matched(data, wanted))]
        old, was = list(data), renamed(data, wanted)
        keys = list(wanted)
        if not kind.is_table:
            kept = sorted(was, key=lambda key: old.index(was[key]))
            added = [key for key in wanted if key not in was]
            keys = self._style.with_added(kept, added, kind) if added else kept
        return [(old.index(was[key]) if key in was else None, key) for key in keys]

    def _entry(
        self,
        node: Mapping | Sequence,
        index: int,
        step: Any,
        data: Any,
        wanted: Any,
        kind: Kind,
        place: Place,
    ) -> list[Splice]:
        """What must change in an entry that stays, its key included."""
        found = []
        old: Any = index
        if isinstance(node, Mapping):
            key = node.pairs[index][0]
            old = key.text
            if key.text != step:
                words = scalar_words(step, key.style, flow=place.in_flow)
                found.append(Splice(key.start.index, key.end.index, words))
        child = entries_of(node)[index]
        return [*found, *self.splices(child, data[old], wanted[step], kind.below(step), place)]

    def _fresh(self, node: Mapping | Sequence, step: Any, value: Any, kind: Kind, indent: int) -> Fresh:
        word, flow = "-", None
        if isinstance(node, Mapping):
            word = f"{scalar_words(step)}:"
        else:
            others = [entry.flow for entry in node.entries if not isinstance(entry, Scalar)]
            flow = None if sum(others) * 2 == len(others) else sum(others) * 2 > len(others)
        lead = indent + len(word) + 1
        lines = fresh_lines(value, kind, indent + 2, self._style, lead=lead, flow=flow)
        return Fresh(tuple(beside(word, lines)))

    def _after(self, node: Mapping | Sequence, index: int, start: int) -> tuple[int, bool]:
        """The index behind an entry's colon or dash; in brackets a list's entry has none."""
        if isinstance(node, Mapping):
            return after_colon(self._text, node.pairs[index][0])
        return (start if node.flow else start + 1), True

    def _bounds(self, node: Mapping | Sequence, index: int) -> tuple[int, int]:
        first = node.pairs[index][0] if isinstance(node, Mapping) else node.entries[index]
        return first.start.index, entry_end(self._text, node, index)
