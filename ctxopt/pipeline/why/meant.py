"""Sources that were likely meant to take a path, where none takes it.

`COPY app.jar /` of a build whose context has `target/app.jar` asks for something else,
and so does `COPY --from=build target/app.jar /`, which looks in another stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ctxopt.core.golang.paths import clean
from ctxopt.core.model import Source, SourceKind
from ctxopt.core.sources.misread import meant_path
from ctxopt.core.sources.nearby import nearest_paths
from ctxopt.core.sources.tree import Tree
from ctxopt.core.why.answer import PathAnswer, SourceAnswer

_MOST_NEAR = 8  # spellings and folders that a source may have meant

_ELSEWHERE = frozenset([SourceKind.STAGE, SourceKind.IMAGE])


def failures(
    failing: Iterable[SourceAnswer], answer: PathAnswer, tree: Tree
) -> Iterator[SourceAnswer]:
    """The failing sources that ask for a path, or for what is spelled nearly so."""
    asking = {one.source for one in answer.takers if one.fails}
    for one in failing:
        source = one.use.source
        if source in asking or answer.path in _near(tree, source):
            yield one


def _near(tree: Tree, source: Source) -> Iterator[str]:
    """What a source may have meant; `~/x` is the `x` of the root, too."""
    path = clean(f"/{source.expanded}")[1:]
    if not path:
        return
    yield meant_path(source, tree)
    yield path.removeprefix("~/")  # a shell knows ~, and docker does not
    near = nearest_paths(tree, path, lambda _: False)
    yield from (one.name for one in islice(near, _MOST_NEAR))


def elsewhere(sources: Iterable[Source], path: str) -> Iterator[Source]:
    """The sources that look for a path, or a folder above, in a stage or an image."""
    for source in sources:
        if source.kind not in _ELSEWHERE or source.assumed:
            continue
        wanted = clean(f"/{source.expanded}")[1:]
        named = clean(f"/{source.origin}/{wanted}")[1:]
        if any(_holds(one, path) for one in (wanted, named)):
            yield source


def _holds(folder: str, path: str) -> bool:
    return bool(folder) and f"{path}/".startswith(f"{folder}/")
