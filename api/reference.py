"""The OpenAPI document as a page to read; without scripts and without anything from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

router = APIRouter(include_in_schema=False)

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


@router.get("/docs")
async def reference(request: Request) -> HTMLResponse:
    """Every route with its parameters, an example and its answers."""
    document = request.app.openapi()
    words = {"info": document["info"], "sections": _sections(document)}
    return HTMLResponse(_PAGES.get_template("reference.html").render(words), headers=HEADERS)


def _sections(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = next(iter(operation.get("tags", ["Прочее"])))
            sections.setdefault(tag, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "example": _example(document, operation),
                    "answers": {status: one["description"] for status, one in operation["responses"].items()},
                }
            )
    return sections


def _example(document: dict[str, Any], operation: dict[str, Any]) -> str | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    for choice in (schema, *schema.get("anyOf", [])):
        if "$ref" in choice:
            found = document["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
            return json.dumps(found.get("example", {}), ensure_ascii=False, indent=2)
    return None
