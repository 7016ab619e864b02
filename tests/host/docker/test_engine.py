"""The loopback engine, spoken to as a client speaks."""

from __future__ import annotations

import http.client
import io
import socket
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ctxopt.host.docker.engine import LoopbackEngine, Posted, loopback_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[LoopbackEngine]:
    with loopback_engine(tmp_path) as listening:
        yield listening


def _connect(engine: LoopbackEngine) -> http.client.HTTPConnection:
    scheme, _, address = engine.host.partition("://")
    connection = http.client.HTTPConnection("localhost", timeout=10)
    if scheme == "unix":
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(address)
    else:
        host, _, port = address.partition(":")
        connection.sock = socket.create_connection((host, int(port)))
    return connection


def _post(engine: LoopbackEngine, path: str, body: Iterable[bytes]) -> int:
    connection = _connect(engine)
    connection.request("POST", path, body, encode_chunked=True, headers=CHUNKED)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


CHUNKED = {"Transfer-Encoding": "chunked"}


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("a")
        member.size = 700
        tar.addfile(member, io.BytesIO(b"x" * 700))
    return buffer.getvalue()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_ping_is_answered_with_a_version_no_client_exceeds(
    engine: LoopbackEngine, method: str
) -> None:
    connection = _connect(engine)
    connection.request(method, "/_ping")
    response = connection.getresponse()

    assert response.status == 200
    assert response.headers["Api-Version"] == "1.99"
    assert response.read() == (b"OK" if method == "GET" else b"")
    connection.close()


@pytest.mark.parametrize("piece", [1, 100, 512, 100_000])
def test_a_posted_tar_is_counted_however_it_is_cut(
    engine: LoopbackEngine, piece: int
) -> None:
    tar = _tar()
    pieces = [tar[at : at + piece] for at in range(0, len(tar), piece)]

    assert _post(engine, "/v1.41/build?dockerfile=Dockerfile", pieces) == 200
    assert engine.posts == [Posted(len(tar), ("a",))]


def test_what_is_no_tar_is_counted_and_not_named(engine: LoopbackEngine) -> None:
    assert _post(engine, "/v1.41/build", [b"no tar", b"x" * 1000]) == 200
    assert engine.posts == [Posted(1006, None)]


def test_any_other_post_is_refused(engine: LoopbackEngine) -> None:
    assert _post(engine, "/v1.41/session", [b"hello"]) == 404
    assert engine.posts == []


def test_a_client_that_breaks_off_leaves_the_engine_well(
    engine: LoopbackEngine,
) -> None:
    connection = _connect(engine)
    connection.putrequest("POST", "/v1.41/build")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"200\r\nonly a part")
    connection.close()

    assert _post(engine, "/v1.41/build", [_tar()]) == 200
    assert len(engine.posts) == 1


def test_a_path_too_long_for_a_socket_falls_back_to_a_port(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()

    with loopback_engine(folder) as engine:
        assert engine.host.startswith("tcp://127.0.0.1:")
        assert _post(engine, "/build", [_tar()]) == 200
    assert [post.members for post in engine.posts] == [("a",)]
