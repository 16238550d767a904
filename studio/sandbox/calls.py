"""One paid call, from its arrival to its answer.

Order of refusals: token, requests per second, body, values (validation.py), images per minute, balance. After that the
call is started, and a started call is drawn, stored and charged to its end, whether or not the client still listens.
Source of the order: authentication and limits come first by nature, the rest as validation.py says.
"""

import asyncio
import base64
import hashlib
import logging
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from studio.sandbox import answers, choices, files, signing, validation, wire
from studio.sandbox.drawing import DrawRequest
from studio.sandbox.faults import CALL_FAULTS, Fault, Stage
from studio.sandbox.journal import Arrival
from studio.sandbox.store import Beginning, Image
from studio.sandbox.styling import Kind
from studio.sandbox.validation import Generation
from studio.sandbox.world import Sandbox

MEDIA_TYPES = {"webp": "image/webp", "png": "image/png", "svg": "image/svg+xml"}
log = logging.getLogger("sandbox")


class Refused(Exception):
    """The request ends here with this response; nothing was started."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, slots=True)
class Call:
    """A checked request on its way. `started` is monotonic seconds at arrival, `origin` the base of result URLs."""

    id: str
    asked: Generation
    fault: Fault | None
    started: float
    origin: str


@dataclass(frozen=True, slots=True)
class Picture:
    image: Image
    data: bytes


def admitted(request: Request) -> str:
    """The caller's fingerprint, after token and requests per second. Raises Refused."""
    arrival: Arrival = request.scope["sandbox.arrival"]
    wanted = sandbox_of(request).config.token
    if arrival.token is None or (wanted is not None and arrival.bearer != wanted):
        raise Refused(answers.unauthorized())
    limited = request.url.path.startswith(choices.LIMITED_PREFIX)
    if limited and not sandbox_of(request).requests.admit(arrival.token, at=arrival.at):
        raise Refused(answers.rate_limited())
    return arrival.token


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


async def generate(request: Request, kind: Kind) -> Response:
    """The three generations endpoints. What it raises (Refused, BadValue, Unreadable, ...) app.py answers."""
    sandbox, token = sandbox_of(request), admitted(request)
    arrival: Arrival = request.scope["sandbox.arrival"]
    fault = sandbox.met_fault(request, CALL_FAULTS)
    if fault and fault.kind.before_body:
        return fault.reaction()
    body = await wire.body_of(request)
    if fault and fault.kind.stage is Stage.INSTEAD:
        return fault.reaction()
    params = await wire.parse(request, body)
    asked = validation.generation(params, kind)
    if not sandbox.images.admit(token, asked.n, at=arrival.at):
        raise Refused(answers.rate_limited())
    call = Call(str(uuid4()), asked, fault, arrival.at, _origin(request))
    await sandbox.stored(sandbox.store.begin, _beginning(call, arrival.id, token, request.url.path, params))
    answer = sandbox.started(_carry_out(sandbox, call))
    if fault and fault.kind.early:
        return fault.reaction()
    return await asyncio.shield(answer)


def _origin(request: Request) -> str:
    return sandbox_of(request).config.public_url or str(request.base_url).rstrip("/")


def _beginning(call: Call, arrival: str, token: str, path: str, params: dict[str, Any]) -> Beginning:
    asked = call.asked
    return Beginning(
        id=call.id,
        arrival=arrival,
        token=token,
        path=path,
        model=asked.model.id,
        n=asked.n,
        prompt=asked.prompt,
        seed=asked.seed,
        params=params,
        fault=str(call.fault) if call.fault else None,
        price=asked.price,
    )


async def _carry_out(sandbox: Sandbox, call: Call) -> Response:
    """The started call: draw, wait for the rest of the latency, charge, answer."""
    try:
        pictures = await asyncio.gather(*(_picture(sandbox, call, index) for index in range(call.asked.n)))
    except Exception:
        await sandbox.stored(sandbox.store.fail, call.id)
        raise
    await asyncio.sleep(call.started + latency(sandbox, call.asked) - time.monotonic())
    units = call.fault.charge(call.asked.price) if call.fault else call.asked.price
    await sandbox.stored(sandbox.store.complete, call.id, units, [picture.image for picture in pictures])
    return _answer(sandbox, call, units, pictures)


def latency(sandbox: Sandbox, asked: Generation) -> float:
    """Seconds this call takes, the same for the same prompt and seed."""
    base = sandbox.latency * (choices.VECTOR_LATENCY_FACTOR if asked.vector else 1)
    lot = hashlib.sha256(f"{asked.prompt}|{asked.seed}".encode()).digest()[0] / 255
    return base * (1 + choices.LATENCY_SPREAD * (2 * lot - 1))


def _drawing(asked: Generation, index: int) -> DrawRequest:
    return DrawRequest(
        prompt=asked.prompt,
        negative_prompt=asked.negative_prompt,
        seed=asked.seed,
        index=index,
        model=asked.model.id,
        style=asked.style,
        substyle=asked.substyle,
        width=asked.width,
        height=asked.height,
        colors=asked.colors,
        background=asked.background,
        image_format=asked.image_format,
        no_text=asked.no_text,
        artistic_level=asked.artistic_level,
    )


async def _picture(sandbox: Sandbox, call: Call, index: int) -> Picture:
    """Draw and store one picture. Nobody can fetch it before the call is complete."""
    asked, image_id = call.asked, str(uuid4())
    data = await sandbox.drawing.draw(_drawing(asked, index))
    digest = await asyncio.to_thread(files.write, sandbox.files, image_id, data)
    # A file fault asked for on the call stays with its pictures: their fetches come later, from another process.
    kept = call.fault if call.fault and call.fault.kind.stage is Stage.FILE else None
    image = Image(
        id=image_id,
        operation=call.id,
        position=index,
        media_type=MEDIA_TYPES[asked.image_format],
        width=asked.width,
        height=asked.height,
        size=len(data),
        sha256=digest,
        created_at=sandbox.now(),
        fault=str(kept) if kept else None,
        faults_left=kept.count if kept else None,
    )
    return Picture(image, data)


def _answer(sandbox: Sandbox, call: Call, units: int, pictures: list[Picture]) -> Response:
    data = [_image(sandbox, call, picture) for picture in pictures]
    answer = {"created": int(sandbox.now()), "credits": units, "data": data}
    if call.fault and call.fault.kind.stage is Stage.ANSWER:
        return call.fault.reaction(answer)
    return answers.as_json(answer)


def _image(sandbox: Sandbox, call: Call, picture: Picture) -> dict[str, Any]:
    """The Image of the specification: `url` or `b64_json`, never both; `features` only when asked for."""
    image = picture.image
    said: dict[str, Any] = {"image_id": image.id}
    if call.asked.base64:
        said["b64_json"] = base64.b64encode(picture.data).decode()
    else:
        url = call.origin + signing.signed_path(sandbox.key, image.id, image.width, image.height)
        said["url"] = call.fault.url(url) if call.fault else url
    if call.asked.features:
        said["features"] = {"nsfw_score": choices.NSFW_SCORE}
    return said
