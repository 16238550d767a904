"""The web process: pages and submits from threads that last, event streams from the loop.

Django alone would answer each request in a new thread, with a new connection to the database, and go back and forth
between loop and thread for each middleware: several milliseconds before a view begins. Here a page takes one step
into a thread that keeps its connection; only the stream, which waits most of its life, stays in the loop.
"""

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import IO, Any

import django
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import FileResponse, HttpResponse
from django.urls import set_script_prefix

from studio.services.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

STREAM = "/events/"
THREADS = 12  # as many as the pool of PostgreSQL has connections, less would leave some of those unused

# Files are read in a thread, a chunk at a time. Django would rather have them read asynchronously and says so for
# each, which nobody who runs a studio can do anything about.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")


Receive = Callable[[], Awaitable[dict[str, Any]]]
# The largest picture that is kept, and a form around it. More is refused while it arrives, before it fills the disk.
MOST_BYTES = 68 * 2**20
TOO_LARGE = "That is more than 64 MB at once. Send fewer or smaller files."


class _TooLarge(Exception):
    """A body that is larger than any the studio takes."""


def _at_most(limit: int, receive: Receive) -> Receive:
    """The same body, cut off by _TooLarge when it grows over `limit` bytes."""
    left = limit

    async def counted() -> dict[str, Any]:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _TooLarge
        return message

    return counted


class Application(ASGIHandler):
    """Django's own handler for the stream, and the handler it has for threads for everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._pages = BaseHandler()
        self._pages.load_middleware()
        self._threads = ThreadPoolExecutor(THREADS, "page")

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == STREAM:
            await super().handle(scope, receive, send)
            return
        try:
            body = await self.read_body(_at_most(MOST_BYTES, receive))
        except RequestAborted:
            return
        except _TooLarge:
            await self.send_response(HttpResponse(TOO_LARGE, status=413, content_type="text/plain"), send)
            return
        in_thread = asyncio.get_running_loop().run_in_executor
        response = await in_thread(self._threads, self._page, scope, body)
        await self.send_response(response, send)
        if response.streaming:
            await in_thread(self._threads, response.close)

    def _page(self, scope: Any, body: IO[bytes]) -> Any:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self._pages.get_response(request) if request else refusal
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()  # here, because it is this thread's connection that it looks after
        return response


django.setup(set_prefix=False)
application = Application()
import_module(settings.ROOT_URLCONF)  # every view, which else the first request would have to wait for
settle()
