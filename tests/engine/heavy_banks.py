"""Banks within every limit of a single rule whose rules together would fill the memory."""

from __future__ import annotations

from collections.abc import Callable

HEAD = """bank: heavy
title: {ja: 例, en: Example}
summary: {ja: 検査のための例です。, en: An example for tests.}
sources:
  article: {title: {ja: 記事, en: Article}, file: article.txt, seen: 2026-01-10}
questions:
  - {id: a, kind: number, ask: {ja: いくつ?, en: How many?}, grid: {from: 0, to: 620, unit: years}}
  - {id: b, kind: number, ask: {ja: どれだけ?, en: How much?}, grid: {from: 0, to: 620, unit: years}}
  - id: c
    kind: choice
    ask: {ja: どちら?, en: Which?}
    options: [{id: x, label: {ja: 甲, en: X}}, {id: y, label: {ja: 乙, en: Y}}]
"""
REST = """criteria:
  - {id: goal, label: {ja: 目標, en: Goal}, weight: 1, question: c}
items:
  - id: one
    kind: certification
    name: {ja: 資格1, en: One}
    routes:
      - id: web
        name: {ja: 通信, en: Web}
        costs: [{id: fee, label: {ja: 料金, en: Fee}, yen: 1, source: article, line: 1}]
    fit: {goal: {x: 90, y: 40}}
  - id: two
    kind: certification
    name: {ja: 資格2, en: Two}
    routes:
      - id: web
        name: {ja: 通信, en: Web}
        costs: [{id: fee, label: {ja: 料金, en: Fee}, yen: 1, source: article, line: 1}]
    fit: {goal: {x: 40, y: 90}}
"""
NOTE = "  - {id: n%d, if: '%s', text: {ja: 文, en: text}, source: article, line: 1}\n"


def heavy(count: int, rule: Callable[[int], str], questions: str = "", values: str = "") -> str:
    """The text of a bank with so many notes; ``questions`` and ``values`` are further lines of it."""
    named = f"values:\n{values}" if values else ""
    return HEAD + questions + named + REST + "notes:\n" + "".join(NOTE % (n, rule(n)) for n in range(count))


def crossing(number: int) -> str:
    """A rule that tells nearly every pair of two answers apart, like no other such rule."""
    return f"a * {number + 2} - b * {number + 1} > 0"


def hiding(count: int) -> str:
    """So many questions of which each reads, twice, the one by which it is hidden."""
    line = "  - {{id: h{0}, kind: yes_no, ask: {{ja: 問{0}, en: Ask}}{1}}}\n"
    return "".join(
        line.format(n, f", ask_if: h{n - 1} or a > 3 and not h{n - 1}" if n else "") for n in range(count)
    )
