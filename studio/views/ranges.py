"""Parts of a file, so that whoever saves a large one and is interrupted goes on where it stopped.

Source: RFC 9110, section 14. Only one part at a time is given; whoever asks for several gets the whole, as it allows.
"""

import re
from dataclasses import dataclass

from django.http import HttpRequest

_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True)
class Part:
    """`length` bytes from `start` of a file of `size`. Nothing of it can be given where `length` is 0."""

    start: int
    length: int
    size: int

    @property
    def status(self) -> int:
        """Of the answer that gives it."""
        return 200 if self.length == self.size else 206 if self.length else 416

    @property
    def content_range(self) -> str:
        """The header that says which part it is."""
        which = f"{self.start}-{self.start + self.length - 1}" if self.length else "*"
        return f"bytes {which}/{self.size}"


def asked(request: HttpRequest, size: int, etag: str) -> Part:
    """The part that a request is for; the whole, where it has another file's beginning or asks in another way."""
    whole = Part(0, size, size)
    found = _ONE.fullmatch(request.headers.get("Range", ""))
    if found is None or not any(found.groups()) or request.headers.get("If-Range", etag) != etag:
        return whole
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return Part(size - length, length, size)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return whole
    return Part(int(first), max(0, end - int(first)), size)
