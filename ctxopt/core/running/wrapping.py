"""What stands around a command: `sudo` and its like, and programs that start it."""

from __future__ import annotations

import re

# Words that stand in front of a command, and take none away.
WRAPPERS = frozenset(
    (
        *("if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi"),
        *("done", "esac", "time", "exec", "command", "builtin", "sudo"),
        *(
            "nohup",
            "tini",
            "dumb-init",
            "exec-in",
            "catatonit",
            "stdbuf",
            "setsid",
            "s6-setuidgid",
        ),
        *("xvfb-run", "fakeroot", "unbuffer", "chronic", "linux32", "linux64"),
        *("dbus-run-session", "strace", "uvx"),
        *("npx", "bunx", "pnpx", "doas", "ionice", "xargs", "env", "nice", "--"),
        *("/sbin/tini", "/usr/bin/tini", "/usr/bin/dumb-init", "/usr/bin/env"),
    )
)
# Their options that take a value as a word of its own.
_VALUED = {
    "sudo": ("-u", "--user", "-g", "--group", "-h", "-p", "-C", "-D", "--chdir"),
    "doas": ("-u", "-C"),
    "nice": ("-n", "--adjustment"),
    "ionice": ("-c", "-n", "-p"),
    "env": ("-u", "--unset", "-C", "--chdir"),
    "exec": ("-a",),
    "xargs": ("-n", "-I", "-P", "-L", "-d", "-s", "-a", "-E"),
    "npx": ("-p", "--package"),
    "bunx": ("-p", "--package"),
    "flock": ("-w", "--wait", "--timeout", "-E"),
    "timeout": ("-s", "--signal", "-k", "--kill-after"),
    "uvx": ("-p", "--python", "--from", "--with"),
    "strace": ("-e", "-o", "-p", "-s"),
    "xvfb-run": ("-n", "-s", "-e", "-f", "-p", "-w"),
}
_SENDING = {"env": ("-C", "--chdir"), "sudo": ("-D", "--chdir")}
# The same for what they start in an environment.
_GOING = {
    "uv": ("--directory",),
    "poetry": ("-C", "--directory"),
    "mise": ("-C", "--cd"),
}
# They start what stands behind such a word, in an environment.
_ENVIRONMENTS = {
    **dict.fromkeys(
        ("poetry", "pipenv", "uv", "pdm", "rye", "pixi", "hatch"), ("run",)
    ),
    **dict.fromkeys(("conda", "mamba", "micromamba"), ("run",)),
    "bundle": ("exec",),
    "pipx": ("run",),
    "nix": ("-c", "--command"),
    "nix-shell": ("--run", "--command"),
    "direnv": ("exec",),
    **dict.fromkeys(("scl", "aws-vault", "op", "chamber"), ("--",)),
    "mise": ("exec", "x"),
}
_OF_ENVIRONMENTS = frozenset(
    (
        *("--with", "--group", "-n", "-p", "--python", "--extra", "--env-file", "-e"),
        *("--directory", "--project", "--only-group", "--package", "--environment"),
        *("--name", "--prefix", "--with-requirements", "--no-group"),
    )
)
_FIRST_WORDS = 5
_FETCHING = frozenset({"npx", "bunx", "pnpx", "uvx"})
_WITH_VALUE = frozenset(
    (
        *("timeout", "gosu", "su-exec", "chpst", "setpriv", "flock", "faketime"),
        *("taskset", "setarch"),
    )
)
# They set variables and start another program, with the options that take a value.
_STARTERS = {
    "cross-env": (),
    "cross-env-shell": (),
    "dotenv": ("-e", "-v", "-p", "-f"),
    "dotenvx": ("-f", "-e"),
    "env-cmd": ("-f", "--file", "-e", "--environments", "-r", "--rc-file"),
    "doppler": (),
    "infisical": (),
}


def own_words(program: str, words: list[str]) -> int:
    """How many words are for a program itself: all, if it starts no other one.

    `dotenv -e .env.production -- next build` are three for `dotenv`.
    """
    valued = _STARTERS.get(program)
    if valued is None:
        return len(words)
    if "--" in words:
        return words.index("--")
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in valued else 1
    return min(at, len(words))


def inner_words(program: str, words: list[str]) -> list[str]:
    """The command that a program starts in an environment: `uv run python a.py`."""
    starts = _ENVIRONMENTS.get(program, ())
    at = next((n for n, one in enumerate(words[:_FIRST_WORDS]) if one in starts), 0)
    if not at:
        return []
    at += 1 + (program == "direnv")  # which is told of a folder first
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "--":
            at += 1
            break
        if words[at] in ("-m", "--module") and program == "uv":
            return ["python", "-m", *words[at + 1 :]]
        at += 2 if words[at] in _OF_ENVIRONMENTS else 1
    rest = words[at:]
    return ["python", *rest] if rest and rest[0].endswith(".py") else rest


def sent_to(words: list[str]) -> tuple[str, list[str]]:
    """The folder that `env -C` or `sudo -D` goes to, "" for none; the words without."""
    program = words[0].rpartition("/")[2] if words else ""
    options = _SENDING.get(program, ())
    at = 1
    while options and at < len(words) and re.match(r"-|\w+=", words[at]):
        name, equals, value = words[at].partition("=")
        if name in options:
            end = at + (1 if equals else 2)
            return value or "".join(words[at + 1 : end]), words[:at] + words[end:]
        at += 2 if words[at] in _VALUED.get(program, ()) else 1
    return "", words


def inner_folder(program: str, words: list[str]) -> str:
    """The folder in which a program starts the command of an environment, if any."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in _GOING.get(program, ()):
            return value if equals else "".join(words[at + 1 : at + 2])
        if word == "--":
            break
    return ""


def unwrapped(words: list[str]) -> tuple[list[str], list[str]]:
    """The settings in front of a command, and the command without what wraps it."""
    settings: list[str] = []
    fetches = False
    at = 0
    while at < len(words):
        word = words[at]
        if re.match(r"\w+\+?=", word):
            settings.append(word)
        elif word in _WITH_VALUE:
            at += 1
            while at < len(words) and words[at].startswith("-"):
                at += 1 + (words[at] in _VALUED.get(word, ()))
        elif word == "command" and words[at + 1 : at + 2] in (["-v"], ["-V"]):
            break  # it only asks for the program
        elif word in WRAPPERS:
            fetches = fetches or word in _FETCHING
            valued = _VALUED.get(word, ())
            while at + 1 < len(words) and words[at + 1].startswith("-"):
                at += 1
                if words[at] == "--":
                    break
                at += words[at] in valued
        elif word == "&&":
            pass
        else:
            break
        at += 1
    rest = words[at:]
    if fetches and rest:  # `npx vite@5 build` runs vite
        rest = [re.sub(r"(?<=.)@[\w.^~*-]+$", "", rest[0]), *rest[1:]]
    return settings, rest
