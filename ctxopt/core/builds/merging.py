"""What several builds say of one ignore file, made one that suits all of them.

Each build has proposed lines, knowing what the others name. Here every one of them is
heard: what one has to keep is offered to nobody, and what one is asked about is a
question for all. Whatever is offered by several is there once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ctxopt.core.model import Confidence, HeldBack, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.suggest.saying import SaidPaths
from ctxopt.core.tuples import NamedTuple


class Voice(NamedTuple):
    """What one build says of the ignore file that it reads."""

    name: str
    root: str  # the folder that its paths are in
    made: tuple[Proposal, ...]
    kept: Mapping[str, HeldBack]  # by path: all that it has to keep
    ahead: tuple[Proposal, ...] = ()  # for what is not there yet
    sources: tuple[Source, ...] = ()


class Joint(NamedTuple):
    """A proposal that no build speaks against, and what it hits in each root."""

    proposal: Proposal
    hit: Mapping[str, frozenset[str]]  # paths by their root


def joined(voices: Sequence[Voice]) -> tuple[Joint, ...]:
    """What can be offered to all builds of an ignore file, in no order."""
    found: dict[tuple[str, ...], Joint] = {}
    for root in dict.fromkeys(one.root for one in voices):
        hearing = _Hearing([one for one in voices if one.root == root])
        strangers = [one for one in voices if one.root != root]
        for proposal, paths in hearing.offers():
            if any(_spoils(proposal, one) for one in strangers):
                continue
            joint = Joint(proposal, {root: paths})
            known = found.get(proposal.lines)
            found[proposal.lines] = joint if known is None else _both(known, joint)
    return _told_apart([*found.values()])


def joined_ahead(
    voices: Sequence[Voice], taken: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """What all builds of an ignore file want written ahead.

    `taken` are the ids of what is offered for what is there.
    """
    first, *others = voices
    wanted = [{line for one in each.ahead for line in one.lines} for each in others]
    left = (
        one._replace(
            lines=tuple(line for line in one.lines if all(line in x for x in wanted)),
            id=ids.ahead(one.rule) if one.rule in taken else one.id,
        )
        for one in first.ahead
    )
    return tuple(one for one in left if one.lines)


def paths_of(proposal: Proposal) -> frozenset[str]:
    """All that a proposal would keep out."""
    return frozenset(path for find in proposal.clutter for path in find.paths)


def covers(paths: Iterable[str], path: str) -> bool:
    """Whether a path is among others, or lies in a folder that is."""
    while path:
        if path in paths:
            return True
        path = path.rpartition("/")[0]
    return False


def keeps(kept: Mapping[str, HeldBack], path: str) -> HeldBack | None:
    """Why a path has to stay, or something in it; None where it may go.

    That a folder has to stay says nothing of what lies in it.
    """
    inside = f"{path}/"
    within = (held for one, held in kept.items() if one.startswith(inside))
    return kept.get(path) or next(within, None)


class _Hearing:
    """The builds of one root, each asked about what the others propose."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = voices
        self._own = [frozenset().union(*map(paths_of, one.made)) for one in voices]
        self._asked = frozenset().union(
            *(paths_of(one) for each in voices for one in each.made if _doubts(one))
        )
        self._said = [SaidPaths(one.sources) for one in voices]

    def offers(self) -> Iterator[tuple[Proposal, frozenset[str]]]:
        """The proposals that all can live with, each with the paths that it hits.

        Those that are as sure for everybody come first. What is left of others is
        asked about, as one of the builds does.
        """
        unsure: list[tuple[Proposal, frozenset[str]]] = []
        done: set[str] = set()
        for proposal, paths in self._suiting():
            if not paths:
                yield proposal, paths
            elif not _asks(proposal) and any(self._is_asked(one) for one in paths):
                unsure.append((proposal, paths))
            elif not all(covers(done, one) for one in paths):
                done |= paths
                yield proposal, paths
        for proposal, paths in unsure:
            if not all(covers(done, one) for one in paths):
                done |= paths
                yield proposal._replace(confidence=Confidence.ASK), paths

    def _suiting(self) -> Iterator[tuple[Proposal, frozenset[str]]]:
        """The proposals that nobody speaks against, with what all say of them."""
        by_lines: dict[tuple[str, ...], list[tuple[str, Proposal]]] = {}
        for voice in self._voices:
            for one in voice.made:
                by_lines.setdefault(one.lines, []).append((voice.name, one))
        for several in by_lines.values():
            surest = sorted(several, key=lambda one: _RANK[one[1].confidence])
            proposal = surest[-1][1]
            paths = frozenset().union(*(paths_of(one) for _, one in several))
            if any(
                self._objects(at, proposal, paths) for at in range(len(self._voices))
            ):
                continue
            yield self._with_notes(proposal, several), paths

    def _with_notes(
        self, proposal: Proposal, several: Sequence[tuple[str, Proposal]]
    ) -> Proposal:
        """What all say of it, and what only some say with the name of the build."""
        if len(self._voices) == 1:
            return proposal
        shared = [
            note
            for note in proposal.notes
            if all(note in one.notes for _, one in several)
        ]
        if len(several) < len(self._voices):
            shared = []
        own: dict[str, str] = {}
        for name, one in several:
            for note in one.notes:
                if note not in shared:
                    own.setdefault(note, f"{name}: {note}")
        return proposal._replace(notes=(*shared, *own.values()))

    def _is_asked(self, path: str) -> bool:
        return covers(self._asked, path)

    def _objects(self, at: int, proposal: Proposal, paths: frozenset[str]) -> bool:
        """Whether a build has to keep any of it, that does not offer it itself."""
        voice, own = self._voices[at], self._own[at]
        if not paths:
            named = (self._said[at].naming(line) for line in proposal.lines)
            return any(one is not None for one in named)
        if ids.says_unused(proposal.rule) and not all(
            covers(own, one) for one in paths
        ):
            return True  # what one build does not take another may
        # What it keeps of a folder that it would let go is decided by its own lines.
        return any(
            not covers(own, path) and keeps(voice.kept, path) is not None
            for path in paths
        )


def _spoils(proposal: Proposal, voice: Voice) -> bool:
    """Whether lines would take what a build of another root has to keep."""
    matcher = Matcher(compile_patterns(proposal.lines))
    try:
        return any(map(matcher.matches_or_parent_matches, voice.kept))
    except PatternError:
        return True


_RANK = {Confidence.CERTAIN: 0, Confidence.LIKELY: 1, Confidence.ASK: 2}


def _doubts(proposal: Proposal) -> bool:
    """Whether a build is not sure of what others may be sure of.

    That it takes nothing of a folder does not speak for what lies in it.
    """
    return _asks(proposal) and not ids.says_unused(proposal.rule)


def _asks(proposal: Proposal) -> bool:
    return proposal.confidence is Confidence.ASK


def _both(one: Joint, other: Joint) -> Joint:
    """The same lines, of two roots: as sure as they are for the less sure of them."""
    proposals = (one.proposal, other.proposal)
    proposal = max(proposals, key=lambda each: _RANK[each.confidence])
    return Joint(proposal, {**one.hit, **other.hit})


def _told_apart(found: Sequence[Joint]) -> tuple[Joint, ...]:
    """The same, each with an id of its own."""
    given = ids.told_apart([one.proposal.name for one in found])
    return tuple(
        one._replace(proposal=one.proposal._replace(id=id_))
        for one, id_ in zip(found, given, strict=True)
    )
