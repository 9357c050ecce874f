"""A freeze is kept once it is published: its rows, its signature, private, and one file a vantage."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import duckdb

from pipelines.landing.ledger import Ledger
from pipelines.release.frozen import keep_frozen
from pipelines.settings import Settings


def warehouse(signature: str, lane: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema harmonized; create schema on_track")
    con.execute(
        "create table harmonized.int_vantage as select * from (values ('current', 'current', null::date, null), "
        f"('2024_EOY', 'freeze', date '2024-07-25', '{signature}'), ('2024_EOY', 'freeze', date '2024-07-25', '{signature}')) "
        "t(vantage, vantage_kind, freeze_date, signature)"
    )
    con.execute(
        f"create table on_track.snapshot_measure as select * from (values ('2024_EOY', 'b', {lane}), ('2024_EOY', 'a', 3), "
        "('current', 'a', 5)) t(vantage, person_id, lane)"
    )
    return con


def test_what_was_published_is_kept_and_replaced_only_by_another_signature(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Ledger(settings.ledger_path) as ledger:
        assert keep_frozen(warehouse("s1", 2), settings, ledger, "r1") == ["2024_EOY"]
        (kept,) = settings.frozen.glob("*.parquet")
        assert kept.name.startswith("2024_EOY-") and stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert duckdb.sql(f"select * from '{kept}'").fetchall() == [("2024_EOY", "a", 3), ("2024_EOY", "b", 2)]
        (freeze,) = ledger.freezes()
        assert (freeze.vantage, freeze.freeze_date, freeze.signature, freeze.file, freeze.release_id) == (
            "2024_EOY", dt.date(2024, 7, 25), "s1", kept.name, "r1",
        )  # fmt: skip
        keep_frozen(warehouse("s1", 2), settings, ledger, "r2")
        assert [path.name for path in settings.frozen.iterdir()] == [kept.name], "the same rows have the same name"
        keep_frozen(warehouse("s2", 4), settings, ledger, "r3")
        (after,) = settings.frozen.glob("*")
        assert after.name != kept.name
        assert [freeze.file for freeze in ledger.freezes()] == [after.name]


def test_a_night_without_a_new_freeze_keeps_what_there_is(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Ledger(settings.ledger_path) as ledger:
        keep_frozen(warehouse("s1", 2), settings, ledger, "r1")
        con = warehouse("s1", 2)
        con.execute("delete from harmonized.int_vantage where vantage_kind = 'freeze'")
        assert keep_frozen(con, settings, ledger, "r2") == []
        assert len(list(settings.frozen.glob("*.parquet"))) == 1
        assert [freeze.release_id for freeze in ledger.freezes()] == ["r1"]


def test_two_freezes_computed_again_are_read_from_a_view_that_lists_what_they_replace(tmp_path: Path) -> None:
    """As after a restatement: snapshot_measure reads kept files too, so these go when all is written."""
    settings = Settings(home=tmp_path)
    with Ledger(settings.ledger_path) as ledger:
        keep_frozen(warehouse("s1", 2), settings, ledger, "r1")
        con = warehouse("s2", 4)
        con.execute("insert into harmonized.int_vantage values ('2025_EOY', 'freeze', date '2025-07-25', 's3')")
        con.execute("insert into on_track.snapshot_measure values ('2025_EOY', 'a', 1)")
        (kept,) = settings.frozen.glob("*.parquet")
        con.execute("alter table on_track.snapshot_measure rename to computed")
        con.execute(
            "create view on_track.snapshot_measure as from on_track.computed union all "
            f"select * from read_parquet(['{kept}']) where vantage not in (select vantage from on_track.computed)"
        )
        assert keep_frozen(con, settings, ledger, "r2") == ["2024_EOY", "2025_EOY"]
        assert sorted(path.name for path in settings.frozen.iterdir()) == [each.file for each in ledger.freezes()]
        assert not kept.exists()
