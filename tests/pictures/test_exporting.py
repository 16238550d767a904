"""Copies that leave the studio: their size and ground, and what they say of how they were made."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image, ImageDraw, PdfParser

from studio.pictures import BadPicture, Finished, copies, export, lettering, sheet, xmp
from tests.pictures.making import encoded, noise

PNG, JPEG, WEBP, SVG = "image/png", "image/jpeg", "image/webp", "image/svg+xml"
FLAG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="red"/></svg>'
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
HOSTILE = 'A fox </x:xmpmeta> "&" <script>\x00\x1b'


def made(tmp_path: Path, data: bytes, media_type: str, **copy: Any) -> Finished:
    path, to = tmp_path / "source", tmp_path / "copy"
    path.write_bytes(data)
    done = export(path, media_type, copy, to)
    assert path.read_bytes() == data, "the original is never touched"
    return done


def said(done: Finished) -> etree._Element:
    """The XMP of a copy."""
    if done.media_type == SVG:
        return etree.fromstring(done.path.read_bytes())
    with Image.open(done.path) as image:
        image.load()
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    return etree.fromstring(found if isinstance(found, bytes) else found.encode())


@pytest.mark.parametrize("name", ["png", "webp", "jpg"])
def test_a_copy_says_that_a_model_made_it_and_from_which_words(tmp_path: Path, name: str) -> None:
    source = encoded(noise((60, 40)), "PNG")
    done = made(tmp_path, source, PNG, format=name, source_type=xmp.TRAINED, prompt=HOSTILE)
    tree = said(done)
    assert tree.findtext(f".//{IPTC}DigitalSourceType") == TRAINED
    assert tree.findtext(f".//{IPTC}AIPromptInformation") == 'A fox </x:xmpmeta> "&" <script>'


def test_an_svg_says_so_too_and_stays_harmless(tmp_path: Path) -> None:
    hostile = FLAG.replace(b"<rect", b"<script>alert(1)</script><rect onclick='x()'")
    done = made(tmp_path, hostile, SVG, format="svg", source_type=xmp.TRAINED, prompt=HOSTILE)
    tree = said(done)
    assert tree.findtext(f".//{IPTC}DigitalSourceType") == TRAINED
    assert not tree.xpath("//*[local-name()='script'] | //@onclick")
    assert made(tmp_path, hostile, SVG, format="svg").path.read_bytes().count(b"metadata") == 0


def test_nothing_is_said_unless_asked(tmp_path: Path) -> None:
    for name in ("png", "webp", "jpg"):
        done = made(tmp_path, encoded(noise((60, 40)), "PNG"), PNG, format=name)
        with Image.open(done.path) as image:
            image.load()
            assert not {"xmp", "XML:com.adobe.xmp", "exif"} & image.info.keys()


@pytest.mark.parametrize(
    ("asked", "size"), [({"percent": 50}, (30, 20)), ({"longest": 240}, (240, 160)), ({}, (60, 40))]
)
def test_a_copy_has_the_size_that_was_asked_for(tmp_path: Path, asked: dict[str, int], size: tuple[int, int]) -> None:
    done = made(tmp_path, encoded(noise((60, 40)), "PNG"), PNG, format="png", **asked)
    assert (done.width, done.height) == size
    with Image.open(done.path) as image:
        assert image.size == size


def test_a_vector_is_drawn_in_the_size_and_not_enlarged(tmp_path: Path) -> None:
    done = made(tmp_path, FLAG, SVG, format="png", percent=400, background="#0000ff")
    with Image.open(done.path) as image:
        assert image.size == (160, 80)
        row = [image.convert("RGB").getpixel((x, 40)) for x in range(160)]
    assert set(row[:79]) == {(255, 0, 0)}
    assert set(row[81:]) == {(0, 0, 255)}


def test_transparency_is_kept_or_filled(tmp_path: Path) -> None:
    clear = encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    for asked, pixel in (
        ({"format": "png"}, (0, 0, 0, 0)),
        ({"format": "png", "background": "#ff0000"}, (255, 0, 0, 255)),
        ({"format": "jpg"}, (255, 255, 255, 255)),
        ({"format": "webp", "quality": 0}, (0, 0, 0, 0)),
    ):
        with Image.open(made(tmp_path, clear, PNG, **asked).path) as image:
            assert image.convert("RGBA").getpixel((4, 4)) == pixel


def test_a_pdf_is_one_page(tmp_path: Path) -> None:
    done = made(tmp_path, encoded(noise((60, 40)), "PNG"), PNG, format="pdf", source_type=xmp.TRAINED)
    assert done.path.read_bytes().count(b"/Type /Page\n") == 1
    with PdfParser.PdfParser(str(done.path)) as pdf:
        assert len(pdf.pages) == 1
        assert xmp.TRAINED.encode() in pdf.read_indirect(pdf.root[b"Metadata"]).decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"format": "gif"},
        {"format": "png", "percent": 99},
        {"format": "png", "percent": "100"},
        {"format": "png", "longest": 10**6},
        {"format": "jpg", "quality": 0},
        {"format": "png", "background": "red"},
        {},
    ],
)
def test_a_copy_outside_its_limits_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(BadPicture):
        copies.read(asked)


def test_what_there_can_be_no_copy_of_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="Vectorize"):
        made(tmp_path, encoded(noise((60, 40)), "PNG"), PNG, format="svg")
    with pytest.raises(BadPicture, match="pixels"):
        made(tmp_path, encoded(Image.new("L", (12_000, 10)), "PNG"), PNG, format="png", percent=400)


def test_a_contact_sheet_has_twenty_pictures_a_page(tmp_path: Path) -> None:
    tile = tmp_path / "tile"
    tile.write_bytes(encoded(noise((60, 40)), "WEBP"))
    entry = {"path": str(tile), "media_type": WEBP, "title": "A fox at dusk " * 30, "note": "Ines, 2026-05-04"}
    assert sheet("Spring campaign " * 20, [entry] * 21, tmp_path / "sheet.pdf") == 2
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert sheet("Empty", [], tmp_path / "sheet.pdf") == 1


def test_words_on_a_sheet_have_the_letters_that_people_write() -> None:
    def drawn(text: str) -> bytes:
        paper = Image.new("L", (400, 40), 255)
        lettering.write(ImageDraw.Draw(paper), (0, 0), text, 20, "#000000", 400)
        return paper.tobytes()

    latin = ["é", "ß", "ñ", "ø", "ł", "ő", "Ž", "“"]
    assert len({drawn(letter) for letter in [*latin, "?"]}) == len(latin) + 1
    assert drawn("\ue123") == drawn("?"), "no empty box"
