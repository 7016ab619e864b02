"""Each row was asked of compose-go v2.14.0: the text that an argument comes to."""

from __future__ import annotations

import pytest

from ctxopt.core.compose.scalars import go_text, plain_value


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("yes", "yes", id="yes is a word"),
        pytest.param("on", "on", id="on is a word"),
        pytest.param("TRUE", "true", id="true is true in capitals"),
        pytest.param("0777", "511", id="a zero before digits is octal"),
        pytest.param("0o777", "511", id="octal in its new form"),
        pytest.param("08", "8", id="no octal number is a decimal one"),
        pytest.param("0xFF", "255", id="hexadecimal"),
        pytest.param("-0x10", "-16", id="hexadecimal below zero"),
        pytest.param("0b101", "5", id="binary"),
        pytest.param("1_000", "1000", id="underscores are passed over"),
        pytest.param("+5", "5", id="a plus is passed over"),
        pytest.param("1.10", "1.1", id="a version loses its last zero"),
        pytest.param("1.0", "1", id="a version loses its point"),
        pytest.param("1e3", "1000", id="an exponent is worked out"),
        pytest.param("1e7", "1e+07", id="from a million on it stays"),
        pytest.param("123456789.0", "1.23456789e+08", id="a long float has one"),
        pytest.param("0.00001", "1e-05", id="a small float has one"),
        pytest.param("12345678901234567890", "12345678901234567890", id="64 bits"),
        pytest.param("99999999999999999999999", "1e+23", id="more than 64 bits"),
        pytest.param("-0", "-0", id="zero below zero"),
        pytest.param(".5", "0.5", id="a point first"),
        pytest.param("1:30", "1:30", id="no base of sixty"),
        pytest.param("1e", "1e", id="half an exponent is a word"),
        pytest.param("0x1p-2", "0x1p-2", id="a float of C is a word"),
        pytest.param("2020-01-01", "2020-01-01 00:00:00 +0000 UTC", id="a date"),
        pytest.param(
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.1 -0500 -0500",
            id="a time",
        ),
        pytest.param("2020-13-01", "2020-13-01", id="no month of the year"),
    ],
)
def test_an_unquoted_word_is_what_go_makes_of_it(word: str, text: str) -> None:
    assert go_text(plain_value(word)) == text


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_written_in_five_ways(word: str) -> None:
    assert plain_value(word) is None
