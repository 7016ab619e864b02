"""Fixes in the text of a file: whole lines, everything else byte for byte."""

from __future__ import annotations

import pytest

from ctxopt.core.checking.fixing import apart, mended
from ctxopt.core.checking.records import Fix


def fix(first: int, last: int, *lines: str) -> Fix:
    return Fix("/x", first, last, lines, "")


MENDED = {
    "a line in the place of another": (b"a\nb\nc\n", [fix(2, 2, "x")], b"a\nx\nc\n"),
    "two lines in the place of one": (b"a\nb\n", [fix(1, 1, "x", "y")], b"x\ny\nb\n"),
    "a line taken out": (b"a\nb\nc\n", [fix(2, 2)], b"a\nc\n"),
    "a line put in": (b"a\nb\n", [fix(2, 1, "x")], b"a\nx\nb\n"),
    "a line put in at the end": (b"a\n", [fix(2, 1, "x")], b"a\nx\n"),
    "carriage returns": (b"a\r\nb\r\n", [fix(1, 1, "x", "y")], b"x\r\ny\r\nb\r\n"),
    "ends of both kinds stay": (b"a\r\nb\nc\r\n", [fix(2, 2, "x")], b"a\r\nx\nc\r\n"),
    "no newline at the end": (b"a\nb", [fix(2, 2, "x")], b"a\nx"),
    "none, with a line behind it": (b"a\nb", [fix(3, 2, "x")], b"a\nb\nx"),
    "none, with the last line out": (b"a\nb", [fix(2, 2)], b"a"),
    "a byte order mark": (b"\xef\xbb\xbfa\n", [fix(1, 1, "x")], b"\xef\xbb\xbfx\n"),
    "bytes that are not UTF-8": (b"\xe9\nb\n", [fix(2, 2, "\udce8")], b"\xe9\n\xe8\n"),
    "several fixes": (
        b"a\nb\nc\nd\n",
        [fix(1, 1), fix(2, 2, "x", "y"), fix(4, 4, "z")],
        b"x\ny\nc\nz\n",
    ),
    "an empty file": (b"", [fix(1, 0, "x")], b"x\n"),
}


@pytest.mark.parametrize(("before", "fixes", "after"), MENDED.values(), ids=MENDED)
def test_fixes_are_put_in(before: bytes, fixes: list[Fix], after: bytes) -> None:
    assert mended(before, fixes) == after


def test_of_two_fixes_of_one_line_the_first_is_made() -> None:
    chosen = apart([fix(3, 3, "c"), fix(1, 2, "a"), fix(2, 2, "b"), fix(3, 3, "c")])
    assert chosen == (fix(1, 2, "a"), fix(3, 3, "c"))


def test_what_is_put_in_before_a_line_waits_for_the_fix_of_that_line() -> None:
    assert apart([fix(2, 1, "x"), fix(2, 2, "y")]) == (fix(2, 1, "x"),)
