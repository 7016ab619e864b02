"""A build watched: notices of the system in, the report and what happened out.

    with Session(request, settings) as session:
        session.start(now)
        session.hear(session.watches.wait(timeout), now)
        happened = session.act(now)     # once `due` says so

The session keeps no time of its own; it is told what time it is. It measures through
`current`, has changes told by `telling`, and lines written by `writer`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Self

from ctxopt.core.findings import problems
from ctxopt.core.model import Confidence, Problem, Report, Request, Suggestion
from ctxopt.core.paths import join
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.debounce import Debouncer, PendingChanges
from ctxopt.core.watching.moment import Change, WatchMoment, Written, told_as
from ctxopt.core.watching.restless import FrequentChanges
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.inputs import context_folder
from ctxopt.host.disk.paths import still_leads
from ctxopt.host.git.repository import IGNORE_FILE as GIT_IGNORE_FILE
from ctxopt.host.watches.notice import FsEvent
from ctxopt.host.watches.watches import Watches
from ctxopt.pipeline.advice import Advice, Estimate, advise
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.watch.current import CurrentBuild
from ctxopt.pipeline.watch.polled_files import GIT_EXCLUDE
from ctxopt.pipeline.watch.shared import Follower, Share
from ctxopt.pipeline.watch.telling import Telling, frequent
from ctxopt.pipeline.watch.writer import Rewritten, WatchWriter

MOST_HISTORY = 3000
HISTORY_SECONDS = 600


class WatchResult(NamedTuple):
    """What one act came to."""

    changes: tuple[Change, ...] = ()  # oldest first
    measured: bool = False
    problems: tuple[Problem, ...] = ()  # new ones
    written: Written | None = None
    appeared: tuple[Suggestion, ...] = ()  # that were not made before
    vanished: tuple[Suggestion, ...] = ()  # that are not made any more
    over: str = ""  # why watching is over


GONE = WatchResult(over="the context is gone")


class Settings(NamedTuple):
    """What the user wants."""

    estimate: Estimate
    budget: int | None = None  # wire bytes of a transfer
    writes: tuple[Confidence, ...] = ()  # suggestions to write as they appear
    policy: Policy = NO_POLICY  # what the project says of suggestions


class Session:
    """A build that is watched; `start` comes first.

    With a `share` it is one of several, and hears what it is told of; `advice_for` is
    what those have in common, else each asks for itself.
    """

    def __init__(
        self,
        request: Request,
        settings: Settings,
        share: Share | None = None,
        *,
        advice_for: Callable[[MeasuredBuild], Advice] | None = None,
    ) -> None:
        self._request = request
        self._settings = settings
        # As it is named now: the current folder may move, or be deleted.
        self._context = context_folder(request.context)
        self.watches = share.watches if share else Watches(self._context)
        self._follower: Follower = share or self.watches
        self._current = CurrentBuild(
            request,
            advice_for or partial(advise, estimate=settings.estimate),
            self._follower,
            policy=settings.policy,
        )
        self._writer = WatchWriter(
            request, settings.estimate, settings.writes, policy=settings.policy
        )
        self._telling = Telling(self._context)
        self._gathering = Debouncer()
        self._restless = FrequentChanges()
        self._began = 0.0
        self._history: deque[tuple[float, int]] = deque(maxlen=MOST_HISTORY)
        self._failed = ""  # what the build is refused for, as it stands
        self._polling_said: set[str] = set()  # codes
        self.message = ""  # what there is to say

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._follower.close()

    # --- time and notices --------------------------------------------------------

    def start(self, now: float) -> None:
        """Measure for the first time; raises CtxoptError where a scan would."""
        self._began = now
        self._measure(PendingChanges(everything=True), now)

    def begin(self, now: float) -> WatchResult:
        """What there is to do and to say right after the start."""
        happened = self._write_by_itself(now)
        return happened._replace(problems=(*happened.problems, *self._polling()))

    def hear(self, notices: Iterable[FsEvent], now: float) -> None:
        """Take notices of the system."""
        for folder, name, about_folder, kind in notices:
            above, _, own = folder.rpartition("/")
            if kind == "overflow":
                self._gathering.lost(now)
            elif kind == "gone":
                if folder:
                    self._gathering.touched(above, own, now)
                self._gathering.folder_changed(folder, now)
            elif not name:
                if folder:
                    self._gathering.touched(above, own, now)
            else:
                self._gathering.touched(folder, name, now)
                path = join(folder, name)
                if about_folder:
                    self._gathering.folder_changed(path, now)
                elif name == GIT_IGNORE_FILE:
                    self._gathering.folder_changed(folder, now)
                elif path == GIT_EXCLUDE:
                    self._gathering.folder_changed("", now)

    def due(self, now: float) -> float | None:
        """When `act` has something to do; None: not before the next notice."""
        waits = (self._gathering.due(now), self._current.elsewhere.due)
        return min((one for one in waits if one is not None), default=None)

    def pause(self, now: float) -> None:
        """Keep what happens for later; or go on."""
        if self._gathering.paused:
            self._gathering.resume(now)
        else:
            self._gathering.pause()

    def act(self, now: float) -> WatchResult:
        """Measure what was touched; nothing happened where nothing was."""
        for path in self._current.elsewhere.changed(now):
            self._gathering.outside(path, now)
            if path.endswith(f"/{GIT_EXCLUDE}"):
                self._gathering.folder_changed("", now)
        due = self._gathering.due(now)
        if due is None or due > now:
            return WatchResult()
        changed = self._gathering.take()
        if self._is_gone():
            return GONE
        before, failed = self.report, self._failed
        earlier = self._telling.look(changed, self._current.kept)
        try:
            self._measure(changed, now)
        except CtxoptError as error:
            return self._is_failing(error)
        if failed:
            self.message = "the build can be measured again"
        changes = self._telling.changes(earlier, self._current.after())
        self._restless.count(dict.fromkeys(map(told_as, changed.paths)), now)
        measured = bool(changes or failed) or _said(before) != _said(self.report)
        new, gone = _compared(before, self.report)
        happened = self._write_by_itself(now)
        return happened._replace(
            changes=(*changes, *happened.changes),
            measured=measured,
            problems=(*happened.problems, *self._polling()),
            appeared=new,
            vanished=gone,
        )

    def _measure(self, changed: PendingChanges, now: float) -> None:
        """Bring the report up to date. Raises CtxoptError where a scan would."""
        report = self._current.measure(changed)
        self._failed = ""
        at = now - self._began
        # The last size before that time still held when it began.
        while len(self._history) > 1 and self._history[1][0] < at - HISTORY_SECONDS:
            self._history.popleft()
        self._history.append((at, report.transfer.tally.wire_bytes))

    def _is_failing(self, error: CtxoptError) -> WatchResult:
        """The build cannot be measured as it stands: said once."""
        if self._is_gone():
            return GONE
        said = str(error)
        if said == self._failed:
            return WatchResult()
        self._failed = said
        return WatchResult(problems=(problems.refused(error),))

    def _is_gone(self) -> bool:
        """Whether the context was deleted, or moved with the current folder."""
        return not still_leads(self._request.context, self._context)

    def _polling(self) -> tuple[Problem, ...]:
        """That folders are polled, and why: each reason is said once."""
        reasons = (
            (problems.watch_polling, self.watches.silence),
            (problems.watch_limit, self.watches.problem),
        )
        found = [made(said) for made, said in reasons if said is not None]
        new = tuple(one for one in found if one.code not in self._polling_said)
        for problem in new:
            self._polling_said.add(problem.code)
            self.message = problem.message
        return new

    # --- writing -----------------------------------------------------------------

    def propose(self, chosen: Collection[str] = ()) -> None:
        """Show what `write` would write: suggestions of these ids, or all that is sure.

        Where that is nothing, `message` says why.
        """
        try:
            self._writer.propose(self.report, chosen)
        except CtxoptError as error:
            self.message = str(error)

    def leave(self) -> None:
        """Do not write what was proposed."""
        self._writer.leave()

    @property
    def proposes(self) -> bool:
        """Whether `write` would write something."""
        return self._writer.preview is not None

    def write(self, now: float) -> WatchResult:
        """Write what was proposed; the safe writer has tried it out."""
        try:
            return self._after_writing(self._writer.write(), now)
        except CtxoptError as error:
            return self._not_written(error)

    def _write_by_itself(self, now: float) -> WatchResult:
        try:
            return self._after_writing(self._writer.write_by_itself(self.report), now)
        except CtxoptError as error:
            return self._not_written(error)

    def _after_writing(self, done: Rewritten | None, now: float) -> WatchResult:
        if done is None:
            return WatchResult()
        return self._again(done, now, WatchResult(written=done.written))

    def _not_written(self, error: CtxoptError) -> WatchResult:
        self.message = str(error)
        return WatchResult(problems=(problems.not_written(error),))

    def undo(self, now: float) -> WatchResult:
        """Take back what was written last."""
        try:
            return self._again(self._writer.undo(), now, WatchResult())
        except CtxoptError as error:
            self.message = str(error)
            return WatchResult()

    def _again(self, done: Rewritten, now: float, happened: WatchResult) -> WatchResult:
        """Measure at once what was just written."""
        self.message = ""
        path = done.relative
        folder, _, name = path.rpartition("/")
        changed = PendingChanges({folder: frozenset({name})} if path else {})
        earlier = self._telling.look(changed, self._current.kept)
        try:
            self._measure(changed, now)
        except CtxoptError as error:
            return self._is_failing(error)
        changes = self._telling.changes(earlier, self._current.after())
        return happened._replace(changes=changes, measured=True)

    # --- what is shown -----------------------------------------------------------

    @property
    def report(self) -> Report:
        """The report as of now."""
        assert self._current.report is not None
        return self._current.report

    @property
    def failed(self) -> str:
        """Why the report is one of before; "" where it is as of now."""
        return self._failed

    @property
    def written(self) -> Written | None:
        """What `undo` takes back; None: nothing."""
        return self._writer.written

    def watched(self, now: float) -> WatchMoment:
        """All that is known of the build; what is selected is the screen's affair."""
        return WatchMoment(
            report=self.report,
            at=now - self._began,
            history=tuple(self._history),
            changes=self._telling.latest,
            restless=frequent(self._restless.listed(now), self._current.kept),
            budget=self._settings.budget,
            paused=self._gathering.paused,
            message=self.message,
            written=self.written,
            watches=self.watches.held,
            polled=self.watches.polled,
            preview=self._writer.preview,
            failed=self._failed,
        )


def _compared(
    before: Report, after: Report
) -> tuple[tuple[Suggestion, ...], tuple[Suggestion, ...]]:
    """The suggestions that are new, and those that are not made any more."""
    old = {one.id: one for one in before.suggestions}
    new = {one.id: one for one in after.suggestions}
    return (
        tuple(one for rule, one in new.items() if rule not in old),
        tuple(one for rule, one in old.items() if rule not in new),
    )


def _said(report: Report) -> object:
    """What an event says of a report."""
    return report.context, report.transfer, report.suggestions, report.problems
