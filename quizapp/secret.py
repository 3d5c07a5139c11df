"""The secret that signs cookies and forms: reads the one set, or makes and keeps one."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from quizapp.config import Settings, variable
from quizapp.errors import Invalid, Problem, Where
from quizapp.setting_kinds import SHORTEST_SECRET


def secret_of(settings: Settings) -> str:
    """The secret that signs cookies: the one set, else in embedded mode the one kept in ``instance/secret``.

    Makes and keeps one (mode 600) where there is none; of several processes starting at once, all get
    the same. Raises Invalid in production mode without a secret, and where the kept one is unusable.
    """
    if settings.secret_key:
        return settings.secret_key
    refuse_no_secret(settings)
    path = settings.instance / "secret"
    if not path.exists():
        _keep_new(path)
    return _kept(path)


def refuse_no_secret(settings: Settings) -> None:
    """Raise Invalid where ``secret_of`` would; makes nothing."""
    if settings.secret_key:
        return
    if settings.mode == "production":
        raise Invalid([_not_set()])
    path = settings.instance / "secret"
    if path.exists():
        _kept(path)


def _kept(path: Path) -> str:
    secret = path.read_text(encoding="utf-8").strip()
    if len(secret) < SHORTEST_SECRET:
        raise Invalid([_unusable(path)])
    return secret


def _not_set() -> Problem:
    return Problem(
        Where(variable("secret_key")),
        "no_secret",
        "it is not set",
        "production mode never makes a secret by itself, as every machine must share one",
        'set it to what this prints: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
    )


def _unusable(path: Path) -> Problem:
    return Problem(
        Where(str(path)),
        "bad_secret",
        "the kept secret is empty or too short",
        "cookies signed with it could be forged",
        "remove the file; a new one is made at the next start",
    )


def _keep_new(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A hard link either makes the whole file or fails because another process was first.
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
