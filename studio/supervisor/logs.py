"""What the processes say, in one place: `var/logs/<name>.log`, and on the screen with the name before each line.

A child writes into its file itself, never into a pipe of ours: a killed supervisor must not break the pipe of a
process that is in the middle of a paid call.
"""

import contextlib
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Final, TextIO

MOST_BYTES: Final = 5 * 2**20
LONGEST_LINE: Final = 16 * 2**10
COLORS: Final = (36, 32, 33, 35, 34, 31, 96, 92, 93)  # ANSI foreground colors, one per name in turn


class Screen:
    """Lines for a person: `name | text`, colored on a terminal only."""

    def __init__(self, names: Collection[str], stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.width = max((len(name) for name in names), default=0)
        colored = self.stream.isatty() and "NO_COLOR" not in os.environ
        self.colors = {name: COLORS[i % len(COLORS)] for i, name in enumerate(names)} if colored else {}

    def line(self, name: str, text: str) -> None:
        prefix = f"{name:{self.width}} |"
        if name in self.colors:
            prefix = f"\033[{self.colors[name]}m{prefix}\033[0m"
        self.plain(f"{prefix} {text}")

    def plain(self, text: str) -> None:
        try:
            self.stream.write(text + "\n")
            self.stream.flush()
        except OSError:
            # A closed terminal is no reason to stop the studio; what is left to say goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())


class Log:
    """The file of one process, read on as it grows, and kept below MOST_BYTES (with one older file beside it)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600)
        self.position = path.stat().st_size
        self.rest = b""

    def for_writing(self) -> BinaryIO:
        """The file as a child's standard output. Appending, so that it can be emptied under the child."""
        return self.path.open("ab", buffering=0)

    def new_lines(self) -> list[str]:
        """The whole lines written since the last call."""
        with contextlib.suppress(FileNotFoundError), self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < self.position:
                self.position = 0
            file.seek(self.position)
            found = file.read(MOST_BYTES)
            self.position += len(found)
            *lines, self.rest = (self.rest + found).split(b"\n")
            if len(self.rest) > LONGEST_LINE:
                lines, self.rest = [*lines, self.rest], b""
            self._keep_small(file)
            return [_readable(line) for line in lines]
        self.position = 0
        return []

    def _keep_small(self, file: BinaryIO) -> None:
        if self.position < MOST_BYTES:
            return
        file.seek(max(0, os.fstat(file.fileno()).st_size - MOST_BYTES))
        # On a full disk the older lines are lost, and room is made all the same.
        with contextlib.suppress(OSError):
            self.path.with_suffix(".log.1").write_bytes(file.read(MOST_BYTES))
        # Emptied in place: the child goes on writing into the file it has open.
        os.truncate(self.path, 0)
        self.position = 0


def _readable(line: bytes) -> str:
    """One line without what could move the cursor or change the terminal."""
    text = line[:LONGEST_LINE].decode("utf-8", "replace").rstrip("\r")
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
