"""Instructions judged as a whole: what all sources of a COPY or ADD bring together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.dockerfile import Trace
from ctxopt.core.dockerfile.records import StepRun
from ctxopt.core.golang import filepath_match
from ctxopt.core.model import Problem, Source, SourceKind, SourceState
from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.targets import matching
from ctxopt.core.sources.together import (
    Brought,
    StepPlace,
    ends_as_folder,
    may_be_folder,
    may_be_unpacked,
)
from ctxopt.core.sources.tree import Found
from ctxopt.core.sources.wanted import CopySource
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.preparation.build import Build, Root

# Folders that nearly every base image has.
_USUAL_FOLDERS = frozenset(
    f"/{name}"
    for name in (
        *("bin", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "root", "run"),
        *("sbin", "srv", "tmp", "usr", "usr/bin", "usr/lib", "usr/local", "usr/sbin"),
        *("usr/local/bin", "usr/local/etc", "usr/local/lib", "usr/local/sbin"),
        *("usr/local/share", "usr/share", "usr/src", "var", "var/lib", "var/log"),
        *("var/cache", "var/tmp"),
    )
)


def problems_together(
    build: Build,
    root: Root,
    judged: Sequence[tuple[CopySource, Outcome]],
    arrivals: Arrivals,
) -> Iterator[Problem]:
    """What is wrong with instructions of which each source alone is not.

    `judged` has the sources that take something of the root, in order; instructions
    that take nothing of any local folder are told with the context.
    """
    if build.trace is None:
        return
    together = _Together(build.trace, root, judged, arrivals)
    for place in together.places():
        brought = together.brought(place)
        if brought is None:
            continue
        refusal = build.builder.joint_failure(brought)
        if refusal is not None and _is_unknown(brought):
            continue
        if refusal is not None:
            kept = next((path for one in brought for path in one.ignored), None)
            if kept is None or any(one.hits for one in brought):
                # Start-up: most instructions are in order.
                from ctxopt.core.findings.instructions import refused_together

                yield refused_together(brought, refusal)
            else:
                yield _all_ignored(
                    build,
                    root,
                    arrivals,
                    brought=brought,
                    path=kept,
                    refusal=refusal,
                )
        elif build.builder.last_file_stays and together.overwrites(place, brought):
            from ctxopt.core.findings.instructions import overwritten

            yield overwritten(brought, sure=together.is_sure(place))


def _all_ignored(
    build: Build,
    root: Root,
    arrivals: Arrivals,
    *,
    brought: Sequence[Brought],
    path: str,
    refusal: str,
) -> Problem:
    """An instruction of which `path`, and all else that it hits, is kept out."""
    # Start-up: most builds have no source that is kept out.
    from ctxopt.core.findings.copied import why_ignored
    from ctxopt.core.findings.instructions import hits_ignored
    from ctxopt.core.findings.repairs import repair_words
    from ctxopt.pipeline.repairing import repair_of

    outcome = Outcome(SourceState.IGNORED, path, path)
    want = CopySource(brought[0].source, path)
    mended = repair_of(build, root, want, outcome, arrivals.tree)
    cure = None
    if mended is not None:
        cure = repair_words(mended, path, builder=build.builder, sweeping=None)
    why = why_ignored(path, arrivals.kept_out(path), build.builder)
    return hits_ignored(brought, why, refusal, cure)


class _Together:
    """The sources of a build, instruction by instruction, as far as a root has them."""

    def __init__(
        self,
        trace: Trace,
        root: Root,
        judged: Sequence[tuple[CopySource, Outcome]],
        arrivals: Arrivals,
    ) -> None:
        self._trace = trace
        self._arrivals = arrivals
        self._is_main = not root.named
        kind = SourceKind.CONTEXT if self._is_main else SourceKind.NAMED
        origin = root.sources[0].origin if root.sources else ""
        own = (
            index
            for index, source in enumerate(trace.sources)
            if source.claims and (source.kind, source.origin) == (kind, origin)
        )
        self._judged = dict(zip(own, judged, strict=True))

    def places(self) -> Iterator[StepPlace]:
        """The instructions to judge with this root."""
        for at, run in enumerate(self._trace.runs):
            for number, step in enumerate(run.steps):
                if step.instruction.name not in ("ADD", "COPY") or not step.sources:
                    continue
                local = any(map(self._is_local, step.sources))
                if any(index in self._judged for index in step.sources) or (
                    self._is_main and not local
                ):
                    yield StepPlace(at, number)

    def _is_local(self, index: int) -> bool:
        return self._trace.sources[index].kind in (SourceKind.CONTEXT, SourceKind.NAMED)

    def _step(self, place: StepPlace) -> StepRun:
        return self._trace.runs[place.run].steps[place.step]

    def brought(self, place: StepPlace) -> tuple[Brought, ...] | None:
        """What the sources of an instruction bring; None where one fails by itself."""
        found = []
        for index in self._step(place).sources:
            source = self._trace.sources[index]
            if not source.claims:
                continue
            one = self._brought(index, source)
            if one is None:
                return None
            found.append(one)
        return tuple(found) or None

    def _brought(self, index: int, source: Source) -> Brought | None:
        if index in self._judged:
            return self._from_root(*self._judged[index])
        if source.kind in (SourceKind.URL, SourceKind.HEREDOC):
            files = source.kind is SourceKind.HEREDOC
            return Brought(source, 1, files=files)
        unknown = source.kind in (SourceKind.GIT, SourceKind.UNKNOWN)
        if unknown or filepath_match.has_wildcard(source.expanded):
            return Brought(source, None)
        return Brought(source, 1)

    def _from_root(self, want: CopySource, outcome: Outcome) -> Brought | None:
        if outcome.state is SourceState.EMPTY:
            hits = tuple(filter(self._arrivals.ignored, self._candidates(want)))
            return Brought(want.source, 0, files=True, ignored=hits)
        if outcome.state is not SourceState.FOUND:
            return None
        paths = self._hits(want)
        files = all(map(self._is_file, paths)) and not want.source.parents
        if want.source.instruction == "ADD":
            heads = map(self._arrivals.tree.head, paths)
            files = files and not any(map(may_be_unpacked, heads))
        return Brought(want.source, len(paths), tuple(paths), files)

    def _hits(self, want: CopySource) -> Sequence[str]:
        if want.glob is None:
            return (want.path or ".",)
        return [path for path in self._candidates(want) if self._arrivals.has(path)]

    def _candidates(self, want: CopySource) -> Sequence[str]:
        """What is on disk of the hits of a wildcard."""
        if want.glob is None:
            return ()
        tree = self._arrivals.tree
        base = want.path
        if base and want.follow_base:
            base = want.led_to(tree, base).path or base
        return matching(tree, base, want.glob)

    def _is_file(self, path: str) -> bool:
        tree = self._arrivals.tree
        found = resolve(tree, path).path
        return found is not None and tree.kind(found) is not Found.DIRECTORY

    def overwrites(self, place: StepPlace, brought: Sequence[Brought]) -> bool:
        """Whether several files are copied to one name, as far as can be seen.

        Where the first is a folder the destination becomes one.
        """
        if sum(one.hits or 0 for one in brought) < 2:  # several
            return False
        if not all(one.files and one.hits is not None for one in brought):
            return False
        trace = self._trace
        source = brought[0].source
        destination = source.destination
        if ends_as_folder(destination) or source.destination_assumed:
            return False
        if trace.unknown_bases and destination.rstrip("/") in _USUAL_FOLDERS:
            return False
        return not may_be_folder(trace.runs, trace.sources, place, self._brings_files)

    def is_sure(self, place: StepPlace) -> bool:
        """Whether nothing unseen can have made the destination a folder."""
        run = self._trace.runs[place.run]
        names = (step.instruction.name for step in run.steps[: place.step])
        return not self._trace.unknown_bases and "RUN" not in names

    def _brings_files(self, index: int) -> bool:
        one = self._brought(index, self._trace.sources[index])
        return one is None or one.files


def _is_unknown(brought: Sequence[Brought]) -> bool:
    """Whether only an image that is not read can tell where several entries go."""
    source = brought[0].source
    return any(one.hits for one in brought) and bool(source.destination_assumed)
