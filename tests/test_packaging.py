"""A release: the same bytes twice, all that it needs within, installed by pip and at work in an empty folder."""

from __future__ import annotations

import doctest
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from quizapp.config import VERSION
from tests.test_supply import PROJECT, REGISTRIES, tracked
from tools import audit_dependencies, bill_of_materials, licences, pins
from tools import release as releasing

ROOT = Path(__file__).resolve().parent.parent
WHEN = 1_790_000_000
WHEEL = f"quizapp-{VERSION}-py3-none-any.whl"
SOURCES = f"quizapp-{VERSION}.tar.gz"
BILL = f"quizapp-{VERSION}.cdx.json"
NO_INDEX = re.compile(r"NewConnectionError|ConnectTimeout|No matching distribution|Could not fetch|resolve")
pytestmark = pytest.mark.xdist_group("packaging")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean export: what git keeps or would keep, and nothing else."""
    folder = tmp_path_factory.mktemp("export")
    for path in tracked():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


@pytest.fixture(scope="module")
def released(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a whole release of the export."""
    out = tmp_path_factory.mktemp("dist")
    releasing.release(tree, out, WHEN)
    return out


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.slow
def test_another_build_elsewhere_gives_the_same_bytes(
    tree: Path, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "another place"
    shutil.copytree(tree, other)
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
        # What git keeps of a file's mode is whether it can be run.
        path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    releasing.release(other, tmp_path / "dist", WHEN)
    assert contents(tmp_path / "dist") == contents(released)
    assert set(contents(released)) == {WHEEL, SOURCES, BILL, "SHA256SUMS"}


@pytest.mark.slow
def test_the_source_archive_builds_the_same_wheel(released: Path, tmp_path: Path) -> None:
    with tarfile.open(released / SOURCES) as packed:
        assert {(one.uid, one.gid, one.uname, one.mtime) for one in packed} == {(0, 0, "", WHEN)}
        packed.extractall(tmp_path, filter="data")
    releasing.build(tmp_path / f"quizapp-{VERSION}", tmp_path / "dist", WHEN)
    assert contents(tmp_path / "dist") == {
        name: sum_ for name, sum_ in contents(released).items() if name in (WHEEL, SOURCES)
    }


@pytest.mark.slow
def test_the_wheel_holds_all_that_is_served_and_nothing_else(tree: Path, released: Path) -> None:
    with zipfile.ZipFile(released / WHEEL) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}
        times = {one.date_time for one in packed.infolist()}
    package = {str(path.relative_to(tree)) for path in (tree / "quizapp").rglob("*") if path.is_file()}
    banks = {f"quizapp/questions/{path.name}" for path in (tree / "questions").iterdir()}
    assert held == package | banks
    assert len(times) == 1
    for name in (
        "quizapp/bank.schema.json",
        "quizapp/editing/new_bank.yaml",
        "quizapp/editing/new_bank.cases.yaml",
        "quizapp/questions/personal_trainer.yaml",
        "quizapp/translations/ja/LC_MESSAGES/messages.po",
        "quizapp/web/static/look.css",
        "quizapp/web/templates/layout.html",
    ):
        assert name in held


@pytest.mark.slow
def test_the_source_archive_is_enough_to_serve_and_to_build(released: Path) -> None:
    with tarfile.open(released / SOURCES) as packed:
        held = {name.split("/", 1)[1] for name in packed.getnames()}
    wanted = {
        "run.py",
        "pyproject.toml",
        "LICENSE",
        "SECURITY.md",
        "requirements/serve.txt",
        "deploy/nginx.conf",
    }
    assert wanted <= held
    assert not [name for name in held if name.startswith(("tests/", "instance/", ".venv", ".ci"))]


STRAYS = (
    "quizapp/.env",
    "quizapp/web/.env",
    "quizapp/web/templates/.layout.html",
    "quizapp/web/static/leftover.sqlite3",
    "quizapp/store/server.key",
    "quizapp/notes.txt",
    "questions/leftover.sqlite3",
    "questions/.new.yaml",
    "questions/notes.md",
    "deploy/server.key",
    "docs/.env",
    "requirements/.env",
)


def strew(folder: Path) -> None:
    """Leave lying about what belongs into no release."""
    for name in STRAYS:
        (folder / name).write_text("stray", encoding="utf-8")


def strays(folder: Path) -> list[str]:
    return [name for name in STRAYS if (folder / name).exists()]


def given(folder: Path, to: Path) -> None:
    """Copy what .dockerignore lets through: its rows by turns, of which the last that fits holds."""
    rows = [
        row
        for row in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if row[:1] not in ("", "#")
    ]
    kept: set[Path] = set()
    for row in rows[1:]:
        fitting = set(folder.glob(row.removeprefix("!")))
        fitting |= {path for one in fitting if one.is_dir() for path in one.rglob("*")}
        kept = kept | fitting if row.startswith("!") else kept - fitting
    assert rows[0] == "*"
    for path in kept:
        if path.is_file():
            (to / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to / path.relative_to(folder))


@pytest.mark.slow
def test_what_lies_about_comes_into_no_release(tree: Path, released: Path, tmp_path: Path) -> None:
    strewn = shutil.copytree(tree, tmp_path / "strewn")
    strew(strewn)
    assert strays(strewn) == list(STRAYS)
    releasing.build(strewn, tmp_path / "dist", WHEN)
    assert contents(tmp_path / "dist") == {
        name: sum_ for name, sum_ in contents(released).items() if name in (WHEEL, SOURCES)
    }


def test_every_kind_of_file_that_is_kept_in_git_is_named_for_a_release(tree: Path) -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]
    for target, folders in (
        ("wheel", "quizapp questions"),
        ("sdist", "quizapp questions requirements deploy docs tools"),
    ):
        named = {path for row in targets[target]["include"] for path in tree.glob(row.removeprefix("/"))}
        files = {path for folder in folders.split() for path in (tree / folder).rglob("*") if path.is_file()}
        assert {str(path.relative_to(tree)) for path in files - named} == set()


@pytest.mark.slow
def test_what_the_image_is_given_builds_the_same_wheel(tree: Path, released: Path, tmp_path: Path) -> None:
    strewn = shutil.copytree(tree, tmp_path / "strewn")
    strew(strewn)
    given(strewn, tmp_path / "src")
    assert not strays(tmp_path / "src")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(WHEN)}
    subprocess.run(command, cwd=tmp_path / "src", env=environ, check=True, capture_output=True)
    assert contents(tmp_path / "dist") == {WHEEL: contents(released)[WHEEL]}


@pytest.mark.slow
def test_the_image_is_built_from_the_source_archive_as_well(released: Path, tmp_path: Path) -> None:
    with tarfile.open(released / SOURCES) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()
    assert all((source / name).is_file() for name in ("Dockerfile", "compose.yaml", ".dockerignore"))
    assert (source / ".dockerignore").read_bytes() == (ROOT / ".dockerignore").read_bytes()
    named = re.findall(
        r"`python3 (tools/\w+\.py)", (source / "docs" / "operations.md").read_text(encoding="utf-8")
    )
    assert named and all((source / name).is_file() for name in named)


@pytest.mark.slow
def test_the_checksums_are_those_that_sha256sum_reads(released: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=released, check=True)


# The bill of materials


@pytest.fixture(scope="module")
def bill(released: Path) -> str:
    return (released / BILL).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_bill_keeps_to_its_specification(bill: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    broken = bill.replace('"type": "library"', '"type": "libary"', 1)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


@pytest.mark.slow
def test_the_bill_names_every_pin_and_what_needs_it(bill: str, released: Path) -> None:
    told = json.loads(bill)
    pinned = pins.read_pins("full")
    assert [(one["name"], one["version"]) for one in told["components"]] == [
        (pin.name, pin.version) for pin in pinned
    ]
    for one, pin in zip(told["components"], pinned, strict=True):
        assert tuple(row["content"] for row in one["externalReferences"][0]["hashes"]) == pin.hashes
    files = {
        row["url"]: row["hashes"][0]["content"] for row in told["metadata"]["component"]["externalReferences"]
    }
    assert files == {name: sum_ for name, sum_ in contents(released).items() if name in (WHEEL, SOURCES)}
    # From quizapp every component is reached: none is there without a reason.
    leads = {row["ref"]: row["dependsOn"] for row in told["dependencies"]}
    reached, open_ = set(), [told["metadata"]["component"]["bom-ref"]]
    while open_:
        reached.add(ref := open_.pop())
        open_ += [one for one in leads[ref] if one not in reached]
    assert reached == set(leads)
    required = {one["name"] for one in told["components"] if one["scope"] == "required"}
    assert required == {pin.name for pin in pins.read_pins("serve")}


@pytest.mark.slow
def test_no_part_of_a_release_holds_an_address_of_a_registry(released: Path) -> None:
    texts = [path.read_bytes() for path in released.iterdir() if path.name in (BILL, "SHA256SUMS")]
    with zipfile.ZipFile(released / WHEEL) as packed:
        texts += [packed.read(name) for name in packed.namelist()]
    with tarfile.open(released / SOURCES) as archive:
        texts += [file.read() for one in archive if (file := archive.extractfile(one))]
    assert [word for word in REGISTRIES if any(word.encode() in text for text in texts)] == []


def test_a_release_knows_its_time(tmp_path: Path) -> None:
    assert releasing.time_of(ROOT, {"SOURCE_DATE_EPOCH": "5"}) == 5
    with pytest.raises(LookupError, match="SOURCE_DATE_EPOCH"):
        releasing.time_of(tmp_path, {})
    if (ROOT / ".git").exists():
        assert releasing.time_of(ROOT, {}) > 1_700_000_000


def test_a_release_is_never_mixed_with_an_older_one(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "old.whl").touch()
    with pytest.raises(FileExistsError):
        releasing.build(tree, tmp_path, WHEN)


# Installed


@dataclass
class Installed:
    """An environment with the release in it, an empty folder and a home of its own."""

    bin: Path
    empty: Path
    environ: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / "quizapp"), *arguments]
        return subprocess.run(
            command, cwd=self.empty, env=self.environ, capture_output=True, text=True, timeout=120
        )


@pytest.fixture(scope="module")
def installed(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """As docs/operations.md tells: the pins by their hashes, then the wheel; pipx does no other."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True, timeout=120)
    python = str(folder / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    serve = str(ROOT / "requirements" / "serve.txt")
    told = subprocess.run(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", serve],
        capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    if told.returncode and NO_INDEX.search(told.stderr) and os.environ.get("CI") != "true":
        pytest.skip("needs a package index that answers")
    assert told.returncode == 0, told.stderr[-2000:]
    sum_ = contents(released)[WHEEL]
    pinned = folder / "quizapp.txt"
    pinned.write_text(f"quizapp @ {(released / WHEEL).as_uri()} --hash=sha256:{sum_}\n")
    subprocess.run(
        [*pip, "--no-index", "--no-deps", "--require-hashes", "-r", str(pinned)], check=True, timeout=120
    )
    (folder / "empty").mkdir()
    (folder / "home").mkdir()
    kept = ("PATH", "LANG", "TZ", "TMPDIR")
    environ = {name: os.environ[name] for name in kept if name in os.environ}
    return Installed(folder / "venv" / "bin", folder / "empty", {**environ, "HOME": str(folder / "home")})


@pytest.mark.slow
def test_what_is_pinned_is_all_that_the_wheel_asks_for(installed: Installed) -> None:
    told = subprocess.run(
        [str(installed.bin / "python"), "-m", "pip", "check"], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout


@pytest.mark.slow
def test_a_wheel_with_other_bytes_is_refused(installed: Installed, released: Path, tmp_path: Path) -> None:
    shutil.copy(released / WHEEL, tmp_path)
    (tmp_path / "pins.txt").write_text(f"quizapp @ {(tmp_path / WHEEL).as_uri()} --hash=sha256:{'0' * 64}\n")
    command = [
        str(installed.bin / "python"),
        "-m",
        "pip",
        "install",
        "--no-index",
        "--no-deps",
        "--require-hashes",
    ]
    told = subprocess.run(
        [*command, "--force-reinstall", "-r", str(tmp_path / "pins.txt")], capture_output=True, text=True
    )
    assert told.returncode != 0
    assert "DO NOT MATCH THE HASHES" in told.stderr


@pytest.mark.slow
def test_the_commands_work_in_an_empty_folder(installed: Installed) -> None:
    assert installed.run("--version").stdout.strip().endswith(VERSION)
    told = installed.run("recommend", "personal_trainer", "--lang", "en")
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) > 5
    assert installed.run("check").returncode == 0
    assert list(installed.empty.iterdir()) == []


@pytest.mark.slow
def test_it_serves_from_an_empty_folder_and_ends_when_told(installed: Installed) -> None:
    process = subprocess.Popen(
        [str(installed.bin / "quizapp"), "serve", "--port", "0"],
        cwd=installed.empty, env=installed.environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        port = int(re.findall(r":(\d+)/", process.stdout.readline())[0])
        pages = {
            path: get(port, path)
            for path in ("/", "/quiz/personal_trainer", "/about/personal_trainer", "/healthz")
        }
        assert {path: status for path, (status, _) in pages.items() if status not in (200, 302, 303)} == {}
        assert "しるべ" in pages["/"][1]
        styles = re.findall(r"/static/[\w.\-]+", pages["/"][1])
        assert styles and {get(port, path)[0] for path in styles} == {200}
    finally:
        begun = time.monotonic()
        process.terminate()
        code = process.wait(30)
        process.stdout.close()
    assert (code, time.monotonic() - begun < 20) == (0, True)
    assert list(installed.empty.iterdir()) == []
    kept = Path(installed.environ["HOME"]) / ".local" / "share" / "quizapp"
    assert {"quizapp.sqlite3", "secret"} <= {path.name for path in kept.iterdir()}
    assert (kept / "secret").stat().st_mode & 0o777 == 0o600


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Language": "ja"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


# Licences and advisories


def test_the_list_of_licences_is_what_its_tool_writes() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_every_licence_is_an_agreed_one_and_others_are_refused() -> None:
    assert licences.refused(licences.licensed("full")) == []
    for licence in ("GPL-3.0-only", "MIT AND AGPL-3.0-or-later", "MIT WITH Some-exception", ""):
        assert len(licences.refused([licences.Licensed("a", ("1",), licence, "")])) == 1


@pytest.mark.parametrize("name", sorted(licences.READ_BY_US))
def test_what_we_read_ourselves_stands_in_the_licence_file(name: str) -> None:
    files = [file for file in metadata.files(name) or [] if file.name.upper().startswith("LICENSE")]
    text = " ".join(files[0].read_text().split())
    assert "Neither the name of the copyright holder nor the names of its contributors" in text


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip and uv reach no index."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.mark.slow
@pytest.mark.usefixtures("no_network")
def test_an_audit_without_an_answer_says_so_loudly_and_does_not_hang(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun = time.monotonic()
    assert audit_dependencies.main(["40"]) == 0
    assert audit_dependencies.main(["0.2"]) == 0
    assert time.monotonic() - begun < 60
    assert capsys.readouterr().err.count("!! NOT AUDITED") == 2


@pytest.mark.parametrize("found", [[], ["jinja2 2.10: X-1, mended in 2.11"]], ids=["none", "one"])
def test_an_advisory_fails_the_audit(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_dependencies, "advisories", lambda _: found)
    assert audit_dependencies.main([]) == len(found)


def test_ci_asks_for_advisories_and_cannot_hang_on_it() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "timeout --kill-after=5 60 python3 tools/audit_dependencies.py" in text
    assert audit_dependencies.SECONDS < 60


@pytest.mark.parametrize(
    "module", [audit_dependencies, bill_of_materials, licences, pins], ids=lambda m: m.__name__
)
def test_the_examples_in_the_tools_hold(module: object) -> None:
    told = doctest.testmod(module)  # type: ignore[arg-type]
    assert told.attempted and not told.failed


def test_the_builder_is_pinned_as_the_project_asks_for_it() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert whole["build-system"]["requires"] == whole["dependency-groups"]["build"]
    assert set(whole["dependency-groups"]["build"]) <= set(PROJECT["optional-dependencies"]["test"])
