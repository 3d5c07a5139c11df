"""Why there is no connection: one sentence for each cause, the place in it and never the password."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from quizapp.errors import Unavailable, Unusable
from quizapp.store.postgres.address import connection_info
from quizapp.store.postgres.connecting import why_no_connection
from quizapp.store.postgres.server import PostgresServer
from tests.conftest import require_or_skip
from tests.postgres import FAST, free_port, running

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def place():
    """Where a server listens that lets ``pw`` in by a password, and ``quiz`` as it comes."""
    with running(require_or_skip("postgres programs"), **FAST) as server:
        server.run("CREATE ROLE pw LOGIN PASSWORD 'the right one'")
        rules = ("host all pw all scram-sha-256", "host all nobody all trust", "host all quiz all trust")
        (server.folder / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))
        server.stop()
        server.start()
        yield f"127.0.0.1:{server.port}"


def why(address: str) -> str:
    with pytest.raises(Unavailable) as refusal, PostgresServer(address).connected():
        pass
    assert "s3cret" not in str(refusal.value)
    return str(refusal.value).removeprefix("the database cannot be used just now: ")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("quiz:s3cret@127.0.0.1:{free}/postgres", "no server answers at 127.0.0.1:{free}"),
        ("quiz:s3cret@no.invalid/postgres", "there is no host called no.invalid"),
        ("pw:s3cret@{place}/postgres", "the server at {place} refuses the password of user pw"),
        (
            "pw@{place}/postgres",
            "the server at {place} asks for the password of user pw, and there is none",
        ),
        ("quiz:s3cret@{place}/nodb", "there is no database nodb on the server at {place}"),
        ("nobody:s3cret@{place}/postgres", "there is no user nobody on the server at {place}"),
        (
            "stranger:s3cret@{place}/postgres",
            "the server at {place} does not let user stranger in from here (its pg_hba.conf)",
        ),
        (
            "quiz@{place}/postgres?sslmode=require",
            "no agreement about TLS with the server at {place} (sslmode)",
        ),
        (
            "quiz:s3cret@127.0.0.1:{free},{place}/nodb",
            "no server answers at 127.0.0.1:{free}; there is no database nodb on the server at {place}",
        ),
    ],
)
def test_each_cause_is_told_with_its_place(place, address, told):
    names = {"free": free_port(), "place": place}
    assert why(f"postgresql://{address.format(**names)}") == told.format(**names)


def test_a_server_that_takes_no_writes_is_told_as_that(place):
    with closing(psycopg.connect(f"postgresql://quiz@{place}/postgres", autocommit=True)) as connection:
        connection.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
        try:
            assert why(f"postgresql://quiz@{place}/postgres") == f"the server at {place} takes no writes"
        finally:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER DATABASE postgres RESET default_transaction_read_only")


def test_what_nobody_foresaw_is_told_without_its_words():
    text = (
        'connection failed: connection to server at "db" (::1), port 5432 failed: FATAL:  しりません s3cret'
    )
    told = why_no_connection(psycopg.OperationalError(text))
    assert told == "the server at db:5432 refuses the connection; its log says why"
    assert why_no_connection(psycopg.OperationalError("server closed the connection unexpectedly")) is None


@pytest.mark.parametrize("address", ["quiz:s3@cret@host/db", "quiz:12/s3@cret/db"])
def test_a_password_that_breaks_the_address_is_not_told_as_a_host(address):
    with pytest.raises(Unusable, match="percent-encode") as refusal:
        connection_info(f"postgresql://{address}")
    assert "cret" not in str(refusal.value)


def test_a_role_that_may_not_make_tables_is_told_what_it_needs(place):
    server = PostgresServer(f"postgresql://pw:the%20right%20one@{place}/postgres")
    with pytest.raises(Unavailable, match="has to own the database"), server.connected() as connection:
        connection.execute("CREATE TABLE mine (number bigint)")
