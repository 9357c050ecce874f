"""From physical lines to records: the exact way of reading delimited text, in blocks.

A record is a line; a field that begins with the quote may hold delimiters, doubled quotes and line ends. Whatever
cannot be read so is rejected, line by line, and the next line is tried anew: an unclosed quote costs one line.
Two implementations: `_structured` works on a whole block with the string functions of C and gives up (None) at
anything unusual; `_plain` goes field by field and is the definition. Both emit records in which control characters
that the file does not hold stand for what DuckDB must not interpret (see Marks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from pipelines.landing.readers.base import Reject, Unreadable

MAX_LINE = 10_000_000
MAX_CONTINUATION = 500
# A line inside a quoted field that by itself has exactly the fields of a record was swallowed by an unclosed quote.
GUARD_FROM_FIELDS = 4
EOL = re.compile(rb"\r\n|\n|\r")
NOT_CLOSED = "quote not closed"
AFTER_QUOTE = "text after a closing quote"
# Fields and number of lines of a record; a reason if it is malformed; None if it is not finished
Outcome = tuple[list[bytes], int] | str | None


@dataclass(frozen=True)
class Marks:
    """Control characters, absent from the file: field end, line feed and carriage return in a field, empty text."""

    field: bytes
    lf: bytes
    cr: bytes
    empty: bytes
    part: bytes


@dataclass
class Batch:
    """Records (fields joined by Marks.field) with the physical line on which each begins, and what was left out."""

    records: list[bytes]
    lines: Iterable[int]
    rejects: list[Reject]
    continuation: int
    blank: int


class Records:
    """Turns blocks of UTF-8 into batches of records with exactly `width` fields."""

    def __init__(self, delimiter: bytes, quote: bytes | None, width: int, marks: Marks, first_line: int = 1) -> None:
        self._delimiter = delimiter
        self._quote = quote
        self._separators = width - 1
        self._marks = marks
        self._line = first_line
        edge, part = re.escape(delimiter) + rb"\n\r", re.escape(marks.part)
        self._malformed = re.compile(rb"[^" + edge + part + rb"]" + part + rb"|" + part + rb"[^" + edge + part + rb"]")
        self.used: set[bytes] = set()

    def read(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """All batches. Raises Unreadable for a line of over 10 MB."""
        rest = b""
        for block in blocks:
            rest += block
            # A final CR may be the first half of CRLF
            cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
            if not cut:
                if len(rest) > MAX_LINE:
                    raise Unreadable("a line of over 10 MB (wrong line ends or no text?)", self._line)
                continue
            batch, used = self._batch(rest[:cut], final=False)
            rest = rest[used:]
            yield batch
        if rest:
            yield self._batch(rest, final=True)[0]

    def _batch(self, text: bytes, final: bool) -> tuple[Batch, int]:
        if self._quote is None or self._quote not in text:
            return self._unquoted(text), len(text)
        batch = self._structured(text)
        return (batch, len(text)) if batch is not None else self._plain(text, final)

    def _unquoted(self, text: bytes) -> Batch:
        flat = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
        lines = flat.replace(self._delimiter, self._marks.field).split(b"\n")
        if not lines[-1]:
            lines.pop()
        first, self._line = self._line, self._line + len(lines)
        return self._checked(lines, range(first, self._line), text, first, 0)

    def _structured(self, text: bytes) -> Batch | None:
        """A block in which every quote opens or closes a field; else None."""
        marks, quote = self._marks, self._quote or b""
        parts = text.split(quote)
        if len(parts) % 2 == 0:
            return None
        outside = marks.part.join(parts[0::2])
        if self._malformed.search(outside):
            return None
        if b"\r" in outside:
            outside = outside.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        inside = marks.part.join(parts[1::2])
        has_ends = b"\n" in inside or b"\r" in inside
        if has_ends:
            # Doubled quotes cut a field into parts: the guard must see the whole field
            if marks.part * 2 in outside or self._swallows(parts[1::2]):
                return None
            inside = inside.replace(b"\n", marks.lf).replace(b"\r", marks.cr)
            self.used |= {marks.lf, marks.cr}
        around = outside.replace(self._delimiter, marks.field).split(marks.part)
        woven: list[bytes] = [b""] * len(parts)
        woven[0::2] = [around[0], *[part or quote for part in around[1:-1]], *around[-1:]]
        woven[1::2] = [part or marks.empty for part in inside.split(marks.part)]
        flat = b"".join(woven).replace(marks.empty + quote, quote).replace(quote + marks.empty, quote)
        if marks.empty in flat:
            self.used.add(marks.empty)
        lines = flat.split(b"\n")
        if not lines[-1]:
            lines.pop()
        first = self._line
        if not has_ends:
            self._line += len(lines)
            return self._checked(lines, range(first, self._line), text, first, 0)
        numbers, continuation = [], 0
        for line in lines:
            numbers.append(self._line)
            extra = line.count(marks.lf) + line.count(marks.cr) - line.count(marks.cr + marks.lf)
            continuation += extra
            self._line += 1 + extra
        return self._checked(lines, numbers, text, first, continuation)

    def _swallows(self, inside: list[bytes]) -> bool:
        return any(self._looks_swallowed(EOL.split(part)) for part in inside if b"\n" in part or b"\r" in part)

    def _looks_swallowed(self, lines: list[bytes]) -> bool:
        """Physical lines of one field: too many, or one strictly inside that is a whole record by itself."""
        if len(lines) - 1 > MAX_CONTINUATION:
            return True
        guarded = self._separators + 1 >= GUARD_FROM_FIELDS
        return guarded and any(line.count(self._delimiter) == self._separators for line in lines[1:-1])

    def _checked(self, lines: list[bytes], numbers: Iterable[int], raw: bytes, first: int, continuation: int) -> Batch:
        """Sort out blank lines and wrong numbers of fields."""
        separators, field = self._separators, self._marks.field
        if b"" not in lines and set(map(bytes.count, lines, repeat(field))) <= {separators}:
            return Batch(lines, numbers, [], continuation, 0)
        physical = EOL.split(raw)
        kept, kept_numbers, rejects, blank = [], [], [], 0
        for line, number in zip(lines, numbers, strict=True):
            if not line:
                blank += 1
            elif line.count(field) == separators:
                kept.append(line)
                kept_numbers.append(number)
            else:
                extra = line.count(self._marks.lf) + line.count(self._marks.cr)
                extra -= line.count(self._marks.cr + self._marks.lf)
                continuation -= extra
                reason = self._width_reason(line.count(field))
                for offset in range(extra + 1):
                    rejects.append(self._reject(number + offset, reason, physical[number + offset - first]))
        return Batch(kept, kept_numbers, rejects, continuation, blank)

    def _width_reason(self, found: int) -> str:
        return f"{found + 1} fields, expected {self._separators + 1}"

    @staticmethod
    def _reject(line: int, reason: str, raw: bytes) -> Reject:
        return Reject(line, reason, raw.decode("utf-8"))

    def _plain(self, text: bytes, final: bool) -> tuple[Batch, int]:
        """Line by line, field by field. Returns the bytes used: an unfinished record is left for later."""
        pieces = re.split(rb"(\r\n|\n|\r)", text)
        lines, ends = pieces[0::2], [*pieces[1::2], b""]
        if not lines[-1]:
            lines.pop()
        batch = Batch([], [], [], 0, 0)
        numbers: list[int] = []
        index, used = 0, 0
        while index < len(lines):
            if not lines[index]:
                batch.blank += 1
                step = 1
            else:
                outcome = self._record(lines, ends, index)
                if outcome is None and not final:
                    break
                step = self._take(outcome, lines, index, batch, numbers)
            used += sum(len(lines[i]) + len(ends[i]) for i in range(index, index + step))
            self._line += step
            index += step
        batch.lines = numbers
        self.used |= {self._marks.lf, self._marks.cr, self._marks.empty}
        return batch, used

    def _take(
        self,
        outcome: Outcome,
        lines: list[bytes],
        index: int,
        batch: Batch,
        numbers: list[int],
    ) -> int:
        """Put one outcome of `_record` into the batch; returns the number of physical lines it took."""
        if outcome is None or isinstance(outcome, str):
            batch.rejects.append(self._reject(self._line, outcome or NOT_CLOSED, lines[index]))
            return 1
        fields, n_lines = outcome
        if len(fields) - 1 != self._separators:
            reason = self._width_reason(len(fields) - 1)
            for offset in range(n_lines):
                batch.rejects.append(self._reject(self._line + offset, reason, lines[index + offset]))
            return n_lines
        batch.records.append(self._marks.field.join(fields))
        numbers.append(self._line)
        batch.continuation += n_lines - 1
        return n_lines

    def _record(self, lines: list[bytes], ends: list[bytes], index: int) -> Outcome:
        """The record that begins here."""
        delimiter, quote, marks = self._delimiter, self._quote or b"", self._marks
        fields: list[bytes] = []
        line, at, pos = lines[index], index, 0
        while True:
            if line[pos : pos + 1] != quote:
                end = line.find(delimiter, pos)
                end = len(line) if end < 0 else end
                fields.append(line[pos:end])
                pos = end
            else:
                pos, opened = pos + 1, at
                value: list[bytes] = []
                while True:
                    end = line.find(quote, pos)
                    if end < 0:
                        value += (line[pos:], ends[at].replace(b"\n", marks.lf).replace(b"\r", marks.cr))
                        at += 1
                        if at - opened > MAX_CONTINUATION:
                            return NOT_CLOSED
                        if at >= len(lines):
                            return None
                        line, pos = lines[at], 0
                    elif line[end + 1 : end + 2] == quote:
                        value.append(line[pos : end + 1])
                        pos = end + 2
                    else:
                        value.append(line[pos:end])
                        pos = end + 1
                        break
                if pos < len(line) and line[pos : pos + 1] != delimiter:
                    return AFTER_QUOTE if at == index else NOT_CLOSED
                if at > opened and self._looks_swallowed(lines[opened : at + 1]):
                    return NOT_CLOSED
                fields.append(b"".join(value) or marks.empty)
            if pos >= len(line):
                return fields, at - index + 1
            pos += 1
