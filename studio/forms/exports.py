"""What people choose when they export."""

from typing import Any

from django import forms

from studio.errors import InvalidRequest
from studio.services import filenames

FORMATS = [
    ("original", "Original"),
    ("png", "PNG"),
    ("webp", "WebP"),
    ("jpg", "JPG"),
    ("svg", "SVG"),
    ("pdf", "PDF"),
]
NOTES = {
    "original": "untouched",
    "png": "lossless",
    "webp": "small",
    "jpg": "for everything",
    "svg": "vectors only",
    "pdf": "one page",
}
SCALES = [("25", "25 %"), ("50", "50 %"), ("100", "100 %"), ("200", "200 %"), ("400", "400 %")]
GROUNDS = [("", "Keep"), ("color", "Color")]


class ExportForm(forms.Form):
    """As they are, or as copies. What a copy has beyond the original's bytes is said in it."""

    format = forms.ChoiceField(choices=FORMATS, initial="original", widget=forms.RadioSelect)
    percent = forms.TypedChoiceField(
        choices=SCALES, initial="100", coerce=int, required=False, widget=forms.RadioSelect
    )
    longest = forms.IntegerField(
        min_value=16, max_value=16_383, required=False, widget=forms.NumberInput({"class": "input num"})
    )
    ground = forms.ChoiceField(choices=GROUNDS, required=False, widget=forms.RadioSelect)
    background = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$", required=False, initial="#ffffff", widget=forms.TextInput({"type": "color"})
    )
    quality = forms.IntegerField(
        min_value=1, max_value=100, initial=90, required=False, widget=forms.NumberInput({"class": "input num"})
    )
    mark = forms.BooleanField(required=False, initial=True, widget=forms.CheckboxInput({"class": "switch"}))
    words = forms.BooleanField(required=False, widget=forms.CheckboxInput({"class": "switch"}))
    name = forms.CharField(
        max_length=120,
        required=False,
        initial=filenames.DEFAULT,
        widget=forms.TextInput({"class": "input mono", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        try:
            return filenames.check(self.cleaned_data["name"])
        except InvalidRequest as error:
            raise forms.ValidationError(error.message) from error

    def options(self) -> dict[str, Any]:
        """What an order is made of."""
        said = self.cleaned_data
        ground = said["background"].lower() if said["ground"] == "color" and said["background"] else ""
        return {
            "format": said["format"],
            "percent": said["percent"] or 100,
            "longest": said["longest"] or 0,
            "background": ground,
            "quality": said["quality"] or 90,
            "mark": said["mark"],
            "words": said["words"],
            "name": said["name"],
        }
