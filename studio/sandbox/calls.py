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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from studio.sandbox import answers, choices, files, signing, wire
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.faults import CALL_FAULTS, READ_FAULTS, Fault, Stage
from studio.sandbox.inputs import Asked
from studio.sandbox.journal import Arrival
from studio.sandbox.store import Beginning, Image
from studio.sandbox.work import Shape, Task, Work
from studio.sandbox.world import Sandbox

log = logging.getLogger("sandbox")


class Refused(Exception):
    """The request ends here with this response; nothing was started."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


Prepare = Callable[[Asked], Awaitable[Work]]
Read = Callable[[Request], Awaitable[Response]]


class Timed(Protocol):
    """What the time of a call depends on."""

    @property
    def prompt(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def vector(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Call:
    """A checked request on its way. `started` is monotonic seconds at arrival, `origin` the base of result URLs."""

    id: str
    work: Work
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
    limited = request.method == choices.LIMITED_METHOD
    if limited and not sandbox_of(request).requests.admit(arrival.token, at=arrival.at):
        raise Refused(answers.rate_limited())
    return arrival.token


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


async def paid(request: Request, prepare: Prepare, limit: int = choices.MAX_UPLOAD_BYTES) -> Response:
    """
    Any endpoint that costs units; `prepare` checks its body. `limit` is the longest body in bytes.

    What it raises (Refused, BadValue, Unreadable, ...) app.py answers.
    """
    sandbox, token = sandbox_of(request), admitted(request)
    arrival: Arrival = request.scope["sandbox.arrival"]
    fault = sandbox.met_fault(request, CALL_FAULTS)
    if fault and fault.kind.before_body:
        return fault.reaction()
    body = await wire.body_of(request, limit)
    if fault and fault.kind.stage is Stage.INSTEAD:
        return fault.reaction()
    parsed = await wire.parse(request, body)
    work = await prepare(Asked(sandbox, parsed, _origins(request)))
    if not sandbox.images.admit(token, len(work.tasks), at=arrival.at):
        raise Refused(answers.rate_limited())
    call = Call(str(uuid4()), work, fault, arrival.at, _origin(request))
    await sandbox.stored(sandbox.store.begin, _beginning(call, arrival.id, token, request.url.path, parsed))
    answer = sandbox.started(_carry_out(sandbox, call))
    if fault and fault.kind.early:
        return fault.reaction()
    return await asyncio.shield(answer)


async def free(request: Request, read: Read) -> Response:
    """Any endpoint that costs nothing, behind token and faults."""
    admitted(request)
    fault = sandbox_of(request).met_fault(request, READ_FAULTS)
    return fault.reaction() if fault is not None else await read(request)


def _origin(request: Request) -> str:
    return sandbox_of(request).config.public_url or str(request.base_url).rstrip("/")


def _origins(request: Request) -> frozenset[str]:
    return frozenset({_origin(request).rstrip("/"), str(request.base_url).rstrip("/")})


def _beginning(call: Call, arrival: str, token: str, path: str, body: wire.Body) -> Beginning:
    work = call.work
    return Beginning(
        id=call.id,
        arrival=arrival,
        token=token,
        path=path,
        model=work.model,
        n=len(work.tasks),
        prompt=work.prompt,
        seed=work.seed,
        params=recorded(body),
        fault=str(call.fault) if call.fault else None,
        price=work.price,
    )


def recorded(body: wire.Body) -> dict[str, Any]:
    """The request for the books: its fields, with a digest in place of each picture."""
    kept: dict[str, Any] = {}
    for name, value in body.fields.items():
        is_inline = isinstance(value, str) and value[:5].lower() == "data:"
        kept[name] = _digest(value.encode()) if is_inline else value
        if name == "image_urls" and isinstance(value, list):
            kept[name] = [_digest(str(each).encode()) for each in value]
    for part in body.files:
        kept.setdefault("files", []).append({"name": part.name, "sha256": _digest(part.data)})
    return kept


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def _carry_out(sandbox: Sandbox, call: Call) -> Response:
    """The started call: draw, wait for the rest of the latency, charge, answer."""
    work = call.work
    try:
        pictures = await asyncio.gather(
            *(_picture(sandbox, call, index, task) for index, task in enumerate(work.tasks))
        )
    except Exception:
        await sandbox.stored(sandbox.store.fail, call.id)
        raise
    await asyncio.sleep(call.started + latency(sandbox, work) - time.monotonic())
    units = call.fault.charge(work.price) if call.fault else work.price
    images = [picture.image for picture in pictures]
    await sandbox.stored(sandbox.store.complete, call.id, units, images, work.style)
    return _answer(sandbox, call, units, pictures)


def latency(sandbox: Sandbox, asked: Timed) -> float:
    """Seconds this call takes, the same for the same prompt and seed."""
    base = sandbox.latency * (choices.VECTOR_LATENCY_FACTOR if asked.vector else 1)
    lot = hashlib.sha256(f"{asked.prompt}|{asked.seed}".encode()).digest()[0] / 255
    return base * (1 + choices.LATENCY_SPREAD * (2 * lot - 1))


async def _picture(sandbox: Sandbox, call: Call, index: int, task: Task) -> Picture:
    """Draw and store one picture. Nobody can fetch it before the call is complete."""
    image_id = str(uuid4())
    drawn: Drawn = await sandbox.drawing.run(task.function, *task.arguments)
    digest = await asyncio.to_thread(files.write, sandbox.files, image_id, drawn.data)
    # A file fault asked for on the call stays with its pictures: their fetches come later, from another process.
    kept = call.fault if call.fault and call.fault.kind.stage is Stage.FILE else None
    image = Image(
        id=image_id,
        operation=call.id,
        position=index,
        media_type=drawn.media_type,
        width=drawn.width,
        height=drawn.height,
        size=len(drawn.data),
        sha256=digest,
        created_at=sandbox.now(),
        fault=str(kept) if kept else None,
        faults_left=kept.count if kept else None,
    )
    return Picture(image, drawn.data)


def _answer(sandbox: Sandbox, call: Call, units: int, pictures: list[Picture]) -> Response:
    data = [_image(sandbox, call, picture) for picture in pictures]
    created = {"created": int(sandbox.now()), "credits": units}
    answer: dict[str, Any] = {**call.work.answer, "credits": units}
    if call.work.shape is Shape.IMAGES:
        answer = {**created, "data": data}
    elif call.work.shape is Shape.IMAGE:
        answer = {**created, "image": data[0]}
    if call.fault and call.fault.kind.stage is Stage.ANSWER:
        return call.fault.reaction(answer)
    return answers.as_json(answer)


def _image(sandbox: Sandbox, call: Call, picture: Picture) -> dict[str, Any]:
    """The Image of the specification: `url` or `b64_json`, never both; `features` only when asked for."""
    image = picture.image
    said: dict[str, Any] = {"image_id": image.id}
    if call.work.base64:
        said["b64_json"] = base64.b64encode(picture.data).decode()
    else:
        url = call.origin + signing.signed_path(sandbox.key, image.id, image.width, image.height)
        said["url"] = call.fault.url(url) if call.fault else url
    if call.work.features:
        said["features"] = {"nsfw_score": choices.NSFW_SCORE}
    return said
