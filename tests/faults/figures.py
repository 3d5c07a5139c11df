"""The figures that a run came to, kept where ``docs/trust.md`` is written from."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "docs" / "trust.json"


def keep(name: str, **figures: Any) -> None:
    """Put a named set of figures, with the day of today, in place of what was kept by that name."""
    held = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    held[name] = {"on": date.today().isoformat(), **figures}
    ordered = dict(sorted(held.items()))
    FILE.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
