"""Errors as RFC 9457 problems, in Russian, with a pointer for every field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.tracing import inside, trace_id
from api.field_wording import field_detail
from api.watching import PLACE, route_of
from api.wording import detail_of, status_of, title_of
from domain.calendar import UnknownYear
from domain.refusal import Refusal

TYPES = "https://mentoring.example/problems/"
"""Base of the stable problem types; the last part of a type is the code."""

MOST_ERRORS = 50
"""Fields that one problem names; whoever sent more mistakes has sent something else altogether."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache, private",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of every answer that does not set its own."""

log = structlog.get_logger()


class Refused(Exception):
    """Carries a refusal from a route to the answer."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Problem:
    """One problem; `type` is the code without the base."""

    status: int
    type: str
    title: str
    detail: str
    errors: tuple[dict[str, Any], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


class Faulty(Exception):
    """Carries a problem from a route to the answer, where there is more to say than a refusal can."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.type)
        self.problem = problem


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries a problem."""
    body: dict[str, Any] = {
        "type": TYPES + problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if (found := trace_id()) is not None:
        body["trace_id"] = found
    if problem.errors:
        body["errors"] = problem.errors
    if problem.facts:
        body["facts"] = problem.facts
    return Response(_written(body), problem.status, dict(headers or {}), media_type="application/problem+json")


def _written(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body, default=str)
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits, of those who sent it
        return json.dumps(body, default=str).encode()


def problem_of(refusal: Refusal) -> Problem:
    """A refusal as a problem."""
    detail = detail_of(refusal)
    errors = ({"pointer": refusal.pointer, "detail": detail},) if refusal.pointer else ()
    return Problem(status_of(refusal), refusal.code, title_of(refusal.code), detail, errors, refusal.facts)


def install(app: FastAPI) -> None:
    """Every error of the application becomes a problem."""

    @app.exception_handler(Refused)
    async def _refused(_request: Request, error: Refused) -> Response:
        return problem_response(problem_of(error.refusal))

    @app.exception_handler(Faulty)
    async def _faulty(_request: Request, error: Faulty) -> Response:
        return problem_response(error.problem)

    @app.exception_handler(UnknownYear)
    async def _unknown_year(_request: Request, error: UnknownYear) -> Response:
        return problem_response(problem_of(Refusal(code="calendar_ends", facts={"year": error.year})))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        if isinstance(error.body, bytes):  # the framework reads JSON only where the request says that it is JSON
            return problem_response(http_problem(415))
        return problem_response(invalid(error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        return problem_response(http_problem(error.status_code), error.headers)

    @app.exception_handler(Exception)
    async def _bug(request: Request, error: Exception) -> Response:
        route = route_of(request.scope)  # not the address: some hold a secret
        with inside(request.scope[PLACE]):
            log.error("unhandled", method=request.method, route=route, exc_info=error)
            return problem_response(_INTERNAL, HEADERS)


def invalid(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """What is wrong with the fields of a request, each place once."""
    found = {place["pointer"]: place for one in errors if (place := _field_error(one))}
    named = tuple(found.values())[:MOST_ERRORS]
    detail = "; ".join(f"{one['pointer'] or 'тело запроса'}: {one['detail']}" for one in named)
    return Problem(422, "invalid", "Запрос заполнен с ошибками", detail, named)


def http_problem(status: int) -> Problem:
    """The problem of a bare HTTP status."""
    title, detail = _HTTP.get(status, ("Запрос не выполнен", "Запрос не выполнен. Перечень запросов: /docs."))
    return Problem(status, f"http-{status}", title, detail)


_HTTP = {
    400: ("Запрос не прочитать", "Тело запроса — не JSON в кодировке UTF-8, или оно вложено слишком глубоко."),
    404: ("Не найдено", "По этому адресу ничего нет. Перечень запросов: /docs."),
    405: ("Так нельзя", "Этот адрес не принимает такой метод. Перечень запросов: /docs."),
    413: ("Слишком большой запрос", "Тело запроса не больше 1 МБ, файл не больше 5 МБ. Разделите данные на части."),
    415: ("Нужен JSON", "Передайте тело запроса как JSON и укажите Content-Type: application/json."),
}  # fmt: skip

TEMPORAL_AWAY = Problem(
    503,
    "temporal-unavailable",
    "Временно недоступно",
    "Temporal не отвечает, процесс сейчас не тронуть. Повторите запрос позже с тем же Idempotency-Key.",
)

DATABASE_AWAY = Problem(
    503,
    "database-unavailable",
    "Временно недоступно",
    "База данных не отвечает. Ничего не записано; повторите запрос с тем же Idempotency-Key.",
)

_INTERNAL = Problem(
    500,
    "internal",
    "Внутренняя ошибка",
    "Внутренняя ошибка. Ничего не записано; повторите запрос, а если не поможет, сообщите оператору.",
)


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    place, *path = error["loc"] or ("body",)
    if error["type"] == "json_invalid":
        return {"pointer": "", "detail": "тело запроса не является правильным JSON"}
    if error["type"] == "missing" and place == "body" and not path:
        return {"pointer": "", "detail": "нужно тело запроса"}
    parts = [str(part)[:100] for part in path if not _is_tag(part)]
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)
    if place in ("query", "path", "header"):
        pointer = f"{place}:{'.'.join(parts)}"
    return {"pointer": pointer, "detail": field_detail(error)}


def _is_tag(part: Any) -> bool:
    """Pydantic names the branch of a union in the place; people do not write it."""
    return isinstance(part, str) and (part.startswith(("function-", "constrained-", "dict[", "list[")) or part in _TAGS)


_TAGS = {"str", "int", "one person", "person by step", "[key]"}
