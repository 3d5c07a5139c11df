"""Asks the advisory database about every pinned package; needs nothing but Python and, for answers, the network.

python3 tools/audit_dependencies.py [SECONDS]

Installs pip-audit by requirements/audit.txt into a folder of its own. Exit code 1 when an advisory names a
pinned version. Where the database cannot be reached in time, it says so loudly and ends with 0: no answer
is not a finding, and a build must not hang on it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
# What is served, and what builds a release; tools for tests reach no user.
AUDITED = ("full", "build")
SECONDS = 45.0


class Unanswered(Exception):
    """The audit could not be carried out; the words say what was tried."""


def advisories(seconds: float = SECONDS) -> list[str]:
    """A line for each advisory against a pinned version. Raises Unanswered, within ``seconds``."""
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        tool = Path(folder) / "tool"
        python = str(tool / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        _install(tool, python, end)
        report = Path(folder) / "report.json"
        pins = [part for name in AUDITED for part in ("-r", str(REQUIREMENTS / f"{name}.txt"))]
        shown = ["--progress-spinner", "off", "--format", "json", "--output", str(report)]
        # It ends with 1 both on a finding and on a failure; only a finding leaves a report.
        asked = [python, "-m", "pip_audit", "--require-hashes", "--disable-pip", *pins, *shown]
        said = _run(asked, end, fine=(0, 1))
        if not report.exists():
            raise Unanswered(f"the advisory database did not answer; {_last_line(said)}")
        told = json.loads(report.read_text(encoding="utf-8"))
    if unknown := skipped(told):
        raise Unanswered(f"about {len(unknown)} packages the advisory database said nothing: {unknown[0]}, …")
    return lines(told)


def _install(tool: Path, python: str, end: float) -> None:
    """pip-audit in a folder of its own: with uv where it is there and works, else with venv and pip."""
    pinned = ["--quiet", "--require-hashes", "-r", str(REQUIREMENTS / "audit.txt")]
    if uv := shutil.which("uv"):
        with suppress(Unanswered):
            _run([uv, "venv", "--quiet", "--python", sys.executable, str(tool)], end)
            _run([uv, "pip", "install", "--python", python, *pinned], end)
            return
    _run([sys.executable, "-m", "venv", "--clear", str(tool)], end)
    _run([python, "-m", "pip", "install", "--disable-pip-version-check", *pinned], end)


def skipped(report: dict[str, Any]) -> list[str]:
    """The packages about which a report says nothing.

    >>> skipped({"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "vulns": []}]})
    ['a']
    """
    return [one["name"] for one in report["dependencies"] if "skip_reason" in one]


def lines(report: dict[str, Any]) -> list[str]:
    """What a report of pip-audit's holds against the pins.

    >>> lines({"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}]})
    ['a 1: X-1, mended in 2']
    """
    return [
        f"{one['name']} {one['version']}: {vuln['id']}, mended in "
        + (", ".join(vuln["fix_versions"]) or "no version yet")
        for one in report["dependencies"]
        for vuln in one.get("vulns", [])
    ]


def _run(command: list[str], end: float, fine: tuple[int, ...] = (0,)) -> str:
    """What a command says on standard error.

    Raises Unanswered where it fails or is not done by ``end``; then nothing of it runs on.
    """
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - every command is written in this file
        command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    shown = " ".join(Path(part).name for part in command[1:4])
    try:
        _, said = process.communicate(timeout=max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.communicate()
        raise Unanswered(f"{shown}: not done in time") from None
    if process.returncode not in fine:
        raise Unanswered(f"{shown}: exit code {process.returncode}; {_last_line(said)}")
    return said


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["it said nothing"])[-1][:300]


def main(arguments: list[str]) -> int:
    """Prints what was found and returns the exit code."""
    try:
        found = advisories(float(arguments[0]) if arguments else SECONDS)
    except Unanswered as gap:
        sys.stderr.write(
            f"!! NOT AUDITED: {gap}. Nothing is known about advisories; run it where it can ask.\n"
        )
        return 0
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"audit: {len(found)} advisories against what is pinned\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
