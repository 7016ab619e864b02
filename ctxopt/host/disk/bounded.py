"""Reading with a bound: no file is read for ever."""

from __future__ import annotations

import errno
import os

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import select

# What gRPC carries in one message or header list, and so what BuildKit's parts can hand
# each other of a file. For the legacy builder, which has no such bound, it is ctxopt's
# own: without one, a link to a device is read until memory ends.
LIMIT_BYTES = 16 << 20


PIPE_SECONDS = 10  # how long a pipe may stay without anybody who writes into it


_WITHOUT_WAITING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


class TooLargeError(OSError):
    """There is more than LIMIT_BYTES to read."""

    def __init__(self) -> None:
        super().__init__(
            errno.EFBIG,
            f"it has more than {LIMIT_BYTES >> 20} MiB, the most that ctxopt reads",
        )


def read_at_once(path: str) -> bytes:
    """Read what is there now, waiting for nobody.

    A device or a pipe without anything to read raises BlockingIOError or is empty.
    Raises OSError, TooLargeError among them.
    """
    with open(os.open(path, _WITHOUT_WAITING), "rb", buffering=0) as file:
        return _read_all(file.fileno())


def read_pipe(path: str) -> bytes:
    """Read a pipe until its writers have closed it.

    Raises OSError, TimeoutError and TooLargeError among them.
    """
    import select  # start-up: few Dockerfiles are pipes

    with open(os.open(path, _WITHOUT_WAITING), "rb", buffering=0) as file:
        # A pipe that nobody has opened yet looks like one at its end, but is silent.
        waiting = select.poll()
        waiting.register(file.fileno(), select.POLLIN)
        return _read_all(file.fileno(), waiting)


def _read_all(descriptor: int, waiting: select.poll | None = None) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= LIMIT_BYTES:
        if waiting is not None and not waiting.poll(PIPE_SECONDS * 1000):
            raise TimeoutError
        part = os.read(descriptor, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    raise TooLargeError
