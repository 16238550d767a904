"""Files that want memory, time or trust. Every one of BAD is refused; every one of ODD is a picture nevertheless."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image

from tests.pictures.making import (
    MAGIC,
    after_soi,
    chunk,
    encoded,
    gradient,
    ihdr,
    noise,
    png,
    riff,
    segment,
    small_png,
    sof,
    vp8x,
    webp_frame,
    zeros,
)


def bomb_png() -> bytes:
    """48 kB; one bit per pixel here, 1.1 GB as RGB."""
    return png(ihdr(20_000, 20_000, depth=1, color=0), pixels=bytes(20_000 * 2501))


def two_headers() -> bytes:
    """Small to whoever reads the first header, a bomb to whoever reads the last."""
    return png(ihdr(8, 8, depth=1, color=0), ihdr(20_000, 20_000, depth=1, color=0), pixels=bytes(20_000 * 2501))


def two_frames() -> bytes:
    jpeg = encoded(gradient((64, 64)), "JPEG")
    return after_soi(jpeg, sof(8, 8)).replace(sof(64, 64)[:9], sof(60_000, 60_000)[:9])


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes 3,000 times, each a pass over 36 megapixels."""
    jpeg = encoded(Image.new("L", (6000, 6000), 90), "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * 3000 + b"\xff\xd9"


def animated(format: str) -> bytes:
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "green", "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def cut_short(frame: tuple[bytes, bytes]) -> bytes:
    """A WebP without the end of its stream, whose container says nothing of it."""
    kind, stream = frame
    return riff((kind, stream[: len(stream) * 9 // 10]))


def zip_file() -> bytes:
    return b"PK\x03\x04" + bytes(60)


def halves() -> Mapping[str, Callable[[], bytes]]:
    return {
        f"half a {format}": lambda format=format: (data := encoded(noise((200, 200)), format))[: len(data) // 2]
        for format in ("WEBP", "PNG", "JPEG")
    }


BAD: Mapping[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one byte": lambda: b"\x89",
    "PNG magic only": lambda: MAGIC,
    "JPEG magic only": lambda: b"\xff\xd8\xff",
    "WebP magic only": lambda: b"RIFF\x10\0\0\0WEBP",
    **halves(),
    "gif": lambda: encoded(gradient((8, 8)), "GIF"),
    "bmp": lambda: encoded(gradient((8, 8)), "BMP"),
    "tiff": lambda: encoded(gradient((8, 8)), "TIFF"),
    "ico": lambda: encoded(gradient((16, 16)), "ICO"),
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "pdf": lambda: b"%PDF-1.7\n",
    "zip": zip_file,
    "elf": lambda: b"\x7fELF" + bytes(60),
    "text": lambda: b"hello",
    "html": lambda: b"<!DOCTYPE html><html><body><svg xmlns='http://www.w3.org/2000/svg'/></body></html>",
    "png bomb": bomb_png,
    "png with two headers": two_headers,
    "jpeg with two frames": two_frames,
    "jpeg with 3,000 scans": many_scans,
    "png 100,000 x 1": lambda: png(ihdr(100_000, 1, color=0), pixels=bytes(100_001)),
    "png 1 x 100,000": lambda: png(ihdr(1, 100_000, color=0), pixels=bytes(200_000)),
    "png of 2^31 sides": lambda: png(ihdr(2**31 - 1, 2**31 - 1)),
    "png of side 2^32-1": lambda: png(ihdr(2**32 - 1, 1)),
    "png 0 x 9": lambda: png(ihdr(0, 9)),
    "jpeg 65,535 x 65,535": lambda: b"\xff\xd8" + sof(65_535, 65_535) + bytes(40),
    "jpeg without a height": lambda: b"\xff\xd8" + sof(64, 0) + bytes(40),
    "jpeg lossless": lambda: b"\xff\xd8" + sof(64, 64, 0xC3) + bytes(40),
    "jpeg with a scan before its frame": lambda: b"\xff\xd8" + segment(0xDA, bytes(10)) + sof(8, 8),
    "jpeg of fill bytes": lambda: b"\xff\xd8" + b"\xff" * 2_000_000,
    "jpeg of empty segments": lambda: b"\xff\xd8" + segment(0xE1, b"") * 200_000,
    "jpeg of segments shorter than their length": lambda: b"\xff\xd8" + b"\xff\xe1\0\0" * 200_000,
    "webp canvas 16 million wide": lambda: riff(vp8x(2**24, 1), webp_frame(gradient((8, 8)))),
    "webp canvas 100 megapixels": lambda: riff(vp8x(10_000, 10_000), webp_frame(gradient((8, 8)))),
    "webp frame larger than its canvas": lambda: riff(vp8x(10, 10), webp_frame(Image.new("L", (1000, 1000)), method=0)),
    "webp frame smaller than its canvas": lambda: riff(vp8x(6000, 6000), webp_frame(gradient((8, 8)))),
    "webp without a frame": lambda: riff(vp8x(100, 100), (b"EXIF", bytes(20))),
    "webp promising more": lambda: riff(webp_frame(gradient((64, 64))), size=10**9),
    "webp promising less": lambda: riff(webp_frame(noise((64, 64))), size=100),
    "webp of an unknown first chunk": lambda: riff((b"ABCD", bytes(40))),
    "webp that lacks its last rows": lambda: cut_short(webp_frame(noise((256, 256)))),
    "webp lossless that lacks its last rows": lambda: cut_short(webp_frame(noise((256, 256)), lossless=True)),
    "webp lossless with a broken stream": lambda: riff((b"VP8L", b"\x2f\xff\xff\xff\xff" + bytes(100))),
    "animated webp": lambda: animated("WEBP"),
    "animated png": lambda: animated("PNG"),
    "png that animates without saying how much": lambda: small_png(chunk(b"acTL", struct.pack(">II", 0, 0))),
    "png with zTXt of 20 MB": lambda: small_png(chunk(b"zTXt", b"a\0\0" + zeros(20 * 2**20))),
    "png with iTXt of 20 MB": lambda: small_png(chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(20 * 2**20))),
    "png with iCCP of 20 MB": lambda: small_png(chunk(b"iCCP", b"a\0\0" + zeros(20 * 2**20))),
    "png with 100 x 1 MB of text": lambda: small_png(*[chunk(b"zTXt", b"a\0\0" + zeros(2**20 - 9))] * 100),
    "png with a million chunks": lambda: small_png(chunk(b"tEXt", b"a\0") * 1_000_000),
    "png with a chunk longer than the file": lambda: MAGIC + ihdr(8, 8) + struct.pack(">I4s", 2**31, b"tEXt"),
    "png with a broken stream": lambda: MAGIC + ihdr(8, 8) + chunk(b"IDAT", b"\x78\x9c" + b"\xff" * 40),
    "png of an unknown color type": lambda: png(ihdr(8, 8, color=5), pixels=bytes(999)),
    "png without pixels": lambda: MAGIC + ihdr(8, 8) + chunk(b"IEND"),
    "png whose first chunk is another": lambda: MAGIC + chunk(b"tEXt", b"a\0b") + ihdr(8, 8),
}


def exif_loop() -> bytes:
    """EXIF whose directory's next directory is itself."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)


def broken_profile() -> bytes:
    buffer = BytesIO()
    gradient((8, 8)).save(buffer, "PNG", icc_profile=b"\0" * 128)
    return buffer.getvalue()


@cache
def data(name: str) -> bytes:
    """The file of that name in BAD or ODD."""
    return (BAD.get(name) or ODD[name])()


# A reader that knows the type by its bytes shows these as what they are; the rest of each is never read.
ODD: Mapping[str, Callable[[], bytes]] = {
    "png with a zip behind it": lambda: small_png() + zip_file(),
    "png with html behind it": lambda: small_png() + b"<script>alert(1)</script>",
    "png with html in its text": lambda: small_png(chunk(b"tEXt", b"a\0<script>alert(1)</script>")),
    "png whose pixels go on": lambda: png(ihdr(8, 8, color=0), pixels=bytes(10 * 2**20)),
    "png with a broken profile": broken_profile,
    "jpeg with php in a comment": lambda: after_soi(
        encoded(gradient((8, 8)), "JPEG"), segment(0xFE, b"<?php system($_GET[0]);")
    ),
    "jpeg that claims to be two pictures": lambda: encoded(
        gradient((8, 8)), "MPO", save_all=True, append_images=[gradient((8, 8))]
    ),
    "jpeg with exif in a circle": lambda: after_soi(encoded(gradient((8, 8)), "JPEG"), segment(0xE1, exif_loop())),
    "jpeg with text behind it": lambda: encoded(gradient((8, 8)), "JPEG") + b"\n<svg onload=alert(1)>",
    "webp with html behind it": lambda: encoded(gradient((8, 8)), "WEBP") + b"<html>",
    "16 megapixels in a lossless webp": lambda: encoded(
        Image.new("RGB", (4000, 4000), "teal"), "WEBP", lossless=True, quality=0, method=0
    ),
    "39.7 megapixels in a 1-bit png": lambda: (
        MAGIC + ihdr(6300, 6300, depth=1, color=0) + chunk(b"IDAT", zlib.compress(bytes(6300 * 789))) + chunk(b"IEND")
    ),
}
