"""What git tracks, told without git and compared with what git says."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctxopt.host.git.index import SHA1_BYTES, SHA256_BYTES, TrackedFiles, parse, tracked
from ctxopt.host.git.repository import find_repository, read_regular

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")

# Nothing of the user's or the machine's own git may change what is tested.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name[:4] != "GIT_"},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "a"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org"),
}


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        input=given,
        capture_output=True,
        check=True,
    )
    return done.stdout


def ls_files(folder: Path, *options: str) -> list[str]:
    listed = git(folder, "ls-files", "-z", *options)
    return sorted({os.fsdecode(name) for name in listed.split(b"\0")[:-1]})


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def repository(folder: Path, *options: str) -> Path:
    """A repository with a few files, one of them not tracked."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *options)
    put(folder, "a", "b/c", "b/d/e", "b-c", "b0", "src/main/App.java")
    git(folder, "add", ".")
    put(folder, "not", "b/not")
    return folder


def index_of(folder: Path) -> Path:
    return folder / ".git" / "index"


def version_of(folder: Path) -> int:
    return index_of(folder).read_bytes()[7]


# --- shapes of an index ------------------------------------------------------------


def as_it_is(folder: Path) -> None:
    assert version_of(folder) == 2


def intend_to_add(folder: Path) -> None:
    git(folder, "add", "--intent-to-add", "not")
    assert version_of(folder) == 3


def skip_in_the_work_tree(folder: Path) -> None:
    git(folder, "update-index", "--skip-worktree", "b/c")
    assert version_of(folder) == 3


def compress(folder: Path) -> None:
    git(folder, "update-index", "--index-version", "4")
    assert version_of(folder) == 4


def compress_with_flags(folder: Path) -> None:
    intend_to_add(folder)
    compress(folder)


def remember_what_is_untracked(folder: Path) -> None:
    git(folder, "update-index", "--force-untracked-cache")
    assert b"UNTR" in index_of(folder).read_bytes()


def add_odd_names(folder: Path) -> None:
    put(folder, "two words", "new\nline", " ", "é", "odd\udcff/\udcfe", 'q"uote')
    (folder / "link").symlink_to("nowhere")
    git(folder, "add", ".")


def add_long_names(folder: Path) -> None:
    """Names up to and beyond the length that fits into the flags, none on disk."""
    blob = git(folder, "hash-object", "-w", "--stdin", given=b"x").strip().decode()
    names = [f"{'long/' * 700}{'x' * length}" for length in (593, 594, 595, 596, 700)]
    lines = "".join(f"100644 {blob}\t{name}\0" for name in names)
    git(folder, "update-index", "-z", "--index-info", given=lines.encode())


def add_long_names_compressed(folder: Path) -> None:
    add_long_names(folder)
    compress(folder)


def run_into_a_conflict(folder: Path) -> None:
    blob = git(folder, "hash-object", "-w", "--stdin", given=b"x").strip().decode()
    lines = "".join(f"100644 {blob} {stage}\tboth\0" for stage in (1, 2, 3))
    git(folder, "update-index", "-z", "--index-info", given=lines.encode())
    assert git(folder, "ls-files", "both").count(b"both") == 3


def leave_out_the_checksum(folder: Path) -> None:
    """What `index.skipHash` does, which older versions do not have."""
    content = index_of(folder).read_bytes()
    index_of(folder).write_bytes(content[:-SHA1_BYTES] + bytes(SHA1_BYTES))


def remove_everything(folder: Path) -> None:
    git(folder, "rm", "-q", "-r", "--cached", ".")


def never_add(folder: Path) -> None:
    index_of(folder).unlink()


SHAPES = [
    pytest.param(as_it_is, id="version 2"),
    pytest.param(intend_to_add, id="version 3, a file that is only meant to be added"),
    pytest.param(skip_in_the_work_tree, id="version 3, a file out of the work tree"),
    pytest.param(compress, id="version 4"),
    pytest.param(compress_with_flags, id="version 4 with more flags"),
    pytest.param(remember_what_is_untracked, id="an extension that may be skipped"),
    pytest.param(add_odd_names, id="odd names and a link"),
    pytest.param(add_long_names, id="names beyond the length in the flags"),
    pytest.param(add_long_names_compressed, id="the same in version 4"),
    pytest.param(run_into_a_conflict, id="a conflict, whose name stands there thrice"),
    pytest.param(leave_out_the_checksum, id="no checksum"),
    pytest.param(remove_everything, id="nothing tracked any more"),
    pytest.param(never_add, id="nothing ever added"),
]


@needs_git
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_is_tracked_as_git_lists(
    tmp_path: Path, shape: Callable[[Path], None]
) -> None:
    shape(repository(tmp_path))
    found = tracked(str(tmp_path))
    assert found is not None
    assert list(found) == ls_files(tmp_path)


@needs_git
@pytest.mark.parametrize("version", ["2", "4"])
def test_ids_may_be_those_of_sha256(tmp_path: Path, version: str) -> None:
    repository(tmp_path, "--object-format=sha256")
    git(tmp_path, "update-index", "--index-version", version)
    found = tracked(str(tmp_path))
    assert found is not None
    assert list(found) == ls_files(tmp_path) != []
    assert parse(index_of(tmp_path).read_bytes(), SHA1_BYTES) is None


# --- where the context lies --------------------------------------------------------


@needs_git
def test_paths_are_relative_to_a_context_inside_the_work_tree(tmp_path: Path) -> None:
    repository(tmp_path / "repo")
    found = tracked(str(tmp_path / "repo" / "b"))
    assert found is not None
    assert list(found) == ["c", "d/e"]


@needs_git
def test_a_link_to_the_context_is_followed_first(tmp_path: Path) -> None:
    repository(tmp_path / "repo")
    (tmp_path / "link").symlink_to("repo/b")
    found = tracked(str(tmp_path / "link"))
    assert found is not None
    assert list(found) == ["c", "d/e"]


@needs_git
def test_a_further_work_tree_has_its_own_index(tmp_path: Path) -> None:
    main = repository(tmp_path / "main", "--object-format=sha256")
    git(main, "commit", "-q", "-m", "a")
    git(main, "worktree", "add", "-q", "../other")
    put(tmp_path / "other", "more")
    git(tmp_path / "other", "add", "more")
    found = tracked(str(tmp_path / "other"))
    assert found is not None
    assert "more" in found
    assert list(found) == ls_files(tmp_path / "other") != ls_files(main)


@pytest.fixture
def with_submodules(tmp_path: Path) -> Path:
    """A repository with a submodule that has a submodule."""
    for name in ("inner", "middle", "outer"):
        repository(tmp_path / name)
    for below, above in (("inner", "middle"), ("middle", "outer")):
        git(tmp_path / below, "commit", "-q", "-m", "a")
        git(tmp_path / above, "submodule", "add", "-q", f"../{below}", f"lib/{below}")
    outer = tmp_path / "outer"
    git(outer, "submodule", "update", "-q", "--init", "--recursive")
    return outer


@needs_git
def test_what_submodules_track_is_tracked(with_submodules: Path) -> None:
    found = tracked(str(with_submodules))
    assert found is not None
    assert list(found) == ls_files(with_submodules, "--recurse-submodules")
    assert "lib/middle/lib/inner/b/d/e" in found
    assert "lib/middle" not in found


@needs_git
def test_a_context_inside_a_submodule_is_the_submodules(with_submodules: Path) -> None:
    found = tracked(str(with_submodules / "lib" / "middle" / "b"))
    assert found is not None
    assert list(found) == ["c", "d/e"]


@needs_git
def test_a_submodule_that_is_not_there_tracks_nothing(with_submodules: Path) -> None:
    git(with_submodules, "submodule", "deinit", "-q", "--force", "--all")
    found = tracked(str(with_submodules))
    assert found is not None
    assert found.below("lib") == 0
    assert "a" in found


@needs_git
def test_a_submodule_that_cannot_be_told_leaves_all_open(with_submodules: Path) -> None:
    shutil.rmtree(with_submodules / ".git" / "modules")
    assert tracked(str(with_submodules)) is None
    assert tracked(str(with_submodules / "b")) is not None


@needs_git
def test_a_submodule_replaced_by_a_link_is_no_way_in(with_submodules: Path) -> None:
    shutil.rmtree(with_submodules / "lib" / "middle")
    (with_submodules / "lib" / "middle").symlink_to("../..")
    found = tracked(str(with_submodules))
    assert found is not None
    assert found.below("lib") == 0


# --- what cannot be told -----------------------------------------------------------


def make_sparse(folder: Path) -> None:
    git(folder, "commit", "-q", "-m", "a")
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "b")
    assert b"sdir" in index_of(folder).read_bytes()


def split(folder: Path) -> None:
    git(folder, "update-index", "--split-index")
    assert b"link" in index_of(folder).read_bytes()


def cut_off(folder: Path) -> None:
    index_of(folder).write_bytes(index_of(folder).read_bytes()[:-1])


def empty(folder: Path) -> None:
    index_of(folder).write_bytes(b"")


def flip_a_bit(folder: Path) -> None:
    content = bytearray(index_of(folder).read_bytes())
    content[80] ^= 1
    index_of(folder).write_bytes(content)


def make_it_a_folder(folder: Path) -> None:
    index_of(folder).unlink()
    index_of(folder).mkdir()


def make_it_a_pipe(folder: Path) -> None:
    index_of(folder).unlink()
    os.mkfifo(index_of(folder))


@needs_git
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(make_sparse, id="a sparse index, which leaves files out"),
        pytest.param(split, id="a split index, whose rest is elsewhere"),
        pytest.param(cut_off, id="cut off"),
        pytest.param(empty, id="empty"),
        pytest.param(flip_a_bit, id="damaged"),
        pytest.param(make_it_a_folder, id="a folder"),
        pytest.param(make_it_a_pipe, id="a pipe, without waiting for it"),
    ],
)
def test_an_index_that_is_not_understood_tells_nothing(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    repository(tmp_path)
    assert tracked(str(tmp_path)) is not None
    spoil(tmp_path)
    assert tracked(str(tmp_path)) is None


def without_checksum(body: bytes) -> bytes:
    return body + bytes(SHA1_BYTES)


ENTRY = bytes(26) + b"\x81\xa4" + bytes(12 + SHA1_BYTES)
TREE = b"TREE\0\0\0\2xx"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param(b"DIRC\0\0\0\2\0\0\0\0", [], id="an empty index"),
        pytest.param(
            b"DIRC\0\0\0\2\0\0\0\1" + ENTRY + b"\0\1a\0" + TREE,
            ["a"],
            id="an entry and an extension",
        ),
        pytest.param(
            b"DIRC\0\0\0\4\0\0\0\1" + ENTRY + b"\0\1\0a\0", ["a"], id="version 4"
        ),
        pytest.param(b"DIRC\0\0\0\1\0\0\0\0", None, id="version 1"),
        pytest.param(b"DIRC\0\0\0\5\0\0\0\0", None, id="version 5"),
        pytest.param(b"CRID\0\0\0\2\0\0\0\0", None, id="another kind of file"),
        pytest.param(b"DIRC\0\0\0\2\0\0", None, id="a short head"),
        pytest.param(b"DIRC\0\0\0\2\0\0\0\1", None, id="an entry too few"),
        pytest.param(b"DIRC\0\0\0\2\0\0\0\0 ", None, id="a rest that is nothing"),
        pytest.param(
            b"DIRC\0\0\0\2\0\0\0\0xtra\0\0\0\0", None, id="an extension that matters"
        ),
        pytest.param(
            b"DIRC\0\0\0\2\0\0\0\0TREE\0\0\0\2x", None, id="a short extension"
        ),
        pytest.param(
            b"DIRC\0\0\0\2\0\0\0\1" + ENTRY + b"\0\1ab" + bytes(8),
            None,
            id="a name longer than it says",
        ),
        pytest.param(
            b"DIRC\0\0\0\3\0\0\0\1" + ENTRY + b"\x40\1\x10\0a" + bytes(7),
            None,
            id="a flag that nobody knows",
        ),
        pytest.param(
            b"DIRC\0\0\0\4\0\0\0\1" + ENTRY + b"\0\1\1a\0",
            None,
            id="more of a name taken back than there is",
        ),
        pytest.param(
            b"DIRC\0\0\0\4\0\0\0\1" + ENTRY + b"\0\2\0a\0",
            None,
            id="a compressed name shorter than it says",
        ),
    ],
)
def test_only_what_is_understood_is_parsed(
    body: bytes, names: list[str] | None
) -> None:
    expected = None if names is None else [name.encode() for name in names]
    assert parse(without_checksum(body), SHA1_BYTES) == expected


@needs_git
@pytest.mark.parametrize("shape", [as_it_is, intend_to_add, compress_with_flags])
def test_an_index_cut_off_anywhere_is_not_understood(
    tmp_path: Path, shape: Callable[[Path], None]
) -> None:
    shape(repository(tmp_path))
    content = index_of(tmp_path).read_bytes()[:-SHA1_BYTES]
    whole = parse(without_checksum(content), SHA1_BYTES)
    assert whole
    ends = [
        end
        for end in range(len(content))
        if parse(without_checksum(content[:end]), SHA1_BYTES) is not None
    ]
    # Without a checksum, only the end of the entries looks like an end.
    assert len(ends) <= 1
    for end in ends:
        assert parse(without_checksum(content[:end]), SHA1_BYTES) == whole


@given(
    version=st.sampled_from(b"\2\3\4"),
    count=st.integers(0, 3),
    body=st.lists(
        st.sampled_from([ENTRY, ENTRY[:-1], b"\0", b"\1", b"\x40", b"\xff", b"a", TREE])
    ).map(b"".join),
    id_bytes=st.sampled_from([SHA1_BYTES, SHA256_BYTES]),
)
def test_nothing_that_looks_like_an_index_breaks_the_parser(
    version: int, count: int, body: bytes, id_bytes: int
) -> None:
    head = b"DIRC\0\0\0" + bytes([version]) + count.to_bytes(4, "big")
    names = parse(head + body + bytes(id_bytes), id_bytes)
    assert names is None or len(names) <= count


# --- the repository ----------------------------------------------------------------


def test_no_repository_tracks_nothing_that_we_know(tmp_path: Path) -> None:
    assert find_repository(str(tmp_path)) is None
    assert tracked(str(tmp_path)) is None


@needs_git
def test_an_empty_folder_of_that_name_is_no_repository(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "b" / ".git").mkdir()
    found = find_repository(str(tmp_path / "b" / "d"))
    assert found is not None
    assert found.top == os.path.realpath(tmp_path)


@needs_git
@pytest.mark.parametrize(
    "content",
    [
        pytest.param("gitdir: ../nowhere\n", id="that leads nowhere"),
        pytest.param("something else\n", id="that says something else"),
        pytest.param("", id="that is empty"),
        pytest.param("gitdir: nul\0\n", id="with a name that cannot be"),
    ],
)
def test_a_file_of_that_name_ends_the_search(tmp_path: Path, content: str) -> None:
    repository(tmp_path)
    (tmp_path / "b" / ".git").write_text(content)
    assert find_repository(str(tmp_path / "b")) is None
    assert tracked(str(tmp_path / "b" / "d")) is None


@pytest.mark.parametrize(
    ("config", "value"),
    [
        pytest.param("[core]\n\tignorecase = true\n", True, id="yes"),
        pytest.param("[core]\n\tignorecase = false\n", False, id="no"),
        pytest.param("[core] ignoreCase\n", True, id="a key alone says yes"),
        pytest.param('[Core]\nIGNORECASE="Yes" # so\n', True, id="case and quotes"),
        pytest.param("[core]\nignorecase=1\n[core]\nignorecase=0\n", False, id="last"),
        pytest.param("[other]\nignorecase = true\n", False, id="of another section"),
        pytest.param('[core "x"]\nignorecase = true\n', False, id="of a subsection"),
        pytest.param("", False, id="not set"),
    ],
)
def test_settings_are_read_as_git_reads_them(
    tmp_path: Path, config: str, *, value: bool
) -> None:
    for name in (".git/HEAD", ".git/objects/x"):
        put(tmp_path, name)
    (tmp_path / ".git" / "config").write_text(config)
    found = find_repository(str(tmp_path))
    assert found is not None
    assert found.is_set("core", "ignorecase") is value


# --- single files, counted paths ---------------------------------------------------


def test_a_file_is_read_up_to_a_limit_and_not_through_links(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    (tmp_path / "l").symlink_to("f")
    assert read_regular(str(tmp_path / "f"), limit=5, follow=False) == b"12345"
    assert read_regular(str(tmp_path / "l")) == b"12345"
    for path, limit, follow in (("f", 4, True), ("l", 5, False), (".", 5, True)):
        with pytest.raises(OSError, match=r"."):
            read_regular(str(tmp_path / path), limit=limit, follow=follow)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        pytest.param("", 6, id="the folder itself"),
        pytest.param("b", 2, id="a folder"),
        pytest.param("b/d", 1, id="a folder in it"),
        pytest.param("b-c", 1, id="a file"),
        pytest.param("b/", 0, id="no path"),
        pytest.param("c", 0, id="nothing tracked"),
        pytest.param("b/c/x", 0, id="below a file"),
    ],
)
def test_files_are_counted_at_and_below_a_path(path: str, count: int) -> None:
    assert (
        TrackedFiles(["a", "b-c", "b/c", "b/d/e", "b0", "\udcff"]).below(path) == count
    )


PATHS = st.lists(st.text("ab-/0.\udcff", min_size=1, max_size=5), max_size=8)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(paths=PATHS, asked=st.text("ab-/0.\udcff", min_size=1, max_size=4))
def test_counting_is_the_same_as_looking_at_all(paths: list[str], asked: str) -> None:
    found = TrackedFiles(sorted(set(paths)))
    assert (asked in found) is (asked in paths)
    assert found.below(asked) == sum(
        path == asked or path.startswith(f"{asked}/") for path in set(paths)
    )
