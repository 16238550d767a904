"""What it costs to decode a picture in a child with limits, beside decoding it right here.

Ours is what the studio does before it trusts a file: look at the header, hand the path to a child, decode all of it.
"""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
from PIL import Image

from studio import pictures
from tests.bench.figures import HEAD, percentile, row, say
from tests.sandbox_process import SandboxProcess

TIMES = 40
CEILING = 100 / 60  # pictures per second. Source: Recraft docs, Appendix, "Policies"


def measure(folder: Path) -> None:
    """One 1024 x 1024 WebP as the sandbox draws it: verified, rendered, and simply decoded."""
    with SandboxProcess(folder / "provider") as sandbox:
        picture = _drawn(sandbox, folder / "picture.webp")
    ours, bare = [], []
    _verify(picture)
    for _ in range(TIMES):
        ours.append(_timed(lambda: _verify(picture)))
        bare.append(_timed(lambda: _decode(picture)))
    renditions = [_timed(lambda: pictures.render(picture, "image/webp", folder)) for _ in range(TIMES // 2)]
    say(HEAD)
    say(row(f"verify a WebP of {picture.stat().st_size // 1024} KiB, n = {TIMES}", ours))
    say(row("the same picture, decoded by Pillow in this process", bare))
    say(row("both renditions, placeholder and colors", renditions))
    both = 1 / (percentile(ours, 50) + percentile(renditions, 50))
    say(
        f"{'pictures per second, verified and rendered one by one':54}{both:8.1f}    "
        f"{both / CEILING:.0f} times what Recraft hands out (1.67 per second)"
    )


def _drawn(sandbox: SandboxProcess, path: Path) -> Path:
    body = {"prompt": "Three hand-thrown vases on a sunlit ledge", "model": "recraftv4_1", "size": "1024x1024"}
    headers = {"Authorization": "Bearer bench"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.post(f"{sandbox.api}/images/generations", json=body, headers=headers)
        path.write_bytes(client.get(answer.json()["data"][0]["url"]).content)
    return path


def _verify(path: Path) -> None:
    found = pictures.verify(path, "image/webp")
    assert (found.width, found.height) == (1024, 1024)


def _decode(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()


def _timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
