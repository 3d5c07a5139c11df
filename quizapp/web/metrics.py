"""Figures for Prometheus: how long requests take, how far takers come, what fails; closed unless it is set.

No label holds anything that a visitor chose: rules, classes of status, live banks, kinds of error. One process
tells of itself; where there are several, each is asked.
"""

from __future__ import annotations

import hmac
import platform
import time
from collections.abc import Iterator
from typing import Any, cast

from flask import Blueprint, Flask, Request, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from quizapp.config import VERSION, Settings
from quizapp.store.records import Pressure
from quizapp.web.hosts import is_loopback, names_this_machine
from quizapp.web.services import services
from quizapp.web.threads import Threads

bp = Blueprint("metrics", __name__)

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# Views by what they lead to when they succeed; previews are views of other names.
FUNNEL: dict[tuple[str | None, int], str] = {
    ("quiz.begin", 303): "begun",
    ("screens.answer", 303): "answered",
    ("quiz.check", 200): "checked",
    ("quiz.save", 303): "saved",
}
PUBLISHING: dict[str | None, str] = {"review.publish": "publish", "history.roll_back": "rollback"}
TOO_MANY = 429
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


class Figures:
    """What one application counts."""

    def __init__(self, app: Flask) -> None:
        self.registry = CollectorRegistry()
        self._seconds = self._histogram("request_seconds", "Time to answer", "rule", "status")
        self._by_rule: dict[tuple[str, int], Histogram] = {}
        self._steps = self._counter("quiz_steps", "Takers' steps in a bank", "bank", "step")
        self._saved = self._counter("results_saved", "Results that were acknowledged", "bank")
        self._errors = self._counter("store_errors", "Requests that the store failed", "kind")
        self._published = self._counter("publications", "Publications from this process's pages", "how")
        self._refused = self._counter("rate_limited", "Requests refused for their number", "rule")
        build = Gauge("quizapp_build_info", "What runs", ["version", "python"], registry=self.registry)
        build.labels(VERSION, platform.python_version()).set(1)
        self.registry.register(_Live(app))
        ProcessCollector(registry=self.registry)

    def count(self, response: Response) -> Response:
        """Count a request that was answered."""
        # Through the proxies, each look at the request would cost as much as the counting itself.
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        noted: dict[str, Any] = g._get_current_object().__dict__
        rule, status = asked.url_rule.rule if asked.url_rule else "none", response.status_code
        found = self._by_rule.get((rule, status // 100)) or self._series(rule, status // 100)
        found.observe(time.perf_counter() - noted.get("began", time.perf_counter()))
        if (step := FUNNEL.get((asked.endpoint, status))) and asked.view_args:
            # A step that succeeds is one in a live bank: no other slug comes so far.
            self._count_step(step, asked.view_args["bank"])
        elif status == TOO_MANY:
            self._refused.labels(rule).inc()
        elif status == 303 and (how := PUBLISHING.get(asked.endpoint)):
            self._published.labels(how).inc()
        if "store_error" in noted:
            self._errors.labels(noted["store_error"]).inc()
        return response

    def _count_step(self, step: str, bank: str) -> None:
        self._steps.labels(bank, step).inc()
        if step == "saved":
            self._saved.labels(bank).inc()

    def _series(self, rule: str, hundreds: int) -> Histogram:
        made = self._by_rule[rule, hundreds] = self._seconds.labels(rule, f"{hundreds}xx")
        return made

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"quizapp_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(f"quizapp_{name}", says, labels, buckets=SECONDS, registry=self.registry)


class _Live(Collector):
    """What is looked at when somebody asks: threads, connections, limits, and what is live."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        yield from self._threads()
        yield from self._connections()
        missed: int | None = getattr(self._app.extensions["quizapp_limits"], "missed", None)
        if missed is not None:
            yield _counted("limits_missed", "Turns counted by this process alone, for Redis was away", missed)
        live = GaugeMetricFamily(
            "quizapp_live_publication", "Number of the publication that this process serves", labels=["bank"]
        )
        for bank in self._app.extensions["quizapp"].library.published():
            live.add_metric([bank.slug], bank.publication.number)
        yield live

    def _threads(self) -> Iterator[Metric]:
        threads: Threads | None = self._app.extensions.get("quizapp_threads")
        if threads:
            yield _gauge("threads", "Threads that answer requests", threads.total)
            yield _gauge("threads_busy", "Threads that are answering one", threads.busy)
            yield _gauge("requests_waiting", "Requests that wait for a thread", threads.waiting)

    def _connections(self) -> Iterator[Metric]:
        pressure: Pressure | None = self._app.extensions["quizapp"].store.pressure()
        if pressure:
            yield _gauge("pool_connections", "Connections to the database", pressure.connections)
            yield _gauge("pool_connections_max", "Connections that there may be", pressure.most)
            yield _gauge("pool_in_use", "Connections that somebody works on", pressure.in_use)
            yield _gauge("pool_waiting", "Requests that wait for a connection", pressure.waiting)
            yield _counted("pool_waits", "Requests that waited for a connection", pressure.waits)
            yield _counted("pool_wait_seconds", "Seconds waited for connections", pressure.wait_seconds)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the application is not complete when this is registered."""
        return []


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"quizapp_{name}", says, value=value)


def _counted(name: str, says: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"quizapp_{name}", says, value=value)


def measure(app: Flask, settings: Settings) -> None:
    """Count from now on, if anybody may read it; else it costs nothing."""
    if settings.metrics == "off":
        return
    figures = app.extensions["quizapp_metrics"] = Figures(app)
    app.after_request(figures.count)


@bp.get("/metrics")
def metrics() -> Response:
    """The figures; 404 where it is closed, as at any address that there is not."""
    figures = current_app.extensions.get("quizapp_metrics") or abort(404)
    settings = services().settings
    if settings.metrics == "local" and not _from_this_machine():
        abort(404)
    if settings.metrics == "token" and not _has_token(settings.metrics_token):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    return Response(generate_latest(cast(Figures, figures).registry), content_type=CONTENT_TYPE_LATEST)


def _has_token(token: str) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _from_this_machine() -> bool:
    """Whether a program on this machine asks: without a proxy, and by a name that no other site can make its own."""
    if any(name in request.headers for name in FORWARDED):
        return False
    return is_loopback(request.remote_addr or "") and names_this_machine(request.host)
