"""Columns of numbers that take little room in a page.

The packets of 230,000 entries are mostly one of three numbers: two bits for each, three
entries a letter. What is none of them stands aside, in order.
"""

from __future__ import annotations

from collections import Counter

from ctxopt.core.picture.records import LARGE, Course, OwnEntry

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ASIDE = 3  # the code of what stands aside


def packed(course: Course) -> dict[str, object]:
    """The packets of all entries, as `runningPackets` of the page reads them."""
    numbers = course.packets
    usual = [number for number, _ in Counter(numbers).most_common(4)]
    usual = [number for number in usual if number != LARGE][:3]
    codes = bytearray([ASIDE]) * 256
    for code, number in enumerate(usual):
        codes[number] = code
    coded = numbers.translate(bytes(codes))
    coded += bytes(-len(coded) % 3)
    triples = zip(coded[::3], coded[1::3], coded[2::3], strict=True)
    letters = bytes(
        ALPHABET[one | two << 2 | three << 4] for one, two, three in triples
    )
    large = iter(course.aside)
    aside = [
        next(large) if number == LARGE else number
        for number in numbers
        if number == LARGE or number not in usual
    ]
    return {"codes": letters.decode(), "usual": usual, "aside": aside}


def weights_by_size(own: OwnEntry) -> dict[str, object]:
    """What a file weighs at each size, as `weightOf` of the page reads it.

    Where a builder frames a content, data grows with each byte and what is left of it
    stays the same over long runs: only these are told, by the size they begin with.
    """
    sizes = range(own.least, own.least + len(own.weights))
    slope = min((0, 1), key=lambda one: len(set(_flat(own, sizes, one))))
    runs: list[list[int]] = []
    for size, weight in zip(sizes, _flat(own, sizes, slope), strict=True):
        if not runs or runs[-1][1:] != [*weight]:
            runs.append([size, *weight])
    return {"slope": slope, "runs": runs}


def _flat(own: OwnEntry, sizes: range, slope: int) -> list[tuple[int, int, int]]:
    """The weights, data bytes without so much for each byte of the file."""
    pairs = zip(own.weights, sizes, strict=True)
    return [(stat, data - slope * size, count) for (stat, data, count), size in pairs]
