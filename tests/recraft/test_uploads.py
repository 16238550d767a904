"""Pictures over real sockets: they arrive whole, and an answer that comes early is heard."""

import contextlib
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studio.recraft import errors
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.client import RecraftClient
from studio.recraft.inputs import PNG, InputFile

VECTORIZE = OPERATIONS["vectorize"]
ANSWER = b'{"created": 1, "credits": 10, "image": {"image_id": "x", "url": "https://img.recraft.ai/a"}}'
TEN_MEGABYTES = 10_000_000


@contextlib.contextmanager
def listening(respond):
    """A server whose answer to a POST is `respond(handler)`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            respond(self)

        def log_message(self, *args):
            pass

        def say(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client = RecraftClient("token", f"http://127.0.0.1:{server.server_port}/v1", deadline=20)
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "noise.png"
    path.write_bytes(hashlib.shake_128(b"noise").digest(TEN_MEGABYTES))
    return InputFile.at(path, media_type=PNG, width=4000, height=4000)


def upload(client, picture, on_sent=None):
    VECTORIZE.check_inputs({"image": "a"}, {"image": (picture,)})
    return client.call(VECTORIZE, {"image": "a"}, {"image": (picture,)}, on_sent=on_sent)


def test_the_largest_picture_arrives_whole_and_is_noted_as_sent_once(picture):
    arrived, events, noted = [], [], threading.Event()

    def sent():
        events.append("sent")
        noted.set()

    def respond(handler):
        body = handler.rfile.read(int(handler.headers["content-length"]))
        arrived.append(body)
        noted.wait(10)  # in vain only where it is noted after the answer
        events.append("answered")
        handler.say(200, ANSWER)

    with listening(respond) as client:
        assert upload(client, picture, sent) == ANSWER
    (body,) = arrived
    boundary = body[: body.index(b"\r\n")]
    content = body.split(boundary)[-2].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
    with picture.open() as file:
        assert hashlib.sha256(content).digest() == hashlib.file_digest(file, "sha256").digest()
    assert events == ["sent", "answered"]


def test_a_refusal_that_comes_before_the_picture_was_read_is_heard(picture):
    def respond(handler):
        handler.say(413, b'{"code": "too_large", "message": "request body too large"}')
        # Read on, as servers do for a while, so that the refusal is not lost in a reset.
        handler.rfile.read(int(handler.headers["content-length"]))
        handler.close_connection = True

    with listening(respond) as client, pytest.raises(errors.Rejected) as caught:
        upload(client, picture)
    assert "request body too large" in caught.value.user_message


def test_a_connection_that_breaks_in_the_middle_of_a_picture_is_of_unknown_outcome(picture):
    sent = []

    def respond(handler):
        handler.rfile.read(100_000)
        handler.connection.close()
        handler.close_connection = True

    with listening(respond) as client, pytest.raises(errors.OutcomeUnknown):
        upload(client, picture, lambda: sent.append(1))
    assert sent == []


def test_a_server_that_does_not_listen_was_sent_nothing(picture):
    with pytest.raises(errors.NotSent):
        upload(RecraftClient("token", "http://127.0.0.1:9/v1", deadline=5), picture)
