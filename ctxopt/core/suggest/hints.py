"""What the build and its manifests say of files that no COPY names.

Rule: these are signs, not proofs; each only makes a suggestion more careful.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.paths import join
from ctxopt.core.running.commands import STARTED, Command
from ctxopt.core.running.mentions import Use, Uses
from ctxopt.core.running.words import runs_nothing
from ctxopt.core.suggest.makers import Answer, Makers
from ctxopt.core.suggest.making import Making
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.suggest.signs import BuildHint
from ctxopt.core.tuples import NamedTuple


class BuildHints(NamedTuple):
    """All signs of one build."""

    commands: tuple[Command, ...] = ()
    git: tuple[BuildHint, ...] = ()  # who reads `.git`
    declared: Mapping[str, BuildHint] | None = None  # files that a manifest declares
    uses: Uses | None = None  # the paths that commands use
    makers: Making | None = None  # who makes what anew; None: nothing is known

    def matching(self, expression: str) -> Command | None:
        """The first command that an expression is found in, and that may run it."""
        if not self.commands:
            return None  # start-up: no expression is made for nothing
        return self._first(expression, self.commands)

    def _first(self, expression: str, commands: Iterable[Command]) -> Command | None:
        pattern = re.compile(expression)
        return next(
            (
                one
                for one in commands
                if pattern.search(one.text) and not runs_nothing(one.program)
            ),
            None,
        )

    def reader(
        self, expression: str, clutter: Sequence[ClutterMatch]
    ) -> tuple[bool, Command | None]:
        """Whether a command is one of an expression, and the first that gets a find.

        None where stages get them, and none of these runs such a command. What a
        container starts reads nothing of a find that its image does not get.
        """
        first = self.matching(expression)
        stages = set() if self.makers is None else self.makers.stages_of(clutter)
        if first is not None and self.makers is not None and stages:
            first = self._not_apart(expression, self.makers, stages, first)
        if first is None or not stages:
            return first is not None, first
        near = (one for one in self.commands if one.stage in stages)
        return True, self._first(expression, near)

    def _not_apart(
        self, expression: str, makers: Makers, stages: Collection[int], first: Command
    ) -> Command | None:
        """The first command that may have what some stages get."""
        if first.instruction not in STARTED:
            return first
        from ctxopt.core.suggest.apart import is_apart  # start-up: few are asked for

        return self._first(
            expression,
            (one for one in self.commands if not is_apart(makers.found, one, stages)),
        )

    def mention(self, path: str) -> Use | None:
        """The first use that a command makes of a path, or of something below it."""
        return None if self.uses is None else self.uses.of(path)

    def mention_around(self, path: str) -> Use | None:
        """The use of a folder that a path lies in, by who takes all that is in it."""
        return None if self.uses is None else self.uses.around(path)


class OtherHints(NamedTuple):
    """What the commands of another Dockerfile of the context show."""

    shown: str  # its path, as messages name it
    uses: Uses
    makers: Making

    def need(self, rule: Rule, find: ClutterMatch) -> str | None:
        """Why that Dockerfile needs a find, in words; None where it shows no need."""
        use = self.uses.of(find.path)
        if use is not None and not use.hard:
            use = None
        if rule.made_by:
            if self.makers.verdict(rule, find).answer is not Answer.NEEDED:
                return None
            return f"{self.shown} may need it: no command there makes it anew"
        return None if use is None else f"{use.command.place} uses it ({use.how})"


# Lines that declare a readme or a licence file, and the names in them.
_DECLARING = (
    r"(?i)readme|licen[cs]e[-_]?files?|long_description|description[-_]file|open\(|"
    r"read_text|\.files\b|include"
)
# One of them is in each such line; in most files is none, and nothing is compiled.
_DECLARING_WORDS = (
    *("readme", "file", "long_description", "open(", "read_text", "include"),
)
_DECLARED_NAME = (
    r"(?i)\b(?:README|LICEN[CS]E|COPYING|NOTICE|CHANGELOG|CHANGES|HISTORY|AUTHORS)"
    r"[\w.-]*"
)
DECLARING = frozenset(
    {
        *("pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "Cargo.toml"),
        *("package.json", "mix.exs", "composer.json", "pubspec.yaml"),
    }
)


def declared_files(files: Mapping[str, str]) -> dict[str, BuildHint]:
    """Names of documents that manifests declare, and where."""
    declared: dict[str, BuildHint] = {}
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if name not in DECLARING and not name.endswith(".gemspec"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            lower = line.lower()
            if not any(word in lower for word in _DECLARING_WORDS):
                continue
            if not re.search(_DECLARING, line):
                continue
            for found in re.findall(_DECLARED_NAME, line):
                document = join(folder, found)
                declared.setdefault(document, BuildHint(path, number, line.strip()))
    return declared
