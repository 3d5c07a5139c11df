"""Which names in an archive are traps, on whatever system it is unpacked; reads no archive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from quizapp.errors import Told, told
from quizapp.letters import folded

# No file system takes a longer one.
LONGEST = 255
_DEVICE = re.compile(
    r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)
_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def name_faults(name: str) -> Iterator[Told]:
    """What is wrong with a name, each in a few words; nothing for a plain file name.

    >>> list(name_faults("../a.yaml"))
    ['its name leads out of the archive']
    >>> list(name_faults("con.yaml")), list(name_faults("a.yaml"))
    (['its name means a device on Windows'], [])
    """
    if len(name) > LONGEST:
        yield told("its name is too long")
        return
    # As file systems fold names that look alike; the fold may uncover a dot or a slash.
    plain = folded(name, LONGEST).replace("\\", "/")
    parts = plain.split("/")
    if any(unicodedata.category(letter) in _HIDDEN for letter in name):
        yield told("its name holds characters that cannot be seen")
    if plain.startswith("/") or _DRIVE.match(plain):
        yield told("its name begins at the root of a disk")
    if {".", ".."} & set(parts):
        yield told("its name leads out of the archive")
    elif len(parts) > 1 and not plain.startswith("/"):
        yield told("it lies in a folder of the archive")
    if any(_DEVICE.fullmatch(part.rstrip(" .")) for part in parts):
        yield told("its name means a device on Windows")
    if any(part != part.rstrip(" .") and part not in (".", "..") for part in parts):
        yield told("its name ends in a dot or a space")
