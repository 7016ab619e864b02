"""Lines for what is not there yet: what a manifest, git and a rule agree on.

A clean clone has no `node_modules`, and the first `npm install` puts one beside the
Dockerfile. Where a `package.json` is there, `.gitignore` says `node_modules`, and the
build installs its own, the line can be written before it is needed.

A rule speaks here of the names that git ignores, and only where what belongs to them
is there: what stands beside a find of the rule (`beside`, `markers`), or lets one
expect it (`manifest`). What has to be looked into to be known is left to the day when
it is there; so is what a source names, what a line with `!` brings back, what git
tracks, what a command of the build reads, and what no command of it makes anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from ctxopt.core.git.line import GitLine
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.measure.clutter_match import NOTHING, ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import escaped, is_sound
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.sweeps import start_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.conditions import any_in
from ctxopt.core.suggest.lines import ANYWHERE, is_literal
from ctxopt.core.suggest.proposals import BuildFacts, Proposal
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.suggest.saying import SaidPaths
from ctxopt.core.suggest.topics import topic_of

SECRETS, PACKAGES = "secrets", "dependencies"  # topics


class GitAsked(Protocol):  # pragma: no cover
    """What git ignores, asked about single paths."""

    def __call__(self, path: str, *, is_folder: bool) -> GitLine | None:
        """The line that ignores a path, which need not be there."""
        ...


class Foreseen(NamedTuple):
    """What may appear at a path, as a rule and git agree."""

    rule: Rule
    bit: int  # of the pattern among those of all rules
    pattern: str
    path: str
    line: GitLine


def foreseen(
    index: RuleIndex,
    hits: int,
    folders: Sequence[str],
    *,
    facts: BuildFacts,
    asked: GitAsked,
) -> Iterator[Foreseen]:
    """What a manifest, git and a rule agree on, and the ignore file does not keep out.

    `hits` are the patterns that hit something now, `folders` those that have a manifest
    or an ignore file of git, "" for the root among them.
    """
    for bit, (rule, pattern) in enumerate(index.rules):
        if hits >> bit & 1 or not _may_speak(rule, pattern):
            continue
        for folder, path in _paths(pattern, folders):
            line = asked(path, is_folder=rule.kind != "file")
            if line is None or not _says_name(line):
                continue
            one = Foreseen(rule, bit, pattern, path, line)
            if _is_expected(one, folder, facts.tree) and not _is_out(
                facts.matcher, path
            ):
                yield one


def proposals(
    found: Sequence[Foreseen],
    taken: Collection[str],
    *,
    index: RuleIndex,
    hits: int,
    facts: BuildFacts,
) -> tuple[Proposal, ...]:
    """What may be written ahead, a proposal a rule.

    `taken` are the rules that something is proposed by for what is there, of those that
    have `hits`.
    """
    by_rule: dict[Rule, list[Foreseen]] = {}
    for one in _meant([*_told_by_name(found)]):
        by_rule.setdefault(one.rule, []).append(one)
    judge = _Judge(Protections(index, facts), facts)
    hit = {rule for bit, (rule, _) in enumerate(index.rules) if hits >> bit & 1}
    kept = [rule for rule in hit if rule.id not in taken]
    kept += [rule for rule in by_rule if judge.is_needed(rule)]
    judge.keeps_packages = any(topic_of(rule.id) == PACKAGES for rule in kept)
    made = (judge.proposal(rule, several) for rule, several in by_rule.items())
    return tuple(
        one._replace(id=ids.ahead(one.rule) if one.rule in taken else one.rule)
        for one in made
        if one is not None
    )


def _told_by_name(found: Sequence[Foreseen]) -> Iterator[Foreseen]:
    """Without what has to be looked into, where another rule knows it by its name."""
    named = {one.path for one in found if not one.rule.inside}
    return (one for one in found if not one.rule.inside or one.path not in named)


def _meant(found: Sequence[Foreseen]) -> Iterator[Foreseen]:
    """Without what git ignores by a line that is the pattern of another rule.

    Of `*.log`, that is all that ends so: `npm-debug.log` needs no line of its own.
    """
    said = {one.line: False for one in found}
    for one in found:
        said[one.line] |= _is_same(one)
    return (one for one in found if _is_same(one) or not said[one.line])


def _is_same(one: Foreseen) -> bool:
    text = one.line.text.strip("/").removeprefix(ANYWHERE)
    return text == one.pattern.removeprefix(ANYWHERE)


def _may_speak(rule: Rule, pattern: str) -> bool:
    """Whether the names of a rule say enough, of what nobody can look into yet."""
    if rule.kind == "link" or rule.min_bytes or rule.only or rule.used_by:
        return False
    if rule.confidence is Confidence.ASK and not rule.made_by:
        return False
    base = pattern.removeprefix(ANYWHERE)
    known = rule.beside or rule.markers or rule.manifest
    if rule.content and (topic_of(rule.id) != SECRETS or not is_literal(base)):
        return False
    return bool(known or not rule.inside or base.startswith("."))


def _paths(pattern: str, folders: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Paths that a pattern takes, each with the folder that it is looked for in."""
    base = pattern.removeprefix(ANYWHERE)
    examples = _examples(base)
    for folder in folders if base != pattern else ("",):
        for name in examples:
            yield folder, join(folder, name)


def _is_expected(one: Foreseen, folder: str, tree: Tree) -> bool:
    """Whether what belongs to it is there, and it is not."""
    rule, path = one.rule, one.path
    beside = path.rpartition("/")[0]
    says = one.pattern.removeprefix(ANYWHERE) in one.line.text  # `vendor/bundle` whole
    return (
        (not rule.beside or any_in(beside, rule.beside, tree))
        and (
            not rule.markers
            or any_in(beside, rule.markers, tree)
            or any_in("", rule.markers, tree)
        )
        and (not rule.manifest or any_in(folder, rule.manifest, tree))
        and tree.kind(path) is None
        and (beside == folder or tree.kind(beside) is Found.DIRECTORY or says)
    )


_BRACKET = re.compile(r"\[([^]!^\\])[^]]*\]")


def _examples(base: str) -> Sequence[str]:
    """Names that a pattern takes; none where they cannot be told."""
    text = _BRACKET.sub(r"\1", base)
    if any(character in text for character in "[]\\"):
        return ()
    texts = dict.fromkeys((text.replace("*", ""), text.replace("*", "x")))
    return [one.replace("?", "x") for one in texts if one.rpartition("/")[2]]


def _says_name(line: GitLine) -> bool:
    """Whether a line of git says more than that all of a folder is ignored."""
    return bool(line.text.strip("*/ "))


def _is_out(matcher: Matcher, path: str) -> bool:
    try:
        return matcher.matches_or_parent_matches(path)
    except PatternError:
        return True  # nothing can be told, so nothing is said


class _Judge:
    """Which lines may be written before there is anything to keep out."""

    def __init__(self, protections: Protections, facts: BuildFacts) -> None:
        self._protections = protections
        self._facts = facts
        # What the packages of this machine hold is theirs, whatever it is called.
        self.keeps_packages = False
        sources = (*facts.sources, *facts.elsewhere)
        self._said = SaidPaths(sources)
        said = {one.expanded.strip("/").removeprefix("./") for one in sources}
        said |= {start_of(one) for one in sources}
        # With a name in the place of stars, as what they mean may not be there yet.
        self._named = sorted({_plain(one) for one in said} - {"", "."})

    def is_needed(self, rule: Rule) -> bool:
        """Whether no command here makes it anew, or one may read it."""
        hints = self._facts.hints
        if rule.made_by and hints.matching(rule.made_by) is None:
            return True
        asks = rule.ask_if_run and topic_of(rule.id) != SECRETS
        return bool(asks) and hints.matching(rule.ask_if_run) is not None

    def proposal(self, rule: Rule, found: Sequence[Foreseen]) -> Proposal | None:
        """What a rule proposes ahead; None where it may be needed."""
        if self.is_needed(rule):
            return None
        free = [one for one in found if self._is_free(one, is_made=bool(rule.made_by))]
        lines = dict.fromkeys(
            line for one in free if (line := self._line(one)) is not None
        )
        if not lines:
            return None
        return _proposal(rule, [*lines], free)

    def _is_free(self, one: Foreseen, *, is_made: bool) -> bool:
        facts = self._facts
        if facts.tracked is not None and facts.tracked.below(one.path):
            return False
        inside = one.rule.kind != "file"
        if self._said.naming(one.path, inside=inside) is not None:
            return False
        if not is_made and facts.hints.mention(one.path) is not None:
            return False
        return self._protections.reason_to_keep(_find(one)) is None

    def _line(self, one: Foreseen) -> str | None:
        """The line for what may appear: of the rule itself, or of this place only.

        Where the name alone says little, it speaks of as many folders as git's does.
        """
        own = one.pattern
        anchored = "/" in one.line.text.rstrip("/") or self.keeps_packages
        if anchored and _is_placed(one.rule) and is_literal(own.removeprefix(ANYWHERE)):
            own = escaped(one.path) or own
        if own.startswith("#") or not is_sound(own):
            return None
        matcher = Matcher(compile_patterns((own,)))
        if any(matcher.matches_or_parent_matches(path) for path in self._named):
            return None
        return None if self._protections.forbids(own, [_find(one)]) else own


def _is_placed(rule: Rule) -> bool:
    """Whether the name means something else where nothing tells of it."""
    told = rule.beside or rule.markers or rule.inside
    return bool(told) and not rule.anywhere


def _plain(source: str) -> str:
    text = _BRACKET.sub(r"\1", source)
    return text.replace("*", "x").replace("?", "x") if has_wildcard(source) else source


def _find(one: Foreseen) -> ClutterMatch:
    """What it would be as a find, were it there."""
    name = one.path.rpartition("/")[2]
    is_file = one.rule.kind == "file"
    return ClutterMatch(
        path=one.path,
        names=(name,) if is_file else (),
        kind="file" if is_file else "directory",
        hits=1 << one.bit,
        line=0,
        tags=0,
        hold=None,
        named="",
        reincluded="",
        files=0,
        mask=0,
        context=NOTHING,
        transfer=NOTHING,
    )


def _proposal(rule: Rule, lines: Sequence[str], found: Sequence[Foreseen]) -> Proposal:
    sure = rule.confidence is not Confidence.ASK
    places = dict.fromkeys(f"{one.line.file}:{one.line.line}" for one in found)
    return Proposal(
        rule=rule.id,
        name=ids.Name(rule.id),
        label=rule.label,
        reason=rule.reason,
        confidence=rule.confidence if sure else Confidence.LIKELY,
        question=rule.question or f"Keep {rule.label} out?",
        lines=tuple(lines),
        clutter=(),
        notes=("not there yet", f"git ignores it, too ({', '.join([*places][:3])})"),
        risk=rule.risk,
        preventive=True,
    )
