"""References inside an SVG: which may stay, and how much drawing they add up to.

A few kilobytes of `use`, patterns or markers that refer to each other can ask for billions of shapes. The child would
end at its limits, but a viewer's browser has none: so the whole is counted, by arithmetic, before it is drawn.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Final

from studio.pictures import css, headers
from studio.pictures.picture import BadPicture, check_size

MAX_DRAWN: Final = 2_000_000  # elements, after every reference is followed

HREFS: Final = frozenset({"href", "xlink:href"})

_FRAGMENT: Final = re.compile(r"#[^\s\"'()\\<>]{1,200}")
_DATA: Final = re.compile(r"data:(image/(?:png|jpe?g|webp));base64,([A-Za-z0-9+/=\s]+)", re.I)
_PICTURES: Final = frozenset({"image", "feImage"})
# These pass to the shapes inside a group, so each of those is painted with them.
_INHERITED: Final = frozenset({"fill", "stroke", "marker", "marker-start", "marker-mid", "marker-end"})


def kept_href(element: str, value: str) -> str:
    """The reference when it stays in this document or carries a still picture itself; else nothing."""
    value = value.strip()
    if element != "image" and _FRAGMENT.fullmatch(value):
        return value
    if element in _PICTURES and (match := _DATA.fullmatch(value)):
        return value if _is_picture(match[1].lower(), match[2]) else ""
    return ""


def _is_picture(declared: str, encoded: str) -> bool:
    try:
        header = headers.read(BytesIO(b64decode(encoded)))
        check_size(header.width, header.height)
    except (BadPicture, Error):
        return False
    return header.media_type == declared.replace("jpg", "jpeg") and not header.animated


class Links:
    """The tree and its references, as the document goes by."""

    def __init__(self) -> None:
        self._parents: list[int] = []
        self._marks: list[tuple[str, str | None, str | None]] = []  # element, class, id
        self._once: dict[int, list[str]] = {}
        self._each: dict[int, list[str]] = {}
        self._path = [-1]
        self._rules: list[css.Rule] = []

    def enter(self, element: str, attributes: Mapping[str, str]) -> None:
        """An element with its sanitized attributes begins."""
        number = len(self._parents)
        self._parents.append(self._path[-1])
        self._path.append(number)
        self._marks.append((element, attributes.get("class"), attributes.get("id")))
        if any("(" in value for value in attributes.values()) or not HREFS.isdisjoint(attributes):
            self._refer(number, attributes.items())

    def leave(self) -> None:
        self._path.pop()

    def style(self, rules: Iterable[css.Rule]) -> None:
        """The rules of one style element."""
        self._rules += [rule for rule in rules if any(css.fragments(value) for _, value in rule.declarations)]

    def check(self) -> None:
        """Raises BadPicture when the references circle or add up to more than MAX_DRAWN elements."""
        self._apply_rules()
        if (self._once or self._each) and self._drawn() > MAX_DRAWN:
            raise BadPicture("The SVG draws far too many shapes.")

    def _refer(self, number: int, properties: Iterable[tuple[str, str]]) -> None:
        for name, value in properties:
            if name in HREFS:
                if value.startswith("#"):
                    self._once.setdefault(number, []).append(value[1:])
            elif "(" not in value:
                continue
            elif name == "style":
                self._refer(number, css.declarations(value))
            elif found := css.fragments(value):
                (self._each if name in _INHERITED else self._once).setdefault(number, []).extend(found)

    def _apply_rules(self) -> None:
        """Give each rule's references to every element that any word of its selector names: never too few."""
        by_token: dict[str, list[css.Rule]] = {}
        for rule in self._rules:
            for token in set(rule.tokens):
                by_token.setdefault(token, []).append(rule)
        for number, mark in enumerate(self._marks if by_token else ()):
            for token in _tokens(*mark):
                for rule in by_token.get(token, ()):
                    self._refer(number, rule.declarations)

    def _drawn(self) -> int:
        """How many elements are drawn when every reference is followed. Raises BadPicture for a circle."""
        graph = _Graph(self._parents, {mark[2]: at for at, mark in reversed(list(enumerate(self._marks))) if mark[2]})
        return graph.cost(self._once, self._each)


class _Graph:
    """Elements by number, parents before children; the first element of an id has it."""

    def __init__(self, parents: list[int], ids: Mapping[str, int]) -> None:
        self._children: list[list[int]] = [[] for _ in parents]
        self._sizes = [1] * len(parents)  # of each subtree
        for number in range(len(parents) - 1, 0, -1):
            self._children[parents[number]].append(number)
            self._sizes[parents[number]] += self._sizes[number]
        self._ids = ids

    def cost(self, once: Mapping[int, list[str]], each: Mapping[int, list[str]]) -> int:
        """The cost of element 0: what `once` names counts once, what `each` names for each element of the subtree."""
        costs: dict[int, int] = {}
        entered: set[int] = set()
        stack = [0]
        while stack:
            number = stack[-1]
            singly, manifold = self._targets(once, number), self._targets(each, number)
            needed = (*self._children[number], *singly, *manifold)
            missing = [other for other in needed if other not in costs]
            if missing and (number in entered or not entered.isdisjoint(missing)):
                raise BadPicture("The SVG refers to itself.")
            if missing:
                entered.add(number)
                stack += missing
                continue
            stack.pop()
            entered.discard(number)
            painted = sum(costs[other] for other in manifold) * self._sizes[number]
            costs[number] = 1 + sum(costs[other] for other in (*self._children[number], *singly)) + painted
        return costs[0]

    def _targets(self, references: Mapping[int, list[str]], number: int) -> list[int]:
        return [self._ids[name] for name in references.get(number, ()) if name in self._ids]


def _tokens(element: str, classes: str | None, name: str | None) -> list[str]:
    return ["*", element, *(f".{each}" for each in (classes or "").split()), f"#{name}"]
