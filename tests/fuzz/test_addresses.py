"""Every address with every form, filled with what nobody would send: no crash, no answer over a second."""

from __future__ import annotations

import json
import os
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import BuildError, Rule
from werkzeug.routing.converters import NumberConverter

from benchmarks.fuzz_texts import HOSTILE, RULE_WORDS
from tests.fuzz.conftest import Ground
from tests.test_library import CASES, bank

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]
EXAMPLES = int(os.environ.get("QUIZAPP_TEST_EXAMPLES", "6"))
MOST_SECONDS = 1.0
# What says no because the machine is short of something, and not because of what was sent.
MAY_BE_BUSY = {"/readyz"}
OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
TYPED = st.one_of(
    st.sampled_from(
        [*HOSTILE, *RULE_WORDS, bank(), CASES.format(first="second"), "1", "0", "-1", "job", "age", "on"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.integers().map(str),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KINDS = (
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
    "é",
)

# Parts of a form as no browser makes them: without a name, without a head, broken off.
PART_HEADS = st.sampled_from(
    ["form-data", "form-data; name=text", 'form-data; name="', "form-data; filename=x", "x; name*0=a", ""]
)
IN_PARTS = st.lists(st.tuples(PART_HEADS, st.text(max_size=8)), min_size=1, max_size=4).map(
    lambda parts: (
        "".join(f"--x\r\nContent-Disposition: {head}\r\n\r\n{held}\r\n" for head, held in parts).encode(
            "utf-8", "replace"
        )
        + b"--x--\r\n"
    )
)


def address(ground: Ground, rule: Rule, data: st.DataObject) -> str:
    """An address of that rule, out of what there is and what there is not."""
    values: dict[str, Any] = {}
    for name in sorted(rule.arguments - set(rule.defaults or {})):
        if isinstance(rule._converters[name], NumberConverter):
            values[name] = data.draw(st.one_of(st.sampled_from([1, 2]), st.integers(0, 10**30)), name)
        else:
            known = sorted(set(ground.named.get(name, ["trainer"])))
            drawn = st.one_of(st.sampled_from(known), st.sampled_from(known), TYPED.filter(bool))
            values[name] = data.draw(drawn, name)
    built = rule.build({**(rule.defaults or {}), **values})
    assert built
    return built[1]


def fields(ground: Ground, data: st.DataObject) -> list[tuple[str, str]]:
    """Fields that some form has, each with whatever."""
    names = st.one_of(
        st.sampled_from(sorted(ground.fields)), st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
    )
    return data.draw(st.lists(st.tuples(names, TYPED), max_size=12), "fields")


def ask(ground: Ground, method: str, path: str, rule: str, **sent: Any) -> int:
    """The status; fails for a crash and for an answer that took over a second of work."""
    client, token = ground.browser()
    headers = {"X-CSRFToken": token, **sent.pop("headers", {})}
    begun = time.thread_time()
    status = client.open(path, method=method, headers=headers, **sent).status_code
    took = time.thread_time() - begun
    assert status < 500 or rule in MAY_BE_BUSY, f"{method} {path} answered {status}"
    assert took < MOST_SECONDS, f"{method} {path} took {took:.2f} s"
    return status


def test_no_address_with_no_form_makes_it_fail(fuzz_ground: Ground) -> None:
    reached: set[tuple[str, str]] = set()
    assert len(fuzz_ground.fields) > 40 and len(fuzz_ground.places) > 40
    for rule, method in fuzz_ground.rules():
        _try_every_form(fuzz_ground, rule, method, reached)
    # With real names among the drawn ones most views are reached, and not only refused at the door.
    assert len(reached) > len(fuzz_ground.rules()) / 3


def _try_every_form(ground: Ground, rule: Rule, method: str, reached: set[tuple[str, str]]) -> None:
    @OFTEN
    @given(st.data())
    def try_one(data: st.DataObject) -> None:
        try:
            path = address(ground, rule, data)
        except (BuildError, ValueError):
            return
        filled = fields(ground, data)
        query = f"?{urlencode(filled[:3])}" if data.draw(st.booleans(), "asks") else ""
        body = urlencode(filled) if method == "POST" else None
        kind = KINDS[0] if method == "POST" else None
        status = ask(ground, method, path + query, rule.rule, data=body, content_type=kind)
        if status not in (302, 404, 405):
            reached.add((rule.rule, method))

    try_one()


@settings(OFTEN, max_examples=EXAMPLES * 15)
@given(st.data())
def test_no_body_of_any_kind_makes_it_fail(fuzz_ground: Ground, data: st.DataObject) -> None:
    rule, method = data.draw(
        st.sampled_from([one for one in fuzz_ground.rules() if one[1] == "POST"]), "route"
    )
    path = address(fuzz_ground, rule, data)
    drawn = st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode()), IN_PARTS)
    kind = data.draw(st.sampled_from(KINDS), "kind")
    ask(fuzz_ground, method, path, rule.rule, data=data.draw(drawn, "body"), content_type=kind)


@settings(OFTEN, max_examples=EXAMPLES * 15)
@given(
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    query=st.binary(max_size=40),
    held=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40),
)
def test_no_path_query_or_header_makes_it_fail(
    fuzz_ground: Ground, path: str, query: bytes, held: str
) -> None:
    headers = {
        "Cookie": f"quizapp={quote(held)}; quizapp-editor={quote(held)}",
        "Accept-Language": held,
        "Accept-Encoding": held,
        "X-Request-ID": held,
        "If-None-Match": held,
    }
    ask(fuzz_ground, "GET", f"/{quote(path)}?{quote(query)}", "", headers=headers)


@settings(OFTEN, max_examples=EXAMPLES * 25)
@given(asked=JSON, answers=st.dictionaries(st.sampled_from(["age", "goal", "x"]), JSON, max_size=3), on=TYPED)
def test_no_question_to_the_api_makes_it_fail(fuzz_ground: Ground, asked: Any, answers: Any, on: str) -> None:
    for body in (asked, {"answers": answers}, {"answers": answers, "on": on}):
        sent = json.dumps(body).encode("utf-8", "replace")
        path = "/api/v1/banks/trainer/recommend"
        ask(fuzz_ground, "POST", path, path, data=sent, content_type="application/json")


@pytest.mark.parametrize("named", ["", "; filename=x", '; name="'])
def test_a_part_without_a_name_makes_no_form_fail(fuzz_ground: Ground, named: str) -> None:
    part = f"--x\r\nContent-Disposition: form-data{named}\r\n\r\n1\r\n--x--\r\n".encode()
    kind = "multipart/form-data; boundary=x"
    for path in ("/language", "/edit/sign-in", "/edit/trainer/source", "/edit/import", "/edit/resume"):
        assert ask(fuzz_ground, "POST", path, path, data=part, content_type=kind) == 400
