"""The shape of what a browser's cookie holds; what does not fit is left out before anything reads it.

The signature says that the cookie is ours, not that this version wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def fitting(kept: object) -> dict[str, Any]:
    """The parts of a cookie that have the shape which the pages expect; empty for what is no object.

    >>> fitting({"language": ["ja"], "answers": {"age": 25, "goal": {}}, "open": 3})
    {'answers': {'age': 25}}
    """
    if not isinstance(kept, dict):
        return {}
    return {name: fitted for name, value in kept.items() if (fitted := _fitted(name, value)) is not None}


def _fitted(name: str, value: object) -> Any:
    inner = _INNER.get(name)
    if inner:
        return _entries(value, inner)
    if name == "_permanent":
        return value if isinstance(value, bool) else None
    return value if name in ("owner", "language", "csrf_token") and _is_text(value) else None


def _entries(value: object, fits: Callable[[object], bool]) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    return {key: entry for key, entry in value.items() if _is_text(key) and fits(entry)}


def _is_text(value: object) -> bool:
    # Half a surrogate pair is not printable either; the store could not take it.
    return isinstance(value, str) and value != "" and value.isprintable()


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_answer(value: object) -> bool:
    return isinstance(value, int) or _is_text(value) or _is_list(value)


_INNER: dict[str, Callable[[object], bool]] = {
    "answers": _is_answer,
    "open": _is_list,
    "trail": _is_list,
    "pinned": _is_text,
}
