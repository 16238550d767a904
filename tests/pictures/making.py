"""Pictures made in code, byte by byte where a library would not make them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

MAGIC = b"\x89PNG\r\n\x1a\n"
FORMATS = {"image/webp": "WEBP", "image/png": "PNG", "image/jpeg": "JPEG"}


def gradient(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def ihdr(width: int, height: int, depth: int = 8, color: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))


def png(header: bytes, *parts: bytes, pixels: bytes = b"") -> bytes:
    return b"".join([MAGIC, header, *parts, chunk(b"IDAT", zlib.compress(pixels, 9)), chunk(b"IEND")])


def small_png(*parts: bytes) -> bytes:
    """A whole 8 x 8 gray PNG with other chunks before its pixels."""
    return png(ihdr(8, 8, color=0), *parts, pixels=bytes(9 * 8))


def zeros(count: int) -> bytes:
    return zlib.compress(bytes(count), 9)


def riff(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """A WebP file of these chunks; `size` overrides the size it promises."""
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def vp8x(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    return b"VP8X", bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def webp_frame(image: Image.Image, **options: Any) -> tuple[bytes, bytes]:
    """The one chunk of a simple WebP."""
    data = encoded(image, "WEBP", **options)
    return data[12:16], data[20 : 20 + int.from_bytes(data[16:20], "little")]


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data


def sof(width: int, height: int, marker: int = 0xC0) -> bytes:
    """A JPEG frame header of three components."""
    return segment(marker, struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0")


def after_soi(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]
