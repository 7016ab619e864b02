"""Under which name a path arrives, as BuildKit has put it (asked in November 2026)."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.model import Reach, SourceKind
from ctxopt.core.sources.reach import Journey, journey_of


def journey(text: str, path: str, *, is_folder: bool = False) -> Journey:
    traced = trace(link(parse(text.encode(), "Dockerfile"), BuildOptions()))
    taking = [one for one in traced.sources if one.kind is SourceKind.CONTEXT]
    return journey_of(traced, taking[-1], path, is_folder=is_folder)


@pytest.mark.parametrize(
    ("steps", "path", "place"),
    [
        pytest.param("COPY one.txt /x", "one.txt", "/x", id="a file under a new name"),
        pytest.param("COPY one.txt /x/", "one.txt", "/x/one.txt", id="into a folder"),
        pytest.param("COPY one.txt /x/.", "one.txt", "/x/one.txt", id="into its dot"),
        pytest.param("COPY one.txt /x.", "one.txt", "/x.", id="a name with a dot"),
        pytest.param("COPY *.txt /x", "two.txt", "/x", id="a hit without a slash"),
        pytest.param("WORKDIR /w\nCOPY one.txt y", "one.txt", "/w/y", id="relative"),
        pytest.param(
            "WORKDIR /a\nWORKDIR sub\nCOPY src .", "src/x", "/a/sub/x", id="deeper"
        ),
        pytest.param("COPY src /x", "src/lib/b", "/x/lib/b", id="below a folder"),
        pytest.param("COPY s*/a.py /x/", "src/a.py", "/x/a.py", id="a wildcard's hit"),
        pytest.param("COPY s* /x/", "src/a.py", "/x/a.py", id="a folder that is hit"),
        pytest.param(
            "COPY --parents src/lib/b /x/", "src/lib/b", "/x/src/lib/b", id="parents"
        ),
        pytest.param(
            "COPY --parents src/./lib/b /x/", "src/lib/b", "/x/lib/b", id="a pivot"
        ),
        pytest.param("COPY src /d/\nCOPY one /d", "one", "/d/one", id="a folder made"),
        pytest.param(
            "COPY one /d/k\nCOPY two /d", "two", "/d/two", id="a folder made on the way"
        ),
    ],
)
def test_a_path_arrives_where_buildkit_puts_it(
    steps: str, path: str, place: str
) -> None:
    found = journey(f"FROM scratch\n{steps}\n", path)
    assert found.reach is Reach.IMAGE
    assert [hop.place for hop in found.hops] == [place]
    assert all(hop.sure for hop in found.hops)


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        pytest.param(
            "COPY src /d\nFROM scratch\nCOPY --from=0 /d /q/", ["/d", "/q"], id="itself"
        ),
        pytest.param(
            "COPY . /a\nFROM scratch\nCOPY --from=0 a/src t/",
            ["/a/src", "/t"],
            id="what lies in a folder that was copied",
        ),
    ],
)
def test_of_a_folder_that_is_copied_the_content_arrives(
    steps: str, places: list[str]
) -> None:
    found = journey(f"FROM scratch\n{steps}\n", "src", is_folder=True)
    assert [hop.place for hop in found.hops] == places


def test_a_hop_has_the_copy_that_makes_it() -> None:
    found = journey(
        "FROM a AS b\nCOPY src /s/\nFROM b AS c\nFROM d\nCOPY --from=c /s /t/\n",
        "src/x",
    )
    assert [(hop.stage, hop.place) for hop in found.hops] == [
        ("b", "/s/x"),
        ("c", "/s/x"),
        ("2", "/t/x"),
    ]
    assert [hop.by and hop.by.location.line for hop in found.hops] == [None, None, 5]


@pytest.mark.parametrize(
    ("steps", "sure", "inside"),
    [
        pytest.param("FROM a\nCOPY src lib", False, False, id="an image's WORKDIR"),
        pytest.param("FROM a\nCOPY one /opt", True, True, id="an image's folder"),
        pytest.param("FROM a\nCOPY one /opt/one", True, False, id="its own name"),
        pytest.param("FROM a\nCOPY one /etc/a.conf", True, False, id="an ending"),
        pytest.param("FROM scratch\nCOPY one /opt", True, False, id="an empty image"),
        pytest.param(
            "FROM scratch AS e\nFROM e\nRUN mkdir /o\nCOPY one /o", True, True, id="RUN"
        ),
    ],
)
def test_what_an_image_decides_is_not_promised(
    steps: str, *, sure: bool, inside: bool
) -> None:
    name = "one" if "one" in steps else "src/x"
    (hop,) = journey(f"{steps}\n", name).hops
    assert (hop.sure, hop.inside) == (sure, inside)
