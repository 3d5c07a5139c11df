"""Figures of the last runs, kept beside docs/trust.md, which is written from them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.report import Report

FILE = Path(__file__).resolve().parent.parent / "docs" / "trust.json"


def keep(name: str, **figures: Any) -> None:
    """Put a named set of figures, with the day of today, in place of what was kept by that name."""
    held = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    held[name] = {"on": date.today().isoformat(), **figures}
    FILE.write_text(
        json.dumps(dict(sorted(held.items())), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def keep_report(report: Report) -> None:
    """The same for a benchmark, as its table says it."""
    cells = (line for line in report.cells())
    rows = [
        {"what": what, "measured": measured, "goal": f"{goal} {missed}".strip()}
        for what, measured, goal, missed in cells
    ]
    keep(report.name, how=report.how, rows=rows)
