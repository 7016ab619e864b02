"""Builds that commands and workflows name, as far as they are plain."""

from __future__ import annotations

import pytest

from ctxopt.core.buildcommands import (
    MOST_COMMANDS,
    NamedBuild,
    command_builds,
    mapped_builds,
)


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("docker build .", NamedBuild(".")),
        (
            "docker build -t x:1 -f api/Dockerfile .",
            NamedBuild(".", "api/Dockerfile"),
        ),
        (
            "\tdocker buildx build --push --platform x \\\n\t --file=web/D .\n",
            NamedBuild(".", "web/D"),
        ),
        (
            "docker build --build-arg APP=web --build-arg V=$V --target prod . && x",
            NamedBuild(".", "", "prod", (("APP", "web"),)),
        ),
        (
            '"build": "docker build -f docker/a.Dockerfile ."',
            NamedBuild(".", "docker/a.Dockerfile"),
        ),
        (
            "podman build web -f web/Containerfile",
            NamedBuild("web", "../web/Containerfile"),
        ),
        ("run: docker build --no-cache -q . # all", NamedBuild(".")),
        ("docker image build ..", NamedBuild("..")),
    ],
)
def test_a_command_names_a_build(text: str, build: NamedBuild) -> None:
    assert [*command_builds(text)] == [build]


@pytest.mark.parametrize(
    "text",
    [
        "docker build -f $FILE .",
        "docker build https://github.com/x/y.git",
        "docker compose build",
        "docker build",
        "see docker builds",
    ],
)
def test_what_names_no_build_that_is_known(text: str) -> None:
    assert [*command_builds(text)] == []


WORKFLOW = """\
jobs:
  build:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          file: ./apps/web/Dockerfile  # the front
          build-args: |
            APP=web
            SHA=${{ github.sha }}
      - uses: docker/build-push-action@v6
        with:
          file: tools/Dockerfile
          context: tools
      - with:
          file: ${{ matrix.file }}
    strategy:
      matrix:
        include:
          - dockerfile: ./a/Dockerfile
            context: .
          - context: b
            dockerfile: Dockerfile.b
"""


def test_a_workflow_names_builds() -> None:
    assert [*mapped_builds(WORKFLOW)] == [
        NamedBuild(".", "./apps/web/Dockerfile", "", (("APP", "web"),)),
        NamedBuild("tools", "../tools/Dockerfile"),
        NamedBuild(".", "./a/Dockerfile"),
        NamedBuild("b", "Dockerfile.b"),
    ]


def test_a_file_with_many_commands_is_read_within_bounds() -> None:
    text = "docker build x; " * 20_000
    assert [*command_builds(text)] == [NamedBuild("x")] * MOST_COMMANDS
    text = "file: Dockerfile\n" * 20_000
    found = [*mapped_builds(text)]
    assert found == [NamedBuild(".", "Dockerfile")] * MOST_COMMANDS
