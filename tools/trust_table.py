"""Writes docs/trust.md from the list of checks and the figures of the last runs: ``python tools/trust_table.py``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.trust_lines import PARTS, Check  # noqa: E402

PAGE, FIGURES = ROOT / "docs" / "trust.md", ROOT / "docs" / "trust.json"
OPENING = """\
# What people may rely on

Each promise, the tests that hold it, and the last figure of those that are measured. Written by
`python3 tools/trust_table.py`; a test keeps it in step with the tests that there are.

- `python3 run.py test` runs every one of these tests; faults at small size, fuzzing for half a minute in two processes.
- `python3 run.py test tests/faults --large` runs the faults at large size and keeps their figures.
- `python3 run.py bench load`, `bench soak` and `bench fuzz` measure the rest.

Figures are of 2 shared cores with much else on them: times are upper bounds, counts are exact.
"""


def page(figures: dict[str, Any]) -> str:
    """The whole page."""
    parts = [OPENING]
    for part in PARTS:
        rows = [f"\n## {part.heading}\n", "| | check | tests | last figure |", "|---|---|---|---|"]
        rows += [_row(check, figures) for check in part.checks]
        parts.append("\n".join(rows) + "\n")
    return "".join([*parts, _measured(figures)])


def missing() -> list[str]:
    """The tests that the list names and that there are not."""
    named = [test for part in PARTS for check in part.checks for test in check.tests]
    return [test for test in named if not _is_there(test)]


def numbers() -> list[int]:
    """The numbers of all checks, in their order."""
    return [check.number for part in PARTS for check in part.checks]


def kept_figures() -> dict[str, Any]:
    """What the last measured runs came to."""
    held: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return held


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and (
        not name or bool(re.search(rf"^def {name}\(", path.read_text("utf-8"), re.MULTILINE))
    )


def _row(check: Check, figures: dict[str, Any]) -> str:
    says = check.says + (f". *Not tested: {check.gap}*" if check.gap else "")
    tests = "<br>".join(f"[{_words(test)}](../tests/{test.partition('::')[0]})" for test in check.tests)
    found = [_figure(figures[name]) for name in check.figures if name in figures]
    return f"| {check.number} | {says} | {tests} | {'<br>'.join(dict.fromkeys(found))} |"


def _words(test: str) -> str:
    file, _, name = test.partition("::")
    return name.removeprefix("test_").replace("_", " ") if name else file


def _figure(came_to: dict[str, Any]) -> str:
    told = [
        f"{key.replace('_', ' ')} {_number(value)}"
        for key, value in came_to.items()
        if key not in ("on", "rows", "how")
    ]
    return f"{', '.join(told) or 'see below'} ({came_to['on']})"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _measured(figures: dict[str, Any]) -> str:
    lines: list[str] = []
    faults = [one for one in figures.values() if "acknowledged" in one]
    if faults:
        told, lost = sum(one["acknowledged"] for one in faults), sum(one["lost"] for one in faults)
        lines += [
            "\n## Acknowledged and lost\n",
            f"{told:,} results acknowledged during {len(faults)} faults, {lost} lost.",
        ]
    for name, heading in (("load", "Under load"), ("soak", "In the long run"), ("fuzz", "Fuzzing")):
        if rows := figures.get(name, {}).get("rows"):
            lines += [
                f"\n## {heading}\n",
                f"`bench {name}` on {figures[name]['on']}: {figures[name]['how']}.\n",
            ]
            lines += ["| what | measured | goal |", "|---|---|---|"]
            lines += [f"| {row['what']} | {row['measured']} | {row['goal']} |" for row in rows]
    return "\n".join(lines) + "\n" if lines else ""


if __name__ == "__main__":
    PAGE.write_text(page(kept_figures()), encoding="utf-8")
