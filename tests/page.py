"""A web page of 2.6 kB in a folder of 26 MB, which the tutorial is about."""

from __future__ import annotations

from pathlib import Path

from tests.texttree import date

SIZES = {
    "index.html": 2_572,
    "logs/access.log": 14_600_000,
    "logs/access.log.1": 11_790_000,
    "logs/error.log": 216_000,
}
DOCKERFILE = "FROM nginx\nCOPY . /usr/share/nginx/html\n"


def lay_out_page(folder: Path) -> Path:
    """The page below a folder; its files are as long as they say, and hold nothing."""
    page = folder / "page"
    (page / "logs").mkdir(parents=True)
    for name, size in SIZES.items():
        with (page / name).open("wb") as file:
            file.truncate(size)
    (page / "Dockerfile").write_text(DOCKERFILE)
    date(page)
    return page
