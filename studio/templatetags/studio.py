"""What templates need and a template can't say: icons, numbers, colors, sizes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from studio.forms.operations import OperationForm
from studio.models import Asset, Job
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.prices import NoPrice
from studio.recraft.styles import Style
from studio.services.queries import FILTERS
from studio.views import recall
from studio.views.finding import Month

register = template.Library()

MOST_TILES = 4000  # kept by a process; about 3 KB each
_TILES: dict[str, SafeString] = {}

# Where the circles of a waiting slot lie, and which of the colors each takes: x, y, radius, color.
PRIME = ((18, 22, 30, 1), (84, 20, 24, 2), (56, 46, 20, 3), (20, 64, 20, 2), (82, 66, 22, 0), (50, 88, 26, 1))
# Without a palette a slot develops in the studio's own quiet colors.
NEUTRAL = ("#8f97a8", "#c9ccd4", "#6d7486", "#aab0bd")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One symbol of the sprite; `classes` are added to `icon`, such as "icon--sm"."""
    return _icon(name, classes, _storage())


# A page has hundreds, and the hashed name of the sprite is most of what one costs.
@lru_cache(maxsize=2048)
def _icon(name: str, classes: str, storage: str) -> SafeString:
    sprite = static("img/icons.svg")
    classes = f"icon {classes}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', classes, sprite, name)


def _storage() -> str:
    """What decides the names of static files."""
    return str(settings.STORAGES["staticfiles"]["BACKEND"])


@register.simple_tag
def tile(asset: Asset) -> SafeString:
    """A square tile of the gallery.

    It is made of what is known of the picture and of nothing else, and that is the key it is kept under: a tile that
    was made before is right as long as every field is what it was then.
    """
    known = {name: value for name, value in vars(asset).items() if not name.startswith("_")}
    key = f"{_storage()} {asset.title} {known}"
    found = _TILES.get(key)
    if found is None:
        title = Truncator(asset.title).chars(80)
        found = render_to_string("assets/_tile.html", {"asset": asset, "aspect": "1:1", "title": title})
        if len(_TILES) >= MOST_TILES:
            _TILES.clear()
        _TILES[key] = found
    return found


@register.simple_tag
def rail(months: Sequence[Month], query: str, month: str) -> SafeString:
    """The rail of months. It has a line for each that there ever was, and is the same until a picture comes."""
    return _rail(tuple(months), query, month)


@lru_cache(maxsize=64)
def _rail(months: tuple[Month, ...], query: str, month: str) -> SafeString:
    return render_to_string("assets/_jump.html", {"months": months, "query": query, "month": month})


@register.simple_tag
def openers(query: str) -> SafeString:
    """The buttons of all filters, which are the same for everybody who looks for the same."""
    return _openers(query, _storage())


@lru_cache(maxsize=64)
def _openers(query: str, storage: str) -> SafeString:
    return render_to_string("assets/_openers.html", {"filters": FILTERS.values(), "query": query})


@register.simple_tag
def stars(rating: int) -> SafeString:
    """As many stars as a picture was given."""
    drawn = format_html_join("", "{}", ((icon("star", "icon--fill"),) for _ in range(rating)))
    return format_html('<span class="stars" role="img" aria-label="{} of 5 stars">{}</span>', rating, drawn)


@register.filter
def number(value: int | None) -> str:
    """1180 -> 1,180."""
    return "" if value is None else f"{value:,}"


@register.filter
def plural(count: int, words: str) -> str:
    """4|plural:"picture,pictures" -> "4 pictures"."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"


@register.filter
def model_label(image_model: str) -> str:
    """recraftv4_1 -> V4.1."""
    known = IMAGE_MODELS.get(image_model)
    return known.label if known else image_model


@register.filter
def operation_label(operation: str) -> str:
    """inpaint -> Inpaint."""
    known = OPERATIONS.get(operation)
    return known.label if known else operation.capitalize()


# What happened, in words, by the class of studio.recraft.errors.
FAILURES = {
    "NotSent": "Recraft could not be reached",
    "Refused": "Too fast, sent again",
    "AccountRefused": "Account refused or empty",
    "Rejected": "Refused by Recraft",
    "ServerFailed": "Recraft failed",
    "OutcomeUnknown": "No answer, outcome unknown",
    "AnswerUnreadable": "Answer could not be read",
}


@register.filter
def failure_label(error: str) -> str:
    """NotSent -> "Recraft could not be reached"."""
    return FAILURES.get(error, error)


@register.filter
def whole(value: float) -> int:
    """A number without its fraction, rounded."""
    return round(value)


@register.filter
def add_to(value: float, more: float) -> float:
    """A coordinate moved by some pixels; Django's own `add` knows whole numbers only."""
    return round(value + more, 2)


@register.filter
def get(found: Mapping[str, int], name: str) -> int:
    """What a mapping holds under a name that is not known beforehand; 0 for nothing."""
    return found.get(name, 0)


@register.filter
def palette(colors: Iterable[Any] | None) -> list[str]:
    """Colors in any form this project stores them -> ["#c4603a", …]."""
    return [_hex(color) for color in colors or ()]


def _hex(color: Any) -> str:
    if isinstance(color, str):
        return color
    rgb = color["rgb"] if isinstance(color, Mapping) else color
    return "#" + "".join(f"{int(part):02x}" for part in rgb)


@register.simple_tag
def swatches(colors: Iterable[Any] | None) -> SafeString:
    """A row of overlapping dots. Colors are data, so they stand in SVG attributes: styles in the page are refused."""
    dots = format_html_join(
        "",
        '<svg class="swatch" viewBox="0 0 2 2" aria-hidden="true"><circle cx="1" cy="1" r="1" fill="{}"/></svg>',
        ((color,) for color in palette(colors)[:6]),
    )
    return format_html('<span class="swatches">{}</span>', dots) if dots else SafeString("")


@register.simple_tag
def swatch(color: Any) -> SafeString:
    """One dot and its name."""
    return format_html('{} <span class="mono">{}</span>', swatches([color]), _hex(color))


@register.simple_tag
def media(asset: Asset, variant: str) -> str:
    """The address of a picture's file. It names the content, so that a browser may keep what it got for good."""
    return _media_pattern().format(asset.public_id, variant, asset.sha256[:12])


@register.simple_tag
def units_of(operation: str) -> str:
    """The price of an operation with nothing chosen."""
    try:
        return str(OPERATIONS[operation].quote({}))
    except NoPrice:
        return "?"


@register.simple_tag
def again(job: Job, query: str = "") -> str:
    """Where a run's settings can be used again."""
    return recall.like(job, query)


@register.filter
def price_of(model: ImageModel) -> str:
    """What one generated picture costs with an image model."""
    try:
        return plural(OPERATIONS["generate"].quote({"model": model.id, "n": 1}), "unit,units")
    except NoPrice:
        return "? units"


@register.simple_tag
def style_preview(style: Style) -> str:
    """The address of the picture that shows a built-in style."""
    return static(f"img/styles/{style.slug}.webp")


@dataclass(frozen=True)
class Looks:
    """The built-in styles of an image model: a person's favorites, and the others by group."""

    favorites: list[Style]
    groups: dict[str, list[Style]]


@register.filter
def looks(form: OperationForm, favorites: Collection[tuple[str, str]]) -> Looks:
    """The styles of the form's image model; `favorites` are (image model, name)."""
    id = form.image_model.id if form.image_model else ""
    mine = [style for group in form.style_groups.values() for style in group if (id, style.name) in favorites]
    rest = {name: [style for style in group if style not in mine] for name, group in form.style_groups.items()}
    return Looks(mine, {name: group for name, group in rest.items() if group})


@cache
def _media_pattern() -> str:
    # Looked up once: a page of pictures asks for hundreds.
    return reverse("media", args=["id", "variant"]).replace("id/variant", "{}/{}?v={}")


@register.simple_tag
def prime(colors: Iterable[Any] | None) -> SafeString:
    """The ground of a waiting slot, in the run's own palette."""
    tones = palette(colors) or list(NEUTRAL)
    circles = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}" fill="{}"/>',
        ((x, y, radius, tones[at % len(tones)]) for x, y, radius, at in PRIME),
    )
    return format_html(
        '<svg class="slot__prime" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="100" fill="{}"/>{}</svg>',
        tones[0],
        circles,
    )


@register.simple_tag
def aspect_shape(aspect: str) -> SafeString:
    """An outline of the aspect in a 28 px box."""
    width, height = (float(part) for part in aspect.split(":"))
    scale = 22 / max(width, height)
    width, height = width * scale, height * scale
    return format_html(
        '<svg viewBox="0 0 28 28" aria-hidden="true"><rect x="{}" y="{}" width="{}" height="{}" rx="2.5"/></svg>',
        *(round(part, 1) for part in (14 - width / 2, 14 - height / 2, width, height)),
    )


@register.filter
def file_size(size: int) -> str:
    """Bytes for people: 188 KB, 1.2 MB."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 2**10))} KB"


@register.filter
def file_kind(asset: Asset) -> str:
    """WebP, PNG, JPEG, SVG, PDF."""
    names = {"image/webp": "WebP", "image/png": "PNG", "image/jpeg": "JPEG", "image/svg+xml": "SVG"}
    return {**names, "application/pdf": "PDF"}[asset.media_type]


@register.filter
def seconds(duration: timedelta | float | None) -> str:
    """14 s, 2 min 5 s."""
    if duration is None:
        return ""
    whole = round(duration.total_seconds() if isinstance(duration, timedelta) else duration)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


@register.filter
def day(moment: datetime, zone: str) -> str:
    """Today, Yesterday, or "Tuesday, 18 November", by the clock on the workspace's wall."""
    local, today = moment.astimezone(ZoneInfo(zone)), timezone.now().astimezone(ZoneInfo(zone)).date()
    if (today - local.date()).days in (0, 1):
        return "Yesterday" if local.date() < today else "Today"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%A}, {local.day} {local:%B}{year}"


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """10:58, by the clock on the workspace's wall."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def epoch(moment: datetime | None) -> float | str:
    """Seconds since 1970, for a script that keeps a duration true."""
    return round(moment.timestamp(), 1) if moment else ""


@register.filter
def ring(part: float) -> str:
    """The dashes of a ring of radius 7 that is `part` full."""
    around = 43.98
    return f"{around * min(max(part, 0), 1):.1f} {around}"


@register.inclusion_tag("shell/_sandbox_only.html")
def sandbox_banner() -> dict[str, bool]:
    """The sandbox's banner, on pages that look nothing up."""
    return {"sandbox": settings.STUDIO_SANDBOX}
