"""What the store keeps for editors, as frozen values; knows neither the database nor what a bank means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Literal

Role = Literal["viewer", "editor", "publisher"]
DraftState = Literal["open", "published", "discarded"]
Closed = Literal["published", "discarded"]

OPENED: Final = "opened"
MOST_VERSIONS: Final = 300
# Open at a time, of one editor: links for others, and previews for themselves.
MOST_SHARED_PREVIEWS: Final = 20
MOST_OWN_PREVIEWS: Final = 5
# Offers to set up that hold at a time: every worker that starts makes one.
MOST_OFFERS: Final = 8


class Keep(Enum):
    """Stands for "as it was" where None means something else."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True)
class Editor:
    """Somebody who may sign in. ``subject`` is who they are to an identity provider, if they come by one.

    The name is theirs alone, whatever the case and width of its letters; ``id`` never changes.
    """

    id: str
    name: str
    role: Role
    disabled: bool
    created: datetime
    has_password: bool
    subject: str | None = None


@dataclass(frozen=True)
class EditorSession:
    """One browser in which an editor (by id) is signed in.

    ``seen`` is exact to a minute. ``expires`` is when it ends at the latest, however busy it is. ``id``
    names it in lists; it is not the secret that the browser carries.
    """

    id: str
    editor: str
    begun: datetime
    seen: datetime
    expires: datetime
    agent: str


@dataclass(frozen=True)
class DraftHead:
    """What is known of a draft without its texts. ``base`` is the revision it grew from, None for a new bank."""

    id: str
    bank: str
    editor: str
    base: str | None
    version: int
    state: DraftState
    opened: datetime
    updated: datetime


@dataclass(frozen=True)
class Draft:
    """One editor's unpublished work on one bank, as it stands now; the texts may be broken.

    ``cases`` is the text of the cases file, None where there is none.
    """

    id: str
    bank: str
    editor: str
    base: str | None
    version: int
    text: str = field(repr=False)
    cases: str | None = field(repr=False)
    state: DraftState
    opened: datetime
    updated: datetime


@dataclass(frozen=True)
class DraftVersionHead:
    """One step of a draft without its texts: ``what`` was done; ``restores`` is the version it brought back."""

    version: int
    what: str
    restores: int | None
    at: datetime


@dataclass(frozen=True)
class DraftVersion:
    """A draft as it stood after one step; never changed. The first step of every draft is ``OPENED``."""

    draft: str
    version: int
    base: str | None
    text: str = field(repr=False)
    cases: str | None = field(repr=False)
    what: str
    restores: int | None
    at: datetime


@dataclass(frozen=True)
class Preview:
    """An open link to a version of a draft. ``id`` names it in lists; it is not the secret in its address."""

    id: str
    draft: str
    bank: str
    version: int
    until: datetime


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log: who did what, to which bank if to any, and what there is to say about it.

    ``number`` grows with every line. ``who`` is text, so that it stands when the editor is gone.
    """

    number: int
    at: datetime
    who: str
    did: str
    bank: str | None
    about: Mapping[str, object]
