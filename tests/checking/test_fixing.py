"""`ctxopt check --fix`: what is mended, what is left, and what is never touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from ctxopt.core.model import Request
from ctxopt.errors import WriteError
from ctxopt.pipeline.check.checking import check
from ctxopt.pipeline.check.mending import plan_mending
from tests.checking.cases import Check, lay_out

ALL = "FROM scratch; COPY . /x/"


class Mend(NamedTuple):
    """A build, and the lines of its two files after `--fix`; None: as before."""

    case: Check
    ignore: str | None = None
    dockerfile: str | None = None
    says: str = ""  # of what is left


MENDS = {
    "a comment moves above its line": Mend(
        Check(ALL, ignore="run/  # data", files="a; run/b"), "# data; run/"
    ),
    "also that of a line with !": Mend(
        Check(ALL, ignore="docs; !docs/a # for the image", files="docs/a; docs/b"),
        "docs; # for the image; !docs/a",
    ),
    "what was meant as a comment is one": Mend(
        Check(ALL, ignore="  # one; // two; a", files="a; b"), "# one; # two; a"
    ),
    "a habit of gitignore": Mend(
        Check(
            ALL,
            ignore="node_modules/",
            files="package.json; ui/package.json; ui/node_modules/a.js",
            tracked="package.json ui/package.json",
        ),
        "**/node_modules",
    ),
    "a dead line goes": Mend(
        Check(ALL, ignore="logs; a; logs/*.log", files="a; logs/a.log; b"), "logs; a"
    ),
    # jamiepine/voicebox#915
    "a source that is kept out gets its line": Mend(
        Check(
            "FROM scratch; COPY scripts/x.sh /",
            ignore="scripts/; b",
            files="scripts/x.sh; scripts/y.sh",
        ),
        "scripts/; !scripts/x.sh; b",
    ),
    "also where COPY . of the same stage takes it then": Mend(
        Check(
            "FROM scratch; COPY a.json /; COPY . /x/", ignore="*.json", files="a.json"
        ),
        "*.json; !a.json",
    ),
    "it goes behind the block of ctxopt, not into it": Mend(
        Check(
            "FROM scratch; COPY a.log /",
            ignore="# >>> ctxopt >>>; # x: y; *.log; # <<< ctxopt <<<; c",
            files="a.log",
        ),
        "# >>> ctxopt >>>; # x: y; *.log; # <<< ctxopt <<<; !a.log; c",
    ),
    "a name in other case": Mend(
        Check("FROM scratch; copy  ./files/a  /x", files="Files/a"),
        dockerfile="FROM scratch; copy  ./Files/a  /x",
    ),
    "a dash for an underscore": Mend(
        Check("FROM scratch; COPY my-app/ /x/", files="my_app/a"),
        dockerfile="FROM scratch; COPY my_app/ /x/",
    ),
    "a letter too few, beside a source that is there": Mend(
        Check(
            "FROM scratch; COPY a.txt requirments.txt /x/",
            files="a.txt; requirements.txt",
        ),
        dockerfile="FROM scratch; COPY a.txt requirements.txt /x/",
    ),
    "both files at once": Mend(
        Check(
            "FROM scratch; COPY a.json /; COPY files/b /",
            ignore="*.json",
            files="a.json; Files/b",
        ),
        "*.json; !a.json",
        "FROM scratch; COPY a.json /; COPY Files/b /",
    ),
    "the Dockerfile first, where one would be in the way of the other": Mend(
        Check(
            "FROM scratch; COPY app_data /x/",
            ignore="app-data # big",
            files="app-data/a",
        ),
        dockerfile="FROM scratch; COPY app-data /x/",
    ),
    "two fixes of which one waits for the other": Mend(
        Check(
            "FROM scratch; COPY logs/a.json /",
            ignore="logs; logs/b  # all",
            files="logs/a.json; logs/b",
        ),
        "logs; !logs/a.json; # all; logs/b",
    ),
}

LEAVES = {
    "a comment behind what a source names": Mend(
        Check("FROM scratch; COPY src /x/", ignore="src # old", files="src/a"),
        says='Dockerfile:2 names "src", and it would be kept out',
    ),
    "a comment behind what another Dockerfile names": Mend(
        Check(
            ALL,
            ignore="src # old",
            files="src/a; b; b.Dockerfile = FROM scratch\\nCOPY src /x/",
        ),
        says='b.Dockerfile:2 names "src", and it would be kept out',
    ),
    "a file with a secret": Mend(
        Check(
            "FROM scratch; COPY .env /",
            ignore=".env",
            files=".env = DB_PASSWORD=geheim9zk4Q",
        ),
        says='it would send ".env", which holds a secret',
    ),
    "a name that would send a secret": Mend(
        Check(
            "FROM scratch; COPY app-settings.env /",
            files="app_settings.env = DB_PASSWORD=geheim9zk4Q",
        ),
        says='it would send "app_settings.env", which holds a secret',
    ),
    "what COPY . of another stage would take, too": Mend(
        Check(
            "FROM scratch AS a; COPY a.json /; FROM scratch; COPY --from=a / /;"
            " COPY . /x/",
            ignore="*.json",
            files="a.json",
        )
    ),
    # moby/buildkit#940, eigent-ai/eigent#1703
    "what is lent to a RUN, and COPY . would keep": Mend(
        Check(
            "FROM scratch; COPY . /x/; RUN --mount=source=meta,target=/m make",
            ignore="meta",
            files="meta/a; b",
        )
    ),
    "a name with two that are near": Mend(
        Check("FROM scratch; COPY my-app /x/", files="my_app/a; my.app/a")
    ),
    "a name in another folder": Mend(
        Check("FROM scratch; COPY a.json /x/", files="conf/a.json")
    ),
    "a hidden file of nearly the name": Mend(
        Check("FROM scratch; COPY env /x/", files=".env = A=1")
    ),
    "a short name that is a letter off": Mend(
        Check("FROM scratch; COPY main /x/", files="mail/a")
    ),
    "numbered names": Mend(Check("FROM scratch; COPY part2 /x/", files="part1")),
    "a name that a variable gives": Mend(
        Check("FROM scratch; ARG D=files; COPY $D /x/", files="Files/a")
    ),
    "node_modules that git tracks": Mend(
        Check(
            ALL,
            ignore="node_modules",
            files="package.json; ui/package.json; ui/node_modules/a.js",
            tracked="package.json ui/package.json ui/node_modules/a.js",
        )
    ),
    "braces, whose meaning is for a person": Mend(
        Check(ALL, ignore="*.{css,scss}", files="a.css")
    ),
    "a line that another takes back": Mend(
        Check(ALL, ignore="a; !docs; docs", files="docs/b; a; c")
    ),
}


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["check", *words, str(root)])


def texts(root: Path) -> list[str]:
    """What both files say, as the cases write it."""
    files = (root / ".dockerignore", root / "Dockerfile")
    return [
        one.read_text("utf-8").removesuffix("\n").replace("\n", "; ")
        if one.exists()
        else ""
        for one in files
    ]


@pytest.mark.parametrize("row", MENDS.values(), ids=MENDS)
def test_it_mends(row: Mend, tmp_path: Path) -> None:
    lay_out(row.case, tmp_path)
    result = run(tmp_path, "--fix", "--fail-on", "never")
    assert result.exit_code == 0, result.output
    wanted = row.ignore or row.case.ignore or "", row.dockerfile or row.case.dockerfile
    assert texts(tmp_path) == [*wanted]
    assert run(tmp_path, "--diff").stdout == "Nothing to mend.\n"


@pytest.mark.parametrize("row", LEAVES.values(), ids=LEAVES)
def test_it_leaves_alone(row: Mend, tmp_path: Path) -> None:
    lay_out(row.case, tmp_path)
    before = texts(tmp_path)
    result = run(tmp_path, "--fix", "--fail-on", "never")
    assert result.exit_code == 0, result.output
    assert texts(tmp_path) == before
    assert row.says in result.output


BROKEN = Check("FROM scratch; COPY a.json /", ignore="*.json", files="a.json")


def test_the_exit_status_is_that_of_what_remains(tmp_path: Path) -> None:
    lay_out(BROKEN, tmp_path)
    assert run(tmp_path).exit_code == 1
    mended = run(tmp_path, "--fix")
    assert mended.exit_code == 0
    assert "+!a.json" in mended.output
    assert "This build would fail" not in mended.output


def test_a_diff_writes_nothing_and_fails_where_there_is_one(tmp_path: Path) -> None:
    lay_out(BROKEN, tmp_path)
    result = run(tmp_path, "--diff")
    assert result.exit_code == 1
    assert "+!a.json" in result.output
    assert (tmp_path / ".dockerignore").read_bytes() == b"*.json\n"


def test_a_diff_and_a_fix_exclude_each_other(tmp_path: Path) -> None:
    assert run(tmp_path, "--diff", "--fix").exit_code == 2


def test_json_stands_alone_on_standard_output(tmp_path: Path) -> None:
    lay_out(BROKEN, tmp_path)
    result = CliRunner().invoke(
        main, ["check", "--fix", "--format", "json", str(tmp_path)]
    )
    assert json.loads(result.stdout)["findings"] == []
    assert "+!a.json" in result.stderr


def test_what_is_silenced_is_not_mended(tmp_path: Path) -> None:
    ignore = "logs; # ctxopt: ignore=CTX216; logs/a"
    lay_out(Check(ALL, ignore=ignore, files="logs/a; b"), tmp_path)
    assert run(tmp_path, "--fix").exit_code == 0
    assert texts(tmp_path)[0] == ignore


def test_ends_of_lines_a_mark_and_rights_stay(tmp_path: Path) -> None:
    lay_out(Check(ALL, files="run/a; b"), tmp_path)
    path = tmp_path / ".dockerignore"
    path.write_bytes(b"\xef\xbb\xbfrun/ # x\r\nc")
    path.chmod(0o640)
    assert run(tmp_path, "--fix").exit_code == 0
    assert path.read_bytes() == b"\xef\xbb\xbf# x\r\nrun/\r\nc"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_its_file_is_mended(tmp_path: Path) -> None:
    lay_out(Check(ALL, files="lines = run/ # x\\n; run/a; b"), tmp_path)
    (tmp_path / ".dockerignore").symlink_to("lines")
    assert run(tmp_path, "--fix").exit_code == 0
    assert (tmp_path / ".dockerignore").is_symlink()
    assert (tmp_path / "lines").read_bytes() == b"# x\nrun/\n"


def test_a_file_that_changed_since_it_was_checked_is_not_written(
    tmp_path: Path,
) -> None:
    lay_out(BROKEN, tmp_path)
    request = Request(str(tmp_path))
    report = check(request)
    (tmp_path / ".dockerignore").write_bytes(b"# mine\n*.json\n")
    with pytest.raises(WriteError, match="changed while it was checked"):
        plan_mending(request, report)


def test_a_file_that_changes_before_it_is_written_stays(tmp_path: Path) -> None:
    lay_out(BROKEN, tmp_path)
    request = Request(str(tmp_path))
    (file,) = plan_mending(request, check(request)).files
    (tmp_path / ".dockerignore").write_bytes(b"# mine\n*.json\n")
    with pytest.raises(WriteError, match="changed since it was read"):
        file.apply()
    assert (tmp_path / ".dockerignore").read_bytes() == b"# mine\n*.json\n"
    assert [one for one in os.listdir(tmp_path) if one.startswith(".ctxopt")] == []


def test_a_build_that_is_refused_is_told_and_left(tmp_path: Path) -> None:
    lay_out(Check("FROM scratch; COPPY . /", ignore="a # b", files="a"), tmp_path)
    result = run(tmp_path, "--fix")
    assert result.exit_code == 1
    assert "CTX106" in result.output
    assert run(tmp_path, "--diff").exit_code == 0


def test_a_dockerfile_from_standard_input_is_left_alone(tmp_path: Path) -> None:
    lay_out(Check(ALL, files="Files/a"), tmp_path)
    result = CliRunner().invoke(
        main,
        ["check", "--fix", "-f", "-", str(tmp_path)],
        input="FROM scratch\nCOPY files /x/\n",
    )
    assert result.exit_code == 1
    assert "--fix can do it" not in result.output
