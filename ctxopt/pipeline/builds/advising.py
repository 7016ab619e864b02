"""What to ignore for each ignore file: the advice of all its builds made one.

Every build is advised with the others of its file beside it, so that nothing is offered
that one of them needs. What a build would do with a file for itself is known, too: the
difference is what the others hold back.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from ctxopt.core.builds.merging import Joint, Voice, covers, joined, joined_ahead, keeps
from ctxopt.core.builds.records import BlockedSuggestion, BuildSaving, IgnoreFileAdvice
from ctxopt.core.builds.sharing import SharedWeighed, Sharer, total, weigh_shared
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import BuildCost, Confidence, HeldBack, Projection, Source
from ctxopt.core.steps import NOBODY, Listener, OneOfMany, Step
from ctxopt.core.suggest.weighing import Weighed, suggestion
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TypeVar
from ctxopt.pipeline.advice import Advice, Estimate, advise, grows, hides_secrets
from ctxopt.pipeline.builds.grouping import Group, Member, by_dockerfile, grouped
from ctxopt.pipeline.ground import Ground
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.parting import parts_of
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.neighbours import neighbours
from ctxopt.pipeline.proposing import MOST_OTHERS

# From when on an ignore file of a Dockerfile's own is proposed: it repeats the lines of
# the other one and has to be kept in step with it, so it has to be worth that. 10 MB
# are a second on the way to a remote engine (at 100 Mbit/s), and where it saves less
# than a fifth of what these builds send, their time goes elsewhere.
MUCH_BYTES = 10_000_000
MUCH_PART = 5
SOME_PART = 20  # where a person asks for such files: less is no other direction

T = TypeVar("T")

STDIN = "stdin:"  # where a Dockerfile stands that is no file


class Adviser:
    """Advice for many builds: what their folders have in common is found once."""

    def __init__(
        self,
        estimate: Estimate,
        *,
        insisted: Sequence[str] = (),
        together: Collection[str] | None = None,
        listener: Listener = NOBODY,
    ) -> None:
        self.listener = OneOfMany(listener)
        self._estimate = estimate
        self._insisted = insisted
        self._together = together
        self._grounds: dict[str, Ground] = {}
        self._plain: dict[int, tuple[MeasuredBuild, Advice]] = {}  # by identity

    def each(self, builds: Sequence[T]) -> Iterator[T]:
        """The same builds, each told of before it is asked for."""
        for number, one in enumerate(builds, 1):
            self.listener.begin(Step.EACH, number, len(builds))
            yield one

    def of(self, measured: MeasuredBuild) -> Advice:
        """The advice for one build, as if it were asked alone; found once.

        Raises CtxoptError as `advise` does.
        """
        known = self._plain.get(id(measured))
        if known is None:
            known = measured, self._advise(measured)
            self._plain[id(measured)] = known
        return known[1]

    def among(
        self,
        measured: MeasuredBuild,
        beside: Sequence[MeasuredBuild],
        *,
        alone: bool,
        ahead: bool = True,
    ) -> Advice:
        """The advice for one of several builds that have one ignore file.

        `alone` says that it is for their Dockerfile and no other, `ahead` whether what
        is not there yet counts.
        """
        builds = [one.build for one in beside]
        if not alone and self._is_known(measured, builds):
            return self.of(measured)
        return self._advise(measured, alone=alone, beside=builds, ahead=ahead)

    def _is_known(self, measured: MeasuredBuild, beside: Sequence[Build]) -> bool:
        """Whether a build that is asked alone hears of all the others."""
        few = len(beside) <= MOST_OTHERS
        around = self._ground(measured).around
        return not beside or (few and around.knows(measured.build, beside))

    def elsewhere(
        self, measured: MeasuredBuild, beside: Sequence[MeasuredBuild], *, alone: bool
    ) -> tuple[Source, ...]:
        """What other builds and stages read that have the ignore file of a build."""
        ground = self._ground(measured)
        builds = [one.build for one in beside]
        found = neighbours(measured.build, ground.around, alone=alone, beside=builds)
        return found.sources

    def _advise(self, measured: MeasuredBuild, **how: object) -> Advice:
        return advise(
            measured,
            self._estimate,
            insisted=self._insisted,
            together=self._together,
            ground=self._ground(measured),
            listener=self.listener,
            **how,  # type: ignore[arg-type]
        )

    def _ground(self, measured: MeasuredBuild) -> Ground:
        path = measured.build.main.path
        root = os.path.realpath(path)
        if root not in self._grounds:
            self._grounds[root] = Ground(path, self.listener)
        return self._grounds[root]


class FileAdvice:
    """What could be written into one ignore file, for all builds that read it.

    With `ahead`, also what is not there yet. `count` says which of how many builds the
    first one is, where these are some of more.
    """

    def __init__(
        self,
        group: Group,
        adviser: Adviser,
        *,
        ahead: bool = True,
        count: tuple[int, int] | None = None,
    ) -> None:
        self.group = group
        self.target = group.target
        self._adviser = adviser
        self._ahead = ahead
        self.advices = (*map(self._advised, self._counted(count)),)
        self.joints = joined(self.voices)
        self.sharers = tuple(self._sharer(at) for at in range(len(group.members)))
        self.weighed = weigh_shared(self.joints, self.sharers)

    # --- what the builds say ---

    def _counted(self, count: tuple[int, int] | None) -> Iterator[Member]:
        """The builds, each told of before it is asked."""
        members = self.group.members
        first, of = count or (1, len(members))
        step = Step.ALONE if self.group.specific else Step.TOGETHER
        for number, one in enumerate(members, first):
            self._adviser.listener.begin(step, number, of)
            yield one

    def _advised(self, member: Member) -> Advice:
        specific = self.group.specific
        beside = self._beside(member)
        found = self._adviser.among(
            member.measured, beside, alone=specific, ahead=self._ahead
        )
        if self.target.path == found.target.path:
            return found
        return found._replace(target=self.target, own=None)

    def _beside(self, member: Member) -> list[MeasuredBuild]:
        return [one.measured for one in self.group.members if one is not member]

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """What each build says."""
        return tuple(
            Voice(
                name=member.name,
                root=member.root,
                made=tuple(one.proposal for one in advice.weighed),
                kept=advice.kept,
                ahead=tuple(one.proposal for one in advice.ahead),
                sources=member.build.main.taking,
            )
            for member, advice in self.each()
        )

    def each(self) -> Iterator[tuple[Member, Advice]]:
        """The builds, each with its advice."""
        return zip(self.group.members, self.advices, strict=True)

    def _sharer(self, at: int) -> Sharer:
        member, advice = self.group.members[at], self.advices[at]
        finds = {
            path: find
            for find in member.measured.found.measurement.clutter
            for path in find.paths
        }
        for one in advice.weighed:
            for find in one.proposal.clutter:
                finds.update((path, find) for path in find.paths)
        root = member.root
        wanted = frozenset().union(*(one.hit.get(root, ()) for one in self.joints))
        for find in [*{id(one): one for one in finds.values()}.values()]:
            hit = [path for path in find.paths if path in wanted]
            if hit and len(hit) < len(find.paths):
                build = member.build
                parts = parts_of(find, build.main.path, build.builder) or ()
                finds.update((one.path, one) for one in parts)
                for path in hit if not parts else ():
                    del finds[path]  # it is no longer what was measured
        return Sharer(member.name, root, advice.savings, finds)

    @property
    def elsewhere(self) -> tuple[tuple[Source, ...], ...]:
        """For each build what others read that have this ignore file, too."""
        return tuple(
            self._adviser.elsewhere(
                one.measured, self._beside(one), alone=self.group.specific
            )
            for one in self.group.members
        )

    # --- what may be written ---

    @property
    def is_first(self) -> bool:
        """Whether there is no ignore file for any of the builds."""
        return all(one.is_first for one in self.advices)

    @cached_property
    def ahead(self) -> tuple[Weighed, ...]:
        """The lines for what is not there yet, as all builds want them."""
        now = self.now
        told = {one.joint.proposal.id for one in self.weighed}
        return tuple(
            Weighed(one, suggestion(one, now, now))
            for one in joined_ahead(self.voices, told)
        )

    @property
    def all(self) -> tuple[Weighed, ...]:
        """What is for today, what saves most first, and what is for later."""
        return (*(one.weighed for one in self.weighed), *self.ahead)

    @property
    def unasked(self) -> tuple[Weighed, ...]:
        """What `write --yes` adds: as for one build, see `Advice.unasked`."""
        sure = tuple(
            one.weighed
            for one in self.weighed
            if one.weighed.shown.confidence is not Confidence.ASK
            and not one.weighed.shown.for_cache
        )
        if self.is_first and self.ahead:
            return (*sure, *self.ahead)
        if hides_secrets(sure) or not grows(self.now, total(self.costs(sure))):
            return sure
        return ()

    @property
    def now(self) -> BuildCost:
        """What all builds send as things stand."""
        return total(one.savings.now() for one in self.advices)

    def file_with(
        self, chosen: Sequence[Weighed], declined: Sequence[Weighed] = ()
    ) -> IgnoreFile:
        """The ignore file with the lines of some proposals, as `Advice.file_with`."""
        keeps_own = any(one.keeps_own for one in self.advices)
        first = self.advices[0]._replace(keeps_own=keeps_own)
        return first.file_with(chosen, declined)

    def costs(
        self, chosen: Sequence[Weighed], declined: Sequence[Weighed] = ()
    ) -> tuple[BuildCost, ...]:
        """What each build sends once these are written, in their order."""
        if not (chosen or declined):
            return tuple(one.savings.now() for one in self.advices)
        content = self.file_with(chosen, declined).to_bytes()
        joints = self.joints_of(chosen)
        return tuple(
            advice.cost_with(content, [x for one in joints for x in sharer.hit(one)])
            for advice, sharer in zip(self.advices, self.sharers, strict=True)
        )

    def joints_of(self, chosen: Sequence[Weighed]) -> list[Joint]:
        """What some proposals hit; those for later hit nothing."""
        wanted = {one.shown.id for one in chosen if not one.shown.preventive}
        return [one for one in self.joints if one.proposal.id in wanted]

    def announced(self, chosen: Sequence[Weighed]) -> Mapping[str, frozenset[str]]:
        """The paths that go from each root once these are written."""
        joints = self.joints_of(chosen)
        roots = {one.root for one in self.group.members}
        none: frozenset[str] = frozenset()
        return {
            root: none.union(*(one.hit.get(root, none) for one in joints))
            for root in roots
        }

    def after(self) -> tuple[tuple[str, Projection], ...]:
        """By name, what `write --yes` comes to for each build that can be told."""
        written = self.unasked
        then = self.costs(written)
        return tuple(
            (
                member.name,
                Projection(
                    advice.profile.name,
                    advice.profile.first.origin,
                    advice.savings.now(),
                    after,
                ),
            )
            for (member, advice), after in zip(self.each(), then, strict=True)
            if member.measured.can_be_told
        )


class Apart(NamedTuple):
    """The builds of a Dockerfile with an ignore file of its own, beside the shared."""

    own: FileAdvice
    saved_bytes: int  # more than with the shared one
    sent_bytes: int  # with the shared one

    @property
    def dockerfile(self) -> str:
        """As messages name it."""
        return self.own.group.members[0].build.dockerfile.shown

    @property
    def file(self) -> str:
        """The ignore file that it would have, as one would type it."""
        return self.own.target.shown

    @property
    def pulls_away(self) -> bool:
        """Whether these builds want something else than the others."""
        saved = self.saved_bytes
        return saved > 0 and saved * SOME_PART >= self.sent_bytes

    @property
    def is_much(self) -> bool:
        """Whether it is worth a second file."""
        saved = self.saved_bytes
        return saved >= MUCH_BYTES and saved * MUCH_PART >= self.sent_bytes


class SharedFile(NamedTuple):
    """The advice for an ignore file, and what its Dockerfiles would do alone."""

    advice: FileAdvice
    apart: tuple[Apart, ...] = ()  # what saves most first
    others: tuple[tuple[Member, Advice], ...] = ()  # that cannot have a file alone

    @property
    def alone(self) -> Iterator[tuple[Member, Advice]]:
        """Each build with what it would do with an ignore file for itself."""
        for one in self.apart:
            yield from one.own.each()
        yield from self.others

    @property
    def blocked(self) -> tuple[BlockedSuggestion, ...]:
        """What is held back, first what some builds would be better without."""
        found = _blocked(self)
        told = {(one.held.rule, one.held.path) for one in found}
        return (*found, *(_kept_by_all(self.advice, told)))

    def record(self) -> IgnoreFileAdvice:
        """As the views read it."""
        advice = self.advice
        return IgnoreFileAdvice(
            path=advice.target.path,
            shown=advice.target.shown,
            exists=advice.target.exists,
            builds=advice.group.names,
            suggestions=tuple(one.suggestion for one in advice.weighed),
            blocked=self.blocked,
            apart=tuple(one.dockerfile for one in self.apart if one.is_much),
            after=advice.after(),
        )


def shared_files(members: Sequence[Member], adviser: Adviser) -> tuple[SharedFile, ...]:
    """The advice for each ignore file that some builds read, or would."""
    return tuple(shared_file(one, adviser) for one in grouped(members))


def shared_file(group: Group, adviser: Adviser) -> SharedFile:
    """The advice for the ignore file of a group, and for its Dockerfiles alone."""
    advice = FileAdvice(group, adviser)
    if not any(one.kept for one in advice.advices):
        return SharedFile(advice)  # nothing is held back from anybody
    owns = [*_owns(group, adviser)]
    written = advice.costs(advice.unasked)
    shared = dict(zip(group.names, written, strict=True))
    apart = [_apart(one, shared) for one in owns]
    known = {name for one in owns for name in one.group.names}
    others = tuple(
        (one, adviser.among(one.measured, (), alone=True, ahead=False))
        for one in group.members
        if one.name not in known
    )
    apart.sort(key=lambda one: -one.saved_bytes)
    return SharedFile(advice, (*apart,), others)


def _owns(group: Group, adviser: Adviser) -> Iterator[FileAdvice]:
    """The advice for each Dockerfile of a group that can have a file alone."""
    alone = by_dockerfile(group)
    number, of = 1, sum(len(one.members) for one in alone)
    for one in alone:
        yield FileAdvice(one, adviser, ahead=False, count=(number, of))
        number += len(one.members)


def _apart(own: FileAdvice, shared: Mapping[str, BuildCost]) -> Apart:
    alone = total(own.costs(own.unasked)).transfer.wire_bytes
    sent = sum(shared[name].transfer.wire_bytes for name in own.group.names)
    return Apart(own, sent - alone, sent)


# --- what is held back ---------------------------------------------------------------


def _blocked(file: SharedFile) -> tuple[BlockedSuggestion, ...]:
    """What some Dockerfiles would be better without, were they alone."""
    offered = _offered(file.advice.joints)
    found: dict[tuple[str, str], list[BuildSaving]] = {}
    for apart in file.apart:
        for one in apart.own.weighed:
            for sharer in apart.own.sharers:
                left = _left(one, sharer, offered)
                saving = _saving(one, sharer, left) if left else None
                if saving is not None and (saving.wire_bytes or saving.unsettles):
                    key = one.joint.proposal.rule, left[0].path
                    found.setdefault(key, []).append(saving)
    return tuple(
        _told(file, rule, path, wanted) for (rule, path), wanted in found.items()
    )


def _offered(joints: Sequence[Joint]) -> Mapping[str, frozenset[str]]:
    offered: dict[str, frozenset[str]] = {}
    for one in joints:
        for root, paths in one.hit.items():
            offered[root] = offered.get(root, frozenset()) | paths
    return MappingProxyType(offered)


def _left(
    one: SharedWeighed, sharer: Sharer, offered: Mapping[str, frozenset[str]]
) -> list[ClutterMatch]:
    """The finds of a build that it would leave out, and the shared file does not."""
    known = offered.get(sharer.root, frozenset())
    return [
        find
        for find in sharer.hit(one.joint)
        if not all(covers(known, path) for path in find.paths)
    ]


def _saving(
    one: SharedWeighed, sharer: Sharer, left: Sequence[ClutterMatch]
) -> BuildSaving:
    now, then = sharer.savings.now(), sharer.savings.after(left)
    return BuildSaving(
        sharer.name,
        now.transfer.wire_bytes - then.transfer.wire_bytes,
        now.repeat_wire_bytes - then.repeat_wire_bytes,
        unsettles=one.weighed.shown.unsettles and any(find.mask for find in left),
    )


def _told(
    file: SharedFile, rule: str, path: str, wanted: Sequence[BuildSaving]
) -> BlockedSuggestion:
    """Who needs what others would leave out, and in which words."""
    names = {one.build for one in wanted}
    needing = {
        member.name: _said_of(member, held)
        for member, advice in file.alone
        if member.name not in names and (held := keeps(advice.kept, path)) is not None
    }
    # As those say it that would do without: with the place where it is named.
    inline = any(not one.dockerfile for one in file.advice.group.members)
    said = [
        held.why.replace(STDIN, "its Dockerfile:") if inline else held.why
        for member, advice in file.advice.each()
        if member.name in names and (held := keeps(advice.kept, path)) is not None
    ]
    said += needing.values()
    return BlockedSuggestion(
        HeldBack(rule, path, next(iter(said), "another build takes it")),
        (*needing,),
        tuple(sorted(wanted, key=lambda one: -one.wire_bytes)),
    )


def _said_of(member: Member, held: HeldBack) -> str:
    """Why a build keeps something, for those who read of several Dockerfiles."""
    shown = member.build.dockerfile.shown if member.dockerfile else "its Dockerfile"
    return held.why.replace("the Dockerfile", shown)


def _kept_by_all(
    advice: FileAdvice, told: Collection[tuple[str, str]]
) -> Iterator[BlockedSuggestion]:
    """What every build holds back, whoever names it."""
    first, *others = [
        {(held.rule, held.path): held for held in one.held} for one in advice.advices
    ]
    for key, held in first.items():
        if key not in told and all(key in one for one in others):
            yield BlockedSuggestion(held, (), ())
