"""The sandbox's settings: command line first, then `SANDBOX_*` in the environment, then the defaults."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from studio.sandbox import choices

# Source: Recraft docs: Appendix, "Policies". Never scaled: a client must be tested against the true limits.
REQUESTS_PER_SECOND = 5
IMAGES_PER_MINUTE = 100


@dataclass(frozen=True)
class Config:
    """`latency` is seconds of a raster call; `time_scale` divides the life of result URLs; `balance` is whole units."""

    directory: Path
    port: int = 8210
    host: str = "127.0.0.1"
    latency: float = choices.RASTER_LATENCY_SECONDS
    time_scale: float = 1.0
    balance: int = choices.START_BALANCE
    token: str | None = None
    requests_per_second: int = REQUESTS_PER_SECOND
    images_per_minute: int = IMAGES_PER_MINUTE
    public_url: str | None = None


def read(arguments: list[str] | None = None) -> Config:
    """The settings of this process. Prints one sentence and exits on a bad one."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.dir is None:
        parser.error("--dir is required: the folder that keeps balance, charges and files")
    if not (given.latency >= 0 and given.time_scale > 0 and given.balance >= 0):
        parser.error("--latency and --balance can't be negative, and --time-scale must be above zero")
    return Config(
        directory=Path(given.dir),
        port=given.port,
        host=given.host,
        latency=given.latency,
        time_scale=given.time_scale,
        balance=given.balance,
        token=given.token or None,
        requests_per_second=given.requests_per_second,
        images_per_minute=given.images_per_minute,
        public_url=given.public_url or None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.sandbox", description="A Recraft that runs here.")

    def option(name: str, kind: type, default: object, text: str) -> None:
        # argparse runs a default that is text through `type`, so that a bad environment gets the same sentence.
        fallback = os.environ.get("SANDBOX_" + name.upper().replace("-", "_"), default)
        parser.add_argument(f"--{name}", type=kind, default=fallback, help=text)

    option("host", str, "127.0.0.1", "address to listen on")
    option("port", int, Config.port, "port to listen on")
    option("dir", str, None, "folder that keeps balance, charges, files and the signing key")
    option("latency", float, choices.RASTER_LATENCY_SECONDS, "seconds of a raster call; vectors take twice as long")
    option("time-scale", float, 1.0, "result URLs die this many times faster")
    option("balance", int, choices.START_BALANCE, "units at the very first start")
    option("token", str, None, "accept only this token (default: any)")
    option("public-url", str, None, "base of result URLs (default: as the client addressed us)")
    option("requests-per-second", int, REQUESTS_PER_SECOND, "for tests of other parts")
    option("images-per-minute", int, IMAGES_PER_MINUTE, "for tests of other parts")
    return parser
