"""The schools and courses that match a taker: listed, never ranked."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Provider
from quizapp.engine.outcome import Recommended
from quizapp.i18n import Language
from quizapp.web.pages.evidence import Evidence, evidence
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import short


@dataclass(frozen=True)
class School:
    """One provider, how it can be reached, and what the source says of it."""

    name: str
    reached: str
    teaches: str
    features: tuple[str, ...]
    stars: str
    interest: str
    evidence: Evidence | None


def schools(outcome: Recommended, index: Index, language: Language) -> tuple[School, ...]:
    """The matching providers, in the bank's order within each way of reaching them.

    None while no certification is open: what they teach towards could not be sat.
    """
    if not any(entry.kind == "certification" for entry in outcome.recommendations):
        return ()
    words = {"in_person": language.say("In person"), "online": language.say("Online")}
    reached: dict[str, list[str]] = {}
    for where, ids in outcome.providers.items():
        for id in ids:
            reached.setdefault(id, []).append(words.get(where, where))
    return tuple(
        _school(index.providers[id], language.listed(ways), index, language)
        for id, ways in reached.items()
        if id in index.providers
    )


def _school(provider: Provider, reached: str, index: Index, language: Language) -> School:
    taught = [short(index.items[id], language) for id in provider.items if id in index.items]
    stars = (
        language.say("%(n)s of 5 stars in the source", n=provider.stars) if provider.stars is not None else ""
    )
    place = language.text(provider.place)
    return School(
        name=language.text(provider.name),
        reached=f"{reached} ({place})" if place and place != reached else reached,
        teaches=language.listed(taught),
        features=tuple(language.text(feature) for feature in provider.features),
        stars=stars,
        interest=language.text(provider.interest),
        evidence=evidence(provider, index, language),
    )
