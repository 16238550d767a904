"""Zips from outside: what is taken of them, and what of all the tricks a zip can play."""

import io
import struct
import zipfile
from collections.abc import Iterable

import pytest

from studio.errors import BadUpload
from studio.services import archives

NAMED = ["a/b/fox.png", "../../etc/cron.d/owl.png", "/etc/passwd", "C:\\windows\\cat.png", "fox.png"]


def zipped(entries: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def names(data: bytes) -> list[str]:
    with archives.opened(io.BytesIO(data), len(data)) as entries:
        return [entry.name for entry in entries]


def contents(data: bytes) -> list[bytes | str]:
    """Each entry's bytes, or the sentence that refuses it."""
    found: list[bytes | str] = []
    with archives.opened(io.BytesIO(data), len(data)) as entries:
        for entry in entries:
            try:
                with archives.unpacked(entry) as file:
                    found.append(file.read())
                    assert file.size == len(found[-1])
            except BadUpload as error:
                found.append(error.message)
    return found


def test_entries_are_read_whatever_path_they_name() -> None:
    data = zipped((name, name.encode()) for name in NAMED)
    assert contents(data) == [name.encode() for name in NAMED]


def test_folders_hidden_files_and_our_own_lists_are_no_pictures() -> None:
    hidden = ["folder/", "__MACOSX/._fox.png", ".DS_Store", "a/.hidden/fox.png"]
    more = [*hidden, "manifest.csv", "x/manifest.json", "fox.png"]
    assert names(zipped((name, b"") for name in more)) == ["fox.png"]


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    data = zipped([("bomb.png", b"\x00" * (80 * 2**20)), ("fox.png", b"fox")])
    assert contents(data) == ["Unpacked, it is too large.", b"fox"]


def test_what_a_zip_says_of_its_sizes_is_not_believed() -> None:
    data = bytearray(zipped([("fox.png", b"\x00" * 500_000)]))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)  # "ten bytes, when unpacked"
    (answer,) = contents(bytes(data))
    assert isinstance(answer, str) or len(answer) <= 10


def test_too_much_at_once_is_refused_before_anything_is_read() -> None:
    many = zipped(((f"{at}.png", b"") for at in range(archives.MOST_PICTURES + 1)), zipfile.ZIP_STORED)
    with pytest.raises(BadUpload, match="Split it"):
        names(many)
    huge = zipped((f"{at}.png", b"\x00" * (60 * 2**20)) for at in range(9))
    with pytest.raises(BadUpload, match="512 MB"):
        names(huge)


@pytest.mark.parametrize("field", ["entries", "listed"])
def test_a_list_that_would_fill_the_memory_is_not_read(field: str) -> None:
    data = bytearray(zipped([("fox.png", b"fox")]))
    at = data.rfind(b"PK\x05\x06")
    if field == "entries":
        data[at + 10 : at + 12] = struct.pack("<H", 0xFFFF)
    else:
        data[at + 12 : at + 16] = struct.pack("<L", 0xFFFFFFFF)
    with pytest.raises(BadUpload, match="too many files"):
        names(bytes(data))


def test_a_second_list_that_only_python_reads_is_not_read_either() -> None:
    data = zipped([("fox.png", b"fox")])
    at = data.rfind(b"PK\x05\x06")
    entries, listed, start = struct.unpack("<HLL", data[at + 10 : at + 20])
    long = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, listed, start)
    data = data[:at] + long + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1) + data[at:]
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["fox.png"]
    with pytest.raises(BadUpload, match="plain zip"):
        names(data)


def test_entries_on_top_of_one_another_are_refused() -> None:
    data = bytearray(zipped([(f"{at}.png", b"fox" * 5000) for at in range(20)]))
    where = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    for at in where:
        data[at + 20 : at + 24] = struct.pack("<L", len(data) // 2)
    with pytest.raises(BadUpload):
        names(bytes(data))


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 10, b"PK\x03\x04" + b"\xff" * 900])
def test_a_broken_zip_says_so(data: bytes) -> None:
    with pytest.raises(BadUpload):
        names(data)


def test_an_encrypted_entry_says_so() -> None:
    data = bytearray(zipped([("fox.png", b"fox")]))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert contents(bytes(data)) == ["It is encrypted."]


def test_a_damaged_entry_spoils_no_other() -> None:
    data = bytearray(zipped([("fox.png", b"fox"), ("owl.png", b"owl")], zipfile.ZIP_STORED))
    data[data.find(b"fox", data.find(b"fox.png") + 7)] ^= 0xFF
    assert contents(bytes(data)) == ["It is broken in the zip.", b"owl"]
