"""CTX2xx and CTX0xx: lines that do not do what they seem to, and idle silences."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxopt.core.checking import lines
from ctxopt.core.checking.records import CheckReport, Diagnostic
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import Request
from ctxopt.pipeline.check.checking import check
from tests.checking.cases import Check, lay_out, place_of, wrong

ALL = "FROM scratch; COPY . /x/"


def patterns(number: int) -> str:
    """Lines of 3,000 characters: 344 of them fit into a header."""
    return "; ".join(f"p{one}".ljust(3000, "x") for one in range(number))


CATCHES = {
    # GoogleContainerTools/kaniko, pkg/commands/copy.go, ExecuteCommand
    "an image of Kaniko in a pipeline": Check(
        ALL,
        ignore="a",
        files="b; .gitlab-ci.yml = x:\n  image: gcr.io/kaniko-project/executor:debug",
        finds="CTX222 .gitlab-ci.yml:2",
        says='"kaniko-project/executor" builds here too',
    ),
    "the program of Kaniko in a workflow": Check(
        ALL,
        ignore="a",
        files="b; .github/workflows/ci.yml = run: /kaniko/executor -c .",
        finds="CTX222 .github/workflows/ci.yml:1",
    ),
    # netsec-ethz/scionlab#335, dani-garcia/vaultwarden#7274
    "a comment behind a pattern": Check(
        ALL,
        ignore="a; run/  # data",
        files="a; run/b",
        finds="CTX201 .dockerignore:2",
        says="no comment can stand behind one",
        cure="write run/",
    ),
    "a comment behind blanks": Check(
        ALL, ignore="a;   # caches", files="a", finds="CTX207 .dockerignore:2"
    ),
    "a comment as of C": Check(
        ALL,
        ignore="// caches",
        files="a",
        finds="CTX208 .dockerignore:1",
        cure="write # caches",
    ),
    "words in braces": Check(
        ALL,
        ignore="**/*.{css,scss}",
        files="a.css",
        finds="CTX209 .dockerignore:1",
        cure="write **/*.css and **/*.scss",
    ),
    "a class that is meant to be negated": Check(
        ALL,
        ignore="logs/[!a]*",
        files="logs/b",
        finds="CTX210 .dockerignore:1",
        cure="write logs/[^a]*",
    ),
    # docker/docs#11127
    "backslashes between folders": Check(
        ALL,
        ignore="src\\temp",
        files="src/temp/a",
        finds="CTX211 .dockerignore:1",
        cure="write src/temp",
    ),
    # huggingface/chat-ui#1920, kubernetes-sigs/kueue#7170
    "node_modules of the root alone": Check(
        ALL,
        ignore="node_modules/",
        files="package.json; ui/package.json; ui/node_modules/a.js",
        finds="CTX212 .dockerignore:1",
        says='"ui/node_modules" travels',
        cure="write **/node_modules",
    ),
    "a slash for folders that hits a file": Check(
        ALL, ignore="server/", files="server; b", finds="CTX213 .dockerignore:1"
    ),
    "a slash for folders at any depth that hits a file": Check(
        ALL, ignore="**/server/", files="server; b", finds="CTX213 .dockerignore:1"
    ),
    "a slash for all folders that hits a file": Check(
        ALL,
        ignore="lib/*.d/",
        files="lib/a.d; lib/b.d/c",
        finds="CTX213 .dockerignore:1",
        says='keeps out the file "lib/a.d"',
        cure='add the line "!lib/a.d" below it',
    ),
    "a dash for an underscore in a folder": Check(
        ALL,
        ignore="run/sec-agent/.env",
        files="run/sec_agent/.env; b",
        finds="CTX214 .dockerignore:1",
        says='"run/sec-agent" is not there, but "run/sec_agent" is',
        cure="write run/sec_agent/.env",
    ),
    "another case before a wildcard": Check(
        ALL,
        ignore="Fixtures/*.dat",
        files="fixtures/a.dat",
        finds="CTX214 .dockerignore:1",
        says="and case counts",
    ),
    "two letters in the wrong order, to bring back": Check(
        ALL,
        ignore="src; !src/mian.py",
        files="src/main.py; b",
        finds="CTX214 .dockerignore:2",
        cure="write !src/main.py",
    ),
    "a path that has moved": Check(
        ALL,
        ignore="tools/old/table.csv",
        files="tools/new/table.csv",
        finds="CTX215 .dockerignore:1",
        says='"tools/old" is not there',
    ),
    "a plural that is left out": Check(
        ALL,
        ignore="node_module",
        files="node_modules/a; src/b",
        finds="CTX215 .dockerignore:1",
    ),
    "what a folder takes along": Check(
        ALL,
        ignore="logs; a; logs/*.log",
        files="logs/a.log; a; b",
        finds="CTX216 .dockerignore:3",
        says='line 1 ("logs") keeps out all of it',
    ),
    "what a later line takes along": Check(
        ALL,
        ignore="node_modules; **/node_modules",
        files="b",
        finds="CTX216 .dockerignore:1",
    ),
    "the same line twice": Check(
        ALL, ignore="a; b; a/", files="a; b; c", finds="CTX216 .dockerignore:3"
    ),
    "a file of a folder that is brought back": Check(
        ALL,
        ignore="*; !data/cache/; !data/cache/*.demo",
        files="data/cache/a.demo",
        finds="CTX216 .dockerignore:3",
        says="brings back all of it",
    ),
    "a line with ! before the line that it is against": Check(
        ALL,
        ignore="a; !docs; docs",
        files="docs/b; a; c",
        finds="CTX217 .dockerignore:2",
        says='line 3 ("docs") keeps all of it out again',
    ),
    "a line that a line with ! takes back": Check(
        ALL, ignore="*.md; !*.md", files="a.md", finds="CTX217 .dockerignore:1"
    ),
    "a line with ! for what nothing keeps out": Check(
        ALL,
        ignore="a; !README.md",
        files="a; README.md",
        finds="CTX218 .dockerignore:2",
    ),
    "more patterns than 400": Check(
        ALL,
        ignore="; ".join(f"p{number}/*" for number in range(401)),
        files="b",
        finds="CTX219 .dockerignore:401",
    ),
    "more patterns than a header takes": Check(
        ALL,
        ignore=patterns(350),
        files="b",
        finds="CTX220 .dockerignore:350",
        says="the build fails",
    ),
    "an ignore file beside the Dockerfile's name only": Check(
        ALL, files="a; .dockerignore.txt = a", finds="CTX202 .dockerignore.txt"
    ),
    # moby/moby#40318
    "a line with ! and a wildcard that one builder follows": Check(
        ALL,
        ignore="*; !**/keep.me",
        files="deep/keep.me; a",
        finds="CTX204 .dockerignore:2",
    ),
    "a pattern that no name comes to": Check(
        "FROM scratch; RUN true",
        ignore="[z-a]",
        files="a",
        finds="CTX206 .dockerignore:1",
    ),
    "a silence that finds nothing": Check(
        ALL,
        ignore="# ctxopt: ignore=CTX216; a",
        files="a; b",
        finds="CTX001 .dockerignore:1",
    ),
    "a silence of a rule that there is not": Check(
        "# ctxopt: ignore=CTX999; " + ALL, files="a", finds="CTX002 Dockerfile:1"
    ),
}

CAUGHT_BELOW = {"CTX203", "CTX205", "CTX221"}

LEAVES_ALONE = {
    "a comment about Kaniko": Check(
        ALL,
        ignore="a",
        files="b; .gitlab-ci.yml = # not kaniko-project/executor",
        silent="CTX222",
    ),
    "Kaniko where nothing is ignored": Check(
        ALL, files="b; .gitlab-ci.yml = image: kaniko-project/executor", silent="CTX222"
    ),
    "a # and braces and a backslash in names that are there": Check(
        ALL,
        ignore="a #1; {a,b}; b\\d",
        files="a #1; {a,b}; b\\d; c",
        silent="CTX201 CTX209 CTX211",
    ),
    "comments in the first column": Check(
        ALL, ignore="# a; #b; c", files="c; d", silent="CTX207 CTX208 CTX201"
    ),
    "classes as Go has them, and a ! alone in one": Check(
        ALL, ignore="[^a]b; [!]c; [a-z]d; \\[!a]", files="!c; e", silent="CTX210"
    ),
    "an escaped blank of a name": Check(
        ALL, ignore="a\\ b", files="a b; c", silent="CTX211"
    ),
    "a name that is said to be of the root": Check(
        ALL,
        ignore="/node_modules",
        files="package.json; ui/package.json; ui/node_modules/a.js",
        silent="CTX212",
    ),
    "a name further down that git tracks": Check(
        ALL,
        ignore="node_modules",
        files="package.json; ui/package.json; ui/node_modules/a.js",
        tracked="package.json ui/package.json ui/node_modules/a.js",
        silent="CTX212",
    ),
    "a slash behind a folder": Check(
        ALL, ignore="server/", files="server/a; b", silent="CTX213 CTX215"
    ),
    "names for another day": Check(
        ALL,
        ignore="*.log; node_modules; .env; dist; output; **/tmp; .vscode/settings.json",
        files="a",
        silent="CTX214 CTX215",
    ),
    "a plural of another line": Check(
        ALL,
        ignore="build-log; build-logs",
        files="build-logs/a; src/b",
        silent="CTX214 CTX215",
    ),
    "a name whose near one is kept out, too": Check(
        ALL,
        ignore="docker-compose.yml; docker_compose.yml",
        files="docker_compose.yml; b",
        silent="CTX214",
    ),
    "a hidden name beside one that is not": Check(
        ALL,
        ignore=".env; .cache; .my-data; venv",
        files="env/a; cache/a; my-data/a; .venv/a; b",
        silent="CTX214",
    ),
    "short names that are a letter off": Check(
        ALL, ignore="/main; tool", files="mail/a; took/c; b", silent="CTX214"
    ),
    "a slash behind folders that a wildcard hits": Check(
        ALL, ignore="lib/*.d/; **/e/", files="lib/a.d/b; lib/c", silent="CTX213"
    ),
    "numbered names": Check(ALL, ignore="part-2", files="part-1; b", silent="CTX214"),
    "a line for each of two folders": Check(
        ALL,
        ignore="logs; lib/logs; *.log; lib/*.log",
        files="logs/a; lib/logs/b; c",
        silent="CTX216",
    ),
    "a line that a ! stands before": Check(
        ALL,
        ignore="docs; !docs/a; docs/a/b",
        files="docs/a/b; docs/a/c; d",
        silent="CTX216 CTX217 CTX218",
    ),
    # of `a`, `!a/b`, `a` the last line does not take `a/b` out again
    "a ! that a folder's own line stands behind": Check(
        ALL, ignore="a; !a/b; a", files="a/b; c", silent="CTX217 CTX218"
    ),
    "a ! for what a star keeps out": Check(
        ALL, ignore="*; !src", files="src/a", silent="CTX217 CTX218"
    ),
    "four hundred patterns": Check(
        ALL,
        ignore="; ".join(f"p{number}/*" for number in range(400)),
        files="b",
        silent="CTX219",
    ),
    "patterns that a header takes": Check(
        ALL,
        ignore=patterns(340),
        files="b",
        silent="CTX220",
    ),
    "as many for the legacy builder, which has no such header": Check(
        ALL,
        ignore=patterns(350),
        files="b",
        builder="legacy",
        silent="CTX220",
    ),
    "lines of the block of ctxopt": Check(
        ALL,
        ignore="logs; # >>> ctxopt >>>; # x: y; logs/*.log; // a; # <<< ctxopt <<<",
        files="logs/a.log; b",
        silent="CTX208 CTX216",
    ),
    "a line that only the block of ctxopt repeats": Check(
        ALL,
        ignore="logs; # >>> ctxopt >>>; # x: y; **/logs; # <<< ctxopt <<<",
        files="logs/a.log; b",
        silent="CTX216",
    ),
    "an ignore file in force, alike for both builders": Check(
        ALL,
        ignore="docs; !docs/README.md",
        files="docs/README.md; a",
        silent="CTX202 CTX203 CTX204 CTX205 CTX206",
    ),
    "names that are UTF-8": Check(
        ALL, ignore="café", files="a", silent="CTX221 CTX201"
    ),
    "a silence of what is there": Check(
        ALL,
        ignore="logs; # ctxopt: ignore=line-repeated; logs/*.log",
        files="logs/a.log; b",
        silent="CTX001 CTX002 CTX216",
    ),
}


def test_a_link_that_leads_out_is_caught(tmp_path: Path) -> None:
    root = tmp_path / "context"
    root.mkdir()
    (tmp_path / "lines").write_text("a\n")
    (root / ".dockerignore").symlink_to("../lines")
    assert wrong(Check(ALL, files="a", finds="CTX203"), root) == []


def test_ignored_folders_that_are_walked_for_a_wildcard_are_caught(
    tmp_path: Path,
) -> None:
    for number in range(1000):
        (tmp_path / "big" / str(number)).mkdir(parents=True)
    case = Check(ALL, ignore="big; !**/*.md", files="a", finds="CTX205 .dockerignore:2")
    assert wrong(case, tmp_path) == []


def test_a_line_that_is_not_utf8_is_caught_where_nothing_has_that_name(
    tmp_path: Path,
) -> None:
    lay_out(Check(ALL, files="a", finds="CTX221"), tmp_path)
    (tmp_path / ".dockerignore").write_bytes(b"caf\xe9\n")
    found = [*_of_lines(check(Request(str(tmp_path))))]
    assert [place_of(one) for one in found] == ["CTX221 .dockerignore:1"]
    assert found[0].problem.column == 4


def test_a_line_that_is_not_utf8_is_left_alone_where_a_name_has_these_bytes(
    tmp_path: Path,
) -> None:
    lay_out(Check(ALL, files="a"), tmp_path)
    (tmp_path / ".dockerignore").write_bytes(b"caf\xe9\n")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).touch()
    assert [*_of_lines(check(Request(str(tmp_path))))] == []


def _of_lines(report: CheckReport) -> Iterator[Diagnostic]:
    """What is said of the ignore file."""
    return (one for one in report.diagnostics if one.rule.family == "2")


# Asked of BuildKit: it sent the context, or ended with "header list size to send
# violates the maximum size (1048896 bytes) set by server".
DEEP = "p/000000/*/*/*/*/*/*\n"
HEADERS = {
    "patterns of 21 bytes": ("pattern-number-000000\n" * 15_190, "sent"),
    "some more of them": ("pattern-number-000000\n" * 15_205, "refused"),
    "patterns of 20 bytes, all of them ASCII": (DEEP * 12_000, "sent"),
    "the same, escaped beside one that is not": (DEEP * 12_000 + "é\n", "refused"),
}


@pytest.mark.parametrize(("text", "outcome"), HEADERS.values(), ids=HEADERS)
def test_patterns_count_in_the_header_as_http2_counts_them(
    text: str, outcome: str
) -> None:
    size = lines.header_bytes(parse(text.encode(), ".dockerignore").patterns)
    assert (size > lines.HEADER_BYTES) is (outcome == "refused")
