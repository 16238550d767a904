"""The sandbox over real HTTP, for what happens between an answer and a stored picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from studio.services import assets, execution
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    folder: Path = tmp_path_factory.mktemp("provider") / "sandbox"
    with SandboxProcess(folder, requests_per_second=1000, images_per_minute=100_000) as process:
        yield process


@pytest.fixture
def sandbox(provider: SandboxProcess, settings: Settings) -> Iterator[SandboxProcess]:
    """The provider of this test, without faults, with its clock right."""
    settings.RECRAFT_BASE_URL = provider.api
    settings.PROVIDER_REQUESTS_PER_SECOND = 1000
    settings.PROVIDER_IMAGES_PER_MINUTE = 100_000
    execution.client.cache_clear()
    assets.fetcher.cache_clear()
    yield provider
    provider.clear_faults()
    provider.shift_clock(0)
    execution.client.cache_clear()
    assets.fetcher.cache_clear()
