"""The sources that Gradle compiles before a build: its plugins and tasks.

Rule: docs.gradle.org, "Sharing Build Logic": `buildSrc` beside a build script is always
compiled, and so is what `includeBuild` names.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree

MOST_FILES = 80
MOST_FOLDERS = 200
_DEPTH = 10
_INCLUDED = r"includeBuild[\s(]*[\"']([\w./-]+)[\"']"
_ENDINGS = (".kt", ".kts", ".java", ".groovy", ".gradle")
_FOREIGN = frozenset({"build", "test", "functionalTest", "resources"})


def sources(tree: Tree, path: str, text: str) -> Iterator[str]:
    """The files of the plugins of the build that a script is of."""
    folder = path.rpartition("/")[0]
    named = re.findall(_INCLUDED, text)
    starts = [posixpath.normpath(join(folder, one)) for one in named]
    starts.append(join(folder, "buildSrc"))
    waiting = [(one, 0) for one in starts if tree.kind(one) is Found.DIRECTORY]
    left = MOST_FILES
    for here, depth in waiting:
        below = frozenset(tree.folders(here) if depth < _DEPTH else ())
        room = MOST_FOLDERS - len(waiting)
        inside = [one for one in sorted(below - _FOREIGN) if one[0] != "."]
        waiting += [(join(here, one), depth + 1) for one in inside[: max(room, 0)]]
        files = [one for one in tree.names(here) if one.endswith(_ENDINGS)]
        yield from (join(here, one) for one in files[:left] if one not in below)
        left -= len(files[:left])
