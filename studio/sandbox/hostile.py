"""Bytes that no studio should take: the bodies of the file faults, and the page an edge server shows."""

import struct
import zlib
from functools import cache

# 20,000 x 20,000 pixels are 1.1 GB once decoded to RGB; in one bit per pixel they are 50 MB of zeros, 48 KB packed.
BOMB_SIDE = 20_000
BOMB_ROW_BYTES = 1 + BOMB_SIDE // 8
BOMB_STRIPES = 20
EDGE_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>{status}: {reason}</title></head>
<body><h1>{reason} <span>Error code {status}</span></h1><p>cloudflare</p></body></html>
"""
# What Cloudflare calls its own statuses, which no standard names.
EDGE_REASONS = {
    403: "Access denied",
    502: "Bad gateway",
    503: "Service temporarily unavailable",
    504: "Gateway time-out",
    520: "Web server is returning an unknown error",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
    525: "SSL handshake failed",
    526: "Invalid SSL certificate",
    527: "Railgun Listener to origin error",
}
SCRIPTED_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1024" \
height="1024" viewBox="0 0 1024 1024" onload="alert('onload')"><script>alert('script')</script>
<rect width="1024" height="1024" fill="#204060" onclick="alert('onclick')"/>
<a xlink:href="javascript:alert('href')"><circle cx="512" cy="512" r="300" fill="#e0c040"/></a>
<foreignObject width="100" height="100"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="alert(1)"/>\
</body></foreignObject><image href="http://169.254.169.254/latest/meta-data/" width="10" height="10"/>
<style>@import url("http://169.254.169.254/style.css");</style></svg>
"""


def edge_page(status: int) -> bytes:
    """An HTML error page like Cloudflare's."""
    return EDGE_PAGE.format(status=status, reason=EDGE_REASONS.get(status, "Error")).encode()


@cache
def bomb() -> bytes:
    """A valid PNG of about 48 KB that declares 400 megapixels."""
    # Equal stripes of zeros, each packed without regard to the one before, are the same bytes again and again; so one
    # is packed, and the server isn't busy for the time that 50 MB take.
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    stripe = packer.compress(bytes(BOMB_ROW_BYTES * BOMB_SIDE // BOMB_STRIPES)) + packer.flush(zlib.Z_FULL_FLUSH)
    last_block = b"\x03\x00"
    checksum = struct.pack(">HH", BOMB_ROW_BYTES * BOMB_SIDE % 65521, 1)  # Adler-32 of that many zeros
    packed = b"\x78\xda" + stripe * BOMB_STRIPES + last_block + checksum
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
