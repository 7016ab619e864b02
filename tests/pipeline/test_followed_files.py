"""What copies files is followed: through pipes, by find, with braces."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL

PACKAGE = {
    "package.json": '{"scripts": {"build": "vite build"}}',
    "package-lock.json": "{}",
}
NODE = {
    "package.json": '{"name":"x"}',
    "package-lock.json": "{}",
    "node_modules/a/index.js": "1",
    "node_modules/.package-lock.json": "{}",
    "server.js": "1",
}

ROWS = (
    Row(
        "tar pipe README",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN tar c README.md server.js | tar x -C /x\n",
    ),
    Row(
        "tar pipe node_modules",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node AS b\n{ALL}"
        "RUN mkdir /x && tar c node_modules server.js | tar x -C "
        "/x\nFROM node\nWORKDIR /x\nCOPY --from=b /x /x\n"
        'CMD ["node","server.js"]\n',
    ),
    Row(
        "tar -cf - -C",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node AS b\n{ALL}"
        "RUN mkdir /x && tar -cf - -C /a . | tar -xf - -C /x\n"
        "FROM node\nWORKDIR /x\nCOPY --from=b /x /x\n"
        'CMD ["node","server.js"]\n',
    ),
    Row(
        "cp braces",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node AS b\n{ALL}"
        "RUN mkdir /x && cp -r {node_modules,server.js} /x\n"
        "FROM node\nWORKDIR /x\nCOPY --from=b /x /x\n"
        'CMD ["node","server.js"]\n',
    ),
    Row(
        "cp braces README",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN cp -r {{README.md,server.js}} /x\n",
    ),
    Row(
        "cp braces docs",
        STAYS,
        "docs",
        {
            **PACKAGE,
            **NODE,
            "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "src/a.md": "x",
        },
        f"FROM node\n{ALL}RUN cp -r /a/{{docs,src}}/*.md /x\n",
    ),
    Row(
        "find xargs cp",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN find . -name '*.md' | xargs cp -t /x\n",
    ),
    Row(
        "find xargs cp docs",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN find docs -name '*.md' | xargs cp -t /x\n",
    ),
    Row(
        "find -exec cp",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN find . -name '*.md' -exec cp {{}} /x \\;\n",
    ),
    Row(
        "find -print0 cpio",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN find docs -print0 | cpio -0pdm /x\n",
    ),
    Row(
        "find -delete",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node\n{ALL}"
        "RUN npm ci && find . -name '*.md' -delete\n"
        "CMD node server.js\n",
    ),
    Row(
        "rsync -a docs",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN rsync -a docs/ /x/\n",
    ),
    Row(
        "rsync -a all",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        f"FROM node AS b\n{ALL}"
        "RUN rsync -a ./ /x/\nFROM node\nWORKDIR /x\n"
        'COPY --from=b /x /x\nCMD ["node","server.js"]\n',
    ),
    Row(
        "rsync -a exclude nm",
        ASKED,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node AS b\n{ALL}"
        "RUN rsync -a --exclude docs ./ /x/\nFROM node\nWORKDIR /x\n"
        'COPY --from=b /x /x\nCMD ["node","server.js"]\n',
    ),
    Row(
        "install -D",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN install -D README.md /x/README.md\n",
    ),
    Row(
        "install -Dm644",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN install -Dm644 README.md /x/README.md\n",
    ),
    Row(
        "install -D -t",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN install -D -m 644 -t /x README.md\n",
    ),
    Row(
        "install -dm",
        ASKED,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN install -d -m 755 README.md\n",
    ),
    Row(
        "cp -rt",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN cp -rt /x README.md server.js\n",
    ),
    Row(
        "dd if",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN dd if=README.md of=/x\n",
    ),
    Row(
        "zip",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN zip -r /x.zip README.md\n",
    ),
    Row(
        "pandoc",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN pandoc README.md -o /x.html\n",
    ),
    Row(
        "for f in glob",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN for f in *.md; do cp $f /x; done\n",
    ),
    Row(
        "while read",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN ls docs | while read f; do cp docs/$f /x; done\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
