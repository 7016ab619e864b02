"""What is proposed for a measured build, and the facts on which it rests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.running.commands import Command
from ctxopt.core.running.words import speech
from ctxopt.core.steps import NOBODY, Listener
from ctxopt.core.suggest.expectations import Expectations, expected_names
from ctxopt.core.suggest.ids import Name
from ctxopt.core.suggest.others import Others
from ctxopt.core.suggest.proposals import BuildFacts, Proposal, Proposals
from ctxopt.core.suggest.propose import propose
from ctxopt.core.suggest.workspaces.members import Members, Reading
from ctxopt.pipeline.ground import Ground
from ctxopt.pipeline.ignoring import idle_paths
from ctxopt.pipeline.measuring import MeasuredBuild, takers_of
from ctxopt.pipeline.parting import parted
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.neighbours import Neighbours, neighbours

# Instructions that may speak of a folder that is to be there.
SPEAKING = frozenset({"VOLUME", "ENV"})  # of folders, beside the commands
MOST_OTHERS = 40  # builds of other Dockerfiles whose commands are read
CACHE_RULE = "cache-dockerignore"  # a line that saves no bytes


def proposed(
    measured: MeasuredBuild,
    facts: BuildFacts,
    *,
    clutter: Sequence[ClutterMatch],
    secrets: Mapping[str, str],
    insisted: Sequence[str] = (),
    together: Collection[str] | None = None,
    listener: Listener = NOBODY,
) -> Proposals:
    """What the finds of a walk are worth as lines of an ignore file.

    `secrets` has the rules of files that were looked into, `insisted` names what is
    wanted although the build seems to use it; where `together` is given, no other
    questions are put as one than those of these ids. `listener` hears of the steps.
    """
    index = measured.job.rule_index
    assert index is not None
    facts = facts._replace(secrets=secrets, insisted=tuple(insisted), together=together)
    if facts.tracked is not None:
        root, builder = measured.build.main.path, measured.build.builder
        clutter = parted(clutter, facts.tracked, root, builder)
    return propose(index, clutter, facts, listener)


def cached(
    measured: MeasuredBuild, path: str, ignore: IgnoreFile
) -> tuple[Proposal, tuple[int, ...]] | None:
    """The line for an ignore file that is sent with another content at each build.

    It saves no byte: the daemon takes the file out, and layers are cached again. It
    is left out where a source names the file, a no stands against it, or a line behind
    it would undo it. With it come the indexes of the sources that take the file.
    """
    line = compile_patterns((path,))
    takers = takers_of(measured.job, path)
    undone = not Matcher((*line, *_behind(ignore))).matches_or_parent_matches(path)
    declined = any(
        Matcher((no,)).verdict(path).excluded for no in block.declined(ignore)
    )
    if takers.named or not takers.sources or undone or declined:
        return None
    proposal = Proposal(
        rule=CACHE_RULE,
        name=Name(CACHE_RULE),
        label="this file",
        reason="The daemon takes it out then, and the layer that it is in is cached.",
        confidence=Confidence.CERTAIN,
        question="Let the layer be cached?",
        lines=(path,),
        clutter=(),
        id=CACHE_RULE,
    )
    return proposal, takers.sources


def served(build: Build, ground: Ground | None = None, *, alone: bool) -> Neighbours:
    """What other builds of the context read, of those that share the ignore file.

    `ground` is the context, as far as it is known; `alone` says that it is for this
    Dockerfile and no other.
    """
    around = (ground or Ground(build.main.path)).around
    return neighbours(build, around, alone=alone)


def facts_of(
    measured: MeasuredBuild,
    ignore: IgnoreFile,
    ground: Ground,
    *,
    alone: bool,
    beside: Sequence[Build] = (),
) -> BuildFacts:
    """What is known of a build beside the finds of its walk.

    `ground` is the context, `alone` says that it is for this Dockerfile and no other,
    `beside` are builds that are known to have the same ignore file.
    """
    build, found, tree = measured.build, measured.found, ground.tree
    index = measured.job.rule_index
    assert index is not None
    others = neighbours(build, ground.around, alone=alone, beside=beside)
    relative = build.dockerfile.relative
    works = None if build.trace is None else ground.works(build.trace)
    hints = ground.manifests.hints(works, ground.commands_in(others.commands))
    members = Members(
        ground.listings,
        readings=(
            Reading(build.main.taking, hints.commands),
            *(Reading(one.sources, ground.commands(one)) for one in others.builds),
        ),
        matcher=build.main.matcher,
    )
    expectations = Expectations(
        ground.programs,
        names=expected_names(index.all_rules),
        spoken=_spoken(build, hints.commands),
    )
    return BuildFacts(
        tree=tree,
        sources=build.main.taking,
        wanted=build.builder.wanted(build.main.taking),
        matcher=build.main.matcher,
        behind=_behind(ignore),
        declined=block.declined(ignore),
        elsewhere=others.sources,
        hints=hints,
        tracked=ground.tracked,
        lines=found.git_lines,
        pinned=build.builder.brings_back(relative),
        dockerfile=relative,
        sent_bytes=found.measurement.transfer.file_bytes,
        idle=idle_paths(measured),
        members=members,
        conditions=ground.conditions,
        git_patterns=ground.git_patterns,
        expectations=expectations,
        embedding=ground.embedding,
        # Those beside it come first: what is known counts in any case.
        others=Others(
            map(ground.hints, others.builds[: MOST_OTHERS + len(beside)]), ground.needs
        ),
    )


def _spoken(build: Build, commands: Iterable[Command]) -> list[tuple[str, str]]:
    """What the stages of a build say of folders: their commands, and volumes."""
    runs = build.trace.runs if build.trace else ()
    said = [step.instruction for run in runs for step in run.steps]
    own = [one for one in commands if one.stage >= 0 and not one.script]
    return [
        *((one.place, speech(one.program, one.words)) for one in _not_made(own)),
        *(
            (f"{one.location.file}:{one.location.line}", one.text)
            for one in said
            if one.name in SPEAKING
        ),
    ]


def _not_made(commands: Sequence[Command]) -> Iterator[Command]:
    """The commands but those about a folder that the same stage makes itself."""
    made = {
        (one.stage, word)
        for one in commands
        if one.program == "mkdir"
        for word in one.words[1:]
    }
    for one in commands:
        if not any((one.stage, word) in made for word in one.words[1:]):
            yield one


def _behind(file: IgnoreFile) -> tuple[Pattern, ...]:
    """The patterns that come behind new lines: those behind the block."""
    span = block.block_span(file)
    if span is None:
        return ()
    end = file.lines[span[1]].number
    return tuple(
        one for one in file.patterns if one.location and one.location.line > end
    )
