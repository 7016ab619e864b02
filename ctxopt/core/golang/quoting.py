"""Text that may hold anything, made fit to be shown."""

from __future__ import annotations

_FIRST_BYTE_ESCAPE, _LAST_BYTE_ESCAPE = 0xDC80, 0xDCFF
_QUOTE_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def quote(text: str) -> str:
    """Quote as Go's %q does."""
    return '"' + "".join(map(_quote_rune, text)) + '"'


def spell_out(text: str) -> str:
    """Spell control characters and stray bytes of a message as %q does, not its lines.

    How a name is shown, on a terminal of any encoding, is for the view to say.
    """
    if text.isprintable():
        return text
    return "".join(
        rune if rune.isprintable() or rune in "\n\t" else _quote_rune(rune)
        for rune in text
    )


def _quote_rune(rune: str) -> str:
    code = ord(rune)
    if rune in _QUOTE_ESCAPES:
        return _QUOTE_ESCAPES[rune]
    if rune.isprintable():
        return rune
    if _FIRST_BYTE_ESCAPE <= code <= _LAST_BYTE_ESCAPE:
        return f"\\x{code & 0xFF:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def unquote(text: str) -> str:
    """The text of a URL without its escapes."""
    if "%" not in text:
        return text
    from urllib.parse import unquote as replaced  # slow to import, and seldom needed

    return replaced(text)
