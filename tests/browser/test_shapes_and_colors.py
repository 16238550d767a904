"""Words as quadrilaterals, the frame of a crop, and the palette of a picture, in a real browser."""

import pytest
from PIL import Image
from playwright.sync_api import Page

from studio.forms.operations import OperationForm
from studio.recraft.catalogue import OPERATIONS
from tests.browser.conftest import Show, problems_by_axe
from tests.browser.editor_page import Fingers, Served, fragment

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1500, 1000
BOX = ("left", "top", "width", "height")


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, selector: str, dx: float, dy: float) -> None:
    x, y = middle(page, selector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


def count_changes(page: Page) -> None:
    page.evaluate("() => { window.told = 0; document.addEventListener('change', () => (window.told += 1)); }")


# --- words ----------------------------------------------------------------------------------------------------------


def words(*placed: dict[str, object]) -> str:
    values = {"model": "recraftv3", "size": "1:1", "text_layout": list(placed)}
    form = OperationForm(OPERATIONS["generate"], initial=values)
    return f'<form id="f">{fragment("create/_layout.html", form=form, field=form["text_layout"])}</form>'


def square(text: str = "AI") -> dict[str, object]:
    return {"text": text, "bbox": [[0.2, 0.2], [0.6, 0.2], [0.6, 0.4], [0.2, 0.4]]}


def row(page: Page, number: int = 1) -> tuple[str, ...]:
    cells = page.locator(f"#layout-row-{number} input")
    return tuple(cells.nth(at).input_value() for at in range(6))


def side(page: Page) -> float:
    box = page.locator("#layout-stage").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=1)
    return box["width"]


def test_a_word_is_added_named_and_taken_away(show: Show) -> None:
    page = show(words())
    count_changes(page)
    assert page.locator("#layout-row-1").is_hidden()
    page.get_by_role("button", name="Add word").click()
    assert row(page) == ("WORD", "20", "10", "60", "14", "")
    page.keyboard.type("HELLO")
    assert row(page)[0] == "HELLO"
    page.locator(".quad__word", has_text="HELLO").wait_for()
    page.get_by_role("button", name="Add word").click()
    assert row(page, 2)[:3] == ("WORD", "20", "26"), "below the first"
    page.get_by_role("button", name="Remove word 1").click()
    assert row(page) == ("", "", "", "", "", "")
    assert page.locator("#quad-1").is_hidden()
    assert page.locator("[data-add]").evaluate("(button) => button === document.activeElement")
    assert page.evaluate("told") == 2, "of the typed word and of the one taken away"


def test_a_whole_word_is_dragged_and_stays_on_the_picture(show: Show) -> None:
    page = show(words(square()))
    count_changes(page)
    step = side(page) / 100
    drag(page, "#quad-1 .quad__word", 10 * step, 5 * step)
    assert row(page) == ("AI", "30", "25", "40", "20", "")
    assert page.evaluate("told") == 1
    drag(page, "#quad-1 .quad__word", 90 * step, -90 * step)
    assert row(page) == ("AI", "60", "0", "40", "20", "")


def test_a_corner_is_dragged_and_the_form_gets_four_points(show: Show) -> None:
    page = show(words(square()))
    step = side(page) / 100
    drag(page, "#quad-1 [data-corner='2']", 10 * step, 20 * step)
    assert row(page) == ("AI", "20", "20", "50", "40", "20 20, 60 20, 70 60, 20 40")
    drag(page, "#quad-1 [data-corner='0']", -90 * step, -90 * step)
    assert row(page)[5] == "0 0, 60 20, 70 60, 20 40", "no further than the picture"
    page.keyboard.down("Shift")
    drag(page, "#quad-1 [data-corner='2']", 10 * step, 0)
    page.keyboard.up("Shift")
    assert row(page) == ("AI", "0", "0", "80", "60", ""), "a rectangle again"


def test_arrows_move_a_word_and_a_corner(show: Show) -> None:
    page = show(words(square()))
    count_changes(page)
    page.locator("#quad-1 button.quad__word").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert row(page) == ("AI", "21", "30", "40", "20", "")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert row(page)[5] == "21 29, 61 30, 61 50, 21 50"
    page.wait_for_timeout(600)
    assert page.evaluate("told") == 1, "when the keys rest"
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name == "AI, top left corner, at 21 29 percent"
    page.keyboard.press("Delete")
    assert row(page)[0] == ""


def test_typed_numbers_move_what_is_drawn(show: Show) -> None:
    page = show(words(square()))
    corners = page.locator("#layout-row-1 .layout-row__corners")
    corners.fill("10 20, 40 18, 41 30, 10 31")
    assert row(page)[1:5] == ("10", "18", "31", "13")
    page.locator("#layout-row-1 [name=text_layout-width]").fill("62")
    assert corners.input_value() == "10 20, 70 18, 72 30, 10 31", "the same shape, twice as wide"
    assert page.locator("#quad-1 polygon").get_attribute("points") == "10,20 70,18 72,30 10,31"


@pytest.mark.parametrize(
    ("text", "corners", "said"),
    [
        ("TWO WORDS", "", "One word only"),
        ("A=B", "", "Can\u2019t be drawn: ="),
        ("AI", "10 20, 40", "four points"),
        ("AI", "10 20, 140 18, 41 30, 10 31", "outside of the picture"),
        ("AI", "", ""),
    ],
)
def test_what_would_be_refused_is_said_while_one_types(show: Show, text: str, corners: str, said: str) -> None:
    page = show(words(square()))
    page.locator("#layout-row-1 input").first.fill(text)
    page.locator("#layout-row-1 .layout-row__corners").fill(corners)
    assert said in str(page.locator("#layout-says-1").text_content())
    invalid = page.locator("#layout-row-1 input").first.get_attribute("aria-invalid")
    assert invalid == ("true" if said else "false")


def test_words_are_within_reach_of_a_finger_and_of_everybody(show: Show) -> None:
    page = show(words(square(), square("OK")), viewport=(390, 844), has_touch=True, is_mobile=True)
    x, y = middle(page, "#quad-2 [data-corner='1']")
    fingers = Fingers(page)
    fingers.send("Start", (x, y))
    fingers.send("Move", (x - 30, y + 10))
    fingers.send("End")
    assert row(page, 2)[5] != ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems_by_axe(page) == []


# --- the crop -------------------------------------------------------------------------------------------------------


def crop(served: Served, **options: str) -> str:
    values = {"left": 0, "top": 0, "width": WIDTH, "height": HEIGHT}
    fields = "".join(
        f'<label>{name}<input type="number" name="{name}" value="{value}"></label>' for name, value in values.items()
    )
    more = "".join(f' data-{name}="{value}"' for name, value in options.items())
    picture = served.picture("crop", Image.new("RGB", (WIDTH // 2, HEIGHT // 2), "teal"))
    tools = fragment("edit/_crop_tools.html", aspects=("1:1", "16:9", "9:16"))
    return (
        f'<form id="finish">{fields}</form><crop-frame data-width="{WIDTH}" data-height="{HEIGHT}" data-form="finish"'
        f'{more}><img src="{picture}" alt="A picture">{tools}</crop-frame>'
    )


def cut(page: Page) -> tuple[int, ...]:
    return tuple(int(page.locator(f"[name={name}]").input_value()) for name in BOX)


def scale(page: Page) -> float:
    box = page.locator("crop-frame > img").bounding_box()
    assert box is not None
    return box["width"] / WIDTH


def test_handles_cut_the_pixels_they_were_dragged_over(show: Show, served: Served) -> None:
    page = show(crop(served))
    per = scale(page)
    drag(page, "[data-at=nw]", 300 * per, 100 * per)
    left, top, width, height = cut(page)
    assert (left, top) == (pytest.approx(300, abs=2), pytest.approx(100, abs=2))
    assert (left + width, top + height) == (WIDTH, HEIGHT), "the other corner stays"
    drag(page, "[data-at=e]", -200 * per, 50 * per)
    assert cut(page) == (left, top, pytest.approx(width - 200, abs=2), height)
    said = str(page.locator("[data-say=size]").text_content())
    assert said == f"{cut(page)[2]} \u00d7 {cut(page)[3]}"
    drag(page, "[data-at=w]", 3000 * per, 0)
    assert cut(page)[2] == 1, "never empty"


def test_the_cut_out_moves_and_stays_inside(show: Show, served: Served) -> None:
    page = show(crop(served))
    page.locator("[name=width]").fill("500")
    page.locator("[name=height]").fill("400")
    drag(page, "[data-at=move]", 100 * scale(page), 50 * scale(page))
    assert cut(page) == (pytest.approx(100, abs=2), pytest.approx(50, abs=2), 500, 400)
    drag(page, "[data-at=move]", 5000, 5000)
    assert cut(page) == (1000, 600, 500, 400)


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [("1:1", (250, 0, 1000, 1000)), ("16:9", (0, 78, 1500, 844)), ("whole", (0, 0, 1500, 1000))],
)
def test_a_preset_is_cut_from_the_middle_and_kept_while_dragging(
    show: Show, served: Served, aspect: str, expected: tuple[int, ...]
) -> None:
    page = show(crop(served))
    page.locator(f"[data-aspect='{aspect}']").click()
    assert cut(page) == expected
    for handle, dx, dy in (("nw", 90, 10), ("e", -60, 0), ("s", 0, 40), ("ne", 500, -500), ("w", -500, 0)):
        drag(page, f"[data-at={handle}]", dx, dy)
        left, top, width, height = cut(page)
        assert width / height == pytest.approx(expected[2] / expected[3], abs=0.01), handle
        assert left >= 0 and top >= 0 and left + width <= WIDTH and top + height <= HEIGHT, handle
    assert page.locator(f"[data-aspect='{aspect}']").get_attribute("aria-pressed") == "true"
    page.locator("[name=width]").fill("77")
    assert page.locator("[data-aspect=none]").get_attribute("aria-pressed") == "true", "a number breaks it"


def test_a_preset_of_the_address_is_kept_from_the_start(show: Show, served: Served) -> None:
    page = show(crop(served, aspect="1:1"))
    assert page.locator("button[data-aspect='1:1']").get_attribute("aria-pressed") == "true"


def test_arrows_move_an_edge_and_the_whole(show: Show, served: Served) -> None:
    page = show(crop(served))
    page.locator("[data-at=w]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    assert cut(page) == (11, 0, 1489, 1000)
    assert page.locator("[data-at=w]").get_attribute("aria-label") == "Left edge, at 11 px"
    page.locator("[data-at=move]").focus()
    page.keyboard.press("ArrowLeft")
    assert cut(page) == (10, 0, 1489, 1000)
    assert page.locator("[data-at=move]").get_attribute("aria-label") == "Cut-out of 1489 by 1000 px, from 10, 0"


def test_a_number_past_the_picture_is_said_and_taken_back(show: Show, served: Served) -> None:
    page = show(crop(served))
    page.locator("[name=left]").fill("1200")
    page.locator("[name=width]").fill("900")
    assert "The picture is 1500 \u00d7 1000." in str(page.locator("[data-say=limit]").text_content())
    page.locator("[name=width]").blur()
    assert cut(page) == (1200, 0, 300, 1000)
    assert page.locator("[data-say=limit]").text_content() == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_crop_is_within_reach_of_everybody(show: Show, served: Served, theme: str) -> None:
    for size in ((1000, 900), (390, 844)):
        page = show(crop(served), viewport=size, color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert problems_by_axe(page) == []


# --- the palette ----------------------------------------------------------------------------------------------------


def palette(served: Served, image: Image.Image, colors: str) -> str:
    form = OperationForm(OPERATIONS["generate"], initial={"colors": [{"rgb": [1, 2, 3], "weight": 0.5}]})
    editor = fragment("create/_palette.html", form=form)
    editor = editor.replace(" popover>", ">")
    picture = served.picture("palette", image)
    button = (
        f'<button type="button" data-colors="{colors}"><img src="{picture}" alt="">Take them</button></palette-editor>'
    )
    return f'<form id="f">{editor.replace("</palette-editor>", button)}</form>'


def rows(page: Page) -> list[tuple[str, str]]:
    hexes, weights = page.locator("[data-hex]"), page.locator("[data-weight]")
    every = [(hexes.nth(at).input_value(), weights.nth(at).input_value()) for at in range(hexes.count())]
    return [each for each in every if each[0]]


def striped(*parts: tuple[str, int]) -> Image.Image:
    image = Image.new("RGBA", (100, 100))
    left = 0
    for color, width in parts:
        image.paste(Image.new("RGBA", (width, 100), color), (left, 0))
        left += width
    return image


@pytest.mark.parametrize(
    ("parts", "weights"),
    [
        ((("#c4603a", 60), ("#2447b5", 30), ("#efe3cf", 10)), ["60", "30", "10"]),
        ((("#c4603a", 30), ("#2447b5", 15), ("#efe3cf", 5)), ["60", "30", "10"]),  # half of it can be seen through
    ],
)
def test_colors_come_with_the_part_of_the_picture_they_take(
    show: Show, served: Served, parts: tuple[tuple[str, int], ...], weights: list[str]
) -> None:
    colors = [color for color, _ in parts]
    page = show(palette(served, striped(*parts), ",".join(colors)))
    count_changes(page)
    page.get_by_role("button", name="Take them").click()
    page.locator("[data-sum]", has_text="100 % of the picture").wait_for()
    assert rows(page) == list(zip(colors, weights, strict=True))
    assert page.evaluate("told") == 1


def test_the_weights_sum_up_to_the_whole_whatever_the_fractions(show: Show, served: Served) -> None:
    parts = (("#c4603a", 32), ("#2447b5", 32), ("#efe3cf", 32))
    page = show(palette(served, striped(*parts), ",".join(color for color, _ in parts)))
    page.get_by_role("button", name="Take them").click()
    page.locator("[data-sum]", has_text="100 % of the picture").wait_for()
    assert sorted(weight for _, weight in rows(page)) == ["33", "33", "34"]


def test_what_stood_there_before_comes_back(show: Show, served: Served) -> None:
    page = show(palette(served, striped(("#c4603a", 100)), "#c4603a"))
    assert page.get_by_role("button", name="Undo").is_hidden()
    page.get_by_role("button", name="Take them").click()
    page.get_by_role("button", name="Undo").click()
    assert rows(page) == [("#010203", "50")]
    assert page.get_by_role("button", name="Undo").is_hidden()


def test_without_the_picture_the_weights_are_left_open(show: Show, served: Served) -> None:
    page = show(palette(served, striped(), "#c4603a,#2447b5"))
    page.get_by_role("button", name="Take them").click()
    page.locator("[data-sum]", has_text="Weights are optional").wait_for()
    assert rows(page) == [("#c4603a", ""), ("#2447b5", "")]
