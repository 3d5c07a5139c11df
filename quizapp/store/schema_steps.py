"""What is said of a step towards the newest schema that fails; knows neither engine."""

from __future__ import annotations

from quizapp.errors import Unusable


def step_failed(name: str, words: str, still: int) -> Unusable:
    """That this step failed and why; all steps of one start are kept or none.

    >>> print(step_failed("0005_publishing", "table audit_log already exists", 4))
    the database cannot be brought to the newest schema: step 0005_publishing failed (table audit_log already exists). \
Nothing was changed, it still has schema 4: serve with the version that wrote it, or restore a backup into an empty one
    """
    return Unusable(
        f"the database cannot be brought to the newest schema: step {name} failed ({words}). Nothing was changed, "
        f"it still has schema {still}: serve with the version that wrote it, or restore a backup into an empty one"
    )
