"""What a walk looks out for: clutter, what must stay, and what tells of caches.

The patterns of all rules lie in one row of bits, so that one look at a name answers
for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.model import Confidence
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.multimatch import MultiMatchState, compile_set
from ctxopt.core.patterns.plans import (
    MANY_LINES,
    CompiledPattern,
    ComponentKind,
    NameTest,
)
from ctxopt.core.secrets.places import (
    FOREIGN,
    PLAIN,
    WIDE,
    is_plain,
    may_end_plain_name,
)
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.suggest.rules import KeepRule, Rule, RuleBook
from ctxopt.core.tuples import NamedTuple

# Files that say of their folder what it is, wherever they are.
CACHE_TAG = "CACHEDIR.TAG"  # https://bford.info/cachedir/
ENVIRONMENT_TAG = "pyvenv.cfg"
GIT = "**/.git"
DOCS = "docs"  # Rule.topic
TAGS = (CACHE_TAG, ENVIRONMENT_TAG)
# The one pattern whose text only shows what it is about.
KNOWN = {
    PLAIN: CompiledPattern(
        (
            MANY_LINES,
            NameTest(
                ComponentKind.CALL, PLAIN, call=is_plain, may_end=may_end_plain_name
            ),
        )
    )
}


class RuleIndex(NamedTuple):
    """The patterns to look out for, a bit each; what is never suggested comes last."""

    rules: tuple[tuple[Rule, str], ...]  # every pattern with its rule
    nevers: tuple[tuple[KeepRule, str], ...]
    pinned: tuple[str, ...]  # paths
    multi_match: MultiMatchState
    marks: HitMasks
    policy: Policy = NO_POLICY

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Each rule once, those of the project first."""
        found: list[Rule] = []
        for rule, _ in self.rules:  # those of a rule stand together
            if not found or found[-1] is not rule:
                found.append(rule)
        return tuple(found)

    def tag_bit(self, name: str) -> int:
        """The bit of one of `TAGS`."""
        return 1 << (len(self.rules) + len(self.nevers) + TAGS.index(name))

    def head_of(self, rule: Rule) -> Rule:
        """The rule whose suggestion speaks for what a rule hits: mostly its own."""
        if not rule.part_of:
            return rule
        return next(one for one, _ in self.rules if one.id == rule.part_of)

    def told(self, bit: int) -> str:
        """The id of the suggestion that speaks for what a pattern hits."""
        rule = self.rules[bit][0]
        return rule.part_of or rule.id

    @property
    def git_bit(self) -> int:
        """The bit of git's own folder."""
        at_git = [at for at, (_, text) in enumerate(self.rules) if text == GIT]
        return sum(1 << at for at in at_git)

    def pinned_bit(self, path: str) -> int:
        """The bit of a pinned path, 0 for one that is not."""
        if path not in self.pinned:
            return 0
        first = len(self.rules) + len(self.nevers) + len(TAGS) + len(FOREIGN)
        return 1 << (first + self.pinned.index(path))


def watched(book: RuleBook) -> list[str]:
    """The patterns that all walks look out for, in the order of their bits."""
    texts = [text for rule in book.rules for text in rule.patterns]
    texts += [text for never in book.nevers for text in never.patterns]
    return [*texts, *(f"**/{name}" for name in TAGS), *FOREIGN]


def build_rule_index(
    book: RuleBook, pinned: Sequence[str] = (), policy: Policy = NO_POLICY
) -> RuleIndex:
    """Look out for all rules of a book, and for the place of some plain paths.

    The rules of a project come first: where two hit the same path, the first speaks.
    """
    if policy.rules:  # bits of their own, so that no test is ready
        book = RuleBook((*policy.rules, *book.rules), book.nevers)
    rules = tuple([(rule, text) for rule in book.rules for text in rule.patterns])
    nevers = tuple([(never, text) for never in book.nevers for text in never.patterns])
    pinned = [path for path in pinned if escaped(path) is not None]
    sizes = [len(rules), len(nevers), len(TAGS), len(FOREIGN), len(pinned)]
    secrets = _bits_of(book.rules, lambda rule: bool(rule.secret))
    content = _bits_of(book.rules, lambda rule: bool(rule.content))
    wide = sum([1 << at for at in bits(secrets) if rules[at][1] in WIDE])
    own = _bits_of(book.rules, _is_of_project)
    ranges = _ranges([*sizes, len(policy.never)])
    marks = HitMasks(
        rules=ranges[0],
        nevers=ranges[1],
        tags=ranges[2],
        single=content | secrets,
        pinned=ranges[4],
        secrets=secrets,
        wide=wide,
        spared=ranges[5],
    )
    texts = [] if book.ready.spans else watched(book)
    texts += [escaped(path) or "" for path in pinned]
    texts += [one.pattern for one in policy.never]
    found = compile_set(
        texts, KNOWN, ready=book.ready, closing=ranges[3], closed=secrets | own
    )
    return RuleIndex(rules, nevers, tuple(pinned), found, marks, policy)


def _bits_of(rules: Sequence[Rule], wanted: Callable[[Rule], bool]) -> int:
    """The bits of the patterns of some rules."""
    found = first = 0
    for rule in rules:
        size = len(rule.patterns)
        if wanted(rule):
            found |= (1 << size) - 1 << first
        first += size
    return found


def _is_of_project(rule: Rule) -> bool:
    """Whether a rule asks about texts and tests: not about those that others wrote."""
    return rule.topic == DOCS and rule.confidence is Confidence.ASK


def _ranges(sizes: Sequence[int]) -> list[int]:
    """Consecutive bits, so many for each."""
    ranges = []
    first = 0
    for size in sizes:
        ranges.append(((1 << size) - 1) << first)
        first += size
    return ranges
