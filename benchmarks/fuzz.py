"""Banks and rules that nobody would write, by the thousand: no crash, no answer over a second, little memory."""

from __future__ import annotations

import argparse
import json
import secrets
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.report import Report, Row
from benchmarks.serving import ROOT

MINUTES = 10.0
KINDS = ("banks", "rules")
MOST_MS = {"banks": 1_000, "rules": 50}
# Beyond the end a text may take this long before the process counts as hung.
GRACE_SECONDS = 60
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Fuzzed:
    """What one process came to; ``faults`` say which text of which seed did what."""

    kind: str
    seed: str
    texts: int
    whole: int
    slowest: float
    memory: int
    faults: tuple[dict[str, Any], ...]


def add_options(parser: argparse.ArgumentParser) -> None:
    """``--minutes`` and ``--seed``."""
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"how long (default {MINUTES:.0f})")
    parser.add_argument("--seed", default="", help="the seed of an earlier run, to see the same again")


def measure(minutes: float = MINUTES, seed: str = "") -> Report:
    """Texts taken, crashes, the slowest answer and the most memory, for banks and for rules."""
    seed = seed or secrets.token_hex(4)
    rows: list[Row] = []
    for one in fuzz(minutes * 60, seed):
        for fault in one.faults:
            sys.stderr.write(f"{one.kind}, seed {seed}: {json.dumps(fault, ensure_ascii=False)}\n")
        rows += [
            Row(f"{one.kind}: texts taken", one.texts, ""),
            Row(f"{one.kind}: of them sound all the same", one.whole, ""),
            Row(f"{one.kind}: crashes, hangs, slow answers", len(one.faults), "", 0),
            Row(f"{one.kind}: slowest answer", one.slowest * 1_000, "ms", MOST_MS[one.kind]),
            Row(f"{one.kind}: most memory", one.memory / MEGABYTE, "MB", 1_000),
        ]
    return Report("fuzz", tuple(rows), f"{minutes:g} minutes, banks and rules at once, seed {seed}")


def fuzz(seconds: float, seed: str) -> list[Fuzzed]:
    """A process for banks and one for rules, at once, for so long."""
    command = [sys.executable, "-m", "benchmarks.fuzz_child"]
    running = [
        subprocess.Popen([*command, kind, seed, str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for kind in KINDS
    ]
    return [_ended(kind, seed, seconds, process) for kind, process in zip(KINDS, running, strict=True)]


def _ended(kind: str, seed: str, seconds: float, process: subprocess.Popen[str]) -> Fuzzed:
    try:
        output, _ = process.communicate(timeout=seconds + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    told = [json.loads(line) for line in output.splitlines()]
    faults = [one for one in told if "fault" in one]
    last = next((one for one in told if "texts" in one), None)
    if last is None:
        faults.append({"fault": f"it ended with {process.returncode} before its time, or hung"})
        last = {"texts": 0, "whole": 0, "slowest": seconds, "memory": 0}
    return Fuzzed(kind, seed, last["texts"], last["whole"], last["slowest"], last["memory"], tuple(faults))
