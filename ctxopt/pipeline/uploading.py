"""What `gcloud builds submit` uploads of a folder.

It is no builder: it reads no Dockerfile, and has no sources. What it sends is unpacked
where the build runs, and only then is a `.dockerignore` read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ctxopt.core.gcloud import GIT_FILES, FileChooser, chooser_of
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk import inputs
from ctxopt.host.disk.uploaded import FoundEntry, found_entries, is_there, text_in


class Upload(NamedTuple):
    """The entries of an upload, as they are found, and what decided on them."""

    entries: Iterator[FoundEntry]
    chooser: FileChooser


def upload(context: str) -> Upload:
    """The upload of a folder.

    Raises CtxoptError for anything but a folder, and for a file that gcloud refuses.
    """
    root = inputs.context_folder(context)
    has_git_files = any(is_there(root, name) for name in GIT_FILES)
    chooser = chooser_of(partial(text_in, root), has_git_files=has_git_files)

    def takes(path: str, is_folder: bool) -> bool:  # noqa: FBT001  # asked by the walk
        return chooser.takes(path, is_folder=is_folder)

    return Upload(found_entries(root, takes), chooser)
