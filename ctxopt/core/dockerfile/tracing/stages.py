"""Dockerfile -> Plan: which stage stands on which, and what each names.

Rule: moby/buildkit, dockerfile2llb/convert.go (toDispatchState up to the resolved
references) and validations.go (validateCircularDependency).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ctxopt.core.dockerfile.records import (
    NO_BASE,
    BuildOptions,
    Dockerfile,
    Instruction,
    Scoping,
    Stage,
)
from ctxopt.core.dockerfile.refusal import RefusalError, refuse
from ctxopt.core.dockerfile.values.platforms import (
    Platform,
    automatic_args,
    parse_platform,
)
from ctxopt.core.dockerfile.values.reference import parse_reference
from ctxopt.core.dockerfile.words.expand import Allowance, Lexer
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import lower, parse_integer, same_fold
from ctxopt.core.model import Location
from ctxopt.core.tuples import NamedTuple

# What a named context must not replace (convert.go, namedContextFunc).
_NEVER_REPLACED = ("scratch", "context")


class StageStep(NamedTuple):
    """An instruction of a stage and the nodes it names, by number."""

    instruction: Instruction
    origins: tuple[int, ...] = ()  # COPY: its --from; RUN: one for each mount


class StageNode(NamedTuple):
    """A stage, or an image or named context that some --from names."""

    name: str  # the stage's name, `stage-N`, or nothing
    base_name: str  # expanded; for what --from names, that name
    location: Location
    text: str
    stage: Stage | None = None  # None: what --from names
    base: int | None = None  # the node it stands on, if that is one
    context: str | None = None  # the named context that stands for it
    steps: tuple[StageStep, ...] = ()

    @property
    def is_scratch(self) -> bool:
        """Whether it begins with nothing at all."""
        return self.base_name == NO_BASE and self.context is None


class BuildPlan(NamedTuple):
    """A Dockerfile whose stages are linked, ready to be traced."""

    dockerfile: Dockerfile
    options: BuildOptions
    target: int  # number of the target's stage
    global_args: Mapping[str, str]
    nodes: tuple[StageNode, ...]  # empty where linking is left to the execution


class Graph:
    """The nodes while they are being linked; triggers may add to them later."""

    def __init__(
        self, options: BuildOptions, escape: str, nodes: Iterable[StageNode] = ()
    ) -> None:
        self.nodes = list(nodes)
        self.escape = escape
        # Names of images that were looked at: those of a plan are, by `link`.
        self._valid = {node.base_name for node in self.nodes}
        self.contexts = _familiar_contexts(options)
        # A later stage takes the name over.
        self.by_name = {
            node.stage.name: number
            for number, node in enumerate(self.nodes)
            if node.stage is not None and node.stage.name
        }

    def find(self, name: str) -> int | None:
        """Give the last stage of that name."""
        return self.by_name.get(lower(name))

    def add(self, node: StageNode) -> int:
        """Append a node and let it have its name."""
        self.nodes.append(node)
        number = len(self.nodes) - 1
        if node.stage is not None and node.stage.name:
            self.by_name[node.stage.name] = number
        return number

    def step(self, instruction: Instruction) -> StageStep:
        """Find what an instruction names, adding it where it is no stage.

        Raises RefusalError.
        """
        try:
            if instruction.name == "COPY" and instruction.flag("from"):
                return StageStep(instruction, (self._copied_from(instruction),))
            if instruction.name == "RUN":
                return StageStep(instruction, self._mounted_from(instruction))
        except RuleError as error:
            raise refuse(error.message, error.hint, instruction) from None
        return StageStep(instruction)

    def check_references(self) -> None:
        """Refuse bases that are neither a stage nor a valid image name.

        BuildKit looks at all of them side by side; the last is the first to be heard.
        """
        for node in reversed(self.nodes):
            name = node.base_name
            if node.base is None and not node.is_scratch and name not in self._valid:
                _check_reference(node)
                self._valid.add(name)

    def context_of(self, node: StageNode) -> str | None:
        """Give the named context a node stands for or begins with."""
        if node.context is not None or node.is_scratch or node.base is not None:
            return node.context
        return self.contexts.get(parse_reference(node.base_name).familiar)

    def _copied_from(self, instruction: Instruction) -> int:
        origin = instruction.flag("from")
        if Lexer(escape=self.escape).word(origin, {}) != origin:
            message = (
                "variable expansion is not supported for --from, define a new stage "
                "with FROM using ARG from global scope as a workaround"
            )
            raise RuleError(message, "name a stage with FROM ... AS and use that")
        index = parse_integer(origin)
        if index is not None:
            if 0 <= index < len(self.nodes):
                return index
            message = f"invalid stage index {index}"
            raise RuleError(message, "count the stages from 0")
        return self._named(origin, instruction)

    def _mounted_from(self, instruction: Instruction) -> tuple[int, ...]:
        values = instruction.flag_values("mount")
        if not values:
            return ()
        from ctxopt.core.dockerfile.syntax.mounts import mount_origin  # start-up

        return tuple(
            self._named(mount_origin(value) or NO_BASE, instruction) for value in values
        )

    def _named(self, name: str, instruction: Instruction) -> int:
        number = self.find(name)
        if number is not None:
            return number
        place, text = instruction.location, instruction.text
        return self.add(StageNode("", name, place, text))


def link(dockerfile: Dockerfile, options: BuildOptions) -> BuildPlan:
    """Link the stages, all of them, and find the target.

    Raises DockerfileError for what the builder refuses before it executes
    anything: under Scoping.CLASSIC that is a missing target only.
    """
    if options.scoping is Scoping.CLASSIC:
        return BuildPlan(
            dockerfile, options, _classic_target(dockerfile, options), {}, ()
        )
    lexer = Lexer(escape=dockerfile.escape, allowance=Allowance())
    global_args = _global_args(dockerfile, options, lexer)
    graph = Graph(options, dockerfile.escape)
    for stage in dockerfile.stages:
        try:
            graph.add(_node(stage, graph, lexer, variables=global_args))
        except RuleError as error:
            raise _refuse_stage(error, stage.location, stage.text) from None
    target = _target(graph, dockerfile, options)
    for number, stage in enumerate(dockerfile.stages):
        steps = tuple(map(graph.step, stage.instructions))
        graph.nodes[number] = graph.nodes[number]._replace(steps=steps)
    _check_cycles(graph.nodes)
    graph.check_references()
    return BuildPlan(dockerfile, options, target, global_args, tuple(graph.nodes))


def platform_of(options: BuildOptions) -> Platform:
    """Give the platform that is built for.

    Raises RefusalError, though there is no place to point to.
    """
    try:
        return parse_platform(options.platform)
    except RuleError as error:
        message = f"failed to parse target platform {options.platform}: {error.message}"
        raise RefusalError(message, hint=error.hint, file="--platform") from None


def _global_args(
    dockerfile: Dockerfile, options: BuildOptions, lexer: Lexer
) -> dict[str, str]:
    """Give the variables that a FROM may use.

    Rule: convert.go, buildMetaArgs: each sees those before it, in its own line too.
    """
    target = options.target or dockerfile.stages[-1].name
    values = automatic_args(platform_of(options), target)
    values |= {k: v for k, v in options.build_args.items() if k in values}
    for instruction in dockerfile.global_args:
        for word in instruction.arguments:
            name, has_default, default = word.partition("=")
            if name in options.build_args:
                values[name] = options.build_args[name]
            elif has_default:
                try:
                    values[name] = lexer.word(default, values)
                except RuleError as error:
                    raise refuse(error.message, error.hint, instruction) from None
    _check_epoch(values | dict(options.build_args), dockerfile, options)
    return values


def _check_epoch(
    values: Mapping[str, str], dockerfile: Dockerfile, options: BuildOptions
) -> None:
    """Refuse a SOURCE_DATE_EPOCH that is neither a number nor a known name."""
    epoch = values.get("SOURCE_DATE_EPOCH", "")
    known = {"", "context", *_familiar_contexts(options)}
    stages = {stage.name for stage in dockerfile.stages}
    if (
        epoch not in known
        and lower(epoch) not in stages
        and parse_integer(epoch) is None
    ):
        message = f"invalid SOURCE_DATE_EPOCH: {epoch}"
        hint = "write seconds since 1970"
        raise RefusalError(message, hint=hint, file=dockerfile.path)


def _familiar_contexts(options: BuildOptions) -> dict[str, str]:
    """Give the named contexts by the form of their name BuildKit looks for."""
    found: dict[str, str] = {}
    for name in options.named_contexts:
        try:
            found[parse_reference(name).familiar] = name
        except RuleError:
            found[name] = name
    return found


def _node(
    stage: Stage, graph: Graph, lexer: Lexer, *, variables: Mapping[str, str]
) -> StageNode:
    base_name = lexer.word(stage.base, variables)
    if not base_name:
        message = f"base name ({stage.base}) should not be blank"
        raise RuleError(message, "give the ARG in it a default, or --build-arg")
    if stage.platform:
        _check_platform(stage.platform, lexer, variables)
    context = _context_of_stage(stage, graph)
    return StageNode(
        name=stage.name or f"stage-{stage.index}",
        base_name=base_name,
        location=stage.location,
        text=stage.text,
        stage=stage,
        base=None if context is not None else graph.by_name.get(base_name),
        context=context,
    )


def _context_of_stage(stage: Stage, graph: Graph) -> str | None:
    """Give the named context that replaces a stage."""
    if not stage.name or stage.name in _NEVER_REPLACED:
        return None
    try:
        familiar = parse_reference(stage.name).familiar
    except RuleError as error:
        message = f"invalid context name {stage.name}: {error.message}"
        raise RuleError(message, "rename the stage") from None
    return graph.contexts.get(familiar)


def _check_platform(text: str, lexer: Lexer, variables: Mapping[str, str]) -> None:
    try:
        expansion = lexer.expand(text, variables)
    except RuleError as error:
        message = f"failed to process arguments for platform : {error.message}"
        raise RuleError(message, error.hint) from None
    from ctxopt.core.dockerfile.syntax.nearest import (
        suggestion,  # start-up: few have it
    )

    nears = (
        suggestion(name, variables, case_sensitive=True) for name in expansion.unmatched
    )
    near = next(filter(None, nears), "")
    if not expansion.text:
        message = f"empty platform value from expression {text}{near}"
        raise RuleError(message, "give the ARG in it a default, or --build-arg")
    try:
        parse_platform(expansion.text)
    except RuleError as error:
        message = f"failed to parse platform {text}: {error.message}{near}"
        raise RuleError(message, error.hint) from None


def _target(graph: Graph, dockerfile: Dockerfile, options: BuildOptions) -> int:
    if not options.target:
        return len(graph.nodes) - 1
    find = dockerfile.exactly if options.exact_target else graph.find
    number = find(options.target)
    if number is None:
        from ctxopt.core.dockerfile.syntax.nearest import suggestion

        names = [node.name for node in graph.nodes]
        near = suggestion(options.target, names, case_sensitive=True)
        message = f"target stage {quote(options.target)} could not be found{near}"
        raise _no_target(message, dockerfile)
    return number


def _classic_target(dockerfile: Dockerfile, options: BuildOptions) -> int:
    if not options.target:
        return len(dockerfile.stages) - 1
    for stage in dockerfile.stages:
        if same_fold(stage.name, options.target):
            return stage.index
    message = f"failed to reach build target {options.target} in Dockerfile"
    raise _no_target(message, dockerfile)


def _no_target(message: str, dockerfile: Dockerfile) -> RefusalError:
    names = [stage.written_name for stage in dockerfile.stages if stage.name]
    hint = f"choose one of {', '.join(names)}" if names else "name a stage with AS"
    return RefusalError(message, hint=hint, file=dockerfile.path)


def _check_cycles(nodes: list[StageNode]) -> None:
    """Refuse stages that copy from each other in a circle, or from themselves."""
    finished: set[int] = set()
    for start in range(len(nodes)):
        on_path = {start}
        trail = [(start, _edges(nodes[start]))]
        while trail and start not in finished:
            number, edges = trail[-1]
            step, origin = next(edges, (None, -1))
            if step is None:
                finished.add(number)
                on_path.discard(number)
                trail.pop()
            elif origin in on_path:
                name = nodes[start].name
                message = f"circular dependency detected on stage: {name}"
                hint = "copy from an earlier stage"
                raise refuse(message, hint, step.instruction)
            elif origin not in finished:
                on_path.add(origin)
                trail.append((origin, _edges(nodes[origin])))


def _edges(node: StageNode) -> Iterator[tuple[StageStep, int]]:
    return ((step, origin) for step in node.steps for origin in step.origins)


def _check_reference(node: StageNode) -> None:
    try:
        parse_reference(node.base_name)
    except RuleError as error:
        message = f"failed to parse stage name {quote(node.base_name)}: {error.message}"
        refused = RuleError(message, error.hint)
        raise _refuse_stage(refused, node.location, node.text) from None


def _refuse_stage(error: RuleError, location: Location, text: str) -> RefusalError:
    return RefusalError(
        error.message,
        hint=error.hint,
        file=location.file,
        line=location.line,
        text=text,
        end_line=location.end_line,
    )
