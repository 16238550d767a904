"""Bracket notation of forms: `controls[colors][][rgb][]=1` and its relatives, put back together.

openai-python and ComfyUI flatten a list of objects to repeated names, so that two colors arrive as six numbers under
one name: runs are regrouped by the length that the field must have.
"""

from collections.abc import Iterable
from typing import Any

# How many values belong to one object: a color has three channels, a box four points of two numbers.
RUN_LENGTHS = {"rgb": 3, "bbox": 8}


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values in the order sent, as one nested dictionary. A plain name sent twice: the last one counts."""
    plain: dict[str, Any] = {}
    flattened: dict[str, list[tuple[list[str], Any]]] = {}
    for name, value in pairs:
        head, *rest = name.split("[")
        if rest:
            flattened.setdefault(head, []).append(([word.rstrip("]") for word in rest], value))
        else:
            plain[head] = value
    return plain | {head: _assemble(entries) for head, entries in flattened.items()}


def _assemble(entries: list[tuple[list[str], Any]]) -> Any:
    """What stands under one name: a value, an object, or a list when the next bracket is empty or a number."""
    if not entries[0][0]:
        return entries[-1][1]
    if _is_position(entries[0][0][0]):
        return _list(entries)
    return _fields(entries)


def _fields(entries: list[tuple[list[str], Any]]) -> dict[str, Any]:
    groups: dict[str, list[tuple[list[str], Any]]] = {}
    for path, value in entries:
        groups.setdefault(path[0] if path else "", []).append((path[1:], value))
    return {word: points(_assemble(group)) if word == "bbox" else _assemble(group) for word, group in groups.items()}


def _list(entries: list[tuple[list[str], Any]]) -> list[Any]:
    if entries[0][0][0] != "":
        return _numbered(entries)
    inner = [(path[1:], value) for path, value in entries]
    if any(path and not _is_position(path[0]) for path, _ in inner):
        return _objects(inner)
    return [value for _, value in inner]


def _numbered(entries: list[tuple[list[str], Any]]) -> list[Any]:
    groups: dict[str, list[tuple[list[str], Any]]] = {}
    for path, value in entries:
        groups.setdefault(path[0] if path else "", []).append((path[1:], value))
    return [_assemble(group) for _, group in sorted(groups.items(), key=lambda item: _position(item[0]))]


def _objects(entries: list[tuple[list[str], Any]]) -> list[dict[str, Any]]:
    """Columns back to rows: the k-th run of each field belongs to the k-th object."""
    columns: dict[str, list[Any]] = {}
    for path, value in entries:
        columns.setdefault(path[0] if path else "", []).append(value)
    runs = {word: _runs(word, values) for word, values in columns.items()}
    count = max(len(values) for values in runs.values())
    return [{word: values[k] for word, values in runs.items() if k < len(values)} for k in range(count)]


def _runs(word: str, values: list[Any]) -> list[Any]:
    length = RUN_LENGTHS.get(word)
    if length is None:
        return values
    chunks = [values[start : start + length] for start in range(0, len(values), length)]
    return [points(chunk) for chunk in chunks] if word == "bbox" else chunks


def points(box: Any) -> Any:
    """Eight flat numbers are four points; anything else stays as it is."""
    if isinstance(box, list) and len(box) == 8 and not any(isinstance(number, list) for number in box):
        return [box[start : start + 2] for start in range(0, 8, 2)]
    return box


def _position(word: str) -> int:
    return int(word) if word and _is_position(word) else 0


def _is_position(word: str) -> bool:
    return word == "" or (word.isascii() and word.isdigit())
