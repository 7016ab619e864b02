"""Sleep until there is something to read, or until somebody calls.

sleeper.watch(kernel.fd)
sleeper.sleep(until)    # a thread may call `wake` meanwhile, or write to `waker`
"""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress


class Sleeper:
    """Waits for files in the kernel, and costs no time meanwhile."""

    __slots__ = ("_attended", "_poller", "_wake", "_woken")

    def __init__(self) -> None:
        self._attended: set[int] = set()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._poller = select.poll()
        self._poller.register(self._woken, select.POLLIN)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._wake == -1

    @property
    def waker(self) -> int:
        """Where a byte wakes as `wake` does, for `signal.set_wakeup_fd`."""
        return self._wake

    def watch(self, fd: int) -> None:
        """Wake up when there is something to read from `fd`."""
        self._poller.register(fd, select.POLLIN)

    def attend(self, fd: int) -> None:
        """The same, and `sleep` says so."""
        self._attended.add(fd)
        self.watch(fd)

    def wake(self) -> None:
        """Let `sleep` return now, or at once when it is called next.

        For other threads, too.
        """
        # A full pipe wakes already; a closed one wakes nobody.
        with suppress(OSError):
            os.write(self._wake, b"\0")

    def sleep(self, until: float | None) -> bool:
        """Wait until then; whether `wake` came, or a file that is attended to."""
        pause = None if until is None else max(until - time.monotonic(), 0.0) * 1000
        ready = {fd for fd, _ in self._poller.poll(pause)}
        is_woken = self._woken in ready
        if is_woken:
            with suppress(BlockingIOError):
                while os.read(self._woken, 4096):
                    pass
        return is_woken or not ready.isdisjoint(self._attended)

    def close(self) -> None:
        """Give the pipe back."""
        wake, self._wake = self._wake, -1
        os.close(wake)
        os.close(self._woken)
