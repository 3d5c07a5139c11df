"""Learns from a file in which order and style its author writes parts, so that new ones look like theirs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from quizapp.bank.fields import Text
from quizapp.bank.saving.block_layout import entries_of
from quizapp.bank.shapes.part_kinds import Kind
from quizapp.bank.yaml.nodes import Mapping, Node, Scalar


class WrittenStyle:
    """The order of fields by model, and by place how often a part is on one line and how often not."""

    def __init__(self, root: Node, kind: Kind, *, has_blocks: bool = True) -> None:
        """``has_blocks`` says whether a text of several lines may be written as a block."""
        self.has_blocks = has_blocks
        self._orders: dict[type, list[str]] = {}
        self._flow: Counter[str] = Counter()
        self._learn(root, kind)

    def is_flow(self, kind: Kind) -> bool | None:
        """Whether parts of this kind stand on one line in most places; None where there is none yet."""
        return self._flow[kind.name] > 0 if kind.name in self._flow else None

    def order(self, kind: Kind) -> list[str]:
        """The usual order of the fields of a model; empty for other maps."""
        if kind.model is None:
            return []
        return _merged(list(self._orders.get(kind.model, [])), kind.field_order())

    def arranged(self, value: Any, kind: Kind) -> Any:
        """The value with the fields of its maps in the usual order."""
        if isinstance(value, dict):
            places = {name: place for place, name in enumerate(self.order(kind))}
            keys = sorted(value, key=lambda key: places.get(key, len(places)))
            return {key: self.arranged(value[key], kind.below(key)) for key in keys}
        return [self.arranged(entry, kind.below(0)) for entry in value] if isinstance(value, list) else value

    def with_added(self, kept: list[str], added: list[str], kind: Kind) -> list[str]:
        """The kept fields in their order, each added one where it usually stands."""
        keys, usual = list(kept), self.order(kind)
        for name in added:
            before = usual[: usual.index(name)] if name in usual else keys
            at = next((keys.index(one) + 1 for one in reversed(before) if one in keys), None)
            keys.insert(0 if at is None and name in usual else len(keys) if at is None else at, name)
        return keys

    def _learn(self, node: Node, kind: Kind) -> None:
        if isinstance(node, Scalar):
            return
        if kind.name and kind.model is not Text and entries_of(node):
            self._flow[kind.name] += 1 if node.flow else -1
        if isinstance(node, Mapping):
            if kind.model is not None:
                _merged(self._orders.setdefault(kind.model, []), [key.text for key, _ in node.pairs])
            for key, value in node.pairs:
                self._learn(value, kind.below(key.text))
        else:
            for entry in node.entries:
                self._learn(entry, kind.below(0))


def _merged(order: list[str], names: list[str]) -> list[str]:
    """The order itself, with each name that is new to it put behind the name before it."""
    at = 0
    for name in names:
        if name in order:
            at = order.index(name) + 1
        else:
            order.insert(at, name)
            at += 1
    return order
