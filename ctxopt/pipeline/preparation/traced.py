"""Dockerfiles that many builds ask about: each parsed once, and traced once.

Ten builds of one Dockerfile that differ in their target are traced alike, stage by
stage; and whoever keeps by a trace what is read of it finds it again.
"""

from __future__ import annotations

from collections.abc import Hashable

from ctxopt.core.dockerfile import (
    BuildOptions,
    BuildPlan,
    Dockerfile,
    Scoping,
    Trace,
    link,
    trace,
)
from ctxopt.core.dockerfile.tracing.all_stages import parsed_or_none, traces_of_parsed
from ctxopt.errors import DockerfileError


class TracedDockerfiles:
    """Answers what stages and builds of Dockerfiles read, and keeps what was told."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[bytes, str], Dockerfile | None] = {}
        self._stages: dict[Hashable, tuple[Trace, ...]] = {}
        self._plans: dict[Hashable, BuildPlan | None] = {}
        # By the identity of a plan, which is kept.
        self._executed: dict[int, tuple[Trace, ...]] = {}

    def parsed(self, content: bytes, shown: str) -> Dockerfile | None:
        """A Dockerfile; None where the builder would refuse its syntax."""
        key = content, shown
        if key not in self._parsed:
            self._parsed[key] = parsed_or_none(content, shown)
        return self._parsed[key]

    def stages(
        self, content: bytes, shown: str, options: BuildOptions
    ) -> tuple[Trace, ...]:
        """What each stage reads, see `traces_of_parsed`: whatever the target is."""
        parsed = self.parsed(content, shown)
        if parsed is None:
            return ()
        key = content, shown, _key(options)
        if key not in self._stages:
            self._stages[key] = (*traces_of_parsed(parsed, options),)
        return self._stages[key]

    def plan(
        self, content: bytes, shown: str, options: BuildOptions
    ) -> BuildPlan | None:
        """The stages that a build of BuildKit executes; None where it is refused."""
        parsed = self.parsed(content, shown)
        if parsed is None:
            return None
        key = content, shown, _key(options), options.target
        if key not in self._plans:
            self._plans[key] = _plan(parsed, options)
        return self._plans[key]

    def executed(self, plan: BuildPlan) -> tuple[Trace, ...]:
        """What such a build reads; nothing where it is refused on the way."""
        if id(plan) not in self._executed:
            self._executed[id(plan)] = _traced(plan)
        return self._executed[id(plan)]


def _key(options: BuildOptions) -> Hashable:
    """All options but the target, to look something up by them."""
    kept = {
        **options._asdict(),
        "target": None,
        "build_args": (*options.build_args.items(),),
        "named_contexts": (*options.named_contexts,),
    }
    return (*kept.values(),)


def _plan(parsed: Dockerfile, options: BuildOptions) -> BuildPlan | None:
    try:
        return link(parsed, options._replace(scoping=Scoping.BUILDKIT))
    except DockerfileError:
        return None


def _traced(plan: BuildPlan) -> tuple[Trace, ...]:
    try:
        return (trace(plan),)
    except DockerfileError:
        return ()
