"""Banks out and in: the same texts the same bytes, and no archive gets past its checks."""

from __future__ import annotations

import io
import stat
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.yaml.caps import MAX_BYTES
from quizapp.editing.bundle import MOST_BYTES, export_bank, import_bundle, read_bundle
from quizapp.editing.bundle_names import name_faults
from quizapp.errors import Invalid
from tests.editing.desk import CASES, Desk, bank

TEXT, CASE_TEXT = bank(), CASES.format(first="first")


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, held in entries:
            archive.writestr(name, held)
    return packed.getvalue()


def wrong(raw: bytes, name: str = "trainer.zip") -> list[str]:
    with pytest.raises(Invalid) as error:
        read_bundle(raw, name)
    return [f"{problem.code}: {problem.what}" for problem in error.value.problems]


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


def test_what_goes_out_comes_in() -> None:
    packed = export_bank("trainer", TEXT, CASE_TEXT)
    assert packed == export_bank("trainer", TEXT, CASE_TEXT)
    found = read_bundle(packed, "whatever (2).ZIP")
    assert (found.slug, found.text, found.cases) == ("trainer", TEXT, CASE_TEXT)
    alone = read_bundle(export_bank("trainer", TEXT, ""), "trainer.zip")
    assert (alone.text, alone.cases) == (TEXT, None)


def test_a_yaml_file_is_known_by_what_it_says_then_by_its_name() -> None:
    assert read_bundle(TEXT.encode(), "C:\\Users\\mika\\download (1).yaml").slug == "trainer"
    broken = read_bundle(b"bank: [", "trainer.yaml")
    assert (broken.slug, broken.text) == ("trainer", "bank: [")
    assert wrong(b"bank: [", "Download (1).yaml")[0].startswith("no_bank_name")


@pytest.mark.parametrize(
    "name",
    [
        "../trainer.yaml",
        "a/../../trainer.yaml",
        "..\\trainer.yaml",
        "/etc/trainer.yaml",
        "\\\\host\\trainer.yaml",
        "C:trainer.yaml",
        "c:\\trainer.yaml",
        "trainer.yaml\0.png",
        "con.yaml",
        "AUX",
        "com¹.yaml",
        "aux.cases.yaml",
        "trainer.yaml.",
        "trainer.yaml ",
        "．．／trainer.yaml",
        "folder/trainer.yaml",
        "trainer\u202elmay.yaml",
        "trainer.sh",
        "Trainer.yaml",
        "__MACOSX/._trainer.yaml",
        "",
    ],
)
def test_a_name_that_is_no_bank_is_refused(name: str) -> None:
    made = zipfile.ZipInfo("placeholder")
    made.filename = made.orig_filename = name
    raw = zipped((made, TEXT))
    assert any(line.startswith(("bad_entry", "bad_archive")) for line in wrong(raw))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_is_refused(kind: int) -> None:
    assert (
        "a link, a folder or a device"
        in wrong(zipped((entry("trainer.yaml", kind | 0o777), "/etc/passwd")))[0]
    )


def test_names_that_are_equal_once_folded_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = zipped(("trainer.yaml", TEXT), ("trainer.yaml", TEXT))
    assert any(line.startswith("same_name") for line in wrong(raw))
    assert any(
        line.startswith("same_name") for line in wrong(zipped(("trainer.yaml", TEXT), ("TRAINER.yaml", TEXT)))
    )


def test_an_encrypted_entry_is_refused() -> None:
    raw = bytearray(zipped(("trainer.yaml", TEXT), how=zipfile.ZIP_STORED))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "it is encrypted" in wrong(bytes(raw))[0]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(how: int) -> None:
    assert "packed in an unusual way" in wrong(zipped(("trainer.yaml", TEXT), how=how))[0]


def test_a_bomb_is_refused_before_it_is_read() -> None:
    start = time.monotonic()
    told = wrong(zipped(("trainer.yaml", b"#" * 50_000_000), ("trainer.cases.yaml", b"#" * MAX_BYTES)))
    assert time.monotonic() - start < 5
    assert "50,000,000 bytes" in told[0]
    assert "packed as only a trap is" in told[1]


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    raw = bytearray(zipped(("trainer.yaml", b"#" * 400_000 + bytes(range(33, 120)) * 50)))
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (200_000).to_bytes(4, "little")
    assert wrong(bytes(raw))


def test_too_many_entries_and_too_large_files_are_refused() -> None:
    assert wrong(zipped(*((f"a{n}.yaml", TEXT) for n in range(11))))[0].startswith("many_files")
    assert wrong(b"#" * (MOST_BYTES + 1), "trainer.yaml")[0].startswith("too_large")
    assert wrong(b"#" * (MAX_BYTES + 1), "trainer.yaml")[0].startswith("too_large")


def test_it_wants_one_bank_and_its_own_cases() -> None:
    assert wrong(zipped(("a.yaml", TEXT), ("b.yaml", TEXT)))[0].startswith("not_one_bank")
    assert wrong(zipped(("a.cases.yaml", CASE_TEXT)))[0].startswith("not_one_bank")
    assert wrong(zipped(("a.yaml", TEXT), ("b.cases.yaml", CASE_TEXT)))[0].startswith("stray_cases")
    assert wrong(CASE_TEXT.encode(), "trainer.cases.yaml")[0].startswith("only_cases")


def test_every_problem_is_told_at_once() -> None:
    told = wrong(zipped(("../a.yaml", TEXT), ("notes.txt", "x"), ("con.yaml", TEXT)))
    assert len([line for line in told if line.startswith("bad_entry")]) == 3


@pytest.mark.parametrize("raw", [b"PK", b"PK\x03\x04" + b"\0" * 40, zipped(("a.yaml", "x"))[:-9], b""])
def test_what_is_no_archive_is_told(raw: bytes) -> None:
    assert wrong(raw, "trainer.zip")[0].startswith("bad_archive")


def test_characters_that_hide_are_refused() -> None:
    assert wrong(b"bank: trainer\n# \xe2\x80\xae\n", "trainer.yaml")[0].startswith("bad_character")
    assert wrong(b"bank: \xff\n", "trainer.yaml")[0].startswith("not_utf8")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.zip", "a.yaml", "a"]))
def test_whatever_is_sent_gives_a_bundle_or_problems(raw: bytes, name: str) -> None:
    for sent in (raw, b"PK\x03\x04" + raw):
        with suppress(Invalid):
            assert read_bundle(sent, name).slug


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_archive_gives_a_bundle_or_problems(at: int, byte: int) -> None:
    raw = bytearray(export_bank("trainer", TEXT, CASE_TEXT))
    raw[-1 - at % len(raw)] = byte
    with suppress(Invalid):
        assert read_bundle(bytes(raw), "trainer.zip").slug == "trainer"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_a_name_without_fault_is_one_plain_part(name: str) -> None:
    if not list(name_faults(name)):
        assert "/" not in name and "\\" not in name and name not in (".", "..")


def test_importing_makes_a_draft_on_top_of_what_is_live(desk: Desk) -> None:
    who = desk.editor()
    before = desk.draft(bank(yen=1200))
    head = desk.store.newest("trainer")
    draft = import_bundle(desk.store, desk.workshop, read_bundle(bank(yen=1500).encode(), "x.yaml"), who)
    assert (draft.id, draft.base, draft.text) == (before.id, str(head.number), bank(yen=1500))
    assert draft.cases == CASE_TEXT
    assert desk.fee() == 1000
    assert desk.workshop.undo(draft.id).text == bank(yen=1200)
    assert desk.did()[0] == "imported"


def test_importing_a_new_bank_makes_a_draft_of_its_own_broken_or_not(desk: Desk) -> None:
    draft = import_bundle(
        desk.store, desk.workshop, read_bundle(b"bank: coach\nitems: [", "coach.yaml"), desk.editor()
    )
    assert (draft.bank, draft.base, draft.text, draft.cases) == ("coach", None, "bank: coach\nitems: [", None)
    assert "coach" not in desk.store.heads()
