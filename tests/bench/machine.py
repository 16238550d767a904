"""What the figures depend on: the cores, how busy they are with other work, and how fast the disk confirms."""

import os
import platform
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.figures import percentile, say

QUIET = 0.85  # share of the processors that must be idle for figures to be worth keeping
LOOK_SECONDS = 1.0
WAIT_SECONDS = 15.0
SYNCS = 60


def _times() -> tuple[int, int]:
    """Ticks that all processors have been idle, and ticks in all, since the start of the machine. Linux only."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return fields[3] + fields[4], sum(fields)


def idle(seconds: float = LOOK_SECONDS) -> float:
    """The share of the processors that had nothing to do during the next `seconds`; 1 where it can't be known."""
    if not Path("/proc/stat").exists():
        time.sleep(seconds)
        return 1.0
    idle_before, all_before = _times()
    time.sleep(seconds)
    idle_after, all_after = _times()
    return (idle_after - idle_before) / max(1, all_after - all_before)


def spent(pid: int) -> float:
    """Seconds of processor time that a process and all its descendants have used so far. Linux only; else 0."""
    total, wanted = 0, {pid}
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        mine, parent = int(stat.parent.name), int(fields[1])
        if mine in wanted or parent in wanted:
            wanted.add(mine)
            total += sum(int(ticks) for ticks in fields[11:13])
    return total / os.sysconf("SC_CLK_TCK")


def ran(pid: int) -> float:
    """Seconds that a process of one thread has run so far, to the nanosecond, once it waits. Linux only; else 0."""
    times = Path(f"/proc/{pid}/schedstat")
    return int(times.read_text().split()[0]) / 1e9 if times.exists() else 0.0


def syncs(folder: Path) -> list[float]:
    """Seconds that an fsync of 4 KiB more takes in this folder, measured some times."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            before = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - before)
    return taken


def load() -> str:
    """The load averages of the last one, five and fifteen minutes."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def describe(folder: Path) -> None:
    taken = [1000 * seconds for seconds in syncs(folder)]
    say(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"load average {load()}; an fsync takes {median(taken):.1f} ms (p95 {percentile(taken, 95):.1f})"
    )


def wait_until_quiet() -> None:
    """Give other work some seconds to end, and say so when it does not."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := idle()) < QUIET:
        if time.monotonic() > deadline:
            say(f"WARNING: only {found:.0%} of the processors are idle; these figures are not worth keeping.")
            return
    say(f"{found:.0%} of the processors are idle.")
