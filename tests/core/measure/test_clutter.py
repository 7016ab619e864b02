"""What a walk notes: folders, runs of files, and why some of them have to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.measure.clutter_match import HEAVY_BYTES, UNUSED_BYTES, ClutterMatch
from ctxopt.core.model import Request
from ctxopt.core.suggest.catalogue import CACHE_TAG, TAGS, build_rule_index
from ctxopt.pipeline.measuring import measure
from tests.texttree import plant
from tools.compile_rules import parse

BOOK = parse(
    """
schema = 1

[[rule]]
id = "logs"
patterns = ["**/logs", "**/*.log"]
label = "log files"
reason = "They are made anew."
confidence = "certain"

[[rule]]
id = "modules"
patterns = ["**/mod"]
label = "modules"
reason = "They are made anew."
confidence = "certain"

[[never]]
id = "manifests"
patterns = ["**/package.json", "**/keep.log"]
reason = "Builds are made of them."
"""
)
WATCHED = build_rule_index(BOOK)
LOGS, FILES, MODULES = 1, 2, 4  # bits of the patterns


def clutter(
    folder: Path, tree: str, *, source: str = ".", ignored: str = ""
) -> tuple[ClutterMatch, ...]:
    """The finds of a tree with `COPY source`; `ignored` are lines between commas."""
    plant(folder, tree)
    (folder / "Dockerfile").write_text(f"FROM scratch\nCOPY {source} /to/\n")
    lines = "".join(f"{line}\n" for line in ignored.split(","))
    (folder / ".dockerignore").write_text(lines)

    request = Request(str(folder))
    measured = measure(request, top=0, depth=0, rule_index=lambda _: WATCHED)
    return measured.found.measurement.clutter


def shown(find: ClutterMatch) -> str:
    """`path`, or `folder/{names}`; behind it what keeps it: `!named`."""
    path = find.path
    if len(find.names) > 1:
        prefix = f"{find.folder}/" if find.folder else ""
        path = f"{prefix}{{{','.join(find.names)}}}"
    why = [find.hold.value] if find.hold else []
    why += [f"named:{find.named}"] if find.named else []
    why += [f"spared:{find.reincluded}"] if find.reincluded else []
    return " ".join([path, *why])


# Tree, source, lines of the ignore file; the finds, in the builder's order.
SPOTTED = [
    pytest.param("a/b c", ".", "", [], id="nothing"),
    pytest.param("logs/a.txt", ".", "", ["logs"], id="a folder"),
    pytest.param("logs/", ".", "", ["logs"], id="an empty folder"),
    pytest.param("x/logs/a y/logs", ".", "", ["x/logs", "y/logs"], id="at any depth"),
    pytest.param("logs/logs/a", ".", "", ["logs"], id="not again inside of itself"),
    pytest.param(
        "logs/mod/a", ".", "", ["logs/mod", "logs"], id="another rule inside, first"
    ),
    pytest.param("a.log b.log c", ".", "", ["{a.log,b.log}"], id="a run of files"),
    pytest.param("a.log b c.log", ".", "", ["a.log", "c.log"], id="a run is broken"),
    pytest.param("a.log x/b.log", ".", "", ["a.log", "x/b.log"], id="a run per folder"),
    pytest.param("l.log->x", ".", "", ["l.log"], id="a link"),
    pytest.param("logs/a", ".", "logs", [], id="what is ignored is not there"),
    pytest.param("logs/a b", "b", "", ["logs"], id="what no source takes is there"),
    # Held.
    pytest.param("logs/a", "logs", "", ["logs named"], id="named"),
    pytest.param("logs/a", "l*", "", ["logs named"], id="named by a wildcard"),
    pytest.param(
        "a.log b.log", "a.log", "", ["a.log named", "b.log"], id="a file named"
    ),
    pytest.param(
        "logs/a logs/b", "logs/a", "", ["logs named:logs/a"], id="named in a folder"
    ),
    pytest.param(
        "x/logs/y/a",
        "x/logs/y",
        "",
        ["x/logs named:x/logs/y"],
        id="a folder in a folder",
    ),
    pytest.param("x/logs/a", "x", "", ["x/logs"], id="a folder above is swept in"),
    pytest.param(
        "logs/mod/a",
        "logs",
        "",
        ["logs/mod named", "logs named"],
        id="who names clutter means all that is in it",
    ),
    pytest.param(
        "logs/a logs/b",
        ".",
        "logs,!logs/a",
        ["logs spared spared:logs/a"],
        id="a negated line names a file",
    ),
    pytest.param(
        "mod/logs/a",
        ".",
        "mod/*,!mod/logs",
        ["mod/logs spared", "mod spared:mod/logs"],
        id="a negated line names a folder",
    ),
    pytest.param("keep.log z.log", ".", "", ["keep.log never", "z.log"], id="never"),
    pytest.param("mod/package.json", ".", "", ["mod"], id="never, but in clutter"),
]


@pytest.mark.parametrize(("tree", "source", "ignored", "expected"), SPOTTED)
def test_finds_and_what_holds_them(
    *, tree: str, source: str, ignored: str, expected: list[str], tmp_path: Path
) -> None:
    found = clutter(tmp_path, tree, source=source, ignored=ignored)
    assert [shown(one) for one in found] == expected


def test_hits_say_which_patterns(tmp_path: Path) -> None:
    found = clutter(tmp_path, "logs/mod/a logs/x.log y.log")
    assert [(one.path, one.hits) for one in found] == [
        ("logs/mod", MODULES),
        ("logs/x.log", FILES),
        ("logs", LOGS),
        ("y.log", FILES),
    ]


@pytest.mark.parametrize(
    ("tree", "source", "expected"),
    [
        pytest.param(f"a:{HEAVY_BYTES}", ".", ["a"], id="a heavy file"),
        pytest.param(f"a:{HEAVY_BYTES - 1}", ".", [], id="one that is not heavy"),
        pytest.param(
            f"a:{HEAVY_BYTES} b:{HEAVY_BYTES}", ".", ["a", "b"], id="each on its own"
        ),
        pytest.param(f"a/b:{UNUSED_BYTES} c", "c", ["a"], id="a folder nobody takes"),
        pytest.param(f"a/b:{UNUSED_BYTES - 1} c", "c", [], id="one that is small"),
        pytest.param(f"a/b:{UNUSED_BYTES} c", "a", [], id="one that is taken"),
        pytest.param(f"a/b/c:{UNUSED_BYTES} a/d", "a/d", ["a/b"], id="nobody's part"),
    ],
)
def test_sizes_make_finds(
    *, tree: str, source: str, expected: list[str], tmp_path: Path
) -> None:
    found = clutter(tmp_path, tree, source=source)
    assert [one.path for one in found] == expected


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_speaks_of_the_folder_around_it(tag: str, tmp_path: Path) -> None:
    (found,) = clutter(tmp_path, f"a/b/{tag} a/c")
    assert (found.path, found.tags) == ("a/b", WATCHED.tag_bit(tag))


def test_a_tag_that_is_ignored_says_nothing(tmp_path: Path) -> None:
    assert clutter(tmp_path, f"a/{CACHE_TAG} a/b", ignored=f"**/{CACHE_TAG}") == ()


def test_a_folder_knows_its_place_and_its_sums(tmp_path: Path) -> None:
    """Positions: .dockerignore, Dockerfile, a, logs, its three, z."""
    (found,) = clutter(tmp_path, "a logs/b:10 logs/c/d:20 z")
    assert (found.kind, found.files, found.hold) == ("directory", 2, None)
    assert (found.context.start, found.context.end) == (3, 7)
    assert found.context == found.transfer
    assert (found.context.sums.directories, found.context.sums.file_bytes) == (2, 30)


def test_what_is_not_sent_has_a_place_in_the_context_alone(tmp_path: Path) -> None:
    (found,) = clutter(tmp_path, "a logs/b:10 z", source="z")
    assert found.mask == 0
    assert (found.context.start, found.context.end) == (3, 5)
    assert found.transfer.start == found.transfer.end == 0
    assert found.transfer.sums.file_bytes == 0
