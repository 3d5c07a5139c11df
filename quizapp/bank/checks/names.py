"""Warns of parts that stand side by side under one name: nobody could tell which is which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.model import Text
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, told

# What the desk puts behind the name of a copy, until somebody gives it a name of its own.
COPY_MARKS = {"ja": "(コピー)", "en": " (copy)"}


def check_names(inspection: Inspection) -> Iterator[Problem]:
    """Routes of one item that takers see under the same name, be it with the mark of a copy behind it."""
    for index, item in enumerate(inspection.bank.items):
        named = [(("items", index, "routes", n), route.id, route.name) for n, route in enumerate(item.routes)]
        yield from _alike(inspection, item.id, named)


def _alike(inspection: Inspection, item: str, named: Iterable[tuple[Path, str, Text]]) -> Iterator[Problem]:
    """A warning at the second of two; one that both languages have is told once."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for path, route, name in named:
        called = {"ja": name.ja, "en": name.en}
        keys = [(code, own_name(words, code)) for code, words in called.items()]
        twin = next((key for key in keys if key in first), None)
        if twin is not None:
            yield inspection.problem(
                (*path, "name", twin[0]),
                "same_name",
                told(
                    'the routes "%(first)s" and "%(route)s" of "%(item)s" are both called "%(name)s"',
                    first=first[twin][0],
                    route=route,
                    item=item,
                    name=first[twin][1],
                ),
                told("takers could not tell one from the other"),
                told("give one of them another name"),
                warning=True,
            )
        for key in keys:
            first.setdefault(key, (route, called[key[0]]))


def own_name(words: str, code: str) -> str:
    """A name without the mark of a copy, in letters of one size.

    >>> own_name("By Web (copy)", "en"), own_name("通信(コピー)(コピー)", "ja")
    ('by web', '通信')
    """
    mark, found = COPY_MARKS[code].strip(), words.strip()
    while found.endswith(mark):
        found = found.removesuffix(mark).strip()
    return found.casefold()
