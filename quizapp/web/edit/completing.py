"""What may be written at a place of a bank's text: keys of the part, ids, words of a rule; the text may be broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.bank.rows.scope import lenient_scope
from quizapp.bank.shapes.part_kinds import Kind, kind_of_file
from quizapp.bank.shapes.shapes import FieldShape, models, shape_of, shapes_of
from quizapp.editing.workshop import Sheet, read
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import choice_words, hint_of, label_of

MOST = 40
# No line that anybody writes is as long; what stands behind is not looked at.
LONGEST_LINE = 2_000
# A key, a word or a comparison is sought where one can begin, and what was taken is not given back: else
# a long line of one letter would be gone through once for each of its letters.
_DASH = re.compile(r"-\s+|-$")
_KEY = re.compile(r"""(?<![\w.])(?P<key>[A-Za-z_][\w.]*|"[^"]*"|'[^']*')\s*:(?=\s|$)""")
_WORD = re.compile(r"(?<![A-Za-z_0-9.])[A-Za-z_0-9.]*\Z")
_TYPED_KEY = re.compile(r"\s*(?P<word>[A-Za-z_0-9.]*)\Z")
_ENTRY_ID = re.compile(r"^( *)- (?:\{ *)?id: *([a-z]\w*)")
_MAP_KEY = re.compile(r"^( +)([a-z]\w*):")
_OF_QUESTION = re.compile(
    r"\b([a-z]\w*)\s*+(?:==|!=|\bnot in\b|\bin\b)(?:\s*+\()?[\w\s,]*+\Z|\b(?:has|count)\(([a-z]\w*)"
)
_WORDS_OF_RULES = ("and", "or", "not", "in", "if", "else", "min", "max", "count", "ramp", "true", "false")

Step = str | int


@dataclass(frozen=True)
class Offer:
    """One thing that may be written: ``insert`` is what is put in place of the word begun."""

    word: str
    insert: str
    about: str


@dataclass(frozen=True)
class Completion:
    """What may be written; it takes the place of the last ``typed`` characters before the cursor."""

    typed: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Spot:
    """Where the cursor is: the path of the part around it; the key whose value is written, and the value so far."""

    path: tuple[Step, ...]
    key: str | None
    typed: str
    value: str = ""


def completion(text: str, line: int, before: str, sheet: Sheet, bank: str, language: Language) -> Completion:
    """What may be written in line ``line`` (from 0) behind ``before``; ``bank`` is the bank's own text.

    >>> from quizapp.i18n import language
    >>> [one.word for one in completion("items:", 1, "  - ki", "bank", "", language("en")).offers]
    ['kind']
    """
    lines = text.split("\n")
    spot = spot_at(lines[: max(0, line)], before)
    kind = kind_of_file({"cases": []} if sheet == "cases" else {})
    for step in spot.path:
        kind = kind.below(step)
    offers = (
        _keys(kind, spot, lines, line, bank, language)
        if spot.key is None
        else _values(kind, spot, bank, language)
    )
    word = spot.typed.casefold()
    fitting = [offer for offer in offers if word in offer.word.casefold() or word in offer.about.casefold()]
    fitting.sort(key=lambda offer: not offer.word.casefold().startswith(word))
    return Completion(len(spot.typed), tuple(fitting[:MOST]))


def spot_at(above: list[str], before: str) -> Spot:
    """Where the cursor is, by indentation and by the brackets that are open in its line.

    >>> spot_at(["items:", "  - id: a", "    costs:"], "      - {id: fee, ye")
    Spot(path=('items', 0, 'costs', 0), key=None, typed='ye', value='')
    """
    steps, rest, column = _inside(before)
    path = (*_around(above, column, steps), *(step for step, _ in steps))
    flow, tail = _flow(rest)
    if flow is None:
        found = _KEY.match(rest)
        if found is None:
            return _begun(path, rest)
        return _valued(path, found["key"], rest[found.end() :])
    found = _KEY.match(tail.lstrip())
    where = (*path, *flow)
    if found is None:
        return _begun(where, tail)
    return _valued(where, found["key"], tail.lstrip()[found.end() :])


def _valued(path: tuple[Step, ...], key: str, value: str) -> Spot:
    return Spot(path, _bare(key), _last_word(value), value)


def _begun(path: tuple[Step, ...], rest: str) -> Spot:
    """A key is begun; where only a value can stand, as in a list of ids, it is that."""
    found = _TYPED_KEY.match(rest)
    return Spot(path, None if found else "", found["word"] if found else _last_word(rest))


def _inside(before: str) -> tuple[list[tuple[Step, int]], str, int]:
    """The entries that a line begins, with their columns; what comes behind them, and where."""
    column = len(before) - len(before.lstrip(" "))
    steps: list[tuple[Step, int]] = []
    while found := _DASH.match(before, column):
        steps.append((0, column))
        column = found.end()
    return steps, before[column:], column


def _around(above: list[str], column: int, steps: list[tuple[Step, int]]) -> tuple[Step, ...]:
    """The path to what is written at a column, from the lines above."""
    dash_below = steps[0][1] if steps else column
    key_below = steps[0][1] + 1 if steps else column
    path: list[Step] = []
    for line in reversed(above):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entries, rest, at = _inside(line)
        found = _KEY.match(rest)
        if found and at < key_below:
            path.append(_bare(found["key"]))
            key_below = dash_below = at
        for step, dash in reversed(entries):
            if dash < dash_below:
                path.append(step)
                key_below, dash_below = dash + 1, dash
        if key_below == 0:
            break
    return tuple(reversed(path))


def _flow(rest: str) -> tuple[tuple[Step, ...] | None, str]:
    """The path within brackets that are still open, and the piece that is being written; None for none."""
    open_at: list[tuple[str, tuple[Step, ...]]] = []
    piece, quote = 0, ""
    for place, mark in enumerate(rest):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "\"'":
            quote = mark
        elif mark in "{[":
            found = _KEY.match(rest[piece:place].lstrip())
            around: tuple[Step, ...] = (_bare(found["key"]),) if found else ()
            inside = open_at[-1][0] == "[" and not around if open_at else False
            open_at.append((mark, (0,) if inside else around))
            piece = place + 1
        elif mark in "}]" and open_at:
            open_at.pop()
            piece = place + 1
        elif mark == "," and open_at:
            piece = place + 1
    if not open_at:
        return None, rest
    path = tuple(step for _, steps in open_at for step in steps)
    return (*path, *((0,) if open_at[-1][0] == "[" else ())), rest[piece:]


def _keys(
    kind: Kind, spot: Spot, lines: list[str], line: int, bank: str, language: Language
) -> Iterator[Offer]:
    """Keys of a part that are not there yet; ids, where a map goes by them or a list holds them."""
    if kind.model is not None:
        there = _siblings(lines, line)
        for shape in shapes_of(kind.model):
            if shape.name == spot.typed or shape.name not in there:
                yield Offer(shape.name, f"{shape.name}: ", _about(shape, language))
        return
    held = _shape_of(kind)
    if held is None:
        return
    if held.is_map or kind.is_table:
        yield from (Offer(id, f"{id}: ", "") for id in _ids(bank, held.refers))
    else:
        yield from (Offer(id, id, "") for id in _ids(bank, held.refers or held.values_refer))


def _values(kind: Kind, spot: Spot, bank: str, language: Language) -> Iterator[Offer]:
    """What a field may hold."""
    shape = shape_of(kind.model, spot.key) if kind.model and spot.key else None
    if shape is None:
        return
    if shape.look == "truth":
        yield from (Offer(word, word, "") for word in ("true", "false"))
    elif shape.look == "choice":
        yield from (Offer(word, word, choice_words(shape, word, language)) for word in shape.choices)
    elif shape.look in ("rule", "fit"):
        yield from _of_rules(spot.value, bank, language)
    elif shape.refers:
        yield from (Offer(id, id, "") for id in _ids(bank, shape.refers))
    if shape.unknown:
        yield Offer("unknown", "unknown", "")


def _of_rules(written: str, bank: str, language: Language) -> Iterator[Offer]:
    """The options of the question that a comparison has begun with; else every name and word."""
    subjects = lenient_scope(read(bank, "bank.yaml").data).subjects
    asked = _OF_QUESTION.search(written)
    question = subjects.get(asked[1] or asked[2]) if asked else None
    if question and question.options:
        for name, words in question.options.items():
            yield Offer(name, name, language.text(words))
        return
    if len(subjects) > 1:
        yield from (Offer(name, name, language.text(one.label)) for name, one in subjects.items())
    else:
        yield from (Offer(id, id, "") for id in (*_ids(bank, "questions"), *_ids(bank, "values")))
    yield from (Offer(word, word, "") for word in _WORDS_OF_RULES)


def _siblings(lines: list[str], line: int) -> set[str]:
    """The keys beside the cursor, in its line and in those of the same part."""
    here = lines[line][:LONGEST_LINE] if 0 <= line < len(lines) else ""
    entries, rest, column = _inside(here)
    found = set(_KEY.findall(rest))
    for step in (-1, 1):
        if step < 0 and entries:
            continue
        at = line + step
        while 0 <= at < len(lines):
            others, beside, place = _inside(lines[at])
            if lines[at].strip() and not lines[at].lstrip().startswith("#"):
                if place < column or (step > 0 and others and others[0][1] < column):
                    break
                if place == column and (key := _KEY.match(beside)):
                    found.add(_bare(key["key"]))
                    if others:
                        break
            at += step
    return found


def _ids(bank: str, section: str) -> list[str]:
    """The ids of one of the bank's lists or maps, found line by line, so that a broken text will do."""
    inside: list[str] = []
    within = False
    for line in bank.split("\n"):
        if line[:1].isalpha():
            within = line.startswith(f"{section}:")
        elif within:
            inside.append(line)
    for pattern in (_ENTRY_ID, _MAP_KEY):
        found = [match for line in inside if (match := pattern.match(line))]
        if found:
            least = min(len(match[1]) for match in found)
            return [match[2] for match in found if len(match[1]) == least]
    return []


def _shape_of(kind: Kind) -> FieldShape | None:
    """The field that a kind is named after: ``Item.fit{}`` is a value of the field ``fit``."""
    owner, _, field = kind.name.rstrip("[]{}").partition(".")
    model = next((model for model in models() if model.__name__ == owner), None)
    return shape_of(model, field) if model and field else None


def _about(shape: FieldShape, language: Language) -> str:
    return " — ".join(part for part in (label_of(shape, language), hint_of(shape, language)) if part)


def _last_word(rest: str) -> str:
    found = _WORD.search(rest)
    return found.group() if found else ""


def _bare(key: str) -> str:
    return key.strip("\"'")
