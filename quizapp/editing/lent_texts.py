"""Lends texts that stand in one language the words of the other, so that a draft can be tried before it is translated.

What is lent says so in the reader's language. It is never saved: whoever publishes has to translate it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quizapp.bank.addresses import locate
from quizapp.bank.fields import MAX_TEXT
from quizapp.bank.model import Bank
from quizapp.bank.shapes.places import walk_places
from quizapp.bank.yaml.nodes import Mapping, Node, Path, Positions, Scalar, Sequence, plain

# Stands before words that are not in the reader's language.
MARKS = {"ja": "〔訳なし〕", "en": "[not translated] "}


def lent(positions: Positions) -> Positions | None:
    """The same file with both halves of every text that has one; None where no text lacks just one.

    Every part stays where it stands: a half that was lent stands where its text begins.
    """
    data = plain(positions.root)
    if not isinstance(data, dict):
        return None
    lacking = {path: half for path, value in _texts(data) if (half := lacking_half(value))}
    if not lacking:
        return None
    return replace(positions, root=_filled(positions.root, (), lacking))


def lacking_half(value: Any) -> str:
    """The language that a text lacks; empty where it lacks none, or both.

    >>> lacking_half({"ja": "年齢"}), lacking_half({"ja": "年齢", "en": "Age"}), lacking_half({"ja": " "})
    ('en', '', '')
    """
    if not isinstance(value, dict) or value.keys() - MARKS.keys():
        return ""
    there = [code for code in MARKS if isinstance(value.get(code), str) and value[code].strip()]
    empty = [code for code in MARKS if value.get(code) is None or value[code] == ""]
    return empty[0] if len(there) == len(empty) == 1 else ""


def _texts(data: dict[str, Any]) -> list[tuple[Path, Any]]:
    """Every text of a bank with its path."""
    found = (place for place in walk_places(data, Bank) if place.shape and place.shape.look == "text")
    return [(locate(data, place.address), place.value) for place in found]


def _filled(node: Node, path: Path, lacking: dict[Path, str]) -> Node:
    match node:
        case Mapping(pairs):
            if path in lacking:
                return _whole(node, lacking[path])
            return replace(node, pairs=tuple((k, _filled(v, (*path, k.text), lacking)) for k, v in pairs))
        case Sequence(entries):
            return replace(
                node, entries=tuple(_filled(one, (*path, n), lacking) for n, one in enumerate(entries))
            )
    return node


def _whole(text: Mapping, half: str) -> Mapping:
    words = next(
        str(value.value) for key, value in text.pairs if key.text != half and isinstance(value, Scalar)
    )
    key, value = (
        Scalar(half, "", text.start, text.start),
        Scalar(f"{MARKS[half]}{words.strip()}"[:MAX_TEXT], '"', text.start, text.start),
    )
    kept = tuple(pair for pair in text.pairs if pair[0].text != half)
    return replace(text, pairs=(*kept, (key, value)))
