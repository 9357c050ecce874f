"""Delimited files through the real reader: every line accounted for, values exactly as sent, one reason per failure."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from pipelines.landing.readers import delimited
from pipelines.landing.readers.base import Unreadable
from tests.pipelines.landing.support import Read, read_bytes

ABC = ["A", "B", "C"]


def rows(read: Read) -> list[tuple[object, ...]]:
    return [tuple(row) for row in read.rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("final", [True, False])
def test_line_ends_and_bom(tmp_path: Path, end: str, bom: bytes, final: bool) -> None:
    text = end.join(["A,B,C", "1,x,", '2,"y, z","w"']) + (end if final else "")
    read = read_bytes(tmp_path, bom + text.encode())
    assert rows(read) == [(2, "1", "x", None), (3, "2", "y, z", "w")]
    assert read.file.account.lines == 3 and read.file.account.header == 1
    assert read.file.has_bom == bool(bom)
    assert read.file.line_end == {"\n": "lf", "\r\n": "crlf", "\r": "cr"}[end]


def test_mixed_line_ends_blank_lines_and_a_field_of_two_lines(tmp_path: Path) -> None:
    data = b'A,B,C\r\n1,2,3\n\r\n"a\r\nb",5,6\r7,8,9\n\n'
    read = read_bytes(tmp_path, data)
    assert rows(read) == [(2, "1", "2", "3"), (4, "a\r\nb", "5", "6"), (6, "7", "8", "9")]
    account = read.file.account
    assert (account.lines, account.header, account.records, account.continuation, account.blank) == (7, 1, 3, 1, 2)


def test_empty_text_is_not_null_and_ids_stay_text(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, b'A,B,C\n007,"",\n1.0E+09,12345678901234567890, x \n')
    assert rows(read) == [(2, "007", "", None), (3, "1.0E+09", "12345678901234567890", " x ")]


def test_cp1252(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, b"A^B^C\nPe\xf1a^\x80^\x93x\x94\n", encoding="cp1252", delimiter="^", quote=None)
    assert rows(read) == [(2, "Peña", "€", "“x”")]
    with pytest.raises(Unreadable, match="line 2: byte 0x81 is not valid cp1252"):
        read_bytes(tmp_path, b"A,B,C\n\x81,2,3\n", encoding="cp1252")


def test_wrong_encoding_names_the_line(tmp_path: Path) -> None:
    data = b"A,B,C\n" + b"1,2,3\n" * 300_000 + b"Pe\xf1a,2,3\n"
    with pytest.raises(Unreadable, match="line 300002: byte 0xf1 is not valid utf-8"):
        read_bytes(tmp_path, data)
    with pytest.raises(Unreadable, match="UTF-16"):
        read_bytes(tmp_path, "A,B,C\n1,2,3\n".encode("utf-16"))


def test_characters_across_blocks(tmp_path: Path) -> None:
    line = "é" * 50 + ",2,3\n"
    n = 25_000
    read = read_bytes(tmp_path, ("A,B,C\n" + line * n).encode())
    assert len(read.rows) == n and {read.rows[i][1] for i in (0, n // 2, n - 1)} == {"é" * 50}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1: the file is empty: not even the header line is there"),
        (b"\xef\xbb\xbf", "line 1: the file is empty: not even the header line is there"),
        (b"\n1,2,3\n", "line 1: the first line is blank, expected the header"),
        (b"A;B;C\n1;2;3\n", "line 1: the columns are separated by ';', expected ','"),
        (b"A\tB\tC\n1\t2\t3\n", r"line 1: the columns are separated by '\\t', expected ','"),
        (b"1,2,3\n4,5,6\n", "line 1: the first line has none of the expected columns"),
        (b"A,B,C,A\n1,2,3,4\n", "line 1: the header names A more than once"),
        (b'A,"B,C\n1,2,3\n', "line 1: the header line cannot be read: a quote is not closed"),
        (b"A,B,C\n1,2\n3\n", r"line 2: no line can be read as the contract says \(2 fields, expected 3\)"),
    ],
)
def test_one_reason_for_a_file_that_is_no_such_file(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_bytes(tmp_path, data)
    assert not list((tmp_path / "raw").rglob("*.parquet"))


def test_outcomes_without_a_header(tmp_path: Path) -> None:
    assert rows(read_bytes(tmp_path, b"", header=False)) == []
    assert rows(read_bytes(tmp_path, b"\xef\xbb\xbf", header=False)) == []
    assert rows(read_bytes(tmp_path, b"1^2^3\r\n", header=False, delimiter="^", quote=None)) == [(1, "1", "2", "3")]
    with pytest.raises(Unreadable, match="separated by ',', expected '\\^'"):
        read_bytes(tmp_path, b"1,2,3\r\n", header=False, delimiter="^", quote=None)


def test_header_only_and_one_row(tmp_path: Path) -> None:
    for data in (b"A,B,C", b"A,B,C\n", b"A,B,C\r"):
        read = read_bytes(tmp_path, data)
        assert rows(read) == [] and read.file.scopes == {"": 0}
    assert rows(read_bytes(tmp_path, b"A,B,C\n1,2,3")) == [(2, "1", "2", "3")]


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    columns = [{"name": "A", "header": "The A"}, "B", {"name": "C", "required": False}]
    read = read_bytes(tmp_path, b"B,The A\n2,1\n", columns=columns)
    assert read.columns == ["_row", "B", "A"] and rows(read) == [(2, "2", "1")]
    assert read.file.missing == [] and read.file.unknown == []
    assert any("another order" in note for note in read.file.notes)
    read = read_bytes(tmp_path, b"B,D\n2,1\n", columns=columns)
    assert read.file.missing == ["A"] and read.file.unknown == ["D"]


def test_a_trailing_delimiter_is_no_silent_matter(tmp_path: Path) -> None:
    """DuckDB takes one delimiter too many in silence, quoted or not."""
    for quoted in ("", '"'):
        good = f"{quoted}x{quoted},2,3\n"
        data = "A,B,C\n" + good + "1,2,3,\n" + "4,5,,\n" + "6,,\n" + "7,8,\n"
        read = read_bytes(tmp_path, data.encode())
        assert rows(read) == [(2, "x", "2", "3"), (5, "6", None, None), (6, "7", "8", None)]
        assert [(line, reason) for line, reason, _ in read.rejects] == [
            (3, "4 fields, expected 3"),
            (4, "4 fields, expected 3"),
        ]
    with pytest.raises(Unreadable):
        read_bytes(tmp_path, b'A,B,C\n"1",2,3,\n"4",,,\n')


def test_blanks_around_quotes_are_kept_or_rejected(tmp_path: Path) -> None:
    """DuckDB takes them away in silence."""
    read = read_bytes(tmp_path, b'A,B,C\n1, "x",2\n1,"x" ,2\n')
    assert rows(read) == [(2, "1", ' "x"', "2")]
    assert read.rejects == [(3, "text after a closing quote", '1,"x" ,2')]


def test_control_characters_stay(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, b'A,B,C\n"\x01\n\x02",\x1f,"\x00x"\n')
    assert rows(read) == [(2, "\x01\n\x02", "\x1f", "\x00x")]


def messy_csv(seed: int, n: int) -> str:
    """Well-formed text with everything that is allowed, in random proportions."""
    chance = random.Random(seed)
    out = io.StringIO(newline="")
    values = ["", "a", "7", "x,y", 'q"q', "two\nlines", "two\r\nlines", " padded ", "é€", "0012", ",", '"']
    for _ in range(n):
        row = [chance.choice(values) for _ in range(3)]
        csv.writer(out, quoting=chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), lineterminator="\r\n").writerow(row)
        if chance.random() < 0.02:
            out.write("\r\n")
    return out.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_rows_and_lines_equal_those_of_the_csv_module(tmp_path: Path, seed: int) -> None:
    text = "A,B,C\r\n" + messy_csv(seed, 3000)
    read = read_bytes(tmp_path, text.encode())
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    next(reader)
    expected, before = [], 1
    for fields in reader:
        if fields:
            expected.append((before + 1, *fields))
        before = reader.line_num
    # The csv module knows no difference between an empty field and an empty text
    assert [tuple("" if value is None else value for value in row) for row in read.rows] == expected
    assert read.rejects == []


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_the_quick_way_gives_what_the_exact_one_gives(
    tmp_path: Path, quoting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    for i in range(20_000):
        name = f"n{i}" if quoting == csv.QUOTE_NONE or i % 3 else f"Doe, {i}"
        writer.writerow([f"{i:06}", name, ("x", "")[i % 2] if quoting != csv.QUOTE_ALL else "z"])
    data = ("A,B,C\n" + out.getvalue()).encode()
    clean = read_bytes(tmp_path, data)
    monkeypatch.setattr(delimited, "_is_clean", lambda *_: False)
    exact = read_bytes(tmp_path, data)
    assert clean.rows == exact.rows and len(clean.rows) == 20_000
    assert clean.file == exact.file


def test_the_quick_way_is_taken_where_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the exact way")

    monkeypatch.setattr(delimited, "_read_exact", never)
    assert len(read_bytes(tmp_path, b'A,B,C\n"1","x,y",\n"2","z",3\n').rows) == 2
    assert len(read_bytes(tmp_path, b"A,B,C\r\n1,2,3\r\n", name="f.csv.gz").rows) == 1
    with pytest.raises(AssertionError, match="the exact way"):
        read_bytes(tmp_path, b'A,B,C\n"1","x\ny",\n')


def test_the_same_bytes_have_the_same_name_wherever_they_lie(tmp_path: Path) -> None:
    data = b"A,B,C\n1,2,3\n"
    first = read_bytes(tmp_path, data)
    assert read_bytes(tmp_path, data, name="g.csv.gz").file.file_id == first.file.file_id
    assert read_bytes(tmp_path, data + b"4,5,6\n").file.file_id != first.file.file_id
    scope = {"scope": {"path": r"_(\d{4})"}}
    one = read_bytes(tmp_path, data, name="f_2024.csv", **scope)
    assert one.file.scopes == {"2024": 1}
    assert read_bytes(tmp_path, data, name="f_2025.csv", **scope).file.file_id != one.file.file_id
    with pytest.raises(Unreadable, match="the path does not say"):
        read_bytes(tmp_path, data, name="f.csv", **scope)


def test_scopes_schools_codes_and_keys_are_measured(tmp_path: Path) -> None:
    data = b"A,B,C\n1,2024,x\n1,2025,x\n1,2025,y\n2,,\n"
    read = read_bytes(tmp_path, data, scope={"column": "B"}, key=["A", "B"], school="C")
    assert read.file.scopes == {"": 1, "2024": 1, "2025": 2}
    assert read.file.schools == {"": 1, "x": 2, "y": 1}
    assert read.file.duplicate_keys == 1
    assert read.file.filled == {"A": 4, "B": 3, "C": 3}


def test_what_the_engine_says_of_a_line_is_not_repeated(tmp_path: Path) -> None:
    secret = "Xylophonist"
    data = f"A,B,C\n1,{secret},{'x' * 10_000_000}\n\n".encode()
    with pytest.raises(Unreadable, match="the engine cannot take its rows") as error:
        read_bytes(tmp_path, data)
    assert secret not in str(error.value) and error.value.__cause__ is None
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]


def test_a_truncated_gz_is_one_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    whole = gzip.compress(b"A,B,C\n" + b"1,2,3\n" * 1000)
    monkeypatch.setattr(gzip, "compress", lambda data: whole[:-20])
    with pytest.raises(Unreadable, match="damaged or cut off"):
        read_bytes(tmp_path, b"", name="f.csv.gz")
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]
