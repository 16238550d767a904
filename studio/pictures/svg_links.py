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
        self._children: list[list[int]] = []
        self._once: list[list[str]] = []
        self._each: list[list[str]] = []
        self._names: list[list[str]] = []
        self._ids: dict[str, int] = {}
        self._path: list[int] = []
        self._rules: list[css.Rule] = []

    def enter(self, element: str, attributes: Mapping[str, str]) -> None:
        """An element with its sanitized attributes begins."""
        number = len(self._children)
        if self._path:
            self._children[self._path[-1]].append(number)
        self._path.append(number)
        self._children.append([])
        self._once.append([])
        self._each.append([])
        self._names.append(_tokens(element, attributes))
        if "id" in attributes:
            self._ids.setdefault(attributes["id"], number)
        self._refer(number, attributes.items())

    def leave(self) -> None:
        self._path.pop()

    def style(self, rules: Iterable[css.Rule]) -> None:
        """The rules of one style element."""
        self._rules += [rule for rule in rules if any(css.fragments(value) for _, value in rule.declarations)]

    def check(self) -> None:
        """Raises BadPicture when the references circle or add up to more than MAX_DRAWN elements."""
        self._apply_rules()
        if not any(self._once) and not any(self._each):
            return
        subtree = self._subtree_sizes()
        cost: dict[int, int] = {}
        waiting: set[int] = set()
        stack = [0]
        while stack:
            number = stack[-1]
            needed = [other for other in self._needed(number) if other not in cost]
            if number in cost or not needed:
                stack.pop()
                cost[number] = self._cost(number, cost, subtree)
                waiting.discard(number)
            elif number in waiting or not waiting.isdisjoint(needed):
                raise BadPicture("The SVG refers to itself.")
            else:
                waiting.add(number)
                stack += needed
        if cost[0] > MAX_DRAWN:
            raise BadPicture("The SVG draws far too many shapes.")

    def _refer(self, number: int, properties: Iterable[tuple[str, str]]) -> None:
        for name, value in properties:
            if name in ("href", "xlink:href") and value.startswith("#"):
                self._once[number].append(value[1:])
            elif name == "style":
                self._refer(number, css.declarations(value))
            elif "url(" in value:
                (self._each if name in _INHERITED else self._once)[number] += css.fragments(value)

    def _apply_rules(self) -> None:
        """Give each rule's references to every element that any word of its selector names: never too few."""
        by_token: dict[str, list[css.Rule]] = {}
        for rule in self._rules:
            for token in set(rule.tokens):
                by_token.setdefault(token, []).append(rule)
        for number, names in enumerate(self._names if by_token else ()):
            for name in names:
                for rule in by_token.get(name, ()):
                    self._refer(number, rule.declarations)

    def _needed(self, number: int) -> list[int]:
        targets = (self._ids.get(name) for name in (*self._once[number], *self._each[number]))
        return [*self._children[number], *(target for target in targets if target is not None)]

    def _subtree_sizes(self) -> list[int]:
        sizes = [1] * len(self._children)
        for number in range(len(sizes) - 1, -1, -1):  # children come after their parents
            sizes[number] += sum(sizes[child] for child in self._children[number])
        return sizes

    def _cost(self, number: int, cost: Mapping[int, int], subtree: list[int]) -> int:
        children = sum(cost[child] for child in self._children[number])
        once = sum(cost[self._ids[name]] for name in self._once[number] if name in self._ids)
        each = sum(cost[self._ids[name]] for name in self._each[number] if name in self._ids)
        return 1 + children + once + each * subtree[number]


def _tokens(element: str, attributes: Mapping[str, str]) -> list[str]:
    classes = [f".{name}" for name in attributes.get("class", "").split()]
    return ["*", element, *classes, *([f"#{attributes['id']}"] if "id" in attributes else [])]
