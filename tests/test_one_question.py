"""Rules that share a suggestion: one question, whatever the ways to name its things."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import Request, Suggestion
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.pipeline.advice import Estimate
from tests.texttree import plant

SOURCES = "app.py:9 src/main.ts:9 svc/app.py:9"
DOCKERFILE = "FROM scratch\nCOPY . /app\n"


def suggested(
    root: Path, tree: str, dockerfile: str = DOCKERFILE
) -> dict[str, Suggestion]:
    plant(root, f"{SOURCES} {tree}")
    (root / "Dockerfile").write_text(dockerfile)
    report = pipeline.analyze(Request(str(root)), estimate=Estimate())
    return {one.id: one for one in report.suggestions}


@pytest.mark.parametrize(
    ("id_", "tree", "lines"),
    [
        pytest.param(
            "tests-dirs",
            "tests/a:9 src/a.test.ts:9 src/lib/b.test.ts:9 src/__tests__/c.ts:9 "
            "svc/tests/test_app.py:9",
            {"tests", "**/*.test.ts", "src/__tests__", "svc/tests"},
            id="tests in folders of their own and beside the sources",
        ),
        pytest.param(
            "tests-dirs", "src/__tests__/c.ts:9", {"src/__tests__"}, id="no tests above"
        ),
        pytest.param(
            "docs-text",
            "README.md:9 LICENSE:9 svc/README.md:9 svc/AGENTS.md:9",
            {"[A-Z]*.md", "LICENSE*", "svc/README.md", "svc/AGENTS.md"},
            id="texts of the project and of its folders",
        ),
        pytest.param(
            "editor-config-lint",
            ".editorconfig:9 eslint.config.js:9 biome.json:9 .golangci.yml:9",
            {".editorconfig", "eslint.config.*", "biome.json", ".golangci.y*ml"},
            id="settings of formatters and of linters",
        ),
        pytest.param(
            "hosting-files",
            "netlify.toml:9 Procfile:9 fly.toml:9 vercel.json:9",
            {"netlify.toml", "Procfile", "fly.toml", "vercel.json"},
            id="files of several hosting services",
        ),
    ],
)
def test_many_names_are_one_question(
    tmp_path: Path, id_: str, tree: str, lines: set[str]
) -> None:
    made = suggested(tmp_path, tree)
    asked = [one for one in made.values() if one.id != "docker-dockerfile"]
    assert [one.id for one in asked] == [id_]
    assert set(made[id_].patterns) == lines


# Tests go together or not at all: those beside the sources import helpers of the folder
# above, and a type check of all files fails without them (onyx-dot-app/onyx#13927,
# bulwarkmail/webmail#1051). A linter that the build runs needs its settings
# (mikechao/metmuseum-mcp#11, RocketMap/RocketMap#141).


@pytest.mark.parametrize("ran", ["npx eslint .", "npm run lint", "make lint"])
def test_settings_of_a_linter_that_the_build_runs_are_not_asked_about(
    tmp_path: Path, ran: str
) -> None:
    made = suggested(tmp_path, "eslint.config.js:9", f"{DOCKERFILE}RUN {ran}\n")
    assert "editor-config-lint" not in made


def test_what_lies_in_a_folder_that_goes_needs_no_line(tmp_path: Path) -> None:
    tree = "tests/a.test.ts:9 tests/__snapshots__/b.snap:9 tests/jest.config.js:9"
    assert suggested(tmp_path, tree)["tests-dirs"].patterns == ("tests",)


def test_tests_that_the_build_runs_are_not_asked_about(tmp_path: Path) -> None:
    ran = DOCKERFILE + "RUN npx vitest run\n"
    made = suggested(tmp_path, "tests/a:9 src/a.test.ts:9 vitest.config.ts:9", ran)
    assert "tests-dirs" not in made


def test_a_readme_beside_a_manifest_that_may_declare_it_stays(tmp_path: Path) -> None:
    made = suggested(tmp_path, "svc/README.md:9 a/README.md:9 a/Cargo.toml:9")
    assert made["docs-text"].patterns == ("svc/README.md",)


def test_a_history_that_the_build_reads_is_never_taken_in_parts(tmp_path: Path) -> None:
    """A repository without one of its packs is broken, so it is all or nothing."""
    parts = ".git/HEAD:9 .git/objects/pack/a.pack:9000000 .git/lfs/b.zip:5000000"
    ran = DOCKERFILE + "RUN git describe --tags\n"
    made = suggested(tmp_path, f"{parts} .git/gc.log:9 .git/c.orig:9 app.log:9", ran)
    assert {"logs-files", "docker-dockerfile"} == made.keys()
    lines = [line for one in made.values() for line in one.patterns]
    out = Matcher(compile_patterns(lines))
    assert out.matches_or_parent_matches("app.log")
    assert not out.matches_or_parent_matches(".git/gc.log")
