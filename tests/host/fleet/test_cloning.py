"""A clone is the last commit, the same each time, and nothing of it runs."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from ctxopt.core.fleet.addresses import git_source
from ctxopt.core.fleet.records import Source
from ctxopt.host.fleet.cloning import (
    CloneBounds,
    CloneError,
    CloneTooLargeError,
    clone,
    close_links_out,
    remote_commit,
)
from tests.host.git.test_head import git

BOUNDS = CloneBounds(1_000_000, 100)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with two commits on `main` and a branch `old` at the first."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "branch", "old")
    git(folder, "tag", "-a", "-m", "said", "v1")
    (folder / "src").mkdir()
    (folder / "src" / "app.py").write_text("print()\n")
    (folder / "run.sh").write_text("exit\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("src/app.py")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "two")
    return folder


def source(folder: Path, branch: str = "") -> Source:
    return git_source(f"file://{folder}" + (f"#{branch}" if branch else ""))


def statuses(folder: Path) -> list[tuple[str, int, int, int]]:
    """What of each entry travels, but for what git keeps for itself."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(".git/"):
            status = path.lstat()
            size = 0 if path.is_dir() else status.st_size
            found.append((name, status.st_mode, size, status.st_mtime_ns))
    return found


def test_the_last_commit_is_the_same_each_time(shop: Path, tmp_path: Path) -> None:
    clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)
    clone(source(shop), str(tmp_path / "b"), bounds=BOUNDS)
    assert statuses(tmp_path / "a") == statuses(tmp_path / "b")
    names = [row[0] for row in statuses(tmp_path / "a")]
    assert names == [".git", "Dockerfile", "link", "run.sh", "src", "src/app.py"]
    assert os.access(tmp_path / "a" / "run.sh", os.X_OK)
    seconds = int(git(shop, "log", "-1", "--format=%ct"))
    assert {row[3] for row in statuses(tmp_path / "a")} == {seconds * 10**9 + 5 * 10**8}
    assert git(tmp_path / "a", "rev-list", "--count", "HEAD") == "1"
    assert git(tmp_path / "a", "status", "--porcelain") == ""


def test_a_server_here_packs_the_same_each_time(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads find other deltas each time, and `.git` is sent, too."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/said\nPATH=${{PATH#*:}} exec git "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)
    said = (tmp_path / "said").read_text()
    assert "--upload-pack=git -c pack.threads=1 " in said
    assert re.search(r"--upload-pack=git( -c \S+)+ upload-pack", said)


@pytest.mark.parametrize("branch", ["old", "v1", "main", ""])
def test_the_commit_elsewhere_is_the_one_that_is_cloned(
    shop: Path, tmp_path: Path, branch: str
) -> None:
    asked = source(shop, branch)
    clone(asked, str(tmp_path / "a"), bounds=BOUNDS)
    commit = git(tmp_path / "a", "rev-parse", "HEAD")
    assert commit == git(shop, "rev-parse", f"{branch or 'HEAD'}^{{commit}}")
    assert remote_commit(asked, seconds=30) == commit


def test_of_what_is_not_there_nothing_is_known(tmp_path: Path) -> None:
    asked = source(tmp_path / "nothing")
    assert remote_commit(asked, seconds=30) is None
    with pytest.raises(CloneError, match=r"fatal: '.*nothing' does not appear"):
        clone(asked, str(tmp_path / "a"), bounds=BOUNDS)


def test_a_repository_without_a_commit_is_an_empty_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "shop")
    clone(source(tmp_path / "shop"), str(tmp_path / "a"), bounds=BOUNDS)
    assert statuses(tmp_path / "a")[1:] == []


def test_a_password_is_neither_kept_nor_said(shop: Path, tmp_path: Path) -> None:
    asked = source(shop)._replace(place="https://host/acme/shop.git")
    clone(asked, str(tmp_path / "a"), bounds=BOUNDS)
    kept = (tmp_path / "a" / ".git" / "config").read_text()
    assert "https://host/acme/shop.git" in kept
    assert str(shop) not in kept
    closed = git_source("http://me:secret@127.0.0.1:1/acme/shop.git")
    with pytest.raises(CloneError) as refused:
        clone(closed, str(tmp_path / "b"), bounds=BOUNDS)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("is_cloned", [True, False])
def test_a_password_is_in_no_list_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_cloned: bool
) -> None:
    """And git gets it all the same, for that host alone."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nPATH=${{PATH#*:}}\necho "$*" >> {tmp_path}/said\n'
        'while [ $1 = -c ]; do set -- "$@" "$1" "$2"; shift 2; done\n'
        "while [ $1 != -c ]; do shift; done\n"
        "for host in 127.0.0.1:1 127.0.0.1:2; do\n"
        f"printf 'protocol=http\\nhost=%s\\n\\n' $host |"
        f' git "$@" credential fill >> {tmp_path}/known 2>&1\n'
        "done\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    asked = git_source("http://me:sec%40ret@127.0.0.1:1/acme/shop.git")
    if is_cloned:
        with pytest.raises(CloneError):
            clone(asked, str(tmp_path / "a"), bounds=BOUNDS)
    else:
        assert remote_commit(asked, seconds=30) is None
    said = (tmp_path / "said").read_text()
    assert "http://127.0.0.1:1/acme/shop.git" in said
    assert not re.search(r"sec(%40|@)ret", said)
    known = (tmp_path / "known").read_text()
    assert known.count("username=me\npassword=sec@ret\n") == 1


def test_what_is_too_large_is_known_before_it_is_checked_out(
    shop: Path, tmp_path: Path
) -> None:
    with (shop / "holes").open("wb") as file:
        file.truncate(2_000_000)
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "large")
    with pytest.raises(CloneTooLargeError, match="more than 1,000,000 bytes"):
        clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)
    assert not (tmp_path / "a" / "Dockerfile").exists()


def bomb(folder: Path) -> None:
    """A commit of 10 to the tenth files, in a dozen objects."""
    git(folder, "init", "-q", "-b", "main")
    blob = git(folder, "hash-object", "-w", "--stdin")
    kind, mode = "blob", "100644"
    for _ in range(10):
        rows = "".join(f"{mode} {kind} {blob}\tf{number}\n" for number in range(10))
        done = subprocess.run(
            ["git", "mktree"],
            input=rows,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        blob, kind, mode = done.stdout.strip(), "tree", "040000"
    commit = git(folder, "commit-tree", "-m", "boom", blob)
    git(folder, "update-ref", "refs/heads/main", commit)


def test_a_bomb_is_not_gone_off(tmp_path: Path) -> None:
    (tmp_path / "bomb").mkdir()
    bomb(tmp_path / "bomb")
    with pytest.raises(CloneTooLargeError, match="more than 100 entries"):
        clone(source(tmp_path / "bomb"), str(tmp_path / "a"), bounds=BOUNDS)


@pytest.mark.parametrize(("length", "is_taken"), [(1024, True), (1025, False)])
def test_a_path_may_be_as_long_as_can_be_followed(
    shop: Path, tmp_path: Path, *, length: int, is_taken: bool
) -> None:
    """The rest of a longer one could lead to what is here, unseen."""
    folder = shop
    while len(str(folder.relative_to(shop))) < 900:
        folder /= "d" * 99
    folder.mkdir(parents=True)
    rest = length - len(str(folder.relative_to(shop))) - 1
    (folder / ("f" * rest)).write_text("")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "long")
    said = nullcontext() if is_taken else pytest.raises(CloneTooLargeError)
    with said:
        clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)


def test_a_tree_that_git_cannot_tell_is_not_checked_out(
    shop: Path, tmp_path: Path
) -> None:
    blob = git(shop, "rev-parse", "HEAD:Dockerfile")
    gone = "0123456789" * 4
    done = subprocess.run(
        ["git", "mktree", "--missing"],
        input=f"100644 blob {blob}\tDockerfile\n040000 tree {gone}\td\n",
        cwd=shop,
        check=True,
        capture_output=True,
        text=True,
    )
    odd = git(shop, "commit-tree", "-m", "odd", done.stdout.strip())
    (shop / ".git" / "refs" / "heads" / "main").write_text(f"{odd}\n")
    with pytest.raises(CloneError):
        clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)


def test_what_is_fetched_is_bounded_by_the_limit_of_files(
    shop: Path, tmp_path: Path
) -> None:
    (shop / "noise").write_bytes(os.urandom(300_000))
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "large")
    program = (
        "from tests.host.fleet.test_cloning import *\n"
        f"clone(source(Path({str(shop)!r})), {str(tmp_path / 'a')!r}, bounds=BOUNDS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (100_000, 100_000)
        ),
    )
    assert "CloneTooLargeError" in done.stderr


def test_nothing_of_a_stranger_runs(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    hook = home / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(
        f"[core]\nhooksPath = {home}/hooks\n"
        f"[init]\ntemplateDir = {home}\n"
        f'[filter "lfs"]\nsmudge = touch {ran}\nrequired = true\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (shop / ".gitattributes").write_text("*.bin filter=lfs\n")
    (shop / "large.bin").write_text("version https://git-lfs.github.com/spec/v1\n")
    (shop / ".gitmodules").write_text(
        f'[submodule "x"]\npath = x\nurl = ext::touch {ran}\nupdate = !touch {ran}\n'
    )
    harmless = ("-c", "filter.lfs.clean=cat", "-c", "core.hooksPath=/dev/null")
    git(shop, *harmless, "add", "-A")
    git(shop, *harmless, "commit", "-q", "-m", "odd")
    clone(source(shop), str(tmp_path / "a"), bounds=BOUNDS)
    assert (tmp_path / "a" / "large.bin").read_text().startswith("version")
    assert not ran.exists()


def test_what_a_user_has_set_changes_nothing(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ran = tmp_path / "ran"
    (home / "attributes").write_text("*.py text eol=crlf\n")
    (home / ".gitconfig").write_text(
        f"[core]\nattributesFile = {home}/attributes\neol = crlf\n"
        "[clone]\ndefaultRemoteName = upstream\n"
        "[init]\ndefaultRefFormat = reftable\n"
        f'[filter "own"]\nsmudge = "touch {ran}; tr a-z A-Z"\n'
    )
    (shop / ".gitattributes").write_text("run.sh filter=own\n")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "attributes")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    asked = source(shop)._replace(place="https://host/acme/shop.git")
    clone(asked, str(tmp_path / "a"), bounds=BOUNDS)
    assert (tmp_path / "a" / "src" / "app.py").read_bytes() == b"print()\n"
    assert (tmp_path / "a" / "run.sh").read_text() == "exit\n"
    assert not ran.exists()
    kept = (tmp_path / "a" / ".git" / "config").read_text()
    assert (kept.count("[remote "), str(shop) in kept) == (1, False)


def test_no_link_leads_out_to_what_is_here(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    top = tmp_path / "clone"
    (top / "src").mkdir(parents=True)
    (top / "app").write_text("x")
    links = {
        "Dockerfile": "../secret",
        "src/out": str(tmp_path),
        "src/twice": "out/secret",
        "inside": "app",
        "up": "src/../app",
        "gone": "/nowhere/at/all",
        "loop": "loop",
    }
    for name, target in links.items():
        (top / name).symlink_to(target)
        os.utime(top / name, ns=(5, 5), follow_symlinks=False)
    os.utime(top, ns=(7, 7))
    assert close_links_out(str(top)) in (2, 3)  # one leads out by another
    for name, target in links.items():
        left = (top / name).readlink()
        is_closed = name in ("Dockerfile", "src/out")
        assert (str(left) == target) is not is_closed or name == "src/twice"
        assert not (top / name).exists() or name in ("inside", "up")
        assert len(str(left)) == len(target)
        assert (top / name).lstat().st_mtime_ns == 5
    assert not (top / "Dockerfile").exists()
