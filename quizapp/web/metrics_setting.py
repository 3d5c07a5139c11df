"""Who may read the figures, and what that lacks; loads no library for it."""

from __future__ import annotations

from quizapp.config import Settings
from quizapp.errors import Invalid, Problem, Where


def refuse_open_metrics(settings: Settings) -> None:
    """Raise Invalid where the figures are to be read by a token, and there is none."""
    if settings.metrics == "token" and not settings.metrics_token:
        what, why = "it is not set, and metrics=token asks for it", "anybody could read the figures"
        where, fix = Where("QUIZAPP_METRICS_TOKEN"), "set it, or set QUIZAPP_METRICS to local or off"
        raise Invalid([Problem(where, "bad_setting", what, why, fix)])
