"""The page in a real browser: switches, zoom, search, keys, and hostile names."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Report, Request
from ctxopt.core.picture.records import Picture, Spot, SpotKind, SpotState, Stretch
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.picture import picture_of
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.writing.plan import Choice
from ctxopt.view.page.build import Drawn
from ctxopt.view.page.html import page_of
from tests import projects
from tests.browser.conftest import Browser, drawn
from tests.pipeline.test_picture import measured as measured_and_advised

Show = Callable[[Report, Picture], Browser]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return projects.lay_out("python-web", tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def of_shop(shop: Path) -> tuple[Report, Picture]:
    return drawn(shop)


@pytest.fixture
def page(show: Show, of_shop: tuple[Report, Picture]) -> Browser:
    return show(*of_shop)


def test_it_opens_from_disk_and_asks_for_nothing_else(page: Browser) -> None:
    assert page.said() == []
    (asked,) = page.log()
    assert asked.startswith("file://")
    assert page.run("return document.querySelectorAll('.cell').length") > 30
    page.click("#choose-all")
    page.click("#choose-none")
    assert page.said() == []
    assert page.log() == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a server that gives away the files of a folder."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_it_opens_from_a_server_and_asks_that_for_no_more(
    browser: Browser, served: str, tmp_path: Path, of_shop: tuple[Report, Picture]
) -> None:
    (tmp_path / "page.html").write_bytes(page_of([Drawn("", *of_shop)], "1.0"))
    browser.open(f"{served}/page.html")
    assert browser.run("return document.querySelectorAll('.cell').length") > 30
    asked = set(browser.log())
    # Browsers ask for an icon by themselves, no page has a say in that.
    assert asked - {f"{served}/favicon.ico"} == {f"{served}/page.html"}
    assert [one for one in browser.said() if "favicon" not in one] == []


# --- sums ------------------------------------------------------------------------


def test_ten_choices_come_to_what_a_scan_says_once_they_are_written(
    page: Browser, shop: Path, of_shop: tuple[Report, Picture]
) -> None:
    report, picture = of_shop
    assert picture.about == ()
    request, ignore = Request(shop), shop / ".dockerignore"
    ids = [one.id for one in report.suggestions]
    drawing = random.Random(20261128)
    for _ in range(10):
        chosen = [one for one in ids if drawing.random() < 0.5] or ids[:1]
        page.click("#choose-none")
        for one in chosen:
            page.run(f"document.querySelector('[data-id=\"{one}\"]').click()")
        shown = [page.number(f"#total-{one}") for one in ("transfer", "again")]
        command = page.text("#command")
        drafting = pipeline.plan(request, Choice(only=(*chosen,)), estimate=Estimate())
        try:
            drafting.plan([]).apply()
            text = ignore.read_text()
            after = pipeline.analyze(request)
        finally:
            ignore.unlink()
        transfer = after.transfer
        assert shown == [transfer.tally.wire_bytes, transfer.repeat_wire_bytes], chosen
        for line in page.text("#file").splitlines():
            assert line in text.splitlines()
        assert command.startswith("ctxopt write ")
        assert all(f"--only {one}" in command for one in chosen)


BUILDS = {
    "all of it, by the legacy builder": ("node-web", BuilderName.LEGACY, ""),
    "read in place by podman": ("ruby-rails", BuilderName.PODMAN, ""),
    "an ignore file that is sent itself": ("go-service", BuilderName.BUILDKIT, ""),
    "folders sent late, for what is in them": (
        "python-web",
        BuilderName.BUILDKIT,
        "FROM scratch\nCOPY src/parcels/*/ /a/\nCOPY logs/*.log .venv/lib /b/\n",
    ),
}


@pytest.mark.parametrize("case", BUILDS)
def test_any_choice_comes_to_what_ctxopt_says(
    show: Show, tmp_path: Path, case: str
) -> None:
    name, builder, dockerfile = BUILDS[case]
    root = projects.lay_out(name, tmp_path)
    if dockerfile:
        (root / "Dockerfile").write_text(dockerfile)
    measured, advice = measured_and_advised(Request(root, builder=builder))
    picture = picture_of(measured, advice)
    assert picture.about == ()
    page = show(report_of(Request(root), measured, advice, excluded=False), picture)
    drawing = random.Random(len(name))
    for _ in range(6):
        some = [at for at in range(len(advice.weighed)) if drawing.random() < 0.4]
        page.click("#choose-none")
        for at in some:
            page.run(f"document.getElementById('switch-{at}').click()")
        cost = advice.after([advice.weighed[at] for at in some])
        assert page.number("#total-transfer") == cost.transfer.wire_bytes
        assert page.number("#total-again") == cost.repeat_wire_bytes
    assert page.said() == []


def test_sums_that_are_not_exact_are_said_to_be_about_right(
    show: Show, tmp_path: Path
) -> None:
    """The second name of a file in a log folder sends its content once that goes."""
    root = projects.lay_out("python-web", tmp_path)
    os.link(root / "logs" / "app.log", root / "src" / "kept.bin")
    report, picture = drawn(root)
    assert len(picture.about) == 1
    page = show(report, picture)
    page.click("[data-id=logs-dirs]")
    known = dict(picture.known)
    at = [one.id for one in report.suggestions].index("logs-dirs")
    assert page.number("#total-transfer") == known[at,].transfer.wire_bytes
    assert page.text("#note") == ""
    page.click("[data-id=py-venv]")
    assert "about right: files with several names (hard links)" in page.text("#note")
    assert "About: sent by a first build" in page.text("#totals")


def test_a_switch_changes_picture_totals_and_file_at_once(page: Browser) -> None:
    before = page.number("#total-transfer")
    assert page.run("return document.querySelectorAll('.leaf.goes').length") == 1
    page.click("[data-id=logs-dirs]")
    assert page.number("#total-transfer") < before
    assert page.run("return document.querySelectorAll('.leaf.goes').length") > 1
    assert "logs" in page.text("#file").splitlines()
    assert "1 suggestion on" in page.text("#live")
    page.click("[data-id=logs-dirs]")
    assert page.number("#total-transfer") == before
    assert page.run("return document.querySelectorAll('.leaf.goes').length") == 1


def test_what_write_would_do_unasked_is_one_button(
    page: Browser, of_shop: tuple[Report, Picture]
) -> None:
    _, picture = of_shop
    page.click("#choose-unasked")
    on = page.run("return document.querySelectorAll('[role=switch]:checked').length")
    assert on == len(picture.unasked) > 0
    known = dict(picture.known)
    cost = known[picture.unasked]
    assert page.number("#total-transfer") == cost.transfer.wire_bytes


def test_what_is_copied_is_said_to_be(page: Browser) -> None:
    assert page.run("return document.getElementById('copy-lines').disabled")
    page.click("[data-id=logs-dirs]")
    page.click("#copy-command")
    label = page.wait_for(
        "const say = arguments[0]; const look = () => {"
        " const text = document.getElementById('copy-command').textContent;"
        " if (text === 'Copy the command') requestAnimationFrame(look); else say(text);"
        "}; look();"
    )
    assert label == "Copied"


# --- the picture -----------------------------------------------------------------


def test_a_folder_is_opened_and_left_with_the_mouse(page: Browser) -> None:
    assert page.text("#crumbs") == "python-web"
    page.run(
        "[...document.querySelectorAll('#table tbody button')]"
        ".find((one) => one.textContent === 'logs/').click()"
    )
    assert page.text("#crumbs").split() == ["python-web", "logs"]
    assert page.text("#caption").startswith("logs: 5.24 MB")
    page.click("#crumbs li:first-child button")
    assert page.text("#crumbs") == "python-web"


def test_a_folder_is_opened_and_left_with_keys(page: Browser) -> None:
    page.press("TAB", on="#search")
    first = page.run("return document.activeElement.getAttribute('aria-label')")
    assert first.startswith("logs · 5.24 MB, 30 % · swept in · folder, Enter opens it")
    page.press("ARROW_RIGHT")
    second = page.run("return document.activeElement.getAttribute('aria-label')")
    assert second != first
    page.press("ARROW_LEFT")
    assert page.run("return document.activeElement.getAttribute('aria-label')") == first
    page.press("ENTER")
    assert page.text("#crumbs").split() == ["python-web", "logs"]
    label = page.run("return document.activeElement.getAttribute('aria-label')")
    assert label.startswith("logs/")
    assert "logs: 5.24 MB" in page.text("#live")
    page.press("ESCAPE")
    assert page.text("#crumbs") == "python-web"
    assert page.run("return document.activeElement.getAttribute('aria-label')") == first


def test_what_is_searched_for_is_found_and_told_apart(page: Browser) -> None:
    page.press("p", on="#search")
    for letter in "yproject":
        page.press(letter)
    assert "with “pyproject” in the path" in page.text("#caption")
    rows = page.run("return document.querySelectorAll('#table tbody tr').length")
    hits = page.run("return document.querySelectorAll('.cell.hit').length")
    assert rows >= 1
    assert hits <= rows
    assert page.run("return document.querySelector('#picture svg.searching') !== null")
    page.press("ESCAPE")
    assert page.run("return document.querySelector('#picture svg.searching') === null")


def test_a_state_that_is_not_wanted_is_not_drawn(page: Browser) -> None:
    count = "return document.querySelectorAll('#picture .s-swept').length"
    assert page.run(count) > 0
    page.click("[data-state=swept]")
    assert page.run(count) == 0


def test_the_table_sorts_by_each_column(page: Browser) -> None:
    def column(at: int) -> list[str]:
        script = (
            "return [...document.querySelectorAll('#table tbody tr')]"
            f".map((row) => row.children[{at}].textContent)"
        )
        found: list[str] = page.run(script)
        return found

    page.run("document.getElementById('more-rows').click()")
    sizes = "[...document.querySelectorAll('#table td[data-bytes]')]"
    numbers = page.run(f"return {sizes}.map((one) => Number(one.dataset.bytes))")
    assert numbers == sorted(numbers, reverse=True)
    page.click("[data-column=name]")
    names = [name.lower() for name in column(0)]
    assert names == sorted(names)
    assert (
        page.run("return document.querySelector('#table th').getAttribute('aria-sort')")
        == "ascending"
    )
    page.click("[data-column=name]")
    assert [name.lower() for name in column(0)] == names[::-1]


# --- how it looks ----------------------------------------------------------------


def test_it_is_dark_where_all_is_dark(page: Browser) -> None:
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    light = page.run(ground)
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.emulate("setEmulatedMedia", features=dark)
    assert page.run(ground) != light


@pytest.mark.parametrize("width", [400, 768, 1400])
def test_nothing_runs_out_of_a_narrow_window(
    browser: Browser, show: Show, of_shop: tuple[Report, Picture], width: int
) -> None:
    browser.be_wide(width)
    page = show(*of_shop)
    page.click("#choose-all")
    assert page.run("return document.documentElement.scrollWidth") <= width


def test_what_is_drawn_can_be_told_without_seeing_it(page: Browser) -> None:
    unnamed = page.run(
        "return [...document.querySelectorAll('button, input, [role=button]')]"
        ".filter((one) => !(one.getAttribute('aria-label') || one.textContent"
        " || (one.labels && one.labels.length && one.labels[0].textContent)))"
        ".map((one) => one.outerHTML)"
    )
    assert unnamed == []
    said = page.run(
        "return document.querySelector('#picture svg').getAttribute('aria-label')"
    )
    assert "The table below says the same" in said
    assert page.run("return document.querySelectorAll('[role=switch]').length") > 5
    focusable = page.run(
        "return document.querySelectorAll('#picture [tabindex=\"0\"]').length"
    )
    assert focusable == 1


def test_several_builds_are_tabs(
    browser: Browser, shop: Path, of_shop: tuple[Report, Picture], tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    drawings = [Drawn("web", *of_shop), Drawn("small", *drawn(tmp_path))]
    page = tmp_path / "page.html"
    page.write_bytes(page_of(drawings, "1.0", [("api", CtxoptError("it is gone"))]))
    browser.open(page.as_uri())
    assert "web: what a build sends" in browser.text("h1")
    browser.click("[data-id=logs-dirs]")
    once = browser.number("#total-transfer")
    browser.press("ARROW_RIGHT", on="[role=tab][aria-selected=true]")
    assert browser.text("h1") == "small: what a build sends"
    assert browser.run("return document.activeElement.textContent").startswith("small")
    assert "api: it is gone" in browser.text("#more")
    browser.press("ARROW_RIGHT")
    assert browser.number("#total-transfer") == once
    assert browser.run("return document.querySelector('[data-id=logs-dirs]').checked")
    assert browser.said() == []


def test_of_many_builds_some_are_tabs_and_the_others_rows_of_a_table(
    browser: Browser, of_shop: tuple[Report, Picture], tmp_path: Path
) -> None:
    report, picture = of_shop
    drawings = [
        Drawn(f"services/{at:03}", report, with_names(picture, f"{at:03}"))
        for at in range(300)
    ]
    page = tmp_path / "page.html"
    page.write_bytes(page_of(drawings, "1.0", most_bytes=400_000))
    assert page.stat().st_size < 400_000
    browser.open(page.as_uri())
    count = int(browser.run("return document.querySelectorAll('[role=tab]').length"))
    assert 10 < count < 300
    assert f"{count} builds of 300 can be looked into" in browser.text("#beyond")
    rows = "return document.querySelectorAll('#others tbody tr').length"
    assert browser.run(rows) == 300 - count
    browser.press("ARROW_LEFT", on="[role=tab][aria-selected=true]")
    last = f"services/{count - 1:03}"
    assert browser.text("h1") == f"{last}: what a build sends"
    assert browser.number("#total-transfer") == picture.now.transfer.wire_bytes
    browser.click("#choose-unasked")
    cost = dict(picture.known)[picture.unasked]
    assert browser.number("#total-transfer") == cost.transfer.wire_bytes
    assert f"{count - 1:03}-logs" in browser.text("#table tbody")
    assert browser.said() == []


def with_names(picture: Picture, begin: str) -> Picture:
    """A picture whose names are its own, so that it is like no other."""
    spots = (
        one._replace(name=one.name and f"{begin}-{one.name}") for one in picture.spots
    )
    return picture._replace(spots=tuple(spots))


@pytest.mark.parametrize(
    ("dockerfile", "ignore", "said"),
    [
        pytest.param("FROM scratch\n", "", "sends nothing of the context", id="unread"),
        pytest.param("FROM scratch\nCOPY . /\n", "*\n", "", id="empty"),
        pytest.param("FROM scratch\n", "[z-a]\n", "cannot be told", id="bad"),
        pytest.param("FROM scratch\nCOPY no /\n", "", "", id="missing"),
    ],
)
def test_a_build_of_little_or_nothing_has_a_page(
    show: Show, tmp_path: Path, dockerfile: str, ignore: str, said: str
) -> None:
    root = tmp_path / "shop"
    (root / "b").mkdir(parents=True)
    (root / "b" / "c").write_text("c")
    (root / "a").write_text("a")
    (root / "Dockerfile").write_text(dockerfile)
    (root / ".dockerignore").write_text(ignore)
    page = show(*drawn(root))
    assert page.said() == []
    assert said in page.text("#note")
    assert page.text("#crumbs") == "shop"


# --- names -----------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=window.harmed=1>",
    "<script>window.harmed=1<",
    "a&lt;b>",
    '"onload="window.harmed=1',
    "new\nline",
    "back\\slash",
    "\u202egnp.exe",
    "\u2028ends",
    "{{content}}",
    "${window.harmed=1}",
)


def test_hostile_names_harm_nobody(show: Show, tmp_path: Path) -> None:
    root = tmp_path / "<img src=x onerror=window.harmed=1>"
    root.mkdir()
    dockerfile = 'FROM scratch\nCOPY . "</script><b>/"\n'
    (root / "Dockerfile").write_text(dockerfile)
    for name in HOSTILE:
        (root / name).write_bytes(b"x" * 5000)
    folder = root / "<" / "script><script>window.harmed=1<" / "script>"
    folder.mkdir(parents=True)
    (folder / "logs").mkdir()
    (folder / "logs" / "a.log").write_bytes(b"x" * 70_000)
    (root / os.fsdecode(b"byte\xff.log")).write_bytes(b"x" * 9000)
    page = show(*drawn(root))
    assert page.run("return window.harmed === undefined")
    assert page.said() == []
    page.run("document.getElementById('choose-all')?.click()")
    page.run("document.getElementById('more-rows').click()")
    shown = page.text("#table tbody")
    assert HOSTILE[0] in shown
    assert r"new\nline" in shown
    assert r"byte\xff.log" in shown
    assert r"\u202egnp.exe" in shown
    assert (
        page.run("return document.querySelectorAll('img, b:not(label b)').length") == 0
    )
    assert page.run("return document.scripts.length") == 2
    assert page.run("return window.harmed === undefined")
    assert page.said() == []
    assert len(page.log()) == 1


# --- size ------------------------------------------------------------------------


def vast(report: Report, picture: Picture) -> Picture:
    """As of 230,000 entries: 4000 spots, and what goes in 15,000 places."""
    entries, spots = 230_000, [Spot("", -1, SpotKind.FOLDER)]
    spots += [Spot(f"folder-{at:03}", 0, SpotKind.FOLDER) for at in range(200)]
    sets = len(picture.sets)
    spots += [
        Spot(
            f"file-{at}.js",
            1 + at % 200,
            SpotKind.FILE,
            1,
            1_000_000 // (at + 10) + 500,
            SpotState.SWEPT,
            (0,),
            at % sets,
        )
        for at in range(3800)
    ]
    stretches = [Stretch(entries // 15_000, at % sets) for at in range(15_000)]
    rest = entries - sum(one.entries for one in stretches)
    course = picture.context._replace(
        total=picture.context.total._replace(entries=entries),
        stretches=(*stretches, Stretch(rest, 0)),
        packets=bytes(
            random.Random(1).choices((0, 2, 3, 9), (20, 70, 8, 2), k=entries)
        ),
        aside=(),
    )
    return picture._replace(spots=tuple(spots), context=course, transfer=None)


def test_a_vast_context_fits_a_small_page(
    show: Show, of_shop: tuple[Report, Picture], tmp_path: Path
) -> None:
    """Times are told, not held: others work on the same machine."""
    report, picture = of_shop
    page = show(report, vast(report, picture))
    size = (tmp_path / "page.html").stat().st_size
    assert size < 1_000_000
    paint, times = page.wait_for(
        "const say = arguments[0]; const times = [];"
        "const switches = [...document.querySelectorAll('[role=switch]')];"
        "const step = (at) => { if (at === switches.length) {"
        "  const paint = performance.getEntriesByName('first-contentful-paint');"
        "  say([paint.length ? paint[0].startTime : null, times]); return; }"
        " const start = performance.now(); switches[at].click();"
        " requestAnimationFrame(() => setTimeout(() => {"
        "  times.push(performance.now() - start); step(at + 1); }, 0)); };"
        "requestAnimationFrame(() => setTimeout(() => step(0), 300));"
    )
    print(
        f"\n230,000 entries: {size:,} bytes, first paint after {paint or 0:.0f} ms,"
        f" a switch takes {min(times):.0f} to {max(times):.0f} ms"
    )
    assert len(times) == len(report.suggestions)
    assert page.said() == []
