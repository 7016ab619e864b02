"""Which ignore file is written, and what stands in it now.

`Dockerfile.dockerignore` with `--per-dockerfile`, else the file that the builder reads,
behind a link where it follows that; `.dockerignore` where there is none yet.
"""

from __future__ import annotations

from ctxopt.core.model import Request
from ctxopt.errors import WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.host.disk.inputs import Stray
from ctxopt.pipeline.preparation.build import Build, IgnoreTarget
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.writing.plan import Choice


def target_of(build: Build, choice: Choice) -> IgnoreTarget:
    """The file to write. Raises WriteError where a link leads out of the folder."""
    target = build.specific_target() if choice.per_dockerfile else build.ignore_target()
    check_target(target, build)
    return target


def check_target(target: IgnoreTarget, build: Build) -> None:
    """Raise WriteError where a link leads out of the folder of a build."""
    if target.stray is not None:
        raise _strays(target.stray, target, build)


def _strays(stray: Stray, target: IgnoreTarget, build: Build) -> WriteError:
    """Why the file that a link leads to is not the one to write."""
    builder = build.builder.label
    what = f'this is a link to "{stray.target}"'
    if stray.inside is not None:
        return WriteError(
            f'{what}: {builder} reads "{stray.inside}" in the same folder for it, '
            f'and everyone else "{stray.real}"',
            file=target.shown,
            hint="make it a relative link, then run again",
        )
    hint = "put a copy of that file in the place of the link, then run again"
    if target.path == build.ignore_target().path:
        hint += "; the legacy builder does read it: --builder legacy"
    return WriteError(
        f"{what}, out of the folder: {builder} does not read it, nor would it read "
        "what is written there",
        file=target.shown,
        hint=hint,
    )


def snapshot_of(target: IgnoreTarget) -> disk.Snapshot:
    """What stands in it. Raises WriteError where that is not what was measured."""
    snapshot = disk.read(target.path)
    expected = target.file.to_bytes() if target.exists else None
    if snapshot.content != expected:
        raise WriteError(
            "it changed while the context was measured",
            file=target.shown,
            hint="nothing was written; run it again",
        )
    return snapshot


def remove_leftovers(request: Request, choice: Choice) -> None:
    """Take away what earlier runs left beside the ignore file when they were killed.

    Raises CtxoptError for input that the builder would refuse.
    """
    disk.remove_leftovers(target_of(read_build(request), choice).path)
