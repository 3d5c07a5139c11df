"""A network of the tests' own between workers and database: as fast as it gets, slow, or silent."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Network:
    """Passes on what either side says; ``delay`` is in seconds and holds for each answer of the server."""

    def __init__(self, port: int) -> None:
        """Lead to that port of this machine."""
        self.delay = 0.0
        self._open = threading.Event()
        self._open.set()
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def fall_silent(self) -> None:
        """Swallow everything from now on, with nobody told."""
        self._open.clear()

    def speak_again(self) -> None:
        """Pass on again, first what was held back."""
        self._open.set()

    def close(self) -> None:
        """Take no new connections."""
        self._open.set()
        self._listening.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            server = socket.create_connection(("127.0.0.1", self._server), timeout=5)
            with server:
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._pass_on(client, server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        while True:
            for said in select.select(list(other), [], [])[0]:
                piece = said.recv(65_536)
                self._open.wait()
                if said is server and self.delay:
                    time.sleep(self.delay)
                if not piece:
                    return
                other[said].sendall(piece)


@contextmanager
def network_to(port: int) -> Iterator[Network]:
    """A network to that port, until the block ends."""
    network = Network(port)
    try:
        yield network
    finally:
        network.close()
