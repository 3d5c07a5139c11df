"""A PostgreSQL server of the tests' own: started in a temporary folder on a free port, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

# Its programs refuse to run as root, for whom a user of the system must stand in.
_USER = "postgres"
_QUIET = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "autovacuum": "off",
}
# What is lost with the power is of no matter where no test is about it.
FAST = {"fsync": "off", "full_page_writes": "off"}


class Server:
    """One cluster. ``settings`` go to the server's command line; without ``FAST`` it keeps what it says."""

    def __init__(self, programs: str, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self._programs = (Path(programs) / "initdb").resolve().parent
        self._settings = {**_QUIET, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make the cluster's files."""
        made = self._start("initdb", "-D", str(self.folder), "-A", "trust", "-U", "quiz", "-E", "UTF8", "-N")
        output, _ = made.communicate(timeout=60)
        assert made.returncode == 0, output.decode()

    def follow(self, primary: Server) -> None:
        """Make the files of a standby of that server, which runs."""
        source = f"host=127.0.0.1 port={primary.port} user=quiz"
        made = self._start("pg_basebackup", "-D", str(self.folder), "-d", source, "-R", "-c", "fast", "-N")
        output, _ = made.communicate(timeout=60)
        assert made.returncode == 0, output.decode()

    def run(self, *statements: str) -> None:
        """Something that only an administrator may do."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def start(self) -> None:
        """Start it and wait until it answers."""
        told = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._start("postgres", "-D", str(self.folder), "-p", str(self.port), *told)
        deadline = time.monotonic() + 30
        while True:
            try:
                return psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None and time.monotonic() < deadline, (
                    "PostgreSQL does not start"
                )
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends every connection, SIGQUIT is as if the power had failed."""
        if self._process:
            self._process.send_signal(how)
            self._process.communicate(timeout=30)
            self._process = None

    @property
    def has_ended(self) -> bool:
        """Whether it is gone by itself, as it is when it cannot write its log."""
        return self._process is None or self._process.poll() is not None

    def address(self, database: str) -> str:
        """The address of a database on it."""
        return f"postgresql://quiz@127.0.0.1:{self.port}/{database}"

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        stand_in: dict[str, Any] = {"user": _USER, "group": _USER, "extra_groups": []} if _is_root() else {}
        return subprocess.Popen(
            [str(self._programs / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **stand_in,
        )


@contextmanager
def running(
    programs: str, standby_of: Server | None = None, within: Path | None = None, **settings: str
) -> Iterator[Server]:
    """A server that runs, a new one or a standby, until the block ends; its files lie ``within``."""
    # Not pytest's folder: nobody but its owner may pass through that.
    folder = Path(tempfile.mkdtemp(prefix="quizapp-postgres-", dir=within))
    if _is_root():
        shutil.chown(folder, _USER, pwd.getpwnam(_USER).pw_gid)
    server = Server(programs, folder, **settings)
    try:
        if standby_of:
            server.follow(standby_of)
        else:
            server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_root() -> bool:
    return os.geteuid() == 0
