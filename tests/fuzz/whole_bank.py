"""One sound bank and its cases with a value in nearly every field that the format has; owns no test."""

from __future__ import annotations

BANK = """\
bank: trainer
title: {ja: あ, en: a}
summary: {ja: あ, en: a}
minutes: 2
sources:
  s: {title: {ja: あ, en: a}, url: "https://example.org/s", seen: 2026-11-01, published: May, interest: {ja: い, en: b}}
fact_kinds: [{id: pass_rate, label: {ja: 率, en: rate}, compare: true}]
guidelines: [{id: G1, text: {ja: あ, en: a}, certain: true, source: s}]
doubts: [{id: D1, topic: {ja: あ, en: a}, reading: {ja: い, en: b}, source: s}]
screens: [{id: both, ask: {ja: 二つ, en: two}}]
questions:
  - {id: age, kind: number, ask: {ja: 年, en: age}, grid: {from: 15, to: 80, unit: years}, screen: both, changeable: false}
  - {id: goal, kind: choice, ask: {ja: 何, en: what}, screen: both, options: [{id: job, label: {ja: 仕事, en: job}}, {id: fun, label: {ja: 趣味, en: fun}}]}
  - {id: also, kind: choices, ask: {ja: 他, en: also}, options: [{id: x, label: {ja: あ, en: a}}, {id: y, label: {ja: い, en: b}}]}
  - {id: asked, kind: yes_no, ask: {ja: 否, en: no}, ask_if: age > 20, when_hidden: false}
  - {id: most, kind: number, ask: {ja: 円, en: yen}, grid: {from: 0, to: 9000, step: 1000, unit: yen}}
values: {old: {rule: age > 40, label: {ja: 上, en: old}}, young: age < 20}
criteria:
  - {id: goal, weight: 2, label: {ja: 目的, en: goal}, question: goal}
  - {id: parted, weight: 1, label: {ja: 他, en: parts}, parts: [{id: one, label: {ja: 一, en: one}}, {id: two, label: {ja: 二, en: two}}]}
limits: [{id: money, question: most, of: cost}]
items:
  - id: first
    kind: certification
    name: {ja: 一つ目, en: The first}
    relevant_if: age > 16
    requires:
      - {id: adult, if: age >= 18, fixed: true, label: {ja: 大人, en: adult}, otherwise: {ja: 後, en: later}, source: s}
      - {id: ready, if: asked, label: {ja: 用意, en: ready}, step: {label: {ja: 学, en: learn}, yen: 500, months: 2}, source: s}
    routes:
      - id: direct
        name: {ja: 直接, en: Direct}
        costs: [{id: exam, label: {ja: 受験, en: Exam}, yen: 1000, unless: old, source: s}]
        months: {from: 1, to: 2}
        stages: [{label: {ja: 段, en: stage}}]
        schedule: [{months: [3, 6], place: {ja: 東, en: east}, source: s}]
    facts: {pass_rate: {value: 30, unit: percent, source: s, checked: 2026-11-01, until: 2027-03-31}}
    fit: {goal: {job: 90, fun: 10}, parted: {one: 50, two: 60}}
    reasons: [{id: r, side: for, if: x in also, text: {ja: 良, en: good}, source: s}]
    notes: [{id: n, if: young, text: {ja: 注, en: note}, source: s}]
    links: [{label: {ja: 先, en: there}, url: "https://example.org/l"}]
  - id: second
    kind: certification
    name: {ja: 二つ目, en: The second}
    routes:
      - {id: direct, name: {ja: 直接, en: Direct}, costs: [{id: exam, label: {ja: 受験, en: Exam}, yen: 2000, source: s}], months: {from: 1, to: 2}}
    fit: {goal: {job: 20, fun: 80}, parted: {one: 10, two: 20}}
providers:
  - {id: school, name: {ja: 校, en: School}, items: [first], if: age > 18, features: [{ja: 安, en: cheap}], stars: 4, source: s}
notes: [{id: all, if: age > 25, text: {ja: 皆, en: all}, source: s}]
"""  # noqa: E501

CASES = """\
cases:
  - id: adult
    label: {ja: 大人, en: An adult}
    on: 2026-11-22
    answers: {age: 30, goal: job, also: [x], asked: true, most: 5000}
    basis: what it says
    rules: [G1]
    expect: {first: first, above: [[first, second]], standing: {first: eligible_now},
             cost: {first: {route: direct, yen: 1000}},
             months: {first: {from: 4, to: 4}}, notes: [all]}
"""
