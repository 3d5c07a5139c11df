"""Writes docs/licences.md from the metadata of the pinned packages; refuses a licence nobody agreed to.

python -m tools.licences [--check]
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import metadata

from tools.pins import FULL, ROOT, SERVE, read_pins

PAGE = ROOT / "docs" / "licences.md"
# Whoever passes quizapp on can keep to these without opening anything of their own. The LGPL binds
# psycopg alone, which is used as it is and can be exchanged.
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL-3.0-only",
        "LicenseRef-Public-Domain",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
    }
)
# Their metadata name a family of licences, or quote the whole text; this is what their licence files say.
READ_BY_US = {
    "flask-wtf": "BSD-3-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "wtforms": "BSD-3-Clause",
}
# Installed by some Pythons only (the first is redis's, before 3.11.3), so that it cannot be asked everywhere.
OF_SOME_PYTHONS = {
    "async-timeout": ("Apache-2.0", "https://github.com/aio-libs/async-timeout"),
}
WORDS = {
    "Apache License, Version 2.0": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: Public Domain": "LicenseRef-Public-Domain",
}
PAGES = ("homepage", "home", "source", "source code", "repository", "github", "code", "documentation")
OPENING = """\
# Licences

What quizapp is installed with, each as its own metadata says; written by `python -m tools.licences`, which refuses
whatever is not on its list of licences. What a package brings along in its binary files is told in its own licence
files. quizapp itself is under the MIT licence.
"""


@dataclass(frozen=True)
class Licensed:
    """A package with its versions, its licence as an SPDX expression and where it lives ("" if untold)."""

    name: str
    versions: tuple[str, ...]
    licence: str
    home: str


def licensed(which: str) -> list[Licensed]:
    """Every package of a set of pins, by name. Raises LookupError where one is not installed as pinned."""
    versions: dict[str, list[str]] = {}
    for pin in read_pins(which):
        versions.setdefault(pin.name, []).append(pin.version)
    return [_look_up(name, tuple(found)) for name, found in sorted(versions.items())]


def refused(packages: list[Licensed]) -> list[str]:
    """A sentence for each package whose licence holds a part that is not on the list."""
    return [
        f"{one.name}: {part!r} is not an agreed licence"
        for one in packages
        for part in parts(one.licence)
        if part not in ALLOWED
    ]


def parts(expression: str) -> list[str]:
    """The licences in an SPDX expression; an exception stays with its licence.

    >>> parts("MIT AND (Apache-2.0 OR GPL-2.0-only WITH Font-exception-2.0)")
    ['MIT', 'Apache-2.0', 'GPL-2.0-only WITH Font-exception-2.0']
    >>> parts("")
    ['']
    """
    return [part.strip(" ()") for part in re.split(r"\s(?:AND|OR)\s", expression)]


def page() -> str:
    """The whole of docs/licences.md."""
    serve = licensed(SERVE)
    known = {one.name for one in serve}
    more = [one for one in licensed(FULL) if one.name not in known]
    return "\n".join(
        [
            OPENING,
            "## Every installation",
            "",
            *_table(serve),
            "",
            "## With PostgreSQL, Redis and an OpenID provider",
            "",
            *_table(more),
            "",
        ]
    )


def _table(packages: list[Licensed]) -> list[str]:
    rows = ["| package | version | licence | home |", "|---|---|---|---|"]
    for one in packages:
        rows.append(f"| {one.name} | {' · '.join(one.versions)} | {one.licence} | {one.home or '–'} |")
    return rows


def _look_up(name: str, versions: tuple[str, ...]) -> Licensed:
    if name in OF_SOME_PYTHONS:
        return Licensed(name, versions, *OF_SOME_PYTHONS[name])
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise LookupError(f"{name} is not installed; python3 run.py test installs it") from None
    if found["Version"] not in versions:
        raise LookupError(f"{name} {found['Version']} is installed, pinned is {' or '.join(versions)}")
    return Licensed(name, versions, _licence(name, found), _home(found))


def _licence(name: str, found: metadata.PackageMetadata) -> str:
    """What the metadata say, in SPDX's words where they can be told; else as they say it, to be refused."""
    if name in READ_BY_US:
        return READ_BY_US[name]
    said = [*_rows(found, "License-Expression"), *_rows(found, "License")]
    said += [row for row in _rows(found, "Classifier") if row.startswith("License ::")]
    first = next((row for row in said if row), "")
    return WORDS.get(first, first.splitlines()[0] if first else "")


def _home(found: metadata.PackageMetadata) -> str:
    rows = [row.split(", ", 1) for row in _rows(found, "Project-URL")]
    named = {label.lower(): address for label, address in rows}
    addresses = [named[label] for label in PAGES if label in named] + _rows(found, "Home-page")
    return addresses[0].rstrip("/") if addresses else ""


def _rows(found: metadata.PackageMetadata, key: str) -> list[str]:
    return [str(row) for row in found.get_all(key) or []]


def main(arguments: list[str]) -> int:
    """Writes the page, or with --check compares it; 1 where a licence is refused or the page differs."""
    complaints = refused(licensed(FULL))
    written = page()
    if "--check" in arguments:
        if PAGE.read_text(encoding="utf-8") != written:
            complaints.append("docs/licences.md is not up to date: python -m tools.licences writes it")
    elif not complaints:
        PAGE.write_text(written, encoding="utf-8")
    sys.stderr.write("".join(f"{complaint}\n" for complaint in complaints))
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
