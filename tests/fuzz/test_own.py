"""The fuzzing of banks and rules at small size; ten minutes of it are ``python3 run.py bench fuzz``."""

from __future__ import annotations

import secrets

import pytest

from benchmarks.fuzz import MOST_MS, fuzz

SECONDS = 25.0
LEAST = {"banks": 100, "rules": 5_000}


@pytest.mark.slow
@pytest.mark.xdist_group("fuzz")
def test_a_minute_of_banks_and_rules_that_nobody_would_write_does_no_harm() -> None:
    seed = secrets.token_hex(4)
    for one in fuzz(SECONDS, seed):
        assert one.faults == (), f"seed {seed}"
        assert one.slowest * 1_000 < MOST_MS[one.kind]
        assert one.memory < 1_000_000_000
        assert one.texts > LEAST[one.kind] and one.whole > 0
