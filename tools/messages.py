"""Collects the words of code and templates into the translations: ``python tools/messages.py``.

Keeps what is translated, adds what is new, drops what is gone, and tells what still lacks words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quizapp"
METHODS = [
    ("web/**.py", "python"),
    ("i18n.py", "python"),
    ("errors.py", "python"),
    ("rules/**.py", "python"),
    ("bank/**.py", "python"),
    ("engine/**.py", "python"),
    ("editing/**.py", "python"),
    ("library/**.py", "python"),
    ("web/templates/**.html", "jinja2"),
]
KEYWORDS = {
    "say": None,
    "told": None,
    "count": (1, 2),
    "_n_": (1, 2),
    "_m_": None,
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
OPTIONS = {"web/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}}


def collected() -> Catalog:
    """Every message of the package, with the places where it is said."""
    catalog = Catalog(project="quizapp", charset="utf-8")
    for file, line, message, comments, context in _found():
        catalog.add(message, None, [(f"quizapp/{file}", line)], auto_comments=comments, context=context)
    return catalog


def _found() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    yield from extract_from_dir(str(PACKAGE), METHODS, OPTIONS, keywords=KEYWORDS)


def path_of(language: str) -> Path:
    """Where a language's words are kept."""
    return PACKAGE / "translations" / language / "LC_MESSAGES" / "messages.po"


def updated(language: str) -> Catalog:
    """A language's words brought in step with the code."""
    with path_of(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The messages without words in this language, or with words for something else that once was the key."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and (
            message.fuzzy
            or not message.string
            or (isinstance(message.string, tuple) and not all(message.string))
        )
    ]


def main() -> int:
    """Bring the Japanese words in step; 1 where some are missing. English needs none: it is the key."""
    catalog = updated("ja")
    with path_of("ja").open("wb") as file:
        write_po(file, catalog, width=110, no_location=True, sort_output=True, omit_header=True)
    missing = untranslated(catalog)
    for message in missing:
        sys.stdout.write(f"no words for: {message}\n")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
