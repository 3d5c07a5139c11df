"""What is shown once a bank is live: what it is, whether the file holds it, where to go from here."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.i18n import Language
from quizapp.library.back import EDITED, UNWRITABLE
from quizapp.store.records import Publication
from quizapp.web.assets import asset_path
from quizapp.web.edit.pages.history import who_and_why
from quizapp.web.edit.pages.trail import Crumb

# What became of the file, by the word for it in addresses.
FILES = {"written": "", "edited": EDITED, "unwritable": UNWRITABLE}


@dataclass(frozen=True)
class PublishedPage:
    """The newest publication. ``file`` says what became of the file, empty where that is not known any more."""

    bank: str
    name: str
    title: str
    trail: tuple[Crumb, ...]
    who: str
    when: str
    why: str
    before: int
    file: str
    written: bool
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def published_page(
    lines: tuple[Publication, ...], file: str, back: str, name: str, language: Language
) -> PublishedPage:
    """The page of a bank's newest publication; ``file`` is one of the words for what became of its file.

    ``back`` is the number of the publication that was gone back to, empty for none.
    """
    editions = {str(one.number): len(lines) - place for place, one in enumerate(lines)}
    title = (
        language.say("%(bank)s is back at edition %(n)s", bank=name, n=editions[back])
        if back in editions
        else language.say("%(bank)s is live", bank=name)
    )
    who, why = who_and_why(lines[0], language)
    line, why_not = lines[0], FILES.get(file)
    written = language.say("The bank's file was brought up to it too.")
    return PublishedPage(
        line.bank,
        name,
        title,
        (
            Crumb(language.say("Banks"), "/edit"),
            Crumb(name, f"/edit/{line.bank}"),
            Crumb(language.say("Live")),
        ),
        who,
        language.moment(line.at),
        why,
        lines[1].number if len(lines) > 1 else 0,
        "" if why_not is None else language.say(why_not) if why_not else written,
        why_not == "",
    )
