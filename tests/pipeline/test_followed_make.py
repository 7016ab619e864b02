"""What make reads beside its first file, and recipes with another prefix."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

ROWS = (
    Row(
        "recipeprefix",
        STAYS,
        ".git",
        {**GIT, "Makefile": ".RECIPEPREFIX = >\nb:\n>git describe > v\n"},
        f"FROM node\n{ALL}RUN make b\n",
    ),
    Row(
        "recipeprefix +=",
        STAYS,
        ".git",
        {**GIT, "Makefile": ".RECIPEPREFIX := +\nb: c\n\nc:\n+@git describe > v\n"},
        f"FROM node\n{ALL}RUN make b\n",
    ),
    Row(
        "two -f",
        STAYS,
        ".git",
        {**GIT, "a.mk": "a:\n\techo\n", "b.mk": "b:\n\tgit describe > v\n"},
        f"FROM node\n{ALL}RUN make -f a.mk -f b.mk b\n",
    ),
    Row(
        "MAKEFILES env",
        STAYS,
        ".git",
        {**GIT, "Makefile": "a:\n\techo\n", "b.mk": "V := $(shell git describe)\n"},
        f"FROM node\n{ALL}ENV MAKEFILES=/a/b.mk\nRUN make\n",
    ),
    Row(
        "MAKEFILES inline",
        STAYS,
        ".git",
        {**GIT, "Makefile": "a:\n\techo\n", "b.mk": "V := $(shell git describe)\n"},
        f"FROM node\n{ALL}RUN MAKEFILES=b.mk make\n",
    ),
    Row(
        "included shell git",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "include mk/*.mk\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "include var",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "D = mk\ninclude $(D)/b.mk\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "include wildcard",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "include $(wildcard mk/*.mk)\na:\n\techo $(V)\n",
            "mk/b.mk": "V := $(shell git describe)\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "sinclude",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "sinclude b.mk\na:\n\techo $(V)\n",
            "b.mk": "V := $(shell git describe)\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "MAKEFLAGS -C",
        STAYS,
        ".git",
        {**GIT, "sub/Makefile": "a:\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make --directory=sub\n",
    ),
    Row(
        "make -Csub",
        STAYS,
        ".git",
        {**GIT, "sub/Makefile": "a:\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make -Csub\n",
    ),
    Row(
        "make sub $(MAKE)",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "a:\n\t$(MAKE) -C sub b\n",
            "sub/Makefile": "b:\n\tgit describe\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "make foreach",
        STAYS,
        ".git",
        {
            **GIT,
            "Makefile": "S=sub\na:\n\tfor d in $(S); do $(MAKE) -C $$d; done\n",
            "sub/Makefile": "b:\n\tgit describe\n",
        },
        f"FROM node\n{ALL}RUN make\n",
    ),
    Row(
        "make pattern",
        STAYS,
        ".git",
        {**GIT, "Makefile": "build-%:\n\tgit describe > $*\n"},
        f"FROM node\n{ALL}RUN make build-x\n",
    ),
    Row(
        "make order-only",
        STAYS,
        ".git",
        {**GIT, "Makefile": "a: | v\n\techo\nv:\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "make var target",
        STAYS,
        ".git",
        {**GIT, "Makefile": "G := v\na: $(G)\n\techo\n$(G):\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "make goal needs = cond",
        STAYS,
        ".git",
        {**GIT, "Makefile": "a: export X=1\na: v\n\techo\nv:\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "make target with colon var",
        STAYS,
        ".git",
        {**GIT, "Makefile": "a: FOO=bar\na: v\nv:\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "make oneshell",
        STAYS,
        ".git",
        {**GIT, "Makefile": ".ONESHELL:\na:\n\tcd /a\n\tgit describe\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "make GIT var",
        STAYS,
        ".git",
        {**GIT, "Makefile": "GIT ?= git\nV = $(shell $(GIT) describe)\na:\n\techo\n"},
        f"FROM node\n{ALL}RUN make a\n",
    ),
    Row(
        "cmake",
        STAYS,
        ".git",
        {
            **GIT,
            "CMakeLists.txt": "include(cmake/v.cmake)\n",
            "cmake/v.cmake": "execute_process(COMMAND git describe)\n",
        },
        f"FROM node\n{ALL}RUN cmake -S . -B b && cmake --build b\n",
    ),
    Row(
        "make two -f reads",
        STAYS,
        "README.md",
        {
            "a.mk": "a:\n\techo\n",
            "b.mk": "b:\n\tcat README.md > v\n",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN make -f a.mk -f b.mk b\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
