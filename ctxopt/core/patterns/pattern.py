r"""One pattern of an ignore file: Docker's syntax and its traps.

A pattern is compared with the whole path, and its meaning depends on which of four
forms it takes: equality, a prefix test (`foo**`), a suffix test (`**foo`), or a
regular expression in Go's dialect. The forms do not agree with each other, so they
are kept apart here just as in Docker's code, and only then cut into steps.

Rule: moby/patternmatcher, patternmatcher.go, New, Pattern.compile, Pattern.match.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from ctxopt.core.golang import filepath_match
from ctxopt.core.golang.errors import GoRegexpError, TooManyStepsError
from ctxopt.core.golang.paths import clean
from ctxopt.core.golang.text import trim_space
from ctxopt.core.model import Dialect, Location
from ctxopt.core.patterns.compile import compile_plan
from ctxopt.core.patterns.plans import CompiledPattern
from ctxopt.errors import IgnoreFileError

BAD_PATTERN = "syntax error in pattern"


class PatternError(IgnoreFileError):
    """A pattern the builder accepts at first and refuses when it comes to use it."""

    def __init__(self, pattern: Pattern, hint: str, message: str = BAD_PATTERN) -> None:
        place = pattern.location
        super().__init__(
            message,
            hint=hint,
            file=place.file if place else None,
            line=place.line if place else None,
            text=pattern.text,
            end_line=place.end_line if place else None,
        )
        self.pattern = pattern


class Pattern:
    """One effective line."""

    def __init__(
        self,
        text: str,
        cleaned: str,
        *,
        negated: bool,
        location: Location | None = None,
        dialect: Dialect = Dialect.MOBY,
    ) -> None:
        self.text = text  # as written
        self.cleaned = cleaned  # as the builder keeps it, without the `!`
        self.negated = negated
        self.location = location
        self.dialect = dialect

    def __getstate__(self) -> dict[str, object]:
        # How to run it is made again when it is asked for: no functions in a pickle.
        return {name: value for name, value in vars(self).items() if name != "plan"}

    @cached_property
    def plan(self) -> CompiledPattern:
        """How to run it.

        Raises PatternError for a pattern that the builder refuses on first use.
        """
        try:
            return compile_plan(self.cleaned, self.dialect)
        except TooManyStepsError as error:
            raise PatternError(
                self, "write fewer or smaller {counts}", f"pattern too large: {error}"
            ) from error
        except GoRegexpError as error:
            raise PatternError(self, f"Go cannot read it: {error}") from error

    @property
    def fails(self) -> bool:
        """Whether the builder refuses it on first use."""
        try:
            return self.plan is None
        except PatternError:
            return True

    @property
    def sweeps(self) -> bool:
        """Whether it ends in stars alone, and so means a folder more than a name."""
        return not self.cleaned.rsplit("/", 1)[-1].strip("*")

    @property
    def components(self) -> int:
        """How many parts its text has between slashes, wildcards not interpreted."""
        return self.cleaned.count("/") + 1


def compile_patterns(
    raw: Sequence[str],
    locations: Sequence[Location | None] | None = None,
    written: Sequence[str] | None = None,
    *,
    dialect: Dialect = Dialect.MOBY,
) -> tuple[Pattern, ...]:
    """The patterns of a list such as an ignore file yields; blank ones are dropped.

    `locations` and `written` run alongside `raw`: where each came from, and its text
    before any cleaning (`raw` itself when left out).

    Rule: moby/patternmatcher, patternmatcher.go, New; for podman containers/storage,
    pkg/fileutils/fileutils.go, NewPatternMatcher.
    Raises IgnoreFileError for a pattern that the builder refuses at once.
    """
    places = locations if locations is not None else [None] * len(raw)
    texts = written if written is not None else raw
    patterns = (
        _compile(entry, text, place, dialect)
        for entry, text, place in zip(raw, texts, places, strict=True)
    )
    return tuple(pattern for pattern in patterns if pattern is not None)


def strip_trailing_glob(cleaned: str) -> str:
    """The text without one `/**` and then one `/*` at its end.

    Rule: tonistiigi/fsutil, filter.go, patternWithoutTrailingGlob.
    """
    return cleaned.removesuffix("/**").removesuffix("/*")


def is_plain(cleaned: str) -> bool:
    """Whether nothing in the text makes BuildKit's walk take it for a wildcard.

    Rule: tonistiigi/fsutil, filter.go, NewFilterFS (patternChars).
    """
    return not any(character in cleaned for character in "*[]?^\\")


def _compile(
    entry: str, text: str, place: Location | None, dialect: Dialect
) -> Pattern | None:
    trimmed = trim_space(entry)
    if not trimmed:
        return None
    cleaned = clean(trimmed)
    negated = cleaned.startswith("!")
    if cleaned == "!":
        raise _refused(
            'illegal exclusion pattern: "!"',
            "name what to keep after the !, or remove the line",
            text,
            place,
        )
    if negated:
        cleaned = cleaned[1:]
        if dialect is Dialect.STORAGE:
            cleaned = clean(cleaned).removeprefix("/")
    try:
        filepath_match.check(cleaned)
    except filepath_match.MalformedPatternError as error:
        raise _refused(str(error), error.hint, text, place) from error
    return Pattern(text, cleaned, negated=negated, location=place, dialect=dialect)


def _refused(
    message: str, hint: str, text: str, place: Location | None
) -> IgnoreFileError:
    return IgnoreFileError(
        message,
        hint=hint,
        file=place.file if place else None,
        line=place.line if place else None,
        text=text,
        end_line=place.end_line if place else None,
    )
