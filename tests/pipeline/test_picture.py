"""What a page may say of any choice of suggestions: exactly what ctxopt would measure.

`Advice.after` is held against measurements on disk in `test_advice_properties`; here
the sums that a page carries are held against it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.picture import lines
from ctxopt.core.picture.records import Course, Picture, SpotState
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Advice, Estimate, advise, rule_index_of
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.picture import LEVELS, PLACES, picture_of
from tests import projects as samples
from tests.picturesums import Totals, totals
from tests.test_advice_properties import Project, projects

ALL = tuple(BuilderName)


def measured(request: Request) -> tuple[MeasuredBuild, Advice]:
    found = measure(
        request, top=PLACES, depth=LEVELS, rule_index=partial(rule_index_of)
    )
    return found, advise(found, Estimate())


def said(advice: Advice, chosen: list[int]) -> Totals:
    cost = advice.after([advice.weighed[at] for at in chosen])
    return Totals(
        cost.transfer.wire_bytes,
        cost.transfer.files,
        cost.repeat_wire_bytes,
        cost.context.wire_bytes,
        cost.context.files,
    )


def check_spots(picture: Picture, found: MeasuredBuild) -> None:
    """All bytes have a spot, and what a set of suggestions takes is told by spots."""
    root = found.found.measurement.root
    assert sum(one.weight for one in picture.spots) == root.weight
    assert all(one.parent < at for at, one in enumerate(picture.spots))
    by_set: defaultdict[int, int] = defaultdict(int)
    for one in picture.spots:
        if one.state is not SpotState.UNSENT:
            by_set[one.chosen_by] += one.weight
    course = picture.transfer or picture.context
    expected = defaultdict(int, ids_by_set(course))
    for at, bulk in course.groups:
        expected[at] += bulk.stat_bytes + bulk.data_bytes
    told = {at: weight for at, weight in expected.items() if at and weight}
    assert {at: weight for at, weight in by_set.items() if at} == told


def ids_by_set(course: Course) -> dict[int, int]:
    """What the ids in packets weigh, and folders sent late, for each set."""
    found: defaultdict[int, int] = defaultdict(int)
    aside = iter(course.aside)
    packets = [next(aside) if one == 255 else one for one in course.packets]
    position = 0
    for one in course.stretches:
        places = range(position, position + one.entries)
        for place in places if packets else ():
            width = sum(width for bound, width in course.steps if place >= bound)
            found[one.chosen_by] += packets[place] * width
        position += one.entries
    for late in course.late:
        found[course.stretches[late.at].chosen_by] += late.stat_bytes
    return found


@pytest.mark.deep
@given(projects(ALL), st.data())
def test_a_page_says_of_any_choice_what_would_be_measured(
    project: Project, drawing: st.DataObject
) -> None:
    with project.laid() as laid:
        try:
            found, advice = measured(laid.request)
        except CtxoptError:
            reject()  # refused, or its block is damaged
        picture = picture_of(found, advice)
        count = len(advice.weighed)
        choices = st.lists(st.booleans(), min_size=count, max_size=count)
        chosen = [at for at, on in enumerate(drawing.draw(choices)) if on]
        if picture.text.is_exact and chosen:
            text = advice.file_with([advice.weighed[at] for at in chosen]).to_bytes()
            made = lines.assembled(picture.text, chosen)
            assert made.encode("utf-8", "surrogateescape") == text
        if not picture.about:
            assert totals(picture, chosen) == said(advice, chosen)


@pytest.mark.deep
@pytest.mark.parametrize("builder", ALL)
@pytest.mark.parametrize("name", samples.names())
def test_the_picture_of_a_project_adds_up(
    name: str, builder: BuilderName, tmp_path: Path
) -> None:
    root = samples.lay_out(name, tmp_path)
    found, advice = measured(Request(root, builder=builder))
    picture = picture_of(found, advice)
    check_spots(picture, found)
    every = [*range(len(advice.weighed))]
    assert picture.about == ()
    for chosen in ([], every, every[::2], every[1::3]):
        assert totals(picture, chosen) == said(advice, chosen)


def test_however_few_spots_there_are_all_bytes_have_one(tmp_path: Path) -> None:
    root = samples.lay_out("python-web", tmp_path)
    found, advice = measured(Request(root))
    sizes = []
    for most in (1, 60, 4000):
        picture = picture_of(found, advice, most=most)
        check_spots(picture, found)
        sizes.append(len(picture.spots))
    assert sizes == sorted(sizes)
    assert sizes[0] < 60 < sizes[2]
