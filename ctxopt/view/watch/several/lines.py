"""Several builds, line by line, where there is no terminal to draw on.

12:00:07 api/main.py +12 B  api: COPY . . (Dockerfile:4) and 3 more; web: nothing
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.model import Suggestion
from ctxopt.core.watching.several import (
    BuildEvent,
    BuildProblem,
    BuildRow,
    SeveralEvent,
    SeveralMoment,
    SharedChange,
)
from ctxopt.view.terminal import formatting
from ctxopt.view.watch.events import MOST_SUGGESTED, STALE, Plain
from ctxopt.view.watch.several import words

_UNMEASURED = "cannot be measured"


class SeveralPlain:
    """Events of several builds as lines for people: the time, and what happened."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        self._plain = Plain(encoding)
        self._sizes: dict[str, str] = {}  # as they were told last

    def begin(self, event: SeveralEvent, moment: SeveralMoment, now: float) -> str:
        """What is watched; `now` in seconds since the epoch, here and below."""
        folder = self._safe(moment.folder)
        count = formatting.count(len(moment.rows), "build")
        return self._lines(
            now,
            f"watching {count} in {folder}",
            *map(self._row, moment.rows),
            *map(self._problem, _unsaid(event.problems)),
            *self._suggested(event.builds),
        )

    def tell(self, event: SeveralEvent, moment: SeveralMoment, now: float) -> str:
        """A line a change, then what else is another; sizes where they changed."""
        texts = [self._change(one) for one in event.changes]
        new = {one.build for one in event.builds if one.is_new}
        others = [one.build for one in event.builds if not one.is_new]
        sizes = self._changed_sizes([one for one in moment.rows if one.name in others])
        if texts and sizes:
            texts[-1] += f"   {sizes}"
        elif sizes:
            texts = [f"measured again   {sizes}"]
        if event.found:
            count = formatting.count(len(moment.rows), "build")
            texts.append(f"{count} in {self._safe(moment.folder)} now")
        texts += [self._row(row) for row in moment.rows if row.name in new]
        texts += map(self._problem, event.problems)
        return self._lines(now, *texts, *self._suggested(event.builds))

    def end(self, why: str, now: float) -> str:
        """Watching is over."""
        return self._plain.end(why, now)

    # --- one line ------------------------------------------------------------------

    def _change(self, change: SharedChange) -> str:
        head = words.head(change, self._encoding)
        return f"{head}  {words.meaning(change, self._encoding)}"

    def _row(self, row: BuildRow) -> str:
        """A build when it is first told of."""
        self._sizes[row.name] = _size(row)
        name = self._safe(row.name)
        if row.wire_bytes is None:
            return f"{name}: {_UNMEASURED}: {self._safe(row.failed)}"
        size = f"{name}: transfer {formatting.size(row.wire_bytes)}"
        where = self._safe(_where(row))
        return "   ".join(filter(None, [size, where, words.over(row)]))

    def _changed_sizes(self, rows: Iterable[BuildRow]) -> str:
        """The transfers that read otherwise than when they were told last."""
        told = []
        for row in rows:
            size = _size(row)
            if size and size != self._sizes.get(row.name):
                self._sizes[row.name] = size
                told.append(f"{self._safe(row.name)} {size}")
        return f"transfer: {', '.join(told)}" if told else ""

    def _problem(self, one: BuildProblem) -> str:
        what, build = one.problem, f"{one.build}: " if one.build else ""
        place = ""
        if what.file is not None:
            line = "" if what.line is None else f":{what.line}"
            place = f"{what.file}{line}: "
        text = f"{what.severity}: {self._safe(build + place + what.message)}"
        return f"{text}   {STALE}" if one.stale and one.build else text

    def _suggested(self, builds: Sequence[BuildEvent]) -> Iterator[str]:
        """What is suggested anew, for which builds, and what is no more."""
        new = [
            (one.build, made)
            for one in builds
            for made in (one.moment.report.suggestions if one.is_new else one.appeared)
        ]
        gone = [(one.build, made) for one in builds for made in one.vanished]
        yield from _few(
            [
                f"suggested for {self._safe(names)}: {self._plain.suggestion(made)}"
                for names, made in _once(new)
            ],
            "suggested",
        )
        yield from _few(
            [
                f"no longer suggested for {self._safe(names)}:"
                f" {self._plain.patterns(made)}"
                for names, made in _once(gone)
            ],
            "no longer suggested",
        )

    def _lines(self, now: float, *texts: str) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(now))
        return "".join(f"{at} {text}\n" for text in texts)

    def _safe(self, text: str) -> str:
        return formatting.printable(text, self._encoding)


def _unsaid(found: Iterable[BuildProblem]) -> list[BuildProblem]:
    """The problems that the row of no build says."""
    return [one for one in found if not one.build]


def _size(row: BuildRow) -> str:
    """What a build sends, and by how much that is too much."""
    if row.wire_bytes is None:
        return ""
    return " ".join(filter(None, [formatting.size(row.wire_bytes), words.over(row)]))


def _where(row: BuildRow) -> str:
    """Dockerfile and context, where the one does not say the other."""
    if not row.dockerfile:
        return f"a Dockerfile of its own for {row.context}"
    usual = f"{row.context}/Dockerfile".removeprefix("./")
    in_it = row.dockerfile == usual
    return row.dockerfile if in_it else f"{row.dockerfile} for {row.context}"


def _once(made: Sequence[tuple[str, Suggestion]]) -> Iterator[tuple[str, Suggestion]]:
    """Lines that are made for several builds, once, with what all of them save."""
    by_lines: dict[tuple[str, ...], list[tuple[str, Suggestion]]] = {}
    for one in made:
        by_lines.setdefault(one[1].patterns, []).append(one)
    for several in by_lines.values():
        names = ", ".join(dict.fromkeys(build for build, _ in several))
        wire = [suggestion.wire_bytes or 0 for _, suggestion in several]
        yield names, several[0][1]._replace(wire_bytes=sum(wire))


def _few(texts: Sequence[str], what: str) -> list[str]:
    more = len(texts) - MOST_SUGGESTED
    rest = [f"{what}: {more:,} more (ctxopt scan)"] if more > 0 else []
    return [*texts[:MOST_SUGGESTED], *rest]
