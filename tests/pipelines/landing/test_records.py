"""Records from physical lines: against Python's csv module, against each other, and by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.landing.readers.base import Reject, Unreadable
from pipelines.landing.readers.records import GUARD_FROM_FIELDS, Marks, Records

MARKS = Marks(b"\x01", b"\x02", b"\x03", b"\x04", b"\x05")
Result = tuple[list[tuple[int, list[str]]], list[Reject], int, int]


def pieces(text: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def read(text: str, width: int, size: int = 1 << 20, quote: bytes | None = b'"', plain: bool = False) -> Result:
    """Records with their line, rejects, continuation lines, blank lines."""
    records = Records(b",", quote, width, MARKS)
    if plain:
        records._structured = lambda text: None  # type: ignore[method-assign]
    found: list[tuple[int, list[str]]] = []
    rejects: list[Reject] = []
    continuation = blank = 0
    for batch in records.read(pieces(text.encode(), size)):
        for line, record in zip(batch.lines, batch.records, strict=True):
            fields = record.decode().split("\x01")
            restored = [f.replace("\x02", "\n").replace("\x03", "\r").replace("\x04", "") for f in fields]
            found.append((line, restored))
        rejects += batch.rejects
        continuation += batch.continuation
        blank += batch.blank
    return found, rejects, continuation, blank


def physical_lines(text: str) -> int:
    ends = len(re.findall("\r\n|\n|\r", text))
    return ends + (text != "" and text[-1] not in "\r\n")


def by_csv_module(text: str) -> tuple[list[tuple[int, list[str]]], int]:
    """Records with the line on which they begin, and blank lines, as Python's csv module reads them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, blank, before = [], 0, 0
    for fields in reader:
        if fields:
            found.append((before + 1, fields))
        else:
            blank += 1
        before = reader.line_num
    return found, blank


field_text = st.text(alphabet='ab1 ,"\n\réß', max_size=8)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(field_text, min_size=width, max_size=width), min_size=1, max_size=12)
)


@settings(max_examples=300, deadline=None)
@given(
    table=tables,
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    size=st.sampled_from([1, 2, 7, 64, 1 << 20]),
    final=st.booleans(),
)
def test_what_the_csv_module_writes_is_read_back(
    table: list[list[str]], ending: str, quoting: int, size: int, final: bool
) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        # The csv module of 3.11 only quotes the line end that it writes itself
        foreign = "\n\r".translate({ord(end): None for end in ending})
        table = [[field.translate({ord(end): None for end in foreign}) for field in row] for row in table]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ending, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    text = out.getvalue() if final else out.getvalue().removesuffix(ending)
    records, rejects, continuation, blank = read(text, len(table[0]), size)
    expected, expected_blank = by_csv_module(text)
    assert len(records) + len(rejects) + continuation + blank == physical_lines(text)
    if len(table[0]) < GUARD_FROM_FIELDS or not rejects:
        # From four fields on, a line inside a field that is a record by itself is taken for swallowed
        assert rejects == []
        assert records == expected
        assert blank == expected_blank


messy = st.text(alphabet='ab,,,"\n\n\r', max_size=60)


@settings(max_examples=600, deadline=None)
@given(text=messy, size=st.sampled_from([1, 3, 16, 1 << 20]), width=st.integers(2, 4))
@example(text='a,"b\nc,d\ne,f\n', size=1 << 20, width=2)
@example(text='"a",""""\n"","b"\n', size=1 << 20, width=2)
@example(text='a,b\r\n"c\r\nd",e\r', size=3, width=2)
@example(text='a"b,c\n"d","e"\n', size=1 << 20, width=2)
def test_blocks_and_shortcuts_change_nothing(text: str, size: int, width: int) -> None:
    """Whatever the text: all lines accounted for, and the whole-block way equals the field-by-field one."""
    plain = read(text, width, plain=True)
    assert read(text, width) == plain
    assert read(text, width, size) == plain
    records, rejects, continuation, blank = plain
    assert len(records) + len(rejects) + continuation + blank == physical_lines(text)


@settings(max_examples=500, deadline=None)
@given(text=messy, width=st.integers(2, 3))
def test_strict_csv_agrees_where_it_accepts(text: str, width: int) -> None:
    """Where Python's strict reader accepts the whole text, records of the right width are its own, on its lines."""
    try:
        expected, blank = by_csv_module(text)
    except csv.Error:
        return
    records, rejects, _, found_blank = read(text, width)
    assert records == [(line, fields) for line, fields in expected if len(fields) == width]
    assert found_blank == blank
    assert {reject.reason.partition(" ")[2] for reject in rejects} <= {f"fields, expected {width}"}


def test_an_unclosed_quote_costs_one_line() -> None:
    text = '1,"a\n2,b\n3,"c"\n4,d\n'
    records, rejects, continuation, blank = read(text, 2)
    assert records == [(2, ["2", "b"]), (3, ["3", "c"]), (4, ["4", "d"])]
    assert rejects == [Reject(1, "quote not closed", '1,"a')]
    assert (continuation, blank) == (0, 0)


def test_an_unclosed_quote_before_a_field_of_several_lines() -> None:
    text = '1,"a,x\n2,b,x\n3,"c\nd",x\n4,e,x\n'
    records, rejects, continuation, _ = read(text, 3)
    assert records == [(2, ["2", "b", "x"]), (3, ["3", "c\nd", "x"]), (5, ["4", "e", "x"])]
    assert rejects == [Reject(1, "quote not closed", '1,"a,x')]
    assert continuation == 1


def test_an_unclosed_quote_in_a_large_file_swallows_nothing() -> None:
    lines = [f'{i},"x{i}",y,z' for i in range(200_000)]
    lines[1000] = '1000,"x,y,z'
    lines[150_000] = '150000,x",y,z'
    records, rejects, continuation, _ = read("\n".join(lines) + "\n", 4, 1 << 20)
    assert [(reject.line, reject.reason) for reject in rejects] == [(1001, "quote not closed")]
    assert len(records) == 199_999 and continuation == 0
    # A quote inside an unquoted field is text, as for the csv module
    assert records[149_999] == (150_001, ["150000", 'x"', "y", "z"])


def test_a_swallowed_record_is_seen_inside_a_field() -> None:
    text = '1,"a,b,c\n2,x,y,z\n3,p,q",r\n'
    records, rejects, _, _ = read(text, 4)
    assert records == [(2, ["2", "x", "y", "z"]), (3, ["3", "p", 'q"', "r"])]
    assert rejects == [Reject(1, "quote not closed", '1,"a,b,c')]


def test_a_long_field_is_no_field() -> None:
    text = '1,"' + "x\n" * 501 + '"\n'
    records, rejects, _, _ = read(text, 2)
    assert records == []
    assert len(rejects) == 502


def test_wrong_widths_of_a_record_of_two_lines_are_two_rejects() -> None:
    _, rejects, continuation, _ = read('1,"a\nb",c\n', 2)
    assert [(reject.line, reject.raw) for reject in rejects] == [(1, '1,"a'), (2, 'b",c')]
    assert {reject.reason for reject in rejects} == {"3 fields, expected 2"}
    assert continuation == 0


def test_without_a_quote_character_quotes_are_text() -> None:
    records, rejects, _, _ = read('1,"a\n2,b"\n', 2, quote=None)
    assert records == [(1, ["1", '"a']), (2, ["2", 'b"'])]
    assert rejects == []


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.landing.readers.records.MAX_LINE", 100)
    with pytest.raises(Unreadable, match="over 10 MB"):
        read("x" * 1000, 2, size=50)
