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

from studio.sandbox import (
    answers,
    calls,
    choices,
    control,
    files,
    prepare,
    prepare_edits,
    prepare_styles,
    prepare_words,
    wire,
)
from studio.sandbox.config import Config
from studio.sandbox.faults import UnknownFault
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
    sandbox = calls.sandbox_of(request)
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


def _paid(path: str, prepare: calls.Prepare, limit: int = choices.MAX_UPLOAD_BYTES) -> Route:
    return Route(path, partial(calls.paid, prepare=prepare, limit=limit), methods=["POST"])


def _free(path: str, read: calls.Read, method: str = "GET") -> Route:
    return Route(path, partial(calls.free, read=read), methods=[method])


ROUTES = [
    Route("/ping", ping),
    Route("/status", status),
    _free("/v1/users/me", me),
    _free("/v1/models", prepare_words.models),
    *(
        _paid(GENERATIONS + path, partial(prepare.generation, kind=kind), choices.MAX_BODY_BYTES)
        for path, kind in (("", Kind.ANY), ("/raster", Kind.RASTER), ("/vector", Kind.VECTOR))
    ),
    _paid("/v1/images/imageToImage", prepare.image_to_image),
    _paid("/v1/images/inpaint", prepare.inpaint),
    _paid("/v1/images/outpaint", prepare.outpaint),
    _paid("/v1/images/replaceBackground", prepare.replace_background),
    _paid("/v1/images/generateBackground", prepare.generate_background),
    _paid("/v1/images/removeBackground", prepare_edits.remove_background),
    _paid("/v1/images/vectorize", prepare_edits.vectorize),
    _paid("/v1/images/crispUpscale", prepare_edits.crisp_upscale),
    _paid("/v1/images/creativeUpscale", prepare_edits.creative_upscale),
    # What the upscales were called before; the specification still lists these names, as deprecated.
    _paid("/v1/images/clarityUpscale", prepare_edits.crisp_upscale),
    _paid("/v1/images/generativeUpscale", prepare_edits.creative_upscale),
    _paid("/v1/images/eraseRegion", prepare_edits.erase_region),
    _paid("/v1/images/variateImage", prepare_edits.variate),
    _paid(prepare_edits.EXPLORE_PATH, prepare.explore, choices.MAX_BODY_BYTES),
    _paid(prepare_edits.SIMILAR_PATH, prepare_edits.similar, choices.MAX_BODY_BYTES),
    _paid("/v1/prompts/enhance", prepare_words.enhance, choices.MAX_BODY_BYTES),
    _paid("/v1/colors/optimize", prepare_words.optimize_colors, choices.MAX_BODY_BYTES),
    _paid("/v1/styles", prepare_styles.create),
    _free("/v1/styles", prepare_styles.listed),
    _free("/v1/styles/basic", prepare_styles.basic),
    _free("/v1/styles/{style_id}", prepare_styles.one),
    _free("/v1/styles/{style_id}", prepare_styles.deleted, "DELETE"),
    Route(FILE_PATH, files.serve),
    *control.ROUTES,
]
