"""The commands about published banks, as their users run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.test_library import CASES, bank

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def quizapp(tmp_path: Path) -> Any:
    """Runs a command in a folder of its own with one bank live."""
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "trainer.yaml").write_text(bank(), encoding="utf-8")
    (tmp_path / "questions" / "trainer.cases.yaml").write_text(CASES.format(first="first"), encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ["PYTHONPATH"] = str(ROOT)

    def run(*arguments: str, stdin: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "quizapp", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, input=stdin, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    run("bank", "publish")
    return run


def history(quizapp: Any) -> list[dict[str, Any]]:
    return json.loads(quizapp("bank", "history", "trainer", "--json").stdout)["history"]


def test_a_bank_goes_out_and_comes_in_and_is_rolled_back(quizapp: Any, tmp_path: Path) -> None:
    quizapp("bank", "export", "trainer")
    quizapp("bank", "export", "trainer", code=2)
    with zipfile.ZipFile(tmp_path / "trainer.zip") as archive:
        assert archive.namelist() == ["trainer.yaml", "trainer.cases.yaml"]
        assert archive.read("trainer.yaml").decode() == bank()
    (tmp_path / "new.yaml").write_text(bank(yen=1500), encoding="utf-8")
    assert "there is no reason" in quizapp("bank", "import", "new.yaml", "--publish", code=2).stderr
    quizapp("bank", "import", "new.yaml", "--publish", "--why", "fees of 2027", "--who", "aki")
    assert "yen: 1500" in (tmp_path / "questions" / "trainer.yaml").read_text(encoding="utf-8")
    first, second = history(quizapp)[1], history(quizapp)[0]
    assert (second["who"], second["why"], second["origin"]) == ("aki", "fees of 2027", "browser")
    quizapp("bank", "rollback", "trainer", str(first["number"]), "--why", "too early")
    assert (tmp_path / "questions" / "trainer.yaml").read_text(encoding="utf-8") == bank()
    assert history(quizapp)[0]["revision"] == first["revision"]
    assert "too early" in quizapp("bank", "history", "trainer").stdout


def test_a_change_is_shown_with_what_it_does_to_takers(quizapp: Any, tmp_path: Path) -> None:
    assert quizapp("bank", "diff", "trainer").stdout == "nothing differs\n"
    text = bank(yen=1500).replace("job: 90", "job: 5")
    (tmp_path / "questions" / "trainer.yaml").write_text(text, encoding="utf-8")
    told = quizapp("bank", "diff", "trainer", "--impact").stdout
    assert "changed  items/first/routes/direct/costs/exam/yen: 1000 -> 1500" in told
    assert "another first place: " in told
    said = json.loads(quizapp("bank", "diff", "trainer", "--impact", "--json").stdout)
    assert [one["kind"] for one in said["bank"]] == ["changed", "changed"]
    assert said["impact"]["changes"]["first"]["value"] > 0.3


def test_changed_cases_want_their_own_reason(quizapp: Any, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "trainer.yaml").write_text(bank().replace("job: 90", "job: 5"), encoding="utf-8")
    (folder / "trainer.cases.yaml").write_text(CASES.format(first="second"), encoding="utf-8")
    publish = ("bank", "import", "in/trainer.yaml", "--publish", "--why", "closer to the work")
    assert "cases were changed without a reason" in quizapp(*publish, code=2).stderr
    quizapp(*publish, "--case-reason", "the second fits better")
    assert history(quizapp)[0]["why"] == "closer to the work / the second fits better"
    cases = (tmp_path / "questions" / "trainer.cases.yaml").read_text(encoding="utf-8")
    assert cases == CASES.format(first="second")


def test_an_import_without_publish_is_a_draft_of_somebody(quizapp: Any, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(bank().replace("age >= 18", "agee >= 18"), encoding="utf-8")
    assert "there is no editor yet" in quizapp("bank", "import", "new.yaml", code=2).stderr
    quizapp("editor", "add", "aki", "--password-stdin", stdin="seven green apples in a row\n")
    told = quizapp("bank", "import", "new.yaml")
    assert "/edit/trainer" in told.stdout
    assert "agee" in told.stderr
    assert len(history(quizapp)) == 1


def test_a_hostile_archive_is_told_with_exit_code_2(quizapp: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("../../trainer.yaml", bank())
        archive.writestr("aux.yaml", bank())
    told = quizapp("bank", "import", "bad.zip", "--publish", "--why", "x", code=2).stderr
    assert "leads out of the archive" in told and "a device on Windows" in told


def test_a_file_edited_meanwhile_is_told_and_settled(quizapp: Any, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(bank(yen=1500), encoding="utf-8")
    (tmp_path / "questions" / "trainer.yaml").write_text(bank(yen=1600), encoding="utf-8")
    told = quizapp("bank", "import", "new.yaml", "--publish", "--why", "fee").stderr
    assert "it was left as it is" in told
    assert "store_moved_on" in told or "--keep" in quizapp("bank", "publish", code=2).stderr
    quizapp("bank", "sync", "trainer", "--keep", "live")
    assert "yen: 1500" in (tmp_path / "questions" / "trainer.yaml").read_text(encoding="utf-8")
    quizapp("bank", "publish")


def test_a_new_bank_is_begun_published_and_never_overwritten(quizapp: Any, tmp_path: Path) -> None:
    quizapp("bank", "new", "nail_artist", "--title-ja", "ネイリスト", "--title-en", "Nail", "-o", "questions")
    assert quizapp("check", "questions/nail_artist.yaml").returncode == 0
    quizapp("cases", "questions/nail_artist.yaml")
    quizapp("bank", "publish")
    assert "is there already" in quizapp("bank", "new", "nail_artist", "-o", "questions", code=1).stderr
    assert "cannot be a bank's name" in quizapp("bank", "new", "Nail-Artist", code=2).stderr


def test_a_new_bank_begins_as_a_draft_and_is_not_live(quizapp: Any, tmp_path: Path) -> None:
    told = quizapp("bank", "new", "nail_artist", code=2).stderr
    assert "there is no editor yet" in told and "-o FOLDER" in told
    quizapp("editor", "add", "aki", "--role", "editor", "--password-stdin", stdin="four quiet words here\n")
    assert "/edit/nail_artist" in quizapp("bank", "new", "nail_artist").stdout
    assert not (tmp_path / "questions" / "nail_artist.yaml").exists()
    assert "nail_artist" not in quizapp("bank", "publish").stdout
    quizapp("bank", "history", "nail_artist", code=1)


def test_a_bank_comes_in_under_another_id(quizapp: Any, tmp_path: Path) -> None:
    quizapp("bank", "export", "trainer")
    quizapp("bank", "import", "trainer.zip", "--as", "Coach", "--publish", "--why", "a copy", code=2)
    quizapp("bank", "import", "trainer.zip", "--as", "coach", "--publish", "--why", "a copy")
    live = (tmp_path / "questions" / "coach.yaml").read_text(encoding="utf-8")
    assert live == bank().replace("bank: trainer", "bank: coach", 1)
    assert (tmp_path / "questions" / "coach.cases.yaml").exists()
    assert (tmp_path / "questions" / "trainer.yaml").read_text(encoding="utf-8") == bank()


def test_a_bank_named_like_a_page_of_the_desk_comes_in_nowhere(quizapp: Any, tmp_path: Path) -> None:
    said = quizapp("bank", "new", "log", code=2).stderr
    assert '"log" is an address of the desk' in said and "log_quiz" in said
    (tmp_path / "log.yaml").write_text(bank().replace("bank: trainer", "bank: log", 1), encoding="utf-8")
    assert "is an address of the desk" in quizapp("check", "log.yaml", code=2).stderr
    assert "is an address of the desk" in quizapp("bank", "import", "log.yaml", code=2).stderr
    (tmp_path / "log.yaml").rename(tmp_path / "questions" / "log.yaml")
    assert "is an address of the desk" in quizapp("bank", "publish", code=2).stderr


def test_what_was_done_stands_in_the_audit_log(quizapp: Any, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(bank(yen=1500), encoding="utf-8")
    quizapp("bank", "import", "new.yaml", "--publish", "--why", "=HYPERLINK(1)", "--who", "=aki")
    entries = json.loads(quizapp("audit-log", "export", "--json").stdout)["entries"]
    assert [(one["did"], one["who"], one["bank"]) for one in entries] == [("published", "=aki", "trainer")]
    rows = quizapp("audit-log", "export", "--bank", "trainer").stdout.splitlines()
    assert rows[0] == "number,at,who,did,bank,about"
    assert ",'=aki,published,trainer," in rows[1]


@pytest.mark.parametrize("command", [("export",), ("history",), ("diff",), ("rollback", "1", "--why", "x")])
def test_a_bank_that_is_not_published_is_told(quizapp: Any, command: tuple[str, ...]) -> None:
    name, *rest = command
    file = ["questions/trainer.yaml"] if name == "diff" else []
    assert "nothing" in quizapp("bank", name, "nothing", *rest, *file, code=1).stderr


def test_comments_edited_in_the_file_go_live_and_out_and_are_settled_like_anything_else(
    quizapp: Any, tmp_path: Path
) -> None:
    path = tmp_path / "questions" / "trainer.yaml"
    path.write_text(bank(comment="by hand"), encoding="utf-8")
    quizapp("bank", "publish")
    newest, first = history(quizapp)
    assert newest["revision"] == first["revision"] == newest["parent"]
    assert quizapp("bank", "export", "trainer", "-o", "-.yaml").returncode == 0
    assert (tmp_path / "-.yaml").read_text(encoding="utf-8") == bank(comment="by hand")
    (tmp_path / "new.yaml").write_text(bank(comment="imported"), encoding="utf-8")
    said = quizapp("bank", "diff", "trainer", "new.yaml").stdout
    assert "only comments or the way of writing differ" in said
    path.write_text(bank(comment="again by hand"), encoding="utf-8")
    quizapp("bank", "import", "new.yaml", "--publish", "--why", "words")
    assert "older text of revision" in quizapp("bank", "publish", code=2).stderr
    quizapp("bank", "sync", "trainer", "--keep", "live")
    assert path.read_text(encoding="utf-8") == bank(comment="imported")
    quizapp("bank", "rollback", "trainer", str(first["number"]), "--why", "as it was")
    assert path.read_text(encoding="utf-8") == bank() and len(history(quizapp)) == 4
