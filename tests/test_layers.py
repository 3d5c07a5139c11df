"""Imports point down only, in no circle; and modules and functions stay small enough to read."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quizapp"

# From the top down. What stands in one row may import what stands in its row or below.
LAYERS = (
    ("__main__", "cli", "server", "doctor"),
    ("app",),
    ("web",),
    ("editing",),
    ("library",),
    ("audit",),
    ("engine",),
    ("bank",),
    ("store",),
    ("rules",),
    ("config", "errors", "i18n", "letters", "networks", "secret", "setting_kinds"),
)
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}
CORE = ("rules", "bank", "engine", "audit")
WEB_AND_DATABASE = {
    "flask",
    "flask_wtf",
    "wtforms",
    "werkzeug",
    "granian",
    "sqlite3",
    "sqlite_utils",
    "psycopg",
    "psycopg_pool",
    "redis",
}
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported_by(name: str) -> set[str]:
    """The dotted names that a module imports, wherever in it: ``import a`` and ``from a import b``."""
    names = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports by dots; write the whole name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def inside(dotted: str) -> str | None:
    """The module of the package that an imported name lies in."""
    while dotted:
        if dotted in MODULES:
            return dotted
        dotted = dotted.rpartition(".")[0]
    return None


def layer(name: str) -> str:
    """The layer's name: ``library`` for ``quizapp.library.watch`` too; empty for quizapp itself."""
    return name.split(".")[1] if "." in name else ""


GRAPH = {
    name: {
        target
        for dotted in imported_by(name)
        if (target := inside(dotted)) and target not in (name, "quizapp")
    }
    for name in MODULES
}


def test_every_module_has_a_layer() -> None:
    assert {layer(name) for name in MODULES if layer(name)} <= set(RANK)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_point_down(name: str) -> None:
    upward = [target for target in GRAPH[name] if RANK[layer(target)] < RANK.get(layer(name), 0)]
    assert not upward, f"{name} may not import {upward}"


def test_nothing_imports_in_a_circle() -> None:
    try:
        tuple(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]), pytrace=False)


@pytest.mark.parametrize("name", sorted(name for name in MODULES if layer(name) in CORE))
def test_the_core_knows_neither_web_nor_database(name: str) -> None:
    outside = {dotted.split(".")[0] for dotted in imported_by(name)}
    assert not outside & WEB_AND_DATABASE
    assert not any(layer(target) == "store" for target in GRAPH[name])


@pytest.mark.parametrize("name", sorted(name for name in MODULES if layer(name) != "store"))
def test_only_the_store_speaks_to_postgresql(name: str) -> None:
    assert not {dotted.split(".")[0] for dotted in imported_by(name)} & {"psycopg", "psycopg_pool"}


def test_importing_the_engine_loads_neither_web_nor_database() -> None:
    command = "import sys, quizapp.engine.recommend; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {name.split(".")[0] for name in loaded.stdout.split()} & WEB_AND_DATABASE


def test_the_package_itself_holds_a_docstring_and_no_more() -> None:
    body = TREES["quizapp"].body
    assert len(body) == 1 and isinstance(body[0], ast.Expr)


def test_every_module_opens_with_a_sentence() -> None:
    assert [name for name, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_no_module_is_long() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    lengths = {
        f"{name}.{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= 10
