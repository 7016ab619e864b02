"""Lines for what is not there yet: a clean clone gets its ignore file, too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from ctxopt import pipeline
from ctxopt.cli import main
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import BuilderName, Report, Request
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.drafting import Drafting
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from tests.texttree import plant

NODE = "FROM node:22\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n"
PYTHON = "FROM python\nCOPY . .\nRUN pip install -r requirements.txt\n"


class Clone(NamedTuple):
    """A clean clone, and the lines that are written ahead for it."""

    files: str  # as `plant` reads them
    git: str
    dockerfile: str
    lines: set[str] = set()  # noqa: RUF012 (never changed)
    later: str = ""  # what appears one day, and is kept out


HITS = [
    pytest.param(
        Clone(
            "package.json:2 src/a.js:9",
            "node_modules\n/dist\n.env\n*.log\n",
            f"{NODE}RUN npm run build\n",
            {"**/node_modules", "dist", "**/.env", "**/*.log"},
            "node_modules/a/a.js:900 dist/a.js:99 .env:9 npm-debug.log:9",
        ),
        id="node",
    ),
    pytest.param(
        Clone(
            "package.json:2 pnpm-workspace.yaml:2 web/package.json:2 web/src/a.js:9",
            "node_modules/\ndist/\n.next\n",
            "FROM node\nCOPY . .\nRUN pnpm install && pnpm -r build\n",
            {"**/node_modules", "**/dist", "**/.next"},
            "node_modules/a:9 web/node_modules/b:9 web/dist/a.js:9 web/.next/c:9",
        ),
        id="a part of a workspace of node",
    ),
    pytest.param(
        Clone(
            "package.json:2 web/package.json:2",
            "node_modules/\n",
            NODE,
            {"node_modules"},
            "node_modules/a:9",
        ),
        id="not the packages of a part that no command installs",
    ),
    pytest.param(
        Clone(
            "requirements.txt:2 app.py:9",
            "__pycache__/\n*.py[cod]\n.venv\n.pytest_cache/\n.env\n",
            PYTHON,
            {
                *("**/__pycache__", "**/.venv", "**/.pytest_cache", "**/.env"),
                *("**/*.pyc", "**/*.pyo"),
            },
            "__pycache__/a.pyc:9 .venv/pyvenv.cfg:9 .pytest_cache/a:9 .env:9 b.pyc:9",
        ),
        id="python",
    ),
    pytest.param(
        Clone(
            "Cargo.toml:2 src/main.rs:9",
            "/target\n",
            "FROM rust\nCOPY . .\nRUN cargo build --release\n",
            {"target"},
            "target/debug/app:9000",
        ),
        id="rust",
    ),
    pytest.param(
        Clone(
            "Gemfile:2 app.rb:9",
            "/vendor/bundle\n/.bundle\n.DS_Store\n",
            "FROM ruby\nCOPY . .\nRUN bundle install\n",
            {"vendor/bundle", ".bundle", "**/.DS_Store"},
            "vendor/bundle/ruby/a.rb:9 .bundle/config:9 .DS_Store:9",
        ),
        id="ruby",
    ),
    pytest.param(
        Clone(
            "composer.json:2 public/index.php:9",
            "/vendor/\n.phpunit.result.cache\n",
            "FROM php\nCOPY . .\nRUN composer install --no-dev\n",
            {"vendor", "**/.phpunit.result.cache"},
            "vendor/a/b.php:9 .phpunit.result.cache:9",
        ),
        id="php",
    ),
    pytest.param(
        Clone(
            "build.gradle:2 src/A.java:9",
            ".gradle\nbuild/\n.idea/\n*.iml\n",
            "FROM gradle\nCOPY . .\nRUN gradle bootJar\n",
            {"**/.gradle", "**/build", "**/.idea", "**/*.iml"},
            ".gradle/a:9 build/libs/a.jar:9 .idea/workspace.xml:9 a.iml:9",
        ),
        id="java with Gradle",
    ),
    pytest.param(
        Clone(
            "pom.xml:2 src/A.java:9",
            "target/\n",
            "FROM maven\nCOPY . .\nRUN mvn package\n",
            {"**/target"},
            "target/a.jar:9",
        ),
        id="java with Maven",
    ),
    pytest.param(
        Clone(
            "Shop.csproj:2 Program.cs:9",
            "[Bb]in/\n[Oo]bj/\n.vs/\n",
            "FROM sdk\nCOPY . .\nRUN dotnet publish -o /out\n",
            {"**/bin", "**/obj", "**/.vs"},
            "bin/Debug/a.dll:9 obj/project.assets.json:9 .vs/a:9",
        ),
        id=".NET",
    ),
    pytest.param(
        Clone(
            "mix.exs:2 lib/a.ex:9",
            "/_build/\n/deps/\n/.elixir_ls/\n",
            "FROM elixir\nCOPY . .\nRUN mix deps.get && mix release\n",
            {"_build", "deps", "**/.elixir_ls"},
            "_build/dev/a:9 deps/plug/mix.exs:9 .elixir_ls/a:9",
        ),
        id="elixir",
    ),
    pytest.param(
        Clone(
            "pubspec.yaml:2 lib/main.dart:9",
            ".dart_tool/\n.flutter-plugins\n",
            "FROM dart\nCOPY . .\nRUN dart pub get\n",
            {"**/.dart_tool", "**/.flutter-plugins"},
            ".dart_tool/a:9 .flutter-plugins:9",
        ),
        id="flutter",
    ),
    pytest.param(
        Clone(
            "main.tf:9",
            "**/.terraform/*\n.terraform\n*.tfstate\n",
            "FROM hashicorp/terraform\nCOPY . .\n",
            {"**/.terraform", "**/*.tfstate"},
            ".terraform/a:9 a.tfstate:9",
        ),
        id="terraform",
    ),
]

LEFT_ALONE = [
    pytest.param(
        Clone("package.json:2", "node_modules\n", "FROM node\nCOPY . .\n"),
        id="packages that no command installs",
    ),
    pytest.param(
        Clone("a.js:2", "node_modules\n", NODE), id="packages without a manifest"
    ),
    pytest.param(
        Clone("package.json:2", "dist\n", "FROM nginx\nCOPY . /srv\n"),
        id="a build that no command makes",
    ),
    pytest.param(
        Clone(
            "package.json:2",
            "dist\n",
            "FROM node\nCOPY . .\nRUN npm run build\nCOPY dist /srv\n",
        ),
        id="what a source names",
    ),
    pytest.param(
        Clone(
            "pom.xml:2",
            "target\n",
            "FROM maven\nCOPY . .\nRUN mvn package\nCOPY target/*.jar /app.jar\n",
        ),
        id="what a wildcard starts from",
    ),
    pytest.param(
        Clone("a.txt:2", ".env\n", "FROM a\nCOPY . .\nCOPY .env* /etc/\n"),
        id="what a wildcard may name one day",
    ),
    pytest.param(
        Clone("a.txt:2", ".env\n", "FROM a\nCOPY . .\nRUN . ./.env && make\n"),
        id="what a command mentions",
    ),
    pytest.param(
        Clone("a.txt:2", ".env\n!.env\n", "FROM a\nCOPY . .\n"),
        id="what git does not ignore in the end",
    ),
    pytest.param(
        Clone("a.txt:2", "*\n", "FROM a\nCOPY . .\n"),
        id="a line of git that speaks of everything",
    ),
    pytest.param(
        Clone("a.txt:2", "/mine\n", "FROM a\nCOPY . .\n"), id="what no rule knows"
    ),
    pytest.param(
        Clone("go.mod:2", "/vendor\n", "FROM golang\nCOPY . .\nRUN go build\n"),
        id="what depends on the project",
    ),
    pytest.param(
        Clone("a.txt:2", "logs/\n*.key\n", "FROM a\nCOPY . .\n"),
        id="what has to be looked into",
    ),
    pytest.param(
        Clone("a.txt:2", "*~\n", "FROM a\nCOPY . .\n", {"**/*~"}),
        id="a name of signs alone, of a rule about another thing",
    ),
    pytest.param(
        Clone("Gemfile:2", "bundle\n", "FROM ruby\nCOPY . .\nRUN bundle install\n"),
        id="a folder in a folder that is not there",
    ),
]


def lay_out(root: Path, one: Clone) -> Path:
    plant(root, one.files)
    (root / "Dockerfile").write_text(one.dockerfile)
    (root / ".gitignore").write_text(one.git)
    return root


def drafted(root: Path, *, choice: Choice = Choice(), **options: object) -> Drafting:  # noqa: B008
    request = Request(str(root), **options)  # type: ignore[arg-type]
    return pipeline.plan(request, choice, estimate=Estimate())


def written(root: Path, *, choice: Choice = Choice(), **options: object) -> WritePlan:  # noqa: B008
    """What `write --yes` writes, written."""
    plan = drafted(root, choice=choice, **options).plan(frozenset())
    if plan.changes:
        plan.apply()
    return plan


def scanned(root: Path, **options: object) -> Report:
    request = Request(str(root), **options)  # type: ignore[arg-type]
    return pipeline.analyze(request, estimate=Estimate())


def files_sent(root: Path) -> int:
    return pipeline.analyze(Request(str(root))).transfer.tally.files


def ahead(plan: WritePlan) -> set[str]:
    return {line for one in plan.suggestions if one.preventive for line in one.patterns}


@pytest.mark.parametrize("clone", [*HITS, *LEFT_ALONE])
def test_a_clean_clone_gets(tmp_path: Path, clone: Clone) -> None:
    root = lay_out(tmp_path, clone)
    plan = written(root)
    assert ahead(plan) == clone.lines
    if plan.changes:
        assert not written(root).changes  # and `write --check` is green
    if clone.later:
        before = files_sent(root)
        plant(root, clone.later)
        assert files_sent(root) == before
        assert not written(root).changes  # still


@pytest.mark.parametrize("builder", BuilderName)
def test_what_is_announced_is_what_a_build_then_sends(
    tmp_path: Path, builder: BuilderName
) -> None:
    """To the byte: the new file itself travels with the legacy builder."""
    clone = HITS[0].values[0]
    assert isinstance(clone, Clone)
    root = lay_out(tmp_path, clone)
    report = scanned(root, builder=builder)
    plan = written(root, builder=builder)
    assert plan.then is not None
    assert report.projection is not None
    now = scanned(root, builder=builder)
    assert now.transfer.tally == plan.then.transfer == report.projection.after.transfer
    assert now.context == plan.then.context


NODE_CLONE = Clone("package.json:2", "node_modules\n.env\n", NODE)


def test_they_are_marked_and_save_nothing_now(tmp_path: Path) -> None:
    report = scanned(lay_out(tmp_path, NODE_CLONE))
    assert [one.id for one in report.preventive] == ["node-modules", "secret-dotenv"]
    for one in report.preventive:
        assert one.preventive
        assert (one.wire_bytes, one.files, one.context.entries) == (0, 0, 0)
        assert not one.for_cache
    assert not any(one.preventive for one in report.suggestions)
    said = CliRunner().invoke(main, ["scan", "--format", "json", str(tmp_path)])
    told = json.loads(said.stdout)["suggestions"]
    assert {one["id"]: one["preventive"] for one in told} == {
        **{one.id: False for one in report.suggestions},
        "node-modules": True,
        "secret-dotenv": True,
    }


KEPT = b"Dockerfile\n.gitignore\n.dockerignore\n"


def test_with_an_ignore_file_they_are_written_on_request(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    (root / ".dockerignore").write_bytes(KEPT)
    assert not written(root).changes
    one = written(root, choice=Choice(only=("node-modules",)))
    assert ahead(one) == {"**/node_modules"}
    rest = written(root, choice=Choice(preventive=True))
    assert ahead(rest) == {"**/.env"}
    assert not written(root, choice=Choice(preventive=True)).changes


def test_some_may_be_left_out(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    plan = written(root, choice=Choice(skip=("secret-dotenv",)))
    assert ahead(plan) == {"**/node_modules"}


def test_a_dockerfile_may_have_them_in_a_file_of_its_own(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    plan = written(root, choice=Choice(per_dockerfile=True))
    assert ahead(plan) == {"**/node_modules", "**/.env"}
    assert (root / "Dockerfile.dockerignore").exists()
    assert not written(root, choice=Choice(per_dockerfile=True)).changes


@pytest.mark.parametrize(
    ("sample", "command", "lines"),
    [
        pytest.param(
            "VITE_URL=https://a.example",
            "npm run build",
            {"**/node_modules"},
            id="a build that a sample promises values",
        ),
        pytest.param(
            "PASSWORD=changeme",
            "npm run build",
            {"**/node_modules", "**/.env"},
            id="a sample of secrets",
        ),
        pytest.param(
            "VITE_URL=https://a.example",
            "npm prune",
            {"**/node_modules", "**/.env"},
            id="no build of a front end",
        ),
    ],
)
def test_an_environment_file_is_left_to_the_day_when_a_front_end_may_read_it(
    tmp_path: Path, sample: str, command: str, lines: set[str]
) -> None:
    clone = NODE_CLONE._replace(dockerfile=f"{NODE}RUN {command}\n")
    root = lay_out(tmp_path, clone)
    (root / ".env.example").write_text(f"{sample}\n")
    assert ahead(drafted(root).plan(frozenset())) == lines


def test_what_another_dockerfile_names_stays(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    (root / "other.Dockerfile").write_text("FROM a\nCOPY node_modules /m\n")
    assert ahead(drafted(root).plan(frozenset())) == {"**/.env"}
    alone = drafted(root, choice=Choice(per_dockerfile=True)).plan(frozenset())
    assert ahead(alone) == {"**/node_modules", "**/.env"}


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param("node_modules\n", {"**/.env"}, id="is kept out already"),
        pytest.param("!node_modules\n", {"**/.env"}, id="is brought back"),
        pytest.param("!**/node_modules/mine\n", {"**/.env"}, id="is so in part"),
        pytest.param("*\n!package.json\n", set(), id="is not let through anyway"),
        pytest.param(
            "# >>> ctxopt >>>\n#**/.env\n# <<< ctxopt <<<\n",
            {"**/node_modules"},
            id="was declined",
        ),
    ],
)
def test_of_what_an_ignore_file_speaks(
    tmp_path: Path, lines: str, left: set[str]
) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    (root / ".dockerignore").write_text(lines)
    plan = drafted(root, choice=Choice(preventive=True)).plan(frozenset())
    assert ahead(plan) == left


def test_what_the_image_of_another_dockerfile_runs_on_stays(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    other = 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\n'
    (root / "other.Dockerfile").write_text(other)
    assert ahead(drafted(root).plan(frozenset())) == {"**/.env"}


def test_what_git_tracks_is_not_kept_out_when_it_is_not_there(with_git: Path) -> None:
    root = lay_out(with_git, NODE_CLONE)
    entry = bytes(26) + b"\x81\xa4" + bytes(32) + b"\0\4.env" + bytes(6)
    index = b"DIRC\0\0\0\2\0\0\0\1" + entry
    (root / ".git" / "index").write_bytes(index + sha1(index).digest())  # noqa: S324
    assert ahead(drafted(root).plan(frozenset())) == {"**/node_modules"}


@pytest.fixture
def with_git(tmp_path: Path) -> Path:
    """A repository in which nothing is committed."""
    plant(tmp_path, ".git/HEAD:10 .git/objects/ .git/refs/")
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path


def test_a_rule_that_speaks_of_today_has_another_id_for_tomorrow(
    tmp_path: Path,
) -> None:
    root = lay_out(tmp_path, Clone("a.txt:2", ".env\n.env.local\n", PYTHON))
    plant(root, ".env:5")
    report = scanned(root)
    assert "secret-dotenv" in {one.id for one in report.suggestions}
    assert [(one.id, one.patterns) for one in report.preventive] == [
        ("secret-dotenv-ahead", ("**/.env.local",))
    ]
    chosen = Choice(only=("secret-dotenv-ahead",))
    both = drafted(root).plan(frozenset()).after or b""
    assert both.count(b"# secret-dotenv") == 1  # in the block it is all the same
    assert ahead(written(root, choice=chosen)) == {"**/.env.local"}
    assert not written(root, choice=chosen).changes  # no slip, and nothing new


def test_in_packages_that_stay_only_the_folders_beside_a_manifest_go(
    tmp_path: Path,
) -> None:
    clone = Clone("package.json:2", "node_modules\nbuild/\n.venv\n", "")
    # The packages of this machine run in the image, whatever else it builds.
    dockerfile = "FROM gradle\nCOPY . .\nRUN gradle build\nCMD node a.js\n"
    root = lay_out(tmp_path, clone._replace(dockerfile=dockerfile))
    plant(root, "build.gradle:2")
    assert ahead(drafted(root).plan(frozenset())) == {"build"}


def said(root: Path, *options: str) -> Sequence[str]:
    done = CliRunner().invoke(main, ["scan", *options, str(root)])
    assert done.exit_code == 0
    return done.stdout.splitlines()


def test_a_clean_clone_is_told_of_them_in_one_line(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    (root / ".dockerignore").write_bytes(KEPT)
    lines = said(root)
    at = next(at for at, one in enumerate(lines) if one.startswith("Nothing to"))
    # One line, were the path not as long.
    assert " ".join(" ".join(lines[at + 1 : at + 4]).split()).startswith(
        "2 lines for what git ignores and is not there yet: "
        f"ctxopt write --preventive {root}"
    )


def test_a_first_ignore_file_says_what_comes_with_it(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE._replace(files="package.json:2 .DS_Store:9"))
    words = "With it come 2 lines for what git ignores and is not there yet."
    assert words in said(root)
    assert not any("--preventive" in line for line in said(root))


def test_without_a_line_of_git_nothing_is_said(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    (root / ".gitignore").unlink()
    assert scanned(root).preventive == ()


@pytest.mark.parametrize("option", ["--remove", "--allow-list"])
def test_they_are_part_of_what_is_suggested(tmp_path: Path, option: str) -> None:
    done = CliRunner().invoke(main, ["write", "--preventive", option, str(tmp_path)])
    assert done.exit_code == 2
    assert "exclude each other" in done.stderr


def test_check_is_red_where_a_first_file_would_be_written(tmp_path: Path) -> None:
    root = lay_out(tmp_path, NODE_CLONE)
    runs = [
        CliRunner().invoke(main, ["write", option, str(root)])
        for option in ("--check", "--yes", "--check")
    ]
    assert [run.exit_code for run in runs] == [1, 0, 0]
    assert parse((root / ".dockerignore").read_bytes(), "x").patterns


def test_a_folder_with_many_parts_is_looked_through_within_bounds(
    tmp_path: Path,
) -> None:
    parts = " ".join(f"p{number:03}/package.json:2" for number in range(150))
    root = lay_out(tmp_path, Clone(f"package.json:2 {parts}", "dist/\n", NODE))
    assert ahead(drafted(root).plan(frozenset())) == set()  # nothing builds it
    root.joinpath("Dockerfile").write_text(f"{NODE}RUN npm run build\n")
    assert ahead(drafted(root).plan(frozenset())) == {"dist"}  # only it is built
