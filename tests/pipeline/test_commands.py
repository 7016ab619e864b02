"""What a build's commands mean for a suggestion: who makes, uses and reads what."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

from ctxopt import analyze
from ctxopt.core.model import BuilderName, Confidence, Report

GOES, ASKED, STAYS = "goes", "asked", "stays"

NODE = {
    "package.json": '{"name": "x", "scripts": {"build": "vite build"}}',
    "package-lock.json": "{}",
    "node_modules/a/index.js": "1",
    "node_modules/.package-lock.json": "{}",
    "server.js": "1",
}
DIST = {**NODE, "dist/index.html": "<p>", "src/main.ts": "1"}
RUBY = {
    "Gemfile": "gem 'x'\n",
    "Gemfile.lock": "GEM\n",
    "vendor/bundle/ruby/3.3.0/gems/x/x.rb": "1",
}
PHP = {"composer.json": "{}", "vendor/autoload.php": "<?php", "index.php": "<?php"}
RUST = {"Cargo.toml": "[package]", "src/main.rs": "", "target/release/app": "x"}
VENV = {
    ".venv/pyvenv.cfg": "home = /usr\n",
    ".venv/bin/python": "x",
    "app.py": "1",
    "pyproject.toml": "[project]\nname = 'x'\n",
}
MIX = {"mix.exs": "defmodule X do\nend\n", "deps/a/mix.exs": "#", "_build/dev/a": "x"}
JAVA = {"pom.xml": "<project/>", "target/app.jar": "PK", "src/A.java": ""}
GRADLE = {"build.gradle": "", "build/libs/app.jar": "PK"}
DOTNET = {"App.csproj": "<Project/>", "bin/Release/net8.0/App.dll": "MZ"}
NEXT = {**NODE, ".next/BUILD_ID": "a"}
IDEA = {".idea/a.xml": "<x/>", "index.php": "<?php"}
BIN = {"go.mod": "module x\n", "main.go": "package main\n", "bin/tool": "x"}


def outcome(report: Report, path: str) -> str:
    """What is to become of a path."""
    for one in report.suggestions:
        lines = {line.removeprefix("**/").removeprefix("/") for line in one.patterns}
        names = {line[3:] for line in one.patterns if line.startswith("**/")}
        name = path.rpartition("/")[2]
        if any(fnmatchcase(path, line) for line in lines) or any(
            fnmatchcase(name, line) for line in names
        ):
            return ASKED if one.confidence is Confidence.ASK else GOES
    return STAYS


def scanned(root: Path, files: dict[str, str], dockerfile: str) -> Report:
    for name, text in {**files, "Dockerfile": dockerfile}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return analyze(root, builder=BuilderName.BUILDKIT)


class Row(NamedTuple):
    """One build, and what is to become of a path of its context."""

    id: str
    expected: str
    path: str
    files: dict[str, str]
    dockerfile: str


def _rows(*rows: Row) -> Sequence[object]:
    return [pytest.param(one, id=one.id) for one in rows]


MADE = _rows(
    Row(
        "npm ci in the folder that gets them",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node server.js\n",
    ),
    Row(
        "yarn's focus on workspaces",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\n"
        "RUN yarn workspaces focus --production web\nCMD node server.js\n",
    ),
    Row(
        "a word of a program of awk runs nothing",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS b\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        "FROM php:8.3-apache\nWORKDIR /app\nCOPY . .\n"
        "RUN ldd x | awk '/=>/ { next }; { print $1 }'\n"
        "COPY --from=b /app/public public\nCMD apache2-foreground\n",
    ),
    Row(
        "a package manager that is only installed makes nothing",
        STAYS,
        "node_modules",
        NODE,
        "FROM alpine\nWORKDIR /app\nRUN apk add nodejs yarn\nCOPY . .\n"
        "CMD node server.js\n",
    ),
    Row(
        "nor one that is asked for",
        STAYS,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\n"
        "RUN command -v yarn || which yarn || corepack enable yarn\n"
        "CMD node server.js\n",
    ),
    Row(
        "nor one that is spoken of",
        STAYS,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN echo please run npm install\n"
        "CMD node server.js\n",
    ),
    Row(
        "a wrapper that is made executable builds nothing",
        STAYS,
        "target",
        JAVA,
        "FROM eclipse-temurin\nWORKDIR /app\nCOPY . .\n"
        "RUN chmod +x mvnw && sed -i 's/a/b/' mvnw && ./mvnw --version\n"
        "CMD java -jar target/app.jar\n",
    ),
    Row(
        "nor does a builder that apt installs",
        STAYS,
        "build",
        GRADLE,
        "FROM eclipse-temurin\nWORKDIR /app\nRUN apt-get install -y -q gradle\n"
        "COPY . .\nCMD java -jar build/libs/app.jar\n",
    ),
    Row(
        "nor a tool that cargo installs",
        STAYS,
        "target",
        RUST,
        "FROM rust\nWORKDIR /app\nRUN cargo install --locked diesel_cli\nCOPY . .\n"
        "CMD ./target/release/app\n",
    ),
    Row(
        "nor a module with the name of one",
        STAYS,
        "target",
        {**RUST, "package.json": '{"scripts": {"start": "cross-env A=1 node x"}}'},
        "FROM rust\nWORKDIR /app\nCOPY . .\nRUN npm start\nCMD ./target/release/app\n",
    ),
    Row(
        "what cargo installs from the project is built",
        GOES,
        "target",
        RUST,
        "FROM rust\nWORKDIR /app\nCOPY . .\nRUN cargo install --locked --path .\n",
    ),
    Row(
        "an environment that pip could make, and does not",
        STAYS,
        ".venv",
        VENV,
        "FROM python\nWORKDIR /app\nRUN python -m pip install -U virtualenv\n"
        "COPY . .\nCMD .venv/bin/python app.py\n",
    ),
    Row(
        "npm ci as an exec form",
        GOES,
        "node_modules",
        NODE,
        'FROM node\nWORKDIR /app\nCOPY . .\nRUN ["npm", "ci"]\nCMD node server.js\n',
    ),
    Row(
        "npm ci in a heredoc",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN <<EOF\nset -e\nnpm ci\nEOF\n",
    ),
    Row(
        "npm ci with a cache mount and a bind mount",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\n"
        "RUN --mount=type=bind,source=package.json,target=package.json "
        "--mount=type=cache,target=/root/.npm npm ci --omit=dev\n"
        "COPY . .\nCMD node server.js\n",
    ),
    Row(
        "yarn without a word installs",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN corepack enable && yarn\n",
    ),
    Row(
        "corepack alone installs nothing",
        STAYS,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN corepack enable\nCMD node server.js\n",
    ),
    Row(
        "an installation in another folder",
        STAYS,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /tools\nCOPY package.json .\nRUN npm ci\n"
        "WORKDIR /app\nCOPY . .\nCMD node server.js\n",
    ),
    Row(
        "an installation in another stage that nobody copies",
        STAYS,
        "node_modules",
        NODE,
        "FROM node AS b\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
        "FROM node\nWORKDIR /app\nCOPY . .\nCOPY --from=b /app/dist dist\n"
        "CMD node server.js\n",
    ),
    Row(
        "an installation in another stage that is copied by its name",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS b\nWORKDIR /deps\nCOPY package.json .\nRUN npm ci\n"
        "FROM node\nWORKDIR /app\nCOPY --from=b /deps/node_modules ./node_modules\n"
        "COPY . .\nCMD node server.js\n",
    ),
    Row(
        "an installation in the stage that this one stands on",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS b\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n"
        "FROM b\nCOPY . .\nCMD node server.js\n",
    ),
    Row(
        "an image hands the packages over",
        GOES,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\n"
        "COPY --from=ghcr.io/acme/deps /app/node_modules ./node_modules\n"
        "COPY . .\nCMD node server.js\n",
    ),
    Row(
        "a whole stage that installs is copied",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS b\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
        "FROM node\nCOPY --from=b /app /srv\nCMD node /srv/server.js\n",
    ),
    Row(
        "packages of a folder that npm is sent to",
        GOES,
        "web/node_modules",
        {"web/package.json": "{}", "web/node_modules/a/i.js": "1"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm --prefix web ci\n",
    ),
    Row(
        "packages of a folder that cd goes to",
        GOES,
        "web/node_modules",
        {"web/package.json": "{}", "web/node_modules/a/i.js": "1"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN cd web && npm ci && npm test\n",
    ),
    Row(
        "packages beside those that are installed",
        STAYS,
        "node_modules",
        {**NODE, "web/package.json": "{}"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN (cd web && npm ci)\n"
        "CMD node server.js\n",
    ),
    Row(
        "members of a workspace",
        GOES,
        "web/node_modules",
        {
            "package.json": '{"workspaces": ["web"]}',
            "web/package.json": "{}",
            "web/node_modules/a/i.js": "1",
        },
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node web/i.js\n",
    ),
    Row(
        "a folder below that is no member",
        ASKED,
        "web/node_modules",
        {
            "package.json": "{}",
            "web/package.json": "{}",
            "web/node_modules/a/i.js": "1",
        },
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node web/i.js\n",
    ),
    Row(
        "a target of a Makefile that RUN calls",
        GOES,
        "node_modules",
        {**NODE, "Makefile": "all: lint\n\ndeps:\n\tnpm ci\n\nlint:\n\teslint .\n"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN make deps\nCMD node server.js\n",
    ),
    Row(
        "a target of a Makefile that RUN does not call",
        STAYS,
        "node_modules",
        {**NODE, "Makefile": "all: lint\n\ndeps:\n\tnpm ci\n\nlint:\n\teslint .\n"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN make\nCMD node server.js\n",
    ),
    Row(
        "what the first target of a Makefile needs",
        GOES,
        "node_modules",
        {**NODE, "Makefile": "all: deps\n\ndeps:\n\tnpm ci\n"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN make\nCMD node server.js\n",
    ),
    Row(
        "a recipe of a justfile",
        GOES,
        "node_modules",
        {**NODE, "justfile": "lint:\n    eslint .\n\nsetup:\n    npm ci\n"},
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN just setup\nCMD node server.js\n",
    ),
    Row(
        "a script that is not to be read",
        ASKED,
        "node_modules",
        NODE,
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN ./setup\nCMD node server.js\n",
    ),
    Row(
        "an image with triggers of its own",
        ASKED,
        "node_modules",
        NODE,
        "FROM node:18-onbuild\nWORKDIR /app\nCOPY . .\nCMD node server.js\n",
    ),
    Row(
        "an image that may start anything",
        ASKED,
        "node_modules",
        NODE,
        'FROM registry.acme.dev/base\nWORKDIR /app\nCOPY . .\nCMD ["/start"]\n',
    ),
    Row(
        "packages of tools beside a program of Python",
        GOES,
        "node_modules",
        NODE,
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD python app.py\n",
    ),
    Row(
        "an installation when the container starts",
        GOES,
        "node_modules",
        NODE,
        'FROM node\nWORKDIR /app\nCOPY . .\nCMD ["sh", "-c", "npm ci && node x"]\n',
    ),
    Row(
        "a trigger of this file",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS base\nWORKDIR /app\nONBUILD COPY . .\nONBUILD RUN npm ci\n"
        "FROM base\nCMD node server.js\n",
    ),
    Row(
        "bundle install, whatever the folder of gems",
        GOES,
        "vendor/bundle",
        RUBY,
        "FROM ruby\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD bundle exec x\n",
    ),
    Row(
        "bundle that is only checked",
        STAYS,
        "vendor/bundle",
        RUBY,
        "FROM ruby\nWORKDIR /app\nCOPY . .\nRUN bundle config set path vendor/bundle "
        "&& bundle check\nCMD bundle exec x\n",
    ),
    Row(
        "composer install in a stage, the vendor folder copied",
        GOES,
        "vendor",
        PHP,
        "FROM composer AS c\nCOPY composer.json ./\nRUN composer install\n"
        "FROM php:8-apache\nCOPY . /var/www/html\n"
        "COPY --from=c /app/vendor /var/www/html/vendor\n",
    ),
    Row(
        "a tool that composer installs for all",
        STAYS,
        "vendor",
        PHP,
        "FROM php\nWORKDIR /app\nCOPY . .\nRUN composer global require x/y\n"
        "CMD php index.php\n",
    ),
    Row(
        "a site that nginx serves and nobody builds",
        STAYS,
        "dist",
        DIST,
        "FROM nginx\nCOPY . /usr/share/nginx/html\n",
    ),
    Row(
        "a site that a stage without a build hands on",
        STAYS,
        "dist",
        DIST,
        "FROM busybox AS s\nCOPY . /s\nFROM nginx\n"
        "COPY --from=s /s/dist /usr/share/nginx/html\n",
    ),
    Row(
        "a script of another name builds",
        GOES,
        "dist",
        {**DIST, "package.json": '{"scripts": {"build:prod": "vite build"}}'},
        "FROM node\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build:prod\n"
        "CMD node x.js\n",
    ),
    Row(
        "a script of a like name builds something else",
        STAYS,
        "dist",
        {**DIST, "package.json": '{"scripts": {"build:css": "sass a.scss b.css"}}'},
        "FROM node\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build:css\n"
        "CMD node x.js\n",
    ),
    Row(
        "a hook of the installation builds",
        GOES,
        "dist",
        {**DIST, "package.json": '{"scripts": {"prepare": "tsc -p ."}}'},
        "FROM node\nWORKDIR /a\nCOPY . .\nRUN npm ci\nCMD node x.js\n",
    ),
    Row(
        "a hook that the installation leaves out",
        STAYS,
        "dist",
        {**DIST, "package.json": '{"scripts": {"prepare": "tsc -p ."}}'},
        "FROM node\nWORKDIR /a\nCOPY . .\nRUN npm ci --ignore-scripts\nCMD node x.js\n",
    ),
    Row(
        "next build",
        GOES,
        ".next",
        NEXT,
        "FROM node\nWORKDIR /a\nCOPY . .\nRUN npx next build\nCMD npx next start\n",
    ),
    Row(
        "dependencies of Elixir that nobody fetches",
        STAYS,
        "deps",
        MIX,
        'FROM elixir\nWORKDIR /a\nCOPY . .\nCMD ["mix", "phx.server"]\n',
    ),
    Row(
        "a program of Rust that cargo builds",
        GOES,
        "target",
        RUST,
        "FROM rust\nWORKDIR /a\nCOPY . .\nRUN cargo build --release\n"
        "CMD ./target/release/app\n",
    ),
    Row(
        "an environment that uv makes, started by its path",
        GOES,
        ".venv",
        VENV,
        "FROM python\nWORKDIR /a\nCOPY . .\nRUN uv sync --frozen\n"
        'CMD ["/a/.venv/bin/python", "app.py"]\n',
    ),
    Row(
        "a jar that mvn packages",
        GOES,
        "target",
        JAVA,
        "FROM maven\nWORKDIR /a\nCOPY . .\nRUN mvn -B package\n"
        "CMD java -jar target/app.jar\n",
    ),
    Row(
        "programs of Go that the image compiles elsewhere",
        GOES,
        "bin",
        BIN,
        "FROM golang AS b\nWORKDIR /s\nCOPY . .\nRUN go build -o /out/x .\n"
        'FROM scratch\nCOPY --from=b /out/x /x\nENTRYPOINT ["/x"]\n',
    ),
)

MENTIONS = _rows(
    Row(
        "a pattern of packages is no path",
        GOES,
        ".DS_Store",
        {".DS_Store": "x"},
        "FROM php\nWORKDIR /app\nCOPY . .\n"
        "RUN apt-mark auto '.*' && apt-get install -y --no-install-recommends bash\n",
    ),
    Row(
        "a command before the copy finds nothing of it",
        GOES,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nRUN grep -E '^ *.*$' /x && tar -cf /x .idea\n"
        "COPY . .\n",
    ),
    Row(
        "nor where the folder of the image is not known",
        GOES,
        ".idea",
        IDEA,
        "FROM php\nRUN for d in /usr/src/wp/*/ .idea; do cp $d /x; done\nCOPY . .\n",
    ),
    Row(
        "nor before the stage takes it from another one",
        GOES,
        ".idea",
        IDEA,
        "FROM php AS a\nCOPY . /src\nFROM php\nWORKDIR /src\nRUN cp .idea /x\n"
        "COPY --from=a /src /src\n",
    ),
    Row(
        "a command after it does",
        STAYS,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nCOPY . .\nRUN tar -cf /x .idea\n",
    ),
    Row(
        "a command of a stage on top of that does",
        STAYS,
        ".idea",
        IDEA,
        "FROM redis AS a\nWORKDIR /app\nRUN true\nCOPY . .\n"
        "FROM a\nRUN tar -cf /x .idea\n",
    ),
    Row(
        "a command with a mount in front of the copy does",
        STAYS,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nRUN --mount=target=. tar -cf /x .idea\nCOPY . .\n",
    ),
    Row(
        "what the container starts is said before the copy",
        STAYS,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nCMD cat .idea/a.xml\nCOPY . .\n",
    ),
    Row(
        "the folders that a loop makes, and the patterns of a choice",
        GOES,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nCOPY . .\n"
        "RUN for d in .idea tmp; do mkdir -p /x/$d; done; "
        "case $A in .idea) X=1;; esac\n",
    ),
    Row(
        "what a loop reads",
        STAYS,
        ".idea",
        IDEA,
        "FROM redis\nWORKDIR /app\nCOPY . .\n"
        "RUN for d in .idea tmp; do tar -cf /x/$d.tar $d; done\n",
    ),
    Row(
        "a platform that a choice names is no script that may make it",
        STAYS,
        "dist",
        DIST,
        "FROM nginx\nARG TARGETPLATFORM\nWORKDIR /usr/share/nginx/html\nCOPY . .\n"
        "RUN case $TARGETPLATFORM in linux/amd64) A=1;; linux/arm64|linux/arm) A=2;; "
        "esac\nCMD nginx\n",
    ),
    Row(
        "an environment that PATH begins with",
        STAYS,
        ".venv",
        VENV,
        "FROM python\nWORKDIR /a\nCOPY . .\nENV PATH=/a/.venv/bin:$PATH\n"
        "CMD python app.py\n",
    ),
    Row(
        "an environment that PATH leads to by a variable",
        STAYS,
        ".venv",
        VENV,
        "FROM python\nWORKDIR /a\nENV VIRTUAL_ENV=/a/.venv\n"
        'ENV PATH="$VIRTUAL_ENV/bin:$PATH"\nCOPY . .\nCMD python app.py\n',
    ),
    Row(
        "an environment that a script of the entry point enters",
        STAYS,
        ".venv",
        {**VENV, "run.sh": "#!/bin/sh\n. .venv/bin/activate\nexec python app.py\n"},
        'FROM python\nWORKDIR /a\nCOPY . .\nENTRYPOINT ["./run.sh"]\n',
    ),
    Row(
        "an environment of another folder",
        GOES,
        ".venv",
        VENV,
        "FROM python\nRUN python -m venv /opt/.venv\nENV PATH=/opt/.venv/bin:$PATH\n"
        "WORKDIR /a\nCOPY . .\nCMD python app.py\n",
    ),
    Row(
        "an environment that nothing names",
        GOES,
        ".venv",
        VENV,
        "FROM python\nWORKDIR /a\nCOPY . .\nRUN pip install .\nCMD python app.py\n",
    ),
    Row(
        "a program that is checked for its health",
        STAYS,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nHEALTHCHECK CMD target/release/app ping\n",
    ),
    Row(
        "a program that RUN copies to another place",
        STAYS,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nRUN cp target/release/app /usr/bin/\n",
    ),
    Row(
        "a program that a later stage takes",
        STAYS,
        "target",
        RUST,
        "FROM busybox AS s\nCOPY . /s\nFROM debian\n"
        "COPY --from=s /s/target/release/app /app\n",
    ),
    Row(
        "a jar behind an option with a path",
        STAYS,
        "build",
        GRADLE,
        "FROM temurin\nCOPY . /a\n"
        'ENTRYPOINT ["java", "-javaagent:/a/build/libs/agent.jar", "-jar", '
        '"/a/build/libs/app.jar"]\n',
    ),
    Row(
        "an assembly that is started from its folder",
        STAYS,
        "bin",
        DOTNET,
        "FROM aspnet\nCOPY . /a\nWORKDIR /a/bin/Release/net8.0\n"
        'CMD ["dotnet", "App.dll"]\n',
    ),
)

WHEELS = {"requirements.txt": "x\n", "pk/x-1-py3-none-any.whl": "PK"}
WHEEL = "pk/x-1-py3-none-any.whl"
TAKEN = _rows(
    Row(
        "a wheel in a folder that pip is sent to",
        STAYS,
        WHEEL,
        WHEELS,
        "FROM python\nWORKDIR /a\nCOPY . .\nRUN pip install --find-links=pk x\n",
    ),
    Row(
        "a wheel that a wildcard of RUN hits",
        STAYS,
        WHEEL,
        WHEELS,
        "FROM python\nWORKDIR /a\nCOPY . .\nRUN pip install pk/*.whl\n",
    ),
    Row(
        "a wheel that a mount lends to RUN",
        STAYS,
        WHEEL,
        WHEELS,
        "FROM python\nRUN --mount=type=bind,target=/w pip install -f /w/pk x\n"
        "COPY . /a\n",
    ),
    Row(
        "a wheel in a folder that no command names",
        ASKED,
        WHEEL,
        WHEELS,
        "FROM python\nWORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\n",
    ),
)

NO_MENTIONS = _rows(
    Row(
        "a target of a cache mount",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nRUN --mount=type=cache,target=/a/target echo\n"
        "COPY . .\n",
    ),
    Row(
        "an architecture that is called a target",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nRUN gcc --target x86 --target=arm x.c\n",
    ),
    Row(
        "a folder that is deleted",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nRUN rm -rf target /a/target/release\n",
    ),
    Row(
        "a folder that is made",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nRUN mkdir -p /a/target\nCOPY . .\n",
    ),
    Row(
        "a path of an image",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nCOPY --from=acme/x /a/target/x /x\n",
    ),
    Row(
        "a path of a stage that gets nothing of the context",
        GOES,
        "target",
        RUST,
        "FROM debian AS s\nRUN x > /a/target/y && cat /a/target/y\n"
        "FROM debian\nWORKDIR /a\nCOPY . .\nCOPY --from=s /a/target/y /y\n",
    ),
    Row(
        "a path beside the place of the context",
        GOES,
        "target",
        RUST,
        "FROM debian\nCOPY . /a\nWORKDIR /b\nRUN cat target/x /target/y\n",
    ),
    Row(
        "what find deletes",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nRUN find . -name target -delete\n",
    ),
    Row(
        "where a compiler writes",
        GOES,
        "target",
        RUST,
        "FROM debian\nWORKDIR /a\nCOPY . .\nRUN gcc -o target/x x.c\n",
    ),
    Row(
        "a command of a stage that starts no container",
        GOES,
        "target",
        RUST,
        "FROM debian AS s\nWORKDIR /a\nCOPY . .\nCMD target/release/app\n"
        "FROM debian\nCOPY --from=s /a/src /src\n",
    ),
)


@pytest.mark.parametrize("row", [*MADE, *MENTIONS, *TAKEN, *NO_MENTIONS])
def test_what_commands_mean_for_a_path(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, [
        (one.rule, one.path, one.why) for one in report.held_back
    ] + [
        (one.id, one.confidence, one.patterns, one.notes) for one in report.suggestions
    ]


PACKAGE_OF_THAT_NAME = {
    "shop/media/__init__.py": "",
    "shop/media/views.py": "print(1)",
    "media/a.png": "x",
    "main.py": "MEDIA_ROOT = 'media'",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("shop/media/views.py", STAYS), ("media/a.png", ASKED)],
    ids=["sources of a package are no uploads", "what lies beside none may be some"],
)
def test_a_package_with_the_name_of_a_folder_of_uploads(
    path: str, expected: str, tmp_path: Path
) -> None:
    dockerfile = "FROM python\nWORKDIR /app\nCOPY . .\nCMD python main.py\n"
    report = scanned(tmp_path, PACKAGE_OF_THAT_NAME, dockerfile)
    said = [(one.patterns, one.confidence) for one in report.suggestions]
    assert outcome(report, path) == expected, said
