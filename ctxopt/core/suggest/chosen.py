"""Whether what works in members of a workspace makes what lies in one of them.

`turbo build --filter=web` builds web, and what its tasks need first: the `dist` of
another member stays the one of the context. Rule: as `running/membercalls.py` has it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.running.commands import Command
from ctxopt.core.running.membercalls import MemberCall, member_call
from ctxopt.core.running.members import Chosen, Meant, Run, meant, runs
from ctxopt.core.running.tasks import PACKAGE, binary
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.makers import Answer, Makers, working_in
from ctxopt.core.suggest.rules import Rule


def made_in_members(
    makers: Makers, rule: Rule, command: Command, *, at: str, home: str, of_all: Answer
) -> Answer | None:
    """Whether a command that works at one place makes what lies at another.

    None where it does not. `of_all` is the answer where it chooses no members.
    """
    program, call = _call(command)
    if call is None:
        if at == home:
            return of_all
        return _by_script(makers, rule, command, at=at, of_all=of_all)
    key = command.stage, command.step, at, command.words
    if key not in makers.members:
        makers.members[key] = _members(makers, command, program, call, at=at)
    known = makers.members[key]
    homes = [*makers.found.places.in_context(command.stage, home, command.moment)]
    return _made(known, homes, of_all)


def _call(command: Command) -> tuple[str, MemberCall | None]:
    """What is run in members, and by which program: turbo, of `pnpm turbo build`."""
    for words in (command.words, binary(command.program, command.words)):
        program = words[0].rpartition("/")[2] if words else ""
        call = member_call(program, words) if words else None
        if call is not None:
            return program, call
    return "", None


def _by_script(
    makers: Makers, rule: Rule, command: Command, *, at: str, of_all: Answer
) -> Answer | None:
    """What the script of a command says: where it works in members, these answer."""
    if any(_call(one)[1] is not None for one in makers.inner(command)):
        return None
    making = {id(one) for one in makers.makers(rule)}
    several = (one for one in makers.inner(command) if id(one) in making)
    goes = any(working_in(one) != at for one in several)
    return Answer.UNSURE if goes else of_all


def _members(
    makers: Makers, command: Command, program: str, call: MemberCall, *, at: str
) -> Chosen:
    """What a call means, and what it runs; no members where no manifest is there."""
    manifest = placed(at, PACKAGE)
    places = makers.found.places
    for path in places.in_context(command.stage, manifest, command.moment):
        if makers.tree.kind(path) is Found.FILE:
            folder = path.rpartition("/")[0]
            asked = meant(makers.tree, makers.text, folder, program, call)
            told: dict[str, list[Run]] = {one.folder: [] for one in asked.members}
            for one in runs(makers.text, asked):
                told[one.member.folder].append(one)
            return Chosen(asked, told)
    return Chosen(Meant("", (), program, call), {})


def _made(known: Chosen, homes: Sequence[str], of_all: Answer) -> Answer | None:
    asked = known.asked
    holder = max((_holder(known, one) for one in homes), key=len, default="")
    if not holder and asked.root in homes and asked.program == "nx":
        return of_all  # it writes `dist/apps/web` there unless it is told
    if asked.call.chooses:
        of_all = Answer.UNSURE
    if not holder:
        # Nothing of the root is run where there are members, but they may write there.
        is_theirs = asked.members and asked.root in homes
        return Answer.UNSURE if is_theirs else of_all
    there = [one for one in known.told[holder] if _is_run(asked, one)]
    if not there:
        return None
    if holder not in homes:
        return of_all
    return Answer.MADE if any(one.sure for one in there) else Answer.UNSURE


def _holder(known: Chosen, path: str) -> str:
    """The folder of the member that a path lies in; "" without one."""
    while path and path not in known.told:
        path = path.rpartition("/")[0]
    return path


def _is_run(asked: Meant, run: Run) -> bool:
    """Whether a member has what is run; targets of nx need not stand in manifests."""
    is_told = not run.script or run.script in run.member.scripts
    return is_told or asked.program == "nx"
