"""Where the studio's files live, and the only way in: by content, never by a path somebody sent.

    var/media/tmp/<random>                       being written; swept when old
    var/media/blobs/<workspace>/<aa>/<sha256>    originals, byte-identical
    var/media/renditions/<workspace>/<aa>/<sha256>
    var/media/exports/<workspace>/<aa>/<sha256>  made for taking out, and removed after a week
    var/media/imports/<workspace>/<aa>/<sha256>  zips that people brought, until they are unpacked

A file is durable before its name is known: fsync, rename, fsync of the folder. A blob belongs to one workspace, even
when another has the same bytes: sharing them would tell one workspace what another has.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

Kind = Literal["blobs", "renditions", "exports", "imports"]

_WORKSPACE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"(?:blobs|renditions|exports|imports)/[A-Za-z0-9_-]{1,64}/([0-9a-f]{2})/\1[0-9a-f]{62}")


class ContentStorage(FileSystemStorage):
    """Files named by their SHA-256, on one file system."""

    def store(
        self, tmp_path: Path, workspace_public_id: str, sha256: str, kind: Kind = "blobs", *, is_synced: bool = False
    ) -> str:
        """Make a finished temporary file durable under its content's name, which is returned.

        `is_synced`: the disk has confirmed its bytes already.

        The same content again is no change, and the temporary is gone either way. Raises OSError when the disk does
        not confirm; then the temporary is discarded, because after a failed fsync nobody knows what it holds.
        """
        name = content_name(kind, workspace_public_id, sha256)
        target = Path(self.path(name))
        try:
            if not is_synced:
                sync(tmp_path)
            self._make_folders(target.parent)
            # Replacing a blob by the same bytes is harmless, and heals one that was damaged.
            tmp_path.replace(target)
            sync(target.parent)
        finally:
            tmp_path.unlink(missing_ok=True)
        return name

    def store_rendition(self, tmp_path: Path, workspace_public_id: str) -> str:
        """Store a derived file under its own content's hash; its name. Raises OSError as `store` does."""
        with tmp_path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return self.store(tmp_path, workspace_public_id, sha256, kind="renditions")

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A path for a new file on the storage's own file system; what is left there at the end is removed."""
        handle, name = tempfile.mkstemp(dir=self.temporary_folder())
        os.close(handle)
        path = Path(name)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def temporary_folder(self) -> Path:
        """Where files are written before they have a name: on the storage's own file system, to be renamed."""
        folder = Path(self.base_location, "tmp")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def path(self, name: str) -> str:
        """The file behind a stored name. Raises SuspiciousFileOperation for any other name."""
        if not _NAME.fullmatch(name):
            raise SuspiciousFileOperation(f"Not the name of stored content: {name[:120]!r}")
        return super().path(name)

    def url(self, name: str | None) -> str:
        """Refused: a file is only served by a view that knows who asks."""
        raise NotImplementedError("Stored content has no address of its own.")

    def _save(self, name: str, content: File[Any]) -> str:
        raise NotImplementedError("Content is stored from a finished temporary file, by store().")

    def _make_folders(self, folder: Path) -> None:
        """Create the missing folders and make their names durable too."""
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def content_name(kind: Kind, workspace_public_id: str, sha256: str) -> str:
    """`blobs/<workspace>/<aa>/<sha256>`. Raises SuspiciousFileOperation for anything but plain ids and hashes."""
    if not _WORKSPACE.fullmatch(workspace_public_id) or not _SHA256.fullmatch(sha256):
        raise SuspiciousFileOperation("Not a workspace and a hash.")
    return f"{kind}/{workspace_public_id}/{sha256[:2]}/{sha256}"


def sync(path: Path) -> None:
    """Wait until the disk has a file's bytes, or a folder's names. Raises OSError if it does not confirm."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
