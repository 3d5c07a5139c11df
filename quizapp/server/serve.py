"""Runs the quiz under granian, one serving process with several threads; knows nothing of pages."""

from __future__ import annotations

import ctypes
import errno
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from quizapp.config import Settings
from quizapp.errors import Invalid, Problem, QuizappError, Unavailable, Where
from quizapp.secret import secret_of
from quizapp.server.bodies import WholeBodies
from quizapp.server.waiting import Waiting, is_worth_waiting
from quizapp.web.log_lines import begin_logging

if TYPE_CHECKING:
    from flask import Flask

SECONDS_TO_DRAIN = 15
# A connection that says nothing, or not a whole head, is cut: it holds one of so many places.
SECONDS_FOR_A_HEAD, HEAD_BYTES = 5, 64 * 1024
CONNECTIONS = 4_096
# What the process itself needs of the files that it may open: database, banks, log.
OWN_FILES = 200
TRIES = 3  # So often in a row may a serving process die while it loads.
BEGUN, WAITING, READY = b"begun", b"waiting", b"ready"
# How long one thread computes before another may. With Python's own 5 ms every short request waits behind
# a result that is being explained: the 99th percentile of answers was four times as long.
SWITCH_SECONDS = 0.0005
# Standard output is for the address alone: whoever reads only that must not make logging wait. What granian
# says of itself goes the way of all other records, and is written as they are.
LOG_AS_ALL = {
    "formatters": {},
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "loggers": {"_granian": {"handlers": ["none"], "propagate": True}},
}
log = logging.getLogger("quizapp.server")


class Flag(Protocol):
    """A truth value that several processes see."""

    value: bool


def serve(
    settings: Settings, tell: Callable[[str], None], create: Callable[[Settings], Flask] | None = None
) -> None:
    """Serves until SIGINT or SIGTERM, finishing the requests at hand; tells the address once it answers.

    ``create`` makes the application, quizapp's own where left out. A serving process that dies is
    started again, but not one that never came up or that fails to come up time after time; it ends
    when this process is gone. While a PostgreSQL server does not answer everything is 503, and the address is
    told once it does. Raises Invalid when there is no secret or the port cannot be had; leaves by SystemExit
    when the application cannot start.
    """
    secret_of(settings)
    begin_logging(settings)
    settings = replace(settings, port=_port_to_use(settings.host, settings.port))
    heard, news = multiprocessing.Pipe(duplex=False)
    # Shared with the serving processes, without a lock that a killed one could keep.
    leaving: Flag = multiprocessing.RawValue(ctypes.c_bool, False)
    server = Server(
        target="quizapp.app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        log_level=LogLevels.debug if settings.log_level == "debug" else LogLevels.error,
        log_dictconfig=LOG_AS_ALL,
        workers_kill_timeout=SECONDS_TO_DRAIN,
        backlog=CONNECTIONS,
        backpressure=_places(),
        http1_settings=HTTP1Settings(
            header_read_timeout=SECONDS_FOR_A_HEAD * 1_000, max_buffer_size=HEAD_BYTES
        ),
    )

    threading.Thread(target=_come_up, args=(heard, server, settings, tell), daemon=True).start()
    server.on_startup(partial(_drain_on_sigterm, server, settings, leaving))
    server.serve(target_loader=partial(_load, settings, news, leaving, create), wrap_loader=False)


def address(settings: Settings) -> str:
    """Where the quiz is reached from this machine.

    >>> address(Settings(host="0.0.0.0", port=80))
    'http://127.0.0.1:80/'
    """
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{everywhere.get(settings.host, host)}:{settings.port}/"


def _come_up(
    heard: Connection, server: AbstractServer[Any], settings: Settings, tell: Callable[[str], None]
) -> None:
    """Tells the address when the first serving process is ready; grants the later ones some tries."""
    tries, told = 0, False
    with suppress(EOFError):  # The server has ended.
        while news := heard.recv_bytes():
            tries = tries + 1 if news == BEGUN else 0
            if news != BEGUN and not server.respawn_failed_workers:
                _wait_until_open(settings)
                server.respawn_failed_workers = True
            if news == READY and not told:
                told = True
                tell(address(settings))
            if tries <= TRIES:
                # Granian gives up on a process that dies soon after the one before, even on one that
                # had come up or that somebody killed while it was still loading.
                server.respawned_wrks.clear()


def _drain_on_sigterm(server: AbstractServer[Any], settings: Settings, leaving: Flag) -> None:
    """On SIGTERM, say so at ``/readyz``; end after the time that a balancer needs to notice. Twice is at once."""
    end_now: Callable[[], None] = server.signal_handler_interrupt

    def leave(*_: object) -> None:
        again, leaving.value = leaving.value, True
        log.info("stopping: /readyz says no" if not again and settings.drain_seconds else "stopping")
        if again or not settings.drain_seconds:
            end_now()
            return
        end = threading.Timer(settings.drain_seconds, end_now)
        end.daemon = True
        end.start()

    signal.signal(signal.SIGTERM, leave)


def _load(
    settings: Settings, news: Connection, leaving: Flag, create: Callable[[Settings], Flask] | None
) -> WholeBodies:
    # Runs in the serving process: the application and its threads must not be inherited by a fork.
    sys.setswitchinterval(SWITCH_SECONDS)
    news.send_bytes(BEGUN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin_logging(settings)
    if create is None:
        from quizapp.app import create_app

        create = create_app
    stand_in = Waiting(settings)
    serving = WholeBodies(stand_in, settings)

    def take_up(app: Flask) -> None:
        from quizapp.web.health import leave_when

        leave_when(app, lambda: leaving.value)
        app.extensions["quizapp_threads"] = serving.load
        stand_in.give(app)
        news.send_bytes(READY)

    make = partial(create, settings)
    try:
        take_up(make())
    except QuizappError as error:
        if not isinstance(error, Unavailable) or not is_worth_waiting(settings, error):
            sys.stderr.write(f"{error}\n")
            sys.exit(1)
        news.send_bytes(WAITING)
        threading.Thread(target=_await, args=(stand_in, make, error, take_up), daemon=True).start()
    return serving


def _await(
    stand_in: Waiting, make: Callable[[], Flask], error: Unavailable, take_up: Callable[[Flask], None]
) -> None:
    """Takes the application up once its database answers; what waiting does not mend ends this process."""
    try:
        take_up(stand_in.until(make, error))
    except Exception as grave:
        if not isinstance(grave, QuizappError):
            from quizapp.web.journal import tell_failure

            tell_failure(grave)
        sys.stderr.write(f"{grave if isinstance(grave, QuizappError) else type(grave).__name__}\n")
        sys.stderr.flush()
        os._exit(1)


def _end_with_parent() -> None:
    """Ends this process once its parent is gone: an orphan would go on holding port and database."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_DRAIN)
    os._exit(1)


def _wait_until_open(settings: Settings) -> None:
    """Returns once the address can be connected to; what is told before that would be a false promise."""
    place = urlsplit(address(settings))
    while True:
        try:
            socket.create_connection((place.hostname or "", place.port or 0), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return


def _places() -> int:
    """How many connections may be open at once: with more than this the process could open no file any more."""
    if sys.platform == "win32":
        return CONNECTIONS
    import resource

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OWN_FILES
    if now != resource.RLIM_INFINITY and now < wanted:
        now = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        # Serving processes inherit it.
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
    return CONNECTIONS if now == resource.RLIM_INFINITY else max(1, min(CONNECTIONS, now - OWN_FILES))


def _port_to_use(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Invalid([_cannot_listen(host, port, error)]) from None
        return int(probe.getsockname()[1])


def _cannot_listen(host: str, port: int, error: OSError) -> Problem:
    taken = error.errno == errno.EADDRINUSE
    return Problem(
        Where(f"{host}:{port}"),
        "cannot_listen",
        "another program listens there" if taken else f"cannot listen there: {error.strerror or error}",
        "the quiz needs an address of its own",
        "choose another with --port, or 0 for any free one" if taken else "choose another --host or --port",
    )
