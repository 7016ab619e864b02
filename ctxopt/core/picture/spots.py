"""The heaviest folders and files of a context, and the rest summed up.

Where a place is drawn as one, all in it must be alike: of a folder of which a part goes
with a suggestion, and a part is not sent, each is a spot. What they weigh follows from
the layers of both streams, to the byte.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ctxopt.core.model import Place
from ctxopt.core.picture.layers import LayerIndex
from ctxopt.core.picture.records import Spot, SpotKind, SpotState
from ctxopt.core.picture.states import Takers
from ctxopt.core.tuples import NamedTuple

MOST_SPOTS = 4000  # 300 kB of a page; a screen has room for fewer


class Overlay(NamedTuple):
    """The layers of a context and of its transfer; one and the same where all is sent.

    `uses_all`: nothing is sent but what sources take.
    """

    context: LayerIndex
    transfer: LayerIndex
    takers: Takers
    uses_all: bool


def spots_of(
    root: Place, overlay: Overlay, *, most: int = MOST_SPOTS
) -> tuple[Spot, ...]:
    """The spots of a context, folders before what is in them, heaviest first."""
    drawing = _Drawing(overlay, _opened(root, most))
    drawing.draw(root, -1)
    return tuple(drawing.spots)


def _opened(root: Place, most: int) -> frozenset[str]:
    """The folders that are looked into: always the heaviest of those that are not."""
    opened: set[str] = set()
    waiting = [(-root.weight, root.path, root)]
    count = 1
    while waiting and count < most:
        _, _, place = heapq.heappop(waiting)
        opened.add(place.path)
        count += len(place.children) + 1
        for child in place.children:
            if child.children:
                heapq.heappush(waiting, (-child.weight, child.path, child))
    return frozenset(opened)


class _Part(NamedTuple):
    """What is alike in a place."""

    entries: int = 0
    weight: int = 0


# By the set of suggestions that take it, and whether it is sent.
_Parts = Mapping[tuple[int, bool], _Part]


class _Drawing:
    """Spots as they are put down, one after the other."""

    def __init__(self, overlay: Overlay, opened: frozenset[str]) -> None:
        self.spots: list[Spot] = []
        self._overlay = overlay
        self._opened = opened

    def draw(self, place: Place, parent: int) -> _Parts:
        """Put down a place and what is in it; its parts, for the rest of its folder."""
        parts = _parts(place, self._overlay)
        name = place.path.rpartition("/")[2]
        if place.children and place.path in self._opened:
            self._folder(place, name, parent, parts)
        elif len(parts) == 1:
            kind = SpotKind.FILE if place.kind == "file" else SpotKind.FOLDER
            ((key, part),) = parts.items()
            spot = Spot(name, parent, kind, part.entries, part.weight)
            self._put(spot, place, *key)
        elif parts or parent < 0:
            at = len(self.spots)
            self.spots.append(Spot(name, parent, SpotKind.FOLDER))
            self._rest(place, at, parts)
        return parts

    def _folder(self, place: Place, name: str, parent: int, parts: _Parts) -> None:
        at = len(self.spots)
        self.spots.append(Spot(name, parent, SpotKind.FOLDER))
        left = defaultdict(_Part, parts)
        for child in place.children:
            for key, part in self.draw(child, at).items():
                mine = left[key]
                left[key] = _Part(
                    mine.entries - part.entries, mine.weight - part.weight
                )
        self._rest(place, at, left, place.children)

    def _rest(
        self, place: Place, at: int, parts: _Parts, apart: Sequence[Place] = ()
    ) -> None:
        """Put down what of a folder has no spot of its own."""
        for key, part in sorted(parts.items()):
            if part.weight > 0:
                spot = Spot("", at, SpotKind.REST, part.entries, part.weight)
                self._put(spot, place, *key, apart)

    def _put(
        self,
        spot: Spot,
        place: Place,
        chosen_by: int,
        is_sent: bool,  # noqa: FBT001  # as the keys of parts are
        apart: Sequence[Place] = (),
    ) -> None:
        """Put down what is drawn as one, with all that is known of it."""
        self.spots.append(
            spot._replace(
                state=self._state(place, is_sent=is_sent, apart=apart),
                takers=place.sources if is_sent else (),
                chosen_by=chosen_by,
            )
        )

    def _state(
        self, place: Place, *, is_sent: bool, apart: Sequence[Place] = ()
    ) -> SpotState:
        if not is_sent:
            return SpotState.UNSENT
        takers = self._overlay.takers
        if place.kind == "file":
            return takers.of_file(place.sources)
        unused = place.file_bytes - place.used_bytes
        unused -= sum(one.file_bytes - one.used_bytes for one in apart)
        return takers.of_many(
            place.path,
            place.sources,
            used=self._overlay.uses_all or not unused,
            apart=[one.path for one in apart],
        )


def _parts(place: Place, overlay: Overlay) -> _Parts:
    """What is alike in a place, and what it weighs."""
    around = overlay.context.chosen_by(*place.span)
    found = _Weights()
    sent_entries = place.sent[1] - place.sent[0]
    all_entries = place.span[1] - place.span[0]
    found.add((around, True), sent_entries, place.wire_bytes)
    found.add((around, False), all_entries - sent_entries, place.unsent_bytes)
    for one in overlay.transfer.within(*place.sent):
        own, chosen_by = one.own, one.chosen_by
        wire = own.stat_bytes + own.data_bytes + one.id_bytes
        found.move((around, True), (chosen_by, True), own.entries, wire)
        if overlay.transfer is not overlay.context:
            found.move((chosen_by, False), (around, False), own.entries, own.file_bytes)
    if overlay.transfer is not overlay.context:
        for one in overlay.context.within(*place.span):
            key = (one.chosen_by, False)
            found.move((around, False), key, one.own.entries, one.own.file_bytes)
    return found.parts()


class _Weights:
    """Entries and bytes by what is alike."""

    def __init__(self) -> None:
        self._found: defaultdict[tuple[int, bool], list[int]]
        self._found = defaultdict(lambda: [0, 0])

    def add(self, key: tuple[int, bool], entries: int, weight: int) -> None:
        """Put some to what is there."""
        self._found[key][0] += entries
        self._found[key][1] += weight

    def move(
        self, source: tuple[int, bool], to: tuple[int, bool], entries: int, weight: int
    ) -> None:
        """Count some in another place."""
        self.add(source, -entries, -weight)
        self.add(to, entries, weight)

    def parts(self) -> _Parts:
        """What weighs something."""
        return {
            key: _Part(entries, weight)
            for key, (entries, weight) in sorted(self._found.items())
            if weight > 0
        }
