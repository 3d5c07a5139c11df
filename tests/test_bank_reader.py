"""Reading YAML: what scalars mean, where everything stands, and that no text gets past the caps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import bank_from_json, bank_to_json, load_bank, parse_bank
from quizapp.bank.yaml import reader
from quizapp.bank.yaml.caps import MAX_BYTES, MAX_DEPTH
from quizapp.bank.yaml.nodes import Positions, Scalar, plain, walk
from quizapp.bank.yaml.reader import MAX_NODES, _read_quickly, _read_with_reasons, read_yaml
from quizapp.bank.yaml.scalar_places import index_in_source, place_inside
from quizapp.errors import Invalid, NotFound, Where

SMALL = Path(__file__).parent / "banks" / "good" / "small.yaml"
SHIPPED = sorted((Path(__file__).parent.parent / "questions").glob("*.yaml"))

STYLES = """\
plain: it's a
  folded one
single: 'it''s
  two

  paragraphs'
double: "caf\\u00e9 \\
   and \\"more\\""
folded: >-
  one two
  three

  four
literal: |
  one
    two
  three
nested:
  - >
    xa
  - {flow: [a b, 'c, d'], "quoted key": e}
"""


def value_of(text: str) -> object:
    return plain(read_yaml(f"k: {text}\n", "f").root)["k"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None),
        ("12", 12), ("-3", -3), ("007", 7), ("0x10", "0x10"), ("1_000", "1_000"), ("12:30", "12:30"), ("1.5", 1.5),
        ("2026-11-22", "2026-11-22"), (".inf", ".inf"), ("'12'", "12"), ('"true"', "true"), ("9" * 16, "9" * 16),
    ],
)  # fmt: skip
def test_scalars_mean_what_yaml_1_2_says(written: str, value: object) -> None:
    assert value_of(written) == value
    assert type(value_of(written)) is type(value)


def test_keys_are_always_texts() -> None:
    assert plain(read_yaml("{no: 1, 2: 2, true: 3}", "f").root) == {"no": 1, "2": 2, "true": 3}


def test_every_character_of_every_style_is_found_in_the_source() -> None:
    positions = read_yaml(STYLES, "f")
    for _path, node in walk(positions.root):
        if isinstance(node, Scalar):
            for offset, character in enumerate(node.text):
                found = positions.text[index_in_source(positions.text, node, offset)]
                assert found == character or found == "\\" or (character in " \n" and found in " \n")


def test_places_are_counted_from_one() -> None:
    positions = read_yaml("a:\n  - b: >-\n      one\n      two\n", "f.yaml")
    assert positions.key(("a", 0, "b")) == Where("f.yaml", 2, 5)
    assert positions.at(("a", 0, "b")) == Where("f.yaml", 2, 8)
    assert place_inside(positions, ("a", 0, "b"), 4) == Where("f.yaml", 4, 7)
    assert positions.at(("a", 0, "missing")) == Where("f.yaml", 2, 5)


HOSTILE = [
    "[" * 40_000, "{" * 40_000, "- " * 20_000, "? " * 20_000, '["a",' * 8_000, "{a: " * 10_000, "[\n" * 20_000,
    "a: " * 10_000, '"' + "\\" * 40_000, "'" * 40_001, "&a " * 10_000, "*a " * 10_000, "!" * 40_000, "%" * 40_000,
    "\t" * 40_000, "---\n" * 20_000, "? [\n" * 10_000, "- [a,\n" * 10_000, '"\\UFFFFFFFF"', "- a\n" * 60_000,
    "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(100)), "\ufeffa: 1", "a: \x00", "a\rb", "",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_a_hostile_text_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    with pytest.raises(Invalid):
        read_yaml(text, "f")
    assert time.process_time() - began < 4


def test_forty_kilobytes_of_brackets_are_refused_in_milliseconds() -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        read_yaml("a: " + "[" * 40_000, "f")
    assert time.process_time() - began < 0.05
    assert refused.value.problems[0].code == "too_deep"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * (MAX_BYTES + 1), "too_large"),
        ("[" + "1," * (MAX_NODES + 1) + "]", "too_large"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "too_deep"),
    ],
)
def test_it_says_which_cap_was_passed(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_yaml(text, "f")
    assert [problem.code for problem in refused.value.problems] == [code]


BEYOND_CAPS = [
    "- a\n" * 60_000,
    "[" + "1," * (MAX_NODES + 1) + "]",
    "".join(f"k{n}: v\n" for n in range(20_001)),
    "".join(f"k{n}: v\n" for n in range(15_000)) + "".join(" " * n + "a:\n" for n in range(40)),
    "a: 1\na: 2\nb: &x 1\nc:\n" + "".join("  " * n + "- \n" for n in range(MAX_DEPTH + 5)),
    "a: 1\na: 2\n" + "".join(" " * n + "a:\n" for n in range(MAX_DEPTH + 5)),
    "- " * (MAX_DEPTH + 2),
]


@pytest.mark.parametrize("text", BEYOND_CAPS, ids=lambda text: repr(text[:8]))
def test_both_readers_refuse_a_text_beyond_a_cap_in_the_same_words(text: str) -> None:
    with pytest.raises(Invalid) as quickly:
        _read_quickly(text, "f")
    with pytest.raises(Invalid) as slowly:
        _read_with_reasons(text, "f")
    assert quickly.value.problems == slowly.value.problems


def test_a_text_beyond_a_cap_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.process_time()
    for text in BEYOND_CAPS:
        with pytest.raises(Invalid):
            read_yaml(text, "f")
    assert time.process_time() - began < 4
    monkeypatch.setattr(reader, "_read_with_reasons", None)
    for text in BEYOND_CAPS:
        with pytest.raises(Invalid):
            read_yaml(text, "f")


def test_it_tells_every_problem_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_yaml("a: 1\na: 2\nb: &x 3\nc: *x\nd: !!str 4\n", "f")
    found = [(problem.code, problem.where.line) for problem in refused.value.problems]
    assert found == [("duplicate_key", 2), ("yaml_anchor", 3), ("yaml_alias", 4), ("yaml_tag", 5)]


YAML_PIECES = st.sampled_from(
    ["a", "b: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "\n", "  ", "\n  ", "'", '"', "\\", "|", ">", ">-\n  ",
     "#", " # ", "&a ", "*a", "!t ", "%", "---\n", "...\n", "\t", "1", "true", "~", "日本", "?", "@", "`", "\x07", "\r"]
)  # fmt: skip


@settings(max_examples=300, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(YAML_PIECES, max_size=60).map("".join))
def test_fuzzed_yaml_is_read_or_refused_and_never_crashes(text: str) -> None:
    for where in places_or_problems(lambda: [*all_places(read_yaml(text, "f"))]):
        assert where.line >= 1


def all_places(positions: Positions) -> Iterator[Where]:
    return (positions.at(path) for path, _node in walk(positions.root))


def places_or_problems(read: Callable[[], list[Where]]) -> list[Where]:
    """The places of what was read, or those of the problems; any other error fails the test."""
    try:
        return read()
    except Invalid as refused:
        return [problem.where for problem in refused.problems] or [Where("no problem was told")]


@settings(max_examples=80, deadline=5_000)
@given(st.text(max_size=200))
def test_any_text_is_a_bank_or_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_bank(text, "f")


@settings(max_examples=40, deadline=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_bank_with_a_damaged_line_is_a_bank_or_refused(data: st.DataObject) -> None:
    lines = SMALL.read_text(encoding="utf-8").split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(
        st.sampled_from(
            [
                "",
                lines[at][1:],
                lines[at] + ":",
                lines[at].replace(":", "", 1),
                lines[at].replace("{", "["),
                "x",
            ]
        )
    )
    places = places_or_problems(lambda: [*all_places(parse_bank("\n".join(lines), "f").positions)])
    assert all(where.line for where in places)


def test_the_revision_is_that_of_the_content_only() -> None:
    text = SMALL.read_text(encoding="utf-8")
    first = parse_bank(text, "a").revision
    assert parse_bank(text.replace("# A bank", "# The bank").replace("minutes: 3", ""), "b").revision == first
    assert parse_bank(text.replace("bank: small", "format: 1\nbank: 'small'"), "b").revision == first
    assert parse_bank(text.replace("weight: 60", "weight: 61"), "b").revision != first
    assert len(first) == 16
    assert set(first) <= set("0123456789abcdef")


def test_the_order_of_entries_counts_in_the_revision() -> None:
    text = SMALL.read_text(encoding="utf-8")
    swapped = text.replace("{high_school: 80, university: 60}", "{university: 60, high_school: 80}")
    assert parse_bank(swapped, "a").revision != parse_bank(text, "a").revision


@pytest.mark.parametrize(
    "path", [SMALL, *(p for p in SHIPPED if not p.name.endswith(".cases.yaml"))], ids=lambda p: p.stem
)
def test_a_bank_comes_back_from_its_json(path: Path) -> None:
    loaded = load_bank(path)
    assert bank_from_json(bank_to_json(loaded.bank)) == loaded.bank


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_bank(tmp_path / "none.yaml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_both_readers_read_the_same_from_a_shipped_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quick, slow = _read_quickly(text, path.name), _read_with_reasons(text, path.name)
    assert quick is not None
    assert list(walk(quick.root)) == list(walk(slow.root))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_both_readers_read_the_same_from_whatever_both_can_read(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([STYLES, SMALL.read_text(encoding="utf-8")[:1_500]]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 6)))
        put = data.draw(st.text(alphabet=" \n\t:-{}[],\"'#|>?&*!%@`~\\ab0あ", max_size=4))
        text = text[:at] + put + text[until:]
    quick = _read_quickly(text, "f.yaml")
    if quick is None:
        return
    try:
        slow = _read_with_reasons(text, "f.yaml")
    except Invalid:
        return
    assert list(walk(quick.root)) == list(walk(slow.root)), text
