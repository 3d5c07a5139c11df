"""The same made rules in other engines, each as fast as it is known to go."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import zen

from benchmarks.synthetic import SIZES, WEIGHTS, option, rules


def zen_expressions() -> Callable[[dict[str, str]], Any]:
    """zen-engine with every rule as one expression of a single node: its best mode."""
    expressions = []
    for item, twelve in enumerate(rules()):
        for place, (rule, _) in enumerate(twelve[:6]):
            expressions.append(_expression(f"i{item}r{place}", _zen(rule)))
        for place, (rule, _) in enumerate(twelve[6:]):
            high, rest = rule.split(" if ", 1)
            condition, low = rest.rsplit(" else ", 1)
            expressions.append(_expression(f"i{item}v{place}", f"{_zen(condition)} ? {high} : {low}"))
        total = " + ".join(f"{weight} * $.i{item}v{place}" for place, weight in enumerate(WEIGHTS))
        expressions.append(_expression(f"i{item}s", total))
    content = {"expressions": expressions, "passThrough": False}
    return _decision([{"id": "n", "type": "expressionNode", "name": "n", "content": content}])


def zen_tables() -> Callable[[dict[str, str]], Any]:
    """zen-engine with every rule as a decision table: a row that holds, and one for all else."""
    nodes = []
    for item, twelve in enumerate(rules()):
        for place, (rule, _) in enumerate(twelve):
            number = " if " in rule
            high, rest = rule.split(" if ", 1) if number else ("1", f"{rule} else 0")
            condition, low = rest.rsplit(" else ", 1)
            rows = [
                {"_id": "a", "in": _zen(condition), "out": high},
                {"_id": "b", "in": "", "out": low},
            ]
            nodes.append(_table(f"i{item}x{place}", rows))
    return _decision(nodes)


def _expression(key: str, value: str) -> dict[str, str]:
    return {"id": key, "key": key, "value": value}


def _table(name: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "in", "name": "in"}],
        "outputs": [{"id": "out", "name": "out", "field": name}],
        "rules": rows,
    }
    return {"id": name, "type": "decisionTableNode", "name": name, "content": content}


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
