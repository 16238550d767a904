"""What a copy says about how it was made, as an XMP packet.

Source: IPTC Photo Metadata Standard 2025.1, "Digital Source Type" and "AI Prompt Information"; the terms are of the
IPTC Digital Source Type NewsCodes. Adobe, XMP Specification Part 1 (packets) and Part 3 (where they stand in a file).
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

TERMS: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED: Final = "trainedAlgorithmicMedia"  # made by a model from words
COMPOSITE: Final = "compositeWithTrainedAlgorithmicMedia"  # somebody's picture, changed by a model
MOST_LETTERS: Final = 8_000  # of the prompt: a JPEG's packet has less than 64 KB

_PACKET: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{meta}<?xpacket end="r"?>'  # the id is the standard's
)
_META: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">{said}</rdf:Description></rdf:RDF></x:xmpmeta>'
)


def meta(source_type: str, prompt: str = "") -> str:
    """What is said, as XML without a packet around it, for an SVG; "" where nothing is."""
    said = ""
    if source_type:
        said += f"<Iptc4xmpExt:DigitalSourceType>{TERMS}{source_type}</Iptc4xmpExt:DigitalSourceType>"
    if prompt:
        # The control characters that XML can't hold are no loss to a prompt.
        plain = escape("".join(each for each in prompt[:MOST_LETTERS] if each.isprintable() or each in "\n\t"))
        said += f"<Iptc4xmpExt:AIPromptInformation>{plain}</Iptc4xmpExt:AIPromptInformation>" if source_type else ""
        said += f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{plain}</rdf:li></rdf:Alt></dc:description>'
    return _META.format(said=said) if said else ""


def packet(source_type: str, prompt: str = "") -> bytes:
    """The same as the packet that stands in a PNG, JPEG or WebP; empty where nothing is said."""
    said = meta(source_type, prompt)
    return _PACKET.format(meta=said).encode() if said else b""
