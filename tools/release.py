"""Builds a release into dist/: wheel, source archive, bill of materials and their checksums.

python -m tools.release [--out FOLDER]

The commit that is checked out is built, not what lies about in the folder; outside git, the folder. The
same commit gives the same bytes, by SOURCE_DATE_EPOCH or else by the time of the commit.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tools.bill_of_materials import EXTRAS, bill
from tools.pins import ROOT

SUMS = "SHA256SUMS"


def build(source: Path, out: Path, epoch: int) -> dict[str, str]:
    """Wheel and source archive of a folder, built into ``out``: the names of the files and their SHA-256.

    Nothing is downloaded: the builder is the installed one. Raises CalledProcessError when it fails.
    """
    out.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in out.iterdir()}
    if before:
        raise FileExistsError(f"{out} is not empty")
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-d", str(out.resolve())]
    hushed = subprocess.DEVNULL
    subprocess.run(command, cwd=source, env=environ, check=True, stdout=hushed)  # noqa: S603
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


def release(source: Path, out: Path, epoch: int) -> dict[str, str]:
    """A whole release of a folder: what ``build`` makes, the bill of materials and the checksums.

    Returns every file but the checksums with its SHA-256.
    """
    files = build(source, out, epoch)
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = next(name for name in files if name.endswith(".whl")).split("-")[1]
    more = [text for extra in EXTRAS for text in project["optional-dependencies"][extra]]
    written = bill(version, epoch, files, project["dependencies"], more)
    path = out / f"quizapp-{version}.cdx.json"
    path.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    # As `sha256sum --check` reads it.
    sums = "".join(f"{sum_}  {name}\n" for name, sum_ in sorted(files.items()))
    (out / SUMS).write_text(sums, encoding="utf-8")
    return files


def export(folder: Path, to: Path) -> None:
    """The commit that is checked out in ``folder``, written to ``to``. Raises CalledProcessError."""
    archive = _git(folder, "archive", "--format=tar", "HEAD")
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(to, filter="data")


def time_of(folder: Path, environ: Mapping[str, str]) -> int:
    """SOURCE_DATE_EPOCH, or else the time of the commit. Raises LookupError where there is neither."""
    if environ.get("SOURCE_DATE_EPOCH"):
        return int(environ["SOURCE_DATE_EPOCH"])
    if not (folder / ".git").exists():
        raise LookupError("without git, SOURCE_DATE_EPOCH has to say the time of the release")
    return int(_git(folder, "log", "-1", "--format=%ct"))


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603


def main(arguments: list[str]) -> int:
    """Builds what the arguments ask for and lists it; 1 where it cannot."""
    options = argparse.ArgumentParser(prog="python -m tools.release")
    options.add_argument("--out", type=Path, default=ROOT / "dist", help="an empty folder  [default: dist]")
    out: Path = options.parse_args(arguments).out
    try:
        epoch = time_of(ROOT, os.environ)
        with tempfile.TemporaryDirectory() as folder:
            source = ROOT
            if (ROOT / ".git").exists():
                source = Path(folder)
                export(ROOT, source)
            files = release(source, out, epoch)
    except (LookupError, FileExistsError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{sum_}  {out / name}\n" for name, sum_ in files.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
