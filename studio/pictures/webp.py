"""Reading a whole WebP with two processors. Runs in the limited child only.

libwebp can make pixels in one thread of what it reads in another, and needs no canvas for a still picture; neither
Pillow nor libvips asks it to. So it is asked here, in the very copy that Pillow has brought along. This way there is
only a yes: where the library can't be reached, or does not take a file, it is for Pillow to say what is wrong.

Source: libwebp, src/webp/decode.h and src/webp/demux.h; the layouts are those of the versions named below.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from PIL import _webp

from studio.pictures.picture import check_size

_DECODER_VERSION: Final = 0x0209  # a library of another major version refuses it
_DEMUX_VERSION: Final = 0x0107
_YUVA: Final = 12
_FLAGS, _WIDTH, _HEIGHT = 0, 1, 2
_ANIMATION: Final = 0x02
_NOTES: Final = 0x08 | 0x04  # EXIF, XMP


class _Data(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class _Features(ctypes.Structure):
    _fields_ = [("values", ctypes.c_int * 5), ("pad", ctypes.c_uint32 * 5)]


class _Buffer(ctypes.Structure):
    _fields_ = [
        ("mode", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("is_external", ctypes.c_int),
        ("planes", ctypes.c_void_p * 4),
        ("strides", ctypes.c_int * 4),
        ("sizes", ctypes.c_size_t * 4),
        ("pad", ctypes.c_uint32 * 4),
        ("memory", ctypes.c_void_p),
    ]


class _Options(ctypes.Structure):
    _fields_ = [
        ("before", ctypes.c_int * 10),  # of filtering, cropping and scaling: 0 is all of the picture, as it is
        ("use_threads", ctypes.c_int),
        ("after", ctypes.c_int * 3),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _Config(ctypes.Structure):
    _fields_ = [("features", _Features), ("output", _Buffer), ("options", _Options)]


@dataclass(frozen=True, slots=True)
class Whole:
    """A still picture of which every pixel was decoded; its size as stored, in pixels.

    `has_notes`: EXIF or XMP, which may say that it lies on its side.
    """

    width: int
    height: int
    has_notes: bool


def whole(data: bytes) -> Whole | None:
    """Decode all of a WebP and keep nothing. None: ask Pillow. Raises BadPicture for a forbidden size."""
    library = _library()
    demuxer = library and _demuxer(library, data)
    if not demuxer:
        return None
    try:
        flags, width, height = (library.WebPDemuxGetI(demuxer, each) for each in (_FLAGS, _WIDTH, _HEIGHT))
        check_size(width, height)
        if flags & _ANIMATION or not _decodes(library, data, width, height):
            return None
        return Whole(width, height, bool(flags & _NOTES))
    finally:
        library.WebPDemuxDelete(demuxer)


@cache
def _library() -> Any:
    """Pillow's libwebp, found through the module that is linked with it; None where its names are hidden."""
    library = ctypes.CDLL(_webp.__file__)
    try:
        library.WebPDemuxInternal.restype = ctypes.c_void_p
        library.WebPDemuxGetI.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.WebPDemuxGetI.restype = ctypes.c_uint32
        library.WebPDemuxDelete.argtypes = [ctypes.c_void_p]
        library.WebPDecode.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p]
        library.WebPFreeDecBuffer.argtypes = [ctypes.c_void_p]
        library.WebPInitDecoderConfigInternal.argtypes = [ctypes.c_void_p, ctypes.c_int]
    except AttributeError:
        return None
    return library


def _demuxer(library: Any, data: bytes) -> int | None:
    """The container's parts. None unless they are all there and fit together."""
    state = ctypes.c_int()  # says why not
    here = ctypes.byref(_Data(data, len(data)))
    demuxer: int | None = library.WebPDemuxInternal(here, 0, ctypes.byref(state), _DEMUX_VERSION)
    return demuxer


def _decodes(library: Any, data: bytes, width: int, height: int) -> bool:
    config = _Config()
    if not library.WebPInitDecoderConfigInternal(ctypes.byref(config), _DECODER_VERSION):
        return False
    # The planes a lossy picture is made of: RGB would be a third more of bytes, and could not fail either.
    config.output.mode, config.options.use_threads = _YUVA, 1
    failed = library.WebPDecode(data, len(data), ctypes.byref(config))
    library.WebPFreeDecBuffer(ctypes.byref(config.output))
    return not failed and (config.output.width, config.output.height) == (width, height)
