"""One pass over a file's bytes: hash, lines, line ends, quotes, encoding. Decides nothing but which way is exact."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

from pipelines.landing.container import BLOCK
from pipelines.landing.readers.base import Unreadable

CONTROLS = tuple(bytes([code]) for code in (1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21))
BOM = codecs.BOM_UTF8
# For what says its encoding itself (XML): every byte is valid
ANY_BYTES = "latin-1"


@dataclass
class Probe:
    """Facts about the bytes of a file (without its BOM).

    `has_odd_quotes` and `trailing` (delimiters at the ends of all lines): see `_shape`; only where there is a quote.
    """

    sha256: str = ""
    size: int = 0
    lines: int = 0
    has_bom: bool = False
    is_ascii: bool = True
    has_nul: bool = False
    crlf: int = 0
    lf: int = 0
    cr: int = 0
    quotes: int = 0
    delimiters: int = 0
    has_blank: bool = False
    has_odd_quotes: bool = False
    trailing: int = 0
    free_controls: tuple[bytes, ...] = CONTROLS
    head: bytes = field(default=b"", repr=False)

    @property
    def is_empty(self) -> bool:
        """Nothing but a BOM at the most."""
        return self.size == (len(BOM) if self.has_bom else 0)

    @property
    def line_end(self) -> str:
        """`crlf`, `lf`, `cr`, `mixed`, or `none` for a single line without end."""
        kinds = [name for name, n in (("crlf", self.crlf), ("lf", self.lf - self.crlf), ("cr", self.cr)) if n]
        return "mixed" if len(kinds) > 1 else kinds[0] if kinds else "none"


def probe(
    source: Iterable[bytes], encoding: str, delimiter: bytes, quote: bytes | None, copy: IO[bytes] | None
) -> Probe:
    """Read all blocks once; with `copy` they are written there too.

    Raises Unreadable with the line of the first byte that is not valid in the encoding, and for UTF-16.
    """
    found = Probe()
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    controls = set(CONTROLS)
    last = b"\n"
    lone = 0
    rest = b""
    for block in source:
        digest.update(block)
        if copy is not None:
            copy.write(block)
        if not found.size:
            if encoding != ANY_BYTES and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise Unreadable("the file is UTF-16; the contract says " + encoding, 1)
            found.has_bom = block.startswith(BOM)
            found.head = block
        found.size += len(block)
        body = block[len(BOM) :] if found.size == len(block) and found.has_bom else block
        _check_encoding(found, body, decoder, encoding)
        n_cr = body.count(b"\r")
        crlf = (body.count(b"\r\n") if n_cr else 0) + (last == b"\r" and body.startswith(b"\n"))
        found.crlf += crlf
        found.lf += body.count(b"\n")
        lone += n_cr - crlf
        found.delimiters += body.count(delimiter)
        if quote is not None:
            found.quotes += body.count(quote)
            rest = _shape(found, rest + body, delimiter, quote)
        found.has_nul = found.has_nul or b"\0" in body
        found.has_blank = found.has_blank or _has_blank(last + body[:2]) or _has_blank(body, n_cr > 0)
        controls = {control for control in controls if control not in body}
        last = body[-1:] or last
    _finish_encoding(found, decoder, encoding)
    if quote is not None and rest:
        _shape(found, rest + b"\n", delimiter, quote)
    found.cr = lone
    found.lines = found.lf + found.cr + (not found.is_empty and last not in (b"\n", b"\r"))
    found.free_controls = tuple(control for control in CONTROLS if control in controls)
    found.sha256 = digest.hexdigest()
    return found


def _shape(found: Probe, text: bytes, delimiter: bytes, quote: bytes) -> bytes:
    """Look at whole lines for what DuckDB's reader of quoted text passes over in silence; returns what is left.

    It reads a doubled quote as NULL where it is an empty text, takes away blanks around quotes, and one delimiter too
    many at the end of a line. The last is caught by the number of delimiters at the ends of all lines.
    """
    cut = text.rfind(b"\n") + 1
    if not cut and len(text) < 4 * BLOCK:
        return text
    lines = text[:cut] if cut else text
    if not found.has_odd_quotes:
        # One byte is sought three times as fast as two
        blanks = [blank for blank in (b" ", b"\t") if blank != delimiter and blank in lines]
        odd = [quote * 2, *(blank + quote for blank in blanks), *(quote + blank for blank in blanks)]
        found.has_odd_quotes = any(pair in lines for pair in odd)
    run, has_cr = delimiter, b"\r" in lines
    while ends := lines.count(run + b"\n") + (lines.count(run + b"\r\n") if has_cr else 0):
        found.trailing += ends
        run += delimiter
    return text[cut:] if cut else b""


def _has_blank(text: bytes, has_cr: bool = True) -> bool:
    return b"\n\n" in text or (has_cr and (b"\n\r" in text or b"\r\r" in text))


def _check_encoding(found: Probe, body: bytes, decoder: codecs.IncrementalDecoder, encoding: str) -> None:
    if body.isascii() and not decoder.getstate()[0]:
        return
    found.is_ascii = False
    try:
        decoder.decode(body)
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = found.lf + found.cr + before.count(b"\n") + 1
        raise Unreadable(f"byte {error.object[error.start]:#04x} is not valid {encoding}", line) from error


def _finish_encoding(found: Probe, decoder: codecs.IncrementalDecoder, encoding: str) -> None:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file ends in the middle of a character of {encoding}", found.lf + 1) from error
