"""Small changes to whole scenes."""

from collections.abc import Callable
from dataclasses import replace

from studio.sandbox.drawing.request import Rgb
from studio.sandbox.drawing.scene import Gradient, Group, Scene, Shape

Change = Callable[[Shape], Shape | None]


def changed(group: Group, change: Change) -> Group:
    """Every shape sent through `change`; None takes it away, and groups without shapes go too."""
    parts: list[Shape | Group] = []
    for part in group.parts:
        made = changed(part, change) if isinstance(part, Group) else change(part)
        if made is not None and not (isinstance(made, Group) and not made.parts):
            parts.append(made)
    return Group(group.name, parts, group.clip, group.lift)


def in_one_color(scene: Scene, color: Rgb) -> Scene:
    """For measuring what shapes cover."""

    def change(shape: Shape) -> Shape:
        fill = shape.fill
        if isinstance(fill, Gradient):
            fill = replace(fill, stops=tuple((at, color, opacity) for at, _, opacity in fill.stops))
        elif fill is not None:
            fill = color
        return replace(shape, fill=fill, line=color if shape.line else None)

    return Scene(scene.width, scene.height, changed(scene.root, change))


def without_repeats(scene: Scene) -> Scene:
    """Groups that only hold one other group give way to it: files that were read and written stay flat."""

    def flat(group: Group) -> Group:
        parts = [flat(part) if isinstance(part, Group) else part for part in group.parts]
        if len(parts) == 1 and isinstance(parts[0], Group) and group.clip is None:
            return parts[0]
        return Group(group.name, parts, group.clip, group.lift)

    root = flat(scene.root)
    if root.clip is not None:
        root = Group("picture", [root])
    return Scene(scene.width, scene.height, root)
