"""What git tracks stays where a rule is about a tool's leftovers, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import DATABASE, PROGRAM, Case, check

NODE = (
    "FROM node:20; WORKDIR /app; COPY package*.json ./; RUN npm ci; COPY . .; "
    'CMD ["node", "server.js"]'
)
PYTHON = 'FROM python:3.12; WORKDIR /app; COPY . .; CMD ["python", "app.py"]'
GO = "FROM golang:1.23; WORKDIR /src; COPY . .; RUN go build -o /srv ."
RUBY = 'FROM ruby:3.3; WORKDIR /a; COPY . .; RUN bundle install; CMD ["puma"]'
JAVA = "FROM maven:3; WORKDIR /a; COPY . .; RUN mvn package"
RUST = "FROM rust:1; WORKDIR /a; COPY . .; RUN cargo build --release"
PHP = "FROM php:8-apache; COPY . /var/www/html"
NET = "FROM mcr.microsoft.com/dotnet/sdk:8.0; WORKDIR /a; COPY . .; RUN dotnet publish"

TRACKED = {
    "samples of logs in tests, beside logs of the server": Case(
        PYTHON,
        "app.py; tests/data/access.log = x; server.log * 9000; logs/a.log * 9000",
        "/server.log,/logs/",
        local="server.log logs",
        gone="server.log logs/a.log",
        stay="tests/data/access.log app.py",
    ),
    "one log forced in among those that git ignores": Case(
        GO,
        "main.go; testdata/access.log = x; testdata/debug.log * 90000",
        "*.log",
        local="testdata/debug.log",
        gone="testdata/debug.log",
        stay="testdata/access.log main.go",
    ),
    "headers in a tree of CMake": Case(
        "FROM gcc:13; COPY . .; RUN make",
        "CMakeLists.txt; main.c; build/CMakeCache.txt = x; build/gen/t.h = y",
        local="build/CMakeCache.txt",
        stay="build/gen/t.h main.c",
    ),
    "a folder of scripts that Go's bin has, and a program in it": Case(
        GO,
        f"go.mod; main.go; bin/lint = #!/bin/sh; bin/srv = {PROGRAM} * 90000",
        "/bin/srv",
        local="bin/srv",
        gone="bin/srv",
        stay="bin/lint",
    ),
    "vendored gems that are committed": Case(
        RUBY,
        "Gemfile; Gemfile.lock; vendor/bundle/ruby/3.3.0/gems/a/a.rb; vendor/cache/b",
        stay="vendor/bundle vendor/cache",
    ),
    "packages for offline builds of Yarn": Case(
        "FROM node:20; COPY . .; RUN yarn install --immutable",
        "package.json; yarn.lock; .yarnrc.yml; .yarn/cache/a.zip * 90000",
        stay=".yarn/cache/a.zip",
        all_stay=".yarn/cache/a.zip",
    ),
    "modules that a Go project vendors": Case(
        GO,
        "go.mod; main.go; vendor/modules.txt; vendor/example.com/a/a.go",
        stay="vendor/modules.txt vendor/example.com/a/a.go",
        all_stay="vendor/modules.txt",
    ),
    "fixtures that have the names of installed packages": Case(
        NODE,
        "package.json; package-lock.json; server.js; node_modules/a/index.js; "
        "test/fixtures/node_modules/b/index.js",
        "/node_modules",
        local="node_modules",
        gone="node_modules/a/index.js",
        stay="test/fixtures/node_modules/b/index.js",
    ),
    "the dist of an action, which is what it runs": Case(
        'FROM node:20; COPY . .; RUN npm run build; CMD ["node", "dist/index.js"]',
        "package.json; package-lock.json; dist/index.js = 1",
        stay="dist/index.js",
    ),
    "a database to start from, beside that of this machine": Case(
        NODE,
        f"package.json; server.js; seed/start.sqlite = {DATABASE} * 5000; "
        f"dev.sqlite = {DATABASE} * 5000",
        "/dev.sqlite",
        local="dev.sqlite",
        gone="dev.sqlite",
        stay="seed/start.sqlite",
        all_stay="seed/start.sqlite",
    ),
    "settings in a folder of pictures that git ignores": Case(
        "FROM python:3.12; COPY . .",
        "train.py; data/coco.yaml = a; data/images/1.jpg * 900000; "
        "data/images/2.jpg * 900000",
        "/data/images/",
        local="data/images",
        gone="data/images",
        stay="data/coco.yaml train.py",
        all_stay="data/coco.yaml",
    ),
    "settings of a site, beside passwords": Case(
        PYTHON,
        "app.py; .env = PASSWORD=hunter2hunter2; web/.env = PUBLIC_URL=.",
        "/.env",
        local=".env",
        gone=".env",
        stay="web/.env",
    ),
    "a jar that a project brings along": Case(
        JAVA,
        "pom.xml; lib/ojdbc.jar * 9000; target/classes/A.class; target/keep.txt",
        "/target/classes",
        local="target/classes",
        gone="target/classes/A.class",
        stay="target/keep.txt lib/ojdbc.jar",
    ),
    "a stray file among tests that git tracks": Case(
        PYTHON,
        "app.py; tests/test_a.py; tests/scratch.py; .DS_Store * 6000",
        local="tests/scratch.py .DS_Store",
        gone=".DS_Store",
        all_gone="tests/test_a.py tests/scratch.py",
    ),
    "a coverage report that is published, and a stray file": Case(
        NODE,
        "package.json; server.js; coverage/lcov.info = x; coverage/index.html = y; "
        "coverage/stray.html = z",
        local="coverage/stray.html",
        stay="coverage/index.html coverage/lcov.info server.js",
    ),
    "a place holder in a folder of caches": Case(
        PHP,
        "artisan; composer.json; bootstrap/cache/.gitignore = *; "
        "bootstrap/cache/packages.php * 9000",
        "/bootstrap/cache/*.php",
        local="bootstrap/cache/packages.php",
        gone="bootstrap/cache/packages.php",
        stay="bootstrap/cache/.gitignore",
    ),
    "a state of Terraform that a program embeds": Case(
        GO,
        "main.go; demo/empty.tfstate = {}; prod.tfstate * 9000",
        "prod.tfstate",
        local="prod.tfstate",
        gone="prod.tfstate",
        stay="demo/empty.tfstate",
    ),
    "a page that Go embeds with its folder, whatever git says of it": Case(
        "FROM golang:1.23; COPY . .; RUN go build -o /srv .",
        "go.mod; main.go; web/web.go = package web\\n//go:embed all:dist"
        "\\nvar d embed.FS; web/dist/index.html; web/package.json; old.log * 900",
        "dist,*.log",
        local="web/dist old.log",
        gone="old.log",
        stay="web/dist/index.html",
        all_stay="web/dist/index.html",
    ),
    "libraries that come with the sources": Case(
        "FROM gcc:13; COPY . .; RUN make",
        f"main.c; sdk/libfoo.so = {PROGRAM} * 9000; libapp.so = {PROGRAM} * 9000",
        "/libapp.so",
        local="libapp.so",
        gone="libapp.so",
        stay="sdk/libfoo.so",
        all_stay="sdk/libfoo.so",
    ),
    "a crate whose folder is called target": Case(
        RUST,
        "Cargo.toml; target/mod.rs = x; src/main.rs",
        stay="target/mod.rs src/main.rs",
        all_stay="target/mod.rs",
    ),
    "publish profiles of .NET in a folder called publish": Case(
        NET,
        "App.csproj; publish/profile.xml = x; obj/project.assets.json * 9000",
        "obj/",
        local="obj",
        gone="obj/project.assets.json",
        stay="publish/profile.xml App.csproj",
    ),
}

HISTORY = ".git/objects/pack/p.pack * 9000"
SCM = 'pyproject.toml = [build-system]\\nrequires = ["setuptools_scm"]'
INSTALLED = "FROM python:3.12; WORKDIR /app; COPY . .; RUN pip install ."
VERSIONED = {
    "files of Docker, CI and editors": Case(
        INSTALLED,
        f"{SCM}; a/a.py; .github/ci.yml * 900; .vscode/s.json * 900; {HISTORY}; "
        "compose.yml = services:; logs/a.log * 9000",
        local="logs .git",
        gone="logs",
        stay="Dockerfile .github .vscode compose.yml .git a/a.py .dockerignore",
        all_gone="Dockerfile .github .vscode compose.yml",
        no_lines=".dockerignore",
    ),
    "of those, what git ignores": Case(
        INSTALLED,
        f"{SCM}; a/a.py; .idea/a.xml * 900; {HISTORY}",
        ".idea/",
        local=".idea .git",
        gone=".idea",
        stay="Dockerfile",
    ),
    "a commit alone is asked for": Case(
        "FROM node:22; WORKDIR /a; COPY . .; RUN git rev-parse HEAD > v",
        f"a.js; .github/ci.yml * 900; {HISTORY}",
        local=".git",
        gone="Dockerfile .github",
        stay=".git",
    ),
    "what no COPY takes is missing in any case": Case(
        "FROM golang:1; WORKDIR /a; COPY .git .git; COPY src src; "
        "RUN git describe --dirty > v",
        f"src/a.go; .github/ci.yml * 900; {HISTORY}",
        local=".git",
        gone="Dockerfile .github",
        stay="src .git",
    ),
}

OWN_FILES = {
    "files about building, running and editing": Case(
        NODE,
        "package.json; package-lock.json; server.js; docker-compose.yml = services:; "
        "docker-bake.hcl = target; .github/workflows/ci.yml; .gitlab-ci.yml; "
        "renovate.json; .devcontainer/devcontainer.json; .vscode/settings.json; "
        ".idea/misc.xml",
        gone="Dockerfile docker-compose.yml docker-bake.hcl .github .gitlab-ci.yml "
        "renovate.json .devcontainer .vscode .idea",
        stay="server.js package.json package-lock.json",
    ),
    "settings of one person among those that git tracks": Case(
        PYTHON,
        "app.py; .vscode/settings.json; .vscode/mine.json",
        local=".vscode/mine.json",
        gone=".vscode",
        stay="app.py",
    ),
    "Dockerfiles of several images": Case(
        GO,
        "main.go; Dockerfile.dev = FROM a; cmd/b/Dockerfile = FROM b; "
        "Dockerfile-debug = FROM c",
        gone="Dockerfile Dockerfile.dev cmd/b/Dockerfile Dockerfile-debug",
        stay="main.go",
        lines="**/Dockerfile*",
        later="cmd/d/Dockerfile.arm = FROM d",
    ),
    "templates of a generator in Python": Case(
        "FROM python:3.12; COPY . .; RUN pip install .",
        "pyproject.toml; src/gen/__init__.py; src/gen/templates/Dockerfile = FROM a; "
        "src/gen/data/compose.yml = services:",
        gone="Dockerfile",
        stay="src/gen/templates/Dockerfile src/gen/data/compose.yml",
        all_stay="src/gen/templates/Dockerfile src/gen/data/compose.yml",
    ),
    "templates of a generator in JavaScript": Case(
        NODE,
        "package.json; server.js; template-react/Dockerfile = FROM a; "
        "templates/vue/.vscode/extensions.json; templates/vue/docker-compose.yml = "
        "services:",
        gone="Dockerfile",
        stay="template-react/Dockerfile templates/vue/.vscode/extensions.json "
        "templates/vue/docker-compose.yml",
    ),
    "a scaffold of Rails and a fixture of Go": Case(
        GO,
        "main.go; internal/scaffold/files/Dockerfile = FROM a; "
        "pkg/testdata/Dockerfile = FROM b; pkg/testdata/.dockerignore = x",
        gone="Dockerfile",
        stay="internal/scaffold/files/Dockerfile pkg/testdata/Dockerfile "
        "pkg/testdata/.dockerignore",
    ),
    "a stack that the entry point starts": Case(
        'FROM docker:27-cli; COPY . /s; WORKDIR /s; ENTRYPOINT ["docker", "compose", '
        '"up"]',
        "docker-compose.yml = services:; .github/workflows/a.yml",
        gone=".github",
        stay="docker-compose.yml",
    ),
    "a compose file by its name": Case(
        'FROM docker:27-cli; COPY . /s; CMD ["docker-compose", "-f", "/s/compose.yml"]',
        "compose.yml = services:; .circleci/config.yml",
        gone=".circleci",
        stay="compose.yml",
    ),
    "a Dockerfile that RUN builds": Case(
        "FROM docker:27-cli; COPY . /s; RUN docker build -f /s/Dockerfile.inner /s",
        "Dockerfile.inner = FROM a; .travis.yml",
        gone=".travis.yml",
        stay="Dockerfile.inner",
    ),
    "a Dockerfile that a source names": Case(
        "FROM a; COPY . .; COPY Dockerfile.run /run/",
        "Dockerfile.run = FROM b; .github/a.yml",
        gone="Dockerfile .github",
        stay="Dockerfile.run",
    ),
    "a Dockerfile that Go embeds": Case(
        GO,
        "go.mod; main.go; internal/box/box.go = package box\\n//go:embed Dockerfile"
        "\\nvar a string; internal/box/Dockerfile = FROM a",
        gone="Dockerfile",
        stay="internal/box/Dockerfile",
        all_stay="internal/box/Dockerfile",
    ),
    "a compose file that Rust includes": Case(
        RUST,
        'Cargo.toml; src/main.rs = const A: &str = include_str!("../compose.yml"); '
        "compose.yml = services:",
        gone="Dockerfile",
        stay="compose.yml src/main.rs",
    ),
    "a parser of Dockerfiles": Case(
        JAVA,
        "pom.xml; src/DockerfileParser.java = class; Dockerfile.md = words",
        gone="Dockerfile",
        stay="src/DockerfileParser.java Dockerfile.md",
    ),
}


@pytest.mark.parametrize("case", TRACKED.values(), ids=TRACKED)
@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
def test_what_git_tracks_stays(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    if include_ask and not (case.all_gone or case.all_stay):
        return
    assert check(case, tmp_path, include_ask=include_ask) == []


@pytest.mark.parametrize("case", OWN_FILES.values(), ids=OWN_FILES)
def test_files_about_building_and_editing_go_although_tracked(
    case: Case, tmp_path: Path
) -> None:
    assert check(case, tmp_path) == []


@pytest.mark.parametrize("case", VERSIONED.values(), ids=VERSIONED)
def test_a_version_is_not_made_dirty(case: Case, tmp_path: Path) -> None:
    """Asked of git: `git describe --dirty` of what is left says nothing of dirt."""
    assert check(case, tmp_path) == []


def test_who_says_yes_may_have_it_dirty(tmp_path: Path) -> None:
    (case, *_) = VERSIONED.values()
    assert check(case._replace(stay="", no_lines=""), tmp_path, include_ask=True) == []
