"""Bytes become words, and names become harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.model import BuilderName
from ctxopt.view.terminal import formatting


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        pytest.param(0, "0 B", id="nothing"),
        pytest.param(999, "999 B", id="bytes have no decimals"),
        pytest.param(1000, "1.00 kB", id="a unit has a thousand, as docker counts"),
        pytest.param(1104, "1.10 kB", id="two decimals"),
        pytest.param(48_112, "48.11 kB", id="four digits"),
        pytest.param(99_994, "99.99 kB", id="just below a hundred"),
        pytest.param(99_996, "100.0 kB", id="rounding up to a hundred adds no digit"),
        pytest.param(331_419_006, "331.4 MB", id="one decimal from a hundred on"),
        pytest.param(999_960, "1.00 MB", id="rounding up to a thousand takes a unit"),
        pytest.param(26_620_113, "26.62 MB", id="megabytes"),
        pytest.param(3 * 10**18, "3.00 EB", id="the largest unit"),
        pytest.param(3 * 10**21, "3,000 EB", id="beyond the largest unit"),
    ],
)
def test_a_size_has_at_most_four_digits(count: int, shown: str) -> None:
    assert formatting.size(count) == shown


@given(st.integers(min_value=0, max_value=10**20))
def test_a_size_is_close_to_the_number(count: int) -> None:
    value, unit = formatting.size(count).split(" ")
    factor = 1000 ** ("B", "kB", "MB", "GB", "TB", "PB", "EB").index(unit)
    assert float(value.replace(",", "")) * factor == pytest.approx(count, rel=0.006)
    assert len(formatting.size(count)) <= 8


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        pytest.param(0, 10, "0 %", id="nothing"),
        pytest.param(1, 1000, "<1 %", id="little is not nothing"),
        pytest.param(94, 100, "94 %", id="most"),
        pytest.param(999, 1000, ">99 %", id="nearly all is not all"),
        pytest.param(10, 10, "100 %", id="all"),
        pytest.param(0, 0, "0 %", id="nothing of nothing"),
    ],
)
def test_a_share_is_0_or_100_only_if_it_is(part: int, whole: int, shown: str) -> None:
    assert formatting.share(part, whole) == shown


def test_a_number_agrees_with_its_noun() -> None:
    assert formatting.count(1, "file") == "1 file"
    assert formatting.count(12_041, "file") == "12,041 files"
    assert formatting.count(0, "entry") == "0 entries"


@pytest.mark.parametrize(
    ("builder", "printed", "line"),
    [
        (BuilderName.BUILDKIT, "26.62MB", "transferring context: 26.62MB"),
        (
            BuilderName.LEGACY,
            "2.607kB",
            "Sending build context to Docker daemon  2.607kB",
        ),
        (BuilderName.LEGACY, "2kB", "Sending build context to Docker daemon      2kB"),
    ],
)
def test_docker_is_quoted_to_the_letter(
    builder: BuilderName, printed: str, line: str
) -> None:
    assert formatting.docker_prints(builder, printed) == line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("src/a b.py", "src/a b.py", id="leaves a plain name alone"),
        pytest.param("café/日本", "café/日本", id="leaves other scripts alone"),
        pytest.param("a\nb\tc", r"a\nb\tc", id="a newline does not break the line"),
        pytest.param("\x1b[31m", r"\x1b[31m", id="an escape sequence is not obeyed"),
        pytest.param("\x9b31m", r"\x9b31m", id="nor one of the upper controls"),
        pytest.param("caf\udce9", r"caf\xe9", id="a byte that is not UTF-8"),
        pytest.param("a\u202egpj", r"a\u202egpj", id="an override does not reorder"),
        pytest.param("a\u2028b", r"a\u2028b", id="a line separator"),
        pytest.param("\U000e0041", r"\U000e0041", id="a tag character"),
        pytest.param("ملف", "ملف\u200e", id="right-to-left ends before the numbers"),
    ],
)
def test_a_name_is_safe_to_print(name: str, shown: str) -> None:
    assert formatting.printable(name) == shown


def test_what_the_encoding_lacks_is_escaped() -> None:
    assert formatting.printable("é日", "latin-1") == r"é\u65e5"
    assert formatting.printable("é日ملف", "ascii") == r"\xe9\u65e5\u0645\u0644\u0641"


@given(
    st.text(alphabet=st.characters(codec=None)), st.sampled_from(["utf-8", "cp1252"])
)
def test_anything_can_be_written_and_controls_nothing(name: str, encoding: str) -> None:
    shown = formatting.printable(name, encoding)
    shown.encode(encoding)
    assert shown.removesuffix("\u200e").isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("COPY . .", "COPY . ."),
        ("COPY\ta   b", "COPY a b"),
        ("RUN --mount=type=bind \\\n  make", "RUN --mount=type=bind ..."),
        ("COPY <<EOF /x\nbody\nEOF", "COPY <<EOF /x"),
    ],
)
def test_an_instruction_takes_one_line(text: str, shown: str) -> None:
    assert formatting.one_line(text) == shown
