"""Writes values as YAML that reads back as the same values, in the style of its surroundings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.bank.yaml.nodes import Mapping, plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.errors import Invalid

# Plain, these are truths to readers of an earlier YAML.
_TRUTHS = frozenset(("yes", "no", "on", "off", "y", "n"))
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Unwritable(ValueError):
    """A text holds characters that no file may hold, such as controls."""


def scalar_words(value: str | float | bool | None, style: str = "", *, flow: bool = False) -> str:
    """A scalar on one line, in the wanted style where that reads back as the same value.

    Raises Unwritable for a text that no style can hold.

    >>> scalar_words("18"), scalar_words(18), scalar_words("a, b", flow=True), scalar_words("a, b")
    ("'18'", '18', "'a, b'", 'a, b')
    >>> scalar_words("yes")
    "'yes'"
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    found = next(
        (words for words in _candidates(value, style, flow) if _reads_back(words, value, flow)), None
    )
    if found is None:
        raise Unwritable
    return found


def _candidates(text: str, style: str, flow: bool) -> Iterator[str]:
    in_order = dict.fromkeys([style if style in ("'", '"') else "", "", "'", '"'])
    for wanted in in_order:
        if wanted == "'":
            yield "'" + text.replace("'", "''") + "'"
        elif wanted == '"':
            yield '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'
        elif text.casefold() not in _TRUTHS and not (flow and ":" in (text[:1], text[-1:])):
            # Readers disagree about a plain text in brackets that begins or ends with a colon.
            yield text


def _reads_back(words: str, value: str, flow: bool) -> bool:
    if "\n" in words or not words:
        return False
    sample = f"{{k: {words}, l: 1}}\n" if flow else f"k: {words}\n"
    try:
        read = plain(read_yaml(sample, "").root)
    except Invalid:
        return False
    return bool(read == ({"k": value, "l": 1} if flow else {"k": value}))


def block_words(text: str, indent: int, newline: str) -> str | None:
    """A text as a block (folded on one line, literal where it has line breaks), or None where it cannot be."""
    header = "|-" if "\n" in text else ">-"
    lines = [" " * indent + line if line else "" for line in text.split("\n")]
    words = newline.join([header, *lines])
    sample = words.replace(newline, "\n").replace("\n" + " " * indent, "\n  ")
    try:
        root = read_yaml(f"k: {sample}\n", "").root
    except Invalid:
        return None
    return words if isinstance(root, Mapping) and plain(root) == {"k": text} else None


def flow_words(value: Any) -> str:
    """Any value on one line.

    >>> flow_words({"ja": "受験料", "en": "Fee, all in"})
    "{ja: 受験料, en: 'Fee, all in'}"
    """
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{scalar_words(k, flow=True)}: {flow_words(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow_words(entry) for entry in value) + "]"
    return scalar_words(value, flow=True)
