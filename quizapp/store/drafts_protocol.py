"""What every store promises of drafts, of the links that show them, and of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from quizapp.store.editing_records import (
    KEEP,
    AuditEntry,
    Closed,
    Draft,
    DraftHead,
    DraftVersion,
    DraftVersionHead,
    Keep,
    Preview,
)


class Drafts(Protocol):
    """What editors have not published yet. Every save is a version; an older one is never changed.

    Kept are the newest ``MOST_VERSIONS`` versions of a draft, and any other that a preview still shows.
    An editor has at most one open draft of a bank.
    """

    def open_draft(self, bank: str, editor: str, base: str | None, text: str, cases: str | None) -> Draft:
        """A draft with this as version 1; if the editor has one of the bank open, that one as it is.

        ``NotFound`` if there is no such editor.
        """
        ...

    def draft(self, draft_id: str) -> Draft:
        """The draft as it stands, open or closed; ``NotFound`` if there is none."""
        ...

    def open_drafts(self, bank: str | None = None) -> tuple[DraftHead, ...]:
        """The open drafts of everybody, of one bank or of all; the last updated first."""
        ...

    def draft_of(self, bank: str, editor: str) -> Draft | None:
        """The draft of that bank which the editor has open; None if there is none."""
        ...

    def save_draft(
        self,
        draft_id: str,
        version: int,
        text: str,
        cases: str | None,
        what: str,
        restores: int | None = None,
        base: str | Keep | None = KEEP,
    ) -> Draft:
        """The draft with this as its version ``version + 1``.

        ``Conflict`` if the newest version is not ``version``: it was saved elsewhere meanwhile, nothing
        is written. ``NotFound`` if there is no such draft or it is closed.
        """
        ...

    def draft_version(self, draft_id: str, version: int) -> DraftVersion:
        """The draft as it stood then; ``NotFound`` if it never did or is kept no longer."""
        ...

    def draft_versions(self, draft_id: str) -> tuple[DraftVersionHead, ...]:
        """The versions that are kept, newest first; ``NotFound`` if there is no such draft."""
        ...

    def close_draft(self, draft_id: str, state: Closed) -> None:
        """Put it away as published or discarded, versions and all; ``NotFound`` unless it is open.

        Every preview of it ends with that.
        """
        ...

    def closed_drafts(self, bank: str, editor: str | None = None) -> tuple[DraftHead, ...]:
        """The drafts of the bank that were put away, by one editor or by all; the last one first."""
        ...

    def reopen_draft(self, draft_id: str) -> Draft:
        """The draft, open again; as it is if it was open.

        ``Conflict`` if its editor has another draft of the bank open, ``NotFound`` if there is no such
        draft.
        """
        ...

    def offer_preview(
        self, draft_id: str, version: int, secret: str, until: datetime, maker: str, shared: bool = True
    ) -> None:
        """Let whoever brings the secret see that version of an open draft, while its maker may come in.

        ``NotFound`` if there is no such version or editor, or the draft is closed. A maker has so many
        open links to share at a time: ``Conflict`` for one more. Of those that they do not share
        (``shared`` false) the oldest ends.
        """
        ...

    def preview(self, secret: str) -> tuple[str, int]:
        """The id of the draft and the version.

        ``NotFound`` for a secret that is unknown, ``Ended`` for one whose preview ended not long ago.
        """
        ...

    def shared_previews(self, maker: str) -> tuple[Preview, ...]:
        """The open links that an editor made for others, the one that ends first leading."""
        ...

    def end_preview(self, maker: str, preview_id: str) -> None:
        """End one of them at once; ``NotFound`` if that editor has no such open link."""
        ...


class AuditLog(Protocol):
    """Who did what. Lines are added, never changed, never removed."""

    def record(self, who: str, did: str, bank: str | None, about: Mapping[str, object]) -> None:
        """Add a line, dated now. ``about`` must hold no secret.

        What JSON cannot say raises ``TypeError`` or ``ValueError``.
        """
        ...

    def entries(
        self, limit: int = 100, before: int | None = None, bank: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first: those numbered below ``before`` if given, of one bank if named."""
        ...
