"""The rules of a test run.

With `STUDIO_TESTS_STRICT=1`, as `make test` sets it, a test that was not run is a failure: skipped, expected to fail,
or deselected. Without it a developer may pick single tests by `-k`. No test ever talks to another machine.
"""

import ipaddress
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any, Final

import pytest

STRICT: Final = "STUDIO_TESTS_STRICT"
_guarded = False


class NotRun:
    """Every test that was collected and did not run, or whose failure was expected."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.found += [f"deselected: {item.nodeid}" for item in items]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.found.append(f"skipped: {report.nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "wasxfail"):
            self.found.append(f"expected to fail: {report.nodeid}")
        elif report.skipped:
            self.found.append(f"skipped: {report.nodeid}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.found:
            terminalreporter.section("not run, which is a failure here", red=True)
            for line in self.found:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get(STRICT) == "1":
        config.pluginmanager.register(NotRun(), "tests-not-run")
    global _guarded
    if not _guarded:
        # Once per process: a hook can't be taken away again, and pytest may run inside pytest.
        _guarded = True
        sys.addaudithook(_stay_on_this_machine)


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """No paid call can leave a test, and no test depends on the network."""
    if event != "socket.connect":
        return
    connecting, address = arguments
    if connecting.family not in (socket.AF_INET, socket.AF_INET6) or connecting.type & socket.SOCK_DGRAM:
        return
    if not ipaddress.ip_address(address[0].partition("%")[0]).is_loopback:
        raise RuntimeError(f"A test tried to talk to {address[0]}, port {address[1]}.")
