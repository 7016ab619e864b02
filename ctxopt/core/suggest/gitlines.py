"""Git's own lines as lines for the ignore file, where they hit what is wanted.

What git ignores tomorrow for `*.sql.gz` is kept out tomorrow, too. A line is written
only if it means the same in both languages and hits nothing else: nothing that git
tracks, nothing that has to stay, nothing that a later line with `!` brings back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ctxopt.core.git.line import GitLine
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.patterns.escaping import escaped, is_sound
from ctxopt.core.suggest.lines import ANYWHERE, IgnoreLines, is_literal, matcher_of
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.git.ignorelines import IgnoreLine
    from ctxopt.core.git.tracked import Tracked

# Names of ignored entries that a line is tried on, and tracked paths; where there are
# more of them, paths are written.
MOST_NAMES = 20_000


class GitPatterns:
    """Git's lines as patterns for the ignore file; each found once for all builds.

    `tracked` is what git tracks, `place` the path of the context itself, and `file`
    reads an ignore file of git.
    """

    def __init__(
        self,
        tracked: Tracked | None = None,
        *,
        place: str = "",
        file: Callable[[str], bytes] = lambda _: b"",
    ) -> None:
        self._tracked = tracked
        self._place = place
        self._file = file
        self._known: dict[GitLine, str | None] = {}
        self._hits: dict[tuple[str, str, tuple[str, ...]], bool | None] = {}

    def of(self, line: GitLine) -> str | None:
        """What means the same; None where nothing does, or it hits what is tracked."""
        if line not in self._known:
            self._known[line] = self._fitting(line)
        return self._known[line]

    def hits(self, pattern: str, find: ClutterMatch) -> bool | None:
        """Whether a pattern hits a find; None where it is only some of its files."""
        key = pattern, find.path, find.names
        if key not in self._hits:
            matches = matcher_of(pattern).matches_or_parent_matches
            hits = {matches(path) for path in find.paths}
            self._hits[key] = None if len(hits) > 1 else hits.pop()
        return self._hits[key]

    def _fitting(self, line: GitLine) -> str | None:
        pattern = self._pattern(line)
        if pattern is None or not is_sound(pattern) or self._is_tracked(pattern):
            return None
        return pattern

    def _pattern(self, line: GitLine) -> str | None:
        # start-up: few finds are ignored by a line of git
        from ctxopt.core.git.ignorelines import parse_ignore_lines
        from ctxopt.core.git.translate import translated

        text = line.text.encode("utf-8", "surrogateescape")
        parsed = next(parse_ignore_lines(text, folds=False), None)
        if parsed is None or self._is_undone(line, parsed):
            return None
        return translated(parsed, line.file, self._place)

    def _is_undone(self, line: GitLine, parsed: IgnoreLine) -> bool:
        """Whether a line with `!` behind it may bring some of it back."""
        # start-up: as in `_pattern`
        from ctxopt.core.git.ignorelines import parse_ignore_lines
        from ctxopt.core.git.translate import may_bring_back

        content = self._file(line.file)
        return any(
            one.negated and one.number > line.line and may_bring_back(one, parsed)
            for one in parse_ignore_lines(content, folds=False)
        )

    def _is_tracked(self, pattern: str) -> bool:
        """Whether a pattern hits anything that git tracks."""
        tracked = self._tracked
        if tracked is None:
            return False
        plain = max(re.split(r"\*+|\[[^]]*\]", pattern), key=len).strip("/")
        matches = matcher_of(pattern).matches_or_parent_matches
        for looked, path in enumerate(tracked.containing(plain)):
            if looked == MOST_NAMES or matches(path):
                return True
        return False


class GitShapes:
    """Git's lines that finds are ignored by, translated; `lines` are all of them."""

    def __init__(
        self,
        clutter: Sequence[ClutterMatch],
        lines: Sequence[GitLine],
        patterns: GitPatterns,
    ) -> None:
        self._lines = lines
        self._patterns = patterns
        self._ignored = [find for find in clutter if find.line]
        self._few = sum(len(one.names) for one in self._ignored) <= MOST_NAMES
        self._known: dict[int, tuple[str, list[ClutterMatch]] | None] = {}

    def of(
        self,
        wanted: Sequence[ClutterMatch],
        unsafe: Callable[[str, Sequence[ClutterMatch]], bool],
        *,
        others: Callable[[ClutterMatch], bool] = lambda _: False,
    ) -> IgnoreLines | None:
        """The lines that ignore all finds that are wanted, and what they hit.

        `others` says which finds may be hit although they are not wanted. None where
        a line does not come out the same, or hits more.
        """
        numbers = dict.fromkeys(find.line for find in wanted)
        if not all(numbers) or not self._few:
            return None
        lines: list[str] = []
        hit: dict[int, ClutterMatch] = {}
        for number in numbers:
            shape = self._shape(number)
            if shape is None or unsafe(*shape):
                return None
            lines.append(shape[0])
            hit.update((id(one), one) for one in shape[1])
        asked = {id(one) for one in wanted}
        if asked - hit.keys() or any(
            not others(one) for key, one in hit.items() if key not in asked
        ):
            return None
        return IgnoreLines(tuple(dict.fromkeys(lines)), tuple(hit.values()))

    def _shape(self, number: int) -> tuple[str, list[ClutterMatch]] | None:
        if number not in self._known:
            self._known[number] = self._found(self._lines[number - 1])
        return self._known[number]

    def _found(self, line: GitLine) -> tuple[str, list[ClutterMatch]] | None:
        """The pattern of a line, and all that it hits."""
        pattern = self._patterns.of(line)
        if pattern is None:
            return None
        found = []
        for find in self._ignored:
            is_hit = self._patterns.hits(pattern, find)
            if is_hit is None:
                return None
            if is_hit:
                found.append(find)
        return _alone(pattern, found) or pattern, found


def _alone(pattern: str, found: Sequence[ClutterMatch]) -> str | None:
    """The path of all that a name hits, if that is one; None for more or a wildcard."""
    name = pattern.removeprefix(ANYWHERE)
    paths = [path for find in found for path in find.paths]
    return escaped(paths[0]) if is_literal(name) and len(paths) == 1 else None
