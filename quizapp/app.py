"""Wiring: settings to store, library and pages. ``flask --app quizapp.app`` finds ``create_app`` here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from types import TracebackType

from flask import Flask, Request
from werkzeug.routing import MapAdapter

from quizapp.config import Settings, load
from quizapp.editing.accounts import Accounts
from quizapp.editing.identity_setting import identity_of
from quizapp.library.expiry import forget_daily
from quizapp.library.library import Library
from quizapp.secret import secret_of
from quizapp.store.addresses import open_store
from quizapp.store.protocol import Store
from quizapp.store.records import Rate
from quizapp.web import api, assets, embed, health, metrics, quiz, results, screens, site
from quizapp.web.allowance import limit, shared_limits
from quizapp.web.body_limits import LookedOverRequest
from quizapp.web.edit import (
    account,
    desk,
    entries,
    exchange,
    history,
    log,
    merging,
    oidc,
    overview,
    parts,
    preview,
    previewed,
    review,
    signing_in,
    source,
    tables,
)
from quizapp.web.edit.guard import handle_lost_tokens
from quizapp.web.failures import handle_failures
from quizapp.web.hosts import asks_how_it_is
from quizapp.web.journal import keep_journal, tell_failure
from quizapp.web.metrics import measure
from quizapp.web.metrics_setting import refuse_open_metrics
from quizapp.web.security import secure
from quizapp.web.services import SAVES_A_MINUTE, Services, today_in_japan

DAY_SECONDS = 86_400
# A changed file must lie still for one look before it is read.
LOOKS = 4


class Application(Flask):
    """Flask, but for what it logs of an error that no page could be made of: never the address.

    Forms are looked over before they are read.
    """

    request_class = LookedOverRequest

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """The routes for a request; its host must be one of the names that are set, but for who asks how it is."""
        if request is not None and asks_how_it_is(request):
            return self.url_map.bind_to_environ(request.environ)
        return super().create_url_adapter(request)

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """The rule, the request's id and where the error arose."""
        if exc_info[1] is not None:
            tell_failure(exc_info[1])


def create_app(settings: Settings | None = None, today: Callable[[], date] = today_in_japan) -> Flask:
    """The application, with its banks published and served.

    Raises Invalid for settings that cannot be used, Unavailable where the store does not answer.
    """
    settings = settings or load()
    secret = secret_of(settings)
    refuse_open_metrics(settings)
    store = open_store(settings.database)
    library = _started(store, settings)
    app = Application("quizapp", static_folder=None, template_folder=None)
    identity = identity_of(settings)
    accounts = Accounts(
        store, timedelta(hours=settings.editor_idle_hours), timedelta(days=settings.editor_session_days)
    )
    shared = app.extensions["quizapp_limits"] = shared_limits(settings, store)
    saves = limit(
        shared,
        Rate("results saved", SAVES_A_MINUTE, 60.0),
        Rate("results saved in a day", settings.results_per_day, DAY_SECONDS),
    )
    app.extensions["quizapp"] = Services(settings, store, library, accounts, today, identity, saves)
    keep_journal(app, settings.mode == "production", behind_proxy=settings.proxy_hops > 0)
    measure(app, settings)
    csrf = secure(app, settings, secret)
    handle_failures(app)
    handle_lost_tokens(app)
    csrf.exempt(api.bp)
    for module in (
        assets,
        health,
        metrics,
        site,
        embed,
        quiz,
        screens,
        results,
        api,
        signing_in,
        account,
        oidc,
        source,
        preview,
        previewed,
        exchange,
        history,
        log,
        merging,
        review,
        overview,
        desk,
        parts,
        entries,
        tables,
    ):
        app.register_blueprint(module.bp)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    threading.Thread(target=forget_daily, args=(store,), name="expiry", daemon=True).start()
    return app


def _started(store: Store, settings: Settings) -> Library:
    """The library, which watches from now on; where it cannot begin, the store is closed again."""
    library = Library(store, settings.questions)
    try:
        library.start(watch=settings.watch > 0, every=settings.watch / LOOKS, follow=True)
    except BaseException:
        store.close()
        raise
    return library
