"""
What a prompt's words ask to see: which plates show it and which compositions draw it.

The first noun that is known decides; a second known one is mixed in. Nothing known: abstract pictures.
"""

from dataclasses import dataclass

from studio.sandbox.drawing import palettes


@dataclass(frozen=True)
class Subject:
    words: frozenset[str]
    plates: tuple[str, ...]
    scenes: tuple[str, ...]


def _subject(words: str, plates: str = "", scenes: str = "") -> Subject:
    return Subject(frozenset(words.split()), tuple(plates.split()), tuple(scenes.split()))


SUBJECTS = (
    _subject("fox wolf coyote dog puppy husky corgi", "", "fox_head fox_curl fox_lines fox_run"),
    _subject("cat kitten kitty feline pet", "", "cat_on_sill"),
    _subject("bird robin sparrow owl parrot kingfisher finch eagle hummingbird crow", "", "bird"),
    _subject("koi fish carp pond goldfish aquarium whale shark dolphin", "", "koi"),
    _subject("badge logo emblem crest mark logotype brand branding stamp seal monogram insignia sticker label", "", "badge"),
    _subject("icon icons pictogram pictograms ui glyph symbols iconset", "", "icons badge"),
    _subject(
        "vase ceramic pottery jug jar pot pots stoneware earthenware terracotta clay porcelain urn olive",
        "vase-a vase-a1 vase-a2 vase-a3 vase-a4 vase-b vase-c vase-d vase-wide", "still_life bouquet",
    ),
    _subject(
        "bottle skincare cosmetic perfume serum lotion cream product packaging packshot mockup podium pedestal shampoo",
        "pod-a pod-b pod-c pod-d", "still_life",
    ),
    _subject("city skyline downtown urban skyscraper metropolis street tokyo york cyberpunk building night-city", "city", "city houses"),
    _subject("house home village town cottage cabin canal amsterdam facade neighborhood shop storefront", "", "houses city"),
    _subject("arch architecture stairs temple palace villa pavilion columns surreal courtyard pool", "arch-a arch-b arch-c", "houses"),
    _subject("marble fluid ink swirl agate liquid acrylic texture paint pour geode smoke", "marble-a marble-b marble-c", "topography"),
    _subject("bedroom room isometric dollhouse interior bed desk office workspace studio", "room-a room-b chair-a chair-b", "chair"),
    _subject("chair armchair sofa furniture lamp livingroom couch lounge midcentury seat", "chair-a chair-b", "chair"),
    _subject("planet space saturn galaxy cosmos universe orbit nebula jupiter mars astronomy solar star stars", "planet-a planet-b", "planet"),
    _subject("rocket spaceship astronaut spacecraft launch moonshot startup", "planet-b planet-a", "rocket planet"),
    _subject("aurora northern borealis polar iceland norway", "aurora ridge-b", "peaks forest"),
    _subject("desert dune dunes sahara sand camel oasis canyon", "dune-a dune-b", "desert"),
    _subject("cactus succulent cacti", "cactus", "desert botanical"),
    _subject(
        "ridge mountain peak alps hiking alpine summit valley fjord everest fuji hill landscape scenery wilderness mist fog",
        "ridge-a ridge-b ridge-c ridge-d", "peaks hills",
    ),
    _subject("sunset sunrise dusk dawn horizon golden", "ridge-c oil-dusk ridge-a ridge-d", "sea hills rays"),
    _subject("citrus orange lemon lime grapefruit fruit summer juice slices lemonade", "citrus", "lemons"),
    _subject("mushroom toadstool fungi fungus fairy", "mush", "mushrooms"),
    _subject("stone rock zen balance cairn pebble spa calm meditation yoga", "stones", "still_life seigaiha"),
    _subject("meadow field poppy wildflower prairie countryside grass farm impressionist impressionism", "meadow", "rolling_fields hills"),
    _subject("flower bouquet rose tulip peony floral blossom bloom daisy sunflower wedding", "meadow vase-b", "bouquet botanical rolling_fields"),
    _subject("leaf botanical plant fern monstera herb jungle tropical garden foliage palm houseplant", "cactus", "botanical bouquet"),
    _subject("forest tree wood pine birch autumn woodland park deer bear", "ridge-b", "forest peaks"),
    _subject("lighthouse beacon harbor", "", "lighthouse sea"),
    _subject("sea ocean beach boat sail sailing sailboat ship coast island lake marine shore yacht water", "arch-a", "sea lighthouse seigaiha"),
    _subject("wave waves surf tsunami kanagawa japan japanese", "", "seigaiha sea"),
    _subject("balloon balloons airship flight cappadocia adventure", "", "balloons"),
    _subject("face portrait woman man girl boy person people character avatar model hero queen king self lady human", "", "face"),
    _subject("coffee cafe espresso tea breakfast mug cup food kitchen table restaurant", "vase-wide stones", "still_life badge"),
    _subject(
        "abstract shape sculpture glossy torus donut inflated bubble balloonish 3d render plastic toy sphere ball",
        "gloss-a gloss-b", "balls overlaps",
    ),
    _subject("geometric bauhaus poster riso risograph print modernist swiss constructivist", "riso-a riso-b", "bauhaus overlaps rays arcs"),
    _subject("pattern seamless wallpaper tile textile fabric wrapping terrazzo mosaic", "", "terrazzo truchet lemons arcs cutouts"),
    _subject("gradient mesh blur aura background backdrop wallpaper hologram holographic", "marble-c gloss-b", "balls overlaps topography"),
    _subject("data network technology tech ai blockchain server cloud computer code cyber machine", "", "blocks flow truchet"),
    _subject("music sound jazz rhythm concert dance band festival", "riso-b", "overlaps arcs flow rays"),
    _subject("map topographic contour terrain geology", "marble-b", "topography flow"),
    _subject("collage cutout matisse paper papercut cut", "", "cutouts hills botanical"),
)  # fmt: skip

ABSTRACT_PLATES = ("marble-a", "marble-b", "marble-c", "gloss-a", "gloss-b", "riso-a", "riso-b")


def _known(word: str) -> set[str]:
    """The word and its likely singulars."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}


def subjects(prompt: str, negative: str | None = None) -> list[Subject]:
    """The known subjects in the order the prompt names them, without what the negative prompt names."""
    unwanted = {form for word in palettes.words(negative or "") for form in _known(word)}
    found: list[Subject] = []
    for word in palettes.words(prompt):
        for subject in SUBJECTS:
            hits = subject.words & _known(word)
            if hits and not hits & unwanted and subject not in found:
                found.append(subject)
    # A mark of a fox is a fox: what it is of outweighs what it is
    found.sort(key=lambda subject: subject.scenes[-1:] == ("badge",) and len(found) > 1)
    return found
