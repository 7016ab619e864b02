"""The link in the folder of docker's plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ctxopt.errors import WriteError
from ctxopt.host.plugin import folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the plugin is to stand."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    return tmp_path / "docker/cli-plugins/docker-ctxopt"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The `docker-ctxopt` of an installation."""
    path = tmp_path / "bin/docker-ctxopt"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\necho ran "$@"\n')
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path.parent / "python"))
    return path


def test_a_link_leads_to_the_command_of_this_installation(
    place: Path, command: Path
) -> None:
    placed = folder.install()
    assert placed == (str(place), True, str(command))
    assert os.readlink(place) == str(command)


def test_what_is_there_already_stays(place: Path, command: Path) -> None:
    folder.install()
    before = os.lstat(place)
    assert not folder.install().changed
    assert os.lstat(place) == before


def test_the_link_of_another_installation_is_replaced(
    place: Path, command: Path
) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to("/gone/bin/docker-ctxopt")
    assert folder.install().changed
    assert os.readlink(place) == str(command)


def test_without_links_a_script_does_the_same(
    place: Path, command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "symlink", refuse)
    assert folder.install() == (str(place), True, "")
    done = subprocess.run([place, "a b", "c"], capture_output=True, check=True)
    assert done.stdout == b"ran a b c\n"
    assert not folder.install().changed


def test_without_a_command_a_script_runs_python(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_executable", lambda: "")
    assert folder.install() == (str(place), True, "")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    asked = [str(place), "docker-cli-plugin-metadata"]
    done = subprocess.run(asked, capture_output=True, check=True, env=env)
    assert b'"SchemaVersion": "0.1.0"' in done.stdout
    assert folder.remove().changed


@pytest.mark.parametrize("foreign", ["file", "link", "folder"])
def test_something_foreign_stays_and_is_named(
    foreign: str, place: Path, command: Path
) -> None:
    place.parent.mkdir(parents=True)
    if foreign == "file":
        place.write_text("#!/bin/sh\n")
    elif foreign == "link":
        place.symlink_to("/usr/bin/true")
    else:
        place.mkdir()
    before = os.lstat(place)
    for act in (folder.install, folder.remove):
        with pytest.raises(WriteError) as caught:
            act()
        assert str(caught.value).startswith(f'"{place}" is ')
    assert os.lstat(place) == before


def test_removing_takes_the_link_and_nothing_else(place: Path, command: Path) -> None:
    folder.install()
    other = place.parent / "docker-buildx"
    other.write_text("")
    assert folder.remove() == (str(place), True, "")
    assert [*place.parent.iterdir()] == [other]
    assert command.exists()
    assert not folder.remove().changed


def test_a_folder_that_cannot_be_made_is_named(
    place: Path, command: Path, tmp_path: Path
) -> None:
    (tmp_path / "docker").write_text("a file")
    with pytest.raises(WriteError) as caught:
        folder.install()
    assert str(caught.value).startswith(f'cannot make "{place}": ')


def test_nothing_is_left_of_a_link_that_could_not_be_put(
    place: Path, command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WriteError):
        folder.install()
    assert [*place.parent.iterdir()] == []
