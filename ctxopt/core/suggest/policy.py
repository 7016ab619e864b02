"""What a project says of suggestions in its configuration.

never = ["seed", "**/*.golden"]         # in [tool.ctxopt]

[[tool.ctxopt.rule]]
id = "maps"
patterns = ["**/*.map"]
...
"""

from __future__ import annotations

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.suggest.rules import Rule


class Never(NamedTuple):
    """A pattern of what is never suggested, and where that is said."""

    pattern: str  # as in an ignore file; speaks for all that is below, too
    place: str  # "pyproject.toml:12", or the name of a variable

    @property
    def words(self) -> str:
        """The reason, as it is shown of what is held back."""
        return f"the configuration says never ({self.place})"


class Policy(NamedTuple):
    """The rules of a project, which speak before all others, and its never-list."""

    rules: tuple[Rule, ...] = ()
    never: tuple[Never, ...] = ()

    def spares(self, path: str) -> bool:
        """Whether a path, or a folder that it lies in, is never suggested."""
        if not self.never:
            return False
        patterns = compile_patterns([one.pattern for one in self.never])
        return Matcher(patterns).matches_or_parent_matches(path)


NO_POLICY = Policy()
