"""The order in which named values can be worked out, each after those that it builds on."""

from __future__ import annotations

import re
from collections.abc import Mapping

# How often those are looked at that could not be read: words of a rule may be options, so that two values
# seem to need each other and do not. In the right order the first time is enough for all others.
ROUNDS = 3
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def in_working_order(rules: Mapping[str, str]) -> list[str]:
    """The names of the rules, each once, behind those that its rule mentions; else in the order given.

    Takes time in proportion to the text, however long the chain. Of those that mention each other in a
    circle one has to be first.

    >>> in_working_order({"a": "b + c", "b": "c", "c": "1", "d": "e", "e": "d"})
    ['c', 'b', 'a', 'e', 'd']
    """
    order: dict[str, None] = {}
    begun: set[str] = set()
    for first in rules:
        way = [] if first in begun else [(first, iter(_mentioned(rules, first)))]
        begun.add(first)
        while way:
            name, needed = way[-1]
            step = next((one for one in needed if one not in begun), None)
            if step is None:
                order[name] = None
                way.pop()
            else:
                begun.add(step)
                way.append((step, iter(_mentioned(rules, step))))
    return list(order)


def _mentioned(rules: Mapping[str, str], name: str) -> list[str]:
    return [word for word in dict.fromkeys(_NAME.findall(rules[name])) if word in rules]
