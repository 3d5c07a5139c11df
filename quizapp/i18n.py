"""The two languages: words, numbers and days; knows nothing of requests, banks or pages.

Words are written in English in the code (gettext's habit) and translated in
``quizapp/translations/<language>/LC_MESSAGES/messages.po``, which is read at the start.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from quizapp.errors import Told

CODES = ("ja", "en")
# Japan keeps no summer time.
JAPAN = timezone(timedelta(hours=9))
TRANSLATIONS = Path(__file__).resolve().parent / "translations"


@lru_cache(maxsize=4096)
def _decimal(value: int | float, code: str) -> str:
    # A result page shows some sixty numbers, mostly the same few.
    return format_decimal(value, locale=code)


@dataclass(frozen=True)
class Language:
    """One language: every word, number and day that a person reads goes through it."""

    code: str
    locale: Locale = field(repr=False, compare=False)
    translations: gettext.NullTranslations = field(repr=False, compare=False)

    def say(self, message: str, **values: object) -> str:
        """The message in this language, ``%(name)s`` filled from values.

        >>> language("en").say("Question %(n)s of %(total)s", n=3, total=10)
        'Question 3 of 10'
        """
        words = self.translations.gettext(message)
        return words % values if values else words

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that fits the number, ``%(n)s`` filled with it.

        >>> language("en").count("%(n)s month", "%(n)s months", 1)
        '1 month'
        """
        return self.translations.ngettext(one, many, n) % {"n": self.number(n), **values}

    def retold(self, text: str) -> str:
        """The same words in this language, where they know what they are made of; any other text as it is.

        >>> from quizapp.errors import told
        >>> language("en").retold(told('there is no %(sort)s "%(name)s"', sort=told("item"), name="x"))
        'there is no item "x"'
        """
        if not isinstance(text, Told):
            return text
        return self.say(text.template, **{name: self._retold(value) for name, value in text.values.items()})

    def told_in_a_line(self, parts: Iterable[str]) -> str:
        """What is wrong, why and how to mend it, in this language and on one line.

        >>> language("ja").told_in_a_line(["あ", "い"]), language("en").told_in_a_line(["a", "b"])
        ('あ。い', 'a; b')
        """
        return ("。" if self.code == "ja" else "; ").join(self.retold(part) for part in parts)

    def _retold(self, value: object) -> str:
        if isinstance(value, list | tuple):
            return self.listed(self._retold(one) for one in value)
        if value is None:
            return self.say("None")
        return self.retold(value) if isinstance(value, str) else str(value)

    def text(self, both: Any) -> str:
        """This language's half of a bank's text, the empty string for none."""
        return "" if both is None else str(getattr(both, self.code))

    def number(self, value: int | float) -> str:
        """A number with its separators.

        >>> language("ja").number(107500)
        '107,500'
        """
        return _decimal(value, self.code)

    def yen(self, amount: int) -> str:
        """An amount of money.

        >>> language("ja").yen(107500), language("en").yen(107500)
        ('107,500円', '¥107,500')
        """
        return f"{self.number(amount)}円" if self.code == "ja" else f"¥{self.number(amount)}"

    def day(self, value: date) -> str:
        """A day in full.

        >>> language("ja").day(date(2026, 11, 22)), language("en").day(date(2026, 11, 22))
        ('2026年11月22日', 'November 22, 2026')
        """
        return format_date(value, format="long", locale=self.locale)

    def moment(self, value: datetime) -> str:
        """A day and a time, as clocks in Japan show it.

        >>> from datetime import UTC
        >>> language("ja").moment(datetime(2026, 11, 22, 15, 5, tzinfo=UTC))
        '2026年11月23日 0:05'
        """
        local = value.astimezone(JAPAN)
        return f"{self.day(local.date())} {local.hour}:{local.minute:02}"

    def listed(self, parts: Iterable[str]) -> str:
        """Several things in a row.

        >>> language("ja").listed(["東京", "大阪"]), language("en").listed(["a", "b"])
        ('東京、大阪', 'a, b')
        """
        return ("、" if self.code == "ja" else ", ").join(parts)

    def sentences(self, parts: Iterable[str]) -> str:
        """Sentences in a row, each with its stop; a single one is left as it is.

        >>> language("ja").sentences(["確定額", "会費を含みません"]), language("en").sentences(["", "Exact total"])
        ('確定額。会費を含みません。', 'Exact total')
        """
        said = [part for part in parts if part]
        if len(said) < 2:
            return "".join(said)
        stop, gap = ("。", "") if self.code == "ja" else (".", " ")
        return gap.join(part if part[-1] in "。.!?!?」)" else part + stop for part in said)


@cache
def language(code: str) -> Language:
    """The language of that code, read once; raises KeyError for a code that is not offered."""
    if code not in CODES:
        raise KeyError(code)
    source = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        catalog = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Language(code, Locale.parse(code), gettext.GNUTranslations(compiled))


def other(code: str) -> str:
    """The code of the language that one is not reading.

    >>> other("ja")
    'en'
    """
    return CODES[1 - CODES.index(code)]
