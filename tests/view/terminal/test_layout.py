"""Lines fit their width, whatever the names are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, chop_cells, set_cell_size

from ctxopt.view.terminal import layout
from ctxopt.view.terminal.layout import (
    ASCII,
    UNICODE,
    Page,
    bar,
    cells,
    left,
    right,
    shorten_end,
    shorten_middle,
    wrap,
)

PAGE = Page(80)
PLAIN = Page(80, "ascii")
TEXTS = st.text(alphabet="ab /日é\u0301ム", max_size=60)


GLYPHS = "".join([*UNICODE, *ASCII])
DRAWN = st.text(alphabet=f"{GLYPHS}ab -日é\u0301ム\x1b\u200b", max_size=12)


def test_each_glyph_takes_one_cell() -> None:
    assert {glyph: cell_len(glyph) for glyph in GLYPHS} == dict.fromkeys(GLYPHS, 1)


@given(text=DRAWN, width=st.integers(0, 14))
def test_what_is_counted_without_rich_is_what_rich_counts(
    text: str, width: int
) -> None:
    assert cells(text) == cell_len(text)
    assert layout._resized(text, width) == set_cell_size(text, width)
    if width > 1:
        assert layout._chopped(text, width) == chop_cells(text, width)


def test_padding_counts_cells() -> None:
    assert left("日", 4) == "日  "
    assert right("日", 4) == "  日"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        pytest.param("src/app.py", 10, "src/app.py", id="leaves alone what fits"),
        pytest.param(
            "packages/web/index.ts", 13, "packag…dex.ts", id="keeps both ends"
        ),
        pytest.param("日本語日本語", 7, "日…語", id="never half of a wide character"),
    ],
)
def test_a_path_is_cut_in_the_middle(text: str, width: int, shown: str) -> None:
    assert shorten_middle(text, width, PAGE).replace(" ", "") == shown


def test_an_instruction_is_cut_at_its_end() -> None:
    assert shorten_end("COPY package.json ./", 12, PAGE) == "COPY packag…"
    assert shorten_end("COPY package.json ./", 12, PLAIN) == "COPY pack..."


@given(TEXTS, st.integers(min_value=4, max_value=40))
def test_what_is_shortened_fits(text: str, width: int) -> None:
    assert cells(shorten_middle(text, width, PAGE)) <= width
    assert cells(shorten_end(text, width, PLAIN)) <= width


@given(TEXTS, st.integers(min_value=4, max_value=40))
def test_wrapping_fits_and_loses_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrapping_keeps_blanks_inside_a_line() -> None:
    assert wrap("daemon  26.62MB", 40) == ["daemon  26.62MB"]


@pytest.mark.parametrize(
    ("full", "rest", "drawn"),
    [
        pytest.param(0.5, 0.5, ("████", "░░░░"), id="half and half"),
        pytest.param(0.3, 0.0, ("██▍", ""), id="eighths of a cell"),
        pytest.param(0.0001, 0.0, ("▏", ""), id="a little is not nothing"),
        pytest.param(0.0, 0.0001, ("", "░"), id="nor is a little of the rest"),
        pytest.param(0.0, 0.0, ("", ""), id="nothing"),
        pytest.param(0.0, 9.0, ("", "░░░░░░░»"), id="beyond the column it is cut"),
        pytest.param(1.0, 9.0, ("████████", ""), id="the first tone takes it all"),
    ],
)
def test_a_bar_has_two_tones(full: float, rest: float, drawn: tuple[str, str]) -> None:
    assert bar(full, rest, 8, PAGE) == drawn


def test_a_bar_without_unicode() -> None:
    assert bar(0.5, 0.25, 8, PLAIN) == ("####", "--")
    assert bar(0.25, 5.0, 8, PLAIN) == ("##", "----->")


PARTS = st.floats(min_value=0, max_value=3, allow_nan=False)


@given(PARTS, PARTS, st.sampled_from([PAGE, PLAIN]))
def test_a_bar_stays_in_its_column(full: float, rest: float, page: Page) -> None:
    first, second = bar(full, rest, 8, page)
    assert len(first) + len(second) <= 8
    assert bool(first) == (full > 0)
