"""An owner that is named, in a stage in which nothing can be looked up."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace


def names(text: str) -> list[tuple[int, str]]:
    """The lines and names; `FROM scratch` goes without saying."""
    content = text if text.startswith("FROM") else f"FROM scratch\n{text}"
    traced = trace(link(parse(content.encode(), "Dockerfile"), BuildOptions()))
    return [(place.line, name) for place, name in traced.homeless_owners]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("COPY --chown=app a /", [(2, "app")], id="a user"),
        pytest.param("COPY --chown=1:app a /", [(2, "app")], id="a group"),
        pytest.param("COPY --chown=app:1 a /", [(2, "app")], id="a user of two"),
        pytest.param("COPY --chown=a:b:c a /", [(2, "a")], id="the first of two"),
        pytest.param("COPY --link --chown=app a /", [(2, "app")], id="--link"),
        pytest.param("ADD --chown=app a /", [(2, "app")], id="ADD"),
        pytest.param(
            "COPY --chown=99999999999 a /", [(2, "99999999999")], id="no such number"
        ),
        pytest.param("ARG U=app\nCOPY --chown=$U a /", [(3, "app")], id="a variable"),
        pytest.param("USER app\nWORKDIR /x", [(3, "app")], id="a folder of the user"),
        pytest.param(
            "COPY --chown=app <<E /x\nhi\nE", [(2, "app")], id="what stands here"
        ),
        pytest.param(
            "FROM scratch AS a\nFROM a\nCOPY --chown=app a /",
            [(3, "app")],
            id="in a stage on an empty one",
        ),
        pytest.param("COPY --chown=root:root a /", [], id="root is known"),
        pytest.param("COPY --chown=1:1000 a /", [], id="numbers"),
        pytest.param("COPY --chown=-1 a /", [], id="a negative one"),
        pytest.param("COPY --chown=: a /", [], id="nobody"),
        pytest.param("COPY --chown=$NO a /", [], id="an unset variable"),
        pytest.param("COPY a /\nCOPY --chown=app a /", [], id="after a step"),
        pytest.param("WORKDIR /x\nCOPY --chown=app a /", [], id="after a folder"),
        pytest.param("WORKDIR /\nCOPY --chown=app a /", [(3, "app")], id="the root"),
        pytest.param("USER app\nWORKDIR /", [], id="the root is there"),
        pytest.param("USER app\nCOPY a /x/", [], id="USER owns no copy"),
        pytest.param("FROM base\nCOPY --chown=app a /", [], id="in an image"),
        pytest.param(
            "FROM scratch AS no\nCOPY --chown=app a /\nFROM base",
            [],
            id="in a stage that nobody needs",
        ),
    ],
)
def test_a_name_is_looked_up_in_nothing(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert names(text) == expected
