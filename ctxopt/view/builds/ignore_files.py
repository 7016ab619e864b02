"""The suggestions, for each ignore file that would be written, and the builds of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builds.records import (
    BlockedSuggestion,
    BuildSaving,
    IgnoreFileAdvice,
    RepositoryReport,
    SharedSuggestion,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.builds.names import every, left_out, more, some
from ctxopt.view.report.advice import SURENESS
from ctxopt.view.report.screen import Row, Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    cells,
    hanging,
    left,
    paragraph,
    right,
    shorten_end,
    shorten_middle,
)

_ROOMY = 100  # cells of a page that has a column for what the lines are
_SIZE, _SURE = 9, 8
_LEAST_PATTERN = 12
_APART = "ctxopt write --all --per-dockerfile"


class _Entry(NamedTuple):
    """A row below an ignore file, and what it counts for where it is left out."""

    lines: Row
    weight: int
    suggestion: SharedSuggestion | None = None  # None: held back


def ignore_files(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section "Ignore files": the path of each, its builds, and what to write.

    Rows give way singly; the first of a file brings its path along, so it is the last
    of them to go.
    """
    told = [one for one in report.ignore_files if _is_told(one)]
    if not told:
        return Section()
    told.sort(key=lambda one: -_saved(one))
    table = _Table(told, page, verbose=verbose)
    entries: list[_Entry] = []
    ranks: list[int] = []
    for advice in told:
        first, *others = [*table.entries(advice)] or [_Entry((), 0)]
        head = [*_file(advice, page, verbose=verbose), *_apart(advice, page)]
        entries += [first._replace(lines=(*head, *first.lines)), *others]
        ranks += [_saved(advice), *(min(one.weight, _saved(advice)) for one in others)]

    def rest(hidden: Sequence[int]) -> list[Line]:
        left = [entries[at] for at in hidden]
        return _hidden(left, page, of_all=len(left) == len(entries))

    order = sorted(range(len(entries)), key=lambda at: -ranks[at])
    rows = [one.lines for one in entries]
    return Section([table.title()], rows, rest, order, (8, 4, 2, 1))


def _is_told(advice: IgnoreFileAdvice) -> bool:
    return bool(advice.suggestions or advice.blocked or advice.apart)


def _saved(advice: IgnoreFileAdvice) -> int:
    return sum(one.shown.wire_bytes for one in advice.suggestions)


def _file(advice: IgnoreFileAdvice, page: Page, *, verbose: bool) -> list[Line]:
    """The path of an ignore file, whether it is there, and the builds that read it."""
    new = "" if advice.exists else " (new)"
    builds = every(advice.builds, page) if verbose else some(advice.builds, page)
    said = f"for {builds}"
    room = page.width - 2 - cells(new) - 2
    path = shorten_middle(page.safe(advice.shown), room, page)
    gap = "  "
    start: Line = (("  ", ""), (path, STRONG), (new, QUIET))
    room -= cells(path) + cells(gap)
    if cells(said) <= room:
        return [(*start, (gap + said, QUIET))]
    if not verbose and room >= 20:
        return [(*start, (gap + shorten_end(said, room, page), QUIET))]
    return [start, *paragraph(said, page, QUIET, indent=4)]


class _Table:
    """The columns of suggestions, alike below all files.

    Lines, what they are where there is room, what they save, how sure that is, and the
    builds that are saved something. Of the file of a single build its name is told
    above: what the lines are stands in its place.
    """

    def __init__(
        self, told: Sequence[IgnoreFileAdvice], page: Page, *, verbose: bool
    ) -> None:
        self.page = page
        self.verbose = verbose
        made = [one.shown for advice in told for one in advice.suggestions]
        patterns = [cells(self._pattern(one.patterns)) for one in made]
        labels = [cells(page.safe(one.label)) for one in made]
        self.has_suggestions = bool(made)
        self.labels = min(max([0, *labels]), 30) if page.width >= _ROOMY else 0
        most = max(page.width * 3 // 10, _LEAST_PATTERN)
        self.patterns = min(max([_LEAST_PATTERN, *patterns]), most)
        taken = 4 + self.patterns + 2 + _SIZE + 2 + _SURE + 2
        taken += self.labels + 2 if self.labels else 0
        self.builds = page.width - taken

    def title(self) -> Line:
        """The heading, with the heads of the columns if there are any rows of them."""
        if not self.has_suggestions:
            return (("Ignore files", TITLE),)
        width = 4 + self.patterns + 2 + (self.labels + 2 if self.labels else 0)
        head = left("Ignore files", width)
        saves = right("saves", _SIZE)
        builds = " " * (2 + _SURE + 2) + "builds" if self.builds >= 8 else ""
        return ((head, TITLE), (saves, QUIET), (builds, QUIET))

    def entries(self, advice: IgnoreFileAdvice) -> Iterator[_Entry]:
        """What is suggested for a file, then what is held back."""
        for one in advice.suggestions:
            lines = [self._row(one, advice)]
            if self.verbose:
                lines += _details(one, self.page)
            yield _Entry((*lines,), one.shown.wire_bytes, one)
        for blocked in advice.blocked:
            wanted = sum(one.wire_bytes for one in blocked.wanted_by)
            yield _Entry((*_blocked(blocked, self.page),), wanted)

    def _row(self, one: SharedSuggestion, advice: IgnoreFileAdvice) -> Line:
        shown = one.shown
        is_idle = not shown.sent
        pattern = shorten_middle(
            self._pattern(shown.patterns), self.patterns, self.page
        )
        spans: list[Span] = [
            ("    " + left(pattern, self.patterns), QUIET if is_idle else STRONG)
        ]
        label = self.page.safe(shown.label)
        if self.labels:
            text = shorten_end(label, self.labels, self.page)
            spans.append(("  " + left(text, self.labels), ""))
        size = shown.context.wire_bytes if is_idle else shown.wire_bytes
        spans.append(("  " + right(formatting.size(size), _SIZE), ""))
        word = "cache" if shown.for_cache else "not sent"
        sure = (
            (word, QUIET) if is_idle else (shown.confidence, SURENESS[shown.confidence])
        )
        spans.append(("  " + left(sure[0], _SURE), sure[1]))
        last = self._last(one, label, is_alone=len(advice.builds) == 1)
        return (*spans, ("  " + last, QUIET)) if last else tuple(spans)

    def _last(self, one: SharedSuggestion, label: str, *, is_alone: bool) -> str:
        """The builds that it saves something, or what it is."""
        if self.builds < 8:
            return ""
        if is_alone or not one.savings:
            return "" if self.labels else shorten_end(label, self.builds, self.page)
        names = [each.build for each in one.savings]
        for most in (3, 2, 1):
            said = some(names, self.page, most=most)
            if cells(said) <= self.builds:
                return said
        return shorten_end(
            formatting.count(len(names), "build"), self.builds, self.page
        )

    def _pattern(self, patterns: Sequence[str]) -> str:
        first, *others = patterns
        return self.page.safe(first) + (f" +{len(others)}" if others else "")


def _details(one: SharedSuggestion, page: Page) -> list[Line]:
    """Its name for options, what it is, all its lines, and what each build saves."""
    shown = one.shown
    said = f"{page.safe(shown.id)}: {page.safe(shown.label)}"
    if len(shown.patterns) > 1:
        said += f"; writes {'  '.join(map(page.safe, shown.patterns))}"
    lines = paragraph(said, page, QUIET, indent=6)
    if one.savings:
        lines += paragraph(_each(one.savings, page), page, QUIET, indent=6)
    return lines


def _each(savings: Sequence[BuildSaving], page: Page) -> str:
    return ", ".join(
        f"{page.safe(one.build)} {formatting.size(one.wire_bytes)}"
        + (" and a cache" if one.unsettles else "")
        for one in savings
    )


def _blocked(one: BlockedSuggestion, page: Page) -> list[Line]:
    """What has to stay, which build needs it, and which would do without."""
    why = page.safe(one.held.why)
    said = f"held back: {why}"
    if one.needed_by:
        needs = "needs" if len(one.needed_by) == 1 else "need"
        said = f"held back: {some(one.needed_by, page)} {needs} it ({why})"
    if one.wanted_by:
        size = formatting.size(sum(each.wire_bytes for each in one.wanted_by))
        wanting = some([each.build for each in one.wanted_by], page)
        said += f"; it would save {wanting} {size}"
    return hanging("    " + page.safe(one.held.path) + "  ", said, page, QUIET)


def _apart(advice: IgnoreFileAdvice, page: Page) -> list[Line]:
    """Which Dockerfiles want other lines than those that share the file."""
    if not advice.apart:
        return []
    files = some(advice.apart, page)
    own = (
        "an ignore file of its own"
        if len(advice.apart) == 1
        else "ignore files of their own"
    )
    said = f"{files} would do better with {own}: {_APART}"
    return paragraph(said, page, indent=4)


def _hidden(hidden: Sequence[_Entry], page: Page, *, of_all: bool) -> list[Line]:
    """How many suggestions are not shown, what they save, and what is held back."""
    if not hidden:
        return []
    made = [one.suggestion.shown for one in hidden if one.suggestion is not None]
    said = []
    if made:
        said.append(more(len(made), "suggestion", of_all=of_all))
        saved = sum(one.wire_bytes for one in made)
        said += [formatting.size(saved)] if saved else []
    held = len(hidden) - len(made)
    if held:
        said.append(f"{held} {'more ' if not of_all and not made else ''}held back")
    return paragraph(left_out(", ".join(said)), page, QUIET, indent=2)
