"""Scripts that are copied or mounted are read where they are run from."""

from __future__ import annotations

from pathlib import Path

from tests.followed import SCRIPT, TEXT, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row
from tests.pipeline.test_history import GIT

ROWS = (
    git(
        "a script that COPY puts into PATH",
        STAYS,
        {"docker/build.sh": SCRIPT},
        "node",
        "COPY docker/build.sh /usr/local/bin/",
        "RUN build.sh",
    ),
    git(
        "a script that COPY gives another name",
        STAYS,
        {"docker/build.sh": SCRIPT},
        "node",
        "COPY docker/build.sh /usr/local/bin/mybuild",
        "RUN mybuild",
    ),
    git(
        "a script of a folder that COPY puts into PATH",
        STAYS,
        {"bin/mybuild": SCRIPT},
        "node",
        "COPY bin/ /usr/local/bin/",
        "RUN mybuild",
    ),
    git(
        "a script that a wildcard of COPY puts into PATH",
        STAYS,
        {"docker/build.sh": SCRIPT},
        "node",
        "COPY docker/*.sh /usr/local/bin/",
        "RUN build.sh",
    ),
    git(
        "a script of a folder that PATH leads to",
        STAYS,
        {"bin/mybuild": SCRIPT},
        "node",
        "ENV PATH=/a/bin:$PATH",
        "RUN mybuild",
    ),
    git(
        "a script that cp puts elsewhere",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN cp scripts/x.sh /tmp && sh /tmp/x.sh",
    ),
    git(
        "a script that cp gives another name",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN cp scripts/x.sh /tmp/y && /tmp/y",
    ),
    git(
        "a script that install puts into PATH",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN install -m 755 scripts/x.sh /usr/local/bin/xx && xx",
    ),
    git(
        "a script that mv puts into PATH",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN chmod +x scripts/x.sh && mv scripts/x.sh /usr/bin/x && x",
    ),
    git(
        "a script that a link in PATH leads to",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN ln -s /a/scripts/x.sh /usr/bin/x && x",
    ),
    git(
        "a script of a folder that cp takes along",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN cp -r scripts /opt/s",
        "RUN /opt/s/x.sh",
    ),
    git(
        "a script that a shell gets as its input",
        STAYS,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN sh < scripts/x.sh",
    ),
    git(
        "a script of a folder that is mounted",
        STAYS,
        {"ci/build.sh": SCRIPT},
        "node",
        "RUN --mount=type=bind,source=ci,target=/ci /ci/build.sh",
    ),
    git(
        "a script that is mounted by itself",
        STAYS,
        {"ci/build.sh": SCRIPT},
        "node",
        "RUN --mount=type=bind,source=ci/build.sh,target=/b.sh sh /b.sh",
    ),
    Row(
        "a script that is mounted from another stage",
        STAYS,
        ".git",
        {**GIT, "ci/build.sh": SCRIPT},
        (
            "FROM scratch AS t\nCOPY ci /ci\nFROM node\nWORKDIR /a\nCOPY . .\n"
            "RUN --mount=type=bind,from=t,source=/ci,target=/ci /ci/build.sh\n"
        ),
    ),
    git(
        "a script that is copied and not run is not read",
        GOES,
        {"scripts/x.sh": SCRIPT},
        "node",
        "RUN cp scripts/x.sh /tmp",
    ),
    git(
        "nor one that is copied where another one is run",
        GOES,
        {"docker/build.sh": SCRIPT},
        "node",
        "COPY docker/build.sh /usr/local/bin/",
        "RUN other.sh",
    ),
    Row(
        "a copied script reads what it names",
        STAYS,
        "README.md",
        {"docker/build.sh": "#!/bin/sh\ncat README.md > x\n", "README.md": TEXT},
        copied("node", "COPY docker/build.sh /usr/local/bin/b", "RUN b"),
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
        copied(
            "python AS b",
            "RUN pip install .",
            "FROM python",
            "COPY --from=b /opt /opt",
            "COPY docker/e.sh /usr/local/bin/e",
            'ENTRYPOINT ["e"]',
        ),
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
        copied("python", "COPY docker/e.sh /usr/local/bin/e", 'ENTRYPOINT ["e"]'),
    ),
    Row(
        "a copied script that the container starts reads what it names",
        STAYS,
        "tests",
        {"docker/e.sh": "#!/bin/sh\npython tests/x.py\n", "tests/x.py": TEXT},
        copied("node", "COPY docker/e.sh /usr/local/bin/e", 'ENTRYPOINT ["e"]'),
    ),
    Row(
        "psql in an image that takes from a place nobody knows",
        ASKED,
        "dump.sql",
        {"dump.sql": "-- x\n" * 20_000, "index.php": "<?php"},
        (
            "FROM php AS b\nCOPY . .\nRUN composer install\nFROM php\n"
            "COPY --from=b /var/www/html /a\nCMD psql -f /a/dump.sql\n"
        ),
    ),
    Row(
        "psql in an image that takes an archive",
        ASKED,
        "dump.sql",
        {"dump.sql": "-- x\n" * 20_000, "index.php": "<?php"},
        (
            "FROM php AS b\nWORKDIR /s\nCOPY . .\nRUN tar cf /o.tar .\nFROM php\n"
            "COPY --from=b /o.tar /a/\nRUN tar xf /a/o.tar -C /a\n"
            "CMD psql -f /a/dump.sql\n"
        ),
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
        copied(
            "node",
            (
                'RUN if [ -n "$A" ]; then cp tools/a.sh /x.sh; else cp '
                "tools/b.sh /x.sh; fi; sh /x.sh"
            ),
        ),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
