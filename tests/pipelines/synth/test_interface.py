"""What writers are given: rows as a delivery knows them, the writer of a system, files whose bytes repeat."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile

import duckdb
import pytest

from pipelines.landing.contract import load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.files import copy_json_lines, copy_rows, zip_folder
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import canonical_columns, create_facts
from pipelines.synth.writers import DirtLog, SynthError, changed_rows, ended_rows, sent_rows, writer_for

OLD, NEW = dt.date(2025, 6, 1), dt.date(2025, 6, 2)


def delivery(**values: object) -> DeliveryPlan:
    known = {
        "district": "d",
        "district_code": "1234567",
        "name": "x",
        "date": NEW,
        "kind": "nightly",
        "school_years": (2025,),
        "attendance_through": OLD,
        "previous": OLD,
    }
    return DeliveryPlan(**{**known, **values})  # type: ignore[arg-type]


@pytest.fixture
def facts():
    con = duckdb.connect()
    create_facts(con)
    rows = [
        # incident, days, known_from, known_to
        ("kept", 1, OLD, None),
        ("changed", 1, OLD, NEW),
        ("changed", 2, NEW, None),
        ("gone", 1, OLD, NEW),
        ("new", 1, NEW, None),
        ("later", 1, dt.date(2025, 6, 3), None),
        ("long gone", 1, dt.date(2025, 1, 1), OLD),
    ]
    for name, days, start, end in rows:
        for code, year in (("1234567", 2025), ("1234567", 2024), ("7654321", 2025)):
            con.execute(
                "insert into facts.incident (district_code, local_student_id, school_year, incident_id, suspension_days,"
                " known_from, known_to) values (?, '1', ?, ?, ?, ?, ?)",
                [code, year, name, days, start, end],
            )
    yield con
    con.close()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (sent_rows, [("changed", 2), ("kept", 1), ("new", 1)]),
        (changed_rows, [("changed", 2), ("new", 1)]),
        (ended_rows, [("gone", 1)]),
    ],
)
def test_rows_of_a_delivery(facts, rows, expected):
    sql = f"select incident_id, suspension_days::integer from {rows('incident', delivery())} order by 1"
    assert facts.execute(sql).fetchall() == expected


def test_a_first_delivery_has_everything_and_ends_nothing(facts):
    first = delivery(date=OLD, previous=None)
    for rows in (sent_rows, changed_rows):
        sql = f"select incident_id from {rows('incident', first)} order by 1"
        assert facts.execute(sql).fetchall() == [("changed",), ("gone",), ("kept",)]
    assert facts.execute(f"from {ended_rows('incident', first)}").fetchall() == []


def test_students_have_no_year(facts):
    assert "school_year" not in sent_rows("student", delivery())


def test_every_district_system_has_a_writer():
    for contract in load_contracts(PROJECT / "data" / "contracts").values():
        if contract.kind != "reference":
            assert callable(writer_for(contract.system))


def test_a_system_without_writer_is_said_so():
    with pytest.raises(SynthError, match="no writer for system 'abacus'"):
        writer_for("abacus")


def test_facts_have_the_canonical_columns():
    columns = canonical_columns()
    assert [name for name, _ in columns["attendance_event"]] == [
        "district_code",
        "local_student_id",
        "school_code",
        "school_year",
        "calendar_date",
        "period",
        "category",
        "known_from",
        "known_to",
        "lost_reason",
    ]
    assert ("credits_attempted", "decimal(9,4)") in columns["course_mark"]


def test_dirt_is_counted():
    log = DirtLog()
    log.add(delivery(), "blank line", 2)
    log.add(delivery(), "blank line")
    log.add(delivery(), "nothing", 0)
    assert log.rows() == [{"district": "d", "delivery": "x", "what": "blank line", "n": 3}]


def test_delimited_text(tmp_path):
    con = duckdb.connect()
    query = "select 'a,\"b' as x, null as y, 'é' as z"
    copy_rows(con, query, tmp_path / "a", encoding="cp1252", newline="\r\n")
    assert (tmp_path / "a").read_bytes() == b'x,y,z\r\n"a,""b",,\xe9\r\n'
    copy_rows(con, query, tmp_path / "b", bom=True)
    assert (tmp_path / "b").read_bytes() == '\ufeffx,y,z\n"a,""b",,é\n'.encode()
    copy_rows(con, query, tmp_path / "c", delimiter="^", quote=None, header=False)
    copy_rows(con, "select 1, 2, 3", tmp_path / "c", delimiter="^", quote=None, header=False, append=True)
    assert (tmp_path / "c").read_bytes() == 'a,"b^^é\n1^2^3\n'.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_json_lines_in_gzip_repeat(tmp_path):
    con = duckdb.connect()
    query = "select to_json({a: i, b: 'x,\"y'})::varchar from range(2) as r (i) order by i"
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        copy_json_lines(con, query, tmp_path / name)
    one = (tmp_path / "one.jsonl.gz").read_bytes()
    assert one == (tmp_path / "two.jsonl.gz").read_bytes()
    assert gzip.decompress(one) == b'{"a":0,"b":"x,\\"y"}\n{"a":1,"b":"x,\\"y"}\n'


def test_zips_repeat(tmp_path):
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "b.txt").write_text("b")
    zip_folder(folder, tmp_path / "one.zip")
    (folder / "b.txt").touch()
    zip_folder(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["b.txt"]
