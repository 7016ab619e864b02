"""A page that is looked at: the file that it is written to, and the browser."""

from __future__ import annotations

import os
import webbrowser

from ctxopt.errors import WriteError
from ctxopt.host.disk import replace

_FILE = "context.html"


def check_place(path: str) -> None:
    """Refuse before a long walk what could not be written after it.

    Raises WriteError for a folder, and for a file in a folder that is not there.
    """
    if os.path.isdir(path):
        raise WriteError(
            "this is a folder", hint="name a file in it: -o context.html", file=path
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise WriteError(
            f'there is no folder "{folder}"', hint="make it first", file=path
        )


def write_page(path: str, page: bytes) -> None:
    """Write a page, whole or not at all; what is no regular file takes it as it comes.

    Raises WriteError where that cannot be done.
    """
    if os.path.isfile(path) or not os.path.exists(path):
        replace.replace(replace.read(path), page)
        return
    try:
        with open(path, "wb") as file:  # /dev/stdout, or a pipe
            file.write(page)
    except OSError as error:
        raise WriteError(f"cannot write it: {error.strerror}", file=path) from None


def lies_in(path: str, folder: str) -> bool:
    """Whether a file is somewhere below a folder, links followed."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    return inside.split(os.sep)[0] != os.pardir


def place_of_page() -> str:
    """Where a page lies that nobody gave a name, in a folder for this user alone.

    The next one takes its place. Raises WriteError where there can be no such folder.
    """
    folder = _cache_folder()
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"there is no place for the page: {error.strerror}",
            hint="name a file: -o context.html",
            file=folder,
        ) from None
    return os.path.join(folder, _FILE)


def _cache_folder() -> str:
    # Where it is set it counts on every system; platformdirs says so for some only.
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return os.path.join(base, "ctxopt")
    import platformdirs

    return platformdirs.user_cache_dir("ctxopt", appauthor=False)


def open_page(path: str) -> bool:
    """Show a file in the user's browser; whether there is one."""
    from pathlib import Path  # start-up, as webbrowser: few look at a page

    return webbrowser.open(Path(os.path.abspath(path)).as_uri())
