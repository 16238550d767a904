"""The sandbox's routes, and how each refusal is answered.

Source: Recraft docs: Endpoints page; published OpenAPI specification for /ping and /status.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from studio.sandbox import answers, calls, choices, control, files, wire
from studio.sandbox.config import Config
from studio.sandbox.faults import READ_FAULTS, UnknownFault
from studio.sandbox.fields import BadValue
from studio.sandbox.journal import Journal
from studio.sandbox.store import NotEnoughCredits
from studio.sandbox.styling import Kind
from studio.sandbox.world import Sandbox

log = logging.getLogger("sandbox")


def create(config: Config) -> Starlette:
    """The ASGI application of one sandbox; its folder is opened when the server starts and closed when it ends."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.sandbox = Sandbox(config)
        try:
            yield
        finally:
            await app.state.sandbox.close()

    middleware = [Middleware(Journal)]
    app = Starlette(routes=ROUTES, middleware=middleware, exception_handlers=REFUSALS, lifespan=lifespan)
    app.router.redirect_slashes = False
    return app


async def ping(request: Request) -> Response:
    return Response()


async def status(request: Request) -> Response:
    return answers.as_json({"service": True, "generation": True})


async def me(request: Request) -> Response:
    """The balance, which is all that a client needs of its user."""
    calls.admitted(request)
    sandbox = calls.sandbox_of(request)
    fault = sandbox.met_fault(request, READ_FAULTS)
    if fault is not None:
        return fault.reaction()
    balance = await sandbox.stored(sandbox.store.balance)
    return answers.as_json(
        {"credits": balance, "email": choices.USER_EMAIL, "id": choices.USER_ID, "name": choices.USER_NAME}
    )


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, calls.Refused)
    return error.response


async def bad_value(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadValue)
    return answers.error(400, error.code, error.message)


async def bad_text(request: Request, error: Exception) -> Response:
    return answers.error(400, choices.BAD_VALUE_CODE, str(error))


async def unknown_fault(request: Request, error: Exception) -> Response:
    """Not Recraft's: the test that asked for the fault made a mistake."""
    return answers.error(400, "unknown_fault", str(error))


async def not_enough_credits(request: Request, error: Exception) -> Response:
    return answers.not_enough_credits()


async def too_large(request: Request, error: Exception) -> Response:
    return answers.too_large()


async def gone(request: Request, error: Exception) -> Response:
    """The client died while it sent its request; nobody reads this."""
    return Response(status_code=400)


async def not_found(request: Request, error: Exception) -> Response:
    return answers.not_found()


async def broken(request: Request, error: Exception) -> Response:
    """A fault of the sandbox itself; starlette logs it."""
    return answers.internal_error()


REFUSALS = {
    calls.Refused: refused,
    BadValue: bad_value,
    wire.Unreadable: bad_text,
    wire.TooLarge: too_large,
    UnknownFault: unknown_fault,
    NotEnoughCredits: not_enough_credits,
    ClientDisconnect: gone,
    404: not_found,
    405: not_found,
    Exception: broken,
}
FILE_PATH = "/{signature}/rs:fit:{width:int}:{height:int}:0/raw:1/plain/abs://external/images/{image_id}"
GENERATIONS = "/v1/images/generations"
ROUTES = [
    Route("/ping", ping),
    Route("/status", status),
    Route("/v1/users/me", me),
    Route(GENERATIONS, partial(calls.generate, kind=Kind.ANY), methods=["POST"]),
    Route(GENERATIONS + "/raster", partial(calls.generate, kind=Kind.RASTER), methods=["POST"]),
    Route(GENERATIONS + "/vector", partial(calls.generate, kind=Kind.VECTOR), methods=["POST"]),
    Route(FILE_PATH, files.serve),
    *control.ROUTES,
]
