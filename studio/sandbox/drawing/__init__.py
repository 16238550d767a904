"""
The sandbox's pictures: a request in, the bytes of a picture out.

`draw` is a pure function: the same request gives the same bytes, on any day and in any process.
No network and no clock; NumPy, Pillow and the plates beside this package are all it needs.
"""

from studio.sandbox.drawing.picture import draw
from studio.sandbox.drawing.request import Color, DrawRequest, Reference

__all__ = ["Color", "DrawRequest", "Reference", "draw"]
