"""Listening sockets of our own, for a docker client to talk to."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Final

_POLL_SECONDS: Final = 0.05


class Quiet(socketserver.ThreadingMixIn):
    """One thread a connection; those of a killed client do not hold us up."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that breaks off tells why in its own words."""


@contextlib.contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let `server` answer in a thread of its own, and close it in the end."""
    with server:
        thread = threading.Thread(
            target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
