"""Ten builds of one root in a single walk, beside one of them.

    python -m benchmarks.builds DIR

Nine copy a folder each and one copies all; ten copy all and have an ignore file each.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tree
from ctxopt.core.model import Request
from ctxopt.host.git.lines import git_ignored
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.several import survey_all
from ctxopt.pipeline.survey.survey import survey

COUNT = 10
ALL = "."


def job(root: Path, dockerfile: Path, source: str, lines: str = "") -> MeasureJob:
    """What a scan asks of a build; `lines` are those that only its ignore file has."""
    dockerfile.write_text(f"FROM scratch\nCOPY {source} /app/\n", encoding="utf-8")
    if lines:
        own = dockerfile.with_name(f"{dockerfile.name}.dockerignore")
        own.write_text(tree.DOCKERIGNORE + lines, encoding="utf-8")
    build = read_build(Request(str(root), str(dockerfile)))
    asked = build.job(build.main, top=15, depth=3)
    return asked._replace(
        rule_index=rule_index_of(build), ignored=git_ignored(build.main.path)
    )


def folders(root: Path) -> list[str]:
    """Folders that a build would copy, as many as there are builds, or fewer."""
    inside = sorted((root / "services").glob("*/")) or sorted(root.glob("*/"))
    return [str(path.relative_to(root)) for path in inside[:COUNT]]


def copying(root: Path, desk: Path) -> list[MeasureJob]:
    """Each copies a folder of its own, and the last one all."""
    sources = [*folders(root)[: COUNT - 1], ALL]
    return [
        job(root, desk / f"{number}.Dockerfile", source)
        for number, source in enumerate(sources)
    ]


def ignoring(root: Path, desk: Path) -> list[MeasureJob]:
    """Each copies all, but for a folder that its own ignore file keeps out."""
    return [
        job(root, desk / f"own-{number}.Dockerfile", ALL, f"{folder}\n")
        for number, folder in enumerate(folders(root))
    ]


def seconds_of(jobs: Sequence[MeasureJob]) -> tuple[float, float]:
    """What the last job takes alone, and all of them together."""
    start = time.perf_counter()
    survey(jobs[-1])
    between = time.perf_counter()
    survey_all(jobs)
    return between - start, time.perf_counter() - between


def main() -> None:
    """Print the seconds of both tens, and of one of each."""
    root = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as made:
        one, ten = seconds_of(copying(root, Path(made)))
        own, own_ten = seconds_of(ignoring(root, Path(made)))
    print(
        json.dumps(
            {"one copy": one, "ten copies": ten, "one own": own, "ten own": own_ten}
        )
    )


if __name__ == "__main__":
    main()
