"""The list of what is proposed: who speaks for a path, and what is left of a folder."""

from __future__ import annotations

import pytest

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.suggest.proposals import Proposal, ProposalList
from tests.core.suggest.matches import match, proposal


def listed(*proposals: Proposal | None) -> ProposalList:
    so_far = ProposalList()
    so_far.put(proposals)
    return so_far


@pytest.mark.parametrize(
    ("taken", "found", "free"),
    [
        pytest.param([match("a/")], match("a/"), False, id="the folder itself"),
        pytest.param([match("a/")], match("a/b"), False, id="a file in it"),
        pytest.param([match("a/")], match("a/b/c/"), False, id="a folder far below"),
        pytest.param([match("a", "b")], match("a", "b"), False, id="the same files"),
        pytest.param([match("a", "b")], match("b"), False, id="one of the files"),
        pytest.param(
            [match("a"), match("b")], match("a", "b"), False, id="all files, apart"
        ),
        pytest.param([match("a")], match("a", "b"), True, id="one file of two"),
        pytest.param([match("a/")], match("ab/"), True, id="a longer name"),
        pytest.param([match("a/")], match("b/a/"), True, id="the same name elsewhere"),
        pytest.param([match("a/b")], match("a/"), True, id="the folder around a file"),
        pytest.param([match("a")], match("a/b"), True, id="below what is no folder"),
        pytest.param([], match("a/"), True, id="nothing is proposed"),
    ],
)
def test_a_path_is_free_until_somebody_speaks_for_it(
    taken: list[ClutterMatch], found: ClutterMatch, *, free: bool
) -> None:
    assert listed(*map(proposal, taken)).is_free(found) is free


# A folder of three files at position 1; what is taken stands at a position, too.
@pytest.mark.parametrize(
    ("taken", "emptied"),
    [
        pytest.param([], False, id="nothing is taken"),
        pytest.param([match("d/a", "b", "c", at=2)], True, id="all files at once"),
        pytest.param(
            [match("d/b", "c", at=3), match("d/a", at=2)], True, id="one after another"
        ),
        pytest.param([match("d/a", "b", at=2)], False, id="all files but one"),
        pytest.param(
            [match("d/a", "b", at=2), match("d/a", "b", at=2)],
            False,
            id="the same files twice are no more files",
        ),
        pytest.param(
            [match("d/b", at=3), match("d/a", "b", "c", at=2)],
            True,
            id="some of the files twice",
        ),
        pytest.param([match("x", "y", "z", at=5)], False, id="as many files elsewhere"),
        pytest.param([match("d/c", "x", "y", at=4)], False, id="across its end"),
    ],
)
def test_a_folder_is_emptied_when_all_of_its_files_are_taken(
    taken: list[ClutterMatch], *, emptied: bool
) -> None:
    folder = match("d/", at=1, files=3)
    assert listed(*map(proposal, taken)).is_already_emptied(folder) is emptied


def test_a_file_is_never_emptied() -> None:
    file = match("a", at=1)
    assert not listed(proposal(file)).is_already_emptied(file)


def test_what_is_put_after_a_question_counts_in_the_next_one() -> None:
    folder = match("d/", at=1, files=2)
    so_far = listed(proposal(match("d/b", at=3)))
    assert not so_far.is_already_emptied(folder)
    so_far.put([proposal(match("d/a", at=2))])
    assert so_far.is_already_emptied(folder)


@pytest.mark.parametrize(
    ("taken", "size"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([match("a", size=5), match("b/", size=7)], 12, id="side by side"),
        pytest.param(
            [match("a/b", size=5), match("a/", size=7)], 7, id="one in the other, once"
        ),
        pytest.param([match("a/", size=7), match("a/b", size=5)], 7, id="in any order"),
    ],
)
def test_bytes_are_counted_once(taken: list[ClutterMatch], size: int) -> None:
    assert listed(*map(proposal, taken)).sent_bytes == size


def test_one_find_of_two_proposals_is_counted_once() -> None:
    find = match("a", size=5)
    assert listed(proposal(find), proposal(find)).sent_bytes == 5


@pytest.mark.parametrize(
    ("proposals", "left"),
    [
        pytest.param(
            [proposal(match("a/b"), rule="file"), proposal(match("a/"), rule="folder")],
            ["folder"],
            id="a file goes with the folder",
        ),
        pytest.param(
            [proposal(match("a/b"), match("c"), rule="both"), proposal(match("a/"))],
            ["both", "rule"],
            id="what lies in part elsewhere stays",
        ),
        pytest.param(
            [proposal(match("a/"), match("a/b"), rule="own")],
            ["own"],
            id="nobody takes itself back",
        ),
        pytest.param(
            [proposal(match("a"), rule="one"), proposal(match("b/"), rule="other")],
            ["one", "other"],
            id="neighbours stay",
        ),
    ],
)
def test_what_lies_in_a_folder_that_goes_is_taken_back(
    proposals: list[Proposal], left: list[str]
) -> None:
    so_far = listed(*proposals)
    so_far.drop_covered()
    assert [one.rule for one in so_far.made] == left


def test_no_proposal_is_left_aside() -> None:
    one = proposal(match("a"))
    assert listed(None, one, None).made == [one]


def test_the_sources_of_a_proposal_are_those_of_all_it_takes() -> None:
    assert proposal(match("a", mask=1), match("b", mask=4)).mask == 5
    assert proposal().mask == 0
