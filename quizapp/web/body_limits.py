"""How large a body may be, by its address, and what a form has to be like to be read at all.

Anybody may send a form, and it is read to look for its token. So what no browser makes is refused by a look
that costs next to nothing, before reading it could cost seconds.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# A taker's largest form has less than 1 KB.
FORM_BYTES = 32 * 1024
API_BYTES = 64 * 1024
AS_SET = None
# The first that an address begins with counts. The desk sends whole banks: the form of the largest shipped
# one has 171 KB, and a bank may have 256 KB. Whoever has to sign in again carries along what they had typed,
# with or without a cookie.
BY_ADDRESS: tuple[tuple[str, int | None], ...] = (
    ("/edit/setup/", FORM_BYTES),
    ("/edit", AS_SET),
    ("/api/", API_BYTES),
)

# The largest shipped form that is not sent in parts, a table of the desk, has 288 fields and 25 KB; long
# texts are sent in parts. 60,000 escapes are 20,000 Japanese characters.
FORM_FIELDS, FORM_ESCAPES, FORM_PARTS = 2_000, 60_000, 400
# RFC 2046 allows 70; the client that Werkzeug brings for tests makes some of 74.
BOUNDARY_LENGTH, PART_HEAD_BYTES = 100, 2_000
_BETWEEN_FIELDS, _ESCAPE = b"&", b"%"
_BARE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_END_OF_HEAD = re.compile(rb"\r\n\r\n|\r\r|\n\n")

Read = tuple[IO[bytes], "MultiDict[str, str]", "MultiDict[str, FileStorage]"]


def most_bytes(path: str, as_set: int) -> int:
    """How many bytes a body sent to that path may have; never more than ``as_set``, the setting.

    >>> most_bytes("/language", 1_000_000), most_bytes("//edit/msl/source", 1_000_000)
    (32768, 1000000)
    """
    path = "/" + path.lstrip("/")  # As the routes read it.
    found = next((most for start, most in BY_ADDRESS if path.startswith(start)), FORM_BYTES)
    return as_set if found is None else min(found, as_set)


class LookedOver(FormDataParser):
    """Reads forms that a browser can have made; refuses others with 400, or with 413 for too much."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Read:
        """As Werkzeug does, once the look found nothing; no field and no file is without a name."""
        if mimetype == "application/x-www-form-urlencoded":
            stream = BytesIO(_fields_looked_over(stream.read()))
        elif mimetype == "multipart/form-data":
            stream = BytesIO(_parts_looked_over(stream.read(), (options or {}).get("boundary", "")))
        stream, form, files = super().parse(stream, mimetype, content_length, options)
        if None in form or None in files:
            for same_name in files.listvalues():
                for file in same_name:
                    file.close()
            raise BadRequest
        return stream, form, files


class LookedOverRequest(Request):
    """A request whose form is looked over before it is read."""

    form_data_parser_class = LookedOver


def _fields_looked_over(body: bytes) -> bytes:
    if body.count(_BETWEEN_FIELDS) >= FORM_FIELDS or body.count(_ESCAPE) > FORM_ESCAPES:
        raise RequestEntityTooLarge
    if _BARE_PERCENT.search(body):
        raise BadRequest
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        # Werkzeug would spell out every wrong byte, one by one.
        raise BadRequest from None
    return body


def _parts_looked_over(body: bytes, boundary: str) -> bytes:
    if len(boundary) > BOUNDARY_LENGTH or not boundary.isascii():
        raise BadRequest
    begins = re.compile(rb"--%s[^\S\r\n]*(?:\r\n|\r|\n)" % re.escape(boundary.encode()))
    for number, part in enumerate(begins.finditer(body)):
        if number >= FORM_PARTS or not _END_OF_HEAD.search(body, part.end(), part.end() + PART_HEAD_BYTES):
            raise RequestEntityTooLarge
    return body
