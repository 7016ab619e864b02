"""What a changed entry costs: which instructions of the next build run again.

A builder looks for each instruction in its cache, from the top of a stage down. An
instruction that takes a changed entry is not found there; from then on nothing of
the stage is, nor of a stage that stands on it, and an instruction that copies or
mounts from a stage that ran again runs again itself. Below `COPY src /src` and
`RUN make`, a change of `src/main.c` costs both, and one of `README.md` nothing.

The numbers are those of the worst case. Builders compare what is copied by content,
so an entry that was only touched invalidates nothing, and a stage that comes out as
it was before lets those that copy from it off. Neither is known before the build.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.dockerfile.records import Instruction, StepRun, Trace
from ctxopt.core.model import Source, SourceKind
from ctxopt.core.tuples import NamedTuple

# What runs or writes files. ENV, LABEL, CMD and the like only change the image's
# configuration, which takes no time and which BuildKit does not even list.
COUNTED = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})


class Affected(NamedTuple):
    """A stage some of whose instructions run again because another stage did."""

    stage: str  # its name, or its index
    instructions: int
    wholly: bool  # it stands on such a stage; False: from where it reads one


class Invalidation(NamedTuple):
    """The first instruction of a stage that takes a change, and what that costs.

    Each stands for itself: what two of them make run again is counted in both.
    """

    source: Source
    stage: str  # its name, or its index
    following: int  # instructions of this stage that run again after the source's
    stages: tuple[Affected, ...] = ()  # in the order in which they are built


class Impact(NamedTuple):
    """All that one change makes run again."""

    invalidations: tuple[Invalidation, ...] = ()  # a stage has one at most
    instructions: int = 0  # of all stages, those of the sources too, each once


class _Layer(NamedTuple):
    """A step that counts, its sources as bits of one context.

    A `StepRun` has those of all contexts, as numbers of the trace; here they are asked
    for with every change.
    """

    mask: int  # its own sources
    stages: tuple[int, ...]  # that it reads
    linked: bool  # it is cached whatever lies below


class _StageLayers(NamedTuple):
    label: str
    base: int | None
    steps: tuple[_Layer, ...]


class _Again(NamedTuple):
    """What of one stage runs again."""

    steps: tuple[int, ...]
    wholly: bool


class Impacts:
    """The impact of every change, for one build and one of its contexts.

    Answers are remembered: a tree has few distinct sets of sources.
    """

    __slots__ = ("_known", "_sources", "_stages")

    def __init__(
        self, sources: Sequence[Source], stages: Sequence[_StageLayers]
    ) -> None:
        self._sources = sources
        self._stages = stages
        self._known: dict[int, Impact] = {}

    @classmethod
    def of(cls, trace: Trace | None, context: str = "") -> Impacts:
        """Prepare a build; `context` is "" for the main one, or a name.

        A bit of a mask is a source of that context that claims what it names, in the
        order of the trace. Without a trace nothing is known to have an impact.
        """
        if trace is None:
            return cls((), ())
        kind = SourceKind.NAMED if context else SourceKind.CONTEXT
        taking = [
            number
            for number, source in enumerate(trace.sources)
            if source.kind is kind and source.origin == context and source.claims
        ]
        bit = {number: 1 << at for at, number in enumerate(taking)}
        stages = [
            _StageLayers(run.label, run.base, tuple(_counted(run.steps, bit)))
            for run in trace.runs
        ]
        return cls([trace.sources[number] for number in taking], stages)

    def impact_of(self, mask: int) -> Impact:
        """What a change of an entry costs that these sources take.

        The entry must travel: the mask of one that the ignore file keeps out says who
        would take it, so give 0. The union of the masks of many entries gives what
        their changes cost together.
        """
        impact = self._known.get(mask)
        if impact is None:
            impact = self._known[mask] = self._impact(mask)
        return impact

    def _impact(self, mask: int) -> Impact:
        invalidations = tuple(
            self._invalidation(number, mask)
            for number, stage in enumerate(self._stages)
            if any(step.mask & mask for step in stage.steps)
        )
        again = self._again(mask, range(len(self._stages)))
        return Impact(invalidations, sum(len(one.steps) for one in again.values()))

    def _invalidation(self, number: int, mask: int) -> Invalidation:
        """What the sources of one stage bring about."""
        stage = self._stages[number]
        again = self._again(mask, range(number, number + 1))
        first = next(step.mask & mask for step in stage.steps if step.mask & mask)
        return Invalidation(
            source=self._sources[bits(first)[0]],
            stage=stage.label,
            following=len(again.pop(number).steps) - 1,
            stages=tuple(
                Affected(self._stages[other].label, len(one.steps), one.wholly)
                for other, one in again.items()
                if one.steps
            ),
        )

    def _again(self, mask: int, taking: range) -> dict[int, _Again]:
        """What runs again by stage, if the sources of `taking` alone take a change.

        A stage only reads those before it, so one pass is enough.
        """
        found: dict[int, _Again] = {}
        for number, stage in enumerate(self._stages):
            wholly = stage.base in found
            own = mask if number in taking else 0
            broken = wholly
            steps = []
            for at, step in enumerate(stage.steps):
                hit = bool(step.mask & own) or any(map(found.__contains__, step.stages))
                if hit or (broken and not step.linked):
                    steps.append(at)
                broken = broken or hit
            if broken:
                found[number] = _Again(tuple(steps), wholly)
        return found


def _counted(steps: Sequence[StepRun], bit: dict[int, int]) -> list[_Layer]:
    return [
        _Layer(
            # Distinct bits, of which the sum is the union.
            sum(bit.get(source, 0) for source in step.sources),
            step.stages,
            _linked(step.instruction),
        )
        for step in steps
        if step.instruction.name in COUNTED
    ]


def _linked(instruction: Instruction) -> bool:
    """Whether a copy is made beside its stage and only then put on top of it.

    Rule: moby/buildkit, dockerfile2llb/convert_copy.go, dispatchCopy: `--chmod` turns
    `--link` off.
    """
    return instruction.flag("link") == "true" and not instruction.flag("chmod")
