"""Our numbers beside those of the docker installed here."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from ctxopt.core.findings import problems
from ctxopt.core.model import Request, Severity
from ctxopt.core.verify import Prediction, Verification, compare, with_whole
from ctxopt.errors import CtxoptError
from ctxopt.host.docker import OBSERVERS, BuildToObserve
from ctxopt.pipeline.entries import listing
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.report import analyze


def verify(request: Request, *, client: str | None = None) -> Verification:
    """Hold our numbers against the docker installed here.

    `client` is the docker to ask; None takes one from PATH.
    Raises DockerError when there is none, ContextError when there is no context.
    """
    if request.builder not in OBSERVERS:
        raise CtxoptError(
            f"nothing to verify with --builder {request.builder}: it sends nothing, and"
            " tells no sizes",
            hint="to see what it takes: ctxopt ls --builder podman",
        )
    build = read_build(request)
    paths = build.builder.requested(build.main.sources) if build.main.taking else ()
    wanted = BuildToObserve(
        request,
        build.main.path,
        None if build.dockerfile.folder is None else build.dockerfile.path,
        build.dockerfile.content,
        tuple(path.removeprefix("/") for path in paths),
    )
    observe = OBSERVERS[request.builder]
    observation = observe(wanted, client)
    prediction = _prediction(
        build, request, with_members=observation.members is not None
    )
    comparison = compare(prediction, observation)
    if comparison.difference_bytes and observation.members is None:
        # Of a part docker tells the bytes alone; names are to be had of the whole.
        with contextlib.suppress(CtxoptError):
            whole = observe(replace(wanted, follow=("",)), client).members
            if whole is not None:
                ours = _member_names(request, whole=True)
                comparison = with_whole(comparison, ours, whole)
    return Verification(prediction, observation, comparison)


def _prediction(build: Build, request: Request, *, with_members: bool) -> Prediction:
    """What we say of a build, as docker would show it."""
    members = None
    try:
        report = analyze(request)
        if with_members:
            invented = build.builder.invented(build.outside)
            members = (*_member_names(request), *invented)
    except CtxoptError as error:
        return Prediction(0, error=error.message)
    for problem in report.problems:
        if problem.severity is Severity.ERROR and problem.code in problems.STOPPING:
            return Prediction(0, error=problem.message)
    transfer = report.transfer
    return Prediction(
        wire_bytes=transfer.tally.wire_bytes,
        printed=transfer.printed,
        members=members,
        alternative_wire_bytes=build.builder.alternative(transfer, build.outside),
        dockerfile_wire_bytes=transfer.dockerfile_wire_bytes,
        ignorefile_wire_bytes=transfer.ignorefile_wire_bytes,
    )


def _member_names(request: Request, *, whole: bool = False) -> list[str]:
    """The entries as docker names them."""
    return [
        f"{entry.path}/" if entry.directory else entry.path
        for entry in listing(request, whole=whole)
    ]
