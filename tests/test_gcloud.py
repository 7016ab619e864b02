"""`ctxopt ls --gcloud`: what would be uploaded.

Rule: Google Cloud SDK, api_lib/storage/storage_util.py, Snapshot.
"""

from __future__ import annotations

from pathlib import Path

from tests.test_write import in_process
from tests.texttree import plant


def listed(project: Path, *options: str) -> tuple[list[str], str]:
    status, out, said = in_process("ls", "--gcloud", *options, project)
    assert status == 0
    return out.splitlines(), said


def test_the_default_leaves_out_git_and_what_it_ignores(tmp_path: Path) -> None:
    plant(tmp_path, ".git/HEAD:5 src/a:3 src/b.log:9")
    (tmp_path / ".gitignore").write_text("*.log\n")
    lines, said = listed(tmp_path)
    assert lines == ["src/", "src/a"]
    assert said == (
        "ctxopt: note: 1 file, 3 B before it is packed, by gcloud's default: without"
        " .git, .gitignore and what that says\n"
    )


def test_without_git_all_is_uploaded(tmp_path: Path) -> None:
    plant(tmp_path, "a:3")
    lines, said = listed(tmp_path, "--long")
    assert lines == ["           3  a"]
    assert "there is no .gcloudignore and nothing of git" in said


def test_links_to_folders_are_not_entered_and_none_to_nowhere_is_sent(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "d/a:3 f:4")
    (tmp_path / "ln").symlink_to("d")
    (tmp_path / "lf").symlink_to("f")
    (tmp_path / "no").symlink_to("nowhere")
    (tmp_path / ".gcloudignore").write_text(".gcloudignore\n")
    lines, said = listed(tmp_path, "-q")
    assert lines == ["d/", "f", "lf", "ln/", "d/a"]
    assert said == ""


def test_what_is_about_sources_does_not_go_with_it(tmp_path: Path) -> None:
    status, _, said = in_process("ls", "--gcloud", "--unused", tmp_path)
    assert status == 2
    assert "--gcloud lists an upload" in said


def test_a_fault_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / ".gcloudignore").write_text("#!include:no\n")
    status, _, said = in_process("ls", "--gcloud", tmp_path)
    assert status == 2
    assert ".gcloudignore:1: could not read ignore file" in said
