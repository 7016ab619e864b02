"""What a command makes only where a test lets it: the context's own may be needed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pipeline.test_commands import (
    ASKED,
    DIST,
    GOES,
    NODE,
    STAYS,
    outcome,
    scanned,
)

HEAD = "FROM node\nARG X\nWORKDIR /app\nCOPY . .\n"
START = "CMD node server.js\n"
BUNDLE = {
    "go.mod": "module x\n",
    "main.go": "package main\n\n//go:embed ui/build\nvar f embed.FS\n",
    "ui/package.json": '{"scripts": {"build": "vite build"}}',
    "ui/build/index.html": "<p>",
    "ui/src/a.js": "1",
}


class Row(NamedTuple):
    """A build, and what is to become of a path of its context."""

    id: str
    expected: str
    dockerfile: str
    path: str = "node_modules"
    files: dict[str, str] = NODE


ROWS = (
    Row("a test that ends the shell", ASKED, '[ "$X" = 1 ] || exit 0; npm ci'),
    Row("tests in tests", ASKED, "if [ $X ]; then if [ a ]; then npm ci; fi; fi"),
    Row("a failure that does not matter", ASKED, "npm ci || true"),
    Row("a test whose no is no failure", ASKED, "[ a -a b ] && npm ci || :"),
    Row("one package manager or another", GOES, "npm ci || npm install"),
    Row("a script with a test", ASKED, "./i.sh", files={**NODE, "i.sh": "a || npm ci"}),
    Row("a script without one", GOES, "./i.sh", files={**NODE, "i.sh": "a; npm ci"}),
    Row(
        "a script that may be left out",
        ASKED,
        "[ a ] && ./i.sh; b",
        files={**NODE, "i.sh": "npm ci"},
    ),
    Row(
        "a script that comes again, for certain",
        GOES,
        "a || ./i.sh; ./i.sh",
        files={**NODE, "i.sh": "npm ci"},
    ),
    Row(
        "a recipe that may fail",
        ASKED,
        "make",
        files={**NODE, "Makefile": "all:\n\t-npm ci\n"},
    ),
    Row(
        "a recipe with a condition",
        ASKED,
        "make",
        files={**NODE, "Makefile": "all:\nifdef X\n\tnpm ci\nendif\n\tb\n"},
    ),
    Row(
        "a recipe behind a condition",
        GOES,
        "make",
        files={**NODE, "Makefile": "all:\nifdef X\n\tb\nendif\n\tnpm ci\n"},
    ),
    Row(
        "a recipe with a test that make fails at",
        GOES,
        "make",
        files={**NODE, "Makefile": "all:\n\t@[ -f a ] && npm ci\n\tb\n"},
    ),
    Row("a bundle of a test", ASKED, "[ $X ] && npm run build; b", "dist", DIST),
    Row("a bundle", GOES, "npm run build; b", "dist", DIST),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_only_what_is_certain_to_run_makes_a_path_anew(
    row: Row, tmp_path: Path
) -> None:
    report = scanned(tmp_path, row.files, f"{HEAD}RUN {row.dockerfile}\n{START}")
    assert outcome(report, row.path) == row.expected


EMBEDDED = (
    Row("whose maker an argument leaves out", STAYS, "if [ $B ]; then {}; fi"),
    Row("whose maker is certain", GOES, "{}"),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in EMBEDDED])
def test_what_a_program_embeds(row: Row, tmp_path: Path) -> None:
    run = row.dockerfile.format("cd ui && npm install && npm run build")
    dockerfile = (
        f"FROM golang\nARG B=0\nWORKDIR /a\nCOPY . .\nRUN {run}\nRUN go build -o /x\n"
    )
    assert outcome(scanned(tmp_path, BUNDLE, dockerfile), "ui/build") == row.expected


COVER = "FROM rust AS b\nWORKDIR /a\nCOPY . .\nRUN --mount=type=cache,target=/a/target "
LOST = (
    Row(
        "deleted before the context's own comes",
        ASKED,
        "FROM node\nWORKDIR /a\nCOPY package.json .\nRUN npm i; rm -rf node_modules\n"
        f"COPY . .\n{START}",
    ),
    Row(
        "deleted with all else",
        ASKED,
        "FROM node\nWORKDIR /a\nCOPY package.json .\nRUN npm ci\nRUN rm -rf /a/*\n"
        f"COPY . .\n{START}",
    ),
    Row(
        "of which only a cache is deleted",
        GOES,
        "FROM node\nWORKDIR /a\nCOPY package.json .\nRUN npm ci; rm -rf "
        f"node_modules/.cache\nCOPY . .\n{START}",
    ),
    Row(
        "in a mount that is gone",
        ASKED,
        "FROM node\nWORKDIR /a\nCOPY . .\n"
        f"RUN --mount=type=cache,target=node_modules npm ci\n{START}",
    ),
    Row(
        "in a mount that all of it is used from",
        GOES,
        f"{COVER}cargo build --release && cp target/release/app /x\n"
        "FROM debian\nCOPY --from=b /x /x\n",
        "target",
        {"Cargo.toml": "[package]", "src/main.rs": "", "target/release/app": "x"},
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in LOST])
def test_what_is_made_and_lost(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected


DOTNET = {
    "A.csproj": "<P/>",
    "bin/Release/A.dll": "MZ",
    "obj/project.assets.json": "{}",
}
YARN = {"package.json": "{}", "yarn.lock": "", ".yarn/cache/a.zip": "PK"}
GRADLE = {"build.gradle": "", ".gradle/caches/a.jar": "PK"}
LEFT = (
    Row(
        "what is published is built before",
        STAYS,
        "dotnet publish --no-build",
        "bin",
        DOTNET,
    ),
    Row(
        "what is built is restored before",
        STAYS,
        "dotnet build --no-restore",
        "obj",
        DOTNET,
    ),
    Row(
        "both are done here",
        GOES,
        "dotnet restore; dotnet build --no-restore",
        "obj",
        DOTNET,
    ),
    Row(
        "it is built here",
        GOES,
        "dotnet build; dotnet publish --no-build",
        "bin",
        DOTNET,
    ),
    Row(
        "the cache is all there is",
        STAYS,
        "yarn --immutable-cache",
        ".yarn/cache",
        YARN,
    ),
    Row("the cache is filled", GOES, "yarn --immutable", ".yarn/cache", YARN),
    Row("nothing is fetched", ASKED, "gradle --offline build", ".gradle", GRADLE),
    Row("all is fetched", GOES, "gradle build", ".gradle", GRADLE),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in LEFT])
def test_what_a_tool_is_told_not_to_make(row: Row, tmp_path: Path) -> None:
    text = f"FROM a\nWORKDIR /a\nCOPY . .\nRUN {row.dockerfile}\n"
    assert outcome(scanned(tmp_path, row.files, text), row.path) == row.expected


CRATES = (
    ("src/main.rs", '#[folder = "ui/build/"]\nstruct Ui;\n'),
    ("src/lib.rs", 'include_dir!("$CARGO_MANIFEST_DIR/ui/build");\n'),
    ("src/main.rs", 'include_dir!("../ui/build");\n'),
)


@pytest.mark.parametrize(("source", "text"), CRATES)
def test_what_a_crate_embeds_stays(source: str, text: str, tmp_path: Path) -> None:
    files = {**BUNDLE, "main.go": "", "Cargo.toml": "[package]\n", source: text}
    dockerfile = "FROM rust\nWORKDIR /a\nCOPY . .\nRUN cargo build\n"
    assert outcome(scanned(tmp_path, files, dockerfile), "ui/build") == STAYS


def test_a_script_that_a_package_may_not_have_makes_nothing(tmp_path: Path) -> None:
    run = "npm ci && npm run compile --if-present"
    report = scanned(tmp_path, DIST, f"{HEAD}RUN {run}\n{START}")
    assert outcome(report, "dist") != GOES


def test_an_argument_that_nobody_knows_names_no_files(tmp_path: Path) -> None:
    """Of another Dockerfile it may be anything; that is no path of all there is."""
    other = "FROM golang\nARG TAGS\nWORKDIR /a\nCOPY . .\nRUN cat $TAGS\n"
    files = {**NODE, "api.Dockerfile": other, ".DS_Store": "x"}
    report = scanned(tmp_path, files, f"{HEAD}RUN npm ci\n{START}")
    assert outcome(report, ".DS_Store") == GOES
