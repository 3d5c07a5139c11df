"""Tells whether a revision, as a store or a backup keeps it, is the bank that its name says; asks no store."""

from __future__ import annotations

from quizapp.bank.load import bank_from_json, revision_of
from quizapp.bank.yaml.caps import MAX_BYTES

# JSON says nothing shorter than YAML by more than this: quotes, and escapes of what YAML writes plainly.
_MOST = 8 * MAX_BYTES


def is_kept_bank(bank: str, revision: str, parsed: str) -> bool:
    """Whether that JSON is a bank of that slug, and its content has that name.

    >>> is_kept_bank("trainer", "0123456789abcdef", "{}")
    False
    """
    if len(parsed) > _MOST:
        return False
    try:
        found = bank_from_json(parsed)
        return found.bank == bank and revision_of(found) == revision
    except (ValueError, RecursionError):
        return False
