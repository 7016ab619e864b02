"""What manifests list: the path as it stands, its line, whether it can be missing."""

from __future__ import annotations

import pytest

from ctxopt.core.suggest.workspaces.kinds import kind_of

SLN = """
Microsoft Visual Studio Solution File, Format Version 12.00
Project("{FAE0}") = "Api", "src\\Api\\Api.csproj", "{1}"
EndProject
Project("{2150}") = "docs", "docs", "{2}"
EndProject
"""


def listed(name: str, text: str) -> list[str]:
    """`path:line` of all that a manifest lists; in brackets what is not firm."""
    kind = kind_of(name)
    assert kind is not None
    told = [(f"{one.path}:{one.line}", one.firm) for one in kind.read(text)]
    return [word if firm else f"({word})" for word, firm in told]


@pytest.mark.parametrize(
    ("name", "text", "paths"),
    [
        pytest.param(
            "Cargo.toml",
            '[workspace]\nmembers = [\n  "crates/*",\n  "tests",\n'
            ']\nexclude = ["old"]\n',
            ["crates/*:3", "tests:4", "!old:6"],
            id="members of a Cargo workspace, and what is excluded",
        ),
        pytest.param(
            "Cargo.toml",
            '[dependencies]\nx = { path = "../x" }\n[dev-dependencies.y]\npath = "y"\n'
            "[target.'cfg(unix)'.dependencies]\nz = { path = 'z' }\n"
            '[patch.crates-io]\np = { path = "p" }\n',
            ["../x:2", "y:4", "z:6", "p:8"],
            id="crates by their path, wherever they stand",
        ),
        pytest.param(
            "Cargo.toml",
            '[[bench]]\nname = "b"\n[[test]]\nname = "t"\npath = "e2e/t.rs"\n',
            ["e2e/t.rs:5", "benches/b.rs:2", "benches/b/main.rs:2"],
            id="targets with a section of their own",
        ),
        pytest.param("Cargo.toml", "[workspace\n", [], id="what is no TOML"),
        pytest.param(
            "pyproject.toml",
            '[tool.uv.workspace]\nmembers = ["libs/*"]\n[tool.uv.sources]\n'
            'a = { path = "tests/a" }\nb = [{ path = "b", marker = "x" }]\n'
            "c = { workspace = true }\n",
            ["libs/*:2", "tests/a:4", "b:5"],
            id="members and sources of uv",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.poetry]\npackages = [{include = "app"}, {include = "tests", '
            'format = "sdist"}]\n[tool.poetry.group.dev.dependencies]\n'
            'x = {path = "./x", develop = true}\n',
            ["./x:4", "app:2"],
            id="packages of poetry, and projects by their path",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.setuptools]\npackages = ["app", "app.tests"]\n',
            ["app:2", "app/tests:2"],
            id="packages of setuptools",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\nreadme = "docs/a.md"\nlicense = {file = "docs/LICENSE"}\n'
            '[tool.poetry]\nreadme = ["docs/b.md", "c.rst"]\n'
            "[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]\n"
            'path = "docs/d.md"\n',
            ["docs/a.md:2", "docs/b.md:5", "c.rst:5", "docs/LICENSE:3", "docs/d.md:7"],
            id="texts that go into a package of Python",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\nreadme = {text = "docs"}\nlicense = "MIT"\n'
            '[tool.setuptools.dynamic]\nreadme = {file = ["docs/a.md"]}\n',
            [],
            id="texts that stand in the manifest, or that setuptools only warns of",
        ),
        pytest.param(
            "requirements.txt",
            "flask\n-e ./libs/a\n./tests/x[dev] # local\n-r dev.txt\n",
            ["./libs/a:2", "./tests/x:3"],
            id="folders that pip installs",
        ),
        pytest.param(
            "requirements.txt",
            "--find-links wheels\n-f ./more\n-f https://a/b\n",
            ["wheels:1", "./more:2"],
            id="folders that pip finds archives in",
        ),
        pytest.param(
            ".yarnrc",
            '# x\nyarn-offline-mirror "./mirror"\nyarn-offline-mirror-pruning true\n',
            ["./mirror:2"],
            id="the offline mirror of Yarn",
        ),
        pytest.param(
            "NuGet.Config",
            '<configuration>\n<packageSources>\n<!-- <add key="o" value="old" /> -->\n'
            '<add key="a" value=".\\packages" />\n<add key="b" value="https://c/d" />\n'
            '</packageSources>\n<config><add key="repositoryPath" value="x" /></config>'
            "\n</configuration>\n",
            ["./packages:4"],
            id="folders that NuGet restores from",
        ),
        pytest.param(
            "package.json",
            '{\n"workspaces": ["apps/*", "!apps/old"],\n"dependencies": '
            '{"a": "file:./a", "b": "workspace:*", "c": "^1"}\n}',
            ["apps/*:2", "!apps/old:2", "./a:3"],
            id="workspaces, and packages by their path",
        ),
        pytest.param(
            "package.json",
            '{"workspaces": {"packages": ["e2e"], "nohoist": ["x"]}}',
            ["e2e:1"],
            id="workspaces of yarn 1",
        ),
        pytest.param(
            "pnpm-workspace.yaml",
            "packages:\n  # all\n  - 'apps/*'\n\n  - \"tests\"\n  - '!**/test'\n"
            "catalog:\n  - x\n",
            ["(apps/*:3)", "(tests:5)", "(!**/test:6)"],
            id="packages of pnpm",
        ),
        pytest.param(
            "pnpm-workspace.yaml",
            "packages:\n- docs\nonlyBuiltDependencies:\n- esbuild\n",
            ["(docs:2)"],
            id="a list that is not indented",
        ),
        pytest.param(
            "pnpm-workspace.yaml",
            'packages: ["a", b]\n',
            ["(a:1)", "(b:1)"],
            id="a list on one line",
        ),
        pytest.param("lerna.json", '{"packages": ["docs"]}', ["docs:1"], id="lerna"),
        pytest.param("deno.json", '{"workspace": ["./e2e"]}', ["./e2e:1"], id="deno"),
        pytest.param(
            "tsconfig.json",
            '{\n// all\n"references": [\n{ "path": "./tests" }\n]}',
            ["./tests:4"],
            id="references of a tsconfig.json, comments and all",
        ),
        pytest.param(
            "composer.json",
            '{"repositories": [{"type": "path", "url": "packages/*"}, {"type": "vcs", '
            '"url": "x"}],\n"autoload": {"files": ["tests/helpers.php"], '
            '"psr-4": {"A\\\\": "src/"}}}',
            ["packages/*:1", "tests/helpers.php:2"],
            id="repositories of composer, and files that it loads",
        ),
        pytest.param(
            "go.work",
            "go 1.22\n\nuse (\n\t./api\n\t./tests // all\n)\nuse ./docs\n",
            ["./api:4", "./tests:5", "./docs:7"],
            id="modules of a go.work",
        ),
        pytest.param(
            "go.mod",
            "module a\nreplace x/y => ./tests/y\nreplace (\n"
            "\tz v1 => ../z\n\tw => w v2\n)",
            ["./tests/y:2", "../z:4"],
            id="modules that a go.mod replaces",
        ),
        pytest.param(
            "Shop.sln", SLN, ["src/Api/Api.csproj:3"], id="projects of a solution"
        ),
        pytest.param(
            "Shop.slnx",
            '<Solution>\n<Folder Name="/t/">\n<Project Path="tests/T.csproj" />',
            ["tests/T.csproj:3"],
            id="projects of an XML solution",
        ),
        pytest.param(
            "Api.csproj",
            '<!-- <ProjectReference Include="no.csproj" /> -->\n'
            '<ProjectReference Include="..\\tests\\T.csproj" />',
            ["../tests/T.csproj:2"],
            id="projects that another one refers to",
        ),
        pytest.param(
            "settings.gradle",
            "rootProject.name = 'x'\n// include 'old'\ninclude 'app',\n  ':libs:e2e'\n"
            'includeBuild "build-logic"\n'
            'project(":app").projectDir = file("tests/app")\n',
            ["app:3", "libs/e2e:4", "build-logic:5", "tests/app:6"],
            id="projects of Gradle",
        ),
        pytest.param(
            "settings.gradle.kts",
            'include(":app")\ninclude(\n    "docs",\n    "e2e",\n)\n',
            ["app:1", "docs:3", "e2e:4"],
            id="projects of Gradle in Kotlin",
        ),
        pytest.param(
            "pom.xml",
            "<modules>\n<module>api</module>\n<!-- <module>old</module> -->\n"
            "<module> e2e </module>\n<module>${x}</module></modules>",
            ["api:2", "e2e:4"],
            id="modules of Maven",
        ),
        pytest.param(
            "build.sbt",
            'lazy val a = (project in file("a"))\n'
            'lazy val t = project.in(file("e2e"))\n'
            '// val x = project in file("x")',
            ["a:1", "e2e:2"],
            id="projects of sbt",
        ),
        pytest.param(
            "mix.exs",
            'apps_path: "apps",\n# path: "no"\n{:t, path: "test/support/t"}',
            ["apps/*:1", "test/support/t:3"],
            id="apps of an umbrella",
        ),
        pytest.param(
            "pubspec.yaml",
            "workspace:\n  - packages/a\n  - e2e\ndependencies:\n"
            "  ui:\n    path: docs/ui\n"
            "flutter:\n  assets:\n    - .env\n    - data/\n"
            "  uses-material-design: true\n",
            ["packages/a:2", "e2e:3", "docs/ui:6", ".env:9", "data/:10"],
            id="the workspace of Dart, and assets",
        ),
        pytest.param("melos.yaml", "packages:\n  - x/**\n", ["x/**:2"], id="melos"),
        pytest.param(
            "CMakeLists.txt",
            "add_subdirectory(src)\nif(BUILD_TESTING)\n  add_subdirectory(tests)\n"
            "endif()\n# add_subdirectory(no)\n"
            "ADD_SUBDIRECTORY( docs EXCLUDE_FROM_ALL)\n"
            "add_subdirectory(${X})",
            ["src:1", "(tests:3)", "docs:6"],
            id="folders of CMake, those behind an if not firm",
        ),
        pytest.param(
            "meson.build",
            "subdir('src')\nif get_option('t')\n  subdir('tests')\nendif\n",
            ["src:1", "(tests:3)"],
            id="folders of meson",
        ),
        pytest.param(
            "Package.swift",
            '.target(name: "A", path: "Lib/A"),\n.testTarget(name: "ATests", x: [])',
            ["Lib/A:1", "Tests/ATests:2"],
            id="targets of Swift, tests among them",
        ),
        pytest.param(
            "stack.yaml", "packages:\n- .\n- tests\n", [".:2", "tests:3"], id="stack"
        ),
        pytest.param(
            "cabal.project",
            "packages: ./a\n          ./e2e/e2e.cabal\ntests: True\n",
            ["./a:1", "./e2e:2"],
            id="packages of cabal",
        ),
        pytest.param(
            "Gemfile",
            'gem "a", path: "engines/a"\n# gem "b", path: "b"\ngem "c", :path => "c"\n'
            'path "spec/gems" do\n',
            ["engines/a:1", "c:3", "spec/gems:4"],
            id="gems by their path",
        ),
        pytest.param(
            "MODULE.bazel",
            'local_path_override(\n  module_name = "t",\n  path = "tests/t",\n)',
            ["tests/t:3"],
            id="modules of Bazel by their path",
        ),
    ],
)
def test_what_a_manifest_lists(name: str, text: str, paths: list[str]) -> None:
    assert listed(name, text) == paths


@pytest.mark.parametrize(
    "name", ["README.md", "cargo.toml", "sln", "package-lock.json"]
)
def test_what_is_no_manifest(name: str) -> None:
    assert kind_of(name) is None


SIZE = 250_000  # bytes, as large as a manifest may be


@pytest.mark.parametrize(
    ("name", "start", "text"),
    [
        *((name, "", "\n") for name in ("a.sln", "go.work", "go.mod", "mix.exs")),
        *(
            (name, "", "\n ")
            for name in ("pubspec.yaml", "requirements.txt", "Gemfile")
        ),
        *((name, "", "\n") for name in ("package.json", "composer.json", "deno.json")),
        *((name, "", "<!--") for name in ("a.slnx", "pom.xml", "a.csproj")),
        ("a.slnx", "", "<Project "),
        ("a.csproj", "", '<ProjectReference Include="'),
        ("settings.gradle", "", "/*"),
        ("settings.gradle", "include", " "),
        ("settings.gradle", "", "projectDir = "),
        ("go.work", "", "use (\n"),
        ("tsconfig.json", "", '"references":['),
        ("build.sbt", "in", " "),
        ("build.sbt", "", "Project("),
        ("Gemfile", "path", " "),
        ("WORKSPACE", "", "local_repository("),
        ("cabal.project", "packages:", "\n  -"),
    ],
)
def test_a_text_without_end_ends(name: str, start: str, text: str) -> None:
    found = listed(name, start + text * (SIZE // len(text)))
    assert (len(found) > 1) is (name == "cabal.project")


def test_many_members_are_found_on_their_lines() -> None:
    words = ",\n".join(f'"p/{number}"' for number in range(9_000))
    found = listed("lerna.json", f'{{"packages": [{words}]}}')
    assert found[-1] == "p/8999:9000"


@pytest.mark.parametrize(
    ("name", "text", "paths"),
    [
        (
            "settings.gradle",
            "include ':a',\n  ':b'\ninclude('c')",
            ["a:1", "b:2", "c:3"],
        ),
        ("settings.gradle", "/* include 'a'\n*/ include 'b' /* c", ["b:2"]),
        ("settings.gradle", "include(\n  ':a',\n  ':b',\n)\n", ["a:2", "b:3"]),
        ("settings.gradle", "project(':a').projectDir = file('../x')", ["../x:1"]),
        ("pom.xml", "<!-- <module>a</module>\n--><module>b</module><!--", ["b:2"]),
        ("build.sbt", 'lazy val a = project.in(file("a")) // in file("b")', ["a:1"]),
        ("build.sbt", 'lazy val a = (project in file("a"))', ["a:1"]),
        ("go.work", "use (\n\t./a\n\t./b\n)\nuse ./c", ["./a:2", "./b:3", "./c:5"]),
    ],
)
def test_the_lines_of_lists_and_comments(
    name: str, text: str, paths: list[str]
) -> None:
    assert listed(name, text) == paths
