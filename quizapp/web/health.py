"""Whether this process is alive, and whether it should be sent requests; for machines that look after it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify

from quizapp.config import VERSION, Settings
from quizapp.errors import NotFound, Unavailable
from quizapp.setting_kinds import POSTGRES, REDIS
from quizapp.web.services import services

bp = Blueprint("health", __name__)

Check = dict[str, Any]
_LEAVING = "quizapp_leaving"
_compiling = Lock()


@bp.get("/healthz")
def healthz() -> Response:
    """That this process answers; it asks nobody else, so a store that is away gets no process killed."""
    return jsonify({"status": "ok", "version": VERSION})


@bp.get("/readyz")
def readyz() -> Response:
    """What speaks for and against sending requests here, one by one; 503 where anything speaks against it."""
    checks = {"draining": _draining(), "store": _store(), "disk": _disk(services().settings)}
    checks["banks"] = _banks() if checks["store"]["ok"] else {"ok": False, "says": "the store was not asked"}
    if counting := _limits():
        checks["limits"] = counting
    ready = all(check["ok"] for check in checks.values())
    made = jsonify({"ready": ready, "checks": checks, "version": VERSION})
    made.status_code = 200 if ready else 503
    return made


def leave_when(app: Flask, leaving: Callable[[], bool]) -> None:
    """Say no at ``/readyz`` once ``leaving`` is true, and keep no connection open from then on."""
    app.extensions[_LEAVING] = leaving

    @app.after_request
    def last_on_its_connection(response: Response) -> Response:
        if leaving():
            response.headers["Connection"] = "close"
        return response


def _draining() -> Check:
    leaving = current_app.extensions.get(_LEAVING)
    on_the_way_out = bool(leaving and leaving())
    return {"ok": not on_the_way_out, "says": "this process is about to end" if on_the_way_out else "no"}


def _store() -> Check:
    try:
        services().store.ping()
    except Unavailable as error:
        return {"ok": False, "says": str(error)}
    return {"ok": True, "says": "answers"}


def _limits() -> Check | None:
    """Whether Redis answers, where it counts; without it takers are counted process by process, and served."""
    if not services().settings.rate_limits.startswith(REDIS):
        return None
    try:
        current_app.extensions["quizapp_limits"].ping()
    except Unavailable as error:
        return {"ok": True, "counted": "by each process", "says": str(error)}
    return {"ok": True, "counted": "by Redis", "says": "answers"}


def _disk(settings: Settings) -> Check:
    local = not settings.database.startswith(POSTGRES)
    folder = Path(settings.database).parent if local else settings.instance
    try:
        free = shutil.disk_usage(folder).free // 1_000_000
    except OSError as error:
        # A process that keeps nothing here needs no folder either.
        return {"ok": not local, "says": f"cannot be looked at: {error.strerror}"}
    return {
        "ok": free >= settings.disk_floor_mb,
        "says": f"{free:,} MB free",
        "floor_mb": settings.disk_floor_mb,
    }


def _banks() -> Check:
    """Whether every bank that is live in the store is served here, compiled; by which revision.

    Where a newer revision cannot be served by this version the one before is, which is told.
    """
    if not _compiling.acquire(blocking=False):
        return {"ok": False, "says": "being compiled"}
    try:
        live = {slug: head.revision for slug, head in services().store.heads().items()}
        served = {bank.slug: bank.revision for bank in services().library.published()}
        for slug in served:
            services().library.live(slug)
    except (NotFound, Unavailable) as error:
        return {"ok": False, "says": str(error)}
    finally:
        _compiling.release()
    missing = sorted(live.keys() - served.keys())
    behind = sorted(slug for slug, revision in served.items() if live.get(slug, revision) != revision)
    says = f"not served: {', '.join(missing)}" if missing else f"{len(served)} live and compiled"
    return {"ok": not missing, "says": says, "behind": behind, "revisions": served}
