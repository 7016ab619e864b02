from __future__ import annotations

import pytest

from ctxopt.core.fleet.lists import ListedWord, read_list
from ctxopt.errors import CtxoptError


def test_a_line_that_says_something_is_a_word_with_its_number() -> None:
    text = b"\xef\xbb\xbf# ours\r\n\r\nshop\r\n  https://host/a/b.git#main \n"
    text += b"#x\n/a b\n\xff"
    assert read_list(text, "list") == [
        ListedWord("shop", 3),
        ListedWord("https://host/a/b.git#main", 4),
        ListedWord("/a b", 6),
        ListedWord("\udcff", 7),
    ]
    assert read_list(b"", "list") == []


def test_what_is_no_text_is_refused_with_its_place() -> None:
    with pytest.raises(CtxoptError, match="list:2: this is no text"):
        read_list(b"shop\n\x7fELF\0\n", "list")
