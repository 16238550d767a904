"""Fewer colors: Recraft says which of many can stand for the others. What follows is done here, for 0 units."""

import re
from collections.abc import Sequence

from studio.errors import InvalidRequest
from studio.models import Job, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.services import jobs

OPTIMIZE = OPERATIONS["optimize-colors"]
HEX = re.compile(r"#?([0-9a-f]{6})")


def ask_for_fewer(person: User, workspace: Workspace, colors: Sequence[str], most: int, key: str) -> Job:
    """Ask for at most `most` of some colors, each "#rrggbb". Raises what `jobs.submit` raises."""
    if len(colors) < 2:
        raise InvalidRequest({"most": "Only an SVG of several colors has some to spare."})
    if not 1 <= most < len(colors):
        raise InvalidRequest({"most": f"Keep at least 1 of the {len(colors)} colors, and not all of them."})
    values = {"colors": [{"rgb": list(bytes.fromhex(color[1:]))} for color in colors], "num_colors_limit": most}
    return jobs.submit(person, workspace, OPTIMIZE, values, key)


def swaps(job: Job) -> list[tuple[str, str]]:
    """What the answer brought: each color with the one that stands for it, "#rrggbb"; nothing until then."""
    pairs = [(_hex(pair.get("from")), _hex(pair.get("to"))) for pair in job.answer.get("mapping", ())]
    return [(before, after) for before, after in pairs if before and after]


def _hex(said: object) -> str:
    found = HEX.fullmatch(str(said).strip().lower())
    return f"#{found[1]}" if found else ""
