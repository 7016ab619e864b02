"""Builds that other files name, as docker compose, bake and others read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ctxopt.host.disk.named import MOST_BUILDS, named_below, named_by_commands

COMPOSE = """\
x-build: &build
  context: .
  args: {V: "1"}
services:
  web:
    build:
      <<: *build
      dockerfile: ${NAME:-web.Dockerfile}
  api:
    extends: web
    build:
      target: api
  inline:
    build:
      dockerfile_inline: FROM scratch
  remote:
    build: https://h/x.git
"""
BAKE = """\
variable "N" { default = "a" }
target "app" {
  inherits = ["_below"]
  dockerfile = "${N}.Dockerfile"
}
target "_below" {
  target = upper("x")
}
"""
WORKFLOW = """\
jobs:
  a:
    strategy:
      matrix: {app: [web, api]}
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: ${{ matrix.app }}/D
"""
SKAFFOLD = "build: {artifacts: [{image: x, context: web, docker: {target: t}}]}\n"


def lay(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        whole = root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text)


def told(root: Path, *, is_alone: bool = False) -> list[str]:
    """Each as `CONTEXT DOCKERFILE TARGET ARGS PLACE`, paths from the root."""
    return [
        " ".join(
            (
                str(Path(one.context).relative_to(root)),
                str(Path(one.dockerfile).relative_to(root)),
                one.target or "-",
                ",".join("=".join(pair) for pair in one.args) or "-",
                one.place,
            )
        )
        for one in named_below(str(root), is_alone=is_alone)
    ]


@pytest.mark.parametrize(
    ("path", "text", "rows"),
    [
        (
            "compose.yaml",
            COMPOSE,
            [
                ". web.Dockerfile - V=1 compose.yaml",
                ". web.Dockerfile api V=1 compose.yaml",
            ],
        ),
        (
            "docker-bake.hcl",
            BAKE,
            [". a.Dockerfile X - docker-bake.hcl"],
        ),
        (
            "ci/docker-bake.json",
            '{"target": {"x": {"context": "web"}}}',
            [
                "ci/web ci/web/Dockerfile - - ci/docker-bake.json",
                "web web/Dockerfile - - ci/docker-bake.json",
            ],
        ),
        (
            ".github/workflows/ci.yml",
            WORKFLOW,
            [
                ". web/D - - .github/workflows/ci.yml",
                ". api/D - - .github/workflows/ci.yml",
            ],
        ),
        ("skaffold.yaml", SKAFFOLD, ["web web/Dockerfile t - skaffold.yaml"]),
        (
            ".devcontainer/devcontainer.json",
            '{"build": {"dockerfile": "D", "context": ".."}} // x',
            [". .devcontainer/D - - .devcontainer/devcontainer.json"],
        ),
        ("Makefile", "x:\n\tdocker build web\n", ["web web/Dockerfile - - Makefile"]),
        ("compose.yaml", "services: [", []),
        ("docker-bake.hcl", 'target "x" {', []),
    ],
)
def test_a_file_is_read_as_its_tool_reads_it(
    tmp_path: Path, path: str, text: str, rows: list[str]
) -> None:
    lay(tmp_path, {path: text})
    assert told(tmp_path) == rows


def test_an_overlay_is_read_with_what_it_goes_over(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {build: web}}",
        "compose.prod.yaml": "services: {a: {build: {target: prod}}}",
    }
    lay(tmp_path, files)
    assert told(tmp_path) == [
        "web web/Dockerfile prod - compose.prod.yaml",
        "web web/Dockerfile - - compose.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("services: {a: {build: .}, b: {build: {context: x}}}", False),
        ("services: {a: {build: {context: ., dockerfile: D}}}", True),
        ("services: {a: {build: {context: ., target: t}}}", True),
        ("services: {a: {build: {context: ., args: {A: b}}}}", True),
        ("include: [c.yaml]\nservices: {a: {build: .}}", True),
        ('services: {a: {build: {context: ., "t\\u0061rget": t}}}', True),
    ],
)
def test_beside_one_dockerfile_a_file_is_read_that_may_say_more(
    tmp_path: Path, text: str, *, is_read: bool
) -> None:
    lay(tmp_path, {"compose.yaml": text, "c.yaml": "services: {c: {build: c}}"})
    assert bool(told(tmp_path, is_alone=True)) is is_read
    assert told(tmp_path)


def test_commands_are_told_apart_from_what_files_declare(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {build: web}}",
        "build.sh": "docker build -f images/D .\n",
    }
    lay(tmp_path, files)
    (one,) = named_by_commands(str(tmp_path))
    assert (one.dockerfile, one.place) == (f"{tmp_path}/images/D", "build.sh")


def test_as_many_are_told_as_are_ever_asked_about(tmp_path: Path) -> None:
    services = "".join(f"  s{n}: {{build: d{n}}}\n" for n in range(MOST_BUILDS + 50))
    lay(tmp_path, {"compose.yaml": f"services:\n{services}"})
    assert len(told(tmp_path)) == MOST_BUILDS
