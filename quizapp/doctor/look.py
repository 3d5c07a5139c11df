"""Looks at this machine for what would keep the quiz from working well; changes nothing that stays."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from quizapp.cli.bank_file import bank_files, file_problems
from quizapp.config import TOML, Settings, is_secret, unknown_variables
from quizapp.doctor.findings import Finding as Finding
from quizapp.doctor.store import store_findings
from quizapp.setting_kinds import POSTGRES, without_password

ENOUGH_DISK = 200_000_000
# Commits can be lost when a write-ahead log is reset at the wrong moment (mended in 3.51.3).
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))


def examine(settings: Settings, on: date) -> Iterator[Finding]:
    """The findings, one by one as they are made; ``on`` is the day on which the banks are checked."""
    yield Finding("python", "ok", f"{platform.python_version()} at {sys.executable}")
    if not settings.database.startswith(POSTGRES):
        yield sqlite_version(sqlite3.sqlite_version_info)
        yield _wal(Path(settings.database).parent)
    yield from store_findings(settings)
    yield _writable("instance folder", settings.instance, "bad", "results and the secret cannot be kept")
    yield _writable("questions folder", settings.questions, "warning", "banks can be read, not written back")
    yield _disk(settings.instance)
    yield from _banks(settings, on)
    yield from _settings_file(settings.instance / TOML)
    yield _secret(settings)
    yield _hosts(settings)
    yield _provider(settings)
    yield _metrics(settings)
    yield _variables()


def sqlite_version(version: tuple[int, int, int]) -> Finding:
    """What to know about the SQLite that Python is linked with.

    >>> sqlite_version((3, 51, 3)).verdict, sqlite_version((3, 40, 1)).verdict
    ('ok', 'warning')
    """
    name = ".".join(str(part) for part in version)
    first, last = WAL_RESET_BUG
    if first <= version <= last:
        says = f"{name} has the WAL-reset bug of 3.7.0 to 3.51.2; quizapp writes on one connection to keep clear of it"
        return Finding("sqlite", "warning", says)
    return Finding("sqlite", "ok", name)


def _wal(folder: Path) -> Finding:
    folder = _nearest_existing(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doctor-") as scratch:
            connection = sqlite3.connect(Path(scratch) / "wal.sqlite3")
            mode = connection.execute("pragma journal_mode=wal").fetchone()[0]
            connection.close()
    except (OSError, sqlite3.Error) as error:
        return Finding("write-ahead log", "bad", f"cannot be tried in {folder}: {error}")
    if mode != "wal":
        return Finding(
            "write-ahead log", "bad", f"{folder} does not support it (a network folder?); use a local disk"
        )
    return Finding("write-ahead log", "ok", f"works in {folder}")


def _writable(of: str, folder: Path, otherwise: Literal["warning", "bad"], means: str) -> Finding:
    place = _nearest_existing(folder)
    if os.access(place, os.W_OK | os.X_OK):
        return Finding(of, "ok", str(folder) + ("" if place == folder else " (made at the first start)"))
    return Finding(of, otherwise, f"{folder} cannot be written: {means}")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_nearest_existing(folder)).free
    verdict: Literal["ok", "warning"] = "ok" if free >= ENOUGH_DISK else "warning"
    return Finding("disk", verdict, f"{free // 1_000_000:,} MB free")


def _banks(settings: Settings, on: date) -> Iterator[Finding]:
    from quizapp.bank.check import blocking

    paths = bank_files(settings)
    if not paths:
        yield Finding("banks", "bad", f"there is none in {settings.questions}")
    for path in paths:
        problems = file_problems(path, on)
        wrong = len(blocking(problems))
        says = f"{wrong} problems: quizapp check {path}" if wrong else f"fine, {len(problems)} warnings"
        yield Finding(f"bank {path.stem}", "bad" if wrong else "ok", says)


def _settings_file(path: Path) -> Iterator[Finding]:
    """Whether others can read a file of settings that holds a secret."""
    try:
        mode = path.stat().st_mode & 0o777
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    secret = sorted(key for key, value in held.items() if value and (is_secret(key) or _has_password(value)))
    if os.name == "posix" and mode & 0o077 and secret:
        says = f"{path} has mode {mode:o} and holds {', '.join(secret)}: others can read it; chmod 600 it"
        yield Finding("settings file", "warning", says)
    else:
        yield Finding("settings file", "ok", str(path))


def _has_password(value: object) -> bool:
    return isinstance(value, str) and without_password(value) != value


def _secret(settings: Settings) -> Finding:
    kept = settings.instance / "secret"
    if settings.secret_key:
        return Finding("secret", "ok", "set")
    if settings.mode == "production":
        return Finding("secret", "bad", "not set; production mode does not start without QUIZAPP_SECRET_KEY")
    if not kept.exists():
        return Finding("secret", "ok", f"made at the first start, in {kept}")
    if os.name == "posix" and (mode := kept.stat().st_mode & 0o777) != 0o600:
        return Finding(
            "secret", "bad", f"{kept} has mode {mode:o}; chmod 600 it, or remove it to get a new one"
        )
    return Finding("secret", "ok", f"kept in {kept}")


def _hosts(settings: Settings) -> Finding:
    if settings.mode == "production" and not settings.trusted_hosts:
        return Finding("host names", "warning", "any is accepted; set QUIZAPP_TRUSTED_HOSTS")
    return Finding("host names", "ok", ", ".join(settings.trusted_hosts) or "any")


def _provider(settings: Settings) -> Finding:
    from quizapp.editing.identity_setting import identity_problems

    if problems := identity_problems(settings):
        says = "; ".join(f"{one.where}: {one.what}, {one.fix}" for one in problems)
        return Finding("editors' sign-in", "bad", says)
    return Finding("editors' sign-in", "ok", settings.oidc_issuer or "by name and password")


def _metrics(settings: Settings) -> Finding:
    if settings.metrics == "token" and not settings.metrics_token:
        return Finding(
            "metrics", "bad", "open to whoever has the token, and there is none: set QUIZAPP_METRICS_TOKEN"
        )
    who = {
        "off": "closed",
        "local": "open to programs on this machine",
        "token": "open to whoever has the token",
    }
    return Finding("metrics", "ok", who[settings.metrics])


def _variables() -> Finding:
    strays = unknown_variables(os.environ)
    if strays:
        return Finding("environment", "warning", f"no setting is called {'; '.join(strays)}")
    return Finding("environment", "ok", "no misspelt QUIZAPP_ variable")


def _nearest_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())
