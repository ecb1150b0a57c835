"""Errors as RFC 9457 problems, in Russian, with a pointer for every field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.wording import detail_of, field_detail, status_of, title_of
from domain.refusal import Refusal

TYPES = "https://mentoring.example/problems/"
"""Base of the stable problem types; the last part of a type is the code."""

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
    errors: tuple[dict[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries a problem."""
    body: dict[str, Any] = {
        "type": TYPES + problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    if problem.facts:
        body["facts"] = problem.facts
    content = orjson.dumps(body, default=str)
    return Response(content, problem.status, dict(headers or {}), media_type="application/problem+json")


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

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        errors = tuple(_field_error(one) for one in error.errors())
        detail = "; ".join(f"{one['pointer']}: {one['detail']}" for one in errors)
        return problem_response(Problem(422, "invalid", "Запрос заполнен с ошибками", detail, errors))

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        title, detail = _HTTP.get(error.status_code, ("Запрос не выполнен", str(error.detail)))
        return problem_response(Problem(error.status_code, f"http-{error.status_code}", title, detail), error.headers)

    @app.exception_handler(OperationalError)
    async def _database(_request: Request, error: DBAPIError) -> Response:
        log.error("database_unavailable", error=type(error).__name__)
        detail = "База данных не отвечает. Ничего не записано; повторите запрос с тем же Idempotency-Key."
        return problem_response(
            Problem(503, "database-unavailable", "Временно недоступно", detail), {"Retry-After": "5"}
        )

    @app.exception_handler(Exception)
    async def _bug(request: Request, error: Exception) -> Response:
        log.error("unhandled", path=request.url.path, error=type(error).__name__, exc_info=error)
        detail = "Внутренняя ошибка. Ничего не записано; повторите запрос, а если не поможет, сообщите оператору."
        return problem_response(Problem(500, "internal", "Внутренняя ошибка", detail))


_HTTP = {
    404: ("Не найдено", "По этому адресу ничего нет. Перечень запросов: /openapi.json."),
    405: ("Так нельзя", "Этот адрес не принимает такой метод. Перечень запросов: /openapi.json."),
}


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    place, *path = error["loc"] or ("body",)
    if error["type"] == "json_invalid":
        return {"pointer": "", "detail": "тело запроса не является правильным JSON"}
    path = [part for part in path if not _is_tag(part)]
    pointer = "".join(f"/{part}" for part in path)
    if place in ("query", "path", "header"):
        pointer = f"{place}:{'.'.join(str(part) for part in path)}"
    return {"pointer": pointer, "detail": field_detail(error)}


def _is_tag(part: Any) -> bool:
    """Pydantic names the branch of a union in the place; people do not write it."""
    return isinstance(part, str) and (part.startswith(("function-", "constrained-", "dict[", "list[")) or part in _TAGS)


_TAGS = {"str", "int", "date", "datetime", "model-fields"}
