"""What a look at the machine may find."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do about it."""

    of: str
    verdict: Literal["ok", "warning", "bad"]
    says: str

    def to_json(self) -> dict[str, str]:
        """``{"of": …, "verdict": …, "says": …}``."""
        return asdict(self)
