"""A whole root measured."""

from __future__ import annotations

from typing import NamedTuple

from ctxopt.core.measure.find import Find
from ctxopt.core.measure.parts import Notes
from ctxopt.core.measure.stream import Settled
from ctxopt.core.model import Place, Usage


class Measurement(NamedTuple):
    """A whole root measured."""

    context: Settled
    transfer: Settled
    root: Place
    largest: tuple[Place, ...]  # without the root
    used: Usage
    taken: tuple[Usage, ...]  # by each source; its `files` are all entries
    notes: Notes
    finds: tuple[Find, ...] = ()
