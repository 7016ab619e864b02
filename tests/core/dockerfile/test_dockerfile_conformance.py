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
    Trace,
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


# By file: a test reads all builds of a file, and names each that differs.
CASES: dict[str, list[dict[str, Any]]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted(RECORDED.glob("*.json"))
}


def is_recorded(case: dict[str, Any]) -> bool:
    """Whether BuildKit was asked."""
    return bool(case["expected"].get("buildkit"))


def is_built(case: dict[str, Any]) -> bool:
    """Whether BuildKit came to the end."""
    return is_recorded(case) and "error" not in case["expected"]["buildkit"]


def is_accepted(case: dict[str, Any]) -> bool:
    """Whether BuildKit had nothing to say about the Dockerfile."""
    return expected_refusal(case) is None


def options_of(
    case: dict[str, Any], scoping: Scoping = Scoping.BUILDKIT
) -> BuildOptions:
    """Give what the build was told."""
    return BuildOptions(
        target=case.get("target"),
        build_args=case.get("build_args") or {},
        scoping=scoping,
    )


def traced(case: dict[str, Any]) -> Trace | DockerfileError:
    """Give what its Dockerfile comes to, or what is wrong with it; once a process."""
    if case["id"] not in TRACED:
        path, content = dockerfile_of(case)
        try:
            TRACED[case["id"]] = trace(link(parse(content, path), options_of(case)))
        except DockerfileError as error:
            TRACED[case["id"]] = error.with_traceback(None)
    return TRACED[case["id"]]


TRACED: dict[str, Trace | DockerfileError] = {}


def refusal_of(case: dict[str, Any]) -> str | None:
    """Give our words about the Dockerfile, if we have any."""
    result = traced(case)
    return as_docker_prints(result) if isinstance(result, DockerfileError) else None


@pytest.mark.parametrize("file", CASES)
def test_refuses_what_buildkit_refused(file: str) -> None:
    cases = [*filter(is_recorded, CASES[file])]
    assert cases
    expected = {case["id"]: expected_refusal(case) for case in cases}
    assert {case["id"]: refusal_of(case) for case in cases} == expected


def asks_for_context(case: dict[str, Any]) -> bool | str:
    """Whether some source takes from the context; our words if we refuse."""
    result = traced(case)
    if isinstance(result, DockerfileError):
        return result.message
    return bool(claims_of_context(result))


@pytest.mark.parametrize("file", CASES)
def test_knows_whether_the_context_is_asked_for(file: str) -> None:
    cases = [*filter(is_built, CASES[file])]
    assert cases
    transferred = {
        case["id"]: bool(case["expected"]["buildkit"].get("context_bytes"))
        for case in cases
    }
    assert {case["id"]: asks_for_context(case) for case in cases} == transferred


# Stages that BuildKit never reaches, or names it takes.
CLASSIC_REFUSES = {
    "more-bad-env-unreach": 'failed to process "\\"x": unexpected end of statement '
    "while looking for matching double-quote",
    "more-dup-names": "a stage name already used",
}


def unlike_classic(case: dict[str, Any]) -> object:
    """Give what is wrong with the stages that run, or None.

    All of them run from the first to the one that is built.
    """
    path, content = dockerfile_of(case)
    dockerfile = parse(content, path)
    refusal = CLASSIC_REFUSES.get(case["id"])
    try:
        result = trace(link(dockerfile, options_of(case, Scoping.CLASSIC)))
    except DockerfileError as error:
        return None if error.message == refusal else error.message
    labels = [stage.label for stage in dockerfile.stages]
    expected = labels[: labels.index(result.stage) + 1]
    runs = [run.label for run in result.runs]
    return None if runs == expected and refusal is None else (runs, expected, refusal)


@pytest.mark.parametrize("file", CASES)
def test_classic_executes_every_stage(file: str) -> None:
    cases = [*filter(is_accepted, CASES[file])]
    assert cases
    wrong = {case["id"]: unlike_classic(case) for case in cases}
    assert wrong == dict.fromkeys(wrong)
