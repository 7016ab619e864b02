"""What `ctxopt why --build-log` says of recorded logs, in the context they came from.

Logs, Dockerfiles and ignore files are in `fixtures/buildlogs`; its README says which
program printed which. The page is wide, and its lines are joined.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from tests.texttree import plant

LOGS = Path(__file__).parent.parent / "fixtures" / "buildlogs"

NO_YARN_LOCK = '"yarn.lock" is not in the context; the build fails: '
GIVE_VERSION = (
    '$VERSION has no value, so that "app-.jar" is meant: give --build-arg VERSION=VALUE'
)
MAY_NOT_READ = (
    '"src/priv" may not be read by whoever starts the build; make it readable, or keep '
    "it out with a line in the ignore file. "
    '"src/priv" is in the context, and COPY src/ /x/ (Dockerfile:2) takes it'
)
WITHOUT_SLASH = (
    'Dockerfile:2 COPY a b dest: a "a" and "b" go to "dest", which does not end with a '
    "slash; the build fails: When using COPY with more than one source file, the "
    'destination must be a directory and end with a / write "dest/", with a slash at '
    "its end"
)
FROM_DEPS = (
    'Not about the context: "app/dist" is looked for in "deps" (a stage, an image or a '
    "named context); make it there, or correct the path."
)
NO_IMAGE = (
    'Not about the context: the image "{}" was not had from its registry; check its '
    "name, its tag, its platform and docker login."
)
MEANT_YAML = 'Dockerfile:4 COPY config.yml /app/ "config.yml" is not in the context; '
ADD_LINE = 'add the line "!scripts/x.sh" below line 1 of .dockerignore'

# Log, the tree that was built, and what is said besides docker's own words.
ABOUT_THE_CONTEXT = [
    ("missing/legacy", "config.yaml", MEANT_YAML),
    ("missing/legacy", "config.yaml", 'did you mean "config.yaml"?'),
    ("missing/buildkit-20.10", "config.yaml", 'did you mean "config.yaml"?'),
    ("missing/buildkit", "config.yaml", 'did you mean "config.yaml"?'),
    ("missing/rawjson", "config.yaml", 'did you mean "config.yaml"?'),
    ("missing/terminal", "config.yaml", 'did you mean "config.yaml"?'),
    ("ignored/legacy", "a.txt scripts/x.sh", ADD_LINE),
    ("ignored/buildkit-20.10", "a.txt scripts/x.sh", ADD_LINE),
    ("ignored/buildkit", "a.txt scripts/x.sh", ADD_LINE),
    ("ignored/rawjson", "a.txt scripts/x.sh", ADD_LINE),
    (
        "outside/legacy",
        "",
        (
            '"../shared/f.txt" lies outside the context; the build fails: COPY failed: '
            "forbidden path outside the build context: ../shared/f.txt () a build sees "
            "nothing above its context"
        ),
    ),
    (
        "outside/buildkit",
        "",
        (
            'COPY ../shared/f.txt /app/ "shared/f.txt" is not in the context; the '
            'build fails: "/shared/f.txt": not found a build sees nothing above its '
            "context"
        ),
    ),
    (
        "mount-of-git/buildkit",
        ".git/HEAD",
        (
            '".git" is there, but .dockerignore:1 (".git") keeps it out; the build '
            'fails: "/.git": not found add the line "!.git" below line 1 of '
            ".dockerignore"
        ),
    ),
    ("several-lines/legacy", "package.json", NO_YARN_LOCK),
    ("several-lines/buildkit-20.10", "package.json", NO_YARN_LOCK),
    ("several-lines/terminal", "package.json", NO_YARN_LOCK),
    ("unset-argument/legacy", "", GIVE_VERSION),
    ("unset-argument/buildkit", "", GIVE_VERSION),
    ("unreadable/legacy", "src/priv/a src/b", MAY_NOT_READ),
    ("unreadable/buildkit-20.10", "src/priv/a src/b", MAY_NOT_READ),
    ("unreadable/buildkit", "src/priv/a src/b", MAY_NOT_READ),
    (
        "wildcard/legacy",
        "",
        (
            'COPY *.jar /app/ "*.jar" matches nothing; the build fails: COPY failed: '
            "no source files were specified correct the pattern"
        ),
    ),
    (
        "wildcard-below/buildkit",
        "",
        'COPY nodir/*.txt /x/ nothing of "nodir" is sent for "nodir/*.txt"',
    ),
    ("wildcard-below/legacy", "", '"nodir/*.txt" matches nothing; the build fails'),
    ("several-files/legacy", "a b", WITHOUT_SLASH),
    ("link-in-circles/legacy", "l->l", 'the link "l" leads in circles'),
    ("link-in-circles/buildkit-20.10", "l->l", 'the link "l" leads in circles'),
    ("link-in-circles/buildkit", "l->l", 'the link "l" leads in circles'),
    (
        "onbuild/legacy",
        "",
        'Dockerfile:2 ONBUILD COPY requirements.txt /r/ "requirements.txt" is not in',
    ),
    (
        "onbuild/buildkit",
        "",
        'Dockerfile:2 ONBUILD COPY requirements.txt /r/ "requirements.txt" is not in',
    ),
    ("below-a-file/buildkit-20.10", "a", '"a/b.txt" is not in the context'),
    (
        "onto-a-file/buildkit",
        "a d/f",
        'A file and a folder meet at "x" in the image; copy them to different places.',
    ),
    (
        "bad-pattern/buildkit",
        "",
        'As the files are now: .dockerignore:1: syntax error in pattern in "[a-"',
    ),
    (
        "bad-pattern/legacy",
        "",
        'As the files are now: .dockerignore:1: syntax error in pattern in "[a-"',
    ),
    (
        "no-dockerfile/legacy",
        "Containerfile",
        (
            '"/home/me/no-dockerfile/Dockerfile" was looked for as the Dockerfile and '
            "was not there; give its path, from the current folder, with -f."
        ),
    ),
    ("no-dockerfile/buildkit", "Containerfile", 'there is "Containerfile": say -f'),
    (
        "no-dockerfile/no-folder",
        "",
        'The folder "/home/me/nosuchdir" was given as context and was not there',
    ),
]
ABOUT_ELSE = [
    ("from-stage/legacy", "a.txt", FROM_DEPS),
    ("from-stage/buildkit-20.10", "a.txt", FROM_DEPS),
    ("from-stage/buildkit", "a.txt", FROM_DEPS),
    ("image/legacy", "a", NO_IMAGE.format("no-such-registry.invalid/nosuch:1")),
    ("image/buildkit", "a", NO_IMAGE.format("no-such-registry.invalid/nosuch:1")),
    ("older/pull-denied-20.10", "a", NO_IMAGE.format("acme/base")),
    ("older/no-manifest-24", "a", NO_IMAGE.format("docker.io/library/python:3.99")),
    (
        "mistyped-stage/buildkit",
        "a",
        (
            'the image "docker.io/library/biuld:latest" was not had from its registry; '
            'did you mean the stage "build"?'
        ),
    ),
    (
        "mistyped-stage/legacy",
        "a",
        'the image "biuld" was not had from its registry; did you mean the stage',
    ),
    (
        "command-fails/buildkit",
        "a",
        (
            "Not about the context: a command of the build failed, and the log says "
            "above why; if a file is missing there, ctxopt why FILE tells whether it "
            "was sent."
        ),
    ),
    (
        "target/legacy",
        "a",
        'Not about the context: no stage is called "biuld"; did you mean "build"?',
    ),
    (
        "target/buildkit",
        "a",
        'Not about the context: no stage is called "biuld"; did you mean "build"?',
    ),
    (
        "unknown-instruction/buildkit",
        "a",
        (
            "Not about the context: the builder refuses the Dockerfile at line 3; "
            "correct what it names there. As the files are now: Dockerfile:3: unknown "
            "instruction"
        ),
    ),
    (
        "older-builder/legacy",
        "src/x.txt",
        (
            "refuses the Dockerfile at line 2; correct what it names there. As the "
            "files are now: Dockerfile:2: --parents needs BuildKit"
        ),
    ),
    (
        "older-builder/buildkit-20.10",
        "src/x.txt",
        (
            "As the file is now, a builder of today takes it: the one that made the "
            "log may be older, or the file was another one."
        ),
    ),
    (
        "needs-buildkit/legacy",
        "a",
        (
            "Not about the context: --chmod needs BuildKit, and the legacy builder was "
            "asked; build without DOCKER_BUILDKIT=0 and with buildx, or leave it out."
        ),
    ),
    ("ok/legacy", "a", "The build by the legacy builder in build.log succeeded"),
    (
        "ok/buildkit",
        "a",
        "The build by BuildKit in build.log succeeded: it has no error",
    ),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command is typed in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def lay_out(folder: Path, log: str, tree: str) -> None:
    """Make the context that a log came from, with the log beside it."""
    recorded = LOGS / log.partition("/")[0]
    plant(folder, tree)
    for name, here in (("Dockerfile", "Dockerfile"), ("dockerignore", ".dockerignore")):
        if (recorded / name).is_file():
            (folder / here).write_bytes((recorded / name).read_bytes())
    (folder / "build.log").write_bytes((LOGS / f"{log}.log").read_bytes())


def ask(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["why", "--build-log", *arguments], input=stdin)


def said(result: Result) -> str:
    return " ".join(result.stdout.split())


@pytest.mark.parametrize(("log", "tree", "sentence"), ABOUT_THE_CONTEXT)
def test_an_error_about_the_context_is_explained(
    folder: Path, log: str, tree: str, sentence: str
) -> None:
    lay_out(folder, log, tree)
    result = ask("build.log")
    assert sentence in said(result)
    assert "failed: 1 error, about the context." in said(result)
    assert result.exit_code == 1


@pytest.mark.parametrize(("log", "tree", "sentence"), ABOUT_ELSE)
def test_what_is_not_about_the_context_says_so(
    folder: Path, log: str, tree: str, sentence: str
) -> None:
    lay_out(folder, log, tree)
    result = ask("build.log")
    assert sentence in said(result)
    assert "error, about the context." not in said(result)
    assert result.exit_code == 0


def test_each_error_of_a_log_has_its_own_source(folder: Path) -> None:
    lay_out(folder, "two-stages/buildkit", "")
    result = ask("build.log")
    assert "failed: 2 errors, about the context." in said(result)
    first, second = (
        said(result).index(f"Dockerfile:{line} COPY {name} /")
        for line, name in ((4, "y.txt"), (2, "x.txt"))
    )
    assert first < second


def test_a_step_that_failed_without_a_word_is_looked_at_too(folder: Path) -> None:
    """On a terminal one of them has its words, and the others their names."""
    lay_out(folder, "two-stages/terminal-20.10", "")
    told = said(ask("build.log"))
    assert "COPY y.txt / failed Dockerfile:4 COPY y.txt /" in told
    assert '"y.txt" is not in the context; the build fails: "/y.txt": not found' in told


def test_the_line_that_the_log_shows_picks_the_source(folder: Path) -> None:
    """Two instructions ask for the same path, and one of them is not of this stage."""
    lay_out(folder, "missing/buildkit", "")
    (folder / "Dockerfile").write_text(
        "FROM scratch AS a\nCOPY config.yml /one\nFROM scratch\n"
        "COPY config.yml /app/\nCOPY --from=a /one /two\n"
    )
    told = said(ask("build.log"))
    assert "Dockerfile:4 COPY config.yml /app/" in told
    assert "Dockerfile:2" not in told


@pytest.mark.parametrize("builder", ["legacy", "buildkit"])
def test_the_builder_that_made_the_log_is_asked(folder: Path, builder: str) -> None:
    lay_out(folder, "missing/legacy", "")
    result = ask("build.log", "--builder", builder, "--json")
    assert json.loads(result.stdout)["request"]["builder"] == "legacy"


def test_what_is_found_now_says_why_the_build_had_it_not(folder: Path) -> None:
    """The log is of a runner of CI, which checks out what git has."""
    lay_out(folder, "older/gitlab-17", "config.yml")
    (folder / "Dockerfile").write_text("FROM scratch\n\n\nCOPY config.yml /app/\n")
    (folder / ".gitignore").write_text("*.yml\n")
    subprocess.run(["git", "init", "-q", "."], check=True)
    told = said(ask("build.log"))
    assert (
        "Dockerfile:4 COPY config.yml /app/ - found It is found now: the build had "
        "other files, or another context (-C); git ignores it" in told
    )
    assert "git ignores it, so that a fresh checkout, as in CI, has none." in told
    assert '"config.yml" is in the context, and COPY config.yml /app/' in told


def test_a_named_context_is_looked_at_if_it_is_given(folder: Path) -> None:
    """The log alone cannot tell it from a stage or an image."""
    lay_out(folder, "named-context/buildkit", "shared/conf.yaml")
    told = ask("build.log", "--build-context", "shared=shared")
    assert 'the build fails: "/conf.yml": not found did you mean "conf.yaml"?' in said(
        told
    )
    assert told.exit_code == 1
    told = ask("build.log")
    assert 'is looked for in "shared" (a stage, an image or a named context)' in said(
        told
    )
    assert told.exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            'ERROR: "docker buildx build" requires exactly 1 argument.', id="buildx"
        ),
        pytest.param('"docker build" requires exactly 1 argument.', id="docker 20.10"),
        pytest.param("docker: 'docker build' requires 1 argument", id="docker 28"),
    ],
)
def test_a_build_without_a_context_is_told_so(line: str) -> None:
    told = said(ask("-", stdin=f"{line}\n".encode()))
    assert (
        'No context was given; end the command with its folder: "docker build .".'
        in told
    )


def test_a_log_of_another_dockerfile_says_which(folder: Path) -> None:
    lay_out(folder, "older/bake-0.24-github-actions", "services/api/main.go")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    assert (
        "The log is of api.Dockerfile, and Dockerfile was read here: give it with -f. "
        '"services/api/go.mod" is not in the context' in said(ask("build.log"))
    )


def test_a_log_of_another_dockerfile_says_so_beside_a_source(folder: Path) -> None:
    lay_out(folder, "older/bake-0.24-github-actions", "")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY services/api/go.mod /\n")
    told = said(ask("build.log"))
    assert "Dockerfile:2 COPY services/api/go.mod /" in told
    assert "The log is of api.Dockerfile, and Dockerfile was read here" in told


def test_a_source_that_the_dockerfile_no_longer_has(folder: Path) -> None:
    lay_out(folder, "missing/buildkit-20.10", "")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    assert (
        'No source of Dockerfile asks for "config.yml" now: the log is of another '
        "Dockerfile (-f) or target, or of another state of it."
        in said(ask("build.log"))
    )


def test_standard_input_is_read_like_a_file(folder: Path) -> None:
    lay_out(folder, "missing/buildkit", "config.yaml")
    log = (folder / "build.log").read_bytes()
    assert ask("-", stdin=log).stdout == ask("build.log").stdout.replace(
        "build.log", "standard input"
    )


def test_programs_get_each_error_with_its_sources(folder: Path) -> None:
    lay_out(folder, "missing/buildkit", "config.yaml")
    result = ask("build.log", "--format", "json")
    log = json.loads(result.stdout)["log"]
    (error,) = log.pop("errors")
    (source,) = error.pop("sources")
    assert log == {
        "file": "build.log",
        "builder": "buildkit",
        "outcome": "failed",
        "about_context": True,
        "summary": "The build by BuildKit in build.log failed: 1 error, about the "
        "context.",
    }
    assert error == {
        "log_line": 14,
        "message": '"/config.yml": not found',
        "cause": "source-not-found",
        "about_context": True,
        "subject": "config.yml",
        "instruction": "COPY config.yml /app/",
        "file": "Dockerfile",
        "line": 4,
        "end_line": 4,
        "said": [],
        "found_now": False,
        "path": None,
    }
    assert source["problem"]["hint"] == 'did you mean "config.yaml"?'


@pytest.mark.parametrize("log", ["missing/buildkit", "image/legacy", "ok/legacy"])
def test_the_fields_of_the_json_are_always_the_same(folder: Path, log: str) -> None:
    lay_out(folder, log, "a")
    told = CliRunner().invoke(main, ["why", "--json"]).stdout
    assert list(json.loads(ask("build.log", "--json").stdout)) == list(json.loads(told))


def test_the_reference_names_every_field_of_an_error(folder: Path) -> None:
    text = (LOGS.parents[1] / "docs" / "reference" / "json.md").read_text()
    lay_out(folder, "missing/buildkit", "")
    log = json.loads(ask("build.log", "--json").stdout)["log"]
    (row,) = [line for line in text.splitlines() if line.startswith("| `log` |")]
    assert [*log] == re.findall("`(\\w+)`", row.split("|")[2])
    (error,) = log["errors"]
    below = text.split("Of a log, `builder` is")[1].split("## A check")[0]
    assert [field for field in error if f"`{field}`" not in below] == []


def test_programs_get_the_log_where_the_build_cannot_be_read(folder: Path) -> None:
    lay_out(folder, "no-dockerfile/buildkit", "")
    (error,) = json.loads(ask("build.log", "--json").stdout)["log"]["errors"]
    assert error["cause"] == "no-dockerfile"
    assert "failed to read dockerfile" in error["said"][1]


@pytest.mark.parametrize(
    ("arguments", "log", "message"),
    [
        pytest.param(["-"], b"", "standard input: the log is empty", id="nothing"),
        pytest.param(
            ["-"],
            b"make: *** [all] Error 1\n",
            'no line of docker is in this log: "failed to solve", "COPY failed"',
            id="the log of something else",
        ),
        pytest.param(
            ["-"],
            b"#1 [internal] load build definition from Dockerfile\n",
            "no error is in this log, and not the end of its build either",
            id="the beginning of a log",
        ),
        pytest.param(
            ["-", "a.txt"],
            b"x",
            "--build-log and a PATH do not go together",
            id="a path",
        ),
        pytest.param(
            ["-", "-f", "-"], b"x", "standard input cannot be both", id="both of stdin"
        ),
        pytest.param(["nosuch.log"], b"", "nosuch.log", id="no such file"),
    ],
)
def test_what_is_no_log_is_refused(
    folder: Path, arguments: list[str], log: bytes, message: str
) -> None:
    plant(folder, "Dockerfile")
    result = ask(*arguments, stdin=log)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
