from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.suggest.askers import KINDS, is_manifest

NAMES = [name for kind in KINDS for name in kind.names]


@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "vite.config.ts", "webpack.prod.js", "a.csproj", ".gradle"],
)
def test_a_manifest_that_may_ask_git_is_known_by_its_name(name: str) -> None:
    assert is_manifest(name)


@pytest.mark.parametrize(
    "name", ["", "pyproject.toml.bak", "vite.config", "webpack.j", "csproj", "a.CSPROJ"]
)
def test_other_names_are_left_alone(name: str) -> None:
    assert not is_manifest(name)


def test_no_name_has_more_than_one_star() -> None:
    """What is before it and behind it is compared, nothing between two of them."""
    assert [name for name in NAMES if name.count("*") > 1 or set("?[") & {*name}] == []


@given(
    st.builds(
        lambda name, middle, extra: name.replace("*", middle) + extra,
        st.sampled_from(NAMES),
        st.text("a.x", max_size=3),
        st.sampled_from(["", "", "", ".x", "a"]),
    )
)
def test_names_are_compared_as_globs_are(name: str) -> None:
    assert is_manifest(name) == any(fnmatchcase(name, one) for one in NAMES)
