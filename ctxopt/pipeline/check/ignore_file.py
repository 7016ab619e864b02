"""CTX2xx: every line of the ignore files, but for those that ctxopt wrote.

The walk is not made again. Single names are looked up on the disk, and what travels is
known from the walk; where neither tells, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ctxopt.core.checking import lines
from ctxopt.core.checking.families import ignore_file as rules
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.ignorefile.block import patterns_by_hand
from ctxopt.core.ignorefile.dead import dead_lines
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.ignorefile.odd import Oddity, OddLine, odd_lines
from ctxopt.core.ignorefile.unmatched import UnmatchedLine, unmatched_lines
from ctxopt.core.model import BuilderName, Confidence
from ctxopt.core.nearest import Difference
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import Pattern, is_plain
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.asked import GitAsked
from ctxopt.host.git.index import tracked
from ctxopt.pipeline.check.checked import CheckedBuild
from ctxopt.pipeline.ignoring import odd_lines_of
from ctxopt.pipeline.preparation.build import Root


def ignore_file(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """What is odd about the lines of all ignore files of a build."""
    main, index = checked.build.main, checked.measured.job.rule_index
    if main.ignore_file is not None:
        clutter = _clutter(checked)
        odd = tuple(_surely_odd(checked, clutter))
        found = _Lines(main, main.ignore_file, odd=odd, index=index).diagnostics()
        yield from (_reaching(one, clutter, root=main) for one in found)
    for _, root in checked.build.named:
        if root.ignore_file is not None:
            odd = _odd(root)
            found = _Lines(root, root.ignore_file, odd=odd, index=index).diagnostics()
            # What is written is tried out on the context alone.
            yield from (one._replace(fix=None) for one in found)
    if checked.request.builder is BuilderName.BUILDKIT:
        yield from _headers(checked)


def _clutter(checked: CheckedBuild) -> frozenset[str]:
    """What is suggested to be kept out, without a question."""
    return frozenset(
        path
        for one in checked.advice.weighed
        if one.shown.confidence is not Confidence.ASK
        for find in one.proposal.clutter
        for path in find.paths
    )


def _surely_odd(checked: CheckedBuild, clutter: Collection[str]) -> Iterator[OddLine]:
    """The odd lines of the context, those for the root only doubted a second time.

    A better line is told where all that it reaches is clutter.
    """
    for odd in odd_lines_of(checked.measured):
        is_sure = odd.oddity is not Oddity.ROOT_ONLY or all(
            path in clutter for path in odd.reached
        )
        yield odd if is_sure else odd._replace(better=())


def _reaching(one: Diagnostic, clutter: Collection[str], *, root: Root) -> Diagnostic:
    """The same, its fix allowed to keep out the clutter that git does not track."""
    if one.fix is None or one.rule.finding is not rules.ROOT_ONLY:
        return one
    name = one.fix.lines[0].removeprefix("**/")
    known = tracked(root.path)
    goes = (
        path
        for path in clutter
        if path.endswith(f"/{name}") and not (known and known.below(path))
    )
    return one._replace(fix=one.fix._replace(goes=tuple(sorted(goes))))


def _odd(root: Root) -> tuple[OddLine, ...]:
    tree = DiskTree(root.path)
    return (*odd_lines(root.patterns, lambda path: tree.kind(path) is not None),)


def _headers(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """The ignore files that are too large for a request of BuildKit's."""
    for root in (checked.build.main, *(root for _, root in checked.build.named)):
        if root.ignore_file is None or not (root.is_asked_for or root.whole):
            continue
        size = lines.header_bytes(root.patterns)
        if size > lines.HEADER_BYTES:
            yield lines.header(root.patterns, root.ignore_file, size=size)


def _names_one(pattern: Pattern) -> bool:
    """Whether a line is for one path of this project, and hardly for a later day.

    `output` alone may come with the next run; `src/old/data` and `client.js` were.
    """
    path = pattern.cleaned
    name = path.rpartition("/")[2].lstrip(".")
    return is_plain(path) and (pattern.negated or "/" in path or "." in name)


class _Known(NamedTuple):
    """Names that a line may speak of before anything is there."""

    rule_index: RuleIndex | None
    git: GitAsked | None

    def is_expected(self, path: str) -> bool:
        """Whether a rule of ctxopt or a line of git's ignore file knows a path."""
        return self._has_rule(path) or self._is_ignored(path)

    def _has_rule(self, path: str) -> bool:
        if self.rule_index is None:
            return False
        marks, state = self.rule_index.marks, self.rule_index.multi_match
        known = (marks.rules & ~marks.wide) | marks.nevers
        for name in path.split("/"):
            found = state.hits_of(name)
            if found.hits & known:
                return True
            state = found.below
        return False

    def _is_ignored(self, path: str) -> bool:
        asked = self.git
        return asked is not None and any(
            asked.line(path, is_folder=is_folder) is not None
            for is_folder in (True, False)
        )


class _Lines:
    """The lines of one ignore file, and what lies where they count."""

    def __init__(
        self,
        root: Root,
        file: IgnoreFile,
        *,
        odd: tuple[OddLine, ...],
        index: RuleIndex | None,
    ) -> None:
        self._root = root
        self._file = file
        self._tree = DiskTree(root.path)
        self._index = index
        own = {id(one) for one in patterns_by_hand(file)}
        self._odd = tuple(one for one in odd if id(one.pattern) in own)
        named = {id(one.pattern) for one in self._odd}
        self._plain = tuple(
            one
            for one in file.patterns
            if id(one) in own and id(one) not in named and not one.fails
        )

    def diagnostics(self) -> Iterator[Diagnostic]:
        """What there is to say of them; of an odd line nothing but that."""
        file = self._file
        for odd in self._odd:
            yield lines.odd(odd, file)
        foreign = [one for one in self._plain if self._is_foreign(one)]
        yield from (lines.not_utf8(one, file) for one in foreign)
        dead = [*dead_lines(file.patterns, self._plain)]
        yield from (lines.dead(one, file) for one in dead)
        silent = {id(one) for one in (*foreign, *(line.pattern for line in dead))}
        rest = tuple(one for one in self._plain if id(one) not in silent)
        yield from (lines.unmatched(one, file) for one in self._unmatched(rest))
        yield from self._folder_slashes(rest)
        if len(file.patterns) > lines.MANY:
            yield lines.many(file.patterns, file)

    def _is_foreign(self, pattern: Pattern) -> bool:
        """Whether a line has bytes that are not UTF-8, and nothing has that name."""
        text = pattern.cleaned
        is_utf8 = not any("\udc80" <= one <= "\udcff" for one in text)
        return not is_utf8 and is_plain(text) and self._tree.kind(text) is None

    def _unmatched(self, patterns: tuple[Pattern, ...]) -> Iterator[UnmatchedLine]:
        """Slips, names that may be some, and single paths that nobody expects."""
        known: _Known | None = None
        names = self._tree.names
        for one in unmatched_lines(patterns, names, kept=self._is_kept):
            if one.near is None and not _names_one(one.pattern):
                continue
            known = known or _Known(self._index, GitAsked.below(self._root.path))
            if not self._is_expected(one, known):
                yield one

    def _is_expected(self, line: UnmatchedLine, known: _Known) -> bool:
        """Whether a line may be for another day; no slip but of a letter is."""
        if not line.is_slip:
            return known.is_expected(line.pattern.cleaned)
        is_letter = line.near is not None and line.near.difference is Difference.LETTER
        return is_letter and known.is_expected(line.missing)

    def _is_kept(self, path: str) -> bool:
        return not self._root.keeps_out(path)

    def _folder_slashes(self, patterns: tuple[Pattern, ...]) -> Iterator[Diagnostic]:
        for pattern in patterns:
            if pattern.text.rstrip().endswith("/"):
                path = next(self._files_hit(pattern), None)
                if path is not None:
                    yield lines.folder_slash(pattern, self._file, path=path)

    def _files_hit(self, pattern: Pattern) -> Iterator[str]:
        """The files that a line hits in the one folder that it names, or the root."""
        folder, _, last = pattern.cleaned.removeprefix("**/").rpartition("/")
        if not is_plain(folder) or "**" in last:
            return
        for name in self._tree.names(folder):
            path = join(folder, name)
            if glob_matches(last, name) and self._tree.kind(path) is Found.FILE:
                yield path
