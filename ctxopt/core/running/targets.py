"""What make runs for targets, and the files for which it runs nothing.

A target that is there already is made only where it is older than what it needs: a
folder `build` in the context keeps `build:` from being run, and a stamp keeps what is
made with it.
Rule: GNU make manual, 4.5 (phony targets), 4.6 (rules without recipes), 4.3 (order-only
prerequisites), 5.4 (one shell), 9.3 (instead of executing recipes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from ctxopt.core.running.tasks import Rule, Rules, Task

_PHONY, _ONE_SHELL = ".PHONY", ".ONESHELL"
_NOTHING = r"-[a-zA-Z]*[nqt][a-zA-Z]*|--(?:just-print|dry-run|recon|question|touch)"
_ALL = r"-[a-zA-Z]*B[a-zA-Z]*|--always-make"
_MOST_NEEDS = 100  # targets that need others, so many of one


class Making:
    """Which recipes a call of make runs; `lies` says whether there is such a file."""

    def __init__(
        self,
        rules: Sequence[Rule],
        words: Collection[str],
        lies: Callable[[str], bool],
    ) -> None:
        self.rules = Rules(rules)
        self.lies = lies
        self.runs_nothing = _is_told(_NOTHING, words)
        self.makes_all = _is_told(_ALL, words)
        self.phony = {need for one in rules if one.name == _PHONY for need in one.needs}
        self.one_shell = any(one.name == _ONE_SHELL for one in rules)

    def tasks(self, wanted: Sequence[str]) -> Iterator[Task]:
        """What is run for some targets, with all that these need."""
        seen: set[str] = set()
        waiting = [*wanted]
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            bars = () if self._is_made(name, set()) else ((name,),)
            for one in self.rules.of(name):
                waiting += one.needs
                for task in self._recipe(one):
                    doubtful = task.doubtful or self.runs_nothing
                    yield task._replace(bars=bars, doubtful=doubtful)

    def _recipe(self, rule: Rule) -> Iterator[Task]:
        """The lines of a recipe, each for a shell; one, where all are for the same."""
        if not self.one_shell or not rule.recipe:
            yield from rule.recipe
            return
        first = rule.recipe[0]
        text = "\n".join(one.text for one in rule.recipe)
        yield first._replace(
            text=text, doubtful=any(one.doubtful for one in rule.recipe)
        )

    def _is_made(self, name: str, seen: set[str]) -> bool:
        """Whether a target is made in any case: it is no file, or what it needs is."""
        if name in self.phony or self.makes_all:
            return True
        if "$" in name or name in seen or len(seen) > _MOST_NEEDS:
            return False  # for one with a variable, nobody knows which file that is
        if not self.lies(name):
            return True
        seen.add(name)
        return any(
            self.rules.of(need) and self._is_made(need, seen)
            for one in self.rules.of(name)
            for need in _normal(one.needs)
        )


def _normal(needs: Sequence[str]) -> Sequence[str]:
    """What has to be older than a target; behind `|` stands what only has to be."""
    return needs[: needs.index("|")] if "|" in needs else needs


def _is_told(expression: str, words: Collection[str]) -> bool:
    return any(re.fullmatch(expression, one) for one in words)
