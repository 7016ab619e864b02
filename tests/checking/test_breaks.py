"""CTX1xx: what breaks a build is found, and nothing else is said to."""

from __future__ import annotations

import os
from pathlib import Path

from tests.checking.cases import Check, wrong

BASE = "FROM scratch; "

CATCHES = {
    "a source that a line keeps out": Check(
        BASE + "COPY a.json /",
        ignore="*.json",
        files="a.json",
        finds="CTX101 Dockerfile:2",
        says='.dockerignore:1 ("*.json") keeps it out',
        cure='add the line "!a.json"',
    ),
    "one that is kept out although a line with ! stands there": Check(
        BASE + "COPY a.json /",
        ignore="*.json; !b.json",
        files="a.json; b.json",
        finds="CTX101 Dockerfile:2",
    ),
    "a source that is not there": Check(
        BASE + "COPY requirments.txt /",
        files="requirements.txt",
        finds="CTX102 Dockerfile:2",
    ),
    "a source above the context": Check(
        BASE + "COPY ../shared /",
        finds="CTX103 Dockerfile:2",
        builder="legacy",
    ),
    "a wildcard without a hit": Check(
        BASE + "COPY *.whl /",
        finds="CTX104 Dockerfile:2",
        builder="legacy",
    ),
    "a word that is no instruction": Check(
        BASE + "COPPY a /",
        finds="CTX106 Dockerfile:2",
        says="did you mean COPY?",
    ),
    "a pattern that cannot be read": Check(
        BASE + "COPY . /",
        ignore="a; [a-",
        files="b",
        finds="CTX107 .dockerignore:2",
    ),
    "a word that is no instruction, for the daemon's builder": Check(
        BASE + "COPPY a /",
        finds="CTX108 Dockerfile:2",
        builder="legacy",
    ),
    "a feature that needs BuildKit": Check(
        BASE + "COPY --chmod=755 a /",
        files="a",
        finds="CTX109 Dockerfile:2",
        builder="legacy",
    ),
    "a pattern of --exclude that cannot be read": Check(
        "# syntax=docker/dockerfile:1; FROM scratch; COPY --exclude=[a- . /x/",
        files="a",
        finds="CTX110 Dockerfile:3",
    ),
    "two files to a name without a slash": Check(
        BASE + "COPY a b /x",
        files="a; b",
        finds="CTX111 Dockerfile:2",
    ),
    "a file and a folder to one place": Check(
        BASE + "COPY a/ /o/; COPY b/ /o/",
        files="a/x; b/x/y",
        finds="CTX112",
    ),
    "an owner by name in a stage with nothing in it": Check(
        BASE + "COPY --chown=app a /",
        files="a",
        finds="CTX121 Dockerfile:2",
        says='"app" is looked up in a stage that is still empty',
    ),
    "a file in the Dockerfile that is named with a folder": Check(
        BASE + "COPY <<conf/app.ini /etc/; x=1; conf/app.ini",
        finds="CTX122 Dockerfile:2",
        says="open /conf/app.ini: no such file or directory",
    ),
    "a variable of a base image": Check(
        "FROM base; COPY $DIR /",
        files="a",
        finds="CTX116 Dockerfile:2",
    ),
    "an image that is not read, where nothing else copies": Check(
        "FROM base; RUN make",
        files="a",
        finds="CTX117 Dockerfile:1",
    ),
    "a pattern at which the legacy client stops": Check(
        BASE + "COPY . /",
        ignore="a/b; !a; ![z-a]",
        files="0; a/b; a/c; z",
        finds="CTX115 .dockerignore:3",
        builder="legacy",
    ),
}

CAUGHT_BELOW = {"CTX113"}

LEAVES_ALONE = {
    "a source that a line brings back": Check(
        BASE + "COPY a.json /",
        ignore="*.json; !a.json",
        files="a.json",
        silent="CTX101 CTX102 CTX107 CTX115",
    ),
    "sources that are there": Check(
        BASE + "COPY a *.b /x/",
        files="a; c.b",
        silent="CTX102 CTX103 CTX104 CTX106 CTX108 CTX109 CTX111 CTX112 CTX113 CTX114",
    ),
    "owners in numbers, and by name where something is": Check(
        BASE + "COPY --chown=1:root a /; COPY --chown=app a /x/",
        files="a",
        silent="CTX121",
    ),
    "a file in the Dockerfile, a folder in the destination": Check(
        BASE + "COPY <<app.ini /etc/conf/; x=1; app.ini", silent="CTX122"
    ),
    "a wildcard of --exclude": Check(
        "# syntax=docker/dockerfile:1; FROM scratch; COPY --exclude=[a-c]* . /x/",
        files="a",
        silent="CTX110",
    ),
    "a file that may be read": Check(BASE + "COPY a /", files="a", silent="CTX105"),
    "a variable with a default, and an image beside what is copied": Check(
        "FROM base; ARG DIR=a; COPY $DIR /", files="a", silent="CTX116 CTX117 CTX118"
    ),
}


def test_a_name_that_is_not_utf8_is_caught(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9"))).touch()
    assert wrong(Check(BASE + "COPY . /", finds="CTX113"), tmp_path) == []
