"""``python3 run.py bench NAME [--json]``: runs one benchmark and prints what it measured."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """The benchmarks: the modules of this folder that measure something."""
    modules = [path for path in HERE.glob("[a-z]*.py") if "def measure(" in path.read_text(encoding="utf-8")]
    return sorted(path.stem for path in modules)


def main() -> int:
    """Prints the report of one benchmark; 1 where a budget is missed."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    report = importlib.import_module(f"benchmarks.{chosen.name}").measure()
    if chosen.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.lines()))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
