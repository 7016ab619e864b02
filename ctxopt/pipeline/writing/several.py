"""Suggestions for the ignore files of many builds: a draft and a plan for each file.

All builds of a file are tried out with both builders before a byte of it is written.
What one of them needs is left out, with that build's name.

    drafts = draft_all(found, choice, estimate=Estimate())
    plans = drafts.plan(accepted)
    apply_all([one.plan for one in plans])     # all were tried out on the disk before
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

from ctxopt.core.builds.records import BlockedSuggestion, FoundBuild
from ctxopt.core.builds.sharing import total
from ctxopt.core.model import BuildCost, Request
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.core.suggest import gathering, naming
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError, WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.pipeline.advice import Estimate, rule_index_of
from ctxopt.pipeline.builds.advising import (
    Adviser,
    Apart,
    FileAdvice,
    SharedFile,
    shared_file,
)
from ctxopt.pipeline.builds.grouping import Group, Member, from_here, grouped, own_group
from ctxopt.pipeline.builds.measuring import MeasuredOne, measure_all
from ctxopt.pipeline.preparation.build import IgnoreTarget
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.simulation import (
    ChangeError,
    NewIgnoreFile,
    simulate_alone,
    simulate_together,
)
from ctxopt.pipeline.writing.agreeing import Agreed, agreed
from ctxopt.pipeline.writing.consents import Consents, consents, is_worth_it
from ctxopt.pipeline.writing.drafting import check_unchanged, untold
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from ctxopt.pipeline.writing.removal import plan_removal
from ctxopt.pipeline.writing.target import check_target, snapshot_of, target_of


class FilePlan(NamedTuple):
    """The plan for one ignore file, and what it comes to for each build."""

    plan: WritePlan
    costs: tuple[tuple[str, BuildCost, BuildCost], ...]  # by name: now, and then


class FileDraft(NamedTuple):
    """What could be written into one ignore file, before anyone is asked."""

    advice: FileAdvice
    requests: Mapping[str, Request]  # of the builds, by name
    blocked: tuple[BlockedSuggestion, ...]
    apart: tuple[Apart, ...]  # Dockerfiles that do better alone, and saved much
    consents: Consents
    insists: bool  # the sure ones were asked for by name
    policy: Policy

    @property
    def shown(self) -> str:
        """The file as a person would type it."""
        return self.advice.target.shown

    @property
    def builds(self) -> tuple[str, ...]:
        """The names of the builds that read it."""
        return self.advice.group.names

    def plan(
        self, accepted: Collection[str] = (), declined: Collection[str] = ()
    ) -> FilePlan:
        """Plan what is sure, and the doubtful ones of these ids; try it out.

        Those that are `declined` are kept as comments, not to be asked about again.
        Raises WriteError when it would do anything else to a build than is announced.
        """
        chosen = self.consents.chosen(self.advice.all, accepted)
        no = self.consents.refused(declined)
        target = self.advice.target
        snapshot = snapshot_of(target)
        if self.advice.file_with(chosen, no).to_bytes() == target.file.to_bytes():
            return self._planned(snapshot, snapshot.content, Agreed((), ()), no)
        accord = self._agreed(chosen, no)
        after = self.advice.file_with(accord.chosen, no).to_bytes()
        return self._planned(snapshot, after, accord, no)

    def _planned(
        self,
        snapshot: disk.Snapshot,
        after: bytes | None,
        accord: Agreed,
        no: Sequence[Weighed],
    ) -> FilePlan:
        now = [one.savings.now() for one in self.advice.advices]
        is_new = after != snapshot.content
        then = self.advice.costs(accord.chosen, no) if is_new else now
        plan = WritePlan(
            target=self.advice.target,
            snapshot=snapshot,
            after=after,
            suggestions=tuple(one.shown for one in accord.chosen),
            now=total(now),
            then=total(then),
            notes=accord.notes,
            insists=self.insists or is_worth_it(accord.chosen),
        )
        costs = zip(self.builds, now, then, strict=True)
        return FilePlan(plan, (*costs,))

    def _agreed(self, chosen: Sequence[Weighed], no: Sequence[Weighed]) -> Agreed:
        """Those of the chosen that all builds accept, by both builders; tried out."""
        asked_for = [one.shown.id for one in chosen] if self.insists else []
        trial = _Trial(self, no)
        # Other files may have something to write, where nothing is left of this one.
        return agreed(chosen, trial, insisted=asked_for, again=True)


class _Trial:
    """Some of the chosen tried out, with every build of the file."""

    def __init__(self, draft: FileDraft, no: Sequence[Weighed]) -> None:
        self._draft = draft
        self._no = no
        self._elsewhere = draft.advice.elsewhere
        self._unchanged: set[str] = set()  # builds: known to be as they were measured
        self._refusing = ""  # the build that was in the way last: it is asked first

    def __call__(self, some: Sequence[Weighed]) -> tuple[str, ...]:
        """What could not be tried, in words.

        Raises ChangeError, with the name of the build, where one of them is in the way.
        """
        if not some:
            return ()
        asked = self._asked(some)
        requests = self._draft.requests
        # The builds of a root in one walk; those that it does not clear, alone.
        together = simulate_together(
            [(requests[member.name], change) for member, change in asked]
        )
        notes: dict[str, list[str]] = {}
        for (member, change), known in zip(asked, together, strict=True):
            for said in self._alone(member, change) if known is None else known:
                notes.setdefault(said, []).append(member.name)
        return tuple(self._note(said, names) for said, names in notes.items())

    def _asked(self, some: Sequence[Weighed]) -> list[tuple[Member, NewIgnoreFile]]:
        """The builds of the file, each with what would change for it."""
        advice = self._draft.advice
        content = advice.file_with(some, self._no).to_bytes()
        announced = advice.announced(some)
        found = [
            (
                member,
                NewIgnoreFile(
                    content,
                    advice.target.path,
                    self._draft.shown,
                    announced[member.root],
                    specific=advice.group.specific,
                    elsewhere=elsewhere,
                ),
            )
            for member, elsewhere in zip(
                advice.group.members, self._elsewhere, strict=True
            )
        ]
        return sorted(found, key=lambda one: one[0].name != self._refusing)

    def _alone(self, member: Member, change: NewIgnoreFile) -> tuple[str, ...]:
        try:
            return simulate_alone(self._draft.requests[member.name], change)
        except ChangeError as refusal:
            if member.name not in self._unchanged:
                draft = self._draft
                request = draft.requests[member.name]
                check_unchanged(request, member.measured, refusal, draft.policy)
            self._unchanged.add(member.name)
            self._refusing = member.name
            raise self._with_name(refusal, member.name) from None

    def _with_name(self, refusal: ChangeError, name: str) -> ChangeError:
        """The same, with the build that it is about."""
        if len(self._draft.builds) > 1:
            refusal.why = f"{name}: {refusal.why}"
            refusal.message = f"nothing was written: {refusal.why}"
        return refusal

    def _note(self, said: str, names: Sequence[str]) -> str:
        """A note, with the builds that it is about where these are not all."""
        if len(names) == len(self._draft.builds):
            return said
        return f"{_listed(names)}: {said}"


MOST_NAMED = 3


def _listed(names: Sequence[str]) -> str:
    """Some names, and how many more."""
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


# --- all files -----------------------------------------------------------------------


class Drafts(NamedTuple):
    """What could be written for many builds, a draft for each ignore file."""

    files: tuple[FileDraft, ...]
    left_out: tuple[tuple[str, CtxoptError], ...]  # builds that cannot be measured
    absent: tuple[str, ...] = ()  # what to say of names that nothing has now


def draft_all(
    builds: Sequence[FoundBuild],
    choice: Choice,
    *,
    estimate: Estimate,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
) -> Drafts:
    """Measure all builds, and sort the suggestions for their ignore files.

    With `choice.per_dockerfile` a Dockerfile that does better alone gets a file of its
    own, and the others stay together.
    Raises CtxoptError for a name that no suggestion of any file can have.
    """
    measured = measure_all(
        builds,
        top=0,
        depth=0,
        rule_index=partial(rule_index_of, policy=policy),
        progress=progress,
    )
    named = {*choice.only, *choice.skip}
    adviser = Adviser(
        estimate,
        insisted=choice.only,
        together=gathering.TOGETHER & named if named else None,
        listener=progress or NOBODY,
    )
    members = [
        Member(one.found.name, one.measured)
        for one in measured
        if one.measured is not None
    ]
    if choice.per_dockerfile and members:
        _check_own_files(members)
    files = _files(members, adviser, apart=choice.per_dockerfile)
    for file in files:
        check_target(file.advice.target, file.advice.group.members[0].build)
    told = _told(files, choice, policy)
    requests = {one.name: one.request for one in builds}
    drafts = (
        _draft(file, choice, policy, only=only, skip=skip, requests=requests)
        for file, only, skip in zip(files, told.only, told.skip, strict=True)
    )
    return Drafts((*drafts,), (*_left_out(measured, members),), told.absent)


def _left_out(
    measured: Iterable[MeasuredOne], members: Iterable[Member]
) -> Iterator[tuple[str, CtxoptError]]:
    """The builds that no file is written for, and why."""
    for one in measured:
        if one.error is not None:
            yield one.found.name, one.error
    for each in members:
        if not each.measured.can_be_told:
            yield each.name, untold(each.measured)


def _files(
    members: Sequence[Member], adviser: Adviser, *, apart: bool
) -> list[SharedFile]:
    files = [_shared(one, adviser) for one in grouped(members)]
    if not apart:
        return files
    return [one for file in files for one in _parted(file, adviser)]


def _shared(group: Group, adviser: Adviser) -> SharedFile:
    """The advice for a group; an error of its ignore file names it as one types it."""
    try:
        return shared_file(group, adviser)
    except CtxoptError as error:
        if error.file == group.members[0].build.ignore_target().shown:
            error.file = group.target.shown
        raise


def _check_own_files(members: Sequence[Member]) -> None:
    """Raise WriteError where no builder reads an ignore file of a Dockerfile's own."""
    if not any(one.build.builder.specific_ignore_file for one in members):
        members[0].build.specific_target()


def _parted(file: SharedFile, adviser: Adviser) -> list[SharedFile]:
    """The files of the Dockerfiles that pull away, and what is left of the shared."""
    own = [one.own.group.members for one in file.apart if one.pulls_away]
    if not own:
        return [file]
    gone = {one.name for members in own for one in members}
    rest = [one for one in file.advice.group.members if one.name not in gone]
    groups = [own_group(members) for members in own]
    if rest:
        groups.insert(0, file.advice.group._replace(members=(*rest,)))
    return [SharedFile(FileAdvice(one, adviser)) for one in groups]


class _Told(NamedTuple):
    """What the names of a command line mean, file by file."""

    only: tuple[frozenset[str], ...]
    skip: tuple[frozenset[str], ...]
    absent: tuple[str, ...]


def _told(files: Sequence[SharedFile], choice: Choice, policy: Policy) -> _Told:
    only = [_meant(files, text, policy) for text in choice.only]
    skip = [_meant(files, text, policy) for text in choice.skip]
    absent = [
        _absence(files, text, policy)
        for text, ids in (
            *zip(choice.only, only, strict=True),
            *zip(choice.skip, skip, strict=True),
        )
        if not any(ids) and (text in choice.only or _is_slip(files, text, policy))
    ]
    return _Told(_by_file(only, files), _by_file(skip, files), (*absent,))


def _by_file(
    meant: Sequence[Sequence[frozenset[str]]], files: Sequence[SharedFile]
) -> tuple[frozenset[str], ...]:
    none: frozenset[str] = frozenset()
    return tuple(none.union(*(ids[at] for ids in meant)) for at in range(len(files)))


def _meant(
    files: Sequence[SharedFile], text: str, policy: Policy
) -> list[frozenset[str]]:
    """The ids that a name means in each file.

    Raises CtxoptError where no file can have it.
    """
    found: list[frozenset[str]] = []
    refusals: list[CtxoptError] = []
    for file in files:
        made = _made(file)
        try:
            named = naming.named(
                made, (text,), file.advice.target.file, own=policy.rules
            )
            found.append(named.ids)
        except CtxoptError as error:
            found.append(frozenset())
            refusals.append(error)
    if refusals and len(refusals) == len(files):
        raise refusals[0]
    return found


def _made(file: SharedFile) -> list[Proposal]:
    return [one.proposal for one in file.advice.all]


def _is_slip(files: Sequence[SharedFile], text: str, policy: Policy) -> bool:
    return any(naming.is_slip(_made(one), text, own=policy.rules) for one in files)


def _absence(files: Sequence[SharedFile], text: str, policy: Policy) -> str:
    first = files[0]
    return naming.absence(
        _made(first), text, first.advice.target.file, own=policy.rules
    )


def _draft(
    file: SharedFile,
    choice: Choice,
    policy: Policy,
    *,
    only: frozenset[str],
    skip: frozenset[str],
    requests: Mapping[str, Request],
) -> FileDraft:
    advice = file.advice
    return FileDraft(
        advice=advice,
        requests=requests,
        blocked=file.blocked,
        apart=tuple(one for one in file.apart if one.is_much),
        consents=consents(
            advice.all, choice, only=only, skip=skip, is_first=advice.is_first
        ),
        insists=bool(choice.only),
        policy=policy,
    )


# --- taking them back ---


def plan_removals(builds: Sequence[FoundBuild], choice: Choice) -> list[WritePlan]:
    """Plan to take the block out of each ignore file that some builds read.

    With `choice.per_dockerfile` out of those of single Dockerfiles only. A build that
    cannot be read has none.
    Raises WriteError where a block is damaged or a file cannot be read.
    """
    plans: dict[str, WritePlan] = {}
    for request, target in _targets(builds, choice):
        if target.path not in plans:
            made = plan_removal(request, choice)
            plans[target.path] = made._replace(target=from_here(made.target))
    return [*plans.values()]


def remove_all_leftovers(builds: Sequence[FoundBuild], choice: Choice) -> None:
    """Take away what runs that were killed have left beside the ignore files."""
    for _, target in _targets(builds, choice):
        disk.remove_leftovers(target.path)


def _targets(
    builds: Sequence[FoundBuild], choice: Choice
) -> Iterator[tuple[Request, IgnoreTarget]]:
    for one in builds:
        if one.refusal is not None:
            continue
        with suppress(CtxoptError):
            yield one.request, target_of(read_build(one.request), choice)


# --- writing them --------------------------------------------------------------------


def apply_all(plans: Sequence[WritePlan]) -> None:
    """Write all files, each whole or not at all, once all were tried out on the disk.

    Raises WriteError: nothing is written where one is known to fail; where one fails
    all the same, the message says what was written before it and what was not.
    """
    changing = [one for one in plans if one.changes]
    for one in changing:
        disk.rehearse(one.snapshot, one.after)
    for at, one in enumerate(changing):
        try:
            one.apply()
        except WriteError as error:
            raise _half_done(changing, at, error) from error


def _half_done(plans: Sequence[WritePlan], at: int, error: WriteError) -> WriteError:
    """What was written and what was not, once one file could not be."""
    if len(plans) == 1:
        return error
    done = [one.target.path for one in plans[:at]]
    left = [one.target.path for one in plans[at:]]
    written = ", ".join(done) if done else "nothing"
    return WriteError(
        f"{error.message}; written: {written}; not written: {', '.join(left)}",
        file=error.file,
        hint=error.hint,
    )
