"""The client against real sockets: deadlines, cut answers, and what counts as sent."""

import json
import socket
import threading
import time

import pytest

from studio.recraft import errors
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.client import RecraftClient
from tests.recraft.servers import closing, dripping, response, saying, serving

GENERATE = OPERATIONS["generate"]
VALUES = {"prompt": "a red fox"}
OK = json.dumps({"created": 1, "credits": 35, "data": []}).encode()
SHORT = 0.4
BUSY = 5  # seconds that a busy machine may take besides
WRITING = 8  # seconds that a busy machine may take to write 30 MB of JSON, before anything is sent


def call(server, deadline=SHORT, **options):
    client = RecraftClient("token", f"{server.origin}/v1", deadline=deadline)
    try:
        return client.call(GENERATE, VALUES, **options)
    finally:
        client.close()


def ends_by_its_deadline(server):
    started = time.monotonic()
    with pytest.raises(errors.OutcomeUnknown):
        call(server)
    return time.monotonic() - started < SHORT + BUSY


def test_a_plain_answer_arrives_and_on_sent_ran_before_it():
    order, noted = [], threading.Event()

    def sent():
        order.append("sent")
        noted.set()

    def answer(peer):
        noted.wait(10)  # in vain only where it is noted after the answer
        order.append("answered")
        peer.sendall(response(OK))

    with serving(answer) as server:
        assert call(server, 30, on_sent=sent) == OK
        assert order == ["sent", "answered"]
        assert len(server.requests) == 1


def test_a_server_that_drips_its_headers_is_ended_by_the_deadline():
    with serving(dripping(response(OK))) as server:
        assert ends_by_its_deadline(server)
        assert len(server.requests) == 1


def test_a_server_that_drips_endless_informational_answers_is_ended_by_the_deadline():
    with serving(dripping(b"HTTP/1.1 102 Processing\r\n\r\n" * 100, pause=0.02)) as server:
        assert ends_by_its_deadline(server)


def test_a_server_that_drips_its_body_is_ended_by_the_deadline():
    with serving(dripping(OK * 10, first=response(b"", length=len(OK) * 10))) as server:
        assert ends_by_its_deadline(server)


def test_a_server_that_says_nothing_is_ended_by_the_deadline():
    with serving(lambda peer: time.sleep(30)) as server:
        assert ends_by_its_deadline(server)


def test_a_server_that_does_not_read_is_ended_by_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = RecraftClient("token", f"http://127.0.0.1:{listening.getsockname()[1]}/v1", deadline=SHORT)
        started = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown):
            # Far more than the socket buffers on both sides take.
            client.call(GENERATE, {"prompt": "x" * 30_000_000})
        assert time.monotonic() - started < SHORT + WRITING
        client.close()


def test_a_server_that_reads_slowly_is_ended_by_the_deadline():
    def read_slowly(listening):
        peer, _ = listening.accept()
        with peer:
            while peer.recv(10_000):
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=read_slowly, args=(listening,), daemon=True).start()
        client = RecraftClient("token", f"http://127.0.0.1:{listening.getsockname()[1]}/v1", deadline=SHORT)
        started = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown):
            client.call(GENERATE, {"prompt": "x" * 30_000_000})
        assert time.monotonic() - started < SHORT + WRITING, "reading all of it would take a minute"
        client.close()


@pytest.mark.parametrize(
    "data",
    [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n", response(OK)[:-5], response(OK, "500 No", length=9999)],
)
def test_an_answer_that_breaks_off_is_of_unknown_outcome(data):
    with serving(closing(data)) as server, pytest.raises(errors.OutcomeUnknown):
        call(server, 5)


def test_a_refused_connection_means_not_sent():
    with serving(saying(response(OK))) as server:
        pass
    with pytest.raises(errors.NotSent):
        call(server)


def test_a_name_that_does_not_resolve_means_not_sent():
    client = RecraftClient("token", "http://nowhere.invalid/v1", deadline=5)
    with pytest.raises(errors.NotSent):
        client.call(GENERATE, VALUES)


def test_a_server_that_speaks_no_tls_means_not_sent():
    sent = []
    with serving(saying(b"")) as server:
        plain = server.origin.replace("http://", "https://")
        client = RecraftClient("token", f"{plain}/v1", deadline=1)
        with pytest.raises(errors.NotSent):
            client.call(GENERATE, VALUES, on_sent=lambda: sent.append(1))
    assert sent == []


def test_a_redirect_is_not_followed():
    with (
        serving(saying(response(OK))) as elsewhere,
        serving(saying(response(b"", "307 Elsewhere", f"Location: {elsewhere.origin}/"))) as server,
    ):
        with pytest.raises(errors.OutcomeUnknown):
            call(server, 5)
        assert elsewhere.connections == 0
        assert len(server.requests) == 1


def test_the_environments_proxy_is_ignored(monkeypatch):
    with serving(saying(response(OK))) as proxy, serving(saying(response(OK))) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        call(server, 5)
        assert proxy.connections == 0


def test_a_compressed_answer_is_asked_not_to_be():
    with serving(saying(response(OK))) as server:
        call(server, 5)
        assert b"accept-encoding: identity" in server.requests[0].lower()


def test_deadlines_of_calls_in_other_threads_do_not_mix():
    outcomes = {}

    def run(name, deadline):
        try:
            outcomes[name] = call(server, deadline)
        except errors.RecraftError as error:
            outcomes[name] = type(error)

    def answer(peer):
        time.sleep(0.8)
        peer.sendall(response(OK))

    with serving(answer) as server:
        threads = [threading.Thread(target=run, args=case) for case in [("long", 10), ("short", 0.2)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == {"long": OK, "short": errors.OutcomeUnknown}
