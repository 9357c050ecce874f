"""The 16 golden students of domain.md, written as files of four different systems, through the whole nightly run."""

from __future__ import annotations

import datetime as dt
import shutil

import duckdb
import pytest
import yaml

from pipelines.landing.contract import load_contracts
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import canonical_columns, create_facts
from pipelines.synth.writers import DirtLog, writer_for
from tests.golden import students
from tests.support.nightly import CONTRACTS, Home
from tests.support.truth import student_key

pytestmark = pytest.mark.pipeline

YEARS = (students.COHORT - 1, students.COHORT)


def insert(con: duckdb.DuckDBPyConnection) -> None:
    """The golden facts into schema facts."""
    create_facts(con)
    for entity, rows in students.build().rows.items():
        columns = [c for c, _ in canonical_columns()[entity]]
        values = [[row.get(c) for c in columns] for row in rows]
        con.executemany(f"insert into facts.{entity} values ({', '.join('?' * len(columns))})", values)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """Two deliveries a district: the year at its end, and in August the summer marks."""
    root = tmp_path_factory.mktemp("golden")
    landing, contracts = root / "landing", root / "contracts"
    contracts.mkdir()
    for path in CONTRACTS.glob("*.yml"):
        contract = yaml.safe_load(path.read_text())
        if contract["kind"] != "district" or contract["district_code"] in students.DISTRICTS:
            shutil.copy2(path, contracts)
    con = duckdb.connect()
    insert(con)
    systems = set()
    for name, contract in load_contracts(contracts).items():
        if contract.kind != "district":
            continue
        systems.add(contract.system)
        previous = None
        for date, kind in ((students.YEAR_DELIVERY, "history"), (students.SUMMER_DELIVERY, "correction")):
            out = landing / name / date.isoformat()
            out.mkdir(parents=True)
            plan = DeliveryPlan(
                name,
                contract.district_code,
                date.isoformat(),
                date,
                kind,
                YEARS,
                date - dt.timedelta(1),
                previous=previous,
            )
            writer_for(contract.system)(con, contract, plan, out, DirtLog())
            (out / "SYNTHETIC.txt").write_text("Made-up students.\n")
            previous = date
    assert len(systems) >= 3
    con.close()
    found = Home(root / "home", landing, contracts)
    found.run(students.AS_OF)
    return found


def snapshot(home: Home, sid: str, code: str) -> dict | None:
    """The golden student's row of student_snapshot, from whichever district's database has it."""
    key = student_key(home.secret, students.ssid(sid))
    for path in sorted((home.current / "restricted").glob("*/core.duckdb")):
        con = duckdb.connect(str(path), read_only=True)
        found = con.execute(
            "select * from student_snapshot where student_key = ? and snapshot_code = ? and cohort_year = ? and rule_set = 'core5_v1'",
            [key, code, students.COHORT],
        )
        names, row = [d[0] for d in found.description], found.fetchone()
        con.close()
        if row:
            return dict(zip(names, row, strict=True))
    return None


def movement(home: Home, sid: str, basis: str, end: str) -> tuple | None:
    """(movement, reason) of a golden student."""
    key = student_key(home.secret, students.ssid(sid))
    for path in sorted((home.current / "restricted").glob("*/core.duckdb")):
        con = duckdb.connect(str(path), read_only=True)
        row = con.execute(
            "select movement, no_movement_reason from student_movement where student_key = ? and basis = ? and end_snapshot_code = ? "
            "and cohort_year = ? and rule_set = 'core5_v1'",
            [key, basis, end, students.COHORT],
        ).fetchone()
        con.close()
        if row:
            return row
    return None


@pytest.mark.parametrize("sid", sorted(students.EXPECTED))
def test_golden_student(home, sid):
    g8_gpa, g8_att, g8_lane, hsr, gpa, att, f, credits, lane, move, chicago, ew, wa = students.EXPECTED[sid]
    g8, g9 = snapshot(home, sid, "G8_EOY"), snapshot(home, sid, "G9_EOY")
    assert g9 is not None
    if g8_gpa is None:
        assert g8 is None or g8["lane"] is None
    else:
        assert round(g8["gpa"], 4) == g8_gpa
        assert round(100 * g8["attendance_rate"], 2) == g8_att
        assert (g8["lane"], g8["hsr_core"]) == (g8_lane, hsr)
    if isinstance(lane, str):
        assert (g9["lane"], g9["null_reason"]) == (None, lane)
    else:
        assert round(g9["gpa"], 4) == gpa
        assert round(100 * g9["attendance_rate"], 2) == att
        assert round(g9["n_f_core"], 4) == f
        assert round(g9["credits_earned"], 2) == credits
        assert g9["lane"] == lane
        assert bool(g9["reasons"]) == (lane < 5)
    if move is None:
        assert not g9["is_first_time_grade9"]
        assert (g9["credits_earned_total"], g9["credits_due"]) == (80, 100)
        assert movement(home, sid, "G8_EOY", "G9_EOY") is None
    else:
        assert move in movement(home, sid, "G8_EOY", "G9_EOY")
    if chicago is not None:
        assert (g9["chicago_g9"], g9["ew_g9"], g9["wa_g9"]) == (chicago, ew, wa)


def test_first_term_and_summer(home):
    for sid, lane in students.FIRST_TERM.items():
        row = snapshot(home, sid, "G9_T1")
        assert lane in (row["lane"], row["null_reason"])
    assert movement(home, "09", "G9_T1", "G9_EOY") == ("same", None)
    for sid, (gpa, f, credits, lane) in students.WITH_SUMMER.items():
        row = snapshot(home, sid, "G9_EOYS")
        assert (round(row["gpa"], 4), row["n_f_core"], row["credits_earned"], row["lane"]) == (gpa, f, credits, lane)
        assert movement(home, sid, "G8_EOY", "G9_EOYS") == ("up", None)


def test_aggregates_of_section_13(home):
    """Numerators and denominators of the collaborative, group ALL, from the partner tier where n >= 11 lets them stand."""
    con = duckdb.connect(str(home.current / "partner" / "core.duckdb"), read_only=True)
    found = {
        code: (n, d)
        for code, n, d in con.execute(
            "select metric_code, numerator, denominator from metric where level = 'collaborative' and group_code = 'ALL' "
            "and cohort_year = ? and rule_set = 'core5_v1' and snapshot_code = 'G9_EOY' and coalesce(basis, 'G8_EOY') = 'G8_EOY'",
            [students.COHORT],
        ).fetchall()
    }
    con.close()
    shown = {k: v for k, v in found.items() if v[1] is not None}
    worked = {"coverage": (12, 15), "movement_rate": (3, 12), "same_rate": (5, 12), "down_rate": (4, 12), "vulnerable_rate": (5, 13),
              "chicago_g9_rate": (9, 13), "ew_g9_rate": (4, 13), "wa_g9_rate": (7, 13)}  # fmt: skip
    assert {k: shown[k] for k in worked if k in shown} == {k: v for k, v in worked.items() if k in shown}
    assert {"coverage", "movement_rate", "vulnerable_rate"} <= set(shown)
