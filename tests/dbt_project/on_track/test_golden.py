"""The worked examples of domain.md section 13, through the models of on_track and published."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.on_track.golden_rows import person
from tests.golden.students import COHORT, EXPECTED, FIRST_TERM, WITH_SUMMER

DEFAULT = f"rule_set = 'core5_v1' and cohort_year = {COHORT}"


def snapshot(con: duckdb.DuckDBPyConnection, student: str, code: str) -> dict:
    found = con.execute(f"select * from on_track.student_snapshot where {DEFAULT} and person_id = ? and snapshot_code = ?", [person(student), code])  # fmt: skip
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    assert len(rows) == 1, f"{student} {code}"
    return dict(zip(names, rows[0], strict=True))


def figure(con: duckdb.DuckDBPyConnection, code: str, snapshot_code: str, basis: str | None = None, rule_set: str = "core5_v1",
           level: str = "collaborative") -> tuple:  # fmt: skip
    """Numerator and denominator before anything is hidden: some of the examples are about fewer than 11 students."""
    rows = con.execute(
        "select numerator, denominator from on_track.metric_cell where metric_code = ? and snapshot_code = ? and basis is not distinct from ? "
        f"and rule_set = ? and level = ? and group_code = 'ALL' and cohort_year = {COHORT}",
        [code, snapshot_code, basis, rule_set, level],
    ).fetchall()
    assert len(rows) == 1, code
    return rows[0]


@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_lanes_flags_and_movement(golden: duckdb.DuckDBPyConnection, student: str) -> None:
    g8_gpa, g8_att, g8_lane, hsr, gpa, att, f, credits, lane, move, chicago, ew, wa = EXPECTED[student]
    g8, g9 = snapshot(golden, student, "G8_EOY"), snapshot(golden, student, "G9_EOY")
    if g8_gpa is None:
        assert (g8["lane"], g8["null_reason"]) == (None, "not_enrolled")
    else:
        assert (round(g8["gpa"], 4), round(100 * g8["attendance_rate"], 2)) == (g8_gpa, g8_att)
        assert (g8["lane"], g8["hsr_core"], g8["credits_due"], g8["chicago_g9"]) == (g8_lane, hsr, None, None)
    if isinstance(lane, str):
        assert (g9["lane"], g9["null_reason"], g9["reasons"], g9["abc"]) == (None, lane, None, None)
    else:
        assert (round(g9["gpa"], 4), round(100 * g9["attendance_rate"], 2)) == (gpa, att)
        assert (round(float(g9["n_f_core"]), 4), round(float(g9["credits_earned"]), 2)) == (f, credits)
        assert (g9["lane"], g9["on_track"]) == (lane, lane >= 3)
        assert bool(g9["reasons"]) == (lane < 5)
    if move is None:
        assert not g9["is_first_time_grade9"]
        assert (float(g9["credits_earned_total"]), float(g9["credits_due"])) == (80, 100)
    else:
        assert (g9["chicago_g9"], g9["ew_g9"], g9["wa_g9"]) == (chicago, ew, wa)
    moved = golden.execute(
        f"select coalesce(movement, no_movement_reason) from on_track.student_movement where {DEFAULT} and person_id = ? "
        "and basis = 'G8_EOY' and end_snapshot_code = 'G9_EOY'",
        [person(student)],
    ).fetchall()
    assert moved == ([] if move is None else [(move,)])


def test_first_term_and_summer(golden: duckdb.DuckDBPyConnection) -> None:
    for student, lane in FIRST_TERM.items():
        s = snapshot(golden, student, "G9_T1")
        assert lane in (s["lane"], s["null_reason"])
    for student, (gpa, f, credits, lane) in WITH_SUMMER.items():
        s = snapshot(golden, student, "G9_EOYS")
        assert (s["gpa"], float(s["n_f_core"]), float(s["credits_earned"]), s["lane"]) == (gpa, f, credits, lane)


def test_reasons_say_what_is_missing(golden: duckdb.DuckDBPyConnection) -> None:
    assert snapshot(golden, "04", "G9_EOY")["reasons"] == ["Attendance is 95.95%; 96% or more is needed"]
    assert snapshot(golden, "16", "G9_EOY")["reasons"] == ["Suspended 3 times this year"]
    assert snapshot(golden, "10", "G9_EOY")["reasons"] == ["Credits earned are 80 of 100 due by now"]
    assert snapshot(golden, "14", "G9_EOY")["reasons"] == [
        "GPA is 3; 3.5 or more is needed",
        "A core course has a D, an F or no pass (NP in SOCIAL_SCIENCE, S2)",
    ]


@pytest.mark.parametrize(
    ("code", "end", "basis", "numerator", "denominator"),
    [
        ("coverage", "G9_EOY", "G8_EOY", 12, 15),
        ("coverage_no_baseline", "G9_EOY", "G8_EOY", 1, 15),
        ("coverage_exited", "G9_EOY", "G8_EOY", 1, 15),
        ("coverage_insufficient_days", "G9_EOY", "G8_EOY", 1, 15),
        ("movement_rate", "G9_EOY", "G8_EOY", 3, 12),
        ("same_rate", "G9_EOY", "G8_EOY", 5, 12),
        ("down_rate", "G9_EOY", "G8_EOY", 4, 12),
        ("net_movement", "G9_EOY", "G8_EOY", -1, 12),
        ("movement_rate_x5", "G9_EOY", "G8_EOY", 3, 10),
        ("exit_rate_v", "G9_EOY", "G8_EOY", 1, 3),
        ("movement_rate", "G9_EOYS", "G8_EOY", 4, 12),
        ("vulnerable_rate", "G9_EOY", None, 5, 13),
        ("lane_dist_1", "G9_EOY", None, 1, 13),
        ("lane_dist_5", "G9_EOY", None, 1, 13),
        ("hsr_core_rate", "G8_EOY", None, 6, 14),
        ("chicago_g9_rate", "G9_EOY", None, 9, 13),
        ("ew_g9_rate", "G9_EOY", None, 4, 13),
        ("wa_g9_rate", "G9_EOY", None, 7, 13),
        ("off_track_rate_9_10", "G10_EOY", "G9_EOY", 2, 12),
        ("fell_off_rate", "G10_EOY", "G9_EOY", 1, 8),
        ("recovered_rate", "G10_EOY", "G9_EOY", 3, 4),
        ("move_up_9_10", "G10_EOY", "G9_EOY", 4, 12),
        ("down_rate", "G10_EOY", "G9_EOY", 1, 12),
        ("same_rate", "G10_EOY", "G9_EOY", 7, 12),
        ("coverage", "G10_EOY", "G9_EOY", 12, 15),
    ],
)
def test_aggregates(golden: duckdb.DuckDBPyConnection, code: str, end: str, basis: str | None, numerator: int, denominator: int) -> None:  # fmt: skip
    assert figure(golden, code, end, basis) == (numerator, denominator)


def test_other_rule_sets(golden: duckdb.DuckDBPyConnection) -> None:
    assert figure(golden, "movement_rate", "G9_EOY", "G8_EOY", "core5_v1_pm") == (2, 12)
    assert figure(golden, "movement_rate", "G9_EOY", "G8_EOY", "simple4_v1") == (3, 12)
    assert figure(golden, "lane_dist_4", "G9_EOY", None, "simple4_v1") == (4, 13)
    none = "select count(*) from on_track.metric_cell where rule_set = 'simple4_v1' and metric_code = 'lane_dist_5'"
    assert golden.execute(none).fetchall() == [(0,)]


def test_schools_are_credited_once(golden: duckdb.DuckDBPyConnection) -> None:
    """Student 08 counts for the second district and 12, without 31 days anywhere, for the collaborative alone."""
    rows = golden.execute(
        "select entity_code, denominator from on_track.metric_cell where metric_code = 'coverage' and basis = 'G8_EOY' and snapshot_code = 'G9_EOY' "
        f"and level = 'district' and group_code = 'ALL' and {DEFAULT} order by 1"
    ).fetchall()
    assert rows == [("1062166", 1), ("3066522", 13)]
    assert figure(golden, "coverage", "G9_EOY", "G8_EOY", level="btsc_cohort") == (11, 13)


def test_partner_hides_small_figures_and_shows_the_rest(golden: duckdb.DuckDBPyConnection) -> None:
    shown = "select display, numerator, ci_low, suppression, is_provisional from partner.metric where " + DEFAULT + " and group_code = 'ALL' and snapshot_code = 'G9_EOY'"  # fmt: skip
    where = " and level = ? and metric_code = ? and basis is not distinct from ?"
    display, numerator, low, suppression, provisional = golden.execute(
        shown + where, ["collaborative", "net_movement", "G8_EOY"]
    ).fetchall()[0]
    assert (display, numerator, low, suppression, provisional) == ("-8.3 pp", -1, None, "none", False)
    display, _, low, *_ = golden.execute(shown + where, ["collaborative", "movement_rate", "G8_EOY"]).fetchall()[0]
    assert (display, round(low, 4)) == ("25.0%", 0.0889)
    hidden = golden.execute(shown + where, ["collaborative", "exit_rate_v", "G8_EOY"]).fetchall()[0]
    assert hidden == ("*", None, None, "suppressed", False)
    # one student of the second district: shown anywhere, the first district's figure would give it away
    for district in ("1062166", "3066522"):
        assert golden.execute(
            shown + where + " and entity_code = ?", ["district", "movement_rate", "G8_EOY", district]
        ).fetchall() == [("*", None, None, "suppressed", False)]
    assert golden.execute("select count(*) from partner.metric where denominator between 1 and 10").fetchall() == [(0,)]


def test_school_on_track_repeats_metric(golden: duckdb.DuckDBPyConnection) -> None:
    row = golden.execute(
        f"select vulnerable_rate, vulnerable_rate_n, movement_rate, movement_rate_n, coverage_n from partner.school_on_track where {DEFAULT} "
        "and group_code = 'ALL' and school_code = '30665220110002'"
    ).fetchall()
    metric = golden.execute(
        f"select value, denominator from partner.metric where {DEFAULT} and group_code = 'ALL' and entity_code = '30665220110002' and snapshot_code = 'G9_EOY' "
        "and (metric_code, coalesce(basis, '')) in (('vulnerable_rate', ''), ('movement_rate', 'G8_EOY')) order by metric_code"
    ).fetchall()
    assert row[0][:4] == (metric[1] + metric[0])


def test_names_types_and_comments(golden: duckdb.DuckDBPyConnection) -> None:
    bare = golden.execute(
        "select table_name, column_name from duckdb_columns() where schema_name in ('restricted', 'partner', 'public') and coalesce(comment, '') = ''"
    ).fetchall()
    assert bare == []
    types = dict(
        golden.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'restricted' and table_name = 'student_snapshot'"
        ).fetchall()
    )
    assert types["reasons"] == types["partial_inputs"] == "VARCHAR[]"
    assert types["credits_due"] == types["days_absent"] == types["gpa"] == "DOUBLE"
    assert (types["lane"], types["cohort_year"], types["as_of"], types["ag_g9"]) == ("INTEGER", "INTEGER", "DATE", "BOOLEAN")  # fmt: skip
