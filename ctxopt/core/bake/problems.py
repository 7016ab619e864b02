"""What is wrong, gathered as it is found, each with its line as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ctxopt.core.bake.records import (
    BakeProblem,
    BakeRefusedError,
    Place,
    UnknownValueError,
)

_LONGEST = 100


class ProblemList:
    """The problems so far. `texts` are the files that were read, by name."""

    def __init__(self, texts: Mapping[str, str], first_file: str) -> None:
        self._texts = texts
        self._first_file = first_file
        self._found: dict[BakeProblem, None] = {}

    @property
    def found(self) -> tuple[BakeProblem, ...]:
        """Each problem once, in the order found."""
        return tuple(self._found)

    def add(
        self, message: str, place: Place | None, *, is_refused: bool = True
    ) -> None:
        """One more problem."""
        if place is None:
            problem = BakeProblem(message, self._first_file, is_refused=is_refused)
        else:
            text = self._line(place)
            problem = BakeProblem(message, place.file, place.line, text, is_refused)
        self._found[problem] = None

    def _line(self, place: Place) -> str:
        lines = self._texts.get(place.file, "").split("\n")
        text = lines[place.line - 1].strip() if place.line <= len(lines) else ""
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    @contextmanager
    def caught(self, place: Place | None = None) -> Iterator[None]:
        """What cannot be worked out inside becomes a problem, and the rest goes on."""
        try:
            yield
        except BakeRefusedError as error:
            self.add(error.message, error.place or place)
        except UnknownValueError as error:
            self.add(error.message, error.place or place, is_refused=False)
