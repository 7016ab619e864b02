"""ADD where COPY does the same: of files that it neither fetches nor unpacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.checking.families import dockerfile
from ctxopt.core.dockerfile.records import StepRun, Trace
from ctxopt.core.findings.copied import column_of
from ctxopt.core.golang import filepath_match
from ctxopt.core.model import Problem, Source, SourceKind
from ctxopt.core.sources.together import may_be_unpacked

# Names of what is most likely a tar, whatever lies there now.
_ARCHIVES = (
    *(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz"),
    *(".tar.zst", ".tzst", ".tar.lzma", ".tlz", ".tar.z"),
)


def plain_additions(
    trace: Trace, hits: Callable[[Source], Sequence[bytes]]
) -> Iterator[Problem]:
    """An ADD of which all sources are plain: no address, no repository, no archive.

    `hits` gives the first bytes of the files that a source takes by its name; a folder
    is never unpacked. ADD unpacks what begins as a tar, or as something packed, under
    whatever name.
    Rule: moby/buildkit, solver/llbsolver/file/unpack.go.
    """
    for run in trace.runs:
        for step in run.steps:
            sources = [trace.sources[index] for index in step.sources]
            if _only_copies(step, sources, hits):
                yield _plain(step, sources)


def _only_copies(
    step: StepRun, sources: Sequence[Source], hits: Callable[[Source], Sequence[bytes]]
) -> bool:
    instruction = step.instruction
    if instruction.name != "ADD" or instruction.flag("unpack") == "true":
        return False
    return bool(sources) and all(_is_plain(one, hits) for one in sources)


def _is_plain(source: Source, hits: Callable[[Source], Sequence[bytes]]) -> bool:
    if source.kind is not SourceKind.CONTEXT or source.assumed:
        return False
    name = source.expanded.lower().rstrip("/")
    if name.endswith(_ARCHIVES) or filepath_match.has_wildcard(name.rpartition(".")[2]):
        return False
    return not any(map(may_be_unpacked, hits(source)))


def _plain(step: StepRun, sources: Sequence[Source]) -> Problem:
    word = sources[0].text or sources[0].expanded
    problem = dockerfile.ADD_COPIES.problem(
        f'ADD takes "{word}" as it is: COPY does that, and nothing else',
        place=step.instruction.location,
        subject=word,
    )
    return problem._replace(column=column_of(sources[0]))
