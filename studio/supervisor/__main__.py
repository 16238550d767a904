"""`python -m studio.supervisor`: the whole studio on one machine, until Ctrl-C."""

import os
import sys
from collections.abc import Mapping

from studio.supervisor import assembly, commands, folders, leftovers
from studio.supervisor.folders import AlreadyRunning
from studio.supervisor.logs import Screen
from studio.supervisor.settings import BadSetting, Settings, read
from studio.supervisor.studio import Studio, Wish

NAMES = ("studio", "valkey", "sandbox", "web", "calls", "bytes", "clock")


def main(environ: Mapping[str, str]) -> int:
    # Pictures, prompts and keys are for the person who runs the studio alone.
    os.umask(0o077)
    screen, wish = Screen(NAMES), Wish()
    try:
        settings = read(environ)
        folders.prepare(settings)
        with folders.take(settings.var):
            wish.listen()
            run(settings, environ, screen, wish)
    except (BadSetting, AlreadyRunning) as refusal:
        screen.plain(str(refusal))
        return 2
    return 0


def run(settings: Settings, environ: Mapping[str, str], screen: Screen, wish: Wish) -> None:
    """Raises BadSetting before anything has been started."""

    def say(text: str) -> None:
        screen.line("studio", text)

    folder = settings.var / "run"
    leftovers.stop(folder, say, lambda: wish.to_end)
    plan = assembly.plan(settings, environ)
    if plan.port != settings.port:
        say(f"port {settings.port} is taken; using {plan.port}")
    link = commands.prepare(plan.told, folder)
    studio = Studio(settings.var, plan.programs, screen, wish)
    try:
        studio.watch(lambda: screen.plain(f"\nAtelier is ready: {plan.url}{link}\n"))
        say("ending")
    finally:
        studio.end()
    say("ended")


if __name__ == "__main__":
    sys.exit(main(os.environ))
