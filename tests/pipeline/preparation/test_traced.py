"""Dockerfiles that many builds ask about: what is told of one is told of the next."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions
from ctxopt.core.dockerfile.tracing.all_stages import traces_of_stages
from ctxopt.pipeline.preparation.traced import TracedDockerfiles

TEXT = b"""FROM scratch AS one
ARG DIR=src
COPY $DIR /
FROM scratch AS two
COPY a /
"""
REFUSED = b"FROM scratch\nCOPY ${WHERE?no} /\n"  # by whoever expands it
ONE, TWO = BuildOptions(target="one"), BuildOptions(target="two")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(BuildOptions(), id="no target"),
        pytest.param(TWO, id="a target"),
        pytest.param(BuildOptions(build_args={"DIR": "lib"}), id="an argument"),
        pytest.param(BuildOptions(named_contexts=("one",)), id="a named context"),
    ],
)
def test_the_stages_are_those_of_a_dockerfile_that_is_traced_anew(
    options: BuildOptions,
) -> None:
    traced = TracedDockerfiles()
    traced.stages(TEXT, "Dockerfile", ONE)  # another build was here before
    told = traced.stages(TEXT, "Dockerfile", options)
    assert told == tuple(traces_of_stages(TEXT, "Dockerfile", options))


def test_builds_of_other_targets_hear_of_the_same_traces() -> None:
    traced = TracedDockerfiles()
    told = [traced.stages(TEXT, "Dockerfile", one) for one in (ONE, TWO)]
    assert told[0] is told[1]


@pytest.mark.parametrize(("options", "taken"), [(ONE, "src"), (TWO, "a")])
def test_what_a_target_executes_is_its_own(options: BuildOptions, taken: str) -> None:
    traced = TracedDockerfiles()
    plans = [traced.plan(TEXT, "Dockerfile", one) for one in (ONE, TWO, options)]
    plan = plans[-1]
    assert plan is not None
    (trace,) = traced.executed(plan)
    assert [source.expanded for source in trace.sources] == [taken]
    assert traced.executed(plan)[0] is trace


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param(b"FROM scratch\nCPY a /\n", BuildOptions(), id="its syntax"),
        pytest.param(TEXT, BuildOptions(target="three"), id="its target"),
    ],
)
def test_what_is_refused_has_no_plan(content: bytes, options: BuildOptions) -> None:
    assert TracedDockerfiles().plan(content, "Dockerfile", options) is None


def test_what_is_refused_on_the_way_reads_nothing() -> None:
    traced = TracedDockerfiles()
    plan = traced.plan(REFUSED, "Dockerfile", BuildOptions())
    assert plan is not None
    assert traced.executed(plan) == ()
