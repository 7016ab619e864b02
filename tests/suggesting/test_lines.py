"""Lines say what is meant, not today's names: what comes tomorrow is out tomorrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import DATABASE, PROGRAM, Case, check

PYTHON = 'FROM python:3.12; WORKDIR /app; COPY . .; CMD ["python", "app.py"]'
GO = "FROM golang:1.23; WORKDIR /src; COPY . .; RUN go build -o /srv ."
NODE = "FROM node:20; COPY . .; RUN npm ci && npm run build"

LASTING = {
    "debug programs of Go, by the rule": Case(
        GO,
        f"go.mod; main.go; __debug_bin11 = {PROGRAM} * 9000",
        local="__debug_bin11",
        gone="__debug_bin11",
        stay="main.go",
        lines="__debug_bin*",
        later=f"__debug_bin22 = {PROGRAM} * 9000",
    ),
    "dumps of each day, by the rule": Case(
        PYTHON,
        "app.py; db-01.sql.gz * 90000",
        local="db-01.sql.gz",
        gone="db-01.sql.gz",
        lines="*.sql.gz",
        later="db-02.sql.gz * 90000",
    ),
    "dumps in a folder, by the rule": Case(
        PYTHON,
        "app.py; ops/dumps/a.dump * 90000; ops/dumps/b.dump * 90000",
        local="ops/dumps",
        gone="ops/dumps",
        later="ops/dumps/c.dump * 90000",
        kept="ops/dumps/restore.sh",
    ),
    "weights that git ignores anywhere": Case(
        "FROM python:3.12; COPY . .",
        "train.py; a.pt * 3000000; w/b.pt * 3000000",
        "*.pt",
        local="a.pt w",
        gone="a.pt w",
        lines="**/*.pt",
        later="x/y/c.pt * 10",
    ),
    "archives of a folder that git ignores, and no others": Case(
        PYTHON,
        "app.py; dist/a-1.0.tar.gz * 2000000",
        "dist/",
        local="dist",
        gone="dist/a-1.0.tar.gz",
        lines="dist/*.tar.gz",
        no_lines="**/*.tar.gz",
        later="dist/a-1.1.tar.gz * 2000000",
        kept="vendor/tool.tar.gz * 2000000",
    ),
    "weights of a folder that git keeps with a line of its own": Case(
        "FROM python:3.12; COPY . .",
        "train.py; models/a.pt * 3000000; models/.gitkeep; x/b.onnx * 3000000",
        "models/*,!models/.gitkeep,/x/b.onnx",
        local="models/a.pt x/b.onnx",
        gone="models/a.pt x/b.onnx",
        lines="models/*.pt x/b.onnx",
        later="models/c.pt * 10",
        kept="app/face.pt * 3000000; x/c.onnx * 3000000",
    ),
    "runs that git ignores one by one": Case(
        "FROM python:3.12; COPY . .",
        "train.py; runs/exp1/results.csv * 9000",
        "/runs/*",
        local="runs",
        gone="runs/exp1",
        later="runs/exp2/results.csv * 9000",
    ),
    "databases of a folder that have a rule, others being tracked": Case(
        PYTHON,
        f"app.py; var/a.sqlite = {DATABASE} * 9000; seed/b.sqlite = {DATABASE} * 9000",
        "/var/*.sqlite",
        local="var",
        gone="var/a.sqlite",
        stay="seed/b.sqlite",
        lines="var/*.sqlite",
        later=f"var/c.sqlite = {DATABASE} * 9000",
        kept="var/readme.txt",
    ),
    "a line of an ignore file in a folder": Case(
        GO,
        "go.mod; main.go; tools/.gitignore = out-*; tools/out-a/x * 9000; "
        "tools/b/out-c/x * 9000",
        local="tools/out-a tools/b",
        all_gone="tools/out-a tools/b/out-c",
        stay="main.go",
    ),
    "several programs of one line": Case(
        GO,
        f"go.mod; main.go; srv-a = {PROGRAM} * 9000; srv-b = {PROGRAM} * 9000",
        "/srv-*",
        local="srv-a srv-b",
        gone="srv-a srv-b",
        lines="srv-*",
        later=f"srv-c = {PROGRAM} * 9000",
    ),
    "caches of several packages": Case(
        NODE,
        "package.json; a/.turbo/x * 9000; b/.turbo/y * 9000; c/.parcel-cache/z * 9000",
        local="a/.turbo b/.turbo c/.parcel-cache",
        gone="a/.turbo b/.turbo c/.parcel-cache",
        lines="**/.turbo",
        later="d/.turbo/z * 9000",
    ),
    "bytecode beside its sources": Case(
        PYTHON,
        "app.py; lib/a.py; lib/a.pyc * 900",
        "*.py[co]",
        local="lib/a.pyc",
        gone="lib/a.pyc",
        lines="**/*.pyc",
        later="lib/b.pyc * 900",
    ),
    "pages that only a line of git knows": Case(
        "FROM ruby:3.3; COPY . .; RUN bundle install",
        "app.rb; capybara-1.html * 20000; capybara-2.html * 20000",
        "capybara-*.html",
        local="capybara-1.html capybara-2.html",
        all_gone="capybara-1.html capybara-2.html",
        stay="app.rb",
    ),
    "core dumps": Case(
        "FROM gcc:13; COPY . .; RUN make",
        "main.c; core.11 = \x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0 * 9000",
        local="core.11",
        gone="core.11",
        lines="core.[0-9]*",
        later="core.22 * 9000",
        kept="core.c",
    ),
}

PATHS = {
    "a line that a later one takes back": Case(
        "FROM python:3.12; COPY . .",
        "app.py; data/a.csv * 9000; data/keep.csv * 9000",
        "/data/*,!/data/keep.csv",
        local="data/a.csv",
        stay="data/keep.csv",
        no_lines="data/* data",
    ),
    "a line that an ignore file below takes back": Case(
        PYTHON,
        "app.py; a.ckpt * 2000000; demo/.gitignore = !*.ckpt; demo/b.ckpt * 2000000",
        "*.ckpt",
        local="a.ckpt",
        gone="a.ckpt",
        stay="demo/b.ckpt",
        no_lines="**/*.ckpt",
    ),
    "a line about folders, where a file has that name": Case(
        GO,
        "go.mod; main.go; dumps/a.sql.gz * 90000; scripts/dumps = #!/bin/sh",
        "dumps/",
        local="dumps",
        gone="dumps",
        stay="scripts/dumps",
        no_lines="**/dumps",
    ),
    "a line with a question mark": Case(
        PYTHON,
        "app.py; a1.log * 9000; logs.txt",
        "/?1.log",
        local="a1.log",
        gone="a1.log",
        stay="app.py logs.txt",
        no_lines="?1.log",
    ),
}

COVERED = {
    "a cache in a folder that goes": Case(
        "FROM node:20; COPY . .; RUN npm ci && npm run build",
        "package.json = {}; .next/cache/a * 9000; .next/server/b * 9000",
        local=".next",
        gone=".next",
        lines=".next",
        no_lines=".next/cache **/.next/cache",
    ),
    "a database in a folder of data": Case(
        PYTHON,
        f"app.py; data/a.sqlite = {DATABASE} * 9000; data/b.csv * 9000",
        "/data/",
        local="data",
        gone="data",
        lines="data",
        no_lines="data/a.sqlite data/*.sqlite",
    ),
    "weights in runs": Case(
        "FROM python:3.12; COPY . .",
        "train.py; runs/a/best.pt * 3000000; runs/a/r.csv * 9000",
        "/runs/,*.pt",
        local="runs",
        gone="runs",
        lines="runs",
        no_lines="runs/a/best.pt",
    ),
}

# COPY names what this build needs: the rest is kept out for other builds.
NAMED = {
    "packages, installed outside": Case(
        "FROM gcr.io/distroless/nodejs20; COPY node_modules ./node_modules; "
        "COPY server.js .",
        "server.js; node_modules/a/index.js; .DS_Store * 6000",
        "node_modules,.DS_Store",
        local="node_modules .DS_Store",
        gone=".DS_Store",
        stay="node_modules/a/index.js server.js",
        all_stay="node_modules/a/index.js",
    ),
    "texts, and none that packages bring": Case(
        "FROM node:22; COPY . .; CMD node server.js",
        "server.js; api/README.md; vendor/x/README.md; vendor/x/tests/a.js; "
        "node_modules/a/README.md; node_modules/a/index.js",
        "node_modules",
        local="node_modules",
        all_gone="api/README.md",
        all_stay="node_modules/a/README.md vendor/x/README.md vendor/x/tests/a.js",
    ),
    "a site, built outside": Case(
        "FROM nginx:1.27; COPY dist /usr/share/nginx/html",
        "dist/index.html; .DS_Store * 6000; npm-debug.log * 900",
        "dist,.DS_Store",
        local="dist .DS_Store npm-debug.log",
        gone=".DS_Store npm-debug.log",
        stay="dist/index.html",
        all_stay="dist/index.html",
    ),
    "a jar by an argument": Case(
        "FROM eclipse-temurin:17-jre; ARG JAR=target/*.jar; COPY ${JAR} app.jar",
        "pom.xml; target/app-1.jar * 9000; target/classes/A.class; .DS_Store * 6000",
        "target/,.DS_Store",
        local="target .DS_Store",
        gone=".DS_Store",
        stay="target/app-1.jar pom.xml",
        all_stay="target/app-1.jar",
    ),
    "a program by a mount": Case(
        "FROM alpine; RUN --mount=type=bind,source=bin/srv,target=/srv /srv --install",
        f"bin/srv = {PROGRAM} * 9000; .idea/a.xml * 900; __pycache__/a.pyc * 900",
        "bin/",
        local="bin .idea __pycache__",
        gone=".idea __pycache__",
        stay="bin/srv",
        all_stay="bin/srv",
    ),
}

EVERY = {**LASTING, **PATHS, **COVERED, **NAMED}


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
def test_lines_take_what_is_meant(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    if include_ask and not (case.all_gone or case.all_stay):
        return
    assert check(case, tmp_path, include_ask=include_ask) == []
