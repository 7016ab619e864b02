"""The relay, between a client and an engine that are both scripted here."""

from __future__ import annotations

import os
import socket
import socketserver
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxopt.host.docker.relay import Relay, relay
from ctxopt.host.docker.server import Quiet, serving

if sys.platform == "win32":
    pytest.skip("no sockets in folders", allow_module_level=True)

PING = b"HEAD /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"
BUILD = b"POST /v1.41/build?version=2&target=/build HTTP/1.1\r\nHost: docker\r\n\r\n"
CANCEL = b"POST /v1.41/build/cancel?id=1 HTTP/1.1\r\nHost: docker\r\n\r\n"
SESSION = (
    b"POST /session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\n"
    b"Upgrade: h2c\r\n\r\n"
)
PONG = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
BUILT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
ANSWERS = {PING: PONG, BUILD: BUILT, CANCEL: PONG, SESSION: UPGRADED}


class ScriptedEngine(Quiet, socketserver.UnixStreamServer):
    """Answers each request from the script, and echoes what follows an upgrade."""

    def finish_request(
        self,
        request: socket.socket | tuple[bytes, socket.socket],
        client_address: object,
    ) -> None:
        assert isinstance(request, socket.socket)
        while piece := request.recv(1 << 16):
            request.sendall(ANSWERS[piece])
            if piece == SESSION:
                self._echo(request)

    def _echo(self, connection: socket.socket) -> None:
        heard = bytearray()
        while piece := connection.recv(1 << 16):
            heard += piece
        connection.sendall(heard[::-1])
        connection.shutdown(socket.SHUT_WR)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[str]:
    server = ScriptedEngine(str(tmp_path / "engine"), socketserver.BaseRequestHandler)
    with serving(server):
        yield f"unix://{tmp_path}/engine"


@pytest.fixture
def way(engine: str, tmp_path: Path) -> Iterator[Relay]:
    with relay(tmp_path, engine) as listening:
        assert listening is not None
        yield listening


def connect(way: Relay) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(10)
    connection.connect(way.host.removeprefix("unix://"))
    return connection


def ask(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    return take(connection, len(ANSWERS[request]))


def take(connection: socket.socket, size: int) -> bytes:
    taken = b""
    while len(taken) < size and (piece := connection.recv(size - len(taken))):
        taken += piece
    return taken


def test_the_answer_to_a_build_is_kept(way: Relay) -> None:
    with connect(way) as connection:
        assert ask(connection, BUILD) == BUILT

    assert way.answers == [BUILT]


def test_of_a_connection_used_again_only_builds_are_kept(way: Relay) -> None:
    with connect(way) as connection:
        for request in (PING, BUILD, CANCEL, BUILD, PING):
            assert ask(connection, request) == ANSWERS[request]

    assert way.answers == [BUILT, BUILT]


def test_an_upgraded_connection_passes_untouched_both_ways(way: Relay) -> None:
    # Larger than any buffer on the way, and with the words of a request in it.
    content = os.urandom(1 << 20) + BUILD + os.urandom(1 << 20)

    with connect(way) as connection:
        assert ask(connection, SESSION) == UPGRADED
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        assert take(connection, len(content)) == content[::-1]
        assert connection.recv(1) == b""

    assert not any(way.answers)


def test_connections_do_not_wait_for_each_other(way: Relay) -> None:
    with connect(way) as session, connect(way) as build:
        ask(session, SESSION)
        assert ask(build, BUILD) == BUILT


def test_a_client_that_breaks_off_leaves_the_relay_well(way: Relay) -> None:
    with connect(way) as connection:
        connection.sendall(SESSION)
    with connect(way) as connection:
        assert ask(connection, BUILD) == BUILT


def test_the_end_hangs_up_on_whoever_is_left(engine: str, tmp_path: Path) -> None:
    with relay(tmp_path, engine) as way:
        assert way is not None
        connection = connect(way)
        ask(connection, SESSION)
    with connection:
        assert connection.recv(1) == b""


def test_an_engine_that_vanishes_ends_the_connection(tmp_path: Path) -> None:
    server = ScriptedEngine(str(tmp_path / "engine"), socketserver.BaseRequestHandler)
    with relay(tmp_path, f"unix://{tmp_path}/engine") as way:
        server.server_close()
        assert way is not None
        with connect(way) as connection:
            assert connection.recv(1) == b""


@pytest.mark.parametrize(
    "host",
    [
        "ssh://me@far.invalid",
        "npipe:////./pipe/docker_engine",
        "tcp://far.invalid:2375/behind/a/proxy",
        "tcp://127.0.0.1:1",
        "tcp://127.0.0.1:none",
        "unix:///nowhere/engine.sock",
        "",
    ],
)
def test_no_relay_to_what_cannot_be_reached(host: str, tmp_path: Path) -> None:
    with relay(tmp_path, host) as way:
        assert way is None


def test_no_relay_where_a_path_is_too_long_for_a_socket(
    engine: str, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()

    with relay(folder, engine) as way:
        assert way is None


def test_an_engine_behind_a_port_is_reached(tmp_path: Path) -> None:
    class Engine(Quiet, socketserver.TCPServer):
        def finish_request(self, request: object, client_address: object) -> None:
            assert isinstance(request, socket.socket)
            if request.recv(1 << 16):
                request.sendall(BUILT)

    server = Engine(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    host = f"tcp://127.0.0.1:{server.server_address[1]}"
    with serving(server), relay(tmp_path, host) as way:
        assert way is not None
        assert way.host.startswith("unix://")
        with connect(way) as connection:
            assert ask(connection, BUILD) == BUILT
        assert way.answers == [BUILT]
