"""From finds to suggestions: what to ignore, with which lines, and how sure we are.

A rule speaks only where its patterns hit something in the context now. What a source
names, what a negated line of the ignore file brings back, what builds are made of and
what this build visibly reads is never suggested; it is held back, with the reason.
What git tracks is somebody's decision, and what the Dockerfile's commands mention may
be needed: both are asked about at the most.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason
from ctxopt.core.model import Confidence, HeldBack
from ctxopt.core.suggest import ids
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.conditions import applies
from ctxopt.core.suggest.evidence import EvidenceRules
from ctxopt.core.suggest.proposals import BuildFacts, Proposal, ProposalList, Proposals
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.remaining import leave_hits
from ctxopt.core.suggest.rules import Rule

READS_GIT = "git"  # Rule.used_by
DECLINED = "declined"  # HeldBack.rule where no rule speaks of a path


def propose(
    rule_index: RuleIndex, clutter: Sequence[ClutterMatch], facts: BuildFacts
) -> Proposals:
    """Judge all finds of a walk; the lines of all proposals together are sound."""
    protections = Protections(rule_index, facts, clutter)
    proposals = ProposalList()
    rules = _RuleProposals(rule_index, clutter, protections, proposals)
    asking = [rule for rule in rules.parts if rule.confidence is Confidence.ASK]
    telling = [rule for rule in rules.parts if rule not in asking]
    proposals.put(rules.proposal(rule) for rule in telling)
    proposals.drop_covered()
    # Whole folders first, so that nobody asks about parts of them.
    by_evidence = EvidenceRules(clutter, protections, proposals)
    proposals.put(by_evidence.tagged())
    proposals.put(by_evidence.git_lines(folders=True))
    proposals.put(rules.proposal(rule) for rule in asking)
    proposals.put(by_evidence.git_lines(folders=False))
    proposals.put(by_evidence.large_files())
    proposals.put(by_evidence.unused())
    made, last = leave_hits(proposals.made, facts)
    declined = _declined(rule_index, clutter, protections)
    return Proposals(_told_apart(made), (*rules.held.values(), *last), declined)


def _told_apart(made: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The proposals, each with an id of its own."""
    given = ids.told_apart([one.name for one in made])
    return tuple(one._replace(id=id_) for one, id_ in zip(made, given, strict=True))


def _declined(
    rule_index: RuleIndex, clutter: Sequence[ClutterMatch], protections: Protections
) -> tuple[HeldBack, ...]:
    """What somebody said no to, once for each line that says so."""
    held: dict[str, HeldBack] = {}
    for find in clutter:
        why = protections.declined(find)
        if (
            why is None
            or why in held
            or protections.reason_to_keep(find, answered=False)
        ):
            continue
        hit = bits(find.hits & rule_index.marks.rules)
        rule = rule_index.told(hit[0]) if hit else DECLINED
        held[why] = HeldBack(rule, find.path, why)
    return tuple(held.values())


class _RuleProposals:
    """The rules that hit something, one after the other."""

    def __init__(
        self,
        rule_index: RuleIndex,
        clutter: Sequence[ClutterMatch],
        protections: Protections,
        proposals: ProposalList,
    ) -> None:
        self.rule_index = rule_index
        self.protections = protections
        self.proposals = proposals
        self.facts = protections.facts
        self.held: dict[tuple[str, str], HeldBack] = {}
        self.by_bit: dict[int, list[ClutterMatch]] = {}
        for find in clutter:
            for bit in bits(find.hits & rule_index.marks.rules):
                self.by_bit.setdefault(bit, []).append(find)
        self.hit: dict[Rule, list[int]] = {}  # with their bits
        for bit, (rule, _) in enumerate(rule_index.rules):
            if bit in self.by_bit:
                self.hit.setdefault(rule, []).append(bit)
        # By whose suggestion it is; one that is told of may be hit by its parts only.
        self.parts: dict[Rule, list[Rule]] = {}
        for rule in self.hit:
            self.parts.setdefault(rule_index.head_of(rule), []).append(rule)

    def proposal(self, rule: Rule) -> Proposal | None:
        """What a rule proposes; None where all of it is held back or spoken for."""
        lines: dict[str, None] = {}
        hit: dict[int, ClutterMatch] = {}
        for part in self.parts[rule]:
            self._take(part, lines, hit)
        if not lines:
            return None
        proposal = Proposal(
            rule=rule.id,
            name=ids.Name(rule.id),
            label=rule.label,
            reason=rule.reason,
            confidence=rule.confidence,
            question=rule.question,
            lines=tuple(lines),
            clutter=tuple(hit.values()),
            risk=rule.risk,
        )
        return self._weighed(rule, proposal)

    def _take(
        self, rule: Rule, lines: dict[str, None], hit: dict[int, ClutterMatch]
    ) -> None:
        """Add the lines of one rule, and what they hit."""
        free, unfit = self._free(rule)
        for bit, found in free.items():
            folders = {one.path for one in hit.values() if one.kind == "directory"}
            wanted = [
                find
                for find in found
                if id(find) not in hit and not _lies_in(find, folders)
            ]
            if not wanted:
                continue  # the lines so far hit them all
            shape = self._shape(rule, bit, wanted, unfit)
            if shape is None:
                self._hold_back(rule, wanted[0], self._unshaped(bit, wanted, unfit))
                continue
            lines.update(dict.fromkeys(shape.lines))
            hit.update((id(find), find) for find in shape.hit)

    def _unshaped(
        self, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> tuple[str, str]:
        """Why no line keeps out what is wanted."""
        undone = next(filter(None, map(self.protections.undone, wanted)), None)
        if undone is not None:
            return undone
        hit = (one for one in self.by_bit[bit] if id(one) in unfit)
        return next(hit, wanted[0]).path, "the same line would hit it"

    def _free(self, rule: Rule) -> tuple[dict[int, list[ClutterMatch]], set[int]]:
        """What a rule may take, by its patterns; and what it does not mean."""
        free: dict[int, list[ClutterMatch]] = {}
        unfit: set[int] = set()  # by identity
        for bit in self.hit[rule]:
            for find in self.by_bit[bit]:
                if not self.proposals.is_free(find):
                    continue
                if (
                    rule.confidence is Confidence.ASK
                    and self.proposals.is_already_emptied(find)
                ):
                    continue
                if not self._fits(rule, find) or self._is_idle(find):
                    unfit.add(id(find))
                    continue
                if self._is_declined(rule, find):
                    unfit.add(id(find))
                    continue
                reason_to_keep = self.protections.reason_to_keep(find) or self._used(
                    rule, find
                )
                if reason_to_keep is None:
                    free.setdefault(bit, []).append(find)
                else:
                    unfit.add(id(find))
                    if (
                        find.hold is not KeepReason.REINCLUDED
                    ):  # the user knows that line
                        self._hold_back(rule, find, reason_to_keep)
        return free, unfit

    def _fits(self, rule: Rule, find: ClutterMatch) -> bool:
        size = find.context.sums.file_bytes
        tree = self.facts.tree
        paths = find.paths if rule.content or rule.only else find.paths[:1]
        return all(
            applies(rule, path, kind=find.kind, file_bytes=size, tree=tree)
            for path in paths
        )

    def _is_idle(self, find: ClutterMatch) -> bool:
        """Whether it is told of as an ignore file that is not read, which it may be."""
        idle = self.facts.idle
        return bool(idle) and any(path in idle for path in find.paths)

    def _is_declined(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether a no stands against it.

        One against a folder goes for its parts, but for what no build reads.
        """
        sure = rule.confidence is Confidence.CERTAIN
        if self.protections.declined(find, parts=not sure):
            return True
        # What is not asked about would take away what a person has kept.
        asks = rule.confidence is Confidence.ASK
        return not asks and self.protections.has_declined(find)

    def _used(self, rule: Rule, find: ClutterMatch) -> tuple[str, str] | None:
        if rule.confidence is Confidence.ASK and rule.ask_if_run:
            reader = self.facts.hints.matching(rule.ask_if_run)
            if reader is not None:
                return find.path, f"line {reader.line} of the Dockerfile reads it"
        if rule.used_by == READS_GIT and self.facts.hints.git:
            hint = self.facts.hints.git[0]
            return find.path, f'the build reads it: {hint.place} has "{hint.text}"'
        return None

    def _hold_back(
        self, rule: Rule, find: ClutterMatch, reason_to_keep: tuple[str, str]
    ) -> None:
        path, why = reason_to_keep
        where = "" if path == find.path else f"{path}: "
        told = rule.part_of or rule.id
        self.held.setdefault((told, why), HeldBack(told, find.path, f"{where}{why}"))

    def _shape(
        self, rule: Rule, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> shapes.IgnoreLines | None:
        def unsafe(line: str, hit: Sequence[ClutterMatch]) -> bool:
            if any(
                id(find) in unfit or self.protections.reason_to_keep(find)
                for find in hit
            ):
                return True
            return self.protections.forbids(line, hit)

        pattern = self.rule_index.rules[bit][1]
        if is_conditional(rule, pattern):
            # The line would hit what does not meet the conditions, some day.
            shape = shapes.of_paths(wanted, unsafe)
            if shape is not None:
                return shape
        return shapes.of_pattern(
            pattern, wanted, self.by_bit[bit], anywhere=rule.anywhere, unsafe=unsafe
        )

    def _weighed(self, rule: Rule, proposal: Proposal) -> Proposal:
        """The proposal with the confidence that the evidence leaves it."""
        hints = self.facts.hints
        confidence = proposal.confidence
        notes = []
        made = hints.matching(rule.made_by) if rule.made_by else None
        asked = hints.matching(rule.ask_if_run) if rule.ask_if_run else None
        mention = self._mention(proposal.clutter)
        if made is not None and confidence is Confidence.ASK:
            confidence = Confidence.LIKELY
            notes.append(f"made anew by line {made.line} of the Dockerfile")
        elif mention is not None and made is None and confidence is Confidence.LIKELY:
            confidence = Confidence.ASK
            notes.append(f"line {mention[1]} of the Dockerfile mentions {mention[0]}")
        if asked is not None and confidence is not Confidence.ASK:
            confidence = Confidence.ASK
            notes.append(f"line {asked.line} of the Dockerfile may read it")
        listed = self.protections.listed(proposal.clutter)
        if listed is not None:
            confidence = Confidence.ASK
            notes.append(listed)
        tracked = self._tracked_words(proposal.clutter)
        if tracked is not None and tracked[0] and confidence is Confidence.LIKELY:
            confidence = Confidence.ASK
        if tracked is not None:
            notes.append(tracked[1])
        notes += self._ignored_words(proposal.clutter)
        return proposal._replace(
            confidence=confidence,
            notes=tuple(notes),
            question=proposal.question or f"Keep {proposal.label} out?",
        )

    def _mention(self, clutter: Sequence[ClutterMatch]) -> tuple[str, int] | None:
        for find in clutter:
            if find.kind != "directory" and len(find.names) > 1:
                continue
            command = self.facts.hints.mention(find.path)
            if command is not None:
                return find.path, command.line
        return None

    def _tracked_words(
        self, clutter: Sequence[ClutterMatch]
    ) -> tuple[bool, str] | None:
        """Whether git tracks all of it, in words; None where it tracks nothing."""
        tracked = self.facts.tracked
        if tracked is None:
            return None
        known = sum(tracked.below(path) for find in clutter for path in find.paths)
        if not known:
            return None
        files = sum(find.files for find in clutter)
        if known >= files:
            return True, "git tracks it"
        return False, f"git tracks {known:,} of {files:,} files"

    def _ignored_words(self, clutter: Sequence[ClutterMatch]) -> Iterator[str]:
        numbers = {find.line for find in clutter if find.line}
        if numbers:
            line = self.facts.lines[min(numbers) - 1]
            yield f"git ignores it, too ({line.file}:{line.line})"


def _lies_in(find: ClutterMatch, folders: Container[str]) -> bool:
    """Whether a find lies in one of some folders, at any level."""
    path = find.folder
    while path and path not in folders:
        path = path.rpartition("/")[0]
    return bool(path)


def is_conditional(rule: Rule, pattern: str) -> bool:
    """Whether a name alone does not make it what the rule means."""
    looks = rule.inside or rule.beside or rule.only or rule.content or rule.link_target
    looks = looks or rule.unless_beside or rule.unless_inside
    return bool(looks or rule.min_bytes) or (
        rule.kind == "directory" and not shapes.is_literal(pattern.removeprefix("**/"))
    )
