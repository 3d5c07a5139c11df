"""The peer of the load benchmark: bare Flask that inserts one row and redirects, under the same server.

The row is as long as that of a result. It is on disk before the request is answered, as a result is: SQLite
with ``synchronous = FULL``, PostgreSQL with the server's ``synchronous_commit``, which is on.
"""

from __future__ import annotations

import secrets
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from quizapp.config import Settings
from quizapp.server.serve import serve

TABLE = "CREATE TABLE IF NOT EXISTS bare (token TEXT PRIMARY KEY, body TEXT NOT NULL)"
Insert = Callable[[str, str], None]


def sqlite(path: str) -> Insert:
    """One connection and one lock: the quickest way to write an SQLite file from several threads."""
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        file.execute(f"PRAGMA {pragma}").fetchall()
    file.execute(TABLE)
    writing = threading.Lock()

    def insert(token: str, body: str) -> None:
        with writing:
            file.execute("INSERT INTO bare VALUES (?, ?)", (token, body))

    return insert


def postgres(address: str) -> Insert:
    """A pool of connections, each insert a transaction of its own."""
    from psycopg_pool import ConnectionPool

    pool = ConnectionPool(address, kwargs={"autocommit": True}, min_size=1, max_size=8, open=True)

    def insert(token: str, body: str) -> None:
        with pool.connection() as connection:
            connection.execute("INSERT INTO bare VALUES (%s, %s)", (token, body))

    with pool.connection() as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        connection.execute(TABLE)
        connection.execute("SELECT pg_advisory_unlock(1)")
    return insert


def create_peer(row: str, settings: Settings) -> Flask:
    """One route, that keeps a text of the given length under a new key, once the form has come."""
    app = Flask(__name__)
    open_store = postgres if settings.database.startswith("postgresql://") else sqlite
    insert = open_store(settings.database)

    @app.post("/insert")
    def keep() -> Response:
        token = secrets.token_urlsafe(18)
        insert(token, request.form["csrf_token"] + row)
        return redirect(f"/r/{token}", 303)

    return app


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    serve(
        Settings(instance=folder, questions=folder, port=0, database=sys.argv[2], threads=int(sys.argv[3])),
        lambda address: print(address, flush=True),
        partial(create_peer, Path(sys.argv[4]).read_text(encoding="utf-8")),
    )
