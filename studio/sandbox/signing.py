"""Signed URLs of result files, in the manner of imgproxy: no extension, no expiry in the URL, nothing to log in to.

The key is kept in the folder: a URL given out before a restart works after it.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def load_key(path: Path) -> bytes:
    """The signing key in `path`, made at the first start."""
    if not path.exists():
        temporary = path.with_suffix(".tmp")
        temporary.touch(mode=0o600)
        with temporary.open("wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        fsync_directory(path.parent)
    return path.read_bytes()


def fsync_directory(path: Path) -> None:
    """Make the renames in this folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def plain_path(image_id: str, width: int, height: int) -> str:
    return f"/rs:fit:{width}:{height}:0/raw:1/plain/abs://external/images/{image_id}"


def signature(key: bytes, path: str) -> str:
    """43 characters of URL-safe base64: a SHA-256 without its padding."""
    digest = hmac.digest(key, path.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def signed_path(key: bytes, image_id: str, width: int, height: int) -> str:
    path = plain_path(image_id, width, height)
    return f"/{signature(key, path)}{path}"


def is_genuine(key: bytes, given: str, path: str) -> bool:
    return hmac.compare_digest(given.encode(), signature(key, path).encode())
