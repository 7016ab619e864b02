"""Make the tree that the benchmarks measure: a monorepo with a given number of entries.

    python benchmarks/tree.py --entries 230000

prints its path. The same options give the same tree, and a tree that is already there
is used again. Contents are holes, so it takes inodes but next to no disk.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CACHE = Path(tempfile.gettempdir()) / "ctxopt-benchmarks"
ENTRIES = 230_000
SEED = 1
LAYOUT = 1  # raised when the same options would give another tree

DOCKERFILE = "FROM scratch\nCOPY . /app\n"
# Most of the tree stays in the context, so that it has to be walked and weighed. The
# last line brings back some of what the first takes out.
DOCKERIGNORE = """\
**/*.log
**/*.tmp
**/*.swp
**/__pycache__
**/.cache
services/*/build
docs/_build
docs/**/*.draft.md
.env*
!logs/keep-*.log
"""

# Keeps 90 % of it out, by folders for the most part, as most projects do.
NARROW_DOCKERIGNORE = """\
.git
node_modules
**/__pycache__
docs
assets/icons
logs
services/*/build
services/*/tests
services/*[89]
.env*
"""

TOP = ("services", "node_modules", ".git", "assets", "logs", "docs")


class Made(NamedTuple):
    """One entry to create; the kind says what `detail` is."""

    kind: (
        str  # dir, file (size), link (target as written), hard (path of the first name)
    )
    path: str
    detail: int | str = 0


def entries(count: int, seed: int) -> Iterator[Made]:
    """Exactly `count` entries, every folder before what it holds."""
    rest = count - len(TOP) - 2
    if rest < 0:
        message = f"a tree has at least {len(TOP) + 2} entries"
        raise ValueError(message)
    # A string seeds the same way in every version of Python.
    rng = random.Random(f"{seed}")
    shares = (
        (node_modules(rng), 0.45),
        (git_objects(rng), 0.15),
        (icons(rng), 0.07),
        (logs(rng), 0.03),
        (docs(rng), 0.05),
    )
    yield Made("file", "Dockerfile")
    yield Made("file", ".dockerignore")
    yield from (Made("dir", name) for name in TOP)
    for section, share in shares:
        part = int(count * share) if rest > int(count * share) else 0
        yield from itertools.islice(section, part)
        rest -= part
    yield from itertools.islice(services(rng), rest)


def services(rng: random.Random) -> Iterator[Made]:
    """Python services with sources, tests, caches and build output."""
    for number in itertools.count():
        service = f"services/service-{number:03}"
        yield Made("dir", service)
        yield Made("file", f"{service}/pyproject.toml", rng.randrange(300, 2000))
        for folder in ("src", "tests", "build"):
            yield Made("dir", f"{service}/{folder}")
        for package in range(rng.randrange(4, 16)):
            source = f"{service}/src/package_{package:02}"
            yield Made("dir", source)
            yield Made("dir", f"{source}/__pycache__")
            for module in range(rng.randrange(6, 24)):
                name = f"module_{module:02}"
                cached = f"{source}/__pycache__/{name}.cpython-311.pyc"
                yield Made("file", f"{source}/{name}.py", rng.randrange(200, 20_000))
                yield Made("file", cached, rng.randrange(400, 30_000))
            test = f"{service}/tests/test_package_{package:02}.py"
            yield Made("file", test, rng.randrange(500, 9000))
        for output in range(rng.randrange(8, 40)):
            path = f"{service}/build/chunk-{output:03}.o"
            yield Made("file", path, rng.randrange(4000, 400_000))


def node_modules(rng: random.Random) -> Iterator[Made]:
    """Packages with packages of their own, scripts linked from `.bin`."""
    first = ""
    yield Made("dir", "node_modules/.bin")
    for number in itertools.count():
        package = f"node_modules/package-{number:05}"
        if number % 10 == 0:
            scope = f"node_modules/@scope-{number // 10:04}"
            yield Made("dir", scope)
            package = f"{scope}/package"
        yield from one_package(rng, package)
        if number % 7 == 0:
            target = f"../{package.removeprefix('node_modules/')}/index.js"
            yield Made("link", f"node_modules/.bin/tool-{number:05}", target)
        if number % 5 == 0:
            yield Made("dir", f"{package}/node_modules")
            for nested in range(rng.randrange(1, 4)):
                inner = f"{package}/node_modules/nested-{nested}"
                yield from one_package(rng, inner)
        # A store of shared files, as pnpm keeps one.
        if number % 20 == 0:
            first = f"{package}/LICENSE"
            yield Made("file", first, 1069)
        elif number % 4 == 0:
            yield Made("hard", f"{package}/LICENSE", first)


def one_package(rng: random.Random, package: str) -> Iterator[Made]:
    """A package with a few modules, now and then with many."""
    yield Made("dir", package)
    yield Made("file", f"{package}/package.json", rng.randrange(400, 3000))
    yield Made("file", f"{package}/README.md", rng.randrange(200, 12_000))
    yield Made("file", f"{package}/index.js", rng.randrange(40, 5000))
    yield Made("dir", f"{package}/lib")
    for module in range(int(rng.expovariate(1 / 12)) + 1):
        path = f"{package}/lib/{'abcdefgh'[module % 8]}{module}.js"
        yield Made("file", path, int(rng.expovariate(1 / 4000)))


def git_objects(rng: random.Random) -> Iterator[Made]:
    """A repository with loose objects, fanned out over 256 folders."""
    yield Made("file", ".git/HEAD", 21)
    yield Made("file", ".git/index", 1_500_000)
    yield Made("dir", ".git/objects")
    for first in range(256):
        yield Made("dir", f".git/objects/{first:02x}")
    while True:
        name = f"{rng.getrandbits(160):040x}"
        path = f".git/objects/{name[:2]}/{name[2:]}"
        yield Made("file", path, int(rng.expovariate(1 / 1500)) + 20)


def icons(rng: random.Random) -> Iterator[Made]:
    """One folder with many files."""
    yield Made("dir", "assets/icons")
    for number in itertools.count():
        yield Made("file", f"assets/icons/{number:06}.svg", rng.randrange(300, 4000))


def logs(rng: random.Random) -> Iterator[Made]:
    """Logs by the day; a negated line brings some of them back."""
    for number in itertools.count():
        kept = "keep" if number % 50 == 0 else "app"
        yield Made("file", f"logs/{kept}-{number:05}.log", rng.randrange(1000, 900_000))


def docs(rng: random.Random) -> Iterator[Made]:
    """Chapters with drafts and pictures, and what was built from them."""
    yield Made("dir", "docs/_build")
    for number in itertools.count():
        chapter = f"docs/chapter-{number:03}"
        yield Made("dir", chapter)
        for page in range(rng.randrange(5, 30)):
            name = f"page-{page:02}"
            draft = ".draft" if page % 9 == 8 else ""
            yield Made(
                "file", f"{chapter}/{name}{draft}.md", rng.randrange(500, 15_000)
            )
            built = f"docs/_build/{number:03}-{name}.html"
            yield Made("file", built, rng.randrange(2000, 40_000))
        if number % 10 == 0:
            yield Made("link", f"docs/part-{number // 10:02}", f"chapter-{number:03}")


def make(root: Path, count: int, seed: int) -> None:
    """Create the tree at `root`, which does not exist yet."""
    root.mkdir(parents=True)
    for kind, path, detail in entries(count, seed):
        full = f"{root}/{path}"
        if kind == "dir":
            os.mkdir(full)
        elif kind == "link":
            os.symlink(str(detail), full)
        elif kind == "hard":
            os.link(f"{root}/{detail}", full)
        else:
            with open(full, "xb", buffering=0) as file:
                file.truncate(int(detail))
    (root / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    (root / ".dockerignore").write_text(DOCKERIGNORE, encoding="utf-8")


def is_ready(cache: Path, count: int, seed: int) -> bool:
    """Whether the tree is there in full: a half made one has no marker."""
    return _marker(cache, count, seed).exists()


def _marker(cache: Path, count: int, seed: int) -> Path:
    return cache / f"tree-{count}-{seed}-{LAYOUT}.json"


def ready(cache: Path, count: int, seed: int) -> Path:
    """The tree below `cache`, made now unless it is already there in full."""
    marker = _marker(cache, count, seed)
    root = marker.with_suffix("")
    if not marker.exists():
        if root.exists():
            shutil.rmtree(root)
        make(root, count, seed)
        os.sync()  # what is still being written would slow down what is measured
        facts = {"entries": count, "seed": seed, "layout": LAYOUT}
        marker.write_text(json.dumps(facts) + "\n", encoding="utf-8")
    return root


def linked_pair(cache: Path, count: int) -> tuple[Path, Path]:
    """Two trees of about so many files: one name each, and as a store links them.

    Half of the linked files have their other name beside the tree, as uv makes them;
    the others are two names each of one file in it. All else is the same.
    """
    marker = cache / f"linked-{count}-{LAYOUT}.json"
    root = marker.with_suffix("")
    plain, linked = root / "plain", root / "linked"
    if not marker.exists():
        if root.exists():
            shutil.rmtree(root)
        root.mkdir()
        (root / "store").mkdir()
        _make_linked(plain, count, None)
        _make_linked(linked, count, root / "store")
        os.sync()
        marker.write_text(json.dumps({"files": count}) + "\n", encoding="utf-8")
    return plain, linked


FILES_PER_FOLDER = 20


def _make_linked(root: Path, count: int, store: Path | None) -> None:
    """One tree of the pair; linked where there is a store."""
    root.mkdir()
    (root / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    for number in range(count):
        folder = root / f"site-packages/package-{number // FILES_PER_FOLDER:05}"
        if number % FILES_PER_FOLDER == 0:
            folder.mkdir(parents=True)
        path = folder / f"module_{number % FILES_PER_FOLDER:02}.py"
        # The second of two names in the tree, which are of one size without links, too.
        twin = number - count // 4 if count // 4 <= number < count // 4 * 2 else number
        if store is not None and twin != number:
            place = f"package-{twin // FILES_PER_FOLDER:05}"
            name = f"module_{twin % FILES_PER_FOLDER:02}.py"
            os.link(root / "site-packages" / place / name, path)
            continue
        with open(path, "xb", buffering=0) as file:
            file.truncate(twin * 7919 % 20_000)
        if store is not None and number >= count // 4 * 2:
            os.link(path, store / f"{number:06}")


def main() -> None:
    """Make the tree and print its path."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--entries", type=int, default=ENTRIES, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="where trees are kept"
    )
    options = parser.parse_args()
    print(ready(options.cache.resolve(), options.entries, options.seed))


if __name__ == "__main__":
    main()
