"""A stream without its order: what ids weigh now stays with what they belong to."""

from __future__ import annotations

from ctxopt.core.picture.courses import without_order
from ctxopt.core.picture.records import Bulk, Course, LateFolder, Stretch
from tests.picturesums import remainder

# Ids weigh 0, 3 x 2, 300 x 2 and 1 x 3 bytes.
COURSE = Course(
    total=Bulk(4, 0, 100, 40, 60),
    groups=((1, Bulk(2, 0, 70, 20, 30)),),
    stretches=(Stretch(2, 0), Stretch(2, 1)),
    late=(),
    steps=((1, 2), (3, 1)),
    packets=bytes([2, 3, 255, 1]),
    aside=(300,),
)


def test_all_of_it_and_what_a_set_leaves_behind_it_weigh_the_same() -> None:
    made = without_order(COURSE)
    for hit in ([False, False], [False, True]):
        assert remainder(made, hit).bulk == remainder(COURSE, hit).bulk
    assert remainder(made, [False, False]).bulk.data_bytes == 60 + 6 + 600 + 3


def test_it_takes_no_room_for_each_entry() -> None:
    made = without_order(COURSE._replace(late=(LateFolder(0, 1, 5),)))
    assert (made.stretches, made.late, made.steps, made.packets, made.aside) == (
        *((), (), ()),
        *(b"", ()),
    )
    assert made.is_coarse


def test_a_stream_without_ids_keeps_its_sums() -> None:
    legacy = COURSE._replace(steps=(), packets=b"", aside=())
    made = without_order(legacy)
    assert (made.total, made.groups) == (legacy.total, legacy.groups)
