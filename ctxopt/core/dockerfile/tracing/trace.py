"""Plan -> Trace: what the stages that a target needs read, and from where.

Rule: moby/buildkit, dockerfile2llb/convert.go (resolveStages, dispatchStages and
the dispatch functions) and convert_runmount.go.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from ctxopt.core.dockerfile.records import (
    DEFAULT_PATH,
    Instruction,
    Scoping,
    Stage,
    StageRun,
    StepRun,
    Trace,
    UnknownUse,
    commands_of,
)
from ctxopt.core.dockerfile.refusal import refuse
from ctxopt.core.dockerfile.tracing.copies import (
    BODY_LEXER,
    check_copy,
    expand_bodies,
    expand_copy,
    source_mould,
    source_of,
)
from ctxopt.core.dockerfile.tracing.features import buildkit_features
from ctxopt.core.dockerfile.tracing.stages import BuildPlan, Graph, StageNode, StageStep
from ctxopt.core.dockerfile.tracing.triggers import Triggers
from ctxopt.core.dockerfile.words.expand import Allowance, Expansion, Lexer
from ctxopt.core.dockerfile.words.variables import Doubts, Variables, is_unknown, set_by
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.model import Location, Source, SourceKind
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.dockerfile.syntax.mounts import Mount

# Arguments that are switches of the build and never variables of a stage.
_NO_VARIABLES = frozenset(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"])
_SERVED = frozenset(["secret", "ssh"])  # mounts that read neither context nor stage
_ROOTS = frozenset([SourceKind.CONTEXT, SourceKind.NAMED])
_KEPT = frozenset(["bind", "cache"])  # mounts whose origin really is needed


def trace(plan: BuildPlan) -> Trace:
    """Follow the build of the plan's target.

    Raises DockerfileError for what the builder refuses while it executes.
    """
    if plan.options.scoping is Scoping.CLASSIC:
        # Start-up: the other builder's rules are seldom asked for.
        from ctxopt.core.dockerfile.tracing.classic import trace_classic

        return trace_classic(plan)
    return _Tracer(plan).trace()


class _ExecutedStage:
    """What is known of a stage while, and after, it is executed.

    `environment` is what the image keeps of `variables`: PATH and every ENV. `workdir`
    is None where it is that of an image we cannot see. `is_empty` until the first step
    that puts something into a stage that begins with nothing.
    """

    __slots__ = (
        *("environment", "features", "has_run", "homeless_owners", "is_empty"),
        *("needs", "number", "sources", "stage", "steps", "stray_bytes"),
        *("unknown_uses", "user", "variables", "workdir"),
    )

    def __init__(
        self,
        stage: Stage,
        number: int,
        variables: Variables,
        environment: Variables,
        workdir: str | None,
        *,
        user: Expansion,
        is_empty: bool,
    ) -> None:
        self.stage = stage
        self.number = number
        self.user = user
        self.is_empty = is_empty
        self.homeless_owners: list[tuple[Location, str]] = []
        self.stray_bytes: Instruction | None = None
        self.variables = variables
        self.environment = environment
        self.workdir = workdir
        self.sources: list[Source] = []
        self.needs: list[int] = []  # nodes whose result goes in
        self.steps: list[StepRun] = []  # with own sources, and nodes, by number
        self.features: list[tuple[Location, str]] = []
        self.unknown_uses: list[tuple[Location, Doubts]] = []
        self.has_run = False


class _Tracer:
    """One walk over the reachable stages."""

    def __init__(self, plan: BuildPlan) -> None:
        self.plan = plan
        self.escape = plan.dockerfile.escape
        self.lexer = Lexer(escape=self.escape, allowance=Allowance())
        self.body_lexer = BODY_LEXER._replace(allowance=self.lexer.allowance)
        self.graph = Graph(plan.options, self.escape, plan.nodes)
        self.triggers = Triggers()
        self.runs: dict[int, _ExecutedStage] = {}
        self.ready: set[int] = set()  # nodes that may be copied from

    def trace(self) -> Trace:
        reachable = self._fire_triggers()
        nodes = self.graph.nodes
        self.ready = {
            number
            for number, node in enumerate(nodes)
            if node.stage is None or (node.context is not None and number in reachable)
        }
        for number, node in enumerate(nodes):
            if number in reachable and number not in self.ready and node.stage:
                self.ready.add(number)
                self._run(number, node, node.stage)
        return self._result()

    def _fire_triggers(self) -> set[int]:
        """Put the triggers that fire in front; give what is reachable then."""
        initialised: set[int] = set()
        while True:
            self.graph.check_references()
            reachable = self._reachable()
            news = False
            for number in sorted(reachable - initialised):
                initialised.add(number)
                steps = tuple(self._fired(self.graph.nodes[number]))
                news = news or any(step.origins for step in steps)
                node = self.graph.nodes[number]
                self.graph.nodes[number] = node._replace(steps=(*steps, *node.steps))
            if not news:
                return reachable

    def _fired(self, node: StageNode) -> Iterator[StageStep]:
        if node.base is None or not self.plan.options.fires_triggers:
            return
        steps = self.graph.nodes[node.base].steps
        for instruction in self.triggers.fire(
            step.instruction for step in steps if step.instruction.name == "ONBUILD"
        ):
            yield self.graph.step(instruction)

    def _reachable(self) -> set[int]:
        found: set[int] = set()
        waiting = [self.plan.target]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                node = self.graph.nodes[number]
                waiting += [] if node.base is None else [node.base]
                waiting += (origin for step in node.steps for origin in step.origins)
        return found

    def _run(self, number: int, node: StageNode, stage: Stage) -> None:
        below = None if node.base is None else self.runs.get(node.base)
        environment = (
            below.environment.copy()
            if below
            else Variables({"PATH": DEFAULT_PATH}, is_open=not node.is_scratch)
        )
        variables = (below.variables if below else environment).copy()
        # A stage begins with its image's ENV, whatever ARG has hidden it below.
        variables.overlay(environment)
        run = _ExecutedStage(
            stage=stage,
            number=number,
            variables=variables,
            environment=environment,
            workdir=below.workdir if below else ("/" if node.is_scratch else None),
            user=below.user if below else Expansion(""),
            is_empty=below.is_empty if below else node.is_scratch,
        )
        self.runs[number] = run
        for step in node.steps:
            instruction = step.instruction
            sources, needs = len(run.sources), len(run.needs)
            try:
                self._execute(run, step)
            except RuleError as error:
                raise refuse(error.message, error.hint, instruction) from None
            own = tuple(range(sources, len(run.sources)))
            read = tuple(run.needs[needs:])
            said = run.variables.known(set_by(instruction))
            run.steps.append(StepRun(instruction, own, read, run.workdir, said))

    def _execute(self, run: _ExecutedStage, step: StageStep) -> None:
        instruction = step.instruction
        if instruction.name in ("ADD", "COPY"):
            self._copy(run, step)
            return
        run.features += buildkit_features(instruction)
        if instruction.name == "RUN":
            self._mount(run, step)
        elif instruction.name == "ARG":
            self._declare(run, instruction)
        else:
            # Start-up: the sources of a build need none of it.
            from ctxopt.core.dockerfile.tracing.plain import apply_plain, joined

            plain = apply_plain(instruction, self.lexer, run.variables)
            run.unknown_uses.append((instruction.location, plain.doubts))
            for name, value in plain.values.items():
                run.variables.set(name, value.text, value.doubts)
                run.environment.set(name, value.text, value.doubts)
            if instruction.name == "WORKDIR":
                path = self._read(run, instruction.arguments[0])
                run.workdir = joined(run.workdir, path)
                if run.workdir != "/":
                    self._put(run, instruction, run.user)
            elif instruction.name == "USER":
                run.user = self._read(run, instruction.arguments[0])

    def _put(
        self, run: _ExecutedStage, instruction: Instruction, owner: Expansion
    ) -> None:
        """Put something into the stage; who is to own it may have to be looked up."""
        if run.is_empty and owner.text:
            # Start-up: few stages that begin with nothing have owners.
            from ctxopt.core.dockerfile.tracing.owners import named_owner

            name = named_owner(owner)
            if name:
                run.homeless_owners.append((instruction.location, name))
        run.is_empty = False

    def _declare(self, run: _ExecutedStage, instruction: Instruction) -> None:
        """Take an ARG: --build-arg, else its default, else the global value."""
        given = self.plan.options.build_args
        for word in instruction.arguments:
            name, has_default, default = word.partition("=")
            value: str | None = None
            doubts: Doubts = ()
            if name in given:
                value = given[name]
            elif has_default:
                value, *_, doubts = self.lexer.read(default, run.variables)
            else:
                value = self.plan.global_args.get(name)
            if value is not None and name not in _NO_VARIABLES:
                run.variables.set(name, value, doubts)

    def _copy(self, run: _ExecutedStage, step: StageStep) -> None:
        instruction = step.instruction
        copy = expand_copy(instruction, self._expander(self.lexer, run))
        expand_bodies(copy, self._expander(self.body_lexer, run))
        origin = step.origins[0] if step.origins else None
        if origin is not None and origin not in self.ready:
            message = (
                f"cannot copy from stage {quote(instruction.flag('from'))}, it needs "
                f"to be defined before current stage {quote(self._name(run))}"
            )
            raise RuleError(message, "move that stage up")
        kinds = check_copy(copy)
        self._put(run, instruction, copy.chown)
        run.features += buildkit_features(instruction, copy.paths)
        mould = source_mould(copy, run.stage.label)
        for word, kind in zip(copy.words, kinds, strict=True):
            source = source_of(mould, word, kind)
            self._add(run, source, origin, doubts=word.doubts)
        if origin is not None:
            run.needs.append(origin)

    def _add(
        self,
        run: _ExecutedStage,
        source: Source,
        origin: int | None,
        *,
        doubts: Doubts,
    ) -> None:
        """Add a source, and where it comes from; of one in doubt also that."""
        found = [source]
        if origin is not None and source.kind in _ROOTS:
            found = list(self._from_origin(source, origin))
        if is_unknown(doubts):
            if any(one.kind in _ROOTS for one in found):
                run.unknown_uses.append((source.location, doubts))
            found = [
                one._replace(kind=SourceKind.UNKNOWN) if one.kind in _ROOTS else one
                for one in found
            ]
        run.sources += found

    def _mount(self, run: _ExecutedStage, step: StageStep) -> None:
        instruction = step.instruction
        run.has_run = True
        run.is_empty = False
        if not instruction.text.isascii() and run.stray_bytes is None:
            # Start-up: nearly all commands are ASCII.
            from ctxopt.core.dockerfile.tracing.stray_bytes import has_stray_bytes

            run.stray_bytes = instruction if has_stray_bytes(instruction) else None
        values = instruction.flag_values("mount")
        mounts = [self._read_mount(run, value) for value in values]
        for mount, origin in zip(mounts, step.origins, strict=True):
            self._check_mount(run, mount, origin, instruction.location)
            if mount.type in _SERVED or (mount.type == "cache" and not mount.origin):
                continue
            doubts = self._read(run, mount.source_text).doubts
            source = _mount_source(
                mount, instruction, run.stage, alone=len(mounts) == 1
            )._replace(assumed=tuple(doubt.name for doubt in doubts))
            self._add(run, source, origin if mount.origin else None, doubts=doubts)
            if mount.origin and mount.type in _KEPT:
                run.needs.append(origin)

    def _read_mount(self, run: _ExecutedStage, value: str) -> Mount:
        """A mount; of one whose options are not known no more than its `from`.

        Raises RuleError.
        """
        # Start-up: few commands have mounts.
        from ctxopt.core.dockerfile.syntax.mounts import (
            Mount,
            mount_origin,
            parse_mount,
        )

        read: list[Expansion] = []

        def expand(word: str) -> str:
            read.append(self._read(run, word))
            return read[-1].text

        try:
            return parse_mount(value, expand)
        except RuleError:
            # What stands behind the field that is refused was never asked for.
            if not any(one.doubts for one in read):
                raise
            return Mount(
                origin=mount_origin(value), source_text=value, target_text=value
            )

    def _check_mount(
        self, run: _ExecutedStage, mount: Mount, origin: int, place: Location
    ) -> None:
        if mount.origin and origin not in self.ready:
            message = (
                f"cannot mount from stage {quote(mount.origin)} to "
                f"{quote(mount.target)}, stage needs to be defined before "
                "current command"
            )
            raise RuleError(message, "move that stage up")
        if mount.type == "ssh" and mount.source:
            message = "ssh does not support source"
            raise RuleError(message, "remove source")
        if mount.type in _SERVED:
            return
        target = mount.target
        if not target.startswith("/"):
            target = posixpath.join("/", run.workdir or "/unknown", target)
            target = posixpath.normpath(target)
        doubts = self._read(run, mount.target_text).doubts
        if target == "/" and doubts:
            run.unknown_uses.append((place, doubts))
        elif target == "/":
            message = f"invalid mount target {quote(target)}"
            raise RuleError(message, "add target=/some/folder")

    def _expander(
        self, lexer: Lexer, run: _ExecutedStage
    ) -> Callable[[str], Expansion]:
        return lambda word: lexer.read(word, run.variables)

    def _read(self, run: _ExecutedStage, word: str) -> Expansion:
        return self.lexer.read(word, run.variables)

    def _name(self, run: _ExecutedStage) -> str:
        alone = len(self.graph.nodes) == 1
        return "" if alone else self.graph.nodes[run.number].name

    def _from_origin(self, source: Source, origin: int) -> Iterator[Source]:
        """Give the source with its origin, and what it asks of a named context.

        A stage that begins with a named context hands the paths on to it, whether
        they come from there or not.
        """
        node = self.graph.nodes[origin]
        root = self.graph.nodes[self._root(origin)]
        context = self.graph.context_of(root)
        if context is not None and (node.stage is None or node.context is not None):
            yield source._replace(kind=SourceKind.NAMED, origin=context)
        elif node.stage is None:
            yield source._replace(kind=SourceKind.IMAGE, origin=node.base_name)
        else:
            yield source._replace(kind=SourceKind.STAGE, origin=node.stage.label)
            if context is not None:
                yield source._replace(
                    kind=SourceKind.NAMED, origin=context, claims=False
                )

    def _root(self, number: int) -> int:
        while (base := self.graph.nodes[number].base) is not None:
            number = base
        return number

    def _needed(self) -> set[int]:
        """Give the nodes whose result the target's result is made of.

        A stage that only a tmpfs or secret mount names is looked at and its paths
        join the request, yet it is never built.
        """
        found: set[int] = set()
        waiting = [self.plan.target]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                base = self.graph.nodes[number].base
                waiting += [] if base is None else [base]
                run = self.runs.get(number)
                waiting += run.needs if run else []
        return found

    def _result(self) -> Trace:
        needed = self._needed()
        sources: list[Source] = []
        for number, run in self.runs.items():
            built = number in needed
            sources += run.sources if built else map(_unclaimed, run.sources)
        runs = [run for number, run in self.runs.items() if number in needed]
        stage = self.plan.dockerfile.stages[self.plan.target]
        return Trace(
            sources=tuple(sources),
            stage=stage.label,
            needs_buildkit=tuple(feature for run in runs for feature in run.features),
            unknown_bases=tuple(self._unknown_bases()),
            context_names=self._contexts(needed),
            whole_named=self._contexts(self._read_whole() & needed),
            commands=tuple(self._commands(needed)),
            runs=tuple(self._stage_runs(needed)),
            unknown_uses=tuple(self._unknown_uses()),
            homeless_owners=tuple(one for run in runs for one in run.homeless_owners),
            stray_bytes=next(filter(None, (run.stray_bytes for run in runs)), None),
        )

    def _stage_runs(self, needed: set[int]) -> Iterator[StageRun]:
        """Give the stages that are executed, numbered among themselves."""
        executed = [number for number in self.runs if number in needed]
        place = {number: at for at, number in enumerate(executed)}
        first = 0
        for number, run in self.runs.items():
            if number in place:
                base = self.graph.nodes[number].base
                steps = tuple(
                    step._replace(
                        sources=tuple(first + source for source in step.sources),
                        stages=tuple(place[n] for n in step.stages if n in place),
                    )
                    for step in run.steps
                )
                below = None if base is None else place.get(base)
                node = self.graph.nodes[number]
                image = "" if below is not None else node.base_name
                yield StageRun(run.stage.label, below, steps, node.is_scratch, image)
            first += len(run.sources)

    def _commands(self, needed: set[int]) -> Iterator[tuple[Location, str]]:
        for number in self.runs:
            if number in needed:
                steps = self.graph.nodes[number].steps
                yield from commands_of(step.instruction for step in steps)

    def _unknown_bases(self) -> Iterator[tuple[Location, str]]:
        for number, run in self.runs.items():
            node = self.graph.nodes[number]
            outside = node.base is None and not node.is_scratch
            if outside and self.graph.context_of(node) is None:
                yield run.stage.location, node.base_name

    def _unknown_uses(self) -> Iterator[UnknownUse]:
        """Give what depends on an image; also in stages that are looked at only."""
        for number, run in self.runs.items():
            image = self.graph.nodes[self._root(number)].base_name
            for place, doubts in run.unknown_uses:
                if doubts:
                    names = tuple(doubt.name for doubt in doubts)
                    yield UnknownUse(place, names, image)

    def _contexts(self, numbers: set[int]) -> tuple[str, ...]:
        """Give the named contexts that these nodes begin with."""
        found = (self.graph.context_of(self.graph.nodes[n]) for n in sorted(numbers))
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def _read_whole(self) -> set[int]:
        """Give the nodes all of whose files may be read: by a RUN, or as a result."""
        readers = [self.plan.target]
        readers += (number for number, run in self.runs.items() if run.has_run)
        return {self._root(number) for number in readers}


def _mount_source(
    mount: Mount, instruction: Instruction, stage: Stage, *, alone: bool
) -> Source:
    return Source(
        instruction=instruction.name,
        stage=stage.label,
        location=instruction.location,
        text=mount.source_text or "/",
        expanded=mount.source or "/",
        line_text=instruction.first_line,
        mount=True,
        writable=mount.writable,
        claims=mount.type != "tmpfs",
        alone=alone,
    )


def _unclaimed(source: Source) -> Source:
    return source._replace(claims=False)
