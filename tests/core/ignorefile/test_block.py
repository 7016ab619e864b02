from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.ignorefile.block import (
    BEGIN,
    END,
    NO_WORDS,
    TITLE,
    BlockEntry,
    block_span,
    created_file,
    declined,
    entries_in,
    is_edited,
    with_entries,
    without_block,
)
from ctxopt.core.ignorefile.diff import unified_diff
from ctxopt.core.ignorefile.lines import BOM, IgnoreFile, Line, parse
from ctxopt.errors import IgnoreFileError

BEGINS, ENDS = BEGIN.decode(), END.decode()
PYTHON = BlockEntry("py-bytecode", "Python bytecode; 1.2 MB", ("**/__pycache__",))
LOGS = BlockEntry("logs-files", "log files", ("*.log", "logs"))


def read(content: bytes) -> IgnoreFile:
    return parse(content, ".dockerignore")


def block(*inner: str, note: str = "", seal: str | None = None) -> bytes:
    """A block as ctxopt leaves it, or with other words behind its end mark."""
    if seal is None:
        seal = f"  {crc32(chr(10).join(inner).encode()):08x}"
    return "\n".join([TITLE + note, *inner, ENDS + seal, ""]).encode()


PYTHON_LINES = ("# py-bytecode: Python bytecode; 1.2 MB", "**/__pycache__")
NO_BLANK = " (no blank line added)"
AT_TOP = " (at the top)"


# --- a first block ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            b"a\n", b"a\n\n" + block(*PYTHON_LINES), id="a blank line comes between"
        ),
        pytest.param(
            b"a\n\n",
            b"a\n\n" + block(*PYTHON_LINES, note=NO_BLANK),
            id="not where there is one",
        ),
        pytest.param(
            b"a\n \t\n",
            b"a\n \t\n" + block(*PYTHON_LINES, note=NO_BLANK),
            id="nor behind blanks",
        ),
        pytest.param(
            b"", block(*PYTHON_LINES, note=NO_BLANK), id="nor in an empty file"
        ),
        pytest.param(
            BOM, BOM + block(*PYTHON_LINES, note=NO_BLANK), id="a mark stays in front"
        ),
        pytest.param(
            b"a",
            b"a\n\n" + block(*PYTHON_LINES)[:-1],
            id="a missing last newline is missing again",
        ),
        pytest.param(
            b"a\r\nb\r\n",
            b"a\r\nb\r\n\r\n" + block(*PYTHON_LINES).replace(b"\n", b"\r\n"),
            id="line ends are those of the file",
        ),
        pytest.param(
            b"a\r\nb",
            b"a\r\nb\r\n\r\n" + block(*PYTHON_LINES).replace(b"\n", b"\r\n")[:-2],
            id="also the one that was missing",
        ),
        pytest.param(
            b"a\r",
            b"a\r\n\n" + block(*PYTHON_LINES)[:-1] + b"\r",
            id="half a line end at the very end moves there",
        ),
    ],
)
def test_a_first_block(before: bytes, after: bytes) -> None:
    file = with_entries(read(before), [PYTHON])
    assert file.to_bytes() == after
    assert without_block(file).to_bytes() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            b"a",
            block(*PYTHON_LINES, note=AT_TOP) + b"\na",
            id="a blank line comes behind it",
        ),
        pytest.param(
            BOM + b"\na\n",
            BOM + block(*PYTHON_LINES, note=AT_TOP) + b"\n\na\n",
            id="also before one that is there, and a mark stays in front",
        ),
        pytest.param(
            b"", block(*PYTHON_LINES, note=NO_BLANK), id="not where nothing follows"
        ),
    ],
)
def test_a_first_block_at_the_top(before: bytes, after: bytes) -> None:
    file = with_entries(read(before), [PYTHON], top=True)
    assert file.to_bytes() == after
    assert without_block(file).to_bytes() == before


@pytest.mark.parametrize(
    "ideas",
    [
        pytest.param([], id="no idea"),
        pytest.param([BlockEntry("a", "nothing", ())], id="an idea without a pattern"),
    ],
)
def test_nothing_to_say_makes_no_block(ideas: list[BlockEntry]) -> None:
    file = read(b"a\r")
    assert with_entries(file, ideas) is file


def test_a_line_as_long_as_docker_reads_gets_no_carriage_return() -> None:
    content = b"a\r\nb\r\n" + b"c" * 65_535
    file = with_entries(read(content), [PYTHON])
    assert file.lines[2].ending == b"\n"
    assert without_block(file).to_bytes() == content


def test_endless_words_are_cut() -> None:
    file = with_entries(read(b""), [BlockEntry("a", "w" * 70_000, ("x",))])
    assert file.lines[1].text == "# a: " + "w" * 999 + "…"


@pytest.mark.parametrize(
    "idea",
    [
        pytest.param(BlockEntry("a", "b", ("#c",)), id="a comment as a pattern"),
        pytest.param(BlockEntry("a", "b", (" ",)), id="a blank pattern"),
        pytest.param(BlockEntry("a", "b", ("c\nd",)), id="a pattern of two lines"),
        pytest.param(
            BlockEntry("a", "b", ("c\r",)), id="a pattern that would lose its end"
        ),
        pytest.param(
            BlockEntry("a", "b", ("c" * 65_535,)), id="a pattern without room"
        ),
        pytest.param(BlockEntry("a", "b\nc", ("d",)), id="words of two lines"),
        pytest.param(
            BlockEntry("a", "b\rc", ("d",)), id="words with a carriage return"
        ),
        pytest.param(BlockEntry("A b", "c", ("d",)), id="a rule that is no name"),
        pytest.param(BlockEntry("a", "b", ("c",), "d\ne"), id="a topic of two lines"),
        pytest.param(BlockEntry("a", "b", ("c",), " "), id="a topic without a word"),
        pytest.param(BlockEntry("a: b", "c", ("d",)), id="a rule with words in it"),
    ],
)
def test_what_would_not_come_out_again_does_not_go_in(idea: BlockEntry) -> None:
    with pytest.raises(AssertionError):
        with_entries(read(b""), [idea])


# --- a block that is there -------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "ideas", "expected"),
    [
        pytest.param(
            PYTHON_LINES,
            [LOGS],
            (*PYTHON_LINES, "# logs-files: log files", "*.log", "logs"),
            id="a new idea comes last",
        ),
        pytest.param(
            ("# logs-files: mine", "*.log", "", "# x: y", "z"),
            [LOGS],
            ("# logs-files: mine", "*.log", "logs", "", "# x: y", "z"),
            id="a known one grows in place, and its words stay",
        ),
        pytest.param(
            ("# logs-files: log files", "*.log", "# see 12", "", ""),
            [LOGS],
            ("# logs-files: log files", "*.log", "# see 12", "logs", "", ""),
            id="behind comments, before blank lines",
        ),
        pytest.param(
            ("# logs-files: log files", "# *.log"),
            [LOGS],
            ("# logs-files: log files", "# *.log", "logs"),
            id="commented out means no",
        ),
        pytest.param(
            ("# logs-files: log files", "#*.log", "## logs/"),
            [LOGS],
            ("# logs-files: log files", "#*.log", "## logs/"),
            id="however it is commented out",
        ),
        pytest.param(
            ("# logs-files: log files",),
            [LOGS],
            ("# logs-files: log files", "*.log", "logs"),
            id="deleted lines come back",
        ),
        pytest.param(
            ("# old: x", "*.log", "/logs/"),
            [LOGS],
            ("# old: x", "*.log", "/logs/"),
            id="patterns count wherever they stand, as Docker reads them",
        ),
        pytest.param(
            ("*.log",),
            [LOGS],
            ("*.log", "# logs-files: log files", "logs"),
            id="a deleted header comes back with what is missing",
        ),
        pytest.param(
            ("!keep.log", "", "# why"),
            [PYTHON],
            ("!keep.log", "", "# why", *PYTHON_LINES),
            id="lines of a person stay",
        ),
        pytest.param(
            (),
            [LOGS, BlockEntry("more-logs", "more", ("logs", "log"))],
            ("# logs-files: log files", "*.log", "logs", "# more-logs: more", "log"),
            id="a pattern that two ideas share is there once",
        ),
    ],
)
def test_a_block_grows(
    inner: tuple[str, ...], ideas: list[BlockEntry], expected: tuple[str, ...]
) -> None:
    before = b"a\n\n" + block(*inner) + b"b\n"
    file = with_entries(read(before), ideas)
    assert file.to_bytes() == b"a\n\n" + block(*expected) + b"b\n"
    assert with_entries(file, ideas) is file
    assert without_block(file).to_bytes() == b"a\nb\n"


def test_a_block_that_is_there_does_not_move_to_the_top() -> None:
    file = with_entries(read(b"a\n"), [PYTHON])
    assert with_entries(file, [LOGS], top=True) == with_entries(file, [LOGS])


def test_a_last_block_that_grows_still_ends_without_newline() -> None:
    file = with_entries(with_entries(read(b"a"), [PYTHON]), [LOGS])
    assert file.to_bytes().endswith(b"logs\n" + file.lines[-1].content)
    assert file.lines[-1].content.startswith(END)
    assert without_block(file).to_bytes() == b"a"


def test_lines_added_behind_the_block_stay_when_it_goes() -> None:
    content = with_entries(read(b"a"), [PYTHON]).to_bytes() + b"\nb"
    assert without_block(read(content)).to_bytes() == b"a\nb"


def test_lines_added_before_a_block_that_made_the_file_stay_too() -> None:
    made = with_entries(read(b""), [PYTHON], created=True).to_bytes()
    assert without_block(read(b"a\n\n" + made)).to_bytes() == b"a\n\n"


def test_a_blank_line_that_is_gone_takes_no_other_along() -> None:
    content = with_entries(read(b"a\n"), [PYTHON]).to_bytes().replace(b"\n\n", b"\n")
    assert without_block(read(content)).to_bytes() == b"a\n"


def test_ideas_are_read_back() -> None:
    odd = BlockEntry("odd", "", ("!a b", " #c", "\udcff/é"))
    file = with_entries(read(b"a\n"), [PYTHON, LOGS, odd])
    assert entries_in(read(file.to_bytes())) == (PYTHON, LOGS, odd)
    assert entries_in(read(b"# a: b\nc\n")) == ()


def test_a_pattern_before_the_first_header_is_nobodys() -> None:
    assert entries_in(read(block("a", *PYTHON_LINES))) == (PYTHON,)


@pytest.mark.parametrize(
    ("created", "more", "expected"),
    [
        pytest.param(True, b"", True, id="a file made for its block"),
        pytest.param(True, b"\n", False, id="one that has more by now"),
        pytest.param(False, b"", False, id="one that was empty"),
    ],
)
def test_a_block_remembers_whether_the_file_was_made_for_it(
    *, created: bool, more: bytes, expected: bool
) -> None:
    file = with_entries(read(b""), [PYTHON], created=created)
    file = with_entries(read(file.to_bytes() + more), [LOGS])
    assert created_file(file) is expected
    assert without_block(file).to_bytes() == more


def test_a_file_that_starts_with_other_lines_was_not_made_for_its_block() -> None:
    file = with_entries(read(b"a\n"), [PYTHON], created=True)
    assert not created_file(file)
    assert not created_file(read(b""))
    assert without_block(file).to_bytes() == b"a\n"


# --- edited by hand --------------------------------------------------------------

HAND = "  (edited by hand)"
SEALED = block(*PYTHON_LINES)


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        pytest.param(SEALED, False, id="as it was written"),
        pytest.param(b"a\n" + SEALED + b"b\n", False, id="with lines around it"),
        pytest.param(SEALED[:-1], False, id="without the last newline"),
        pytest.param(SEALED.replace(b"\n", b"\r\n"), False, id="in other line ends"),
        pytest.param(
            SEALED.replace(b"\n", b" \t\n"),
            False,
            id="with blanks at the ends of lines",
        ),
        pytest.param(b"a\n", False, id="no block at all"),
        pytest.param(
            SEALED.replace(b"__pycache__", b"pycache"), True, id="a pattern is another"
        ),
        pytest.param(
            SEALED.replace(b"1.2 MB", b"mine"), True, id="a comment is another"
        ),
        pytest.param(
            SEALED.replace(b"**/__", b" **/__"), True, id="a blank in front counts"
        ),
        pytest.param(
            SEALED.replace(b"\n**", b"\n\n**"), True, id="a blank line counts"
        ),
        pytest.param(
            SEALED.replace(b"**/__pycache__\n", b""), True, id="a line is gone"
        ),
        pytest.param(block(*PYTHON_LINES, seal=""), True, id="the checksum is gone"),
        pytest.param(block(*PYTHON_LINES, seal=HAND), True, id="it says so itself"),
    ],
)
def test_a_block_knows_whether_it_was_edited(content: bytes, *, edited: bool) -> None:
    assert is_edited(read(content)) is edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            block("mine", seal="  00000000"),
            block("mine", *PYTHON_LINES, seal=HAND),
            id="a checksum that was not right",
        ),
        pytest.param(
            block("mine", seal=""),
            block("mine", *PYTHON_LINES, seal=HAND),
            id="one that was gone",
        ),
        pytest.param(
            block("mine", seal=HAND),
            block("mine", *PYTHON_LINES, seal=HAND),
            id="one that said so already",
        ),
        pytest.param(
            block("mine", seal=" of Ann's lines"),
            block("mine", *PYTHON_LINES, seal=" of Ann's lines"),
            id="words of a person, which stay",
        ),
    ],
)
def test_a_block_that_was_edited_keeps_that_when_it_grows(
    before: bytes, after: bytes
) -> None:
    file = with_entries(read(before), [PYTHON])
    assert file.to_bytes() == after
    assert is_edited(file)


def test_deleted_lines_that_are_all_back_are_no_edit() -> None:
    edited = read(SEALED.replace(b"**/__pycache__\n", b""))
    assert is_edited(edited)
    assert with_entries(edited, [PYTHON]).to_bytes() == SEALED


def test_an_edited_block_that_lacks_nothing_stays_to_the_byte() -> None:
    edited = read(SEALED.replace(b"1.2 MB", b"mine"))
    assert with_entries(edited, [PYTHON]) is edited


# --- damaged marks ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        pytest.param(
            ["a", BEGINS, "b"],
            2,
            "a block begins here, but ends nowhere",
            id="no end",
        ),
        pytest.param(
            ["a", ENDS], 2, "a block ends here, but begins nowhere", id="no begin"
        ),
        pytest.param(
            [BEGINS, ENDS, "a", ENDS],
            4,
            "a block ends here, but begins nowhere",
            id="a second end",
        ),
        pytest.param(
            [BEGINS, ENDS, BEGINS, ENDS],
            3,
            "a second block begins, the first is in line 1",
            id="two blocks",
        ),
        pytest.param(
            [BEGINS, "a", BEGINS, ENDS, ENDS],
            3,
            "a block begins inside the one that begins in line 1",
            id="one in the other",
        ),
        pytest.param(
            ["a", ENDS, BEGINS],
            2,
            "a block ends here, but begins nowhere",
            id="the wrong way round",
        ),
    ],
)
def test_damaged_marks_are_nothing_to_guess_about(
    lines: list[str], line: int, message: str
) -> None:
    file = read("\n".join(lines).encode())
    for ask in (block_span, without_block, entries_in, created_file, is_edited):
        with pytest.raises(IgnoreFileError) as caught:
            ask(file)
        assert caught.value.message == message
    with pytest.raises(IgnoreFileError) as caught:
        with_entries(file, [LOGS])
    error = caught.value
    assert (error.file, error.line) == (".dockerignore", line)
    assert error.text == lines[line - 1]
    assert BEGINS in str(error.hint)


def test_a_mark_that_is_no_comment_is_no_mark() -> None:
    assert block_span(read(f" {BEGINS}\n {ENDS}\n".encode())) is None


# --- properties ------------------------------------------------------------------

PIECES = [
    *(b"a", b"#", b"!", b" ", b"\r", b"\n", b"\r\n", b"\n\n", b"\xff", b"# x: y"),
    *(BOM, BEGIN[:-1]),
]
CONTENTS = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
PATTERNS = st.one_of(
    st.sampled_from(["a", "a/", "!a", "*.log", "x: y", " #b", "**/c", "!a b", "\udcff"])
)
IDEAS = st.lists(
    st.builds(
        BlockEntry,
        st.sampled_from(["a", "x", "py-bytecode"]),
        st.sampled_from(["", "y", "é \udcff", "a: b"]),
        st.lists(PATTERNS, min_size=1, max_size=4).map(tuple),
        st.sampled_from(["", "", "Caches: made anew", "Data"]),
    ),
    max_size=4,
)


def by_rule(ideas: list[BlockEntry]) -> list[BlockEntry]:
    """One idea of each rule, as a second one would go to the first."""
    return list({idea.rule: idea for idea in ideas}.values())


def outside(file: IgnoreFile) -> tuple[Line, ...]:
    first, last = block_span(file) or (0, -1)
    return (*file.lines[:first], *file.lines[last + 1 :])


def is_subsequence(small: Sequence[bytes], large: Sequence[bytes]) -> bool:
    rest = iter(large)
    return all(piece in rest for piece in small)


@given(content=CONTENTS, ideas=IDEAS, top=st.booleans(), created=st.booleans())
def test_taking_the_block_out_restores_the_file(
    content: bytes, ideas: list[BlockEntry], *, top: bool, created: bool
) -> None:
    before = read(content)
    after = with_entries(before, ideas, top=top, created=created)
    assert without_block(after).to_bytes() == content
    assert without_block(read(after.to_bytes())) == before


@given(content=CONTENTS, ideas=IDEAS, top=st.booleans())
def test_what_is_written_reads_as_it_was_meant(
    content: bytes, ideas: list[BlockEntry], *, top: bool
) -> None:
    file = with_entries(read(content), ideas, top=top)
    assert read(file.to_bytes()) == file


@given(content=CONTENTS, first=IDEAS, second=IDEAS, top=st.booleans())
def test_twice_is_once(
    content: bytes, first: list[BlockEntry], second: list[BlockEntry], *, top: bool
) -> None:
    file = with_entries(with_entries(read(content), first, top=top), second)
    assert with_entries(file, second) == file
    assert with_entries(file, first) == file
    assert not is_edited(file)


@given(content=CONTENTS, ideas=IDEAS, top=st.booleans())
def test_the_lines_of_the_user_are_as_they_were(
    content: bytes, ideas: list[BlockEntry], *, top: bool
) -> None:
    before = read(content)
    after = with_entries(before, ideas, top=top)
    kept = outside(after)
    assert after.has_bom == before.has_bom
    texts = [line.content for line in before.lines]
    ours = [line.content for line in kept if line.content]
    assert ours == [text for text in texts if text]
    gaps = len(kept) - len(texts)
    assert gaps in (0, 1)
    users = kept[gaps:] if top else kept[: len(texts)]
    assert [line.content for line in users] == texts
    # Only the last may have got the newline that it lacked.
    ends = [line.ending for line in users]
    assert ends[:-1] == [line.ending for line in before.lines][:-1]
    assert after.to_bytes().endswith(b"\n") == content.endswith(b"\n") or (
        not before.lines
    )


def by_topic(ideas: list[BlockEntry]) -> list[BlockEntry]:
    """The ideas as they are given to a block: those of a topic side by side."""
    return sorted(ideas, key=lambda one: (bool(one.topic), one.topic))


@given(CONTENTS, IDEAS.map(by_rule).map(by_topic))
def test_patterns_are_the_users_and_then_ours(
    content: bytes, ideas: list[BlockEntry]
) -> None:
    before = read(content)
    after = with_entries(before, ideas)
    entries = [line.entry for line in before.lines if line.entry is not None]
    ours = [
        read(p.encode("utf-8", "surrogateescape")).lines[0].entry
        for idea in ideas
        for p in idea.patterns
    ]
    once = list(dict.fromkeys(ours))
    assert [line.entry for line in after.lines if line.entry is not None] == [
        *entries,
        *once,
    ]


HANDS = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(
            [b"mine\n", b"!keep\n", b"# *.log\n", b"\n", b"# a: changed\n", b"#a\r\n"]
        ),
    ),
    max_size=5,
)


@given(CONTENTS, IDEAS, HANDS, IDEAS)
def test_no_line_that_a_person_wrote_into_the_block_is_lost(
    content: bytes,
    first: list[BlockEntry],
    hands: list[tuple[int, bytes]],
    more: list[BlockEntry],
) -> None:
    file = with_entries(read(content), [PYTHON, *first])
    span = block_span(file)
    assert span is not None
    start, end = span
    whole = [line.content + line.ending for line in file.lines]
    inner = whole[start + 1 : end]
    for place, line in hands:
        inner.insert(min(place, len(inner)), line)
    mark = BOM if file.has_bom else b""
    edited = [*whole[: start + 1], *inner, *whole[end:]]
    before = read(mark + b"".join(edited))
    after = with_entries(before, more)
    now = [line.content + line.ending for line in after.lines]
    # All but the end mark, which may say by now that the block was edited.
    begin, last = block_span(after) or (0, 0)
    assert is_subsequence(inner, now[begin + 1 : last])
    assert is_edited(after) == is_edited(before) == bool(hands)
    assert outside(after) == outside(before)
    assert with_entries(after, more) == after


# --- the diff --------------------------------------------------------------------


def test_a_diff_reads_as_git_shows_it() -> None:
    assert unified_diff(b"a\nb", b"a\nc\xff\n", "x/.dockerignore") == (
        "--- a/x/.dockerignore",
        "+++ b/x/.dockerignore",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "\\ No newline at end of file",
        "+c\udcff",
    )


def test_nothing_changed_is_no_diff() -> None:
    assert unified_diff(b"a", b"a", "x") == ()


def test_a_diff_cuts_where_lines_end_only() -> None:
    diff = unified_diff(b"", "a\x0bb\u2028c\r\rd\r\n".encode(), "x")
    assert diff[3:] == ("+a\x0bb\u2028c\r\rd\r",)


def patch(content: bytes, diff: Sequence[str]) -> bytes:
    """What `patch` makes of a file."""
    old = re.findall(rb"[^\n]*\n|[^\n]+", content)
    new: list[bytes] = []
    done = 0
    last = ""
    for line in diff[2:]:
        if line.startswith("@@"):
            found = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
            assert found
            # Without old lines the number is that of the line before.
            start = int(found[1]) - (found[2] != "0")
            new += old[done:start]
            done = start
        elif line.startswith("\\"):
            new[-1:] = [new[-1].removesuffix(b"\n")] if last != "-" else new[-1:]
        else:
            last = line[0]
            text = line[1:].encode("utf-8", "surrogateescape") + b"\n"
            if last in " -":
                assert old[done].removesuffix(b"\n") + b"\n" == text
                done += 1
            if last in " +":
                new.append(text)
    return b"".join([*new, *old[done:]])


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"\xff\n"]))


@given(LINES, LINES, st.sampled_from([b"", b"a"]), st.sampled_from([b"", b"a", b"\r"]))
def test_a_diff_leads_from_one_file_to_the_other(
    first: list[bytes], second: list[bytes], tail: bytes, other: bytes
) -> None:
    before, after = b"".join([*first, tail]), b"".join([*second, other])
    diff = unified_diff(before, after, "x")
    assert patch(before, diff) == after
    assert all("\n" not in line for line in diff)


# --- what somebody said no to ----------------------------------------------------

BUILT = BlockEntry("py-dist", "built", ("dist",))


def said_no(content: bytes) -> list[tuple[str, int]]:
    """The patterns that a block says no to, and their lines."""
    return [
        (one.cleaned, one.location.line if one.location else 0)
        for one in declined(read(content))
    ]


def test_a_no_is_a_commented_pattern_in_a_section_of_its_own() -> None:
    after = with_entries(read(b""), [BUILT], declined=["docs", "\\#x"])
    inner = after.to_bytes().decode().splitlines()[1:-1]
    assert inner == [
        "# py-dist: built",
        "dist",
        f"# no: {NO_WORDS}",
        "#docs",
        "#\\#x",
    ]
    assert [one.cleaned for one in after.patterns] == ["dist"]
    assert said_no(after.to_bytes()) == [("docs", 5), ("\\#x", 6)]


def test_a_no_is_remembered_once() -> None:
    once = with_entries(read(b"a\n"), [], declined=["docs"])
    assert with_entries(once, [], declined=["docs"]) is once
    more = with_entries(once, [], declined=["docs", "tests"])
    assert more.to_bytes().count(b"# no:") == 1
    assert said_no(more.to_bytes()) == [("docs", 5), ("tests", 6)]


def test_what_is_said_yes_to_is_not_a_no_as_well() -> None:
    after = with_entries(read(b""), [BUILT], declined=["/dist/"])
    assert said_no(after.to_bytes()) == []


def test_a_no_to_what_is_written_later_keeps_it_out_of_the_block() -> None:
    once = with_entries(read(b""), [], declined=["dist"])
    assert with_entries(once, [BUILT]) is once


@pytest.mark.parametrize(
    ("line", "means"),
    [
        pytest.param("#logs", ["logs"], id="without a blank"),
        pytest.param("#  /logs/", ["logs"], id="with blanks and slashes"),
        pytest.param("# py-dist: built", [], id="a header is none"),
        pytest.param("#!keep", [], id="nor is a negated line"),
        pytest.param("#[a-", [], id="nor what no builder takes"),
        pytest.param("#", [], id="nor an empty comment"),
    ],
)
def test_what_a_person_comments_out_is_a_no(line: str, means: list[str]) -> None:
    content = f"#mine\n# >>> ctxopt >>>\n{line}\n# <<< ctxopt <<<\n#mine\n".encode()
    assert [pattern for pattern, _ in said_no(content)] == means


def test_deleting_a_no_is_no_edit_of_the_block() -> None:
    after = with_entries(read(b""), [BUILT], declined=["docs", "tests"])
    shorter = read(after.to_bytes().replace(b"#docs\n", b""))
    assert not is_edited(shorter)
    assert not is_edited(with_entries(shorter, [], declined=["docs"]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"#docs\n", b"docs\n", id="a no that became a line"),
        pytest.param(b"#docs\n", b"#docs\n# mine\n", id="a word of theirs below it"),
        pytest.param(b"dist\n", b"#dist\n", id="a line that became a no"),
    ],
)
def test_other_changes_are(old: bytes, new: bytes) -> None:
    after = with_entries(read(b""), [BUILT], declined=["docs"])
    assert is_edited(read(after.to_bytes().replace(old, new)))


def test_taking_the_block_out_takes_the_nos_with_it() -> None:
    file = read(b"a\n")
    after = with_entries(file, [BUILT], declined=["docs"])
    assert without_block(after).to_bytes() == b"a\n"


# As 0.1 wrote it, with ids that were made in another way.
OLDER = b"""a

# >>> ctxopt >>>  take it out with: ctxopt write --remove
# git-ignored--gitignore-4: git ignores it (.gitignore:4), 5B in 1 file
data
# large-dumps-shop-sql: one file, 40 % of what is sent, 5MB in 1 file
dumps/shop.sql
# <<< ctxopt <<<  d1a5f9e7
"""


def test_a_block_with_ids_of_an_older_kind_is_whole() -> None:
    file = read(OLDER)
    assert not is_edited(file)
    assert [idea.rule for idea in entries_in(file)] == [
        "git-ignored--gitignore-4",
        "large-dumps-shop-sql",
    ]
    same = [BlockEntry("git-data", "git ignores it", ("data",))]
    assert with_entries(file, same) is file
    grown = with_entries(file, [BUILT], declined=["docs"])
    assert not is_edited(grown)
    assert without_block(grown).to_bytes() == b"a\n"
    assert without_block(file).to_bytes() == b"a\n"


# --- topics ----------------------------------------------------------------------

CACHE = BlockEntry("py-bytecode", "bytecode", ("**/__pycache__",), "Caches: made anew")
TOOLS = BlockEntry("py-tools", "caches of tools", (".mypy_cache",), "Caches: made anew")
DATA = BlockEntry("db-dumps", "dumps", ("*.sql.gz",), "Data: of this machine")


def inner_of(file: IgnoreFile) -> list[str]:
    return file.to_bytes().decode().splitlines()[1:-1]


def test_what_is_of_one_topic_stands_under_one_line() -> None:
    file = with_entries(read(b""), [CACHE, TOOLS, DATA])
    assert inner_of(file) == [
        "# --- Caches: made anew",
        "# py-bytecode: bytecode",
        "**/__pycache__",
        "# py-tools: caches of tools",
        ".mypy_cache",
        "# --- Data: of this machine",
        "# db-dumps: dumps",
        "*.sql.gz",
    ]
    assert entries_in(file) == (CACHE, TOOLS, DATA)
    assert declined(file) == ()


def test_what_comes_later_goes_to_its_topic_and_before_what_was_declined() -> None:
    first = with_entries(read(b"a\n"), [CACHE], declined=["docs"])
    file = with_entries(first, [DATA, TOOLS], declined=["tests"])
    assert inner_of(file)[2:] == [
        "# --- Caches: made anew",
        "# py-bytecode: bytecode",
        "**/__pycache__",
        "# py-tools: caches of tools",
        ".mypy_cache",
        "# --- Data: of this machine",
        "# db-dumps: dumps",
        "*.sql.gz",
        f"# no: {NO_WORDS}",
        "#docs",
        "#tests",
    ]
    assert not is_edited(file)
    assert with_entries(file, [CACHE, TOOLS, DATA], declined=["docs"]) is file
    assert without_block(file).to_bytes() == b"a\n"


def test_a_topic_goes_on_behind_a_line_that_brings_something_back() -> None:
    spared = DATA._replace(patterns=("logs/*", "!logs/.keep"))
    first = with_entries(read(b""), [CACHE, spared])
    file = with_entries(first, [TOOLS], last_word=True)
    assert inner_of(file)[-3:] == [
        "# --- Caches: made anew",
        "# py-tools: caches of tools",
        ".mypy_cache",
    ]
    assert with_entries(file, [TOOLS], last_word=True) is file


def test_a_person_may_comment_out_a_line_below_a_topic() -> None:
    content = with_entries(read(b""), [CACHE]).to_bytes()
    content = content.replace(b"\n**/__pycache__", b"\n#**/__pycache__")
    assert [pattern for pattern, _ in said_no(content)] == ["**/__pycache__"]


# As a version before topics wrote it.
SIZES = (
    "# node-modules: installed Node packages, 312.5MB in 9 files; swept in by COPY .",
    "**/node_modules",
    "# large-shop-sql: one file, 40 % of what is sent, 5MB in 1 file",
    "dumps/shop.sql",
    "# git-data: git ignores it (web/.gitignore:4), 5 B in 1 file when written",
    "data",
    "# cache-dockerignore: this file, for the cache",
    ".dockerignore",
)
SEAL = f"  {crc32(chr(10).join(SIZES).encode()):08x}"
WITH_SIZES = block(*SIZES, f"# no: {NO_WORDS}", "#docs", seal=SEAL)


def test_a_block_with_sizes_is_as_good_as_any() -> None:
    file = read(WITH_SIZES)
    assert not is_edited(file)
    again = BlockEntry("git-data", "git ignores it", ("data",), "Ignored")
    assert with_entries(file, [again]) is file
    assert [pattern for pattern, _ in said_no(WITH_SIZES)] == ["docs"]


def test_a_block_with_sizes_loses_them_when_it_grows_and_nothing_else() -> None:
    file = with_entries(read(WITH_SIZES), [CACHE])
    assert inner_of(file) == [
        "# node-modules: installed Node packages",
        "**/node_modules",
        "# large-shop-sql: one large file",
        "dumps/shop.sql",
        "# git-data: git ignores it (web/.gitignore)",
        "data",
        "# cache-dockerignore: this file",
        ".dockerignore",
        "# --- Caches: made anew",
        "# py-bytecode: bytecode",
        "**/__pycache__",
        f"# no: {NO_WORDS}",
        "#docs",
    ]
    assert not is_edited(file)
    assert with_entries(file, [CACHE]) is file


def test_the_words_of_a_block_that_a_person_edited_are_left_alone() -> None:
    edited = WITH_SIZES.replace(b"dumps/shop.sql\n", b"dumps/shop.sql\nmine\n")
    file = with_entries(read(edited), [CACHE])
    assert b"312.5MB in 9 files" in file.to_bytes()
    assert is_edited(file)
