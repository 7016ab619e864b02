"""Both questions about a name at once: is it sent, and who takes it.

A `FolderState` state combines the ignore file's matcher, the request's matcher and the
sources, and remembers its decisions by name. States are shared between folders that
stand in the same place of all three, so that a large tree needs a handful of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from typing import TypeAlias

    from ctxopt.core.patterns.matcher import Judgement, Matcher, State
    from ctxopt.core.patterns.multimatch import MultiMatchState, NameHits
    from ctxopt.core.sources.claims import Claims, ClaimState

# Names remembered in one state before its memory is dropped: a folder of a million
# distinct names must not cost a million entries.
MEMORY = 16_384

Trie: TypeAlias = Mapping[str, "Trie"]

NOWHERE: Trie = {}


def trie(paths: Iterable[str]) -> Trie:
    """The components of paths, nested: which folders lie on the way to one of them."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]  # recursive, see Trie
    for path in paths:
        node = root
        for component in path.split("/"):
            node = node.setdefault(component, {})
    return root


class WalkRules(NamedTuple):
    """How one builder walks one root.

    `exclude` and `include` are None where everything passes. A folder that the ignore
    file excludes is entered only on the way to a path of `reopened`, or always when
    that is None; likewise for a folder outside the request and `requested`.
    """

    exclude: Matcher | None
    include: Matcher | None
    reopened: Trie | None
    requested: Trie | None
    claims: ClaimState
    # Walk exactly what the transfer walks, so that a pattern that fails when it is
    # evaluated fails where it would for the builder.
    transfer_only: bool = False
    multi_match: MultiMatchState | None = None  # what else to look out for
    withdrawn: Trie = (
        NOWHERE  # paths that travel, and that no source takes all the same
    )
    # Each source is walked by itself, from what it names: it finds that in a folder
    # which a walk from the root leaves out.
    each_source: bool = False
    only_taken: bool = False  # nothing travels but what some source takes
    # Whether the client opens a file, see `Builder.opens`; compared by those who judge
    # several jobs together, and asked by the walk.
    opens: Callable[[str, bool], bool] | None = None

    def root(self) -> FolderState:
        """The state of the root folder."""
        return FolderState(
            _Shared(self),
            exclude=self.exclude.root if self.exclude else None,
            include=self.include.root if self.include else None,
            reopened=self.reopened,
            requested=self.requested,
            claims=self.claims,
            multi_match=self.multi_match,
            withdrawn=self.withdrawn or NOWHERE,  # an empty one is no end of a path
        )


class Decision:
    """What becomes of all entries of one name in folders of one state.

    `kept`: the ignore file lets it through. `taken`: it travels. `enter`: if it is a
    folder, something below may travel. `mask`: a bit for each source that takes it.
    `arrived`: the path of some target ends here. `dropped`: nothing of it matters.
    `error`: the builder fails here. `hits`: a bit for each pattern of the
    `MultiMatchState` that it matches. `named`: a source says its own path, or a
    wildcard that hits it; `reincluded`: a negated line of the ignore file does.
    `noted`: one of these three. `touched`: a line matches it or a folder above it, so
    that whoever asks in another way may be told something else.
    `plain`: kept, and no error.
    """

    __slots__ = (
        "_child",
        "_make_child",
        "arrived",
        "dropped",
        "enter",
        "error",
        "hits",
        "kept",
        "mask",
        "named",
        "noted",
        "plain",
        "reincluded",
        "taken",
        "touched",
    )

    def __init__(
        self,
        *,
        kept: bool,
        taken: bool,
        enter: bool,
        mask: int,
        arrived: bool,
        make_child: Callable[[], JudgingState],
        hits: int = 0,
        named: bool = False,
        reincluded: bool = False,
        error: PatternError | None = None,
        touched: bool = True,
    ) -> None:
        self.touched = touched
        self.kept = kept
        self.taken = taken
        self.enter = enter
        self.mask = mask
        self.arrived = arrived
        self.dropped = not kept and not enter
        self.error = error
        self.plain = kept and error is None
        self.hits = hits
        self.named = named
        self.reincluded = reincluded
        self.noted = bool(hits) or named or reincluded
        self._make_child = make_child
        self._child: JudgingState | None = None

    @property
    def child(self) -> JudgingState:
        """The state inside, if the entry is a folder."""
        if self._child is None:
            self._child = self._make_child()
        return self._child


class JudgingState(Protocol):
    """A state that judges the names of one folder."""

    known: dict[str, Decision]

    def decide(self, name: str) -> Decision:
        """The decision on a name."""


class StandingState(JudgingState, Protocol):
    """A state that can be told to judge like another one, whoever made them."""

    @property
    def standing(self) -> tuple[object, ...]:
        """What decides on all names here and below, and can be compared."""

    @property
    def opens(self) -> Callable[[str, bool], bool] | None:
        """Whether the client opens a file; None: always."""

    @property
    def private(self) -> bool:
        """Whether it knows its own path, and so serves one folder only."""


class _Shared:
    """What all states of a walk have in common."""

    __slots__ = ("folders", "rules", "turns_back")

    def __init__(self, rules: WalkRules) -> None:
        self.rules = rules
        include = rules.include.patterns if rules.include is not None else ()
        # Then what is taken may still not be asked for.
        self.turns_back = any(pattern.negated for pattern in include)
        self.folders: dict[tuple[object, ...], FolderState] = {}


class _Parts(NamedTuple):
    """The makings of a child state, kept until somebody enters it."""

    shared: _Shared
    exclude: Judgement | None
    include: Judgement | None
    reopened: Trie | None
    requested: Trie | None
    taken: Claims
    name_hits: NameHits | None = None
    withdrawn: Trie = NOWHERE
    reached: bool = True  # a walk from the root comes here

    @property
    def is_withdrawn(self) -> bool:
        """Whether a withdrawn path ends here."""
        return self.withdrawn is not NOWHERE and not self.withdrawn

    def folder(self) -> FolderState:
        exclude = self.exclude.child if self.exclude else None
        include = self.include.child if self.include else None
        multi_match = self.name_hits.below if self.name_hits else None
        key = (
            exclude,
            include,
            id(self.reopened),
            id(self.requested),
            self.taken.below,
            multi_match,
            id(self.withdrawn),
            self.reached,
        )
        found = self.shared.folders.get(key)
        if found is None:
            found = FolderState(
                self.shared,
                exclude=exclude,
                include=include,
                reopened=self.reopened,
                requested=self.requested,
                claims=self.taken.below,
                multi_match=multi_match,
                withdrawn=self.withdrawn,
                reached=self.reached,
            )
            # A state that knows its own path serves one folder only.
            if not (_private(exclude) or _private(include)):
                self.shared.folders[key] = found
        return found


def _private(state: State | None) -> bool:
    return state is not None and state.path_bound


def _outlook(state: State | None, *, nothing: bool) -> object:
    """What patterns say below: one word for all, or a state; `nothing` is no word."""
    if state is None:
        return nothing
    return state if state.constant is None else state.constant.hit


def _touches(state: State | None) -> bool:
    """Whether patterns that match nothing more match a folder above."""
    return (
        state is not None
        and state.constant is not None
        and bool(state.constant.matched)
    )


def _outlook_of_trie(paths: Trie | None) -> int | None:
    """Where paths lead below: None anywhere, 0 nowhere."""
    if paths is None:
        return None
    return id(paths) if paths else 0


Judged = TypeVar("Judged")


class RememberingState(Generic[Judged]):
    """A state that remembers what it decided, by name and by all that a name is.

    `_decide` judges a name, and keeps in `_same` what many names come to.
    """

    __slots__ = ("_same", "known")

    def __init__(self) -> None:
        self.known: dict[str, Judged] = {}
        self._same: dict[object, Judged] = {}

    def decide(self, name: str) -> Judged:
        """The decision on a name, remembered.

        Raises PatternError when a pattern that does not compile is evaluated, and a
        decision cannot carry the error.
        """
        decision = self.known.get(name)
        if decision is None:
            decision = self._decide(name)
            if len(self.known) >= MEMORY:
                self.known.clear()
                self._same.clear()
            self.known[name] = decision
        return decision

    def _decide(self, name: str) -> Judged:
        raise NotImplementedError


class FolderState(RememberingState[Decision]):
    """The state in which the names of one folder are judged.

    With rules that are `transfer_only` a decision carries the error of a pattern that
    does not compile; with others it is raised.
    """

    __slots__ = (
        "_claims",
        "_exclude",
        "_include",
        "_multi_match",
        "_only_exclude",
        "_reached",
        "_reopened",
        "_requested",
        "_shared",
        "_withdrawn",
    )

    def __init__(
        self,
        shared: _Shared,
        *,
        exclude: State | None,
        include: State | None,
        reopened: Trie | None,
        requested: Trie | None,
        claims: ClaimState,
        multi_match: MultiMatchState | None = None,
        withdrawn: Trie = NOWHERE,
        reached: bool = True,
    ) -> None:
        super().__init__()
        self._shared = shared
        self._exclude = exclude
        self._include = include
        self._reopened = reopened
        self._requested = requested
        self._claims = claims
        self._multi_match = multi_match
        self._withdrawn = withdrawn
        self._reached = reached
        # Often nothing but the ignore file can tell two names apart.
        self._only_exclude = (
            include is None
            and claims.settled
            and not (reopened or requested or withdrawn)
        )

    @property
    def standing(self) -> tuple[object, ...]:
        """What decides on all names here and below, and can be compared.

        Where those of two states are equal, so are their decisions on each path below,
        whoever's states they are. What can change nothing any more is left out.
        """
        only_transfer = self._shared.rules.transfer_only
        exclude = _outlook(self._exclude, nothing=False)
        include = _outlook(self._include, nothing=True)
        leaves_out = exclude is not False
        claims = self._claims
        opens = self._shared.rules.opens
        touches = self._shared.turns_back or _touches(self._exclude)
        if exclude is False and not touches:
            opens = None
        return (
            only_transfer,
            opens,
            exclude,
            include,
            _outlook_of_trie(self._reopened) if leaves_out else 0,
            _outlook_of_trie(self._requested)
            if only_transfer and include is not True
            else 0,
            claims.mask if claims.settled else claims,
            self._multi_match.standing if self._multi_match else None,
            _outlook_of_trie(self._withdrawn),
        )

    @property
    def opens(self) -> Callable[[str, bool], bool] | None:
        """Whether the client opens a file; None: always."""
        return self._shared.rules.opens

    @property
    def private(self) -> bool:
        """Whether it knows its own path, and so serves one folder only."""
        return _private(self._exclude) or _private(self._include)

    def _decide(self, name: str) -> Decision:
        include = self._include.judge(name) if self._include else None
        try:
            exclude = self._exclude.judge(name) if self._exclude else None
        except PatternError as error:
            if not self._shared.rules.transfer_only:
                raise
            return self._failing(name, include, error)
        name_hits = self._multi_match.hits_of(name) if self._multi_match else None
        key: object = (exclude, name_hits)
        if self._only_exclude:
            decision = self._same.get(key)
            if decision is not None:
                return decision
        taken = self._claims.take(name)
        reopened = below(self._reopened, name)
        requested = below(self._requested, name)
        withdrawn = self._withdrawn.get(name, NOWHERE)
        if not self._only_exclude:
            passed = id(reopened), id(requested), id(withdrawn)
            key = (exclude, include, passed, taken, name_hits)
        decision = self._same.get(key)
        if decision is None:
            parts = _Parts(
                shared=self._shared,
                exclude=exclude,
                include=include,
                reopened=reopened,
                requested=requested,
                taken=taken,
                name_hits=name_hits,
                withdrawn=withdrawn,
            )
            decision = self._same[key] = self._combine(parts)
        return decision

    def _combine(self, parts: _Parts) -> Decision:
        kept = parts.exclude is None or not parts.exclude.hit
        included = parts.include is None or parts.include.hit
        enter = kept or parts.reopened is not NOWHERE
        if self._shared.rules.each_source:
            parts = self._walked_alone(parts, kept=kept)
            enter = enter or parts.taken.below.is_ahead
            kept = kept and (self._reached or parts.taken.mask != 0)
            included = not self._shared.rules.only_taken or parts.taken.mask != 0
        taken = kept and included
        if self._shared.rules.transfer_only:
            kept = taken
            enter = enter and (included or parts.requested is not NOWHERE)
        return Decision(
            kept=kept,
            taken=taken,
            enter=enter,
            mask=0 if parts.is_withdrawn else parts.taken.mask,
            arrived=parts.taken.arrived,
            make_child=parts.folder,
            hits=parts.name_hits.hits if parts.name_hits else 0,
            named=parts.taken.named,
            reincluded=parts.exclude is not None and parts.exclude.reincludes,
            touched=self._shared.turns_back
            or (parts.exclude is not None and bool(parts.exclude.matched)),
        )

    def _walked_alone(self, parts: _Parts, *, kept: bool) -> _Parts:
        """What goes on below a name where each source has a walk of its own.

        A walk that begins higher up ends at an ignored folder, unless the text of a
        line with `!` begins with its path; one that begins here is not even begun then,
        unless that line names something in the folder.

        Rule: containers/buildah, add.go, includeDirectoryAnyway, and copier/copier.go,
        copierHandlerGet.
        """
        walked = kept or parts.reopened is not NOWHERE
        below = parts.taken.below
        if not walked:
            below = below.without_started()
        elif not kept and not parts.reopened:
            below = below.as_started_before(self._claims)
        return parts._replace(
            taken=parts.taken._replace(below=below), reached=self._reached and walked
        )

    def _failing(
        self, name: str, include: Judgement | None, error: PatternError
    ) -> Decision:
        """The builder fails at this name, unless it is a folder it never looks into.

        Rule: tonistiigi/fsutil, filter.go, Walk: the request is asked first, and a
        folder that it rules out is left before the ignore file is asked.
        """
        included = include is None or include.hit
        requested = below(self._requested, name)
        taken = self._claims.take(name)
        parts = _Parts(self._shared, None, include, None, requested, taken)
        return Decision(
            kept=True,
            taken=included,
            enter=included or requested is not NOWHERE,
            mask=0,
            arrived=False,
            make_child=parts.folder,
            error=error,
        )


def below(node: Trie | None, name: str) -> Trie | None:
    """One component further; `NOWHERE` when no path leads on, None for "anywhere"."""
    return None if node is None else node.get(name, NOWHERE)


def open_paths(patterns: Sequence[str]) -> Trie:
    """The folders to enter for the sake of these paths."""
    return trie(patterns) if patterns else NOWHERE
