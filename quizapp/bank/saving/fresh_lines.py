"""Writes new parts as YAML lines in the style that the file has already."""

from __future__ import annotations

from typing import Any

from quizapp.bank.saving.written_style import WrittenStyle
from quizapp.bank.shapes.part_kinds import Kind
from quizapp.bank.yaml.words import block_words, flow_words, scalar_words

WIDTH = 110
_CONTAINER = (dict, list)


def fresh_lines(
    value: Any, kind: Kind, indent: int, style: WrittenStyle, *, lead: int = 0, flow: bool | None = None
) -> list[str]:
    """A value as lines; the first is what stands beside its key or dash (empty where nothing does).

    The others are indented by ``indent`` or more. ``lead`` is the width of what stands before the first,
    ``flow`` whether to write on one line where it fits; the file's own habit decides where it is None.
    """
    if isinstance(value, str) and "\n" in value:
        words = block_words(value, indent, "\n") if style.has_blocks else None
        return words.split("\n") if words is not None else [scalar_words(value)]
    if not isinstance(value, _CONTAINER):
        return [scalar_words(value)]
    value = style.arranged(value, kind)
    if not value:
        return [flow_words(value)]
    wanted = style.is_flow(kind) if flow is None else flow
    if _is_small(value) if wanted is None else wanted:
        on_one_line = flow_words(value)
        if lead + len(on_one_line) <= WIDTH and not _has_breaks(value):
            return [on_one_line]
    return ["", *_block(value, kind, indent, style)]


def _block(value: Any, kind: Kind, indent: int, style: WrittenStyle) -> list[str]:
    lines: list[str] = []
    if isinstance(value, dict):
        rows = [(f"{scalar_words(key)}:", entry, kind.below(key)) for key, entry in value.items()]
    else:
        rows = [("-", entry, kind.below(0)) for entry in value]
    for word, entry, below in rows:
        lead = indent + len(word) + 1
        lines += beside(" " * indent + word, fresh_lines(entry, below, indent + 2, style, lead=lead))
    return lines


def beside(word: str, lines: list[str]) -> list[str]:
    """The lines with the first put beside a key or dash; beside a dash, a block begins at once.

    >>> beside("-", ["", "  a: 1", "  b: 2"]), beside("k:", ["", "  a: 1"])
    (['- a: 1', '  b: 2'], ['k:', '  a: 1'])
    """
    first, *rest = lines
    if not first and rest and word.endswith("-"):
        first, *rest = [rest[0].lstrip(), *rest[1:]]
    return [f"{word} {first}".rstrip(), *rest]


def _is_small(value: Any) -> bool:
    """Whether a part without an example stands on one line: scalars, texts in both languages, short rows."""
    if isinstance(value, list):
        return not any(isinstance(entry, dict) for entry in value)
    return all(
        not isinstance(entry, _CONTAINER)
        or not any(isinstance(inner, _CONTAINER) for inner in _within(entry))
        for entry in value.values()
    )


def _within(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _has_breaks(value: Any) -> bool:
    if isinstance(value, _CONTAINER):
        return any(_has_breaks(entry) for entry in _within(value))
    return isinstance(value, str) and "\n" in value
