"""The files of Aeries districts as bytes: what each contract's quirks promise is there, and nothing of it elsewhere."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.schema import create_facts
from tests.pipelines.synth.aeries_facts import AUGUST, JANUARY, JUNE, make_facts, plans
from tests.support.round_trip import write_deliveries

CONTRACTS = {name: c for name, c in load_contracts(PROJECT / "data" / "contracts").items() if c.system == "aeries"}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("aeries"))


def _write(folder: Path) -> Path:
    con = duckdb.connect()
    create_facts(con)
    for contract in CONTRACTS.values():
        make_facts(con, contract)
    write_deliveries(con, CONTRACTS, [plan for c in CONTRACTS.values() for plan in plans(c)], folder)
    return folder


def _with_quirk(quirk: str) -> Contract:
    (contract,) = (c for c in CONTRACTS.values() if quirk in {q.id for q in c.quirks})
    return contract


def _table(
    landing: Path, contract: Contract, delivery: object, feed: str, year: str = "2025-2026"
) -> list[dict[str, str]]:
    """Rows of a file by Python's own csv module."""
    pattern = contract.feed(feed).pattern.replace("*", year)
    data = (landing / contract.district / str(delivery) / pattern).read_bytes()
    text = data.decode("utf-8-sig" if contract.defaults.encoding == "utf-8" else "cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=contract.defaults.delimiter))


def test_every_header_is_that_of_the_contract(landing: Path) -> None:
    for contract in CONTRACTS.values():
        for feed in contract.files:
            for path in (landing / contract.district / str(JANUARY)).glob(feed.pattern):
                line = path.read_bytes().splitlines()[0].decode("utf-8-sig")
                assert line.split(contract.defaults.delimiter) == feed.column_names, path.name


def test_byte_order_mark_and_line_ends_where_declared_and_only_there(landing: Path) -> None:
    for contract in CONTRACTS.values():
        (path,) = (landing / contract.district / str(JANUARY) / "2025-2026").glob("ENR.*")
        data = path.read_bytes()
        quirks = {quirk.id for quirk in contract.quirks}
        assert data.startswith(b"\xef\xbb\xbf") == ("bom" in quirks)
        assert data.count(b"\r\n") == (data.count(b"\n") if "crlf" in quirks else 0)


def test_absences_by_day_number_alone_and_the_calendar_moves_them(landing: Path) -> None:
    contract = _with_quirk("day_numbers")
    rows = _table(landing, contract, JANUARY, "att")
    assert "DT" not in rows[0]
    excused = [row["DY"] for row in rows if (row["ID"], row["AL"], row["DEL"]) == ("000100001", "M", "False")]
    assert excused == ["1"]  # Tuesday, the first school day as known in January
    zipped = zipfile.ZipFile(landing / contract.district / f"{JUNE}.zip").read("2025-2026/ATT.csv").decode("utf-8-sig")
    assert "201,000100001,2,M,False" in zipped  # Monday had been one


def test_deleted_rows_stay_in_the_file(landing: Path) -> None:
    contract = _with_quirk("soft_delete")
    rows = _table(landing, contract, JANUARY, "enr")
    deleted = [row for row in rows if row["DEL"] == "True"]
    assert [(row["ID"], row["LD"], row["ER"]) for row in deleted] == [("000100001", "2025-08-12", "N470")]
    assert [row["ER"] for row in rows if row["ID"] == "000100001" and row["DEL"] == "False"] == [""]


def test_a_school_number_is_used_again(landing: Path) -> None:
    contract = _with_quirk("school_number_reuse")
    numbers = {
        year: {row["CD"]: row["SI"] for row in _table(landing, contract, delivery, "loc", year)}
        for delivery, year in ((AUGUST, "2024-2025"), (JANUARY, "2025-2026"))
    }
    assert numbers["2024-2025"]["101"] == numbers["2025-2026"]["102"] == "0000001"
    assert numbers["2025-2026"]["101"] == "0000002"


def test_two_forms_of_the_same_year(landing: Path) -> None:
    contract = _with_quirk("two_year_forms")
    assert {row["YR"] for row in _table(landing, contract, JANUARY, "enr")} == {"2025"}
    assert {row["SY"] for row in _table(landing, contract, JANUARY, "his")} == {"2025-2026"}


def test_excel_has_eaten_the_zero_in_some_files_alone(landing: Path) -> None:
    contract = _with_quirk("excel_zero")
    assert {len(row["CDS"]) for row in _table(landing, contract, AUGUST, "loc", "2024-2025")} == {13}
    assert {len(row["CDS"]) for row in _table(landing, contract, JANUARY, "loc")} == {14}


def test_american_dates_and_accents(landing: Path) -> None:
    contract = _with_quirk("dates_m_d_y")
    rows = _table(landing, contract, JANUARY, "stu")
    assert [row["BD"] for row in rows] == ["3/5/2010", "3/5/2010", "3/5/2010", "13/5/2010"]
    assert (rows[0]["LN"], rows[0]["FN"]) == ("Núñez", "José")
    assert b"N\xfa\xf1ez" in (landing / contract.district / str(JANUARY) / "STU.txt").read_bytes()


def test_dates_with_a_time(landing: Path) -> None:
    contract = _with_quirk("dates_with_time")
    dates = {row["ED"] for row in _table(landing, contract, JANUARY, "enr")}
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}T00:00:00", date) for date in dates)


def test_absence_codes_differ_by_school(landing: Path) -> None:
    for contract in CONTRACTS.values():
        codes = {(row["SC"], row["CD"]): row["TI"] for row in _table(landing, contract, JANUARY, "abs")}
        assert codes["101", "E"] == "Excused"
        assert codes["201", "E"] == "Unexcused"


def test_progress_marks_are_one_row_with_a_column_a_period(landing: Path) -> None:
    for contract in CONTRACTS.values():
        (row,) = _table(landing, contract, JANUARY, "grd")
        assert (row["SE"], row["M1"], row["M2"], row["M3"]) == ("0100-1", "D", "B", "")


def test_a_broken_row_has_a_column_too_many_and_stands_nowhere_else(tmp_path: Path) -> None:
    con = duckdb.connect()
    create_facts(con)
    contract = _with_quirk("dates_with_time")
    make_facts(con, contract)
    con.execute("update facts.course_mark set lost_reason = 'bad_row' where course_code = '0700'")
    write_deliveries(con, {contract.district: contract}, plans(contract)[:2], tmp_path)
    text = (tmp_path / contract.district / str(JANUARY) / "2025-2026" / "HIS.csv").read_text(encoding="utf-8")
    n_columns = len(contract.feed("his").columns)
    broken = [row for row in csv.reader(io.StringIO(text)) if len(row) != n_columns]
    assert [(row[5], len(row)) for row in broken] == [("0700", n_columns + 1)]
    assert text.count(",0700,") == 1


def test_the_same_facts_give_the_same_bytes(landing: Path, tmp_path: Path) -> None:
    again = _write(tmp_path)
    files = {path.relative_to(landing): path.read_bytes() for path in landing.rglob("*") if path.is_file()}
    assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()} == files
