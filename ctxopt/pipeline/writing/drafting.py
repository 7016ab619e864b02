"""What could be written for a build, and the plan for what is wanted of it.

What is wanted is tried out before a line is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from ctxopt.core.findings import codes
from ctxopt.core.ignorefile import block
from ctxopt.core.model import HeldBack, Problem, Request, Source
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.core.suggest import gathering, naming
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.suggest.saying import names
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError
from ctxopt.pipeline.advice import Advice, Estimate, advise, rule_index_of
from ctxopt.pipeline.ground import Ground
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.preparation.build import IgnoreTarget
from ctxopt.pipeline.proposing import served
from ctxopt.pipeline.simulation import ChangeError, NewIgnoreFile, simulate
from ctxopt.pipeline.writing.agreeing import Agreed, agreed
from ctxopt.pipeline.writing.consents import Consents, consents, is_worth_it
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from ctxopt.pipeline.writing.target import snapshot_of, target_of


class Drafting(NamedTuple):
    """What could be written, before anyone is asked."""

    request: Request
    measured: MeasuredBuild
    advice: Advice
    target: IgnoreTarget
    specific: bool
    consents: Consents
    absent: tuple[str, ...] = ()  # what to say of names that nothing has now
    insists: bool = False  # the sure ones were asked for by name
    elsewhere: tuple[Source, ...] = ()  # of other builds that the file serves
    policy: Policy = NO_POLICY

    @property
    def is_own(self) -> bool:
        """Whether what is written, or needed for it, is for BuildKit alone."""
        return self.specific or bool(self.request.build_contexts)

    @property
    def held(self) -> tuple[HeldBack, ...]:
        """What was held back, and why."""
        return self.advice.held

    @property
    def spares_others(self) -> bool:
        """Whether some is held back only because other Dockerfiles name it."""
        build = self.measured.build
        if self.specific or not build.builder.specific_ignore_file:
            return False
        others = [
            source
            for source in self.elsewhere
            if source.location.file != build.dockerfile.shown
        ]
        return build.dockerfile.folder is not None and any(
            names(source, one.path, inside=True)
            for one in self.held
            for source in others
        )

    def plan(
        self, accepted: Collection[str], declined: Collection[str] = ()
    ) -> WritePlan:
        """Plan what is sure, and the doubtful ones of these ids; try it out.

        Those that are `declined` are kept as comments, not to be asked about again.
        Raises WriteError when it would do anything else than what is announced.
        """
        chosen = self.consents.chosen(self.advice.all, accepted)
        no = self.consents.refused(declined)
        target = self.target
        snapshot = snapshot_of(target)
        advice = self._advice()
        if advice.file_with(chosen, no).to_bytes() == target.file.to_bytes():
            now = advice.savings.now()
            return WritePlan(
                target=target,
                snapshot=snapshot,
                after=snapshot.content,
                suggestions=(),
                now=now,
                then=now,
                notes=(),
            )
        accord = self._agreed(chosen, no)
        return WritePlan(
            target=target,
            snapshot=snapshot,
            after=advice.file_with(accord.chosen, no).to_bytes(),
            suggestions=tuple(one.shown for one in accord.chosen),
            now=advice.savings.now(),
            then=advice.after(accord.chosen, no),
            notes=accord.notes,
            insists=self.insists or is_worth_it(accord.chosen),
        )

    def _agreed(self, chosen: Sequence[Weighed], no: Sequence[Weighed]) -> Agreed:
        """Those of the chosen that both builders accept, tried out."""
        asked_for = [one.shown.id for one in chosen] if self.insists else []
        still = False  # known to be as it was measured

        def attempt(some: Sequence[Weighed]) -> tuple[str, ...]:
            nonlocal still
            try:
                change = self._change(some, no)
                return simulate(self.request, change) if some else ()
            except ChangeError as refusal:
                if not still:
                    check_unchanged(self.request, self.measured, refusal, self.policy)
                still = True
                raise

        again = block.block_span(self.target.file) is not None
        return agreed(chosen, attempt, insisted=asked_for, again=again)

    def _change(
        self, chosen: Sequence[Weighed], no: Sequence[Weighed]
    ) -> NewIgnoreFile:
        announced = {
            path
            for one in chosen
            for find in one.proposal.clutter
            for path in find.paths
        }
        return NewIgnoreFile(
            self._advice().file_with(chosen, no).to_bytes(),
            self.target.path,
            self.target.shown,
            announced,
            specific=self.specific,
            elsewhere=self.elsewhere,
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
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Drafting:
    """Measure a build and sort its suggestions by who has to be asked.

    `policy` is what the project says of suggestions.
    Raises CtxoptError for input that the builder would refuse, and for a name that no
    suggestion can have.
    """
    measured = measure(
        request,
        top=0,
        depth=0,
        rule_index=partial(rule_index_of, policy=policy),
        progress=progress,
        announce=announce,
    )
    if not measured.can_be_told:
        raise untold(measured)
    named = {*choice.only, *choice.skip}
    listener = progress or NOBODY
    ground = Ground(measured.build.main.path, listener)
    advice = advise(
        measured,
        estimate,
        alone=choice.per_dockerfile,
        insisted=choice.only,
        together=gathering.TOGETHER & named if named else None,
        ground=ground,
        listener=listener,
    )
    target = target_of(measured.build, choice)
    made = advice.proposals
    only = naming.named(made, choice.only, target.file, own=policy.rules)
    skip = naming.named(made, choice.skip, target.file, own=policy.rules)
    return Drafting(
        request=request,
        measured=measured,
        advice=advice,
        target=target,
        specific=target.file.specific,
        consents=consents(
            advice.all, choice, only=only.ids, skip=skip.ids, is_first=advice.is_first
        ),
        absent=_absences(made, only, skip, target, own=policy.rules),
        insists=bool(choice.only),
        elsewhere=served(measured.build, ground, alone=choice.per_dockerfile).sources,
        policy=policy,
    )


def _absences(
    made: Sequence[Proposal],
    only: naming.Named,
    skip: naming.Named,
    target: IgnoreTarget,
    *,
    own: Sequence[Rule],
) -> tuple[str, ...]:
    """What to say of names that no suggestion has now.

    To skip what is not there is nothing to speak of, unless it looks like a slip.
    """
    names = [
        *only.absent,
        *(text for text in skip.absent if naming.is_slip(made, text, own=own)),
    ]
    return tuple(naming.absence(made, text, target.file, own=own) for text in names)


def check_unchanged(
    request: Request, measured: MeasuredBuild, refusal: ChangeError, policy: Policy
) -> None:
    """Raise WriteError if the context is no longer what was measured.

    `refusal` is what was in the way of a change that was tried out.
    """
    looked_for = partial(rule_index_of, policy=policy)
    again = measure(request, top=0, depth=0, rule_index=looked_for)
    path = _changed_path(measured, again, refusal.path)
    if path is not None:
        raise WriteError(
            f'nothing was written: the context changed meanwhile: "{path}"',
            hint="run again once whatever writes there has ended",
        ) from refusal


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


def untold(measured: MeasuredBuild) -> WriteError:
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
