"""One line on the terminal while a long walk, or what comes after it, goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import TracebackType

from ctxopt.core.steps import Step
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self, TextIO

PATIENCE_SECONDS = 0.5  # a shorter run shows nothing
INTERVAL_SECONDS = 0.1
ERASE = "\r\x1b[K"


class LiveLine:
    """A line that is written over now and then, and leaves nothing behind.

    Silent unless `out` is a terminal that can erase a line.
    """

    def __init__(
        self,
        out: TextIO,
        *,
        silent: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out = out
        self._clock = clock
        self._due = clock() + PATIENCE_SECONDS
        self._shown = False
        self._live = not silent and out.isatty() and os.environ.get("TERM") != "dumb"

    def tell(self, words: Callable[[], str]) -> None:
        """Show what `words` makes if it is time to; else it is not even made."""
        if self._live and self._clock() >= self._due:
            self.tell_now(words)

    def tell_now(self, words: Callable[[], str]) -> None:
        """Show what `words` makes, as nothing else is going to happen soon."""
        if not self._live:
            return
        self._out.write(ERASE + words()[: self._columns() - 1])
        self._out.flush()
        self._shown = True
        self._due = self._clock() + INTERVAL_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            self._out.write(ERASE)
            self._out.flush()

    def _columns(self) -> int:
        """A line that wraps could not be erased."""
        try:
            return os.get_terminal_size(self._out.fileno()).columns or 80
        except (OSError, ValueError):
            return 80


class Progress(LiveLine):
    """Called with the counts so far, shows them now and then.

    with Progress(sys.stderr) as progress:
        analyze(request, progress=progress)

    Told of other steps, it shows these.
    """

    def __call__(self, entries: int, file_bytes: int) -> None:
        """Show the counts if it is time to."""

        def words() -> str:
            # Here, for the words are needed only by the run that takes long.
            from ctxopt.view.terminal.formatting import count, size

            return f"reading the context: {count(entries, 'entry')}, {size(file_bytes)}"

        self.tell(words)

    def advising(self, step: Step, done: int = 0, of: int = 0) -> None:
        """Show what is worked out if it is time to, and how far that is."""
        self.tell(lambda: f"{_WORDS[step]}{f' {done:,} of {of:,}' if of else ''}")


_WORDS = {
    Step.READING: "reading other Dockerfiles:",
    Step.ADVISING: "working out what can go",
    Step.EACH: "working out what can go: build",
    Step.TOGETHER: "working out what can go, with the others in mind: build",
    Step.ALONE: "working out what each Dockerfile could do alone: build",
}
