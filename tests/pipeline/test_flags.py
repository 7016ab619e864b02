"""`--exclude` that takes nothing away, or less than it looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Problem, Request, Severity
from ctxopt.pipeline.simulation import NewIgnoreFile, simulate
from tests.texttree import plant

WARNING, NOTE = Severity.WARNING, Severity.NOTE
TREE = "one/x two a.txt lib/a.1 lib/b lib/deep/a.1 src/test/t src/app/b kept/out/k"


def told(root: Path, lines: str, **options: object) -> list[Problem]:
    plant(root, TREE)
    (root / "Dockerfile").write_text(f"FROM scratch\n{lines}\n")
    (root / ".dockerignore").write_text("kept/out\n")
    request = Request(str(root))._replace(**options)  # type: ignore[arg-type]
    found = pipeline.analyze(request).problems
    return [one for one in found if one.code.endswith("-exclude")]


@pytest.mark.parametrize(
    ("lines", "severity", "said", "cure"),
    [
        pytest.param(
            "COPY --exclude=one * /x/",
            WARNING,
            '"one" is a source itself',
            "take the flag out",
            id="a wildcard hits it: moby/buildkit#5489",
        ),
        pytest.param(
            "COPY --exclude=two two a.txt /x/",
            WARNING,
            '"two" is a source itself',
            "take the flag out",
            id="a file that is named",
        ),
        pytest.param(
            "COPY --exclude=src/test src /x/",
            WARNING,
            'patterns start inside "src"',
            "write --exclude=test",
            id="a path from the context",
        ),
        pytest.param(
            "COPY --exclude=./src/version.py ./src/ /x/",
            WARNING,
            'patterns start inside "src"',
            "write --exclude=version.py",
            id="a path from the context that is made later: searxng",
        ),
        pytest.param(
            "COPY --exclude=srcs/version.py src /x/",
            NOTE,
            "takes nothing away of what is there now",
            "take the flag out",
            id="another folder's path",
        ),
        pytest.param(
            "COPY --exclude=/one . /x/",
            WARNING,
            "begins without a slash",
            "write --exclude=one",
            id="a slash in front",
        ),
        pytest.param(
            "ARG E=one\nCOPY --exclude=$E . /x/",
            WARNING,
            "variables are not expanded",
            "correct the pattern",
            id="a variable",
        ),
        pytest.param(
            "ADD --exclude=*.pyc src /x/",
            NOTE,
            "of what is there now",
            "correct the pattern",
            id="by way of precaution",
        ),
        pytest.param(
            "COPY --exclude=k kept /x/",
            NOTE,
            "of what is there now",
            "correct the pattern",
            id="what the ignore file keeps out anyway",
        ),
    ],
)
def test_an_exclude_that_takes_nothing_away_is_told(
    tmp_path: Path, lines: str, severity: Severity, said: str, cure: str
) -> None:
    (problem,) = told(tmp_path, lines)
    assert (problem.code, problem.severity) == ("idle-exclude", severity)
    assert said in problem.message
    assert cure in (problem.hint or "")
    assert problem.line == lines.count("\n") + 2


@pytest.mark.parametrize(
    ("lines", "severity", "left", "cure"),
    [
        pytest.param(
            "COPY --exclude=*.1 lib /x/",
            NOTE,
            "lib/deep/a.1",
            "write --exclude=**/*.1",
            id="moby/buildkit#5509",
        ),
        pytest.param(
            "COPY --exclude=*.1 l* /x/", NOTE, "lib/deep/a.1", "**/*.1", id="a wildcard"
        ),
        pytest.param(
            "COPY --exclude=t src /x/", WARNING, "src/test/t", "**/t", id="only deeper"
        ),
        pytest.param(
            "COPY --parents --exclude=a.1 lib /x/",
            WARNING,
            "lib/a.1",
            "**/a.1",
            id="with --parents patterns start at the context",
        ),
    ],
)
def test_an_exclude_that_leaves_the_same_names_deeper_is_told(
    tmp_path: Path, lines: str, severity: Severity, left: str, cure: str
) -> None:
    (problem,) = told(tmp_path, lines)
    assert (problem.code, problem.severity) == ("shallow-exclude", severity)
    assert f'"{left}"' in problem.message
    assert cure in (problem.hint or "")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("COPY --exclude=x one /x/", id="below its source"),
        pytest.param("COPY --exclude=test src lib /x/", id="below one of the sources"),
        pytest.param("COPY --exclude=**/*.1 . /x/", id="at any depth"),
        pytest.param("COPY --exclude=src/test . /x/", id="a path, from the context"),
        pytest.param("COPY --parents --exclude=lib/a.1 lib /x/", id="with --parents"),
        pytest.param("COPY --exclude=*.1 --exclude=deep lib /x/", id="two together"),
        pytest.param("COPY --exclude=* --exclude=!b lib /x/", id="an exception"),
        pytest.param("COPY --exclude=b nosuch /x/", id="there is no source at all"),
        pytest.param("COPY --exclude=[ lib /x/", id="one that is refused"),
        pytest.param("COPY lib /x/", id="none"),
        pytest.param("COPY --from=x:1 --exclude=b /lib /x/", id="of an image"),
    ],
)
def test_an_exclude_that_does_what_it_says_is_no_news(
    tmp_path: Path, lines: str
) -> None:
    assert told(tmp_path, lines) == []


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        pytest.param("*/s", ["idle-exclude"], id="a wildcard hits the link"),
        pytest.param("base/*/s", [], id="it starts from one"),
        pytest.param("lnk/s", [], id="one is named"),
    ],
)
def test_a_flag_takes_nothing_away_behind_a_link(
    tmp_path: Path, source: str, codes: list[str]
) -> None:
    plant(tmp_path, "a/s/t deep/b/s/md lnk->deep/b base->deep")
    found = told(tmp_path, f"COPY deep /y/\nCOPY --exclude=md {source} /x/")
    assert [one.code for one in found] == codes


def test_the_legacy_builder_knows_no_exclude(tmp_path: Path) -> None:
    line = "COPY --exclude=one * /x/"
    assert told(tmp_path, line, builder=BuilderName.LEGACY) == []


def test_a_named_context_is_looked_at_too(tmp_path: Path) -> None:
    plant(tmp_path / "shared", "d/a.1 b.1")
    contexts = {"s": str(tmp_path / "shared")}
    line = "COPY --from=s --exclude=*.1 . /x/"
    (problem,) = told(tmp_path, line, build_contexts=contexts)
    assert '"d/a.1"' in problem.message


def test_what_is_left_out_is_not_looked_through(tmp_path: Path) -> None:
    plant(tmp_path, "big/in/side")
    lines = "COPY --exclude=big --exclude=side . /x/"
    (problem,) = told(tmp_path, lines)
    assert (problem.code, problem.subject) == ("idle-exclude", "side")


def test_lines_that_leave_an_exclude_idle_are_written_all_the_same(
    tmp_path: Path,
) -> None:
    """What `--exclude` takes away already is no reason to send it."""
    plant(tmp_path, "app/x.py app/__pycache__/x.pyc app/__pycache__/y.pyc")
    line = "COPY --exclude=__pycache__ app /x/"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{line}\n")
    change = NewIgnoreFile(
        content=b"**/__pycache__\n",
        path=str(tmp_path / ".dockerignore"),
        shown=".dockerignore",
        announced=None,
    )
    simulate(Request(str(tmp_path)), change)
