"""Texts that nobody would write: banks and rules, whole ones damaged at random and made-up ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_CHANGES, MOST_BYTES = 12, 24_000
_WORD = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
_SCALAR = re.compile(r"(?<=: )[^\n{}\[\],]+|(?<=- )\w+")
HOSTILE = (
    "", "~", "null", "yes", "0x1F", "1e999", "-0", ".inf", "NaN", "9" * 40, "1_000", "2026-13-45", "0001-01-01",
    "9999-12-31", "&a", "*a", "!!python/object:os.system", "!!binary aGk=", "<<: *a", "%YAML 1.1", "---", "...",
    "|", ">-", "? x", "'", '"', '"\\u0000"', '"\\ud800"', "\u202e", "\ufeff", "\x85", "\u2028", "ﬁ", "ｅｖａｌ",
    "{{7*7}}", "<script>", "=1+1", "../../x", "javascript:alert(1)", "[" * 30, "{a: " * 20, "- " * 30, "\t", "\r",
    "x" * 2_000, "#", ": ", "[]", "{}", "true and", "today", "cost", "duration", "__class__",
)  # fmt: skip
RULE_WORDS = (
    "and", "or", "not", "in", "if", "else", "(", ")", ",", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "**",
    "//", "%", "<<", "|", ":=", ".", "[", "]", "{", "}", "@", "~", "lambda x:", "for x in", "await", "yield", "*age",
    "f'{age}'", "b''", "...", "None", "True", "true", "false", "0", "1", "80", "1000000", "10**9", "9" * 11, "1.5",
    "1e5", "1j", "1_0", "date(2026, 12, 31)", "date(0, 0, 0)", "min", "max", "count", "ramp", "between", "abs", "eval",
    "__import__('os')", "().__class__", "age.real", "age", "years", "budget", "cost", "schooling", "held", "works",
    "today", "duration", "junior_high", "high_school", "nsca", "jati", "ａge", "аge", "\u202e", "\n", "\x00", "\\", "#",
)  # fmt: skip


def banks() -> list[str]:
    """The small banks of the tests, sound and broken."""
    folder = ROOT / "tests" / "banks"
    found = [*folder.glob("good/*.yaml"), *folder.glob("broken/*.yaml")]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(found)]
    return [text for text in texts if len(text) <= MOST_BYTES]


def rules() -> list[str]:
    """The rules of the shipped banks, as they are written."""
    pattern = re.compile(r"^\s*(?:- )?(?:if|held_if|ask_if|value|when): ([^\n#|>{]+)$", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "questions").glob("*.yaml"))]
    return sorted({rule.strip() for text in texts for rule in pattern.findall(text)})


def damaged(text: str, others: list[str], chance: random.Random) -> str:
    """The text after a few changes: lines moved, words swapped, hostile ones put in, pieces of another text."""
    for _ in range(chance.randint(1, MOST_CHANGES)):
        text = chance.choice(_CHANGES)(text, others, chance)
    return text[:MOST_BYTES]


def made_up_rule(known: list[str], chance: random.Random) -> str:
    """A rule out of random words, or a written one with some of its words replaced."""
    if chance.random() < 0.5:
        return " ".join(chance.choice(RULE_WORDS) for _ in range(chance.randint(1, 40)))
    words = _WORD.findall(chance.choice(known))
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(words) + 1)
        words[place : place + chance.randint(0, 2)] = [chance.choice(RULE_WORDS)]
    nested = chance.choice((0, 0, 0, 5, 30))
    return "(" * nested + " ".join(words) + ")" * nested


def _lines(text: str, others: list[str], chance: random.Random) -> str:
    lines = text.split("\n")
    first, length = chance.randrange(len(lines)), chance.randint(1, 5)
    taken = lines[first : first + length]
    if chance.random() < 0.5:
        del lines[first : first + length]
    place = chance.randrange(len(lines) + 1)
    shift = " " * chance.choice((0, 0, 0, 1, 2, 7))
    return "\n".join(lines[:place] + [shift + line for line in taken] + lines[place:])


def _scalar(text: str, others: list[str], chance: random.Random) -> str:
    found = list(_SCALAR.finditer(text))
    if not found:
        return text + chance.choice(HOSTILE)
    place = chance.choice(found)
    other = chance.choice(found)[0] if chance.random() < 0.4 else chance.choice(HOSTILE)
    return text[: place.start()] + other + text[place.end() :]


def _splice(text: str, others: list[str], chance: random.Random) -> str:
    other = chance.choice(others)
    start = chance.randrange(len(other) + 1)
    return _put(text, other[start : start + chance.randint(1, 400)], chance)


def _hostile(text: str, others: list[str], chance: random.Random) -> str:
    return _put(text, chance.choice(HOSTILE) * chance.choice((1, 1, 1, 3, 50)), chance)


def _letters(text: str, others: list[str], chance: random.Random) -> str:
    if not text:
        return chr(chance.randrange(0x110000))
    place = chance.randrange(len(text))
    return (
        text[:place]
        + chr(chance.choice((chance.randrange(128), chance.randrange(0xD800))))
        + text[place + 1 :]
    )


def _repeat(text: str, others: list[str], chance: random.Random) -> str:
    lines = text.split("\n")
    first = chance.randrange(len(lines))
    return "\n".join(
        lines[:first] + lines[first : first + 3] * chance.choice((2, 20, 200)) + lines[first + 3 :]
    )


def _put(text: str, piece: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + piece + text[place:]


_CHANGES = (_lines, _lines, _scalar, _scalar, _scalar, _splice, _hostile, _letters, _repeat)
