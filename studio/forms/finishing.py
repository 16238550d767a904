"""A form for each recipe of local finishing. It only says what was typed as a recipe; the limits are the recipe's."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from studio.pictures import Picture, recipes
from studio.recraft.inputs import SVG

# Where a crop or a pad may begin, besides numbers of one's own.
ASPECTS = ("1:1", "4:5", "5:4", "3:2", "16:9", "9:16")
FORMATS = (
    ("png", "PNG"),
    ("webp-lossless", "WebP, lossless"),
    ("webp", "WebP, smaller"),
    ("jpg", "JPG"),
    ("pdf", "PDF, one page"),
)
SETS = tuple(
    (name, f"{label}: {', '.join(str(width) if width == height else f'{width} x {height}' for width, height in sizes)}")
    for name, (label, sizes) in recipes.SETS.items()
)


def _number(label: str, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input num", "min": 0})
    return forms.IntegerField(label=label, widget=widget, **options)


def _choice(label: str, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "select"}), **options)


def _color(label: str, first: str, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "well", "type": "color"})
    return forms.CharField(label=label, initial=first, widget=widget, required=False, **options)


class FinishForm(forms.Form):
    """What all have in common. `picture` is what it would be done to."""

    do: ClassVar[str]
    note: ClassVar[str] = ""
    with_aspects: ClassVar[bool] = False

    def __init__(self, picture: Picture, data: Any = None, *, like: Mapping[str, Any] | None = None) -> None:
        self.picture = picture
        super().__init__(data, initial={**self.first(), **(like or {})}, auto_id=f"{self.do}-%s")

    def first(self) -> dict[str, Any]:
        """What stands in the fields to begin with."""
        return {}

    def recipe(self) -> dict[str, Any]:
        """What was asked for, as a recipe; it may still be outside its limits."""
        return {"do": self.do, **self.cleaned_data}

    @property
    def label(self) -> str:
        return recipes.RECIPES[self.do].label


class CropForm(FinishForm):
    do = "crop"
    note = "Cuts a rectangle out. Pixels are counted from the upper left."
    with_aspects = True
    left, top = _number("Left"), _number("Top")
    width, height = _number("Width"), _number("Height")

    def first(self) -> dict[str, Any]:
        return {"left": 0, "top": 0, "width": self.picture.width, "height": self.picture.height}


class ResizeForm(FinishForm):
    do = "resize"
    note = "Scales the picture. With one side left empty it keeps its proportions."
    width, height = _number("Width", required=False), _number("Height", required=False)

    def first(self) -> dict[str, Any]:
        return {"width": self.picture.width, "height": self.picture.height}

    def recipe(self) -> dict[str, Any]:
        width, height = self.cleaned_data["width"], self.cleaned_data["height"]
        if width and height is None:
            height = max(1, round(width * self.picture.height / self.picture.width))
        elif height and width is None:
            width = max(1, round(height * self.picture.width / self.picture.height))
        return {"do": self.do, "width": width or 0, "height": height or 0}


class PadForm(FinishForm):
    do = "pad"
    note = "Puts the picture in the middle of a larger canvas."
    with_aspects = True
    width, height = _number("Width"), _number("Height")
    ground = _choice("Canvas", ((recipes.TRANSPARENT, "Transparent"), ("color", "A color")))
    color = _color("Its color", "#ffffff")

    def first(self) -> dict[str, Any]:
        return {"width": self.picture.width, "height": self.picture.height}

    def recipe(self) -> dict[str, Any]:
        asked = dict(self.cleaned_data)
        color = asked.pop("color") if asked.pop("ground") == "color" else recipes.TRANSPARENT
        return {"do": self.do, **asked, "color": color.lower()}


class RotateForm(FinishForm):
    do = "rotate"
    note = "Turns the picture clockwise."
    degrees = forms.TypedChoiceField(
        label="Turn",
        coerce=int,
        choices=((90, "90° to the right"), (180, "180°"), (270, "90° to the left")),
        widget=forms.Select(attrs={"class": "select"}),
    )


class FlipForm(FinishForm):
    do = "flip"
    note = "Mirrors the picture."
    direction = _choice("Direction", (("horizontal", "Left and right"), ("vertical", "Top and bottom")))


class ConvertForm(FinishForm):
    do = "convert"
    note = "Saves the picture in another format. A PDF is for download; here it shows the picture of its page."
    format = _choice("Format", FORMATS)
    quality = _number("Quality of a WebP or JPG, 1 to 100", initial=90)
    background = _color("Background of a JPG or PDF", "#ffffff")
    longest = _number("Longest side, for an SVG", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.picture.media_type != SVG:
            del self.fields["longest"]

    def recipe(self) -> dict[str, Any]:
        asked = dict(self.cleaned_data)
        if asked["format"] == "webp-lossless":
            asked |= {"format": "webp", "quality": recipes.LOSSLESS}
        return {
            "do": self.do,
            **asked,
            "background": (asked["background"] or "#ffffff").lower(),
            "longest": asked.get("longest") or 0,
        }


class RecolorForm(FinishForm):
    """`colors` are those of the SVG; the page shows each with a well for the one that comes in its place."""

    do = "recolor"
    note = "Changes the colors of the SVG wherever they occur. It stays an SVG."

    def __init__(
        self,
        picture: Picture,
        data: Any = None,
        *,
        like: Mapping[str, Any] | None = None,
        colors: tuple[str, ...] = (),
    ) -> None:
        super().__init__(picture, data)
        earlier = dict((like or {}).get("swaps", ()))
        self.swatches = [(color, earlier.get(color, color)) for color in colors]
        self.posted = list(zip(data.getlist("from"), data.getlist("to"), strict=False)) if data is not None else []
        if self.posted:
            self.swatches = self.posted

    @property
    def half(self) -> int:
        """How many colors to keep, to begin with, when fewer are asked for."""
        return (len(self.swatches) + 1) // 2

    def recipe(self) -> dict[str, Any]:
        changed = [[before.lower(), after.lower()] for before, after in self.posted if before != after]
        return {"do": self.do, "swaps": changed}


class SizesForm(FinishForm):
    do = "sizes"
    note = "One picture in each size. Icons show all of it on a transparent ground; social sizes are filled."
    set = _choice("Set", SETS)


FORMS: Mapping[str, type[FinishForm]] = {
    form.do: form for form in (CropForm, ResizeForm, PadForm, RotateForm, FlipForm, ConvertForm, RecolorForm, SizesForm)
}


def framed(do: str, picture: Picture, aspect: str) -> dict[str, int]:
    """The first values of a crop, or of a pad, to one of ASPECTS: the largest cut, the smallest canvas, centered."""
    wide, high = (int(part) for part in aspect.split(":"))
    if (picture.width * high > picture.height * wide) == (do == "crop"):
        width, height = max(1, round(picture.height * wide / high)), picture.height
    else:
        width, height = picture.width, max(1, round(picture.width * high / wide))
    at = {"left": (picture.width - width) // 2, "top": (picture.height - height) // 2} if do == "crop" else {}
    return {**at, "width": width, "height": height}
