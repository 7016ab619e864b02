"""What make reads beside its first file, and recipes with another prefix."""

from __future__ import annotations

from pathlib import Path

from tests.followed import TEXT, copied, decides, each, git
from tests.pipeline.test_commands import STAYS, Row

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
