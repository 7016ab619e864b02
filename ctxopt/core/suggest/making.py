"""Whether this build makes a path anew, or its image needs the one of the context.

`node_modules` may go where `npm ci` makes one in each stage that uses it. Where no
command does, and the image starts what is in it, it is all that the image has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.running.commands import STARTED, Command, Running
from ctxopt.core.running.mentions import Uses
from ctxopt.core.running.places import Carried, is_known, within
from ctxopt.core.running.syntax.ways import is_certain
from ctxopt.core.running.tasks import PACKAGE, has_workspaces
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import moved
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.makers import Answer, Makers, Verdict, is_run, working_in
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.suggest.moving import Origin

HERE = "here"  # Rule.made_in: into the folder that the command works in, only
NEAR = "near"  # likewise, but settings may send it elsewhere in the project
WHOLE_BUILDS = 6  # stages that copy from one another, so deep

# Packages by their names: `npm install pm2`; of a path or an archive it says the same.
_BY_NAME = r"^(npm|pnpm|yarn|bun) (i|install|add)\s+(-\S+\s+)*[@\w]"
# Images that hold something else to run than what a rule may be about.
_KNOWN_IMAGES = (
    r"(^|/)(python|golang|ruby|php|rust|node|openjdk|eclipse-temurin|amazoncorretto|"
    r"maven|gradle|elixir|erlang|haskell|swift|dart|perl|postgres|mysql|mariadb|redis|"
    r"mongo|miniconda3?|mambaforge|pytorch|tensorflow|jupyter[\w-]*|aspnet|sdk|"
    r"runtime|tomcat|jetty|nginx|nginx-unprivileged|httpd|caddy|haproxy|traefik|"
    r"static|static-debian\d+|base-debian\d+|scratch)(:|@|$|-)"
    r"|^scratch$"
)
_ONBUILD = r"[:-]onbuild(\b|$)|/s2i-|-s2i\b|ubi\d*/(nodejs|python|ruby|php)"
# Asks of copies alone: no command is one that makes it.
_COPIED = Rule("", ("**/x",), "", "", Confidence.LIKELY, made_by=r"(?!)")


class Making(Makers):
    """Says of paths whether the commands of a build make them anew."""

    def __init__(
        self, found: Running, used: Uses, tree: Tree, text: Callable[[str], str]
    ) -> None:
        super().__init__(found, used, tree, text)
        self._answers: dict[tuple[str, str], Verdict] = {}

    def verdict(self, rule: Rule, find: ClutterMatch) -> Verdict:
        """What is said of a path that a rule with `made_by` hits."""
        path = find.path
        key = rule.id, path
        if key not in self._answers:
            folder = find.kind == "directory"
            self._answers[key] = self._judged(rule, path, folder=folder)
        return self._answers[key]

    def laid_over(self, path: str, *, folder: bool) -> Verdict | None:
        """What puts its own over a path in each stage that gets it: a copy, or `mv`.

        None where a stage gets it and nothing does. For example, `COPY --from=ui
        /dist ./static` behind `COPY . .` lays over `static`.
        """
        asked = _Asked(self, _COPIED, path)
        laid = self.found.places.of(path, folder=folder)
        said = [asked.made(*place, 0) for place in laid]
        if any(one.answer is not Answer.MADE for one in said):
            return None
        return said[0] if said else None

    def _judged(self, rule: Rule, path: str, *, folder: bool) -> Verdict:
        laid = [*self.found.places.of(path, folder=folder)]
        if not laid:
            return self._by_any(rule)
        asked = _Asked(self, rule, path, self.moved_on(laid))
        laid += asked.moved
        said = [(place, asked.made(*place, 0)) for place in laid]
        used = [one for place, one in said if self._is_used(rule, path, place)]
        for answer in (Answer.NEEDED, Answer.UNSURE, Answer.MADE):
            for one in used:
                if one.answer is answer:
                    return one
        made = (one for _, one in said if one.answer is Answer.MADE)
        found = next(made, Verdict(Answer.UNUSED))
        if found.answer is Answer.UNUSED and self._may_be_used(rule, laid):
            return Verdict(Answer.UNSURE, why="no command here makes it anew")
        return found

    def _by_any(self, rule: Rule) -> Verdict:
        """No stage gets it: it is enough that one makes its own."""
        for command in self.makers(rule):
            return Verdict(Answer.MADE, command.line, command.script)
        return Verdict(Answer.UNUSED)

    def _is_used(self, rule: Rule, path: str, place: tuple[int, str]) -> bool:
        """Whether the image, or a command of a stage, works with it."""
        stage, at = place
        use = self.uses.of(path)
        if use is not None and use.hard and use.command.stage in (stage, -1):
            return True
        if self.packers and any(one.holds(stage, at) for one in self.packers):
            return True
        if not rule.run_by:
            return False
        expression = re.compile(rule.run_by)
        laid = self.found.places
        if stage == laid.final and expression.search(laid.image(stage)):
            return True
        lineage = {*laid.lineage(stage)}
        started = stage == laid.final
        return any(
            is_run(expression, one)
            for one in self.found.commands
            if one.stage in lineage and (started or one.instruction not in STARTED)
            if not laid.is_covered(one.stage, one.step, at)
        )

    def _may_be_used(self, rule: Rule, laid: list[tuple[int, str]]) -> bool:
        """Whether the image has it, and may start what nobody can tell."""
        final = self.found.places.final
        if not rule.run_by or all(stage != final for stage, _ in laid):
            return False
        return not re.search(_KNOWN_IMAGES, self.found.places.image(final))


class _Asked:
    """One path, asked about in one stage after the other."""

    def __init__(
        self,
        makers: Making,
        rule: Rule,
        path: str,
        moved: Mapping[tuple[int, str], Origin] | None = None,
    ) -> None:
        self.makers = makers
        self.moved = moved or {}  # where commands put it
        self.places = makers.found.places
        self.rule = rule
        self.path = path
        self.parts = _parts(rule, path)
        self.losses: dict[tuple[int, str], int] = {}

    def made(self, stage: int, place: str, depth: int, before: int = -1) -> Verdict:
        """Whether it is made anew at a place of a stage; before a command, if any."""
        lineage = {*self.places.lineage(stage)}
        unsure: Verdict | None = None
        for one in chain(
            self._by_commands(lineage, place, before),
            self._by_copies(stage, place, depth),
            self._by_origin(stage, place, depth),
            self._by_the_unread(lineage, stage),
        ):
            if one.answer is Answer.MADE:
                return one
            unsure = unsure or one
        return unsure or Verdict(Answer.NEEDED)

    def _by_origin(self, stage: int, place: str, depth: int) -> Iterator[Verdict]:
        """What is put there may be made before: `npm ci; cp -r node_modules /out`."""
        origin = self.moved.get((stage, place))
        if origin is not None and depth <= WHOLE_BUILDS:
            answer = self.made(origin.stage, origin.place, depth + 1, origin.command)
            if answer.answer is not Answer.NEEDED:
                yield answer

    def _by_commands(
        self, lineage: set[int], place: str, before: int
    ) -> Iterator[Verdict]:
        home = placed(place, "/".join([".."] * self.parts))
        made: list[Command] = []
        for one in self.makers.makers(self.rule):
            is_early = before < 0 or self.makers.position(one) < before
            is_here = is_early and one.stage in lineage
            answer = self._reach(one, home) if is_here else None
            if answer is not None:
                answer = self._unless_sent_away(answer, one, place)
            if answer is Answer.UNSURE or (answer and self._is_lost(one, place)):
                yield _may_make(one)
            elif answer is not None:
                made.append(one)
        made += (
            one
            for number, one in self.makers.moving
            if one.stage in lineage and (before < 0 or number < before)
            if self._is_moved_there(one, place)
            and self._is_another(lineage, place, number)
            and not one.is_barred(self.path)
        )
        # Each of them may be left out, and yet one of them is run.
        if made and is_certain(one.ways for one in made):
            one = next((one for one in made if not one.ways), made[0])
            yield Verdict(Answer.MADE, one.line, one.script)
        yield from map(_may_make, made)

    def _unless_sent_away(
        self, answer: Answer, command: Command, place: str
    ) -> Answer | None:
        """An answer, where the command is not told to make such things elsewhere."""
        from ctxopt.core.suggest.elsewhere import sent_away  # start-up

        away = sent_away(self.makers, command, self.path, place)
        if away is None:
            return answer
        return None if away is Answer.NEEDED else away

    def _reach(self, command: Command, home: str) -> Answer | None:
        """Whether a command that makes such things makes this one."""
        at = working_in(command)
        around = re.split(r"/[^/]*[$`]", at)[0]
        if around != at:  # in some folder below, which only the build knows
            return Answer.UNSURE if within(home, around or "/") else None
        if is_known(at) != is_known(home):
            return Answer.MADE  # where an image begins is not known: it may be there
        above = within(home, at) is not None
        inside = within(at, home) is not None
        if not self.rule.made_in:
            return Answer.MADE if above or inside else None
        if re.search(_BY_NAME, command.text) and not self._has_manifest(command, at):
            return Answer.UNSURE if at == home else None
        if above:
            from ctxopt.core.suggest.chosen import made_in_members  # start-up

            of_all = self._of_all(command, at, home)
            return made_in_members(
                self.makers, self.rule, command, at=at, home=home, of_all=of_all
            )
        return Answer.UNSURE if inside and self.rule.made_in == NEAR else None

    def _of_all(self, command: Command, at: str, home: str) -> Answer:
        """Whether a command that chooses no members makes what lies in one."""
        if at == home:
            return Answer.MADE
        known = self.makers.workspaces
        key = command.stage, command.step, at
        if key not in known:
            known[key] = self._is_workspace(command, at)
        return Answer.MADE if known[key] else Answer.UNSURE

    def _is_lost(self, command: Command, place: str) -> bool:
        """Whether what a command makes may not be what lies there in the end.

        It is made in a mount, or deleted before the context's own is copied there, or
        the command is left out for what else lies there.
        """
        if command.is_barred(self.path):
            return True
        if self.places.is_covered(command.stage, command.step, place):
            return True
        if self.places.is_lent(command.stage, command.step, self.path, place):
            return True
        key = command.stage, place
        if key not in self.losses:
            self.losses[key] = self._last_loss(*key)
        return self.makers.position(command) < self.losses[key]

    def _last_loss(self, stage: int, place: str) -> int:
        """The position of the last command that deletes what lies there by then."""
        moments = [*self.places.since(stage, self.path, place)]
        return max(
            (
                number
                for number, one, gone in self.makers.removals
                for moment in moments
                if (one.stage, one.step) < moment
                if one.stage in self.places.lineage(moment[0])
                if any(within(place, folder) is not None for folder in gone)
            ),
            default=-1,
        )

    def _is_another(self, lineage: set[int], place: str, number: int) -> bool:
        """Whether it is not the context's own that a command puts at a place."""
        return not any(
            origin.command == number and stage in lineage and there == place
            for (stage, there), origin in self.moved.items()
        )

    def _has_manifest(self, command: Command, at: str) -> bool:
        place = placed(at, PACKAGE)
        stage = command.stage
        return any(
            self.makers.tree.kind(path) is Found.FILE
            for path in self.places.in_context(stage, place, command.moment)
        )

    def _is_workspace(self, command: Command, at: str) -> bool:
        """Whether a folder speaks of members, so that one command serves them all."""
        for name in ("pnpm-workspace.yaml", "lerna.json", "rush.json", "nx.json"):
            if any(
                self.makers.tree.kind(path) is Found.FILE
                for path in self._there(command, placed(at, name))
            ):
                return True
        return any(
            has_workspaces(self.makers.text(path))
            for path in self._there(command, placed(at, PACKAGE))
        )

    def _there(self, command: Command, place: str) -> Iterator[str]:
        yield from self.places.in_context(command.stage, place, command.moment)

    def _is_moved_there(self, command: Command, place: str) -> bool:
        """Whether `mv`, `cp` or `ln` puts another one in its place."""
        found = moved(command.program, command.words)
        if found is None:
            return False
        to = placed(command.folder, found[1])
        name = place.rpartition("/")[2]
        return to == place or any(
            placed(to, one.rstrip("/").rpartition("/")[2]) == place
            for one in found[0]
            if one.rstrip("/").rpartition("/")[2] == name
        )

    def _by_copies(self, stage: int, place: str, depth: int) -> Iterator[Verdict]:
        if depth > WHOLE_BUILDS:
            return
        for one in self.places.carried(stage):
            rest = within(place, one.place)
            if rest is None:
                continue
            if one.stage is None:
                yield from self._by_image(one, rest)
                continue
            there = placed(one.origin, rest or ".")
            if self._lies(one.stage, there):
                answer = self.made(one.stage, there, depth + 1)
                if answer.answer is not Answer.NEEDED:
                    yield answer
                continue
            answer = self.made(one.stage, there, depth + 1)
            if answer.answer is Answer.UNSURE and self._is_begun(one.stage, there):
                yield answer
            elif not rest or answer.answer is Answer.MADE:
                # Nothing of the context is there, and yet it can be copied.
                yield Verdict(Answer.MADE, one.line)

    def _is_begun(self, stage: int, place: str) -> bool:
        """Whether a folder is there in any case, with nothing in it at first."""
        lineage = {*self.places.lineage(stage)}
        return any(
            placed(one.folder, word) == place
            for one in self.makers.found.commands
            if one.stage in lineage and one.program == "mkdir"
            for word in one.words[1:]
        )

    def _by_image(self, one: Carried, rest: str) -> Iterator[Verdict]:
        if not rest and one.exact:
            yield Verdict(Answer.MADE, one.line)
        elif one.place not in ("/", "/usr", "/usr/local", "/usr/local/bin"):
            why = f"line {one.line} of the Dockerfile may bring it from an image"
            yield Verdict(Answer.UNSURE, one.line, why=why)

    def _lies(self, stage: int, place: str) -> bool:
        """Whether the path of the context is what lies at a place."""
        return (stage, place) in self.moved or any(
            one == stage and there == place
            for one, there in self.places.of(self.path, folder=True)
        )

    def _by_the_unread(self, lineage: set[int], stage: int) -> Iterator[Verdict]:
        for one in self.makers.found.unread:
            if one.stage in lineage:
                words = " ".join(one.words[:2])
                why = (
                    f"line {one.line} of the Dockerfile runs {words}, "
                    "which may make it anew"
                )
                yield Verdict(Answer.UNSURE, one.line, why=why)
        image = self.places.image(stage)
        if re.search(_ONBUILD, image):
            yield Verdict(Answer.UNSURE, why=f"the image {image} may make it anew")


def _may_make(command: Command) -> Verdict:
    why = f"line {command.line} of the Dockerfile may make it anew"
    return Verdict(Answer.UNSURE, command.line, command.script, why)


def _parts(rule: Rule, path: str) -> int:
    """How many names of a path a pattern of a rule takes: `vendor/bundle` takes two."""
    names = path.split("/")
    for pattern in rule.patterns:
        tail = pattern.removeprefix("**/")
        count = tail.count("/") + 1
        if fnmatchcase("/".join(names[-count:]), tail):
            return count
    return 1
