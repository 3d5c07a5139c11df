"""Names the parts of a bank by words that stay when entries are added or moved; knows plain data only."""

from __future__ import annotations

from typing import Any, TypeAlias

from quizapp.bank.yaml.nodes import Path
from quizapp.errors import NotFound

Address: TypeAlias = tuple[str, ...]


def entry_id(entry: Any) -> str | None:
    """The id that a list's entry goes by; None where it has none, or one that could be an index.

    >>> entry_id({"id": "web"}), entry_id({"id": "12"}), entry_id("web")
    ('web', None, None)
    """
    found = entry.get("id") if isinstance(entry, dict) else None
    return found if isinstance(found, str) and found and not found.isdecimal() else None


def locate(data: Any, address: Address) -> Path:
    """The path of the part with this address.

    Raises NotFound where there is no such part.

    >>> locate({"items": [{"id": "a", "yen": 1}]}, ("items", "a", "yen"))
    ('items', 0, 'yen')
    """
    path: list[str | int] = []
    for word in address:
        step = _step(data, word)
        path.append(step)
        data = data[step]
    return tuple(path)


def address_of(data: Any, path: Path) -> Address:
    """The address of the part at a path; ``locate`` leads back to the path.

    Raises NotFound where there is no such part.

    >>> address_of({"items": [{"id": "a", "yen": 1}, {"yen": 2}]}, ("items", 1, "yen"))
    ('items', '1', 'yen')
    """
    words = []
    for step in path:
        if not _holds(data, step):
            raise NotFound
        words.append(step if isinstance(step, str) else _word(data, step))
        data = data[step]
    return tuple(words)


def value_at(data: Any, address: Address) -> Any:
    """The part with this address.

    Raises NotFound where there is no such part.
    """
    for step in locate(data, address):
        data = data[step]
    return data


def _step(data: Any, word: str) -> str | int:
    if isinstance(data, dict) and word in data:
        return word
    if isinstance(data, list):
        for index, entry in enumerate(data):
            if entry_id(entry) == word:
                return index
        if word.isdecimal() and word.isascii() and str(int(word[:9])) == word and int(word) < len(data):
            return int(word)
    raise NotFound


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(data, list) and 0 <= step < len(data)
    return isinstance(data, dict) and step in data


def _word(entries: list[Any], index: int) -> str:
    """Where two entries have one id, only the first goes by it."""
    word = entry_id(entries[index])
    first = next((n for n, entry in enumerate(entries) if word and entry_id(entry) == word), None)
    return word if word and first == index else str(index)
