"""A call survives its parent.

Celery's forked workers die with their parent, by the parent-death signal that the pool sets. A paid call in
flight would become a bill without a picture. So a caller clears that signal from its claim until its outcome is
recorded; then it sets it again and leaves if the parent is gone. On a system without prctl a killed parent costs
its running calls the state `unknown`, nothing worse.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PR_SET_PDEATHSIG = 1
PARENT = "STUDIO_CALLER_PARENT"  # set in each forked caller, see studio.celery


def _set_death_signal(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


@contextmanager
def outliving_the_parent() -> Iterator[None]:
    """Run the body to its end even if the parent dies meanwhile; leave afterwards if it did."""
    parent = os.environ.get(PARENT)
    if parent is None:  # not a forked caller: a test, or a command
        yield
        return
    _set_death_signal(0)
    try:
        yield
    finally:
        _set_death_signal(signal.SIGKILL)
        # Not "is the parent process 1": in a container Celery itself may be process 1.
        if os.getppid() != int(parent):
            os._exit(0)
