"""A child gives up what it never needs: the network, other programs, other processes.

A second wall behind the limits, for the day a decoder has a hole: a filter in the kernel answers those system calls
with EPERM from then on, in all threads and for good. Linux on x86-64 and ARM64 only; elsewhere, and where a container
forbids filters, the child goes on without.

Source: Linux kernel documentation, "Seccomp BPF"; seccomp(2); the numbers are of the kernel's own system call tables.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Mapping
from typing import Final, NamedTuple

_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_X32: Final = 0x40000000  # a second set of numbers on x86-64 for the same calls


class _Architecture(NamedTuple):
    audit: int
    seccomp: int
    refused: tuple[int, ...]


# socket, connect, bind, sendto, sendmsg, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup
_ARCHITECTURES: Final[Mapping[str, _Architecture]] = {
    "x86_64": _Architecture(0xC000003E, 317, (41, 42, 49, 44, 46, 59, 322, 101, 310, 311, 425)),
    "aarch64": _Architecture(0xC00000B7, 277, (198, 203, 200, 206, 211, 221, 281, 117, 270, 271, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def confine() -> bool:
    """Give them up; False where the system knows no such filter or refuses it."""
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        return False
    code = _filter(architecture)
    program = _Program(len(code) // 8, code)
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    arguments = (architecture.seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program))
    return bool(kernel.syscall(*arguments) == 0)


def _filter(architecture: _Architecture) -> bytes:
    """The program that the kernel runs for each system call: refuse by number, allow the rest."""
    tests = [(_JUMP_AT_LEAST, _X32), *((_JUMP_EQUAL, number) for number in architecture.refused)]
    lines = [(_LOAD, 0, 0, _ARCHITECTURE_AT), (_JUMP_EQUAL, 0, len(tests) + 2, architecture.audit)]
    lines.append((_LOAD, 0, 0, _NUMBER_AT))
    for at, (kind, number) in enumerate(tests):
        lines.append((kind, len(tests) - at, 0, number))  # forward to the last line
    lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
