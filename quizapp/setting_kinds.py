"""How the values of settings are read and told to people; knows no setting by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHORTEST_SECRET = 16
# How the address of a PostgreSQL database begins.
POSTGRES = ("postgresql://", "postgres://")
# How the address of a Redis begins, without and with TLS.
REDIS = ("redis://", "rediss://")


@dataclass(frozen=True)
class Kind:
    """How a value is told to people, and how it is read; ``read`` raises ValueError with the reason."""

    says: str
    read: Callable[[Any], Any]


def whole(low: int, high: int) -> Kind:
    """Whole numbers from ``low`` to ``high``, both included."""
    says = f"whole number, {low:,} to {high:,}"

    def read(value: Any) -> int:
        number = _int(value)
        if number is None or not low <= number <= high:
            raise ValueError(f"not a {says}")
        return number

    return Kind(says, read)


def _int(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def seconds(low: float, high: float) -> Kind:
    """A span of time from ``low`` to ``high`` seconds, both included."""
    says = f"seconds, {low:g} to {high:g}"

    def read(value: Any) -> float:
        try:
            span = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            span = float("nan")
        if not low <= span <= high:
            raise ValueError(f"not a number of {says}")
        return span

    return Kind(says, read)


def one_of(*words: str) -> Kind:
    """One of these words."""
    says = " or ".join(f"`{word}`" for word in words)

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"not one of {', '.join(words)}")
        return str(value)

    return Kind(says, read)


def _read_yes_no(value: Any) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError("neither true nor false")
    return words[str(value).lower()]


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or any(ord(mark) < 32 for mark in value):
        raise ValueError("not a line of text")
    return value.strip()


def read_secret(value: Any) -> str:
    """A text too long to guess. Raises ValueError, which never holds the text."""
    secret = _read_text(value)
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"shorter than {SHORTEST_SECRET} characters")
    return secret


def list_of(says: str, read_one: Callable[[Any], str]) -> Kind:
    """A TOML array, or words with commas between them in the environment."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, str | list):
            raise ValueError("not a list")
        words = value.split(",") if isinstance(value, str) else value
        return tuple(read_one(word) for word in words if not isinstance(word, str) or word.strip())

    return Kind(f"list of {says}", read)


def read_host(value: Any) -> str:
    """A host name without scheme or path. Raises ValueError."""
    host = _read_text(value)
    if any(mark in host for mark in "/@ ") or "://" in host:
        raise ValueError(f"{host!r} is not a host name")
    return host


def read_origin(value: Any) -> str:
    """A scheme and host such as ``https://example.org``. Raises ValueError."""
    origin = _read_text(value).rstrip("/")
    scheme, mark, host = origin.partition("://")
    if scheme not in ("https", "http") or not mark or not host or any(c in host for c in "/?#@;, '\"*"):
        raise ValueError(f"{origin!r} is not an origin such as https://example.org")
    return origin


def read_issuer(value: Any) -> str:
    """The address of an identity provider, exactly as it writes it. Raises ValueError.

    >>> read_issuer("https://id.example/tenant")
    'https://id.example/tenant'
    """
    issuer = _read_text(value)
    parts = urlsplit(issuer)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise ValueError(f"{issuer!r} is not an https address")
    if not parts.hostname or parts.username or parts.query or parts.fragment or " " in issuer:
        raise ValueError(f"{issuer!r} is not an address such as https://id.example")
    return issuer


def _read_path(value: Any) -> Path:
    return Path(_read_text(value)).expanduser()


def read_database(value: Any) -> str:
    """The address of a PostgreSQL database, or the path of an SQLite file, ``sqlite:///`` taken off.

    Raises ValueError, which never holds a password.

    >>> read_database("sqlite:///kept.db"), read_database("postgresql://quiz@db1,db2/quiz")
    ('kept.db', 'postgresql://quiz@db1,db2/quiz')
    """
    text = _read_text(value)
    if text.startswith(POSTGRES):
        return text
    if re.match(r"postgres(ql)?:?/", text):
        raise ValueError("not an address: did you mean postgresql://USER@HOST/DATABASE?")
    path = text.removeprefix("sqlite:///")
    if "://" in path:
        raise ValueError(f"of a kind, {path.partition('://')[0]!r}, that is not supported")
    return str(Path(path).expanduser())


def read_rate_limits(value: Any) -> str:
    """``process``, ``store``, or the address of a Redis. Raises ValueError, which never holds a password.

    >>> read_rate_limits("store"), read_rate_limits("redis://limits.example:6379/1")
    ('store', 'redis://limits.example:6379/1')
    """
    text = _read_text(value)
    if text in ("process", "store"):
        return text
    try:
        parts = urlsplit(text)
        known = text.startswith(REDIS) and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known:
        raise ValueError("neither process nor store nor an address such as redis://HOST:6379/0")
    return text


def without_password(address: str) -> str:
    """The address of a database as it may be shown.

    >>> without_password("postgresql://quiz:s3cret@db1,db2/quiz?password=s3cret&sslmode=require")
    'postgresql://quiz:…@db1,db2/quiz?password=…&sslmode=require'
    """
    shown = re.sub(r"(?<=://)([^:/?#]*):.*@", r"\1:…@", address)
    return re.sub(r"(?<=[?&]password=)[^&]*", "…", shown)


ISSUER = Kind("https address", read_issuer)
TEXT = Kind("text", _read_text)
FOLDER = Kind("folder", _read_path)
SECRET = Kind(f"text of {SHORTEST_SECRET} characters or more", read_secret)
DATABASE = Kind("SQLite file, or `postgresql://…`", read_database)
RATE_LIMITS = Kind("`process` or `store` or `redis://…`", read_rate_limits)
YES_NO = Kind("`true` or `false`", _read_yes_no)
