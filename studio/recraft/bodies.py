"""
How a request's body is put together: JSON, or multipart with the pictures read from disk while they are sent.

In a multipart body, what is nested travels as JSON text in a part of its own. The docs give no form for it ("nested
fields need JSON"); published clients send JSON text, bracket notation or an application/json part. Brackets can't say
which color of several has no weight, so JSON text it is.

File parts are named after the param, never after the file: what a person calls a file is nobody else's business.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from studio.recraft import errors
from studio.recraft.inputs import JPG, PNG, SVG, WEBP, Files, Image, InputFile
from studio.recraft.operation import Encoding, Operation
from studio.recraft.params import is_absent

Part = tuple[str, tuple[str | None, bytes | BinaryIO, str | None]]
_EXTENSIONS = {PNG: "png", JPG: "jpg", WEBP: "webp", SVG: "svg"}


@contextmanager
def content(operation: Operation, values: Mapping[str, Any], files: Files) -> Iterator[dict[str, Any]]:
    """
    The content of a request as httpx takes it, with every file open until the block ends.

    Raises InputUnreadable when a file is missing, can't be opened, or is no longer as long as it was.
    """
    body = operation.body(values)
    if operation.encoding is Encoding.JSON:
        yield {"json": body}
        return
    with ExitStack() as stack:
        parts: list[Part] = [(name, (None, _text(value).encode(), None)) for name, value in body.items()]
        for param in operation.inputs:
            named = 0 if is_absent(values.get(param.name)) else len(param.ids(values[param.name]))
            if named != len(files.get(param.name, ())):
                raise errors.InputUnreadable(f"{param.name} names {named} pictures, there are others.")
            parts += _file_parts(param, files.get(param.name, ()), stack)
        # Everything as a "file", most of them without a file name: so the body is multipart even without a picture.
        yield {"files": parts}


def _file_parts(param: Image, files: tuple[InputFile, ...], stack: ExitStack) -> Iterator[Part]:
    for number, file in enumerate(files, start=1):
        stem = param.path if param.max_count == 1 else f"{param.path}{number}"
        name = f"{stem}.{_EXTENSIONS.get(file.media_type, 'bin')}"
        yield param.path, (name, _opened(param, file, stack), file.media_type)


def _opened(param: Image, file: InputFile, stack: ExitStack) -> BinaryIO:
    try:
        stream = stack.enter_context(file.open())
        size = stream.seek(0, 2)
        stream.seek(0)
    except OSError as exc:
        raise errors.InputUnreadable(f"{param.name}: {type(exc).__name__}: {exc}") from exc
    if size != file.size:
        raise errors.InputUnreadable(f"{param.name} has {size} bytes, {file.size} were expected.")
    return stream


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
