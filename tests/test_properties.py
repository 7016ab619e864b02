"""What must hold for any tree, ignore file and Dockerfile.

The rules of both builders stand here a second time, as plainly as they can be put:
every path of the tree is judged from its first component down, and nothing is pruned
that the builder would not prune.
"""

from __future__ import annotations

import os
import posixpath
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Listed, Place, Report, Request
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.sources.links import glob_matches
from tests.trees import BASE_TIME_NS

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
END = {BUILDKIT: 2, LEGACY: 1024}  # FIN; the trailer

NAMES = st.sampled_from(["a", "b", "a-b", "a.txt", "é"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
SIZES = st.sampled_from([0, 1, 511, 513, 40_000])
PARTS = st.sampled_from(
    ["a", "b", "a-b", "*", "**", "?", "a*", "*.txt", "[ab]", "[^a]"]
)
PATTERNS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
LINES = st.lists(
    st.builds("{}{}".format, st.sampled_from(["", "", "!"]), PATTERNS), max_size=5
)
SOURCES = st.lists(st.one_of(st.just("."), PATHS, PATTERNS), max_size=3, unique=True)


@dataclass(frozen=True)
class Tree:
    """Sizes of files, targets of links, names of the same file; folders are implied."""

    files: dict[str, int]
    links: dict[str, str]
    names: dict[str, str]
    folders: tuple[str, ...]

    def lay_out(self, root: Path) -> None:
        for path in (*self.folders, *self.files, *self.links, *self.names):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        for path in self.folders:
            (root / path).mkdir(exist_ok=True)
        for path, size in self.files.items():
            (root / path).write_bytes(b"x" * size)
        for path, target in self.links.items():
            (root / path).symlink_to(target)
        for path, first in self.names.items():
            os.link(root / first, root / path)


@st.composite
def trees(draw: st.DrawFn, *, plain: bool = False) -> Tree:
    """A small tree; `plain` leaves out links of both kinds."""
    tree = Tree({}, {}, {}, ())
    leaves: set[str] = set()
    inner: set[str] = set()
    kinds = "ffd" if plain else "fffddln"
    folders = []
    for path in draw(st.lists(PATHS, max_size=12, unique=True)):
        parents = {path[:at] for at, character in enumerate(path) if character == "/"}
        if path in inner or parents & leaves:
            continue
        inner |= parents
        kind = draw(st.sampled_from(kinds))
        if kind == "d":
            folders.append(path)
            inner.add(path)
            continue
        leaves.add(path)
        if kind == "l":
            tree.links[path] = draw(st.sampled_from(["a", "../b", "/a/b", ".", "no"]))
        elif kind == "n" and tree.files:
            tree.names[path] = draw(st.sampled_from(sorted(tree.files)))
        else:
            tree.files[path] = draw(SIZES)
    return Tree(tree.files, tree.links, tree.names, tuple(folders))


@dataclass(frozen=True)
class Laid:
    """A tree on disk with a build of it."""

    root: Path
    builder: BuilderName
    lines: Sequence[str]
    sources: Sequence[str]

    @property
    def request(self) -> Request:
        return Request(str(self.root), builder=self.builder)

    def listed(
        self, *, whole: bool = False, excluded: bool = False, unused: bool = False
    ) -> list[Listed]:
        return list(
            pipeline.listing(
                self.request, whole=whole, excluded=excluded, unused=unused
            )
        )

    def everything(self) -> list[str]:
        """All paths in the order of the walk."""
        found = [
            os.path.relpath(os.path.join(folder, name), self.root)
            for folder, folders, files in os.walk(self.root)
            for name in (*folders, *files)
        ]
        return sorted(found, key=lambda path: os.fsencode(path).split(b"/"))


def lay(
    tree: Tree, builder: BuilderName, lines: Sequence[str], sources: Sequence[str]
) -> Iterator[Laid]:
    """Lay a tree out for as long as the loop around this goes on."""
    with tempfile.TemporaryDirectory(prefix="ctxopt-") as folder:
        root = Path(folder)
        tree.lay_out(root)
        (root / ".dockerignore").write_text("".join(f"{line}\n" for line in lines))
        copies = "".join(f"COPY {source} /to/\n" for source in sources)
        (root / "Dockerfile").write_text(f"FROM scratch\n{copies}")
        for path, _, _ in os.walk(root):
            for name in os.listdir(path):
                times = (BASE_TIME_NS, BASE_TIME_NS)
                os.utime(os.path.join(path, name), ns=times, follow_symlinks=False)
        yield Laid(root, builder, lines, sources)


def parents(path: str) -> list[str]:
    return [path[:at] for at, character in enumerate(path) if character == "/"]


# --- the rules, slowly -----------------------------------------------------------


def kept_by_buildkit(paths: Iterable[str], patterns: Sequence[Pattern]) -> set[str]:
    """What the ignore file lets through. Rule: dockerignore.md, section 5.2."""
    matcher = Matcher(patterns)
    excluded = {path: matcher.verdict(path).excluded for path in paths}
    stripped = [
        pattern.cleaned.removesuffix("/**").removesuffix("/*")
        for pattern in patterns
        if pattern.negated
    ]
    prefix_only = not any(set("*[]?^\\") & set(text) for text in stripped)

    def skipped(folder: str) -> bool:
        if not excluded[folder] or not prefix_only:
            return False
        return not any(f"{text}/".startswith(f"{folder}/") for text in stripped)

    return {
        path
        for path, out in excluded.items()
        if not out and not any(skipped(folder) for folder in parents(path))
    }


def kept_by_legacy(paths: Iterable[str], patterns: tuple[Pattern, ...]) -> set[str]:
    """What the tar holds. Rule: dockerignore.md, sections 5.1 and 6."""
    for name in (".dockerignore", "Dockerfile"):
        if Matcher(patterns).verdict(name).excluded:
            patterns += compile_patterns([f"!{name}"])
    matcher = Matcher(patterns)
    excluded = {path: matcher.verdict(path).excluded for path in paths}
    negated = [pattern.cleaned for pattern in patterns if pattern.negated]

    def skipped(folder: str) -> bool:
        if not excluded[folder]:
            return False
        return not any(f"{text}/".startswith(f"{folder}/") for text in negated)

    return {
        path
        for path, out in excluded.items()
        if not out and not any(skipped(folder) for folder in parents(path))
    }


def followed(root: Path, sources: Iterable[str]) -> list[str] | None:
    """The include patterns. Rule: wire-buildkit.md, section 3.1 a)."""
    found: set[str] = set()

    def start(path: str) -> None:
        parts = posixpath.normpath("/" + path).strip("/").split("/")
        if parts == [""]:
            found.add(".")
            return
        for end in range(1, len(parts) + 1):
            here, rest = "/".join(parts[:end]), parts[end:]
            targets = list(link_targets(root, here))
            if here in found and (targets or not rest):
                return
            if targets:
                found.add(here)
                for target in targets:
                    start("/".join((target, *rest)))
                return
            if not rest:
                found.add(here)

    asked = {posixpath.normpath("/" + source).lstrip("/") or "." for source in sources}
    for path in sorted(asked, key=os.fsencode):
        start(path)
    return None if "." in found else uncovered(sorted(found, key=os.fsencode))


def uncovered(paths: Iterable[str]) -> list[str]:
    """Paths that do not lie below the one kept before them."""
    kept: list[str] = []
    for path in paths:
        if not kept or not path.startswith(f"{kept[-1]}/"):
            kept.append(path)
    return kept


def link_targets(root: Path, path: str) -> Iterator[str]:
    folder, _, name = path.rpartition("/")
    names = [name]
    if set(name) & set("*?["):
        inside = os.listdir(root / folder) if (root / folder).is_dir() else []
        names = [one for one in sorted(inside) if glob_matches(name, one)]
    for one in names:
        candidate = root / folder / one
        if candidate.is_symlink():
            target = os.readlink(candidate)
            yield target if target.startswith("/") else f"/{folder}/{target}"


def expected_transfer(laid: Laid) -> tuple[set[str], set[str]]:
    """What is in the context, and what of it travels."""
    paths = laid.everything()
    patterns = compile_patterns(laid.lines)
    if laid.builder is LEGACY:
        kept = kept_by_legacy(paths, patterns)
        return kept, kept
    kept = kept_by_buildkit(paths, patterns)
    sent = kept
    request = followed(laid.root, laid.sources) if laid.sources else []
    if request is not None:
        include = Matcher(compile_patterns(request))
        sent = {path for path in kept if include.verdict(path).excluded}
    return with_parents(kept), with_parents(sent)


def with_parents(paths: set[str]) -> set[str]:
    """Folders above something that is sent are sent themselves."""
    return paths | {folder for path in paths for folder in parents(path)}


# --- properties ------------------------------------------------------------------


@dataclass(frozen=True)
class Listings:
    """A build as it is measured, and all that is listed of it."""

    laid: Laid
    report: Report
    transfer: list[Listed]
    whole: list[Listed]
    order: list[str]  # all paths, as the walk meets them

    @classmethod
    def of(cls, laid: Laid, *, top: int, depth: int) -> Listings:
        return cls(
            laid,
            pipeline.analyze(laid.request, top=top, depth=depth),
            laid.listed(),
            laid.listed(whole=True),
            laid.everything(),
        )


# Laying a tree out and measuring it is most of the work: one example is for all
# of what must hold, and there are more of them.
more = settings(max_examples=settings().max_examples * 3 // 2)


# A folder that only a line brings back, in one that is ignored.
REOPENED: dict[str, Any] = {
    "tree": Tree({}, {}, {}, ("a/a",)),
    "lines": ["a", "!a/a"],
    "sources": ["."],
    "top": 4,
    "depth": 4,
}


@pytest.mark.deep
@more
@example(builder=BUILDKIT, **REOPENED)
@example(builder=LEGACY, **REOPENED)
@given(
    tree=trees(),
    builder=st.sampled_from([BUILDKIT, LEGACY]),
    lines=LINES,
    sources=SOURCES,
    top=st.integers(1, 4),
    depth=st.integers(1, 4),
)
def test_what_is_measured_is_what_is_listed_and_that_is_what_travels(
    *,
    tree: Tree,
    builder: BuilderName,
    lines: list[str],
    sources: list[str],
    top: int,
    depth: int,
) -> None:
    for laid in lay(tree, builder, lines, sources):
        seen = Listings.of(laid, top=top, depth=depth)
        a_pruned_walk_equals_a_full_one_filtered(seen)
        sizes_are_the_sums_of_what_is_listed(seen)
        the_context_falls_into_used_and_unused(seen)
        each_source_counts_what_is_listed_for_it(seen)
        excluded_and_whole_are_the_whole_tree(seen, linked=bool(tree.names))
        places_are_the_sums_of_what_is_in_them(
            seen, top=top, depth=depth, linked=bool(tree.names)
        )


def a_pruned_walk_equals_a_full_one_filtered(seen: Listings) -> None:
    kept, sent = expected_transfer(seen.laid)
    assert [one.path for one in seen.whole] == [
        one for one in seen.order if one in kept
    ]
    transfer = [one.path for one in seen.transfer]
    assert transfer == [path for path in seen.order if path in sent]


def sizes_are_the_sums_of_what_is_listed(seen: Listings) -> None:
    report, builder = seen.report, seen.laid.builder
    assert report.context is not None
    pairs = [(report.context, seen.whole), (report.transfer.tally, seen.transfer)]
    for tally, listed in pairs:
        assert tally.entries == len(listed) == tally.files + tally.directories
        assert tally.directories == sum(one.directory for one in listed)
        assert tally.file_bytes == sum(one.file_bytes for one in listed)
        if tally.wire_bytes:
            wire_bytes = sum(one.wire_bytes for one in listed)
            assert tally.wire_bytes == wire_bytes + END[builder]
    asks = builder is LEGACY or bool(seen.laid.sources)
    assert bool(report.transfer.tally.wire_bytes) == asks
    assert (report.transfer.printed is not None) == asks


def the_context_falls_into_used_and_unused(seen: Listings) -> None:
    report, root = seen.report, seen.laid.root
    whole = [one for one in seen.whole if not one.directory]
    used = [one.path for one in whole if one.sources]
    unused = [one.path for one in whole if not one.sources]
    assert [one.path for one in seen.laid.listed(unused=True)] == unused
    assert (report.used.files, report.unused.files) == (len(used), len(unused))
    assert report.context is not None
    total = report.used.file_bytes + report.unused.file_bytes
    assert total == report.context.file_bytes
    inodes = {os.lstat(root / path).st_ino: path for path in used}
    sizes = (
        (root / path).lstat().st_size
        for path in inodes.values()
        if not (root / path).is_symlink()
    )
    assert report.used.file_bytes == sum(sizes)


def each_source_counts_what_is_listed_for_it(seen: Listings) -> None:
    for use in seen.report.sources:
        takes = [one for one in seen.transfer if use.source in one.sources]
        assert use.entries == len(takes)


def excluded_and_whole_are_the_whole_tree(seen: Listings, *, linked: bool) -> None:
    laid, order = seen.laid, seen.order
    out = [one.path for one in laid.listed(excluded=True)]
    kept = [one.path for one in seen.whole]
    assert sorted([*out, *kept], key=order.index) == order
    assert sorted(out, key=order.index) == out
    report = pipeline.analyze(laid.request, excluded=True)
    assert report.excluded is not None
    files = [path for path in out if not is_folder(laid.root / path)]
    assert report.excluded.files == len(files)
    if not linked:
        sizes = (os.lstat(laid.root / path).st_size for path in files)
        links = sum(
            os.lstat(laid.root / path).st_size
            for path in files
            if (laid.root / path).is_symlink()
        )
        assert report.excluded.file_bytes == sum(sizes) - links


def is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def places_are_the_sums_of_what_is_in_them(
    seen: Listings, *, top: int, depth: int, linked: bool
) -> None:
    report, transfer, whole = seen.report, seen.transfer, seen.whole
    builder, root = seen.laid.builder, seen.laid.root
    for place in (*within(report.root), *report.largest):
        check_place(place, whole, transfer, linked=linked)
    for place in within(report.root):
        check_children(place, whole, transfer, top=top, depth=depth)
    if report.transfer.tally.wire_bytes:
        total = report.root.wire_bytes + END[builder]
        assert total == report.transfer.tally.wire_bytes
    plain = [*without_ids(transfer, root)] if builder is BUILDKIT else transfer
    chosen = heaviest(weights_of(whole, plain))[:top]
    weights = weights_of(whole, transfer)
    ranked = [path for path in heaviest(weights) if path in chosen]
    assert [one.path for one in report.largest] == ranked


@example(Tree({"a": 1}, {}, {}, ()), LEGACY, ["*", "!a"], ["."])
@example(Tree({"a": 1}, {}, {}, ()), LEGACY, ["*", "!Dockerfile"], ["."])
@given(
    tree=trees(plain=True),
    builder=st.sampled_from([BUILDKIT, LEGACY]),
    lines=LINES,
    sources=SOURCES,
)
def test_sources_take_what_their_words_match(
    tree: Tree, builder: BuilderName, lines: list[str], sources: list[str]
) -> None:
    """Without links a source is its components, each matched by filepath.Match.

    Source of what the legacy builder takes out of what it was sent: moby/moby,
    daemon/builder/remotecontext/detect.go, removeDockerfile.
    """
    ignored = Matcher(compile_patterns(lines))

    def takes(source: str, path: str) -> bool:
        may_go = builder is LEGACY and path in {".dockerignore", "Dockerfile"}
        if may_go and ignored.matches_or_parent_matches(path):
            return False
        pattern = [] if source == "." else source.split("/")
        names = path.split("/")
        return len(names) >= len(pattern) and all(map(glob_matches, pattern, names))

    for laid in lay(tree, builder, lines, sources):
        for one in laid.listed():
            if not one.directory:
                taken = [source.text for source in one.sources]
                assert taken == [word for word in sources if takes(word, one.path)]


def within(place: Place) -> Iterator[Place]:
    yield place
    for child in place.children:
        yield from within(child)


def below(path: str) -> Callable[[Listed], bool]:
    return lambda one: not path or one.path == path or one.path.startswith(f"{path}/")


def check_place(
    place: Place, whole: list[Listed], transfer: list[Listed], *, linked: bool
) -> None:
    inside = list(filter(below(place.path), whole))
    sent = list(filter(below(place.path), transfer))
    files = [one for one in inside if not one.directory]
    assert place.files == len(files)
    assert place.file_bytes == sum(one.file_bytes for one in files)
    assert place.wire_bytes == sum(one.wire_bytes for one in sent)
    used = sum(one.file_bytes for one in files if one.sources)
    # Another name of the same file may be used, or counted, elsewhere.
    assert place.used_bytes == used or (linked and place.used_bytes <= place.file_bytes)
    assert place.weight == weights_of(whole, transfer)[place.path]
    assert place.kind == ("directory" if place.path in folders(whole) else "file")


def folders(whole: list[Listed]) -> set[str]:
    return (
        {one.path for one in whole if one.directory}
        | {folder for one in whole for folder in parents(one.path)}
        | {""}
    )


def weights_of(whole: list[Listed], transfer: list[Listed]) -> dict[str, int]:
    """What every path sends, and the file bytes of what is not sent, by path."""
    sent = {one.path for one in transfer}
    single = {one.path: one.wire_bytes for one in transfer}
    single |= {one.path: one.file_bytes for one in whole if one.path not in sent}
    # The legacy client sends a folder that a line brings back without those above it.
    ways = ([*parents(one.path), one.path] for one in whole)
    weights = dict.fromkeys(["", *chain.from_iterable(ways)], 0)
    for path, weight in single.items():
        for place in ("", *parents(path), path):
            weights[place] += weight
    return weights


def check_children(
    place: Place,
    whole: list[Listed],
    transfer: list[Listed],
    *,
    top: int,
    depth: int,
) -> None:
    level = place.path.count("/") + 1 if place.path else 0
    if place.kind == "file" or level >= depth:
        assert place.children == ()
        return
    files = sum(child.files for child in place.children)
    file_bytes = sum(child.file_bytes for child in place.children)
    assert place.files == files + place.more.files
    assert place.file_bytes == file_bytes + place.more.file_bytes
    weights = weights_of(whole, transfer)
    here = {path for path in weights if path and posixpath.dirname(path) == place.path}
    assert len(place.children) + place.more_count == len(here)
    assert len(place.children) == min(top, len(here))
    left_out = here - {child.path for child in place.children}
    assert not place.children or place.more_weight == sum(
        weights[path] for path in left_out
    )
    order = [(-child.weight, child.path) for child in place.children]
    assert order == sorted(order)


def heaviest(weights: dict[str, int]) -> list[str]:
    """All paths but the root, heaviest first, ties in the order of the walk."""
    return sorted(filter(None, weights), key=lambda path: -weights[path])


def without_ids(transfer: list[Listed], root: Path) -> Iterator[Listed]:
    """A transfer of up to 128 entries without the ids in packets, which rank nothing.

    The first entry has none, the others have two bytes in each packet.
    """
    seen: set[int] = set()
    for position, one in enumerate(transfer):
        status = os.lstat(root / one.path)
        sends_data = stat.S_ISREG(status.st_mode) and status.st_ino not in seen
        seen.add(status.st_ino)
        packets = -(-status.st_size // 32_768) + 1 if sends_data and position else 0
        yield one._replace(wire_bytes=one.wire_bytes - 2 * packets)
