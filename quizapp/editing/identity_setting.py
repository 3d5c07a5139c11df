"""The OpenID provider that is set, and what it lacks; loads no library for it before it must."""

from __future__ import annotations

from importlib.util import find_spec

from quizapp.config import Settings, variable
from quizapp.editing.identity import Identity
from quizapp.errors import Invalid, Problem, Where

NEEDED_LIBRARIES = ("authlib", "joserfc", "requests")
INSTALL = "pip install 'quizapp[oidc]'"


def identity_problems(settings: Settings) -> list[Problem]:
    """What keeps editors from signing in through the provider that is set; empty where none is."""
    given = {name: getattr(settings, name) for name in ("oidc_issuer", "oidc_client_id")}
    if not any((*given.values(), settings.oidc_client_secret)):
        return []
    why = "editors cannot sign in through the provider"
    problems = [
        Problem(
            Where(variable(name)), "no_provider", "it is not set", why, "set it, or none of QUIZAPP_OIDC_…"
        )
        for name, value in given.items()
        if not value
    ]
    missing = [name for name in NEEDED_LIBRARIES if not find_spec(name)]
    if missing:
        what = f"{', '.join(missing)} is not installed"
        problems.append(
            Problem(Where(variable("oidc_issuer")), "no_library", what, why, f"install it: {INSTALL}")
        )
    return problems


def identity_of(settings: Settings) -> Identity | None:
    """The provider that is set, None where there is none; asks it nothing yet. Raises Invalid."""
    if problems := identity_problems(settings):
        raise Invalid(problems)
    if not settings.oidc_issuer:
        return None
    from quizapp.editing.identity_provider import Provider

    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
