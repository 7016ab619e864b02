"""Bytes, counts and codes as words for people; names made safe to print."""

from __future__ import annotations

from ctxopt.core.builders import find_builder
from ctxopt.core.findings.codes import TELLING
from ctxopt.core.model import BuilderName, Problem, Report, Severity, SourceState


class _Labels(dict[BuilderName, str]):
    """What people call a builder, as its value says: made of those that are shown."""

    def __missing__(self, name: BuilderName) -> str:
        return find_builder(name).label


BUILDERS = _Labels()

STATES = {
    SourceState.FOUND: "found",
    SourceState.EMPTY: "no match",
    SourceState.MISSING: "missing",
    SourceState.IGNORED: "kept out",
    SourceState.OUTSIDE: "outside",
    SourceState.UNKNOWN: "unknown",
}

# Loudest first: the order in which problems are shown.
SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def advice(problem: Problem) -> str | None:
    """What to do about a problem; None where its message says all."""
    return None if problem.code in TELLING else problem.hint


_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_LEFT_TO_RIGHT_MARK = "\u200e"


def size(count: int) -> str:
    """Bytes in decimal units with at most four digits: `512 B`, `48.10 kB`."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in _UNITS:
        value /= 1000
        # The limits are where rounding would add a digit.
        if value < 99.995:
            return f"{value:.2f} {unit}"
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value:,.0f} {_UNITS[-1]}"


def number_or_blank(count: int) -> str:
    """A count in a table: nothing is blank there, so that the others stand out."""
    return f"{count:,}" if count else ""


def seconds(time: float) -> str:
    """An estimate of time, no finer than it deserves: `0.46 s`, `12 s`, `3 min`."""
    if time < 0.01:
        return "<0.01 s"
    if time < 0.995:
        return f"{time:.2f} s"
    if time < 9.95:
        return f"{time:.1f} s"
    return f"{time:.0f} s" if time < 119.5 else f"{time / 60:.0f} min"


def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent; never 0 or 100 unless it is exactly that."""
    if whole <= 0 or part <= 0:
        return "0 %"
    if part >= whole:
        return "100 %"
    percent = round(100 * part / whole)
    if percent == 0:
        return "<1 %"
    return ">99 %" if percent == 100 else f"{percent} %"


def change(before: int, after: int) -> str:
    """What became of a size: `98 % less`, or `310 B more`."""
    if after > before:
        return f"{size(after - before)} more"
    return f"{share(before - after, before)} less"


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `1,204 files`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def docker_prints(builder: BuilderName, printed: str, name: str = "context") -> str:
    """The very words in which this builder tells the size of a transfer."""
    return find_builder(builder).printed_as.format(name=name, printed=printed)


def printable(text: str, encoding: str = "utf-8") -> str:
    r"""`text` on one line, harmless on a terminal and writable in `encoding`.

    Control and formatting characters become escapes such as `\x1b`, bytes that
    are not UTF-8 become `\xff`, what the encoding lacks becomes `\u65e5`.
    """
    if text.isascii() and text.isprintable():
        return text
    safe = "".join(c if c.isprintable() else _escape(c) for c in text)
    if not _is_unicode(encoding):
        return safe.encode(encoding, "backslashreplace").decode(encoding)
    from unicodedata import bidirectional  # start-up: most names are ASCII

    if any(bidirectional(c) in ("R", "AL") for c in safe):
        # Or a terminal that reorders would draw the numbers beside it backwards.
        safe += _LEFT_TO_RIGHT_MARK
    return safe


def one_line(text: str) -> str:
    """The first line of an instruction, blanks evened out, `...` if it goes on."""
    first = text.strip().split("\n", 1)[0].rstrip()
    if first.endswith("\\"):
        first = f"{first[:-1].rstrip()} ..."
    return " ".join(first.split())


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8 (surrogateescape)
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def reads_in_place(report: Report) -> bool:
    """Whether this builder sends nothing, and reads what it takes where it lies."""
    return find_builder(report.request.builder).in_place


def sent_label(report: Report) -> str:
    """What to call that part of the context which a build takes."""
    return "Read" if reads_in_place(report) else "Transfer"


def sends_whole(report: Report) -> bool:
    """Whether this builder sends the context without looking at what is used."""
    return report.transfer.is_whole
