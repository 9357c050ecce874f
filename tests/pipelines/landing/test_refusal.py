"""A social security number is never stored: not as a column, not as a value, not in a reject, not in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.landing.readers.base import is_ssn_header, mask, mask_fields
from tests.pipelines.landing.support import Read, Town, read_bytes

SSN = "123-45-6789"
BARE = "987654321"


def stored(folder: Path) -> bytes:
    """All bytes under a folder, Parquet unpacked."""
    import duckdb

    found = b""
    for path in folder.rglob("*"):
        if path.is_file():
            found += path.read_bytes()
        if path.suffix == ".parquet":
            found += str(duckdb.connect().execute(f"select * from read_parquet('{path}')").fetchall()).encode()
    return found


@pytest.mark.parametrize(
    "name", ["SSN", "ssn", "studentSSN", "Social Security Number", "soc_sec_no", "STU.SSN", "ssn#"]
)
def test_names_that_say_it(name: str) -> None:
    assert is_ssn_header(name)


@pytest.mark.parametrize(
    "name", ["SSID", "ASSN_ID", "session", "lessn", "Social Studies", "LESSNR", "SN", "passnumber"]
)
def test_names_that_do_not(name: str) -> None:
    assert not is_ssn_header(name)


def test_a_column_is_dropped_by_its_name_even_if_the_contract_does_not_know_it(tmp_path: Path) -> None:
    data = f"A,ssn,B,C\n1,{BARE},2,3\n4,{BARE},5\n6,7,{BARE},8,9\n".encode()
    read = read_bytes(tmp_path, data)
    assert read.columns == ["_row", "A", "B", "C"] and read.rows == [(2, "1", "2", "3")]
    assert read.file.refused == ["ssn"] and read.file.unknown == []
    assert [line for line, _, _ in read.rejects] == [3, 4]
    assert BARE.encode() not in stored(tmp_path / "raw")


def test_a_column_marked_refuse(tmp_path: Path) -> None:
    columns = ["A", {"name": "B", "refuse": True}, "C"]
    read = read_bytes(tmp_path, b"A,B,C\n1,secret,3\n1,secret\n", columns=columns)
    assert read.columns == ["_row", "A", "C"] and read.file.refused == ["B"]
    assert b"secret" not in stored(tmp_path / "raw")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_column_is_dropped_by_its_values(tmp_path: Path, quote: str) -> None:
    lines = "".join(f"{i},{quote}123-45-{i:04}{quote},x\n" for i in range(50)) + "51,,x\n"
    read = read_bytes(tmp_path, f"A,B,C\n{lines}52,{SSN}\n".encode())
    assert read.columns == ["_row", "A", "C"] and len(read.rows) == 51
    assert read.file.refused == ["B"]
    assert b"123-45" not in stored(tmp_path / "raw")


def test_a_single_value_is_dropped_and_its_column_kept(tmp_path: Path) -> None:
    lines = "".join(f"{i},b{i},x\n" for i in range(50))
    read = read_bytes(tmp_path, f"A,B,C\n{lines}50,{SSN},x\n".encode())
    assert read.rows[-1] == (52, "50", None, "x")
    assert read.file.refused == [] and read.file.refused_values == {"B": 1}
    assert SSN.encode() not in stored(tmp_path / "raw")


def test_what_only_resembles_one_stays(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, b"A,B,C\n555-123-4567,2024-10-15,123-45-67890\n")
    assert read.rows == [(2, "555-123-4567", "2024-10-15", "123-45-67890")] and not read.file.refused


def test_json_and_xml(tmp_path: Path) -> None:
    line = f'{{"A": "1", "B": [{{"id": "{SSN}"}}, {{"id": "x"}}], "C": "y", "ssn": "{BARE}"}}\nno {SSN}\n'
    read = read_bytes(tmp_path, line.encode(), format="jsonl")
    assert read.rows == [(1, "1", '[{"id":"[refused]"},{"id":"x"}]', "y")]
    assert read.rejects == [(2, "not a JSON object", "no [refused]")]
    columns = ["A", {"name": "B", "path": "ssn"}, "C"]
    assert read_bytes(tmp_path, line.encode(), format="jsonl", columns=columns).file.refused == ["B"]
    xml = f"<r><S><A>1</A><B><id>{SSN}</id><id>x</id></B><C>{SSN}</C></S></r>"
    read = read_bytes(tmp_path, xml.encode(), format="edfi_xml", record="S")
    assert read.rows == [(1, "1", '{"id":["[refused]","x"]}')] and read.file.refused == ["C"]
    assert SSN.encode() not in stored(tmp_path / "raw") and BARE.encode() not in stored(tmp_path / "raw")


def test_a_delivery_goes_on_with_the_refusal_noted(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    town.deliver("2024-10-01", f=f"A,B,C,SSN\n1,2,3,{SSN}\n")
    (report,) = town.intake("2024-10-01").deliveries
    assert report.status == "accepted"
    assert any("SSN" in note and "refused" in note for note in report.notes)
    assert town.raw("2024-10-01", "select A, B, C from raw.plain__f") == [("1", "2", "3")]
    assert SSN.encode() not in stored(town.settings.home)


def test_a_refused_column_of_the_contract_is_there_and_empty(tmp_path: Path) -> None:
    town = Town(tmp_path, {"columns": ["A", "B", "SSN"]})
    town.deliver("2024-10-01", f=f"A,B,SSN\n1,2,{SSN}\n")
    assert town.intake("2024-10-01").deliveries[0].status == "accepted"
    assert town.raw("2024-10-01", "select A, B, SSN from raw.plain__f") == [("1", "2", None)]


def test_masks() -> None:
    assert mask(f"a {SSN} b 555-123-4567", loose=False) == "a [refused] b 555-123-4567"
    assert mask("a 123456789 b 1234567890", loose=True) == "a [refused] b 1234567890"
    assert mask_fields("1,x,3", ",", [1], 3) == "1,[refused],3"
    # One field too many: it may stand one place further on either side
    assert mask_fields("0,1,x,3,4", ",", [1], 4) == "[refused],[refused],[refused],3,4"


def test_read_keeps_its_account(tmp_path: Path) -> None:
    read: Read = read_bytes(tmp_path, f"A,B,C\n1,{SSN},3\n\n".encode())
    assert read.file.account.blank == 1 and read.file.account.records == 1
