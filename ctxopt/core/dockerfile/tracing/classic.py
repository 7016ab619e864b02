"""The classic builder's way through a Dockerfile: every stage, one by one.

Rule: moby/moby, daemon/builder/dockerfile: builder.go, evaluator.go,
dispatchers.go, buildargs.go and copy.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ctxopt.core.dockerfile.records import (
    DEFAULT_PATH,
    NO_BASE,
    Instruction,
    Stage,
    StageRun,
    StepRun,
    Trace,
    UnknownUse,
    commands_of,
)
from ctxopt.core.dockerfile.refusal import RefusalError, refuse
from ctxopt.core.dockerfile.tracing.copies import (
    Copy,
    Word,
    expand_copy,
    source_mould,
    source_of,
)
from ctxopt.core.dockerfile.tracing.features import buildkit_features
from ctxopt.core.dockerfile.tracing.plain import apply_plain, joined
from ctxopt.core.dockerfile.tracing.stages import BuildPlan
from ctxopt.core.dockerfile.tracing.triggers import Triggers
from ctxopt.core.dockerfile.values.giturl import is_http
from ctxopt.core.dockerfile.values.platforms import parse_platform
from ctxopt.core.dockerfile.values.reference import is_identifier, parse_reference
from ctxopt.core.dockerfile.words.expand import Allowance, Expansion, Lexer
from ctxopt.core.dockerfile.words.variables import Doubts, Variables, is_unknown, set_by
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import lower, parse_integer
from ctxopt.core.model import Location, Source, SourceKind

# Arguments that need no ARG when they are passed.
_PROXIES = tuple(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
)

_Declared = dict[str, Expansion | None]  # names with their defaults


def trace_classic(plan: BuildPlan) -> Trace:
    """Follow the build of all stages up to the target.

    Raises DockerfileError.
    """
    return _ClassicBuild(plan).trace()


class _Result:
    """A stage that is done, or being done."""

    __slots__ = (
        *("base", "declared", "environment", "image", "stage", "steps", "triggers"),
        *("variables", "workdir"),
    )

    def __init__(
        self,
        stage: Stage,
        environment: Variables,
        base: int | None = None,
        *,
        image: str,
        workdir: str | None,
    ) -> None:
        self.stage = stage
        self.workdir = workdir  # None: that of an image that is not read
        self.image = image  # on which all stands in the end
        self.base = base  # the stage that it stands on, by its place among the results
        self.steps: list[StepRun] = []
        self.environment = environment
        self.declared: _Declared = {}  # its ARGs
        # What its instructions see.
        self.variables = Variables(is_open=environment.is_open)
        self.triggers: list[Instruction] = []


class _ClassicBuild:
    """One build."""

    def __init__(self, plan: BuildPlan) -> None:
        self.plan = plan
        self.lexer = Lexer(escape=plan.dockerfile.escape, allowance=Allowance())
        self.given = plan.options.build_args
        self.global_args: _Declared = {}
        self.global_values = Variables()
        self.triggers = Triggers()
        self.results: list[_Result] = []
        self.by_name: dict[str, _Result] = {}
        self.sources: list[Source] = []
        self.features: list[tuple[Location, str]] = []
        self.unknown_bases: list[tuple[Location, str]] = []
        self.unknown_uses: list[UnknownUse] = []

    def trace(self) -> Trace:
        self._set(self.global_values, _PROXIES, {})
        for instruction in self.plan.dockerfile.global_args:
            self._declare_globally(instruction)
        stages = self.plan.dockerfile.stages[: self.plan.target + 1]
        for stage in stages:
            self._build(stage)
        return Trace(
            sources=tuple(self.sources),
            stage=stages[-1].label,
            needs_buildkit=tuple(self.features),
            unknown_bases=tuple(self.unknown_bases),
            context_names=(),
            whole_named=(),
            commands=tuple(
                command
                for stage in stages
                for command in commands_of(stage.instructions)
            ),
            runs=tuple(
                StageRun(
                    one.stage.label,
                    one.base,
                    tuple(one.steps),
                    image="" if one.base is not None else one.image,
                )
                for one in self.results
            ),
            unknown_uses=tuple(self.unknown_uses),
        )

    def _declare_globally(self, instruction: Instruction) -> None:
        """Take the ARGs of one line; none of them sees another of that line."""
        try:
            declared = _declared(instruction, self.lexer, self.global_values)
        except RuleError as error:
            raise refuse(error.message, error.hint, instruction) from None
        self.global_args |= declared
        self._set(self.global_values, declared, declared)

    def _set(
        self,
        values: Variables,
        names: Iterable[str],
        declared: _Declared,
    ) -> None:
        """Give arguments their values: --build-arg, default, global default."""
        for name in names:
            value = declared.get(name) or self.global_args.get(name)
            if name in self.given:
                values.set(name, self.given[name])
            elif value is not None:
                values.set(name, value.text, value.doubts)
            else:
                values.drop(name)

    def _build(self, stage: Stage) -> None:
        try:
            result, triggers = self._begin(stage)
        except RuleError as error:
            raise RefusalError(
                error.message,
                hint=error.hint,
                file=stage.location.file,
                line=stage.location.line,
                text=stage.text,
                end_line=stage.location.end_line,
            ) from None
        self._set(result.variables, _PROXIES, result.declared)
        result.variables.overlay(result.environment)
        for instruction in (*self.triggers.fire(triggers), *stage.instructions):
            first = len(self.sources)
            try:
                origin = self._execute(result, instruction)
            except RuleError as error:
                raise refuse(error.message, error.hint, instruction) from None
            own = tuple(range(first, len(self.sources)))
            read = () if origin is None else (origin.stage.index,)
            said = result.variables.known(set_by(instruction))
            result.steps.append(StepRun(instruction, own, read, result.workdir, said))
        self.results.append(result)
        if stage.name:
            self.by_name[stage.name] = result

    def _begin(self, stage: Stage) -> tuple[_Result, list[Instruction]]:
        """Start a stage; give it and the triggers of its base."""
        if stage.name in self.by_name:
            message = f"{stage.name} stage name already used"
            raise RuleError(message, "rename one of the two stages")
        variables = self.global_values
        if stage.platform:
            self._check_platform(stage.platform, variables)
        name = self.lexer.word(stage.base, variables)
        if not name:
            message = f"base name ({stage.base}) should not be blank"
            raise RuleError(message, "give the ARG in it a default, or --build-arg")
        base = self.by_name.get(lower(name))
        if base is not None:
            environment = base.environment.copy()
            number = base.stage.index
            result = _Result(
                stage, environment, number, image=base.image, workdir=base.workdir
            )
            return result, base.triggers
        if name != NO_BASE:
            _check_image(name)
            self.unknown_bases.append((stage.location, name))
        environment = Variables({"PATH": DEFAULT_PATH}, is_open=name != NO_BASE)
        workdir = "/" if name == NO_BASE else None
        return _Result(stage, environment, image=name, workdir=workdir), []

    def _check_platform(self, text: str, variables: Mapping[str, str]) -> None:
        try:
            platform = self.lexer.word(text, variables)
        except RuleError as error:
            message = f"failed to process arguments for platform : {error.message}"
            raise RuleError(message, error.hint) from None
        try:
            parse_platform(platform)
        except RuleError as error:
            message = f"failed to parse platform {platform}: {error.message}"
            raise RuleError(message, error.hint) from None

    def _execute(self, result: _Result, instruction: Instruction) -> _Result | None:
        """Execute one instruction; give the stage that it copies from."""
        variables = result.variables
        if instruction.name in ("ADD", "COPY"):
            return self._copy(result, instruction, variables)
        self.features += buildkit_features(instruction)
        if instruction.name == "ARG":
            declared = _declared(instruction, self.lexer, variables)
            result.declared |= declared
            # What ENV says always wins over what ARG says.
            hidden = result.environment.keys()
            self._set(variables, declared.keys() - hidden, declared)
        elif instruction.name == "ONBUILD":
            result.triggers.append(instruction)
        else:
            plain = apply_plain(instruction, self.lexer, variables)
            self._note(result, instruction, plain.doubts)
            for name, value in plain.values.items():
                variables.set(name, value.text, value.doubts)
                result.environment.set(name, value.text, value.doubts)
            if instruction.name == "WORKDIR":
                self._enter(result, instruction)
        return None

    def _enter(self, result: _Result, instruction: Instruction) -> None:
        """Follow a WORKDIR, which must name something.

        Rule: moby/moby, daemon/builder/dockerfile/dispatchers_unix.go,
        normalizeWorkdir.
        """
        path = self.lexer.read(instruction.arguments[0], result.variables)
        if not path.text and not path.doubts:
            message = "cannot normalize nothing"
            raise RuleError(message, "name a folder, or give the variable a value")
        if not path.text:
            self._note(result, instruction, path.doubts)
        result.workdir = joined(result.workdir, path)

    def _note(self, result: _Result, instruction: Instruction, doubts: Doubts) -> None:
        """Take note of what depends on an image that is not read."""
        if doubts:
            names = tuple(doubt.name for doubt in doubts)
            use = UnknownUse(instruction.location, names, result.image)
            self.unknown_uses.append(use)

    def _copy(
        self, result: _Result, instruction: Instruction, variables: Variables
    ) -> _Result | None:
        copy = expand_copy(instruction, lambda word: self.lexer.read(word, variables))
        self.features += buildkit_features(instruction, copy.paths)
        kind, origin, stage = SourceKind.CONTEXT, "", None
        if instruction.flag("from"):
            kind, origin, stage = self._origin(instruction.flag("from"))
        mould = source_mould(copy, result.stage.label)
        for word in copy.words:
            of_word = _kind(copy, word)
            if of_word is not SourceKind.CONTEXT:
                source = source_of(mould, word, of_word)
            elif kind is SourceKind.CONTEXT and is_unknown(word.doubts):
                self._note(result, instruction, word.doubts)
                source = source_of(mould, word, SourceKind.UNKNOWN)
            else:
                source = source_of(mould, word, kind, origin=origin)
            self.sources.append(source)
        return stage

    def _origin(self, name: str) -> tuple[SourceKind, str, _Result | None]:
        """Find what --from names: an earlier stage, or else an image."""
        known = self.by_name.get(lower(name))
        if known is not None:
            return SourceKind.STAGE, known.stage.label, known
        problem = ""
        index = parse_integer(name)
        if index == len(self.results):
            problem = "refers to current build stage"
        elif index is not None and not 0 <= index < len(self.results):
            problem = "index out of bounds"
        elif index is not None:
            stage = self.results[index]
            return SourceKind.STAGE, stage.stage.label, stage
        elif name != NO_BASE:
            problem = next(_image_problems(name), "")
        if problem:
            message = f"invalid from flag value {name}: {problem}"
            raise RuleError(message, "name an earlier stage, or an image")
        return SourceKind.IMAGE, name, None


def _kind(copy: Copy, word: Word) -> SourceKind:
    """Give the kind of a source; the classic builder knows no git."""
    if word.heredoc is not None:
        return SourceKind.HEREDOC
    if not is_http(word.expanded):
        return SourceKind.CONTEXT
    if copy.instruction.name == "COPY":
        message = "COPY failed: source can't be a URL for COPY"
        raise RuleError(message, "use ADD for a download")
    return SourceKind.URL


def _declared(
    instruction: Instruction, lexer: Lexer, variables: Mapping[str, str]
) -> dict[str, Expansion | None]:
    """Give names and defaults; here the names are expanded, too."""
    found: dict[str, Expansion | None] = {}
    for word in instruction.arguments:
        name, has_default, default = word.partition("=")
        name = lexer.word(name, variables)
        found[name] = lexer.read(default, variables) if has_default else None
    return found


def _check_image(name: str) -> None:
    for problem in _image_problems(name):
        raise RuleError(problem, "name a stage above, or an image")


def _image_problems(name: str) -> Iterator[str]:
    if is_identifier(name):
        return
    try:
        parse_reference(name)
    except RuleError as error:
        yield error.message
