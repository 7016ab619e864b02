r"""What happens, line by line, where `ctxopt watch` has no terminal to draw on.

For people a plain line a change, for programs a JSON object a line; every function
returns text that ends with a newline, and the caller writes and flushes it. JSON is
ASCII, and a byte that is not UTF-8 is `\udc80` to `\udcff`, as in `jsonview`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence

from ctxopt.core.model import Problem, Report, Suggestion
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.moment import (
    Change,
    FrequentChange,
    Invalidation,
    WatchMoment,
    Written,
)
from ctxopt.view.report.json import Json, as_json, problem_json
from ctxopt.view.terminal import formatting
from ctxopt.view.watch import changes as said

MOST_SUGGESTED = 10  # at a time; a line each
STALE = "the sizes stay those of before until it is mended"

# Lines for people.


class Plain(NamedTuple):
    """Events as lines for people: the time, what happened, the sizes after it."""

    encoding: str = "utf-8"

    def ready(self, watched: WatchMoment, now: float) -> str:
        """What is watched; `now` in seconds since the epoch, here and below."""
        context = self._safe(watched.report.request.context)
        parts = [f"watching {context}", sizes(watched.report)]
        first = self._line(now, "   ".join([*parts, *over(watched)]))
        return first + self.suggested(watched.report.suggestions, (), now)

    def suggested(
        self, new: Sequence[Suggestion], gone: Sequence[Suggestion], now: float
    ) -> str:
        """A line for each suggestion that appeared, or is not made any more."""
        texts = [f"suggested: {self.suggestion(one)}" for one in new[:MOST_SUGGESTED]]
        texts += _more(len(new), "suggested")
        texts += [f"no longer suggested: {self.patterns(one)}" for one in gone][
            :MOST_SUGGESTED
        ]
        texts += _more(len(gone), "no longer suggested")
        return "".join(self._line(now, text) for text in texts)

    def change(
        self,
        changes: Sequence[Change],
        watched: WatchMoment,
        now: float,
        *,
        new: Sequence[Suggestion] = (),
        gone: Sequence[Suggestion] = (),
    ) -> str:
        """A line for each of `changes`, oldest first; the sizes stand on the last.

        Then one for each suggestion that is new or gone.
        """
        report = watched.report
        whole = formatting.sends_whole(report)
        staged = said.has_stages(report)
        texts = [self._change(one, whole=whole, staged=staged) for one in changes]
        texts = texts or ["measured again"]
        texts[-1] = "   ".join([texts[-1], sizes(report), *over(watched)])
        lines = "".join(self._line(now, text) for text in texts)
        return lines + self.suggested(new, gone, now)

    def written(self, what: Written, watched: WatchMoment, now: float) -> str:
        """Lines stand in the ignore file."""
        text = said.written(what, self.encoding)
        return self._line(now, f"{text}   {sizes(watched.report)}")

    def problem(self, what: Problem, now: float, *, stale: bool = False) -> str:
        """Something went wrong, and watching goes on.

        `stale`: nothing is measured until it is mended.
        """
        place = ""
        if what.file is not None:
            line = "" if what.line is None else f":{what.line}"
            place = f"{what.file}{line}: "
        text = f"{what.severity}: {self._safe(place + what.message)}"
        return self._line(now, f"{text}   {STALE}" if stale else text)

    def end(self, why: str, now: float) -> str:
        """Watching is over."""
        return self._line(now, f"ended: {self._safe(why)}" if why else "ended")

    def _change(self, change: Change, *, whole: bool, staged: bool) -> str:
        head = f"{self._safe(said.name(change))} {said.difference(change)}"
        text = f"{head}  {said.fate(change, whole=whole, encoding=self.encoding)}"
        if change.invalidates:
            text += said.joint(change) + said.impact(
                change.invalidates, staged=staged, encoding=self.encoding
            )
        return text

    def suggestion(self, one: Suggestion) -> str:
        """Its lines, what they are, what they save, and how sure that is."""
        size = formatting.size(one.wire_bytes or one.context.wire_bytes)
        saves = f"saves {size}" if one.wire_bytes else f"{size}, not sent"
        if one.for_cache:
            saves = "for the cache"
        label = self._safe(one.label)
        return f"{self.patterns(one)}  {label}, {saves}, {one.confidence}"

    def patterns(self, one: Suggestion) -> str:
        """Its lines."""
        return self._safe("  ".join(one.patterns))

    def _line(self, now: float, text: str) -> str:
        return f"{time.strftime('%H:%M:%S', time.localtime(now))} {text}\n"

    def _safe(self, text: str) -> str:
        return formatting.printable(text, self.encoding)


def _more(count: int, what: str) -> list[str]:
    more = count - MOST_SUGGESTED
    return [f"{what}: {more:,} more (ctxopt scan)"] if more > 0 else []


def sizes(report: Report) -> str:
    """Both sizes in a few words: `context 331.4 MB  transfer 26.62 MB`."""
    sent = formatting.size(report.transfer.tally.wire_bytes)
    label = formatting.sent_label(report).lower()
    if report.context is None:
        return f"context unknown  {label} {sent}"
    return f"context {formatting.size(report.context.wire_bytes)}  {label} {sent}"


def over(watched: WatchMoment) -> list[str]:
    """What to say if the transfer is over the budget."""
    beyond = over_bytes(watched)
    if not beyond or watched.budget is None:
        return []
    budget, more = formatting.size(watched.budget), formatting.size(beyond)
    return [f"OVER the budget of {budget} by {more}"]


def over_bytes(watched: WatchMoment) -> int:
    """By how much the transfer is over the budget; 0 without one."""
    if watched.budget is None:
        return 0
    return max(watched.report.transfer.tally.wire_bytes - watched.budget, 0)


# Objects for programs.


class JsonLines(NamedTuple):
    """Events as JSON: `event` first, then what it is about, then the state after it.

    With a `build` it is one of several, and each line names it.
    """

    build: str = ""

    def ready(self, watched: WatchMoment, now: float) -> str:
        """The whole object of `scan`, and what is watched."""
        return self._object(
            "ready",
            now,
            {**as_json(watched.report), **_budget(watched), **_by(watched)},
        )

    def change(
        self,
        changes: Sequence[Change],
        watched: WatchMoment,
        now: float,
        *,
        new: Sequence[Suggestion] = (),
        gone: Sequence[Suggestion] = (),
    ) -> str:
        """What changed since the event before, suggestions too."""
        whole = formatting.sends_whole(watched.report)
        return self._object(
            "change",
            now,
            {
                "paths": [one.path for one in changes],
                "changes": [_change(one, whole=whole) for one in changes],
                **_state(watched, "context", "transfer"),
                "invalidates": _invalidates(
                    what for one in changes for what in one.invalidates
                ),
                **_state(watched, "suggestions", "problems"),
                **_budget(watched),
                "restless": [_restless(one) for one in watched.restless],
                "appeared": [_named(one) for one in new],
                "vanished": [_named(one) for one in gone],
                **_by(watched),
            },
        )

    def written(self, what: Written, watched: WatchMoment, now: float) -> str:
        """Lines stand in the ignore file."""
        about: Json = {
            "path": what.path,
            "patterns": list(what.patterns),
            "by_itself": what.by_itself,
            **_state(watched, "context", "transfer", "suggestions"),
            **_budget(watched),
        }
        return self._object("written", now, about)

    def problem(self, what: Problem, now: float, *, stale: bool = False) -> str:
        """Something went wrong, and watching goes on.

        `stale`: nothing is measured until it is mended.
        """
        return self._object("problem", now, {**problem_json(what), "stale": stale})

    def end(self, why: str, now: float) -> str:
        """Watching is over; the last line."""
        return self._object("end", now, {"reason": why})

    def _object(self, event: str, now: float, about: Json) -> str:
        named = {"build": self.build} if self.build else {}
        return as_line(event, now, {**named, **about})


def as_line(event: str, now: float, about: Json) -> str:
    """An event as one object on a line."""
    return json.dumps({"event": event, "time": round(now, 3), **about}) + "\n"


def _state(watched: WatchMoment, *keys: str) -> Json:
    """Those parts of the object of `scan`."""
    scan = as_json(watched.report)
    return {key: scan[key] for key in keys}


def _budget(watched: WatchMoment) -> Json:
    if watched.budget is None:
        return {}
    return {"budget_bytes": watched.budget, "over_bytes": over_bytes(watched)}


def _by(watched: WatchMoment) -> Json:
    return {"watches": watched.watches, "polled": watched.polled}


def _change(change: Change, *, whole: bool) -> Json:
    place = change.decided_by
    return {
        "path": change.path,
        "kind": "directory" if change.is_folder else "file",
        "before_bytes": change.before_bytes,
        "after_bytes": change.after_bytes,
        "what": str(change.what),
        "in_context": change.inside,
        "sent": said.is_sent(change, whole=whole),
        "decided_by": None
        if place is None
        else {"file": place.file, "line": place.line, "text": change.decided_text},
        "invalidates": _invalidates(change.invalidates),
    }


def _invalidates(several: Iterable[Invalidation]) -> list[Json]:
    """Each once, in the order they come: sources are told apart by all they say."""
    return [
        {
            "instruction": one.source.instruction,
            "stage": one.stage,
            "file": one.source.location.file,
            "line": one.source.location.line,
            "text": one.source.text,
            "following": one.following,
            "stages": [
                {
                    "stage": other.stage,
                    "instructions": other.instructions,
                    "wholly": other.wholly,
                }
                for other in one.stages
            ],
        }
        for one in dict.fromkeys(several)
    ]


def _named(one: Suggestion) -> Json:
    return {"id": one.id, "rule": one.rule, "patterns": list(one.patterns)}


def _restless(one: FrequentChange) -> Json:
    return {"path": one.path, "times": one.times, "pattern": one.pattern}
