"""Where `.git` stays, as the build reads it, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pipeline.test_commands import GOES, STAYS, outcome, scanned

GIT = {".git/HEAD": "ref: refs/heads/main\n", ".git/objects/x": "y" * 90}
ALL = "WORKDIR /a\nCOPY . .\n"
SCM = '[build-system]\nrequires = ["setuptools_scm>=8"]\n[project]\nname = "x"\n'
DESCRIBE = "VERSION := $(shell git describe --tags)\n\n"
GO = {"go.mod": "module x\n", "main.go": "package main\n"}


class Row(NamedTuple):
    """A build, and what is to become of the history."""

    id: str
    dockerfile: str
    files: Mapping[str, str] = {}


READ = (
    Row("a command of git", f"FROM a\n{ALL}RUN git describe > version\n"),
    Row(
        "one inside another command", f'FROM a\n{ALL}RUN x -v "$(git rev-parse HEAD)"\n'
    ),
    Row("one in backticks", f"FROM a\n{ALL}RUN x -v `git rev-parse HEAD`\n"),
    Row("one in a heredoc", f"FROM a\n{ALL}RUN <<EOF\nset -e\ngit log -1\nEOF\n"),
    Row("one behind -C", f"FROM a\n{ALL}WORKDIR /\nRUN git -C /a describe\n"),
    Row("one as an exec form", f'FROM a\n{ALL}RUN ["git", "describe"]\n'),
    Row("a file of the history", f"FROM a\n{ALL}RUN cat .git/HEAD > version\n"),
    Row(
        "a bind mount of the history",
        "FROM a\nWORKDIR /a\nRUN --mount=type=bind,source=.git,target=.git "
        "git describe\nCOPY . .\n",
    ),
    Row(
        "a script that a RUN calls",
        f"FROM a\n{ALL}RUN ./b.sh\n",
        {"b.sh": "#!/bin/sh\nV=$(git describe)\n"},
    ),
    Row(
        "a script of Python that a RUN calls",
        f"FROM a\n{ALL}RUN python v.py\n",
        {"v.py": "import subprocess\nsubprocess.run(['git', 'describe'])\n"},
    ),
    Row(
        "a makefile that a RUN calls",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": f"{DESCRIBE}all:\n\tgo build\n"},
    ),
    Row(
        "the target of a makefile that a RUN calls",
        f"FROM a\n{ALL}RUN make -C x b\n",
        {"x/Makefile": "a:\n\techo\n\nb: c\n\nc:\n\tgit describe\n"},
    ),
    Row(
        "a makefile that another one includes",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": "include v.mk\n\nall:\n\tgo build\n", "v.mk": DESCRIBE},
    ),
    Row(
        "the recipe of a justfile",
        f"FROM a\n{ALL}RUN just build\n",
        {"justfile": "lint:\n  x\n\nbuild: v\n  go build\n\nv:\n  git describe\n"},
    ),
    Row(
        "a task of a Taskfile",
        f"FROM a\n{ALL}RUN task build\n",
        {"Taskfile.yml": "tasks:\n  build:\n    cmds:\n      - git describe\n"},
    ),
    Row(
        "a script of a package",
        f"FROM node\n{ALL}RUN npm run build\n",
        {"package.json": '{"scripts": {"prebuild": "git log > v", "build": "x"}}'},
    ),
    Row(
        "settings of next",
        f"FROM node\n{ALL}RUN npx next build\n",
        {"next.config.mjs": "execSync('git rev-parse HEAD')\n"},
    ),
    Row(
        "settings of a site that tells when a page was changed",
        f"FROM node\n{ALL}RUN npm run build\n",
        {"package.json": "{}", "docusaurus.config.js": "showLastUpdateTime: true\n"},
    ),
    Row(
        "a plugin of mkdocs",
        f"FROM python\n{ALL}RUN mkdocs build\n",
        {"mkdocs.yml": "plugins:\n  - git-revision-date-localized\n"},
    ),
    Row(
        "a build script of a crate",
        f"FROM rust\n{ALL}RUN cargo build --release\n",
        {"crates/v/build.rs": "use vergen::EmitBuilder;\n"},
    ),
    Row(
        "a gemspec that Bundler evaluates",
        f"FROM ruby\n{ALL}RUN bundle install\n",
        {"lib/x.gemspec": "s.files = `git ls-files`.split\n"},
    ),
    Row(
        "a project of .NET with MinVer",
        f"FROM sdk\n{ALL}RUN dotnet publish src/A\n",
        {"src/A/A.csproj": '<PackageReference Include="MinVer" />\n'},
    ),
    Row(
        "properties of .NET with Nerdbank",
        f"FROM sdk\n{ALL}RUN dotnet build\n",
        {"Directory.Build.props": '<P Include="Nerdbank.GitVersioning" />\n'},
    ),
    Row(
        "cmake",
        f"FROM gcc\n{ALL}RUN cmake -S . -B /b\n",
        {"cmake/v.cmake": "execute_process(COMMAND git describe)\n"},
    ),
    Row(
        "a plugin of Maven",
        f"FROM maven\n{ALL}RUN mvn -f api/pom.xml package\n",
        {"api/pom.xml": "<artifactId>git-commit-id-maven-plugin</artifactId>\n"},
    ),
    Row(
        "a plugin of Gradle",
        f"FROM gradle\n{ALL}RUN ./gradlew build\n",
        {
            "build.gradle.kts": 'id("com.palantir.git-version")\n',
            "gradlew": "#!/bin/sh\n",
        },
    ),
    Row(
        "a project of Python in a folder",
        f"FROM python\n{ALL}RUN cd svc && pip install -e .\n",
        {"svc/pyproject.toml": SCM},
    ),
    Row(
        "a project that a file of requirements names",
        f"FROM python\n{ALL}RUN pip install -r requirements.txt\n",
        {"pyproject.toml": SCM, "requirements.txt": "flask\n-e .\n"},
    ),
    Row("uv sync", f"FROM python\n{ALL}RUN uv sync\n", {"pyproject.toml": SCM}),
    Row("goreleaser", f"FROM go\n{ALL}RUN goreleaser build --snapshot\n", GO),
    Row("git for another user", f"FROM a\n{ALL}RUN sudo -u app git describe\n"),
    Row("pre-commit", f"FROM a\n{ALL}RUN pre-commit run --all-files\n"),
    Row(
        "a shell that reads a file of it",
        f"FROM a\n{ALL}RUN ./v.sh\n",
        {"v.sh": "read x < .git/HEAD\n"},
    ),
    Row(
        "a library of Python",
        f"FROM a\n{ALL}RUN python v.py\n",
        {"v.py": "import git\nx = git.Repo('.').head\n"},
    ),
    Row(
        "a script of Perl",
        f"FROM a\n{ALL}RUN ./v.pl\n",
        {"v.pl": "#!/usr/bin/perl\nmy $v = qx(git describe);\n"},
    ),
    Row(
        "a program as a word",
        f"FROM a\n{ALL}RUN python -c \"import os; os.system('git describe')\"\n",
    ),
    Row(
        "a program in a heredoc",
        f"FROM a\n{ALL}RUN python3 <<E\nimport os\nos.system('git log')\nE\n",
    ),
    Row("a tool of a version", f"FROM a\n{ALL}RUN npx -y semantic-release@24\n"),
    Row("a tool that go fetches", f"FROM a\n{ALL}RUN go run x/goreleaser@v2 build\n"),
    Row("go that is to stamp", f"FROM go\n{ALL}RUN go build -buildvcs=true .\n", GO),
    Row(
        "a script that cannot be read, where a manifest asks",
        f"FROM python\n{ALL}RUN ./build\n",
        {"pyproject.toml": SCM},
    ),
)

NOT_READ = (
    Row("git clone of another repository", f"FROM a\n{ALL}RUN git clone u /b\n"),
    Row(
        "a clone that is gone into",
        f"FROM a\n{ALL}RUN git clone u /b && cd /b && git checkout v1\n",
    ),
    Row(
        "a clone below the context",
        f"FROM a\n{ALL}RUN git clone u lib && cd lib && git checkout v1\n",
    ),
    Row("settings of git for all", f"FROM a\n{ALL}RUN git config --global a.b c\n"),
    Row("a tool that is installed", f"FROM a\n{ALL}RUN pip install pre-commit dvc\n"),
    Row("git's version", f"FROM a\n{ALL}RUN git --version\n"),
    Row("git as a package", f"FROM a\nRUN apt-get install -y git\n{ALL}"),
    Row("a folder that is deleted", f"FROM a\n{ALL}RUN rm -rf .git /a/.git\n"),
    Row("a folder that find deletes", f"FROM a\n{ALL}RUN find / -name .git -delete\n"),
    Row(
        "a stage that gets no history",
        f"FROM a AS b\nWORKDIR /b\nCOPY go.mod .\nRUN git describe\nFROM a\n{ALL}",
        GO,
    ),
    Row(
        "a makefile that no RUN calls",
        f"FROM a\n{ALL}RUN go build\n",
        {"Makefile": f"{DESCRIBE}all:\n\tgo build\n"},
    ),
    Row(
        "a target of a makefile that no RUN calls",
        f"FROM a\n{ALL}RUN make build\n",
        {"Makefile": "build:\n\tgo build\n\nrelease:\n\tgit describe\n"},
    ),
    Row(
        "a recipe of a justfile that no RUN calls",
        f"FROM a\n{ALL}RUN just\n",
        {"justfile": "build:\n  go build\n\nrelease:\n  git tag x\n"},
    ),
    Row(
        "a script of a package that nobody runs",
        f"FROM node\n{ALL}RUN npm run build\n",
        {"package.json": '{"scripts": {"release": "git tag x", "build": "x"}}'},
    ),
    Row(
        "settings of vite where nothing is built",
        f'FROM node\n{ALL}RUN npm ci\nCMD ["x"]\n',
        {"package.json": "{}", "vite.config.ts": "execSync('git rev-parse HEAD')\n"},
    ),
    Row(
        "a project of Python of which only the requirements are installed",
        f"FROM python\n{ALL}RUN pip install -r requirements.txt\n",
        {"pyproject.toml": SCM, "requirements.txt": "flask\n"},
    ),
    Row(
        "a project of Python that poetry does not install",
        f"FROM python\n{ALL}RUN poetry install --no-root\n",
        {"pyproject.toml": SCM},
    ),
    Row(
        "a project of Python beside the one that is built",
        f"FROM python\n{ALL}RUN pip install ./svc\n",
        {"tools/pyproject.toml": SCM, "svc/pyproject.toml": "[project]\n"},
    ),
    Row(
        "a build script of Rust where go builds",
        f"FROM go\n{ALL}RUN go build\n",
        {"native/build.rs": "use vergen::EmitBuilder;\n", **GO},
    ),
    Row(
        "goreleaser that nobody runs",
        f"FROM go\n{ALL}RUN go build\n",
        {".goreleaser.yml": "builds:\n- main: .\n", **GO},
    ),
    Row("go that is not to stamp", f"FROM go\n{ALL}RUN go build -buildvcs=false\n", GO),
    Row(
        "GitVersion.yml, which a pipeline reads",
        f"FROM sdk\n{ALL}RUN dotnet publish\n",
        {"GitVersion.yml": "mode: Mainline\n", "A.csproj": "<Project />\n"},
    ),
    Row(
        "a comment",
        f"FROM rust\n{ALL}RUN cargo build\n",
        {"build.rs": "// as git describe would say\nfn main() {}\n"},
    ),
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        *(pytest.param(one, STAYS, id=f"{one.id} reads it") for one in READ),
        *(pytest.param(one, GOES, id=f"{one.id} reads nothing") for one in NOT_READ),
    ],
)
def test_the_history_is_judged_by_what_the_build_runs(
    row: Row, expected: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, {**GIT, **row.files}, row.dockerfile)
    said = [one.why for one in report.held_back]
    assert outcome(report, ".git") == expected, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN git describe", STAYS, id="another Dockerfile asks git"),
        pytest.param("RUN make", STAYS, id="another Dockerfile calls the makefile"),
        pytest.param("RUN make other", GOES, id="another Dockerfile calls a target"),
        pytest.param(
            "RUN git clone u /b && cd /b && git checkout v1",
            GOES,
            id="another Dockerfile fetches another repository",
        ),
    ],
)
def test_other_dockerfiles_count(text: str, expected: str, tmp_path: Path) -> None:
    files = {
        **GIT,
        "Makefile": "all:\n\tgit describe\n\nother:\n\techo\n",
        "Dockerfile.dev": f"FROM a\n{ALL}{text}\n",
    }
    report = scanned(tmp_path, files, f"FROM a\n{ALL}")
    assert outcome(report, ".git") == expected, [one.why for one in report.held_back]
