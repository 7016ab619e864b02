"""A build watched: notices in, the report as of now and what happened out.

The state after any sequence of changes equals a fresh scan: whatever the system told
of is measured again (see pipeline/survey/incremental.py), and where the build itself
may have changed, it is prepared again. The session keeps no time of its own; it is told
what time it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from ctxopt.core.findings import problems
from ctxopt.core.ignorefile.diff import unified_diff
from ctxopt.core.model import (
    Confidence,
    Problem,
    Report,
    Request,
    Suggestion,
)
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.watching.debounce import Debouncer, PendingChanges
from ctxopt.core.watching.impact import Impacts
from ctxopt.core.watching.moment import (
    Change,
    FrequentChange,
    Preview,
    WatchMoment,
    Written,
    told_as,
)
from ctxopt.core.watching.restless import FrequentChanges
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import replace as disk
from ctxopt.host.disk.inputs import context_folder
from ctxopt.host.disk.paths import file_signature, folders_below, still_leads
from ctxopt.host.git.ignored import IGNORE_FILE as GIT_IGNORE_FILE
from ctxopt.host.git.ignored import GitIgnored
from ctxopt.host.watches.notice import FsEvent
from ctxopt.host.watches.watches import Watches
from ctxopt.pipeline.advice import Estimate, advise, rule_index_of
from ctxopt.pipeline.build.build import Build
from ctxopt.pipeline.build.prepare import prepare
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.survey.incremental import IncrementalMeasurement, Touched
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.survey import survey, validate
from ctxopt.pipeline.watch.polled_files import build_files
from ctxopt.pipeline.watch.telling import (
    MOST_CHANGES,
    After,
    Earlier,
    Telling,
    decision_on,
)
from ctxopt.pipeline.writing import Choice, WritePlan, plan

TOP, DEPTH = 10, 1
MOST_HISTORY = 3000
HISTORY_SECONDS = 600
OUTSIDE_SECONDS = 1.0  # between two looks at a Dockerfile outside the context


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


class _Undo(NamedTuple):
    """What was written, and what stood there before."""

    path: str
    relative: str  # to the context; "" for a file elsewhere
    before: bytes | None
    after: bytes | None
    written: Written
    ids: tuple[str, ...]


class _Proposal(NamedTuple):
    """What is written when that is confirmed."""

    plan: WritePlan
    preview: Preview


class Session:
    """A build that is watched; `start` comes first."""

    def __init__(self, request: Request, settings: Settings) -> None:
        self._request = request
        self._settings = settings
        self._gathering = Debouncer()
        self._restless = FrequentChanges()
        self._began = 0.0
        self._build: Build | None = None
        self._kept: IncrementalMeasurement | None = None
        self._entered: frozenset[str] = frozenset()  # folders that the build can see
        # As it is named now: the current folder may move, or be deleted.
        self._context = context_folder(request.context)
        self._signature: object = None
        self._lookout: RuleIndex | None = None
        self._report: Report | None = None
        self._impacts = Impacts.of(None)
        self._history: deque[tuple[float, int]] = deque(maxlen=MOST_HISTORY)
        self._changes: Sequence[Change] = ()  # newest first, one for each path
        self._telling = Telling(self._context)
        self._failed = ""  # what the build is refused for, as it stands
        self._behind = False  # what is kept is of before that
        self._chosen: set[str] = set()  # ids of suggestions
        self._proposal: _Proposal | None = None
        self._undo: _Undo | None = None
        self._refused: set[str] = set()  # ids that were taken back
        self._polling_said: set[str] = set()  # codes
        self._outside: dict[str, object] = {}
        self._next_look = 0.0
        self.selected = 0
        self.reason_shown = False
        self.message = ""
        self.watches = Watches(self._context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.watches.close()

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
                elif path == ".git/info/exclude":
                    self._gathering.folder_changed("", now)

    def due(self, now: float) -> float | None:
        """When `act` has something to do; None: not before the next notice."""
        due = self._gathering.due(now)
        if self._outside and (due is None or self._next_look < due):
            due = self._next_look
        return due

    def pause(self, now: float) -> None:
        """Keep what happens for later; or go on."""
        if self._gathering.paused:
            self._gathering.resume(now)
        else:
            self._gathering.pause()

    def act(self, now: float) -> WatchResult:
        """Measure what was touched; nothing happened where nothing was."""
        if self._outside and now >= self._next_look:
            self._look_outside(now)
        due = self._gathering.due(now)
        if due is None or due > now:
            return WatchResult()
        changed = self._gathering.take()
        if self._is_gone():
            return GONE
        report = self._report
        failed = self._failed
        earlier = self._telling.look(changed, self._kept)
        try:
            self._measure(changed, now)
        except CtxoptError as error:
            return self._is_failing(error)
        if failed:
            self.message = "the build can be measured again"
        changes = self._changed(earlier)
        self._restless.count(dict.fromkeys(map(told_as, changed.paths)), now)
        measured = bool(changes or failed) or _said(report) != _said(self._report)
        new, gone = _compared(report, self._report)
        happened = self._write_by_itself(now)
        return happened._replace(
            changes=(*changes, *happened.changes),
            measured=measured,
            problems=(*happened.problems, *self._polling()),
            appeared=new,
            vanished=gone,
        )

    def _is_failing(self, error: CtxoptError) -> WatchResult:
        """The build cannot be measured as it stands: said once."""
        self._behind = True  # what was touched meanwhile is forgotten
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

    def _look_outside(self, now: float) -> None:
        """Ask for files outside the context, of which no notice comes."""
        self._next_look = now + OUTSIDE_SECONDS
        for path, before in self._outside.items():
            found = file_signature(path)
            if found != before:
                self._outside[path] = found
                self._gathering.outside(path, now)

    # --- measuring ---------------------------------------------------------------

    def _measure(self, changed: PendingChanges, now: float) -> None:
        """Bring the report up to date. Raises CtxoptError where a scan would."""
        # Before anything is read: what changes from here on is told.
        self.watches.follow("")
        outside = {path: file_signature(path) for path in self._outside}
        build = prepare(self._request)
        if build.builder.validates:
            validate(build.main.path, build.main.patterns)
        question = build.job(build.main, top=TOP, depth=DEPTH)
        ignored = GitIgnored.open(build.main.path)
        question = question._replace(ignored=ignored)
        signature = _signature(build, question)
        if self._behind:
            self._kept = None
        if signature != self._signature or self._lookout is None:
            self._kept = None
            self._lookout = rule_index_of(build)
        question = question._replace(rule_index=self._lookout)
        kept = self._kept
        if kept is None:
            kept = IncrementalMeasurement(question, self.watches.follow)
            touched = None
        else:
            touched = Touched(changed.touched, frozenset(changed.subtrees))
            touched = None if changed.everything else touched
        self._kept = None
        found: MeasureResult
        try:
            found = kept.measure(touched, ignored)
            self._kept = kept
        except PatternError:
            # Whether the builder meets that pattern is another question.
            found = survey(question, workers=1)
        self._signature = signature
        self._behind = False
        self._failed = ""
        folders, elsewhere = build_files(build)
        self._follow(build, folders)
        self._outside = {
            path: outside.get(path, file_signature(path)) for path in elsewhere
        }
        measured = MeasuredBuild(build, question, found)
        advice = advise(measured, self._settings.estimate)
        selected = self._selected_id()
        self._report = report_of(self._request, measured, advice, excluded=False)
        self._impacts = Impacts.of(build.trace)
        self._build = build
        size = self._report.transfer.tally.wire_bytes
        at = now - self._began
        # The last size before that time still held when it began.
        while len(self._history) > 1 and self._history[1][0] < at - HISTORY_SECONDS:
            self._history.popleft()
        self._history.append((at, size))
        self._select(selected)

    def _selected_id(self) -> str | None:
        made = self._report.suggestions if self._report is not None else ()
        return made[self.selected].id if self.selected < len(made) else None

    def _select(self, id_: str | None) -> None:
        """Keep to the same suggestions, wherever they stand now."""
        ids = [one.id for one in self.report.suggestions]
        self._chosen &= set(ids)
        if id_ in ids:
            self.selected = ids.index(id_)
        self.selected = min(self.selected, max(len(ids) - 1, 0))

    def _follow(self, build: Build, more: frozenset[str]) -> None:
        """Watch what was entered and where the build's own files are, nothing else."""
        if self._kept is None:
            self._entered = frozenset(folders_below(build.main.path))
            new = self._entered
        else:
            self._entered = self._kept.folders()
            new = more
        for folder in new - self.watches.followed:
            self.watches.follow(folder)
        for folder in self.watches.followed - self._entered - more:
            self.watches.unfollow(folder)

    def _changed(self, earlier: Earlier) -> tuple[Change, ...]:
        """What each change means; the screen shows them, too."""
        if self._build is None:
            return ()
        matcher = Matcher(self._build.main.patterns)
        after = After(self._kept, matcher, self._impacts, self._entered)
        changes = self._telling.changes(earlier, after)
        # What changes again and again must not push aside all the others.
        paths = {one.path for one in changes}
        others = [one for one in self._changes if one.path not in paths]
        self._changes = [*reversed(changes), *others][:MOST_CHANGES]
        return changes

    # --- writing -----------------------------------------------------------------

    def choose(self) -> None:
        """Choose the selected suggestion, or leave it out again."""
        if not self.report.suggestions:
            return
        self._proposal = None
        self._chosen ^= {self.report.suggestions[self.selected].id}

    def propose(self) -> None:
        """Show what `write` would write: what is chosen, or all that is sure."""
        self._proposal = None
        choice = Choice(skip=self._skipped())
        if self._chosen:
            choice = Choice(only=tuple(sorted(self._chosen)))
        try:
            made = self._planned(choice)
        except CtxoptError as error:
            self.message = str(error)
            return
        if not (made.changes and made.goes_unasked):
            self.message = self._nothing()
            return
        diff = unified_diff(made.before, made.after or b"", made.target.shown)
        sent = made.then.transfer.wire_bytes if made.then is not None else None
        preview = Preview(made.target.shown, _patterns(made), diff, sent)
        self._proposal = _Proposal(made, preview)

    def leave(self) -> None:
        """Do not write what was proposed."""
        self._proposal = None

    @property
    def proposes(self) -> bool:
        """Whether `write` would write something."""
        return self._proposal is not None

    def write(self, now: float) -> WatchResult:
        """Write what was proposed; the safe writer has tried it out."""
        proposal, self._proposal = self._proposal, None
        if proposal is None:
            return WatchResult()
        try:
            return self._apply(proposal.plan, now, by_itself=False)
        except CtxoptError as error:
            return self._not_written(error)

    def _nothing(self) -> str:
        """Why there is nothing to write."""
        if self._skipped():
            return "nothing to write but what was taken back: choose it with space"
        if self.report.suggestions:
            return "nothing sure that this build sends: choose with space what to write"
        return "nothing to write"

    def _skipped(self) -> tuple[str, ...]:
        made = {one.id for one in self._report.suggestions} if self._report else set()
        return tuple(sorted(self._refused & made))

    def _write_by_itself(self, now: float) -> WatchResult:
        if self._report is None or not self._settings.writes:
            return WatchResult()
        ids = tuple(
            one.id
            for one in self._report.suggestions
            if one.confidence in self._settings.writes
            and one.sent
            and one.id not in self._refused
        )
        if not ids:
            return WatchResult()
        try:
            # The ids are a choice of ours: nobody asked for lines that only weigh.
            made = self._planned(Choice(only=ids), insists=False)
            if not made.changes or not made.goes_unasked:
                self._refused |= set(ids)
                return WatchResult()
            return self._apply(made, now, by_itself=True)
        except CtxoptError as error:
            self._refused |= set(ids)
            return self._not_written(error)

    def _planned(self, choice: Choice, *, insists: bool = True) -> WritePlan:
        draft = plan(self._request, choice, estimate=self._settings.estimate)
        insists = insists and draft.insists
        return draft._replace(insists=insists).plan(frozenset())

    def _not_written(self, error: CtxoptError) -> WatchResult:
        self.message = str(error)
        return WatchResult(problems=(problems.not_written(error),))

    def _apply(self, made: WritePlan, now: float, *, by_itself: bool) -> WatchResult:
        """Write a plan. Raises WriteError."""
        made.apply()
        written = Written(_patterns(made), made.target.shown, by_itself)
        ids = tuple(one.id for one in made.suggestions)
        self._undo = _Undo(
            path=made.target.path,
            relative=made.target.relative,
            before=made.snapshot.content,
            after=made.after,
            written=written,
            ids=ids,
        )
        self._proposal = None
        self._chosen.clear()
        self.message = ""
        happened = WatchResult(written=written)
        return self._again(now, made.target.relative, happened)

    def undo(self, now: float) -> WatchResult:
        """Take back what was written last."""
        last = self._undo
        if last is None:
            self.message = "nothing to take back"
            return WatchResult()
        self._undo = None
        try:
            snapshot = disk.read(last.path)
            if snapshot.content != last.after:
                self.message = (
                    f"{last.written.path} was changed since: take the lines out with "
                    "ctxopt write --remove"
                )
                return WatchResult()
            disk.replace(snapshot, last.before)
        except CtxoptError as error:
            self.message = str(error)
            return WatchResult()
        self._refused |= set(last.ids)
        self.message = ""
        return self._again(now, last.relative, WatchResult())

    def _again(self, now: float, path: str, happened: WatchResult) -> WatchResult:
        """Measure at once what was just written."""
        folder, _, name = path.rpartition("/")
        changed = PendingChanges({folder: frozenset({name})} if path else {})
        earlier = self._telling.look(changed, self._kept)
        try:
            self._measure(changed, now)
        except CtxoptError as error:
            return self._is_failing(error)
        return happened._replace(changes=self._changed(earlier), measured=True)

    # --- what is shown -----------------------------------------------------------

    @property
    def report(self) -> Report:
        """The report as of now."""
        assert self._report is not None
        return self._report

    def watched(self, now: float) -> WatchMoment:
        """All that is shown."""
        return WatchMoment(
            report=self.report,
            at=now - self._began,
            history=tuple(self._history),
            changes=tuple(self._changes),
            restless=self._restless_shown(now),
            budget=self._settings.budget,
            paused=self._gathering.paused,
            selected=self.selected,
            reason_shown=self.reason_shown,
            message=self.message,
            written=self._undo.written if self._undo is not None else None,
            watches=self.watches.held,
            polled=self.watches.polled,
            chosen=frozenset(
                number
                for number, one in enumerate(self.report.suggestions)
                if one.id in self._chosen
            ),
            preview=self._proposal.preview if self._proposal is not None else None,
            failed=self._failed,
        )

    def _restless_shown(self, now: float) -> tuple[FrequentChange, ...]:
        shown = []
        for path, times in self._restless.listed(now):
            decision = decision_on(path, self._kept)
            if decision is None or not decision.kept or decision.named:
                continue
            shown.append(FrequentChange(path, times, escaped(path)))
        return tuple(shown)


def _patterns(made: WritePlan) -> tuple[str, ...]:
    return tuple(text for one in made.suggestions for text in one.patterns)


def _compared(
    before: Report | None, after: Report | None
) -> tuple[tuple[Suggestion, ...], tuple[Suggestion, ...]]:
    """The suggestions that are new, and those that are not made any more."""
    old = {one.id: one for one in before.suggestions} if before is not None else {}
    new = {one.id: one for one in after.suggestions} if after is not None else {}
    return (
        tuple(one for rule, one in new.items() if rule not in old),
        tuple(one for rule, one in old.items() if rule not in new),
    )


def _said(report: Report | None) -> object:
    """What an event says of a report."""
    if report is None:
        return None
    return report.context, report.transfer, report.suggestions, report.problems


def _signature(build: Build, question: MeasureJob) -> object:
    """All that the judging of names depends on; equal where it is the same."""
    targets = question.targets
    read = build.main.ignore_file
    return (
        build.dockerfile.content,
        build.dockerfile.path,
        read.content if read is not None else None,
        read.path if read is not None else None,
        question.request,
        tuple(
            (one.source, one.path, one.takes, one.plan.steps) for one in targets.targets
        ),
        targets.whole,
        len(targets.traced),
        build.ignore_target().relative,
        question.ignored is None,
    )
