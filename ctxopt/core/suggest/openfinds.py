"""The finds that evidence may still speak of, and what stands against the others.

What another proposal has, a line of the block declined, a source needs or the
configuration spares is not open.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from functools import cached_property

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import HeldBack
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.embeds import Embedding, Embeds
from ctxopt.core.suggest.gathering import GIT_LINE
from ctxopt.core.suggest.proposals import ProposalList
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.remade import Remade
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.suggest.imports import Imports

SPARED = "never"  # HeldBack.rule of what the configuration says never of


class OpenFinds:
    """The finds of a walk, asked one by one whether they may go."""

    def __init__(
        self,
        clutter: Sequence[ClutterMatch],
        protections: Protections,
        proposals: ProposalList,
        remade: Remade,
        *,
        whole: Container[str] = (),
    ) -> None:
        self._clutter = clutter
        self._protections = protections
        self._proposals = proposals
        self._remade = remade
        facts = protections.facts
        self._embeds = Embeds(facts.embedding or Embedding(facts.tree))
        self._facts = facts
        self._kept: dict[int, bool] = {}
        self.needed: dict[str, HeldBack] = {}  # by path, all that has to stay
        self._whole = whole  # folders that are held back as one thing
        self._against: dict[int, str] = {}  # by find: what a person overruled
        self.spared: dict[str, HeldBack] = {}  # by path, what the project wants kept

    @cached_property
    def _imports(self) -> Imports:
        """What the sources of the build import."""
        from ctxopt.core.suggest.imports import Imports  # start-up: if one is in doubt

        return Imports(self._facts.tree, self._facts.tracked)

    def open(
        self, speaks: Callable[[ClutterMatch], object], *, made: bool = False
    ) -> Iterator[ClutterMatch]:
        """Finds that something speaks against, that nobody else does, and that may go.

        With `made`, what commands use may, too, where one of the build writes it.
        """
        for find in filter(speaks, self._clutter):
            free = self._proposals.is_free(
                find
            ) and not self._proposals.is_already_emptied(find)
            if not free or self._protections.declined(find, parts=True):
                continue
            if self._is_part(find):
                continue
            if self.is_kept(find):
                self._note_spared(find)
                continue
            need = self._protections.need(find, around=True)
            if need is None or (made and self._remade.is_made(find)):
                yield find
            else:
                self._note_needed(find, need)

    def is_kept(self, find: ClutterMatch) -> bool:
        """Whether it has to stay, whoever speaks of it; each is asked once."""
        kept = self._kept.get(id(find))
        if kept is None:
            self._overrule(find)
            reason = self._protections.reason_to_keep(find) or self._taken_in(find)
            kept = self._kept[id(find)] = reason is not None
            if reason is not None:
                self._note_needed(find, reason)
        return kept

    def overruled(self, find: ClutterMatch) -> str:
        """What speaks against a find that a person wants out all the same; or ""."""
        return self._against.get(id(find), "")

    def _is_part(self, find: ClutterMatch) -> bool:
        """Whether it lies in a folder that is held back as one thing.

        A repository without its packs is none; `.git` goes as a whole or stays.
        """
        path = find.folder
        while path and path not in self._whole:
            path = path.rpartition("/")[0]
        return bool(path)

    def _taken_in(self, find: ClutterMatch) -> tuple[str, str] | None:
        """What of a find a source embeds or imports, and which source does."""
        embedded = self._embeds.of(find)
        if embedded is not None:
            return None if self._remade.is_laid_over(find) else embedded
        if self._remade.is_laid_over(find) or self._remade.written(find):
            return None
        imported = self._imports.of(find)
        if imported is None:
            return None
        if self._is_insisted(find):
            self._against[id(find)] = ": ".join(imported)
            return None
        self.spared.setdefault(imported[0], HeldBack(GIT_LINE, *imported))
        return imported

    def _overrule(self, find: ClutterMatch) -> None:
        """Take over that a person names what the configuration says never of."""
        spared = self._protections.spared(find)
        if spared and self._is_insisted(find):
            self._against[id(find)] = ": ".join(spared)
            self._protections.overrule(find)

    def _is_insisted(self, find: ClutterMatch) -> bool:
        """Whether a person wants it out by its name."""
        return not _names(find).isdisjoint(self._protections.facts.insisted)

    def _note_needed(self, find: ClutterMatch, reason: tuple[str, str]) -> None:
        """Note why it stays: no line of another build may take it away, either."""
        path, why = reason
        where = "" if path == find.path else f"{path}: "
        for one in find.paths:
            self.needed.setdefault(one, HeldBack(GIT_LINE, one, f"{where}{why}"))

    def _note_spared(self, find: ClutterMatch) -> None:
        """Note that it stays only because the configuration says so."""
        spared = self._protections.spared(find)
        if spared is not None:
            path, why = spared
            where = "" if path == find.path else f"{path}: "
            held = HeldBack(SPARED, find.path, f"{where}{why}")
            self.spared.setdefault(find.path, held)


def _names(find: ClutterMatch) -> set[str]:
    """What a person may call what is proposed of a single find."""
    found = set(find.paths)
    for word in ids.RULES:
        key = ids.path_rule(word, find.path)
        found.update((key, *ids.name(word, find.path, key=key).forms))
    return found
