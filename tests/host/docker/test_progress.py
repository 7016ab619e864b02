"""Sizes out of BuildKit's progress, printed and raw."""

from __future__ import annotations

import json

import pytest

from ctxopt.host.docker.progress import ProgressStep, find_step, parse_progress

PLAIN = """\
#1 [internal] load build definition from Dockerfile
#1 sha256:ea16051fafbdfe7a78c498de3f74ed43ff3fed2d6461974ffc4f1e6884ee607e
#1 transferring dockerfile: 83B done
#1 DONE 0.0s

#2 [internal] load .dockerignore
#2 transferring context: 2B done
#2 DONE 0.0s

#3 [internal] load build context
#3 transferring context: 1.05MB 0.1s
#3 transferring context: 26.62MB 0.3s done
#3 DONE 0.4s

#4 [1/1] COPY [/src,/nope,/x/]
#4 ERROR: "/nope" not found: not found
------
 > [1/1] COPY [/src,/nope,/x/]:
------
failed to compute cache key: "/nope" not found: not found
"""


def test_plain_progress_yields_each_step_with_its_last_size() -> None:
    assert parse_progress(PLAIN) == (
        ProgressStep(
            "[internal] load build definition from Dockerfile", 83, "83B", done=True
        ),
        ProgressStep("[internal] load .dockerignore", 2, "2B", done=True),
        ProgressStep(
            "[internal] load build context",
            26_620_000,
            "26.62MB",
            exact=False,
            done=True,
        ),
        ProgressStep("[1/1] COPY [/src,/nope,/x/]"),
    )


@pytest.mark.parametrize(
    ("line", "size", "exact"),
    [
        pytest.param("transferring context: 999B done", 999, True, id="bytes"),
        pytest.param("transferring context: 1.00kB done", 1000, False, id="kilobytes"),
        pytest.param(
            "transferring context: 1000.00kB", 1_000_000, False, id="not yet a megabyte"
        ),
        pytest.param(
            "transferring context: 8.59GB 9.1s done", 8_590_000_000, False, id="much"
        ),
        pytest.param("transferring my.name: 71B done", 71, True, id="a named context"),
        pytest.param("transferring context:", None, True, id="no size yet"),
        pytest.param("extracting 5MB", None, True, id="another line"),
    ],
)
def test_sizes_are_read_back_as_far_as_they_are_printed(
    line: str, size: int | None, *, exact: bool
) -> None:
    (step,) = parse_progress(f"#7 [internal] load build context\n#7 {line}\n")

    assert (step.wire_bytes, step.exact) == (size, exact)


@pytest.mark.parametrize("end", ["CANCELED", "ERROR: error from sender", ""])
def test_a_step_that_does_not_end_well_is_not_done(end: str) -> None:
    (step,) = parse_progress(f"#3 [internal] load build context\n#3 {end}\n")

    assert not step.done


def test_raw_progress_yields_exact_sizes() -> None:
    vertex = {"digest": "sha256:c", "name": "[internal] load build context"}
    status = {"id": "transferring context:", "vertex": "sha256:c", "name": "x"}
    events: list[dict[str, object]] = [
        {"vertexes": [vertex | {"started": "T"}]},
        {"statuses": [status | {"current": 32776}]},
        {"statuses": [status | {"current": 26_621_337}]},
        {"vertexes": [vertex | {"started": "T", "completed": "T"}]},
        {"logs": [{"vertex": "sha256:c", "data": "", "timestamp": "T"}]},
    ]
    lines = [json.dumps(event) for event in events]

    assert parse_raw(["WARNING: no json", *lines, "ERROR: failed", "[1]"]) == (
        ProgressStep("[internal] load build context", 26_621_337, done=True),
    )


def test_a_raw_step_with_an_error_is_not_done() -> None:
    event = {
        "vertexes": [
            {"digest": "d", "name": "n", "completed": "T", "error": "from sender"}
        ]
    }

    assert parse_raw([json.dumps(event)]) == (ProgressStep("n"),)


def test_steps_are_found_by_the_builders_own_words() -> None:
    steps = parse_progress(PLAIN)

    found = find_step(steps, "load build definition")
    assert found is not None
    assert found.wire_bytes == 83
    assert find_step(steps, "load metadata") is None


def parse_raw(lines: list[str]) -> tuple[ProgressStep, ...]:
    return parse_progress("\n".join(lines))
