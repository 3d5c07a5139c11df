"""Turns a rule's text into a small Python syntax tree under a whitelist; never runs it.

Length, characters, numbers and nesting are bounded before the text is parsed, depth and count of
nodes after, so that no text costs more than a moment.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from quizapp.errors import Told, told
from quizapp.rules.faults import RuleFault, RuleFaults

MAX_LENGTH = 1_000
MAX_NESTING = 24
# The most characters of a rule that are said back to show where it broke off.
_NEAR = 24
MAX_DEPTH = 40
MAX_NODES = 400
MAX_DIGITS = 10

_BAD_CHARACTER = re.compile(r"[^\x20-\x7e\n]")
_BRACKET = re.compile(r"[()]")
_QUOTE = re.compile(r"[\"'`\\#;@$?{}\[\]~^|&%/!](?!=)|\*\*|//|<<|>>|:=|->")
_LONG_NUMBER = re.compile(rf"[0-9_]{{{MAX_DIGITS + 1},}}")
_ODD_NUMBER = re.compile(r"(?<![A-Za-z_0-9])(?:0[xXoObB]|[0-9_]*\.[0-9]|[0-9_]+\.|[0-9]+[eEjJ])")

_WHITELIST: frozenset[type[ast.AST]] = frozenset((
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub,
    ast.Mult, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.IfExp,
    ast.Call, ast.Name, ast.Load, ast.Constant, ast.Tuple,
))  # fmt: skip
_SAID = {
    ast.Attribute: told("a dot after a name"),
    ast.Subscript: told("square brackets"),
    ast.Lambda: "lambda",
    ast.NamedExpr: ":=",
    ast.JoinedStr: told("an f-string"),
    ast.Starred: "*",
    ast.Await: "await",
    ast.keyword: told("named arguments"),
}


def parse(text: str) -> ast.expr:
    """The syntax tree of a rule, holding only what the rule language has.

    Raises RuleFaults; on failure nothing was evaluated and no more than a bounded text was parsed.

    >>> type(parse("age >= 18")).__name__
    'Compare'
    >>> parse("age.real")
    Traceback (most recent call last):
    quizapp.rules.faults.RuleFaults: rules have no a dot after a name
    """
    _refuse_before_parsing(text)
    flat = text.replace("\n", " ")
    lead = len(flat) - len(flat.lstrip())
    try:
        tree = ast.parse(flat.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = (getattr(error, "offset", None) or 1) + lead
        if slip := _slip(text):
            raise RuleFaults([slip]) from None
        raise RuleFaults(
            [
                _fault(
                    "syntax",
                    told("this is not a complete rule"),
                    told("it cannot be read"),
                    told('check brackets and operators around "%(near)s"', near=_near(flat, column)),
                    column,
                )
            ]
        ) from None
    _refuse_foreign_nodes(tree, lead)
    return _shifted(tree.body, lead)


def _near(text: str, column: int) -> str:
    """The words of a rule where reading it broke off; its last ones where that was its end.

    >>> _near("a and (b", 7), _near("a and", 6)
    ('(b', 'a and')
    """
    rest = text[column - 1 :].strip()
    return rest[:_NEAR] if rest else text.strip()[-_NEAR:]


def _slip(text: str) -> RuleFault | None:
    """A slip of the pen that many make, told by its own name."""
    if found := re.search(r"=[<>]", text):
        right = found.group()[::-1]
        return _fault(
            "syntax",
            told('"%(written)s" is written the wrong way round', written=found.group()),
            told("it cannot be read"),
            told("write %(right)s", right=right),
            found.start() + 1,
        )
    if found := re.search(r"(?<![=<>!:])=(?!=)", text):
        return _fault(
            "syntax",
            told('a single = stands after "%(before)s"', before=text[: found.start()].strip()[-_NEAR:]),
            told("it compares nothing"),
            told("write =="),
            found.start() + 1,
        )
    if found := re.search(r"\b\d+\s+(?!and\b|or\b|if\b|else\b|in\b|not\b)[a-z]+", text):
        number = found.group().split()[0]
        return _fault(
            "syntax",
            told('a word follows the number in "%(written)s"', written=found.group()),
            told("numbers are written without their unit"),
            told("write %(number)s", number=number),
            found.start() + 1,
        )
    return None


def _fault(code: str, what: str, why: str, fix: str, column: int) -> RuleFault:
    return RuleFault(code, what, why, fix, max(1, column))


def _refuse_before_parsing(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise RuleFaults([_too_long(text)])
    if faults := [*_odd_characters(text), *_odd_shape(text)]:
        raise RuleFaults(faults)


def _too_long(text: str) -> RuleFault:
    what = told("the rule has %(count)s characters", count=len(text))
    why, fix = told("%(most)s is the most", most=MAX_LENGTH), told("name parts of it under values:")
    return _fault("rule_too_long", what, why, fix, 1)


def _odd_characters(text: str) -> Iterator[RuleFault]:
    if found := _BAD_CHARACTER.search(text):
        yield _fault(
            "bad_character",
            told("the character %(written)s is not allowed in a rule", written=f"{found.group()!a}"),
            told("rules use plain ASCII letters, so that no name looks like another"),
            told("type it again with plain letters"),
            found.start() + 1,
        )
    if found := _QUOTE.search(text):
        yield _fault(
            "bad_character",
            told("rules have no %(written)s", written=found.group()),
            told("a rule is names, numbers, comparisons and the few listed functions"),
            told("write options as bare names, lists as (a, b)"),
            found.start() + 1,
        )
    if found := _LONG_NUMBER.search(text) or _ODD_NUMBER.search(text):
        yield _fault(
            "bad_number",
            told("the number %(written)s is not allowed", written=found.group()[:20]),
            told("numbers are whole, with at most %(most)s digits", most=MAX_DIGITS),
            told("use a whole number"),
            found.start() + 1,
        )


def _odd_shape(text: str) -> Iterator[RuleFault]:
    if not text.strip():
        what, why = told("the rule is empty"), told("it says nothing")
        yield _fault("syntax", what, why, told("write a condition, or true"), 1)
    if _nesting(text) > MAX_NESTING:
        what, why = told("brackets are nested too deeply"), told("%(most)s is the most", most=MAX_NESTING)
        yield _fault("too_deep", what, why, told("name parts of it under values:"), 1)


def _nesting(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_foreign_nodes(tree: ast.Expression, lead: int) -> None:
    faults = []
    count = 0
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        for node in level:
            if type(node) not in _WHITELIST:
                word = _none_of(_SAID.get(type(node), type(node).__name__))
                faults.append(
                    _fault(
                        "not_in_language",
                        word,
                        told(
                            "only and, or, not, comparisons, in, + - *, if else and the listed functions are allowed"
                        ),
                        told("say it with those"),
                        getattr(node, "col_offset", 0) + 1 + lead,
                    )
                )
        level = [child for node in level if node._fields for child in ast.iter_child_nodes(node)]
    if depth > MAX_DEPTH or count > MAX_NODES:
        faults.append(
            _fault(
                "too_deep",
                told("the rule is too large"),
                told("it could not be checked"),
                told("name parts of it under values:"),
                1,
            )
        )
    if faults:
        raise RuleFaults(faults)


def _none_of(word: str) -> Told:
    if isinstance(word, Told):
        return told("rules have no %(word)s", word=word)
    return told("rules have no %(written)s", written=word)


def _shifted(tree: ast.expr, lead: int) -> ast.expr:
    if lead:
        for node in ast.walk(tree):
            if hasattr(node, "col_offset"):
                node.col_offset += lead
    return tree
