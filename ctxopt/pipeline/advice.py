"""What to ignore: the finds of one walk proposed, weighed, ranked and projected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from ctxopt.core.builders import find_builder
from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.covered import uncovered
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.judging.entry import Entry
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import (
    BuildCost,
    BuilderName,
    Confidence,
    HeldBack,
    Projection,
    SecretFile,
    Source,
    Suggestion,
)
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.steps import NOBODY, Listener, Step
from ctxopt.core.suggest.catalogue import RuleIndex, build_rule_index
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.suggest.rules import rules
from ctxopt.core.suggest.savings import IgnoreFileChange, Savings
from ctxopt.core.suggest.weighing import Weighed, suggestion, weigh
from ctxopt.core.timing.models import Profile, ProfileName, profile
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.measuring import MeasuredBuild, repeats_all, takers_of
from ctxopt.pipeline.preparation.build import NOTHING, Build, IgnoreTarget

if TYPE_CHECKING:
    from typing import Self

    from ctxopt.core.suggest.proposals import BuildFacts, Proposal
    from ctxopt.pipeline.ground import Ground

OWN_RULE = "docker-dockerignore"  # the rule that speaks of ignore files
PRIVATE = "secret-"  # how the ids of rules begin that speak of keys and passwords


class _EstimateFields(NamedTuple):
    """The fields of an Estimate."""

    profile: ProfileName = ProfileName.LOCAL
    bandwidth_bits: int | None = None  # of the way to a remote engine, per second
    # Told of a calibration that cannot be used.
    report: Callable[[CtxoptError], None] | None = None


class Estimate(_EstimateFields):
    """What seconds are for; the profile may be given by its name.

    Raises CtxoptError for a profile that there is not, and for a bandwidth that is
    none.
    """

    __slots__ = ()

    def __new__(
        cls,
        profile: ProfileName | str = ProfileName.LOCAL,
        bandwidth_bits: int | None = None,
        report: Callable[[CtxoptError], None] | None = None,
    ) -> Self:
        """Take over what a script gives."""
        if bandwidth_bits is not None and bandwidth_bits <= 0:
            raise CtxoptError(
                f"no bandwidth: {bandwidth_bits} bits a second",
                hint="it is a number above 0",
            )
        return super().__new__(cls, _profile_name(profile), bandwidth_bits, report)

    def models(self, builder: BuilderName) -> Profile:
        """The models of one builder.

        What the user's own builds taught takes the place of the local figures.
        Raises CtxoptError for a remote engine without a bandwidth.
        """
        local = find_builder(builder).local_profile()
        base = profile(self.profile, local, bandwidth_bits=self.bandwidth_bits)
        if self.profile is not ProfileName.LOCAL:
            return base
        from ctxopt.host.disk import calibration

        learned = calibration.load(builder, report=self.report)
        if learned is None:
            return base
        from ctxopt.core.timing.fit import calibrated_profile  # start-up: few calibrate

        return calibrated_profile(base, learned)


def _profile_name(name: ProfileName | str) -> ProfileName:
    try:
        return ProfileName(name)
    except ValueError:
        *others, last = (f'"{one}"' for one in ProfileName)
        known = f"{', '.join(others)} and {last}"
        raise CtxoptError(f'no such profile: "{name}"; there are {known}') from None


class Advice(NamedTuple):
    """What to suggest for a measured build, and all that is needed to write it."""

    target: IgnoreTarget
    savings: Savings
    profile: Profile
    weighed: tuple[Weighed, ...]  # by rank, each weighed beside those before it
    held: tuple[HeldBack, ...]
    sources: tuple[Source, ...]  # by the indexes of the suggestions
    own: ClutterMatch | None  # the ignore file among the finds
    declined: tuple[HeldBack, ...] = ()  # by a person, in the block
    ahead: tuple[Weighed, ...] = ()  # for what is not there yet
    is_first: bool = False  # there is no ignore file yet, for any build of the folder
    secrets: tuple[SecretFile, ...] = ()  # what goes furthest first
    secrets_unread: int = 0  # files that may hold one, beyond what is looked into
    keeps_own: bool = False  # a new ignore file has no line about itself
    kept: Mapping[str, HeldBack] = MappingProxyType({})  # by path: all that must stay
    # Where a new one stands in context and transfer; None: it does not travel.
    appears: tuple[int | None, int | None] = (None, None)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The lines that could be written, and what they keep out."""
        return tuple(one.proposal for one in self.all)

    @property
    def all(self) -> tuple[Weighed, ...]:
        """What is for today, and what is for later."""
        return (*self.weighed, *self.ahead)

    @property
    def unasked_ahead(self) -> tuple[Weighed, ...]:
        """Of what is not there yet, what a first ignore file begins with."""
        return self.ahead if self.is_first else ()

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What is shown of the proposals for what is there, in their order."""
        return tuple(one.shown for one in self.weighed)

    @property
    def unasked(self) -> tuple[Weighed, ...]:
        """What `write --yes` adds: what is sure, and saves some build something.

        What this build never sends, the legacy builder and other builds of the folder
        do. Lines that only weigh more than they save are for those who ask for them.
        """
        sure = tuple(
            one
            for one in self.weighed
            if one.shown.confidence is not Confidence.ASK and not one.shown.for_cache
        )
        if self.unasked_ahead:
            return (*sure, *self.unasked_ahead)
        if hides_secrets(sure) or not grows(self.savings.now(), self.after(sure)):
            return sure
        return ()

    def after(
        self, chosen: Sequence[Weighed], declined: Sequence[Weighed] = ()
    ) -> BuildCost:
        """What is sent once the answers to some proposals are written."""
        content = self.file_with(chosen, declined).to_bytes()
        clutter = [find for one in chosen for find in one.proposal.clutter]
        return self.cost_with(content, clutter)

    def cost_with(self, content: bytes, gone: Sequence[ClutterMatch]) -> BuildCost:
        """What is sent without some finds, once the ignore file has a content."""
        return self.savings.after(gone, self._change(content, gone))

    def file_with(
        self, chosen: Sequence[Weighed], declined: Sequence[Weighed] = ()
    ) -> IgnoreFile:
        """The ignore file with the lines of some proposals in its block, in order.

        The lines of those that are declined are there as comments.
        """
        target = self.target
        proposals = [one.proposal for one in chosen]
        line = escaped(target.relative) if target.relative else None
        no = [text for one in declined for text in one.proposal.lines]
        if (proposals or no) and not (target.exists or self.keeps_own) and line:
            # It is a new entry of the context, and the build has no use for it.
            proposals.append(own_line(line))
        created = not target.exists
        entries: Sequence[block.BlockEntry] = ()
        if proposals:
            from ctxopt.core.suggest.comments import entries_of  # start-up

            entries = uncovered(entries_of(proposals))
        return block.with_entries(
            target.file, entries, declined=no, created=created, last_word=True
        )

    def _change(
        self, content: bytes, gone: Sequence[ClutterMatch]
    ) -> IgnoreFileChange | None:
        target = self.target
        if content == target.file.to_bytes() or not target.relative:
            return None
        own = self.own
        if own is not None and any(
            find.context.start <= own.context.start < find.context.end for find in gone
        ):
            return None
        before = self.own_entry()
        if before is None:
            return self._appears(len(content))
        after = self.rewritten(before, len(content))
        if self.own is None:
            return None
        context, transfer = self.own.context, self.own.transfer
        return IgnoreFileChange(
            before,
            after,
            (
                context.start if context.end > context.start else None,
                transfer.start if transfer.end > transfer.start else None,
            ),
        )

    def own_entry(self) -> Entry | None:
        """The ignore file as an entry of the context; None where there is none."""
        if not self.target.exists:
            return None
        from ctxopt.host.disk.probe import entry_at  # start-up, as above

        reads = self.savings.builder.reads_attribute
        return entry_at(self.target.path, self.target.relative, reads)

    def rewritten(self, before: Entry, size: int) -> Entry:
        """The same entry, written now and with another size."""
        from ctxopt.host.disk.probe import entry_to_be  # start-up: most have none

        written = entry_to_be(before.path, size, before.permissions)
        return written._replace(attributes=before.attributes)

    def _appears(self, size: int) -> IgnoreFileChange | None:
        """A new ignore file that travels."""
        if self.appears == (None, None):
            return None
        from ctxopt.host.disk.probe import entry_to_be  # start-up, as above

        entry = entry_to_be(self.target.relative, size, 0o644)
        return IgnoreFileChange(None, entry, self.appears)


def rule_index_of(build: Build, policy: Policy = NO_POLICY) -> RuleIndex:
    """What to look out for on the walk of a build, as its project wants it."""
    target = build.ignore_target()
    pinned = (target.relative,) if target.relative else ()
    return build_rule_index(rules(), pinned, policy)


def advise(
    measured: MeasuredBuild,
    estimate: Estimate,
    *,
    alone: bool = False,
    insisted: Sequence[str] = (),
    together: Collection[str] | None = None,
    ground: Ground | None = None,
    beside: Sequence[Build] = (),
    ahead: bool = True,
    listener: Listener = NOBODY,
) -> Advice:
    """Make suggestions from the finds of a measured build.

    `alone` says that they are for an ignore file of this Dockerfile and no other,
    `insisted` names what is suggested although the build seems to use it, and with
    `together` no other questions are put as one than those of these ids. Of many
    builds, `ground` is what is known of their context, and `beside` are those that are
    known to have the same ignore file. `ahead` adds what is not there yet. `listener`
    hears of the steps.
    Raises CtxoptError for an estimate that lacks something, and for an ignore file
    whose block is damaged.
    """
    listener.advising(Step.ADVISING)
    build = measured.build
    target = build.ignore_target()
    savings = _savings(measured, estimate.models(build.builder.name))
    asked = _Asked(
        measured,
        target.file,
        alone=alone,
        beside=beside,
        ground=ground,
        listener=listener,
    )
    judged = _judged(asked, insisted=insisted, together=together)
    cached = _cached(measured, target, savings)
    is_taken = bool(takers_of(measured.job, target.relative).sources)
    is_missed = judged.versioned and is_taken  # once git tracks it
    keeps_own = is_missed or _policy(measured).spares(target.relative)
    spoken_for = {target.relative for _ in cached}
    return Advice(
        target=target,
        savings=savings,
        profile=savings.profile,
        weighed=(*weigh(judged.made, savings), *cached),
        held=tuple(one for one in judged.held if one.path not in spoken_for),
        sources=build.main.taking,
        own=_own(measured, target, judged.clutter),
        declined=judged.declined,
        ahead=_ahead(asked, judged, savings) if ahead else (),
        kept=judged.kept,
        is_first=build.main.ignore_file is None,
        secrets=judged.secrets,
        secrets_unread=judged.unread,
        keeps_own=keeps_own,
        appears=_appearing(measured, target, keeps_own=keeps_own, is_taken=is_taken),
    )


def _appearing(
    measured: MeasuredBuild, target: IgnoreTarget, *, keeps_own: bool, is_taken: bool
) -> tuple[int | None, int | None]:
    """Where a new ignore file stands in context and transfer; None: nowhere.

    It is taken to be the first: what has a name before `.dockerignore` is small.
    """
    build, path = measured.build, target.relative
    if target.exists or not path:
        return None, None
    if path in build.builder.brings_back(""):
        return 0, 0
    if not keeps_own or build.main.keeps_out(path):
        return None, None
    return 0, 0 if is_taken else None


def _policy(measured: MeasuredBuild) -> Policy:
    index = measured.job.rule_index
    return NO_POLICY if index is None else index.policy


def _savings(measured: MeasuredBuild, models: Profile) -> Savings:
    build, measurement = measured.build, measured.found.measurement
    return Savings(
        builder=build.builder,
        outside=build.outside,
        context=measurement.context,
        transfer=measurement.transfer,
        profile=models,
        sends=measured.job.request != NOTHING,
        repeats_all=repeats_all(measured.job),
    )


class _Judged(NamedTuple):
    """What the finds of a walk are, and what is proposed of them."""

    clutter: Sequence[ClutterMatch] = ()  # without what is a secret and nothing else
    secrets: tuple[SecretFile, ...] = ()
    unread: int = 0  # files that may hold one, beyond what is looked into
    made: Sequence[Proposal] = ()
    held: Sequence[HeldBack] = ()
    declined: tuple[HeldBack, ...] = ()  # by a person, in the block
    versioned: bool = False  # a tracked file that is missing makes a version dirty
    kept: Mapping[str, HeldBack] = MappingProxyType({})


class _Asked:
    """What the facts of a build are asked for, and these once they are needed."""

    def __init__(
        self,
        measured: MeasuredBuild,
        ignore: IgnoreFile,
        *,
        alone: bool,
        beside: Sequence[Build],
        ground: Ground | None,
        listener: Listener,
    ) -> None:
        self.listener = listener
        self.measured = measured
        self._ignore = ignore
        self._alone = alone
        self._beside = beside
        self._ground = ground

    @cached_property
    def ground(self) -> Ground:
        """The context, beside its walk."""
        from ctxopt.pipeline.ground import Ground  # start-up: what is clean needs none

        return self._ground or Ground(self.measured.build.main.path, self.listener)

    @cached_property
    def facts(self) -> BuildFacts:
        """What is known of the build, beside its walk."""
        from ctxopt.pipeline.proposing import facts_of  # start-up, as above

        return facts_of(
            self.measured,
            self._ignore,
            self.ground,
            alone=self._alone,
            beside=self._beside,
        )


def _judged(
    asked: _Asked, *, insisted: Sequence[str], together: Collection[str] | None
) -> _Judged:
    """Look into what may be a secret, then propose lines."""
    measured = asked.measured
    # Of what is not known as a whole, whatever is said would be wrong.
    clutter = measured.found.measurement.clutter if measured.can_be_told else ()
    judged, rules_of = _looked_into(asked, clutter)
    if not judged.clutter:
        return judged
    # Start-up: what is clean asks for no facts.
    from ctxopt.pipeline.proposing import proposed

    found = proposed(
        measured,
        asked.facts,
        clutter=judged.clutter,
        secrets=rules_of,
        insisted=insisted,
        together=together,
        listener=asked.listener,
    )
    return judged._replace(**found._asdict())


def _looked_into(
    asked: _Asked, clutter: Sequence[ClutterMatch]
) -> tuple[_Judged, Mapping[str, str]]:
    """What is left of finds beside secrets; and the rules of the files looked into."""
    build, index = asked.measured.build, asked.measured.job.rule_index
    assert index is not None
    worth = index.marks.secrets | index.git_bit
    if not any(find.hits & worth for find in clutter):
        return _Judged(clutter), {}
    # Start-up: of most small contexts no name makes one look.
    from ctxopt.pipeline.secrets import look_into, secret_files

    looked = look_into(asked.ground, index, clutter)
    found = secret_files(build, looked, clutter, asked.ground)
    return _Judged(looked.clutter, found, looked.unread), looked.rules


def _own(
    measured: MeasuredBuild, target: IgnoreTarget, clutter: Sequence[ClutterMatch]
) -> ClutterMatch | None:
    """The ignore file among the finds."""
    index = measured.job.rule_index
    if index is None or not target.relative:
        return None
    bit = index.pinned_bit(target.relative)
    return next((one for one in clutter if one.hits & bit), None)


def projected(advice: Advice, measured: MeasuredBuild) -> Projection | None:
    """What `write --yes` comes to; None: the context or the build cannot be told."""
    if not measured.can_be_told:
        return None
    written = advice.unasked
    now = advice.savings.now()
    after = advice.after(written) if written else now
    models = advice.profile
    return Projection(models.name, models.first.origin, now, after)


def _ahead(asked: _Asked, judged: _Judged, savings: Savings) -> tuple[Weighed, ...]:
    """The lines for what is not there yet; they save nothing now."""
    measured = asked.measured
    if measured.job.ignored is None or not measured.can_be_told:
        return ()
    from ctxopt.pipeline.preventing import preventive  # start-up: git has a say

    now = savings.now()
    found = preventive(measured, judged.made, asked.ground, facts=lambda: asked.facts)
    return tuple(Weighed(one, suggestion(one, now, now)) for one in found)


def _cached(
    measured: MeasuredBuild, target: IgnoreTarget, savings: Savings
) -> list[Weighed]:
    """The line for an ignore file that is rewritten at each build."""
    path = target.relative
    if path not in measured.build.builder.rewritten(measured.build.outside):
        return []
    if _policy(measured).spares(path):
        return []
    from ctxopt.pipeline.proposing import cached  # start-up, as above

    found = cached(measured, path, target.file)
    if found is None:
        return []
    proposal, sources = found
    now = savings.now()
    shown = suggestion(proposal, now, now)
    return [Weighed(proposal, shown._replace(sources=sources))]


def grows(now: BuildCost, then: BuildCost) -> bool:
    """Whether builds would send more: the new lines, which travel with their file.

    A build that takes single paths sends a little more for them; it is worth that
    where the whole context, which others send, gets smaller.
    """
    return (
        then.transfer.wire_bytes > now.transfer.wire_bytes
        and then.context.wire_bytes >= now.context.wire_bytes
    )


def hides_secrets(chosen: Sequence[Weighed]) -> bool:
    """Whether some of it is worth its lines however little it weighs."""
    return any(one.proposal.id.startswith(PRIVATE) for one in chosen)


def own_line(line: str) -> Proposal:
    """A line for an ignore file that there was not before."""
    from ctxopt.core.suggest.ids import Name  # start-up, as above
    from ctxopt.core.suggest.proposals import Proposal

    return Proposal(
        rule=OWN_RULE,
        name=Name(OWN_RULE),
        label="this file",
        reason="It is read before the transfer",
        confidence=Confidence.CERTAIN,
        question="",
        lines=(line,),
        clutter=(),
        id=OWN_RULE,
    )
