"""What each rule may take: what is free, what it is sure of, and what it asks about.

What a rule hits and may not take is held back here, with the reason.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason
from ctxopt.core.model import Confidence, HeldBack
from ctxopt.core.running.commands import Command
from ctxopt.core.running.mentions import Use
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.conditions import Conditions
from ctxopt.core.suggest.embeds import Embedding, Embeds
from ctxopt.core.suggest.landings import Landings
from ctxopt.core.suggest.makers import Answer, Verdict
from ctxopt.core.suggest.proposals import ProposalList
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.rules import GOES, ONLY, Rule
from ctxopt.core.suggest.signs import HISTORY, BuildHint
from ctxopt.core.suggest.standing import GitStanding
from ctxopt.core.tuples import NamedTuple

READS_GIT = "git"  # Rule.used_by
# What rules of these topics hit is no work in progress.
_LEFT_BEHIND = frozenset({"build", "caches", "dependencies"})  # Rule.topic


class Halves(NamedTuple):
    """The finds of a rule by the bits of its patterns, each in one of two halves."""

    sure: dict[int, list[ClutterMatch]]
    asked: dict[int, list[ClutterMatch]]
    unfit: set[int]  # what it does not mean, by identity

    def put(self, *, sure: bool, bit: int, finds: Sequence[ClutterMatch]) -> None:
        """Take over finds of one pattern."""
        if finds:
            (self.sure if sure else self.asked).setdefault(bit, []).extend(finds)


class Claims:
    """The finds that rules hit, and what each of them may take."""

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
        self._embeds = Embeds(self.facts.embedding or Embedding(self.facts.tree))
        self._conditions = self.facts.conditions or Conditions(self.facts.tree)
        self._landings = Landings(self.facts.hints, self.facts.others)
        self.held: dict[tuple[str, str], HeldBack] = {}
        self.kept: dict[str, HeldBack] = {}  # by path: each find, not one a reason
        self._halves: dict[Rule, Halves] = {}
        self._readers: dict[str, Command | None] = {}
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
        self.versioner = self._who_compares()

    def pattern(self, bit: int) -> str:
        """The pattern that a bit stands for."""
        return self.rule_index.rules[bit][1]

    def halved(self, rule: Rule) -> Halves:
        """What a rule may take: what it is sure of, and what it asks about."""
        known = self._halves.get(rule)
        if known is not None:
            return known
        free, unfit = self._free(rule)
        found = self._halves[rule] = Halves({}, {}, unfit)
        for bit, finds in free.items():
            for find in finds:
                self._put(rule, bit, find, found)
        return found

    def _put(self, rule: Rule, bit: int, find: ClutterMatch, found: Halves) -> None:
        """Put a find into one of the halves, or hold it back."""
        asks = rule.confidence is Confidence.ASK
        is_missed = rule.tracked == GOES and self.version_of((find,)) is not None
        counts = rule.tracked != GOES or is_missed
        tracked = self.standing.tracked(find) if counts else 0
        in_part = find.kind == "directory" and 0 < tracked < find.files
        parts = self._ignored_parts(rule, find) if in_part else []
        if tracked and (rule.tracked_stay or parts or (in_part and rule.ignored)):
            found.unfit.add(id(find))
            self.hold_back(rule, find, (find.path, self.tracked_words((find,))[1]))
            found.put(sure=True, bit=bit, finds=parts)
            return
        verdict = self.verdict(rule, find)
        answer = None if verdict is None else verdict.answer
        raised = self._is_raised(rule, find)
        if not tracked and (answer is Answer.MADE or self._is_left_behind(rule, find)):
            raised = True
        sure = raised if asks else not (tracked or is_missed)
        sure = sure and answer is not Answer.UNSURE
        found.put(sure=sure, bit=bit, finds=[find])

    def version_of(self, clutter: Sequence[ClutterMatch]) -> BuildHint | None:
        """Who makes a version of the history that misses some finds; None: nobody.

        What no source takes, the image lacks in any case; what git does not ignore, it
        may track tomorrow.
        """
        if self.versioner is None:
            return None
        is_missed = any(
            find.transfer.end > find.transfer.start
            and not self.standing.is_ignored(find)
            for find in clutter
        )
        return self.versioner if is_missed else None

    def _who_compares(self) -> BuildHint | None:
        """Who compares the history with the files, where it is sent and has some."""
        tracked = self.facts.tracked
        if tracked is not None and not tracked.below(""):
            return None
        bit = self.rule_index.git_bit.bit_length() - 1
        is_sent = any(find.path == HISTORY for find in self.by_bit.get(bit, ()))
        who = (one for one in self.facts.hints.git if one.sees_files)
        return next(who, None) if is_sent else None

    def _is_raised(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether it needs no question that git ignores it: no COPY could want it."""
        if not self.standing.is_ignored(find):
            return False
        if rule.ignored or self._landings.is_idle(rule, find):
            return True
        return find.kind == "directory" and self.protections.is_out_of_reach(find)

    def _is_left_behind(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether no image gets what a tool has left there, or data of this machine."""
        if self.facts.tracked is None:
            return False
        if self._landings.is_data_of_nobody(rule, find):
            return True
        left = rule.topic in _LEFT_BEHIND
        return left and self.protections.is_out_of_reach(find)

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

    def _free(self, rule: Rule) -> tuple[dict[int, list[ClutterMatch]], set[int]]:
        """What a rule may take, by its patterns; and what it does not mean."""
        free: dict[int, list[ClutterMatch]] = {}
        unfit: set[int] = set()  # by identity
        self._overrule(rule)
        for bit in self.hit[rule]:
            for find in self.by_bit[bit]:
                if not self.is_open(rule, find):
                    continue
                if (
                    lies_in(find, self.histories)
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
                    # The user knows that line, and that what lies in a folder stays.
                    told = lies_in(find, self.whole) and self.protections.spared(find)
                    if find.hold is not KeepReason.REINCLUDED and not told:
                        self.hold_back(rule, find, reason_to_keep)
        return free, unfit

    def is_open(self, rule: Rule, find: ClutterMatch) -> bool:
        """Whether nobody speaks for it yet."""
        asks = rule.confidence is Confidence.ASK
        return self.proposals.is_free(find) and not (
            asks and self.proposals.is_already_emptied(find)
        )

    def _fits(self, rule: Rule, find: ClutterMatch) -> bool:
        if rule.secret:
            return self.facts.secrets.get(find.path) == rule.id
        size = find.context.file_bytes
        ignored = bool(rule.ignored) and self.standing.is_ignored(find)
        if rule.ignored == ONLY and not (ignored or self._is_ignored_in_part(find)):
            return False
        if ignored:
            size = max(size, rule.min_bytes)
        paths = find.paths if rule.content or rule.only else (find.path,)
        return all(
            self._conditions.hold(
                rule,
                path,
                kind=find.kind,
                file_bytes=size,
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

    def _overrule(self, rule: Rule) -> None:
        """Take over what a person wants out although the configuration says never.

        That is what is named by its path; by its rule only what the rule has nothing
        else of, or its name would mean the rest.
        """
        if not self.facts.insisted or not self.rule_index.policy.never:
            return
        finds = [find for bit in self.hit[rule] for find in self.by_bit[bit]]
        meant = [find for find in finds if self._fits(rule, find)]
        alone = all(map(self.protections.reason_to_keep, meant))
        for find in meant:
            spared = self.protections.spared(find)
            by_rule = alone and self._is_insisted(rule, find)
            if spared and (by_rule or self._said.intersection(find.paths)):
                path, why = spared
                self.against.setdefault(rule.part_of or rule.id, f"{path}: {why}")
                self.protections.overrule(find)

    @property
    def _said(self) -> set[str]:
        """What a person insists on, as paths from the root."""
        said = {one.removeprefix("**/").strip("/") for one in self.facts.insisted}
        return said - {""}

    def _is_insisted(self, rule: Rule, find: ClutterMatch) -> bool:
        said = self._said
        return bool(said & {rule.id, rule.part_of, *find.paths}) or any(
            pattern.removeprefix("**/") in said for pattern in rule.patterns
        )

    def _reader(self, expression: str) -> Command | None:
        """The first command that an expression is found in; looked for once."""
        if expression not in self._readers:
            self._readers[expression] = self.facts.hints.matching(expression)
        return self._readers[expression]

    def _used(self, rule: Rule, find: ClutterMatch) -> tuple[str, str] | None:
        """What the build needs of a find, and why; None where it shows no need."""
        if rule.confidence is Confidence.ASK and rule.ask_if_run:
            reader = self._reader(rule.ask_if_run)
            if reader is not None:
                return find.path, f"line {reader.line} of the Dockerfile may read it"
        if rule.used_by == READS_GIT and self.facts.hints.git:
            hint = self.facts.hints.git[0]
            reason = f'the build reads it: {hint.place} has "{hint.text}"'
            self.protections.keep((find.path, reason))
            return find.path, reason
        needed = self.facts.others.need(rule, find)
        if needed is not None:
            self.protections.keep((find.path, needed))
            return find.path, needed
        verdict = self.verdict(rule, find)
        if verdict is not None and verdict.answer is Answer.MADE:
            return None
        if verdict is not None and verdict.answer is Answer.NEEDED:
            use = self.mention((find,))
            where = f"; {use[1].reason}" if use is not None else ""
            reason = f"no command here makes it anew{where}"
            self.protections.keep((find.path, reason))
            return find.path, reason
        # What lies in it and is sure to be clutter goes as it does elsewhere.
        around = rule.confidence is Confidence.ASK
        need = self.protections.need(find, around=around)
        return need or self._embeds.of(find)

    def verdict(self, rule: Rule, find: ClutterMatch) -> Verdict | None:
        """Who makes a find anew; None for what nobody is said to make."""
        makers = self.facts.hints.makers
        if not rule.made_by or makers is None:
            return None
        return makers.verdict(rule, find)

    def hold_back(
        self, rule: Rule, find: ClutterMatch, reason_to_keep: tuple[str, str]
    ) -> None:
        """Note that a find stays, and why: the path that is needed, and the reason."""
        path, why = reason_to_keep
        where = "" if path == find.path else f"{path}: "
        told = rule.part_of or rule.id
        if find.kind == "directory" and path == find.path:
            self.whole.add(path)
            if rule.used_by:
                self.histories.add(path)
        held = HeldBack(told, find.path, f"{where}{why}")
        self.held.setdefault((told, why), held)
        for one in find.paths:
            self.kept.setdefault(one, held._replace(path=one))

    def mention(self, clutter: Sequence[ClutterMatch]) -> tuple[str, Use] | None:
        """The first path that a command uses, and how."""
        for find in clutter:
            for path in find.paths:
                use = self.facts.hints.mention(path)
                if use is not None:
                    return path, use
        return None

    def tracking_notes(self, clutter: Sequence[ClutterMatch]) -> tuple[str, ...]:
        """What git tracks of some finds, in words; nothing where it tracks none."""
        known, words = self.tracked_words(clutter)
        return (words,) if known else ()

    def tracked_words(self, clutter: Sequence[ClutterMatch]) -> tuple[int, str]:
        """How many files git tracks of it, and that in words."""
        known = sum(map(self.standing.tracked, clutter))
        files = sum(find.files for find in clutter)
        if known >= files:
            return known, "git tracks it"
        return known, f"git tracks {known:,} of {files:,} files"


def lies_in(find: ClutterMatch, folders: Container[str]) -> bool:
    """Whether a find lies in one of some folders, at any level."""
    path = find.folder
    while path and path not in folders:
        path = path.rpartition("/")[0]
    return bool(path)
