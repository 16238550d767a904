"""`python -m studio.supervisor`: the whole studio on one machine, until Ctrl-C."""

import os
import subprocess
import sys
from collections.abc import Mapping

from studio.supervisor import assembly, folders, leftovers
from studio.supervisor.assembly import Plan
from studio.supervisor.folders import AlreadyRunning
from studio.supervisor.logs import Screen
from studio.supervisor.programs import python
from studio.supervisor.settings import ROOT, BadSetting, Settings, read
from studio.supervisor.studio import Studio, Wish

NAMES = ("studio", "valkey", "sandbox", "web", "calls", "bytes", "clock")


def main(environ: Mapping[str, str]) -> int:
    os.umask(0o077)
    screen, wish = Screen(NAMES), Wish()
    try:
        settings = read(environ)
        folders.prepare(settings)
        lock = folders.take(settings.var)
    except (BadSetting, AlreadyRunning) as refusal:
        screen.plain(str(refusal))
        return 2
    with lock:
        wish.listen()
        try:
            return run(settings, environ, screen, wish)
        except BadSetting as refusal:
            screen.plain(str(refusal))
            return 2


def run(settings: Settings, environ: Mapping[str, str], screen: Screen, wish: Wish) -> int:
    """Raises BadSetting before anything has been started."""

    def say(text: str) -> None:
        screen.line("studio", text)

    leftovers.stop(settings.var / "run", say, lambda: wish.to_end)
    plan = assembly.plan(settings, environ)
    if plan.port != settings.port:
        say(f"port {settings.port} is taken; using {plan.port}")
    for arguments in (("migrate", "--noinput"), ("collectstatic", "--noinput")):
        manage(plan, *arguments)
    studio = Studio(settings.var, plan.programs, screen, wish)
    try:
        studio.start("valkey", "sandbox")
        studio.watch(lambda: screen.plain(f"\nAtelier is ready: {plan.url}{first_link(plan)}\n"))
        say("ending")
    finally:
        studio.end()
    say("ended")
    return 0


def manage(plan: Plan, *arguments: str) -> str:
    """What a management command prints. Raises BadSetting with its last words when it fails."""
    done = subprocess.run(  # noqa: S603 - our own command line
        python("manage.py", *arguments, "--verbosity", "0"),
        env=dict(plan.told),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise BadSetting(_sentence(arguments[0], (done.stderr or done.stdout).strip()))
    return done.stdout


def _sentence(command: str, words: str) -> str:
    """The last line of a failure; for a setting that Django's side refuses, the sentence it wrote for people."""
    last = words.splitlines()[-1] if words else "it said nothing"
    kind, _, sentence = last.partition(": ")
    return sentence if kind.endswith("ImproperlyConfigured") else f"`manage.py {command}` failed: {last}"


def first_link(plan: Plan) -> str:
    """The path by which the first owner signs in, once; nothing when there is an owner already."""
    try:
        words = manage(plan, "first_link").split()
    except BadSetting:
        return ""
    return words[-1] if words and words[-1].startswith("/") else ""


if __name__ == "__main__":
    sys.exit(main(os.environ))
