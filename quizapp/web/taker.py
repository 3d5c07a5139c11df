"""What the taker's browser carries in its signed cookie: answers by question id, language, a key to own results.

Nothing of it is in an address or a log; nothing of it is changed by a GET. Its shape was checked when
the cookie was opened (see ``memory``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from flask import current_app, session

from quizapp.store.tokens import fingerprint, new_secret


class Taker:
    """One browser's memory between requests.

    One that does not last holds what is tried out only: it owns no results and ends with the browser.
    """

    def __init__(self, kept: MutableMapping[str, Any], lasts: bool = True) -> None:
        self._kept = kept
        self._lasts = lasts

    @property
    def answers(self) -> dict[str, Any]:
        """Every answer given so far in any bank, by question id."""
        return dict(self._kept.get("answers", {}))

    def left_open(self, bank: str) -> frozenset[str]:
        """The questions of a bank that were left open on purpose."""
        return frozenset(self._kept.get("open", {}).get(bank, ()))

    def trail(self, bank: str) -> tuple[str, ...]:
        """The screens of a bank that were answered, in the order of answering."""
        return tuple(self._kept.get("trail", {}).get(bank, ()))

    def remember(self, bank: str, screen: str, given: Mapping[str, object]) -> None:
        """Keep what was answered on a screen; None means left open."""
        if screen not in self.trail(bank):
            self._put("trail", {**self._kept.get("trail", {}), bank: [*self.trail(bank), screen]})
        answers = {**self.answers, **given}
        self._put("answers", {id: value for id, value in answers.items() if value is not None})
        open_now = (self.left_open(bank) - given.keys()) | {
            id for id, value in given.items() if value is None
        }
        self._put("open", {**self._kept.get("open", {}), bank: sorted(open_now)})
        if self._lasts:
            self.owner_key()

    def carry(self, given: Mapping[str, object]) -> None:
        """Take over answers from elsewhere, in place of one's own to the same questions."""
        self._put("answers", {**self.answers, **given})

    def forget(self, bank: str, questions: Iterable[str]) -> None:
        """Drop the answers to these questions, and what was left open in the bank."""
        gone = set(questions)
        self._put("answers", {id: value for id, value in self.answers.items() if id not in gone})
        for name in ("open", "trail"):
            self._put(name, {slug: ids for slug, ids in self._kept.get(name, {}).items() if slug != bank})

    def forget_answers(self) -> None:
        """Drop every answer in every bank; results stay owned."""
        for name in ("answers", "open", "trail", "pinned"):
            self._kept.pop(name, None)

    def pinned(self, bank: str) -> str | None:
        """The revision with which this browser began the bank."""
        kept: str | None = self._kept.get("pinned", {}).get(bank)
        return kept

    def begin(self, bank: str, revision: str) -> None:
        """Stay with this revision, and be somebody who can own its result."""
        self.pin(bank, revision)
        if self._lasts:
            self.owner_key()

    def pin(self, bank: str, revision: str) -> None:
        """Stay with this revision until the bank is begun anew."""
        self._put("pinned", {**self._kept.get("pinned", {}), bank: revision})

    @property
    def owner(self) -> str | None:
        """The secret by which this browser owns its results; None before it made any."""
        kept: str | None = self._kept.get("owner")
        return kept

    def owner_key(self) -> str:
        """The same, made where there is none yet: the same for all that one browser sends at once.

        Requests sent together do not see each other's cookies, so a key drawn at random would make
        each of them a browser of its own. The token of its forms is what they all carry.
        """
        if self.owner is None:
            self._put("owner", self._derived_key())
        return str(self._kept["owner"])

    def _derived_key(self) -> str:
        token = self._kept.get("csrf_token")
        # The token stands in the pages too; with our own secret it tells nothing of the key.
        return fingerprint("owner", str(current_app.secret_key), token) if token else new_secret()

    @property
    def language(self) -> str | None:
        """The language that was chosen by hand."""
        kept: str | None = self._kept.get("language")
        return kept

    def choose_language(self, code: str) -> None:
        """Read in this language from now on."""
        self._put("language", code)

    def _put(self, name: str, value: object) -> None:
        # Assigning marks the cookie as changed; a cookie that outlives the browser is what lets
        # somebody delete a result weeks later.
        self._kept[name] = value
        if self._lasts:
            session.permanent = True


def taker() -> Taker:
    """The browser that sent this request."""
    return Taker(session._get_current_object())  # type: ignore[attr-defined]
