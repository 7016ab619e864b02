"""Which columns of the table are shown, and how wide they are."""

from __future__ import annotations

from collections.abc import Mapping

from ctxopt.view.builds.columns import NUMBERS, WORDS, fit
from ctxopt.view.terminal.layout import Page

HEADS = {name: name for name in (*WORDS, *NUMBERS)}


def row(context: str, dockerfile: str = "Dockerfile") -> Mapping[str, str]:
    return {
        "name": "web",
        "dockerfile": dockerfile,
        "context": context,
        "transfer": "1.00 MB",
        "errors": "1",
    }


def shown(*rows: Mapping[str, str], width: int) -> Mapping[str, int]:
    return fit(HEADS, rows, Page(width)).widths


def test_a_column_that_no_row_fills_is_not_shown() -> None:
    assert [*shown(row("."), width=80)] == [
        *("name", "dockerfile", "context", "transfer", "errors"),
    ]


def test_a_context_in_common_gives_way_before_a_dockerfile_is_cut() -> None:
    long = "services/notifications/Dockerfile"
    same = shown(row(".", long), row("."), width=60)
    assert "context" not in same
    assert same["dockerfile"] == len(long)
    assert "context" in shown(row(".", long), row("web"), width=60)


def test_a_name_is_the_last_that_is_cut() -> None:
    made = {**row("services/web", "services/web/Dockerfile"), "name": "n" * 24}
    for width in range(40, 120):
        widths = shown(made, row("."), width=width)
        assert widths["name"] == 24 or "dockerfile" not in widths


def test_short_heads_make_room_for_paths() -> None:
    columns = fit(HEADS, [row("a"), row("b")], Page(42))
    assert columns.heads["errors"] == "err"
    assert fit(HEADS, [row("a"), row("b")], Page(80)).heads["errors"] == "errors"
