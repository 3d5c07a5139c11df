"""What the library hands out: a bank that is live, and what became of publishing one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.bank.model import Bank
from quizapp.store.records import Publication


@dataclass(frozen=True)
class PublishedBank:
    """A bank that is live, with the publication that made it so."""

    publication: Publication
    bank: Bank

    @property
    def slug(self) -> str:
        """The bank's name in addresses."""
        return self.publication.bank

    @property
    def revision(self) -> str:
        """The revision that is live."""
        return self.publication.revision

    @property
    def at(self) -> datetime:
        """When it went live."""
        return self.publication.at


@dataclass(frozen=True)
class Published:
    """What became of publishing: the line of history, and whether the file was written too.

    ``why_not`` is a sentence (a message of the translations), empty where the file holds what is live.
    """

    publication: Publication
    why_not: str = ""

    @property
    def written_back(self) -> bool:
        """Whether the folder's files hold what was published."""
        return not self.why_not
