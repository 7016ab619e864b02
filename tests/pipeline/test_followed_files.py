"""What copies files is followed: through pipes, by find, with braces."""

from __future__ import annotations

from pathlib import Path

from tests.followed import NODE, PACKAGE, TEXT, copied, decides, each
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row

ROWS = (
    Row(
        "tar packs a file for another tar",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN tar c README.md server.js | tar x -C /x"),
    ),
    Row(
        "tar packs the packages that an image starts",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        copied(
            "node AS b",
            "RUN mkdir /x && tar c node_modules server.js | tar x -C /x",
            "FROM node",
            "WORKDIR /x",
            "COPY --from=b /x /x",
            'CMD ["node","server.js"]',
        ),
    ),
    Row(
        "tar packs all of a folder that it is sent to",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        copied(
            "node AS b",
            "RUN mkdir /x && tar -cf - -C /a . | tar -xf - -C /x",
            "FROM node",
            "WORKDIR /x",
            "COPY --from=b /x /x",
            'CMD ["node","server.js"]',
        ),
    ),
    Row(
        "cp takes the packages that stand between braces",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        copied(
            "node AS b",
            "RUN mkdir /x && cp -r {node_modules,server.js} /x",
            "FROM node",
            "WORKDIR /x",
            "COPY --from=b /x /x",
            'CMD ["node","server.js"]',
        ),
    ),
    Row(
        "cp takes a file that stands between braces",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN cp -r {README.md,server.js} /x"),
    ),
    Row(
        "cp takes files of folders that stand between braces",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT, "src/a.md": "x"},
        copied("node", "RUN cp -r /a/{docs,src}/*.md /x"),
    ),
    Row(
        "xargs hands cp what find finds",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN find . -name '*.md' | xargs cp -t /x"),
    ),
    Row(
        "xargs hands cp what find finds in a folder",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT},
        copied("node", "RUN find docs -name '*.md' | xargs cp -t /x"),
    ),
    Row(
        "find hands cp what it finds",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN find . -name '*.md' -exec cp {} /x \\;"),
    ),
    Row(
        "cpio takes what find finds in a folder",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT},
        copied("node", "RUN find docs -print0 | cpio -0pdm /x"),
    ),
    Row(
        "what find deletes is no packages that npm makes",
        GOES,
        "node_modules",
        {**PACKAGE, **NODE},
        copied(
            "node", "RUN npm ci && find . -name '*.md' -delete", "CMD node server.js"
        ),
    ),
    Row(
        "rsync takes a folder",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT},
        copied("node", "RUN rsync -a docs/ /x/"),
    ),
    Row(
        "rsync takes all that an image starts",
        STAYS,
        "node_modules",
        {**PACKAGE, **NODE},
        copied(
            "node AS b",
            "RUN rsync -a ./ /x/",
            "FROM node",
            "WORKDIR /x",
            "COPY --from=b /x /x",
            'CMD ["node","server.js"]',
        ),
    ),
    Row(
        "rsync leaves out what it is told to",
        ASKED,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT},
        copied(
            "node AS b",
            "RUN rsync -a --exclude docs ./ /x/",
            "FROM node",
            "WORKDIR /x",
            "COPY --from=b /x /x",
            'CMD ["node","server.js"]',
        ),
    ),
    Row(
        "install makes the folders above a file",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN install -D README.md /x/README.md"),
    ),
    Row(
        "install takes a file behind two options in one word",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN install -Dm644 README.md /x/README.md"),
    ),
    Row(
        "install takes a file behind the folder it goes to",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN install -D -m 644 -t /x README.md"),
    ),
    Row(
        "install makes a folder of this name and takes nothing",
        ASKED,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN install -d -m 755 README.md"),
    ),
    Row(
        "cp takes files behind the folder they go to",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN cp -rt /x README.md server.js"),
    ),
    Row(
        "dd takes a file that stands behind a sign",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN dd if=README.md of=/x"),
    ),
    Row(
        "zip packs a file",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN zip -r /x.zip README.md"),
    ),
    Row(
        "pandoc reads a file",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN pandoc README.md -o /x.html"),
    ),
    Row(
        "a loop takes what a wildcard hits",
        STAYS,
        "README.md",
        {**PACKAGE, **NODE, "README.md": TEXT},
        copied("node", "RUN for f in *.md; do cp $f /x; done"),
    ),
    Row(
        "a loop takes the names that ls tells",
        STAYS,
        "docs",
        {**PACKAGE, **NODE, "docs/a.md": TEXT},
        copied("node", "RUN ls docs | while read f; do cp docs/$f /x; done"),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
