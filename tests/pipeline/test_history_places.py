"""Whether what a build runs in some folder reads `.git` of the context."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import GOES, STAYS, outcome, scanned
from tests.pipeline.test_history import ALL, GIT, GO, Row

CLONE = f"FROM a\n{ALL}RUN git clone https://x/y.git"
READ = (
    Row("git, and a clone elsewhere", f"{CLONE} /y && git describe\n", GO),
    Row(
        "git in a folder of mkdir, and a clone elsewhere",
        f"{CLONE} /y && mkdir b && cd b && git describe\n",
    ),
    Row(
        "git in a folder of WORKDIR, and a clone elsewhere",
        f"{CLONE} /y\nWORKDIR /a/b\nRUN git describe && git clone z /z\n",
    ),
    Row(
        "git in a folder of mkdir, beside a clone of any name",
        f"FROM a\nARG U\n{ALL}RUN git clone $U && mkdir b && cd b && git describe\n",
    ),
    Row(
        "git in a folder that a test makes a repository",
        f"FROM a\n{ALL}RUN mkdir b; [ $X ] && git init b; cd b; git describe\n",
    ),
    Row(
        "git where the image begins, and a clone elsewhere",
        "FROM b\nCOPY . /a\nRUN git clone u /y && git describe\n",
    ),
    Row("git in a repository begun anew", f"FROM a\n{ALL}RUN git init && git log\n"),
)
NOT_READ = (
    Row("git in a clone by its name", f"{CLONE} && cd y && git checkout v1\n"),
    Row(
        "git in a clone of any name",
        f"FROM a\nARG U\n{ALL}RUN git clone $U && cd y && git checkout v1\n",
    ),
    Row(
        "git in a clone with options",
        f"FROM a\n{ALL}RUN git clone --depth 1 -b v1 u lib && git -C lib log\n",
    ),
    Row(
        "git in a clone of the same branch",
        f"FROM a\n{ALL}RUN if [ $X ]; then git clone u b; cd b; git checkout v1; fi\n",
    ),
    Row(
        "git in a clone where the image begins",
        "FROM b\nCOPY . /a\nRUN git clone u/y && cd y && git describe\n",
    ),
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        *(pytest.param(one, STAYS, id=f"{one.id} reads it") for one in READ),
        *(pytest.param(one, GOES, id=f"{one.id} reads nothing") for one in NOT_READ),
    ],
)
def test_the_history_is_judged_by_the_folders_of_commands(
    row: Row, expected: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, {**GIT, **row.files}, row.dockerfile)
    said = [one.why for one in report.held_back]
    assert outcome(report, ".git") == expected, said
