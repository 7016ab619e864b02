"""What make reads beside its first file, and recipes with another prefix."""

from __future__ import annotations

from pathlib import Path

from tests.followed import NODE, TEXT, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row

ROWS = (
    git(
        "recipes begin with another sign",
        STAYS,
        {"Makefile": ".RECIPEPREFIX = >\nb:\n>git describe > v\n"},
        "node",
        "RUN make b",
    ),
    git(
        "recipes begin with a sign that is a mark elsewhere, too",
        STAYS,
        {"Makefile": ".RECIPEPREFIX := +\nb: c\n\nc:\n+@git describe > v\n"},
        "node",
        "RUN make b",
    ),
    git(
        "make reads two makefiles that it is told of",
        STAYS,
        {"a.mk": "a:\n\techo\n", "b.mk": "b:\n\tgit describe > v\n"},
        "node",
        "RUN make -f a.mk -f b.mk b",
    ),
    git(
        "make reads a makefile that ENV names",
        STAYS,
        {"Makefile": "a:\n\techo\n", "b.mk": "V := $(shell git describe)\n"},
        "node",
        "ENV MAKEFILES=/a/b.mk",
        "RUN make",
    ),
    git(
        "make reads a makefile that stands in front of it",
        STAYS,
        {"Makefile": "a:\n\techo\n", "b.mk": "V := $(shell git describe)\n"},
        "node",
        "RUN MAKEFILES=b.mk make",
    ),
    git(
        "an included makefile runs a shell",
        STAYS,
        {
            "Makefile": "include mk/*.mk\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "a variable leads to an included makefile",
        STAYS,
        {
            "Makefile": "D = mk\ninclude $(D)/b.mk\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "wildcard leads to an included makefile",
        STAYS,
        {
            "Makefile": "include $(wildcard mk/*.mk)\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "a makefile includes one that may be missing",
        STAYS,
        {
            "Makefile": "sinclude b.mk\na:\n\techo $(V)\n",
            "b.mk": "V := $(shell git describe)\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "make is sent to a folder by a long option",
        STAYS,
        {"sub/Makefile": "a:\n\tgit describe\n"},
        "node",
        "RUN make --directory=sub",
    ),
    git(
        "make is sent to a folder without a blank",
        STAYS,
        {"sub/Makefile": "a:\n\tgit describe\n"},
        "node",
        "RUN make -Csub",
    ),
    git(
        "make starts make in a folder",
        STAYS,
        {
            "Makefile": "a:\n\t$(MAKE) -C sub b\n",
            "sub/Makefile": "b:\n\tgit describe\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "a loop starts make in folders",
        STAYS,
        {
            "Makefile": "S=sub\na:\n\tfor d in $(S); do $(MAKE) -C $$d; done\n",
            "sub/Makefile": "b:\n\tgit describe\n",
        },
        "node",
        "RUN make",
    ),
    git(
        "a rule with a pattern is run",
        STAYS,
        {"Makefile": "build-%:\n\tgit describe > $*\n"},
        "node",
        "RUN make build-x",
    ),
    git(
        "what a target needs without its order counting is made",
        STAYS,
        {"Makefile": "a: | v\n\techo\nv:\n\tgit describe\n"},
        "node",
        "RUN make a",
    ),
    git(
        "a variable names a target",
        STAYS,
        {"Makefile": "G := v\na: $(G)\n\techo\n$(G):\n\tgit describe\n"},
        "node",
        "RUN make a",
    ),
    git(
        "a line that exports a variable for a target is no rule",
        STAYS,
        {"Makefile": "a: export X=1\na: v\n\techo\nv:\n\tgit describe\n"},
        "node",
        "RUN make a",
    ),
    git(
        "a line that sets a variable for a target is no rule",
        STAYS,
        {"Makefile": "a: FOO=bar\na: v\nv:\n\tgit describe\n"},
        "node",
        "RUN make a",
    ),
    git(
        "all of a recipe may be one shell",
        STAYS,
        {"Makefile": ".ONESHELL:\na:\n\tcd /a\n\tgit describe\n"},
        "node",
        "RUN make a",
    ),
    git(
        "a variable stands for git",
        STAYS,
        {"Makefile": "GIT ?= git\nV = $(shell $(GIT) describe)\na:\n\techo\n"},
        "node",
        "RUN make a",
    ),
    git(
        "cmake runs what its lists execute",
        STAYS,
        {
            "CMakeLists.txt": "include(cmake/v.cmake)\n",
            "cmake/v.cmake": "execute_process(COMMAND git describe)\n",
        },
        "node",
        "RUN cmake -S . -B b && cmake --build b",
    ),
    Row(
        "a makefile that make is told of second reads a file",
        STAYS,
        "README.md",
        {
            "a.mk": "a:\n\techo\n",
            "b.mk": "b:\n\tcat README.md > v\n",
            "README.md": TEXT,
        },
        copied("node", "RUN make -f a.mk -f b.mk b"),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


def packages(said: str, expected: str, files: dict[str, str], *lines: str) -> Row:
    """What is to become of packages that an image starts, where make may install."""
    dockerfile = copied("node", *lines, "CMD node server.js")
    return Row(said, expected, "node_modules", {**NODE, **files}, dockerfile)


CI = "\tnpm ci\n"
STAMP = {"stamp": "1", "Makefile": f"stamp: package.json\n{CI}\ttouch $@\n"}
FOLDER = {"deps/x": "1"}
BARRED = (
    packages("a stamp is there, and may be new enough", ASKED, STAMP, "RUN make"),
    packages(
        "a stamp is not there",
        GOES,
        {"Makefile": STAMP["Makefile"]},
        "RUN make",
    ),
    packages(
        "what needs a stamp is none itself",
        ASKED,
        {**STAMP, "Makefile": f".PHONY: a\na: stamp\n{STAMP['Makefile']}"},
        "RUN make a",
    ),
    packages(
        "a folder has the name of a target",
        ASKED,
        {**FOLDER, "Makefile": f"deps:\n{CI}"},
        "RUN make deps",
    ),
    packages(
        "a folder has the name of a target that is phony",
        GOES,
        {**FOLDER, "Makefile": f".PHONY: deps\ndeps:\n{CI}"},
        "RUN make deps",
    ),
    packages(
        "a target needs what is phony",
        GOES,
        {**FOLDER, "Makefile": f".PHONY: c\ndeps: c\n{CI}c:\n\techo\n"},
        "RUN make deps",
    ),
    packages(
        "a target needs what is never there",
        GOES,
        {**FOLDER, "Makefile": f"deps: FORCE\n{CI}FORCE:\n"},
        "RUN make deps",
    ),
    packages(
        "a target is only to be made behind what is phony",
        ASKED,
        {**FOLDER, "Makefile": f".PHONY: c\ndeps: | c\n{CI}c:\n\techo\n"},
        "RUN make deps",
    ),
    packages(
        "make is told to make all",
        GOES,
        {**FOLDER, "Makefile": f"deps:\n{CI}"},
        "RUN make -B deps",
    ),
    packages(
        "make is told to run nothing",
        ASKED,
        {"Makefile": f"deps:\n{CI}"},
        "RUN make -n deps",
    ),
    packages(
        "nobody knows which file a target is",
        ASKED,
        {"Makefile": f"all: $(X)/a\n$(X)/a:\n{CI}"},
        "RUN make",
    ),
    packages(
        "the packages are the target themselves",
        GOES,
        {"Makefile": f"node_modules: package.json\n{CI}"},
        "RUN make node_modules",
    ),
    packages(
        "the target lies in the packages",
        GOES,
        {"Makefile": f"node_modules/.package-lock.json: package.json\n{CI}"},
        "RUN make node_modules/.package-lock.json",
    ),
    packages(
        "a stamp lies where the target was copied later",
        GOES,
        STAMP,
        "RUN make",
    )._replace(
        dockerfile="FROM node\nWORKDIR /a\nCOPY package*.json Makefile ./\nRUN make\n"
        "COPY . .\nCMD node server.js\n"
    ),
    packages(
        "the lines of a recipe are of one shell",
        STAYS,
        {"web/x": "", "Makefile": f".ONESHELL:\ndeps:\n\tcd web\n{CI}"},
        "RUN make deps",
    ),
    Row(
        "what a recipe may not write is started",
        STAYS,
        "bin",
        {
            "go.mod": "module x\n",
            "main.go": "package main\n",
            "bin/tool": "x",
            "build/x": "1",
            "Makefile": "build:\n\tgo build -o bin/tool .\n",
        },
        copied("golang", "RUN make build", "CMD /a/bin/tool"),
    ),
)


@each(BARRED)
def test_make_runs_nothing_for_what_it_finds(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
