"""CTX5xx: what makes layers anew, and nothing that has to be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Request, Severity
from ctxopt.pipeline.check.checking import check
from tests.checking.cases import Check, checked

NODE = "FROM node:22; WORKDIR /app; "
PACKAGE = "package.json = {}; package-lock.json = {}; app.js"

CATCHES = {
    # CTX502
    "a mount that sends the whole context": Check(
        "FROM scratch; RUN --mount=target=/src true",
        files="a",
        finds="CTX502 Dockerfile:2",
    ),
    # CTX503
    "logs and caches of a working copy": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        files="a.py; logs/a.log; __pycache__/a.pyc; .pytest_cache/v",
        finds="CTX503 Dockerfile:2",
        says='"COPY . /srv" takes',
    ),
    "the history of a repository": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        files="a.py",
        tracked="a.py",
        finds="CTX503 Dockerfile:2",
        says="takes .git, which changes while",
    ),
    "one that a folder brings along": Check(
        "FROM python:3.13; COPY src /srv; CMD python /srv/a.py",
        files="src/a.py; src/__pycache__/a.pyc",
        finds="CTX503 Dockerfile:2",
    ),
    "no more of it than a source takes": Check(
        "FROM python:3.13; COPY a /srv; CMD python /srv/a.py",
        files="a/a.py; a/__pycache__/a.pyc; b/__pycache__/b.pyc * 9",
        finds="CTX503 Dockerfile:2",
        says="takes a/__pycache__, which",
    ),
    "what is sure to change, and nothing else beside it": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        files="a.py; logs/a.log; .vscode/a.json",
        finds="CTX503 Dockerfile:2",
        says="takes logs, which",
    ),
    # CTX504
    "npm": Check(
        NODE + "COPY . .; RUN npm ci && npm run build",
        files=PACKAGE,
        finds="CTX504 Dockerfile:4",
        says='"npm ci" runs anew after each change of any file, as "COPY . ." (line 3)',
        cure='copy package.json and package-lock.json and run "npm ci"',
    ),
    "npm, where the manifest was copied and not used": Check(
        NODE + "COPY package.json .; COPY . .; RUN npm install --omit dev",
        files=PACKAGE,
        finds="CTX504 Dockerfile:5",
        says="(line 4)",
    ),
    "npm with scripts of its own": Check(
        NODE + "COPY . .; RUN npm ci",
        files='package.json = {"scripts": {"prepare": "husky"}}; a.js',
        finds="CTX504 Dockerfile:4",
        cure='its script "prepare"',
    ),
    "yarn without a word": Check(
        NODE + "COPY . .; RUN yarn", files="package.json; a.js", finds="CTX504"
    ),
    "pnpm in a folder that it is sent to": Check(
        NODE + "COPY . .; RUN pnpm --dir web install",
        files="web/package.json; web/pnpm-lock.yaml; a.js",
        finds="CTX504",
        cure="web/package.json and web/pnpm-lock.yaml",
    ),
    "bun in a folder that the shell goes to": Check(
        NODE + "COPY . /x; RUN cd /x/web && bun install",
        files="web/package.json",
        finds="CTX504",
    ),
    "pip": Check(
        "FROM python:3.13; ADD . /srv; WORKDIR /srv; "
        "RUN pip install --no-cache-dir -r requirements/prod.txt",
        files="requirements/prod.txt = flask; a.py",
        finds="CTX504 Dockerfile:4",
        cure="copy requirements/prod.txt and run",
    ),
    "pip of a folder with the program": Check(
        "FROM python:3.13; COPY app /srv; RUN python -m pip install -r/srv/req.txt",
        files="app/req.txt; app/a.py",
        finds="CTX504",
    ),
    "poetry": Check(
        "FROM python:3.13; COPY . .; RUN poetry install --without dev",
        files="pyproject.toml; poetry.lock; a.py",
        finds="CTX504",
        cure='run "poetry install --no-root"',
    ),
    "uv": Check(
        "FROM python:3.13; COPY . .; RUN uv sync --frozen",
        files="pyproject.toml; uv.lock",
        finds="CTX504",
        cure="pyproject.toml and uv.lock",
    ),
    "bundler": Check(
        "FROM ruby:3.3; COPY . .; RUN bundle install -j4",
        files="Gemfile = gem 'rails'; Gemfile.lock; a.rb",
        finds="CTX504",
    ),
    "composer": Check(
        "FROM composer:2; COPY . .; RUN composer install --no-dev",
        files="composer.json = {}; a.php",
        finds="CTX504",
    ),
    "go": Check(
        "FROM golang:1.23; COPY . .; RUN go mod download; RUN go build ./...",
        files="go.mod; go.sum; a.go",
        finds="CTX504 Dockerfile:3",
    ),
    "go that fetches while it builds": Check(
        "FROM golang:1.23; COPY . .; RUN CGO_ENABLED=0 go build -o /a .",
        files="go.mod; go.sum; a.go",
        finds="CTX504",
        cure='run "go mod download"',
    ),
    "cargo": Check(
        "FROM rust:1.80; COPY . .; RUN cargo build --release",
        files="Cargo.toml; Cargo.lock; src/main.rs",
        finds="CTX504",
        cure="with an empty src/main.rs",
    ),
    "maven, by its wrapper": Check(
        "FROM eclipse-temurin:21; COPY . .; RUN ./mvnw -B package",
        files="pom.xml = <project/>; mvnw",
        finds="CTX504",
        cure="mvn dependency:go-offline",
    ),
    "dotnet": Check(
        "FROM mcr.microsoft.com/dotnet/sdk:8; COPY . .; RUN dotnet publish -c Release",
        files="web.csproj = <Project/>; a.cs",
        finds="CTX504",
        cure='copy web.csproj and run "dotnet restore"',
    ),
    "mix": Check(
        "FROM elixir:1.17; COPY . .; RUN mix deps.get --only prod",
        files="mix.exs; mix.lock; lib/a.ex",
        finds="CTX504",
    ),
    "one in a stage that is thrown away: it waits there, too": Check(
        "FROM node:22 AS build; COPY . .; RUN npm ci; FROM scratch; "
        "COPY --from=build /dist /",
        files=PACKAGE,
        finds="CTX504 Dockerfile:3",
    ),
    "one in a stage that stands on the copy": Check(
        "FROM node:22 AS src; WORKDIR /app; COPY . .; FROM src; RUN npm ci",
        files=PACKAGE,
        finds="CTX504 Dockerfile:5",
    ),
    # CTX505
    "a Dockerfile that is copied": Check(
        "FROM scratch; COPY . /x/",
        files="a",
        finds="CTX505 Dockerfile:2",
        says="takes Dockerfile",
    ),
    # CTX506
    "what the next step deletes": Check(
        "FROM node:22; COPY . /app; RUN set -e && rm -rf /app/tests /app/docs; RUN npx",
        files="tests/a; docs/a; a.js",
        finds="CTX506 Dockerfile:3",
        says='deletes "tests" and "docs", which "COPY . /app" (line 2)',
    ),
    "what is deleted where the shell goes to": Check(
        "FROM node:22; COPY . /app; RUN cd /app && rm -r tests && npm ci",
        files="tests/a; a.js",
        finds="CTX506 Dockerfile:3",
    ),
}

LEAVES_ALONE = {
    "a mount that names its folder": Check(
        "FROM scratch; RUN --mount=source=a,target=/a true",
        files="a/b",
        silent="CTX501 CTX502",
    ),
    "a context without clutter, that the ignore file keeps clean": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        ignore=".git; logs; Dockerfile; .dockerignore",
        files="a.py; logs/a.log",
        tracked="a.py",
        silent="CTX503 CTX505",
    ),
    "a history that the build reads": Check(
        "FROM python:3.13; COPY . /srv; RUN cd /srv && git describe",
        files="a.py",
        tracked="a.py Dockerfile",
        silent="CTX503",
    ),
    "caches of what is installed, which no work changes": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        ignore="Dockerfile",
        files="a.py; env/lib/site-packages/a/__pycache__/a.pyc",
        silent="CTX503",
    ),
    "clutter that no source takes": Check(
        "FROM python:3.13; COPY a.py /srv/; CMD python /srv/a.py",
        files="a.py; logs/a.log; __pycache__/a.pyc",
        silent="CTX503 CTX505",
    ),
    "data of a database in a volume, which is no file about builds": Check(
        "FROM python:3.13; COPY . /srv; CMD python /srv/a.py",
        ignore="Dockerfile; .dockerignore",
        files="a.py; pgdata/PG_VERSION; docker-compose.yml.txt",
        silent="CTX505",
    ),
    "a Dockerfile that is copied by its name": Check(
        "FROM scratch; COPY Dockerfile /x/", silent="CTX505"
    ),
    "manifests first": Check(
        NODE
        + "COPY package*.json ./; RUN npm ci; COPY . .; RUN npm run build && npm ci",
        files=PACKAGE,
        silent="CTX504",
    ),
    "manifests that a mount lends": Check(
        NODE + "RUN --mount=type=bind,source=package.json,target=package.json npm ci; "
        "COPY . .; RUN npm install",
        files=PACKAGE,
        silent="CTX504",
    ),
    "an install in a stage that this one copies from": Check(
        "FROM node:22 AS deps; COPY package.json .; RUN npm ci; FROM node:22; "
        "COPY . .; COPY --from=deps /node_modules /node_modules; RUN npm install",
        files=PACKAGE,
        silent="CTX504",
    ),
    "cargo chef, which has done it before": Check(
        "FROM rust:1 AS plan; COPY . .; RUN cargo chef prepare; FROM rust:1; "
        "COPY --from=plan /recipe.json .; RUN cargo chef cook; COPY . .; "
        "RUN cargo build",
        files="Cargo.toml; src/main.rs",
        silent="CTX504",
    ),
    "an install with a cache on a mount": Check(
        NODE + "COPY . .; RUN --mount=type=cache,target=/root/.npm npm ci",
        files=PACKAGE,
        silent="CTX504",
    ),
    "installs of what is named, and tools for all": Check(
        NODE + "COPY . .; RUN npm install -g pnpm; RUN npm i express; RUN yarn build; "
        "RUN pip install flask; RUN pip install .; RUN go install a.b/c@v1; "
        "RUN uv pip install -e .; RUN pip install -r req.txt -e .",
        files=PACKAGE + "; req.txt; go.sum; go.mod; setup.py",
        silent="CTX504",
    ),
    "a folder with nothing but requirements": Check(
        "FROM python:3.13; COPY requirements /req/; RUN pip install -r /req/a.txt",
        files="requirements/a.txt; requirements/b.txt",
        silent="CTX504",
    ),
    "requirements that name the project": Check(
        "FROM python:3.13; COPY . .; RUN pip install -r req.txt",
        files="req.txt = -e ./lib; lib/setup.py",
        silent="CTX504",
    ),
    "a manifest that a command changes before": Check(
        NODE + "COPY . .; RUN sed -i s/a/b/ package.json; RUN npm ci",
        files=PACKAGE,
        silent="CTX504",
    ),
    "a manifest that is ignored, or is not there": Check(
        NODE + "COPY . .; RUN npm ci; RUN bundle install; RUN composer install",
        ignore="package.json",
        files=PACKAGE,
        silent="CTX504",
    ),
    "dependencies that are in the project": Check(
        "FROM golang:1.23; COPY . .; RUN go build -o /a .",
        files="go.mod; go.sum; vendor/modules.txt; a.go",
        silent="CTX504",
    ),
    "parts of a project that need each other": Check(
        "FROM maven:3; COPY . .; RUN mvn package; RUN bundle; RUN mix deps.get; "
        "RUN dotnet restore a.sln",
        files="pom.xml = <modules/>; Gemfile = gemspec; mix.exs = apps_path: 1; "
        "a.sln = Project(1)",
        silent="CTX504",
    ),
    "an install of another folder than the copy's": Check(
        "FROM node:22; COPY . /app; WORKDIR /tools; RUN npm ci",
        files=PACKAGE,
        silent="CTX504",
    ),
    "what is deleted after it was used": Check(
        "FROM node:22; COPY . /app; RUN npm ci && rm -r /app/src; RUN rm -r /app/tests",
        files="src/a; tests/a",
        silent="CTX506",
    ),
    "what is deleted and was never copied, or by its own name": Check(
        "FROM node:22; COPY . /app; COPY a.tgz /tmp/; "
        "RUN rm -rf /tmp/a.tgz /app/none /app/kept $DIR /app/*.md /app /var/lib",
        ignore="kept",
        files="a.tgz; kept/a; b.md",
        silent="CTX506",
    ),
}

CAUGHT_BELOW = {"CTX501"}


def test_an_ignore_file_that_is_rewritten_is_never_cached(tmp_path: Path) -> None:
    """docker/cli#3921: a Dockerfile from outside, and the legacy client."""
    context = tmp_path / "app"
    context.mkdir()
    (context / ".dockerignore").write_text("nothing\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /x/\n")
    request = Request(context, dockerfile=tmp_path / "Dockerfile", builder="legacy")
    found = {one.rule.number for one in check(request).diagnostics}
    assert "CTX501" in found


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        pytest.param("logs/a.log", Severity.WARNING, id="logs are written at work"),
        pytest.param(
            "demo/nginx.log", Severity.NOTE, id="a single log may be a sample"
        ),
        pytest.param(".vscode/a.json", Severity.NOTE, id="settings of an editor stay"),
    ],
)
def test_only_what_work_changes_is_a_warning(
    files: str, severity: Severity, tmp_path: Path
) -> None:
    dockerfile = "FROM python:3.13; COPY . /srv; CMD python /srv/a.py"
    case = Check(dockerfile, files=f"a.py; {files}")
    found = checked(case, tmp_path).diagnostics
    said = [one.severity for one in found if one.rule.number == "CTX503"]
    assert said == [severity]
