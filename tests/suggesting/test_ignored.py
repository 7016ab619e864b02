"""What git ignores and is of a known kind goes; all else is at most a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import DATABASE, PROGRAM, Case, check

NODE = (
    "FROM node:20; WORKDIR /app; COPY package*.json ./; RUN npm ci; COPY . .; "
    'CMD ["node", "server.js"]'
)
PYTHON = 'FROM python:3.12; WORKDIR /app; COPY . .; CMD ["python", "app.py"]'
GO = "FROM golang:1.23 AS b; WORKDIR /s; COPY . .; RUN go build -o /out/app ."
MACH = "\xcf\xfa\xed\xfe\x07\x00\x00\x01"

KNOWN = {
    "a data folder of a service in Node": Case(
        NODE,
        f"package.json; server.js; data/kuma.db = {DATABASE} * 300000; data/up/a.png",
        "/data,node_modules",
        local="data",
        gone="data",
        stay="server.js",
        lines="data",
    ),
    "data far down, which git ignores by its folder": Case(
        GO,
        "main.go; services/api/data/users.csv * 9000; services/api/api.go",
        "/services/api/data/",
        local="services/api/data",
        gone="services/api/data",
        stay="services/api/api.go",
        lines="services/api/data",
    ),
    "uploads of Django": Case(
        PYTHON,
        "manage.py; app.py; media/avatars/1.png * 9000; media/a.pdf * 9000",
        "media/",
        local="media",
        gone="media",
        stay="manage.py",
    ),
    "uploads of PHP": Case(
        "FROM php:8-apache; COPY . /var/www/html",
        "index.php; public/uploads/2024/a.jpg * 9000; public/index.php",
        "/public/uploads/*",
        local="public/uploads",
        gone="public/uploads/2024/a.jpg",
        stay="public/index.php index.php",
    ),
    "the instance folder of Flask": Case(
        PYTHON,
        f"app.py; instance/app.sqlite = {DATABASE} * 9000; instance/config.cfg",
        "instance/",
        local="instance",
        gone="instance",
        stay="app.py",
    ),
    "databases of Rails": Case(
        'FROM ruby:3.3; COPY . .; RUN bundle install; CMD ["bin/rails", "s"]',
        f"Gemfile; db/schema.rb; db/dev.sqlite3 = {DATABASE} * 9000; "
        f"db/test.sqlite3 = {DATABASE} * 9000",
        "/db/*.sqlite3,/db/*.sqlite3-*",
        local="db/dev.sqlite3 db/test.sqlite3",
        gone="db/dev.sqlite3 db/test.sqlite3",
        stay="db/schema.rb",
        later=f"db/cable.sqlite3 = {DATABASE} * 9000",
    ),
    "weights and data of a training": Case(
        "FROM pytorch/pytorch; COPY . .; RUN pip install -r requirements.txt",
        "train.py; requirements.txt; best.pt * 3000000; small.onnx * 9000; "
        "lightning_logs/version_0/checkpoints/last.ckpt * 9000; sets/a.parquet * 9000",
        "*.pt,*.onnx,lightning_logs/,*.parquet",
        local="best.pt small.onnx lightning_logs sets",
        gone="best.pt small.onnx lightning_logs sets/a.parquet",
        stay="train.py",
    ),
    "runs that git ignores by what is in them": Case(
        "FROM python:3.12; COPY . .",
        "train.py; runs/train/exp/results.csv * 9000; runs/.gitkeep",
        "/runs/*,!/runs/.gitkeep",
        local="runs/train",
        gone="runs/train",
        stay="train.py runs/.gitkeep",
    ),
    "a program of Go at the root": Case(
        GO,
        f"go.mod; main.go; memos = {PROGRAM} * 400000",
        "/memos",
        local="memos",
        gone="memos",
        stay="main.go",
    ),
    "a program of Rust for a Mac, with a wildcard": Case(
        "FROM rust:1; COPY . .; RUN cargo build --release",
        f"Cargo.toml; src/main.rs; relay-darwin = {MACH} * 9000",
        "relay-*",
        local="relay-darwin",
        gone="relay-darwin",
        stay="src/main.rs",
        later=f"relay-linux = {PROGRAM} * 9000",
    ),
    "a program of C for Windows": Case(
        "FROM gcc:13; COPY . .; RUN make",
        "main.c; Makefile; app = MZ\\x90 * 9000",
        "/app",
        local="app",
        gone="app",
        stay="main.c Makefile",
    ),
    "a program that CMD starts, and a build that makes it": Case(
        'FROM golang:1.23; WORKDIR /s; COPY . .; RUN go build -o srv .; CMD ["./srv"]',
        f"go.mod; main.go; srv = {PROGRAM} * 9000",
        "/srv",
        local="srv",
        gone="srv",
        stay="main.go",
    ),
    "archives, media and wheels that lie about": Case(
        PYTHON,
        "app.py; old.zip * 9000; talk.mp4 * 9000; a-1.0-py3-none-any.whl * 9000",
        "*.zip,*.mp4,*.whl",
        local="old.zip talk.mp4 a-1.0-py3-none-any.whl",
        gone="old.zip talk.mp4 a-1.0-py3-none-any.whl",
        stay="app.py",
        later="new.zip * 10",
    ),
    "the cache of Yarn without zero-installs": Case(
        "FROM node:20; COPY . .; RUN yarn install --immutable",
        "package.json; yarn.lock; .yarn/cache/a.zip * 9000; .yarn/releases/yarn.cjs",
        ".yarn/*,!.yarn/releases",
        local=".yarn/cache",
        gone=".yarn/cache",
        stay=".yarn/releases/yarn.cjs yarn.lock",
    ),
    "data of services beside a compose file": Case(
        PYTHON,
        "app.py; postgres-data/PG_VERSION = 16; redis-data/dump.rdb * 9000",
        "*-data/",
        local="postgres-data redis-data",
        gone="postgres-data redis-data",
        stay="app.py",
    ),
    "state of an agent that no command runs, and documents": Case(
        "FROM node:22; COPY . .; RUN npm ci && yarn docker-build",
        "package.json; package-lock.json; .claude/skills/a/SKILL.md; docs/a.md",
        gone=".claude",
        stay="docs/a.md",
        all_gone="docs",
    ),
}

LEFT_ALONE = {
    "data without a word of git": Case(
        PYTHON,
        "app.py; data/prices.csv * 2000000; .DS_Store * 6000",
        local="data .DS_Store",
        gone=".DS_Store",
        stay="data/prices.csv",
    ),
    "code that a tool has generated": Case(
        GO,
        "go.mod; main.go; internal/pb/a.pb.go; api/a.proto",
        "*.pb.go",
        local="internal/pb",
        stay="internal/pb/a.pb.go",
    ),
    "sources that are generated into a folder of data": Case(
        NODE,
        "package.json; server.js; src/data/generated.ts = export {}",
        "src/data/",
        local="src/data",
        stay="src/data/generated.ts",
    ),
    "a site that was built outside, and no build here": Case(
        "FROM nginx:1.27; COPY . /usr/share/nginx/html",
        "dist/index.html; package.json",
        "dist/",
        local="dist",
        stay="dist/index.html",
    ),
    "a program that the image starts and nobody compiles": Case(
        'FROM alpine:3; COPY . /app; CMD ["/app/relay"]',
        f"relay = {PROGRAM} * 9000; conf.ini",
        "/relay",
        local="relay",
        stay="relay conf.ini",
    ),
    "a wheel that RUN installs": Case(
        "FROM python:3.12; COPY . /s; RUN pip install /s/dist/*.whl",
        "pyproject.toml; dist/a-1-py3-none-any.whl * 9000",
        "dist/",
        local="dist",
        stay="dist/a-1-py3-none-any.whl",
    ),
    "a database that a source names": Case(
        "FROM a; COPY . .; COPY seed.sqlite /seed/",
        f"app.rb; seed.sqlite = {DATABASE} * 9000",
        "*.sqlite",
        local="seed.sqlite",
        stay="seed.sqlite",
    ),
    "a database that CMD copies": Case(
        'FROM a; COPY . /a; CMD ["sh", "-c", "cp -n db/start.db /var/a.db && run"]',
        f"app.rb; db/start.db = {DATABASE} * 9000",
        "*.db",
        local="db",
        stay="db/start.db",
    ),
    "weights that RUN converts": Case(
        "FROM a; COPY . .; RUN python convert.py model.onnx",
        "convert.py; model.onnx * 2000000",
        "*.onnx",
        local="model.onnx",
        stay="model.onnx",
    ),
    "jars of wrappers that git ignores with all other jars": Case(
        "FROM gradle:8; COPY . .; RUN ./mvnw package && ./gradlew jar",
        "gradlew; mvnw; gradle/wrapper/gradle-wrapper.jar; lib/old.jar * 9000; "
        ".mvn/wrapper/maven-wrapper.jar; .mvn/wrapper/maven-wrapper.properties",
        "*.jar",
        local="gradle .mvn/wrapper/maven-wrapper.jar lib",
        stay="gradle/wrapper/gradle-wrapper.jar .mvn/wrapper/maven-wrapper.jar",
        all_stay="gradle/wrapper/gradle-wrapper.jar .mvn/wrapper/maven-wrapper.jar",
        all_gone="lib/old.jar",
        kept="gradle/wrapper/gradle-wrapper.jar * 10",
    ),
    "documents that the build makes a site of": Case(
        "FROM node:22; COPY . .; RUN npm ci && npm run build",
        'package.json = {"scripts":{"build":"docusaurus build"}}; '
        "package-lock.json; docs/intro.md",
        all_stay="docs/intro.md",
        stay="docs/intro.md",
    ),
    "skills of an agent that the image runs": Case(
        "FROM node:22; COPY . .; RUN npm i -g @anthropic-ai/claude-code",
        "a.js; .claude/skills/a/SKILL.md; .mcp.json; .idea/a.xml",
        gone=".idea",
        stay=".claude/skills/a/SKILL.md .mcp.json",
    ),
    "a script without an ending": Case(
        PYTHON, "app.py; run = #!/bin/sh", "/run", local="run", stay="run"
    ),
    "settings that git ignores": Case(
        PYTHON,
        "app.py; config/local.toml = a",
        "config/local.toml",
        local="config/local.toml",
        stay="config/local.toml",
    ),
}


@pytest.mark.parametrize("case", KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
def test_what_git_ignores_and_is_known_goes(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    if include_ask and not (case.all_gone or case.all_stay):
        return
    case = case._replace(stay="") if include_ask else case
    assert check(case, tmp_path, include_ask=include_ask) == []


@pytest.mark.parametrize("case", LEFT_ALONE.values(), ids=LEFT_ALONE)
@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
def test_what_only_git_or_nobody_speaks_of_stays(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    if include_ask and not (case.all_gone or case.all_stay):
        return
    case = case._replace(stay=case.all_stay) if include_ask else case
    assert check(case, tmp_path, include_ask=include_ask) == []
