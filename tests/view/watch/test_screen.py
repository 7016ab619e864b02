"""The screen of `watch`: looked at as a whole, at any size."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.terminal.layout import WIDEST, Page, cells
from ctxopt.view.terminal.output import plain
from ctxopt.view.watch.block import Block, Part, whole
from ctxopt.view.watch.live import Screen
from ctxopt.view.watch.screen import GIVING_WAY, Drawing, bottom, render, top
from tests.view.expected import assert_golden
from tests.view.moments import (
    MOMENTS,
    asking,
    broken,
    busy,
    changed,
    choosing,
    legacy,
    over,
    quiet,
    untold,
)

SIZES = [(44, 16), (80, 24), (120, 40)]


def drawn(
    watched: WatchMoment, width: int, height: int, encoding: str = "utf-8"
) -> str:
    lines = render(watched, Page(width, encoding), height)
    return "".join(f"{plain(line)}\n" for line in lines)


# As a whole.


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", MOMENTS)
def test_the_screen_looks_as_it_was_approved(
    name: str, width: int, height: int
) -> None:
    shown = drawn(MOMENTS[name](), width, height)
    assert_golden(f"watch-{name}-{width}.txt", shown)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_screen_in_ascii_looks_as_it_was_approved(width: int, height: int) -> None:
    shown = drawn(busy(), width, height, "ascii")
    assert shown.isascii()
    assert_golden(f"watch-ascii-{width}.txt", shown)


# At any size.


@cache
def moment(name: str) -> WatchMoment:
    return MOMENTS[name]()


def assert_fits(name: str, width: int, height: int, encoding: str) -> None:
    lines = render(moment(name), Page(width, encoding), height)
    assert len(lines) <= height
    wide = [plain(line) for line in lines if cells("".join(t for t, _ in line)) > width]
    assert wide == []
    assert not any("\n" in text or "\x1b" in text for line in lines for text, _ in line)
    for text, _ in (span for line in lines for span in line):
        text.encode(encoding)


@pytest.mark.deep
@pytest.mark.parametrize("name", MOMENTS)
def test_every_width_and_every_height_fits(name: str) -> None:
    # What is wider than the widest page looks alike.
    for width in (*range(1, WIDEST + 10), *range(WIDEST + 10, 201, 10)):
        assert_fits(name, width, (width * 7) % 60 + 1, "utf-8")
    for height in range(1, 61):
        assert_fits(name, height * 3, height, "ascii")


@given(
    name=st.sampled_from(sorted(MOMENTS)),
    width=st.integers(1, 200),
    height=st.integers(1, 60),
    encoding=st.sampled_from(["utf-8", "ascii", "latin-1", "cp437"]),
)
def test_any_size_fits(name: str, width: int, height: int, encoding: str) -> None:
    assert_fits(name, width, height, encoding)


@pytest.mark.parametrize("name", MOMENTS)
def test_the_size_of_the_transfer_is_the_last_to_go(name: str) -> None:
    watched = MOMENTS[name]()
    first = "Context" if name == "legacy" else "Transfer"
    for height in range(2, 30):
        assert first in drawn(watched, 60, height), height


def test_a_taller_screen_never_shows_fewer_changes() -> None:
    counts = [
        sum("B\n" in f"{line}\n" for line in drawn(busy(), 80, height).splitlines())
        for height in range(1, 60)
    ]
    assert counts == sorted(counts)


def test_what_gives_way_first_is_what_matters_least() -> None:
    small = drawn(busy(), 80, 20)
    assert "again and again" not in small
    assert small.count("MB") > 3
    tiny = drawn(busy(), 80, 12)
    assert "+1.20 kB" in tiny
    assert "▸ .git" in tiny


def drawing(watched: WatchMoment, height: int) -> Drawing:
    page = Page(80)
    return Drawing(top(watched, page, height), bottom(watched, page))


@pytest.mark.parametrize("name", MOMENTS)
def test_all_blocks_together_are_never_higher_than_the_terminal(name: str) -> None:
    for height in range(5, 61):
        blocks = drawing(moment(name), height)
        blocks.shorten(height)
        assert blocks.height <= height, height
        above, below = blocks.lines()
        assert blocks.height == len(above) + len(below)


@pytest.mark.parametrize("name", MOMENTS)
def test_nothing_gives_way_before_what_matters_less(name: str) -> None:
    for height in range(5, 61):
        blocks = drawing(moment(name), height)
        most = blocks.given
        blocks.shorten(height)
        # What would be left if it stopped at any line of the table, and at any count.
        steps = [most]
        for part, least in GIVING_WAY:
            for count in range(steps[-1][part] - 1, least - 1, -1):
                steps.append({**steps[-1], part: count})
        assert blocks.given in steps, height


def test_no_more_gives_way_than_has_to() -> None:
    drawings = [drawing(over(), 60) for _ in range(5, 61)]
    for height, one in enumerate(drawings, 5):
        one.shorten(height)
    for height, (lower, higher) in enumerate(pairwise(drawings), 5):
        parts = [part for part in Part if lower.given[part] > higher.given[part]]
        assert parts == [], height


def rows(part: Part, count: int) -> Block:
    text = part.name.lower()
    return Block(
        part, count, lambda some: [((f"{text} {n}", ""),) for n in range(some)]
    )


@pytest.mark.parametrize(
    ("height", "left"),
    [
        pytest.param(15, {"changes": 6, "frequent": 3}, id="there is room for all"),
        pytest.param(13, {"changes": 6, "frequent": 1}, id="frequent ones but one"),
        pytest.param(12, {"changes": 5, "frequent": 1}, id="then a change"),
        pytest.param(11, {"changes": 4, "frequent": 1}, id="then changes but four"),
        pytest.param(10, {"changes": 4}, id="then the last frequent one and its gap"),
        pytest.param(8, {"changes": 3}, id="then one more change"),
        pytest.param(7, {"changes": 2}, id="then changes but two"),
        pytest.param(6, {"changes": 2}, id="then the gaps"),
        pytest.param(4, {"changes": 1}, id="then changes but one"),
        pytest.param(3, {}, id="then the last one"),
    ],
)
def test_blocks_give_way_in_their_order(height: int, left: dict[str, int]) -> None:
    keys = whole(Part.KEYS, [(("keys", ""),)])
    sizes = Block(Part.SIZES, 0, lambda _: [(("sizes 0", ""),), (("sizes 1", ""),)])
    drawing = Drawing(
        [[sizes], [rows(Part.CHANGES, 6)], [rows(Part.FREQUENT, 3)]], [keys]
    )
    drawing.shorten(height)
    above, below = drawing.lines()
    names = [line[0][0].split()[0] for line in above if line]
    assert {name: names.count(name) for name in dict.fromkeys(names)} == {
        "sizes": 2,
        **left,
    }
    assert plain(below[-1]) == "keys"


def test_the_keys_stand_on_the_last_line() -> None:
    for height in (8, 24, 60):
        last = drawn(quiet(), 80, height).splitlines()[-1]
        assert last == (
            "w write  u undo  space choose  y why  ↑↓ select  p pause  q quit"
        )


# What it says.


def test_what_docker_will_print_is_there_word_for_word() -> None:
    assert '"transferring context: 26.62MB"' in drawn(busy(), 80, 24)
    assert '"Sending build context to Docker daemon  341.3MB"' in drawn(
        legacy(), 80, 24
    )


def test_over_the_budget_is_said_plainly() -> None:
    assert "OVER by 6.62 MB" in drawn(over(), 80, 24)
    assert "OVER" not in drawn(busy(), 80, 24)
    assert "53 % taken" in drawn(busy(), 80, 24)
    assert "Budget" not in drawn(quiet(), 80, 24)


def test_a_budget_is_kept_to_the_byte() -> None:
    sent = busy().report.transfer.tally.wire_bytes
    assert "100 % taken" in drawn(busy()._replace(budget=sent), 80, 24)
    assert "OVER by 1 B" in drawn(busy()._replace(budget=sent - 1), 80, 24)


def test_a_change_says_which_source_runs_again_in_which_stage() -> None:
    shown = drawn(busy(), 120, 40)
    assert "sent, COPY . . (Dockerfile:7) and 3 instructions run again" in shown
    assert "COPY src /app (line 5, builder) and 9 more run again (1 more source)" in (
        shown
    )
    assert "-310 B  no longer sent, COPY . . (Dockerfile:7) and 3" in shown
    assert "kept out by .dockerignore:2 (node_modules)" in shown
    assert "sent by .dockerignore:4 (!coverage)" in shown


def test_what_no_source_takes_is_sent_by_the_legacy_builder_alone() -> None:
    dump = changed("dump.sql", None, 10, taken=False)
    assert "in the context, not sent" in drawn(
        quiet()._replace(changes=(dump,)), 80, 24
    )
    shown = drawn(legacy()._replace(changes=(dump,)), 80, 24)
    assert "    sent\n" in shown


def test_what_changes_again_and_again_has_the_line_that_stops_it() -> None:
    shown = drawn(busy(), 120, 60)
    assert "214 times  → logs" in shown
    assert "no line can stop it" in shown
    assert "   1 time  " in shown


def test_a_build_that_would_fail_says_why() -> None:
    assert 'This build would fail: line 4, COPY names "yarn.lock"' in drawn(
        over(), 80, 24
    )
    assert "The context cannot be told: line 2" in drawn(untold(), 80, 24)


def test_the_selected_suggestion_stays_in_sight_and_is_marked() -> None:
    for selected in range(len(busy().report.suggestions)):
        watched = busy()._replace(selected=selected)
        for height in (12, 24, 50):
            marked = [
                line
                for line in drawn(watched, 80, height).splitlines()
                if line.startswith("▸ ")
            ]
            assert len(marked) == 1, (selected, height)
            pattern = busy().report.suggestions[selected].patterns[0]
            assert marked[0][2:].startswith(pattern[:6])


def test_a_selection_beyond_the_end_is_the_last() -> None:
    assert "▸ **/small" not in drawn(busy()._replace(selected=10**6), 80, 24)
    assert "▸ " in drawn(busy()._replace(selected=10**6), 80, 24)
    assert "▸ logs" in drawn(busy()._replace(selected=-5), 80, 24)


def test_the_reason_is_shown_when_asked_for() -> None:
    reason = "No image has a use for git history."
    assert reason not in drawn(busy(), 80, 24)
    assert reason in drawn(busy()._replace(reason_shown=True), 80, 24)


def test_what_was_written_can_be_taken_back() -> None:
    assert (
        "written to .dockerignore by --write: **/*.pyc  .venv   u takes it back"
        in drawn(over(), 80, 24)
    )


def test_the_chosen_ones_are_marked_and_counted() -> None:
    shown = drawn(choosing(), 80, 24)
    assert "\n +logs " in shown
    assert "\n▸ .git " in shown
    assert "w write 2  " in shown
    assert "▸+logs " in drawn(choosing()._replace(selected=0), 80, 24)


def test_what_is_written_is_shown_before() -> None:
    shown = drawn(asking(), 80, 24)
    assert "To be written to .dockerignore  2 chosen, then 1.48 MB are sent" in shown
    assert "  +.ruff_cache\n" in shown
    assert "takes it back" not in shown
    assert shown.endswith("w writes it  any other key does not\n")
    none = asking()._replace(chosen=frozenset())
    assert ".dockerignore  certain or likely, then" in drawn(none, 80, 24)
    assert "… " in drawn(asking(), 80, 14)
    assert " more lines" in drawn(asking(), 80, 14)


def test_numbers_of_before_are_marked_as_such() -> None:
    shown = drawn(broken(), 80, 24)
    assert "OLD NUMBERS" in shown
    assert shown.count("as it was before the error") == 2
    assert "Cannot be measured: Dockerfile:2: unknown instruction: COPPY" in shown
    assert "docker prints" not in shown


def test_a_pause_is_seen() -> None:
    shown = drawn(over(), 80, 24)
    assert "PAUSED" in shown
    assert "p resume" in shown


# The sparkline.


def sparks(watched: WatchMoment, width: int = 80) -> str:
    lines = drawn(watched, width, 24).splitlines()
    (line,) = (line for line in lines if line.startswith("Lately"))
    return line.removeprefix("Lately").strip().split("  ")[0]


def test_the_sparkline_begins_with_the_first_measurement() -> None:
    assert sparks(quiet()) == "▁"


def test_growth_reaches_the_top_now() -> None:
    line = sparks(quiet()._replace(at=300.0, history=((0.0, 10**6), (299.0, 10**7))))
    assert line[0] == "▁"
    assert line[-1] == "█"


def test_a_peak_between_two_columns_is_not_lost() -> None:
    history = ((0.0, 10), (150.0, 10**6), (150.001, 10))
    assert "█" in sparks(quiet()._replace(at=300.0, history=history))


def test_a_little_more_is_no_mountain() -> None:
    history = ((0.0, 10**8), (200.0, 10**8 + 500))
    assert set(sparks(quiet()._replace(at=300.0, history=history))) == {"▁"}


def test_what_is_older_than_the_last_minutes_is_forgotten() -> None:
    history = ((0.0, 10**9), (10.0, 500), (1000.0, 600))
    watched = quiet()._replace(at=1001.0, history=history)
    assert "last 5 min, 500 B to 600 B" in drawn(watched, 80, 24)
    assert "█" in sparks(watched)
    later = watched._replace(at=2000.0)
    assert "last 5 min, no change" in drawn(later, 80, 24)
    assert set(sparks(later)) == {"▁"}


def test_a_clock_that_was_set_back_breaks_nothing() -> None:
    history = ((100.0, 10**9), (50.0, 500), (400.0, 600))
    for at in (0.0, 60.0, 300.0, 10.0**9):
        assert "Transfer" in drawn(quiet()._replace(at=at, history=history), 80, 24)


# Drawn by rich.


def test_rich_is_given_exactly_the_size_it_asks_for() -> None:
    console = Console(
        file=io.StringIO(), width=80, height=24, color_system=None, force_terminal=False
    )
    lines = console.render_lines(
        Screen(busy()), console.options.update(width=80, height=24), pad=False
    )
    assert len(lines) == 24
    shown = ["".join(s.text for s in line).rstrip() for line in lines]
    assert shown == drawn(busy(), 80, 24).splitlines()


def test_no_style_names_a_ground_or_a_white_or_black_letter() -> None:
    for make in MOMENTS.values():
        styles = {style for line in render(make(), Page(120), 40) for _, style in line}
        words = {word for style in styles for word in style.split()}
        assert words <= {"bold", "dim", "red", "green", "cyan", "magenta"}
