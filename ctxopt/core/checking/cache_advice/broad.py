"""What of the context lies where in a stage, and the COPY that brought it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.dockerfile.records import Instruction, Trace
from ctxopt.core.running.places import Landing, Places, context_paths
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple


class Brought(NamedTuple):
    """A path of the context that a COPY has laid into a stage."""

    path: str
    stage: int  # that has the COPY: the one that is asked for, or one below it
    step: int
    is_broad: bool  # a whole folder came with it

    @property
    def moment(self) -> tuple[int, int]:
        """When it was, beside other steps of stages that stand on each other."""
        return self.stage, self.step


class Context:
    """The context as the stages of a build have it; asked, not walked."""

    def __init__(
        self,
        trace: Trace,
        laid: Places,
        tree: Tree,
        *,
        text: Callable[[str], str],
        keeps_out: Callable[[str], bool],
    ) -> None:
        self._trace = trace
        self.laid = laid
        self._tree = tree
        self.text = text  # of a file of the context
        self._keeps_out = keeps_out

    def has(self, path: str) -> bool:
        """Whether a path is there, and travels."""
        return self._tree.kind(path) is not None and not self._keeps_out(path)

    def names(self, folder: str) -> tuple[str, ...]:
        """What lies in a folder."""
        return tuple(self._tree.names(folder))

    def instruction(self, brought: Brought) -> Instruction:
        """The COPY or ADD of something brought."""
        return self._trace.runs[brought.stage].steps[brought.step].instruction

    def brought(self, stage: int, place: str, step: int) -> Iterator[Brought]:
        """What lies at a place for a step, by COPYs of the context itself.

        What comes from another stage is left out, and so are mounts.
        """
        for at in self.laid.lineage(stage):
            for landing in self.laid.stages[at].landings:
                if landing.step is not None or landing.since < 0:
                    continue
                if at == stage and landing.since >= step:
                    continue
                if self._trace.runs[at].steps[landing.since].instruction.flag("from"):
                    continue
                for path in context_paths(landing, place):
                    broad = self._is_broad(landing)
                    yield Brought(path, at, landing.since, broad)

    def _is_broad(self, landing: Landing) -> bool:
        """Whether a landing is of a whole folder, with other folders in it."""
        if landing.names not in ("", "*"):
            return False
        if not landing.path:
            return True
        if self._tree.kind(landing.path) is not Found.DIRECTORY:
            return False
        below = (f"{landing.path}/{name}" for name in self._tree.names(landing.path))
        return any(self._is_program(path) for path in below)

    def _is_program(self, path: str) -> bool:
        return self._tree.kind(path) is Found.DIRECTORY or path.endswith(_PROGRAMS)


_PROGRAMS = (
    *(".py", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".rb", ".go", ".rs", ".php"),
    *(".java", ".kt", ".cs", ".fs", ".ex", ".exs", ".vue", ".c", ".cpp"),
)
