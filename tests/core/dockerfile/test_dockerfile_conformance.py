"""Every recorded build is refused, or let through, in BuildKit's own words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ctxopt.core.dockerfile import (
    BuildOptions,
    Scoping,
    as_docker_prints,
    link,
    parse,
    trace,
)
from ctxopt.errors import DockerfileError
from tests.facts import claims_of_context

RECORDED = Path(__file__).parents[3] / "fixtures" / "conformance"

# What BuildKit finds wrong with something other than the Dockerfile.
OTHER_REFUSALS = re.compile(
    r"not found$|^syntax error in pattern|^error from sender|^process \"|^illegal excl"
    r"|header key|^lstat |invalid excludepatterns|failed to resolve source metadata"
)


def dockerfile_of(case: dict[str, Any]) -> tuple[str, bytes]:
    """Give the Dockerfile's path and content; a lower-case one is the second choice."""
    folder = case.get("context", ".").rstrip("/")
    default = f"{folder}/Dockerfile".removeprefix("./")
    wanted = case.get("dockerfile", default).removeprefix("./")
    entries = {entry["path"]: entry for entry in case["tree"]}
    for path in (wanted, wanted.removesuffix("Dockerfile") + "dockerfile"):
        entry = entries.get(path)
        while entry is not None and entry.get("kind") in ("symlink", "hardlink"):
            entry = entries.get(entry["target"])
        if entry is not None:
            text = entry.get("text", "x" * entry.get("size", 0))
            return path, text.encode("utf-8")
    message = f"no Dockerfile in {case['id']}"
    raise LookupError(message)


def expected_refusal(case: dict[str, Any]) -> str | None:
    """Give BuildKit's words about the Dockerfile, if it has any."""
    error: str | None = case["expected"].get("buildkit", {}).get("error")
    if error is None:
        return None
    message = error.removeprefix("error: failed to solve: ")
    return None if OTHER_REFUSALS.search(message) else message


CASES: list[dict[str, Any]] = [
    case
    for path in sorted(RECORDED.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]
WITH_BUILDKIT = [case for case in CASES if case["expected"].get("buildkit")]
BUILT = [case for case in WITH_BUILDKIT if "error" not in case["expected"]["buildkit"]]
ACCEPTED = [case for case in CASES if expected_refusal(case) is None]


def name_of(case: dict[str, Any]) -> str:
    """Give the name of a recorded build."""
    name: str = case["id"]
    return name


def options_of(
    case: dict[str, Any], scoping: Scoping = Scoping.BUILDKIT
) -> BuildOptions:
    """Give what the build was told."""
    return BuildOptions(
        target=case.get("target"),
        build_args=case.get("build_args") or {},
        scoping=scoping,
    )


@pytest.mark.parametrize("case", WITH_BUILDKIT, ids=name_of)
def test_refuses_what_buildkit_refused(case: dict[str, Any]) -> None:
    path, content = dockerfile_of(case)
    refusal = None
    try:
        trace(link(parse(content, path), options_of(case)))
    except DockerfileError as error:
        refusal = as_docker_prints(error)
    assert refusal == expected_refusal(case)


@pytest.mark.parametrize("case", BUILT, ids=name_of)
def test_knows_whether_the_context_is_asked_for(case: dict[str, Any]) -> None:
    path, content = dockerfile_of(case)
    result = trace(link(parse(content, path), options_of(case)))
    transferred = case["expected"]["buildkit"].get("context_bytes")
    assert bool(claims_of_context(result)) is bool(transferred)


# Stages that BuildKit never reaches, or names it takes.
CLASSIC_REFUSES = {
    "more-bad-env-unreach": 'failed to process "\\"x": unexpected end of statement '
    "while looking for matching double-quote",
    "more-dup-names": "a stage name already used",
}


@pytest.mark.parametrize("case", ACCEPTED, ids=name_of)
def test_classic_executes_every_stage(case: dict[str, Any]) -> None:
    path, content = dockerfile_of(case)
    dockerfile = parse(content, path)
    options = options_of(case, Scoping.CLASSIC)
    if case["id"] in CLASSIC_REFUSES:
        with pytest.raises(DockerfileError) as refusal:
            trace(link(dockerfile, options))
        assert refusal.value.message == CLASSIC_REFUSES[case["id"]]
        return
    result = trace(link(dockerfile, options))
    labels = [stage.label for stage in dockerfile.stages]
    assert [run.label for run in result.runs] == labels[
        : labels.index(result.stage) + 1
    ]
