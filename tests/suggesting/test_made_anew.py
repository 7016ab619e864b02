"""What git ignores and the build makes anew, or no COPY takes, goes unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suggesting.cases import PROGRAM, Case, check

ALL = (
    'FROM node:22; WORKDIR /app; COPY . .; RUN npm ci; RUN npm run build; CMD ["npm", '
    '"start"]'
)
MONOREPO = (
    'package.json = {"workspaces": ["apps/*"], "scripts": {"web": "dotenv -- yarn '
    'workspace @x/web build"}}; apps/web/package.json = {"name": "@x/web", "scripts": '
    '{"build": "next build"}}; apps/web/page.ts; apps/web/.next/server/a.js * 9000; '
    'apps/job/package.json = {"name": "@x/job", "scripts": {"start": "tsx a.ts"}}; '
    "apps/job/dist/a.js * 9000; yarn.lock"
)
YARN = "FROM node:22; WORKDIR /app; COPY . .; RUN yarn install; RUN {}; CMD next start"
OVER = "FROM node:22 AS ui; COPY ui /ui; RUN pack /ui /dist; {}"

GOES = {
    "scripts that npm-run-all starts": Case(
        ALL,
        'package.json = {"scripts": {"build": "npm-run-all check build:*", "check": '
        '"tsc --noEmit", "build:app": "next build"}}; package-lock.json; page.ts; '
        ".next/server/a.js * 9000",
        ".next,node_modules",
        local=".next",
        gone=".next",
        stay="page.ts package.json",
    ),
    "a script of a member, behind dotenv": Case(
        YARN.format("yarn web"),
        MONOREPO,
        ".next,dist,node_modules",
        local="apps/web/.next apps/job/dist",
        gone="apps/web/.next",
        stay="apps/web/page.ts apps/job/dist/a.js",
    ),
    "the same by the folder of the member": Case(
        YARN.format("pnpm --filter ./apps/web build"),
        MONOREPO,
        ".next,dist,node_modules",
        local="apps/web/.next apps/job/dist",
        gone="apps/web/.next",
        stay="apps/job/dist/a.js",
    ),
    "what a stage lays over the folder": Case(
        OVER.format("FROM python:3.12; COPY . /a; COPY --from=ui /dist /a/app/ui"),
        "app/main.py; ui/a.ts; app/ui/x.bin * 9000; app/ui/assets/a.js * 9000",
        "/app/ui/*",
        local="app/ui",
        gone="app/ui",
        stay="app/main.py ui/a.ts",
    ),
    "a program that another image brings, and a health check": Case(
        "FROM x/tools AS t; FROM node:22 AS b; WORKDIR /app; COPY . .; COPY --from=t "
        "/bin/check /app/extra/check; FROM node:22; WORKDIR /app; COPY --from=b /app "
        '/app; HEALTHCHECK CMD extra/check; CMD ["node", "a.js"]',
        f"a.js; extra/a.js; extra/check = {PROGRAM} * 9000",
        "/extra/check",
        local="extra/check",
        gone="extra/check",
        stay="extra/a.js a.js",
    ),
    "a script of a package in a folder that an option names": Case(
        "FROM node:22 AS b; WORKDIR /w; COPY . .; RUN npm --prefix site ci; RUN npm "
        "--prefix site run build; FROM nginx; COPY --from=b /w/site/build /srv",
        'site/package.json = {"scripts": {"build": "docusaurus build"}}; site/a.js; '
        "site/build/index.html * 9000",
        "build/",
        local="site/build",
        gone="site/build",
        stay="site/a.js",
    ),
    "what a justfile by another name makes": Case(
        "FROM rust:1; WORKDIR /w; COPY . .; RUN just -f api/build.just all; "
        'CMD ["api/target/release/a"]',
        "api/build.just = all:\\n    cargo build; api/Cargo.toml; "
        "api/target/release/a * 9000",
        "target/",
        local="api/target",
        gone="api/target",
        stay="api/Cargo.toml",
    ),
    "an environment of this machine where the image has another one": Case(
        "FROM x/tool AS t; FROM nginx; COPY . /s; COPY --from=t /a/.venv /opt/venv; "
        'CMD ["/opt/venv/bin/python", "/s/a.py"]',
        "a.py; .venv/pyvenv.cfg = home = /usr; .venv/bin/python * 9000",
        ".venv",
        local=".venv",
        gone=".venv",
        stay="a.py",
    ),
    "jars that Leiningen makes": Case(
        "FROM clojure; WORKDIR /a; COPY . .; RUN lein uberjar",
        "project.clj; src/a.clj; target/uberjar/a.jar * 9000",
        "/target",
        local="target",
        gone="target",
        stay="src/a.clj project.clj",
    ),
    "packages of R that renv restores": Case(
        "FROM rocker/r-ver:4; WORKDIR /a; COPY . .; RUN R -e 'renv::restore()'; "
        'CMD ["Rscript", "a.R"]',
        "renv.lock; a.R; renv/activate.R; renv/library/R-4.4/x/DESCRIPTION * 9000",
        "renv/library/",
        local="renv/library",
        gone="renv/library",
        stay="renv/activate.R a.R",
    ),
    "packages that Deno installs": Case(
        'FROM denoland/deno; WORKDIR /a; COPY . .; RUN deno install; CMD ["a.ts"]',
        "deno.json; a.ts; node_modules/x/a.js * 9000",
        "node_modules",
        local="node_modules",
        gone="node_modules",
        stay="a.ts",
    ),
    "archives that no settings say to install from": Case(
        "FROM x/tools; COPY . .; RUN yarn install && pip install -r requirements.txt",
        'a.js; package.json; .yarnrc = # yarn-offline-mirror "./mirror"; '
        "mirror/a-1.0.0.tgz * 9000; requirements.txt = --find-links https://a/b; "
        "wheels/a-1.0.whl * 9000",
        "*.tgz,*.whl",
        local="mirror wheels",
        gone="mirror/a-1.0.0.tgz wheels/a-1.0.whl",
        stay="a.js requirements.txt",
    ),
    "what no COPY takes": Case(
        "FROM rust:1; COPY crates crates; RUN cargo build",
        "Cargo.toml; crates/a.rs; out-musl/a.bin * 9000; profile.json.gz * 9000",
        "/out-musl/,profile.json.gz",
        local="out-musl profile.json.gz",
        gone="out-musl profile.json.gz",
        stay="crates/a.rs",
    ),
    "folders named as a cache mount, or deleted, or made": Case(
        "FROM node:22; WORKDIR /app; COPY . .; RUN --mount=type=cache,target=/x/cache "
        "yarn install && yarn cache clean && rm -rf .next/cache && mkdir -p .next/cache"
        " && chmod 777 .next/cache; RUN yarn build",
        'package.json = {"scripts": {"build": "next build"}}; page.ts; yarn.lock; '
        ".yarn/cache/a.zip * 9000; .next/cache/a.pack * 9000",
        ".next,.yarn/cache",
        local=".yarn/cache .next",
        gone=".yarn/cache .next",
        stay="page.ts",
    ),
    "what a command of the build is told to write": Case(
        "FROM node:22 AS b; WORKDIR /b; COPY . .; RUN babel src --out-dir lib; "
        "FROM node:22; COPY . /a; COPY --from=b /b/src /s",
        "src/a.js; lib/a.js * 9000; package.json",
        "/lib",
        local="lib",
        gone="lib",
        stay="src/a.js",
    ),
    "a folder that a bundler makes below the package": Case(
        'FROM node:22; WORKDIR /a; COPY . .; RUN npm run build; CMD ["node", "a.js"]',
        'package.json = {"workspaces": ["viz"], "scripts": {"build": "webpack"}}; '
        "client/app/a.js; a.js; "
        "client/dist/a.js * 9000",
        "dist",
        local="client/dist",
        gone="client/dist",
        stay="client/app/a.js a.js",
    ),
    "static files of Django, where a stage installs a server by its name": Case(
        "FROM python:3.12 AS b; COPY requirements.txt .; RUN pip wheel uwsgi; COPY . "
        "/a; FROM python:3.12; WORKDIR /a; COPY --from=b /a /a; RUN X=1 ./manage.py "
        'collectstatic --noinput; CMD ["uwsgi", "/a/u.ini"]',
        "manage.py; requirements.txt; u.ini; static-collected/a.css * 9000",
        "static-collected",
        local="static-collected",
        gone="static-collected",
        stay="manage.py u.ini",
    ),
    "packages by path that a command fetches": Case(
        "FROM elixir:1.18; WORKDIR /a; COPY . .; RUN mix deps.get",
        "mix.exs; mix.lock; deps/phoenix/package.json; deps/phoenix/a.ex * 9000; "
        'assets/package.json = {"dependencies": {"phoenix": "file:../deps/phoenix"}}',
        "/deps/",
        local="deps",
        gone="deps",
        stay="assets/package.json",
    ),
    "extensions of Python that poetry compiles": Case(
        "FROM python:3.12; WORKDIR /app; COPY . .; RUN poetry install",
        "pyproject.toml; app/a.py; app/_core.abi3.so * 9000",
        "*.so",
        local="app/_core.abi3.so",
        gone="app/_core.abi3.so",
        stay="app/a.py",
    ),
    "uploads in a folder that a program expects": Case(
        'FROM node:22; COPY . .; CMD ["node", "server.js"]',
        "server.js = multer({dest: 'data/upload/'}); data/upload/a.png * 9000",
        "/data",
        local="data",
        gone="data/upload/a.png",
        stay="server.js",
    ),
    "the site that mkdocs made": Case(
        "FROM python:3.12; COPY . .",
        "app.py; mkdocs.yml; site/index.html; site/search/search_index.json * 9000",
        "site/",
        local="site",
        gone="site",
        stay="app.py",
    ),
}

STAYS = {
    "a script that no member has": Case(
        YARN.format("yarn workspace @x/job build"),
        MONOREPO,
        ".next,dist,node_modules",
        local="apps/web/.next apps/job/dist",
        stay="apps/web/.next/server/a.js apps/job/dist/a.js",
    ),
    "a jar of Leiningen that the image runs": Case(
        'FROM eclipse-temurin:21-jre; COPY . /a; CMD ["java", "-jar", '
        '"/a/target/uberjar/a.jar"]',
        "project.clj; target/uberjar/a.jar * 9000",
        "/target",
        local="target",
        stay="target/uberjar/a.jar",
    ),
    "packages of R where nothing restores them": Case(
        'FROM rocker/r-ver:4; WORKDIR /a; COPY . .; CMD ["Rscript", "a.R"]',
        "renv.lock; a.R; renv/activate.R; renv/library/R-4.4/x/DESCRIPTION * 9000",
        "renv/library/",
        local="renv/library",
        stay="renv/library/R-4.4/x/DESCRIPTION",
    ),
    "packages where Deno installs a program by its address": Case(
        "FROM denoland/deno; WORKDIR /a; COPY . .; RUN deno install --allow-net "
        'https://deno.land/x/a.ts; CMD ["deno", "run", "a.ts"]',
        "deno.json; a.ts; node_modules/x/a.js * 9000",
        "node_modules",
        local="node_modules",
        stay="node_modules/x/a.js",
    ),
    "what only some stage lays over": Case(
        OVER.format(
            "FROM python:3.12 AS b; COPY . /a; COPY --from=ui /dist /a/app/ui; "
            "FROM python:3.12; COPY . /a"
        ),
        "app/main.py; ui/a.ts; app/ui/x.bin * 9000",
        "/app/ui/*",
        local="app/ui",
        stay="app/ui/x.bin",
    ),
    "what comes back from where it was copied": Case(
        "FROM alpine AS b; COPY . /a; FROM alpine; COPY . /a; COPY --from=b /a/x /a/x",
        "main.py; x/a.bin * 9000",
        "/x/",
        local="x",
        stay="x/a.bin",
    ),
    "what git tracks in a folder that is laid over": Case(
        OVER.format("FROM python:3.12; COPY . /a; COPY --from=ui /dist /a/app/ui"),
        "app/main.py; ui/a.ts; app/ui/own.html; app/ui/x.bin * 9000",
        "/app/ui/*.bin",
        local="app/ui/x.bin",
        stay="app/ui/own.html app/ui/x.bin",
    ),
    "what the COPY of another Dockerfile takes": Case(
        "FROM rust:1; COPY crates crates; RUN cargo build",
        "Cargo.toml; crates/a.rs; out-musl/a.bin * 9000; dev.Dockerfile = "
        "FROM alpine\\nCOPY . /",
        "/out-musl/",
        local="out-musl",
        stay="out-musl/a.bin",
    ),
    "what a COPY takes for another platform": Case(
        "FROM alpine; ARG TARGETARCH=amd64; COPY ./out/$TARGETARCH/app /app",
        "out/amd64/app; out/arm64/app * 9000; main.go",
        "arm64/",
        local="out/arm64",
        stay="out/amd64/app out/arm64/app",
    ),
    "what a COPY takes for another value of its first word": Case(
        "FROM alpine; ARG FROM=dist-a; COPY $FROM/app /app",
        "dist-a/app; dist-b/app * 9000; main.go",
        "/dist-*/",
        local="dist-a dist-b",
        stay="dist-a/app dist-b/app",
    ),
    "sources that no COPY takes, and git ignores by chance": Case(
        "FROM tomcat; COPY app.war /",
        "app.war; src/shop/target/Target.java * 9000",
        "target/",
        local="src/shop/target",
        stay="src/shop/target/Target.java",
    ),
    "sources in a folder called media": Case(
        "FROM python:3.12; COPY . .",
        "app/media/a.py = open('media/x'); app/main.py",
        all_stay="app/media/a.py",
    ),
    "archives that settings of package managers say to install from": Case(
        "FROM x/tools; COPY . .; RUN yarn install --offline && pip install -r "
        "requirements.txt && dotnet restore",
        'a.js; .yarnrc = yarn-offline-mirror "./mirror"; mirror/a-1.0.0.tgz * 9000; '
        "requirements.txt = --find-links wheels; wheels/a-1.0.whl * 9000; a.csproj; "
        'nuget.config = <packageSources><add key="a" value="pack" /></packageSources>; '
        "pack/a.1.0.nupkg * 9000",
        "*.tgz,*.whl,*.nupkg",
        local="mirror wheels pack",
        stay="mirror/a-1.0.0.tgz wheels/a-1.0.whl pack/a.1.0.nupkg",
        all_stay="mirror/a-1.0.0.tgz wheels/a-1.0.whl pack/a.1.0.nupkg",
    ),
    "the site that nginx serves": Case(
        "FROM nginx; COPY . /usr/share/nginx/html",
        "mkdocs.yml; site/index.html; site/search/search_index.json * 9000",
        "site/",
        local="site",
        stay="site/index.html",
    ),
}


@pytest.mark.parametrize("case", GOES.values(), ids=GOES)
def test_what_is_made_anew_or_never_taken_goes(case: Case, tmp_path: Path) -> None:
    assert check(case, tmp_path) == []


@pytest.mark.parametrize("case", STAYS.values(), ids=STAYS)
@pytest.mark.parametrize("include_ask", [False, True], ids=["yes", "all"])
def test_what_may_be_needed_stays(
    case: Case, tmp_path: Path, *, include_ask: bool
) -> None:
    if include_ask and not case.all_stay:
        return
    case = case._replace(stay=case.all_stay) if include_ask else case
    assert check(case, tmp_path, include_ask=include_ask) == []
