"""All lines of a folder, and what they make of a path.

Rule: Google Cloud SDK, command_lib/util/gcloudignore.py, GetFileChooserForDir and
FileChooser (2026); api_lib/cloudbuild/snapshot.py, Snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.gcloud.patterns import GcloudPattern, read_line
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

IGNORE_FILE = ".gcloudignore"
GIT_IGNORE_FILE = ".gitignore"
GIT_FILES = (".git", GIT_IGNORE_FILE)

# What stands for a `.gcloudignore` in a folder with files of git.
_DEFAULT_LINES = (IGNORE_FILE, *GIT_FILES)
_INCLUDE = "!include:"

# The text of a file in the folder; None where there is none.
Reader = Callable[[str], str | None]


class IncludeError(CtxoptError):
    """An `#!include:` that gcloud refuses."""


class FileChooser(NamedTuple):
    """What is uploaded, and by which file: "" where gcloud's own default counts."""

    patterns: tuple[GcloudPattern, ...] = ()
    source: str | None = None  # None: all is uploaded

    def takes(self, path: str, *, is_folder: bool) -> bool:
        """Whether a path is uploaded, given that the folders above it are.

        The last line that matches decides; what is in an ignored folder stays there,
        as with git.
        """
        for pattern in reversed(self.patterns):
            if pattern.matches(path, is_folder=is_folder):
                return pattern.negated
        return True


def chooser_of(read: Reader, *, has_git_files: bool) -> FileChooser:
    """What gcloud uploads of a folder whose files `read` reads.

    Without a `.gcloudignore`, a folder with `.git` or `.gitignore` goes without these
    and without what its `.gitignore` says; any other one goes as it is.
    Raises IncludeError.
    """
    text = read(IGNORE_FILE)
    if text is not None:
        return FileChooser((*_patterns(text, IGNORE_FILE, read),), IGNORE_FILE)
    if not has_git_files:
        return FileChooser()
    lines = [*_DEFAULT_LINES]
    if read(GIT_IGNORE_FILE) is not None:
        lines.append(f"#{_INCLUDE}{GIT_IGNORE_FILE}")
    return FileChooser((*_patterns("\n".join(lines), "", read),), "")


def _patterns(text: str, shown: str, read: Reader) -> Iterator[GcloudPattern]:
    for number, line in enumerate(text.splitlines(), 1):
        included = _included(line)
        if included is None:
            pattern = read_line(line)
            if pattern is not None:
                yield pattern
            continue
        content = read(included) if "/" not in included else None
        if content is None:
            raise _refused(line, included, shown, number)
        # What is included includes no more.
        found = map(read_line, content.splitlines())
        yield from (one for one in found if one is not None)


def _included(line: str) -> str | None:
    """The file that a line includes; None for any other line."""
    if not line.startswith("#") or not line[1:].lstrip().startswith(_INCLUDE):
        return None
    return line[line.index(_INCLUDE) + len(_INCLUDE) :]


def _refused(line: str, name: str, shown: str, number: int) -> IncludeError:
    message = f'could not read ignore file "{name}"'
    hint = "name a file that is there, or remove the line"
    if "/" in name:
        message = "may only include files in the same directory"
        hint = "put its lines here instead"
    return IncludeError(message, file=shown, line=number, text=line, hint=hint)
