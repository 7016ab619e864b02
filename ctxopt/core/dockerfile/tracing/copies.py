"""What COPY and ADD name, expanded and checked, and their Source records.

Rule: moby/buildkit, instructions/commands.go (Expand) and
dockerfile2llb/convert_copy.go (dispatchCopy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.dockerfile.records import Heredoc, Instruction
from ctxopt.core.dockerfile.syntax.instructions import opened_heredoc
from ctxopt.core.dockerfile.syntax.lines import LEADING_TABS
from ctxopt.core.dockerfile.values.checks import (
    check_checksum_use,
    check_chmod,
    check_download,
)
from ctxopt.core.dockerfile.values.giturl import GitSource, is_http, parse_git
from ctxopt.core.dockerfile.words.expand import Expansion, Lexer
from ctxopt.core.dockerfile.words.variables import Doubts, is_unknown
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.model import Source, SourceKind
from ctxopt.core.tuples import NamedTuple

# How a body of a heredoc is expanded, whatever `# escape=` says.
BODY_LEXER = Lexer(escape="\\", skip_quotes=True)


class Word(NamedTuple):
    """One source of COPY or ADD."""

    text: str
    expanded: str
    heredoc: Heredoc | None = None
    doubts: Doubts = ()


class Copy(NamedTuple):
    """A COPY or ADD whose words are expanded."""

    instruction: Instruction
    words: tuple[Word, ...]
    chown: Expansion
    chmod: Expansion
    checksum: Expansion
    destination: Expansion

    @property
    def paths(self) -> tuple[str, ...]:
        """The expanded sources that are no heredocs."""
        return tuple(word.expanded for word in self.words if word.heredoc is None)

    @property
    def unknown(self) -> bool:
        """Whether it is not known what some source is."""
        return any(is_unknown(word.doubts) for word in self.words)


def expand_copy(instruction: Instruction, expand: Callable[[str], Expansion]) -> Copy:
    """Expand all that is expanded, in BuildKit's order.

    Raises RuleError.
    """
    chown = expand(instruction.flag("chown"))
    chmod = expand(instruction.flag("chmod"))
    checksum = expand(instruction.flag("checksum"))
    words = tuple(_expanded(word, expand) for word in _words(instruction))
    destination = expand(instruction.arguments[-1])
    return Copy(instruction, words, chown, chmod, checksum, destination)


def expand_bodies(copy: Copy, expand: Callable[[str], Expansion]) -> None:
    """Expand the heredocs; only whether that works is of interest.

    Raises RuleError.
    """
    for word in copy.words:
        heredoc = word.heredoc
        if heredoc is not None and heredoc.expand:
            tabs = LEADING_TABS if heredoc.chomp else None
            expand(tabs.sub("", heredoc.content) if tabs else heredoc.content)


def check_copy(copy: Copy) -> tuple[SourceKind, ...]:
    """Check flags and sources; give the kind of each word.

    Where the sources come from is not looked at: a URL is refused in a COPY with
    --from, too. Raises RuleError.
    """
    if copy.chmod.text and not copy.chmod.doubts:
        check_chmod(copy.chmod.text)
    if copy.checksum.text and not copy.unknown:
        check_checksum_use(copy.paths)
    kinds = iter(tuple(_kinds(copy)))
    return tuple(
        SourceKind.HEREDOC if word.heredoc is not None else next(kinds)
        for word in copy.words
    )


def source_mould(copy: Copy, stage: str) -> Source:
    """Give what the records of all sources of one instruction have in common."""
    instruction = copy.instruction
    return Source(
        instruction=instruction.name,
        stage=stage,
        location=instruction.location,
        text="",
        expanded="",
        line_text=instruction.first_line,
        parents=instruction.flag("parents") == "true",
        exclude=instruction.flag_values("exclude"),
        alone=len(copy.words) == 1,
        destination=copy.destination.text,
        destination_assumed=_names(copy.destination.doubts),
    )


def source_of(
    mould: Source, word: Word, kind: SourceKind, *, origin: str = ""
) -> Source:
    """Give the record of one source."""
    return mould._replace(
        text=word.text,
        expanded=word.expanded,
        kind=kind,
        origin=origin,
        assumed=_names(word.doubts),
    )


def _names(doubts: Doubts) -> tuple[str, ...]:
    return tuple(doubt.name for doubt in doubts)


def _words(instruction: Instruction) -> Iterator[Word]:
    """Give the sources as written, heredocs with their content."""
    contents = {heredoc.name: heredoc.content for heredoc in instruction.heredocs}
    for text in instruction.arguments[:-1]:
        opened = opened_heredoc(text)
        if opened is None:
            yield Word(text, text)
        else:
            content = contents.get(opened.name, "")
            heredoc = Heredoc(opened.name, content, opened.expand, opened.chomp)
            yield Word(text, opened.name, heredoc)


def _expanded(word: Word, expand: Callable[[str], Expansion]) -> Word:
    if word.heredoc is not None:
        return word
    expansion = expand(word.text)
    return Word(word.text, expansion.text, doubts=expansion.doubts)


def _kinds(copy: Copy) -> Iterator[SourceKind]:
    is_add = copy.instruction.name == "ADD"
    checksum = copy.checksum.text if not copy.checksum.doubts else ""
    given = copy.instruction.flag("keep-git-dir")
    keep = given == "true" if given else None
    for word in copy.words:
        path = word.expanded
        if word.heredoc is not None:
            continue
        git = None
        if not is_unknown(word.doubts):
            git = parse_git(path)
        elif is_add and is_http(path):
            # Its beginning tells what it is, and no more can be checked.
            yield SourceKind.URL
            continue
        if git is not None:
            if not is_add:
                message = "source can't be a git ref for COPY"
                raise RuleError(message, "use ADD for a repository")
            keep, checksum = _agreed(git, keep=keep, checksum=checksum)
            yield SourceKind.GIT
        elif is_http(path):
            if not is_add:
                message = "source can't be a URL for COPY"
                raise RuleError(message, "use ADD for a download")
            check_download(checksum)
            yield SourceKind.URL
        else:
            yield SourceKind.CONTEXT


def _agreed(
    git: GitSource, *, keep: bool | None, checksum: str
) -> tuple[bool | None, str]:
    """Give what the flags and the URL say together; it holds for later sources."""
    if keep is not None and git.keep_git_dir not in (None, keep):
        message = "inconsistent keep-git-dir configuration"
        raise RuleError(message, "say it in one place only")
    if checksum and git.checksum not in ("", checksum):
        message = f"checksum mismatch {quote(checksum)} != {quote(git.checksum)}"
        raise RuleError(message, "say it in one place only")
    keep = keep if git.keep_git_dir is None else git.keep_git_dir
    return keep, git.checksum or checksum
