"""What the OpenAPI document says of every protected route: the key, the problems, the headers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "facts": {"type": "object"},
    },
    "example": {
        "type": "https://mentoring.example/problems/gate_steps",
        "title": "Сначала другие мероприятия",
        "status": 409,
        "detail": "Мероприятие 20 ждёт выполнения мероприятий: 19.",
        "facts": {"step": 20, "missing": [19]},
    },
}
_REFERENCE = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ANSWERS = {
    "401": "Нет действующего ключа",
    "403": "Недостаточно прав",
    "404": "Не найдено или не видно",
    "409": "Сейчас так нельзя: причина и выход названы",
    "412": "Версия в If-Match устарела",
    "422": "Ошибка в полях, у каждой своё место",
    "503": "База данных или Temporal не отвечает",
}


def describe(app: FastAPI) -> None:
    """Complete the document that FastAPI makes from the routes."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _completed(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, routes=app.routes, description=_DESCRIPTION)
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, operations in made["paths"].items():
        if not path.startswith("/api/v1"):
            continue
        for operation in operations.values():
            operation["security"] = [{"bearer": []}]
            for status, words in _ANSWERS.items():
                operation["responses"][status] = {"description": words, "content": _REFERENCE}
    return made


_DESCRIPTION = (
    "Ошибки приходят как application/problem+json (RFC 9457). Небезопасные запросы принимают Idempotency-Key:"
    " тот же ключ с тем же телом даёт тот же ответ. Состояния несут ETag, If-Match защищает от чужих изменений."
)
