"""What outlives the death of the sandbox, or of its client."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import Client, Maker
from tests.sandbox_process import SandboxProcess, wait_until

REQUEST = (
    b"POST /v1/images/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer a-token\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
)
BODY = b'{"prompt":"a lighthouse","n":2,"model":"recraftv4_1_vector"}'


def hung_up_on(request: Callable[[], httpx.Response]) -> None:
    with pytest.raises(httpx.TransportError):
        request()


def states(sandbox: SandboxProcess) -> list[str]:
    return [operation["state"] for operation in sandbox.operations()]


def test_charges_files_and_urls_outlive_a_kill_after_the_answer(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(balance=1000)
    client = Client(sandbox)
    answer = client.sketch(n=2)
    before, content = sandbox.record(), client.fetch(answer, 1).content
    sandbox.kill()
    sandbox.start()
    assert sandbox.record() == before
    assert before["balance"] == 840
    assert client.fetch(answer, 1).content == content
    assert client.fetch(client.sketch()).status_code == 200


def test_a_call_cut_short_by_a_kill_is_lost_and_not_charged(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=30, balance=1000)
    client = Client(sandbox)
    caller = threading.Thread(target=lambda: hung_up_on(client.sketch))
    caller.start()
    files = sandbox.directory / "files"
    wait_until(lambda: states(sandbox) == ["running"] and any(files.iterdir()))
    sandbox.kill()
    caller.join()
    sandbox.start()
    assert (states(sandbox), sandbox.charged(), sandbox.balance()) == (["lost"], 0, 1000)
    assert list(files.iterdir()) == []


def test_after_kills_at_any_moment_the_books_are_the_sum_of_done_operations(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=0.05, requests_per_second=1000, images_per_minute=10_000)
    answered = []
    for moment in (0.0, 0.02, 0.04, 0.06, 0.08, 0.12):
        client = Client(sandbox)

        def call(client: Client = client) -> None:
            with suppress(httpx.TransportError):
                answered.append(client.sketch().json())

        callers = [threading.Thread(target=call) for _ in range(3)]
        for caller in callers:
            caller.start()
        time.sleep(moment)
        sandbox.kill()
        for caller in callers:
            caller.join()
        sandbox.start()
    record = sandbox.record()
    done = [operation for operation in record["operations"] if operation["state"] == "done"]
    assert {operation["state"] for operation in record["operations"]} <= {"done", "lost"}
    assert record["charged"] == 50_000 - record["balance"] == 80 * len(done)
    assert all(operation["charged"] == (80 if operation in done else 0) for operation in record["operations"])
    stored = {path.name for path in (sandbox.directory / "files").iterdir()}
    assert stored == {image for operation in done for image in operation["images"]}
    assert {image["image_id"] for body in answered for image in body["data"]} <= stored


def test_a_client_that_dies_after_sending_is_charged(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=0.5)
    with socket.create_connection(("127.0.0.1", sandbox.options["port"])) as connection:
        connection.sendall(REQUEST % (len(BODY), BODY))
        wait_until(lambda: states(sandbox) == ["running"])
    wait_until(lambda: states(sandbox) == ["done"])
    assert sandbox.charged() == 160


def test_a_client_that_dies_while_sending_is_not_charged(own_sandbox: Maker) -> None:
    sandbox = own_sandbox()
    with socket.create_connection(("127.0.0.1", sandbox.options["port"])) as connection:
        connection.sendall(REQUEST % (len(BODY), BODY[:10]))
        wait_until(lambda: len(sandbox.log()) == 1)
    wait_until(lambda: sandbox.log()[0]["answered_at"] is not None)
    assert (sandbox.operations(), sandbox.charged()) == ([], 0)


def test_a_stop_lets_running_calls_end_and_silent_ones_go(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=1)
    client, answers = Client(sandbox), []
    sandbox.fault("hang", path="/users/me")
    threads = [
        threading.Thread(target=lambda: answers.append(client.sketch(random_seed=1))),
        threading.Thread(target=lambda: hung_up_on(lambda: client.http.get("/v1/users/me"))),
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: states(sandbox) == ["running"] and not sandbox.faults_waiting())
    assert sandbox.terminate() == 0
    for thread in threads:
        thread.join()
    assert answers[0].json()["credits"] == 80
    sandbox.start()
    assert states(sandbox) == ["done"]


def test_a_stop_waits_for_a_call_whose_client_is_gone(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=1)
    with socket.create_connection(("127.0.0.1", sandbox.options["port"])) as connection:
        connection.sendall(REQUEST % (len(BODY), BODY))
        wait_until(lambda: states(sandbox) == ["running"])
    assert sandbox.terminate() == 0
    sandbox.start()
    assert (states(sandbox), sandbox.charged()) == (["done"], 160)


def test_a_stop_waits_for_a_call_that_was_answered_too_early(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=1)
    assert Client(sandbox).sketch(fault="edge-billed").status_code == 504
    assert sandbox.terminate() == 0
    sandbox.start()
    assert (states(sandbox), sandbox.charged()) == (["done"], 80)


def test_calls_that_run_count_against_the_balance(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(latency=1, balance=150)
    client, answers = Client(sandbox), []
    caller = threading.Thread(target=lambda: answers.append(client.sketch()))
    caller.start()
    wait_until(lambda: states(sandbox) == ["running"])
    assert client.sketch().json()["code"] == "not_enough_credits"
    assert client.http.get("/v1/users/me").json()["credits"] == 150
    caller.join()
    assert (answers[0].status_code, sandbox.balance()) == (200, 70)


def test_two_sandboxes_never_share_a_folder(own_sandbox: Maker) -> None:
    sandbox = own_sandbox()
    with pytest.raises(RuntimeError, match="Another sandbox already runs in"):
        SandboxProcess(sandbox.directory).start()
    assert sandbox.balance() == 50_000


def test_a_port_in_use_is_one_plain_sentence(own_sandbox: Maker, tmp_path: Path) -> None:
    taken = own_sandbox().options["port"]
    with pytest.raises(RuntimeError, match=rf"can't listen on 127\.0\.0\.1:{taken}"):
        SandboxProcess(tmp_path / "other", port=taken, latency=0).start()


def test_the_opening_balance_is_given_once(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(balance=500)
    sandbox.terminate()
    sandbox.options["balance"] = 900
    sandbox.start()
    assert sandbox.balance() == 500


def test_the_signing_key_is_readable_by_its_owner_only(own_sandbox: Maker) -> None:
    key = own_sandbox().directory / "signing_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32


def test_expired_files_are_removed_at_the_next_start(own_sandbox: Maker) -> None:
    sandbox = own_sandbox()
    client = Client(sandbox)
    answer = client.sketch()
    assert client.fetch(answer).status_code == 200
    sandbox.shift_clock(24 * 3600 + 1)  # a URL lives for a day
    assert client.fetch(answer).status_code == 403
    sandbox.kill()
    sandbox.start()
    assert list((sandbox.directory / "files").iterdir()) == []
    assert client.fetch(answer).status_code == 403
