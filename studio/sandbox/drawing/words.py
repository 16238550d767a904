"""
What a prompt's words ask to see: which plates show it and which compositions draw it.

The first noun that is known decides. Nothing known: abstract pictures.
"""

from dataclasses import dataclass

from studio.sandbox.drawing import palettes
from studio.sandbox.drawing.scenes import ABSTRACT


@dataclass(frozen=True)
class Subject:
    words: frozenset[str]
    plates: tuple[str, ...]
    scenes: tuple[str, ...]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _subject(words: str, plates: str = "", scenes: str = "") -> Subject:
    return Subject(_set(words), tuple(plates.split()), tuple(scenes.split()))


SUBJECTS = (
    _subject("fox wolf coyote dog puppy husky corgi", "", "fox_head fox_curl fox_lines fox_run"),
    _subject("cat kitten kitty feline pet", "", "cat_on_sill cat_head"),
    _subject("bird robin sparrow owl parrot kingfisher finch eagle hummingbird crow", "", "bird"),
    _subject("koi fish carp pond goldfish aquarium whale shark dolphin", "", "koi"),
    _subject("icon icons pictogram pictograms ui glyph symbols iconset", "", "icons"),
    _subject(
        "vase ceramic pottery jug jar pot stoneware earthenware terracotta clay porcelain urn olive",
        "vase-a vase-a1 vase-a2 vase-a3 vase-a4 vase-b vase-c vase-d vase-wide",
        "still_life",
    ),
    _subject(
        "bottle skincare cosmetic perfume serum lotion cream product packaging packshot mockup podium pedestal shampoo",
        "pod-a pod-b pod-c pod-d",
        "still_life",
    ),
    _subject(
        "city skyline downtown urban skyscraper metropolis street tokyo york cyberpunk building town",
        "city",
        "skyline houses",
    ),
    _subject("house home village cottage cabin hut canal amsterdam facade neighborhood shop storefront", "", "houses"),
    _subject(
        "arch architecture stairs temple palace villa pavilion columns surreal courtyard pool", "arch-a arch-b arch-c"
    ),
    _subject(
        "marble marbled marbling suminagashi ebru fluid ink swirl agate liquid acrylic texture paint pour geode smoke",
        "marble-a marble-b marble-c",
    ),
    _subject("bedroom room isometric dollhouse diorama miniature bed desk office workspace", "room-a room-b"),
    _subject(
        "chair armchair sofa furniture lamp livingroom interior couch lounge midcentury seat",
        "chair-a chair-b",
        "chair",
    ),
    _subject(
        "planet space saturn galaxy cosmos universe orbit nebula jupiter mars astronomy solar",
        "planet-a planet-b",
        "planet",
    ),
    _subject("rocket spaceship astronaut spacecraft launch moonshot startup", "", "rocket"),
    _subject("aurora northern borealis polar iceland norway", "aurora", "northern"),
    _subject("desert dune sahara sand camel oasis canyon", "dune-a dune-b", "desert"),
    _subject("cactus succulent cacti", "cactus", "desert"),
    _subject(
        "ridge mountain peak alps hiking alpine summit valley fjord everest fuji landscape scenery wilderness mist fog",
        "ridge-a ridge-b ridge-c ridge-d",
        "peaks hills",
    ),
    _subject("citrus orange lemon lime grapefruit fruit juice slices lemonade", "citrus", "lemons"),
    _subject("mushroom toadstool fungi fungus fairy", "mush", "mushrooms"),
    _subject("stone rock zen balance cairn pebble spa calm meditation yoga", "stones", "pebbles"),
    _subject(
        "meadow field poppy wildflower prairie countryside grass farm impressionist impressionism",
        "meadow",
        "rolling_fields",
    ),
    _subject("flower bouquet rose tulip peony floral blossom bloom daisy sunflower wedding", "", "bouquet botanical"),
    _subject(
        "leaf leaves botanical plant fern monstera herb jungle tropical garden foliage palm houseplant", "", "botanical"
    ),
    _subject("forest tree wood pine birch autumn woodland park deer bear", "ridge-b", "forest"),
    _subject("lighthouse beacon harbor", "", "lighthouse"),
    _subject("sea ocean beach boat sail sailing sailboat ship coast island shore yacht", "", "sea"),
    _subject("wave surf tsunami kanagawa japan japanese", "", "seigaiha sea"),
    _subject("balloon airship flight cappadocia adventure", "", "balloons"),
    _subject(
        "face portrait woman man girl boy person people character avatar model hero queen king lady human", "", "face"
    ),
    _subject("hill", "ridge-b ridge-c", "hills rolling_fields"),
    _subject("sunset sunrise dusk dawn horizon", "ridge-c oil-dusk ridge-a ridge-d", "sea hills rays"),
    _subject("moon star night", "dune-a aurora", "hills peaks planet northern"),
    _subject("lake river water", "ridge-a ridge-d aurora", "sea peaks"),
    _subject(
        "coffee cafe espresso tea breakfast mug cup food kitchen table restaurant wine", "vase-wide", "still_life"
    ),
    _subject(
        "sculpture glossy torus donut inflated bubble 3d render plastic toy sphere ball shape",
        "gloss-a gloss-b",
        "balls",
    ),
    _subject(
        "geometric bauhaus poster riso risograph print modernist swiss constructivist",
        "riso-a riso-b",
        "bauhaus overlaps rays arcs",
    ),
    _subject(
        "pattern seamless wallpaper tile textile fabric wrapping",
        "",
        "terrazzo truchet lemons arcs cutouts seigaiha",
    ),
    _subject("terrazzo mosaic confetti", "", "terrazzo"),
    _subject(
        "gradient mesh blur aura background backdrop hologram holographic", "marble-c", "balls overlaps topography"
    ),
    _subject(
        "data network technology tech ai blockchain server cloud computer code cyber machine", "", "blocks flow truchet"
    ),
    _subject("music sound jazz rhythm concert dance band festival arcade", "riso-b", "overlaps arcs flow rays"),
    _subject("map topographic contour terrain geology", "marble-b", "topography flow"),
    _subject("collage cutout matisse paper papercut cut", "", "cutouts hills botanical"),
)
MARK = _subject(
    "badge logo emblem crest mark logotype brand branding stamp seal monogram insignia sticker label", "", "badge"
)
# Subjects that are marks by themselves: "a fox logo" is a fox
MARKS_THEMSELVES = frozenset({"fox_head", "bird", "cat_head"})

# Words that more often say how or when than what; they decide only when nothing else does
MANNERS = _set(
    "portrait face character poster print pattern seamless wallpaper 3d render glossy shape background backdrop "
    "gradient texture paper cut collage cutout night moon star water sunset sunrise dusk dawn horizon orange lime rose "
    "olive clay table paint ink smoke isometric geometric modernist japanese river lake fluid liquid plastic tile mist "
    "fog summer technology tech"
)

# What shows the same in shapes, for subjects that only plates show
STAND_INS = {
    "room-a": ("chair",),
    "marble-a": ("flow", "topography"),
    "arch-a": ("houses",),
    "pod-a": ("still_life",),
}

ABSTRACT_PLATES = ("marble-a", "marble-b", "marble-c", "gloss-a", "gloss-b", "riso-a", "riso-b")


def _known(word: str) -> set[str]:
    """The word and its likely singulars."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}


def subjects(prompt: str, negative: str | None = None) -> list[Subject]:
    """
    The known subjects, most meant first, without what the negative prompt names.

    Of two known words side by side the second is the thing ("stone arch", "orange cat"), unless it only says how.
    """
    unwanted = {form for word in palettes.words(negative or "") for form in _known(word)}
    found: list[tuple[int, Subject]] = []
    before = -2
    for place, word in enumerate(palettes.words(prompt)):
        hits = _known(word) - unwanted
        for subject in (MARK, *SUBJECTS):
            if not subject.words & hits:
                continue
            rank = place + 1000 if hits & MANNERS else place
            if before == place - 1 and rank < 1000 and found:
                rank = found[-1][0] - 1
            found.append((rank, subject))
            before = place if rank < 1000 else before
    return list(dict.fromkeys(subject for _, subject in sorted(found, key=lambda pair: pair[0])))


def named(prompt: str, negative: str | None = None) -> list[str]:
    """Plates and compositions that show what the prompt asks for; abstract ones when it asks for nothing known."""
    found = subjects(prompt, negative)
    if MARK in found:
        others = [subject for subject in found if MARKS_THEMSELVES.intersection(subject.scenes)]
        found = others or [MARK]
    names = [(*subject.plates, *subject.scenes) for subject in found]
    if not names:
        return [*ABSTRACT_PLATES, *ABSTRACT]
    # "A seamless lemon pattern": what two subjects share is what is meant
    shared = [name for name in names[0] if len(names) > 1 and name in names[1]]
    return shared or list(names[0])
