"""A desk to edit at: a folder of banks, a store, a library and three editors; all of it real."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from quizapp.editing.workshop import Workshop
from quizapp.library.library import Library
from quizapp.store.addresses import open_store
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store
from tests.test_library import CASES, bank

ON = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)

__all__ = ["CASES", "ON", "Desk", "bank"]


class Desk:
    """Everything that editing needs, over one folder; ``again`` is another process's view of it."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self.folder = folder
        self.questions = folder / "questions"
        self.questions.mkdir(exist_ok=True)
        self.address = str(folder / "instance" / "quizapp.sqlite3")
        self.store: Store = open_store(self.address)
        self.library = Library(self.store, self.questions, lambda: NOON)
        self.workshop = Workshop(self.store)
        self.others: list[Desk] = []

    def start(self) -> Desk:
        self.library.start(watch=False)
        return self

    def again(self) -> Desk:
        other = Desk(self.folder)
        self.others.append(other)
        return other.start()

    def write(self, text: str, cases: str | None = None, slug: str = "trainer") -> Path:
        path = self.questions / f"{slug}.yaml"
        path.write_text(text, encoding="utf-8")
        if cases is not None:
            self.cases(slug).write_text(cases, encoding="utf-8")
        return path

    def cases(self, slug: str = "trainer") -> Path:
        return self.questions / f"{slug}.cases.yaml"

    def file(self, slug: str = "trainer") -> str:
        return (self.questions / f"{slug}.yaml").read_text(encoding="utf-8")

    def editor(self, name: str = "mika", role: str = "publisher") -> Editor:
        known = [one for one in self.store.editors() if one.name == name]
        return known[0] if known else self.store.add_editor(name, role, None)

    def draft(self, text: str, cases: str | None = None, name: str = "mika") -> Draft:
        """A draft on top of what is live, with these texts."""
        begun = self.workshop.open("trainer", self.editor(name).id)
        kept = begun.cases if cases is None else cases
        return self.store.save_draft(begun.id, begun.version, text, kept, "test")

    def did(self) -> list[str]:
        return [entry.did for entry in self.store.entries()]

    def fee(self) -> int | None:
        return self.library.live("trainer").items[0].routes[0].costs[0].yen

    def close(self) -> None:
        for other in self.others:
            other.close()
        self.library.stop()
        self.store.close()
