"""What many sources say is looked up as if each were asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.model import Location, Source
from ctxopt.core.suggest.saying import SaidPaths, names

PARTS = st.sampled_from(["a", "b", "*", "a*", "**", "c?", "d"])
TEXTS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
PATHS = st.lists(st.sampled_from(["a", "b", "ab", "c1", "d"]), min_size=1, max_size=3)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """A copy, or a mount, whose path is literal."""
    text = draw(TEXTS)
    place = Location("Dockerfile", 1, 1)
    return Source("COPY", "0", place, text, text, mount=draw(st.booleans()))


@given(st.lists(sources(), max_size=6), PATHS.map("/".join), st.booleans())
def test_a_path_is_said_by_one_that_says_it_or_by_none(
    given_sources: list[Source],
    path: str,
    inside: bool,  # noqa: FBT001
) -> None:
    found = SaidPaths(given_sources).naming(path, inside=inside)
    saying = [one for one in given_sources if names(one, path, inside=inside)]
    assert (found is None) is not bool(saying)
    assert found is None or found in saying
