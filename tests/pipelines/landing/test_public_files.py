"""Public files that nobody here wrote, through the same door, with every row accounted for."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import load_contract
from pipelines.landing.intake import intake_district
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.settings import PROJECT, Settings
from tests.pipelines.landing.support import Town
from tests.support.round_trip import build_staging

SHARED = PROJECT.parent / "shared" / "data"
DIRECTORY = SHARED / "cde_pubschls_2018" / "pubschls_2018_no_contacts.csv"
ONEROSTER = SHARED / "oneroster_1p1_rosterhub" / "en" / "oneroster.zip"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DIRECTORY.exists(), reason="the public files lie beside the project, not in it"),
]


def test_the_school_directory(tmp_path: Path) -> None:
    """Rows, lines and values equal those of the csv module; staging keeps each row and its district."""
    settings = Settings(home=tmp_path / "home", landing=tmp_path / "landing")
    folder = settings.landing / "cde" / "2018-06-26"
    folder.mkdir(parents=True)
    shutil.copy(DIRECTORY, folder)
    contract = load_contract(PROJECT / "data" / "contracts" / "cde.yml")
    (report,) = intake_district(settings, contract, dt.date(2018, 7, 1)).deliveries
    assert (report.status, report.reason, report.notes) == ("accepted", "", [])
    (file,) = report.files
    assert file.read is not None
    account = file.read.account
    with DIRECTORY.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = next(reader)
        expected, before = [], reader.line_num
        for fields in reader:
            expected.append((before + 1, *(field or None for field in fields)))
            before = reader.line_num
    assert (account.lines, account.header, account.records, account.rejected) == (before, 1, len(expected), 0)
    assert account.balances and len(expected) == 17_892
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as con, Ledger(settings.ledger_path) as ledger:
        build_raw_schema(con, settings, {"cde": contract}, ledger, dt.date(2018, 7, 1))
        by_header = {column.sent_as: column.name for column in contract.files[0].columns}
        columns = ", ".join(by_header[name] for name in header)
        assert con.execute(f"select _row, {columns} from raw.cde__public_school order by _row").fetchall() == expected
    build_staging("cde", settings.warehouse, tmp_path)
    filled = {name: sum(row[i] is not None for row in expected) for i, name in enumerate(["line", *header])}
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        found = con.execute(
            "select count(*), count(distinct school_code), count(open_date), count(closed_date), count(latitude), "
            "count(updated_on), count(is_charter), count(*) filter (not is_school) from staging.stg_cde__public_school"
        ).fetchall()
        names = ("OpenDate", "ClosedDate", "Latitude", "LastUpDate", "Charter")
        assert found == [(17_892, 17_892, *(filled[name] for name in names), 17_892 - filled["School"])]
        # Fresno, Garden Grove, Los Angeles and Oakland by their own rows
        codes = ["1062166", "3066522", "1964733", "0161259"]
        named = con.execute(
            "select district_code, district_name from staging.stg_cde__public_school "
            "where not is_school and district_code in (select unnest(?)) order by 1",
            [codes],
        ).fetchall()
        assert named == [
            ("0161259", "Oakland Unified"),
            ("1062166", "Fresno Unified"),
            ("1964733", "Los Angeles Unified"),
            ("3066522", "Garden Grove Unified"),
        ]


def test_without_the_directory_its_view_is_empty(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", landing=tmp_path / "landing")
    contract = load_contract(PROJECT / "data" / "contracts" / "cde.yml")
    assert intake_district(settings, contract, dt.date(2018, 7, 1)).deliveries == []
    with duckdb.connect() as con, Ledger(settings.ledger_path) as ledger:
        build_raw_schema(con, settings, {"cde": contract}, ledger, dt.date(2018, 7, 1))
        assert con.execute("select count(cds_code) from raw.cde__public_school").fetchall() == [(0,)]


def test_a_oneroster_zip(tmp_path: Path) -> None:
    """A format that no district here sends: a contract is enough to read it."""
    with zipfile.ZipFile(ONEROSTER) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    tables = {name: list(csv.reader(io.StringIO(text, newline=""))) for name, text in texts.items()}
    feeds = []
    for name, rows in tables.items():
        columns = [{"name": f"c{i}", "header": header} for i, header in enumerate(rows[0])]
        feeds.append({"feed": name[:-4].lower(), "pattern": name, "columns": columns, "key": ["c0"], "required": True})
    town = Town(tmp_path, *feeds)
    zipped = town.settings.landing / "north" / "2021-01-20.zip"
    zipped.parent.mkdir(parents=True)
    shutil.copy(ONEROSTER, zipped)
    (report,) = town.intake("2021-02-01").deliveries
    assert (report.status, report.reason) == ("accepted", "")
    for name, rows in tables.items():
        found = town.raw("2021-02-01", f"select columns('^c\\d+$') from raw.plain__{name[:-4].lower()} order by _row")
        assert [["" if value is None else value for value in row] for row in found] == rows[1:]
