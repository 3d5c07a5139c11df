"""Where somebody may be led to: pages of ours, whatever address was sent."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from quizapp.web.replies import FROM_CHECK


def own_page(here: str, method: str = "GET", otherwise: str = "site.start") -> str:
    """The address of our own page that was meant; that of ``otherwise`` for whatever is none.

    What was sent is never used itself: it is looked up among our routes, and the address is made anew
    from what was found, so that ``//elsewhere`` and its kin lead nowhere.
    """
    path, mark, query = here.partition("?")
    routes = current_app.url_map.bind(request.host)
    try:
        endpoint, values = routes.match(path, method=method)
    except (HTTPException, RequestRedirect):
        return url_for(otherwise)
    return url_for(endpoint, **values) + (FROM_CHECK if mark + query == FROM_CHECK else "")
