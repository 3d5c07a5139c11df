"""Makes one of letters that look alike, and never of more of them than a thing can have.

Python takes time that grows with the square of a run of accents and stops every thread meanwhile: 80 KB
take seconds, a megabyte minutes. So this is the only place that may ask for it, and it cuts first.
"""

from __future__ import annotations

import unicodedata
from typing import Literal


def folded(text: str, most: int, form: Literal["NFKC", "NFKD"] = "NFKC") -> str:
    """The first ``most`` characters in their plain form (Unicode's compatibility forms).

    What is longer is cut, so whoever may not lose the rest refuses it first.

    >>> folded("ＡＢ１２", 3), len(folded("a" * 1_000_000, 40))
    ('AB1', 40)
    """
    return unicodedata.normalize(form, text[:most])
