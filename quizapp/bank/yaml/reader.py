"""Reads YAML text into a tree with places, under caps that no text gets past; builds no objects.

A sound text is read by libyaml, eight times as fast; whatever is wrong with another is told by the
reader that gives the better reasons. A text that passes a cap is refused by the first of them that finds it.

Size, characters and nesting on one line are bounded before the text is scanned; depth, number of
nodes and time while it is, event by event. Anchors, aliases, tags, directives, further documents and
duplicate keys are refused. Scalars mean what the core schema of YAML 1.2 says (see ``Scalar.value``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml import events as slow
from ruamel.yaml.error import YAMLError
from yaml import events as quick

from quizapp.bank.yaml.caps import (
    FORBIDDEN,
    MAX_DEPTH,
    refuse_characters,
    refuse_open_brackets,
    refuse_size,
    too_deep,
)
from quizapp.bank.yaml.faults import syntax_problem
from quizapp.bank.yaml.nodes import Mapping, Mark, Node, Positions, Scalar, Sequence
from quizapp.errors import Invalid, Problem, Where, told

MAX_NODES = 30_000
MAX_SECONDS = 10.0
MAX_PROBLEMS = 50


def decode(raw: bytes, file: str) -> str:
    """The text of a file's bytes.

    Raises Invalid where it is larger than 256 KB or not UTF-8.
    """
    refuse_size(len(raw), file)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        where = Where(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Invalid(
            [
                Problem(
                    where,
                    "not_utf8",
                    told("the byte 0x%(byte)s is not UTF-8", byte=f"{raw[error.start]:02X}"),
                    told("the text cannot be read for certain"),
                    told("save the file as UTF-8"),
                )
            ]
        ) from None


def read_yaml(text: str, file: str) -> Positions:
    """The one document of a YAML text, with the place of every part.

    Raises Invalid with every problem found; takes a bounded time whatever the text.
    """
    refuse_size(len(text.encode("utf-8", "surrogatepass")), file)
    refuse_characters(text, file)
    refuse_open_brackets(text, file)
    return _read_quickly(text, file) or _read_with_reasons(text, file)


def _read_quickly(text: str, file: str) -> Positions | None:
    """The document of a text with which nothing is wrong; None for any other, or without libyaml.

    Raises Invalid for a text beyond a cap: nobody has to read it again to know why.
    """
    if not yaml.__with_libyaml__:
        return None
    building = _Building(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            building.take(event)
    except _BeyondCap:
        raise
    except (yaml.YAMLError, ValueError, Invalid):
        return None
    found = None if building.problems else building.root
    return Positions(file, text, found) if found is not None else None


def _read_with_reasons(text: str, file: str) -> Positions:
    building = _Building(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            building.take(event)
    except YAMLError as error:
        building.problems.append(syntax_problem(error, file, text))
    except (ValueError, RecursionError, OverflowError, IndexError, AttributeError, AssertionError) as error:
        # The scanner of the library trips over a few texts (an escape beyond Unicode, say).
        building.problems.append(
            Problem(
                Where(file, 1, 1),
                "yaml_syntax",
                told("the YAML cannot be read (%(error)s)", error=str(error)[:80]),
                told("something in it is not YAML"),
                told("look for strange escapes and brackets"),
            )
        )
    if building.root is None and not building.problems:
        building.tell(
            Mark(1, 1, 0),
            "empty_file",
            told("the file is empty"),
            told("nothing can be read from it"),
            told("write it first"),
        )
    if building.problems:
        raise Invalid(building.problems)
    assert building.root is not None
    return Positions(file, text, building.root)


class _BeyondCap(Invalid):
    """The text is too large, too deep or too slow to read, whoever reads it."""


@dataclass
class _Open:
    """A map or list whose end has not come yet."""

    start: Mark
    flow: bool
    is_map: bool
    entries: list[Node] = field(default_factory=list)
    keys: list[Scalar | None] = field(default_factory=list)
    seen: dict[str, Mark] = field(default_factory=dict)
    at_key: bool = True


@dataclass
class _Building:
    """The tree as far as it has been read, and the problems so far."""

    file: str
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0
    deadline: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)

    def take(self, event: quick.Event | slow.Event) -> None:
        """Takes the next event; raises Invalid at once where a cap is passed."""
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        self._refuse_beyond_caps(start)
        if isinstance(event, quick.ScalarEvent | slow.ScalarEvent):
            self._refuse_extras(event, start)
            self._take_scalar(event, start, end)
        elif isinstance(event, quick.CollectionStartEvent | slow.CollectionStartEvent):
            self._refuse_extras(event, start)
            self._open(event, start)
        elif isinstance(event, quick.CollectionEndEvent | slow.CollectionEndEvent):
            self._close(end)
        elif isinstance(event, quick.AliasEvent | slow.AliasEvent):
            self._refuse_alias(event, start)
            self._place(Scalar("", "", start, end))
        elif isinstance(event, quick.DocumentStartEvent | slow.DocumentStartEvent):
            self._start_document(event, start)

    def tell(self, mark: Mark, code: str, what: str, why: str, fix: str) -> None:
        """Notes a problem; stops reading when there are very many."""
        self.problems.append(Problem(Where(self.file, mark.line, mark.column), code, what, why, fix))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Invalid(self.problems)

    def _refuse_beyond_caps(self, at: Mark) -> None:
        self.nodes += 1
        where = Where(self.file, at.line, at.column)
        if len(self.open) > MAX_DEPTH:
            raise _BeyondCap([*self.problems, too_deep(where)])
        if self.nodes > MAX_NODES:
            raise _BeyondCap(
                [
                    *self.problems,
                    Problem(
                        where,
                        "too_large",
                        told("the file has more than %(most)s parts", most=f"{MAX_NODES:,}"),
                        told("it would take too long to read and to serve"),
                        told("split it in two"),
                    ),
                ]
            )
        if time.monotonic() > self.deadline:
            raise _BeyondCap(
                [
                    *self.problems,
                    Problem(
                        where,
                        "too_slow",
                        told("reading took more than %(most)s seconds", most=f"{MAX_SECONDS:.0f}"),
                        told("a bank must not hold up the others"),
                        told("make the file smaller and simpler"),
                    ),
                ]
            )

    def _start_document(self, event: Any, start: Mark) -> None:
        self.documents += 1
        if self.documents > 1:
            self.tell(
                start,
                "second_document",
                told("a second document begins here (---)"),
                told("a file holds one"),
                told("delete the line, or move what follows into a file of its own"),
            )
        if event.version or event.tags:
            self.tell(
                start,
                "yaml_directive",
                told("there is a % line above"),
                told("every file is read as YAML 1.2"),
                told("delete the line that begins with %"),
            )
            # It changes how all that follows is read, so nothing true could be said of it.
            raise Invalid(self.problems)

    def _refuse_alias(self, event: Any, start: Mark) -> None:
        self.tell(
            start,
            "yaml_alias",
            told("*%(anchor)s repeats another part", anchor=event.anchor),
            told("aliases are not read: a small file could stand for a huge one"),
            told("write the part out; if it begins with a star by chance, put the text in quotes"),
        )

    def _refuse_extras(self, event: Any, start: Mark) -> None:
        if event.anchor:
            self.tell(
                start,
                "yaml_anchor",
                told("&%(anchor)s names this part", anchor=event.anchor),
                told("anchors are not read"),
                told("delete it; if the text begins with & by chance, put it in quotes"),
            )
        if event.tag:
            self.tell(
                start,
                "yaml_tag",
                told("%(tag)s is a tag", tag=str(event.tag)[:40]),
                told("tags are not read: the bank itself says what each part is"),
                told("delete it; if the text begins with ! by chance, put it in quotes"),
            )

    def _take_scalar(self, event: Any, start: Mark, end: Mark) -> None:
        scalar = Scalar(event.value, event.style or "", start, end)
        if found := FORBIDDEN.search(scalar.text):
            self.tell(
                start,
                "bad_character",
                told(
                    "an escape here stands for an invisible character (U+%(code)s)",
                    code=f"{ord(found.group()):04X}",
                ),
                told("control characters cannot be seen and can hide or break text"),
                told("delete the escape"),
            )
        self._place(scalar)

    def _open(self, event: Any, start: Mark) -> None:
        if self.open and self.open[-1].is_map and self.open[-1].at_key:
            self.tell(
                start,
                "bad_key",
                told("a list or map stands where a key should"),
                told("keys are names"),
                told("write a name"),
            )
        is_map = isinstance(event, quick.MappingStartEvent | slow.MappingStartEvent)
        self.open.append(_Open(start, bool(event.flow_style), is_map))

    def _close(self, end: Mark) -> None:
        done = self.open.pop()
        if not done.flow and done.entries:
            # Where a block ends, dedents and empty lines after it say, is a matter of opinion.
            end = done.entries[-1].end
        if not done.is_map:
            self._place(Sequence(tuple(done.entries), done.flow, done.start, end))
            return
        pairs = tuple(
            (key, value) for key, value in zip(done.keys, done.entries, strict=True) if key is not None
        )
        self._place(Mapping(pairs, done.flow, done.start, end))

    def _place(self, node: Node) -> None:
        """Puts a finished node where it belongs: root, entry, key or value."""
        if not self.open:
            self.root = self.root or node
            return
        parent = self.open[-1]
        if not parent.is_map:
            parent.entries.append(node)
        elif parent.at_key:
            parent.keys.append(self._key(parent, node))
            parent.at_key = False
        else:
            parent.entries.append(node)
            parent.at_key = True

    def _key(self, parent: _Open, node: Node) -> Scalar | None:
        if not isinstance(node, Scalar):
            return None
        if first := parent.seen.get(node.text):
            self.tell(
                node.start,
                "duplicate_key",
                told(
                    '"%(text)s" is written twice in one map (first on line %(line)s)',
                    text=node.text[:60],
                    line=first.line,
                ),
                told("only one of the two could count"),
                told("delete or rename one"),
            )
            return None
        parent.seen[node.text] = node.start
        return node


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1, mark.index)
