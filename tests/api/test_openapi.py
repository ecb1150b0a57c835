"""The OpenAPI document is complete, and the file that reviewers see is the one that the application serves.

WRITE_GOLDEN=1 pytest tests/api/test_openapi.py   # renews tests/golden/openapi.json after a wanted change
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.routes import Route, document, routes
from tests.api.world import World

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"
ALL = pytest.mark.parametrize("route", routes(), ids=str)
EXTERNAL = re.compile(r"""(src|href|action)\s*=\s*["'](https?:)?//""")


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][route.path][route.method.lower()]
    return found


def test_the_document_is_the_one_that_was_reviewed():
    told = json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert GOLDEN.exists(), "missing: WRITE_GOLDEN=1 pytest tests/api/test_openapi.py writes it"
    assert told == GOLDEN.read_text(encoding="utf-8"), (
        "The API has changed. When that is wanted: WRITE_GOLDEN=1 pytest tests/api/test_openapi.py,"
        " read the difference in tests/golden/openapi.json, and commit it with the change."
    )


def test_the_routes_of_the_design_are_there():
    programme = "/programmes/{programme}"
    wanted = {
        *("GET /roadmaps", "GET /roadmaps/{key}", "GET /units", "PUT /units/{unit}", "POST /units/import"),
        *("POST /programmes", "POST /programmes/preview", "POST /programmes/bulk", "GET /programmes/bulk/{bulk}"),
        *("GET /programmes", f"GET {programme}", "POST /tokens", "DELETE /tokens/{token}"),
        *(f"GET {programme}/{view}" for view in ("events", "agenda", "explanation", "workflow")),
        *(
            f"POST {programme}/steps/{{step}}/{act}"
            for act in ("completion", "skip", "reopening", "deadline", "responsible")
        ),
        *(f"POST {programme}/{act}" for act in ("pause", "resumption", "cancellation")),
    }
    assert wanted <= {str(route).replace("/api/v1", "") for route in routes()}


@ALL
def test_every_route_is_documented(route: Route):
    told = operation(route)
    assert any("а" <= letter <= "я" for letter in told["summary"])
    assert told["description"]
    assert told["tags"]
    assert told["security"] == [{"bearer": []}]
    good = [answer for status, answer in told["responses"].items() if status < "300"]
    assert good
    for answer in good:
        assert answer["description"]
        shapes = [one.get("schema", {}) for one in answer.get("content", {}).values()]
        assert route.method == "DELETE" or any(shapes) or "rfc822" in str(answer)
    for status in ("401", "404", "422", "503"):
        assert "problem+json" in str(told["responses"][status])


@ALL
def test_every_unsafe_route_takes_a_key(route: Route):
    assert ("idempotency-key" in route.named("header")) == route.unsafe


@pytest.mark.parametrize("route", [one for one in routes() if one.schema], ids=str)
def test_every_body_has_an_example_of_its_own_fields(route: Route):
    assert set(route.required) <= set(route.body) <= set(route.fields)
    assert route.schema["additionalProperties"] is False


def test_every_reference_leads_somewhere():
    text = json.dumps(document())
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document()["components"]["schemas"]


def test_the_page_shows_every_route_and_needs_nothing_from_elsewhere(small: World):
    answer = small.ask(None, "GET", "//docs")
    assert answer.status_code == 200
    assert all(route.path in answer.text for route in routes())
    assert "<script" not in answer.text
    assert not EXTERNAL.search(answer.text)
    assert "style=" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for link in re.findall(r'(?:href|src)="([^"]+)"', answer.text):
        assert small.client.get(link).status_code == 200


def test_the_document_is_public(small: World):
    assert small.client.get("/openapi.json").json() == document()
