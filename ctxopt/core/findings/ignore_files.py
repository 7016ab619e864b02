"""The words for ignore files that are not read, or not by all builders alike."""

from __future__ import annotations

from ctxopt.core.builders import Builder, find_builder
from ctxopt.core.findings import codes
from ctxopt.core.ignorefile.idle import IdleIgnoreFile, IdleReason, IgnoredWalked
from ctxopt.core.ignorefile.odd import Oddity, OddLine
from ctxopt.core.model import Problem, Severity
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.builders.difference import BuilderDifference

# Of these somebody thought that this build reads them.
_MEANT = frozenset(
    {IdleReason.BESIDE, IdleReason.MISNAMED, IdleReason.UNPAIRED, IdleReason.APART}
)


def idle_ignore_file(idle: IdleIgnoreFile, builder: Builder) -> Problem | None:
    """A file that is not read; None where nobody needs to hear of it."""
    if not idle.patterns or not (idle.matters or idle.reason in _MEANT):
        return None
    is_bad = idle.matters and idle.reason in _MEANT
    problem = codes.IGNORE_FILE_IDLE.problem(
        f"{why_idle(idle, builder)}; {_matching(idle)}",
        severity=Severity.WARNING if is_bad else Severity.NOTE,
        subject=idle.path,
    )
    return problem._replace(file=idle.path, hint=move_words(idle))


def why_idle(idle: IdleIgnoreFile, builder: Builder) -> str:
    """Why a file that looks like the ignore file has no effect in this build."""
    name = idle.path.rpartition("/")[2].removesuffix(".dockerignore")
    match idle.reason:
        case IdleReason.BESIDE:
            return "not read: it lies beside the Dockerfile, not in the context's root"
        case IdleReason.NESTED:
            return "not read: only the ignore file in the context's root counts"
        case IdleReason.MISNAMED:
            return "not read: docker knows no ignore file of this name"
        case IdleReason.UNPAIRED:
            return f'not read: it belongs to a "{name}" beside it, which is not there'
        case IdleReason.APART:
            return "not read: it does not lie beside its Dockerfile"
        case IdleReason.OVERRULED:
            return f"not read: {builder.label} reads {idle.goes_to[0]} instead"
        case IdleReason.OTHER_BUILDER:
            return f"not read: the {builder.label} knows no ignore file of a Dockerfile"
        case IdleReason.OTHER_TOOL:
            return "not read: podman and buildah know it, docker does not"


def _matching(idle: IdleIgnoreFile) -> str:
    lines = f"its {idle.patterns} lines" if idle.patterns > 1 else "its only line"
    if idle.matching or not idle.matching_below:
        return f"{_some(idle.matching, lines)} in this context"
    return f"{_some(idle.matching_below, lines)} beside it"


def _some(number: int, lines: str) -> str:
    if lines.endswith("line"):
        return f"{lines} matches {'something' if number else 'nothing'}"
    if not number:
        return f"none of {lines} matches anything"
    return f"{number} of {lines} {'match' if number > 1 else 'matches'} something"


def move_words(idle: IdleIgnoreFile) -> str:
    """Where the lines of a file that is not read would count."""
    first, *others = idle.goes_to
    folder = idle.path.rpartition("/")[0]
    if idle.reason is IdleReason.NESTED:
        return (
            f"put its lines into {first} with {folder}/ in front,"
            " or leave it to builds of that folder"
        )
    if not idle.matching and idle.matching_below:
        return f"put its lines into {first} with {folder}/ in front"
    if idle.is_free:
        return f"move it to {' or '.join((first, *others))}"
    return f"put its lines into {first}"


def builders_differ(difference: BuilderDifference, builder: Builder) -> Problem:
    """What one builder sends of the same folder and the other one does not."""
    other = find_builder(difference.other).label
    counts = _counts(difference, builder.label, other)
    if difference.ignore_file:
        problem = codes.BUILDERS_DIFFER.problem(
            f"{_called(other)} reads this one instead, and the two let different files"
            f' through ({counts}), first "{difference.example}"',
            subject=difference.example,
        )
        hint = "say the same in both, or build with one builder only"
        return problem._replace(file=difference.ignore_file, hint=hint)
    line = difference.line
    if builder.in_place:
        return _read_otherwise(difference, builder, counts)
    problem = codes.BUILDERS_DIFFER.problem(
        f'"{line.text.strip() if line else "!"}" brings back'
        f' "{difference.example}" for BuildKit alone ({counts}): the legacy builder'
        " opens no ignored folder for a wildcard",
        place=line.location if line else None,
        subject=difference.example,
    )
    if difference.repair is None:
        return problem
    lines = " and ".join(difference.repair.lines)
    return problem._replace(hint=f"for both, name the folders, as in {lines}")


def _counts(difference: BuilderDifference, label: str, other: str) -> str:
    """How many files each of the two lets through, as far as they were counted."""
    told = f"{_files(difference.files)} for {_called(label)}"
    if difference.more_than is not None:
        return f"{told}, more than {difference.more_than:,} for one of the two alone"
    return f"{told}, {difference.other_files:,} for {_called(other)}"


def _read_otherwise(
    difference: BuilderDifference, builder: Builder, counts: str
) -> Problem:
    """Lines of one file that two builders read by rules of their own."""
    other = _called(find_builder(difference.other).label)
    if difference.unread:
        problem = codes.BUILDERS_DIFFER.problem(
            f"{other} reads no ignore file here, and lets other files through"
            f' ({counts}), first "{difference.example}"',
            subject=difference.example,
        )
        hint = f"say the same in a .dockerignore, or build with {builder.label} only"
        return problem._replace(hint=hint)
    line = difference.line
    problem = codes.BUILDERS_DIFFER.problem(
        f"{builder.label} and {other} let different files through with the same"
        f' lines ({counts}), first "{difference.example}"',
        place=line.location if line else None,
        subject=difference.example,
    )
    hint = "name folders and files without wildcards, or keep a .containerignore"
    return problem._replace(hint=f"{hint} for {builder.label}")


def ignored_walked(walked: IgnoredWalked) -> Problem:
    """Ignored folders that are opened in each build, for lines with `!`."""
    line, *others = walked.lines
    also = f" and {len(others)} more such lines" if len(others) > 1 else ""
    if len(others) == 1:
        also = f' and "{others[0].text.strip()}"'
    found = f"{_files(walked.files)} found" if walked.files else "nothing found"
    problem = codes.IGNORED_WALKED.problem(
        f'for the sake of "{line.text.strip()}"{also}, BuildKit looks through'
        f" {walked.folders:,} ignored folders in each build, {_part(walked)} in"
        f' "{walked.most}"; {found}',
        place=line.location,
        subject=walked.most,
    )
    hint = "name the paths, as in !docs/README.md: a wildcard opens all that is ignored"
    return problem._replace(hint=hint)


def _part(walked: IgnoredWalked) -> str:
    if walked.most_folders == walked.folders:
        return "all of them"
    return f"{walked.most_folders:,} of them"


def odd_line(odd: OddLine) -> Problem:
    """A line that does not mean what it seems to."""
    harmless = odd.oddity in (
        Oddity.COMMENT_INDENTED,
        Oddity.SLASHES,
        Oddity.ROOT_ONLY,
    )
    better = " and ".join(odd.better)
    return codes.IDLE_LINE.problem(
        why_odd(odd) + (f": write {better}" if better else ""),
        severity=Severity.NOTE if harmless else Severity.WARNING,
        place=odd.pattern.location,
        subject=odd.pattern.text.strip(),
    )


def why_odd(odd: OddLine) -> str:
    """What a line means to docker, and does not to a reader."""
    text = f'"{odd.pattern.text.strip()}"'
    match odd.oddity:
        case Oddity.COMMENT_BEHIND:
            return f"{text} is one pattern to docker: no comment can stand behind one"
        case Oddity.COMMENT_INDENTED:
            return f"{text} is a pattern to docker: take away the blanks before the #"
        case Oddity.SLASHES:
            return f"{text} is a pattern to docker, and no comment"
        case Oddity.BRACES:
            return f"{text} matches only names with braces in them"
        case Oddity.BACKSLASHES:
            return f"{text} matches nothing in a folder: docker separates with /"
        case Oddity.NOT_CLASS:
            return f"{text} takes the ! for a letter: docker negates with ^"
        case Oddity.ROOT_ONLY:
            more = len(odd.reached) - 1
            others = f" and {more:,} more" if more else ""
            verb = "travel" if more else "travels"
            return (
                f'{text} reaches the context\'s root only, and "{odd.reached[0]}"'
                f"{others} {verb}"
            )


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _called(label: str) -> str:
    return f"the {label}" if label.endswith("builder") else label
