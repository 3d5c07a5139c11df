"""Problems on the desk speak of the forms: no key of a file, no id with a name, and the way to the very field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quizapp.bank.shapes.shapes import models, shapes_of
from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.proposal import Texts
from quizapp.editing.review import problems_of
from quizapp.editing.workshop import read
from quizapp.errors import Problem
from quizapp.i18n import language
from quizapp.web.edit.form_wordings import WORDINGS
from quizapp.web.edit.problem_words import ProblemWords, problem_words
from tests.web.edit.conftest import BANK, SignedIn
from tests.web.edit.test_parts import PARTS, send

ROOT = Path(__file__).parents[3]
BROKEN = ROOT / "tests" / "banks" / "broken"
# A file that is not UTF-8 never becomes a draft.
BANKS = sorted(p for p in BROKEN.glob("*.yaml") if not p.name.endswith((".cases.yaml", "not_utf8.yaml")))
KEYS = {shape.name for model in models() for shape in shapes_of(model)}
ON = date(2026, 1, 20)
# What was written itself is told: a word that no form knows, an expression, an id that cannot stay.
AS_WRITTEN = {
    "unknown_field",
    "duplicate_key",
    "not_a_number",
    "name_not_here",
    "not_in_language",
    "duplicate_id",
}


def told_of(path: Path, code: str) -> Iterator[tuple[PlacedProblem, ProblemWords]]:
    cases = path.with_name(f"{path.stem}.cases.yaml")
    work = Texts(
        path.stem, None, path.read_text("utf-8"), cases.read_text("utf-8") if cases.exists() else None
    )
    bank = read(work.text, "x.yaml").data
    for one in problems_of(work, ON):
        data = bank if one.sheet == "bank" else read(work.cases or "", "x.cases.yaml").data
        yield one, problem_words(one, bank, data, language(code))


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_no_key_of_a_file_is_in_what_a_form_tells(path: Path) -> None:
    for one, words in told_of(path, "ja"):
        # What is no YAML has no form to be shown on.
        if one.address is None or one.problem.code in AS_WRITTEN:
            continue
        for said in (words.what, words.why, words.fix):
            found = set(re.findall(r"[A-Za-z_]+", said)) & (KEYS - {"a", "b"})
            assert not found, (found, said)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_no_english_wording_tells_to_write_a_key(path: Path) -> None:
    for one, words in told_of(path, "en"):
        if one.address is None or one.problem.code in AS_WRITTEN:
            continue
        for said in (words.what, words.why, words.fix):
            keys = set(re.findall(r"\b([a-z_]+):(?!//)", said)) | set(re.findall(r"\b[a-z]+_[a-z_]+\b", said))
            assert not keys & (KEYS - {"of"}), said
            assert "`" not in said and "{" not in said


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_a_problem_of_a_field_has_an_address(path: Path) -> None:
    for one, _ in told_of(path, "en"):
        assert one.address or not one.problem.path, one.problem


FIELDS = {
    "requirement_neither": "fixed",
    "no_otherwise": "otherwise",
    "no_route": "routes",
    "free_by_mistake": "costs",
    "price_without_source": "source",
    "fact_without_unit": "unit",
    "missing_field": "kind",
    "no_fit": "fit",
    "number_without_grid": "grid",
}


@pytest.mark.parametrize(("name", "field"), FIELDS.items())
def test_a_problem_leads_to_the_field_to_mend(name: str, field: str) -> None:
    found = {one.address[-1] for one, _ in told_of(BROKEN / f"{name}.yaml", "en") if one.address}
    assert field in found


def test_ids_are_told_by_the_names_of_their_parts() -> None:
    [(_, words)] = told_of(BROKEN / "no_fit.yaml", "en")
    assert words.what == 'item "Certification A" has no value for Goal'
    [(_, words)] = told_of(BROKEN / "unknown_word.yaml", "en")
    assert words.fix == 'did you mean "One option"?'


def test_every_other_wording_stands_for_a_sentence_that_is_told() -> None:
    templates: set[str] = set()
    for path in (ROOT / "quizapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "told":
                templates |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    assert WORDINGS.keys() - templates == set()


def test_the_file_and_the_terminal_keep_the_words_of_the_file() -> None:
    problems: list[Problem] = [one.problem for one, _ in told_of(BROKEN / "requirement_neither.yaml", "en")]
    assert any("add fixed: true with otherwise:, or a step:" in str(one) for one in problems)


def test_a_link_opens_the_folded_part_in_which_the_field_lies(signed_in: SignedIn) -> None:
    ren = signed_in("editor", "ren")
    send(ren.get(f"{PARTS}/questions/burden"), hint__ja="ヒント", hint__en="")
    page = ren.get(f"/edit/{BANK}").page
    assert "there is no English text" in page and f"{PARTS}/questions/burden/hint/en" in page
    moved = ren.client.get(f"{PARTS}/questions/burden/hint/en")
    assert moved.location.endswith("/questions/burden#hint.en")
    folded = ren.get(f"{PARTS}/questions/burden").page
    opened = folded[folded.index('<details class="more-fields" open>') :]
    assert 'id="hint.en"' in opened[: opened.index("</details>")]
