"""The thin HTTP door of the yardstick: `uvicorn tests.bench.baseline.api:create --factory`."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, Field
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from tests.bench.baseline.settings import TASK_QUEUE, Settings, from_environment
from tests.bench.baseline.workflow import Completion, Year

RPC_TIMEOUT = timedelta(seconds=10)


class Start(BaseModel):
    organisation: str = Field(pattern=r"^[\w-]{1,80}$")
    year: int = Field(ge=2000, le=2100)


def create() -> FastAPI:
    settings = from_environment()
    app = FastAPI(lifespan=connected(settings), openapi_url=None)
    app.add_api_route("/healthz", health)
    guard = [Depends(bearer(settings.token))]
    app.add_api_route("/api/v1/programmes", start, methods=["POST"], status_code=201, dependencies=guard)
    app.add_api_route("/api/v1/programmes/{programme}", state, dependencies=guard)
    route = "/api/v1/programmes/{programme}/steps/{step}/completion"
    app.add_api_route(route, complete, methods=["POST"], dependencies=guard)
    return app


def connected(settings: Settings) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.temporal = await Client.connect(settings.temporal)
        yield

    return lifespan


def bearer(token: str) -> Any:
    expected = f"Bearer {token}"

    async def check(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), expected.encode()):
            raise HTTPException(401)

    return check


async def health() -> dict[str, str]:
    return {"status": "ok"}


async def start(body: Start, request: Request) -> dict[str, Any]:
    programme = f"{body.organisation}-{body.year}"
    try:
        await request.app.state.temporal.start_workflow(
            "lean_programme",
            Year(programme, body.year, request.app.state.settings.shift),
            id=workflow_id(programme),
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=RPC_TIMEOUT,
        )
    except WorkflowAlreadyStartedError as error:
        raise HTTPException(409, "already started") from error
    except RPCError as error:
        raise problem(error) from error
    return {"id": programme}


async def complete(
    programme: str, step: int, request: Request, idempotency_key: Annotated[str, Header()]
) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = await handle(request, programme).execute_update(
            "complete_step",
            Completion(step, idempotency_key),
            id=idempotency_key,
            rpc_timeout=RPC_TIMEOUT,
            result_type=dict,
        )
        return answer
    except WorkflowUpdateFailedError as error:
        raise HTTPException(409, str(error.cause)) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise HTTPException(503, "ask again with the same key") from error
    except RPCError as error:
        raise problem(error) from error


async def state(programme: str, request: Request) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = await handle(request, programme).query(
            "state", rpc_timeout=RPC_TIMEOUT, result_type=dict
        )
        return answer
    except RPCError as error:
        raise problem(error) from error


def handle(request: Request, programme: str) -> WorkflowHandle[Any, Any]:
    client: Client = request.app.state.temporal
    return client.get_workflow_handle(workflow_id(programme))


def workflow_id(programme: str) -> str:
    return f"lean/{programme}"


def problem(error: RPCError) -> HTTPException:
    return HTTPException(404 if error.status is RPCStatusCode.NOT_FOUND else 503, error.message)
