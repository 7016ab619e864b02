"""Scripts that are copied or mounted are read where they are run from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

ROWS = (
    Row(
        "COPY then RUN build.sh",
        STAYS,
        ".git",
        {**GIT, "docker/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}COPY docker/build.sh /usr/local/bin/\nRUN build.sh\n",
    ),
    Row(
        "COPY rename no ext",
        STAYS,
        ".git",
        {**GIT, "docker/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}COPY docker/build.sh /usr/local/bin/mybuild\nRUN mybuild\n",
    ),
    Row(
        "COPY folder into bin",
        STAYS,
        ".git",
        {**GIT, "bin/mybuild": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}COPY bin/ /usr/local/bin/\nRUN mybuild\n",
    ),
    Row(
        "COPY glob into bin",
        STAYS,
        ".git",
        {**GIT, "docker/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}COPY docker/*.sh /usr/local/bin/\nRUN build.sh\n",
    ),
    Row(
        "PATH in context",
        STAYS,
        ".git",
        {**GIT, "bin/mybuild": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}ENV PATH=/a/bin:$PATH\nRUN mybuild\n",
    ),
    Row(
        "cp to tmp",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN cp scripts/x.sh /tmp && sh /tmp/x.sh\n",
    ),
    Row(
        "cp to tmp rename",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN cp scripts/x.sh /tmp/y && /tmp/y\n",
    ),
    Row(
        "install -m to bin",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN install -m 755 scripts/x.sh /usr/local/bin/xx && xx\n",
    ),
    Row(
        "mv to bin",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}"
        "RUN chmod +x scripts/x.sh && mv scripts/x.sh /usr/bin/x "
        "&& x\n",
    ),
    Row(
        "ln -s",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN ln -s /a/scripts/x.sh /usr/bin/x && x\n",
    ),
    Row(
        "cp -r folder",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN cp -r scripts /opt/s\nRUN /opt/s/x.sh\n",
    ),
    Row(
        "sh < script",
        STAYS,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN sh < scripts/x.sh\n",
    ),
    Row(
        "bind mount",
        STAYS,
        ".git",
        {**GIT, "ci/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN --mount=type=bind,source=ci,target=/ci /ci/build.sh\n",
    ),
    Row(
        "bind mount file",
        STAYS,
        ".git",
        {**GIT, "ci/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}"
        "RUN --mount=type=bind,source=ci/build.sh,target=/b.sh sh "
        "/b.sh\n",
    ),
    Row(
        "bind mount from stage",
        STAYS,
        ".git",
        {**GIT, "ci/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM scratch AS t\nCOPY ci /ci\nFROM node\n{ALL}"
        "RUN --mount=type=bind,from=t,source=/ci,target=/ci "
        "/ci/build.sh\n",
    ),
    Row(
        "copied not run",
        GOES,
        ".git",
        {**GIT, "scripts/x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}RUN cp scripts/x.sh /tmp\n",
    ),
    Row(
        "copied into image, not in git",
        GOES,
        ".git",
        {**GIT, "docker/build.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}COPY docker/build.sh /usr/local/bin/\nRUN other.sh\n",
    ),
    Row(
        "copied reads README",
        STAYS,
        "README.md",
        {
            "docker/build.sh": "#!/bin/sh\ncat README.md > x\n",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}COPY docker/build.sh /usr/local/bin/b\nRUN b\n",
    ),
    Row(
        "psql in an image that gets no dump",
        GOES,
        "dump.sql",
        {
            "docker/e.sh": "#!/bin/sh\npsql -f /m.sql\n",
            "dump.sql": "x\n" * 6000,
            "a.py": "1",
        },
        f"FROM python AS b\n{ALL}"
        "RUN pip install .\nFROM python\nCOPY --from=b /opt /opt\n"
        'COPY docker/e.sh /usr/local/bin/e\nENTRYPOINT ["e"]\n',
    ),
    Row(
        "psql in an image that gets a dump",
        ASKED,
        "dump.sql",
        {
            "docker/e.sh": "#!/bin/sh\npsql -f /m.sql\n",
            "dump.sql": "x\n" * 6000,
            "a.py": "1",
        },
        f'FROM python\n{ALL}COPY docker/e.sh /usr/local/bin/e\nENTRYPOINT ["e"]\n',
    ),
    Row(
        "started copied reads",
        STAYS,
        "tests",
        {
            "docker/e.sh": "#!/bin/sh\npython tests/x.py\n",
            "tests/x.py": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f'FROM node\n{ALL}COPY docker/e.sh /usr/local/bin/e\nENTRYPOINT ["e"]\n',
    ),
    Row(
        "psql in an image that takes from a place nobody knows",
        ASKED,
        "dump.sql",
        {"dump.sql": "-- x\n" * 20_000, "index.php": "<?php"},
        "FROM php AS b\nCOPY . .\nRUN composer install\nFROM php\n"
        "COPY --from=b /var/www/html /a\nCMD psql -f /a/dump.sql\n",
    ),
    Row(
        "psql in an image that takes an archive",
        ASKED,
        "dump.sql",
        {"dump.sql": "-- x\n" * 20_000, "index.php": "<?php"},
        "FROM php AS b\nWORKDIR /s\nCOPY . .\nRUN tar cf /o.tar .\n"
        "FROM php\nCOPY --from=b /o.tar /a/\n"
        "RUN tar xf /a/o.tar -C /a\nCMD psql -f /a/dump.sql\n",
    ),
    Row(
        "one script or the other is copied",
        ASKED,
        "node_modules",
        {
            "package.json": "{}",
            "package-lock.json": "{}",
            "node_modules/a/index.js": "1",
            "tools/a.sh": "echo\n",
            "tools/b.sh": "npm ci\n",
        },
        f"FROM node\n{ALL}"
        'RUN if [ -n "$A" ]; then cp tools/a.sh /x.sh; else cp tools/b.sh /x.sh; fi; '
        "sh /x.sh\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
