"""The lines of one rule for what it may take: its patterns, git's own, or paths."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.claims import Claims, lies_in
from ctxopt.core.suggest.gitlines import GitShapes
from ctxopt.core.suggest.makers import Answer
from ctxopt.core.suggest.rules import ONLY, Rule


class RuleLines:
    """Finds the lines that take what rules may take, and nothing else."""

    def __init__(self, claims: Claims, git_shapes: GitShapes) -> None:
        self.claims = claims
        self.git_shapes = git_shapes

    def add(self, rule: Rule, found: list[shapes.IgnoreLines], *, sure: bool) -> None:
        """Add the lines of one rule, and what they hit."""
        halves = self.claims.halved(rule)
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
                and not lies_in(find, folders)
                and self.claims.is_open(rule, find)
            ]
            if not wanted:
                continue  # the lines so far hit them all
            narrow = sure and self._is_ignored_only(rule, bit, wanted)
            shape = self._narrow(bit, wanted, unfit) if narrow else None
            shape = shape or self._shape(rule, bit, wanted, unfit)
            if shape is None:
                self.claims.hold_back(
                    rule, wanted[0], self._unshaped(bit, wanted, unfit)
                )
            else:
                found.append(shape)

    def together(
        self, rule: Rule, found: list[shapes.IgnoreLines]
    ) -> list[shapes.IgnoreLines]:
        """The same with one line in place of several, where it hits nothing else."""
        wide = [
            bit
            for bit in self.claims.hit.get(rule, ())
            if self.claims.pattern(bit) == rule.together
        ]
        if not wide:
            return found
        finds = self.claims.by_bit[wide[0]]
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

    def _unshaped(
        self, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> tuple[str, str]:
        """Why no line keeps out what is wanted."""
        undone = next(filter(None, map(self.claims.protections.undone, wanted)), None)
        if undone is not None:
            return undone
        hit = (one for one in self.claims.by_bit[bit] if id(one) in unfit)
        return next(hit, wanted[0]).path, "the same line would hit it"

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
            id(find) in unfit or self.claims.protections.reason_to_keep(find)
            for find in hit
        ):
            return True
        return self.claims.protections.forbids(line, hit)

    def _shape(
        self, rule: Rule, bit: int, wanted: Sequence[ClutterMatch], unfit: set[int]
    ) -> shapes.IgnoreLines | None:
        unsafe = partial(self._is_unsafe, unfit, wanted if rule.secret else None)
        pattern = self.claims.pattern(bit)
        hit = self.claims.by_bit[bit]
        of_git = partial(self.git_shapes.of, wanted, unsafe, others=self._is_spoken_for)
        most = shapes.MANY if rule.secret else shapes.FEW
        if not {id(one) for one in wanted} <= {id(one) for one in hit}:
            return of_git() or shapes.of_paths(wanted, unsafe, most=most)
        if is_conditional(rule, pattern):
            # The line would hit what does not meet the conditions, some day.
            shape = of_git() or shapes.of_paths(wanted, unsafe, most=most)
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
        pattern = self.claims.pattern(bit)
        base = pattern.removeprefix(shapes.ANYWHERE)
        anywhere = base != pattern and not shapes.is_literal(base)
        asks = rule.confidence is Confidence.ASK and pattern not in rule.lasting
        verdicts = (self.claims.verdict(rule, find) for find in wanted)
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
                self.claims.pattern(bit), inside, self.claims.by_bit[bit], unsafe
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
        text = self.claims.facts.lines[find.line - 1].text
        return text.rpartition("/")[2] in ("*", "**")

    def _is_spoken_for(self, find: ClutterMatch) -> bool:
        return not self.claims.proposals.is_free(find)


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
