from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from ctxopt.core.sources.tree import Found
from ctxopt.errors import ContextError, DockerfileError, IgnoreFileError
from ctxopt.host.disk import bounded
from ctxopt.host.disk.inputs import (
    DockerfileText,
    context_folder,
    is_vast,
    piped_dockerfile,
    read_dockerfile,
    read_ignore_file,
    regular_size,
)
from ctxopt.host.disk.tree import DiskTree
from tests.rights import as_nobody, public_folder
from tests.texttree import MemoryTree, plant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a/b a/c d/ l->a m->no n->l", id="files, folders and links"),
        pytest.param("b a-b a.b a/b", id="names around a slash"),
        pytest.param("d/l->../x d/x->/y", id="links in folders"),
    ],
)
def test_a_disk_answers_as_the_same_tree_in_memory(tmp_path: Path, text: str) -> None:
    disk, memory = DiskTree(str(plant(tmp_path, text))), MemoryTree(text)
    for path, kind in [*memory.paths(), ("", Found.DIRECTORY)]:
        assert disk.kind(path) is memory.kind(path) is kind
        assert list(disk.names(path)) == list(memory.names(path)) or kind is Found.LINK
        if kind is Found.LINK:
            assert disk.target(path) == memory.target(path)


def test_a_disk_tells_nothing_of_what_it_cannot_see(tmp_path: Path) -> None:
    tree = DiskTree(str(plant(tmp_path, "a f")))
    for path in ("no", "f/x", "n" * 300, "nul\0"):
        assert tree.kind(path) is None
        assert (tree.target(path), tree.head(path), tree.text(path)) == ("", b"", "")
        assert list(tree.names(path)) == []
    assert tree.target("a") == ""
    assert tree.read("no") is None
    assert list(tree.names("f")) == []


def test_names_are_sorted_by_their_bytes(tmp_path: Path) -> None:
    for name in (b"\xff", "😀".encode(), b"a"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()
    assert list(DiskTree(str(tmp_path)).names("")) == ["a", "😀", "\udcff"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("f", b"xxx", id="a file"),
        pytest.param("l", b"xxx", id="a link"),
        pytest.param("abs", b"xxx", id="an absolute link, from the root of the tree"),
        pytest.param("d/up", b"xxx", id="a link that would leave the root"),
        pytest.param("d", None, id="a folder"),
        pytest.param("pipe", None, id="a pipe, without waiting for it"),
        pytest.param("dangling", None, id="a dangling link"),
        pytest.param("loop", None, id="a link to itself"),
    ],
)
def test_a_file_is_read_inside_the_root(
    tmp_path: Path, path: str, expected: bytes | None
) -> None:
    plant(tmp_path, "f:3 l->f abs->/f d/up->../../../f dangling->no loop->loop")
    os.mkfifo(tmp_path / "pipe")
    assert DiskTree(str(tmp_path)).read(path) == expected


# --- the context -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no", 'no such folder: "no"'),
        ("f", '"f" is a file, and a context must be a folder'),
        ("dangling", 'no such folder: "dangling"'),
        ("loop", 'cannot look at "loop": Too many levels of symbolic links'),
        ("f/x", 'cannot look at "f/x": Not a directory'),
        ("a\0b", 'no such folder: "a\0b"'),
        ("-", '"-" is not a local folder'),
        ("https://x/y.git", '"https://x/y.git" is not a local folder'),
        ("git@github.com:x/y", '"git@github.com:x/y" is not a local folder'),
    ],
)
def test_a_context_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(plant(tmp_path, "f dangling->no loop->loop"))
    with pytest.raises(ContextError) as refused:
        context_folder(text)
    assert refused.value.message.startswith(message)
    assert refused.value.hint


def test_a_link_to_a_folder_is_a_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plant(tmp_path, "d/ l->d"))
    assert context_folder("l") == str(tmp_path / "l")
    assert context_folder("d/../l/") == str(tmp_path / "l")


def test_a_current_folder_that_is_gone_is_no_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ContextError, match="no such folder"):
        context_folder(".")


def test_the_disk_and_the_home_folder_are_vast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "home/project/ link->home")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert is_vast("/")
    assert is_vast(str(tmp_path / "home"))
    assert is_vast(str(tmp_path / "link"))
    assert not is_vast(str(tmp_path / "home/project"))


@pytest.mark.parametrize(
    ("names", "vast"),
    [
        (".ssh/ .cache/ .bashrc", True),
        (".bash_history .local/share/ .profile project/", True),
        (".gnupg/ Library/Caches/ .zshrc", True),
        pytest.param(".ssh/ .bashrc .git/ .config/", False, id="settings in git"),
        pytest.param(".cache/ .profile src/", False, id="a project with a cache"),
        pytest.param(".ssh/ .cache/", False, id="a folder with keys"),
    ],
)
def test_somebodys_home_is_known_by_what_is_in_it(
    tmp_path: Path, names: str, *, vast: bool
) -> None:
    plant(tmp_path, names)
    assert is_vast(str(tmp_path)) is vast


# --- the Dockerfile --------------------------------------------------------------


def dockerfile(
    context: Path, given: str | None = None, *, inside: bool = True
) -> DockerfileText:
    return read_dockerfile(str(context), given, None, inside_folder=inside)


def test_the_default_is_the_contexts_own(tmp_path: Path) -> None:
    root = plant(tmp_path, "Dockerfile:3 dockerfile:4")
    found = dockerfile(root)
    assert found == DockerfileText(
        str(root / "Dockerfile"),
        "Dockerfile",
        str(root),
        "Dockerfile",
        b"xxx",
        outside=False,
        relative="Dockerfile",
    )


def test_a_lower_case_one_is_found_where_there_is_no_other(tmp_path: Path) -> None:
    found = dockerfile(plant(tmp_path, "dockerfile:4"))
    assert (found.name, found.shown, found.content) == (
        "dockerfile",
        "dockerfile",
        b"xxxx",
    )


def test_a_dangling_default_hides_the_lower_case_one(tmp_path: Path) -> None:
    with pytest.raises(DockerfileError, match="a link to no, which is not there"):
        dockerfile(plant(tmp_path, "Dockerfile->no dockerfile"))


@pytest.mark.parametrize(
    ("given", "outside", "relative"),
    [
        pytest.param("context/sub/My", False, "sub/My", id="in the context"),
        pytest.param("My", True, "", id="outside of it"),
        pytest.param("context2/My", True, "", id="in a folder that begins alike"),
        pytest.param("context/out", True, "", id="a link that leads out"),
        pytest.param("in", False, "sub/My", id="a link that leads in"),
        pytest.param("context/..My", False, "..My", id="a name with two dots"),
    ],
)
def test_a_dockerfile_knows_whether_it_is_outside(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    given: str,
    outside: bool,
    relative: str,
) -> None:
    tree = "context/sub/My context/..My context/out->../My My context2/My"
    monkeypatch.chdir(plant(tmp_path, f"{tree} in->context/sub/My"))
    found = dockerfile(tmp_path / "context", given, inside=False)
    assert (found.outside, found.relative) == (outside, relative)
    assert found.path == str(tmp_path / given)
    assert found.shown == given


def test_a_context_behind_a_link_has_its_dockerfile_inside(tmp_path: Path) -> None:
    plant(tmp_path, "real/Dockerfile link->real")
    found = dockerfile(tmp_path / "link", str(tmp_path / "real/Dockerfile"))
    assert (found.outside, found.relative) == (False, "Dockerfile")


def test_links_may_lead_out_for_the_legacy_client_only(tmp_path: Path) -> None:
    plant(tmp_path, "context/link->../real real:5")
    given = str(tmp_path / "context/link")
    assert dockerfile(tmp_path / "context", given, inside=False).content == b"xxxxx"
    with pytest.raises(DockerfileError, match="open link: no such file or directory"):
        dockerfile(tmp_path / "context", given)


def test_standard_input_has_no_folder(tmp_path: Path) -> None:
    found = read_dockerfile(str(tmp_path), "-", b"FROM a", inside_folder=True)
    assert found == DockerfileText(
        "-", "stdin", None, "Dockerfile", b"FROM a", outside=True, relative=""
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(None, "open Dockerfile: no such file", id="none at all"),
        pytest.param("no", "open no: no such file", id="one that is not there"),
        pytest.param("d", "this is a folder", id="a folder"),
        pytest.param("pipe", "this is a pipe, and no", id="a pipe"),
        pytest.param("/dev/null", "this is a device, and no", id="a device"),
        pytest.param("/dev/zero", "this is a device, and no", id="an endless device"),
        pytest.param("zero", "this is a device, and no", id="a link to a device"),
        pytest.param("loop", "too many levels of symbolic links", id="a loop"),
        pytest.param("f/x", "not a directory", id="below a file"),
    ],
)
def test_a_dockerfile_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, message: str
) -> None:
    monkeypatch.chdir(plant(tmp_path, "d/ f loop->loop zero->/dev/zero"))
    os.mkfifo("pipe")
    for inside in (True, False):
        with pytest.raises(DockerfileError, match=message) as refused:
            dockerfile(tmp_path, given, inside=inside)
        assert refused.value.file == (given or "Dockerfile")
        assert refused.value.hint


@pytest.mark.parametrize("inside", [True, False])
def test_a_dockerfile_may_be_unreadable(*, inside: bool) -> None:
    with public_folder() as root:
        plant(root, "Dockerfile")
        (root / "Dockerfile").chmod(0)
        with as_nobody(), pytest.raises(DockerfileError, match="Permission denied"):
            dockerfile(root, inside=inside)


@pytest.mark.parametrize("inside", [True, False])
def test_a_dockerfile_has_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    monkeypatch.setattr(bounded, "LIMIT_BYTES", 2 << 20)
    file = plant(tmp_path, f"Dockerfile:{2 << 20}") / "Dockerfile"
    assert len(dockerfile(tmp_path, inside=inside).content) == 2 << 20
    file.write_bytes(bytes((2 << 20) + 1))
    with pytest.raises(DockerfileError, match="more than 2 MiB") as refused:
        dockerfile(tmp_path, inside=inside)
    assert refused.value.file == "Dockerfile"


def test_standard_input_has_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "LIMIT_BYTES", 1 << 20)
    with pytest.raises(DockerfileError, match="more than 1 MiB"):
        read_dockerfile(str(tmp_path), "-", b"#" * (1 << 20) + b"#", inside_folder=True)


def test_a_pipe_outside_the_context_is_read_to_its_end(tmp_path: Path) -> None:
    plant(tmp_path, "c/")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"FROM a\n" * 50_000,))
    writer.start()
    content = piped_dockerfile(str(tmp_path / "c"), str(pipe))
    writer.join()
    assert content == b"FROM a\n" * 50_000


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("c/pipe", id="a pipe inside the context"),
        pytest.param("c/Dockerfile", id="a file"),
        pytest.param("no", id="nothing"),
        pytest.param("c", id="a folder"),
        pytest.param("/dev/null", id="a device"),
    ],
)
def test_nothing_else_counts_as_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.chdir(plant(tmp_path, "c/Dockerfile"))
    os.mkfifo("c/pipe")
    assert piped_dockerfile("c", given) is None


def test_what_a_shell_makes_of_a_command_is_no_pipe_to_the_client(
    tmp_path: Path,
) -> None:
    reader, writer = os.pipe()
    try:
        assert piped_dockerfile(str(tmp_path), f"/dev/fd/{reader}") is None
    finally:
        os.close(reader)
        os.close(writer)


def test_a_pipe_without_a_writer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "PIPE_SECONDS", 0)
    plant(tmp_path, "c/")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DockerfileError, match="nobody has written into this pipe"):
        piped_dockerfile(str(tmp_path / "c"), str(tmp_path / "pipe"))


# --- the ignore file -------------------------------------------------------------


def ignored(root: Path, *, legacy: bool, given: str | None = None) -> str | None:
    """Which ignore file is chosen, relative to the root."""
    own = dockerfile(root, given and str(root / given), inside=not legacy)
    found = read_ignore_file(str(root), own, specific=not legacy, follow=legacy)
    return None if found is None else os.path.relpath(found.path, root)


@pytest.mark.parametrize(
    ("tree", "given", "buildkit", "legacy"),
    [
        pytest.param("Dockerfile", None, None, None, id="there is none"),
        pytest.param(
            "Dockerfile .dockerignore:1",
            None,
            ".dockerignore",
            ".dockerignore",
            id="the context's own",
        ),
        pytest.param(
            "Dockerfile .dockerignore:1 Dockerfile.dockerignore:1",
            None,
            "Dockerfile.dockerignore",
            ".dockerignore",
            id="the Dockerfile's own comes first in BuildKit",
        ),
        pytest.param(
            "Dockerfile .dockerignore:1 Dockerfile.dockerignore:0",
            None,
            "Dockerfile.dockerignore",
            ".dockerignore",
            id="even an empty one",
        ),
        pytest.param(
            "df/My .dockerignore:1 df/My.dockerignore:1 My.dockerignore:1",
            "df/My",
            "df/My.dockerignore",
            ".dockerignore",
            id="it lies beside the Dockerfile",
        ),
        pytest.param(
            "df/My My.dockerignore:1 df/.dockerignore:1 Dockerfile.dockerignore:1",
            "df/My",
            None,
            None,
            id="and nowhere else",
        ),
        pytest.param(
            "dockerfile dockerfile.dockerignore:1 Dockerfile.dockerignore:1",
            None,
            "dockerfile.dockerignore",
            None,
            id="a lower-case Dockerfile has a lower-case one",
        ),
        pytest.param(
            "Dockerfile .dockerignore:1 Dockerfile.dockerignore/",
            None,
            ".dockerignore",
            ".dockerignore",
            id="a folder of that name is none",
        ),
        pytest.param(
            "Dockerfile .dockerignore:1 Dockerfile.dockerignore->no",
            None,
            ".dockerignore",
            ".dockerignore",
            id="a dangling link is none",
        ),
        pytest.param(
            "Dockerfile Dockerfile.dockerignore->x x:1",
            None,
            "Dockerfile.dockerignore",
            None,
            id="a link to a file is one",
        ),
        pytest.param(
            "Dockerfile .dockerignore->x x:1",
            None,
            ".dockerignore",
            ".dockerignore",
            id="also for the context's own",
        ),
        pytest.param(
            "Dockerfile .dockerignore->no", None, None, None, id="but no dangling one"
        ),
    ],
)
def test_which_ignore_file_is_in_effect(
    tmp_path: Path,
    tree: str,
    given: str | None,
    buildkit: str | None,
    legacy: str | None,
) -> None:
    plant(tmp_path, tree)
    assert ignored(tmp_path, legacy=False, given=given) == buildkit
    assert ignored(tmp_path, legacy=True, given=given) == legacy


def test_a_linked_ignore_file_leads_out_for_the_legacy_client_only(
    tmp_path: Path,
) -> None:
    root = plant(tmp_path, "c/Dockerfile c/.dockerignore->../x x:3") / "c"
    assert ignored(root, legacy=False) is None
    assert ignored(root, legacy=True) == ".dockerignore"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(Path.mkdir, "is a directory", id="a folder"),
        pytest.param(
            lambda path: path.symlink_to(path.name),
            "too many levels of symbolic links",
            id="a link to itself",
        ),
    ],
)
def test_an_ignore_file_that_is_none_stops_the_legacy_client_only(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    plant(tmp_path, "Dockerfile")
    make(tmp_path / ".dockerignore")
    assert ignored(tmp_path, legacy=False) is None
    with pytest.raises(IgnoreFileError) as refused:
        ignored(tmp_path, legacy=True)
    assert refused.value.message == f"error reading .dockerignore: {message}"
    assert refused.value.file == ".dockerignore"


def test_an_unreadable_ignore_file_stops_the_legacy_client_only() -> None:
    with public_folder() as root:
        plant(root, "Dockerfile .dockerignore:1")
        (root / ".dockerignore").chmod(0)
        with as_nobody():
            assert ignored(root, legacy=False) is None
            with pytest.raises(IgnoreFileError, match="permission denied"):
                ignored(root, legacy=True)


def test_a_pipe_for_an_ignore_file_keeps_nobody_waiting_in_buildkit(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "Dockerfile")
    os.mkfifo(tmp_path / ".dockerignore")
    assert ignored(tmp_path, legacy=False) is None


@pytest.mark.parametrize(
    ("target", "message"),
    [
        pytest.param("/dev/zero", "it has more than 16 MiB", id="an endless one"),
        pytest.param("pipe", "it is a pipe", id="a pipe"),
        pytest.param("socket", "no such device or address", id="a socket"),
    ],
)
def test_a_link_to_no_file_stops_the_legacy_client_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, message: str
) -> None:
    plant(tmp_path, f"Dockerfile .dockerignore->{target}")
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert ignored(tmp_path, legacy=False) is None
        with pytest.raises(IgnoreFileError, match=message) as refused:
            ignored(tmp_path, legacy=True)
    assert refused.value.file == ".dockerignore"


def test_a_link_to_a_terminal_keeps_nobody_waiting(tmp_path: Path) -> None:
    master, slave = os.openpty()
    plant(tmp_path, f"Dockerfile .dockerignore->{os.ttyname(slave)}")
    try:
        assert ignored(tmp_path, legacy=False) is None
        with pytest.raises(IgnoreFileError, match="it is a device"):
            ignored(tmp_path, legacy=True)
    finally:
        os.close(master)
        os.close(slave)


def test_a_link_to_the_empty_device_is_an_empty_file(tmp_path: Path) -> None:
    plant(tmp_path, "Dockerfile .dockerignore->/dev/null")
    assert ignored(tmp_path, legacy=False) is None
    assert ignored(tmp_path, legacy=True) == ".dockerignore"


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("name", [".dockerignore", "Dockerfile.dockerignore"])
def test_an_ignore_file_has_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, legacy: bool
) -> None:
    monkeypatch.setattr(bounded, "LIMIT_BYTES", 1 << 20)
    plant(tmp_path, f"Dockerfile {name}:{(1 << 20) + 1}")
    if legacy and name != ".dockerignore":
        assert ignored(tmp_path, legacy=True) is None
        return
    with pytest.raises(IgnoreFileError, match="more than 1 MiB") as refused:
        ignored(tmp_path, legacy=legacy)
    assert refused.value.file == name


def test_the_content_comes_as_it_is(tmp_path: Path) -> None:
    plant(tmp_path, "Dockerfile")
    (tmp_path / ".dockerignore").write_bytes(b"\xef\xbb\xbfa\r\n\xff\n")
    found = read_ignore_file(str(tmp_path), None, specific=True, follow=False)
    assert found is not None
    assert found.content == b"\xef\xbb\xbfa\r\n\xff\n"
    assert (found.shown, found.specific) == (".dockerignore", False)


def test_sizes_are_of_the_entry_itself(tmp_path: Path) -> None:
    plant(tmp_path, "f:7 l->f")
    assert regular_size(str(tmp_path), "f") == 7
    assert regular_size(str(tmp_path), "l") == 1
    assert regular_size(str(tmp_path), "no") is None
