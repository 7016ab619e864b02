"""The one block of ctxopt in an ignore file: put in, grown, read and taken out.

    # >>> ctxopt >>>  take it out with: ctxopt write --remove
    # --- Caches and reports: tools make them anew, and every run changes them
    # py-bytecode: Python bytecode. Every run of Python on this machine changes it
    **/__pycache__
    # no: what you said no to; delete a line to be asked about it again
    #docs
    # <<< ctxopt <<<  3f9a1c2e

What stands outside of the marks is the user's and is never touched, but for two
things that removing the block undoes: a blank line between the two, and the newline
that the user's last line needs once something follows it.

The end mark carries a checksum of the lines between the marks, so that a block which
a person has edited since is not taken out without a word. What a person said no to is
not among them, for its lines are there to be deleted.

Blocks of before had no topics, and sizes in their comments: they are read as any other,
and the sizes go when such a block grows, unless a person has edited it.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Iterator, Sequence

from ctxopt.core.golang.text import trim_space
from ctxopt.core.ignorefile.lines import LINE_LIMIT, IgnoreFile, Line, parse
from ctxopt.core.model import Location
from ctxopt.core.patterns.escaping import is_sound
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import IgnoreFileError

BEGIN = b"# >>> ctxopt >>>"
END = b"# <<< ctxopt <<<"
TITLE = BEGIN.decode() + "  take it out with: ctxopt write --remove"
EDITED = b"(edited by hand)"  # behind the end mark, in place of the checksum

# Behind the title, where removing the block has to know it. Without any of them the
# blank line before the block is part of it.
NEW_FILE = " (new file)"
NO_BLANK = " (no blank line added)"
AT_TOP = " (at the top)"

# The section of what a person said no to; no suggestion is called so.
NO = "no"
NO_WORDS = "what you said no to; delete a line to be asked about it again"

WORDS_LIMIT = 1000  # characters
_ROOM = 8  # bytes of a line for a byte order mark, a carriage return and a newline

_DECLINED = rb"#[^# \t]"
_CHECKSUM = rb"[0-9a-f]{8}"
_HEADER = r"# (?P<rule>[a-z0-9-]+):(?: (?P<words>.*))?"
_TOPIC = r"# --- (?P<title>\S.*)"

# What older versions said of one day and one machine, and what is left of it.
_COUNTS = (
    r"[,;] (?:[\d.,]+ ?[kMGTP]?i?B in [\d,]+ files?(?: when written)?|for the cache)"
    r"(?:; swept in by .*)?$"
)
_SHARE = r"^one file, \d+ % of what is sent$"
_NUMBER = r"^(git ignores it \(.*):\d+\)$"


class BlockEntry(NamedTuple):
    """One thing to ignore: a line of comment and the patterns that do it.

    `patterns` are as they stand in the file; each is there once in a block.
    """

    rule: str  # [a-z0-9-]+
    words: str  # one line of prose
    patterns: tuple[str, ...]
    topic: str = ""  # the words of its section; "" for none


def with_entries(
    file: IgnoreFile,
    entries: Sequence[BlockEntry],
    *,
    declined: Sequence[str] = (),
    top: bool = False,
    created: bool = False,
    last_word: bool = False,
) -> IgnoreFile:
    """The file with every pattern of `entries` in its block; itself if nothing is new.

    A block that is there grows where it is, each idea in the section of its topic; a
    new one goes to the end, or with `top` before the first line. With `last_word`, what
    excludes comes behind all negated lines of the block, once more if need be, or they
    would bring it back. What is commented out in the block is not added again;
    patterns that are `declined` are put there so.
    A block that was edited by hand says so from then on; see `is_edited`.
    `created` says that there was no file before; see `created_file`.
    Raises IgnoreFileError when the marks of a block are damaged.
    """
    for idea in entries:
        _check(idea)
    _check(BlockEntry(NO, NO_WORDS, tuple(declined)))
    span = block_span(file)
    if span is None:
        inner = _grow((), entries, declined, newline=file.newline, last=last_word)
        return _place(file, inner, top=top, created=created) if inner else file
    first, last = span
    old = file.lines[first + 1 : last]
    inner = _grow(old, entries, declined, newline=file.newline, last=last_word)
    if tuple(inner) == old:
        return file
    end = _end_after(file.lines[last], old, inner)
    if _seal(file.lines[last]) == _checksum(old):
        inner = [_without_counts(line) for line in inner]
        end = _end(end, _checksum(inner))
    rest = file.lines[last + 1 :]
    return _rebuild(file, [*file.lines[: first + 1], *inner, end, *rest])


def without_block(file: IgnoreFile) -> IgnoreFile:
    """The file as it would be without its block; itself if there is none.

    Raises IgnoreFileError when the marks of the block are damaged.
    """
    span = block_span(file)
    if span is None:
        return file
    first, last = span
    begin, end = file.lines[first], file.lines[last]
    before, after = list(file.lines[:first]), list(file.lines[last + 1 :])
    is_last = not after
    if _has_note(begin, AT_TOP):
        _drop_gap(after, 0)
    elif not _has_note(begin, NEW_FILE) and not _has_note(begin, NO_BLANK):
        _drop_gap(before, -1)
    if is_last and before and not end.ending.endswith(b"\n"):
        # The block had taken over how the file ended; see _place.
        before[-1] = before[-1]._replace(ending=end.ending)
    return _rebuild(file, [*before, *after])


def _drop_gap(lines: list[Line], index: int) -> None:
    """Take out the blank line that came with the block, if it is still there."""
    if lines and not lines[index].content:
        del lines[index]


def entries_in(file: IgnoreFile) -> tuple[BlockEntry, ...]:
    """The ideas of the block, in order; patterns behind no header are nobody's.

    Raises IgnoreFileError when the marks of the block are damaged.
    """
    entries: list[BlockEntry] = []
    topic, inside = "", False
    for line in _inner(file):
        header, title = (
            re.fullmatch(_HEADER, line.text),
            re.fullmatch(_TOPIC, line.text),
        )
        if header:
            words = header["words"] or ""
            entries.append(BlockEntry(header["rule"], words, (), topic))
            inside = True
        elif title:
            topic, inside = title["title"], False
        elif inside and line.entry is not None:
            last = entries[-1]
            entries[-1] = last._replace(patterns=(*last.patterns, line.text))
    return tuple(entries)


def declined(file: IgnoreFile) -> tuple[Pattern, ...]:
    """The patterns that are commented out in the block: a person said no to them.

    What no builder would take as a pattern is left out, and so is a negated one.
    Raises IgnoreFileError when the marks of the block are damaged.
    """
    found: dict[str, Pattern] = {}
    for line in _inner(file):
        if _is_heading(line):
            continue
        for entry in _commented_out(line):
            place = Location(file.shown, line.number, line.number)
            if entry not in found and not entry.startswith("!") and is_sound(entry):
                found.update(
                    (entry, one) for one in compile_patterns((entry,), (place,))
                )
    return tuple(found.values())


def created_file(file: IgnoreFile) -> bool:
    """Whether the file was made for its block, and nothing else came into it since.

    Removing the block should then remove the file.
    Raises IgnoreFileError when the marks of the block are damaged.
    """
    span = block_span(file)
    return span == (0, len(file.lines) - 1) and _has_note(file.lines[0], NEW_FILE)


def is_edited(file: IgnoreFile) -> bool:
    """Whether a person changed the block since ctxopt wrote it.

    Line ends and blanks at the ends of lines do not count: programs change them.
    Raises IgnoreFileError when the marks of the block are damaged.
    """
    span = block_span(file)
    if span is None:
        return False
    first, last = span
    return _seal(file.lines[last]) != _checksum(file.lines[first + 1 : last])


def block_span(file: IgnoreFile) -> tuple[int, int] | None:
    """The indexes of the first and the last line of the block; None without one.

    Raises IgnoreFileError when the marks are not one begin and one end.
    """
    begin: int | None = None
    span: tuple[int, int] | None = None
    for index, line in enumerate(file.lines):
        if line.content.startswith(BEGIN):
            if begin is not None:
                message = (
                    f"a block begins inside the one that begins in line {begin + 1}"
                )
                raise _damaged(file, line, message)
            if span is not None:
                message = f"a second block begins, the first is in line {span[0] + 1}"
                raise _damaged(file, line, message)
            begin = index
        elif line.content.startswith(END):
            if begin is None:
                raise _damaged(file, line, "a block ends here, but begins nowhere")
            span, begin = (begin, index), None
    if begin is not None:
        raise _damaged(file, file.lines[begin], "a block begins here, but ends nowhere")
    return span


def patterns_by_hand(file: IgnoreFile) -> tuple[Pattern, ...]:
    """The patterns outside of the block: those in it are as they should be.

    All of them where the marks of the block are damaged.
    """
    try:
        span = block_span(file)
    except IgnoreFileError:
        span = None
    if span is None:
        return file.patterns
    inside = range(span[0] + 1, span[1] + 2)  # numbers count from 1
    return tuple(
        one
        for one in file.patterns
        if one.location is None or one.location.line not in inside
    )


def _check(idea: BlockEntry) -> None:
    """Assert that an idea comes out of the file as it went in."""
    header = re.fullmatch(_HEADER, f"# {idea.rule}: {idea.words}")
    assert header, f"not one line: {idea}"
    assert header["rule"] == idea.rule, f"not a rule's name: {idea.rule!r}"
    assert "\r" not in idea.words, f"not one line: {idea}"
    title = re.fullmatch(_TOPIC, f"# --- {idea.topic}")
    assert not idea.topic or title, f"not one line: {idea}"
    assert "\r" not in idea.topic, f"not one line: {idea}"
    for pattern in idea.patterns:
        line = _line(pattern, b"\n")
        assert line.entry is not None, f"a comment or blank: {pattern!r}"
        assert "\n" not in pattern, f"not one line: {pattern!r}"
        assert not pattern.endswith("\r"), f"would lose its end: {pattern!r}"
        assert len(line.content) <= LINE_LIMIT - _ROOM, f"too long: {pattern[:80]!r}"


def _grow(
    inner: Sequence[Line],
    entries: Sequence[BlockEntry],
    declined: Sequence[str],
    *,
    newline: bytes,
    last: bool,
) -> list[Line]:
    """The lines between the marks, with what they lack of `entries`."""
    lines = list(inner)
    known = {entry for line in lines for entry in _known_by(line)}
    for idea in (*entries, BlockEntry(NO, NO_WORDS, tuple(declined))):
        excludes = last and idea.rule != NO
        if excludes:
            known -= _overruled(lines)
        new: list[Line] = []
        for pattern in idea.patterns:
            entry = _line(pattern, newline).entry
            if entry not in known:
                known.add(entry)
                # Without a blank behind `#`, it is never taken for a header.
                mark = "#" if idea.rule == NO else ""
                new.append(_line(mark + pattern, newline))
        if not new:
            continue
        place = _place_behind(lines, idea.rule)
        if place is None or (excludes and _last_negated(lines) >= place):
            new.insert(0, _header(idea, newline))
            place = _end_of_topic(lines, idea.topic)
            if place is None or (excludes and _last_negated(lines) >= place):
                place = _end_of_topics(lines) if idea.topic else len(lines)
                if excludes and _last_negated(lines) >= place:
                    place = len(lines)
                new[:0] = _title(idea, newline)
        lines[place:place] = new
    return lines


def _is_negated(line: Line) -> bool:
    return (line.entry or "").startswith("!")


def _last_negated(lines: Sequence[Line]) -> int:
    """The index of the last line that brings something back, -1 without one."""
    return max((at for at, one in enumerate(lines) if _is_negated(one)), default=-1)


def _overruled(lines: Sequence[Line]) -> set[str | None]:
    """Patterns that stand before negated lines only, and may have no say any more."""
    last = max(_last_negated(lines), 0)
    return {one.entry for one in lines[:last]} - {one.entry for one in lines[last:]}


def _known_by(line: Line) -> Iterator[str | None]:
    """What a line of the block decides: a pattern, or one that is commented out."""
    yield line.entry
    if not re.fullmatch(_TOPIC, line.text):
        yield from _commented_out(line)


def _commented_out(line: Line) -> Iterator[str]:
    """The pattern that a comment would be without its mark, as far as it is clear."""
    if not line.content.startswith(b"#"):
        return
    # A blank in front, or `#` would make a comment of what is behind it too.
    for rest in (line.content[1:], line.content.lstrip(b"# \t")):
        entry = line._replace(content=b" " + rest).entry
        if entry is not None:
            yield entry


def _place_behind(lines: Sequence[Line], rule: str) -> int | None:
    """Where the idea of `rule` ends, before blank lines; None if it is not there."""
    headers = [re.fullmatch(_HEADER, line.text) for line in lines]
    start = next(
        (i for i, found in enumerate(headers) if found and found["rule"] == rule), None
    )
    if start is None:
        return None
    end = start + 1
    while end < len(lines) and not _is_heading(lines[end]):
        end += 1
    return _before_blanks(lines, end)


def _end_of_topic(lines: Sequence[Line], topic: str) -> int | None:
    """Where the last section of a topic ends; None if it has none."""
    title = f"# --- {topic}"
    starts = [at for at, line in enumerate(lines) if topic and line.text == title]
    if not starts:
        return None
    end = starts[-1] + 1
    while end < len(lines) and not _ends_topic(lines[end]):
        end += 1
    return _before_blanks(lines, end)


def _end_of_topics(lines: Sequence[Line]) -> int:
    """Where a new section goes: before what was declined, which stays at the end."""
    for at, line in enumerate(lines):
        header = re.fullmatch(_HEADER, line.text)
        if header and header["rule"] == NO:
            return _before_blanks(lines, at)
    return len(lines)


def _ends_topic(line: Line) -> bool:
    header = re.fullmatch(_HEADER, line.text)
    return bool(re.fullmatch(_TOPIC, line.text) or (header and header["rule"] == NO))


def _is_heading(line: Line) -> bool:
    """Whether something new begins with a line: an idea, or a section."""
    return bool(re.fullmatch(_HEADER, line.text) or re.fullmatch(_TOPIC, line.text))


def _before_blanks(lines: Sequence[Line], end: int) -> int:
    while end > 0 and _is_blank(lines[end - 1]):
        end -= 1
    return end


def _without_counts(line: Line) -> Line:
    """A header without what older versions said of one day and one machine."""
    header = re.fullmatch(_HEADER, line.text)
    if not header or header["rule"] == NO:
        return line
    words = re.sub(_COUNTS, "", header["words"] or "")
    words = re.sub(_NUMBER, r"\1)", re.sub(_SHARE, "one large file", words))
    if words == header["words"]:
        return line
    return line._replace(content=_line(f"# {header['rule']}: {words}", b"").content)


def _checksum(inner: Sequence[Line]) -> bytes:
    texts = (line.content.rstrip(b" \t\r") for line in _counted(inner))
    return b"%08x" % crc32(b"\n".join(texts))


def _counted(inner: Sequence[Line]) -> Iterator[Line]:
    """The lines that taking out the block must not lose, once a person changed them.

    Those of the section of what was declined are there to be deleted by hand.
    """
    declined = False
    for line in inner:
        header = re.fullmatch(_HEADER, line.text)
        if _is_heading(line):
            declined = bool(header and header["rule"] == NO)
        if not (declined and (header or re.match(_DECLINED, line.content))):
            yield line


def _seal(end: Line) -> bytes:
    """What stands behind an end mark."""
    return end.content.removeprefix(END).strip(b" \t\r")


def _end(end: Line, seal: bytes) -> Line:
    return end._replace(content=END + b"  " + seal)


def _end_after(end: Line, old: Sequence[Line], inner: Sequence[Line]) -> Line:
    """The end mark of a block that has grown from `old` to `inner`."""
    seal, new = _seal(end), _checksum(inner)
    if seal == _checksum(old):
        return _end(end, new)
    # Edited by hand; unless what was taken out is all back.
    if seal == new or (seal and not re.fullmatch(_CHECKSUM, seal)):
        return end  # or words of a person, which stay
    return _end(end, EDITED)


def _place(
    file: IgnoreFile, inner: Sequence[Line], *, top: bool, created: bool
) -> IgnoreFile:
    """The file with a first block around `inner`."""
    newline = file.newline
    end = _end(Line(0, END, newline), _checksum(inner))
    blank = Line(0, b"", newline)
    if not file.lines:
        begin = _line(TITLE + (NEW_FILE if created else NO_BLANK), newline)
        return _rebuild(file, [begin, *inner, end])
    if top:
        begin = _line(TITLE + AT_TOP, newline)
        return _rebuild(file, [begin, *inner, end, blank, *file.lines])
    last = file.lines[-1]
    begin = _line(TITLE + NO_BLANK * _is_blank(last), newline)
    if not last.ending.endswith(b"\n"):
        # The file shall end as it did, and removing the block give it back: b"\r"
        # and b"" are different then.
        end = end._replace(ending=last.ending)
        last = _complete(last, newline)
    gap = () if _is_blank(last) else (blank,)
    return _rebuild(file, [*file.lines[:-1], last, *gap, begin, *inner, end])


def _complete(line: Line, newline: bytes) -> Line:
    """A last line with the newline that it needs once another follows."""
    # The carriage return counts for the limit of a line, the newline does not.
    if line.ending or len(line.content) > LINE_LIMIT - _ROOM:
        return line._replace(ending=line.ending + b"\n")
    return line._replace(ending=newline)


def _rebuild(file: IgnoreFile, lines: Sequence[Line]) -> IgnoreFile:
    """The same file with other lines, numbered anew."""
    if tuple(lines) == file.lines:
        return file
    content = file._replace(lines=tuple(lines)).to_bytes()
    return parse(content, file.shown, path=file.path, specific=file.specific)


def _inner(file: IgnoreFile) -> tuple[Line, ...]:
    span = block_span(file)
    return () if span is None else file.lines[span[0] + 1 : span[1]]


def _header(idea: BlockEntry, newline: bytes) -> Line:
    words = idea.words
    if len(words) > WORDS_LIMIT:
        words = words[: WORDS_LIMIT - 1] + "…"
    return _line(f"# {idea.rule}: {words}", newline)


def _title(idea: BlockEntry, newline: bytes) -> list[Line]:
    """The line above the first idea of a topic."""
    return [_line(f"# --- {idea.topic}", newline)] if idea.topic else []


def _line(text: str, newline: bytes) -> Line:
    """A line that has no number yet; _rebuild gives it one."""
    return Line(0, text.encode("utf-8", "surrogateescape"), newline)


def _is_blank(line: Line) -> bool:
    return not trim_space(line.text)


def _has_note(begin: Line, note: str) -> bool:
    return trim_space(begin.text).endswith(note.strip())


def _damaged(file: IgnoreFile, line: Line, message: str) -> IgnoreFileError:
    return IgnoreFileError(
        message,
        hint=(
            f"leave one line `{BEGIN.decode()}` and behind it one `{END.decode()}`, "
            "or delete them all, then run again"
        ),
        file=file.shown,
        line=line.number,
        text=line.text,
    )
