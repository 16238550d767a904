"""What exported files are called: a template that people write, filled in, and fit for every file system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from studio.errors import InvalidRequest
from studio.models import Asset
from studio.recraft.image_models import IMAGE_MODELS

DEFAULT = "{title}-{n}"
FIELDS: Mapping[str, str] = {
    "title": "its title, or else its prompt",
    "prompt": "the prompt",
    "model": "the image model",
    "seed": "the seed",
    "date": "the day it was made",
    "author": "who made it",
    "n": "its number",
    "id": "its id in the studio",
    "width": "pixels",
    "height": "pixels",
}
MOST_LETTERS = 100
MOST_BYTES = 200
MOST_OF_A_FIELD = 60  # letters
_FIELD = re.compile(r"\{([a-z]*)\}")
_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+')
# Source: Microsoft, "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check(template: str) -> str:
    """The template, or the usual one for an empty one. Raises InvalidRequest for a field that there isn't."""
    unknown = [name for name in _FIELD.findall(template) if name not in FIELDS]
    if unknown or "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise InvalidRequest({"name": f"A file name knows these in braces: {known}."})
    return template.strip() or DEFAULT


def filled(template: str, asset: Asset, number: int, of: int, zone: ZoneInfo) -> str:
    """A picture's file name without its extension. `number` is its place among `of`; its day is one of `zone`."""
    job = asset.job
    model = job.image_model if job else ""
    said = {
        "title": asset.title,
        "prompt": job.prompt if job else "",
        "model": IMAGE_MODELS[model].label if model in IMAGE_MODELS else model,
        "seed": str(job.seed) if job and job.seed is not None else "",
        "date": f"{asset.created_at.astimezone(zone):%Y-%m-%d}",
        "author": str(asset.person.name),
        "n": str(number).zfill(len(str(of))),
        "id": asset.public_id,
        "width": str(asset.width),
        "height": str(asset.height),
    }
    return safe(_FIELD.sub(lambda found: said[found[1]][:MOST_OF_A_FIELD].strip(), template))


def safe(name: str) -> str:
    """A name that no system takes for anything but a name: no folders, no devices, nothing unprintable."""
    plain = _BAD.sub(" ", unicodedata.normalize("NFC", name))
    plain = re.sub(r"\s+", " ", plain)[:MOST_LETTERS]
    plain = plain.encode()[:MOST_BYTES].decode(errors="ignore")
    plain = plain.strip(" .-_") or "picture"
    return f"{plain}_" if _RESERVED.fullmatch(plain) else plain


def unique(name: str, extension: str, taken: Collection[str]) -> str:
    """The whole file name, with a number where it is taken already; `taken` is in small letters."""
    found, number = f"{name}.{extension}", 1
    while found.lower() in taken:
        number += 1
        found = f"{name}-{number}.{extension}"
    return found
