"""What a step of a draft did: packed as it is kept in the store, and in words for whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.addresses import Address
from quizapp.i18n import Language

_BAR = "|"


@dataclass(frozen=True)
class Step:
    """One step: its verb, the part that it was done to, and what that was called then in both languages."""

    verb: str
    address: Address = ()
    ja: str = ""
    en: str = ""

    def packed(self) -> str:
        """As the store keeps it."""
        names = [name.replace(_BAR, "/") for name in (self.ja, self.en)]
        return _BAR.join((self.verb, "/".join(self.address), *names)) if self.address else self.verb


def unpacked(what: str) -> Step:
    """The step that was packed; one with the whole text as its verb where it never was.

    >>> unpacked(Step("changed", ("items", "a"), "あ", "A").packed()).address
    ('items', 'a')
    """
    verb, *rest = what.split(_BAR)
    if len(rest) != 3:
        return Step(what)
    return Step(verb, tuple(rest[0].split("/")), rest[1], rest[2])


def step_words(what: str, language: Language) -> str:
    """What a step did, in a few words."""
    step = unpacked(what)
    known = _WORDS.get(step.verb)
    if known is None:
        return what
    return (
        language.say(known, name=step.ja if language.code == "ja" else step.en)
        if step.address
        else language.say(_WHOLE.get(step.verb, known), name="")
    )


def _m_(message: str) -> str:
    return message


_WORDS = {
    "opened": _m_("Draft begun"),
    "restored": _m_("An earlier state was brought back"),
    "caught up": _m_("Brought up to what is live"),
    "file": _m_("File edited"),
    "settled": _m_("Both changes brought together"),
    "changed": _m_("Changed: %(name)s"),
    "added": _m_("Added: %(name)s"),
    "copied": _m_("Copied: %(name)s"),
    "removed": _m_("Removed: %(name)s"),
    "moved": _m_("Moved: %(name)s"),
    "renamed": _m_("New id: %(name)s"),
    "costs": _m_("Prices changed"),
    "facts": _m_("Facts changed"),
    "texts": _m_("Texts changed"),
    "accepted": _m_("New outcomes accepted"),
    # As drafts of earlier versions keep it.
    "outcome accepted": _m_("New outcomes accepted"),
    "imported": _m_("File imported"),
}
_WHOLE = {"changed": _m_("Draft changed")}
