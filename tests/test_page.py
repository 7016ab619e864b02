"""`ctxopt scan` as a page: where it goes, and what is refused."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest

from ctxopt.cli import page
from ctxopt.cli.program import Refused
from ctxopt.cli.scanning import PageTarget
from ctxopt.host.disk import pages
from tests.test_write import in_process

START = "<!doctype html>"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build, and what a page would be opened with."""
    root = tmp_path / "shop"
    (root / "logs").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (root / "logs" / "a.log").write_bytes(b"x" * 40_000)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pages, "open_page", lambda _: True)
    return root


def test_a_page_goes_to_a_file(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "context.html"
    assert in_process("scan", "--format", "html", "-o", file, shop) == (0, "", "")
    assert file.read_text("utf-8").startswith(START)
    assert {one.name for one in tmp_path.iterdir()} == {"shop", file.name}


def test_a_page_goes_to_standard_output_where_no_file_is_named(shop: Path) -> None:
    status, out, said = in_process("scan", "--format", "html", shop)
    assert (status, said) == (0, "")
    assert out.startswith(START)


def test_a_terminal_is_not_filled_with_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(Refused, match="a page is no text for a terminal"):
        page._check(PageTarget())
    page._check(PageTarget(opens=True))


def test_a_page_takes_the_place_of_another_one(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "context.html"
    file.write_text("old")
    file.chmod(0o640)
    assert in_process("scan", "--format=html", f"--output={file}", shop)[0] == 0
    assert file.read_text("utf-8").startswith(START)
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_page_in_the_context_is_told_of_and_not_part_of_what_it_shows(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    status, _, said = in_process("scan", "--format", "html", "-o", "context.html")
    assert status == 0
    assert said.startswith('ctxopt: note: "context.html" lies in the context')
    assert "context.html" not in Path("context.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param(".", "this is a folder", id="a folder"),
        pytest.param("no/a.html", 'there is no folder "', id="in no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_walk(
    shop: Path, tmp_path: Path, place: str, message: str
) -> None:
    file = os.path.join(tmp_path, place)
    status, out, said = in_process("scan", "--format", "html", "-o", file, shop)
    assert (status, out) == (2, "")
    assert message in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["shop"]


def test_a_page_is_opened_in_the_browser(shop: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache" / "ctxopt" / "context.html"
    status, out, said = in_process("scan", "--open", shop)
    assert (status, out, said) == (0, "", f"ctxopt: note: the page is {place}\n")
    assert place.read_text("utf-8").startswith(START)
    assert place.parent.stat().st_mode & 0o077 == 0


def test_that_there_is_no_browser_is_said(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "open_page", lambda _: False)
    status, _, said = in_process("scan", "--open", shop)
    assert status == 0
    assert "no browser was found here: open that file in one" in said


@pytest.fixture
def several(shop: Path) -> Path:
    """Two builds that can be measured, and one that is refused."""
    (shop / "small").mkdir()
    (shop / "small" / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (shop / "broken").mkdir()
    (shop / "broken" / "Dockerfile").write_text("FROM scratch\nCOPY\n")
    return shop


def builds_of(text: str) -> list[str]:
    found = re.search(r'id="content">(.*?)</script>', text)
    assert found is not None
    return [one["name"] for one in json.loads(found[1])["builds"]]


def test_all_builds_are_on_one_page_those_that_send_most_first(several: Path) -> None:
    status, out, said = in_process("scan", "--all", "--format", "html", several)
    assert status == 0
    names = builds_of(out)
    assert names[0] == "Dockerfile"
    assert "small" in names
    assert "broken" not in names
    assert said.startswith("ctxopt: error: broken: ")


def test_a_page_of_no_build_at_all_is_refused(several: Path, tmp_path: Path) -> None:
    file = tmp_path / "context.html"
    words = ("scan", "--format", "html", "-o", file, "--dockerfiles", "broken/*")
    status, out, said = in_process(*words, several)
    assert (status, out) == (2, "")
    assert "error: " in said
    assert not file.exists()


def test_output_is_docker_s_where_no_page_is_asked_for(shop: Path) -> None:
    status, _, said = in_process("scan", "-o", "type=local,dest=out", shop)
    assert status == 0
    assert "-o does not change what is sent, ignored" in said
    status, _, said = in_process("scan", "--open", "-o", "type=local,dest=out", shop)
    assert status == 2
    assert "is for docker build; here it is the file" in said
