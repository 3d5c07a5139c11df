"""Says in plain words what the YAML scanner found; knows its messages and nothing of banks."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import YAMLError

from quizapp.errors import Problem, Where, told

# A piece of the scanner's message, then what, why and fix for an editor.
_SAYINGS = (
    (
        r"'\t'",
        told("a tab stands here"),
        told("YAML is indented with spaces"),
        told("replace tabs by spaces"),
    ),
    (
        "mapping values are not allowed here",
        told('a second ": " stands in this line, or the line is indented too far'),
        told("YAML takes it for another field"),
        told("put the text in quotes, or line it up with the field above"),
    ),
    (
        "while scanning a simple key",
        told("a line has no colon"),
        told("each line of a map is `name: value`"),
        told('add ": ", or indent the line so that it belongs to the text above'),
    ),
    (
        "while scanning a quoted scalar",
        told("a quotation mark is not closed"),
        told("the rest of the file would belong to the text"),
        told("close it; inside single quotes write two for one"),
    ),
    (
        "while parsing a flow",
        told("a bracket is not closed, or a comma is missing"),
        told("the list or map does not end where it should"),
        told("close { with } and [ with ], and put commas between the entries"),
    ),
    (
        "expected <block end>",
        told("this line is indented differently from those above"),
        told("YAML cannot tell where it belongs"),
        told(
            "line it up with the others; where a text begins with a quotation mark or bracket, put all of it in quotes"
        ),
    ),
    (
        "did not find expected key",
        told("this line is indented differently from those above"),
        told("YAML cannot tell where it belongs"),
        told("line it up with the others"),
    ),
    (
        "cannot start any token",
        told("a text begins with a character that YAML keeps for itself"),
        told("@ ` % and a few others cannot stand first"),
        told("put the text in quotes"),
    ),
    (
        "found undefined alias",
        told("a text begins with *"),
        told("YAML takes it for an alias"),
        told("put the text in quotes"),
    ),
    (
        "while scanning an alias",
        told("a text begins with *"),
        told("YAML takes it for an alias"),
        told("put the text in quotes"),
    ),
    (
        "while scanning an anchor",
        told("a text begins with &"),
        told("YAML takes it for an anchor"),
        told("put the text in quotes"),
    ),
    (
        "while scanning a directive",
        told("a line begins with %"),
        told("YAML takes it for an instruction to the reader"),
        told("delete it, or put the text in quotes"),
    ),
    (
        "while scanning a block scalar",
        told("something stands behind | or >"),
        told("the text of a block begins on the next line"),
        told("move it to the next line"),
    ),
)
_OTHER = (
    told("the YAML cannot be read here"),
    told("something in or just above this line is not YAML"),
    told("check it, and the line above"),
)


def syntax_problem(error: YAMLError, file: str, text: str) -> Problem:
    """The scanner's complaint as a problem at the place where it stopped."""
    known: Any = error
    mark = getattr(known, "problem_mark", None) or getattr(known, "context_mark", None)
    where = Where(file, mark.line + 1, mark.column + 1) if mark else _place_by_index(known, file, text)
    message = " ".join(
        str(part) for part in (getattr(known, "context", ""), getattr(known, "problem", ""), known) if part
    )
    what, why, fix = next(
        ((what, why, fix) for piece, what, why, fix in _SAYINGS if piece in message), _OTHER
    )
    return Problem(where, "yaml_syntax", what, why, fix)


def _place_by_index(error: Any, file: str, text: str) -> Where:
    index = getattr(error, "position", 0) or 0
    return Where(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
