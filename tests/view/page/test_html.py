"""The page as one file: what is let in, and that names end nothing in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctxopt.core.model import Report, Request
from ctxopt.core.picture.records import Picture
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.picture import analyze_with_picture
from ctxopt.view.page.build import Drawn
from ctxopt.view.page.content import content_of
from ctxopt.view.page.html import SCRIPTS, page_of
from tests.view.expected import assert_golden
from tests.view.pages import (
    assert_lets_in_its_own_alone,
    assert_no_name_ends_its_block,
    content_in,
)

HOSTILE = "</script><script>alert(1)</script>\u2028<!-- {{content}} & \udcff\n"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """A build small enough to read all that a page says of it."""
    root = tmp_path_factory.mktemp("page") / "shop"
    (root / "logs").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\nCOPY app.py /\nCOPY . /all\n")
    (root / "app.py").write_text("print(1)\n")
    (root / "logs" / "a.log").write_bytes(b"x" * 40_000)
    (root / ".dockerignore").write_text("docs\n")
    report, picture = analyze_with_picture(Request(root), estimate=Estimate())
    request = Request("shop")
    return Drawn("", report._replace(request=request, context_path="/shop"), picture)


def test_what_it_says_is_what_it_was_given(drawn: Drawn) -> None:
    said = json.loads(json.dumps(content_of([drawn])))
    assert content_in(page_of([drawn], "1.0")) == said


def test_the_content_is_as_someone_last_read_it(drawn: Drawn) -> None:
    (build,) = json.loads(json.dumps(content_of([drawn])))["builds"]
    text = build["text"]
    text["shown"] = Path(text["shown"]).name
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value)}" for name, value in build.items()
    )
    assert_golden("page.json", f"{{\n{lines}\n}}\n")


def test_the_same_build_is_the_same_page(drawn: Drawn) -> None:
    assert page_of([drawn], "1.0") == page_of([drawn], "1.0")


def test_style_and_script_are_those_of_the_policy_and_nothing_else_runs(
    drawn: Drawn,
) -> None:
    page = page_of([drawn], "1.0")
    assert_lets_in_its_own_alone(page)
    for word in (b"http:", b"https:"):
        assert word not in page.replace(b"http://www.w3.org/2000/svg", b"")


def hostile(report: Report, picture: Picture) -> Drawn:
    """A build of which all that can be named is called so."""
    first, *others = report.suggestions
    suggestion = first._replace(
        patterns=(HOSTILE,), label=HOSTILE, paths=(HOSTILE,), notes=(HOSTILE,)
    )
    text = picture.text._replace(now=HOSTILE, before=HOSTILE, shown=HOSTILE)
    return Drawn(
        HOSTILE,
        report._replace(context_path=f"/{HOSTILE}"),
        picture._replace(
            spots=tuple(one._replace(name=HOSTILE) for one in picture.spots),
            suggestions=(suggestion, *others),
            text=text,
        ),
    )


def test_no_name_ends_the_block_that_it_stands_in(drawn: Drawn) -> None:
    made = hostile(drawn.report, drawn.picture)
    page = page_of([made], "1.0")
    assert_no_name_ends_its_block(page)
    assert content_in(page) == json.loads(json.dumps(content_of([made])))


def test_a_name_is_shown_on_one_line_and_copied_as_it_is(drawn: Drawn) -> None:
    made = content_of([hostile(drawn.report, drawn.picture)])
    (build,) = json.loads(json.dumps(made))["builds"]
    assert build["text"]["before"] == HOSTILE
    for name in build["spots"]["names"]:
        assert name.isprintable()
        assert r"\u2028" in name
        assert name.endswith(r"\xff\n")


def test_all_scripts_of_the_room_are_part_of_the_page() -> None:
    import ctxopt.view.page as room

    folder = Path(room.__path__[0])
    assert {one.name for one in folder.glob("*.js")} == set(SCRIPTS)
