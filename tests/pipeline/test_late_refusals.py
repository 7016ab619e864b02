"""What BuildKit refuses after it has read a Dockerfile, and other builders do not.

As a BuildKit of August 2026 said it; each row was built there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Request, Severity
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.report import analyze

OTHERS = [one for one in BuilderName if one is not BuilderName.BUILDKIT]


def errors(root: Path, text: bytes, builder: BuilderName) -> list[tuple[str, int]]:
    """Codes and lines of what breaks the build of a file `a`."""
    (root / "a").write_bytes(b"x")
    (root / "Dockerfile").write_bytes(b"FROM scratch\n" + text)
    report = analyze(Request(root, builder=builder))
    found = [one for one in report.problems if one.severity is Severity.ERROR]
    return [(one.code, one.line or 0) for one in found]


def test_a_command_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CtxoptError) as refused:
        errors(tmp_path, b"COPY a /\nRUN echo caf\xe9\n", BuilderName.BUILDKIT)
    assert str(refused.value).startswith(
        "Dockerfile:3: failed to marshal LLB definition: "
        "string field contains invalid UTF-8"
    )
    assert r"caf\xe9" in str(refused.value)


@pytest.mark.parametrize("builder", OTHERS)
def test_others_run_it_as_it_is(tmp_path: Path, builder: BuilderName) -> None:
    assert errors(tmp_path, b"COPY a /\nRUN echo caf\xe9\n", builder) == []


def test_an_owner_is_told_beside_a_source_that_is_missing(tmp_path: Path) -> None:
    told = errors(tmp_path, b"COPY --chown=app a b /x/\n", BuilderName.BUILDKIT)
    assert sorted(told) == [("homeless-owner", 2), ("source-missing", 2)]


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("b/c", "open /b/c: no such file or directory"),
        ("/b/c", "open /b/c: no such file or directory"),
        ("../b/c", "open /b/c: no such file or directory"),
        (".", "open : is a directory"),
        ("..", "open : is a directory"),
        ("b", ""),
        ("./b", ""),
        ("*", ""),
    ],
)
def test_a_heredoc_is_made_a_file_by_its_name(
    tmp_path: Path, name: str, failure: str
) -> None:
    text = f"FROM scratch\nCOPY <<{name} /x/\nhi\n{name}\n"
    (tmp_path / "Dockerfile").write_text(text)
    problems = analyze(Request(tmp_path)).problems
    found = [one.message for one in problems if one.severity is Severity.ERROR]
    said = f'"<<{name}" cannot be made a file; the build fails: {failure}'
    assert found == ([said] if failure else [])
    assert all(one.code != "heredoc-name" or one.line == 2 for one in problems)
