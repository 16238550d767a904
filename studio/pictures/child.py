"""The program of a limited child: reads requests, answers each with what it found, and can do little else.

Its limits are its own first act, before any request is read. What a decoder raises while it works on a picture, of
whatever kind, is a statement about that picture and is answered as such; only a broken pipe ends the program.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from studio.pictures import contact, exporting, finishing, intake, raster, renditions, svg, svg_colors, vector, wire
from studio.pictures.confinement import confine
from studio.pictures.picture import SVG, WEBP, BadPicture

MEMORY: Final = 1536 * 2**20  # address space; a 40-megapixel picture needs about 0.8 GB of it
CPU_SECONDS: Final = (
    6  # for one picture; below the caller's wall clock, so that a greedy picture is told from a slow machine
)
LONG: Final = frozenset({"finish", "export", "sheet"})
FINISH_CPU_SECONDS: Final = 20  # a recipe decodes once and encodes up to five times
CPU_SECONDS_OF_A_LIFE: Final = 1200
OPEN_FILES: Final = 64
WRITTEN_BYTES: Final = 64 * 2**20

Request = Mapping[str, Any]
Answer = dict[str, Any]


def main() -> None:
    """Serve until the caller closes the pipe."""
    incoming, outgoing = _take_pipes()
    _limit()
    confine()
    gc.freeze()  # the libraries stay; a drawing of 100,000 elements should not make Python look through them again
    while True:
        try:
            request = wire.receive(incoming)
            _allow_cpu(FINISH_CPU_SECONDS if request.get("do") in LONG else CPU_SECONDS)
            wire.send(outgoing, _answer(request))
        except wire.Closed:
            return


def _take_pipes() -> tuple[int, int]:
    """Move the pipes away from 0 and 1, so that nothing a library prints is taken for an answer, or shown."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return incoming, outgoing


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS_OF_A_LIFE))


def _allow_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(allowed, CPU_SECONDS_OF_A_LIFE), CPU_SECONDS_OF_A_LIFE))


def _answer(request: Request) -> Answer:
    try:
        return _DEEDS[request["do"]](request)
    except BadPicture as refusal:
        return {"bad": str(refusal)}
    except OSError as error:
        # Decoders raise a bare OSError for bad data; one with a number is the disk's and says nothing of the picture.
        return {"errno": error.errno, "strerror": str(error)} if error.errno else _broken(error)
    except MemoryError:
        sys.exit(wire.OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  decoders raise anything; see the module's rule
        return _broken(error)


def _broken(error: Exception) -> Answer:
    return {"bad": "The picture is broken and can't be read.", "detail": f"{type(error).__name__}: {error}"[:500]}


def _nothing(_request: Request) -> Answer:
    return {}


def _verify(request: Request) -> Answer:
    path = Path(request["path"])
    if request["media_type"] == SVG:
        drawing = svg.sanitised(path.read_bytes())
        return {"width": drawing.width, "height": drawing.height}
    width, height = raster.decoded_size(path, request["media_type"])
    return {"width": width, "height": height}


def _render(request: Request) -> Answer:
    path = Path(request["path"])
    if request["media_type"] == SVG:
        picture = vector.drawn(svg.sanitised(path.read_bytes()), renditions.PREVIEW)
    else:
        picture = raster.reduced(path, request["media_type"], renditions.PREVIEW)
    return renditions.write(picture, Path(request["into"]))


def _sanitise(request: Request) -> Answer:
    Path(request["to"]).write_bytes(svg.sanitised(Path(request["path"]).read_bytes()).source)
    return {}


def _take_in(request: Request) -> Answer:
    return intake.taken_in(Path(request["path"]), request["media_type"], Path(request["to"]))


def _mask(request: Request) -> Answer:
    return intake.mask_facts(Path(request["path"]))


def _finish(request: Request) -> Answer:
    return finishing.finished(Path(request["path"]), request["media_type"], request["recipe"], Path(request["into"]))


def _export(request: Request) -> Answer:
    return exporting.exported(Path(request["path"]), request["media_type"], request["copy"], Path(request["to"]))


def _sheet(request: Request) -> Answer:
    return contact.drawn(request["title"], request["entries"], Path(request["to"]))


def _colors(request: Request) -> Answer:
    return {"colors": svg_colors.colors(svg.sanitised(Path(request["path"]).read_bytes()).source)}


def _hash(request: Request) -> Answer:
    return {"phash": renditions.phash(raster.reduced(Path(request["path"]), WEBP, renditions.TILE))}


_DEEDS: Final[Mapping[str, Callable[[Request], Answer]]] = {
    "nothing": _nothing,
    "verify": _verify,
    "render": _render,
    "sanitise": _sanitise,
    "take in": _take_in,
    "mask": _mask,
    "finish": _finish,
    "export": _export,
    "sheet": _sheet,
    "colors": _colors,
    "hash": _hash,
}
