"""Folders of a workspace, which no COPY names: who ignores them breaks the build."""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from tests.test_write import in_process, patterns

RUST = "FROM rust\nCOPY . .\nRUN cargo build --release -p api\n"
WORKSPACE = '[workspace]\nmembers = ["api", "{}"]\n'
CRATE = {"api/Cargo.toml": "", "api/src/main.rs": ""}
NODE = "FROM node\nCOPY . .\nRUN {} install --frozen-lockfile\n"


def lay_out(root: Path, files: dict[str, str], dockerfile: str, folder: str) -> None:
    """A project whose `folder` has some bytes."""
    for path, text in {**files, f"{folder}/big.txt": "x" * 5000}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "Dockerfile").write_text(dockerfile)


def told(root: Path, folder: str) -> tuple[list[str], list[str]]:
    """Why a folder is held back, and the notes on it where it is asked about."""
    report = ctxopt.analyze(root, estimate=ctxopt.Estimate())
    held = [one.why for one in report.held_back if one.path == folder]
    notes = [
        note
        for one in report.suggestions
        for note in one.notes
        if folder in one.patterns
    ]
    return held, notes


@pytest.mark.parametrize(
    ("files", "dockerfile", "folder", "why"),
    [
        pytest.param(
            {"Cargo.toml": WORKSPACE.format("tests"), **CRATE},
            RUST,
            "tests",
            "Cargo.toml:2 lists it as a member",
            id="a crate",
        ),
        pytest.param(
            {
                "Cargo.toml": '[workspace]\nmembers=["docs/*", "api"]',
                "docs/a/Cargo.toml": "",
                "docs/b/Cargo.toml": "",
                **CRATE,
            },
            RUST,
            "docs",
            "docs/a: Cargo.toml:2 lists it as a member",
            id="all crates that a wildcard lists",
        ),
        pytest.param(
            {
                "pyproject.toml": '[tool.poetry]\nreadme = ["docs/a.md"]\n',
                "docs/a.md": "# a",
            },
            "FROM python\nCOPY . .\nRUN poetry install\n",
            "docs",
            "docs/a.md: pyproject.toml:2 lists it as a text",
            id="a readme in the folder of the documentation",
        ),
        pytest.param(
            {"Cargo.toml": '[workspace]\nmembers=["*"]', "docs/Cargo.toml": ""},
            RUST,
            "docs",
            "Cargo.toml:2 lists it as a member",
            id="the one crate that a wildcard lists",
        ),
        pytest.param(
            {
                "Cargo.toml": WORKSPACE.format("web"),
                "web/Cargo.toml": '[dependencies]\nx = { path = "../docs/x" }',
                "docs/x/Cargo.toml": "",
                **CRATE,
            },
            RUST,
            "docs",
            "docs/x: web/Cargo.toml:2 lists it as a project",
            id="a crate that another one needs",
        ),
        pytest.param(
            {
                "Cargo.toml": '[package]\nname="x"\n[[test]]\nname = "b"\n',
                "tests/b.rs": "",
            },
            RUST,
            "tests",
            "tests/b.rs: Cargo.toml:4 lists it as a target",
            id="a target of its own",
        ),
        pytest.param(
            {"Cargo.toml": WORKSPACE.format("tests"), **CRATE},
            "FROM rust\nCOPY . .\nRUN make release\n",
            "tests",
            "Cargo.toml:2 lists it as a member",
            id="a crate, and make may run anything",
        ),
        pytest.param(
            {"Cargo.toml": WORKSPACE.format("tests"), **CRATE},
            "FROM rust\nCOPY Cargo.toml ./\nCOPY . .\nRUN ./ci/build.sh\n",
            "tests",
            "Cargo.toml:2 lists it as a member",
            id="a crate, and a script may run anything",
        ),
        pytest.param(
            {
                "package.json": '{"dependencies": {"x": "file:./docs"}}',
                "pnpm-lock.yaml": "",
                "docs/package.json": "{}",
            },
            NODE.format("pnpm"),
            "docs",
            "package.json:1 lists it as a project",
            id="a package of pnpm by its path",
        ),
        pytest.param(
            {
                "package.json": '{"workspaces": ["docs"]}',
                "yarn.lock": "",
                "docs/package.json": "{}",
            },
            NODE.format("yarn"),
            "docs",
            "package.json:1 lists it as a member",
            id="a workspace of yarn",
        ),
        pytest.param(
            {"go.work": "go 1.22\nuse ./api\nuse ./test\n", "test/go.mod": "module t"},
            "FROM golang\nCOPY . .\nRUN go build ./api\n",
            "test",
            "go.work:3 lists it as a member",
            id="a module of a go.work",
        ),
        pytest.param(
            {
                "App.slnx": '<Project Path="tests/T/T.csproj" />',
                "tests/T/T.csproj": "",
            },
            "FROM sdk\nCOPY . .\nRUN dotnet restore\n",
            "tests",
            "tests/T/T.csproj: App.slnx:1 lists it as a member",
            id="a project of a solution",
        ),
        pytest.param(
            {
                "src/App.sln": 'Project("{1}") = "T", "..\\tests\\T.csproj", "{2}"',
                "tests/T.csproj": "",
            },
            "FROM sdk\nCOPY . .\nWORKDIR /src\nRUN dotnet restore\n",
            "tests",
            "tests/T.csproj: src/App.sln:1 lists it as a member",
            id="a project of a solution beside it",
        ),
        pytest.param(
            {"settings.gradle.kts": 'include(":e2e")'},
            "FROM jdk\nCOPY . .\nRUN ./gradlew bootJar\n",
            "e2e",
            "settings.gradle.kts:1 lists it as a member",
            id="a project of Gradle",
        ),
        pytest.param(
            {"pom.xml": "<modules><module>docs</module></modules>"},
            "FROM maven\nCOPY . .\nRUN mvn -B package\n",
            "docs",
            "pom.xml:1 lists it as a member",
            id="a module of Maven",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["tests"]'},
            "FROM uv\nCOPY . .\nRUN uv sync --frozen\n",
            "tests",
            "pyproject.toml:2 lists it as a member",
            id="a member of uv",
        ),
        pytest.param(
            {"CMakeLists.txt": "add_subdirectory(tests)"},
            "FROM gcc\nCOPY . .\nRUN cmake -B out && cmake --build out\n",
            "tests",
            "CMakeLists.txt:1 lists it as a member",
            id="a folder that CMake adds",
        ),
    ],
)
def test_what_the_build_may_fail_without_is_held_back(
    tmp_path: Path, files: dict[str, str], dockerfile: str, folder: str, why: str
) -> None:
    lay_out(tmp_path, files, dockerfile, folder)
    assert told(tmp_path, folder) == ([why], [])
    done = in_process("write", "--yes", "--include-ask", tmp_path)
    assert done[0] == 0
    assert not any(folder in line for line in patterns(tmp_path))


@pytest.mark.parametrize(
    ("files", "dockerfile", "note"),
    [
        pytest.param(
            {"Cargo.toml": WORKSPACE.format("tests"), **CRATE},
            "FROM node\nCOPY . .\nRUN npm ci\n",
            "Cargo.toml:2 lists it as a member",
            id="no command of this build runs its tool",
        ),
        pytest.param(
            {"package.json": '{"workspaces": ["tests"]}', "tests/package.json": "{}"},
            "FROM node\nCOPY . .\nRUN npm ci\n",
            "package.json:1 lists it as a member",
            id="npm goes on without",
        ),
        pytest.param(
            {
                "pnpm-workspace.yaml": "packages:\n  - tests\n",
                "tests/package.json": "{}",
            },
            NODE.format("pnpm"),
            "pnpm-workspace.yaml:2 lists it as a member",
            id="pnpm goes on without, too: pnpm/pnpm#7667",
        ),
        pytest.param(
            {
                "package.json": '{"workspaces": ["tests"]}',
                "pnpm-lock.yaml": "",
                "tests/package.json": "{}",
            },
            NODE.format("pnpm"),
            "package.json:1 lists it as a member",
            id="pnpm leaves the workspaces of npm alone",
        ),
        pytest.param(
            {
                "Cargo.toml": '[workspace]\nmembers = ["*"]',
                "tests/Cargo.toml": "",
                **CRATE,
            },
            RUST,
            "Cargo.toml:2 lists it as a member",
            id="Cargo goes on with the other crates that a wildcard lists",
        ),
        pytest.param(
            {
                "App.sln": 'Project("{1}") = "T", "tests\\T.csproj"',
                "tests/T.csproj": "",
            },
            "FROM sdk\nCOPY . .\nRUN dotnet publish src/Api.csproj\n",
            "App.sln:1 lists it as a member",
            id="only one project of the solution is built",
        ),
        pytest.param(
            {"CMakeLists.txt": "if(T)\nadd_subdirectory(tests)\nendif()"},
            "FROM gcc\nCOPY . .\nRUN cmake .\n",
            "CMakeLists.txt:2 lists it as a member",
            id="a folder that CMake adds where it is asked to",
        ),
    ],
)
def test_what_it_may_do_without_is_asked_with_a_note(
    tmp_path: Path, files: dict[str, str], dockerfile: str, note: str
) -> None:
    lay_out(tmp_path, files, dockerfile, "tests")
    held, notes = told(tmp_path, "tests")
    assert held == []
    assert note in notes


@pytest.mark.parametrize(
    ("files", "dockerfile"),
    [
        pytest.param(
            {"Cargo.toml": '[workspace]\nmembers = ["api"]', **CRATE},
            RUST,
            id="another folder is the member",
        ),
        pytest.param(
            {
                "Cargo.toml": '[workspace]\nmembers = ["*"]\nexclude = ["tests"]',
                "tests/Cargo.toml": "",
            },
            RUST,
            id="a folder that is excluded",
        ),
        pytest.param(
            {"Cargo.toml": '[workspace]\nmembers = ["*"]'},
            RUST,
            id="a folder without a manifest, beside a wildcard",
        ),
        pytest.param(
            {
                "pnpm-workspace.yaml": "packages:\n- '**'\n- '!tests'\n",
                "tests/package.json": "{}",
            },
            NODE.format("pnpm"),
            id="a folder that a line with ! takes back",
        ),
        pytest.param(
            {
                "pnpm-workspace.yaml": "packages:\n- '**'\n- '!**/t?sts/**'\n",
                "tests/a/package.json": "{}",
            },
            NODE.format("pnpm"),
            id="what is in a folder that a line with ! takes back",
        ),
        pytest.param(
            {"pom.xml": "<!-- <module>tests</module> -->"},
            "FROM maven\nCOPY . .\nRUN mvn package\n",
            id="a module in a comment",
        ),
        pytest.param(
            {"node_modules/x/Cargo.toml": '[workspace]\nmembers = ["../../tests"]'},
            RUST,
            id="a manifest of somebody else",
        ),
    ],
)
def test_what_no_manifest_lists_is_asked_about_as_ever(
    tmp_path: Path, files: dict[str, str], dockerfile: str
) -> None:
    lay_out(tmp_path, files, dockerfile, "tests")
    held, notes = told(tmp_path, "tests")
    assert held == []
    assert not any("lists it" in note for note in notes)


def test_a_manifest_that_the_ignore_file_keeps_out_says_nothing(tmp_path: Path) -> None:
    files = {"Cargo.toml": WORKSPACE.format("tests"), ".dockerignore": "Cargo.toml"}
    lay_out(tmp_path, {**files, **CRATE}, RUST, "tests")
    assert told(tmp_path, "tests")[0] == []


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param("**/" * 30_000 + "x", id="stars alone"),
        pytest.param("a/" * 1_500 + "*", id="a long way"),
        pytest.param("*/**/" * 300 + "x", id="stars in turn"),
        pytest.param("!" + "*a" * 60 + "b", id="what takes back"),
        pytest.param("!**/" + "**/a/" * 40 + "b", id="what takes back far down"),
        pytest.param("![", id="no pattern at all"),
    ],
)
def test_paths_that_nobody_means_end(tmp_path: Path, listed: str) -> None:
    long = "tests/" + "a" * 200
    files = {
        "pnpm-workspace.yaml": f"packages:\n- tests/*\n- '{listed}'\n",
        f"{long}/package.json": "{}",
    }
    lay_out(tmp_path, files, NODE.format("pnpm"), "tests")
    assert "pnpm-workspace.yaml:2 lists it as a member" in told(tmp_path, "tests")[1]
