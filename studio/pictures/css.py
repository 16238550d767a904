"""The part of CSS that paints: declarations of known properties, selected by type, class, id and descent.

A value may call known functions only, and `url()` only with a fragment of the same document. What CSS could fetch,
animate, import or hide behind escapes is not rewritten but left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from studio.pictures.picture import BadPicture
from studio.pictures.svg_names import LIMITED, STYLE_PROPERTIES, words

MAX_RULES: Final = 2_000

NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")

Declarations = list[tuple[str, str]]

# Escapes, comments, at-rules, markup, statement ends and control characters: nothing a paint value needs.
_FORBIDDEN: Final = re.compile(
    r"[\\@<>;{}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|/\*|\*/|javascript:|expression|!(?!\s*important)", re.I
)
# Numbers, names and colors: most values, and nothing to look at twice.
_PLAIN: Final = re.compile(r"[\w\s.,#%+-]*")
_CALL: Final = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS: Final = words(
    "url rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix icc-color calc min max clamp"
    " matrix translate translatex translatey scale scalex scaley rotate skewx skewy"
    " blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"
    " inset circle ellipse polygon path"
)
_URL: Final = re.compile(r"""url\(\s*(["']?)#([^\s"'()\\]{1,200})\1\s*\)""", re.I)
_URL_CALL: Final = re.compile(r"url\s*\(", re.I)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.S)
_RULE: Final = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR: Final = re.compile(r"[\w\s.#*>,-]{1,2000}")
_TOKEN: Final = re.compile(r"[.#]?[\w-]+|\*")


@dataclass(frozen=True, slots=True)
class Rule:
    selector: str
    declarations: Declarations

    @property
    def tokens(self) -> list[str]:
        """Every type, .class, #id or * in the selector."""
        return _TOKEN.findall(self.selector)


def is_harmless(name: str, value: str) -> bool:
    """Whether the value of an attribute or property neither fetches nor runs anything."""
    if name in LIMITED:
        return all(float(number) <= LIMITED[name] for number in NUMBER.findall(value)) and bool(_PLAIN.fullmatch(value))
    if _PLAIN.fullmatch(value):
        return True
    if _FORBIDDEN.search(value):
        return False
    calls = {call.lower() for call in _CALL.findall(value)}
    if "url" in calls:
        return calls <= _FUNCTIONS and len(_URL_CALL.findall(value)) == len(_URL.findall(value))
    return calls <= _FUNCTIONS


def fragments(value: str) -> list[str]:
    """The ids that a harmless value refers to by `url(#id)`."""
    return [name for _, name in _URL.findall(value)]


def declarations(text: str) -> Declarations:
    """The harmless declarations of a style attribute or of one rule."""
    return list(_declarations(_COMMENT.sub(" ", text).split(";")))


def _declarations(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in parts:
        name, _, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        if value and name in STYLE_PROPERTIES and is_harmless(name, value):
            yield name, value


def sheet(text: str) -> list[Rule]:
    """The harmless rules of a style element, in order. Raises BadPicture for more than any drawing needs."""
    text = _COMMENT.sub(" ", text).replace("<!--", " ").replace("-->", " ")
    rules = []
    # An at-rule with a block is left out with all of it, so that what it wraps does not become unconditional.
    for selector, body in _RULE.findall(_without_at_rules(text)):
        kept = declarations(body)
        if kept and _SELECTOR.fullmatch(selector.strip()):
            rules.append(Rule(" ".join(selector.split()), kept))
    if len(rules) > MAX_RULES:
        raise BadPicture("The SVG has too many style rules.")
    return rules


def _without_at_rules(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("@", at)) >= 0:
        kept.append(text[at:start])
        at = _end_of_at_rule(text, start)
    return "".join(kept) + text[at:]


def _end_of_at_rule(text: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"[;{}]").finditer(text, start):
        depth += {"{": 1, "}": -1, ";": 0}[match[0]]
        if depth <= 0:
            return match.end()
    return len(text)


def text_of(pairs: Declarations) -> str:
    """Declarations as CSS."""
    return ";".join(f"{name}:{value}" for name, value in pairs)


def text(rules: Iterable[Rule]) -> str:
    """Rules as CSS."""
    return "\n".join(f"{rule.selector}{{{text_of(rule.declarations)}}}" for rule in rules)
