"""A result as lines for a terminal, in either language; columns stay aligned with Japanese in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from quizapp.bank.model import Bank, Item, Text
from quizapp.engine.explain import Explained
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, Span, Total

HEADS = {
    "ja": ("順位", "おすすめ", "いまの立場", "点", "総額", "期間", "方法"),
    "en": ("#", "recommended", "standing", "score", "total", "time", "route"),
}
WORDS: dict[str, dict[str, str]] = {
    "ja": {
        "eligible_now": "すぐ受けられる",
        "eligible_after_steps": "準備をすれば受けられる",
        "unknown": "回答しだい",
        "ineligible_now": "いまは受けられない",
        "held": "取得ずみ",
        "closed": "終了",
        "listed": "名前のみ（詳しい情報なし）",
        "exact": "{}円",
        "lower_bound": "{}円から",
        "exam_fee_only": "{}円（受験料のみ）",
        "sum_of_listed_items": "{}円（わかる分の合計）",
        "no_price": "不明",
        "no_money": "–",
        "span": "{}～{}か月",
        "one": "{}か月",
        "from": "{}か月から",
        "beyond": "希望の範囲に収まるものはありません。",
        "goals_beyond": "目指すもののうち、希望の範囲に収まるものはありません。まず次の一歩からです。",
        "steps_first": "いま受けられる資格はありません。まず次の一歩からです。",
        "nothing": "いまおすすめできるものはありません。",
        "steps": "まずすること",
        "not_now": "いまは対象外",
        "over_cost": "予算を{}円超える",
        "over_months": "希望の期間を{}か月超える",
        "perhaps_over": "予算内か不明（金額不明）",
        "span_yen": "{}～{}円",
        "settled": "残りの答えがどうであっても、1位は「{}」のままです。",
        "open": "残りの答えしだいで、1位が変わることがあります。",
        "find_out": "まず分かるとよいこと: {}",
        "survives": "変えられる答えをどれか一つ変えても、1位は「{}」のままです。",
        "turns": "答えが一つ変わると、1位も変わることがあります。",
        "empties": "答えを一つ変えてほかのものが1位になることはありませんが、順位に入るものがなくなることがあります。",
        "always": "何を重く見るかを少しずつ変えて試しても、いつも1位でした。",
        "weighed": "何を重く見るかを少しずつ変えて試すと、100通りのうち約{}通りで1位でした（誤差±1）。",
        "join": "、",
    },
    "en": {
        "eligible_now": "open to you now",
        "eligible_after_steps": "open after steps",
        "unknown": "depends on open answers",
        "ineligible_now": "not open to you now",
        "held": "you have it",
        "closed": "ended",
        "listed": "named only, no details known",
        "exact": "¥{}",
        "lower_bound": "from ¥{}",
        "exam_fee_only": "¥{} (exam fee only)",
        "sum_of_listed_items": "¥{} (sum of what is known)",
        "no_price": "unknown",
        "no_money": "–",
        "span": "{}–{} months",
        "one": "{} months",
        "from": "from {} months",
        "beyond": "Nothing is within your limits.",
        "goals_beyond": "Nothing to aim for is within your limits; this is the first step.",
        "steps_first": "No certification is open to you now; this is the first step.",
        "nothing": "There is nothing to recommend now.",
        "steps": "first do",
        "not_now": "Not now",
        "over_cost": "¥{} over budget",
        "over_months": "{} months too long",
        "perhaps_over": "perhaps over budget (price unknown)",
        "span_yen": "¥{}–¥{}",
        "settled": "Whatever the open answers are, “{}” stays first.",
        "open": "The open answers can still change what comes first.",
        "find_out": "Worth finding out first: {}",
        "survives": "Whichever one answer you can change, “{}” stays first.",
        "turns": "One other answer can put something else first.",
        "empties": "No one other answer puts anything else first, but one can leave nothing to rank.",
        "always": "With what matters weighed a little differently, it came first every time.",
        "weighed": "With what matters weighed a little differently, it came first in about {} ways of 100 (±1).",
        "join": ", ",
    },
}


def result_lines(bank: Bank, outcome: Recommended, told: Explained, language: str) -> Iterator[str]:
    """The ranked list as a table, what to do first, how firm it is, and what is not open and why."""
    words = WORDS[language]
    items = {item.id: item for item in bank.items}
    yield f"{_say(bank.title, language)}  {outcome.on}"
    yield ""
    if outcome.fits != "within":
        first = outcome.recommendations[0] if outcome.recommendations else None
        goals_only = outcome.fits == "beyond" and first is not None and not first.beyond
        yield words["goals_beyond" if goals_only else outcome.fits]
        yield ""
    if outcome.recommendations:
        rows = [_row(bank, items[one.item], one, language) for one in outcome.recommendations]
        yield from aligned([HEADS[language], *rows], right={0, 3})
        yield from _first_steps(items, outcome.recommendations[0], language)
        yield ""
        yield from _firm(bank, items, outcome, told, language)
    if outcome.not_now:
        yield ""
        yield f"{words['not_now']}:"
        closed = [
            (f"  {_name(items[one.item], language)}", _why_not(items, one, language))
            for one in outcome.not_now
        ]
        yield from aligned(closed)


def _firm(
    bank: Bank, items: dict[str, Item], outcome: Recommended, told: Explained, language: str
) -> Iterator[str]:
    """How sure first place is: while questions are open, and against one other answer or other weights."""
    words = WORDS[language]
    if outcome.unanswered:
        first = told.settled.first
        yield words["settled"].format(_name(items[first], language)) if first else words["open"]
        if told.find_out is not None:
            asked = next(one for one in bank.questions if one.id == told.find_out.question)
            yield words["find_out"].format(_say(asked.label or asked.ask, language))
        return
    first = outcome.recommendations[0].item
    if told.firmness.survives_changes:
        yield words["survives"].format(_name(items[first], language))
    else:
        turned = any(
            turn.changeable and (turn.first is not None or not turn.certain) for turn in told.firmness.turns
        )
        yield words["turns" if turned else "empties"]
    share = next((one.first for one in told.firmness.weighings.shares if one.item == first), None)
    if share is not None and len(outcome.recommendations) > 1:
        # Hundredths are cut off, so that only what always came first is said to.
        yield words["always"] if share == 1 else words["weighed"].format(int(100 * share))


def aligned(rows: Sequence[Sequence[str]], right: set[int] | None = None) -> Iterator[str]:
    """The rows with their columns aligned, Japanese letters counted as two wide.

    >>> list(aligned([("資格", "1"), ("a", "22")], right={1}))
    ['資格   1', 'a     22']
    """
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = []
        for place, cell in enumerate(row):
            blank = " " * (widths[place] - width(cell))
            cells.append(blank + cell if right and place in right else cell + blank)
        yield "  ".join(cells).rstrip()


def width(text: str) -> int:
    """The columns that a text takes on a terminal.

    >>> width("資格ABC")
    7
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _row(bank: Bank, item: Item, one: Recommendation, language: str) -> tuple[str, ...]:
    words = WORDS[language]
    route = next((route for route in item.routes if route.id == one.route), None)
    return (
        str(one.rank),
        _name(item, language),
        words[one.standing.value],
        str(round(one.score / 100)),
        _total(one.cost, language),
        _span(one.months, language),
        words["join"].join(
            filter(None, [_say(route.name, language) if route else "", *_over(bank, one, language)])
        ),
    )


def _over(bank: Bank, one: Recommendation, language: str) -> list[str]:
    kinds = {limit.id: limit.of for limit in bank.limits}
    words = WORDS[language]
    return [
        words["perhaps_over"]
        if over.by is None
        else words[f"over_{kinds[over.limit]}"].format(f"{over.by:,}")
        for over in one.beyond
    ]


def _total(total: Total | None, language: str) -> str:
    words = WORDS[language]
    if total is None:
        return words["no_money"]
    if total.yen is None:
        return words["no_price"]
    if total.most is not None:
        return words["span_yen"].format(f"{total.yen:,}", f"{total.most:,}")
    return words[total.kind].format(f"{total.yen:,}")


def _span(span: Span | None, language: str) -> str:
    words = WORDS[language]
    if span is None:
        return words["no_money"]
    if span.to is None:
        return words["from"].format(span.from_) if span.from_ else words["no_price"]
    return words["one" if span.to == span.from_ else "span"].format(span.from_, span.to)


def _first_steps(items: dict[str, Item], best: Recommendation, language: str) -> Iterator[str]:
    labels = _labels(items[best.item], language, steps=True)
    if best.steps:
        yield ""
        yield f"{_name(items[best.item], language)}: {WORDS[language]['steps']}"
        yield from (f"  - {labels.get(step.id, step.id)}" for step in best.steps)


def _why_not(items: dict[str, Item], one: NotNow, language: str) -> str:
    words = WORDS[language]
    if one.listed_only:
        return words["listed"]
    labels = _labels(items[one.item], language)
    blocked = words["join"].join(labels.get(name, name) for name in one.blocked_by)
    return f"{words[one.standing.value]}: {blocked}" if blocked else words[one.standing.value]


def _labels(item: Item, language: str, steps: bool = False) -> dict[str, str]:
    """What the item's and its routes' requirements, or the steps that meet them, are called."""
    everything = [*item.requires, *(need for route in item.routes for need in route.requires)]
    return {
        need.id: _say(need.step.label if steps and need.step else need.label, language) for need in everything
    }


def _name(item: Item, language: str) -> str:
    return _say(item.short or item.name, language)


def _say(text: Text, language: str) -> str:
    return text.ja if language == "ja" else text.en
