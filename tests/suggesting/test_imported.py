"""What git ignores and a tracked source imports is made before the build: it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import Case, check

PYTHON = "FROM python:3.12; COPY shop /opt/shop; COPY tools /opt/tools"
NODE = 'FROM node:22; COPY . .; CMD ["node", "server.js"]'
GO_SITE = (
    "FROM node:22 AS ui; WORKDIR /ui; COPY ui .; RUN npm ci; FROM golang:1.23; "
    "WORKDIR /s; COPY . .; COPY --from=ui /ui/out web/site; RUN go build -o /app ."
)
SITE = (
    "go.mod; main.go; ui/package.json; web/site/a.css * 9000; "
    "web/web.go = package web\\n//go:embed all:site\\nvar d embed.FS"
)

STAYS = {
    "a version that make writes, imported by its whole name": Case(
        PYTHON,
        "shop/__init__.py; shop/app.py = from shop.version import VERSION; tools/a; "
        "shop/version.py = VERSION",
        "shop/version.py",
        local="shop/version.py",
        stay="shop/version.py",
    ),
    "one that the folder below imports by two dots": Case(
        PYTHON,
        "shop/__init__.py; shop/api/a.py = import os\\nfrom ..build_info import (\\n X)"
        "; tools/a; shop/build_info.py",
        "build_info.py",
        local="shop/build_info.py",
        stay="shop/build_info.py",
    ),
    "one that a package takes from itself": Case(
        PYTHON,
        "shop/__init__.py = from . import a, _build as b; tools/a; shop/_build.py",
        "_build.py",
        local="shop/_build.py",
        stay="shop/_build.py",
    ),
    "a file of JSON that a script requires": Case(
        NODE,
        'package.json; server.js = const v = require("./lib/stamp.json"); lib/a.js; '
        "lib/stamp.json",
        "stamp.json",
        local="lib/stamp.json",
        stay="lib/stamp.json",
    ),
    "a module of TypeScript without its ending": Case(
        NODE,
        'package.json; src/a.ts = import { x } from "./generated/api"; '
        "src/generated/b.ts; src/generated/api.ts",
        "api.ts",
        local="src/generated/api.ts",
        stay="src/generated/api.ts",
    ),
    "a module of Rust": Case(
        "FROM rust:1; COPY . .; RUN cargo build",
        "Cargo.toml; src/main.rs = mod stamp;\\nfn main() {}; src/stamp.rs",
        "src/stamp.rs",
        local="src/stamp.rs",
        stay="src/stamp.rs",
    ),
    "a module of TypeScript that is imported over several lines": Case(
        NODE,
        'package.json; src/a.ts = import {\\n  x,\\n} from "./api"; src/api.ts',
        "api.ts",
        local="src/api.ts",
        stay="src/api.ts",
    ),
    "a module of TypeScript by the name that it is compiled to": Case(
        NODE,
        'package.json; src/a.ts = import { x } from "./api.js"; src/api.ts',
        "api.ts",
        local="src/api.ts",
        stay="src/api.ts",
    ),
    "a module of Python in brackets over several lines": Case(
        PYTHON,
        "shop/__init__.py = from . import (\\n    a,\\n    _build,\\n); tools/a; "
        "shop/_build.py",
        "_build.py",
        local="shop/_build.py",
        stay="shop/_build.py",
    ),
    "a module of Rust in the folder of the one above it": Case(
        "FROM rust:1; COPY . .; RUN cargo build",
        "Cargo.toml; src/main.rs = mod shop;; src/shop.rs = pub(crate) mod stamp;\\n; "
        "src/shop/a.rs; src/shop/stamp.rs",
        "stamp.rs",
        local="src/shop/stamp.rs",
        stay="src/shop/stamp.rs",
    ),
    "a header of C": Case(
        "FROM gcc:13; COPY . .; RUN gcc src/main.c",
        'src/main.c = #include "stamp.h"; src/stamp.h',
        "stamp.h",
        local="src/stamp.h",
        stay="src/stamp.h",
    ),
    "one of two that the same line of git ignores": Case(
        PYTHON,
        "shop/__init__.py; shop/app.py = from .stamp import X; tools/a; shop/stamp.py; "
        "tools/stamp.py",
        "stamp.py",
        local="shop/stamp.py tools/stamp.py",
        stay="shop/stamp.py",
        no_lines="**/stamp.py stamp.py",
    ),
    "a site that Go embeds, where another Dockerfile brings none": Case(
        GO_SITE,
        f"{SITE}; dev.Dockerfile = FROM golang\\nCOPY . .\\nRUN go build .",
        "site/",
        local="web/site",
        stay="web/site/a.css",
    ),
}

GOES = {
    "settings that a source takes only where they are": Case(
        PYTHON,
        "shop/__init__.py; shop/app.py = try:\\n    from .mine import X\\nexcept "
        "ImportError:\\n    pass; tools/a; shop/mine.py",
        "mine.py",
        local="shop/mine.py",
        gone="shop/mine.py",
    ),
    "a source that only another one of the same kind imports": Case(
        PYTHON,
        "shop/__init__.py; shop/a.py; tools/a; shop/try1.py = from .try2 import x; "
        "shop/try2.py",
        "try*.py",
        local="shop/try1.py shop/try2.py",
        gone="shop/try1.py shop/try2.py",
    ),
    "a package of that name, which is installed": Case(
        NODE,
        'package.json; server.js = const v = require("stamp"); stamp.js',
        "stamp.js",
        local="stamp.js",
        gone="stamp.js",
    ),
    "a version that the build writes itself": Case(
        "FROM python:3.12; WORKDIR /s; COPY . .; RUN date | tee shop/version.py",
        "shop/__init__.py; shop/app.py = from shop.version import X; shop/version.py",
        "shop/version.py",
        local="shop/version.py",
        gone="shop/version.py",
    ),
    "a site that Go embeds, and the build lays over": Case(
        GO_SITE,
        SITE,
        "site/",
        local="web/site",
        gone="web/site",
        stay="web/web.go",
    ),
}


@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
@pytest.mark.parametrize("case", STAYS.values(), ids=STAYS)
def test_what_sources_take_in_stays(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    assert check(case, tmp_path, include_ask=include_ask) == []


@pytest.mark.parametrize("case", GOES.values(), ids=GOES)
def test_what_no_source_needs_goes(case: Case, tmp_path: Path) -> None:
    assert check(case, tmp_path, include_ask=True) == []
