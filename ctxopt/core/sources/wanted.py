"""A source as its builder reads it, and what has to be sent for it."""

from __future__ import annotations

from ctxopt.core.model import Source
from ctxopt.core.sources.links import Resolved, glob_matches, resolve
from ctxopt.core.sources.tree import Tree
from ctxopt.core.tuples import NamedTuple


class CopySource(NamedTuple):
    """A source as its builder reads it: where to look, and for what.

    Exactly one of these holds: `outside`; `glob` is not None (a pattern below `path`);
    `below` is not None (ignore-file patterns below `path`: `--parents`); or `path` is
    the thing itself. `path` is relative to the root, "" for the root.
    """

    source: Source
    path: str = ""
    glob: str | None = None
    below: str | None = None
    required: str | None = None  # `--parents` without wildcards: this must be there
    exclude: tuple[str, ...] = ()  # `--exclude`, where the builder knows it
    outside: bool = False
    follow_base: bool = True  # links in `path` are followed
    by_text: bool = True  # and `a/..` in their targets is nothing, whatever `a` is
    on_disk: bool = False  # looked up by its text, whatever links are on the way
    covered: bool = False  # another source of the instruction takes a folder above it

    def takes(self, path: str) -> bool:
        """Whether it takes a path, as far as the text tells: links are not followed.

        What it leaves out by `--exclude` it may still be said to take.
        """
        if self.outside or not self.source.claims or self.below is not None:
            return False
        inside = f"{self.path}/" if self.path else ""
        if self.glob is None:
            return path == self.path or path.startswith(inside)
        if not path.startswith(inside):
            return False
        parts = path[len(inside) :].split("/")
        wanted = self.glob.count("/") + 1
        return len(parts) >= wanted and glob_matches(
            self.glob, "/".join(parts[:wanted])
        )

    def led_to(self, tree: Tree, path: str) -> Resolved:
        """Where a path of its own leads, links followed as its builder does."""
        return resolve(tree, path, by_text=self.by_text)


class Requirement(NamedTuple):
    """Entries that must have been sent for a source to be found.

    `when` is the path of a link among a pattern's matches: the requirement holds only
    if that link was sent itself.
    """

    paths: tuple[str, ...]
    when: str | None = None
    broken: Resolved | None = None  # the resolution that led nowhere
    names: str = ""  # the path that the builder's message names
    base: bool = False  # it is the folder that a pattern starts from
    last_link: str = ""  # see Resolved
    refusal: str = ""  # nothing can fulfil it, for this reason
    excludes: bool = False  # the reason is a pattern of `--exclude`


class ResolvedSource(NamedTuple):
    """One source ready for the walk, and how to judge it afterwards."""

    wanted: CopySource
    requirements: tuple[Requirement, ...] = ()
