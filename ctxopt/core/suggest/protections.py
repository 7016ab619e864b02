"""What must not be ignored, whatever rule it is hit by, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.golang import filepath_match
from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason
from ctxopt.core.model import Source
from ctxopt.core.patterns.examples import example_of
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError, compile_patterns
from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.sweeps import source_sweeps, start_of
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.policy import Never
from ctxopt.core.suggest.proposals import BuildFacts
from ctxopt.core.suggest.saying import SaidPaths


class Protections:
    """Speaks for sources, for the user's own lines, and for what builds are made of."""

    def __init__(
        self,
        rule_index: RuleIndex,
        facts: BuildFacts,
        clutter: Iterable[ClutterMatch] = (),
    ) -> None:
        self.rule_index = rule_index
        self.facts = facts
        self._negated = [_Negated(one) for one in facts.matcher.patterns if one.negated]
        # Where wildcards start from has to be there for one builder, match or not.
        self._bases = self._starts(facts.sources) - {""}
        # `COPY node_modules/* x` means what is in there as `COPY node_modules x` does.
        self._known = {
            find.path
            for find in clutter
            if find.kind == "directory" and find.hits & rule_index.marks.rules
        }
        swept = self._starts(filter(source_sweeps, facts.sources))
        self._meant = swept & self._known
        self._elsewhere = SaidPaths(facts.elsewhere)
        varied = (*facts.sources, *facts.elsewhere)
        self._open = [(_start(one), one) for one in varied if "$" in one.text]
        self._declined = [_Declined(one) for one in facts.declined]
        self._spared = [_Spared(one) for one in rule_index.policy.never]
        self._overruled: set[int] = set()  # finds, by identity
        self._kept_for: dict[str, str] = {}  # what the build shows a need of, and why
        # What is said of finds whatever else is known, by their identity.
        self._listed: dict[tuple[int, int], tuple[str, str] | None] = {}
        self._said: dict[int, tuple[ClutterMatch, tuple[str, str] | None]] = {}

    def _starts(self, sources: Iterable[Source]) -> set[str]:
        """The folders that wildcards start from, as written and links followed."""
        starts = {start_of(one) for one in sources}
        led_to = (resolve(self.facts.tree, one).path for one in starts)
        return starts | {path for path in led_to if path is not None}

    def keep(self, reason: tuple[str, str]) -> None:
        """Take over that the build needs a path: nobody else may take it away."""
        self._kept_for.setdefault(*reason)

    def need(self, find: ClutterMatch, *, around: bool) -> tuple[str, str] | None:
        """What the build uses of a find, and why; with `around`, what it lies in."""
        for path in find.paths:
            if path in self._kept_for:
                return path, self._kept_for[path]
            above = path.rpartition("/")[0] if around else ""
            while above:
                if above in self._kept_for:
                    return above, self._kept_for[above]
                above = above.rpartition("/")[0]
            inside = f"{path}/"
            for one in self._kept_for if find.kind == "directory" else ():
                if one.startswith(inside):
                    return one, self._kept_for[one]
            use = self.facts.hints.mention(path)
            if use is None and around:
                use = self.facts.hints.mention_around(path)
            if use is not None and use.hard:
                return path, use.reason
        return None

    def may_vary(self, find: ClutterMatch) -> bool:
        """Whether a build that is told other arguments may take any of it.

        `COPY out/$TARGETARCH/app` may mean all of `out`.
        """
        return bool(self.varying(find))

    def varying(self, find: ClutterMatch) -> list[Source]:
        """The sources with a variable that may lead to a find, or into it."""
        return [
            source
            for start, source in self._open
            for path in find.paths
            if f"{path}/".startswith(start) or start.startswith(f"{path}/")
        ]

    def is_taken(self, find: ClutterMatch) -> bool:
        """Whether a source takes any of it, as the arguments are."""
        return bool(find.mask) or any(map(self._elsewhere.taking, find.paths))

    def is_out_of_reach(self, find: ClutterMatch) -> bool:
        """Whether no source takes any of it: of this build, or of others beside it."""
        return not self.is_taken(find) and not self.may_vary(find)

    def reason_to_keep(
        self, find: ClutterMatch, *, answered: bool = True
    ) -> tuple[str, str] | None:
        """The path that must stay, and why; None when nothing of a find has to.

        With `answered`, a no that stands in the block counts, too.
        """
        reason_to_keep = self._blocked(find) or self.spared(find)
        why = self.declined(find) if answered and reason_to_keep is None else None
        return reason_to_keep if why is None else (find.path, why)

    def spared(self, find: ClutterMatch) -> tuple[str, str] | None:
        """What of a find the configuration says never of, and where; None for none."""
        if id(find) in self._overruled:
            return None
        for one in self._spared:
            for path in (*find.paths, *filter(None, (find.spared,))):
                if one.means(path):
                    return path, one.words
            if find.kind == "directory" and one.path.startswith(f"{find.path}/"):
                return one.path, one.words
        return None

    def overrule(self, find: ClutterMatch) -> None:
        """Take over that a person wants a find out, whatever the configuration says."""
        self._overruled.add(id(find))

    def _blocked(self, find: ClutterMatch) -> tuple[str, str] | None:
        if find.hold is KeepReason.NEVER and self._is_only_declarable(find):
            return self._declared(find)
        said = self._said.get(id(find))
        if said is None:
            said = self._said[id(find)] = find, self._said_of(find)
        # What manifests list is known as far as somebody has asked so far.
        return said[1] or self._needed(find) or self._expected(find)

    def _said_of(self, find: ClutterMatch) -> tuple[str, str] | None:
        """What must stay for the sake of sources, of lines, and of the builder."""
        if find.hold is not None:
            return find.path, self._held_words(find.hold, find.path)
        if find.named:
            return find.named, self._held_words(KeepReason.NAMED, find.named)
        if find.reincluded:
            return find.reincluded, self._held_words(
                KeepReason.REINCLUDED, find.reincluded
            )
        inside = f"{find.path}/"
        for base in self._bases:
            if find.kind == "directory" and f"{base}/".startswith(inside):
                return base, self._held_words(KeepReason.NAMED, base)
        for base in self._meant:
            if inside.startswith(f"{base}/"):
                return base, self._held_words(KeepReason.NAMED, base)
        return self._pinned(find) or self._named_elsewhere(find)

    def _expected(self, find: ClutterMatch) -> tuple[str, str] | None:
        """A folder that a program expects: what is in it may go, it may not."""
        who = self.expected(find.path) if find.kind == "directory" else None
        return None if who is None else (find.path, who)

    def expected(self, folder: str) -> str | None:
        """Who expects a folder, in words; None where nobody does."""
        expectations = self.facts.expectations
        return None if expectations is None else expectations.of(folder)

    def _needed(self, find: ClutterMatch) -> tuple[str, str] | None:
        """What a manifest lists that a build reads: it may fail without it."""
        members = self.facts.members
        if members is None:
            return None
        key = id(find), members.count
        if key not in self._listed:
            found = filter(None, map(members.needed, find.paths))
            said = next(((one.path, one.words) for one in found), None)
            key = id(find), members.count
            self._listed[key] = said
        return self._listed[key]

    def listed(self, clutter: Iterable[ClutterMatch]) -> str | None:
        """Which manifest lists any of some finds, whether or not a build reads it."""
        members = self.facts.members
        if members is None:
            return None
        paths_of = (path for find in clutter for path in find.paths)
        found = filter(None, map(members.any_of, paths_of))
        return next((one.words for one in found), None)

    def _named_elsewhere(self, find: ClutterMatch) -> tuple[str, str] | None:
        """What another stage names, or another Dockerfile with this ignore file."""
        inside = find.kind == "directory"
        for path in find.paths:
            source = self._elsewhere.naming(path, inside=inside) or next(
                filter(None, map(self._elsewhere.naming, self._above(path))), None
            )
            if source is not None:
                place = f"{source.location.file}:{source.location.line}"
                return path, f"{place} names it ({source.instruction})"
        return None

    def _above(self, path: str) -> Iterator[str]:
        """The folders above that a rule hits: who copies them means all in them."""
        while path := path.rpartition("/")[0]:
            if path in self._known:
                yield path

    def declined(self, find: ClutterMatch, *, parts: bool = False) -> str | None:
        """The line of the block that says no to a find, in words; None without one.

        With `parts`, one that says no to a folder around it counts, too.
        """
        for no in self._declined:
            if any(no.means(path, parts=parts) for path in find.paths):
                return no.words
        return None

    def has_declined(self, find: ClutterMatch) -> bool:
        """Whether a line of the block says no to a path inside a folder."""
        inside = f"{find.path}/"
        return find.kind == "directory" and any(
            no.path.startswith(inside) for no in self._declined
        )

    def _is_only_declarable(self, find: ClutterMatch) -> bool:
        first = len(self.rule_index.rules)
        nevers = bits((find.hits & self.rule_index.marks.nevers) >> first)
        return all(self.rule_index.nevers[one][0].declared_only for one in nevers)

    def _declared(self, find: ClutterMatch) -> tuple[str, str] | None:
        declared = self.facts.hints.declared or {}
        for path in find.paths:
            if path in declared:
                return path, f"{declared[path].place} declares it"
        return None

    def _pinned(self, find: ClutterMatch) -> tuple[str, str] | None:
        facts = self.facts
        for path in facts.pinned:
            if path in find.paths:
                return path, "the builder sends it in any case"
        inside = f"{find.path}/"
        for path in {*facts.pinned, facts.dockerfile}:
            if find.kind == "directory" and path.startswith(inside):
                return path, "the Dockerfile of this build lies in it"
        return None

    def _held_words(self, hold: KeepReason, path: str) -> str:
        if hold is KeepReason.NEVER:
            return "builds are made from files of this kind"
        if hold is KeepReason.REINCLUDED:
            return f"{self._sparing_line(path)} brings it back"
        source = naming_source(path, self.facts.sources)
        if source is None:
            return "a source names it"
        return f"{source.instruction} names it (line {source.location.line})"

    def _sparing_line(self, path: str) -> str:
        try:
            pattern = self.facts.matcher.verdict(path).decided_by
        except PatternError:
            pattern = None
        if pattern is None or pattern.location is None:
            return "a line with ! of the ignore file"
        return f"{pattern.location.file}:{pattern.location.line}"

    def forbids(self, line: str, clutter: Iterable[ClutterMatch]) -> bool:
        """Whether a line that hits these finds is at odds with negated lines.

        It would undo what one is there for, now or later; or one that comes behind it
        would undo some of what it is for. What the configuration says never of counts
        as brought back, too, unless a person wants one of these out all the same.
        """
        clutter = [*clutter]
        examples = [one.example for one in self._negated]
        if not any(id(find) in self._overruled for find in clutter):
            examples += [one.example for one in self._spared]
        if not examples:
            return False
        matcher = Matcher(compile_patterns((line,)))
        if any(map(matcher.matches_or_parent_matches, examples)):
            return True
        behind = self.facts.behind
        if not any(one.negated for one in behind):
            return False
        matcher = Matcher((*matcher.patterns, *behind))
        return not all(
            _is_out(matcher, path, whole=find.kind == "directory")
            for find in clutter
            for path in find.paths
        )

    def undone(self, find: ClutterMatch) -> tuple[str, str] | None:
        """The path that a line behind the block brings back, and which line does."""
        for one in self.facts.behind:
            if not one.negated:
                continue
            matcher = Matcher(compile_patterns((one.cleaned,)))
            for path in find.paths:
                if matcher.matches_or_parent_matches(path):
                    place = one.location
                    where = f"{place.file}:{place.line}" if place else "a line with !"
                    why = f"{where} stands behind the block and brings it back"
                    return path, why
        return None


def _is_out(matcher: Matcher, path: str, *, whole: bool) -> bool:
    """Whether a path is excluded; with `whole`, whatever may lie in it, too."""
    state = matcher.root
    try:
        for name in path.split("/"):
            judged = state.judge(name)
            state = judged.child
    except PatternError:
        return False
    inside = state.constant
    return judged.hit and (not whole or (inside is not None and inside.hit))


class _Negated:
    """A negated line, and a path that it stands for."""

    def __init__(self, pattern: Pattern) -> None:
        self.example = example_of(pattern)


class _Spared:
    """A pattern of what the configuration says never of."""

    def __init__(self, never: Never) -> None:
        patterns = compile_patterns((never.pattern,))
        self._matcher = Matcher(patterns)
        self.words = never.words
        cleaned = patterns[0].cleaned
        self.example = example_of(patterns[0])
        literal = not filepath_match.has_wildcard(cleaned)
        self.path = cleaned if literal else ""  # "" for many

    def means(self, path: str) -> bool:
        """Whether it speaks of a path, or of a folder that it lies in."""
        return self._matcher.matches_or_parent_matches(path)


class _Declined:
    """A line that is commented out in the block: a person said no to it."""

    def __init__(self, pattern: Pattern) -> None:
        self._matcher = Matcher((pattern,))
        place = pattern.location
        where = f"{place.file}:{place.line}" if place else "the ignore file"
        self.words = f"{where} says no; delete that line to be asked again"
        literal = not filepath_match.has_wildcard(pattern.cleaned)
        self.path = pattern.cleaned if literal else ""  # "" for many

    def means(self, path: str, *, parts: bool) -> bool:
        """Whether it matches a path; with `parts`, or a folder above."""
        if not self._matcher.verdict(path).excluded:
            return False
        above = path.rpartition("/")[0]
        return parts or not above or not self._matcher.verdict(above).excluded


def _start(source: Source) -> str:
    """What a source with a variable says before it: `out/` of `./out/$ARCH/app`."""
    said = source.text.partition("$")[0].removeprefix("./").lstrip("/")
    return said[: said.rfind("/") + 1]


def naming_source(path: str, sources: Sequence[Source]) -> Source | None:
    """The source that most likely names a path: the longest that leads to it."""
    best: Source | None = None
    length = -1
    for source in sources:
        text = source.expanded.strip("/").removeprefix("./")
        literal = text.split("*", 1)[0].split("?", 1)[0].split("[", 1)[0]
        leads = f"{path}/".startswith(literal)
        if text and leads and len(literal) > length:
            best, length = source, len(literal)
    return best
