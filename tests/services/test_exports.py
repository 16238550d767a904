"""Exports: what is in them, what they are called, that a kill costs nothing, and that nobody else has them."""

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from studio.errors import InvalidRequest, TooManyWaiting
from studio.models import (
    Asset,
    AssetKind,
    Export,
    ExportState,
    JobInput,
    Membership,
    Notice,
    Rendition,
    User,
    Visibility,
    Workspace,
)
from studio.pictures import xmp
from studio.services import durations, exports, filenames, manifests, origins, packing, sheets
from tests.pictures.making import encoded, noise
from tests.views.making import SVG, job, picture

RASTER = encoded(noise((40, 30)), "PNG")


def order(person: User, assets: list[Asset], **options: Any) -> Export:
    given = {"format": "original", "mark": True, **options}
    return exports.order(person.memberships.get(), [asset.pk for asset in assets], given)


def finished(export: Export) -> Export:
    while packing.pack(export.pk):
        pass
    export.refresh_from_db()
    return export


def opened(export: Export) -> zipfile.ZipFile:
    assert export.state == ExportState.READY, export.reason
    return zipfile.ZipFile(default_storage.open(export.file))


def raster(person: User, title: str = "", **fields: Any) -> Asset:
    return picture(person, content=RASTER, width=40, height=30, given_title=title, **fields)


def test_a_zip_holds_the_originals_to_the_byte_and_two_lists(alice: User) -> None:
    assets = [
        raster(alice, "Fox"),
        picture(alice, content=SVG, width=10, height=10, given_title="Fox"),
        raster(alice, "Owl"),
    ]
    export = finished(order(alice, assets, name="{title}"))
    with opened(export) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["Fox.png", "Fox.svg", "Owl.png", "manifest.csv", "manifest.json"]
        assert archive.read("Fox.png") == RASTER
        assert archive.getinfo("Fox.png").compress_type == zipfile.ZIP_STORED
        listed = json.loads(archive.read("manifest.json"))
    assert [each["file"] for each in listed] == ["Fox.png", "Fox.svg", "Owl.png"]
    assert listed[0] | {"prompt": "A fox at dusk", "seed": 7, "author": "Alice", "model": "recraftv4_1"} == listed[0]
    assert (export.at, export.left_out, export.name) == (3, 0, "3 pictures.zip")
    assert 6 < (export.expires_at - timezone.now()).total_seconds() / 86_400 <= 7
    assert not Asset.objects.filter(exported_at=None).exists()


def test_one_picture_is_one_file(alice: User) -> None:
    export = finished(order(alice, [raster(alice, "Fox")], format="webp", percent=200, name="{title} {width}"))
    assert (export.name, export.media_type) == ("Fox 40.webp", "image/webp")
    with Image.open(default_storage.open(export.file)) as image:
        assert image.size == (80, 60)
        assert xmp.TRAINED.encode() in image.info["xmp"]


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_a_kill_costs_what_was_not_committed_and_nothing_else(
    alice: User, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    monkeypatch.setattr(packing, "STEP", 2)
    assets = [raster(alice, f"Fox {at}") for at in range(7)]
    export, commits, added = order(alice, assets, name="{title}"), [0], []
    commit, add = packing._commit, packing._add

    def counted(*args: Any) -> None:
        added.append(args[1].position)
        add(*args)

    def dies(*args: Any) -> None:
        if commits[0] == killed_after:
            raise SystemExit("killed")
        commits[0] += 1
        commit(*args)

    monkeypatch.setattr(packing, "_add", counted)
    monkeypatch.setattr(packing, "_commit", dies)
    with pytest.raises(SystemExit):
        packing.pack(export.pk)
    part = packing.part_path(export)
    with part.open("ab") as file:
        file.write(b"half a picture")
    monkeypatch.setattr(packing, "_commit", commit)
    Export.objects.update(not_before=timezone.now())  # its lease ran out
    finished(export)
    with opened(export) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:7] == [f"Fox {at}.png" for at in range(7)]
    assert len(added) == 7 + 2, "only the step that was under way is done again"
    assert not part.exists()


def test_a_slice_of_time_is_not_exceeded_and_the_rest_goes_on(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "STEP", 2)
    monkeypatch.setattr(packing, "SLICE", 0.0)
    export = order(alice, [raster(alice) for _ in range(5)])
    seen = []
    for _ in range(9):
        more = packing.pack(export.pk)
        export.refresh_from_db()
        seen.append(export.at)
        if not more:
            break
        Export.objects.update(not_before=timezone.now())
    assert seen == [2, 4, 5, 5]
    with opened(export) as archive:
        assert len(archive.namelist()) == 7


def test_a_part_that_was_swept_begins_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "STEP", 2)
    monkeypatch.setattr(packing, "SLICE", 0.0)
    export = order(alice, [raster(alice) for _ in range(4)])
    packing.pack(export.pk)
    packing.part_path(export).unlink()
    monkeypatch.setattr(packing, "SLICE", 60.0)
    Export.objects.update(not_before=timezone.now())
    with opened(finished(export)) as archive:
        assert len(archive.namelist()) == 6


def test_two_workers_on_one_export_are_one(alice: User) -> None:
    export = order(alice, [raster(alice), raster(alice)])
    with packing._part(export):
        assert packing.pack(export.pk) is False
    export.refresh_from_db()
    assert export.at == 0


def test_memory_holds_one_piece_of_one_file(alice: User) -> None:
    large = b"\x00" * (24 * 2**20)
    assets = [picture(alice, content=large + bytes([at]), rendered=False) for at in range(2)]
    export = order(alice, assets)
    tracemalloc.start()
    packing.pack(export.pk)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 2**20
    export.refresh_from_db()
    assert export.size > 48 * 2**20


# --- what is left out -----------------------------------------------------------------------------------------------


def test_what_cant_be_exported_is_named_and_the_rest_comes(alice: User, bob: User) -> None:
    vector, pixels, private, trashed = picture(alice, content=SVG), raster(alice), raster(bob), raster(alice)
    export = order(alice, [vector, pixels, private, trashed], format="svg")
    Asset.objects.filter(pk=trashed.pk).update(state="trashed")
    finished(export)
    told = {item.asset_id: item.reason for item in export.items.filter(state="left_out")}
    assert told[pixels.pk].startswith("Only a vector has an SVG")
    assert told[trashed.pk] == packing.GONE
    assert export.left_out == len(told)
    notice = Notice.objects.get(person=alice)
    assert (
        notice.text == f"Your export “4 pictures” is ready, without {len(told)} of 4 pictures. It is kept for 7 days."
    )
    with opened(export) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".svg")]) == 1


@pytest.mark.parametrize("asked", ["original", "webp"])
def test_a_file_that_is_lost_costs_no_other(alice: User, asked: str) -> None:
    lost = picture(alice, content=encoded(noise((30, 40)), "PNG"), width=30, height=40)
    export = order(alice, [lost, raster(alice, "Fox")], format=asked)
    Path(default_storage.path(lost.file)).unlink()
    with opened(finished(export)) as archive:
        assert len(archive.namelist()) == 3
    assert export.left_out == 1


def test_an_export_of_nothing_fails_in_words(alice: User) -> None:
    export = finished(order(alice, [raster(alice), raster(alice)], format="svg"))
    assert (export.state, export.reason) == (ExportState.FAILED, packing.NOTHING)
    notice = Notice.objects.get(person=alice)
    assert (notice.text, notice.url) == (
        f"Your export “2 pictures” could not be made: {packing.NOTHING}",
        "/exports/",
    )
    assert not packing.part_path(export).exists()
    one = finished(order(alice, [raster(alice)], format="svg"))
    assert one.reason.startswith("Only a vector")


def test_nobody_exports_what_they_dont_see(alice: User, bob: User, charlie: User) -> None:
    foreign = raster(charlie)
    with pytest.raises(InvalidRequest):
        order(alice, [foreign])
    export = order(bob, [raster(alice), raster(bob), foreign])
    assert export.total == 2
    assert list(Export.objects.visible_to(bob)) == [export]
    for person in (alice, charlie):
        assert not Export.objects.visible_to(person).exists()
    Membership.objects.filter(person=bob).delete()
    assert not Export.objects.visible_to(bob).exists()
    assert finished(export).reason == packing.NOTHING, "who left takes nothing along any more"


def test_orders_have_limits(alice: User) -> None:
    asset = raster(alice)
    for options in ({"format": "gif"}, {"format": "png", "quality": 0}, {"name": "{secret}"}, {"name": "{title"}):
        with pytest.raises(InvalidRequest):
            order(alice, [asset], **options)
    for _ in range(exports.MOST_WAITING):
        order(alice, [asset])
    with pytest.raises(TooManyWaiting):
        order(alice, [asset])


def test_old_exports_go_and_files_that_two_share_stay(alice: User) -> None:
    asset = raster(alice)
    first, second = finished(order(alice, [asset])), finished(order(alice, [asset]))
    assert first.file == second.file
    assert default_storage.exists(asset.file)
    Export.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert packing.remove_old() == 1
    assert default_storage.exists(second.file)
    exports.delete(second)
    packing.remove_old()
    assert not default_storage.exists(second.file)
    assert default_storage.exists(asset.file), "the picture stays"
    assert set(Export.objects.values_list("state", flat=True)) == {ExportState.GONE}


def test_the_clock_finds_what_nobody_is_at(alice: User) -> None:
    export = order(alice, [raster(alice)])
    assert packing.to_ring() == []
    Export.objects.update(not_before=timezone.now() - 2 * durations.FINISH_UNRUNG_AFTER)
    assert packing.to_ring() == [export.pk]


def test_a_contact_sheet_is_an_export(alice: User) -> None:
    assets = [picture(alice) for _ in range(3)]
    Rendition.objects.update(media_type="image/png", file=raster(alice).file)
    export = exports.order_sheet(alice.memberships.get(), [each.pk for each in assets], "Spring")
    finished(export)
    assert (export.state, export.name, export.media_type) == (ExportState.READY, "Spring.pdf", "application/pdf")
    assert Path(default_storage.path(export.file)).read_bytes().startswith(b"%PDF")


# --- names and lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("A fox / at \\ dusk", "A fox at dusk"),
        ("../../etc/passwd", "etc passwd"),
        ("", "picture"),
        ("...", "picture"),
        ("con", "con_"),
        ("LPT1.txt", "LPT1.txt_"),
        ("a\x00b\u202egnp.exe", "a b gnp.exe"),
        ("ünïcode ✓", "ünïcode ✓"),
        ("=cmd()", "=cmd()"),
        ("x" * 300, "x" * 100),
        ("é" * 300, "é" * 100),
        ("水" * 300, "水" * 66),
    ],
)
def test_a_name_is_nothing_but_a_name(said: str, name: str) -> None:
    assert filenames.safe(said) == name


def test_the_template_knows_what_made_a_picture(alice: User) -> None:
    asset = raster(alice, of=job(alice, params={"prompt": "A fox: at dusk"}))
    template = "{prompt}_{model}_{seed}_{date}_{n}_{author}_{id}"
    expected = f"A fox at dusk_V4.1_7_{asset.created_at:%Y-%m-%d}_003_Alice_{asset.public_id}"
    assert filenames.filled(template, asset, 3, 120, ZoneInfo("UTC")) == expected


def test_the_day_a_picture_was_made_is_one_of_the_workspaces_clock(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = raster(alice, created_at=datetime(2026, 3, 31, 20, tzinfo=UTC))
    Rendition.objects.update(media_type="image/png", file=asset.file)
    Workspace.objects.update(time_zone="Pacific/Kiritimati")  # fourteen hours on
    assert finished(order(alice, [asset], name="{date}")).name == "2026-04-01.png"
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(sheets.pictures, "sheet", lambda _, entries, to: (told.extend(entries), to.touch()))
    finished(exports.order_sheet(alice.memberships.get(), [asset.pk], "Spring"))
    assert [each["note"] for each in told] == ["Alice, 2026-04-01"]


def test_names_are_unique_in_any_case(alice: User) -> None:
    export = finished(order(alice, [raster(alice, each) for each in ("Fox", "FOX", "fox", "fox-2")], name="{title}"))
    with opened(export) as archive:
        names = archive.namelist()[:4]
    assert names == ["Fox.png", "FOX-2.png", "fox-3.png", "fox-2-2.png"]


@pytest.mark.parametrize("prompt", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1"])
def test_no_cell_is_a_formula(alice: User, prompt: str) -> None:
    export = finished(order(alice, [raster(alice, prompt, of=job(alice, params={"prompt": prompt})), raster(alice)]))
    with opened(export) as archive:
        text = archive.read("manifest.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 2
    for row in rows:
        assert tuple(row) == manifests.FIELDS
        assert not any((value or "").startswith((*manifests.FORMULA, "\uff1d")) for value in row.values())


def test_where_a_picture_comes_from_is_said_in_iptcs_words(alice: User) -> None:
    def after(source: Asset, operation: str) -> Asset:
        made = job(alice, operation=operation)
        JobInput.objects.create(job=made, asset=source, param="image")
        return raster(alice, of=made)

    drawn = raster(alice)
    upload = raster(alice)
    Asset.objects.filter(pk=upload.pk).update(kind=AssetKind.UPLOAD, job=None, result=None)
    upload.refresh_from_db()
    assert origins.source_type(drawn) == xmp.TRAINED
    assert origins.source_type(upload) == ""
    assert origins.source_type(after(upload, "finish")) == ""
    assert origins.source_type(after(after(upload, "inpaint"), "finish")) == xmp.COMPOSITE
    assert origins.source_type(after(drawn, "inpaint")) == xmp.TRAINED


def test_a_private_picture_stays_out_of_others_exports(alice: User, bob: User) -> None:
    export = order(bob, [raster(alice), raster(bob)])
    Asset.objects.filter(person=alice).update(visibility=Visibility.PRIVATE)
    finished(export)
    assert export.left_out == 1
