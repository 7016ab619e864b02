"""A socket between a docker client and its engine that keeps what a build answers.

The client rounds the sizes it prints; the engine tells it the exact ones in the
answer to `POST /build`. Every byte passes untouched, those of upgraded connections
(`/session`, over which the context travels) too.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ctxopt.host.docker.server import Quiet, serving

_CHUNK: Final = 1 << 18
_CONNECT_SECONDS: Final = 10.0
_PORT: Final = 2375
# A client sends a request's first line in one piece, and the next request only
# after the answer.
_REQUEST: Final = re.compile(rb"([A-Z]+) ([^ ?]+)(?:\?\S*)? HTTP/1\.[01]\r\n")
# A build of fifteen minutes tells some ten megabytes; more is not ours.
_KEPT_BYTES: Final = 1 << 26

Connect = Callable[[], socket.socket]
See = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Relay:
    """A listening relay: its address for the client, and the answers to builds.

    An answer is a whole HTTP response as it came; it is complete when the client
    has ended.
    """

    host: str
    answers: list[bytearray]


@contextlib.contextmanager
def relay(folder: Path, host: str) -> Iterator[Relay | None]:
    """Listen in `folder` for clients of the engine at `host`.

    None where that cannot be: the engine is reached by TLS, ssh or a named pipe, or
    the folder's path is too long for a socket address. A port would be no way out:
    everybody on this machine could reach the engine through it.
    """
    connect = _connector(host)
    server = None if connect is None else _listen(folder / "relay.sock", connect)
    if server is None:
        yield None
        return
    with serving(server):
        try:
            yield Relay(f"unix://{server.server_address}", server.answers)
        finally:
            server.hang_up()


def _connector(host: str) -> Connect | None:
    """Return how to reach the engine, None for a way we do not speak."""
    scheme, _, rest = host.partition("://")
    if scheme == "unix" and sys.platform != "win32":
        return lambda: _connect_unix(rest)
    if scheme == "tcp":
        with contextlib.suppress(ValueError):  # what is no address
            url = urlsplit(host)
            address = (url.hostname or "", url.port or _PORT)
            if address[0] and url.path in ("", "/"):
                return lambda: _connect_tcp(address)
    return None


if sys.platform == "win32":

    def _listen(path: Path, connect: Connect) -> None:
        """Nowhere: there are no sockets in folders that a client could use."""

else:

    def _connect_unix(path: str) -> socket.socket:
        engine = socket.socket(socket.AF_UNIX)
        try:
            engine.connect(path)
        except OSError:
            engine.close()
            raise
        return engine

    class _Server(Quiet, socketserver.UnixStreamServer):
        """Joins every client to a connection of its own to the engine."""

        def __init__(self, path: Path, connect: Connect) -> None:
            super().__init__(str(path), socketserver.BaseRequestHandler)
            self.answers: list[bytearray] = []
            self._connect = connect
            self._open: list[socket.socket] = []

        def finish_request(
            self, request: socket.socket | tuple[bytes, socket.socket], _: object
        ) -> None:
            assert isinstance(request, socket.socket)
            with self._connect() as engine:
                self._open += (request, engine)
                _join(request, engine, _Overheard(self.answers))

        def hang_up(self) -> None:
            """End what a killed client may have left open."""
            for connection in self._open:
                _end(connection)

    def _listen(path: Path, connect: Connect) -> _Server | None:
        # An engine that cannot be reached, or a path too long for an address.
        with contextlib.suppress(OSError):
            connect().close()
            return _Server(path, connect)
        return None


def _connect_tcp(address: tuple[str, int]) -> socket.socket:
    engine = socket.create_connection(address, _CONNECT_SECONDS)
    engine.settimeout(None)
    return engine


class _Overheard:
    """Watches one connection and keeps what comes back to a `POST /build`."""

    def __init__(self, kept: list[bytearray]) -> None:
        self._kept = kept
        self._current: bytearray | None = None

    def see_request(self, piece: bytes) -> None:
        """Look at a piece on its way to the engine, before it gets there."""
        if not (match := _REQUEST.match(piece)):
            return
        method, path = match.groups()
        self._current = None
        if method == b"POST" and path.endswith(b"/build"):
            self._current = bytearray()
            self._kept.append(self._current)

    def see_answer(self, piece: bytes) -> None:
        """Look at a piece on its way to the client, before it gets there."""
        answer = self._current
        if answer is not None and len(answer) < _KEPT_BYTES:
            answer += piece


def _join(client: socket.socket, engine: socket.socket, answers: _Overheard) -> None:
    upward = threading.Thread(
        target=_pass_on, args=(client, engine, answers.see_request), daemon=True
    )
    upward.start()
    _pass_on(engine, client, answers.see_answer)
    upward.join()


def _pass_on(source: socket.socket, sink: socket.socket, see: See) -> None:
    """Pass bytes on until `source` has no more, and say so to `sink`."""
    try:
        while piece := source.recv(_CHUNK):
            see(piece)
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # one of the two is gone, so the other has nobody to talk to
        _end(source)
        _end(sink)


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
