"""What the docker here prints of builds that fail is read as what was done wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.core.buildlog.errors import BuildLog, LogCause
from ctxopt.core.buildlog.reading import read_log
from ctxopt.core.model import BuilderName
from ctxopt.host.docker.client import run
from tests.live.engine import LiveEngine
from tests.texttree import plant

pytestmark = pytest.mark.live

BUILDERS = {BuilderName.LEGACY: "0", BuilderName.BUILDKIT: "1"}


def log_of(engine: LiveEngine, builder: BuilderName, *arguments: str) -> BuildLog:
    """What the log of a build tells."""
    done = run(
        [engine.client.path, "--host", engine.host, "build", "--no-cache", *arguments],
        env={**os.environ, "DOCKER_BUILDKIT": BUILDERS[builder]},
    )
    said = f"{done.stdout}\n{done.stderr}"
    if "buildx component is missing" in said:
        pytest.skip("this client has no BuildKit")
    return read_log(said)


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        pytest.param("COPY b /", (LogCause.NOT_FOUND, "b"), id="a file"),
        pytest.param("ADD d/e /", (LogCause.NOT_FOUND, "d/e"), id="a path"),
        pytest.param(
            'COPY ["a", "b c", "/"]', (LogCause.NOT_FOUND, "b c"), id="a blank"
        ),
        pytest.param("COPY --from=0 b /", (LogCause.STAGE_FILE, "b"), id="of a stage"),
    ],
)
def test_what_is_not_found_is_named(
    live_engine: LiveEngine,
    tmp_path: Path,
    builder: BuilderName,
    lines: str,
    wrong: tuple[LogCause, str],
) -> None:
    plant(tmp_path, "a")
    stage = "FROM scratch\nCOPY a /\n"
    (tmp_path / "Dockerfile").write_text(f"{stage}FROM scratch\n{lines}\nCOPY a /\n")
    log = log_of(live_engine, builder, str(tmp_path))
    assert log.builder is builder
    assert [(one.cause, one.subject) for one in log.errors] == [wrong]


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_dockerfile_that_is_not_there_is_named(
    live_engine: LiveEngine, tmp_path: Path, builder: BuilderName
) -> None:
    plant(tmp_path, "a")
    log = log_of(live_engine, builder, str(tmp_path))
    assert [one.cause for one in log.errors] == [LogCause.NO_DOCKERFILE]


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_build_that_succeeds_has_no_error(
    live_engine: LiveEngine, tmp_path: Path, builder: BuilderName
) -> None:
    plant(tmp_path, "a")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY a /\n")
    log = log_of(live_engine, builder, str(tmp_path))
    assert (log.builder, log.errors) == (builder, ())
