"""Whether what a build runs in some folder reads `.git` of the context."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import GOES, STAYS, outcome, scanned
from tests.pipeline.test_history import ALL, DESCRIBE, GIT, GO, Row

CLONE = f"FROM a\n{ALL}RUN git clone https://x/y.git"
READ = (
    Row("git, and a clone elsewhere", f"{CLONE} /y && git describe\n", GO),
    Row(
        "git in a folder of mkdir, and a clone elsewhere",
        f"{CLONE} /y && mkdir b && cd b && git describe\n",
    ),
    Row(
        "git in a folder of WORKDIR, and a clone elsewhere",
        f"{CLONE} /y\nWORKDIR /a/b\nRUN git describe && git clone z /z\n",
    ),
    Row(
        "git in a folder of mkdir, beside a clone of any name",
        f"FROM a\nARG U\n{ALL}RUN git clone $U && mkdir b && cd b && git describe\n",
    ),
    Row(
        "git in a folder that a test makes a repository",
        f"FROM a\n{ALL}RUN mkdir b; [ $X ] && git init b; cd b; git describe\n",
    ),
    Row(
        "git where the image begins, and a clone elsewhere",
        "FROM b\nCOPY . /a\nRUN git clone u /y && git describe\n",
    ),
    Row("git in a repository begun anew", f"FROM a\n{ALL}RUN git init && git log\n"),
)
AWAY = f"FROM a\n{ALL}WORKDIR /\n"
TOP = "ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))"
CALLED = (
    Row(
        "a script that goes where it lies",
        f"{AWAY}RUN a/s/b.sh\n",
        {"s/b.sh": '#!/bin/sh\ncd "$(dirname "$0")/.."\nV=$(git describe)\n'},
    ),
    Row(
        "a script that asks git where it lies",
        f"{AWAY}RUN bash a/s/b.sh\n",
        {"s/b.sh": 'D=${BASH_SOURCE[0]%/*}\nV=$(git -C "$D" describe)\n'},
    ),
    Row(
        "a script that is read in by one beside it",
        f"{AWAY}RUN a/s/b.sh\n",
        {
            "s/b.sh": '#!/bin/sh\n. "$(dirname "$0")/v.sh"\n',
            "s/v.sh": "cd /a; V=$(git describe)\n",
        },
    ),
    Row(
        "a makefile that goes where it lies",
        f"{AWAY}RUN make -f a/Makefile\n",
        {"Makefile": f"{TOP}\nall:\n\tcd $(ROOT) && git describe\n"},
    ),
    Row(
        "a makefile by a long option",
        f"FROM a\n{ALL}RUN make --file=m/x.mk\n",
        {"m/x.mk": "all:\n\tgit describe\n"},
    ),
    Row(
        "a makefile in a folder",
        f"FROM a\n{ALL}RUN make -Cm\n",
        {"m/Makefile": "all:\n\tgit describe\n"},
    ),
    Row(
        "make that make runs",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": "all:\n\t@$(MAKE) -C m v\n", "m/Makefile": "v:\n\tgit log\n"},
    ),
    Row(
        "a variable of a makefile",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": "GIT ?= git\nV = $(GIT) describe\nall:\n\tx $$($(V))\n"},
    ),
    Row(
        "the shell function in a recipe",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": "all:\n\tx $(shell git describe)\n"},
    ),
    Row(
        "makefiles that include all beside them, each once",
        f"FROM a\n{ALL}RUN make\n",
        {
            "Makefile": "include m/*.mk\nall:\n\tx\n",
            **{f"m/{n}.mk": "include *.mk\n" for n in range(20)},
            "m/v.mk": DESCRIBE,
        },
    ),
    Row(
        "makefiles of a folder that are included",
        f"FROM a\n{ALL}RUN make\n",
        {"Makefile": "include $(CURDIR)/m/*.mk\nall:\n\tx\n", "m/v.mk": DESCRIBE},
    ),
    Row(
        "a folder that nobody can tell",
        f"FROM a\nARG D\n{ALL}RUN /a/b.sh\n",
        {"b.sh": "#!/bin/sh\ncd /$D\nV=$(git describe)\n"},
    ),
)
SET = (
    Row(
        "a folder that ENV sets and an argument hides below",
        "FROM a AS b\nENV D=/a\nARG D=/b\nFROM b\nCOPY . /a\nRUN sh /a/b.sh\n",
        {"b.sh": "cd $D; V=$(git describe)\n"},
    ),
    Row(
        "a folder of an argument for all stages",
        "ARG D=/a\nFROM a\nARG D\nCOPY . /a\nWORKDIR /\nRUN sh a/b.sh\n",
        {"b.sh": "cd $D; V=$(git describe)\n"},
    ),
)
UNCALLED = (
    Row(
        "a script that goes elsewhere",
        f"{AWAY}RUN a/s/b.sh\n",
        {"s/b.sh": '#!/bin/sh\ncd "$(dirname "$0")/.."\ngo build\n'},
    ),
    Row(
        "a target that make does not run",
        f"FROM a\n{ALL}RUN make -C m\n",
        {"m/Makefile": "all:\n\tx\n\nv:\n\tgit describe\n"},
    ),
)
SCM = '[build-system]\nrequires = ["setuptools_scm>=8"]\n'
VERGEN = {"lib/build.rs": "use vergen::EmitBuilder;\n"}
IN_LIB = {"lib/L.csproj": '<PackageReference Include="GitVersion.MsBuild" />\n'}
IN_APP = f"FROM a\n{ALL}WORKDIR /a/app\n"
CORE = {"libs/core/pyproject.toml": SCM}
RELATED = (
    Row(
        "a crate that another one names by its path",
        f"{IN_APP}RUN cargo build\n",
        {**VERGEN, "app/Cargo.toml": 'lib = { path = "../lib" }\n'},
    ),
    Row(
        "a crate that the workspace names for all",
        f"{IN_APP}RUN cargo build\n",
        {
            **VERGEN,
            "Cargo.toml": 'lib = { path = "lib" }\n',
            "app/Cargo.toml": "lib.workspace = true\n",
        },
    ),
    Row(
        "a crate behind another one",
        f"{IN_APP}RUN cargo build\n",
        {
            **VERGEN,
            "app/Cargo.toml": 'mid = { path = "../mid" }\n',
            "mid/Cargo.toml": 'lib = { path = "../lib" }\n',
        },
    ),
    Row(
        "a project of .NET that another one refers to",
        f"{IN_APP}RUN dotnet publish\n",
        {**IN_LIB, "app/A.csproj": '<P Include="..\\lib\\L.csproj" />\n'},
    ),
    Row(
        "properties that a project of .NET imports",
        f"{IN_APP}RUN dotnet publish\n",
        {
            "app/A.csproj": '<Import Project="..\\build\\v.props" />\n',
            "build/v.props": '<PackageReference Include="MinVer" />\n',
        },
    ),
    Row(
        "a project of Gradle that the settings include",
        f"{IN_APP}RUN gradle build\n",
        {
            "settings.gradle": "include ':app', ':libs:l'\n",
            "libs/l/build.gradle": "id 'com.palantir.git-version'\n",
        },
    ),
    Row(
        "a build of Gradle that another one includes",
        f"{IN_APP}RUN gradle build\n",
        {
            "app/settings.gradle": "includeBuild '../logic'\n",
            "logic/build.gradle": "implementation 'com.gorylenko:x'\n",
        },
    ),
    Row(
        "a member of a workspace of uv",
        f"FROM a\n{ALL}RUN uv sync\n",
        {**CORE, "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n'},
    ),
    Row(
        "what a project depends on that itself is not installed",
        f"FROM a\n{ALL}RUN poetry install --no-root\n",
        {**CORE, "pyproject.toml": 'core = { path = "libs/core" }\n'},
    ),
    Row(
        "a project by its address",
        f"FROM a\n{ALL}RUN pip install .\n",
        {**CORE, "pyproject.toml": 'x = ["core @ file:///a/libs/core"]\n'},
    ),
    Row(
        "a project that requirements of requirements name",
        f"FROM a\n{ALL}RUN pip install -rr/a.txt\n",
        {**CORE, "r/a.txt": "-r b.txt\n", "r/b.txt": "-e ./libs/core\n"},
    ),
    Row(
        "all projects of a folder",
        f"FROM a\n{ALL}RUN for d in libs/*; do pip install ./$d; done\n",
        CORE,
    ),
    Row(
        "a project as a word", f"FROM a\n{ALL}RUN cd libs; python -m build core\n", CORE
    ),
    Row(
        "a gem that a Gemfile names by its path",
        f"{IN_APP}RUN bundle install\n",
        {"app/Gemfile": "gem 'b', path: '../b'\n", "b/b.gemspec": "`git ls-files`\n"},
    ),
    Row(
        "an application of an umbrella",
        f"{IN_APP}RUN mix compile\n",
        {
            "app/mix.exs": "{:b, in_umbrella: true}\n",
            "b/mix.exs": 'System.cmd("git", ["describe"])\n',
        },
    ),
    Row(
        "what go generate runs",
        f"FROM a\n{ALL}RUN go generate ./...\n",
        {"v/v.go": 'package v\n\n//go:generate sh -c "git describe > v.txt"\n'},
    ),
)
UNRELATED = (
    Row(
        "a crate beside the one that is built",
        f"{IN_APP}RUN cargo build\n",
        {**VERGEN, "app/Cargo.toml": "[dependencies]\n"},
    ),
    Row(
        "a project of .NET beside the one that is built",
        f"{IN_APP}RUN dotnet publish\n",
        {**IN_LIB, "app/A.csproj": "<Project />\n"},
    ),
    Row(
        "a member of a workspace that is left out",
        f"FROM a\n{ALL}RUN uv sync --no-install-workspace\n",
        {**CORE, "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n'},
    ),
    Row(
        "a project beside the one that is installed",
        f"FROM a\n{ALL}RUN pip install ./svc\n",
        {**CORE, "svc/pyproject.toml": "[project]\n"},
    ),
)
NOT_READ = (
    Row("git in a clone by its name", f"{CLONE} && cd y && git checkout v1\n"),
    Row(
        "git in a clone of any name",
        f"FROM a\nARG U\n{ALL}RUN git clone $U && cd y && git checkout v1\n",
    ),
    Row(
        "git in a clone with options",
        f"FROM a\n{ALL}RUN git clone --depth 1 -b v1 u lib && git -C lib log\n",
    ),
    Row(
        "git in a clone of the same branch",
        f"FROM a\n{ALL}RUN if [ $X ]; then git clone u b; cd b; git checkout v1; fi\n",
    ),
    Row(
        "git in a clone where the image begins",
        "FROM b\nCOPY . /a\nRUN git clone u/y && cd y && git describe\n",
    ),
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        *(
            pytest.param(one, STAYS, id=f"{one.id} reads it")
            for one in (*READ, *CALLED, *SET, *RELATED)
        ),
        *(
            pytest.param(one, GOES, id=f"{one.id} reads nothing")
            for one in (*NOT_READ, *UNCALLED, *UNRELATED)
        ),
    ],
)
def test_the_history_is_judged_by_the_folders_of_commands(
    row: Row, expected: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, {**GIT, **row.files}, row.dockerfile)
    said = [one.why for one in report.held_back]
    assert outcome(report, ".git") == expected, said
