"""A mask on a page of its own: what a test does to it, and what it then holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.editor_page import Served, file_of, fragment
from tests.browser.watched import Watched

WIDTH, HEIGHT = 1530, 1010  # not square, larger than the stage, and no multiple of a tile
Mask = NDArray[numpy.bool_]


class Stage:
    """A page with a mask over a picture that is shown by a smaller preview."""

    def __init__(self, page: Page, width: int, height: int) -> None:
        self.page, self.width, self.height = page, width, height
        self.host, self.input = page.locator("mask-canvas"), page.locator("input[name=mask]")

    def act(self, name: str) -> None:
        self.page.locator(f"[data-act={name}]").click()

    def tool(self, name: str) -> None:
        self.page.locator(f"[data-tool={name}]").click()

    def set(self, name: str, value: int) -> None:
        self.page.locator(f"[data-set={name}]").fill(str(value))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the screen in source pixels, by where the browser shows the picture itself."""
        box = self.page.locator("mask-canvas > img").bounding_box()
        assert box is not None
        return (x - box["x"]) / box["width"] * self.width, (y - box["y"]) / box["height"] * self.height

    def drag(self, *points: tuple[int, int]) -> list[tuple[float, float]]:
        """Over these points of the screen; the same in source pixels."""
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=4)
        self.page.mouse.up()
        return [self.at(*point) for point in points]

    def mask(self) -> Mask:
        image = file_of(self.input)
        assert image is not None
        assert (image.format, image.mode, image.size) == ("PNG", "L", (self.width, self.height))
        pixels = numpy.asarray(image)
        assert set(numpy.unique(pixels)) <= {0, 255}
        return pixels == 255

    def nothing(self) -> Mask:
        return numpy.zeros((self.height, self.width), dtype=bool)

    def rectangle(self, *corners: tuple[float, float]) -> Mask:
        (left, right), (top, bottom) = (sorted(round(corner[axis]) for corner in corners) for axis in (0, 1))
        mask = self.nothing()
        mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
        return mask

    def distance(self, x: float, y: float) -> NDArray[numpy.float64]:
        rows, columns = numpy.mgrid[: self.height, : self.width]
        return numpy.hypot(columns + 0.5 - x, rows + 0.5 - y)


Opened = Callable[..., Stage]


@contextmanager
def stages(served: Served, browser: Browser) -> Iterator[Opened]:
    """Gives `opened(width, height, viewport=..., **options of a context)`; complaints of the pages fail."""
    watched: list[Watched] = []

    def opened(
        width: int = WIDTH, height: int = HEIGHT, *, viewport: tuple[int, int] = (900, 640), **options: object
    ) -> Stage:
        size = {"width": viewport[0], "height": viewport[1]}
        page = browser.new_context(viewport=size, **options).new_page()  # type: ignore[arg-type]
        watched.append(Watched(page))
        page.goto(served.page(_mask(served, width, height)))
        page.evaluate("document.querySelector('mask-canvas').style.blockSize = '520px'")
        page.locator("mask-canvas > img[style*=transform]").wait_for()
        page.wait_for_timeout(100)
        return Stage(page, width, height)

    yield opened
    complaints = [complaint for each in watched for complaint in each.complaints]
    for each in watched:
        each.page.context.close()
    assert complaints == []


def _mask(served: Served, width: int, height: int) -> str:
    source = served.picture("source", Image.linear_gradient("L").resize((width // 2, height // 2)).convert("RGB"))
    return (
        '<form id="f" hx-post="/taken" hx-encoding="multipart/form-data" hx-target="#answer">'
        '<textarea name="prompt" aria-label="Prompt">A fox</textarea><button>Send</button><p id="answer"></p></form>'
        f'<mask-canvas id="mask" data-width="{width}" data-height="{height}"><img src="{source}" alt="A gradient">'
        '<input type="file" name="mask" form="f" aria-label="Mask" hidden>'
        f"{fragment('create/_mask_tools.html')}</mask-canvas>"
    )
