"""Reads requirements/*.txt: what is pinned, at which version, with which hashes; installs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
# `serve` is what everybody installs; `full` adds PostgreSQL, Redis and signing in through a provider.
SERVE, FULL = "serve", "full"

_PIN = re.compile(r"(?P<name>[a-z0-9.\-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))?(?: --hash=|$)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One package at one version, for the environments that its marker names (empty: for all)."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_pins(name: str) -> list[Pin]:
    """The pins of ``requirements/<name>.txt`` in its order.

    Raises ValueError for a line that is no exact pin or has no hash.
    """
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [_pin(line) for line in lines if line.strip() and not line.startswith("#")]


def _pin(line: str) -> Pin:
    """A pin from its line.

    >>> _pin("click==8.2.0 ; sys_platform == 'linux' --hash=sha256:" + "0" * 64).marker
    "sys_platform == 'linux'"
    """
    found, hashes = _PIN.match(line), _HASH.findall(line)
    if not found or not hashes:
        raise ValueError(f"not an exact pin with hashes: {line[:80]}")
    return Pin(found["name"], found["version"], found["marker"] or "", tuple(hashes))
