r"""Which entries git ignores below a folder, and the line that says so.

A line without a slash inside speaks of names in any folder, so its answers are
remembered by name. A line with one is split at its last slash: the part before is
compared with a folder once, when the walk enters it, and the rest is a line about
names again. Wildcards are translated by pathspec.

Text is what git compares, bytes: here as str with one character per byte (Latin-1),
which is the same as the name wherever that is ASCII.

EDGE CASE: `ab**/c` is `ab*/c` here, as the manual has it; git lets stars run over
slashes where they come right behind a beginning without wildcards (git/git, dir.c,
match_pathname, cuts that off, and wildmatch.c takes the rest for a pattern of its own).
EDGE CASE: `**\/`, with an escaped slash, is `*/` here.
EDGE CASE: a repository inside the work tree is judged by the outer one's lines, too.

The user's own `core.excludesFile` is not read: it tells nothing about the project.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ctxopt.core.git.line import GitLine
from ctxopt.core.paths import join
from ctxopt.host.git.repository import Repository, find_repository, read_regular

IGNORE_FILE = ".gitignore"
LARGEST_BYTES = 1 << 20

# Answers kept for the files in effect; a folder of any size must not fill the memory.
KNOWN_NAMES = 1 << 16

_MARK = b"\xef\xbb\xbf"

# Behind a pattern and behind what it is compared with: a match then ends at the end.
# pathspec also takes what lies below a match, which is not asked for here.
_END = "\U0010ffff"
_FIRST_INSET = 0xE000  # characters that stand for regular expressions of our own

_SYMBOL = re.compile(r"\\.|\*+|[^\\]", re.DOTALL)


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

    @classmethod
    def open(cls, context: str) -> GitIgnored | None:
        """What git ignores below the folder `context`.

        None when there is nothing to ask: no repository and no `.gitignore` at the
        root, or git ignores the context as a whole and says nothing of its entries.
        """
        repository = find_repository(context)
        if not repository and not os.path.isfile(os.path.join(context, IGNORE_FILE)):
            return None
        ignored = cls(context, repository)
        return ignored if ignored._comes_to_context() else None

    def folder(self, path: str, has_ignore_file: bool) -> FolderRules:  # noqa: FBT001
        """What is in effect inside the folder `path`; "" is the root of the context.

        Folders are asked in the order of the walk, each after all those above it that
        have an ignore file or whose own rules are not settled; `has_ignore_file` tells
        whether a `.gitignore` is in it.
        """
        whole = self._inside + path if path else self._inside[:-1]
        return self._enter(whole, has_ignore_file=has_ignore_file)

    def _comes_to_context(self) -> bool:
        """Read what lies above the context; False if that ignores the context."""
        folder = ""
        for name in self._inside.split("/")[:-1]:
            above = os.path.join(self._top, folder, IGNORE_FILE)
            rules = self._enter(folder, has_ignore_file=os.path.lexists(above))
            if rules.line(name, is_directory=True):
                return False
            folder = join(folder, name)
        return True

    def _everywhere(self, repository: Repository | None) -> _OpenFolder:
        """What is in effect in all folders: the repository's own list."""
        files = []
        if repository:
            path = os.path.join(repository.common_dir, "info", "exclude")
            files = self._read(path, "", level=0, follow=True)
        rules = FolderRules(_Names(files, folds=self._folds), ())
        return _OpenFolder(
            None, rules, tuple(rule for one in files for rule in one.distant)
        )

    def _enter(self, folder: str, *, has_ignore_file: bool) -> FolderRules:
        """What is in effect in a folder of the work tree."""
        stack = self._stack
        while not stack[-1].is_above(folder):
            stack.pop()
        names = stack[-1].rules.names
        text = _as_git_sees(f"{folder}/" if folder else "", folds=self._folds)
        depth = text.count("/")
        distant = [rule for rule in stack[-1].distant if rule.reaches(depth)]
        if has_ignore_file:
            path = os.path.join(self._top, folder, IGNORE_FILE)
            for file in self._read(path, text, level=len(stack), follow=False):
                distant = [*file.distant, *distant]
                if file.rules:
                    names = _Names((file, *names.ignore_files), folds=self._folds)
        here = tuple(rule for rule in distant if rule.speaks_in(text, depth))
        rules = FolderRules(names, here, settled=not distant)
        stack.append(_OpenFolder(folder, rules, tuple(distant)))
        return rules

    def _read(self, path: str, base: str, *, level: int, follow: bool) -> list[_File]:
        """An ignore file of the folder `base`; none if git would not read it either."""
        try:
            # Since 2.32, git does not follow a `.gitignore` that is a link.
            content = read_regular(path, limit=LARGEST_BYTES, follow=follow)
        except OSError:
            return []
        shown = os.path.relpath(path, self._context)
        return [_File(_rules(content, shown, base, level=level, folds=self._folds))]


class FolderRules:
    """What is in effect inside one folder."""

    __slots__ = ("_here", "names", "settled")

    def __init__(
        self, names: _Names, here: tuple[_GitRule, ...], *, settled: bool = False
    ) -> None:
        self.names = names
        self._here = here  # lines with a slash that speak in this folder
        # The same holds for all folders below, until one has an ignore file.
        self.settled = settled

    def line(self, name: str, is_directory: bool) -> GitLine | None:  # noqa: FBT001
        """The line that ignores an entry of the folder; None: it is not ignored.

        A link is no directory, wherever it leads.
        """
        rule = (self.names.folders if is_directory else self.names.files)[name]
        if self._here:
            text = _as_git_sees(name, folds=self.names.folds)
            for other in self._here:
                if other.rank < rule.rank:
                    break
                if other.takes(text, is_directory=is_directory):
                    return other.answer
        return rule.answer


class _Glob(NamedTuple):
    """What a name or a folder is compared with; the simplest of three that will do."""

    literal: str | None
    suffix: str | None
    source: str  # a regular expression

    def takes(self, text: str) -> bool:
        if self.literal is not None:
            return text == self.literal
        if self.suffix is not None:
            return text.endswith(self.suffix)
        return _compiled(self.source).match(text + _END) is not None


class _GitRule(NamedTuple):
    """A line that means something."""

    rank: tuple[int, int]  # how deep its file lies, its line; the highest decides
    answer: GitLine | None  # None for a line with `!`
    folders_only: bool = False
    name: _Glob = _Glob(None, None, "")
    folder: _Glob | None = None  # compared with "", "a/" or "a/b/"; None: any folder
    base: int = 0  # length of the folder of its file, written like that
    depth: int | None = None  # of the only folders that it speaks in; None: any

    def takes(self, text: str, *, is_directory: bool) -> bool:
        return (is_directory or not self.folders_only) and self.name.takes(text)

    def reaches(self, depth: int) -> bool:
        """Whether it may speak in folders of this depth or below."""
        return self.depth is None or self.depth >= depth

    def speaks_in(self, folder: str, depth: int) -> bool:
        assert self.folder is not None
        return (self.depth is None or self.depth == depth) and self.folder.takes(
            folder[self.base :]
        )


_NO_RULE = _GitRule((-1, -1), None)


class _File:
    """The lines of one ignore file, the last one first."""

    __slots__ = ("_globs", "_literals", "_suffixes", "distant", "rules")

    def __init__(self, rules: Iterable[_GitRule]) -> None:
        backwards = list(rules)[::-1]
        self.rules = [rule for rule in backwards if rule.folder is None]
        self.distant = [rule for rule in backwards if rule.folder is not None]
        globs = [rule.name for rule in self.rules]
        self._literals = {glob.literal for glob in globs}
        self._suffixes = tuple(g.suffix for g in globs if g.suffix is not None)
        self._globs = "|".join(glob.source for glob in globs if glob.source)

    def speaks_of(self, name: str) -> bool:
        """Whether a line without a slash takes a name, at least as a folder's.

        Most names are taken by none, and this tells so for all lines at once.
        """
        return (
            name in self._literals
            or name.endswith(self._suffixes)
            or bool(self._globs and _compiled(self._globs).match(name + _END))
        )

    def find(self, name: str, *, is_directory: bool) -> _GitRule | None:
        """The last line without a slash that takes a name."""
        for rule in self.rules:
            if rule.takes(name, is_directory=is_directory):
                return rule
        return None


class _Names:
    """The ignore files in effect, the deepest first, as far as names go."""

    __slots__ = ("files", "folders", "folds", "ignore_files", "plain")

    def __init__(self, ignore_files: Sequence[_File], *, folds: bool) -> None:
        self.ignore_files = ignore_files
        self.folds = folds
        self.files = _Known(self, is_directory=False)
        self.folders = _Known(self, is_directory=True)
        self.plain: set[str] = set()  # names that no line takes, whatever they are


class _Known(dict[str, _GitRule]):
    """The line without a slash that decides on a name, found when it is asked for."""

    __slots__ = ("_is_directory", "_names")

    def __init__(self, names: _Names, *, is_directory: bool) -> None:
        super().__init__()
        self._names = names
        self._is_directory = is_directory

    def __missing__(self, name: str) -> _GitRule:
        text = _as_git_sees(name, folds=self._names.folds)
        plain = self._names.plain
        if not any(file.speaks_of(text) for file in self._names.ignore_files):
            if len(plain) >= KNOWN_NAMES:
                plain.clear()
            plain.add(name)
            return _NO_RULE
        rule = _NO_RULE
        for file in self._names.ignore_files:
            found = file.find(text, is_directory=self._is_directory)
            if found is not None:
                rule = found
                break
        if len(self) >= KNOWN_NAMES:
            self.clear()
        self[name] = rule
        return rule


class _OpenFolder(NamedTuple):
    """A folder on the way from the top to where the walk is."""

    folder: str | None  # None: what is in effect everywhere
    rules: FolderRules
    distant: tuple[_GitRule, ...]  # lines with a slash, the strongest first

    def is_above(self, folder: str) -> bool:
        if not self.folder:
            return self.folder is None or folder != ""
        return folder.startswith(f"{self.folder}/")


def _as_git_sees(path: str, *, folds: bool) -> str:
    """A path, one character a byte; in small letters where git ignores case."""
    if not path.isascii():
        path = os.fsencode(path).decode("latin-1")
    return _small(path) if folds else path


def _small(text: str) -> str:
    """In small letters, which git knows of ASCII only."""
    return text.encode("latin-1").lower().decode("latin-1")


def _rules(
    content: bytes, shown: str, base: str, *, level: int, folds: bool
) -> Iterator[_GitRule]:
    """The lines of a file in the folder `base` that mean something, in order.

    Rule: git/git, dir.c, add_patterns_from_buffer and parse_path_pattern.
    """
    for number, line in enumerate(content.removeprefix(_MARK).split(b"\n"), 1):
        if line.startswith(b"#"):
            continue
        text = _without_blanks(line.removesuffix(b"\r").partition(b"\0")[0])
        said = GitLine(shown, number, text.decode("utf-8", "surrogateescape"))
        negated = text.startswith(b"!")
        body = text[negated:].decode("latin-1")
        rule = _GitRule((level, number), None if negated else said)
        try:
            completed = _completed(rule, body, base, folds=folds)
        except ValueError:
            continue  # not reached with the versions tried, but theirs to decide
        if completed is not None:
            yield completed


def _without_blanks(line: bytes) -> bytes:
    """A line without the blanks at its end; an escaped one stays."""
    bare = line.rstrip(b" ")
    slashes = len(bare) - len(bare.rstrip(b"\\"))
    return line[: len(bare) + 1] if slashes % 2 else bare


def _completed(rule: _GitRule, body: str, base: str, *, folds: bool) -> _GitRule | None:
    """The rule with what `body` says; None when it can match nothing.

    Raises ValueError when pathspec refuses it.
    """
    bare = body.removesuffix("/")
    segments = _segments(bare.removeprefix("/"), folds=folds)
    if segments is None or not all(segments):
        return None
    if segments[-1] == ["**"]:
        segments.append(["*"])  # `a/**` is every entry at any depth below `a`
    *folders, last = segments
    rule = rule._replace(folders_only=bare != body, name=_glob([last], ending=""))
    if "/" not in bare or folders == [["**"]]:
        return rule
    return rule._replace(
        folder=_glob(folders, ending="/") if folders else _Glob("", None, ""),
        base=len(base),
        depth=None if ["**"] in folders else base.count("/") + len(folders),
    )


def _segments(pattern: str, *, folds: bool) -> list[list[str]] | None:
    """A pattern between its slashes, each piece as symbols; None: it matches nothing.

    A symbol is a character, `?`, `*`, an escaped character, or `[` with the characters
    of a bracket behind it; `**` is alone in its piece.
    Rule: git/git, wildmatch.c, dowild.
    """
    segments: list[list[str]] = [[]]
    position = 0
    while position < len(pattern):
        found = _SYMBOL.match(pattern, position)
        if found is None:
            return None  # a backslash at the end
        symbol = found[0]
        position = found.end()
        if symbol in ("/", "\\/"):
            segments.append([])
        elif symbol == "[":
            bracket = _bracket(pattern, position, folds=folds)
            if bracket is None:
                return None
            characters, position = bracket
            segments[-1].append(f"[{characters}")
        elif symbol.startswith("*"):
            fills = not segments[-1] and pattern[position : position + 1] in ("", "/")
            segments[-1].append("**" if fills and len(symbol) > 1 else "*")
        else:
            segments[-1].append(_small(symbol) if folds else symbol)
    return segments


_CLASS = re.compile(r"\[:([^]]*):\]")
_CLASSES = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "digit": string.digits,
    "graph": "".join(map(chr, range(33, 127))),
    "lower": string.ascii_lowercase,
    "print": "".join(map(chr, range(32, 127))),
    "punct": string.punctuation,
    "space": " \t\n\r",
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}


def _bracket(pattern: str, start: int, *, folds: bool) -> tuple[str, int] | None:
    """The characters that a bracket takes, and where it ends.

    `start` is behind the opening bracket. None: git takes nothing for it.
    """
    negated = pattern[start : start + 1] in ("!", "^")
    try:
        members, end = _members(pattern, start + negated)
    except (IndexError, KeyError, ValueError):
        return None  # it is not closed, or names an unknown class
    if folds:
        members |= set(_small("".join(members)))
    if negated:
        members = {chr(code) for code in range(1, 256)} - members
    members.discard("/")
    return ("".join(sorted(members)), end) if members else None


def _members(pattern: str, start: int) -> tuple[set[str], int]:
    """What stands in a bracket, its first character being no end of it.

    Raises IndexError or ValueError when it is not closed, KeyError for a class that
    git does not know.
    """
    members: set[str] = set()
    first = ""  # of a range that may follow
    at = start
    while pattern[at] != "]" or at == start:
        char = pattern[at]
        if char == "-" and first and pattern[at + 1] != "]":
            last, at = _unescaped(pattern, at + 1)
            members.update(map(chr, range(ord(first), ord(last) + 1)))
            first = ""
        elif found := _CLASS.match(pattern, at):
            members.update(_CLASSES[found[1]])
            at, first = found.end() - 1, ""
        else:
            first, at = _unescaped(pattern, at)
            members.add(first)
        at += 1
    return members, at + 1


def _unescaped(pattern: str, at: int) -> tuple[str, int]:
    """A character that may have a backslash before it, and where it stands.

    Raises IndexError at the end of the pattern.
    """
    at += pattern[at] == "\\"
    return pattern[at], at


def _glob(segments: Sequence[list[str]], *, ending: str) -> _Glob:
    """What compares text with some segments and `ending`.

    Raises ValueError when pathspec refuses them.
    """
    plain = [_plain(segment) for segment in segments]
    if None not in plain:
        return _Glob("/".join(filter(None, plain)) + ending, None, "")
    head, *tail = segments[0]
    suffix = _plain(tail)
    if len(segments) == 1 and head == "*" and suffix is not None:
        return _Glob(None, suffix + ending, "")
    return _Glob(None, None, _source(segments, ending))


def _plain(symbols: Sequence[str]) -> str | None:
    """The text that symbols stand for; None if they are a pattern."""
    if any(symbol[0] in "*?[" for symbol in symbols):
        return None
    return "".join(symbol[-1] for symbol in symbols)


def _source(segments: Sequence[list[str]], ending: str) -> str:
    """A regular expression for some segments, which text with `_END` behind it meets.

    Brackets and stars go through pathspec as characters that stand for them: it reads
    no classes and no backslash inside of brackets, and many stars in one name would
    take for ever where they may try every way to share the name.
    """
    insets: list[str] = []
    pattern = "/".join("".join(_with_insets(one, insets)) for one in segments)
    source = _translated(f"/{pattern}{ending}{_END}")
    for number, inset in enumerate(insets):
        source = source.replace(chr(_FIRST_INSET + number), inset)
    return source


def _with_insets(segment: Sequence[str], insets: list[str]) -> Iterator[str]:
    """The symbols of a segment for pathspec; what is kept from it goes to `insets`."""
    stars = segment.count("*")
    seen = 0
    for symbol in segment:
        if symbol == "*":
            # The first way to reach what stands before the next star is as good as
            # any other; only the last star has to find the end.
            seen += 1
            inset = ")" * (seen > 1) + ("[^/]*" if seen == stars else "(?>[^/]*?")
        elif symbol[0] == "[":
            inset = "".join(f"\\x{ord(char):02x}" for char in symbol[1:])
            inset = f"[{inset}]"
        else:
            yield symbol
            continue
        yield chr(_FIRST_INSET + len(insets))
        insets.append(inset)


def _translated(pattern: str) -> str:
    """A pattern of git as a regular expression, by pathspec.

    Raises ValueError when it refuses the pattern.
    """
    from pathspec import GitIgnoreSpec

    regex = GitIgnoreSpec.from_lines([pattern]).patterns[0].regex
    if regex is None:
        raise ValueError(pattern)
    # Names of groups could not be joined into one expression.
    return re.sub(r"\(\?P<\w+>", "(?:", regex.pattern)


@lru_cache(maxsize=4096)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.DOTALL)
