"""What a killed supervisor left running: ended in good order before anything is started anew."""

from collections.abc import Callable
from pathlib import Path

from studio.supervisor.programs import CALLS_GRACE
from studio.supervisor.stopping import Stop, recorded


def stop(folder: Path, say: Callable[[str], None], hurried: Callable[[], bool] = lambda: False) -> None:
    """End what is recorded in `folder`, as at any other end: running calls are waited for."""
    left = recorded(folder)
    if not left:
        return
    say(f"stopping what the last studio left running: {', '.join(sorted({record.name for _, record in left}))}")
    Stop(folder, {"calls": CALLS_GRACE}, say, hurried=hurried).run()
