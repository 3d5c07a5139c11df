"""The desk of the tests about editing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editing.desk import CASES, Desk, bank


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one bank live, its cases with it."""
    made = Desk(tmp_path)
    made.write(bank(), CASES.format(first="first"))
    yield made.start()
    made.close()
