"""The style sheet, the script and the icon: read once, named by their content, kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).resolve().parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """A file under the name that its content gives it: ``look.1a2b3c4d5e.css``."""

    name: str
    type: str
    content: bytes = field(repr=False)
    packed: bytes = field(repr=False)


@cache
def assets() -> dict[str, Asset]:
    """Every file of the static folder by the name it has there."""
    return {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


def asset_path(file: str) -> str:
    """Where a file is found; its address changes when its content does."""
    return f"/static/{assets()[file].name}"


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    if path.suffix == ".css":
        # Comments are for us; what is sent does not need them.
        content = re.sub(rb"/\*.*?\*/\s*", b"", content, flags=re.DOTALL)
    digest = hashlib.sha256(content).hexdigest()[:10]
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    return Asset(f"{path.stem}.{digest}{path.suffix}", TYPES[path.suffix], content, packed)


@bp.get("/static/<name>")
def asset(name: str) -> Response:
    """The file; 404 for any name but the present one."""
    found = next((one for one in assets().values() if one.name == name), None)
    if found is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if packed else found.content, content_type=found.type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response
