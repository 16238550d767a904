import httpcore
import pytest

from studio.recraft import network
from tests.recraft.servers import response, saying, serving


def test_the_connection_goes_to_the_address_that_was_looked_up_and_nowhere_else():
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return ["127.0.0.1"]

    with serving(saying(response(b""))) as server:
        # The system knows no such name: only the given address can lead to the server.
        stream = network.Backend(resolve).connect_tcp("nowhere.invalid", server.port, timeout=5)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        stream.close()
    assert asked == [("nowhere.invalid", server.port)]


def test_every_address_is_checked_before_the_first_connection():
    checked = []

    def check(host, port, address):
        checked.append(address)
        if address == "10.0.0.1":
            raise PermissionError(address)

    with serving(saying(response(b""))) as server:
        backend = network.Backend(lambda host, port: ["127.0.0.1", "10.0.0.1"], check)
        with pytest.raises(PermissionError):
            backend.connect_tcp("nowhere.invalid", server.port, timeout=5)
        assert checked == ["127.0.0.1", "10.0.0.1"]
        assert server.connections == 0


def test_a_name_without_an_address_is_a_connection_error():
    with pytest.raises(httpcore.ConnectError):
        network.Backend(lambda host, port: []).connect_tcp("nowhere.invalid", 443, timeout=5)


def test_nothing_is_connected_to_after_the_deadline():
    with serving(saying(response(b""))) as server, network.deadline(-1):
        with pytest.raises(httpcore.ConnectTimeout):
            network.Backend().connect_tcp("127.0.0.1", server.port, timeout=5)
        assert server.connections == 0


def test_a_deadline_ends_with_its_block():
    with serving(saying(response(b""))) as server:
        with network.deadline(-1):
            pass
        network.Backend().connect_tcp("127.0.0.1", server.port, timeout=5).close()


def test_addresses_are_listed_once_each():
    assert network.resolve("127.0.0.1", 80) == ("127.0.0.1",)
