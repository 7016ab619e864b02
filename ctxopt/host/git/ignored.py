r"""Which entries git ignores below a folder, and the line that says so.

pathspec compares: a folder has one `GitIgnoreSpec` of the lines that are about it, and
its `check_file` tells the last one that takes a name. Before that, a line is split at
its last slash, where it has one: the part before is compared with a folder once, when
the walk enters it, and the rest is a line about names, as all others are. Folders in
which the same lines speak share a spec, and the answers by name.

What pathspec cannot say is said here; seen with pathspec 1.1.1 and git 2.39.5:

EDGE CASE: `b/` on a folder itself; pathspec takes it for what is below. It is `b` here,
and asked about folders only.
EDGE CASE: `!b` in one file takes no `b/a` that another file ignores; pathspec lets a
line speak of all that is below its match, which git asks about only if it is entered.
EDGE CASE: `.git/info/exclude` ranks behind each `.gitignore`, as a file above the top.
EDGE CASE: with `core.ignorecase`, case is that of ASCII letters: `\xc3\x89` is no
`\xc3\xa9`.
EDGE CASE: names are bytes, and may hold a newline; see core/git/ignorelines.py, which
also has what is different inside of a line.
EDGE CASE: a repository inside the work tree is judged by the outer one's lines, too.

The user's own `core.excludesFile` is not read: it tells nothing about the project.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ctxopt.core.git.ignorelines import IgnoreLine, parse_ignore_lines, small_letters
from ctxopt.core.git.line import GitLine
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.git.repository import IGNORE_FILE, Repository, read_regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    from ctxopt.core.judging.rows import Row

LARGEST_BYTES = 1 << 20

# Answers kept for the files in effect; a folder of any size must not fill the memory.
KNOWN_NAMES = 1 << 16
KNOWN_SPECS = 1 << 8

# Behind a pattern and behind what it is compared with: a match then ends at the end.
# pathspec also takes what lies below a match, or has a newline behind it.
_END = "\U0010ffff"


class GitIgnored:
    """What git ignores, asked folder by folder during a walk of the context."""

    __slots__ = ("_context", "_folds", "_inside", "_stack", "_top")

    def __init__(self, context: str, repository: Repository | None) -> None:
        self._context = os.path.realpath(context)
        self._top = repository.top if repository else self._context
        self._folds = bool(repository and repository.is_set("core", "ignorecase"))
        relative = os.path.relpath(self._context, self._top)
        self._inside = "" if relative == "." else f"{relative}/"
        self._stack = [self._everywhere(repository)]

    @property
    def context(self) -> str:
        """The folder that it is about, without links on the way."""
        return self._context

    def folder(self, path: str, has_ignore_file: bool) -> FolderRules:  # noqa: FBT001
        """What is in effect inside the folder `path`; "" is the root of the context.

        Folders are asked in the order of the walk, each after all those above it that
        have an ignore file or whose own rules are not settled; `has_ignore_file` tells
        whether a `.gitignore` is in it.
        """
        whole = self._inside + path if path else self._inside[:-1]
        return self._enter(whole, has_ignore_file=has_ignore_file)

    def comes_to_context(self) -> bool:
        """Read what lies above the context; False if that ignores the context."""
        folder = ""
        for name in self._inside.split("/")[:-1]:
            above = os.path.join(self._top, folder, IGNORE_FILE)
            rules = self._enter(folder, has_ignore_file=os.path.lexists(above))
            if rules.line(name, is_directory=True):
                return False
            folder = join(folder, name)
        return True

    def _everywhere(self, repository: Repository | None) -> _FolderAbove:
        """What is in effect in all folders: the repository's own list."""
        rules: list[_GitRule] = []
        if repository:
            path = os.path.join(repository.common_dir, "info", "exclude")
            rules = self._read(path, "", follow=True)
        nothing = FolderRules(_Names((), folds=self._folds), settled=not rules)
        return _FolderAbove(None, nothing, tuple(rules), {})

    def _enter(self, folder: str, *, has_ignore_file: bool) -> FolderRules:
        """What is in effect in a folder of the work tree."""
        stack = self._stack
        while not stack[-1].is_above(folder):
            stack.pop()
        text = _as_git_sees(f"{folder}/" if folder else "", folds=self._folds)
        depth = text.count("/")
        rules = [rule for rule in stack[-1].rules if rule.reaches(depth)]
        shared = stack[-1].shared
        if has_ignore_file:
            path = os.path.join(self._top, folder, IGNORE_FILE)
            if own := self._read(path, text, follow=False):
                rules += own
                shared = {}
        speaking = tuple(rule for rule in rules if rule.speaks_in(text, depth))
        names = shared.get(speaking)
        if names is None:
            if len(shared) >= KNOWN_SPECS:
                shared.clear()
            names = shared[speaking] = _Names(speaking, folds=self._folds)
        settled = all(rule.line.folders is None for rule in rules)
        found = FolderRules(names, settled=settled)
        stack.append(_FolderAbove(folder, found, tuple(rules), shared))
        return found

    def _read(self, path: str, base: str, *, follow: bool) -> list[_GitRule]:
        """An ignore file of the folder `base`; none if git would not read it either."""
        try:
            # Since 2.32, git does not follow a `.gitignore` that is a link.
            content = read_regular(path, limit=LARGEST_BYTES, follow=follow)
        except OSError:
            return []
        shown = os.path.relpath(path, self._context)
        lines = parse_ignore_lines(content, folds=self._folds)
        return [_GitRule.of(line, shown, base) for line in lines]


class FolderRules:
    """What is in effect inside one folder."""

    __slots__ = ("names", "settled")

    def __init__(self, names: _Names, *, settled: bool) -> None:
        self.names = names
        # The same holds for all folders below, until one has an ignore file.
        self.settled = settled

    def line(self, name: str, is_directory: bool) -> GitLine | None:  # noqa: FBT001
        """The line that ignores an entry of the folder; None: it is not ignored.

        A link is no directory, wherever it leads.
        """
        names = self.names
        if names.are_silent:
            return None
        return (names.folders if is_directory else names.files)[name]


class _GitRule:
    """A line, and where it speaks. One is equal to itself alone."""

    # No dataclass: to import that library takes longer than a small scan's walk.
    __slots__ = ("answer", "base", "depth", "line", "name", "way")

    def __init__(
        self,
        *,
        line: IgnoreLine,
        answer: GitLine | None,
        base: int,
        depth: int | None,
        way: _Test | None,
        name: _Test,
    ) -> None:
        self.line = line
        self.answer = answer  # None for a line with `!`
        self.base = base  # length of the folder of its file, with a slash at its end
        self.depth = depth  # of the only folders that it speaks in; None: any
        self.way = way  # what the folder is compared with; None: any folder
        self.name = name

    @classmethod
    def of(cls, line: IgnoreLine, shown: str, base: str) -> _GitRule:
        """A line of the file `shown` in the folder `base`."""
        answer = None if line.negated else GitLine(shown, line.number, line.text)
        way = depth = None
        if line.folders is not None:
            way = _Test.of("".join(f"{folder}/" for folder in line.folders))
            if "**" not in line.folders:
                depth = base.count("/") + len(line.folders)
        return cls(
            line=line,
            answer=answer,
            base=len(base),
            depth=depth,
            way=way,
            name=_Test.of(line.name),
        )

    def reaches(self, depth: int) -> bool:
        """Whether it may speak in folders of this depth or below."""
        return self.depth is None or self.depth >= depth

    def speaks_in(self, folder: str, depth: int) -> bool:
        """Whether it is about the names in a folder, written like "a/b/" or ""."""
        if self.way is None:
            return True
        return (self.depth is None or self.depth == depth) and self.way.takes(
            folder[self.base :]
        )


# Plain text, in which a backslash stands before what would be more.
_PLAIN = r"(?s)(?:\\.|[^\\*?[])*"


class _Test(NamedTuple):
    """What a name or a way is compared with; the simplest of four that will do.

    Text, or text with a star before or behind it, is most of what projects write, and
    pathspec would answer the same. On 50,000 entries below 80 ignore files, whose scan
    takes 2.5 s of CPU, a spec a file that is asked about each path takes 1.0 s; asked
    by folder and name, 0.40 s; with the first two forms, 0.26 s. Where there are no
    others, pathspec need not even be imported, which is a twelfth of a scan of ten
    files (40 ms).
    """

    pattern: str  # for pathspec
    literal: str | None = None
    suffix: str | None = None
    prefix: str | None = None

    @classmethod
    def of(cls, pattern: str) -> _Test:
        """For a name, or folders with a slash behind each."""
        star = pattern[:1] == "*" and "/" not in pattern
        if (text := _plain_text(pattern[star:])) is not None:
            return cls(pattern, suffix=text) if star else cls(pattern, literal=text)
        ends_open = pattern[-1:] == "*" and "/" not in pattern
        return cls(pattern, prefix=_plain_text(pattern[:-1]) if ends_open else None)

    def takes(self, text: str) -> bool:
        if self.literal is not None:
            return text == self.literal
        if self.suffix is not None:
            return text.endswith(self.suffix)
        if self.prefix is not None:
            return text.startswith(self.prefix)
        return _compiled(self.pattern).match_file(text + _END) is not None


def _plain_text(pattern: str) -> str | None:
    """The text that a pattern stands for; None where that may be several."""
    if not re.fullmatch(_PLAIN, pattern):
        return None
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)


class _LastLine:
    """Some lines about names, of which the last that takes a name is wanted."""

    __slots__ = (
        "_any",
        "_ends",
        "_literals",
        "_others",
        "_prefixes",
        "_spec",
        "_starts",
        "_suffixes",
        "rules",
    )

    def __init__(self, rules: Sequence[_GitRule]) -> None:
        self.rules = rules
        self._literals: dict[str, int] = {}
        self._suffixes: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._others: list[int] = []  # places of those that pathspec compares
        for place, rule in enumerate(rules):
            if rule.name.literal is not None:
                self._literals[rule.name.literal] = place
            elif rule.name.suffix is not None:
                self._suffixes[rule.name.suffix] = place
            elif rule.name.prefix is not None:
                self._prefixes[rule.name.prefix] = place
            else:
                self._others.append(place)
        self._ends = tuple(self._suffixes)
        self._starts = tuple(self._prefixes)
        self._spec: GitIgnoreSpec | None = None
        self._any: re.Pattern[str] | None = None

    def last(self, text: str) -> int:
        """The place of the last line that takes a name; -1: none does."""
        place = self._literals.get(text, -1)
        if text.endswith(self._ends):
            ends = (at for end, at in self._suffixes.items() if text.endswith(end))
            place = max(place, *ends)
        if text.startswith(self._starts):
            starts = (at for one, at in self._prefixes.items() if text.startswith(one))
            place = max(place, *starts)
        return max(place, self._last_other(text)) if self._others else place

    def _last_other(self, text: str) -> int:
        """The same of the lines that pathspec compares."""
        patterns = [self.rules[at].name.pattern for at in self._others]
        if self._any is None:
            self._any = _any_of(patterns)
        if not self._any.match(text + _END):  # most names: one look for all lines
            return -1
        if self._spec is None:
            self._spec = _spec(patterns)
        found = self._spec.check_file(text + _END).index
        return -1 if found is None else self._others[found]

    def may_take(self, rows: Iterable[Row]) -> list[Row] | None:
        """The rows of names that some line may take; None: pathspec has to compare."""
        if self._others:
            return None
        literals, starts, ends = self._literals, self._starts, self._ends
        return [
            row
            for row in rows
            if (name := row[0]) in literals
            or name.endswith(ends)
            or name.startswith(starts)
            or not name.isascii()
        ]


class _Names:
    """What the lines that speak in a folder say of names, remembered."""

    __slots__ = (
        "_every",
        "_of_files",
        "_plain",
        "are_silent",
        "files",
        "folders",
        "folds",
    )

    def __init__(self, rules: Sequence[_GitRule], *, folds: bool) -> None:
        self.folds = folds
        self.are_silent = not rules  # no line speaks of any name
        self._every = _LastLine(rules)
        self._of_files = _LastLine([one for one in rules if not one.line.folders_only])
        self.files = _Known(self, is_directory=False)
        self.folders = _Known(self, is_directory=True)
        self._plain: set[str] = set()  # names that no line takes, whatever they are

    def spoken_of(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of which a line may speak: those of most names are left out."""
        if self.are_silent:
            return ()
        found = None if self.folds else self._every.may_take(rows)
        plain = self._plain
        return [row for row in rows if row[0] not in plain] if found is None else found

    def note_plain(self, name: str) -> None:
        """Remember that no line takes a name."""
        if len(self._plain) >= KNOWN_NAMES:
            self._plain.clear()
        self._plain.add(name)

    def is_plain(self, text: str) -> bool:
        """Whether no line takes a name, at least as a folder's."""
        return self._every.last(text) < 0

    def line(self, text: str, *, is_directory: bool) -> GitLine | None:
        """The line that ignores a name."""
        lines = self._every if is_directory else self._of_files
        place = lines.last(text)
        return lines.rules[place].answer if place >= 0 else None


class _Known(dict[str, GitLine | None]):
    """The line that ignores a name, found when it is asked for."""

    __slots__ = ("_is_directory", "_names")

    def __init__(self, names: _Names, *, is_directory: bool) -> None:
        super().__init__()
        self._names = names
        self._is_directory = is_directory

    def __missing__(self, name: str) -> GitLine | None:
        names = self._names
        text = _as_git_sees(name, folds=names.folds)
        if names.is_plain(text):
            names.note_plain(name)
            return None
        if len(self) >= KNOWN_NAMES:
            self.clear()
        line = self[name] = names.line(text, is_directory=self._is_directory)
        return line


class _FolderAbove(NamedTuple):
    """A folder on the way from the top to where the walk is."""

    folder: str | None  # None: what is in effect everywhere
    found: FolderRules
    rules: tuple[
        _GitRule, ...
    ]  # all that speak here or may speak below, the last decides
    # What was found for some of them, here and in the folders around.
    shared: dict[tuple[_GitRule, ...], _Names]

    def is_above(self, folder: str) -> bool:
        if not self.folder:
            return self.folder is None or folder != ""
        return folder.startswith(f"{self.folder}/")


def _as_git_sees(path: str, *, folds: bool) -> str:
    """A path, one character a byte; in small letters where git ignores case."""
    if not path.isascii():
        path = os.fsencode(path).decode("latin-1")
    return small_letters(path) if folds else path


def _spec(patterns: Iterable[str]) -> GitIgnoreSpec:
    """What compares a name with some lines, and tells the last that takes it."""
    from pathspec import GitIgnoreSpec

    # Other engines that may be installed know no groups that are never entered again.
    return GitIgnoreSpec([_compiled(one) for one in patterns], backend="simple")


# A star, and what stands before the next one in the same piece.
_SHARING = r"\[\^/\]\*((?:\[\^/\](?!\*)|[^/])*?)(?=\[\^/\]\*)"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> GitIgnoreSpecPattern:
    """A line as pathspec has it, for text with `_END` behind it.

    EDGE CASE: `*a*a*a*b` on a long name; pathspec tries every way to share it among the
    stars, for ever. The first way to reach what stands before the next star is as good
    as any other; only the last star has to find the end.
    EDGE CASE: `a/**/b` on folders with a newline in their names, which pathspec takes
    for an end.
    """
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    source = _source(pattern)
    if source is None:
        return GitIgnoreSpecPattern(None)  # takes nothing
    return GitIgnoreSpecPattern(re.compile(source, re.DOTALL), include=True)


def _source(pattern: str) -> str | None:
    """The expression that pathspec makes of a line; None: it takes nothing."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        source, _ = GitIgnoreSpecPattern.pattern_to_regex(f"/{pattern}{_END}")
    except ValueError:
        return None  # not reached with the versions tried, but theirs to decide
    return None if source is None else re.sub(_SHARING, r"(?>[^/]*?\1)", source)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """An expression for text that any of some lines takes."""
    sources = [*filter(None, map(_source, patterns))] or ["(?!)"]
    # A group that pathspec names would have its name twice.
    return re.compile(re.sub(r"\(\?P<\w+>", "(?:", "|".join(sources)), re.DOTALL)
