"""Pages for people: signed in by HTTP Basic, no scripts, the same strict headers on every answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from activities.database import UNREACHABLE
from activities.tokens import Identity, find_token
from api.context import InContext
from api.problems import TEMPORAL_AWAY, Faulty, Refused, problem_of

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SENT_FROM_HERE = {"Referrer-Policy": "same-origin"}
"""Of pages with a form that changes something: with `no-referrer` browsers do not say where a form comes from."""

_ASK = {"WWW-Authenticate": 'Basic realm="mentoring", charset="UTF-8"'}

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Stranger(Exception):
    """Nobody has signed in, or with a token that is not valid."""


class Foreign(Exception):
    """A form that does not come from a page of ours."""


class PageRoute(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler; what goes wrong is told in a sentence."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Stranger:
                return _told(401, *_STRANGER, _ASK)
            except Foreign:
                return _told(403, *_FOREIGN)
            except Refused as error:
                problem = problem_of(error.refusal)
                return _told(problem.status, problem.title, problem.detail)
            except Faulty as error:
                if error.problem is TEMPORAL_AWAY:
                    return _told(503, *_TEMPORAL_AWAY, {"Retry-After": "5"})
                return _told(error.problem.status, error.problem.title, error.problem.detail)
            except RequestValidationError:
                return _told(422, "Адрес записан с ошибкой", "Вернитесь к списку и выберите заново.")
            except UNREACHABLE:
                return _told(503, *_DATABASE_AWAY, {"Retry-After": "5"})

        return answer


_STRANGER = (
    "Нужен вход",
    "В окне входа укажите любое имя, а вместо пароля ключ доступа. Ключ выдаёт администратор региона.",
)
_FOREIGN = (
    "Отправьте с нашей страницы",
    "Запрос пришёл не с этого сайта, поэтому ничего не сделано. Откройте нужную страницу и повторите действие на ней.",
)
_TEMPORAL_AWAY = ("Временно недоступно", "Temporal не отвечает, процесс сейчас не тронуть. Повторите через минуту.")
_DATABASE_AWAY = ("Временно недоступно", "База данных не отвечает. Обновите страницу через минуту.")


def page(template: str, /, code: int = 200, headers: Mapping[str, str] | None = None, **words: Any) -> HTMLResponse:
    """A rendered template."""
    return HTMLResponse(_PAGES.get_template(template).render(words), code, {**HEADERS, **(headers or {})})


def _told(code: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    return page("told.html", code, headers, title=title, detail=detail)


def _visitor(request: Request, context: InContext) -> Identity:
    token = _password(request.headers.get("authorization", ""))
    if token is not None:
        with context.core.database.reading() as connection:
            identity = find_token(connection, token, context.core.clock())
        if identity is not None:
            return identity
    raise Stranger


def _password(header: str) -> str | None:
    """The password of HTTP Basic (RFC 7617), `None` when there is none that can be read."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return password.strip() if colon else None


Visitor = Annotated[Identity, Depends(_visitor)]
"""Who looks: any user name, and an API token for a password."""


def _from_here(request: Request, context: InContext) -> None:
    """Browsers sign in by themselves wherever a form comes from, so another site's form has to be told apart.

    They say so in `Sec-Fetch-Site` (W3C Fetch Metadata) or, where that is not sent, without TLS, in `Origin`.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        ours = {request.headers.get("host"), urlsplit(context.core.settings.public_url).netloc}
        with suppress(ValueError):  # an origin that is none
            told = urlsplit(request.headers.get("origin", "")).netloc
            site = "same-origin" if told and told in ours else None
    if site != "same-origin":
        raise Foreign


FromHere = Annotated[None, Depends(_from_here)]
"""For what changes something: the form was sent from a page of this site."""


def _watcher(request: Request, context: InContext) -> Identity:
    try:
        return _visitor(request, context)
    except UNREACHABLE:
        token = _password(request.headers.get("authorization", ""))
        if token is not None and (known := context.watch.identity(token)):
            return known
        raise


Watcher = Annotated[Identity, Depends(_watcher)]
"""The same; whoever looks after the machine is known for a while without the database too."""
