"""Which changes of an ignore file do nothing but what they should, by names alone.

Several builds of a root are tried in one walk, each before and after, and nothing but
names is read. That is enough where a change only keeps more out:

* What is kept after it was kept before, and is seen with the same eyes. So whatever is
  odd about an entry that stays, a mode that nobody may read or a name that is not
  UTF-8, stood in the way before, and nothing new does.
* Whether a source finds what it names depends on the paths that arrive, and on whether
  anything is left that it takes: both are known from the names.

Where something speaks against a change, or more has to be looked at (sockets, closed
folders, folders that travel only for the sake of what is in them), the build is left
to be asked alone. `tests/pipeline/test_harmless.py` holds this to the walks that
`simulation` makes then.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.judge import Decision, FolderState
from ctxopt.core.judging.pairs import PairedState, PairRules, Verdict
from ctxopt.core.model import Usage
from ctxopt.core.paths import join
from ctxopt.core.suggest.saying import SaidPaths
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ContextError, CtxoptError
from ctxopt.host.walk.names import NamesBelow, OpenFolder
from ctxopt.host.walk.walk import UnreadPaths
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult


class ChangeByName(NamedTuple):
    """What one build makes of its root before and after a change.

    `announced` are the folders and files that go, and no others; None: any.
    """

    before: MeasureJob
    after: MeasureJob
    announced: Collection[str] | None
    same_transfer: bool  # nothing goes that the build takes
    elsewhere: SaidPaths | None  # what other builds name


class OutcomeByName(NamedTuple):
    """What the sources of a build find: all that is true of the measurements."""

    before: MeasureResult
    after: MeasureResult


def outcomes_by_name(changes: Sequence[ChangeByName]) -> list[OutcomeByName | None]:
    """What becomes of each change, from one walk for each root.

    None where something speaks against it, or names are not enough to tell.
    """
    found: list[OutcomeByName | None] = [None] * len(changes)
    roots: dict[str, list[int]] = {}
    for index, change in enumerate(changes):
        roots.setdefault(change.before.root, []).append(index)
    for root, indexes in roots.items():
        asked = [changes[index] for index in indexes]
        for index, outcome in zip(indexes, _in_root(root, asked), strict=True):
            found[index] = outcome
    return found


def _in_root(
    root: str, changes: Sequence[ChangeByName]
) -> Sequence[OutcomeByName | None]:
    nothing = [None] * len(changes)
    try:
        states = [(_state(one.before), _state(one.after)) for one in changes]
    except CtxoptError:
        return nothing
    walk = _Walk(root, changes, PairedState.start(states, [*map(_rules, changes)]))
    try:
        walk.run()
    except ContextError:
        return nothing
    return [walk.outcome(at) for at in range(len(changes))]


def _state(job: MeasureJob) -> FolderState:
    return job.rules(transfer_only=False).root()


def _rules(change: ChangeByName) -> PairRules:
    before, after = change.before, change.after
    builder = before.builder
    return PairRules(
        same_transfer=change.same_transfer,
        sends_all=builder.sends_all,
        validates=builder.validates,
        opens=builder.opens(before.exclude, before.request),
        opens_after=builder.opens(after.exclude, after.request),
    )


class _Place(NamedTuple):
    """A folder on the way; bits are changes.

    `inside`: those that announce it, or a folder above it.
    """

    path: str
    state: PairedState
    inside: int


class _Walk:
    """One walk through the names below a root, for some changes."""

    def __init__(
        self, root: str, changes: Sequence[ChangeByName], state: PairedState
    ) -> None:
        self._changes = changes
        self._state = state
        self._names = NamesBelow(root)
        self._all = state.members
        self._doubtful = 0
        self._announced = _announced(changes)
        # Those that announce what goes; what others do goes unannounced.
        self._bound = _bits(one.announced is not None for one in changes)
        self._spares = _bits(one.elsewhere is not None for one in changes)
        self._arrived: list[tuple[set[str], set[str]]] = [
            (set(), set()) for _ in changes
        ]

    def run(self) -> None:
        """Judge all names, until every change is doubtful.

        Raises ContextError when the root cannot be read.
        """
        with self._names.opened():
            waiting = [_Place("", self._state, 0)]
            while waiting and self._doubtful != self._all:
                place = waiting.pop()
                if self._names.holds_long_paths(place.path):
                    self._doubtful |= place.state.members
                try:
                    with self._names.folder(place.path) as folder:
                        waiting += self._folders(place, folder)
                except OSError:
                    self._doubtful |= place.state.members

    def _folders(self, place: _Place, folder: OpenFolder) -> list[_Place]:
        """The folders to enter of one whose names are judged."""
        path, state, inside = place
        known, decide = state.known.get, state.decide
        here = self._announced.get(path, _NOTHING)
        # Of most names, nothing has to be looked at in these.
        going = self._bound & ~inside | self._spares
        staying = inside
        for announcing in here.values():
            staying |= announcing
        entered = []
        for entry in folder.entries:
            name = entry.name
            verdict = known(name) or decide(name)
            if verdict.special or verdict.gone & going or verdict.stays & staying:
                self._weigh(place, folder, entry, verdict)
            if not verdict.enters:
                continue
            if entry.is_dir(follow_symlinks=False):
                below = inside | here.get(name, 0)
                entered.append(_Place(join(path, name), state.inside(verdict), below))
            elif not (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                self._doubtful |= state.members  # no place for it on some wires
        return entered

    def _weigh(
        self,
        place: _Place,
        folder: OpenFolder,
        entry: os.DirEntry[str],
        verdict: Verdict,
    ) -> None:
        """Judge a name whose path counts."""
        here = self._announced.get(place.path, _NOTHING)
        announced = place.inside | here.get(entry.name, 0)
        doubtful = self._doubtful | verdict.doubtful
        doubtful |= verdict.stays & announced
        doubtful |= verdict.gone & self._bound & ~announced
        path = join(place.path, entry.name)
        for at in bits(verdict.gone & self._spares & ~doubtful):
            elsewhere = self._changes[at].elsewhere
            if elsewhere is not None and elsewhere.naming(path) is not None:
                doubtful |= 1 << at
        if verdict.barred & ~doubtful and self._names.is_barred(folder, entry):
            doubtful |= verdict.barred
        self._doubtful = doubtful
        if verdict.asked or verdict.arrived:
            self._tell_sides(place.state, entry, verdict, path)

    def _tell_sides(
        self,
        state: PairedState,
        entry: os.DirEntry[str],
        verdict: Verdict,
        path: str,
    ) -> None:
        """Note where a target arrives, and doubt what is opened on one side only."""
        for pair, both in zip(state.pairs, verdict.decisions, strict=True):
            rules = state.rules(pair.bit)
            if verdict.asked & pair.bit and _is_opened_otherwise(rules, both, path):
                self._doubtful |= pair.bit
            if verdict.arrived & pair.bit:
                self._note_arrival(pair.bit, entry, both, path)

    def _note_arrival(
        self,
        bit: int,
        entry: os.DirEntry[str],
        both: Sequence[Decision | None],
        path: str,
    ) -> None:
        arrived = self._arrived[bit.bit_length() - 1]
        for decision, paths in zip(both, arrived, strict=True):
            if decision is None or not decision.arrived:
                continue
            if decision.taken:
                paths.add(path)
            elif decision.enter and entry.is_dir(follow_symlinks=False):
                self._doubtful |= bit  # it comes with something in it, or not

    def outcome(self, at: int) -> OutcomeByName | None:
        """What became of a change; None where it is doubtful."""
        taken = self._state.taken(1 << at)
        if taken is None or self._doubtful >> at & 1:
            return None
        change = self._changes[at]
        before, after = self._arrived[at]
        return OutcomeByName(
            _result(change.before, taken[0], before),
            _result(change.after, taken[1], after),
        )


_NOTHING: Mapping[str, int] = {}


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << at for at, flag in enumerate(flags) if flag)


def _announced(changes: Sequence[ChangeByName]) -> Mapping[str, Mapping[str, int]]:
    """The names that are announced, by their folder, with the bits of who does."""
    found: dict[str, dict[str, int]] = {}
    for at, change in enumerate(changes):
        for path in change.announced or ():
            folder, _, name = path.rpartition("/")
            names = found.setdefault(folder, {})
            names[name] = names.get(name, 0) | 1 << at
    return found


def _is_opened_otherwise(
    rules: PairRules, both: Sequence[Decision | None], path: str
) -> bool:
    """Whether a client that names a file in both opens it in one of them only."""
    opened = [
        opens is None or not decision.touched or opens(path, decision.taken)
        for decision, opens in zip(both, (rules.opens, rules.opens_after), strict=True)
        if decision is not None and decision.kept
    ]
    return len(set(opened)) > 1


def _result(job: MeasureJob, mask: int, arrived: set[str]) -> MeasureResult:
    """A measurement that counts one entry for each source that finds any."""
    empty = job.fold().finish()
    empty.notes.arrived |= arrived
    counts = (mask >> at & 1 for at in range(len(empty.taken)))
    taken = tuple(Usage(files=count) for count in counts)
    return MeasureResult(empty._replace(taken=taken), UnreadPaths())
