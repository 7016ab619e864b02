"""The image before and after `ctxopt write`: nothing is gone but what was announced."""

from __future__ import annotations

import hashlib
import os
import posixpath
import subprocess
import tarfile
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.golang import filepath_match
from ctxopt.core.golang import paths as gopath
from ctxopt.core.model import Request, Source
from ctxopt.host.docker.client import Client
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.writing.plan import Choice
from tests import projects
from tests.live.conftest import CURRENT_RELEASE
from tests.live.engine import LiveEngine

pytestmark = pytest.mark.live

Image = dict[str, str]  # names of files, and a digest or link target of each


@pytest.fixture(scope="session")
def buildkit_client(docker_clients: tuple[Client, ...]) -> Client:
    """Return a client that has BuildKit built in; newer ones need a plug-in."""
    for client in docker_clients:
        if client.major < CURRENT_RELEASE:
            return client
    pytest.skip("needs a docker client with BuildKit built in (20.10)")


def dockerfile_of(sources: tuple[Source, ...]) -> str:
    """A build of the same sources, each below a folder of its own."""
    lines = ["FROM scratch"]
    for number, source in enumerate(sources):
        path = gopath.join("/", source.expanded)[1:]
        folder = f"/{number}/"
        if path and filepath_match.has_wildcard(path):
            folder += "wild/"
        elif path:
            folder += f"{posixpath.dirname(path)}/" if posixpath.dirname(path) else ""
        lines.append(f'COPY ["{path or "."}", "{folder}"]')
    return "\n".join((*lines, ""))


def built(folder: Path, dockerfile: Path, client: Client, engine: LiveEngine) -> Image:
    """The files of the image that a build of `folder` exports."""
    target = dockerfile.with_suffix(".tar")
    done = subprocess.run(
        [
            *(client.path, "--host", engine.host, "build", "--progress=plain"),
            *("--output", f"type=tar,dest={target}", "--file", str(dockerfile)),
            str(folder),
        ],
        env={**os.environ, "DOCKER_BUILDKIT": "1"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    image: Image = {}
    with tarfile.open(target) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                image[member.name] = hashlib.sha256(content.read()).hexdigest()
            elif not member.isdir():
                image[member.name] = f"{member.type!r} {member.linkname}"
    target.unlink()
    return image


def announced(folder: Path) -> set[str]:
    """The paths that `write --yes` is about to take away; it does so here."""
    draft = pipeline.plan(Request(str(folder)), Choice(), estimate=Estimate())
    draft.plan(()).apply()
    return {
        path
        for one in draft.consents.sure
        for find in one.proposal.clutter
        for path in find.paths
    } | {".dockerignore"}


def is_below(name: str, paths: set[str]) -> bool:
    """Whether a file of the image, its number left out, is one of `paths`."""
    path = name.partition("/")[2]
    while path:
        if path in paths:
            return True
        path = posixpath.dirname(path)
    return False


@pytest.mark.parametrize("name", projects.names())
def test_the_image_loses_what_was_announced_and_nothing_else(
    name: str, buildkit_client: Client, live_engine: LiveEngine, tmp_path: Path
) -> None:
    folder = projects.lay_out(name, tmp_path)
    dockerfile = tmp_path / "same-sources"
    sources = read_build(Request(str(folder))).main.taking
    dockerfile.write_text(dockerfile_of(sources), encoding="utf-8")
    before = built(folder, dockerfile, buildkit_client, live_engine)
    gone = announced(folder)
    after = built(folder, dockerfile, buildkit_client, live_engine)
    assert before
    assert {path: before[path] for path in after if path in before} == after
    lost = before.keys() - after.keys()
    assert lost == {path for path in before if is_below(path, gone)}
