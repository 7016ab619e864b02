"""The engine's own words about a build: HTTP, JSON lines and protobuf."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.host.docker.progress import ProgressStep
from ctxopt.host.docker.protobuf import read_fields
from ctxopt.host.docker.trace import parse_answer

CONTEXT = b"[internal] load build context"
# Recorded from an engine 20.10.24: a status of a transfer of 59 bytes.
RECORDED = (
    "Ep0BChh0cmFuc2ZlcnJpbmcgZG9ja2VyZmlsZToSR3NoYTI1NjoxMTBlZmI2NTExNGFhZTcxOTUyZDM0"
    "MzllYTI2NTk4ZjI2ZGQ2ODk3OGYwMzAxZmQyMTRhYmFlNzA0YmQ2Mzc3Ggx0cmFuc2ZlcnJpbmcgOzIM"
    "CNzkktgGELPd5bICOgwI3OSS2AYQ1+OXsQJCDAjc5JLYBhCE1eWyAg=="
)


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def vertex(
    digest: bytes = b"c",
    name: bytes = CONTEXT,
    *,
    done: bool = False,
    error: bytes = b"",
) -> bytes:
    fields = field(1, digest) + field(2, b"input") + field(3, name) + field(4, 1)
    if done:
        fields += field(6, field(1, 1_600_000_000))
    if error:
        fields += field(7, error)
    return field(1, fields)


def status(current: int, text: bytes = b"transferring context:") -> bytes:
    fields = field(1, text) + field(2, b"c") + field(3, b"transferring")
    return field(2, fields + (field(4, current) if current else b""))


def line(message: bytes) -> bytes:
    aux = base64.b64encode(message).decode()
    return json.dumps({"id": "moby.buildkit.trace", "aux": aux}).encode() + b"\r\n"


def answer(body: bytes, piece: int = 0) -> bytes:
    """Return a response, chunked into pieces of that size or not at all."""
    if not piece:
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body
    head = b"HTTP/1.1 200 OK\r\nServer: Docker\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)]
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (*pieces, b"")]
    return head + b"".join(chunks)


TRANSFER = (
    line(vertex())
    + line(status(0))
    + line(status(32_776) + field(3, b"a log"))
    + b'{"stream":"hello"}\r\n{"id":"moby.image.id","aux":{"ID":"sha256:x"}}\r\n\r\n'
    + line(status(26_621_337))
    + line(vertex(done=True))
)
TRANSFERRED = (ProgressStep(CONTEXT.decode(), 26_621_337, done=True),)


@pytest.mark.parametrize("piece", [0, 1, 7, 100, 4096, 100_000])
def test_sizes_are_exact_however_the_answer_is_cut(piece: int) -> None:
    assert parse_answer(answer(TRANSFER, piece)) == TRANSFERRED


def test_a_continue_before_the_answer_is_passed_over() -> None:
    before = b"HTTP/1.1 100 Continue\r\n\r\n"

    assert parse_answer(before + answer(TRANSFER, 50)) == TRANSFERRED


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TRANSFER[:-30], id="it broke off within a line"),
        pytest.param(TRANSFER.replace(b'"aux"', b"'aux'"), id="no JSON"),
        pytest.param(TRANSFER + line(b"\x0a\x50abc"), id="a message cut off"),
        pytest.param(TRANSFER + line(field(2, 7)), id="a number for a message"),
        pytest.param(TRANSFER + b'{"id":"moby.buildkit.trace"}', id="no message"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"404 page not found\n", id="an answer to something else"),
    ],
)
def test_what_is_not_understood_tells_nothing(body: bytes) -> None:
    assert parse_answer(answer(body)) == ()


def test_an_answer_that_broke_off_is_not_done() -> None:
    whole = answer(TRANSFER, 4096)
    last_line = len(line(vertex(done=True)))

    (step,) = parse_answer(answer(TRANSFER[:-last_line], 50))
    assert not step.done
    assert parse_answer(whole[:100]) == ()
    assert parse_answer(b"HTTP/1.1 200 OK\r\nTransfer-Enc") == ()


def test_a_step_with_an_error_is_not_done() -> None:
    body = line(vertex()) + line(vertex(done=True, error=b"error from sender"))

    assert parse_answer(answer(body)) == (ProgressStep(CONTEXT.decode()),)


def test_other_statuses_are_no_transfers() -> None:
    body = line(vertex()) + line(status(5, b"extracting sha256:x"))

    assert parse_answer(answer(body)) == (ProgressStep(CONTEXT.decode()),)


def test_a_recorded_status() -> None:
    (message,) = dict(read_fields(base64.b64decode(RECORDED))).values()
    assert isinstance(message, bytes)
    fields = dict(read_fields(message))

    assert fields[1] == b"transferring dockerfile:"
    assert fields[4] == 59
    assert sorted(fields) == [1, 2, 3, 4, 6, 7, 8]


NUMBERS = st.integers(1, (1 << 29) - 1)
VALUES = st.one_of(st.integers(-(1 << 63), (1 << 63) - 1), st.binary(max_size=300))


@given(st.lists(st.tuples(NUMBERS, VALUES)))
def test_fields_are_read_as_they_were_written(
    fields: list[tuple[int, int | bytes]],
) -> None:
    message = b"".join(field(number, value) for number, value in fields)

    assert list(read_fields(message)) == fields


def test_fixed_numbers_are_passed_over_as_bytes() -> None:
    message = b"\x09" + b"12345678" + b"\x15" + b"1234" + b"\x18\x05"

    assert list(read_fields(message)) == [(1, b"12345678"), (2, b"1234"), (3, 5)]


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_fields_or_a_value_error(message: bytes) -> None:
    try:
        fields = list(read_fields(message))
    except ValueError:
        return
    assert bool(fields) == bool(message)


@given(st.binary(max_size=200))
def test_no_answer_is_too_odd_to_be_read(noise: bytes) -> None:
    parse_answer(noise)
    parse_answer(answer(noise))
    parse_answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + noise)
