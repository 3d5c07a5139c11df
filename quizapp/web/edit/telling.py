"""What a script is told after it saved in the background: the page's marks, problems and state as they are now."""

from __future__ import annotations

from collections.abc import Iterable

from flask import jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.web.edit.bench import Bench
from quizapp.web.edit.forms.fields import ShapeField
from quizapp.web.edit.forms.made import Form
from quizapp.web.edit.pages.frame import DraftBar, draft_bar
from quizapp.web.edit.pages.part import PartPage
from quizapp.web.templating import template


def in_background() -> bool:
    """Whether a script asks, which stays on its page."""
    return request.headers.get("X-Autosave") == "yes"


def told(now: Bench, form: Form, fields: Iterable[ShapeField], page: PartPage | None = None) -> AnyResponse:
    """The answer to a form that was saved: ``fields`` and ``page`` are what its page would show now.

    ``fresh`` are the pieces of the page that saving may change, as HTML; each says by ``data-fresh`` which.
    """
    bar = page.bar if page else draft_bar(now)
    moment = now.language.moment(now.hand.draft.updated) if now.hand.draft else ""
    return jsonify(
        {
            "version": now.hand.version,
            "saved": now.language.say("Saved %(when)s", when=moment),
            "mistakes": [{"id": one.href[1:], "words": one.words} for one in form.mistakes],
            "undo": now.way.can_undo,
            "fresh": fresh(now, bar, fields, page),
        }
    )


def fresh(now: Bench, bar: DraftBar, fields: Iterable[ShapeField] = (), page: PartPage | None = None) -> str:
    """The pieces of a page that saving may change, as HTML."""
    made = template("edit/fresh.html", now.language)
    return made.render(bar=bar, fields=tuple(fields), page=page)
