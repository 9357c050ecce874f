"""Schema raw: every row with the days between which it was in force, worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_schema import build_raw_schema, staging_sources
from tests.pipelines.landing.support import Town

END = "2024-12-31"
UPSERT: dict[str, Any] = {"pattern": "f*.csv", "mode": "upsert", "key": ["A"], "columns": ["A", "C"]}


def in_force(town: Town, as_of: str = END, feed: str = "f") -> list[tuple[Any, ...]]:
    """(key, value, first day, day after the last, versioned), days of October 2024."""
    rows = town.raw(
        as_of,
        f"select A, C, day(_known_from), day(_known_to), _is_versioned from raw.plain__{feed} order by all",
    )
    return rows


def test_replace_by_column(tmp_path: Path) -> None:
    town = Town(tmp_path, {"scope": {"column": "B"}})
    town.deliver("2024-10-01", f="A,B,C\n1,2023,x\n1,2024,x\n9,,n\n")
    town.deliver("2024-10-08", f="A,B,C\n1,2024,y\n2,2024,z\n")
    town.intake(END)
    assert in_force(town) == [
        ("1", "x", 1, 8, True),
        ("1", "x", 1, None, False),
        ("1", "y", 8, None, True),
        ("2", "z", 8, None, True),
        ("9", "n", 1, None, False),
    ]
    assert in_force(town, "2024-10-07") == [
        ("1", "x", 1, None, False),
        ("1", "x", 1, None, False),
        ("9", "n", 1, None, False),
    ]
    found = town.raw(END, "select distinct _district_code, _delivery, _scope from raw.plain__f where C = 'y'")
    assert found == [("1234567", "2024-10-08", "2024")]


def test_a_header_alone_replaces_the_whole_feed(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    town.deliver("2024-10-01", f="A,B,C\n1,b,x\n")
    town.deliver("2024-10-08", f="A,B,C\n")
    town.intake(END)
    assert in_force(town) == [("1", "x", 1, 8, True)]


def test_rows_that_say_that_they_are_gone(tmp_path: Path) -> None:
    town = Town(tmp_path, {"delete_when": {"column": "B", "values": ["True", "1"]}})
    town.deliver("2024-10-01", f="A,B,C\n1,True,x\n2,,y\n3,False,z\n4,1,w\n")
    town.intake(END)
    assert in_force(town) == [("2", "y", 1, None, False), ("3", "z", 1, None, False)]


def test_upsert_with_one_delivery_needs_no_window(tmp_path: Path) -> None:
    town = Town(tmp_path, UPSERT)
    town.deliver("2024-10-01", f="A,C\n1,x\n2,y\n")
    town.intake(END)
    assert in_force(town) == [("1", "x", 1, None, False), ("2", "y", 1, None, False)]
    assert town.raw(END, "select table_name from information_schema.tables where table_name like 'row_force%'") == []


def test_upsert_later_rows_win_per_key(tmp_path: Path) -> None:
    town = Town(tmp_path, UPSERT)
    town.deliver("2024-10-01", f="A,C\n1,x\n2,y\n3,a\n3,b\n")
    town.deliver("2024-10-08", f="A,C\n1,z\n")
    town.deliver("2024-10-15", f="A,C\n1,x\n")
    town.intake(END)
    assert in_force(town) == [
        ("1", "x", 1, 8, True),
        ("1", "x", 15, None, True),
        ("1", "z", 8, 15, True),
        ("2", "y", 1, None, False),
        ("3", "b", 1, None, True),
    ]
    assert in_force(town, "2024-10-08") == [
        ("1", "x", 1, 8, True),
        ("1", "z", 8, None, True),
        ("2", "y", 1, None, False),
        ("3", "b", 1, None, True),
    ]


def test_upsert_two_on_one_day_and_in_two_files(tmp_path: Path) -> None:
    town = Town(tmp_path, UPSERT)
    town.deliver("2024-10-01", f="A,C\n1,x\n", f2="A,C\n1,y\n2,b\n")
    town.deliver("2024-10-01-b", f="A,C\n2,c\n")
    town.intake(END)
    assert in_force(town) == [("1", "y", 1, None, True), ("2", "c", 1, None, True)]


def test_upsert_the_same_content_again(tmp_path: Path) -> None:
    town = Town(tmp_path, UPSERT)
    town.deliver("2024-10-01", f="A,C\n1,x\n2,y\n")
    town.deliver("2024-10-02", f="A,C\n1,x\n2,y\n")
    town.intake(END)
    assert in_force(town) == [("1", "x", 1, None, False), ("2", "y", 1, None, False)]
    town.deliver("2024-10-08", f="A,C\n1,z\n")
    town.deliver("2024-10-15", f="A,C\n1,x\n2,y\n")
    town.intake(END)
    # Key 2 was never anything else; key 1 came back
    assert in_force(town) == [
        ("1", "x", 1, 8, True),
        ("1", "x", 15, None, True),
        ("1", "z", 8, 15, True),
        ("2", "y", 1, None, False),
    ]


def test_upsert_deletes_in_the_row(tmp_path: Path) -> None:
    town = Town(tmp_path, {**UPSERT, "columns": ["A", "C", "T"], "delete_when": {"column": "T", "values": ["D"]}})
    town.deliver("2024-10-01", f="A,C,T\n1,x,A\n2,y,A\n")
    town.deliver("2024-10-08", f="A,C,T\n1,,D\n9,,D\n")
    town.deliver("2024-10-15", f="A,C,T\n1,back,A\n")
    town.intake(END)
    assert in_force(town) == [
        ("1", "back", 15, None, True),
        ("1", "x", 1, 8, True),
        ("2", "y", 1, None, False),
    ]


def test_upsert_deletes_in_a_file_of_their_own(tmp_path: Path) -> None:
    gone = {
        "feed": "gone",
        "pattern": "gone.csv",
        "mode": "upsert",
        "deletes": True,
        "of_feed": "f",
        "key": ["id"],
        "columns": ["id"],
    }
    town = Town(tmp_path, UPSERT, gone)
    town.deliver("2024-10-01", f="A,C\n1,x\n2,y\n3,z\n")
    town.deliver("2024-10-08", f="A,C\n2,again\n", gone="id\n1\n2\n")
    town.intake(END)
    assert in_force(town) == [
        ("1", "x", 1, 8, True),
        # Deleted and sent in one delivery: the row is what the source has
        ("2", "again", 8, None, True),
        ("2", "y", 1, 8, True),
        ("3", "z", 1, None, False),
    ]
    town.deliver("2024-10-09", gone="id\n3\n")
    town.intake(END)
    assert in_force(town)[-1] == ("3", "z", 1, 9, True)
    assert in_force(town, "2024-10-08")[-1] == ("3", "z", 1, None, False)


def test_upsert_keys_with_null_parts(tmp_path: Path) -> None:
    town = Town(tmp_path, {**UPSERT, "key": ["A", "B"], "columns": ["A", "B", "C"]})
    town.deliver("2024-10-01", f="A,B,C\n1,,x\n1,2,y\n")
    town.deliver("2024-10-08", f="A,B,C\n1,,z\n")
    town.intake(END)
    assert in_force(town) == [("1", "x", 1, 8, True), ("1", "y", 1, None, False), ("1", "z", 8, None, True)]


def test_upsert_accepted_late(tmp_path: Path) -> None:
    from pipelines.landing.intake import accept

    town = Town(tmp_path, UPSERT)
    town.deliver("2024-10-01", f="A,C\n1,x\n2,x\n")
    town.intake("2024-10-05")
    with Ledger(town.settings.ledger_path) as ledger:
        ledger.record_freeze("v", dt.date(2024, 10, 5), "s", "f", "r")
    town.deliver("2024-10-04", f="A,C\n1,late\n2,late\n")
    town.deliver("2024-10-08", f="A,C\n1,y\n")
    town.intake("2024-10-20")
    accept(town.settings, town.contract, "2024-10-04", "a correction", dt.date(2024, 10, 20))
    # For key 1 something later was known before the decision: the late row was never in force
    assert in_force(town) == [
        ("1", "x", 1, 8, True),
        ("1", "y", 8, None, True),
        ("2", "late", 20, None, True),
        ("2", "x", 1, 20, True),
    ]


def test_files_with_other_columns(tmp_path: Path) -> None:
    town = Town(tmp_path, {"columns": ["A", {"name": "B", "required": False}, "C"], "scope": {"column": "A"}})
    town.deliver("2024-10-01", f="A,C\n1,x\n")
    town.deliver("2024-10-08", f="C,B,A\ny,b,2\n")
    town.intake(END)
    assert town.raw(END, "select A, B, C from raw.plain__f order by 1") == [("1", None, "x"), ("2", "b", "y")]


def test_what_staging_reads_is_there_without_a_delivery(tmp_path: Path) -> None:
    folder = tmp_path / "staging" / "other"
    folder.mkdir(parents=True)
    (folder / "_sources.yml").write_text(
        "sources:\n- name: raw\n  tables:\n  - name: other__x\n    columns:\n    - {name: id}\n    - {name: _row}\n"
        "  - name: other__y\n  - name: district\n"
    )
    town = Town(tmp_path, {})
    with duckdb.connect() as con, Ledger(town.settings.ledger_path) as ledger:
        contracts = {"north": town.contract}
        build_raw_schema(con, town.settings, contracts, ledger, dt.date(2024, 10, 1), staging=tmp_path / "staging")
        types = con.execute(
            "select column_name, data_type from information_schema.columns where table_name = ?", ["other__x"]
        )
        assert types.fetchall() == [
            ("_district_code", "VARCHAR"), ("_delivery", "VARCHAR"), ("_file_id", "VARCHAR"), ("_row", "BIGINT"),
            ("_scope", "VARCHAR"), ("_known_from", "DATE"), ("_known_to", "DATE"), ("_is_versioned", "BOOLEAN"),
            ("id", "VARCHAR"),
        ]  # fmt: skip
        assert con.execute("select count(*) from raw.other__y").fetchall() == [(0,)]
        assert con.execute("select A, B, C from raw.plain__f").fetchall() == []
        assert con.execute("select * from raw.run").fetchall() == [(dt.date(2024, 10, 1),)]
        for name in ("kept_snapshot", "kept_freeze", "scope", "delivery", "delivery_feed", "reject_count"):
            assert con.execute(f"select count(*) from raw.{name}").fetchall() == [(0,)]


def test_a_view_and_an_empty_table_have_the_same_columns(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    query = "select column_name, data_type from information_schema.columns where table_name = 'plain__f'"
    empty = town.raw(END, query)
    town.deliver("2024-10-01", f="A,B,C\n1,2,3\n")
    town.intake(END)
    assert town.raw(END, query) == empty


def test_the_sources_of_the_project_name_columns() -> None:
    sources = staging_sources()
    assert sources and all(columns for source in sources.values() for columns in source.feeds.values())


def test_contract_tables(tmp_path: Path) -> None:
    town = Town(
        tmp_path, {},
        kind="district",
        parameters={
            "term_system": "block", "grad_credits": 240, "period_absent_rule": "majority",
            "attendance_form": "periods", "np_as_f": False, "credit_multiplier": 10,
        },
        codes={"exit": [{"code": "1", "value": "E155", "valid_from": dt.date(2022, 7, 1), "valid_to": None}]},
        course_subjects={"0123": "MATH"},
        mark_scales=[{"scale": "s", "marks": {"CR": "P"}, "ranges": [{"low": 89.5, "high": 100, "mark": "A"}]}],
    )  # fmt: skip
    town.intake(END)
    ((district,),) = town.raw(END, "select district from raw.district")
    assert district == "north"
    assert town.raw(
        END, "select term_system, grad_credits::varchar, np_as_f, credit_multiplier::varchar from raw.district"
    ) == [("block", "240.0000", False, "10.0000")]
    assert town.raw(END, "select * from raw.code_map order by map_name") == [
        ("1234567", "course_subject", "0123", "MATH", None, None),
        ("1234567", "exit", "1", "E155", dt.date(2022, 7, 1), None),
    ]
    assert town.raw(
        END, "select scale_id, mark_raw, low::varchar, high::varchar, mark from raw.mark_scale order by mark"
    ) == [
        ("s", None, "89.5000", "100.0000", "A"),
        ("s", "CR", None, None, "P"),
    ]


def test_counts_of_rows_and_rejects(tmp_path: Path) -> None:
    town = Town(tmp_path, {}, checks={"max_rejected_share": 0.5})
    town.deliver("2024-10-01", f="A,B,C\n1,2,3\n\n1,2\n1,2,3,4\n5,6,7\n")
    town.intake(END)
    assert town.raw(END, "select * exclude (known_from) from raw.delivery_feed") == [
        ("1234567", "2024-10-01", "f", "reference", 1, 2, 2, 1)
    ]
    assert town.raw(END, "select path, reason, n, first_line from raw.reject_count order by reason") == [
        ("f.csv", "2 fields, expected 3", 1, 4),
        ("f.csv", "4 fields, expected 3", 1, 4),
    ]


def test_the_secret_reaches_sql_as_a_row(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    town.intake(END)
    assert town.raw(END, "select key from raw.student_key_secret") == [(town.settings.key_path.read_text().strip(),)]


def test_kept_freezes(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    town.settings.frozen.mkdir(parents=True)
    for name, vantage in (("a.parquet", "2024_EOY"), ("b.parquet", "2024_T1"), ("old.parquet", "2024_EOY")):
        rows = f"select '{vantage}' as vantage, 'p1' as person_id, r as rule_set from (values ('x'), ('y')) t (r)"
        duckdb.connect().execute(f"copy ({rows}) to '{town.settings.frozen / name}'")
    with Ledger(town.settings.ledger_path) as ledger:
        ledger.record_freeze("2024_EOY", dt.date(2024, 7, 20), "first", "old.parquet", "r1")
        ledger.record_freeze("2024_EOY", dt.date(2024, 7, 20), "s1", "a.parquet", "r2")
        ledger.record_freeze("2024_T1", dt.date(2024, 2, 1), "s2", "b.parquet", "r1")
        ledger.record_freeze("2024_EOYS", dt.date(2024, 8, 31), "s3", "gone.parquet", "r2")
    town.intake(END)
    assert town.raw(END, "select * from raw.kept_freeze order by all") == [
        ("2024_EOY", "x", "s1"), ("2024_EOY", "y", "s1"), ("2024_T1", "x", "s2"), ("2024_T1", "y", "s2"),
    ]  # fmt: skip
    assert town.raw(END, "select count(*) from raw.kept_snapshot") == [(4,)]
    assert town.raw("2024-03-01", "select distinct vantage from raw.kept_snapshot") == [("2024_T1",)]


def test_any_number_of_threads_gives_the_same(tmp_path: Path) -> None:
    query = "select md5(string_agg(t::varchar, '|' order by t::varchar)), count(*) from (select * from raw.plain__{}) t"
    found = []
    for threads in (1, 2, 8):
        (tmp_path / str(threads)).mkdir()
        town = Town(tmp_path / str(threads), {"scope": {"column": "B"}}, {**UPSERT, "feed": "g", "pattern": "g.csv"})
        town.settings.threads = threads
        for number, name in enumerate(("2024-10-01", "2024-10-08")):
            rows = "".join(f"{i},{2020 + i % 5},{i * 7 % (11 + number)}\n" for i in range(5000))
            keyed = "".join(f"{i % 4999},{i + number}\n" for i in range(5000))
            town.deliver(name, f="A,B,C\n" + rows, g="A,C\n" + keyed)
        town.intake(END)
        found.append([town.raw(END, query.format(feed)) for feed in ("f", "g")])
    assert found[0] == found[1] == found[2]
    # Key 0 twice in each file: the first of the two is never in force
    assert [counted for ((_, counted),) in found[0]] == [10_000, 9_998]
