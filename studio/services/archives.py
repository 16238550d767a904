"""Zips that people bring: looked into, never unpacked by the paths they name.

Nothing a zip says of itself is believed. Its list of entries is measured before it is read, an entry is read as a
stream into a file of the studio's own, and what comes out is counted while it comes. An entry's name is for the report.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.core.files.base import File

from studio.errors import BadUpload
from studio.services.assets import media

MOST_PICTURES: Final = 300
MOST_ENTRIES: Final = 2_000  # folders and other files among them
MOST_OF_ONE: Final = 64 * 2**20  # bytes, as of any picture
MOST_OF_ALL: Final = 512 * 2**20  # bytes
MOST_RATIO: Final = 200  # how many times smaller an entry may be packed; real pictures reach 60, and those are SVG
MOST_LISTED: Final = 2**20  # bytes of the list of entries
CHUNK: Final = 2**20
OURS: Final = ("manifest.csv", "manifest.json")  # what the studio's own exports have beside their pictures
BROKEN: Final = "The zip is broken and can't be read."
TOO_LARGE_A_KIND: Final = "It is a ZIP64, which is made for very large files and not read here. Pack it as a plain zip."
_END: Final = b"PK\x05\x06"
_LOCATOR: Final = b"PK\x06\x07"  # 20 bytes before that, in a ZIP64


@dataclass(frozen=True)
class Member:
    """A file in a zip: what it is called, and the zip it is in."""

    name: str
    info: zipfile.ZipInfo
    archive: zipfile.ZipFile


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file begins like a zip."""
    start = file.read(4)
    file.seek(0)
    return start in (b"PK\x03\x04", _END)


@contextmanager
def opened(file: IO[bytes], size: int) -> Iterator[list[Member]]:
    """What could be pictures in a zip. Raises BadUpload for one that is too much or broken."""
    _measure(file, size)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise BadUpload(BROKEN) from error
    with archive:
        infos = [info for info in archive.infolist() if _could_be_a_picture(info)]
        if len(infos) > MOST_PICTURES:
            raise BadUpload(f"The zip has {len(infos):,} files; {MOST_PICTURES} at once are taken. Split it.")
        if sum(info.file_size for info in infos) > MOST_OF_ALL:
            raise BadUpload(f"Unpacked, the zip is larger than {MOST_OF_ALL >> 20} MB. Split it.")
        # Entries that lie on top of one another would each be unpacked from the same bytes.
        if sum(info.compress_size for info in archive.infolist()) > size:
            raise BadUpload(BROKEN)
        yield [Member(info.filename, info, archive) for info in infos]


def _measure(file: IO[bytes], size: int) -> None:
    """Refuse a list of entries that would fill the memory, before anything reads it."""
    tail = min(size, 20 + 22 + 65_535)
    file.seek(size - tail)
    data = file.read(tail)
    file.seek(0)
    at = data.rfind(_END)
    if at < 0 or len(data) < at + 22:
        raise BadUpload(BROKEN)
    # Of a ZIP64 Python takes other numbers than these, which may say anything.
    if data[max(0, at - 20) : at].startswith(_LOCATOR):
        raise BadUpload(TOO_LARGE_A_KIND)
    # Source: PKWARE, APPNOTE.TXT 4.3.15 and 4.3.16, (ZIP64) end of central directory.
    entries, listed = struct.unpack("<HL", data[at + 10 : at + 16])
    if entries > MOST_ENTRIES or listed > MOST_LISTED:
        raise BadUpload(f"The zip lists too many files. At most {MOST_PICTURES} pictures at once are taken. Split it.")


def _could_be_a_picture(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    hidden = "__MACOSX" in parts or any(part.startswith(".") and part != ".." for part in parts)
    return not (info.is_dir() or hidden or parts[-1] in OURS)


@contextmanager
def unpacked(entry: Member) -> Iterator[File[bytes]]:
    """One entry as a file of the studio's own, gone afterwards. Raises BadUpload."""
    info = entry.info
    if info.flag_bits & 0x1:
        raise BadUpload("It is encrypted.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadUpload("It is packed in a way that the studio does not read.")
    with media().temporary() as path:
        _unpack(entry, path)
        with path.open("rb") as stream:
            yield File(stream, name=entry.name)


def _unpack(entry: Member, path: Path) -> None:
    most = min(MOST_OF_ONE, max(entry.info.compress_size, 1024) * MOST_RATIO)
    written = 0
    try:
        with entry.archive.open(entry.info) as source, path.open("wb") as target:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > most:
                    raise BadUpload("Unpacked, it is too large.")
                target.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadUpload("It is broken in the zip.") from error
