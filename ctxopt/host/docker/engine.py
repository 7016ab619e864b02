"""A loopback socket that answers a docker client like an engine and counts the tar.

It knows just enough of the engine's API for the legacy `docker build` to post its
context and end well: a ping, a version, an info and the build itself.
"""

from __future__ import annotations

import contextlib
import functools
import io
import socketserver
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from pathlib import Path
from typing import Final

from ctxopt.host.docker.server import Quiet, serving
from ctxopt.host.docker.tar import CountedStream, read_members

# Above any client's own, so that each speaks the version it knows best.
_API_VERSION: Final = "1.99"
_ENGINE: Final = (
    b'{"Version":"0.0.0","ApiVersion":"1.99","MinAPIVersion":"1.12",'
    b'"Os":"linux","OSType":"linux"}'
)
_BUILT: Final = b'{"stream":"counted\\n"}\r\n'
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Posted:
    """What a client posted as the context of a build."""

    wire_bytes: int
    members: tuple[str, ...] | None  # None: it was no tar that we can read


@dataclass(frozen=True, slots=True)
class LoopbackEngine:
    """A listening engine: its address for the client, and what it was sent."""

    host: str
    posts: list[Posted] = field(default_factory=list)


@contextlib.contextmanager
def loopback_engine(folder: Path) -> Iterator[LoopbackEngine]:
    """Listen on a socket in `folder`, or on a loopback port where that cannot be."""
    posts: list[Posted] = []
    server, host = _listen(folder, functools.partial(_Handler, posts))
    with serving(server):
        yield LoopbackEngine(host, posts)


class _TcpServer(Quiet, socketserver.TCPServer):
    pass


if sys.platform != "win32":

    class _UnixServer(Quiet, socketserver.UnixStreamServer):
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, posts: list[Posted], *arguments: object) -> None:
        self._posts = posts
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"OK" if self.path.endswith("/_ping") else _ENGINE)

    def do_POST(self) -> None:
        body = CountedStream(self._body())
        if not self.path.partition("?")[0].endswith("/build"):
            body.drain()
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._posts.append(_count(body))
        self._answer(_BUILT)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""

    def _body(self) -> Callable[[int], bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return _Chunks(self.rfile).read
        length = int(self.headers.get("Content-Length", "0"))
        return io.BytesIO(self.rfile.read(length)).read

    def _answer(self, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Api-Version", _API_VERSION)
        self.send_header("Ostype", "linux")
        self.send_header("Builder-Version", "1")
        self.send_header("Content-Type", _JSON)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Chunks:
    """The data of a chunked body, as a stream that ends where the body does."""

    def __init__(self, body: BufferedIOBase) -> None:
        self._body = body
        self._left = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none after the last chunk.

        Raises EOFError where the client broke off.
        """
        if self._left == 0 and not self._ended:
            self._next_chunk()
        if self._ended:
            return b""
        data = self._body.read(min(size, self._left))
        self._left -= len(data)
        if not data:
            raise EOFError
        if self._left == 0:
            self._body.readline()
        return data

    def _next_chunk(self) -> None:
        line = self._body.readline()
        if not line:
            raise EOFError
        self._left = int(line.partition(b";")[0], 16)
        if self._left == 0:
            self._ended = True
            while self._body.readline().strip():  # trailer fields
                pass


def _count(body: CountedStream) -> Posted:
    try:
        members: tuple[str, ...] | None = tuple(read_members(body))
    except ValueError:
        members = None
    body.drain()
    return Posted(body.count, members)


def _listen(
    folder: Path, handler: Callable[..., BaseHTTPRequestHandler]
) -> tuple[socketserver.BaseServer, str]:
    if sys.platform != "win32":
        path = str(folder / "engine.sock")
        # A path too long for a socket address is an OSError.
        with contextlib.suppress(OSError):
            return _UnixServer(path, handler), f"unix://{path}"
    server = _TcpServer(("127.0.0.1", 0), handler)
    return server, f"tcp://127.0.0.1:{server.server_address[1]}"
