"""What leaves: every operation's request as a server gets it."""

import io
import json
from email.parser import BytesParser

import httpx
import pytest

from studio.recraft import errors
from studio.recraft.catalogue import OPERATIONS, Encoding
from studio.recraft.client import RecraftClient
from studio.recraft.inputs import JPG, PNG, SVG, WEBP, InputFile
from tests.recraft.samples import PAIRS, file, files_for, full_values, least_values, name_of

INPAINT = OPERATIONS["inpaint"]
MULTIPART = [operation for operation in OPERATIONS.values() if operation.encoding is Encoding.MULTIPART]
ANSWER = {"created": 1, "credits": 40, "data": []}


class Recorder:
    """A server that takes everything and remembers it."""

    def __init__(self):
        self.requests = []
        self.client = RecraftClient("token", "https://recraft.test/v1", httpx.MockTransport(self))

    def __call__(self, request):
        request.read()
        self.requests.append(request)
        return httpx.Response(200, json=ANSWER)

    def sent(self, operation, values, files):
        self.client.call(operation, values, files)
        return self.requests[-1]


@pytest.fixture
def server():
    return Recorder()


def parts(request):
    """(name, file name, media type, content) of each part of a multipart body."""
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    for part in BytesParser().parsebytes(head + request.content).get_payload():
        name = part.get_param("name", header="content-disposition")
        yield name, part.get_filename(), part["content-type"], part.get_payload(decode=True)


def value_of(content, expected):
    return content.decode() if isinstance(expected, str) else json.loads(content)


@pytest.mark.parametrize(("operation", "image_model"), PAIRS, ids=name_of)
def test_every_request_holds_exactly_the_catalogues_body_and_its_files(server, operation, image_model):
    values = full_values(operation, image_model)
    files = files_for(operation, values)
    operation.check_inputs(values, files)
    request = server.sent(operation, values, files)
    assert (request.method, str(request.url)) == ("POST", f"https://recraft.test/v1{operation.path}")
    assert len(server.requests) == 1
    if operation.encoding is Encoding.JSON:
        assert json.loads(request.content) == operation.body(values)
        return
    body = operation.body(values)
    fields = {name: value_of(content, body[name]) for name, named, _, content in parts(request) if named is None}
    assert fields == body
    sent = [(name, content) for name, named, _, content in parts(request) if named is not None]
    assert sent == [
        (param.path, f"bytes of {id}".encode())
        for param in operation.inputs
        for id in param.ids(values.get(param.name) or [])
    ]


@pytest.mark.parametrize("operation", MULTIPART, ids=name_of)
def test_the_length_is_said_before_the_body(server, operation):
    values = least_values(operation)
    request = server.sent(operation, values, files_for(operation, values))
    assert int(request.headers["content-length"]) == len(request.content)
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")


def test_nested_values_are_json_text_in_a_part_of_their_own(server):
    values = {"image": "a", "mask": "b", "prompt": "ü", "colors": [{"rgb": [1, 2, 3]}], "no_text": True}
    content = server.sent(INPAINT, values, files_for(INPAINT, values)).content
    assert b'name="prompt"\r\n\r\n\xc3\xbc\r\n' in content
    assert b'name="controls"\r\n\r\n{"colors": [{"rgb": [1, 2, 3]}], "no_text": true}\r\n' in content


@pytest.mark.parametrize(
    ("media_type", "name"), [(PNG, "image.png"), (JPG, "image.jpg"), (WEBP, "image.webp"), (SVG, "image.svg")]
)
def test_a_file_part_is_named_after_the_param_and_its_kind(server, media_type, name):
    values = least_values(OPERATIONS["replace-background"])
    request = server.sent(OPERATIONS["replace-background"], values, {"image": (file(b"x", media_type=media_type),)})
    assert [(each, named, kind) for each, named, kind, _ in parts(request) if named] == [("image", name, media_type)]


def test_a_style_of_styles_alone_is_multipart_too(server):
    values = {"style": "any", "source_styles": ["229b2a75-05e4-4580-85f9-b47ee521a00d"]}
    request = server.sent(OPERATIONS["create-style"], values, {})
    assert request.headers["content-type"].startswith("multipart/form-data")
    assert {name: content for name, _, _, content in parts(request)}["style"] == b"any"


class Watched(io.BytesIO):
    """A file that remembers how it was read."""

    def __init__(self, size):
        super().__init__(bytes(size))
        self.reads = []

    def read(self, size=-1):
        self.reads.append(size)
        return super().read(size)


def test_a_picture_is_read_in_pieces_and_closed(server):
    watched = Watched(9_000_000)
    picture = InputFile(media_type=PNG, size=9_000_000, width=3000, height=3000, open=lambda: watched)
    server.sent(OPERATIONS["vectorize"], {"image": "a"}, {"image": (picture,)})
    assert max(watched.reads) <= 2**16
    assert min(watched.reads) > 0
    assert watched.closed


def test_a_file_is_closed_when_the_call_fails():
    def fail(request):
        raise httpx.ReadTimeout("slow")

    watched = Watched(10)
    picture = InputFile(media_type=PNG, size=10, width=300, height=300, open=lambda: watched)
    with pytest.raises(errors.OutcomeUnknown):
        RecraftClient("token", "https://recraft.test/v1", httpx.MockTransport(fail)).call(
            OPERATIONS["vectorize"], {"image": "a"}, {"image": (picture,)}
        )
    assert watched.closed


def test_a_file_on_disk_is_sent(server, tmp_path):
    path = tmp_path / "somebody's private name.png"
    path.write_bytes(b"\x89PNG")
    request = server.sent(
        OPERATIONS["vectorize"], {"image": "a"}, {"image": (InputFile.at(path, media_type=PNG, width=300, height=300),)}
    )
    assert [content for _, named, _, content in parts(request) if named] == [b"\x89PNG"]
    assert b"private" not in request.content


def test_a_file_that_is_gone_is_final_and_nothing_is_sent(server, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG")
    picture = InputFile.at(path, media_type=PNG, width=300, height=300)
    path.unlink()
    for files in ({"image": (picture,)}, {}, {"image": (file(b"cut", size=4),)}, {"image": (file(), file())}):
        with pytest.raises(errors.InputUnreadable) as caught:
            server.client.call(OPERATIONS["vectorize"], {"image": "a"}, files)
        assert not caught.value.may_send_again
        assert caught.value.charged is False
    assert server.requests == []


def test_references_that_are_named_but_not_there_are_not_left_out_in_silence(server):
    values = {"style": "any", "images": ["a", "b"], "source_styles": ["229b2a75-05e4-4580-85f9-b47ee521a00d"]}
    for files in ({}, {"images": (file(),)}):
        with pytest.raises(errors.InputUnreadable):
            server.client.call(OPERATIONS["create-style"], values, files)
    assert server.requests == []
