"""The commented template from which a new bank begins; it passes its check and its own cases."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from quizapp.bank.checks.ids import taken_name
from quizapp.bank.saving.save import write_text
from quizapp.editing.proposal import Texts
from quizapp.editing.workshop import Workshop
from quizapp.errors import Conflict, Invalid, Problem, Where, echoed, told
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store

_FOLDER = Path(__file__).resolve().parent
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,63}")
LONGEST_TITLE = 200


def template(slug: str, title_ja: str, title_en: str, on: date) -> Texts:
    """A new bank of that name with two items, a question of each kind and cases; dated ``on``.

    Raises Invalid for a name that no bank can have or a page of the desk has, or a title that is too long.
    """
    _check(slug, title_ja, title_en)
    words = {
        "SLUG": slug,
        "TITLE_JA": json.dumps(title_ja.strip() or slug, ensure_ascii=False),
        "TITLE_EN": json.dumps(title_en.strip() or slug, ensure_ascii=False),
        "TODAY": on.isoformat(),
    }
    bank, cases = (_filled(f"new_bank{ending}", words) for ending in (".yaml", ".cases.yaml"))
    return Texts(slug, None, bank, cases)


def write_new(folder: Path, texts: Texts) -> Path:
    """Write a new bank and its cases into a folder; the path of the bank.

    Raises Conflict where one of the files is there already (nothing is overwritten), OSError.
    """
    bank, cases = folder / f"{texts.bank}.yaml", folder / f"{texts.bank}.cases.yaml"
    for path in (bank, cases):
        if path.exists() or path.is_symlink():
            raise Conflict(f"{path} is there already; nothing was written")
    # The bank last: it is looked for by its own file.
    write_text(cases, texts.cases or "", None)
    write_text(bank, texts.text, None)
    return bank


def begin_new(
    store: Store, workshop: Workshop, editor: Editor, slug: str, title_ja: str, title_en: str, on: date
) -> Draft:
    """The editor's draft of a new bank, from the template.

    Raises Invalid for a bad name or title, Conflict where there is such a bank already.
    """
    made = template(slug, title_ja, title_en, on)
    draft = workshop.begin(slug, editor.id, made.text, made.cases)
    store.record(editor.name, "bank_begun", slug, {"draft": draft.id})
    return draft


def _filled(name: str, words: dict[str, str]) -> str:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return re.sub(r"\b(SLUG|TITLE_JA|TITLE_EN|TODAY)\b", lambda found: words[found[1]], text)


def name_problems(slug: str, where: Where) -> list[Problem]:
    """What keeps a bank from being called that; nothing for a name that it may have."""
    wrong = [*taken_name(slug, where)]
    if not _SLUG.fullmatch(slug):
        what, why = (
            told("%(slug)s cannot be a bank's name", slug=echoed(slug)),
            told("it stands in addresses and file names"),
        )
        fix = told("begin with a small letter, then small letters, figures and _, 64 at most")
        wrong.append(Problem(where, "bad_name", what, why, fix))
    return wrong


def _check(slug: str, title_ja: str, title_en: str) -> None:
    wrong = name_problems(slug, Where("slug"))
    for place, title in (("title_ja", title_ja), ("title_en", title_en)):
        if len(title) > LONGEST_TITLE or not title.replace("\u3000", " ").isprintable():
            what, why = told("this cannot be a title"), told("it stands in one line at the top of pages")
            fix = told("take at most %(most)s characters, without line breaks", most=LONGEST_TITLE)
            wrong.append(Problem(Where(place), "bad_title", what, why, fix))
    if wrong:
        raise Invalid(wrong)
