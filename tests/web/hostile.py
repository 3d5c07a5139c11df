"""A bank whose every text is an attack on the page that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SHIPPED = Path(__file__).resolve().parents[2] / "questions" / "first_step.yaml"
PAYLOAD = (
    "\"'></title></textarea></script><script>window.pwned=1</script>"
    "<img src=x onerror=window.pwned=1><svg onload=window.pwned=1>"
    '{{ 7*7 }}{% for x in y %}<!--tokens--><form id="language">%(n)s &lt; javascript:window.pwned=1'
)


def hostile_bank(folder: Path) -> Path:
    """The folder with a copy of a shipped bank in which every text is the payload."""
    yaml = YAML()
    bank = yaml.load(SHIPPED.read_text(encoding="utf-8"))
    _poison(bank)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / SHIPPED.name).open("w", encoding="utf-8") as file:
        yaml.dump(bank, file)
    return folder


def _poison(node: Any) -> None:
    if isinstance(node, dict):
        if set(node) == {"ja", "en"}:
            node["ja"] = node["en"] = PAYLOAD
            return
        for value in node.values():
            _poison(value)
    elif isinstance(node, list):
        for value in node:
            _poison(value)
