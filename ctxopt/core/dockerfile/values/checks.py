"""Values that are only judged when their instruction is executed.

Rule: moby/buildkit, dockerfile2llb/convert_copy.go and convert_expose.go;
tonistiigi/dchapes-mode, mode.go; moby/sys, signal/signal.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ctxopt.core.dockerfile.values.giturl import is_http, parse_git
from ctxopt.core.dockerfile.values.reference import check_digest
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote
from ctxopt.core.golang.text import lower, parse_integer, parse_unsigned, upper

_MAX_MODE = 0o7777
_CLAUSE = r"[augo]*(?:[-+=][rwxXstugo]*)+"
_PROTOCOLS = frozenset(["tcp", "udp", "sctp"])
_MAX_PORT = 65_535
_SIGNAL_NAMES = (
    "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT "
    "SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU "
    "XFSZ RTMIN RTMAX"
)
_SIGNALS = frozenset(
    [
        *_SIGNAL_NAMES.split(),
        *(f"RTMIN+{number}" for number in range(1, 16)),
        *(f"RTMAX-{number}" for number in range(1, 15)),
    ]
)


def check_chmod(value: str) -> None:
    """Check `--chmod`: octal, or symbolic as chmod(1) takes it.

    Raises RuleError.
    """
    mode = parse_unsigned(value, 8, 32)
    hint = "write octal digits such as 755, or u=rwx,go=rx"
    if mode is None and not "0" <= value[:1] <= "9":
        if all(re.fullmatch(_CLAUSE, clause) for clause in value.split(",")):
            return
        raise RuleError("invalid syntax", hint)
    if mode is None or mode > _MAX_MODE:
        message = (
            f"invalid chmod parameter: '{value}'. "
            "it should be octal string and between 0 and 07777"
        )
        raise RuleError(message, hint)


def check_checksum_use(sources: Sequence[str]) -> None:
    """Check that `--checksum` of an ADD goes with its sources.

    Raises RuleError.
    """
    hint = "use --checksum with one URL only"
    if len(sources) != 1:
        message = "checksum can't be specified for multiple sources"
        raise RuleError(message, hint)
    if not is_http(sources[0]) and not _is_git(sources[0]):
        message = "checksum requires HTTP(S) or Git sources"
        raise RuleError(message, hint)


def check_download(checksum: str) -> None:
    """Check the checksum of a download.

    Raises RuleError.
    """
    if checksum:
        check_digest(checksum)


def check_signal(value: str) -> None:
    """Check STOPSIGNAL.

    Raises RuleError.
    """
    number = parse_integer(value)
    named = upper(value).removeprefix("SIG") in _SIGNALS
    if not (named if number is None else number):
        message = f"invalid signal: {value}"
        raise RuleError(message, "write a name such as SIGTERM, or a number")


def check_ports(ports: Iterable[str]) -> None:
    """Check EXPOSE.

    Raises RuleError.
    """
    for port in ports:
        _check_port(port)


def _is_git(source: str) -> bool:
    try:
        return parse_git(source) is not None
    except RuleError:
        return False


def _check_port(spec: str) -> None:
    hint = "write a port such as 8080 or 8080/udp"
    rest, _, published = spec.rpartition(":")
    ip, _, host = rest.rpartition(":")
    container, _, protocol = published.partition("/")
    if not container:
        raise RuleError(f"invalid port: {quote(spec)}: no port specified", hint)
    if protocol and lower(protocol) not in _PROTOCOLS:
        message = f"invalid port: {quote(spec)}: invalid proto: {protocol}"
        raise RuleError(message, hint)
    _check_ip(ip, hint)
    ports = _port_range(container)
    if ports is None:
        raise RuleError(f"invalid containerPort: {container}", hint)
    if host:
        on_host = _port_range(host)
        if on_host is None:
            raise RuleError(f"invalid hostPort: {host}", hint)
        if len(ports) != len(on_host) and len(ports) != 1:
            message = (
                "invalid ranges specified for container and host Ports: "
                f"{container} and {host}"
            )
            raise RuleError(message, hint)


def _check_ip(ip: str, hint: str) -> None:
    if not ip:
        return
    address = ip
    if ip.startswith("["):
        problem = _bracket_problem(ip)
        if problem:
            message = f"invalid IP address {ip}: address {ip}:: {problem}"
            raise RuleError(message, hint)
        address = ip[1:-1]
        if not address:
            return
    if "%" in address or not _is_ip(address):
        raise RuleError(f"invalid IP address: {address}", hint)


def _is_ip(address: str) -> bool:
    import ipaddress  # few write --add-host, and its import takes a millisecond

    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def _bracket_problem(ip: str) -> str:
    """Say what net.SplitHostPort has against `ip` and a colon behind it."""
    end = ip.find("]")
    if end < 0:
        return "missing ']' in address"
    if end + 1 != len(ip):
        colon = ip[end + 1] == ":"
        return "too many colons in address" if colon else "missing port in address"
    return "unexpected '[' in address" if "[" in ip[1:] else ""


def _port_range(text: str) -> range | None:
    start, dash, end = text.partition("-")
    first = _port_number(start)
    if first is None:
        return None
    if not dash or start == end:
        return range(first, first + 1)
    last = _port_number(end)
    if last is None or last < first:
        return None
    return range(first, last + 1)


def _port_number(text: str) -> int | None:
    port = parse_integer(text)
    return port if port is not None and 0 <= port <= _MAX_PORT else None
