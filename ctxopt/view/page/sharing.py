"""What several builds have in common, once: hundreds of a repository are much alike.

Where a value stands in a table, `{"part": 3}` stands in its place. That goes for the
fields of a build, and for what is right in them, as the columns of a picture.
"""

from __future__ import annotations

from ctxopt.view.page.sealed import encoded
from ctxopt.view.report.json import Json

SMALLEST = 40  # letters; what is shorter than that stands where it belongs


class Shelf:
    """A table of parts, and the room that it takes."""

    def __init__(self) -> None:
        self.parts: list[object] = []
        self.size = 0
        self._places: dict[str, int] = {}

    def shared(self, build: Json) -> Json:
        """A build whose long values stand in the table."""
        return {name: self._of(value) for name, value in build.items()}

    def _of(self, value: object) -> object:
        if isinstance(value, dict):
            value = {name: self._placed(inner) for name, inner in value.items()}
        return self._placed(value)

    def _placed(self, value: object) -> object:
        text = encoded(value)
        if len(text) < SMALLEST:
            return value
        at = self._places.get(text)
        if at is None:
            at = self._places[text] = len(self.parts)
            self.parts.append(value)
            self.size += len(text) + 1
        return {"part": at}
