"""Every error as a page or as JSON: the one place that maps what went wrong to a status and to words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from quizapp.errors import Conflict, Invalid, NotFound, Problem, QuizappError, Unavailable, Where
from quizapp.i18n import Language, language
from quizapp.web.journal import tell_failure, tell_unavailable
from quizapp.web.replies import reply, spoken
from quizapp.web.services import services

RETRY_SECONDS = 5
# In both languages: who is asked by a wrong name may read neither session nor cookies.
STRANGE_HOST = (
    "このアドレスでは、このサイトをご利用いただけません。",
    "This site is not served under this name.",
    "正しいアドレスで開き直してください。サイトを運営している方は、設定の QUIZAPP_TRUSTED_HOSTS をご確認ください。",
    "Open it by its own address. Whoever runs it names its hosts in QUIZAPP_TRUSTED_HOSTS.",
)
STATUS = {NotFound: 404, Conflict: 409, Unavailable: 503, Invalid: 400}


@dataclass(frozen=True)
class FailurePage:
    """What happened, and what the reader can do."""

    status: int
    title: str
    advice: str


def handle_failures(app: Flask) -> None:
    """Answer every error, foreseen or not, in the form the address promises."""
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(QuizappError, _of_quizapp)
    app.register_error_handler(Exception, _unforeseen)


def of_http(error: HTTPException) -> AnyResponse:
    """An error of HTTP as a page or as JSON."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response(request.environ)
    if isinstance(error, SecurityError):
        return _of_strange_host()
    made = _answer(error.code or 500, [])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            made.headers[name] = value
    return made


def _of_strange_host() -> Response:
    """No page of the site's, whose links would lead to a name that is not its own."""
    g.refused = "the host that it names is not in trusted_hosts"
    if _api():
        problem = Problem(Where("request"), "strange_host", STRANGE_HOST[1], STRANGE_HOST[3], STRANGE_HOST[3])
        made = jsonify({"problems": [problem.to_json()]})
    else:
        made = Response(
            "".join(f"{line}\n" for line in STRANGE_HOST), content_type="text/plain; charset=utf-8"
        )
    made.status_code = 400
    return made


def _of_quizapp(error: QuizappError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    problems = error.problems if isinstance(error, Invalid) else []
    if problems and _api():
        status = 422
    if isinstance(error, Unavailable):
        tell_unavailable(error)
    if status == 500:
        tell_failure(error)
    made = _answer(status, problems)
    if status == 503:
        made.headers["Retry-After"] = str(RETRY_SECONDS)
    return made


def _unforeseen(error: Exception) -> Response:
    tell_failure(error)
    return _answer(500, [])


def _api() -> bool:
    return request.path.startswith("/api/")


def _editing() -> bool:
    return request.path.startswith("/edit")


def _answer(status: int, problems: list[Problem]) -> Response:
    lang = _language()
    page = failure(status, lang)
    if not _api():
        return reply("failure.html", page, status=page.status, speaking=lang)
    what, fix = API_WORDS.get(status, (page.title, page.advice))
    told = problems or [Problem(Where("request"), f"http_{status}", what, fix, fix)]
    made = jsonify({"problems": [problem.to_json() for problem in told]})
    made.status_code = status
    return made


def _language() -> Language:
    if _api():
        return language("en")
    try:
        return spoken()
    except Exception:
        # A request that was refused before it was read has neither session nor headers to ask.
        return language(services().settings.default_language)


def failure(status: int, lang: Language) -> FailurePage:
    """The page of a status; an unknown one is told as the nearest of its class."""
    title, advice = (
        (EDITING.get(status) if _editing() else None)
        or WORDS.get(status)
        or WORDS[400 if status < 500 else 500]
    )
    return FailurePage(status, lang.say(title), lang.say(advice))


def _m_(message: str) -> str:
    """Marks words for the translators; ``failure`` translates them."""
    return message


WORDS = {
    400: (
        _m_("This page has to be opened again."),
        _m_(
            "It was open too long, or cookies are blocked. Go back, reload, and send it once more. "
            "Your answers are still there."
        ),
    ),
    403: (
        _m_("This is not yours to change."),
        _m_("Only the browser that made a result can change or delete it."),
    ),
    404: (
        _m_("There is nothing here."),
        _m_("The address may be mistyped, or the result was deleted or has expired."),
    ),
    405: (_m_("That cannot be done at this address."), _m_("Start again from the first page.")),
    409: (_m_("Somebody else was faster."), _m_("Open the page again to see how it is now.")),
    410: (_m_("This has been taken away."), _m_("It existed, and will not come back.")),
    413: (
        _m_("That was too much at once."),
        _m_("What was sent is larger than any answer can be. Go back and send less."),
    ),
    415: (_m_("That is not JSON."), _m_("Send the body as application/json.")),
    422: (_m_("The answers cannot be read."), _m_("Each problem says what to change.")),
    429: (
        _m_("One moment, please."),
        _m_(
            "Many results were saved from here in a short time. Wait a minute and send it again; "
            "nothing is lost."
        ),
    ),
    500: (
        _m_("Something went wrong on our side."),
        _m_("It was recorded without your answers. Please try again in a while."),
    ),
    503: (
        _m_("We cannot save just now."),
        _m_("Your answers are still in this browser. Please try again in a moment."),
    ),
}

# What editors are told otherwise than takers.
EDITING = {
    400: (
        _m_("This page has to be opened again."),
        _m_("It was open too long, or cookies are blocked. Go back, reload, and send it once more."),
    ),
    403: (
        _m_("Your role does not allow this."),
        _m_("Editors change drafts, publishers put them live. Whoever runs this site gives the roles."),
    ),
    404: (
        _m_("There is nothing here."),
        _m_("The part, draft or link may have been removed or renamed. Look for it from the list of banks."),
    ),
    409: (
        _m_("Somebody else was faster."),
        _m_("Nothing was overwritten. Open the page again to see how it is now."),
    ),
    413: (_m_("That was too much at once."), _m_("A bank's file may hold 256 KB, an upload twice that.")),
    429: (_m_("One moment, please."), _m_("There were many tries in a short time. Wait a minute.")),
    503: (
        _m_("We cannot save just now."),
        _m_("Nothing was lost: go back, and send it again in a moment."),
    ),
}

# What programs are told otherwise than people; in English only, as all of the API.
API_WORDS = {
    400: ("The request cannot be read.", "Send one JSON object in UTF-8, not nested deeply."),
    413: ("The body is too large.", "Send answers to the bank's own questions; they fit in 64 KB."),
    429: (
        "There were many requests from this address.",
        "Wait as long as Retry-After says and send it again.",
    ),
    503: ("Too much is being worked on just now.", "Wait as long as Retry-After says and send it again."),
}
