"""
The pictures of a request: from a form's files, from data URLs, or from this sandbox's own result URLs.

Nothing is ever fetched: the sandbox has no network. A picture is examined in a drawing process, so that a hostile one
costs that process at most.
Source: Recraft docs: Endpoints page; published OpenAPI specification of August 2026 for `image_url` and its relatives.
"""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from studio.sandbox import choices, signing
from studio.sandbox.editing import intake
from studio.sandbox.editing.intake import BadInput, Rules, Source
from studio.sandbox.fields import BadValue, array, text
from studio.sandbox.wire import Body
from studio.sandbox.world import Sandbox

# The documents say `file` for some endpoints, the specification and published clients say `image`.
IMAGE_FIELDS = ("image", "file")
OWN_PATH = re.compile(r"/([\w-]{43})/rs:fit:(\d+):(\d+):0/raw:1/plain/abs://external/images/([0-9a-f-]{36})")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose body was read. `origins` are the addresses by which result URLs of this sandbox are known."""

    sandbox: Sandbox
    body: Body
    origins: frozenset[str]

    @property
    def fields(self) -> dict[str, Any]:
        return self.body.fields


async def image(asked: Asked, rules: Rules) -> Source:
    """Raises BadValue."""
    data = await _data(asked, rules.name, IMAGE_FIELDS, "image_url")
    return await examined(asked.sandbox, intake.examine, data, rules)


async def mask(asked: Asked, source: Source) -> Source:
    """Raises BadValue."""
    data = await _data(asked, "mask", ("mask",), "mask_url")
    return await examined(asked.sandbox, intake.examine_mask, data, source)


async def examined(sandbox: Sandbox, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The check's answer, from a drawing process. Raises BadValue."""
    try:
        return await sandbox.drawing.run(check, *args, **kwargs)
    except BadInput as error:
        raise BadValue(str(error)) from error
    except BrokenProcessPool as error:
        raise BadValue(choices.DEADLY_IMAGE_MESSAGE) from error


async def _data(asked: Asked, name: str, fields: tuple[str, ...], url_field: str) -> bytes:
    if asked.body.is_form:
        found = [part.data for part in asked.body.files if part.name in fields]
        if not found or not found[0]:
            raise BadValue(choices.MISSING_FILE_MESSAGE.format(name=name))
        return found[0]
    url = text(asked.fields, url_field)
    if not url:
        raise BadValue(choices.MISSING_FILE_MESSAGE.format(name=name))
    return await behind(asked, url_field, url)


async def behind(asked: Asked, name: str, url: str) -> bytes:
    """The bytes a URL stands for. Raises BadValue for every URL that leads elsewhere."""
    if url[:5].lower() == "data:":
        return await asyncio.to_thread(_inline, name, url)
    parts = urlsplit(url) if url.isprintable() and len(url) < choices.MOST_URL_LENGTH else None
    own = OWN_PATH.fullmatch(parts.path) if parts else None
    if parts is None or own is None or f"{parts.scheme}://{parts.netloc}" not in asked.origins:
        raise BadValue(choices.FOREIGN_URL_MESSAGE.format(name=name))
    return await _own_result(asked, name, own)


def _inline(name: str, url: str) -> bytes:
    """The bytes of a data URL. Source: RFC 2397."""
    head, comma, said = url.partition(",")
    if not comma or not head.lower().startswith("data:image/"):
        raise BadValue(choices.BAD_URL_MESSAGE.format(name=name))
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(said)
    try:
        return base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadValue(choices.BAD_URL_MESSAGE.format(name=name)) from error


async def _own_result(asked: Asked, name: str, own: re.Match[str]) -> bytes:
    sandbox = asked.sandbox
    path = signing.plain_path(own[4], int(own[2]), int(own[3]))
    if not signing.is_genuine(sandbox.key, own[1], path):
        raise BadValue(choices.FOREIGN_URL_MESSAGE.format(name=name))
    data = await sandbox.result(own[4])
    if data is None:
        raise BadValue(choices.GONE_URL_MESSAGE.format(name=name))
    return data


async def references(asked: Asked) -> list[bytes]:
    """The files of a style, whatever the names of their fields. Raises BadValue."""
    if asked.body.is_form:
        return [part.data for part in asked.body.files if part.data]
    urls = array(asked.fields, "image_urls")
    if not all(isinstance(url, str) for url in urls):
        raise BadValue(choices.TYPE_MESSAGE.format(name="image_urls", kind="an array of strings"))
    return [await behind(asked, f"image_urls[{k}]", url) for k, url in enumerate(urls)]
