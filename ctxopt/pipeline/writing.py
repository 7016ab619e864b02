"""Suggestions into the ignore file: planned, tried out, and only then written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from ctxopt.core.findings import codes
from ctxopt.core.ignorefile import block
from ctxopt.core.model import (
    BuilderName,
    Confidence,
    HeldBack,
    Location,
    Problem,
    Request,
    Suggestion,
)
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.suggest import naming
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.savings import BuildCost
from ctxopt.errors import WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.host.disk.inputs import Stray
from ctxopt.pipeline.advice import (
    Advice,
    Estimate,
    Weighed,
    advise,
    grows,
    hides_secrets,
    rule_index_of,
)
from ctxopt.pipeline.build.build import Build, IgnoreTarget
from ctxopt.pipeline.build.prepare import prepare
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.simulation import ChangeError, NewIgnoreFile, simulate
from ctxopt.pipeline.survey.job import Progress


class Choice(NamedTuple):
    """Which suggestions are wanted."""

    only: tuple[str, ...] = ()  # ids or patterns; empty: all
    skip: tuple[str, ...] = ()
    include_ask: bool = False
    per_dockerfile: bool = False


class WritePlan(NamedTuple):
    """A new content for one file, and what it comes to."""

    target: IgnoreTarget
    snapshot: disk.Snapshot
    after: bytes | None  # None: the file is removed
    suggestions: tuple[Suggestion, ...]  # those that are written
    now: BuildCost | None  # None: not measured
    then: BuildCost | None
    notes: tuple[str, ...]  # what could not be tried
    removes: bool = False  # it takes the block out
    edited: Location | None = None  # the block, if a person has edited what would go
    insists: bool = False  # it is wanted whatever it weighs

    @property
    def before(self) -> bytes:
        """What the file holds now; nothing where there is none."""
        return self.snapshot.content or b""

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.after != self.snapshot.content and not (
            self.snapshot.content is None and self.after == b""
        )

    @property
    def grows(self) -> bool:
        """Whether a build would send more than now: lines that weigh what they do."""
        if self.now is None or self.then is None or not self.suggestions:
            return False
        return grows(self.now, self.then)

    @property
    def goes_unasked(self) -> bool:
        """Whether `--yes` is enough to write it."""
        return self.insists or not self.grows

    @property
    def other_names(self) -> int:
        """How many hard links to the file keep what it holds now."""
        return self.snapshot.names - 1 if self.snapshot.content is not None else 0

    def apply(self) -> None:
        """Write the file, whole or not at all.

        Raises WriteError when that cannot be done, or the file has changed since.
        """
        disk.replace(self.snapshot, self.after)


class Drafting(NamedTuple):
    """What could be written, before anyone is asked."""

    request: Request
    measured: MeasuredBuild
    advice: Advice
    target: IgnoreTarget
    specific: bool
    sure: tuple[Weighed, ...]  # written without a question
    doubtful: tuple[Weighed, ...]  # to be asked about
    idle: tuple[Weighed, ...] = ()  # for what this build does not send
    absent: tuple[str, ...] = ()  # what to say of names that nothing has now
    insists: bool = False  # the sure ones were asked for by name

    @property
    def questions(self) -> tuple[Suggestion, ...]:
        """The suggestions to ask about, what saves most first."""
        return tuple(one.shown for one in self.doubtful)

    @property
    def unsent(self) -> tuple[Suggestion, ...]:
        """Those that need no answer, and save nothing: this build sends none of it."""
        return tuple(one.shown for one in self.idle)

    @property
    def is_own(self) -> bool:
        """Whether what is written, or needed for it, is for BuildKit alone."""
        return self.specific or bool(self.request.build_contexts)

    @property
    def held(self) -> tuple[HeldBack, ...]:
        """What was held back, and why."""
        return self.advice.held

    def plan(
        self, accepted: Collection[str], declined: Collection[str] = ()
    ) -> WritePlan:
        """Plan what is sure, and the doubtful ones of these ids; try it out.

        Those that are `declined` are kept as comments, not to be asked about again.
        Raises WriteError when it would do anything else than what is announced.
        """
        chosen = self._chosen(accepted)
        no = [one for one in self.doubtful if one.shown.id in declined]
        target = self.target
        snapshot = _snapshot(target)
        advice = self._advice()
        content = advice.file_with(chosen, no).to_bytes()
        if content == target.file.to_bytes():
            now = advice.scales.now()
            return WritePlan(
                target=target,
                snapshot=snapshot,
                after=snapshot.content,
                suggestions=(),
                now=now,
                then=now,
                notes=(),
            )
        announced = {
            path
            for one in chosen
            for find in one.proposal.clutter
            for path in find.paths
        }
        change = NewIgnoreFile(
            content, target.path, target.shown, announced, specific=self.specific
        )
        try:
            notes = simulate(self.request, change)
        except ChangeError as refusal:
            raise self._explained(refusal) from refusal
        return WritePlan(
            target=target,
            snapshot=snapshot,
            after=content,
            suggestions=tuple(one.shown for one in chosen),
            now=advice.scales.now(),
            then=advice.after(chosen, no),
            notes=notes,
            insists=self.insists or hides_secrets(chosen),
        )

    def _chosen(self, accepted: Collection[str]) -> tuple[Weighed, ...]:
        """What is sure and what is accepted by its id, what saves most first."""
        asked = (*self.doubtful, *self.idle)
        wanted = {one.shown.id for one in self.sure}
        wanted |= {one.shown.id for one in asked if one.shown.id in accepted}
        return tuple(one for one in self.advice.weighed if one.shown.id in wanted)

    def _explained(self, refusal: ChangeError) -> WriteError:
        """The refusal; or that the context is no longer what was measured."""
        again = measure(self.request, top=0, depth=0, rule_index=rule_index_of)
        path = _changed_path(self.measured, again, refusal.path)
        if path is None:
            return refusal
        return WriteError(
            f'nothing was written: the context changed meanwhile: "{path}"',
            hint="run again once whatever writes there has ended",
        )

    def _advice(self) -> Advice:
        """The advice for the file that is written, if that is another one."""
        if self.target.path == self.advice.target.path:
            return self.advice
        return self.advice._replace(target=self.target, own=None)


def plan(
    request: Request,
    choice: Choice,
    *,
    estimate: Estimate,
    progress: Progress | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Drafting:
    """Measure a build and sort its suggestions by who has to be asked.

    Raises CtxoptError for input that the builder would refuse, and for a name that no
    suggestion can have.
    """
    measured = measure(
        request,
        top=0,
        depth=0,
        rule_index=rule_index_of,
        progress=progress,
        announce=announce,
    )
    if not measured.can_be_told:
        raise _untold(measured)
    advice = advise(measured, estimate)
    target = _target(measured.build, choice)
    made = advice.proposals
    only = naming.named(made, choice.only, target.file)
    skip = naming.named(made, choice.skip, target.file)
    chosen = [
        one
        for one in advice.weighed
        if (one.shown.id in only.ids or not choice.only)
        and one.shown.id not in skip.ids
    ]
    groups = _by_consent(chosen, only.ids, include_ask=choice.include_ask)
    return Drafting(
        request=request,
        measured=measured,
        advice=advice,
        target=target,
        specific=_is_specific(measured.build, target),
        sure=groups[Consent.GIVEN],
        doubtful=groups[Consent.ASKED],
        idle=groups[Consent.IDLE],
        absent=_absences(made, only, skip, target),
        insists=bool(choice.only),
    )


def _absences(
    made: Sequence[Proposal],
    only: naming.Named,
    skip: naming.Named,
    target: IgnoreTarget,
) -> tuple[str, ...]:
    """What to say of names that no suggestion has now.

    To skip what is not there is nothing to speak of, unless it looks like a slip.
    """
    names = [
        *only.absent,
        *(text for text in skip.absent if naming.is_slip(made, text)),
    ]
    return tuple(naming.absence(made, text, target.file) for text in names)


def remove_leftovers(request: Request, choice: Choice) -> None:
    """Take away what earlier runs left beside the ignore file when they were killed.

    Raises CtxoptError for input that the builder would refuse.
    """
    disk.remove_leftovers(_target(prepare(request), choice).path)


class Consent(Enum):
    """Who has to agree before a suggestion is written."""

    GIVEN = "given"
    ASKED = "asked"
    IDLE = "idle"  # nobody needs it: this build sends none of it


def _by_consent(
    chosen: Sequence[Weighed],
    named: Collection[str],
    *,
    include_ask: bool,
) -> Mapping[Consent, tuple[Weighed, ...]]:
    """Proposals by who has to agree; `named` has the ids that were asked for."""

    def consent(one: Suggestion) -> Consent:
        if one.id in named:
            return Consent.GIVEN
        if one.confidence is Confidence.ASK and not include_ask:
            return Consent.ASKED
        return Consent.GIVEN if one.sent else Consent.IDLE

    return {
        group: tuple(one for one in chosen if consent(one.shown) is group)
        for group in Consent
    }


def _changed_path(
    first: MeasuredBuild, second: MeasuredBuild, refused: str
) -> str | None:
    """What came, went or was changed between two measurements; None if nothing did.

    Sizes do not count: no line of an ignore file goes by them. `refused` is the path
    that is in the way.
    """
    if first.build.dockerfile.content != second.build.dockerfile.content:
        return first.build.dockerfile.shown
    paths = [
        {path for find in one.found.measurement.clutter for path in find.paths}
        for one in (first, second)
    ]
    changed = paths[0] ^ paths[1]
    if changed:
        return refused if refused in changed else min(changed)
    if _counts(first) == _counts(second):
        return None
    return refused or first.build.main.path


def _counts(measured: MeasuredBuild) -> tuple[int, ...]:
    found = measured.found.measurement
    context, transfer = found.context, found.transfer
    return context.files, context.directories, transfer.files, transfer.directories


def _untold(measured: MeasuredBuild) -> WriteError:
    """Why nothing can be suggested for a build that is not known as a whole."""
    error = measured.found.context_error or measured.found.cut_off
    if error is not None:
        return WriteError(
            f"{error.message}: the context cannot be told, so nothing is suggested",
            file=error.file,
            line=error.line,
            text=error.text,
            hint="correct the pattern first",
        )
    refusal = next(
        one
        for one in measured.build.problems
        if one.code == codes.DOCKERFILE_REFUSED.code
    )
    return WriteError(
        f"{refusal.message}; what it takes is unknown, so nothing is suggested",
        file=refusal.file,
        line=refusal.line,
        hint="correct it first, or say --builder buildkit",
    )


def _target(build: Build, choice: Choice) -> IgnoreTarget:
    target = build.specific_target() if choice.per_dockerfile else build.ignore_target()
    if target.stray is not None:
        raise _strays(target.stray, target, build)
    return target


def _strays(stray: Stray, target: IgnoreTarget, build: Build) -> WriteError:
    """Why the file that a link leads to is not the one to write."""
    builder = build.builder.label
    what = f'this is a link to "{stray.target}"'
    if stray.inside is not None:
        return WriteError(
            f'{what}: {builder} reads "{stray.inside}" in the same folder for it, '
            f'and everyone else "{stray.real}"',
            file=target.shown,
            hint="make it a relative link, then run again",
        )
    hint = "put a copy of that file in the place of the link, then run again"
    if target.path == build.ignore_target().path:
        hint += "; the legacy builder does read it: --builder legacy"
    return WriteError(
        f"{what}, out of the folder: {builder} does not read it, nor would it read "
        "what is written there",
        file=target.shown,
        hint=hint,
    )


def _is_specific(build: Build, target: IgnoreTarget) -> bool:
    found = build.main.ignore_file
    if found is not None and found.path == target.path:
        return found.specific
    return target.path != build.ignore_target().path


def _snapshot(target: IgnoreTarget) -> disk.Snapshot:
    snapshot = disk.read(target.path)
    expected = target.file.to_bytes() if target.exists else None
    if snapshot.content != expected:
        raise WriteError(
            "it changed while the context was measured",
            file=target.shown,
            hint="nothing was written; run it again",
        )
    return snapshot


def plan_removal(request: Request, choice: Choice) -> WritePlan:
    """WritePlan to take the block out of the ignore file again.

    `WritePlan.edited` tells where lines of a person would go with it.
    Raises WriteError where the block is damaged or the file cannot be read.
    """
    build = prepare(request)
    target = _target(build, choice)
    snapshot = _snapshot(target)
    file = block.without_block(target.file)
    edited = None
    if file is target.file or not target.exists:
        after = snapshot.content
    else:
        after = None if block.created_file(target.file) else file.to_bytes()
        edited = _edited_block(target)
    return WritePlan(
        target=target,
        snapshot=snapshot,
        after=after,
        suggestions=(),
        now=None,
        then=None,
        notes=(),
        removes=True,
        edited=edited,
    )


def _edited_block(target: IgnoreTarget) -> Location | None:
    span = block.block_span(target.file)
    if span is None or not block.is_edited(target.file):
        return None
    return Location(target.shown, span[0] + 1, span[1] + 1)


def plan_allow_list(request: Request, choice: Choice) -> WritePlan:
    """Plan an ignore file that lets through what the sources name and nothing else.

    Raises WriteError where a source takes the whole context, or the transfer would not
    be the same.
    """
    build = prepare(request)
    target = _target(build, choice)
    snapshot = _snapshot(target)
    # Only BuildKit is asked for paths; what it asks for is what sources name.
    asked = request._replace(builder=BuilderName.BUILDKIT)
    traced = build if build.builder.name is asked.builder else prepare(asked)
    lines = allow_list(traced)
    lines += _own_line(target, lines)
    idea = block.BlockEntry("allow-list", "what COPY, ADD and mounts name", lines)
    file = block.with_entries(target.file, (idea,), top=True, created=not target.exists)
    content = file.to_bytes()
    specific = _is_specific(build, target)
    change = NewIgnoreFile(
        content=content,
        path=target.path,
        shown=target.shown,
        announced=None,
        same_transfer=True,
        specific=specific,
    )
    try:
        notes = simulate(request, change)
    except WriteError as error:
        # An older list is in the way of a new one: the block only ever grows.
        error.hint = (
            "use ctxopt write without --allow-list"
            if block.block_span(target.file) is None
            else "take the block out first: ctxopt write --remove"
        )
        raise
    return WritePlan(
        target=target,
        snapshot=snapshot,
        after=content,
        suggestions=(),
        now=None,
        then=None,
        notes=notes,
    )


def _own_line(target: IgnoreTarget, lines: Sequence[str]) -> tuple[str, ...]:
    """A line for a new ignore file that would be let through itself."""
    if target.exists or not target.relative:
        return ()
    line = escaped(target.relative)
    kept = not Matcher(compile_patterns(lines)).verdict(target.relative).excluded
    return (line,) if kept and line is not None else ()


def allow_list(build: Build) -> tuple[str, ...]:
    """`*`, and a negated line for each path that the sources of a build ask for.

    Raises WriteError where they ask for everything, or for a name anywhere.
    """
    paths = build.job(build.main).request
    if paths is None:
        sources = build.main.sources
        whole = next((one for one in sources if build.builder.takes_all(one)), None)
        text = f'"{whole.line_text or whole.text}"' if whole else "a link to the root"
        raise WriteError(
            f"{text} takes the whole context, "
            "so a list of what may pass would have to name everything",
            file=whole.location.file if whole else build.dockerfile.shown,
            line=whole.location.line if whole else None,
            hint="name what it needs, or use ctxopt write without --allow-list",
        )
    for path in paths:
        if path.startswith("**"):
            raise WriteError(
                f'a source asks for "{path}": the line "!{path}" would make BuildKit '
                "walk through all that is ignored",
                hint="name the folders, or use ctxopt write without --allow-list",
            )
    return ("*", *(f"!{path}" for path in paths))
