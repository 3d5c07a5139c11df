"""docs/trust.md tells of tests that there are, with the figures that were kept."""

from __future__ import annotations

from tools.trust_table import PAGE, kept_figures, missing, numbers, page


def test_every_check_has_its_line_once_and_in_order() -> None:
    assert numbers() == list(range(1, 30))


def test_every_test_that_is_named_is_there() -> None:
    assert missing() == []


def test_the_page_is_what_its_tool_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(kept_figures()), "run python3 tools/trust_table.py"


def test_nothing_acknowledged_was_lost_at_large_size() -> None:
    faults = [one for one in kept_figures().values() if "acknowledged" in one]
    assert sum(one["acknowledged"] for one in faults) >= 50_000
    assert sum(one["lost"] for one in faults) == 0
