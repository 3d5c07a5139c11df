"""What ``serve`` looks at before it begins, and what it tells once it has; knows nothing of serving itself."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

import click

from quizapp.cli.editors import setup_link
from quizapp.config import Settings
from quizapp.editing.identity_setting import identity_problems
from quizapp.errors import Invalid, Problem, Unavailable
from quizapp.secret import refuse_no_secret
from quizapp.setting_kinds import POSTGRES, REDIS
from quizapp.web.metrics_setting import refuse_open_metrics

log = logging.getLogger("quizapp.server")


def refuse_what_cannot_serve(settings: Settings) -> None:
    """Raise Invalid with everything that no page could be served with, all of it at once."""
    problems: list[Problem] = identity_problems(settings)
    for look in (refuse_no_secret, refuse_open_metrics, _refuse_bad_limits):
        try:
            look(settings)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(problems)


def _refuse_bad_limits(settings: Settings) -> None:
    if settings.rate_limits.startswith(REDIS):
        from quizapp.web.allowance import redis_limits

        redis_limits(settings.rate_limits)


def warn_of_what_is_odd(settings: Settings) -> None:
    """Log what need not be wrong: no folder of banks, or another server on the same file."""
    from quizapp.store.sqlite.file_lock import hold_while_alive, serving_lock

    if not settings.questions.is_dir():
        log.warning(
            "there is no folder %s: only banks that the database holds are served", settings.questions
        )
    if settings.database.startswith(POSTGRES):
        return
    serving = serving_lock(Path(settings.database))
    serving.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not hold_while_alive(serving):
        log.warning(
            "another server has %s open: one process serves SQLite faster than two", settings.database
        )


class FirstEditor:
    """The link by which the first editor is made, as long as there is none."""

    def __init__(self, settings: Settings) -> None:
        """Ask the store now, before anything forks; later where it does not answer just now."""
        self._settings = settings
        self._link: str | None = None
        self._is_asked = self._ask()

    def link(self, address: str) -> str:
        """Where to open it, for a site that listens at ``address``; empty where there is an editor."""
        if not self._is_asked:
            self._ask()
        return public_address(self._settings, address) + self._link if self._link else ""

    def _ask(self) -> bool:
        try:
            self._link = setup_link(self._settings)
        except Unavailable:
            if not self._settings.database.startswith(POSTGRES):
                raise
            return False
        return True


def public_address(settings: Settings, address: str) -> str:
    """Where people reach a site that listens at ``address``: by the first name that it answers to.

    >>> public_address(Settings(trusted_hosts=("shirube.example",), https=True), "http://127.0.0.1:8000/")
    'https://shirube.example/'
    >>> public_address(Settings(trusted_hosts=("quiz.lan",)), "http://127.0.0.1:8000/")
    'http://quiz.lan:8000/'
    """
    if not settings.trusted_hosts:
        return address
    name = settings.trusted_hosts[0].lstrip(".")
    behind_proxy = settings.https or settings.proxy_hops
    port = "" if behind_proxy or ":" in name else f":{urlsplit(address).port}"
    return f"{'https' if settings.https else 'http'}://{name}{port}/"


def tell_address(settings: Settings, address: str, first: FirstEditor) -> None:
    """The address on standard output; the rest on standard error, as everything there is written."""
    click.echo(f"{settings.product('ja')} ({settings.product('en')}): {address}")
    link = first.link(address)
    if settings.log_format == "json":
        log.info("serving at %s", address)
        if link:
            # Told whatever QUIZAPP_LOG_LEVEL leaves out: nobody could edit without it.
            log.critical({"says": "to edit banks, open this once (it holds for a day)", "link": link})
        return
    click.echo("Ctrl-C stops it.", err=True)
    if link:
        click.echo(f"To edit banks, open this once (it holds for a day): {link}", err=True)
