"""
Which colors a scene is drawn in.

Asked colors are used as they were asked, the heaviest first, with tints only where a shape would vanish; without
them a palette is chosen by the prompt's words and then by the seed. A background asked for is the ground, exactly.
"""

import re
from dataclasses import dataclass

from studio.sandbox.drawing import chance, color
from studio.sandbox.drawing.request import DrawRequest, Reference, Rgb

MOST_HUES = 5


@dataclass(frozen=True)
class Palette:
    """`hues` has at least three colors in order of use; `ink` and `paper` are the ends, for details."""

    ground: Rgb
    hues: tuple[Rgb, ...]
    ink: Rgb
    paper: Rgb
    asked: tuple[Rgb, ...] = ()
    background: Rgb | None = None
    named: tuple[Rgb, ...] = ()  # colors the prompt names: the subject's

    def hue(self, place: int) -> Rgb:
        return self.hues[place % len(self.hues)]

    @property
    def dark(self) -> bool:
        return color.lab(self.ground)[0] < 0.55

    @property
    def spread(self) -> tuple[Rgb, ...]:
        """The hues from light to dark."""
        return tuple(sorted(self.hues, key=lambda hue: -color.lab(hue)[0]))

    def on(self, under: Rgb) -> Rgb:
        """Ink or paper, whichever shows on `under`."""
        light = color.lab(under)[0]
        return self.ink if light - color.lab(self.ink)[0] > color.lab(self.paper)[0] - light else self.paper

    def beside(self, under: Rgb, place: int) -> Rgb:
        """A hue that is told apart from `under`, starting from `place`."""
        for step in range(len(self.hues)):
            if far(self.hue(place + step), under) > 0.12:
                return self.hue(place + step)
        return self.on(under)

    def ladder(self, count: int, start: Rgb | None = None, end: Rgb | None = None) -> list[Rgb]:
        """Colors from light (or `start`) to dark (or `end`) through the hues, for layers one behind the other."""
        knots = [start or self.spread[0], *self.spread[1:-1], end or self.spread[-1]]
        made = []
        for i in range(count):
            at = i / max(1, count - 1) * (len(knots) - 1)
            low = min(int(at), len(knots) - 2)
            made.append(color.mix(knots[low], knots[low + 1], at - low))
        return made


def lightness(each: Rgb) -> float:
    return color.lab(each)[0]


def far(one: Rgb, other: Rgb) -> float:
    """Distance in OKLab: 0.02 is just seen, 0.15 is plainly another color."""
    a, b = color.lab(one), color.lab(other)
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)


# tags, ground, then hues in order of use; the darkest and lightest serve as ink and paper
_BOOK = """
day warm|f4ead8 e2562b f2b134 1f4e79 7fb7a8 1d2a3a fff8ec
day fresh|e8efe4 2f7d5b f2b84b e4572e 8cc5b0 173a36 fffaf0
day soft pastel|f6dfd8 e98aa0 f6c29a 8fb8de b7a5d8 5a4a78 fff7f2
day warm retro|f0e2c4 d8572a db7c26 2d6a6a f7b538 3b2118 fdf5e0
day sea|dcedf0 1f6f8b 4fb0c6 f4a259 f6e3b4 12344d ffffff
day bold|f7f1e3 d8402b 1d3f8c f0b429 e9a8a0 16181d ffffff
day mint|d9efe3 2a9d8f f4a261 e76f51 e9c46a 264653 fffdf5
day clay earth|ead8c3 b5533c d98e5f 6b705c a5a58d 3b2b26 fbf4ea
day lilac pastel|e9e1f5 8d6bd1 f59fb0 f9d27d 7cc6c3 33275e fffaff
day citrus|fff0c2 f59e0b ef5b3c 7ab648 f9c74f 3f3a1f fffdf2
day rose|f9e0dc c9485b e98b76 f3c178 7a9e9f 4a1b2f fff8f5
day sky|cfe6f5 2b6cb0 f6ad55 63b3ed f7d8ba 1a365d ffffff
day spring|eaf4d3 7cb342 f48fb1 ffca28 4db6ac 2e4420 fffff5
autumn warm|f3e1c7 b8421f e08e2b 7d8c3c c9a15a 40210f fff7e8
winter calm|e6edf3 5b7fa6 9dbad5 c7d6e5 e08a7a 22354d ffffff
gray mono|ececec 5a5a5a 9b9b9b c9c9c9 3a3a3a 161616 ffffff
night deep|16224a 5b6ee1 f2b84b e4587a 7fc8d8 0b1026 f6efdf
night forest|12312b 3fa796 f2a65a e9d8a6 d95d39 081c19 f7f3e3
night plum|2a1640 b5446e f2894e f7c46c 7d5ba6 140a24 fdeede
night neon|120f2d ff3d8b 22d3ee a855f7 facc15 080616 f5f3ff
night ember|2b1216 e4572e f29f4c f6d186 8f2d3b 140709 fff1dd
night sea|0d2b3e 2ec4b6 cbf3f0 ff9f1c 3d7ea6 061722 f4fbfb
night ink|1c2030 8fd3c1 ffb454 e8e4da 5f7adb 0d0f18 fbf7ee
night wine|3a0f26 e5486d f7a072 edd9a3 8c4a8a 1c0512 fff3ea
sunset warm|f7b267 f4845f f25c54 7a306c ffd6a0 2e1437 fff3e0
sunset dusk|c86b85 f4978e fbc490 5c4b8a 3a2d66 1d1440 ffe9d6
dawn soft|f3c9b5 e08f86 9a7aa0 5e6b9e f8e3c8 2f3160 fff6ea
dawn gold|f6d9a0 ee9b4d cf5c4a 3e6990 aabd8c 23324a fff8e7
green nature|dfe8cf 588157 a3b18a dda15e bc6c25 283618 fefae0
blue cool|dfe7f5 3a5bd9 7ea6f4 f2c14e ef6f6c 16204d ffffff
""".strip()

_MOODS = {
    "night": ("night", "dark", "midnight", "moon", "moonlit", "starry", "noir", "gothic"),
    "neon": ("neon", "cyberpunk", "cyber", "synthwave", "vaporwave", "futuristic", "hacker", "arcade"),
    "pastel": ("pastel", "soft", "kawaii", "cute", "baby", "dreamy", "gentle", "candy", "lavender", "lilac"),
    "retro": ("retro", "vintage", "70s", "60s", "mid", "century", "nostalgic", "groovy", "bauhaus"),
    "sunset": ("sunset", "dusk", "evening", "golden", "twilight"),
    "dawn": ("dawn", "sunrise", "morning"),
    "sea": ("sea", "ocean", "beach", "underwater", "coast", "wave", "waves", "marine", "nautical", "lighthouse"),
    "autumn": ("autumn", "fall", "harvest", "october", "pumpkin", "maple"),
    "winter": ("winter", "snow", "snowy", "ice", "frost", "arctic", "christmas"),
    "spring": ("spring", "blossom", "garden", "easter", "floral"),
    "nature": ("forest", "jungle", "leaf", "leaves", "botanical", "eco", "organic", "plant", "plants", "green"),
    "gray": ("monochrome", "grayscale", "gray", "grey"),
    "bold": ("bold", "pop", "bright", "vivid", "colorful", "kids", "playful"),
    "earth": ("earth", "clay", "desert", "rustic", "ceramic", "terracotta", "boho"),
    "ember": ("fire", "lava", "volcano", "dragon", "flame"),
}

_NAMED = """
red:d7372f crimson:b3173a scarlet:e0341b orange:f0832e amber:f2a31b yellow:f5c92c gold:d9a83a golden:d9a83a
lime:a4cf3e green:3f9a57 emerald:12855b olive:7d7f35 teal:14868a turquoise:2bb5b3 cyan:29b6d8 blue:2f62c9
azure:3d8fe0 navy:1d2f66 indigo:4a3fb0 purple:7b3fb2 violet:8e5bd0 lavender:b49be0 magenta:c9308f pink:ee86a8
rose:d95f7a coral:f2775a peach:f7b794 brown:7c4a2d beige:dfc8a5 cream:f6ead0 white:fbf8f2 black:17171c
gray:8b8c92 grey:8b8c92 silver:b9bcc4 copper:b8693d bronze:97692f
"""
COLOR_WORDS = {word: color.unhexed(text) for word, text in (pair.split(":") for pair in _NAMED.split())}


@dataclass(frozen=True)
class _Entry:
    tags: frozenset[str]
    colors: tuple[Rgb, ...]


BOOK = tuple(
    _Entry(frozenset(tags.split()), tuple(color.unhexed(text) for text in colors.split()))
    for tags, colors in (row.split("|") for row in _BOOK.splitlines())
)


def words(prompt: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", prompt.lower())


def of(request: DrawRequest, tag: str | None = None) -> Palette:
    """The palette of one picture; `tag` is a style's mood and outweighs the prompt's."""
    if request.colors:
        return _asked(request)
    palette = _chosen(request, tag) if request.reference is None else _of_reference(request, request.reference)
    if request.background is None:
        return palette
    return _on_background(palette, request.background)


def _chosen(request: DrawRequest, tag: str | None) -> Palette:
    said = set(words(request.prompt))
    moods = [tag] if tag else [mood for mood, names in _MOODS.items() if said.intersection(names)]
    fitting = [entry for entry in BOOK if entry.tags.intersection(moods)]
    if len(fitting) < 4:
        fitting += [entry for entry in BOOK if entry not in fitting][: 4 if fitting else len(BOOK)]
    behind, named = _colors_named(request.prompt)
    if named:
        fitting = [entry for entry in fitting if far(entry.colors[0], named[0]) > 0.2] or fitting
    entry = chance.order(request, fitting, "palette")
    drift = chance.of(request, "palette").around(0, 9)
    ground, *hues = (color.shift(each, turned=drift) for each in entry.colors)
    hues[: len(named)] = named
    if behind is not None:
        # What is said to be behind needs other colors before it
        ground, hues[:-2] = behind, [hue for hue in hues[:-2] if far(hue, behind) > 0.1] or hues[-2:]
    return Palette(ground, tuple(hues[:-2]), hues[-2], hues[-1], named=named)


def _of_reference(request: DrawRequest, reference: Reference) -> Palette:
    """The colors of a custom style's references; the seed decides which is the ground."""
    colors = [rgb for rgb, _ in reference.colors]
    ground = chance.order(request, colors[:3], "ground")
    ends = sorted(colors, key=lambda rgb: color.lab(rgb)[0])
    hues = [rgb for rgb in colors if far(rgb, ground) > 0.05]
    while len(hues) < 3:
        away = 0.18 if color.lab(ground)[0] < 0.6 else -0.18
        hues.append(color.shift(hues[-1] if hues else ground, lighter=away))
    return Palette(ground, tuple(hues[:MOST_HUES]), ends[0], ends[-1])


def _colors_named(prompt: str) -> tuple[Rgb | None, tuple[Rgb, ...]]:
    """The color the prompt puts behind its subject ("on blue", "pink background"), and up to two of the subject's."""
    said, behind, named = words(prompt), None, []
    for place, word in enumerate(said):
        if word not in COLOR_WORDS:
            continue
        if "on" in said[max(0, place - 2) : place] or {"background", "backdrop", "wall"} & set(
            said[place + 1 : place + 2]
        ):
            behind = COLOR_WORDS[word]
        else:
            named.append(COLOR_WORDS[word])
    return behind, tuple(named[:2])


def _on_background(palette: Palette, background: Rgb) -> Palette:
    hues = tuple(hue for hue in (*palette.hues, palette.paper, palette.ink) if far(hue, background) > 0.1)
    return Palette(background, hues[:MOST_HUES], palette.ink, palette.paper, background=background, named=palette.named)


def by_weight(request: DrawRequest) -> tuple[tuple[Rgb, float], ...]:
    """Asked colors, heaviest first, with shares that sum to 1; what carries no weight shares what is left."""
    given = sum(weight or 0.0 for _, weight in request.colors)
    without = sum(1 for _, weight in request.colors if weight is None)
    rest = max(0.0, 1 - given) / without if without else 0.0
    shares = [(rgb, rest if weight is None else weight) for rgb, weight in request.colors]
    total = sum(share for _, share in shares) or 1.0
    floor = 0.02
    shares = [(rgb, max(floor, share / total)) for rgb, share in shares]
    return tuple(sorted(shares, key=lambda pair: -pair[1]))


def _asked(request: DrawRequest) -> Palette:
    asked = [rgb for rgb, _ in by_weight(request)]
    lots = chance.of(request, "palette")
    ground = request.background
    if ground is None:
        # Colors of one weight take turns as the ground: seeds then differ at first sight
        weights = [share for _, share in by_weight(request)]
        level = [rgb for rgb, share in by_weight(request) if share > weights[0] * 0.8]
        ground = chance.order(request, level, "ground")
    hues = [rgb for rgb in asked if far(rgb, ground) > 0.04]
    lots.shuffle(hues[1:])
    base = hues or [ground]
    wish = 0
    while len(hues) < 3:
        light = color.lab(base[wish % len(base)])[0]
        away = (0.20, -0.20, 0.32, -0.32)[wish % 4] * (1 if light < 0.6 else -1)
        hues.append(color.shift(base[wish % len(base)], lighter=away))
        wish += 1
    ends = sorted([ground, *hues], key=lambda rgb: color.lab(rgb)[0])
    ink, paper = ends[0], ends[-1]
    if color.lab(ink)[0] > 0.42:
        ink = color.shift(ink, lighter=0.26 - color.lab(ink)[0], chroma=0.8)
    if color.lab(paper)[0] < 0.85:
        paper = color.shift(paper, lighter=0.94 - color.lab(paper)[0], chroma=0.5)
    return Palette(ground, tuple(hues), ink, paper, tuple(asked), request.background)
