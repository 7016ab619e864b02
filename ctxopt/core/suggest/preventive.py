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
from functools import cache

from ctxopt.core.bitmask import bits
from ctxopt.core.git.line import GitLine
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.measure.clutter_match import NOTHING, ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import escaped, is_sound
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.secrets.logins import has_public_names
from ctxopt.core.sources.sweeps import start_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.conditions import any_in
from ctxopt.core.suggest.expectations import expected_names
from ctxopt.core.suggest.lines import ANYWHERE, is_literal, takes_any
from ctxopt.core.suggest.makers import Answer
from ctxopt.core.suggest.proposals import BuildFacts, Proposal
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.rules import LIKELY, Rule
from ctxopt.core.suggest.saying import SaidPaths
from ctxopt.core.suggest.topics import topic_of
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import Protocol

_BRACKET = r"\[([^]!^\\])[^]]*\]"
GIT_FILE = ".gitignore"
PACKAGES = "dependencies"  # a topic
ENVIRONMENT, PUBLIC = "env", "public-dotenv"  # Rule.family, Rule.secret
MOST_SAMPLES = 8  # files like `.env.example`, of which the start is read


class GitAsked(Protocol):  # pragma: no cover
    """What git ignores, asked about single paths."""

    def __call__(self, path: str, *, is_folder: bool) -> GitLine | None:
        """The line that ignores a path, which need not be there."""


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
    speaking = [*_speaking(index, hits)]
    for folder in folders:  # one after the other: git's files are read once
        says = not folder or _has_lines(folder, facts.tree)
        for bit, rule, pattern in speaking:
            placed = rule.beside or rule.markers or rule.manifest
            base = pattern.removeprefix(ANYWHERE)
            if (folder and base == pattern) or not (says or placed):
                continue
            for name in _examples(base):
                path = join(folder, name)
                line = asked(path, is_folder=rule.kind != "file")
                if line is None or not _says_name(line):
                    continue
                one = Foreseen(rule, bit, pattern, path, line)
                if _may_come(one, folder, facts):
                    yield one


def _speaking(index: RuleIndex, hits: int) -> Iterator[tuple[int, Rule, str]]:
    """The patterns that say enough of what is not there, each with its bit and rule."""
    # Programs may open files in these, and fail where the folder is missing.
    expected = expected_names(rule for rule, _ in index.rules)
    for bit, (rule, pattern) in enumerate(index.rules):
        known = hits >> bit & 1 or pattern.rpartition("/")[2] in expected
        if not known and _may_speak(rule, pattern):
            yield bit, rule, pattern


def _may_come(one: Foreseen, folder: str, facts: BuildFacts) -> bool:
    """Whether it is to be expected, and no line keeps it out."""
    return _is_expected(one, folder, facts.tree) and not _is_out(
        facts.matcher, one.path
    )


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
    judge = _Judge(index, Protections(index, facts), facts)
    by_head: dict[Rule, list[Foreseen]] = {}
    needed = {index.told(bit) for bit in bits(hits)} - {*taken}
    ordered = sorted(found, key=lambda one: one.bit)
    for one in _meant([*_told_by_name(ordered)]):
        if judge.is_needed(one):
            needed.add(one.rule.id)
            judge.needed.append(one.path)
        else:
            by_head.setdefault(index.head_of(one.rule), []).append(one)
    judge.keeps_packages = PACKAGES in map(topic_of, needed)
    made = (judge.proposal(rule, several) for rule, several in by_head.items())
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
    looks = rule.min_bytes or rule.only or rule.lacks or rule.folder or rule.used_by
    if looks or rule.kind == "link" or rule.secret == PUBLIC:
        return False
    asks = rule.confidence is Confidence.ASK
    if asks and not rule.made_by and rule.ignored != LIKELY:
        return False
    base = pattern.removeprefix(ANYWHERE)
    known = rule.beside or rule.markers or rule.manifest
    if rule.content or (rule.secret and not (rule.anywhere and is_literal(base))):
        return False
    return bool(known or not rule.inside or base.startswith("."))


def _has_lines(folder: str, tree: Tree) -> bool:
    """Whether git says something in a folder that it does not say above."""
    return tree.kind(join(folder, GIT_FILE)) is Found.FILE


def _is_expected(one: Foreseen, folder: str, tree: Tree) -> bool:
    """Whether what belongs to it is there, and it is not."""
    rule, path = one.rule, one.path
    beside = path.rpartition("/")[0]
    says = one.pattern.removeprefix(ANYWHERE) in one.line.text  # `vendor/bundle` whole
    return (
        not (rule.unless_beside and any_in(beside, rule.unless_beside, tree))
        and (not rule.beside or any_in(beside, rule.beside, tree))
        and (
            not rule.markers
            or any_in(beside, rule.markers, tree)
            or any_in("", rule.markers, tree)
        )
        and (not rule.manifest or any_in(folder, rule.manifest, tree))
        and tree.kind(path) is None
        and (beside == folder or tree.kind(beside) is Found.DIRECTORY or says)
    )


@cache
def _examples(base: str) -> Sequence[str]:
    """Names that a pattern takes; none where they cannot be told."""
    text = re.sub(_BRACKET, r"\1", base) if "[" in base else base
    if any(character in text for character in "[]\\"):
        return ()
    if "*" not in text:
        return (text.replace("?", "x"),)
    texts = (text.replace("*", ""), text.replace("*", "x"))
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

    def __init__(
        self, index: RuleIndex, protections: Protections, facts: BuildFacts
    ) -> None:
        self._rules = index.rules
        self._protections = protections
        self._facts = facts
        # What the packages of this machine hold is theirs, whatever it is called.
        self.keeps_packages = False
        self.needed: list[str] = []
        sources = (*facts.sources, *facts.elsewhere)
        self._said = SaidPaths(sources)
        different = {one.expanded: one for one in sources}
        said = {text.strip("/").removeprefix("./") for text in different}
        said |= {start_of(one) for one in different.values()}
        # With a name in the place of stars, as what they mean may not be there yet.
        self._named = (*sorted({_plain(one) for one in said} - {"", "."}),)

    def is_needed(self, one: Foreseen) -> bool:
        """Whether the image may need the one of this machine, or a command read it."""
        hints, rule = self._facts.hints, one.rule
        find = _find(one)
        if self._facts.others.need(rule, find) is not None:
            return True  # what serves several Dockerfiles is for all of them
        answer = Answer.UNUSED
        if rule.made_by and hints.makers is not None:
            answer = hints.makers.verdict(rule, find).answer
        asks = rule.confidence is Confidence.ASK and rule.ignored != LIKELY
        if answer is not Answer.MADE and (asks or answer is not Answer.UNUSED):
            return True
        if answer is not Answer.MADE and hints.mention(one.path) is not None:
            return True
        if rule.family == ENVIRONMENT and self._reads_public_values(one):
            return True
        return bool(rule.ask_if_run) and hints.matching(rule.ask_if_run) is not None

    def _reads_public_values(self, one: Foreseen) -> bool:
        """Whether the build of a front end reads a file that a sample promises."""
        public = next(rule for rule, _ in self._rules if rule.secret == PUBLIC)
        if self._facts.hints.matching(public.ask_if_run) is None:
            return False
        tree = self._facts.tree
        folder = one.path.rpartition("/")[0]
        samples = [name for name in tree.names(folder) if "env." in name]
        heads = (tree.head(join(folder, name)) for name in samples[:MOST_SAMPLES])
        return any(has_public_names(head.decode("utf-8", "replace")) for head in heads)

    def proposal(self, rule: Rule, found: Sequence[Foreseen]) -> Proposal | None:
        """What a rule proposes ahead; None where all of it has to stay."""
        free = [one for one in found if self._is_free(one)]
        lines = dict.fromkeys(
            line for one in free if (line := self._line(one)) is not None
        )
        if not lines:
            return None
        return _proposal(rule, [*lines], free)

    def _is_free(self, one: Foreseen) -> bool:
        facts = self._facts
        if facts.tracked is not None and facts.tracked.below(one.path):
            return False
        inside = one.rule.kind != "file"
        if self._said.naming(one.path, inside=inside) is not None:
            return False
        find = _find(one)
        if self._protections.listed((find,)) is not None:
            return False
        return self._protections.reason_to_keep(find) is None

    def _line(self, one: Foreseen) -> str | None:
        """The line for what may appear: of the rule itself, or of this place only.

        Where the name alone says little, it speaks of as many folders as git's does.
        """
        own, here = one.pattern, escaped(one.path)
        literal = is_literal(own.removeprefix(ANYWHERE))
        anchored = "/" in one.line.text.rstrip("/") or self.keeps_packages
        shapes = [] if literal and anchored and _is_placed(one.rule, own) else [own]
        shapes += [here] if literal and here is not None else []
        return next((shape for shape in shapes if self._is_safe(shape, one)), None)

    def _is_safe(self, line: str, one: Foreseen) -> bool:
        """Whether a line keeps out nothing but what may go."""
        if line.startswith("#") or not is_sound(line):
            return False
        if takes_any(line, self._named) or takes_any(line, (*self.needed,)):
            return False
        return not self._protections.forbids(line, [_find(one)])


def _is_placed(rule: Rule, pattern: str) -> bool:
    """Whether the name means something else where nothing tells of it."""
    told = rule.beside or rule.markers or rule.inside
    return bool(told) and not (rule.anywhere or pattern in rule.lasting)


def _plain(source: str) -> str:
    text = re.sub(_BRACKET, r"\1", source)
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
        topic=rule.topic,
    )
