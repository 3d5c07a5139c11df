"""What a benchmark says: measured values beside their budgets, as a table or as one JSON object."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured value. ``budget`` is the most (or with ``at_least`` the least) that is allowed."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the value is within its budget; true without one."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget


@dataclass(frozen=True)
class Report:
    """All that one benchmark measured in one run."""

    name: str
    rows: tuple[Row, ...]
    how: str

    @property
    def kept(self) -> bool:
        """Whether every value is within its budget."""
        return all(row.kept for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The object of ``--json``."""
        rows = [{**asdict(row), "kept": row.kept} for row in self.rows]
        machine = {"python": platform.python_version(), "cpu": _cpu(), "date": date.today().isoformat()}
        return {"benchmark": self.name, "kept": self.kept, "how": self.how, "machine": machine, "rows": rows}

    def cells(self) -> list[tuple[str, str, str, str]]:
        """For each value what it is, how much, what is allowed, and MISSED where that was not kept."""
        return [_cells(row) for row in self.rows]

    def lines(self) -> list[str]:
        """The table for people."""
        cells = [("", "measured", "budget", ""), *self.cells()]
        widths = [max(len(row[place]) for row in cells) for place in range(4)]
        table = [
            f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip()
            for row in cells
        ]
        return [f"{self.name}: {self.how}", *table]


def _cells(row: Row) -> tuple[str, str, str, str]:
    budget = (
        ""
        if row.budget is None
        else f"{'≥' if row.at_least else '≤'} {_figure(row.budget)} {row.unit}".rstrip()
    )
    return row.what, f"{_figure(row.value)} {row.unit}".rstrip(), budget, "" if row.kept else "MISSED"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
