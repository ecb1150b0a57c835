"""What the OpenAPI document says of every protected route: the key, the problems, the headers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Постоянный; последняя часть — код"},
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
        "trace_id": {"type": "string", "description": "Номер обращения: по нему находят записи о нём"},
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
_ALWAYS = {
    "401": "Нет действующего ключа",
    "404": "Не найдено или не видно",
    "422": "Ошибка в полях, у каждой своё место",
    "503": "База данных или Temporal не отвечает",
}
_UNSAFE = {
    "403": "Недостаточно прав",
    "409": "Сейчас так нельзя: причина и выход названы",
    "412": "Версия в If-Match устарела",
    "413": "Тело запроса больше 1 МБ, файл больше 5 МБ",
    "415": "Тело запроса не JSON",
}
_PLACES = {
    "programme": ("Организация и год, в котором начинается учебный год", "school-1-2026"),
    "step": ("Номер мероприятия, как в дорожной карте", 5),
    "unit": ("Идентификатор узла", "school-1"),
    "person": ("Идентификатор человека", "p-ivanova"),
    "role": ("Роль", "curator"),
    "form": ("Форма наставничества: ключ или название", "pupil-pupil"),
    "key": ("Ключ дорожной карты", "school"),
    "ladder": ("Ключ лестницы напоминаний", "step-municipal"),
    "absence": ("Идентификатор отсутствия", "1f0c9b7a52d3"),
    "token": ("Идентификатор ключа доступа", "9f86d081884c7d65"),
    "letter": ("Идентификатор письма", "n-12-abc@mentoring.localhost"),
    "incident": ("Идентификатор происшествия", "delivery:person:orlova"),
    "bulk": ("Идентификатор массового запуска", "mo-tomsk-2026-1a2b3c4d"),
    "campaign": ("Идентификатор мониторинга", "monitoring-2027"),
    "submission": ("Идентификатор отчёта: мониторинг и респондент", "monitoring-2027-mo-tomsk"),
    "document": ("Вид документа: form-docx, form-pdf, programme, roadmap", "form-pdf"),
    "item": ("Идентификатор документа в лотке", "1f2e3d4c5b6a7980-1"),
    "mail": ("Идентификатор входящего письма", "1f2e3d4c5b6a7980"),
    "revision": ("Номер редакции формы", 3),
    "idempotency-key": ("Тот же ключ с тем же телом даёт тот же ответ", "7c9e6679"),
    "if-match": ("Версия, для которой написан запрос", '"12"'),
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
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            if path.startswith("/api/v1"):
                _complete(method, operation)
    return made


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["security"] = [{"bearer": []}]
    for status, words in (_ALWAYS | (_UNSAFE if method != "get" else {})).items():
        operation["responses"].setdefault(status, {"description": words, "content": _REFERENCE})
    for parameter in operation.get("parameters", ()):
        if found := _PLACES.get(parameter["name"]):
            parameter.setdefault("description", found[0])
            parameter["example"] = found[1]


_DESCRIPTION = (
    "Ошибки приходят как application/problem+json (RFC 9457). Небезопасные запросы принимают Idempotency-Key:"
    " тот же ключ с тем же телом даёт тот же ответ; секреты (ключи, ссылки на анкеты) показываются один раз."
    " Состояния несут ETag, If-Match защищает от чужих изменений. Списки идут страницами: limit и cursor."
)
