"""From finds to suggestions: what to ignore, with which lines, and how sure we are.

A rule speaks only where its patterns hit something in the context now. What a source
names, what a negated line of the ignore file brings back, what builds are made of and
what this build visibly reads is never suggested; it is held back, with the reason.
What git tracks is somebody's decision, and what the Dockerfile's commands mention may
be needed: both are asked about at the most, but for rules that speak of tracked things.
What a rule only asks about is sure where git ignores it, too.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence, HeldBack
from ctxopt.core.steps import NOBODY, Listener
from ctxopt.core.suggest import ids
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.claims import Claims
from ctxopt.core.suggest.evidence import EvidenceRules
from ctxopt.core.suggest.gathering import VERSIONED, Telling, gathered
from ctxopt.core.suggest.gitlines import GitShapes
from ctxopt.core.suggest.makers import Answer, Verdict
from ctxopt.core.suggest.proposals import BuildFacts, Proposal, ProposalList, Proposals
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.remaining import leave_hits
from ctxopt.core.suggest.rules import GOES, Rule
from ctxopt.core.suggest.shaping import RuleLines

DECLINED = "declined"  # HeldBack.rule where no rule speaks of a path


def propose(
    rule_index: RuleIndex,
    clutter: Sequence[ClutterMatch],
    facts: BuildFacts,
    listener: Listener = NOBODY,
) -> Proposals:
    """Judge all finds of a walk; the lines of all proposals together are sound.

    `listener` hears of each rule.
    """
    protections = Protections(rule_index, facts, clutter)
    proposals = ProposalList(listener)
    claims = Claims(rule_index, clutter, protections, proposals)
    rules = _RuleProposals(claims, clutter)
    asking = [rule for rule in rules.parts if rule.confidence is Confidence.ASK]
    telling = [rule for rule in rules.parts if rule not in asking]
    proposals.put(rules.sure(rule) for rule in telling)
    # Whole folders first, so that nobody speaks for parts of them.
    asking_folders_first = sorted(asking, key=lambda rule: rule.kind != "directory")
    proposals.put(rules.sure(rule) for rule in asking_folders_first)
    proposals.drop_covered()
    by_evidence = EvidenceRules(clutter, protections, proposals, claims.whole)
    proposals.put(by_evidence.programs())
    proposals.put(by_evidence.go_programs())
    proposals.put(by_evidence.tagged())
    proposals.put(by_evidence.done_without(known=False))
    proposals.put(by_evidence.git_lines(folders=True))
    proposals.put(rules.asked(rule) for rule in (*telling, *asking))
    proposals.put(by_evidence.done_without(known=True))
    proposals.put(by_evidence.git_lines(folders=False))
    proposals.put(by_evidence.large_files())
    proposals.put(by_evidence.unused())
    proposals.drop_covered()
    made, last = leave_hits(proposals.made, facts)
    known = Telling(facts.tree, claims.standing.tracked, claims.tracking_notes)
    made = gathered(made, known, facts.together)
    declined = _declined(rule_index, clutter, protections)
    held = (*claims.held.values(), *last)
    paths = {one.path for one in held}
    told = paths | by_evidence.spared.keys()
    spared = (
        one
        for path, one in by_evidence.spared.items()
        if path not in paths and not _lies_in(path, told)
    )
    return Proposals(
        _told_apart(made),
        (*held, *spared),
        declined,
        versioned=claims.versioner is not None,
        kept={
            **by_evidence.needed,
            **{one.path: one for one in (*by_evidence.spared.values(), *last)},
            **claims.kept,
        },
    )


def _lies_in(path: str, folders: Container[str]) -> bool:
    """Whether a path lies in one of some folders, at any level."""
    above = path.rpartition("/")[0]
    while above and above not in folders:
        above = above.rpartition("/")[0]
    return bool(above)


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

    def __init__(self, claims: Claims, clutter: Sequence[ClutterMatch]) -> None:
        self.claims = claims
        facts = claims.facts
        git_shapes = GitShapes(clutter, facts.lines, facts.patterns_of_git)
        self.lines = RuleLines(claims, git_shapes)
        # By whose suggestion it is; one that is told of may be hit by its parts only.
        self.parts: dict[Rule, list[Rule]] = {}
        heads: dict[str, Rule] = {}  # of parts: each looked for once
        for rule in claims.hit:
            head = heads.get(rule.part_of) or claims.rule_index.head_of(rule)
            heads[head.id] = head
            self.parts.setdefault(head, []).append(rule)

    def sure(self, rule: Rule) -> Proposal | None:
        """What a rule proposes without a question: of one that asks, what git ignores.

        None where all of it is held back, spoken for or a question.
        """
        asks = rule.confidence is Confidence.ASK
        confidence = Confidence.LIKELY if asks else rule.confidence
        return self._made(rule, ids.Name(rule.id), confidence, sure=True)

    def asked(self, rule: Rule) -> Proposal | None:
        """What it asks about: all that is left, or what git tracks of it."""
        finds = [one for part in self.parts[rule] for one in self._asked_of(part)]
        tracked = bool(finds) and all(map(self.claims.standing.tracked, finds))
        asks = rule.confidence is Confidence.ASK
        other = ids.TRACKED if tracked and not asks else ids.REST
        name = ids.Name(rule.id, other=other)
        return self._made(rule, name, Confidence.ASK, sure=False)

    def _asked_of(self, rule: Rule) -> list[ClutterMatch]:
        asked = self.claims.halved(rule).asked
        return [one for finds in asked.values() for one in finds]

    def _made(
        self, rule: Rule, name: ids.Name, confidence: Confidence, *, sure: bool
    ) -> Proposal | None:
        """A proposal for one of the two halves of what a rule and its parts hit."""
        found: list[shapes.IgnoreLines] = []
        for part in self.parts[rule]:
            self.lines.add(part, found, sure=sure)
        if not found:
            return None
        found = self.lines.together(rule, found)
        hit = {id(find): find for shape in found for find in shape.hit}
        proposal = Proposal(
            rule=rule.id,
            name=name,
            label=rule.label,
            reason=rule.reason,
            confidence=confidence,
            question=rule.question,
            lines=tuple(dict.fromkeys(line for one in found for line in one.lines)),
            clutter=tuple(hit.values()),
            risk=rule.risk,
            topic=rule.topic,
        )
        return self._weighed(rule, proposal)

    def _weighed(self, rule: Rule, proposal: Proposal) -> Proposal:
        """The proposal with the confidence that the evidence leaves it."""
        hints = self.claims.facts.hints
        confidence = proposal.confidence
        notes = []
        asked, reader = False, None
        if rule.ask_if_run:
            asked, reader = hints.reader(rule.ask_if_run, proposal.clutter)
        verdicts = [self.claims.verdict(rule, find) for find in proposal.clutter]
        said = _made_words(rule, [*filter(None, verdicts)])
        notes += said
        mention = self.claims.mention(proposal.clutter)
        if mention is not None and not said and confidence is not Confidence.ASK:
            confidence = Confidence.ASK
            notes.append(
                f"line {mention[1].command.line} of the Dockerfile mentions it"
            )
        if asked and confidence is not Confidence.ASK:
            # No stage with such a command gets it, as far as that can be told.
            confidence = Confidence.ASK
            if reader is not None:
                notes.append(f"line {reader.line} of the Dockerfile may read it")
        listed = self.claims.protections.listed(proposal.clutter)
        # What is made anew is there when it is read.
        if listed is not None and not said:
            confidence = Confidence.ASK
            notes.append(listed)
        tracked = self.claims.tracked_words(proposal.clutter)
        if tracked[0]:
            notes.append(tracked[1])
        version = self.claims.version_of(proposal.clutter)
        if version is not None and rule.tracked == GOES:
            notes.append(VERSIONED.format(version.place))
        notes += self._ignored_words(proposal.clutter)
        return proposal._replace(
            confidence=confidence,
            notes=tuple(notes),
            question=proposal.question or f"Keep {proposal.label} out?",
            against=self.claims.against.get(rule.id, ""),
        )

    def _ignored_words(self, clutter: Sequence[ClutterMatch]) -> Iterator[str]:
        numbers = {find.line for find in clutter if find.line}
        if numbers:
            line = self.claims.facts.lines[min(numbers) - 1]
            yield f"git ignores it, too ({line.file}:{line.line})"


def _made_words(rule: Rule, verdicts: Sequence[Verdict]) -> list[str]:
    """The words for it that commands make all of it anew, or may."""
    unsure = next((one for one in verdicts if one.answer is Answer.UNSURE), None)
    if unsure is not None:
        return [unsure.why]
    made = next((one for one in verdicts if one.answer is Answer.MADE), None)
    if made is None or any(one.answer is not Answer.MADE for one in verdicts):
        return []
    return [(rule.made_words or "made anew by {}").format(made.where)]
