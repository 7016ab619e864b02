from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxopt.core.sources.links import (
    MAX_LINKS,
    Resolved,
    follow_request,
    glob_matches,
    link_destination,
    resolve,
)
from tests.texttree import MemoryTree


@pytest.mark.parametrize(
    ("tree", "paths", "expected"),
    [
        pytest.param("a/b", ["a/b"], ["a/b"], id="a path without links stands alone"),
        pytest.param("", ["no/x"], ["no/x"], id="a missing path is asked for anyway"),
        pytest.param("l->d d/f", ["l"], ["d", "l"], id="a link brings its target"),
        pytest.param(
            "d/l->../x x", ["d/l"], ["d/l", "x"], id="a target is read from the folder"
        ),
        pytest.param(
            "d/l->e d/e e", ["d/l"], ["d/e", "d/l"], id="a neighbour is the target"
        ),
        pytest.param(
            "d/l->/x x d/x", ["d/l"], ["d/l", "x"], id="an absolute target is inside"
        ),
        pytest.param(
            "l->../../x x", ["l"], ["l", "x"], id="a target cannot leave the root"
        ),
        pytest.param("l->/../../x x", ["l"], ["l", "x"], id="nor can an absolute one"),
        pytest.param(
            "l->d d/f/g", ["l/f/g"], ["d/f/g", "l"], id="the rest goes on in the target"
        ),
        pytest.param(
            "a->b b->c c", ["a"], ["a", "b", "c"], id="links of links are followed"
        ),
        pytest.param("a->b b->a", ["a"], ["a", "b"], id="a loop ends"),
        pytest.param("a->a", ["a"], ["a"], id="a link to itself ends"),
        pytest.param("a->a", ["a/x"], ["a"], id="a path through it ends, too"),
        pytest.param("l->no", ["l"], ["l", "no"], id="a dangling target is asked for"),
        pytest.param("ab ac", ["a*"], ["a*"], id="a wildcard without links stays"),
        pytest.param(
            "x/b.txt l->y y/b.txt",
            ["*/b.txt"],
            ["*", "y/b.txt"],
            id="a wildcard over a link is cut off there",
        ),
        pytest.param(
            "x/b.txt l->y y/b.txt",
            ["**/b.txt"],
            ["**", "y/b.txt"],
            id="two stars are one component",
        ),
        pytest.param("l->x x", ["l*"], ["l*", "x"], id="a wildcard at the end"),
        pytest.param("l->x x m->y y", ["?"], ["?", "x", "y"], id="a wildcard over two"),
        pytest.param(
            "l->x x m->y y", ["[^l]"], ["[^l]", "y"], id="only matching links count"
        ),
        pytest.param(
            "d1/l->../x x",
            ["d*/l"],
            ["d*/l"],
            id="a link below a wildcard is not found",
        ),
        pytest.param(
            "d*/l->../x x",
            ["d*/l"],
            ["d*/l", "x"],
            id="unless the folder has that very name",
        ),
        pytest.param(
            "a*->x x", ["a\\*"], ["a\\*"], id="an escaped star is no wildcard"
        ),
        pytest.param("[a->x x", ["[a"], ["[a"], id="a malformed one matches nothing"),
        pytest.param("a", ["."], None, id="the root is everything"),
        pytest.param("l->. a", ["l"], None, id="a link to the root is everything"),
        pytest.param("d/l->.. a", ["d/l"], None, id="as is one to its parent there"),
        pytest.param("l->/ a", ["l"], None, id="and an absolute one"),
        pytest.param("a/b", ["a", "a/b"], ["a"], id="what lies below is dropped"),
        pytest.param(
            "a/b",
            ["a", "a-b", "a/b"],
            ["a", "a-b", "a/b"],
            id="unless another lies between",
        ),
        pytest.param("", [], [], id="nothing asked for is nothing"),
        pytest.param("a b", ["b", "a", "b"], ["a", "b"], id="sorted and each once"),
        pytest.param(
            "", ["\udcff", "é", "z"], ["z", "é", "\udcff"], id="sorted by bytes"
        ),
    ],
)
def test_a_request_is_widened_by_its_links(
    tree: str, paths: list[str], expected: list[str] | None
) -> None:
    found = follow_request(MemoryTree(tree), paths)
    assert found == (None if expected is None else tuple(expected))


def test_a_request_lists_a_wildcard_in_a_file_as_nothing() -> None:
    assert follow_request(MemoryTree("f"), ["f/*"]) == ("f/*",)


def test_a_chain_as_long_as_the_stack_is_followed() -> None:
    chain = " ".join(f"l{index}->l{index + 1}" for index in range(3000))
    found = follow_request(MemoryTree(chain), ["l0"])
    assert found is not None
    assert len(found) == 3001


@pytest.mark.parametrize(
    ("tree", "path", "expected"),
    [
        pytest.param("a/b", "a/b", Resolved("a/b"), id="a plain path"),
        pytest.param("a", "", Resolved(""), id="the root"),
        pytest.param("a", "./a/", Resolved("a"), id="dots and slashes do not count"),
        pytest.param("d/e", "d/..", Resolved(""), id="back to the root"),
        pytest.param("a", "../../a", Resolved("a"), id="no way out of the root"),
        pytest.param("l->d d/f", "l/f", Resolved("d/f", ("l",)), id="through a link"),
        pytest.param(
            "d/l->/e e/f", "d/l/f", Resolved("e/f", ("d/l",)), id="an absolute link"
        ),
        pytest.param(
            "d/l->../e e/f", "d/l/f", Resolved("e/f", ("d/l",)), id="a link upwards"
        ),
        pytest.param(
            "l->../../../a a",
            "l",
            Resolved("a", ("l",), last_link="l"),
            id="a link far upwards",
        ),
        pytest.param(
            "l->. a", "l", Resolved("", ("l",), last_link="l"), id="a link to the root"
        ),
        pytest.param(
            "a->b b->c c",
            "a",
            Resolved("c", ("a", "b"), last_link="a"),
            id="one link after another",
        ),
        pytest.param("a", "no", Resolved(None, (), "no"), id="nothing there"),
        pytest.param(
            "l->d d/", "l/x/y", Resolved(None, ("l",), "d/x/y"), id="nothing behind it"
        ),
        pytest.param(
            "l->no",
            "l",
            Resolved(None, ("l",), "no", last_link="l"),
            id="a link to nothing",
        ),
        pytest.param(
            "f",
            "f/x",
            Resolved(None, (), "f/x", blocked_by="f"),
            id="a file has no inside",
        ),
        pytest.param(
            "a->a",
            "a",
            Resolved(None, ("a",), "a", loop=True, last_link="a"),
            id="a link to itself",
        ),
        pytest.param(
            "a->b b->a",
            "a/x",
            Resolved(None, ("a", "b"), "b", loop=True),
            id="two links in a circle",
        ),
    ],
)
def test_a_copy_resolves_inside_the_root(
    tree: str, path: str, expected: Resolved
) -> None:
    assert resolve(MemoryTree(tree), path) == expected


@pytest.mark.parametrize("target", ["a/../f", "./b/../a/../f", "/c/a/../f"])
def test_dots_in_a_target_are_taken_by_its_text_or_where_its_links_lead(
    target: str,
) -> None:
    tree = MemoryTree(f"c/l->{target} c/a->/d/e d/e/ d/f c/f c/b/")
    assert resolve(tree, "c/l") == Resolved("c/f", ("c/l",), last_link="c/l")
    found = resolve(tree, "c/l", by_text=False)
    assert found == Resolved("d/f", ("c/l", "c/a"), last_link="c/l")


def test_the_last_link_may_be_the_thing_itself() -> None:
    tree = MemoryTree("l->m m->d d/f")
    assert resolve(tree, "l", follow_last=False) == Resolved("l")
    assert resolve(tree, "l/f", follow_last=False) == Resolved("d/f", ("l", "m"))


@pytest.mark.parametrize(
    ("links", "loop"),
    [
        pytest.param(MAX_LINKS, False, id="as many links as allowed"),
        pytest.param(MAX_LINKS + 1, True, id="one link too many"),
    ],
)
def test_links_are_followed_255_times(*, links: int, loop: bool) -> None:
    chain = " ".join(f"l{index}->l{index + 1}" for index in range(links))
    found = resolve(MemoryTree(f"{chain} l{links}"), "l0")
    assert found.loop == loop
    assert found.path == (None if loop else f"l{links}")


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("l", "a", "/a"),
        ("d/l", "a", "/d/a"),
        ("d/l", "../a", "/a"),
        ("d/l", "../../a", "/a"),
        ("d/l", "/a/./b/", "/a/b"),
        ("d/l", "/../a", "/a"),
        ("d/l", ".", "/d"),
    ],
)
def test_a_destination_counts_from_the_root(
    path: str, target: str, expected: str
) -> None:
    assert link_destination(path, target) == expected


def test_a_malformed_glob_matches_nothing() -> None:
    assert glob_matches("a*", "ab")
    assert not glob_matches("[", "[")


NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
TARGETS = st.lists(st.sampled_from(["a", "b", "..", ""]), min_size=1, max_size=3)


@st.composite
def trees(draw: st.DrawFn) -> str:
    """A few folders and files, with links anywhere, also in circles."""
    words = [f"{path}/" for path in draw(st.lists(PATHS, max_size=4))]
    for path in draw(st.lists(PATHS, max_size=4)):
        target = "/".join(draw(TARGETS)) or "."
        words.append(f"{path}->{target}")
    made: dict[str, str] = {}
    for word in words:
        path = word.partition("->")[0].rstrip("/")
        on_the_way = {path[:at] for at, c in enumerate(path) if c == "/"}
        links = {one for one, text in made.items() if "->" in text}
        below = any(one.startswith(f"{path}/") for one in made)
        if not on_the_way & links and path not in made and not below:
            made[path] = word
    return " ".join(made.values())


@pytest.mark.parametrize("path", ["a/a/x", "a/a"])
def test_a_request_ends_at_a_link_that_it_passed_before(path: str) -> None:
    # BuildKit then fails with "/a/a/x": not found, and `COPY a/a /to` takes `a` alone.
    assert follow_request(MemoryTree("a->.. x"), [path]) == ("a",)


@example(text="c/c->a/../a a->b", path="c/c/a")
@example(text="b->a a->..", path="a/a")
@given(trees(), PATHS)
def test_a_copy_finds_what_its_request_brought_unless_it_passes_a_link_again(
    text: str, path: str
) -> None:
    tree = MemoryTree(text)
    request = follow_request(tree, [path])
    found = resolve(tree, path)
    if request is None or len(set(found.links)) < len(found.links) or found.loop:
        return
    for needed in (*found.links, found.path or found.missing):
        assert any(f"{needed}/".startswith(f"{one}/") for one in request)
