"""Columns of numbers that take little room in a page.

The packets of 230,000 entries are mostly one of three numbers: two bits for each, three
entries a letter. What is none of them stands aside, in order.
"""

from __future__ import annotations

from collections import Counter

from ctxopt.core.picture.records import Course

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ASIDE = 3  # the code of what stands aside
_LARGE = 255  # of a `Course`: what it stands for is aside there


def packed(course: Course) -> dict[str, object]:
    """The packets of all entries, as `runningPackets` of the page reads them."""
    numbers = course.packets
    usual = [number for number, _ in Counter(numbers).most_common(4)]
    usual = [number for number in usual if number != _LARGE][:3]
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
        next(large) if number == _LARGE else number
        for number in numbers
        if number == _LARGE or number not in usual
    ]
    return {"codes": letters.decode(), "usual": usual, "aside": aside}
