"""Every setting in one table, and how it is read; knows what a setting means to nobody else.

The fields of ``Settings`` are the table: docs/settings.md is written from it and a test keeps them
alike. The environment (``QUIZAPP_…``) wins over ``quizapp.toml`` in the instance folder, which wins
over the defaults. Every bad value is told at once.
"""

from __future__ import annotations

import difflib
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from quizapp.errors import Invalid, Problem, Where
from quizapp.setting_kinds import (
    DATABASE,
    FOLDER,
    ISSUER,
    POSTGRES,
    RATE_LIMITS,
    SECRET,
    TEXT,
    YES_NO,
    Kind,
    list_of,
    one_of,
    read_host,
    read_origin,
    read_secret,
    seconds,
    whole,
    without_password,
)

VERSION = "0.1.0"
PREFIX = "QUIZAPP_"
TOML = "quizapp.toml"


def home() -> Path | None:
    """The folder that holds ``questions`` or ``instance/quizapp.toml``: the current one, else the checkout.

    None where quizapp was installed as a package and the current folder holds neither.
    """
    checkout = Path(__file__).resolve().parent.parent
    for folder in (Path.cwd(), checkout):
        if (folder / "questions").is_dir() or (folder / "instance" / TOML).is_file():
            return folder
    return None


def _questions() -> Path:
    found = home()
    return found / "questions" if found else Path(__file__).resolve().parent / "questions"


def _instance() -> Path:
    found = home()
    return found / "instance" if found else _data_folder() / "quizapp"


def _data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _setting(
    kind: Kind,
    help: str,
    default: Any = None,
    made: Callable[[], Any] | None = None,
    shown: str | None = None,
) -> Any:
    about = {"kind": kind, "help": help, "shown": shown}
    return field(default_factory=made, metadata=about) if made else field(default=default, metadata=about)


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, with its default.

    ``database`` is the path of an SQLite file or the address of a PostgreSQL database.
    """

    mode: str = _setting(
        one_of("embedded", "production"),
        "`embedded` looks after itself on one machine; `production` refuses to start without a secret.",
        "embedded",
    )
    host: str = _setting(TEXT, "Address to listen on; `0.0.0.0` lets other machines in.", "127.0.0.1")
    port: int = _setting(whole(0, 65_535), "Port to listen on; 0 takes any free one.", 8000)
    threads: int = _setting(whole(1, 64), "How many requests are worked on at once.", 4)
    instance: Path = _setting(
        FOLDER,
        "Folder for what this machine keeps: database, secret, `quizapp.toml`. Environment only.",
        made=_instance,
        shown="`instance`, see below",
    )
    questions: Path = _setting(
        FOLDER, "Folder of the banks.", made=_questions, shown="`questions`, see below"
    )
    database: str = _setting(
        DATABASE,
        "Where results and published banks are kept.",
        "",
        shown="`quizapp.sqlite3` in the instance folder",
    )
    secret_key: str = _setting(
        SECRET, "Signs cookies and forms. Never show it.", "", shown="made and kept in `instance/secret`"
    )
    secret_key_fallbacks: tuple[str, ...] = _setting(
        list_of("texts", read_secret), "Earlier secrets, still accepted when read.", ()
    )
    https: bool = _setting(
        YES_NO, "The site is reached over https: `__Host-` cookies marked Secure, and HSTS.", False
    )
    trusted_hosts: tuple[str, ...] = _setting(
        list_of("host names", read_host), "Host names that requests may name; empty accepts any.", ()
    )
    proxy_hops: int = _setting(
        whole(0, 5), "How many reverse proxies in front may be believed about address and scheme.", 0
    )
    embed_origins: tuple[str, ...] = _setting(
        list_of("origins", read_origin),
        "Sites that may show the card at `/embed/BANK` in a frame; empty allows none.",
        (),
    )
    product_ja: str = _setting(TEXT, "The product's name on Japanese pages.", "しるべ")
    product_en: str = _setting(TEXT, "The product's name on English pages.", "Shirube")
    default_language: str = _setting(
        one_of("ja", "en"), "Language where neither a choice nor the browser says another.", "ja"
    )
    result_days: int = _setting(whole(1, 3_650), "Days that a result is kept.", 365)
    results_per_day: int = _setting(
        whole(1, 1_000_000),
        "How many results one address may save in a day; no more than 60 in a minute in any case.",
        2_000,
    )
    editor_idle_hours: int = _setting(
        whole(1, 720), "Hours without a click after which an editor signs in again.", 12
    )
    editor_session_days: int = _setting(
        whole(1, 90), "Days after which an editor signs in again in any case.", 14
    )
    oidc_issuer: str = _setting(
        ISSUER, "OpenID provider through which editors may sign in; see below.", "", shown="none"
    )
    oidc_client_id: str = _setting(TEXT, "What the provider calls this site.", "", shown="none")
    oidc_client_secret: str = _setting(
        TEXT, "The secret that it shares with the provider, if it has one. Never show it.", "", shown="none"
    )
    oidc_label: str = _setting(
        TEXT, "What the link to the provider calls it.", "", shown="“your organisation”"
    )
    max_body_bytes: int = _setting(
        whole(1_000, 50_000_000), "Largest request body; more is refused with 413.", 1_000_000
    )
    watch: float = _setting(
        seconds(0, 60), "Seconds between looks at the bank files; 0 looks only at the start.", 0.25
    )
    log_level: str = _setting(
        one_of("debug", "info", "warning", "error"), "The least that is logged.", "info"
    )
    log_format: str = _setting(
        one_of("text", "json"),
        "How it is logged: lines to read, or a JSON object a line.",
        "",
        shown="`json` in production, else `text`",
    )
    rate_limits: str = _setting(
        RATE_LIMITS,
        "Where it is counted how often one address saves results and calls the API: in each process for itself, "
        "in the database for all of them, or in Redis for all of them. Sign-ins are always counted in the database.",
        "",
        shown="`store` with PostgreSQL, else `process`",
    )
    metrics: str = _setting(
        one_of("off", "local", "token"),
        "Who may read `/metrics`: nobody, programs on this machine that come through no proxy, or whoever "
        "sends the token.",
        "off",
    )
    metrics_token: str = _setting(
        SECRET,
        "What to send as `Authorization: Bearer …` to read `/metrics`. Never show it.",
        "",
        shown="none",
    )
    disk_floor_mb: int = _setting(
        whole(0, 1_000_000), "`/readyz` says no when less than so many MB are free on the disk.", 100
    )
    drain_seconds: float = _setting(
        seconds(0, 60),
        "On SIGTERM `/readyz` says no for so long, while requests are still answered; set it where a load "
        "balancer asks `/readyz`.",
        0.0,
    )

    def __post_init__(self) -> None:
        """A database that was not named lies in the instance folder; other defaults follow from what was set."""
        self._fill("database", str(self.instance / "quizapp.sqlite3"))
        self._fill("log_format", "json" if self.mode == "production" else "text")
        self._fill("rate_limits", "store" if self.database.startswith(POSTGRES) else "process")

    def _fill(self, name: str, value: str) -> None:
        if not getattr(self, name):
            object.__setattr__(self, name, value)

    def product(self, language: str) -> str:
        """The product's name in a language.

        >>> Settings().product("en")
        'Shirube'
        """
        return self.product_en if language == "en" else self.product_ja


def variable(name: str) -> str:
    """The environment variable of a setting.

    >>> variable("port")
    'QUIZAPP_PORT'
    """
    return PREFIX + name.upper()


def is_secret(name: str) -> bool:
    """Whether the value of a setting must never be shown.

    >>> is_secret("oidc_client_secret"), is_secret("metrics_token"), is_secret("port")
    (True, True, False)
    """
    return "secret" in name or "token" in name


def load(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """The settings in force: ``given`` over environment over file over defaults. Writes nothing.

    Raises Invalid with every bad value and every unknown key of the file.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    _read_environment(environ, values, problems)
    instance = given.get("instance") or values.get("instance") or _instance()
    from_file: dict[str, Any] = {}
    _read_file(instance / TOML, from_file, problems)
    if problems:
        raise Invalid(problems)
    given = {name: value for name, value in given.items() if value is not None}
    return Settings(**{**from_file, **values, "instance": instance, **given})


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables that begin like a setting and are none, each with the nearest name where there is one."""
    known = {variable(row.name) for row in fields(Settings)}
    strays = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [f"{name} ({_nearest(name, known)})" for name in strays]


def _read_environment(environ: Mapping[str, str], values: dict[str, Any], problems: list[Problem]) -> None:
    for row in fields(Settings):
        name = variable(row.name)
        if environ.get(name, "").strip():
            _read_one(row, environ[name], Where(name), values, problems)


def _read_file(path: Path, values: dict[str, Any], problems: list[Problem]) -> None:
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(_problem(Where(str(path)), f"it cannot be read: {error}", "mend or remove the file"))
        return
    rows = {row.name: row for row in fields(Settings) if row.name != "instance"}
    for key, value in table.items():
        where = Where(str(path), _line_of(key, text))
        if key in rows:
            _read_one(rows[key], value, where, values, problems)
        else:
            problems.append(_problem(where, f"there is no setting {key!r}", _nearest(key, set(rows))))
    if "questions" in values:
        values["questions"] = path.parent / values["questions"]
    if "database" in values and not values["database"].startswith(POSTGRES):
        values["database"] = str(path.parent / values["database"])


def _read_one(
    row: Field[Any], value: Any, where: Where, values: dict[str, Any], problems: list[Problem]
) -> None:
    kind: Kind = row.metadata["kind"]
    try:
        values[row.name] = kind.read(value)
    except ValueError as error:
        shown = "the value" if is_secret(row.name) else repr(_shown(value))
        problems.append(_problem(where, f"{shown} is {error}", f"allowed: {kind.says}"))


def _shown(value: Any) -> Any:
    return without_password(value) if isinstance(value, str) else value


def _problem(where: Where, what: str, fix: str) -> Problem:
    return Problem(where, "bad_setting", what, "quizapp does not guess what was meant", fix)


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else "docs/settings.md lists them all"


def _line_of(key: str, text: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.split("=")[0].strip().strip("\"'") == key), 0)


def settings_table() -> str:
    """The table of docs/settings.md: one row per setting, in Markdown."""
    rows = ["| environment | `quizapp.toml` | value | default | meaning |", "|---|---|---|---|---|"]
    for row in fields(Settings):
        key = "–" if row.name == "instance" else f"`{row.name}`"
        kind: Kind = row.metadata["kind"]
        rows.append(
            f"| `{variable(row.name)}` | {key} | {kind.says} | {_default(row)} | {row.metadata['help']} |"
        )
    return "\n".join(rows) + "\n"


def _default(row: Field[Any]) -> str:
    if row.metadata["shown"]:
        return str(row.metadata["shown"])
    if row.default == ():
        return "empty"
    return f"`{str(row.default).lower() if isinstance(row.default, bool) else row.default}`"
