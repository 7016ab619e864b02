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
from functools import partial
from typing import NamedTuple

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason
from ctxopt.core.model import Confidence, HeldBack
from ctxopt.core.running.mentions import Use
from ctxopt.core.suggest import ids
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.conditions import applies
from ctxopt.core.suggest.embeds import Embeds
from ctxopt.core.suggest.evidence import EvidenceRules
from ctxopt.core.suggest.gathering import gathered
from ctxopt.core.suggest.gitlines import GitShapes
from ctxopt.core.suggest.making import Answer, Verdict
from ctxopt.core.suggest.proposals import BuildFacts, Proposal, ProposalList, Proposals
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.remaining import leave_hits
from ctxopt.core.suggest.rules import GOES, ONLY, Rule
from ctxopt.core.suggest.standing import GitStanding

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
    proposals.put(rules.sure(rule) for rule in telling)
    # Whole folders first, so that nobody speaks for parts of them.
    asking_folders_first = sorted(asking, key=lambda rule: rule.kind != "directory")
    proposals.put(rules.sure(rule) for rule in asking_folders_first)
    proposals.drop_covered()
    by_evidence = EvidenceRules(clutter, protections, proposals, rules.whole)
    proposals.put(by_evidence.programs())
    proposals.put(by_evidence.tagged())
    proposals.put(by_evidence.git_lines(folders=True))
    proposals.put(rules.asked(rule) for rule in (*telling, *asking))
    proposals.put(by_evidence.git_lines(folders=False))
    proposals.put(by_evidence.large_files())
    proposals.put(by_evidence.unused())
    proposals.drop_covered()
    made, last = leave_hits(proposals.made, facts)
    made = made if facts.apart else gathered(made, facts.tree)
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
        self.standing = GitStanding(clutter, self.facts.tracked)
        self.git_shapes = GitShapes(clutter, self.facts)
        self.embeds = Embeds(self.facts.tree)
        self.held: dict[tuple[str, str], HeldBack] = {}
        self._halves: dict[Rule, _Halves] = {}
        self.whole: set[str] = set()  # folders held back as one thing
        self.histories: set[str] = set()  # of those, what the build reads as a whole
        self.against: dict[str, str] = {}  # by rule: what was overruled
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

    def sure(self, rule: Rule) -> Proposal | None:
        """What a rule proposes without a question: of one that asks, what git ignores.

        None where all of it is held back, spoken for or a question.
        """
        asks = rule.confidence is Confidence.ASK
        if asks and not (rule.ignored or rule.made_by):
            return None
        confidence = Confidence.LIKELY if asks else rule.confidence
        return self._made(rule, ids.Name(rule.id), confidence, sure=True)

    def asked(self, rule: Rule) -> Proposal | None:
        """What it asks about: all that is left, or what git tracks of it."""
        finds = [one for part in self.parts[rule] for one in self._asked_of(part)]
        tracked = bool(finds) and all(map(self.standing.tracked, finds))
        asks = rule.confidence is Confidence.ASK
        other = ids.TRACKED if tracked and not asks else ids.REST
        name = ids.Name(rule.id, other=other)
        return self._made(rule, name, Confidence.ASK, sure=False)

    def _asked_of(self, rule: Rule) -> list[ClutterMatch]:
        return [one for finds in self._halved(rule).asked.values() for one in finds]

    def _made(
        self, rule: Rule, name: ids.Name, confidence: Confidence, *, sure: bool
    ) -> Proposal | None:
        """A proposal for one of the two halves of what a rule and its parts hit."""
        found: list[shapes.IgnoreLines] = []
        for part in self.parts[rule]:
            self._take(part, found, sure=sure)
        if not found:
            return None
        found = self._together(rule, found)
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
        )
        return self._weighed(rule, proposal)

    def _take(self, rule: Rule, found: list[shapes.IgnoreLines], *, sure: bool) -> None:
        """Add the lines of one rule, and what they hit."""
        halves = self._halved(rule)
        mine, others = halves.sure, halves.asked
        if not sure:
            mine, others = others, mine
        unfit = halves.unfit | {id(one) for finds in others.values() for one in finds}
        for bit, finds in mine.items():
            hit = {id(one) for shape in found for one in shape.hit}
            folders = {
                one.path
                for shape in found
                for one in shape.hit
                if one.kind == "directory"
            }
            wanted = [
                find
                for find in finds
                if id(find) not in hit
                and not _lies_in(find, folders)
                and self._is_open(rule, find)
            ]
            if not wanted:
                continue  # the lines so far hit them all
            narrow = sure and self._is_ignored_only(rule, bit, wanted)
            shape = self._narrow(bit, wanted, unfit) if narrow else None
            shape = shape or self._shape(rule, bit, wanted, unfit)
            if shape is None:
                self._hold_back(rule, wanted[0], self._unshaped(bit, wanted, unfit))
            else:
                found.append(shape)

    def _together(
        self, rule: Rule, found: list[shapes.IgnoreLines]
    ) -> list[shapes.IgnoreLines]:
        """The same with one line in place of several, where it hits nothing else."""
        wide = [
            bit for bit in self.hit.get(rule, ()) if self._pattern(bit) == rule.together
        ]
        if not wide:
            return found
        finds = self.by_bit[wide[0]]
        known = {id(find) for shape in found for find in shape.hit}
        inside = {id(find) for find in finds}
        several = [one for one in found if inside.issuperset(map(id, one.hit))]
        if sum(len(one.lines) for one in several) < 2 or inside - known:
            return found
        unsafe = partial(self._is_unsafe, set(), None)
        shape = shapes.of_pattern(
            rule.together, finds, finds, anywhere=rule.anywhere, unsafe=unsafe
        )
        if shape is None or len(shape.lines) > 1:
            return found
        return [shape, *(one for one in found if one not in several)]

    def _halved(self, rule: Rule) -> _Halves:
        """What a rule may take: what it is sure of, and what it asks about."""
        known = self._halves.get(rule)
        if known is not None:
            return known
        free, unfit = self._free(rule)
        found = self._halves[rule] = _Halves({}, {}, unfit)
        for bit, finds in free.items():
            for find in finds:
                self._put(rule, bit, find, found)
        return found

    def _put(self, rule: Rule, bit: int, find: ClutterMatch, found: _Halves) -> None:
        """Put a find into one of the halves, or hold it back."""
        asks = rule.confidence is Confidence.ASK
        tracked = self.standing.tracked(find) if rule.tracked != GOES else 0
        in_part = find.kind == "directory" and 0 < tracked < find.files
        parts = self._ignored_parts(rule, find) if in_part else []
        if tracked and (rule.tracked_stay or parts or (in_part and rule.ignored)):
            found.unfit.add(id(find))
            self._hold_back(rule, find, (find.path, self._tracked_words((find,))[1]))
            found.put(sure=True, bit=bit, finds=parts)
            return
        verdict = self._verdict(rule, find)
        answer = None if verdict is None else verdict.answer
        raised = bool(rule.ignored) and self.standing.is_ignored(find)
        if answer is Answer.MADE and not tracked:
            raised = True
        sure = raised if asks else not tracked
        sure = sure and answer is not Answer.UNSURE
        found.put(sure=sure, bit=bit, finds=[find])

    def _is_ignored_in_part(self, find: ClutterMatch) -> bool:
        """Whether git tracks some of a folder and ignores some, which may go alone."""
        return bool(self.standing.tracked(find) and self.standing.parts(find))

    def _ignored_parts(self, rule: Rule, find: ClutterMatch) -> list[ClutterMatch]:
        """What may go of a folder that git tracks in part: what it ignores."""
        if rule.confidence is Confidence.ASK and not (rule.ignored or rule.made_by):
            return []
        return [
            one
            for one in self.standing.parts(find)
            if self.proposals.is_free(one)
            and not self._is_declined(rule, one)
            and self.protections.reason_to_keep(one) is None
        ]

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
                if not self._is_open(rule, find):
                    continue
                if (
                    _lies_in(find, self.histories)
                    or not self._fits(rule, find)
                    or self._is_idle(find)
                ):
                    unfit.add(id(find))
                    continue
                if self._is_declined(rule, find):
                    unfit.add(id(find))
                    continue
                reason_to_keep = self.protections.reason_to_keep(find)
                if reason_to_keep is None:
                    reason_to_keep = self._unless_insisted(rule, find)
                if reason_to_keep is None:
                    free.setdefault(bit, []).append(find)
                else:
                    unfit.add(id(find))
                    if (
                        find.hold is not KeepReason.REINCLUDED
                    ):  # the user knows that line
                        self._hold_back(rule, find, reason_to_keep)
        return free, unfit

    def _is_open(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether nobody speaks for it yet."""
        asks = rule.confidence is Confidence.ASK
        return self.proposals.is_free(find) and not (
            asks and self.proposals.is_already_emptied(find)
        )

    def _fits(self, rule: Rule, find: ClutterMatch) -> bool:
        if rule.secret:
            return self.facts.secrets.get(find.path) == rule.id
        size = find.context.sums.file_bytes
        ignored = bool(rule.ignored) and self.standing.is_ignored(find)
        if rule.ignored == ONLY and not (ignored or self._is_ignored_in_part(find)):
            return False
        if ignored:
            size = max(size, rule.min_bytes)
        tree = self.facts.tree
        paths = find.paths if rule.content or rule.only else find.paths[:1]
        return all(
            applies(
                rule,
                path,
                kind=find.kind,
                file_bytes=size,
                tree=tree,
                expected=self.protections.expected,
            )
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

    def _unless_insisted(
        self, rule: Rule, find: ClutterMatch
    ) -> tuple[str, str] | None:
        """What the build needs of a find; None where a person wants it out."""
        reason = self._used(rule, find)
        if reason is None or not self._is_insisted(rule, find):
            return reason
        path, why = reason
        self.against.setdefault(rule.part_of or rule.id, f"{path}: {why}")
        return None

    def _is_insisted(self, rule: Rule, find: ClutterMatch) -> bool:
        said = {one.removeprefix("**/").strip("/") for one in self.facts.insisted}
        said.discard("")
        return bool(said & {rule.id, rule.part_of, *find.paths}) or any(
            pattern.removeprefix("**/") in said for pattern in rule.patterns
        )

    def _used(self, rule: Rule, find: ClutterMatch) -> tuple[str, str] | None:
        """What the build needs of a find, and why; None where it shows no need."""
        if rule.confidence is Confidence.ASK and rule.ask_if_run:
            reader = self.facts.hints.matching(rule.ask_if_run)
            if reader is not None:
                return find.path, f"line {reader.line} of the Dockerfile reads it"
        if rule.used_by == READS_GIT and self.facts.hints.git:
            hint = self.facts.hints.git[0]
            reason = f'the build reads it: {hint.place} has "{hint.text}"'
            self.protections.keep((find.path, reason))
            return find.path, reason
        needs = (one.need(rule, find) for one in self.facts.others)
        needed = next(filter(None, needs), None)
        if needed is not None:
            self.protections.keep((find.path, needed))
            return find.path, needed
        verdict = self._verdict(rule, find)
        if verdict is not None and verdict.answer is Answer.MADE:
            return None
        if verdict is not None and verdict.answer is Answer.NEEDED:
            use = self._mention((find,))
            where = f"; {use[1].reason}" if use is not None else ""
            reason = f"no command here makes it anew{where}"
            self.protections.keep((find.path, reason))
            return find.path, reason
        # What lies in it and is sure to be clutter goes as it does elsewhere.
        around = rule.confidence is Confidence.ASK
        need = self.protections.need(find, around=around)
        return need or self.embeds.of(find)

    def _verdict(self, rule: Rule, find: ClutterMatch) -> Verdict | None:
        """Who makes a find anew; None for what nobody is said to make."""
        makers = self.facts.hints.makers
        if not rule.made_by or makers is None:
            return None
        return makers.verdict(rule, find)

    def _hold_back(
        self, rule: Rule, find: ClutterMatch, reason_to_keep: tuple[str, str]
    ) -> None:
        path, why = reason_to_keep
        where = "" if path == find.path else f"{path}: "
        told = rule.part_of or rule.id
        if find.kind == "directory" and path == find.path:
            self.whole.add(path)
            if rule.used_by:
                self.histories.add(path)
        self.held.setdefault((told, why), HeldBack(told, find.path, f"{where}{why}"))

    def _is_unsafe(
        self,
        unfit: set[int],
        only: Sequence[ClutterMatch] | None,
        line: str,
        hit: Sequence[ClutterMatch],
    ) -> bool:
        """Whether a line would take what is not meant, or what has to stay.

        `only` has all that it may take: of the rest another rule speaks, and may ask.
        """
        if only is not None and any(find not in only for find in hit):
            return True
        if any(
            id(find) in unfit or self.protections.reason_to_keep(find) for find in hit
        ):
            return True
        return self.protections.forbids(line, hit)

    def _pattern(self, bit: int) -> str:
        return self.rule_index.rules[bit][1]

    def _shape(
        self, rule: Rule, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> shapes.IgnoreLines | None:
        unsafe = partial(self._is_unsafe, unfit, wanted if rule.secret else None)
        pattern = self._pattern(bit)
        hit = self.by_bit[bit]
        of_git = partial(self.git_shapes.of, wanted, unsafe, others=self._is_spoken_for)
        if not {id(one) for one in wanted} <= {id(one) for one in hit}:
            return of_git() or shapes.of_paths(wanted, unsafe)
        if is_conditional(rule, pattern):
            # The line would hit what does not meet the conditions, some day.
            shape = of_git() or shapes.of_paths(wanted, unsafe)
            if shape is not None or rule.secret:
                return shape
        shape = shapes.of_pattern(
            pattern, wanted, hit, anywhere=rule.anywhere, unsafe=unsafe
        )
        return shape or of_git()

    def _is_ignored_only(
        self, rule: Rule, bit: int, wanted: Sequence[ClutterMatch]
    ) -> bool:
        """Whether all that speaks for going unasked is that git ignores what is here.

        Of archives that lie elsewhere tomorrow, git may think otherwise.
        """
        pattern = self._pattern(bit)
        base = pattern.removeprefix(shapes.ANYWHERE)
        anywhere = base != pattern and not shapes.is_literal(base)
        asks = rule.confidence is Confidence.ASK and pattern not in rule.lasting
        verdicts = (self._verdict(rule, find) for find in wanted)
        made = any(one is not None and one.answer is Answer.MADE for one in verdicts)
        return asks and anywhere and not made

    def _narrow(
        self, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> shapes.IgnoreLines | None:
        """Lines for no more than git ignores: its own, and what its folders hold."""
        unsafe = partial(self._is_unsafe, unfit, None)
        inside = [find for find in wanted if self._is_in_ignored_folder(find)]
        known = [find for find in wanted if not self._is_in_ignored_folder(find)]
        made = []
        if known:
            of_git = self.git_shapes.of(known, unsafe, others=self._is_spoken_for)
            made.append(of_git or shapes.of_paths(known, unsafe))
        if inside:
            by_folder = shapes.by_folder(
                self._pattern(bit), inside, self.by_bit[bit], unsafe
            )
            made.append(by_folder or shapes.of_paths(inside, unsafe))
        found = [one for one in made if one is not None]
        if len(found) < len(made):
            return None
        lines = dict.fromkeys(line for one in found for line in one.lines)
        hit = {id(find): find for one in found for find in one.hit}
        return shapes.IgnoreLines(tuple(lines), tuple(hit.values()))

    def _is_in_ignored_folder(self, find: ClutterMatch) -> bool:
        """Whether git ignores all that its folder holds, by `data/` or `data/*`."""
        if not find.line:
            return True
        text = self.facts.lines[find.line - 1].text
        return text.rpartition("/")[2] in ("*", "**")

    def _is_spoken_for(self, find: ClutterMatch) -> bool:
        return not self.proposals.is_free(find)

    def _weighed(self, rule: Rule, proposal: Proposal) -> Proposal:
        """The proposal with the confidence that the evidence leaves it."""
        hints = self.facts.hints
        confidence = proposal.confidence
        notes = []
        asked = hints.matching(rule.ask_if_run) if rule.ask_if_run else None
        verdicts = [self._verdict(rule, find) for find in proposal.clutter]
        said = _made_words(rule, [*filter(None, verdicts)])
        notes += said
        mention = self._mention(proposal.clutter)
        if mention is not None and not said and confidence is not Confidence.ASK:
            confidence = Confidence.ASK
            notes.append(
                f"line {mention[1].command.line} of the Dockerfile mentions it"
            )
        if asked is not None and confidence is not Confidence.ASK:
            confidence = Confidence.ASK
            notes.append(f"line {asked.line} of the Dockerfile may read it")
        listed = self.protections.listed(proposal.clutter)
        if listed is not None:
            confidence = Confidence.ASK
            notes.append(listed)
        tracked = self._tracked_words(proposal.clutter)
        if tracked[0]:
            notes.append(tracked[1])
        notes += self._ignored_words(proposal.clutter)
        return proposal._replace(
            confidence=confidence,
            notes=tuple(notes),
            question=proposal.question or f"Keep {proposal.label} out?",
            against=self.against.get(rule.id, ""),
        )

    def _mention(self, clutter: Sequence[ClutterMatch]) -> tuple[str, Use] | None:
        """The first path that a command uses, and how."""
        for find in clutter:
            for path in find.paths:
                use = self.facts.hints.mention(path)
                if use is not None:
                    return path, use
        return None

    def _tracked_words(self, clutter: Sequence[ClutterMatch]) -> tuple[int, str]:
        """How many files git tracks of it, and that in words."""
        known = sum(map(self.standing.tracked, clutter))
        files = sum(find.files for find in clutter)
        if known >= files:
            return known, "git tracks it"
        return known, f"git tracks {known:,} of {files:,} files"

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


class _Halves(NamedTuple):
    """The finds of a rule by the bits of its patterns, each in one of two halves."""

    sure: dict[int, list[ClutterMatch]]
    asked: dict[int, list[ClutterMatch]]
    unfit: set[int]  # what it does not mean, by identity

    def put(self, *, sure: bool, bit: int, finds: Sequence[ClutterMatch]) -> None:
        """Take over finds of one pattern."""
        if finds:
            (self.sure if sure else self.asked).setdefault(bit, []).extend(finds)


def _made_words(rule: Rule, verdicts: Sequence[Verdict]) -> list[str]:
    """The words for it that commands make all of it anew, or may."""
    unsure = next((one for one in verdicts if one.answer is Answer.UNSURE), None)
    if unsure is not None:
        return [unsure.why]
    made = next((one for one in verdicts if one.answer is Answer.MADE), None)
    if made is None or any(one.answer is not Answer.MADE for one in verdicts):
        return []
    return [(rule.made_words or "made anew by {}").format(made.where)]


def is_conditional(rule: Rule, pattern: str) -> bool:
    """Whether a name alone does not make it what the rule means.

    Of files with a wildcard in their name, what stands beside them and how large they
    are is no matter: of the same name, all that come are of the same kind.
    """
    if rule.secret:
        return not rule.anywhere
    looks = rule.inside or rule.only or rule.content or rule.link_target
    looks = looks or rule.unless_inside
    literal = shapes.is_literal(pattern.removeprefix("**/"))
    if pattern in rule.lasting:
        return False
    if rule.ignored == ONLY or (rule.kind == "directory" and not literal):
        return True
    beside = rule.beside or rule.unless_beside
    return bool(looks or (literal and (beside or rule.min_bytes)))
