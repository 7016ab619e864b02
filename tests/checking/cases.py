"""A case of a check: a small build, and what has to be found in it.

case = Check("FROM scratch; COPY a /", files="b", finds="CTX102 Dockerfile:2")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ctxopt.core.checking.records import CheckReport, Diagnostic
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.model import Request
from ctxopt.pipeline.check.checking import check
from tests.suggesting.cases import commit, put


class Check(NamedTuple):
    """What lies there, and what a check says of it.

    Lines of the Dockerfile and of the ignore file, files (`path`, `path = text` or
    `path * bytes`) and finds (`CTX102 Dockerfile:2`, the place may be left out) stand
    between `; `. A row that leaves something alone names that in `silent`.
    """

    dockerfile: str
    ignore: str | None = None
    files: str = ""
    finds: str = ""
    silent: str = ""
    says: str = ""  # is in a message of what is found
    cure: str = ""  # is in what to do
    builder: str = "buildkit"
    settings: CheckSettings = CheckSettings()
    tracked: str = ""  # paths that git tracks, between blanks; none: no repository


def lay_out(case: Check, root: Path) -> None:
    """Make the context of a case."""
    for line in filter(None, case.files.split("; ")):
        put(root, line)
    _write(root / "Dockerfile", case.dockerfile)
    if case.ignore is not None:
        _write(root / ".dockerignore", case.ignore)
    if case.tracked:
        commit(root, case.tracked.split())


def _write(path: Path, lines: str) -> None:
    path.write_text(lines.replace("; ", "\n") + "\n", encoding="utf-8")


def checked(case: Check, root: Path) -> CheckReport:
    """What the check of a case finds."""
    lay_out(case, root)
    return check(Request(str(root), builder=case.builder), case.settings)


def wrong(case: Check, root: Path) -> list[str]:
    """What is wrong with what is found; nothing where the case holds."""
    report = checked(case, root)
    found = [*map(place_of, report.diagnostics)]
    wanted = [*filter(None, case.finds.split("; "))]
    numbers = {one.rule.number for one in report.diagnostics}
    missing = [one for one in wanted if one not in found and one not in numbers]
    unwanted = [one for one in case.silent.split() if one in numbers]
    told = [one for one in report.diagnostics if one.rule.number in case.finds]
    return [
        *(f"not found: {one}; but {found}" for one in missing),
        *(f"found: {one} in {found}" for one in unwanted),
        *_unsaid(case.says, [one.problem.message for one in told]),
        *_unsaid(case.cure, [one.problem.hint or "" for one in told]),
    ]


def place_of(one: Diagnostic) -> str:
    """A diagnostic as cases name it: `CTX102 Dockerfile:2`."""
    problem = one.problem
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{one.rule.number} {place}" if place else one.rule.number


def _unsaid(words: str, told: list[str]) -> Iterator[str]:
    if words and not any(words in one for one in told):
        yield f"nobody says {words!r}: {told}"


def numbers_of(cases: Mapping[str, Check]) -> set[str]:
    """The rules that a table has a case for: found in it, or left alone."""
    named = " ".join(f"{one.finds} {one.silent}" for one in cases.values())
    return {word for word in named.replace(";", " ").split() if word.startswith("CTX")}
