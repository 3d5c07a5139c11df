"""Writing a bank back: one field changes its own lines only, and a file is the old one or the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.saving.edits import Insert, Put, Remove, edit_text
from quizapp.bank.saving.save import save_bank, write_text
from quizapp.bank.yaml.nodes import Scalar, plain, walk
from quizapp.bank.yaml.reader import read_yaml
from quizapp.errors import Conflict, Invalid

SMALL = Path(__file__).parent / "banks" / "good" / "small.yaml"
SHIPPED = sorted((Path(__file__).parent.parent / "questions").glob("*.yaml"))

TEXT = """\
# head
bank: x   # tail
title: {ja: あ, en: "b, c"}
summary:
  ja: >-
    folded
    text

  # comment
  en: plain one
list:
  # first
  - id: a
    n: 1
  # second
  - {id: b, n: 2}
  -   id: c
      n: 3
flow: [1, 2, 3]
empty:
last: |
  lit
  eral

# end
"""


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    blocks = [
        block
        for block in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    return (
        [line for _, i, j, _, _ in blocks for line in old[i:j]],
        [line for _, _, _, i, j in blocks for line in new[i:j]],
    )


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        (Put(("bank",), "y: z"), ["bank: x   # tail"], ["bank: 'y: z'   # tail"]),
        (Put(("bank",), "12"), ["bank: x   # tail"], ["bank: '12'   # tail"]),
        (Put(("title", "en"), "d"), ['title: {ja: あ, en: "b, c"}'], ['title: {ja: あ, en: "d"}']),
        (
            Put(("title", "ja"), "い, う"),
            ['title: {ja: あ, en: "b, c"}'],
            ["title: {ja: 'い, う', en: \"b, c\"}"],
        ),
        (Put(("summary", "ja"), "new"), ["    folded", "    text"], ["    new"]),
        (Put(("summary", "en"), "#x"), ["  en: plain one"], ["  en: '#x'"]),
        (Put(("list", 0, "n"), 7), ["    n: 1"], ["    n: 7"]),
        (Put(("list", 2, "new"), {"ja": "x"}), [], ["      new: {ja: x}"]),
        (Put(("flow", 1), True), ["flow: [1, 2, 3]"], ["flow: [1, true, 3]"]),
        (Put(("empty",), {"a": 1}), ["empty:"], ["empty: {a: 1}"]),
        (Insert(("list",), 1, {"id": "z"}), [], ["  - id: z"]),
        (Insert(("list",), 3, "z"), [], ["  - z"]),
        (Insert(("flow",), 3, 4), ["flow: [1, 2, 3]"], ["flow: [1, 2, 3, 4]"]),
        (Remove(("list", 0)), ["  # first", "  - id: a", "    n: 1"], []),
        (Remove(("flow", 0)), ["flow: [1, 2, 3]"], ["flow: [2, 3]"]),
        (Remove(("last",)), ["last: |", "  lit", "  eral"], []),
    ],
    ids=str,
)
def test_an_edit_changes_the_lines_of_its_part_only(
    edit: Put | Insert | Remove, gone: list[str], come: list[str]
) -> None:
    assert changed_lines(TEXT, edit_text(TEXT, "f", [edit])) == (gone, come)


def test_line_ends_of_windows_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    changed = edit_text(text, "f", [Put(("list", 2, "new"), 1), Put(("summary", "ja"), "one\ntwo")])
    assert changed.count("\n") == changed.count("\r\n") == text.count("\n") + 1


@pytest.mark.parametrize(
    "edit", [Put(("no", "where"), 1), Remove(("none",)), Insert(("bank",), 0, 1), Remove(())], ids=str
)
def test_an_edit_without_a_place_is_refused(edit: Put | Insert | Remove) -> None:
    with pytest.raises(Invalid):
        edit_text(TEXT, "f", [edit])


def test_edits_of_the_same_part_are_refused() -> None:
    with pytest.raises(Invalid):
        edit_text(TEXT, "f", [Put(("title",), {"ja": "x"}), Put(("title", "ja"), "y")])


@pytest.mark.parametrize("path", [SMALL, *SHIPPED], ids=lambda path: path.name)
def test_a_bank_written_back_unchanged_is_the_same_to_the_byte(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    leaves = [(where, node) for where, node in walk(read_yaml(text, "f").root) if isinstance(node, Scalar)]
    assert edit_text(text, "f", [Put(where, node.value) for where, node in leaves]) == text


VALUES = st.one_of(st.text("aé日:#,'\"{}[]-? \n", max_size=30), st.integers(0, 10**9), st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.integers(0, 10**6), value=VALUES)
def test_one_changed_field_changes_its_own_lines_only(chosen: int, value: str | int | bool) -> None:
    check_one_change(SMALL.read_bytes().decode("utf-8"), chosen, value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_one_changed_field_of_a_shipped_bank_changes_its_own_lines_only(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    for chosen in (11, 8_191, 131_071):
        check_one_change(text, chosen, "新しい: 値, 'x' #1")


def check_one_change(text: str, chosen: int, value: str | int | bool) -> None:
    leaves = [(where, node) for where, node in walk(read_yaml(text, "f").root) if isinstance(node, Scalar)]
    where, node = leaves[chosen % len(leaves)]
    changed = edit_text(text, "f", [Put(where, value)])
    old, new = text.split("\n"), changed.split("\n")
    lines = range(node.start.line - 1, node.end.line)
    assert old[: lines.start] == new[: lines.start]
    assert old[lines.stop :] == new[len(new) - len(old[lines.stop :]) :]
    found = plain(read_yaml(changed, "f").root)
    for step in where:
        found = found[step]
    assert found == value


def test_a_saved_bank_is_the_bank_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.read_bytes())
    saved = save_bank(path, [Put(("criteria", 0, "weight"), 70)], load_bank(path).text)
    assert saved.bank.criteria[0].weight == "70"
    assert load_bank(path).revision == saved.revision
    assert os.listdir(tmp_path) == ["small.yaml"]


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(Conflict):
        write_text(path, "a: 3\n", expected="a: 2\n")
    with pytest.raises(Conflict):
        write_text(path, "a: 3\n", expected=None)
    with pytest.raises(Conflict):
        write_text(tmp_path / "gone.yaml", "a: 3\n", expected="a: 1\n")
    assert path.read_text(encoding="utf-8") == "a: 1\n"
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_an_edit_that_breaks_the_bank_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.read_bytes())
    with pytest.raises(Invalid):
        save_bank(path, [Put(("criteria", 0, "weight"), [1])], load_bank(path).text)
    assert path.read_bytes() == SMALL.read_bytes()


def test_of_two_editors_who_save_at_once_one_is_told_of_the_conflict(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 0\n", encoding="utf-8")
    outcomes: list[str] = []

    def save(word: str) -> None:
        try:
            write_text(path, f"a: {word}\n", expected="a: 0\n")
            outcomes.append(word)
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=save, args=(str(n),)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [word for word in outcomes if word != "conflict"]
    assert len(won) == 1
    assert path.read_text(encoding="utf-8") == f"a: {won[0]}\n"


def test_the_rights_of_the_file_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    write_text(link, "a: 2\n", expected="a: 1\n")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "a: 2\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "chmod", "replace"])
def test_killed_at_any_step_the_file_is_the_old_or_the_new(tmp_path: Path, step: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    place = "tempfile" if step == "mkstemp" else "os"
    script = f"""
import os, signal, tempfile
from pathlib import Path
from quizapp.bank.saving.save import write_text
{place}.{step} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
write_text(Path({str(path)!r}), "a: 2\\n", expected="a: 1\\n")
"""
    root = str(Path(__file__).parent.parent)
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=root, check=False, env={**os.environ, "PYTHONPATH": root}
    )
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "a: 1\n"
    write_text(path, "a: 2\n", expected="a: 1\n")
    assert path.read_text(encoding="utf-8") == "a: 2\n"
