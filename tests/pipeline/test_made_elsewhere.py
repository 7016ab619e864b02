"""What commands make somewhere else, lose, or take along whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, each
from tests.pipeline.test_commands import (
    ASKED,
    DIST,
    GOES,
    GRADLE,
    JAVA,
    NEXT,
    PHP,
    RUBY,
    RUST,
    STAYS,
    VENV,
    Row,
)

STARTED = 'CMD ["/a/.venv/bin/python", "app.py"]'
ELSEWHERE = (
    ("UV_PROJECT_ENVIRONMENT=/v uv sync", STAYS),
    ("UV_PROJECT_ENVIRONMENT=.venv uv sync", GOES),
    ("uv sync", GOES),
    ("uv venv --python 3.12 /v", STAYS),
    ("uv venv --python 3.12", GOES),
    ("python -m venv /v", STAYS),
    ("python -m venv --upgrade-deps .venv", GOES),
    ("virtualenv -p python3 other", STAYS),
    ("poetry install", STAYS),
    ("poetry config virtualenvs.in-project true && poetry install", GOES),
    ("poetry config virtualenvs.create false && poetry install", STAYS),
    ("pipenv sync", STAYS),
    ("PIPENV_VENV_IN_PROJECT=1 pipenv sync", GOES),
    ("pdm sync", GOES),
)
OTHER = "export default {build: {outDir: '../out'}}\n"
TSC = {"package.json": '{"scripts": {"build": "tsc"}}'}


def of(said: str, expected: str, path: str, files: dict[str, str], *lines: str) -> Row:
    """What is to become of a path where an image of all of it is made."""
    return Row(said, expected, path, files, copied("node", *lines))


def dist(
    said: str, expected: str, run: str, files: dict[str, str] | None = None
) -> Row:
    """The same for what the image starts of a bundle."""
    more = {**DIST, **(files or {})}
    return of(said, expected, "dist", more, f"RUN {run}", "CMD node dist/index.js")


ROWS = (
    of(
        "cargo builds elsewhere",
        STAYS,
        "target",
        RUST,
        "ENV CARGO_TARGET_DIR=/t",
        "RUN cargo build --release",
        "CMD /a/target/release/app",
    ),
    of(
        "cargo is told to by an option",
        STAYS,
        "target",
        RUST,
        "RUN cargo build --target-dir=/t",
        "CMD /a/target/release/app",
    ),
    of(
        "cargo is told to by its settings",
        STAYS,
        "target",
        {**RUST, ".cargo/config.toml": "[build]\ntarget-dir = '/t'\n"},
        "RUN cargo build",
        "CMD /a/target/release/app",
    ),
    of(
        "cargo finds what it builds elsewhere",
        GOES,
        "target",
        RUST,
        "ENV CARGO_TARGET_DIR=/t",
        "RUN cargo build",
        "CMD /t/debug/app",
    ),
    Row(
        "bundle finds what it installs elsewhere",
        GOES,
        "vendor/bundle",
        RUBY,
        copied("ruby", "ENV BUNDLE_PATH=/g", "RUN bundle install", "CMD bundle exec x"),
    ),
    Row(
        "composer installs elsewhere",
        STAYS,
        "vendor",
        PHP,
        copied(
            "php", "ENV COMPOSER_VENDOR_DIR=/v", "RUN composer install", "CMD php x.php"
        ),
    ),
    of(
        "yarn installs elsewhere",
        STAYS,
        "node_modules",
        NODE,
        "RUN yarn install --modules-folder /m",
        "CMD node server.js",
    ),
    dist("vite is told to by an option", STAYS, "npx vite build --outDir /o"),
    dist("a script hands the option on", STAYS, "npm run build -- --outDir /o"),
    dist("a script builds", GOES, "npm run build"),
    dist(
        "vite is told to by its settings",
        STAYS,
        "npm run build",
        {"vite.config.ts": OTHER},
    ),
    dist(
        "vite is told what it does by itself",
        GOES,
        "npm run build",
        {"vite.config.ts": OTHER.replace("../out", "dist")},
    ),
    dist(
        "TypeScript is told to by its settings",
        STAYS,
        "npm run build",
        {**TSC, "tsconfig.json": '{"compilerOptions": {"outDir": "lib"}}'},
    ),
    dist(
        "TypeScript is told where it is",
        GOES,
        "npm run build",
        {**TSC, "tsconfig.json": '{"compilerOptions": {"outDir": "./dist"}}'},
    ),
    dist(
        "a script builds nothing",
        STAYS,
        "npm run build",
        {"package.json": '{"scripts": {"build": "eslint . && echo done"}}'},
    ),
)
HUGO = {"hugo.toml": "title = 'x'\n", "content/a.md": "#", "public/index.html": "<p>"}
SITE = ("FROM nginx", "COPY --from=b /a/public /usr/share/nginx/html")
CMAKE = {
    "CMakeLists.txt": "project(x)\n",
    "build/CMakeCache.txt": "#",
    "build/app": "x",
}
NOT_BUILT = (
    *(
        of(f"hugo: {run}", expected, "public", HUGO, f"RUN {run}", *SITE)._replace(
            dockerfile=copied("hugo AS b", f"RUN {run}", *SITE)
        )
        for run, expected in (
            ("hugo --minify", GOES),
            ("hugo -d /o", STAYS),
            ("hugo --destination=/o", STAYS),
            ("hugo -d public", GOES),
        )
    ),
    *(
        of(f"cmake: {run}", expected, "build", CMAKE, f"RUN {run}", "CMD /a/build/app")
        for run, expected in (
            ("cmake -S . -B /b && cmake --build /b", STAYS),
            ("cmake -S . -B build && cmake --build build", GOES),
            ("cmake -Bbuild", GOES),
        )
    ),
    *(
        of(
            f"maven: {run}",
            expected,
            "target",
            JAVA,
            f"RUN {run}",
            "CMD x target/app.jar",
        )
        for run, expected in (
            ("mvn -B dependency:go-offline", STAYS),
            ("mvn -f pom.xml clean dependency:resolve -q", STAYS),
            ("mvn -version", STAYS),
            ("./mvnw clean", STAYS),
            ("mvn clean package", GOES),
            ("mvn -f pom.xml package", GOES),
            ("mvn", GOES),
        )
    ),
    *(
        of(
            f"gradle: {run}",
            expected,
            "build",
            GRADLE,
            f"RUN {run}",
            "CMD x build/libs/app.jar",
        )
        for run, expected in (
            ("gradle dependencies --no-daemon", STAYS),
            ("gradle --no-daemon :app:dependencies", STAYS),
            ("gradle clean build", GOES),
            ("gradle bootJar -x test", GOES),
        )
    ),
    of(
        "gradle builds elsewhere",
        STAYS,
        "build",
        {**GRADLE, "build.gradle": "buildDir = '/o'\n"},
        "RUN gradle build",
        "CMD x build/libs/app.jar",
    ),
    of(
        "next builds elsewhere",
        STAYS,
        ".next",
        {
            **NEXT,
            "package.json": '{"scripts": {"build": "next build"}}',
            "next.config.js": "module.exports = {distDir: 'build'}\n",
        },
        "RUN npm run build",
        "CMD node .next/standalone/server.js",
    ),
    dist(
        "webpack builds elsewhere",
        STAYS,
        "npm run build",
        {
            "package.json": '{"scripts": {"build": "webpack"}}',
            "webpack.config.js": "x = {output: {path: __dirname + '/public/b'}}\n",
        },
    ),
    of(
        "go is told of its vendor for all builds",
        STAYS,
        "vendor",
        {
            "go.mod": "module x\n",
            "main.go": "package main\n",
            "vendor/modules.txt": "# x\n",
            "vendor/a.b/c/d.go": "package c\n",
        },
        "ENV GOFLAGS=-mod=vendor",
        "RUN go build -o /x .",
    ),
)
PACKING = (
    ("zip -r /f.zip .", STAYS),
    ("zip -r /f.zip *", STAYS),
    ("npm ci && zip -r /f.zip .", GOES),
    ("zip -r /f.zip . -x 'node_modules/*'", GOES),
    ("zip -r /f.zip src", GOES),
    ("tar -czf /f.zip .", STAYS),
    ("tar czf /f.zip -C /a .", STAYS),
    ("cd / && tar czf /f.zip a", STAYS),
    ("tar --exclude=node_modules -czf /f.zip .", GOES),
    ("tar --exclude node_modules -czf /f.zip .", GOES),
    ("7z a /f.zip .", STAYS),
    ("jar cf /f.zip .", STAYS),
    ("mksquashfs . /f.zip", STAYS),
    ("npx asar pack . /f.zip", STAYS),
    ("aws s3 sync . s3://x --delete", STAYS),
)
LENT = "RUN --mount=type=bind,target=%s,rw %s"
MOUNTED = (
    Row(
        "what is made in a mount is lost",
        ASKED,
        "node_modules",
        NODE,
        f"FROM node\nWORKDIR /a\n{LENT % ('/a', 'npm ci')}\nCOPY . .\n"
        "CMD node server.js\n",
    ),
    Row(
        "what is made in a mount serves the same step",
        GOES,
        "node_modules",
        NODE,
        "FROM node AS b\n"
        f"{LENT % ('/c', 'cd /c && npm ci && npm run build && cp -r dist /o')}\n"
        "FROM nginx\nCOPY --from=b /o /o\n",
    ),
)


@pytest.mark.parametrize(("run", "expected"), ELSEWHERE)
def test_an_environment_that_is_named_stays_where_another_is_made(
    run: str, expected: str, tmp_path: Path
) -> None:
    dockerfile = copied("python", f"RUN {run}", STARTED)
    decides(Row("", expected, ".venv", VENV, dockerfile), tmp_path)


@each((*ROWS, *NOT_BUILT, *MOUNTED))
def test_what_is_made_elsewhere_is_not_made_anew(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


SPEAKING = (
    "ssh host 'npm ci'",
    "docker run node npm ci",
    "chroot /x npm ci",
    "man npm ci",
    "npx only-allow npm ci",
    "export INSTALL='npm ci'",
    "INSTALL='npm ci' echo",
    'true\nHEALTHCHECK CMD ["npm", "ci"]',
)


@pytest.mark.parametrize("run", SPEAKING)
def test_what_is_only_said_is_not_run_here(run: str, tmp_path: Path) -> None:
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    decides(Row("", STAYS, "node_modules", NODE, dockerfile), tmp_path)


@pytest.mark.parametrize(
    "run", ["INSTALL='npm ci'; $INSTALL", "cd web && ../i.sh && cd .. && ./i.sh"]
)
def test_what_is_said_and_run_makes_it(run: str, tmp_path: Path) -> None:
    files = {**NODE, "web/package.json": "{}", "i.sh": "#!/bin/sh\nnpm ci\n"}
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    decides(Row("", GOES, "node_modules", files, dockerfile), tmp_path)


@pytest.mark.parametrize(("run", "expected"), PACKING)
def test_what_is_packed_whole_is_used(run: str, expected: str, tmp_path: Path) -> None:
    dockerfile = copied(
        "node AS b", f"RUN {run}", "FROM scratch", "COPY --from=b /f.zip /"
    )
    decides(Row("", expected, "node_modules", NODE, dockerfile), tmp_path)
