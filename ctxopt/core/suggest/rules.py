"""What usually does not belong in a build context, as data, and when a rule applies.

The rules are in `rules.toml`, whose head says what the keys mean. A rule that hits
a path with one of its patterns speaks only where `applies` finds its conditions met.
"""

from __future__ import annotations

from functools import cache

from ctxopt.core.model import Confidence
from ctxopt.core.patterns.ready import NOTHING, ReadyTests
from ctxopt.core.secrets import places
from ctxopt.core.tuples import NamedTuple

# Folders with more names than that are not looked through to the end.
MOST_NAMES = 2_000
PLAIN, EXPECTED = "plain", "expected"  # Rule.folder

# Rule.tracked; without a word, what is tracked is a question of its own.
GOES, STAYS = "goes", "stays"
# Rule.ignored: sure where git ignores it, or not meant at all where it does not.
LIKELY, ONLY = "likely", "only"


class Rule(NamedTuple):
    """What it is, why it may stay out, and what must be true of a match."""

    id: str
    patterns: tuple[str, ...]  # as in an ignore file
    label: str  # what it is, in a few words
    reason: str  # one sentence
    confidence: Confidence
    risk: str = ""  # which builds need it
    question: str = ""  # for ASK
    markers: tuple[str, ...] = ()  # one exists next to the match or at the root
    beside: tuple[str, ...] = ()  # one exists next to the match
    inside: tuple[str, ...] = ()  # one exists in the matched folder
    kind: str = ""  # "directory", "file" or "link"; "": whatever it is
    only: tuple[str, ...] = ()  # names of all files in the folder, at all levels
    content: str = ""  # expression found in the first 4 KiB of the file
    link_target: str = ""  # expression that the text of the link starts with
    min_bytes: int = 0  # file bytes of the match, at least
    anywhere: bool = False  # likely to come back in other folders
    ask_if_run: str = ""  # expression: commands that may read it
    made_by: str = ""  # expression: commands that make it anew in the image
    used_by: str = ""  # "git": whatever reads the repository's history
    topic: str = "others"  # its section in the block: see `topics`
    unless_beside: tuple[str, ...] = ()  # none exists next to the match
    unless_inside: tuple[str, ...] = ()  # none exists in the matched folder
    part_of: str = ""  # id of the rule whose suggestion it shares
    tracked: str = ""  # GOES or STAYS: what it means where git tracks a match
    ignored: str = ""  # LIKELY or ONLY: what it means where git ignores one
    together: str = ""  # one of the patterns, in place of the lines of several
    apart: tuple[str, ...] = ()  # folders on the way, or /files in them: not meant
    lacks: tuple[str, ...] = ()  # names that no file in the folder has, at any level
    lasting: tuple[str, ...] = ()  # patterns whose name alone says enough for a line
    folder: str = ""  # "plain" or "expected": whether a program expects the folder
    run_by: str = ""  # expression: images and commands that run or serve it
    made_in: str = ""  # "here", "near": in which folder it is made; "": any around
    made_words: str = ""  # what a line that makes it does; "": "made anew by"
    secret: str = ""  # the test in core/secrets/looks.py that the file passes
    family: str = ""  # what such a secret is told of as
    one: str = ""  # a single one in a few words
    # One of these lets it be expected in its folder: see `preventive`.
    manifest: tuple[str, ...] = ()

    @property
    def tracked_stay(self) -> bool:
        """Whether what git tracks is never what it means.

        What a command makes anew is waste; what is tracked, some command needs.
        """
        return self.tracked == STAYS or bool(self.made_by and not self.tracked)


class KeepRule(NamedTuple):
    """What builds are made of: no suggestion may take it away."""

    id: str
    patterns: tuple[str, ...]
    reason: str
    declared_only: bool = False  # only what a manifest of the project declares


class RuleBook(NamedTuple):
    """All that is known; where two rules hit the same path, the first one speaks."""

    rules: tuple[Rule, ...]
    nevers: tuple[KeepRule, ...]
    ready: ReadyTests = NOTHING  # of `catalogue.watched`, all or none


@cache
def rules() -> RuleBook:
    """The rules that ship with ctxopt.

    They come from the copy of `rules.toml` that `tools/compile_rules.py` makes: to
    parse the text would take a third of a short scan.
    """
    from ctxopt.core.suggest import rules_table as table

    confidence = Rule._fields.index("confidence")
    plain = places.is_plain, places.may_end_plain_name, table.PLAIN_NAMES
    return RuleBook(
        tuple(
            [
                Rule._make(
                    (
                        *row[:confidence],
                        Confidence(row[confidence]),
                        *row[confidence + 1 :],
                    )
                )
                for row in table.RULES
            ]
        ),
        tuple([KeepRule._make(row) for row in table.NEVERS]),
        ReadyTests._make((*table.TESTS, (plain,))),
    )
