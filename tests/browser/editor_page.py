"""Pages with one custom element each, served with the project's own scripts, styles and content security policy."""

import io
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Locator, Page

STATIC = Path(__file__).resolve().parents[2] / "static"
SHEETS = ("tokens", "base", "layout", "components", "create", "editor")
VENDOR = ("htmx.min", "idiomorph-ext.min")
SCRIPTS = ("mask-canvas", "outpaint-frame", "before-after", "file-drop", "tool-bar")
SCRIPTS += ("crop-frame", "text-layout", "palette-editor")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'"
)
PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@dataclass
class Served:
    """`pages` by path; `posts` is what was sent, oldest first, as name -> bytes in the order of the form."""

    url: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    posts: list[list[tuple[str, bytes]]] = field(default_factory=list)

    def page(self, body: str, path: str = "/") -> str:
        """Serve a page with this body; its address."""
        self.pages[path] = ("text/html; charset=utf-8", _document(body).encode())
        return self.url + path

    def picture(self, name: str, image: Image.Image) -> str:
        out = io.BytesIO()
        image.save(out, "PNG")
        self.pages[f"/{name}.png"] = ("image/png", out.getvalue())
        return f"/{name}.png"


def fragment(name: str, **context: Any) -> str:
    """One of the project's own templates, with the plain names of static files."""
    with override_settings(STORAGES=PLAIN_STATIC):
        return render_to_string(name, context)


def _document(body: str) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in SHEETS)
    vendor = "".join(f'<script src="/static/vendor/{name}.js" defer></script>' for name in VENDOR)
    scripts = "".join(f'<script type="module" src="/static/js/{name}.js"></script>' for name in SCRIPTS)
    size = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    config = '<meta name="htmx-config" content=\'{"allowEval":false,"includeIndicatorStyles":false}\'>'
    head = size + config + sheets + vendor + scripts
    main = f'<main><h1 class="sr-only">Editor</h1>{body}</main>'
    page = f"<head><title>Editor</title>{head}</head><body>{main}</body>"
    return f'<!doctype html><html lang="en">{page}</html>'


@contextmanager
def serving() -> Iterator[Served]:
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/static/"):
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                self.answer(kind, (STATIC / path.removeprefix("/static/")).read_bytes())
            else:
                self.answer(*served.pages.get(path, ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served.posts.append(list(_parts(self.headers["Content-Type"], body)))
            self.answer("text/html", served.pages.get(self.path, ("", b"<b>Taken</b>"))[1])

        def answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    message: Message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in message.get_payload():
        assert isinstance(part, Message)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        yield str(part.get_param("name", header="content-disposition")), content


def file_of(holder: Locator) -> Image.Image | None:
    """The picture in a file input, read in the browser byte for byte; None when it is empty."""
    read = """async (input) => {
      const { mask } = await new Promise((done) => {
        const poll = () => {
          const canvas = document.querySelector("mask-canvas");
          if (canvas && canvas.file.isDirty) setTimeout(poll, 20);
          else done({ mask: input.files[0] });
        };
        poll();
      });
      return mask ? [...new Uint8Array(await mask.arrayBuffer())] : null;
    }"""
    data = holder.evaluate(read)
    return None if data is None else Image.open(io.BytesIO(bytes(data)))


class Fingers:
    """Fingers on a screen."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def send(self, kind: str, *points: tuple[float, float]) -> None:
        """`kind` is Start, Move or End, and `points` those that are down afterwards."""
        down = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": down})
