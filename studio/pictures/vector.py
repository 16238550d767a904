"""Drawing a sanitized SVG as pixels. Runs in the limited child only."""

from __future__ import annotations

from typing import Final

import pyvips
from PIL import Image

from studio.pictures.picture import BadPicture
from studio.pictures.svg import Drawing

pyvips.cache_set_max(0)

# A CSS inch has 96 pixels, and the drawer only sizes mm and pt right when told so; but then it also enlarges the
# whole by 96/72, as if every SVG were made for 72.
CSS_DPI: Final = 96
DRAWERS_DPI: Final = 72


def drawn(drawing: Drawing, longest: int) -> Image.Image:
    """The drawing as RGBA, its longest side `longest` pixels. Raises BadPicture."""
    scale = DRAWERS_DPI / CSS_DPI * longest / max(drawing.exact_width, drawing.exact_height)
    try:
        pixels = pyvips.Image.svgload_buffer(drawing.source, dpi=CSS_DPI, scale=scale)
        if pixels.width > longest + 1 or pixels.height > longest + 1:
            raise BadPicture("The SVG is drawn larger than it says it is.")
        data = pixels.write_to_memory()
    except pyvips.Error as error:
        raise BadPicture("The SVG can't be drawn.") from error
    return Image.frombytes("RGBA", (pixels.width, pixels.height), data)
