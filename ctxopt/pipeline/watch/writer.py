"""What a watched build may have written into its ignore file, and taken back.

`propose` shows the lines of what is chosen, `write` writes what was shown, `undo` puts
back what stood there before; what was taken back is not written again unless somebody
chooses it. With `--write` what is sure is written without a key. Nothing here measures:
whoever asks is told which file is another one now.
"""

from __future__ import annotations

from collections.abc import Collection

from ctxopt.core.ignorefile.diff import unified_diff
from ctxopt.core.model import Confidence, Report, Request
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.moment import Preview, Written
from ctxopt.errors import CtxoptError, WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.drafting import plan
from ctxopt.pipeline.writing.plan import Choice, WritePlan


class Rewritten(NamedTuple):
    """What was written, and what stood there before."""

    path: str
    relative: str  # to the context; "" for a file elsewhere
    before: bytes | None
    after: bytes | None
    written: Written
    ids: tuple[str, ...]


class _PlannedWrite(NamedTuple):
    """What is written when that is confirmed."""

    plan: WritePlan
    preview: Preview


class WatchWriter:
    """The one who writes while a build is watched."""

    def __init__(
        self,
        request: Request,
        estimate: Estimate,
        writes: Collection[Confidence],
        *,
        policy: Policy = NO_POLICY,
    ) -> None:
        self._request = request
        self._policy = policy
        self._estimate = estimate
        self._writes = writes  # suggestions that are written as they appear
        self._proposal: _PlannedWrite | None = None
        self._last: Rewritten | None = None
        self._refused: set[str] = set()  # ids that were taken back

    @property
    def preview(self) -> Preview | None:
        """What `write` would write; None: nothing."""
        return self._proposal.preview if self._proposal is not None else None

    @property
    def written(self) -> Written | None:
        """What `undo` would take back; None: nothing."""
        return self._last.written if self._last is not None else None

    def propose(self, report: Report, chosen: Collection[str]) -> None:
        """Show what `write` would write: what is chosen, or all that is sure.

        Raises CtxoptError where that is nothing, or cannot be written.
        """
        self._proposal = None
        skipped = self._skipped(report)
        choice = Choice(skip=skipped)
        if chosen:
            choice = Choice(only=tuple(sorted(chosen)))
        made = self._planned(choice)
        if not (made.changes and made.goes_unasked):
            raise WriteError(_nothing(report, skipped))
        diff = unified_diff(made.before, made.after or b"", made.target.shown)
        sent = made.then.transfer.wire_bytes if made.then is not None else None
        preview = Preview(made.target.shown, _patterns(made), diff, sent)
        self._proposal = _PlannedWrite(made, preview)

    def leave(self) -> None:
        """Do not write what was proposed."""
        self._proposal = None

    def write(self) -> Rewritten | None:
        """Write what was proposed, if anything; the safe writer has tried it out.

        Raises CtxoptError.
        """
        proposal, self._proposal = self._proposal, None
        if proposal is None:
            return None
        return self._apply(proposal.plan, by_itself=False)

    def write_by_itself(self, report: Report) -> Rewritten | None:
        """Write what is to be written as it appears, if anything.

        Raises CtxoptError, and does not try that again.
        """
        ids = tuple(
            one.id
            for one in report.suggestions
            if one.confidence in self._writes
            and one.sent
            and one.id not in self._refused
        )
        if not ids:
            return None
        try:
            # The ids are a choice of ours: nobody asked for lines that only weigh.
            made = self._planned(Choice(only=ids), insists=False)
            if not made.changes or not made.goes_unasked:
                self._refused |= set(ids)
                return None
            return self._apply(made, by_itself=True)
        except CtxoptError:
            self._refused |= set(ids)
            raise

    def undo(self) -> Rewritten:
        """Take back what was written last.

        Raises CtxoptError where there is nothing, or somebody changed it since.
        """
        last, self._last = self._last, None
        if last is None:
            raise WriteError("nothing to take back")
        snapshot = disk.read(last.path)
        if snapshot.content != last.after:
            raise WriteError(
                f"{last.written.path} was changed since: take the lines out with "
                "ctxopt write --remove"
            )
        disk.replace(snapshot, last.before)
        self._refused |= set(last.ids)
        return last

    def _skipped(self, report: Report) -> tuple[str, ...]:
        made = {one.id for one in report.suggestions}
        return tuple(sorted(self._refused & made))

    def _planned(self, choice: Choice, *, insists: bool = True) -> WritePlan:
        draft = plan(
            self._request, choice, estimate=self._estimate, policy=self._policy
        )
        insists = insists and draft.insists
        return draft._replace(insists=insists).plan(frozenset())

    def _apply(self, made: WritePlan, *, by_itself: bool) -> Rewritten:
        """Write a plan. Raises WriteError."""
        made.apply()
        self._last = Rewritten(
            path=made.target.path,
            relative=made.target.relative,
            before=made.snapshot.content,
            after=made.after,
            written=Written(_patterns(made), made.target.shown, by_itself),
            ids=tuple(one.id for one in made.suggestions),
        )
        self._proposal = None
        return self._last


def _nothing(report: Report, skipped: Collection[str]) -> str:
    """Why there is nothing to write."""
    if skipped:
        return "nothing to write but what was taken back: choose it with space"
    if report.suggestions:
        return "nothing sure that this build sends: choose with space what to write"
    return "nothing to write"


def _patterns(made: WritePlan) -> tuple[str, ...]:
    return tuple(text for one in made.suggestions for text in one.patterns)
