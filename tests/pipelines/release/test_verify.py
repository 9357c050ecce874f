"""The parts of core verify that need no rebuild: comparing tables, naming causes, a ledger as it once stood."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from pipelines.code_version import code_version
from pipelines.landing.delivery import Delivery, Listing
from pipelines.landing.ledger import Ledger
from pipelines.landing.measures import CheckMeasure
from pipelines.release.basis import contract_hashes, standings
from pipelines.release.manifest import Basis, Freeze, Manifest, Standing
from pipelines.release.publish import publish
from pipelines.settings import Settings
from pipelines.verify.causes import UNKNOWN, causes
from pipelines.verify.compare import compare
from pipelines.verify.inputs import Inputs
from pipelines.verify.ledger_copy import copy_ledger
from tests.pipelines.release.test_publish import candidate
from tests.support.small_warehouse import build

AS_OF = dt.date(2024, 7, 31)


@pytest.fixture()
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    build(con)
    return con


def told(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, same_key: bool = True) -> list[str]:
    release = folder / "releases" / manifest.release_id
    return [str(each) for each in compare(con, release, manifest, same_key).differences]


def test_a_table_that_differs_is_named_with_its_rows(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=9)
    found = compare(con, tmp_path / "releases" / manifest.release_id, manifest, same_key=True)
    assert (found.differences, found.without_key) == ([], 0)
    assert found.tables == sum(len(tables) for tables in manifest.tables.values())
    con.execute("update restricted.student set el_status = 'EL' where _release_district = 'north'")
    con.execute("insert into public.data_quality values ('1111111', 2023, 'x', 0, 1)")
    assert told(con, tmp_path, manifest) == [
        "public.data_quality: 0 rows are in the release alone, 1 in the rebuild alone",
        "restricted/north.student: 2 rows are in the release alone, 2 in the rebuild alone",
    ]


def test_tables_and_columns_of_other_code_are_named(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=9)
    con.execute("alter table partner.dim_school add column wings integer")
    con.execute("alter table partner.lane_validity drop column calibration")
    con.execute("drop table public.student_group")
    con.execute("create table public.later (a integer)")
    assert told(con, tmp_path, manifest) == [
        "partner.dim_school: columns that the release does not have: wings",
        "partner.lane_validity: columns that this code does not make: calibration",
        "public.later: is not in the release; this code makes it",
        "public.student_group: is not made by this code",
    ]


def test_without_the_key_the_rest_of_a_table_is_compared(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=9)
    for (table,) in con.execute(
        "select table_name from duckdb_columns() where schema_name = 'restricted' and column_name = 'student_key'"
    ).fetchall():
        con.execute(f"update restricted.{table} set student_key = 's_' || md5(student_key)")
    assert told(con, tmp_path, manifest, same_key=True) != []
    found = compare(con, tmp_path / "releases" / manifest.release_id, manifest, same_key=False)
    assert found.differences == [] and found.without_key > 10
    con.execute("update restricted.student set gender = 'X' where _release_district = 'south'")
    assert told(con, tmp_path, manifest, same_key=False) == [
        "restricted/south.student: 1 rows are in the release alone, 1 in the rebuild alone"
    ]


def test_causes_are_named_in_the_order_of_likelihood(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", contracts=tmp_path / "contracts")
    settings.contracts.mkdir()
    (settings.contracts / "north.yml").write_text("a")
    standing = Standing(district="north", delivery="d", status="accepted", known_from=AS_OF, reason="")
    same = Basis(contracts=contract_hashes(settings.contracts), deliveries=[standing])
    manifest = publish(con, tmp_path, candidate(code_version=code_version(), basis=same), keep=9)
    assert causes(settings, manifest, Inputs(), same_key=True) == [UNKNOWN]
    (settings.contracts / "north.yml").write_text("b")
    kept = Freeze(vantage="2023_EOY", freeze_date=AS_OF, release_id="r0", code_version="older")
    other = same.model_copy(update={"commit": "abc", "freezes": [kept]})
    manifest = publish(con, tmp_path, candidate(code_version="c0de", basis=other), keep=9)
    found = causes(settings, manifest, Inputs(rewritten=["raw/x"], missing=True), same_key=False)
    for line, words in zip(
        found,
        ("made by other code c0de (commit abc)", "fingerprint f1", "contracts have changed since: north", "raw/x", "raw files are gone", "2023_EOY by r0 (code older)"),
        strict=True,
    ):  # fmt: skip
        assert words in line


def test_a_copied_ledger_stands_as_told_and_the_original_is_left_alone(tmp_path: Path) -> None:
    failure = CheckMeasure("missing_column", "north", "2024-07-02", "marks", 1, 0, "marks.csv", "Send it again.", "x")
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        for name, failures in (("2024-07-01", []), ("2024-07-02", [failure]), ("2024-07-03", [])):
            day = dt.date.fromisoformat(name)
            ledger.record(Delivery("north", name, day, tmp_path, False), Listing(), [], failures, {}, "c", False, None, [])  # fmt: skip
        ledger.decide("north", "2024-07-02", "accept", "checked by hand", dt.date(2024, 7, 20))
        then = standings(ledger, AS_OF)
        ledger.record_freeze("2024_EOY", dt.date(2024, 7, 25), "s", "f", "r")
        # the freeze is published: what is accepted now is known from now on
        ledger.decide("north", "2024-07-01", "hold", "wrong year", AS_OF)
        ledger.decide("north", "2024-07-02", "hold", "wrong too", AS_OF)
        ledger.record(Delivery("north", "2024-07-09", dt.date(2024, 7, 9), tmp_path, False), Listing(), [], [], {}, "c", True, None, [])  # fmt: skip
        now = standings(ledger, AS_OF)
    assert [each.status for each in then] == ["accepted", "accepted", "accepted"]
    assert [each.status for each in now] == ["held", "held", "accepted", "accepted"]
    before = path.read_bytes()
    late = Standing(district="north", delivery="2024-07-03", status="accepted", known_from=AS_OF, reason="late")
    for told_then in (then, now[:2], [*then[:2], late]):
        copy = tmp_path / "copy.sqlite"
        copy.unlink(missing_ok=True)
        copy_ledger(path, copy, told_then)
        with Ledger(copy) as ledger:
            assert standings(ledger, AS_OF) == told_then
            assert (ledger.freezes(), ledger.runs()) == ([], [])
    assert path.read_bytes() == before
