"""Files from a person's machine, and the pictures a job starts from."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from studio.errors import BadUpload, InvalidRequest, NotAllowed
from studio.models import Asset, AssetKind, Membership, Rendition, Role, User
from studio.recraft.catalogue import OPERATIONS
from studio.services import inputs, intake, jobs, renditions, uploads
from studio.services.assets import media
from tests.pictures.making import encoded, gradient
from tests.pictures.test_intake import camera_jpeg
from tests.views import making

pytestmark = pytest.mark.django_db


def file(data: bytes, name: str = "vase.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(size: tuple[int, int] = (300, 260), name: str = "vase.png") -> SimpleUploadedFile:
    return file(encoded(gradient(size), "PNG"), name)


def mask(size: tuple[int, int] = (300, 260), level: int = 255, mode: str = "L") -> SimpleUploadedFile:
    painted = Image.new(mode, size)
    if mode == "L":
        painted.paste(level, (10, 10, 50, 50))
    buffer = BytesIO()
    painted.save(buffer, "PNG")
    return file(buffer.getvalue(), "mask.png")


def workspace_of(person: User):
    return person.workspaces.get()


def take(person: User, upload: SimpleUploadedFile) -> intake.Upload:
    return uploads.take(person, workspace_of(person), upload)


def test_an_upload_is_kept_as_it_came(alice: User) -> None:
    data = encoded(gradient((300, 260)), "PNG")
    upload = take(alice, file(data, "C:\\photos\\vase.png"))
    asset = Asset.objects.get()
    assert upload.asset == asset
    assert Path(media().path(asset.file)).read_bytes() == data
    assert (asset.kind, asset.name, asset.title, asset.width, asset.height) == (
        "upload",
        "vase.png",
        "vase.png",
        300,
        260,
    )
    renditions.make(asset.pk)
    assert set(asset.renditions.values_list("name", flat=True)) == {"tile", "preview"}


def test_a_turned_photo_is_an_upright_input(alice: User) -> None:
    data = camera_jpeg(6, place=True, size=(400, 300))
    upload = take(alice, file(data, "photo.jpg"))
    assert len(upload.notes) == 2
    assert (upload.asset.width, upload.asset.height) == (300, 400)
    assert Path(media().path(upload.asset.file)).read_bytes() == data
    clean = upload.asset.source
    assert isinstance(clean, Rendition)
    with Image.open(media().path(clean.file)) as image:
        assert image.size == (300, 400)
        assert not image.getexif()
    renditions.make(upload.asset.pk)
    tile = upload.asset.renditions.get(name="tile")
    assert tile.width < tile.height


def test_the_same_file_again_is_the_same_picture(alice: User, bob: User) -> None:
    first = take(alice, picture())
    again = take(bob, picture(name="copy of vase.png"))
    assert (again.asset, again.is_new) == (first.asset, False)
    assert Asset.objects.count() == 1


def test_a_drawn_picture_that_comes_back_is_the_one_that_was_drawn(alice: User, bob: User) -> None:
    data = encoded(gradient((300, 260)), "PNG")
    drawn = making.picture(alice, content=data)
    again = take(bob, file(data, "from an export.png"))
    assert (again.asset, again.is_new) == (drawn, False)
    Asset.objects.filter(pk=drawn.pk).update(kind=AssetKind.MASK)
    assert take(bob, file(data)).is_new, "a mask is no picture"


def test_another_workspace_gets_a_picture_of_its_own(alice: User, charlie: User) -> None:
    assert take(alice, picture()).asset.file != take(charlie, picture()).asset.file


def test_who_may_only_look_adds_nothing(alice: User) -> None:
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        take(alice, picture())
    assert not Asset.objects.exists()


def test_what_is_no_picture_leaves_nothing_behind(alice: User) -> None:
    with pytest.raises(BadUpload, match="not a WebP, PNG, JPEG or SVG"):
        take(alice, file(b"%PDF-1.7 and so on", "vase.png"))
    assert not Asset.objects.exists()
    assert [path for path in Path(media().base_location).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202egnp.exe", "abgnp.exe"),
        ("<img src=x>.png", "<img src=x>.png"),
        ("", ""),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_a_name_is_only_a_label(name: str, shown: str) -> None:
    assert intake.clean_name(name) == shown


def test_a_mask_is_an_input_and_no_picture_of_the_gallery(alice: User) -> None:
    source = take(alice, picture()).asset
    painted = uploads.take_mask(alice, workspace_of(alice), mask(), source)
    assert painted.kind == AssetKind.MASK
    assert uploads.take_mask(alice, workspace_of(alice), mask(), source) == painted, "a form sent twice"
    assert list(Asset.objects.visible_to(alice).pictures()) == [source]


@pytest.mark.parametrize(
    "wrong", [mask((299, 260)), mask(level=128), mask(mode="RGBA"), mask(mode="1"), picture()], ids=range(5)
)
def test_a_mask_that_could_not_be_sent_is_refused_at_once(alice: User, wrong: SimpleUploadedFile) -> None:
    source = take(alice, picture(name="other.png")).asset
    wrong.seek(0)
    with pytest.raises(BadUpload):
        uploads.take_mask(alice, workspace_of(alice), wrong, source)


def test_a_job_knows_what_it_starts_from_and_sends_it(alice: User) -> None:
    source = take(alice, picture()).asset
    painted = uploads.take_mask(alice, workspace_of(alice), mask(), source)
    values = {"prompt": "A bee", "image": source.public_id, "mask": painted.public_id}
    job = jobs.submit(alice, workspace_of(alice), OPERATIONS["inpaint"], values, "key-1")
    assert {(each.param, each.asset) for each in job.inputs.all()} == {("image", source), ("mask", painted)}
    files = inputs.of(job)
    with files["mask"][0].open() as sent:
        assert set(Image.open(sent).getextrema()) == {0, 255}
    assert job.quoted_units == 40


def test_a_picture_of_another_workspace_is_missing(alice: User, charlie: User) -> None:
    theirs = take(charlie, picture()).asset
    with pytest.raises(InvalidRequest) as refused:
        jobs.submit(alice, workspace_of(alice), OPERATIONS["remove-background"], {"image": theirs.public_id}, "key-1")
    assert refused.value.errors == {"image": inputs.MISSING}


def test_a_picture_the_provider_would_refuse_is_refused_with_the_way_out(alice: User) -> None:
    small = take(alice, picture((255, 300))).asset
    with pytest.raises(InvalidRequest) as refused:
        jobs.submit(alice, workspace_of(alice), OPERATIONS["remove-background"], {"image": small.public_id}, "key-1")
    assert "0 units" in refused.value.errors["image"]
