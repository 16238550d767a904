"""How many jobs people can hand in at once, beside what the provider could take.

The provider account is paused meanwhile, so that drawing does not take the processors. What is measured is a submit
over HTTP with its reservation on three budgets, with the rings and the claims that it sets off in vain.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.bench.figures import HEAD, percentile, row, say
from tests.stories.drive import DrivenStudio
from tests.studio_process import until

CLIENTS = 16
SECONDS = 3.0
MOST_EACH = 55  # submits of one client: a person may have 1,000 jobs waiting
CEILING = 100 / 60  # jobs per second, of one picture each. Source: Recraft docs, Appendix, "Policies"

Ask = Callable[[httpx.Client, int], httpx.Response]


def measure(studio: DrivenStudio) -> None:
    """Submit from CLIENTS pages at once, then ask for the smallest page as often; the jobs stay queued."""
    _pause(studio)
    taken, seconds = _at_once(studio, _submit)
    bare, bare_seconds = _at_once(studio, lambda client, _: client.get("/healthz"))
    ((jobs,),) = studio.rows("SELECT count(*) FROM studio_job WHERE state = 'queued'")
    assert jobs == len(taken) + 1, f"{len(taken)} were taken and {jobs - 1} are queued"
    studio.audit()
    rate = len(taken) / seconds
    say(HEAD)
    say(row(f"a submit, {CLIENTS} clients at once, n = {len(taken)}", taken))
    say(f"{'submits per second':54}{rate:8.1f}    {rate / CEILING:.0f} times what Recraft takes (1.67 per second)")
    least = f"{percentile(bare, 50) * 1000:.1f} ms at p50"
    say(f"{'the same clients asking for /healthz, per second':54}{len(bare) / bare_seconds:8.1f}    {least}")


def _pause(studio: DrivenStudio) -> None:
    """An empty account pauses at the studio's first try, and nothing is sent until it is filled."""
    studio.sandbox.set_balance(0)
    assert studio.submit("A vase", model="recraftv4_1").status_code == 302
    paused = "SELECT count(*) FROM studio_provideraccount WHERE state = 'paused'"
    until(lambda: studio.rows(paused) == [(1,)], "the account is paused")


def _at_once(studio: DrivenStudio, ask: Ask) -> tuple[list[float], float]:
    """Seconds of each answer, and of all together."""
    ends = time.monotonic() + SECONDS
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        each = pool.map(lambda number: _one_client(studio, ask, number, ends), range(CLIENTS))
        taken = [seconds for client in each for seconds in client]
    return taken, time.perf_counter() - began


def _one_client(studio: DrivenStudio, ask: Ask, number: int, ends: float) -> list[float]:
    taken: list[float] = []
    page = studio.url + "/create/generate/"
    headers = {"X-CSRFToken": studio.http.cookies["csrftoken"], "Referer": page, "HX-Request": "true"}
    with httpx.Client(
        base_url=studio.url, cookies=studio.http.cookies, headers=headers, trust_env=False, timeout=60
    ) as client:
        while time.monotonic() < ends and len(taken) < MOST_EACH:
            before = time.perf_counter()
            answer = ask(client, number * MOST_EACH + len(taken))
            taken.append(time.perf_counter() - before)
            assert answer.status_code == 200, answer.text[-2000:]
    return taken


def _submit(client: httpx.Client, number: int) -> httpx.Response:
    values = {"prompt": f"A vase, number {number}", "model": "recraftv4_1", "n": "1", "key": f"bench-{number}"}
    return client.post("/create/generate/", data=values)
