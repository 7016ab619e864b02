"""What `write` shows and asks: the diff, before and after, one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TextIO

from ctxopt.core.ignorefile.diff import unified_diff
from ctxopt.core.model import BuildCost, Dialect, HeldBack, Suggestion, Tally
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.report.advice import hits
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    hanging,
    left,
    paragraph,
    right,
)
from ctxopt.view.terminal.output import page_of, write_lines

ADDED, REMOVED, PLACE = "green", "red", "cyan"
INDENT = 5  # of all that belongs to a question, behind its number
PROMPT = "Keep it out?"
# A capital is what Enter alone says, as in the [Y/n] of the last question.
ANSWERS = "[y]es, [N]o, [w]hy, [a]ll, [d]one asking, [q]uit"
SHORT_ANSWERS = "y/N/w/a/d/q"
LETTERS = frozenset("ynadq")
SHOWN_UNSENT = 12  # lines that save this build nothing
NOTICEABLE_SECONDS = 0.005


def show_diff(before: bytes, after: bytes, name: str, out: TextIO) -> None:
    """Write a unified diff; coloured on a terminal."""
    page = page_of(out)
    write_lines(_diff(before, after, name, page), out)


def _diff(before: bytes, after: bytes, name: str, page: Page) -> Iterator[Line]:
    for line in unified_diff(before, after, name):
        # Every line of a file in CRLF has it; a mark on each would hide the rest.
        yield ((page.safe(line.removesuffix("\r")), tone(line)),)


def tone(line: str) -> str:
    """The style of a line of a diff."""
    if line.startswith(("+++", "---")):
        return STRONG
    if line.startswith("@@"):
        return PLACE
    return {"+": ADDED, "-": REMOVED}.get(line[:1], QUIET)


def show_outcome(
    now: BuildCost,
    then: BuildCost,
    profile: str,
    out: TextIO,
    *,
    dialect: Dialect = Dialect.MOBY,
) -> None:
    """Write what is sent before and after, in a line for each size that changes.

    `dialect` is that of the ignore file: podman, which has its own, sends nothing.
    """
    page = page_of(out)
    sent = "Transfer" if dialect is Dialect.MOBY else "Read"
    write_lines(_outcome(now, then, profile, page, sent), out)


def _outcome(
    now: BuildCost, then: BuildCost, profile: str, page: Page, sent: str
) -> Iterator[Line]:
    rows = [(sent, now.transfer, then.transfer)]
    if (now.context, then.context) != (now.transfer, then.transfer):
        rows.insert(0, ("Context", now.context, then.context))
    rows = [row for row in rows if _weight(row[1]) != _weight(row[2])]
    arrow = f" {page.glyphs.arrow} "
    columns = [
        (
            label,
            f"{formatting.size(one.wire_bytes)}{arrow}{formatting.size(two.wire_bytes)}",
            f"({formatting.change(one.wire_bytes, two.wire_bytes)})",
            f"{one.files:,}{arrow}{formatting.count(two.files, 'file')}",
        )
        for label, one, two in rows
    ]
    widths = [max(map(cells, column)) for column in zip(*columns, strict=True)]
    roomy = 10 + sum(widths[1:]) + 4 <= page.width
    for label, sizes, change, files in columns:
        yield (
            (left(label, 10), ""),
            (left(sizes, widths[1]), STRONG),
            ("  " + left(change, widths[2]), ""),
            ("  " + right(files, widths[3]) if roomy else "", QUIET),
        )
    if now.first_build_seconds - then.first_build_seconds >= NOTICEABLE_SECONDS:
        yield from hanging(
            "Seconds   ", _seconds(now, then, profile, page), page, QUIET
        )


def _weight(tally: Tally) -> tuple[int, int]:
    return tally.wire_bytes, tally.files


def _seconds(now: BuildCost, then: BuildCost, profile: str, page: Page) -> str:
    arrow = f" {page.glyphs.arrow} "
    first = (now.first_build_seconds, then.first_build_seconds)
    said = f"{arrow.join(map(formatting.seconds, first))} at first"
    if now.repeat_build_seconds - then.repeat_build_seconds >= NOTICEABLE_SECONDS:
        again = (now.repeat_build_seconds, then.repeat_build_seconds)
        said += f", {arrow.join(map(formatting.seconds, again))} each time"
    return f"{said} (estimate, profile {profile})"


def show_held(held: Sequence[HeldBack], out: TextIO) -> None:
    """Write what was held back, and why; nothing if nothing was."""
    page = page_of(out)
    lines: list[Line] = []
    # Several rules may hit one path.
    for path, why in dict.fromkeys((one.path, one.why) for one in held):
        said = f"{page.safe(path)}: {page.safe(why)}"
        lines += hanging("Held back  ", said, page, QUIET)
    write_lines([*lines, ()] if lines else [], out)


class Answers(NamedTuple):
    """The ids of what was answered with yes, and with no; the others were not."""

    accepted: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def also(self, accepted: Collection[str]) -> Answers:
        """The same, and these accepted, too."""
        return self._replace(accepted=self.accepted.union(accepted))


NO_ANSWERS = Answers()


def growth(now: BuildCost, then: BuildCost) -> str:
    """That a build would send more than before, and why."""
    more = then.transfer.wire_bytes - now.transfer.wire_bytes
    return (
        f"a build would send {formatting.size(more)} more: the ignore file itself is "
        "sent, and its new lines weigh more than they keep out"
    )


def parted(name: str, others: int) -> str:
    """That a file with several names becomes two files."""
    names = "name (a hard link)" if others == 1 else "names (hard links)"
    keep = "keeps" if others == 1 else "keep"
    return (
        f"{name} has {others} other {names}, which {keep} the old content: "
        "only this name changes"
    )


def show_unsent(idle: Sequence[Suggestion], out: TextIO) -> None:
    """Write what is for other builds only, before it is asked about as a whole."""
    page = page_of(out)
    count = formatting.count(len(idle), "suggestion")
    other = " or for the cache" if any(one.for_cache for one in idle) else ""
    said = f"{count} for what this build does not send{other}; "
    said += "the lines save it no bytes:" if other else "the lines save it nothing:"
    every = [page.safe(line) for one in idle for line in one.patterns]
    more = len(every) - SHOWN_UNSENT
    patterns = "  ".join(every[:SHOWN_UNSENT]) + (f" and {more} more" * (more > 0))
    lines = [*paragraph(said, page), *paragraph(patterns, page, STRONG, indent=INDENT)]
    write_lines(lines, out)


def ask(
    questions: Sequence[Suggestion],
    prompt: Callable[[str], str],
    out: TextIO,
) -> Answers | None:
    """What was answered; None to leave everything.

    `prompt` is given the words in front of the cursor and hands back the answer.
    """
    page = page_of(out)
    accepted: set[str] = set()
    declined: set[str] = set()
    for number, one in enumerate(questions, 1):
        write_lines(_question(one, number, len(questions), page), out)
        answer = _answer(one, prompt, page, out)
        if answer == "q":
            return None
        if answer == "d":
            break
        if answer == "a":
            accepted.update(rest.id for rest in questions[number - 1 :])
            break
        if answer == "y":
            accepted.add(one.id)
        else:
            declined.add(one.id)
    if questions:
        write_lines([()], out)
    return Answers(frozenset(accepted), frozenset(declined))


def _question(one: Suggestion, number: int, count: int, page: Page) -> Iterator[Line]:
    yield ()
    said = page.safe("  ".join(one.patterns))
    yield from hanging(left(f"{number}/{count}", INDENT), said, page, STRONG)
    # As in the block and behind --only: to be copied from here, too.
    what = f"{page.safe(one.id)}: {page.safe(one.label)}, {_size(one)}"
    yield from paragraph(what, page, indent=INDENT)
    said = "; ".join(hits(one, page))
    if said:
        yield from paragraph(said, page, QUIET, indent=INDENT)
    if one.question and not one.question.startswith("Keep "):  # as the prompt does
        yield from paragraph(page.safe(one.question), page, indent=INDENT)


def _size(one: Suggestion) -> str:
    if one.sent:
        return (
            f"{formatting.size(one.wire_bytes)}, {formatting.count(one.files, 'file')}"
        )
    if one.for_cache:
        return "no bytes, for the cache"
    files = formatting.count(one.context.files, "file")
    return f"{formatting.size(one.context.wire_bytes)}, {files}, not sent by this build"


def _answer(
    one: Suggestion, prompt: Callable[[str], str], page: Page, out: TextIO
) -> str:
    """The first letter of an answer that says something; "n" for an empty one."""
    asked = f"{' ' * INDENT}{PROMPT} {ANSWERS}: "
    if cells(asked) >= page.width:
        asked = f"{' ' * INDENT}{PROMPT} {SHORT_ANSWERS}: "
    while True:
        letter = prompt(asked).strip().lower()[:1] or "n"
        if letter in LETTERS:
            return letter
        if letter == "w":
            write_lines(why(one, page), out)


def why(one: Suggestion, page: Page) -> Iterator[Line]:
    """The reason of a suggestion, and which builds need what it keeps out."""
    risk = f"Who may need it: {one.risk}" if one.risk else ""
    for said in filter(None, (one.reason, risk, *one.notes)):
        yield from paragraph(page.safe(said), page, QUIET, indent=INDENT)
