"""What does not depend on when it is computed: versions sent again, kept freezes, one run against several nights."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt_project.harmonized.made_up import NORTH, SOUTH
from tests.dbt_project.harmonized.warehouse import Warehouse, canonical_columns


@pytest.fixture
def borrowed(warehouse: Warehouse) -> Iterator[Warehouse]:
    """The warehouse to change, put back afterwards; it keeps its path, so that dbt need not parse the project again."""
    saved = warehouse.path.with_suffix(".saved")
    shutil.copyfile(warehouse.path, saved)
    yield warehouse
    shutil.move(saved, warehouse.path)


def test_dbt_tests(warehouse: Warehouse) -> None:
    """The unit tests beside the models, and the tests of grain and reference on what was built."""
    out = warehouse.dbt(
        "test",
        "--select",
        "path:models/harmonized",
        "path:tests/harmonized",
        "--exclude",
        "path:models/harmonized/canonical",
    )
    assert "ERROR=0" in out
    assert "repeats_of_a_course" in out


def send_versions(warehouse: Warehouse) -> None:
    """Supplied GPAs sent again, with a gap, changed, and sent once (twice the same row in one delivery)."""
    names = [name for name, _ in canonical_columns()["supplied_gpa"]]
    rows = [  # student, gpa, row of the file, known from, known to, versioned
        ("again", 3.0, 7, "2024-10-01", "2024-11-01", True),
        ("again", 3.0, 8, "2024-11-01", "2025-01-01", True),
        ("again", 3.0, 9, "2025-01-01", None, True),
        ("gap", 3.0, 1, "2024-10-01", "2024-11-01", True),
        ("gap", 3.0, 2, "2025-01-01", None, True),
        ("changed", 3.0, 3, "2024-10-01", "2024-11-01", True),
        ("changed", 3.5, 4, "2024-11-01", None, True),
        ("once", 2.0, 5, "2024-10-01", None, False),
        ("once", 2.0, 6, "2024-10-01", None, False),
    ]
    with duckdb.connect(str(warehouse.path)) as con:
        columns = ", ".join(f"{n} {t}" for n, t in canonical_columns()["supplied_gpa"])
        for system in ("aeries", "edfi"):
            con.execute(f"create table staging.stg_{system}__supplied_gpa ({columns})")
        for student, gpa, row, since, until, versioned in rows:
            con.execute(
                f"insert into staging.stg_aeries__supplied_gpa ({', '.join(names)}) "
                "values ('9900001', ?, 2025, 'FY', ?, false, ?, ?, ?, ?, ?)",
                [student, gpa, f"f{row}", row, since, until, versioned],
            )


def keep_freezes(warehouse: Warehouse) -> set[str]:
    """T1 is kept for every rule set, EOY for all but one, EOYS as other districts were known; all freezes there were."""
    signatures = {r["vantage"]: r["signature"] for r in warehouse.rows(
        "select distinct vantage, signature from harmonized.int_vantage where vantage_kind = 'freeze'")}  # fmt: skip
    rule_sets = [r["rule_set"] for r in warehouse.rows("select rule_set from seeds.rule_set order by all")]
    assert {"2025_T1", "2025_EOY", "2025_EOYS"} <= set(signatures)
    assert len(rule_sets) > 1
    kept = [{"vantage": "2025_T1", "rule_set": r, "signature": signatures["2025_T1"]} for r in rule_sets]
    kept += [{"vantage": "2025_EOY", "rule_set": r, "signature": signatures["2025_EOY"]} for r in rule_sets[1:]]
    kept += [{"vantage": "2025_EOYS", "rule_set": r, "signature": "of other districts"} for r in rule_sets]
    warehouse.insert("raw.kept_freeze", kept)
    return set(signatures)


def restate(warehouse: Warehouse) -> None:
    """EOY of 2025 in one district, twice: the later decision counts; EOYS alone in the other."""
    rows = [(1, NORTH, "EOY", "2025-09-20"), (2, NORTH, "EOY", "2025-09-10"), (3, SOUTH, "EOYS", "2025-09-20")]
    warehouse.insert(
        "raw.restatement",
        [
            {"restatement_id": n, "district_code": district, "school_year": 2025, "window_code": window,
             "known_on": dt.date.fromisoformat(day)}
            for n, district, window, day in rows
        ],
    )  # fmt: skip


def test_versions_are_merged_and_kept_freezes_left_alone(borrowed: Warehouse) -> None:
    """Adjacent identical versions are one run; a freeze kept with its signature for every rule set is not computed again."""
    send_versions(borrowed)
    freezes = keep_freezes(borrowed)
    restate(borrowed)
    borrowed.dbt("run", "--select", "canon_supplied_gpa", "int_restatement", "int_vantage", "int_group_date")
    found = borrowed.rows(
        "select local_student_id as s, gpa::double as g, source_row as r, known_from::varchar as a, known_to::varchar as b "
        "from harmonized.canon_supplied_gpa order by 1, 4, 3"
    )
    assert [tuple(r.values()) for r in found] == [
        ("again", 3.0, 9, "2024-10-01", None),
        ("changed", 3.0, 3, "2024-10-01", "2024-11-01"),
        ("changed", 3.5, 4, "2024-11-01", None),
        ("gap", 3.0, 1, "2024-10-01", "2024-11-01"),
        ("gap", 3.0, 2, "2025-01-01", None),
        ("once", 2.0, 5, "2024-10-01", None),
        ("once", 2.0, 6, "2024-10-01", None),
    ]
    left = {r["vantage"] for r in borrowed.rows("select distinct vantage from harmonized.int_vantage")}
    assert left == ({*freezes, "current"} - {"2025_T1"})
    days = {
        (r["vantage"], r["district_code"]): (
            str(r["known_on"]),
            str(r["known_on_enrollment"]),
            str(r["known_on_merges"]),
        )
        for r in borrowed.rows("select * from harmonized.int_vantage where vantage in ('2025_EOY', '2025_EOYS')")
    }
    # EOY froze on June 20, before both had sent anything, EOYS on August 31; the days of EOYS are those of EOY, merges of SSIDs are not restated
    assert days["2025_EOY", NORTH] == ("2025-09-10", "2025-09-10", "2025-06-25")
    assert days["2025_EOYS", NORTH] == ("2025-08-31", "2025-09-10", "2025-06-25")
    assert days["2025_EOY", SOUTH] == ("2025-06-25", "2025-06-25", "2025-06-25")
    groups = borrowed.rows("select district_code, known_on from harmonized.int_group_date where school_year = 2025")
    assert {r["district_code"]: str(r["known_on"]) for r in groups if r["district_code"] in (NORTH, SOUTH)} == {
        NORTH: "2025-09-10",
        SOUTH: "2025-06-25",
    }
    assert days["2025_EOYS", SOUTH] == ("2025-09-20", "2025-06-25", "2025-06-25")


@pytest.mark.parametrize("night", [dt.date(2025, 7, 15)])
def test_a_freeze_is_the_same_on_every_night(borrowed: Warehouse, night: dt.date) -> None:
    """Frozen rows computed on an earlier night, from what had been sent by then, equal those of tonight."""
    query = "select * from harmonized.student_window where vantage in ('2024_EOY', '2025_T1', '2025_EOY') order by all"
    now = borrowed.rows(query)
    with duckdb.connect(str(borrowed.path)) as con:
        con.execute("update raw.run set as_of = ?", [night])
        con.execute("delete from raw.delivery_feed where known_from > ?", [night])
        for entity in canonical_columns():
            con.execute(f"delete from harmonized.canon_{entity} where known_from > ?", [night])
            con.execute(f"update harmonized.canon_{entity} set known_to = null where known_to > ?", [night])
    borrowed.dbt("run", "--select", "harmonized", "--exclude", "path:models/harmonized/canonical")
    then = borrowed.rows(query)
    assert len(then) > 100
    assert then == now
    frozen = {r["vantage"] for r in borrowed.rows("select distinct vantage from harmonized.student_window")}
    assert {"2025_T1", "2025_EOY"} <= frozen
    assert "2025_EOYS" not in frozen
