from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.bitmask import bits
from ctxopt.core.dockerfile import StageRun
from ctxopt.core.model import BuilderName, Request, SourceKind
from ctxopt.core.watching.impact import Affected, Impact, Impacts
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from tests.texttree import plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
BOTH = pytest.mark.parametrize("builder", [BUILDKIT, LEGACY])
TREE = "app/main.py app/x.log package.json web/a.js web/b.js conf logs/l"


def built(
    root: Path,
    dockerfile: str,
    *,
    builder: BuilderName = BUILDKIT,
    ignore: str = "",
    target: str | None = None,
    **contexts: str,
) -> Build:
    """Prepare a build of a tree with this Dockerfile."""
    plant(root, TREE)
    (root / "Dockerfile").write_text(dockerfile)
    (root / ".dockerignore").write_text(ignore)
    return read_build(
        Request(str(root), builder=builder, target=target, build_contexts=contexts)
    )


def mask_of(build: Build, path: str) -> int:
    """The sources that take an entry; 0 if it does not travel."""
    state = build.job(build.main).state(transfer_only=False)
    *folders, name = path.split("/")
    for folder in folders:
        state = state.decide(folder).child
    decision = state.decide(name)
    return decision.mask if decision.taken else 0


def impact_of(build: Build, *paths: str) -> Impact:
    """What changes of these entries cost."""
    mask = 0
    for path in paths:
        mask |= mask_of(build, path)
    return Impacts.of(build.trace).impact_of(mask)


def described(impact: Impact) -> list[str]:
    """`STAGE:LINE of the source+following`, then the other stages."""
    return [
        " ".join(
            (
                f"{one.stage}:{one.source.location.line}+{one.following}",
                *(
                    f"{other.stage}{'=' if other.wholly else '>'}{other.instructions}"
                    for other in one.stages
                ),
            )
        )
        for one in impact.invalidations
    ]


# --- one stage -------------------------------------------------------------------

SINGLE = """\
FROM python
WORKDIR /srv
COPY package.json .
RUN install
ENV A=b
COPY app app
RUN compile
LABEL c=d
USER nobody
EXPOSE 80
CMD ["app"]
"""


@BOTH
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("package.json", ["0:3+3"], id="early"),
        pytest.param("app/main.py", ["0:6+1"], id="late"),
        pytest.param("app", ["0:6+1"], id="the folder that is named"),
        pytest.param("app/new/file", ["0:6+1"], id="what is not there yet"),
        pytest.param("web/a.js", [], id="what no source takes"),
        pytest.param("application", [], id="what only begins alike"),
    ],
)
def test_a_change_runs_again_what_follows(
    tmp_path: Path, builder: BuilderName, path: str, expected: list[str]
) -> None:
    build = built(tmp_path, SINGLE, builder=builder)
    assert described(impact_of(build, path)) == expected


@pytest.mark.parametrize(
    ("instruction", "cost"),
    [
        ("RUN x", 1),
        ("COPY web /web", 1),
        ("ADD https://x/y /", 1),
        ("COPY <<x /y\nz\nx", 1),
        ("COPY --from=busybox a /", 1),
        ("WORKDIR /x", 1),
        ("ENV A=b", 0),
        ("ARG A=b", 0),
        ("LABEL a=b", 0),
        ("USER x", 0),
        ('SHELL ["x"]', 0),
        ("VOLUME /x", 0),
        ("EXPOSE 1", 0),
        ("STOPSIGNAL 9", 0),
        ("HEALTHCHECK CMD x", 0),
        ("MAINTAINER x", 0),
        ('CMD ["x"]', 0),
        ('ENTRYPOINT ["x"]', 0),
        ("ONBUILD RUN x", 0),
        ("# a comment", 0),
    ],
)
def test_what_counts_as_running_again(
    tmp_path: Path, instruction: str, cost: int
) -> None:
    build = built(tmp_path, f"FROM x\nCOPY conf /\n{instruction}\n")
    impact = impact_of(build, "conf")
    assert [one.following for one in impact.invalidations] == [cost]
    assert impact.instructions == 1 + cost


@BOTH
def test_the_first_source_of_a_stage_is_the_one_that_counts(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = "FROM x\nRUN a\nCOPY conf app /x/\nCOPY app /y\nCOPY . /z\nRUN b\n"
    build = built(tmp_path, dockerfile, builder=builder)
    impact = impact_of(build, "app/main.py")
    assert described(impact) == ["0:3+3"]
    (found,) = impact.invalidations
    assert (found.source.text, found.source.instruction) == ("app", "COPY")
    assert found.source.line_text == "COPY conf app /x/"
    assert impact.instructions == 4
    assert described(impact_of(build, "web/a.js")) == ["0:5+1"]


def test_changes_together_cost_what_the_earliest_costs(tmp_path: Path) -> None:
    build = built(tmp_path, SINGLE)
    assert described(impact_of(build, "app/main.py", "package.json")) == ["0:3+3"]
    assert impact_of(build, "app/main.py", "package.json").instructions == 4


@BOTH
def test_what_is_ignored_invalidates_nothing(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = "FROM x\nCOPY . /\nRUN a\n"
    build = built(tmp_path, dockerfile, builder=builder, ignore="**/*.log\n")
    assert impact_of(build, "app/x.log") == Impact()
    assert described(impact_of(build, "app/main.py")) == ["0:2+1"]


def test_what_a_copy_leaves_out_does_not_invalidate_it(tmp_path: Path) -> None:
    dockerfile = (
        "# syntax=docker/dockerfile:1-labs\nFROM x\n"
        "COPY --exclude=**/*.log app /\nRUN a\nCOPY . /\nRUN b\n"
    )
    build = built(tmp_path, dockerfile)
    assert described(impact_of(build, "app/x.log")) == ["0:5+1"]
    assert described(impact_of(build, "app/main.py")) == ["0:3+3"]


def test_a_wildcard_takes_what_it_hits(tmp_path: Path) -> None:
    build = built(tmp_path, "FROM x\nCOPY *.json /\nRUN a\n")
    assert described(impact_of(build, "package.json")) == ["0:2+1"]
    assert impact_of(build, "conf") == Impact()


def test_a_bind_mount_runs_its_instruction_again(tmp_path: Path) -> None:
    dockerfile = (
        "FROM x\nRUN --mount=type=bind,source=app,target=/app build\n"
        "RUN --mount=type=cache,target=/c b\n"
        "RUN --mount=type=tmpfs,target=/t c\n"
    )
    build = built(tmp_path, dockerfile)
    impact = impact_of(build, "app/main.py")
    assert described(impact) == ["0:2+2"]
    assert impact.invalidations[0].source.mount
    assert impact_of(build, "web/a.js") == Impact()


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param("--link", ["0:2+1"], id="a linked copy stays"),
        pytest.param("--link=false", ["0:2+2"], id="one that is not linked"),
        pytest.param("--link --chmod=755", ["0:2+2"], id="chmod turns it off"),
    ],
)
def test_a_linked_copy_does_not_look_at_what_is_below(
    tmp_path: Path, flags: str, expected: list[str]
) -> None:
    dockerfile = f"FROM x\nCOPY conf /\nCOPY {flags} web /web\nRUN a\n"
    build = built(tmp_path, dockerfile)
    assert described(impact_of(build, "conf")) == expected
    assert described(impact_of(build, "web/a.js")) == ["0:3+1"]


def test_a_linked_copy_runs_again_for_its_own_source(tmp_path: Path) -> None:
    build = built(tmp_path, "FROM x\nCOPY conf /\nCOPY --link . /web\nRUN a\n")
    assert described(impact_of(build, "conf")) == ["0:2+2"]


# --- several stages --------------------------------------------------------------

MULTI = """\
FROM golang AS build
COPY app app
RUN compile

FROM node AS web
WORKDIR /w
COPY web .
RUN bundle

FROM alpine AS unused
COPY . /

FROM alpine AS final
RUN prepare
COPY conf /etc
COPY --from=web /w/out /srv
RUN link
COPY --from=build /bin /bin
CMD ["x"]
"""


@BOTH
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("app/main.py", "build:2+1 final>1", id="copied at the end"),
        pytest.param("web/a.js", "web:7+1 final>3", id="copied in the middle"),
        pytest.param("conf", "final:15+3", id="the last stage's own"),
    ],
)
def test_a_stage_that_copies_runs_again_from_there(
    tmp_path: Path, builder: BuilderName, path: str, expected: str
) -> None:
    build = built(tmp_path, MULTI, builder=builder)
    impact = impact_of(build, path)
    # The legacy builder builds the stage that nobody needs, too.
    unused = ["unused:11+0"] if builder is LEGACY else []
    assert sorted(described(impact)) == sorted([expected, *unused])
    total = sum(
        1 + one.following + sum(other.instructions for other in one.stages)
        for one in impact.invalidations
    )
    assert impact.instructions == total


@pytest.mark.parametrize(
    ("builder", "expected"),
    [
        pytest.param(BUILDKIT, [], id="buildkit skips them"),
        pytest.param(LEGACY, ["unused:11+0"], id="the legacy builder does not"),
    ],
)
def test_stages_that_nobody_needs(
    tmp_path: Path, builder: BuilderName, expected: list[str]
) -> None:
    build = built(tmp_path, MULTI, builder=builder)
    assert described(impact_of(build, "logs/l")) == expected


@BOTH
def test_stages_beyond_the_target_do_not_count(
    tmp_path: Path, builder: BuilderName
) -> None:
    build = built(tmp_path, MULTI, builder=builder, target="build")
    assert described(impact_of(build, "app/main.py")) == ["build:2+1"]
    assert impact_of(build, "web/a.js") == Impact()


@BOTH
def test_a_stage_runs_again_wholly_on_one_that_did(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = (
        "FROM x AS base\nCOPY conf /\n"
        "FROM base AS tools\nRUN a\nRUN b\n"
        "FROM tools\nENV A=b\nRUN c\nCOPY web /\n"
    )
    build = built(tmp_path, dockerfile, builder=builder)
    impact = impact_of(build, "conf")
    assert described(impact) == ["base:2+0 tools=2 2=2"]
    assert impact.invalidations[0].stages == (
        Affected("tools", 2, wholly=True),
        Affected("2", 2, wholly=True),
    )
    assert impact.instructions == 5
    assert described(impact_of(build, "web/a.js")) == ["2:9+0"]


@BOTH
def test_a_stage_without_work_passes_it_on(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = "FROM x AS a\nCOPY conf /\nFROM a AS b\nUSER x\nFROM b\nRUN y\n"
    build = built(tmp_path, dockerfile, builder=builder)
    assert described(impact_of(build, "conf")) == ["a:2+0 2=1"]


@BOTH
def test_each_stage_tells_its_own_first_source(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = (
        "FROM x AS a\nCOPY conf /\nRUN a\n"
        "FROM y\nRUN b\nCOPY --from=a /x /\nRUN c\nCOPY conf /\nRUN d\n"
    )
    impact = impact_of(built(tmp_path, dockerfile, builder=builder), "conf")
    assert described(impact) == ["a:2+1 1>4", "1:8+1"]
    assert impact.instructions == 6


@BOTH
@pytest.mark.parametrize("origin", ["a", "A", "0"])
def test_a_stage_may_be_named_or_counted(
    tmp_path: Path, builder: BuilderName, origin: str
) -> None:
    dockerfile = f"FROM x AS a\nCOPY conf /\nFROM y\nCOPY --from={origin} / /\n"
    build = built(tmp_path, dockerfile, builder=builder)
    assert described(impact_of(build, "conf")) == ["a:2+0 1>1"]


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        pytest.param("type=bind,from=a,target=/t", ["a:2+0 1>2"], id="bind"),
        pytest.param("type=cache,from=a,target=/t", ["a:2+0 1>2"], id="cache"),
        pytest.param("type=tmpfs,from=a,target=/t", [], id="tmpfs builds nothing"),
        pytest.param("type=cache,target=/t", [], id="a cache of its own"),
    ],
)
def test_a_stage_that_mounts_runs_again_from_there(
    tmp_path: Path, mount: str, expected: list[str]
) -> None:
    dockerfile = f"FROM x AS a\nCOPY conf /\nFROM y\nRUN a\nRUN --mount={mount} b\n"
    build = built(tmp_path, f"{dockerfile}RUN c\n")
    assert described(impact_of(build, "conf")) == expected


def test_a_linked_copy_of_a_stage_depends_on_that_stage_alone(tmp_path: Path) -> None:
    dockerfile = (
        "FROM x AS a\nCOPY conf /\nFROM x AS b\nCOPY web /\n"
        "FROM a\nCOPY --link --from=b / /\nRUN x\n"
    )
    build = built(tmp_path, dockerfile)
    assert described(impact_of(build, "conf")) == ["a:2+0 2=1"]
    assert described(impact_of(build, "web/a.js")) == ["b:4+0 2>2"]
    assert impact_of(build, "conf", "web/a.js").instructions == 4


@BOTH
def test_a_trigger_counts_where_it_fires(tmp_path: Path, builder: BuilderName) -> None:
    dockerfile = "FROM x AS a\nONBUILD COPY conf /\nFROM a\nRUN b\n"
    impact = impact_of(built(tmp_path, dockerfile, builder=builder), "conf")
    assert described(impact) == ["1:2+1"]


def test_of_two_stages_of_one_name_the_right_one_runs_again(tmp_path: Path) -> None:
    dockerfile = (
        "FROM x AS a\nCOPY conf /\nFROM a AS b\nRUN one\n"
        "FROM x AS a\nCOPY web /\nFROM b\nCOPY --from=a / /\n"
    )
    build = built(tmp_path, dockerfile)
    assert described(impact_of(build, "conf")) == ["a:2+0 b=1 3=1"]
    assert described(impact_of(build, "web/a.js")) == ["a:6+0 3>1"]


# --- the numbers of sources ------------------------------------------------------


@BOTH
def test_bits_are_the_sources_of_the_walk(tmp_path: Path, builder: BuilderName) -> None:
    """Sources from elsewhere and mounts that take nothing have no bit."""
    mounts = (
        "RUN --mount=type=tmpfs,target=/t a\n"
        "RUN --mount=type=bind,source=web,target=/t b\n"
        if builder is BUILDKIT
        else ""
    )
    dockerfile = (
        "FROM x AS a\nADD https://x/y /\nCOPY conf /\n"
        f"FROM x\nCOPY --from=a / /\n{mounts}COPY package.json app /\n"
    )
    build = built(tmp_path, dockerfile, builder=builder)
    impacts = Impacts.of(build.trace)
    taking = build.main.taking
    assert [one.text for one in taking][-2:] == ["package.json", "app"]
    for number, source in enumerate(taking):
        (found,) = impacts.impact_of(1 << number).invalidations
        assert found.source is source
    assert bits(mask_of(build, "app/main.py")) == (len(taking) - 1,)


def test_sources_that_are_looked_at_but_not_built_have_no_bit(tmp_path: Path) -> None:
    dockerfile = (
        "FROM x AS a\nCOPY conf /\n"
        "FROM x\nRUN --mount=type=tmpfs,from=a,target=/t b\nCOPY app /\n"
    )
    build = built(tmp_path, dockerfile)
    assert described(impact_of(build, "app/main.py")) == ["1:5+0"]
    assert impact_of(build, "conf") == Impact()


def test_a_named_context_has_numbers_of_its_own(tmp_path: Path) -> None:
    other = plant(tmp_path / "other", "x")
    dockerfile = "FROM x\nCOPY conf /\nCOPY --from=lib x /\nRUN a\n"
    build = built(tmp_path / "main", dockerfile, lib=str(other))
    impact = Impacts.of(build.trace, "lib").impact_of(1)
    assert described(impact) == ["0:3+1"]
    assert impact.invalidations[0].source.kind is SourceKind.NAMED
    assert described(Impacts.of(build.trace).impact_of(1)) == ["0:2+2"]


def test_no_source_no_trace_no_impact(tmp_path: Path) -> None:
    build = built(tmp_path, SINGLE)
    assert Impacts.of(build.trace).impact_of(0) == Impact()
    assert Impacts.of(None).impact_of(1) == Impact()


def test_an_answer_is_worked_out_once(tmp_path: Path) -> None:
    impacts = Impacts.of(built(tmp_path, MULTI).trace)
    assert impacts.impact_of(3) is impacts.impact_of(3)


# --- what the trace tells of stages ----------------------------------------------


@BOTH
def test_the_trace_has_a_run_for_each_executed_stage(
    tmp_path: Path, builder: BuilderName
) -> None:
    trace = built(tmp_path, MULTI, builder=builder).trace
    assert trace is not None
    unused = [] if builder is BuilderName.BUILDKIT else ["unused"]
    labels = [run.label for run in trace.runs]
    assert labels == ["build", "web", *unused, "final"]
    for number, run in enumerate(trace.runs):
        assert run.base is None
        assert all(stage < number for step in run.steps for stage in step.stages)
    numbers = [n for run in trace.runs for step in run.steps for n in step.sources]
    assert numbers == list(range(len(trace.sources)))


@BOTH
def test_a_step_knows_its_sources_and_stages(
    tmp_path: Path, builder: BuilderName
) -> None:
    dockerfile = "FROM x AS a\nCOPY conf app /\nFROM a AS b\nCOPY --from=a / web /\n"
    trace = built(tmp_path, dockerfile, builder=builder).trace
    assert trace is not None

    def simple(run: StageRun) -> tuple[str, int | None, list[object]]:
        steps = [(s.instruction.name, s.sources, s.stages) for s in run.steps]
        return run.label, run.base, list(steps)

    assert [simple(run) for run in trace.runs] == [
        ("a", None, [("COPY", (0, 1), ())]),
        ("b", 0, [("COPY", (2, 3), (0,))]),
    ]
