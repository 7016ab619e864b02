"""What compilers and releases leave in a working copy goes; what images take stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import DATABASE, PROGRAM, Case, check

GO = (
    "FROM golang:1.23 AS b; RUN apk add git; WORKDIR /s; COPY . .; "
    "RUN go build -o /out/app ./cmd/shop; FROM alpine; COPY --from=b /out/app /app"
)
ELIXIR = "FROM elixir:1.18; COPY mix.exs ./; COPY lib lib; RUN mix compile"
WHOLE = "FROM alpine; WORKDIR /app; COPY . ."
SOURCES = "go.mod = module example.com/shop; cmd/shop/main.go"
BINARY = f"{PROGRAM} * 4100000"
SMALL = f"{PROGRAM} * 9000"
MACOS = "\xcf\xfa\xed\xfe * 1100000"
PREBUILT = (
    'FROM busybox; ARG ARCH="amd64"; COPY .build/linux-${ARCH}/app /bin/app; '
    "COPY LICENSE /LICENSE"
)

GOES = {
    "a folder that git ignores, with nothing but programs in it": Case(
        GO,
        f"{SOURCES}; build/shop = {SMALL}; .bin/lint = {SMALL}; .bin/gen = {SMALL}",
        "/build/,.bin/",
        local="build .bin",
        gone="build .bin",
        stay="cmd/shop/main.go go.mod",
    ),
    "a program by the name of its command, which git does not ignore": Case(
        GO,
        f"{SOURCES}; shop = {BINARY}",
        local="shop",
        gone="shop",
        stay="cmd/shop/main.go",
    ),
    "a program by the name of its module, in a stage that is thrown away": Case(
        "FROM node:22 AS b; WORKDIR /s; COPY . .; RUN npm ci; FROM scratch; "
        "COPY --from=b /s/out.js /out.js",
        "package.json; src/cart/go.mod = module example.com/x/cart/v2; "
        f"src/cart/main.go; src/cart/cart = {BINARY}",
        local="src/cart/cart",
        gone="src/cart/cart",
        stay="src/cart/main.go package.json",
    ),
    "a program by the name of its folder, which no COPY takes": Case(
        "FROM scratch; COPY app /app",
        "app; go.mod = module example.com/x; tools/gen/main.go; "
        f"tools/gen/gen = {BINARY}",
        local="tools/gen/gen",
        gone="tools/gen/gen",
        stay="tools/gen/main.go app",
    ),
    "what goreleaser has made": Case(
        GO,
        f"{SOURCES}; dist/shop_linux_amd64_v1/shop = {SMALL}; dist/checksums.txt; "
        "dist/shop_1.0_linux_amd64.tar.gz * 9000",
        "dist/",
        local="dist",
        gone="dist",
        stay="cmd/shop/main.go",
    ),
    "a bundle that only a stage of Go gets": Case(
        GO,
        f"{SOURCES}; web/package.json; web/dist/index.html; web/dist/a.js * 9000",
        "web/dist/",
        local="web/dist",
        gone="web/dist",
        stay="web/package.json cmd/shop/main.go",
    ),
    "packages of PHP in a stage that runs no PHP": Case(
        "FROM node:22 AS b; WORKDIR /s; COPY . .; RUN npm ci; FROM scratch; "
        "COPY --from=b /s/out.js /out.js",
        "package.json; svc/composer.json; svc/vendor/autoload.php; "
        "svc/vendor/slim/slim/a.php * 9000",
        "vendor/",
        local="svc/vendor",
        gone="svc/vendor",
        stay="svc/composer.json",
    ),
    "tools that no COPY takes, which git does not ignore": Case(
        PREBUILT,
        f"{SOURCES}; LICENSE; .build/linux-amd64/app = {SMALL}; bin/lint = {SMALL}",
        "/.build",
        local="bin .build",
        gone="bin",
        stay=".build/linux-amd64/app LICENSE",
    ),
    "data sets by their names": Case(
        WHOLE,
        "train.py; coco128/images/1.jpg * 9000; VOC/a.jpg * 9000; model.py",
        "coco128/,VOC/",
        local="coco128 VOC",
        gone="coco128 VOC",
        stay="train.py model.py",
    ),
    "the cache of a tool, although Go imports a package called cache": Case(
        GO,
        f'{SOURCES}; conf/conf.go = import "github.com/x/cache/redis"; '
        "web/.angular/cache/20.0/a.json * 9000; .moon/cache/hashes/a.json * 9000",
        ".angular/,.moon/cache/",
        local="web/.angular .moon",
        gone="web/.angular/cache .moon/cache",
        stay="conf/conf.go",
    ),
    "pages that no COPY takes, whose path git says": Case(
        ELIXIR,
        "mix.exs; lib/a.ex; priv/static/app.js * 9000; priv/static/index.html; "
        "site/a.md; site/.gitignore = /pages; site/pages/search.js * 9000",
        "/priv/static/",
        local="priv/static site/pages",
        gone="priv/static site/pages",
        stay="mix.exs lib/a.ex site/a.md",
        lines="priv/static site/pages",
    ),
    "programs for macOS, beside what a variable may lead to": Case(
        PREBUILT,
        f"{SOURCES}; LICENSE; .build/linux-amd64/app = {SMALL}; "
        f".build/linux-arm64/app = {PROGRAM} * 1100000; "
        f".build/darwin-arm64/app = {MACOS}; "
        "static.Dockerfile = FROM gcr.io/distroless/static\\nARG OS=linux\\n"
        "COPY .build/${OS}-amd64/app /usr/bin/",
        "/.build",
        local=".build",
        gone=".build/darwin-arm64",
        stay=".build/linux-amd64/app .build/linux-arm64/app LICENSE",
        lines=".build/darwin-arm64",
    ),
    "what git ignores beside the file that COPY takes": Case(
        "FROM eclipse-temurin:21; COPY out/app.jar /",
        "pom.xml; out/app.jar * 9000; out/reports/a.html * 1100000",
        "/out/",
        local="out",
        gone="out/reports",
        stay="out/app.jar pom.xml",
    ),
    "a database that only a stage of Go gets, whatever git says of it": Case(
        GO,
        f"{SOURCES}; shop_prod.db = {DATABASE} * 9000",
        local="shop_prod.db",
        gone="shop_prod.db",
        stay="cmd/shop/main.go go.mod",
    ),
}

STAYS = {
    "a program that the image starts": Case(
        f'{WHOLE}; CMD ["./shop"]',
        f"{SOURCES}; shop = {BINARY}",
        local="shop",
        stay="shop",
    ),
    "a program that git tracks": Case(GO, f"{SOURCES}; shop = {BINARY}", stay="shop"),
    "a program of another name, which git does not ignore": Case(
        GO, f"{SOURCES}; helper = {BINARY}", local="helper", stay="helper"
    ),
    "a program that only a copy of all brings, where nothing is compiled": Case(
        WHOLE, f"{SOURCES}; shop = {BINARY}", local="shop", stay="shop"
    ),
    "programs beside a script": Case(
        WHOLE,
        f"tools/a = {SMALL}; tools/run.sh; app.txt",
        "/tools/",
        local="tools",
        stay="tools/a tools/run.sh",
    ),
    "a folder of programs that the image starts from": Case(
        f'{WHOLE}; ENTRYPOINT ["/app/build/shop"]',
        f"go.sum; build/shop = {SMALL}",
        "/build/",
        local="build",
        stay="build/shop",
    ),
    "a release that COPY names": Case(
        "FROM alpine; COPY dist/shop_linux_amd64_v1/shop /shop",
        f"{SOURCES}; dist/shop_linux_amd64_v1/shop = {SMALL}; dist/checksums.txt",
        "dist/",
        local="dist",
        stay="dist/shop_linux_amd64_v1/shop",
    ),
    "a site that Go embeds": Case(
        GO,
        f"{SOURCES}; web/package.json; web/embed.go = //go:embed dist; "
        "web/dist/index.html; web/dist/a.js * 9000",
        "web/dist/",
        local="web/dist",
        stay="web/dist/a.js",
    ),
    "a bundle in a stage that packs it": Case(
        "FROM maven AS b; WORKDIR /s; COPY . .; RUN mvn package; FROM scratch; "
        "COPY --from=b /s/target/a.jar /a.jar",
        "pom.xml; web/package.json; web/dist/index.html; web/dist/a.js * 9000",
        "web/dist/",
        local="web/dist",
        stay="web/dist/a.js",
    ),
    "a bundle that the image gets in the end": Case(
        "FROM golang:1.23 AS b; WORKDIR /s; COPY . .; RUN go build -o /out/app .; "
        "FROM alpine; COPY --from=b /s/web/dist /www",
        f"{SOURCES}; web/package.json; web/dist/index.html; web/dist/a.js * 9000",
        "web/dist/",
        local="web/dist",
        stay="web/dist/a.js",
    ),
    "sources that no COPY takes, which a name hits that git ignores anywhere": Case(
        ELIXIR,
        "mix.exs; lib/a.ex; tool/gen/a.ex * 9000",
        "gen/",
        local="tool/gen",
        stay="tool/gen/a.ex",
        all_gone="tool/gen",
    ),
    "pages whose path git says, and another Dockerfile takes": Case(
        ELIXIR,
        "mix.exs; lib/a.ex; priv/static/app.js * 9000; "
        "site.Dockerfile = FROM nginx\\nCOPY priv /usr/share/nginx/html",
        "/priv/static/",
        local="priv/static",
        stay="priv/static/app.js",
    ),
    "pages whose path git says, and a variable may lead to": Case(
        "FROM nginx; ARG SITE=lib; COPY ${SITE} /usr/share/nginx/html",
        "lib/a.html; priv/static/app.js * 9000",
        "/priv/static/",
        local="priv/static",
        stay="priv/static/app.js",
    ),
    "what a build for another machine takes": Case(
        PREBUILT,
        f"{SOURCES}; LICENSE; .build/linux-amd64/app = {SMALL}; "
        f".build/linux-arm64/app = {SMALL}",
        "/.build",
        local=".build",
        stay=".build/linux-amd64/app .build/linux-arm64/app",
    ),
    "programs for macOS in an image that carries them to others": Case(
        "FROM scratch; ARG OS=linux; COPY out/${OS}/tool /bin/tool",
        f"{SOURCES}; out/linux/tool = {SMALL}; out/darwin/tool = {MACOS}",
        "/out",
        local="out",
        stay="out/linux/tool out/darwin/tool",
        all_gone="out/darwin",
    ),
    "programs for macOS that a server offers": Case(
        "FROM nginx; ARG OS=linux; COPY out/${OS}/tool /usr/share/nginx/html/tool",
        f"{SOURCES}; out/linux/tool = {SMALL}; out/darwin/tool = {MACOS}",
        "/out",
        local="out",
        stay="out/linux/tool out/darwin/tool",
        all_gone="out/darwin",
    ),
    "programs for macOS that another Dockerfile may carry": Case(
        PREBUILT,
        f"{SOURCES}; LICENSE; .build/linux-amd64/app = {SMALL}; "
        f".build/darwin-arm64/app = {MACOS}; "
        "carry.Dockerfile = FROM scratch AS files\\nARG OS=linux\\n"
        "COPY .build/${OS}-amd64/app /bin/app",
        "/.build",
        local=".build",
        stay=".build/linux-amd64/app .build/darwin-arm64/app",
    ),
    "programs for macOS that git does not ignore": Case(
        PREBUILT,
        f"{SOURCES}; LICENSE; .build/linux-amd64/app = {SMALL}; "
        f".build/darwin-arm64/app = {MACOS}",
        local=".build",
        stay=".build/linux-amd64/app .build/darwin-arm64/app",
    ),
    "a database beside the tests that a stage of Go runs": Case(
        GO.replace("RUN go build", "RUN go test ./... && go build"),
        f"{SOURCES}; seed.db = {DATABASE} * 9000",
        local="seed.db",
        stay="seed.db",
        all_gone="seed.db",
    ),
    "a database that the image gets along with the program": Case(
        f"{GO}; COPY --from=b /s /s",
        f"{SOURCES}; seed.db = {DATABASE} * 9000",
        local="seed.db",
        stay="seed.db",
    ),
    "a database that Go embeds": Case(
        GO,
        f"{SOURCES}; seed/a.go = package seed\\n//go:embed *.db\\nvar f embed.FS; "
        f"seed/seed.db = {DATABASE} * 9000",
        local="seed/seed.db",
        stay="seed/seed.db",
    ),
    "a database in a stage that a script works in": Case(
        GO.replace("apk add git", "./seed.sh"),
        f"{SOURCES}; seed.sh; seed.db = {DATABASE} * 9000",
        local="seed.db",
        stay="seed.db",
    ),
    "a database that git tracks, in a stage of Go": Case(
        GO, f"{SOURCES}; seed.db = {DATABASE} * 9000", stay="seed.db"
    ),
    "what a variable may lead to, whatever follows": Case(
        'FROM busybox; ARG FROM="web"; COPY ${FROM}/dist /www',
        "web/dist/a.js * 9000; api/package.json; api/dist/a.js * 9000",
        "dist/",
        local="web/dist api/dist",
        stay="web/dist/a.js api/dist/a.js",
    ),
}


@pytest.mark.parametrize("case", GOES.values(), ids=GOES)
def test_what_is_left_behind_goes(case: Case, tmp_path: Path) -> None:
    assert check(case, tmp_path) == []


@pytest.mark.parametrize("case", STAYS.values(), ids=STAYS)
def test_what_an_image_may_take_stays(case: Case, tmp_path: Path) -> None:
    assert check(case, tmp_path) == []
