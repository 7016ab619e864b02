"""The report of all builds for people, looked at as a whole."""

from __future__ import annotations

import io
import itertools
import re

import pytest

from ctxopt.core.builds.records import BuildChoice, BuildKind, RepositoryReport
from ctxopt.view.builds import text
from ctxopt.view.report.screen import SCREEN
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import WIDEST, Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.builds.repositories import (
    COMPOSE,
    REPOSITORIES,
    clean,
    hostile,
    many,
    shop,
    single,
)
from tests.view.expected import assert_golden


def lines_of(
    report: RepositoryReport,
    width: int = 80,
    encoding: str = "utf-8",
    *,
    verbose: bool = False,
    room: int | None = SCREEN,
) -> list[str]:
    page = Page(width, encoding)
    return [plain(one) for one in text.render(report, page, verbose=verbose, room=room)]


def section(lines: list[str], title: str) -> list[str]:
    """The lines below a title, to the next empty one."""
    start = next(at for at, line in enumerate(lines) if line.startswith(title))
    return list(itertools.takewhile(bool, lines[start + 1 :]))


@pytest.mark.parametrize("width", [44, 80, 120])
@pytest.mark.parametrize("name", REPOSITORIES)
def test_the_report_looks_as_it_was_approved(name: str, width: int) -> None:
    lines = lines_of(REPOSITORIES[name](), width)
    assert_golden(f"all-{name}-{width}.txt", "".join(f"{line}\n" for line in lines))


def test_everything_looks_as_it_was_approved() -> None:
    lines = lines_of(shop(), 80, verbose=True)
    assert_golden("all-shop-verbose.txt", "".join(f"{line}\n" for line in lines))


def test_the_report_in_ascii_looks_as_it_was_approved() -> None:
    lines = lines_of(shop(), 80, "ascii")
    assert_golden("all-shop-ascii.txt", "".join(f"{line}\n" for line in lines))


@pytest.mark.deep
@pytest.mark.parametrize("name", REPOSITORIES)
def test_no_line_is_wider_than_the_page(name: str) -> None:
    report = REPOSITORIES[name]()
    for width, encoding in itertools.product(range(40, WIDEST + 2), ["utf-8", "ascii"]):
        for verbose in (False, True):
            lines = lines_of(report, width, encoding, verbose=verbose)
            assert [line for line in lines if cells(line) > width] == [], width


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", REPOSITORIES)
def test_it_fits_on_a_screen(name: str, width: int) -> None:
    assert len(lines_of(REPOSITORIES[name](), width)) <= SCREEN


@pytest.mark.parametrize("name", REPOSITORIES)
def test_all_is_there_where_all_is_asked_for(name: str) -> None:
    report = REPOSITORIES[name]()
    shown = lines_of(report, 120, verbose=True)
    assert not [line for line in shown if "(-v)" in line or "--format json" in line]
    rows = section(shown, "Builds")
    for one in report.builds:
        named = Page(120).safe(one.name)[:20]
        assert any(row.startswith(f"  {named}") for row in rows)


# --- the table ----------------------------------------------------------------------


def test_a_build_that_is_named_twice_has_one_row() -> None:
    rows = section(lines_of(shop(), 120, room=None), "Builds")
    assert [row.split()[0] for row in rows].count("api") == 1
    assert not any("docker-bake.hcl:3" in row for row in rows)
    told = section(lines_of(shop(), 120, verbose=True), "Builds")
    also = "also in docker-bake.hcl:3, .github/workflows/ci.yml:21"
    assert f"    named in compose.yaml:9, {also}" in told


def test_a_build_without_sizes_has_its_reason_in_its_row() -> None:
    rows = section(lines_of(shop(), 120, room=None), "Builds")
    said = {row.split()[0]: row.partition("not measured: ")[2] for row in rows}
    assert said["old"] == "there is no such folder: old"
    assert said["proxy"] == "unknown instruction: COPPY (did you mean CO…"
    assert said["web"] == ""


def test_what_a_row_cannot_say_of_the_reason_is_a_problem_with_its_cure() -> None:
    told = section(lines_of(shop(), 120, room=None), "Problems")
    start = "  note     compose.yaml:52: its context is elsewhere"
    assert any(line.startswith(start) for line in told)
    assert "           → fetch it, and give the folder" in told
    assert not any("there is no such folder" in line for line in told)


def test_the_sums_stand_below_the_columns_that_they_are_of() -> None:
    lines = lines_of(shop(), 120)
    title = next(line for line in lines if line.startswith("Builds"))
    total = next(line for line in lines if line.startswith("  together"))
    for head, size in (("transfer", "795.4 MB"), ("waste", "703.4 MB")):
        assert total.index(size) + len(size) == title.index(head) + len(head)


def test_one_build_needs_no_sums() -> None:
    lines = lines_of(single())
    assert not any("together" in line for line in lines)
    assert lines[-1] == "One in full: ctxopt scan . shop"


@pytest.mark.parametrize(
    ("report", "width", "missing"),
    [
        pytest.param(shop, 120, set(), id="a wide page has all columns"),
        pytest.param(shop, 80, {"context"}, id="the context gives way first"),
        pytest.param(shop, 72, {"context", "again"}, id="then what is sent again"),
        pytest.param(
            shop, 60, {"context", "again", "Dockerfile"}, id="then the Dockerfile"
        ),
        pytest.param(
            clean, 120, {"again", "err", "warn"}, id="what no row has is no column"
        ),
        pytest.param(
            single, 120, {"waste", "err", "warn"}, id="nobody asked what to write"
        ),
    ],
)
def test_columns_give_way(report: object, width: int, missing: set[str]) -> None:
    made: RepositoryReport = report()  # type: ignore[operator]
    lines = lines_of(made, width)
    title = next(line for line in lines if line.startswith("Builds"))
    heads = {"Dockerfile", "context", "transfer", "again", "waste", "err", "warn"}
    assert {one for one in heads if one not in title} == missing


def test_of_a_path_that_is_cut_its_folder_stays() -> None:
    rows = section(lines_of(shop(), 80), "Builds")
    assert any("  services/api/…  " in row for row in rows)


def test_builds_that_are_left_out_are_counted() -> None:
    lines = lines_of(many())
    rows = section(lines, "Builds")
    shown = sum(row.startswith("  service-") for row in rows)
    counted = next(row for row in rows if "more" in row)
    assert counted.startswith(f"  {60 - shown} more, ")


# --- what to write ------------------------------------------------------------------


def test_suggestions_stand_below_the_file_that_is_written() -> None:
    lines = section(lines_of(shop(), 120, room=None), "Ignore files")
    starts = [line.strip().split()[0] for line in lines]
    assert starts.index(".dockerignore") < starts.index("**/node_modules")
    assert starts.index("**/node_modules") < starts.index("docs/.dockerignore")
    assert "  docs/.dockerignore (new)  for docs" in lines


def test_builds_that_a_suggestion_saves_are_named_and_more_are_counted() -> None:
    lines = section(lines_of(shop(), 80, room=None), "Ignore files")
    (row,) = [line for line in lines if "**/node_modules" in line]
    assert row.endswith("651.0 MB  certain   web, api, worker and 2 more")


def test_of_the_file_of_one_build_the_row_says_what_the_lines_are() -> None:
    lines = section(lines_of(shop(), 80, room=None), "Ignore files")
    (row,) = [line for line in lines if "_site" in line]
    assert row.endswith("certain   built sites")


def test_what_one_build_needs_is_held_back_with_its_name() -> None:
    lines = section(lines_of(shop(), 120, room=None), "Ignore files")
    said = (
        "    docs  held back: api needs it (services/api/Dockerfile:4 copies it); "
        "it would save web and cron 2.00 MB"
    )
    assert said in lines


def test_what_all_hold_back_names_nobody() -> None:
    lines = section(lines_of(shop(), 120, room=None), "Ignore files")
    assert '    conf/.env  held back: Makefile:3 has ". conf/.env"' in lines


def test_an_ignore_file_of_its_own_is_proposed_with_the_command() -> None:
    lines = section(lines_of(shop(), 120), "Ignore files")
    said = "    web/Dockerfile would do better with an ignore file of its own: "
    assert any(line.startswith(said) for line in lines)


def test_suggestions_that_are_left_out_are_counted() -> None:
    shown = lines_of(shop(), 80)
    below = section(shown, "Ignore files")
    rows = sum("MB  " in line for line in below)
    assert any(line.startswith(f"  {6 - rows} more, ") for line in below)


def test_the_sums_say_from_what_to_what() -> None:
    lines = lines_of(shop())
    assert "All first builds  795.4 MB → 92.00 MB  (88 % less)" in lines
    assert "All again         158.0 kB → 39.50 kB  (75 % less)" in lines


def test_nothing_to_suggest_is_said() -> None:
    lines = lines_of(clean())
    said = "Nothing to suggest: no clutter in what the ignore files let through."
    assert said in lines
    assert not any("Write it" in line for line in lines)


def test_where_nothing_is_saved_the_rest_is_left_to_people() -> None:
    docs, root = shop().ignore_files
    same = tuple((name, one._replace(after=one.now)) for name, one in root.after)
    lines = lines_of(shop()._replace(ignore_files=(root._replace(after=same),)))
    assert any(line.startswith("Nothing is written unasked") for line in lines)
    assert lines[-1] == "Write it:    ctxopt write --all"
    assert docs.builds


def test_what_no_build_sends_is_told_as_that_and_not_as_nothing() -> None:
    (name, one), *_ = shop().ignore_files[1].after
    after = one.now._replace(context=one.now.context._replace(wire_bytes=0))
    only_context = ((name, one._replace(after=after)),)
    file = shop().ignore_files[1]._replace(after=only_context)
    said = " ".join(lines_of(shop()._replace(ignore_files=(file,))))
    kept = formatting.size(one.now.context_wire_bytes)
    assert f"No build sends less; what is sure keeps {kept} out of the contexts" in said
    assert "Nothing is written unasked" not in said


# --- what is sent again -------------------------------------------------------------


def test_what_no_version_shares_comes_first_with_what_would() -> None:
    lines = section(lines_of(shop(), 120, room=None), "Sent more than once")
    said = " ".join(line.strip() for line in lines)
    parts = (
        "api and cron ask for parts of what web asks for; built at once, 239.2 MB of it"
    )
    cure = 'give the others contexts = { src = "target:src" }, and let them COPY --from'
    alike = "212.6 MB for each of api and worker by docker compose before 2.37, buildx"
    assert 0 < said.index(parts) < said.index(cure) < said.index(alike)


def test_targets_of_bake_are_alike_to_an_old_buildx_only() -> None:
    report = shop()
    builds = tuple(
        one._replace(found=one.found._replace(kind=BuildKind.BAKE))
        for one in report.builds
    )
    report = report._replace(builds=builds, sent_twice=report.sent_twice[:1])
    (line, _) = section(lines_of(report, 100, room=None), "Sent more than once")
    assert " by buildx before 0.17 or BuildKit before 0.16; once" in line


def test_folders_sent_twice_that_are_left_out_are_counted() -> None:
    lines = lines_of(shop(), 80, room=30)
    assert "  2 folders sent more than once, 451.9 MB (-v)" in lines


# --- problems -----------------------------------------------------------------------


def test_problems_that_builds_share_are_told_once_with_their_names() -> None:
    told = section(lines_of(shop(), 120, room=None), "Problems")
    (shared,) = [line for line in told if '"/build/"' in line]
    assert shared.startswith("  warning  .dockerignore:4: ")
    assert "(web, api, worker and 2 more)" in " ".join(told)


def test_problems_come_loudest_first() -> None:
    told = "\n".join(section(lines_of(shop(), 120, room=None), "Problems"))
    found = re.findall(r"^  (error|warning|note) ", told, re.MULTILINE)
    assert found == ["error"] * 3 + ["warning"] * 3 + ["note"]


def test_a_file_of_a_problem_is_named_from_where_the_person_is() -> None:
    told = "\n".join(section(lines_of(shop(), 120, room=None), "Problems"))
    assert 'docs/.dockerignore:1: "/site" matches nothing' in told


def test_a_problem_of_a_file_that_names_builds_has_no_name() -> None:
    told = section(lines_of(shop(), 120, room=None), "Problems")
    (line,) = [line for line in told if '"TAG"' in line]
    said = 'the variable "TAG" is not set, and is taken as empty'
    assert line == f"  warning  compose.yaml:60: {said}"


# --- the page -----------------------------------------------------------------------


def test_the_next_commands_have_the_options_that_chose_the_builds() -> None:
    made = shop()
    choice = BuildChoice(compose_files=(COMPOSE,))
    of_file = made._replace(found=made.found._replace(choice=choice))
    assert last_lines(of_file) == [
        "One in full: ctxopt scan --compose compose.yaml web",
        "Write it:    ctxopt write --compose compose.yaml",
    ]
    assert last_lines(made._replace(typed="the shop")) == [
        "One in full: ctxopt scan 'the shop' web",
        "Write it:    ctxopt write --all 'the shop'",
    ]


def last_lines(report: RepositoryReport) -> list[str]:
    """The commands at the end of the page."""
    return [plain(one) for one in text.render(report, Page(80))][-2:]


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


def without_styles(shown: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", shown)


def test_a_terminal_gets_the_same_words_in_colour(terminal: Terminal) -> None:
    text.show(shop(), terminal)
    shown = terminal.getvalue()
    assert "\x1b[1;31m" in shown
    lines = [line.rstrip() for line in without_styles(shown).splitlines()]
    assert lines == lines_of(shop())


def test_colours_show_on_dark_and_on_light(terminal: Terminal) -> None:
    text.show(shop(), terminal, verbose=True)
    codes = set(re.findall(r"\x1b\[([\d;]+)m", terminal.getvalue()))
    used = {code for group in codes for code in group.split(";")}
    assert used <= {"0", "1", "2", "31", "32", "35", "36"}


def test_a_pipe_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    out = io.StringIO()
    text.show(shop(), out)
    assert out.getvalue().splitlines() == lines_of(shop(), 100)


@pytest.mark.parametrize("verbose", [False, True])
def test_hostile_names_neither_control_nor_style_the_terminal(
    terminal: Terminal, *, verbose: bool
) -> None:
    text.show(hostile(), terminal, verbose=verbose)
    shown = without_styles(terminal.getvalue())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "[bold]red[/bold]" in shown
    assert not re.search(r"^lines", shown, re.MULTILINE)
