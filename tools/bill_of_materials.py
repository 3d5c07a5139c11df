"""Says in CycloneDX what a release is made of: every package, its hashes, its licence, who needs it.

The same release gives the same bytes: the time is the release's own, the serial number follows from the rest.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from packaging.requirements import Requirement

from tools.licences import OF_SOME_PYTHONS, licensed
from tools.pins import FULL, SERVE, Pin, read_pins

SPECIFICATION = "1.6"
EXTRAS = ("postgres", "redis", "oidc")


def bill(
    version: str, epoch: int, files: Mapping[str, str], needs: Iterable[str], more: Iterable[str]
) -> dict[str, Any]:
    """The bill of a release: its files with their SHA-256, and what ``needs`` and, by choice, ``more`` ask for.

    ``needs`` and ``more`` are requirements as pyproject.toml writes them. Raises LookupError where a
    pinned package is not installed as pinned.
    """
    pins = read_pins(FULL)
    always = {pin.name for pin in read_pins(SERVE)}
    licences = {one.name: one.licence for one in licensed(FULL)}
    asked = [Requirement(text) for text in (*needs, *more)]
    name = f"pkg:generic/quizapp@{version}"
    content: dict[str, Any] = {
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": "quizapp",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "purl": name,
                "externalReferences": [_distribution(file, [hash_]) for file, hash_ in sorted(files.items())],
            },
        },
        "components": [_component(pin, licences[pin.name], pin.name in always) for pin in pins],
        "dependencies": [
            {"ref": name, "dependsOn": _refs(asked, pins)},
            *({"ref": _purl(pin), "dependsOn": _refs(_needed(pin.name, asked), pins)} for pin in pins),
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        **content,
    }


def _component(pin: Pin, licence: str, always: bool) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _purl(pin),
        "name": pin.name,
        "version": pin.version,
        "scope": "required" if always else "optional",
        "licenses": [_licence(licence)],
        "purl": _purl(pin),
        # One hash for each file of the package that an installer may choose.
        "externalReferences": [_distribution(_purl(pin), pin.hashes)],
    }
    if pin.marker:
        component["properties"] = [{"name": "python:environment-marker", "value": pin.marker}]
    return component


def _licence(expression: str) -> dict[str, Any]:
    if expression.startswith("LicenseRef-"):
        return {"license": {"name": expression.removeprefix("LicenseRef-").replace("-", " ")}}
    return {"expression": expression} if " " in expression else {"license": {"id": expression}}


def _distribution(address: str, hashes: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "distribution",
        "url": address,
        "hashes": [{"alg": "SHA-256", "content": hash_} for hash_ in hashes],
    }


def _purl(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _refs(asked: Iterable[Requirement], pins: Iterable[Pin]) -> list[str]:
    """The pins that the requirements lead to, on whatever platform; in order, each once."""
    names = {_plain(one.name) for one in asked}
    return sorted(_purl(pin) for pin in pins if pin.name in names)


def _needed(name: str, asked: Iterable[Requirement]) -> list[Requirement]:
    """What an installed package requires by itself, and by those of its extras that we ask for."""
    extras = {extra for one in asked if _plain(one.name) == name for extra in one.extras}
    # What only some Pythons install requires nothing, and cannot be asked elsewhere.
    told = [] if name in OF_SOME_PYTHONS else metadata.requires(name) or []
    found = [Requirement(text) for text in told]
    return [one for one in found if _of_use(str(one.marker or ""), extras)]


def _of_use(marker: str, extras: set[str]) -> bool:
    """Whether a requirement with this marker may count: one of an extra only where that is asked for.

    >>> _of_use("sys_platform == 'win32'", set()), _of_use('extra == "pool"', {"pool"})
    (True, True)
    >>> _of_use('extra == "dev"', {"pool"})
    False
    """
    named = set(re.findall(r"extra == [\"']([^\"']+)", marker))
    return not named or bool(named & extras)


def _plain(name: str) -> str:
    """A name as pins write it.

    >>> _plain("ruamel.YAML")
    'ruamel-yaml'
    """
    return re.sub(r"[-_.]+", "-", name).lower()
