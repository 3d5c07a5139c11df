"""A Redis of the tests' own: in a temporary folder on a free port, behind a password, gone at the end."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from tests.postgres import free_port

PASSWORD = "kept-between-us-and-redis"


class RedisServer:
    """One server, started and killed at will; what it held is gone with it."""

    def __init__(self, program: str, folder: str) -> None:
        self.port = free_port()
        self._told = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", folder]
        self._told += ["--requirepass", PASSWORD, "--save", "", "--appendonly", "no"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Its address, with the password."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        with Redis.from_url(self.address) as client:
            while True:
                try:
                    client.ping()
                except RedisError:
                    assert self._process.poll() is None and time.monotonic() < end, "Redis does not start"
                    time.sleep(0.02)
                else:
                    return

    def kill(self) -> None:
        """Kill it, as if the machine were gone."""
        if self._process:
            self._process.kill()
            self._process.wait(30)
            self._process = None


@contextmanager
def redis_running(program: str) -> Iterator[RedisServer]:
    """A server that runs until the block ends."""
    with tempfile.TemporaryDirectory(prefix="quizapp-redis-") as folder:
        server = RedisServer(program, folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()
