"""Functions of lists and maps. Source: go-cty, function/stdlib/collection.go."""

from __future__ import annotations

from decimal import Decimal

from ctxopt.core.bake.evaluation.values import (
    Value,
    is_same,
    to_number,
    to_sequence,
    to_table,
    to_text,
    to_whole,
    unified,
)
from ctxopt.core.bake.records import BakeRefusedError

_MOST_OF_RANGE = 1024
_MOST_MEMBERS = 100_000


def length(of: Value) -> Value:
    """How many members; text has none, and is asked with strlen."""
    return Decimal(len(to_sequence(of) if isinstance(of, tuple) else to_table(of)))


def concat(*lists: Value) -> Value:
    return _few(tuple(one for part in lists for one in to_sequence(part)))


def _few(members: tuple[Value, ...]) -> tuple[Value, ...]:
    if len(members) > _MOST_MEMBERS:
        raise BakeRefusedError("this list grows too long to be read")
    return members


def contains(of: Value, member: Value) -> Value:
    return any(is_same(one, member) for one in unified((*to_sequence(of),)))


def coalesce(*given: Value) -> Value:
    """The first that is not null; an empty text is one."""
    for at, one in enumerate(given):
        if one is not None:
            return unified(given)[at]
    raise BakeRefusedError("no argument of coalesce is set")


def coalescelist(*given: Value) -> Value:
    for one in given:
        if one:
            return one
    raise BakeRefusedError("no argument of coalescelist has members")


def compact(of: Value) -> Value:
    return tuple(one for one in to_sequence(of) if one is not None and one != "")


def distinct(of: Value) -> Value:
    found: list[Value] = []
    for one in to_sequence(of)[:_MOST_OF_RANGE]:
        if not any(is_same(one, other) for other in found):
            found.append(one)
    return tuple(found)


def flatten(of: Value) -> Value:
    """The members of lists in a list, however deep."""
    found: list[Value] = []
    rest = list(reversed(to_sequence(of)))
    while rest:
        one = rest.pop()
        if isinstance(one, tuple):
            rest.extend(reversed(one))
        else:
            found.append(one)
    return _few(tuple(found))


def reverselist(of: Value) -> Value:
    return to_sequence(of)[::-1]


def sort(of: Value) -> Value:
    return tuple(sorted(to_text(one) for one in to_sequence(of)))


def element(of: Value, at: Value) -> Value:
    """The member at a place, counted round and round."""
    members = to_sequence(of)
    if not members:
        raise BakeRefusedError("element has no member to take from an empty list")
    return members[to_whole(at) % len(members)]


def index(of: Value, key: Value) -> Value:
    return lookup(of, key) if not isinstance(of, tuple) else _at(of, key)


def _at(of: tuple[Value, ...], key: Value) -> Value:
    place = to_whole(key)
    if not 0 <= place < len(of):
        raise BakeRefusedError(f"there is no member {place} in a list of {len(of)}")
    return of[place]


def hasindex(of: Value, key: Value) -> Value:
    if isinstance(of, tuple):
        return isinstance(key, Decimal) and key % 1 == 0 and 0 <= key < len(of)
    return isinstance(key, str) and key in to_table(of)


def indexof(of: Value, member: Value) -> Value:
    for at, one in enumerate(to_sequence(of)):
        if is_same(one, member):
            return Decimal(at)
    raise BakeRefusedError("indexof finds no such member")


def slice_(of: Value, start: Value, end: Value) -> Value:
    members, first, last = to_sequence(of), to_whole(start), to_whole(end)
    if not 0 <= first <= last <= len(members):
        raise BakeRefusedError(
            f"a list of {len(members)} has no members {first} to {last}"
        )
    return members[first:last]


def chunklist(of: Value, size: Value) -> Value:
    members, count = to_sequence(of), to_whole(size)
    if count < 1:
        return (members,)
    return tuple(members[at : at + count] for at in range(0, len(members), count))


def keys(of: Value) -> Value:
    return tuple(sorted(to_table(of)))


def values_(of: Value) -> Value:
    return tuple(one for _, one in sorted(to_table(of).items()))


def merge(*tables: Value) -> Value:
    """All rows, the later ones of a key; null counts as empty."""
    found: dict[str, Value] = {}
    for one in tables:
        found.update({} if one is None else to_table(one))
    return found


def lookup(of: Value, key: Value, *default: Value) -> Value:
    name = to_text(key)
    if name in to_table(of):
        return to_table(of)[name]
    if len(default) != 1:
        raise BakeRefusedError(f'there is no "{name}" in this map')
    return default[0]


def zipmap(names: Value, members: Value) -> Value:
    firsts, seconds = to_sequence(names), to_sequence(members)
    if len(firsts) != len(seconds):
        raise BakeRefusedError("zipmap needs as many values as keys")
    return {to_text(name): one for name, one in zip(firsts, seconds, strict=True)}


def range_(*given: Value) -> Value:
    """`range(3)` is 0, 1, 2; a start comes before the end, a step behind it."""
    numbers = [to_number(one) for one in given]
    if not 1 <= len(numbers) <= 3:
        raise BakeRefusedError("range takes one to three numbers")
    start, end = (Decimal(0), numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else Decimal(-1 if end < start else 1)
    if step == 0 or (end - start) / step > _MOST_OF_RANGE or (end - start) * step < 0:
        raise BakeRefusedError("range makes 1024 numbers at most, towards its end")
    found: list[Value] = []
    while (start < end) if step > 0 else (start > end):
        found.append(start)
        start += step
    return tuple(found)


def setproduct(*sets: Value) -> Value:
    """Each member of the first with each of the second, and so on."""
    found: list[tuple[Value, ...]] = [()]
    for one in sets:
        found = [(*row, member) for row in found for member in to_sequence(one)]
        _few(tuple(found))
    return tuple(found)


def setunion(*sets: Value) -> Value:
    return _as_set(concat(*sets))


def setintersection(first: Value, *sets: Value) -> Value:
    kept = [one for one in to_sequence(first) if all(contains(x, one) for x in sets)]
    return _as_set(tuple(kept))


def setsubtract(one: Value, other: Value) -> Value:
    return _as_set(tuple(x for x in to_sequence(one) if not contains(other, x)))


def _as_set(of: Value) -> Value:
    members = to_sequence(distinct(of))
    is_text = all(isinstance(one, str) for one in members)
    return tuple(sorted(members, key=str)) if is_text else members


def equal(one: Value, other: Value) -> Value:
    return is_same(one, other)


def notequal(one: Value, other: Value) -> Value:
    return not is_same(one, other)
