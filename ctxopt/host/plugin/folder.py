"""The folder where docker looks for plugins, and the link that stands there for us.

Rule: docker/cli, cli-plugins/manager/manager.go, getPluginDirs and
addPluginCandidatesFromDir: links and plain files that are called `docker-NAME`.
"""

from __future__ import annotations

import os
import shlex
import sys
import sysconfig

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError
from ctxopt.host import docker_config
from ctxopt.host.plugin.call import EXECUTABLE

# What stands in the script where a link cannot be made; it is known as ours by that.
_MARK = "# made by ctxopt install-plugin"
_CODE = "from ctxopt.__main__ import run_plugin; run_plugin()"


class Placed(NamedTuple):
    """The place of the plugin, and whether something was done there."""

    path: str
    changed: bool
    target: str = ""  # where a link leads to; "" for a script


def install() -> Placed:
    """Put the plugin where docker looks for it; nothing changes where it is there.

    A link to the `docker-ctxopt` of this installation, or a script that does the same
    where there is none or links cannot be made.
    Raises WriteError for something foreign in the way, and where it cannot be written.
    """
    path = _path()
    target = _executable()
    if _stands(path, target):
        return Placed(path, changed=False, target=target)
    _check_ours(path)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        target = _put(path, target)
    except OSError as error:
        raise WriteError(
            f'cannot make "{path}": {error.strerror}',
            hint="set DOCKER_CONFIG to a folder of yours, or make it writable",
        ) from None
    return Placed(path, changed=True, target=target)


def remove() -> Placed:
    """Take the plugin away again, if it is ours.

    Raises WriteError for something foreign, and where it cannot be removed.
    """
    path = _path()
    if not os.path.lexists(path):
        return Placed(path, changed=False)
    _check_ours(path)
    try:
        os.unlink(path)
    except OSError as error:
        raise WriteError(f'cannot remove "{path}": {error.strerror}') from None
    return Placed(path, changed=True)


def _path() -> str:
    return os.path.join(docker_config.folder(), "cli-plugins", EXECUTABLE)


def _executable() -> str:
    """The command of this installation that is the plugin; "" where there is none."""
    folders = [os.path.dirname(sys.executable), sysconfig.get_path("scripts")]
    folders.append(sysconfig.get_path("scripts", f"{os.name}_user"))
    paths = (os.path.join(folder, EXECUTABLE) for folder in folders if folder)
    return next((one for one in paths if os.access(one, os.X_OK)), "")


def _stands(path: str, target: str) -> bool:
    """Whether what would be put there is there."""
    if target and os.path.islink(path):
        return os.readlink(path) == target
    return _content(path) == _script(target)


def _check_ours(path: str) -> None:
    """Raise WriteError for something in the place of the plugin that is not ours."""
    if not os.path.lexists(path):
        return
    link = os.readlink(path) if os.path.islink(path) else ""
    if os.path.basename(link) == EXECUTABLE or _MARK in _content(path):
        return
    what = f'a link to "{link}"' if link else "there, and not made by ctxopt"
    raise WriteError(
        f'"{path}" is {what}: it stays as it is',
        hint="move it away first, if nobody needs it",
    )


def _content(path: str) -> str:
    """The first text of a plain file; "" for anything else."""
    if os.path.islink(path) or not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(4096)
    except OSError:
        return ""


def _script(target: str) -> str:
    command = [target] if target else [sys.executable, "-c", _CODE]
    return f'#!/bin/sh\n{_MARK}\nexec {shlex.join(command)} "$@"\n'


def _put(path: str, target: str) -> str:
    """Put a link or a script there, whole or not at all; where the link leads to."""
    new = f"{path}.{os.getpid()}"
    try:
        if not _linked(new, target):
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(_script(target))
            target = ""
        os.replace(new, path)
    finally:
        if os.path.lexists(new):
            os.unlink(new)
    return target


def _linked(new: str, target: str) -> bool:
    """Whether there is something to link to, and a link could be made."""
    if not target:
        return False
    try:
        os.symlink(target, new)
    except OSError:  # a file system without links; the script tells other errors
        return False
    return True
