"""The report for people, looked at as a whole."""

from __future__ import annotations

import io
import itertools
import re

import pytest

from ctxopt.core.findings import codes
from ctxopt.core.model import Place
from ctxopt.view.report import text
from ctxopt.view.report.screen import SCREEN
from ctxopt.view.terminal.layout import WIDEST, Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.expected import assert_golden
from tests.view.reports import (
    REPORTS,
    buildkit,
    failing,
    file,
    folder,
    hostile,
    legacy,
    suggesting,
)


def rendered(
    name: str, width: int, encoding: str = "utf-8", room: int | None = SCREEN
) -> list[str]:
    page = Page(width, encoding)
    return [plain(line) for line in text.render(REPORTS[name](), page, room=room)]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A colour terminal of 80 columns, whatever the tests run in."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "CI", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal()


@pytest.mark.parametrize("width", [44, 80, 120])
@pytest.mark.parametrize("name", REPORTS)
def test_the_report_looks_as_it_was_approved(name: str, width: int) -> None:
    lines = rendered(name, width)
    assert_golden(f"{name}-{width}.txt", "".join(f"{line}\n" for line in lines))


def test_the_report_in_ascii_looks_as_it_was_approved() -> None:
    for name in ("failing", "suggesting"):
        lines = rendered(name, 80, "ascii")
        assert_golden(f"{name}-ascii.txt", "".join(f"{line}\n" for line in lines))


@pytest.mark.deep
@pytest.mark.parametrize("name", REPORTS)
def test_no_line_is_wider_than_the_page(name: str) -> None:
    for width, encoding in itertools.product(range(40, WIDEST + 2), ["utf-8", "ascii"]):
        wide = [line for line in rendered(name, width, encoding) if cells(line) > width]
        assert wide == [], width


@pytest.mark.parametrize("name", REPORTS)
def test_a_tiny_terminal_breaks_nothing(name: str) -> None:
    assert rendered(name, 1) == rendered(name, 40)


def test_the_first_lines_name_both_sizes_and_what_docker_prints() -> None:
    first = "\n".join(rendered("buildkit", 80)[:4])
    assert "331.4 MB" in first
    assert "26.62 MB" in first
    assert '"transferring context: 26.62MB"' in first


def test_the_legacy_builder_has_one_size_and_its_own_words() -> None:
    shown = "\n".join(rendered("legacy", 100))
    assert '"Sending build context to Docker daemon  341.3MB"' in shown
    assert "Transfer" not in shown
    assert "Again" not in shown


def test_nothing_transferred_is_said_plainly() -> None:
    assert any(
        "nothing" in line and "no COPY, ADD or mount reads the context" in line
        for line in rendered("nothing", 80)
    )


def test_no_suggestions_means_no_section() -> None:
    assert not any("Suggest" in line for line in rendered("buildkit", 80))


def test_problems_come_loudest_first() -> None:
    found = re.findall(
        r"^  (error|warning|note)\b",
        "\n".join(rendered("failing", 80, room=None)),
        re.MULTILINE,
    )
    assert found == ["error", "error", "warning", "note"]


def test_a_thousand_problems_alike_do_not_bury_the_others() -> None:
    alike = [codes.UNREADABLE.problem(f"no {n}") for n in range(1000)]
    other = codes.VANISHED.problem("gone")
    many = buildkit()._replace(problems=(*alike, other))
    lines = [plain(line) for line in text.render(many, Page(80))]
    assert sum(line.startswith("  error") for line in lines) == 8
    assert '  992 more "unreadable" (--format json lists them)' in lines
    assert lines[-1] == "  warning  gone"


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", REPORTS)
def test_an_ordinary_report_fits_on_a_screen(name: str, width: int) -> None:
    lines = rendered(name, width)
    assert len(lines) <= SCREEN or name in ("failing", "hostile")


@pytest.mark.parametrize("name", REPORTS)
def test_all_is_there_without_a_bound(name: str) -> None:
    report = REPORTS[name]()
    page = Page(120)
    shown = "\n".join(map(plain, text.render(report, page, room=None, verbose=True)))
    assert "(-v" not in shown
    for one in report.suggestions:
        assert one.id in shown


def test_so_many_rows_are_shown_as_are_asked_for() -> None:
    report = suggesting()
    lines = [plain(one) for one in text.render(report, Page(120), room=None, most=2)]
    assert lines.count("Suggestions") + lines.count("Questions") <= 2
    assert "  10 more, 321.4 kB (-v)" in lines


def test_a_deep_tree_keeps_its_columns() -> None:
    place: Place | None = None
    for depth in range(30, 0, -1):
        path = "/".join(f"folder-{level}" for level in range(1, depth + 1))
        children = (place,) if place else ()
        place = folder(path, 1, 1000, sources=(0,), children=children)
    assert place is not None
    base = buildkit()
    deep = base._replace(root=base.root._replace(children=(place,)))
    for width in (40, 80):
        lines = [plain(line) for line in text.render(deep, Page(width))]
        assert all(cells(line) <= width for line in lines)


def hint(*children: Place) -> str:
    """The line below the bars; empty if there is none."""
    base = buildkit()
    root = base.root._replace(children=children, more_count=0)
    lines = [plain(line) for line in text.render(base._replace(root=root), Page(80))]
    last = lines[lines.index("", lines.index(bars_title(lines))) - 1]
    return last.strip() if last.startswith("  (") else ""


def bars_title(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("Where the bytes are"))


def test_the_hint_names_the_depth_that_shows_more() -> None:
    closed = folder("a/b", 3, 100, sources=(0,))
    opened = folder("a", 3, 100, sources=(0,), children=(closed,))
    assert hint(opened) == "(--depth 3 looks inside)"


def test_there_is_no_hint_where_every_folder_is_open_or_empty() -> None:
    inside = file("a/x", 100, sources=(0,))
    opened = folder("a", 1, 100, sources=(0,), children=(inside,))
    assert hint(opened, folder("empty", 0, 0, sources=(0,))) == ""


def test_what_no_source_takes_is_sent_for_nothing_or_not_sent() -> None:
    """A source that leaves files out with --exclude has them sent all the same."""
    base = buildkit()
    children = (folder("sent", 1, 500), folder("home", 1, 400, sent=0))
    report = base._replace(root=base.root._replace(children=children, more_count=0))
    lines = [plain(line) for line in text.render(report, Page(80))]
    assert bars_title(lines) == (
        "Where the bytes are    ░ sent for nothing  ░ not sent  % of the transfer"
    )
    assert [line.rsplit("  ", 1)[-1] for line in lines if "/  " in line] == [
        "sent for nothing",
        "not sent",
    ]


def test_a_pipe_gets_plain_text_of_a_stable_width(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    out = io.StringIO()
    text.show(failing(), out)
    assert "\x1b" not in out.getvalue()
    assert out.getvalue().splitlines() == rendered("failing", 100)


@pytest.mark.parametrize("term", ["xterm-256color", "dumb", ""])
def test_a_pipe_gets_the_same_words_in_colour_where_that_is_forced(
    monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", term)
    out = io.StringIO()
    text.show(failing(), out)
    assert "\x1b[36m" in out.getvalue()
    lines = [line.rstrip() for line in without_styles(out.getvalue()).splitlines()]
    assert lines == rendered("failing", 100)


def test_who_wants_no_colour_gets_none_though_it_is_forced(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    text.show(failing(), terminal)
    assert "\x1b" not in terminal.getvalue()


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("0", 100), ("x", 100)])
def test_a_pipe_heeds_columns(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    text.show(failing(), out)
    assert out.getvalue().splitlines() == rendered("failing", width)


def without_styles(shown: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", shown)


def test_a_terminal_gets_the_same_words_in_colour(terminal: Terminal) -> None:
    text.show(failing(), terminal)
    shown = terminal.getvalue()
    assert "\x1b[36m" in shown
    lines = [line.rstrip() for line in without_styles(shown).splitlines()]
    assert lines == rendered("failing", 80)


def test_no_color_is_honoured(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text.show(failing(), terminal)
    assert re.findall(r"\x1b\[[\d;]*3\d[\d;]*m", terminal.getvalue()) == []


def test_colours_show_on_dark_and_on_light(terminal: Terminal) -> None:
    text.show(failing(), terminal)
    text.show(legacy(), terminal)
    codes = set(re.findall(r"\x1b\[([\d;]+)m", terminal.getvalue()))
    used = {code for group in codes for code in group.split(";")}
    assert used <= {"0", "1", "2", "31", "35", "36"}


def test_hostile_names_neither_control_nor_style_the_terminal(
    terminal: Terminal,
) -> None:
    text.show(hostile(), terminal)
    shown = without_styles(terminal.getvalue())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "[bold]red[/bold]" in shown


def test_an_old_encoding_gets_what_it_can_write() -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="latin-1") as out:
        text.show(hostile(), out, room=None)
        out.flush()
        shown = raw.getvalue().decode("latin-1")
    assert "###" in shown
    assert r"\u65e5" in shown
