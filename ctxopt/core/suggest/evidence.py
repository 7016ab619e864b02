"""Proposals from evidence beyond names.

All of them are questions, but for compiled programs that git ignores, and for what git
ignores and no image could want from here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from ctxopt.core.measure.clutter_match import HEAVY_BYTES, UNUSED_BYTES, ClutterMatch
from ctxopt.core.model import Confidence, HeldBack, Source
from ctxopt.core.paths import join
from ctxopt.core.suggest import ids
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.catalogue import CACHE_TAG, ENVIRONMENT_TAG
from ctxopt.core.suggest.gathering import (
    FOREIGN,
    FOREIGN_REASON,
    GIT_LINE,
    UNREACHED,
    VARIES,
    is_written,
)
from ctxopt.core.suggest.gitlines import GitShapes
from ctxopt.core.suggest.landings import Landings
from ctxopt.core.suggest.openfinds import OpenFinds
from ctxopt.core.suggest.proposals import Proposal, ProposalList
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.remade import Remade
from ctxopt.core.suggest.standing import GitStanding

# A file is worth a question when it is this part of what is sent.
LARGE_SHARE = 0.1
MOST_UNUSED = 5
MOST_GIT_LINES = 20
MOST_HEADS = 200  # files whose first bytes are looked at


class EvidenceRules:
    """What speaks against finds beside their names."""

    def __init__(
        self,
        clutter: Sequence[ClutterMatch],
        protections: Protections,
        proposals: ProposalList,
        whole: Container[str] = (),
    ) -> None:
        self._clutter = clutter
        self._protections = protections
        self._proposals = proposals
        facts = protections.facts
        self._git_shapes = GitShapes(clutter, facts.lines, facts.patterns_of_git)
        self._remade = Remade(facts)
        self._finds = OpenFinds(
            clutter, protections, proposals, self._remade, whole=whole
        )
        self._landings = Landings(facts.hints, facts.others)
        self._standing = GitStanding(clutter, facts.tracked)

    @property
    def spared(self) -> Mapping[str, HeldBack]:
        """What stays because the project or a source wants it, by path."""
        return self._finds.spared

    @property
    def needed(self) -> Mapping[str, HeldBack]:
        """All that has to stay of what no rule speaks for, by path."""
        return self._finds.needed

    def _single(
        self,
        rule: str,
        name: ids.Name,
        clutter: Sequence[ClutterMatch],
        *,
        label: str,
        reason: str,
        question: str,
        comment: str = "",
        shape: shapes.IgnoreLines | None = None,
    ) -> Proposal | None:
        shape = shape or shapes.of_paths(clutter, self._protections.forbids)
        if shape is None:
            return None
        return Proposal(
            rule=rule,
            name=name,
            label=label,
            reason=reason,
            confidence=Confidence.ASK,
            question=question,
            lines=shape.lines,
            clutter=shape.hit,
            comment=comment,
            against=next(filter(None, map(self._finds.overruled, shape.hit)), ""),
        )

    def _path(
        self,
        word: str,
        find: ClutterMatch,
        *,
        label: str,
        reason: str,
        ask: str,
        comment: str = "",
    ) -> Proposal | None:
        """What is proposed of a single path."""
        key = ids.path_rule(word, find.path)
        name = ids.name(word, find.path, key=key)
        return self._single(
            key,
            name,
            (find,),
            label=label,
            reason=reason,
            question=ask,
            comment=comment,
        )

    def git_lines(self, *, folders: bool) -> Iterator[Proposal]:
        """What git ignores: folders that no rule speaks of, or all that is left."""
        found = self._of_lines()
        if folders:
            found = (find for find in found if self._is_unknown_folder(find))
        yield from self._by_line(found, "")

    def done_without(self, *, known: bool) -> Iterator[Proposal]:
        """What git ignores, no rule speaks of, and no image could want from here.

        With `known`, what a rule hits that has nothing to say of it, too.
        """
        reasons: dict[str, list[ClutterMatch]] = {}
        for find in self._of_lines():
            speaks = known or not self._is_known(find)
            why = self._why_done_without(find) if speaks else ""
            if why:
                reasons.setdefault(why, []).append(find)
        for why, clutter in reasons.items():
            for proposal in self._by_line(clutter, why):
                yield proposal._replace(confidence=Confidence.LIKELY)

    def _of_lines(self) -> Iterator[ClutterMatch]:
        """What lines of git ignore, and no no stands against."""
        answered = self._answered_lines()
        for find in self._finds.open(lambda find: find.line):
            if find.line not in answered and not self._is_tracked(find):
                yield find

    def _is_unknown_folder(self, find: ClutterMatch) -> bool:
        return find.kind == "directory" and not self._is_known(find)

    def _by_line(self, found: Iterable[ClutterMatch], why: str) -> Iterator[Proposal]:
        """A question for each line of git that ignores some finds, the largest first.

        `why` says that the image does without them, for the notes.
        """
        groups: dict[int, list[ClutterMatch]] = {}
        for find in found:
            groups.setdefault(find.line, []).append(find)
        largest = sorted(groups.items(), key=lambda group: -_file_bytes(group[1]))
        for number, clutter in largest[:MOST_GIT_LINES]:
            proposal = self._of_line(number, clutter)
            if proposal is not None:
                yield proposal._replace(notes=(*filter(None, (why,)), *proposal.notes))

    def _of_line(self, number: int, clutter: list[ClutterMatch]) -> Proposal | None:
        """What is proposed of finds that one line of git ignores."""
        line = self._protections.facts.lines[number - 1]
        shape = self._of_git(clutter)
        few = [] if shape else _heaviest(clutter)
        place = f"{line.file}:{line.line}"
        folder = line.file.rpartition("/")[0]
        key = f"{line.file}:{line.text}"
        proposal = self._single(
            f"{GIT_LINE}:{place}",
            ids.name(ids.GIT, line.text, folder, key=key),
            few,
            label="git ignores it",
            reason=f'git ignores it by the line "{line.text}" of {place}, '
            "and the build sends it all the same.",
            question="Does the image do without it?",
            comment=f"git ignores it ({line.file}: {line.text})",
            shape=shape,
        )
        return proposal and proposal._replace(notes=(f'{place} has "{line.text}"',))

    def _why_done_without(self, find: ClutterMatch) -> str:
        """Why the image does without a find, in words; "" where it may not.

        No source takes it, or the build lays what it makes over it. Sources that no
        COPY takes today are a question where the line of git may not be meant for them:
        `static/` hits more than one folder, `/web/static/` this one and no other.
        """
        tree = self._protections.facts.tree
        is_meant = self._is_named_by_git(find) or not is_written(find, tree)
        if is_meant and self._protections.is_out_of_reach(find):
            return UNREACHED
        over = self._remade.laid_over(find)
        if over is not None:
            return f"made anew by {over.where}"
        written = self._remade.written(find)
        return f"made anew by line {written} of the Dockerfile" if written else ""

    def _is_named_by_git(self, find: ClutterMatch) -> bool:
        """Whether the line of git that ignores a find says its path, and no other."""
        if not find.line or len(find.paths) != 1:
            return False
        line = self._protections.facts.lines[find.line - 1]
        said = line.text.rstrip("/")
        folder = line.file.rpartition("/")[0]
        return "/" in said and join(folder, said.removeprefix("/")) == find.path

    def _of_git(self, clutter: Sequence[ClutterMatch]) -> shapes.IgnoreLines | None:
        """Git's own line, where it hits these and nothing that may have to stay."""

        def unsafe(line: str, hit: Sequence[ClutterMatch]) -> bool:
            return self._protections.forbids(line, hit) or any(
                self._finds.is_kept(find) or self._is_tracked(find) for find in hit
            )

        return self._git_shapes.of(clutter, unsafe, others=self._is_spoken_for)

    def _is_spoken_for(self, find: ClutterMatch) -> bool:
        return not self._proposals.is_free(find)

    def programs(self) -> Iterator[Proposal]:
        """Compiled programs that git ignores: the image compiles its own, if any."""
        groups: dict[tuple[int, str], list[ClutterMatch]] = {}
        tree = self._protections.facts.tree
        heads = 0
        for find in self._finds.open(lambda find: find.line, made=True):
            is_ruled = find.kind == "file" and self._is_known(find)
            if is_ruled or self._is_tracked(find):
                continue
            # Start-up: few have anything that git ignores, or that is large.
            from ctxopt.core.suggest.programs import files_of, kind_of_all

            files = files_of(tree, find)
            heads += len(files)
            if heads > MOST_HEADS:
                break
            if kind := kind_of_all(tree, files):
                groups.setdefault((find.line, kind), []).append(find)
        for (number, kind), clutter in groups.items():
            proposal = self._programs(number, kind, clutter)
            if proposal is not None:
                yield proposal

    def _programs(
        self, number: int, kind: str, clutter: Sequence[ClutterMatch]
    ) -> Proposal | None:
        facts = self._protections.facts
        line = facts.lines[number - 1]
        path = clutter[0].path
        key = ids.path_rule(ids.PROGRAM, path)
        shape = self._of_git(clutter)
        proposal = self._single(
            key,
            ids.name(ids.PROGRAM, path, key=key),
            clutter,
            label=f"{kind} program of this machine",
            reason=f"A compiled program that git ignores by the line "
            f'"{line.text}" of {line.file}:{line.line}.',
            question="Does the image do without this program?",
            shape=shape,
            comment=f"compiled for one machine; git ignores it ({line.text})",
        )
        return proposal and proposal._replace(confidence=Confidence.LIKELY)

    def go_programs(self) -> Iterator[Proposal]:
        """Programs that Go has left among its sources, whether or not git ignores them.

        The image compiles its own, or no image gets what has been left.
        """
        facts = self._protections.facts
        for find in self._finds.open(_is_large_file, made=True):
            from ctxopt.core.suggest.programs import is_left_by_go, kind_of_all

            kind = kind_of_all(facts.tree, [find.path])
            if not kind or facts.tracked is None or self._is_tracked(find):
                continue
            if not is_left_by_go(facts.tree, find.path):
                continue
            proposal = self._left_by_go(find, kind) if self._is_spare(find) else None
            if proposal is not None:
                yield proposal._replace(confidence=Confidence.LIKELY)

    def _left_by_go(self, find: ClutterMatch, kind: str) -> Proposal | None:
        return self._path(
            ids.PROGRAM,
            find,
            label=f"{kind} program of this machine",
            reason="A program that go build has left here; git does not track it.",
            ask="Does the image do without this program?",
            comment="compiled for one machine by go build",
        )

    def _is_spare(self, find: ClutterMatch) -> bool:
        """Whether Go compiles another program here, or no image gets this one."""
        for other in self._protections.facts.others:
            use = other.uses.of(find.path)
            if use is not None and use.hard:
                return False
        if self._protections.is_out_of_reach(find):
            return True
        runs_go = self._landings.runs("go", "build", "install")
        return runs_go or self._landings.is_thrown_away(find)

    def _answered_lines(self) -> set[int]:
        """Lines of git whose largest were declined: nobody is asked about the rest."""
        return {
            find.line
            for find in self._clutter
            if find.line
            and not self._is_known(find)
            and self._protections.declined(find)
        }

    def _is_known(self, find: ClutterMatch) -> bool:
        """Whether a rule speaks of it."""
        return bool(find.hits & self._protections.rule_index.marks.rules)

    def _is_tracked(self, find: ClutterMatch) -> bool:
        tracked = self._protections.facts.tracked
        return tracked is not None and any(tracked.below(path) for path in find.paths)

    def tagged(self) -> Iterator[Proposal]:
        """Folders that say themselves what they are."""
        said = {
            self._protections.rule_index.tag_bit(ENVIRONMENT_TAG): (
                ids.ENVIRONMENT,
                "a virtual environment (pyvenv.cfg)",
                "It has a pyvenv.cfg: a virtual environment, made for this machine.",
            ),
            self._protections.rule_index.tag_bit(CACHE_TAG): (
                ids.CACHE,
                "a cache (CACHEDIR.TAG)",
                "It has a CACHEDIR.TAG: a cache, which its program makes anew.",
            ),
        }
        for find in [*self._finds.open(lambda find: find.tags)]:
            for bit, (word, label, reason) in said.items():
                if not find.tags & bit or not self._proposals.is_free(find):
                    continue
                proposal = self._path(
                    word, find, label=label, reason=reason, ask="Keep it out?"
                )
                if proposal is not None:
                    yield proposal

    def large_files(self) -> Iterator[Proposal]:
        """Single files that outweigh the rest."""
        sent = self._protections.facts.sent_bytes
        # Of what the proposals leave, or the next run would ask about other files.
        left = sent - self._proposals.sent_bytes
        files = [*self._finds.open(_is_heavy_file)]
        files.sort(key=lambda find: -find.transfer.file_bytes)
        for find in files:
            size = find.transfer.file_bytes
            if size < LARGE_SHARE * left:
                continue
            share = round(100 * size / max(sent, 1))
            proposal = self._path(
                ids.LARGE,
                find,
                label=f"one file, {share} % of what is sent",
                reason=f"This one file is {share} % of what is sent.",
                ask="Does the image do without this file?",
                comment="one large file",
            )
            if proposal is not None:
                left -= size
                yield proposal

    def unused(self) -> Iterator[Proposal]:
        """Folders that no source reaches: questions, but for some that git ignores."""
        unused = [
            find
            for find in self._finds.open(_is_heavy_and_unused)
            if not self._is_tracked_whole(find)
        ]
        unused.sort(key=lambda find: (-_file_bytes((find,)), len(find.path)))
        count = 0
        for find in unused:
            if count == MOST_UNUSED or not self._proposals.is_free(find):
                continue
            proposal = self._path(
                ids.UNUSED,
                find,
                label="no COPY or ADD takes it",
                reason="No COPY, ADD or mount of this build takes any of it.",
                ask="Do all builds of this folder do without it?",
            )
            if proposal is not None:
                count += 1
                yield self._weighed_as_unused(proposal, find)

    def _weighed_as_unused(self, proposal: Proposal, find: ClutterMatch) -> Proposal:
        """The proposal for an unused folder, as sure as what git says of it allows.

        Git has no line of its own for a part of a folder that it ignores, which stays
        for another part: `COPY out/app.jar /` takes nothing of `out/reports`.
        """
        varying = self._protections.varying(find)
        asked = proposal._replace(notes=(VARIES,) if varying else ())
        tree = self._protections.facts.tree
        if (
            not self._standing.is_ignored(find)
            or self._protections.is_taken(find)
            or is_written(find, tree)
        ):
            return asked
        likely = proposal._replace(confidence=Confidence.LIKELY, notes=(UNREACHED,))
        if not varying:
            return likely
        from ctxopt.core.suggest.foreign import is_of_macos

        if not (is_of_macos(tree, find) and self._are_for_running(varying)):
            return asked
        return likely._replace(label=FOREIGN, reason=FOREIGN_REASON, notes=())

    def _are_for_running(self, sources: Sequence[Source]) -> bool:
        from ctxopt.core.suggest.foreign import are_for_running

        facts = self._protections.facts
        makers = (facts.hints.makers, *(one.makers for one in facts.others))
        return are_for_running(sources, (one.found.places for one in makers if one))

    def _is_tracked_whole(self, find: ClutterMatch) -> bool:
        tracked = self._protections.facts.tracked
        return tracked is not None and tracked.below(find.path) >= find.files


def _is_large_file(find: ClutterMatch) -> bool:
    """Whether it is one large file, sent or not."""
    is_one = find.kind == "file" and len(find.names) == 1
    return is_one and _file_bytes((find,)) >= HEAVY_BYTES


def _is_heavy_file(find: ClutterMatch) -> bool:
    is_one = find.kind == "file" and len(find.names) == 1
    return is_one and find.transfer.file_bytes >= HEAVY_BYTES


def _is_heavy_and_unused(find: ClutterMatch) -> bool:
    is_unused = find.kind == "directory" and not find.mask
    return is_unused and _file_bytes((find,)) >= UNUSED_BYTES


def _heaviest(clutter: Iterable[ClutterMatch]) -> list[ClutterMatch]:
    """As many of the heaviest as may be written path by path."""
    few = sorted(clutter, key=lambda find: -_file_bytes((find,)))[: shapes.FEW]
    while len(few) > 1 and sum(len(one.paths) for one in few) > shapes.FEW:
        few.pop()
    return few


def _file_bytes(clutter: Iterable[ClutterMatch]) -> int:
    return sum(find.context.file_bytes for find in clutter)
