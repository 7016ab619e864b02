"""Private keys under any name, and the stores that they lie in.

Source: RFC 7468 (the PEM forms), RFC 5208 and 7292 (PKCS #8 and #12), PROTOCOL.key of
OpenSSH, PuTTY's manual (appendix C), age's specification, and the JDK's JavaKeyStore.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator

_PEM = (
    rb"(?m)^[ \t]*-----? ?BEGIN (?P<kind>[A-Z0-9 ]*)PRIVATE KEY(?: BLOCK)? ?-----?\s*$"
    rb"(?P<body>(?:[^-]|-(?!----))*)"  # headers have hyphens: `DEK-Info: AES-128-CBC`
)
_BODY = rb"(?m)^[ \t]*[A-Za-z0-9+/]{16,}={0,2}[ \t\r]*$"
_PUTTY = rb"(?m)\APuTTY-User-Key-File-\d: (?s:.*)^Private-Lines: "
_PUTTY_LOCKED = rb"(?m)^Encryption: (?!none)\S"
_AGE = rb"(?m)^AGE-SECRET-KEY-1[A-Z0-9]{40,}"
_SIGNIFY = rb"\Auntrusted comment: (?:\w+ )*(?:encrypted )?secret key\b[^\n]*\n\S{40,}"
_WIREGUARD = rb"(?m)^[ \t]*PrivateKey[ \t]*=[ \t]*[A-Za-z0-9+/]{43}=[ \t\r]*$"
_GPG_AGENT = rb"\A(?:\(?\d*:?private-key|Key: \((?:protected-)?private-key)"
_OPENSSH = b"openssh-key-v1\0"
# A number 0, then the algorithm or the modulus; the store has a 3 for its version.
_DER_KEY = rb"(?s)\A\x30(?:\x82..|\x81.|[\x20-\x7f])\x02\x01[\x00\x01][\x02\x04\x30]"
_DER_STORE = rb"(?s)\A\x30(?:\x80|\x82..|\x83...|\x81.)\x02\x01\x03\x30"
_DER_LOCKED = rb"(?s)\A\x30\x82..\x30.\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05"
_STORES = (
    *(b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"\xfe\xed\x4d\x53"),
    *(b"\0\0\0\x01\0\0\0\x14", b"\0\0\0\x02\0\0\0\x14"),  # Bouncy Castle
)
_VAULTS = (b"\x03\xd9\xa2\x9a", b"PWS3", b"kych", b"opdata01")


def is_private_key(head: bytes) -> bool:
    """Whether a private key is there that nothing locks."""
    return _has_key(head) and not is_locked_key(head)


def is_locked_key(head: bytes) -> bool:
    """Whether all private keys that are there open with a passphrase."""
    if re.match(_DER_LOCKED, head):
        return True
    if re.match(_PUTTY, head):
        return re.search(_PUTTY_LOCKED, head) is not None
    found = [one for one in _pems(head) if _is_body(one["body"])]
    return bool(found) and all(map(_is_locked, found))


def _has_key(head: bytes) -> bool:
    if any(_is_body(one["body"]) for one in _pems(head)):
        return True
    expressions = (_PUTTY, _AGE, _SIGNIFY, _WIREGUARD, _GPG_AGENT, _DER_KEY)
    return any(re.search(one, head) for one in expressions)


def _pems(head: bytes) -> Iterator[re.Match[bytes]]:
    if b"PRIVATE KEY" in head:
        yield from re.finditer(_PEM, head)


def _is_body(body: bytes) -> bool:
    """Whether key material follows: where a text quotes the first line, none does."""
    return re.search(_BODY, body) is not None


def _is_locked(pem: re.Match[bytes]) -> bool:
    if b"ENCRYPTED" in pem["kind"] or b"ENCRYPTED" in pem["body"]:
        return True
    if b"OPENSSH" not in pem["kind"]:
        return False
    start = b"".join(pem["body"].split())[:64]
    try:
        raw = a2b_base64(start[: len(start) // 4 * 4])
    except Error:
        return False
    cipher = raw.removeprefix(_OPENSSH)
    return raw.startswith(_OPENSSH) and cipher[4:8] not in {b"none", b""}


def is_key_store(head: bytes) -> bool:
    """Whether it is a store of keys or of passwords, by its first bytes."""
    return head.startswith((*_STORES, *_VAULTS)) or bool(re.match(_DER_STORE, head))
