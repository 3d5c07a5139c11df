"""What an edit changes is counted as going through every answer set counts it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quizapp.audit.impact import impact
from quizapp.audit.impact_record import Impact, Share
from quizapp.bank.model import Bank
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid
from tests.audit.everybody import Truth, able, size, truth
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)
MOST = 700


@st.composite
def edited(draw: st.DrawFn) -> tuple[Compiled, Compiled]:
    """A random bank and what an edit made of it; now and then another bank altogether."""
    bank = draw(banks())
    if draw(st.integers(0, 2)) == 0:
        other = draw(banks())
    else:
        data = bank.model_dump(by_alias=True)
        for _ in range(draw(st.integers(1, 2))):
            _edit(draw, data)
        other = Bank.model_validate(data)
    try:
        pair = compile_bank(bank, "before"), compile_bank(other, "after")
    except Invalid:
        # An edit may leave a comparison that can never hold.
        assume(False)
    assume(size(*pair) <= MOST)
    return pair


def _edit(draw: st.DrawFn, data: dict[str, Any]) -> None:
    kind = draw(st.sampled_from(["fee", "weight", "drop", "copy", "option", "grid", "question"]))
    item = data["items"][draw(st.integers(0, len(data["items"]) - 1))]
    question = data["questions"][0]
    if kind == "fee":
        for route in item["routes"]:
            for cost in route["costs"]:
                cost["yen"] = draw(st.sampled_from([0, 700, 9_000, "unknown"]))
    elif kind == "weight":
        data["criteria"][0]["weight"] = str(draw(st.integers(1, 60)))
    elif kind == "drop" and len(data["items"]) > 1:
        data["items"] = [each for each in data["items"] if each is not item]
    elif kind == "copy":
        data["items"] = [*data["items"], {**item, "id": f"a_copy_{len(data['items'])}"}]
    elif kind == "option" and question["options"]:
        text = {"ja": "文", "en": "text"}
        data["questions"] = [
            {
                **question,
                "options": [*question["options"], {"id": f"fresh_{len(question['options'])}", "label": text}],
            },
            *data["questions"][1:],
        ]
    elif kind == "grid" and question["grid"]:
        question["grid"]["to"] += 1
    elif kind == "question":
        text = {"ja": "文", "en": "text"}
        data["questions"] = [
            *data["questions"],
            {"id": f"asked_{len(data['questions'])}", "kind": "yes_no", "ask": text},
        ]
        item["held_if"] = data["questions"][-1]["id"]


def _shares(found: Impact, real: Truth) -> list[tuple[Share, float]]:
    pairs = [(change.share, float(real.kinds[change.kind])) for change in found.changes]
    pairs.append((found.unchanged, float(real.unchanged)))
    for each in found.items:
        sides = [(each.first_before, each.ranked_before), (each.first_after, each.ranked_after)]
        for side, (first, ranked) in enumerate(sides):
            if first is not None and ranked is not None:
                pairs.append((first, float(real.first[side][each.item])))
                pairs.append((ranked, float(real.ranked[side][each.item])))
    return pairs


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(edited())
def test_it_counts_exactly_what_going_through_all_counts(pair: tuple[Compiled, Compiled]) -> None:
    found = impact(*pair, ON)
    real = truth(*pair, ON)
    assert found.exact
    for side in ("first_before", "first_after") if not found.same else ():
        shares = [getattr(each, side) for each in found.items]
        whole = sum(share.value for share in shares if share)
        assert abs(whole + found.nothing_first[side == "first_after"].value - 1) < 1e-9
    assert [(share.value, share.error) for share, _ in _shares(found, real)] == [
        (value, 0.0) for _, value in _shares(found, real)
    ]
    _examples_hold(found, pair)
    if found.same:
        return
    before, after = (able(bank, ON) for bank in pair)
    old, new = before.matters, after.matters
    both = pair[0].questions.keys() & pair[1].questions.keys()
    assert {each.question for each in found.no_longer_matter if each.option is None} == (old - new) & both
    assert {each.question for each in found.newly_matter if each.option is None} == (new - old) & both
    idle = {each.question for each in found.idle if each.option is None}
    assert idle == pair[1].questions.keys() - pair[0].questions.keys() - new
    for rung in ("first", "ranked"):
        lost = {each.item for each in found.no_longer_reached if each.rung == rung}
        won = {each.item for each in found.newly_reached if each.rung == rung}
        assert lost == before.reached[rung] - after.reached[rung]
        assert won == (after.reached[rung] - before.reached[rung]) & pair[0].by_id.keys()


def _examples_hold(found: Impact, pair: tuple[Compiled, Compiled]) -> None:
    for change in found.changes:
        assert bool(change.examples) == bool(change.share.value)
        for example in change.examples:
            seen = {
                "first": (example.before.first, example.after.first),
                "top": (set(example.before.top), set(example.after.top)),
                "top_order": (example.before.top, example.after.top),
                "standing": (example.before.standings, example.after.standings),
                "cost": (example.before.costs, example.after.costs),
                "first_cost": tuple(s.first and (s.costs[s.first],) for s in (example.before, example.after)),
            }[change.kind]
            assert seen[0] != seen[1]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(edited())
def test_what_is_drawn_lies_within_its_error(pair: tuple[Compiled, Compiled]) -> None:
    found = impact(*pair, ON, most=0, drawn=20_000)
    real = truth(*pair, ON)
    if found.same:
        return
    assert (found.exact, found.tried) == (False, 20_000)
    for share, value in _shares(found, real):
        assert share.error > 0
        assert abs(share.value - value) <= 5 * share.error
    before, after = (able(bank, ON) for bank in pair)
    for each in found.no_longer_matter:
        if each.option is None and each.certainty.proved:
            assert each.question in before.matters - after.matters
    for reach in found.no_longer_reached:
        if reach.certainty.proved:
            assert reach.item not in after.reached[reach.rung]
