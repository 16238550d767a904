"""An open page: it holds the stream of events, and notes when it hears of a job."""

import threading
import time
from types import TracebackType
from typing import Self

import httpx

from tests.stories.drive import DrivenStudio

HEARD_WITHIN = 30.0


class Page:
    """Seconds since the epoch, by which the sandbox's log tells time too, of every event by its name."""

    def __init__(self, studio: DrivenStudio) -> None:
        self._url = f"{studio.url}/events/"
        self._http = httpx.Client(cookies=studio.http.cookies, trust_env=False, timeout=None)
        self._news = threading.Condition()
        self._heard: dict[str, list[float]] = {}
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._open.wait(HEARD_WITHIN), "the stream of events did not open"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def wait_for(self, job: str, count: int) -> float:
        """When the `count`-th event about a job came."""
        with self._news:
            came = self._news.wait_for(lambda: len(self._heard.get(job, ())) >= count, HEARD_WITHIN)
        assert came, f"{HEARD_WITHIN} s, and not yet {count} events about {job}: {self._heard.get(job)}"
        return self._heard[job][count - 1]

    def _listen(self) -> None:
        try:
            with self._http.stream("GET", self._url) as response:
                assert response.status_code == 200, response.status_code
                for line in response.iter_lines():
                    self._note(line, time.time())
        except (httpx.HTTPError, httpx.StreamError, OSError):
            return  # the page was closed, or the studio ended; who waits for an event says that it did not come

    def _note(self, line: str, now: float) -> None:
        self._open.set()
        if line.startswith("event: "):
            with self._news:
                self._heard.setdefault(line.removeprefix("event: "), []).append(now)
                self._news.notify_all()
