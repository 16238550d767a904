"""What a file is and how large its picture is, from its first bytes and without a decoder.

The type comes from the bytes, never from a name or a Content-Type. These readers are written out because opening a
file with Pillow already works on it: its WebP plugin reads the whole file and allocates the canvas, its PNG plugin
inflates text and color profiles. Here a few dozen bytes are read and the rest is skipped.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from studio.pictures.picture import JPEG, PNG, SVG, WEBP, BadPicture

# Real files have a few dozen chunks; a file may not make us walk millions of empty ones.
MAX_STEPS: Final = 10_000

_XML_STARTS: Final = (b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")
_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers show
_JPEG_OTHER_FRAMES: Final = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length

TRUNCATED: Final = "The file ends too early."


@dataclass(frozen=True, slots=True)
class Header:
    """Media type by magic bytes. Width and height in stored pixels; 0 x 0 for an SVG, whose size the parser finds."""

    media_type: str
    width: int = 0
    height: int = 0
    animated: bool = False


def read(file: BinaryIO) -> Header:
    """The header of a picture, `file` being at its start. Raises BadPicture for anything but WebP, PNG, JPEG or XML."""
    start = file.read(64)
    if not start:
        raise BadPicture("The file is empty.")
    for media_type, recognizes in _MAGIC.items():
        if recognizes(start):
            file.seek(0)
            return _READERS[media_type](file)
    raise BadPicture("The file is not a WebP, PNG, JPEG or SVG picture.")


def _is_xml(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(_XML_STARTS)


_MAGIC: Final[Mapping[str, Callable[[bytes], bool]]] = {
    WEBP: lambda start: start.startswith(b"RIFF") and start[8:12] == b"WEBP",
    PNG: lambda start: start.startswith(b"\x89PNG\r\n\x1a\n"),
    JPEG: lambda start: start.startswith(b"\xff\xd8\xff"),
    # Only a candidate: the sanitizer refuses XML whose root is not an svg element.
    SVG: _is_xml,
}


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise BadPicture(TRUNCATED)
    return data


def _svg(file: BinaryIO) -> Header:
    return Header(SVG)


def _png(file: BinaryIO) -> Header:
    """Source: PNG specification (third edition), 5.3 and 11.2.1; acTL is 11.3.6.1."""
    file.seek(8)
    length, kind, width, height = struct.unpack(">I4sII", _exactly(file, 16))
    if kind != b"IHDR" or length != 13:
        raise BadPicture("The PNG does not begin with its size.")
    file.seek(9, 1)
    for _ in range(MAX_STEPS):
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        if kind == b"IDAT":
            return Header(PNG, width, height)
        if kind == b"acTL":
            frames = int.from_bytes(_exactly(file, 4), "big")
            return Header(PNG, width, height, animated=frames != 1)
        file.seek(length + 4, 1)
    raise BadPicture("The PNG has too many parts before its picture.")


def _jpeg(file: BinaryIO) -> Header:
    """Source: ITU-T T.81, B.1.1 and B.2.2."""
    file.seek(2)
    for _ in range(MAX_STEPS):
        prefix, marker = _exactly(file, 2)
        if prefix != 0xFF:
            raise BadPicture("The JPEG is broken before its picture.")
        if marker == 0xFF:  # a fill byte: the next one may be the marker
            file.seek(-1, 1)
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack(">3xHH", _exactly(file, 7))
            return Header(JPEG, width, height)
        elif marker in _JPEG_OTHER_FRAMES:
            raise BadPicture("The JPEG uses a coding that browsers do not show.")
        elif marker in (0xD9, 0xDA):
            raise BadPicture("The JPEG does not say its size.")
        elif marker not in _JPEG_BARE:
            file.seek(max(int.from_bytes(_exactly(file, 2), "big") - 2, 0), 1)
    raise BadPicture("The JPEG has too many parts before its picture.")


def _webp(file: BinaryIO) -> Header:
    """Source: WebP Container Specification; RFC 6386, 9.1; WebP Lossless Bitstream Specification, 3."""
    promised, kind, data = struct.unpack("<4xI4x4s4x10s", _exactly(file, 30))
    file.seek(0, 2)
    if file.tell() < promised + 8:
        raise BadPicture(TRUNCATED)
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (4, 7))
        return Header(WEBP, width, height, animated=bool(data[0] & 0x02))
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[6:]))
        return Header(WEBP, width, height)
    if kind == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return Header(WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    raise BadPicture("The WebP does not begin with its picture.")


_READERS: Final[Mapping[str, Callable[[BinaryIO], Header]]] = {WEBP: _webp, PNG: _png, JPEG: _jpeg, SVG: _svg}
