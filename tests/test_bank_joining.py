"""Joining two people's texts of one bank: the comments of both stay, and what it says is never in doubt."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.comparing.lines import LineClash, merge_lines
from quizapp.bank.comparing.merging import merge
from quizapp.bank.saving.joining import COMMENTS, join
from quizapp.bank.saving.rewriting import data_of

BASE = """\
# Fees change every spring.
bank: small
items:
  - id: one
    name: {ja: 一, en: One}
    costs:
      - {id: exam, yen: 1000}  # tax included
      - {id: course, yen: 5000}
  - id: two
    name: {ja: 二, en: Two}
"""


def joined(mine: str, theirs: str, base: str = BASE):
    wanted = merge(*(data_of(text, "small.yaml") for text in (base, mine, theirs))).data
    return join(base, mine, theirs, "small.yaml", wanted)


def test_comments_in_different_places_all_stay() -> None:
    mine = BASE.replace("  - id: two", "  # rarely taken\n  - id: two")
    theirs = BASE.replace("every spring", "in April")
    found = joined(mine, theirs)
    assert found.clashes == ()
    assert found.settle({}) == theirs.replace("  - id: two", "  # rarely taken\n  - id: two")


def test_comments_stay_beside_fields_that_the_other_changed() -> None:
    mine = BASE.replace("      - {id: exam", "      # asked by telephone\n      - {id: exam").replace(
        "tax included", "with tax"
    )
    theirs = BASE.replace("yen: 1000", "yen: 1200")
    found = joined(mine, theirs)
    assert found.clashes == () and found.settle({}) == mine.replace("yen: 1000", "yen: 1200")


def test_comments_that_both_added_in_one_place_all_stay() -> None:
    mine, theirs = (BASE.replace("items:", f"# {who}\nitems:") for who in ("mine", "theirs"))
    assert joined(mine, theirs).settle({}) == BASE.replace("items:", "# theirs\n# mine\nitems:")
    assert joined(mine, mine).settle({}) == mine


def test_a_comment_that_both_changed_is_chosen() -> None:
    mine, theirs = BASE.replace("every spring", "often"), BASE.replace("every spring", "in April")
    found = joined(mine, theirs)
    (clash,) = found.clashes
    assert clash.address[0] == COMMENTS
    assert (clash.mine, clash.theirs) == ("# Fees change often.\n", "# Fees change in April.\n")
    assert found.settle({clash.address: "mine"}) == mine and found.settle({clash.address: "theirs"}) == theirs
    assert joined(mine, theirs).clashes == found.clashes


def test_layout_of_one_and_a_value_of_the_other_come_together() -> None:
    mine = BASE.replace("{ja: 一, en: One}", "\n      ja: '一'\n      en: One")
    found = joined(mine, BASE.replace("yen: 5000", "yen: 5500"))
    assert found.clashes == () and found.settle({}) == mine.replace("yen: 5000", "yen: 5500")


def test_what_each_added_comes_with_its_comments() -> None:
    added = "  # new this year\n  - id: {0}\n    name: {{ja: {0}, en: {0}}}  # as printed\n"
    mine, theirs = (BASE + added.format(name) for name in ("three", "four"))
    found = joined(mine, theirs)
    for text in (found.settle({clash.address: "mine" for clash in found.clashes}), found.settle({})):
        said = data_of(text, "small.yaml")
        assert {item["id"] for item in said["items"]} == {"one", "two", "three", "four"}


def test_line_ends_are_theirs() -> None:
    mine = BASE.replace("every spring", "often")
    theirs = BASE.replace("items:", "# theirs\nitems:").replace("\n", "\r\n")
    found = joined(mine, theirs)
    assert found.clashes == () and found.settle({}) == theirs.replace("every spring", "often")


def test_without_a_text_that_both_grew_from_one_is_chosen_unless_they_agree() -> None:
    other, said = BASE.replace("every spring", "often"), data_of(BASE, "small.yaml")
    found = join("", BASE, other, "small.yaml", said)
    assert found.settle({clash.address: "theirs" for clash in found.clashes}) == other
    assert found.settle({}) == BASE and join("", BASE, BASE, "small.yaml", said).settle({}) == BASE


LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(tuple)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES, LINES)
def test_no_line_that_one_added_or_changed_is_lost(
    base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    assert "".join(sum(merge_lines(base, mine, base), ())) == "".join(mine)
    assert "".join(sum(merge_lines(base, base, theirs), ())) == "".join(theirs)
    pieces = merge_lines(base, mine, theirs)
    if not any(isinstance(piece, LineClash) for piece in pieces):
        told = sum(pieces, ())
        assert set(told) >= (set(mine) | set(theirs)) - set(base)


def test_blank_lines_by_the_thousand_are_no_work() -> None:
    base = tuple(f"line {at}" if at % 8 else "" for at in range(400))
    mine = ("first", *[""] * 100_000, *base, "last")
    theirs = (*base, "theirs")
    begun = time.process_time()
    merged = merge_lines(base, mine, theirs)
    assert time.process_time() - begun < 5
    assert [piece for piece in merged if isinstance(piece, LineClash)] == [
        LineClash((), ("last",), ("theirs",))
    ]
