"""Raster files that want memory, time or trust are refused, or are the harmless picture their first bytes say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio import pictures
from studio.pictures import BadPicture
from tests.pictures.hostile_rasters import BAD, ODD, bomb_png, data
from tests.pictures.making import encoded, gradient

ROOT = Path(__file__).parents[2]

# Its own process, because a peak of memory is never forgotten by the one that had it.
MEASURE = """
import pathlib, re, sys
from studio import pictures

def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024

before = peak()
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        pictures.verify(path, None)
    except pictures.BadPicture:
        pass
print(peak() - before)
"""


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data(name))
    with pytest.raises(BadPicture) as refusal:
        pictures.verify(path, None)
    assert not refusal.value.may_read_again
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_the_picture_its_first_bytes_say(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data(name))
    picture = pictures.verify(path, None)
    assert picture.media_type.removeprefix("image/") in name.replace("jpg", "jpeg")
    look = pictures.render(path, picture.media_type, tmp_path)
    assert all(b"script" not in derived.path.read_bytes() for derived in look.renditions)
    assert path.read_bytes() == data(name)


def test_the_bomb_is_small_on_disk_and_is_never_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(bomb_png())
    assert path.stat().st_size < 50_000

    def no_child(*_: object) -> None:
        raise AssertionError("a child was asked")

    monkeypatch.setattr(pictures.reading._POOL, "ask", no_child)
    with pytest.raises(BadPicture, match="20,000 x 20,000"):
        pictures.verify(path, None)


def test_no_file_of_the_corpus_costs_the_caller_memory(tmp_path: Path) -> None:
    for name in (*BAD, *ODD):
        (tmp_path / name.replace("/", "-")).write_bytes(data(name))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert int(run.stdout) < 50  # MB


@pytest.mark.parametrize(
    "declared",
    ["image/png", "text/html", "image/svg+xml", "application/zip", "image/webp2", "text/plain; charset=utf-8"],
)
def test_a_declared_type_that_contradicts_the_bytes_is_refused(tmp_path: Path, declared: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(encoded(gradient((8, 8)), "WEBP"))
    with pytest.raises(BadPicture, match="announced"):
        pictures.verify(path, declared)


@pytest.mark.parametrize(
    "declared", [None, "", "image/webp", "IMAGE/WEBP; q=1", "application/octet-stream", "binary/octet-stream"]
)
def test_a_declared_type_that_agrees_or_says_nothing_is_fine(tmp_path: Path, declared: str | None) -> None:
    path = tmp_path / "a"
    path.write_bytes(encoded(gradient((8, 8)), "WEBP"))
    assert pictures.verify(path, declared).media_type == "image/webp"


def test_a_file_over_64_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(encoded(gradient((8, 8)), "PNG"))
    with path.open("r+b") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(BadPicture, match="64 MB"):
        pictures.verify(path, None)
