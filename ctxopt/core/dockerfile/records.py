"""The records of a Dockerfile and of what a build of it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum

from ctxopt.core.model import NO_WORDS, Location, Source
from ctxopt.core.tuples import NamedTuple

NO_BASE = "scratch"
# Of an image that is not read.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Directive(NamedTuple):
    """A parser directive, such as `# escape=` and a backtick."""

    name: str  # lower case
    value: str
    location: Location


class Heredoc(NamedTuple):
    """A file written inside the Dockerfile."""

    name: str
    content: str = ""
    expand: bool = True  # False: the word after `<<` had quotes
    chomp: bool = False  # `<<-`: leading tabs do not count


class Flag(NamedTuple):
    """A `--name=value`; a switch has the value true or false."""

    name: str
    value: str


class Instruction(NamedTuple):
    """One instruction, checked as far as the builder checks it while parsing.

    The third form, and the first that others than the parser know: what it says, once.

    ENV and LABEL have their arguments in threes: key, value and the `=`, which is
    empty in the old form. ONBUILD has one argument, the trigger, still unread.
    """

    name: str  # upper case
    arguments: tuple[str, ...]
    location: Location
    text: str  # the lines as written
    flags: tuple[Flag, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    json: bool = False

    @property
    def first_line(self) -> str:
        """The first line as written."""
        return self.text.split("\n", 1)[0]

    def flag(self, name: str) -> str:
        """The value of a flag; empty where it is not given."""
        return next((flag.value for flag in self.flags if flag.name == name), "")

    def flag_values(self, name: str) -> tuple[str, ...]:
        """All values of a flag that may be repeated."""
        return tuple(flag.value for flag in self.flags if flag.name == name)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Keys and values of ENV and LABEL."""
        return tuple(
            (self.arguments[at], self.arguments[at + 1])
            for at in range(0, len(self.arguments), 3)
        )


class Stage(NamedTuple):
    """What stands between one FROM and the next."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs
    name: str  # lower case; empty when it has none
    base: str  # as written
    platform: str  # as written; empty when not given
    location: Location  # of the FROM
    text: str  # the FROM as written
    instructions: tuple[Instruction, ...] = ()
    written_name: str = ""  # in the case of its letters

    @property
    def label(self) -> str:
        """How people refer to it: its name, or its index."""
        return self.name or str(self.index)


class Dockerfile(NamedTuple):
    """A Dockerfile that parses."""

    path: str
    escape: str
    directives: tuple[Directive, ...]
    global_args: tuple[Instruction, ...]  # the ARGs before the first FROM
    stages: tuple[Stage, ...]

    def exactly(self, target: str) -> int | None:
        """The last stage of that name, letter for letter, else the one of that number.

        Rule: openshift/imagebuilder, builder.go, Stages.ThroughTarget.
        """
        names = [stage.written_name for stage in self.stages]
        if target in names:
            return len(names) - 1 - names[::-1].index(target)
        digits = target.removeprefix("+")
        number = int(digits) if digits.isascii() and digits.isdigit() else len(names)
        return number if number < len(names) else None


USUAL_PLATFORM = "linux/amd64"  # of most engines; the real one is not asked


class Scoping(Enum):
    """Whose rules of scope, of stages and of order hold."""

    BUILDKIT = "buildkit"
    CLASSIC = "classic"  # the builder of the daemon, before BuildKit


class BuildOptions(NamedTuple):
    """What a build is told besides the Dockerfile."""

    target: str | None = None
    build_args: Mapping[str, str] = NO_WORDS
    named_contexts: Collection[str] = ()
    platform: str = USUAL_PLATFORM
    scoping: Scoping = Scoping.BUILDKIT
    fires_triggers: bool = True  # ONBUILD of one stage, in those that stand on it
    exact_target: bool = False  # its letters count, and a number is one, too


class StepRun(NamedTuple):
    """An instruction as a stage executes it, with what it reads.

    The fourth form: one in a stage that nobody needs is never executed, a trigger is in
    each stage that stands on its own, so what is read is no part of the instruction.
    """

    instruction: Instruction
    sources: tuple[int, ...] = ()  # indexes into Trace.sources
    stages: tuple[int, ...] = ()  # indexes into Trace.runs: what it reads from
    workdir: str | None = None  # after it; None: that of an image that is not read
    # What variables are behind an ARG or ENV that speaks of them, where that is known.
    settings: tuple[tuple[str, str], ...] = ()


class StageRun(NamedTuple):
    """A stage as it is executed, with the triggers that fire in it."""

    label: str
    base: int | None  # index into Trace.runs; None: it stands on no stage
    steps: tuple[StepRun, ...]
    scratch: bool = False  # it begins with nothing at all
    image: str = ""  # what it begins with, if that is no stage


class UnknownUse(NamedTuple):
    """Where something depends on what an image that is not read may set."""

    location: Location
    names: tuple[str, ...]  # variables
    image: str


class Trace(NamedTuple):
    """What a build reads, in the order in which it reads."""

    sources: tuple[Source, ...]
    stage: str  # the stage built: its name, or its index
    needs_buildkit: tuple[tuple[Location, str], ...]  # features, where used
    unknown_bases: tuple[tuple[Location, str], ...]  # images whose ENV is not seen
    context_names: tuple[str, ...]  # named contexts that are read
    whole_named: tuple[str, ...]  # those of them that are read as a whole
    commands: tuple[tuple[Location, str], ...] = ()  # RUN, CMD, ENTRYPOINT as written
    runs: tuple[StageRun, ...] = ()  # the stages executed; later ones read earlier
    unknown_uses: tuple[UnknownUse, ...] = ()
    # Names of owners that are looked up in a stage in which nothing is yet.
    homeless_owners: tuple[tuple[Location, str], ...] = ()
    stray_bytes: Instruction | None = None  # the first RUN that is not all UTF-8


_COMMANDS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})


def commands_of(
    instructions: Iterable[Instruction],
) -> Iterator[tuple[Location, str]]:
    """What instructions run, as written, heredocs included."""
    for one in instructions:
        if one.name in _COMMANDS:
            yield one.location, one.text
