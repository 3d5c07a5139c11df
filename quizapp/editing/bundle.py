"""A bank with its cases as one file, out and in; what comes in is hostile until it is shown not to be.

An archive is never unpacked: names are only judged, and contents read into memory up to a cap.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.bank.checks.ids import taken_name
from quizapp.bank.yaml.caps import MAX_BYTES, refuse_characters
from quizapp.bank.yaml.reader import decode
from quizapp.editing.bundle_names import name_faults
from quizapp.editing.workshop import Workshop, read
from quizapp.errors import Invalid, Problem, Where, echoed, first_problems, told
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store

MOST_ENTRIES = 10
MOST_BYTES = 1_000_000
# A bank packs to a fifth or a tenth; what packs far better is made to fill memory.
MOST_RATIO = 100
# Every archive of the same texts is the same file, byte for byte; the format knows no earlier day.
_DAY = (1980, 1, 1, 0, 0, 0)
_ORDINARY_FILE = 0o100644 << 16

_NAME = re.compile(r"([a-z][a-z0-9_]{0,63})(\.cases)?\.yaml")
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Bundle:
    """A bank to import. Its text may be broken; ``cases`` is None where none came with it."""

    slug: str
    text: str = field(repr=False)
    cases: str | None = field(repr=False)


def export_bank(slug: str, text: str, cases: str | None) -> bytes:
    """A zip of ``<slug>.yaml`` and, if there are any, ``<slug>.cases.yaml``; the same texts, the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, held in ((f"{slug}.yaml", text), (f"{slug}.cases.yaml", cases)):
            if held:
                entry = zipfile.ZipInfo(name, _DAY)
                entry.external_attr, entry.create_system = _ORDINARY_FILE, 3
                archive.writestr(entry, held.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def read_bundle(raw: bytes, filename: str) -> Bundle:
    """The bank in a file that somebody sent: YAML, or a zip as ``export_bank`` makes it.

    What the YAML means is not judged, so that a broken bank can be mended as a draft. Raises Invalid
    with every problem.
    """
    name = filename.replace("\\", "/").rpartition("/")[2] or "file"
    if len(raw) > MOST_BYTES:
        fix = told("send the bank alone")
        raise Invalid(
            [
                _problem(
                    name,
                    "too_large",
                    told("the file has %(count)s bytes", count=f"{len(raw):,}"),
                    told("it is too large"),
                    fix,
                )
            ]
        )
    if raw[:2] == b"PK" or name.lower().endswith(".zip"):
        return _from_zip(raw, name)
    if name.endswith(".cases.yaml"):
        why, fix = told("cases belong to a bank"), told("put both into a zip, named like the bank")
        raise Invalid([_problem(name, "only_cases", told("these are cases without their bank"), why, fix)])
    return _bundle(name, _text(raw, name), None)


def import_bundle(store: Store, workshop: Workshop, bundle: Bundle, editor: Editor) -> Draft:
    """The editor's draft of that bank with these texts, on top of what is live; nothing is published.

    Cases that did not come stay as they are live. What the editor's draft held before stays in its
    versions. Raises Conflict where the draft is being changed elsewhere.
    """
    head = store.heads().get(bundle.slug)
    if head:
        draft = workshop.open(bundle.slug, editor.id)
        base, cases = str(head.number), bundle.cases
        cases = store.cases_of(head.number) if cases is None else cases
    else:
        draft = workshop.begin(bundle.slug, editor.id, bundle.text, bundle.cases)
        base, cases = None, bundle.cases
    if (draft.text, draft.cases, draft.base) != (bundle.text, cases, base):
        draft = store.save_draft(draft.id, draft.version, bundle.text, cases, "imported", base=base)
    about = {"draft": draft.id, "version": draft.version, "with_cases": bundle.cases is not None}
    store.record(editor.name, "imported", bundle.slug, about)
    return draft


def _from_zip(raw: bytes, name: str) -> Bundle:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            texts = _texts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        what, fix = told("the archive cannot be read (%(error)s)", error=str(error)), told("make it anew")
        raise Invalid([_problem(name, "bad_archive", what, told("nothing can be said of it"), fix)]) from None
    (bank,) = (one for one in texts if not one.endswith(".cases.yaml"))
    cases = next((text for one, text in texts.items() if one != bank), None)
    return _bundle(bank, texts[bank], cases)


def _texts(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The texts of an archive that holds one bank and no more, by name. Raises Invalid."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        why, fix = told("%(most)s are the most", most=MOST_ENTRIES), told("send one bank and its cases")
        raise Invalid(
            [_problem(name, "many_files", told("it holds %(count)s files", count=len(entries)), why, fix)]
        )
    problems = [problem for entry in entries for problem in _entry_problems(name, entry)]
    problems += _together(name, [entry.filename for entry in entries])
    texts = {}
    for entry in entries if not problems else ():
        try:
            with archive.open(entry) as packed:
                texts[entry.filename] = _text(packed.read(MAX_BYTES + 1), entry.filename)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(first_problems(problems))
    return texts


def _entry_problems(name: str, entry: zipfile.ZipInfo) -> Iterator[Problem]:
    """What is wrong with one entry of an archive, before a byte of it is read."""
    # Python cuts a name at its first NUL; what was really written is what has to be judged.
    wrong = list(name_faults(entry.orig_filename))
    if not wrong and not _NAME.fullmatch(entry.filename):
        wrong = [told("it is neither a bank nor its cases")]
    kind = (entry.external_attr >> 16) & 0o170000
    if kind not in (0, 0o100000):
        wrong.append(told("it is a link, a folder or a device"))
    if entry.flag_bits & _ENCRYPTED:
        wrong.append(told("it is encrypted"))
    elif entry.compress_type not in _PACKED:
        wrong.append(told("it is packed in an unusual way"))
    if entry.file_size > MAX_BYTES:
        wrong.append(
            told(
                "it has %(size)s bytes, %(most)s are the most",
                size=f"{entry.file_size:,}",
                most=f"{MAX_BYTES:,}",
            )
        )
    elif entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        wrong.append(told("it is packed as only a trap is"))
    why, fix = (
        told("an archive of a bank holds <bank>.yaml and <bank>.cases.yaml"),
        told("make an archive of these alone"),
    )
    for fault in wrong:
        yield _problem(
            name,
            "bad_entry",
            told("%(name)s: %(fault)s", name=echoed(entry.orig_filename), fault=fault),
            why,
            fix,
        )


def _together(name: str, entries: list[str]) -> Iterator[Problem]:
    """What is wrong with the entries taken together."""
    found = [match for entry in entries if (match := _NAME.fullmatch(entry))]
    folded = [entry.casefold() for entry in entries]
    if len(set(folded)) < len(folded):
        what, why = told("two files have the same name"), told("only one of them could be meant")
        yield _problem(name, "same_name", what, why, told("send each once"))
    banks = {match[1] for match in found if not match[2]}
    if len(banks) != 1:
        what = told("it holds no bank") if not banks else told("it holds %(count)s banks", count=len(banks))
        yield _problem(
            name, "not_one_bank", what, told("one bank is imported at a time"), told("send one bank")
        )
    elif stray := {match[1] for match in found if match[2]} - banks:
        what, fix = (
            told("the cases are of %(name)s, the bank is another", name=echoed(min(stray))),
            told("name them alike"),
        )
        yield _problem(name, "stray_cases", what, told("cases belong to one bank"), fix)


def _text(raw: bytes, name: str) -> str:
    text = decode(raw, name)
    refuse_characters(text, name)
    return text


def _bundle(name: str, text: str, cases: str | None) -> Bundle:
    said = read(text, name).data
    named = said.get("bank") if isinstance(said, dict) else None
    slug = next(
        (one for one in (named, name.partition(".")[0]) if isinstance(one, str) and _SLUG.fullmatch(one)), ""
    )
    if taken := [*taken_name(slug, Where(name))]:
        raise Invalid(taken)
    if slug:
        return Bundle(slug, text, cases)
    what, why = (
        told("neither the text nor the file's name says which bank it is"),
        told("a bank is found by its name"),
    )
    raise Invalid([_problem(name, "no_bank_name", what, why, told("begin the file with bank: <name>"))])


def _problem(name: str, code: str, what: str, why: str, fix: str) -> Problem:
    return Problem(Where(name), code, what, why, fix)
