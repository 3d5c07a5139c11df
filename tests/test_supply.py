"""What the project is made of: pinned dependencies, declared imports, and no address that must not be kept."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from quizapp.config import VERSION

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = sorted((ROOT / "requirements").glob("*.txt"))

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "deb." + "debian.org"]
THIS_MACHINE = ["/work" + "/main", "/work" + "/shared", "/tmp" + "/w/", "/root" + "/."]
# Distributions whose import has another name.
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "flask-wtf": "flask_wtf",
    "prometheus-client": "prometheus_client",
    "pyyaml": "yaml",
    "ruamel.yaml": "ruamel",
    "sqlite-utils": "sqlite_utils",
}
# What a declared distribution brings along, and tells to import under a name of its own.
BROUGHT_ALONG = {"psycopg": "psycopg_pool", "pydantic": "pydantic_core"}


def tracked() -> list[Path]:
    """The files that git keeps or would keep; those of a plain folder where git is not there."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if told.returncode == 0:
        return [path for name in told.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    skipped = {".git", ".venv", "instance", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts)]


@pytest.mark.parametrize("words", [REGISTRIES, THIS_MACHINE], ids=["registry", "this_machine"])
def test_no_file_holds_an_address_of_this_kind(words: list[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        for word in words
        if word.encode() in path.read_bytes()
    ]
    assert found == []


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)
def test_every_pin_is_exact_and_hashed(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9.\-]+==[^ ]+ ", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line and "index" not in line.split()[0:1], line


def test_the_modes_agree_on_every_version() -> None:
    pinned: dict[str, set[str]] = {}
    for path in PINS:
        for line in re.findall(
            r"^([a-z0-9.\-]+==[^\\]+?)\s*\\?$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            name, _, version = line.partition("==")
            pinned.setdefault(f"{name} {version.partition(';')[2]}", set()).add(version)
    assert {name: versions for name, versions in pinned.items() if len(versions) > 1} == {}


def test_every_dependency_is_pinned() -> None:
    serve = (ROOT / "requirements" / "serve.txt").read_text(encoding="utf-8")
    names = [re.split(r"[><=\[]", line)[0].replace(".", "-") for line in PROJECT["dependencies"]]
    assert [name for name in names if f"\n{name}==" not in f"\n{serve}"] == []


def test_every_import_is_a_declared_dependency() -> None:
    declared = {re.split(r"[><=\[]", line)[0] for line in PROJECT["dependencies"]}
    for extra in ("postgres", "redis", "oidc"):
        declared |= {re.split(r"[><=\[]", line)[0] for line in PROJECT["optional-dependencies"][extra]}
    known = (
        {IMPORTED_AS.get(name, name) for name in declared}
        | {BROUGHT_ALONG[name] for name in declared & set(BROUGHT_ALONG)}
        | sys.stdlib_module_names
        | {"quizapp", "_typeshed"}
    )
    imported = {
        name.split(".")[0]: path.name
        for path in (ROOT / "quizapp").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    assert {name: where for name, where in imported.items() if name not in known} == {}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_ci_runs_what_the_readme_says() -> None:
    script = ROOT / ".ci" / "run"
    command = "python3 run.py test"
    assert command in script.read_text(encoding="utf-8")
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
    assert os.name != "posix" or os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_the_licence_and_the_version_are_told() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_links_between_the_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("mailto:") and not (page.parent / link).exists()
    ]
    assert broken == []
