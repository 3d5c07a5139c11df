"""The same made rules in other engines, each as fast as it is known to go."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import zen

from benchmarks.synthetic import SIZES, option, rules


def zen_expressions() -> Callable[[dict[str, str]], Any]:
    """zen-engine with all rules compiled as one expression that gives a list: its best mode.

    It gives the conditions and values alone; ledger and order are left out, in its favour.
    """
    parts = []
    for twelve in rules():
        parts += [_zen(rule) for rule, _ in twelve[:6]]
        parts += [f"({condition} ? {high} : {low})" for condition, high, low in map(_number, twelve[6:])]
    evaluate: Callable[[dict[str, str]], Any] = zen.compile_expression(f"[{', '.join(parts)}]").evaluate
    return evaluate


def zen_tables() -> Callable[[dict[str, str]], Any]:
    """zen-engine with one decision table that collects every row that holds."""
    rows = []
    for item, twelve in enumerate(rules()):
        for place, (rule, _) in enumerate(twelve[:6]):
            rows.append(_row(f"i{item}r{place}", _zen(rule), "1"))
        for place, number in enumerate(twelve[6:]):
            condition, high, low = _number(number)
            rows.append(_row(f"i{item}v{place}", condition, high))
            rows.append(_row(f"i{item}w{place}", f"not ({condition})", low))
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "in", "name": "in"}],
        "outputs": [
            {"id": "rule", "name": "rule", "field": "rule"},
            {"id": "out", "name": "out", "field": "out"},
        ],
        "rules": rows,
    }
    return _decision([{"id": "t", "type": "decisionTableNode", "name": "t", "content": content}])


def _number(made: tuple[str, str]) -> tuple[str, str, str]:
    """Condition, value where it holds and value where not, of a made number."""
    high, rest = made[0].split(" if ", 1)
    condition, low = rest.rsplit(" else ", 1)
    return _zen(condition), high, low


def _row(name: str, condition: str, value: str) -> dict[str, str]:
    return {"_id": name, "in": condition, "rule": f'"{name}"', "out": value}


def _decision(nodes: list[dict[str, Any]]) -> Callable[[dict[str, str]], Any]:
    start = {"id": "in", "type": "inputNode", "name": "in", "content": {}}
    end = {"id": "out", "type": "outputNode", "name": "out", "content": {}}
    edges = [
        edge
        for node in nodes
        for edge in (
            {"id": f"{node['id']}-in", "sourceId": "in", "targetId": node["id"], "type": "edge"},
            {"id": f"{node['id']}-out", "sourceId": node["id"], "targetId": "out", "type": "edge"},
        )
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": [start, *nodes, end], "edges": edges}))
    return decision.evaluate


def _zen(rule: str) -> str:
    """A made condition in zen's words: options quoted, lists in square brackets."""
    words = rule
    for question, size in enumerate(SIZES):
        for place in range(size):
            words = words.replace(option(question, place), f'"{option(question, place)}"')
    for question in range(len(SIZES)):
        words = words.replace(f"q{question} in (", f"q{question} in [")
    parts, depth = [], False
    for character in words:
        if character == "[":
            depth = True
        if character == ")" and depth:
            character, depth = "]", False
        parts.append(character)
    return "".join(parts)
