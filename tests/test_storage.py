"""Content is durable before it has a name, and has no other way in."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from studio.storage import ContentStorage

DATA = b"the bytes of a picture"
SHA256 = hashlib.sha256(DATA).hexdigest()
NAME = f"blobs/ws_1/{SHA256[:2]}/{SHA256}"


@pytest.fixture
def storage(tmp_path: Path) -> ContentStorage:
    return ContentStorage(location=tmp_path / "media")


def put(storage: ContentStorage, workspace: str = "ws_1") -> str:
    with storage.temporary() as path:
        path.write_bytes(DATA)
        return storage.store(path, workspace, SHA256)


def files(storage: ContentStorage) -> list[str]:
    root = Path(storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_content_is_kept_under_its_hash_and_read_back(storage: ContentStorage) -> None:
    assert put(storage) == NAME
    with storage.open(NAME) as file:
        assert file.read() == DATA
    assert files(storage) == [NAME]


def test_storing_the_same_content_again_changes_nothing(storage: ContentStorage) -> None:
    assert put(storage) == put(storage) == NAME
    assert files(storage) == [NAME]


def test_each_workspace_has_its_own_copy(storage: ContentStorage) -> None:
    assert put(storage, "ws_1") != put(storage, "ws_2")
    assert len(files(storage)) == 2


def test_a_rendition_is_kept_under_its_own_hash(storage: ContentStorage) -> None:
    finished = storage.temporary_folder() / "tile.webp"
    finished.write_bytes(DATA)
    name = storage.store_rendition(finished, "ws_1")
    assert name == NAME.replace("blobs", "renditions")
    assert files(storage) == [name]


def test_the_file_is_synced_before_it_is_renamed_and_its_folder_after(
    storage: ContentStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, "other")  # makes blobs/
    seen: list[tuple[str, bool]] = []
    sync = os.fsync

    def recorded(handle: int) -> None:
        path = os.readlink(f"/proc/self/fd/{handle}")
        seen.append((str(Path(path).relative_to(Path(storage.location).resolve())), storage.exists(NAME)))
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    put(storage)
    assert seen[0][0].startswith("tmp/") and seen[0][1] is False
    assert [path for path, _ in seen[1:]] == ["blobs", "blobs/ws_1", f"blobs/ws_1/{SHA256[:2]}"]
    assert seen[-1][1] is True


def test_a_disk_that_does_not_confirm_leaves_no_blob_and_no_temporary(
    storage: ContentStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        put(storage)
    assert files(storage) == []


def test_a_failed_second_copy_leaves_the_first_alone(storage: ContentStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    put(storage)

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        put(storage)
    assert files(storage) == [NAME]


def test_a_temporary_left_behind_is_removed(storage: ContentStorage) -> None:
    with pytest.raises(ZeroDivisionError), storage.temporary() as path:
        path.write_bytes(DATA)
        raise ZeroDivisionError
    assert files(storage) == []


def test_a_temporary_lies_on_the_file_system_of_the_blobs(storage: ContentStorage) -> None:
    with storage.temporary() as path:
        assert path.stat().st_dev == Path(storage.location).stat().st_dev
        assert path.parent == Path(storage.location, "tmp")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../secret_key",
        "tmp/abc",
        "blobs",
        f"blobs/../{SHA256[:2]}/{SHA256}",
        f"blobs/ws_1/../../{SHA256}",
        f"blobs/ws_1/00/{SHA256}",  # the folder is not the hash's own
        f"blobs/ws_1/{SHA256[:2]}/{SHA256}\n",
        f"blobs/ws_1/{SHA256[:2]}/{SHA256}/x",
        f"blobs/ws_1/{SHA256[:2]}/{SHA256.upper()}",
        f"blobs\\ws_1\\{SHA256[:2]}\\{SHA256}",
        f"blobs/ws_1/{SHA256[:2]}/{SHA256[:-1]}\x00",
        f"./{NAME}",
        f"/{NAME}",
    ],
)
def test_no_other_name_is_opened(storage: ContentStorage, name: str) -> None:
    put(storage)
    for use in (storage.open, storage.exists, storage.size, storage.delete, storage.path):
        with pytest.raises((SuspiciousFileOperation, ValueError)):
            use(name)


@pytest.mark.parametrize("workspace", ["", "..", "a/b", "a.b", "x" * 65, "ws\n"])
def test_no_other_workspace_makes_a_name(storage: ContentStorage, workspace: str) -> None:
    with pytest.raises(SuspiciousFileOperation):
        put(storage, workspace)


def test_nothing_is_saved_under_a_chosen_name_and_nothing_has_a_public_address(storage: ContentStorage) -> None:
    for name in ("a.svg", NAME):
        with pytest.raises((SuspiciousFileOperation, NotImplementedError)):
            storage.save(name, ContentFile(DATA))
    with pytest.raises(NotImplementedError):
        storage.url(NAME)
    assert not Path(storage.location).exists() or files(storage) == []
