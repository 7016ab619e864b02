"""Programs that no container runs, whatever the arguments of a build are.

`COPY .build/${OS}-${ARCH}/app /bin/app` may mean all of `.build`; what lies there for
macOS is not meant: what comes into `/bin` of an image is there to be run in it, and a
container shares a kernel of Linux or Windows. What an image only carries to others, as
one of nothing but files does (`FROM scratch`), may be of any kind.
Source: OCI image specification, config.md: `os` is that of the container; Debian,
Dockerfile reference, ENV: the PATH of an image that sets none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.dockerfile.records import NO_BASE
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Source
from ctxopt.core.running.places import Places
from ctxopt.core.sources.tree import Tree
from ctxopt.core.suggest.programs import files_of, kind_of_all

OF_MACOS = "Mach-O"
_RUN_FROM = frozenset(
    {"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"}
)


def is_of_macos(tree: Tree, find: ClutterMatch) -> bool:
    """Whether a find is nothing but programs for macOS."""
    return kind_of_all(tree, files_of(tree, find)) == OF_MACOS


def are_for_running(sources: Sequence[Source], builds: Iterable[Places]) -> bool:
    """Whether all of some sources bring programs that an image runs.

    Stages of all builds are asked by the name of the source's: where two have it, and
    one of them begins with nothing, it may be a carrier.
    """
    known, carriers = set(), set()
    for places in builds:
        for number, stage in enumerate(places.stages):
            known.add(stage.label)
            if places.image(number) in ("", NO_BASE):
                carriers.add(stage.label)
    return all(
        one.destination.rpartition("/")[0] in _RUN_FROM
        and one.stage in known - carriers
        for one in sources
    )
