"""Lines that show that a build reads something that no COPY names."""

from __future__ import annotations

import re

from ctxopt.core.tuples import NamedTuple

HISTORY = ".git"
# Of these it is known that commits are all they look at.
_COMMITS = (
    r"\bgit\W+(?:rev-parse|rev-list|log|ls-files|symbolic-ref|branch|tag|shortlog|"
    r"show)\b|\.git/|\bpbr\b|\bMinVer\b"
)


class BuildHint(NamedTuple):
    """A line that shows that the build reads something."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, as messages name it."""
        return f"{self.file}:{self.line}"

    @property
    def sees_files(self) -> bool:
        """Whether who reads the history may compare it with the files beside it.

        A version made so is "dirty" where a tracked file is missing: `git describe
        --dirty`, setuptools_scm, versioneer, goreleaser, `go build -buildvcs`.
        """
        return re.search(_COMMITS, self.text) is None
