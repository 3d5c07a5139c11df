"""What people call the parts of a bank; made from plain data of which anything may be missing."""

from __future__ import annotations

from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import CASES, Place, place_at
from quizapp.errors import NotFound
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import label_of

# The fields that name a part, the best first.
_NAMING = ("short", "name", "label", "title", "topic", "text", "ask", "reading")
LONGEST = 60


def words_of(text: Any, language: Language) -> str:
    """A text in the reader's language, in the other where it is missing, or empty.

    >>> from quizapp.i18n import language
    >>> words_of({"ja": "年齢"}, language("en")), words_of(None, language("ja"))
    ('年齢', '')
    """
    if isinstance(text, str):
        return text.strip()
    if not isinstance(text, dict):
        return ""
    found = text.get(language.code) or next((text[code] for code in ("ja", "en") if text.get(code)), "")
    return str(found).strip()


def cut(words: str, longest: int = LONGEST) -> str:
    """Words short enough for a row.

    >>> cut("abcdef", 4)
    'abc…'
    """
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def naming_field(value: Any) -> str:
    """The field that names a part; empty where none does."""
    return next((name for name in _NAMING if isinstance(value, dict) and value.get(name)), "")


def name_of(value: Any, language: Language, otherwise: str) -> str:
    """What a part is called; ``otherwise`` where it has no words of its own."""
    field = naming_field(value)
    return cut(words_of(value[field], language) if field else words_of(value, language)) or otherwise


def place_name(bank: Any, place: Place, language: Language) -> str:
    """What stands at a place is called."""
    if not place.address:
        return name_of(bank, language, "")
    key = place.address[-1]
    if place.shape is None:
        return key
    if not place.entry:
        return label_of(place.shape, language)
    listed = {"fact_kinds": "fact_kinds", "criteria": "criteria", "items": "items"}.get(place.shape.refers)
    if place.shape.is_map and listed:
        return _named(bank, listed, key, language)
    if place.shape.refers == "routes" and "." in key:
        item, _, route = key.partition(".")
        return f"{_named(bank, 'items', item, language)} · {_named_route(bank, item, route, language)}"
    number = str(int(key) + 1) if key.isdecimal() else key
    return name_of(place.value, language, number)


def address_names(bank: Any, data: Any, address: Address, language: Language) -> list[tuple[Address, str]]:
    """The part at an address and all around it, the outermost first; ends where nothing is known any more."""
    found: list[tuple[Address, str]] = []
    for length in range(1, len(address) + 1):
        try:
            place = place_at(data, address[:length])
        except NotFound:
            found.append((address[:length], address[length - 1]))
            break
        found.append((place.address, place_name(bank, place, language)))
    return found


def said(bank: Any, data: Any, address: Address, language: Language) -> str:
    """A part in one line: whose it is and what it is called.

    >>> from quizapp.i18n import language
    >>> data = {"items": [{"id": "a", "name": {"en": "A"}, "costs": [{"id": "f", "label": {"en": "Fee"}}]}]}
    >>> said(data, data, ("items", "a", "costs", "f"), language("en"))
    'A › Fee'
    """
    names = address_names(bank, data, address, language)
    shown = [name for at, name in names if not _is_list(data, at)]
    return " › ".join(shown or [name for _, name in names])


def entry_named(bank: Any, listed: str, id: str, language: Language) -> str:
    """What an entry of one of the bank's lists is called; its id where it is not there."""
    return _named(bank, listed, id, language)


def _named(bank: Any, listed: str, id: str, language: Language) -> str:
    try:
        return name_of(place_at(bank, (listed, id)).value, language, id)
    except NotFound:
        return id


def _named_route(bank: Any, item: str, route: str, language: Language) -> str:
    try:
        return name_of(place_at(bank, ("items", item, "routes", route)).value, language, route)
    except NotFound:
        return route


def _is_list(data: Any, address: Address) -> bool:
    try:
        return place_at(data, address).is_list
    except NotFound:
        return False


def sheet_word(address: Address) -> str:
    """Which of a draft's two texts an address lies in: ``bank`` or ``cases``."""
    return "cases" if address[:1] == (CASES,) else "bank"
