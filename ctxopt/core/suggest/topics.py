"""What the lines of a block are about: its sections, in their order.

A rule says its topic in `rules.toml`; what no rule speaks for has one here.
"""

from __future__ import annotations

from functools import cache

from ctxopt.core.suggest.rules import rules

OTHERS = "others"

# The line above a section says why all of it stays out, for whoever reads it next year.
TITLES = {
    "dependencies": "Dependencies: installed for this machine, not for the image",
    "build": "Build output: made on this machine, not in the image",
    "caches": "Caches and reports: tools make them anew, and every run changes them",
    "secrets": "Secrets: an image hands them to whoever pulls it",
    "vcs": "Version control and CI: about the project, not part of the program",
    "editors": "Editors and systems: settings and leftovers of one person",
    "data": "Data and logs: of this machine; they grow and change all the time",
    "docs": "Docs and tests: the program runs without, and an edit breaks the cache",
    "docker": "Docker's own files: they say how to build and run, the image needs none",
    "ignored": "Ignored by git: not part of the project",
    OTHERS: "Others",
}

# By what stands before the colon in the `rule` of what no rule speaks for.
_OF_EVIDENCE = {
    "cache": "caches",
    "environment": "dependencies",
    "git-ignored": "ignored",
    "large": "data",
    "program": "build",
}
# Of what is asked about several rules at once.
_OF_SEVERAL = {"project-files": "docs", "local-data": "data", "git-ignored": "ignored"}
_RANKS = {topic: rank for rank, topic in enumerate(TITLES)}


def topic_of(rule: str) -> str:
    """The topic of a rule by its id, or of evidence such as `large:dump.sql`."""
    evidence, colon, _ = rule.partition(":")
    if colon:
        return _OF_EVIDENCE.get(evidence, OTHERS)
    return _topics().get(rule, OTHERS)


def rank(topic: str) -> int:
    """Where the section of a topic stands among the others."""
    return _RANKS[topic]


@cache
def _topics() -> dict[str, str]:
    return _OF_SEVERAL | {rule.id: rule.topic for rule in rules().rules}
