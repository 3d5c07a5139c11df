"""``python3 run.py bench NAME [--json] [options of its own]``: runs one benchmark and prints what it measured."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import keep_report

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
    parser.add_argument("--keep", action="store_true", help="keep the figures for docs/trust.md")
    first, _ = parser.parse_known_args()
    benchmark = importlib.import_module(f"benchmarks.{first.name}")
    if add_options := getattr(benchmark, "add_options", None):
        add_options(parser)
    chosen = parser.parse_args()
    options = {name: value for name, value in vars(chosen).items() if name not in ("name", "json", "keep")}
    report = benchmark.measure(**options)
    if chosen.keep:
        keep_report(report)
    if chosen.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.lines()))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
