"""The bodies that leave the sandbox, byte for byte.

Source of shapes and texts: Recraft docs: Endpoints and Error handling pages, and the published OpenAPI specification.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from studio.sandbox import choices

JSON = "application/json"
TEXT = "text/plain"
HTML = "text/html"


def bare(body: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response with the bare Content-Type: Starlette would add a charset to text, and clients compare exactly."""
    return Response(body, status, {**(headers or {}), "Content-Type": media_type})


def as_json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return bare(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), JSON, status, headers)


def error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return as_json({"code": code, "message": message}, status, headers)


def unauthorized() -> Response:
    return bare(b"request unauthorized", TEXT, 401)


def not_found() -> Response:
    return bare(b"404 page not found", TEXT, 404)


def rate_limited(retry_after: str | None = None) -> Response:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return error(429, "rate_limit_exceeded", "Rate limit exceeded", headers)


def not_enough_credits() -> Response:
    return error(400, "not_enough_credits", choices.NOT_ENOUGH_CREDITS_MESSAGE)


def internal_error() -> Response:
    return error(500, choices.INTERNAL_ERROR_CODE, choices.INTERNAL_ERROR_MESSAGE)


def forbidden_file() -> Response:
    return bare(choices.EXPIRED_BODY.encode(), TEXT, choices.EXPIRED_STATUS)


def too_large() -> Response:
    return bare(choices.BODY_TOO_LARGE_MESSAGE.encode(), TEXT, 413)
