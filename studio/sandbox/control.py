"""The sandbox's own endpoint under /sandbox/, for tests and for reconciliation: never part of Recraft's API.

It answers loopback clients only. Bodies are JSON:
PUT /sandbox/faults {"fault": "edge:504", "count": 2, "path": "/v1/images/"}   GET, DELETE /sandbox/faults
GET /sandbox/operations   GET /sandbox/log   GET /sandbox/process   PUT /sandbox/balance {"balance": 10}
PUT /sandbox/latency {"seconds": 0.2}   PUT /sandbox/clock {"shift": 90000}
"""

import ipaddress
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio.sandbox import answers, faults
from studio.sandbox.faults import Stage
from studio.sandbox.world import Sandbox

# Where a queued fault waits when the test names no path.
CALLS_PATH = "/v1/images/"
FILES_PATH = "/plain/"


class BadControl(Exception):
    """The test asked for something that can't be; the message says what."""


Handler = Callable[[Sandbox, dict[str, Any]], Awaitable[dict[str, Any]]]


def _local(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not is_loopback(request):
            return answers.not_found()
        try:
            body = dict(json.loads(await request.body() or b"{}"))
            return answers.as_json(await handler(request.app.state.sandbox, body))
        except (BadControl, ValueError, KeyError, TypeError) as error:
            return answers.error(400, "bad_control", f"{type(error).__name__}: {error}")

    return endpoint


def is_loopback(request: Request) -> bool:
    """From this machine, and addressed as this machine: a page in a browser can't get here by a name of its own."""
    name = (request.url.hostname or "").strip("[]")
    return (
        request.client is not None and _loops_back(request.client.host) and (name == "localhost" or _loops_back(name))
    )


def _loops_back(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


async def put_fault(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    fault = faults.parse(body["fault"])
    count = body.get("count", 1)
    if count is not None and (not isinstance(count, int) or count < 1):
        raise BadControl("count is a positive number, or null for every request until the faults are cleared")
    default = FILES_PATH if fault.kind.stage is Stage.FILE else CALLS_PATH
    sandbox.faults.add(fault, str(body.get("path") or default), count)
    return await get_faults(sandbox, body)


async def get_faults(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    known = {name: {"stage": kind.stage, "says": kind.says} for name, kind in faults.TABLE.items()}
    return {"waiting": [queued.as_json() for queued in sandbox.faults.waiting], "known": known}


async def delete_faults(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    sandbox.faults.clear()
    return await get_faults(sandbox, body)


async def get_operations(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    return await sandbox.stored(sandbox.store.record)


async def get_log(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    return {"arrivals": await sandbox.stored(sandbox.store.arrivals)}


async def get_process(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    """Which process answers here: a port may have been taken over by another one."""
    return {"pid": os.getpid(), "directory": str(sandbox.config.directory)}


async def put_balance(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    return {"balance": await sandbox.stored(sandbox.store.set_balance, int(body["balance"]))}


async def put_latency(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    seconds = float(body["seconds"])
    if seconds < 0:
        raise BadControl("seconds can't be negative")
    sandbox.latency = seconds
    return {"seconds": seconds}


async def put_clock(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    sandbox.clock_shift = float(body["shift"])
    await sandbox.stored(sandbox.store.set_setting, "clock_shift", str(sandbox.clock_shift))
    return {"shift": sandbox.clock_shift, "now": sandbox.now()}


def _route(path: str, handlers: dict[str, Handler]) -> list[Route]:
    return [Route(path, _local(handler), methods=[method]) for method, handler in handlers.items()]


ROUTES = [
    *_route("/sandbox/faults", {"GET": get_faults, "PUT": put_fault, "DELETE": delete_faults}),
    *_route("/sandbox/operations", {"GET": get_operations}),
    *_route("/sandbox/log", {"GET": get_log}),
    *_route("/sandbox/process", {"GET": get_process}),
    *_route("/sandbox/balance", {"PUT": put_balance}),
    *_route("/sandbox/latency", {"PUT": put_latency}),
    *_route("/sandbox/clock", {"PUT": put_clock}),
]
