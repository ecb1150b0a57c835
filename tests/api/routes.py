"""Every route of the OpenAPI document, with a request that it would take: what tests of all routes begin from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from activities.wiring import Core
from api.app import create
from api.routes import V1

PLACES = {
    "programme": "school-1-2026",
    "step": "1",
    "unit": "school-1",
    "person": "p-other",
    "role": "curator",
    "form": "pupil-pupil",
    "key": "school",
    "ladder": "step-municipal",
    "blank": "monitoring",
    "absence": "000000000000",
    "token": "0123456789abcdef",
    "letter": "nobody@example",
    "incident": "delivery:person:p-other",
    "year": "2028",
    "campaign": "monitoring-2027",
    "submission": "monitoring-2027-mo-tomsk",
    "revision": "1",
    "document": "form-docx",
    "item": "0000000000000000-1",
    "mail": "0000000000000000",
    "bulk": "mo-tomsk-2026-00000000",
    "kind": "xlsx",
    "paper": "docx",
    "action": "remind",
    "name": "school-1-2026",
    "job": "mo-tomsk-2026-00000000",
}


@dataclass(frozen=True)
class Route:
    """One operation of the document; `body` is its example, `fields` its schema by name."""

    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    schema: dict[str, Any]
    body_required: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def url(self, **places: str) -> str:
        """The path below `/api/v1` with every place filled."""
        return self.path.removeprefix(V1).format_map(PLACES | places)

    def named(self, where: str) -> list[str]:
        """The parameters in the path, the query or the headers."""
        return [one["name"] for one in self.parameters if one["in"] == where]

    @property
    def body(self) -> dict[str, Any]:
        """The example of the document."""
        example: dict[str, Any] = self.schema["example"]
        return dict(example)

    @property
    def fields(self) -> list[str]:
        """The names of the body's fields."""
        return list(self.schema.get("properties", {}))

    @property
    def required(self) -> list[str]:
        """Those that may not be left out."""
        return list(self.schema.get("required", []))

    @property
    def unsafe(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET" and not self.path.endswith("/preview")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the application, which needs no database to be told."""
    return create(core=cast("Core", SimpleNamespace())).openapi()


@cache
def routes() -> tuple[Route, ...]:
    """Every operation under `/api/v1`."""
    return tuple(_routes())


def _routes() -> Iterator[Route]:
    schemas = document()["components"]["schemas"]
    for path, operations in document()["paths"].items():
        if not path.startswith(V1):
            continue
        for method, operation in operations.items():
            body = operation.get("requestBody", {})
            schema = body.get("content", {}).get("application/json", {}).get("schema", {})
            choices = [schema, *schema.get("anyOf", [])]
            name = next((one["$ref"].rpartition("/")[2] for one in choices if "$ref" in one), None)
            found = schemas[name] if name else {}
            parameters = tuple(operation.get("parameters", ()))
            yield Route(method.upper(), path, parameters, found, body.get("required", False))
