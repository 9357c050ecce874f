"""Each suite passes on a sound warehouse, and each planted fault fails exactly the rule that guards it."""

from __future__ import annotations

import duckdb
import pytest

from expectations import marts, published
from expectations.suite import Judge, Verdict
from tests.support.small_warehouse import KEY, build


@pytest.fixture(scope="module")
def judge() -> tuple[duckdb.DuckDBPyConnection, Judge]:
    con = duckdb.connect()
    build(con)
    return con, Judge(con)


def failed(verdicts: list[Verdict]) -> dict[str, int]:
    return {verdict.name: verdict.failed for verdict in verdicts if verdict.status == "failed"}


def test_a_sound_warehouse_passes(judge: tuple[duckdb.DuckDBPyConnection, Judge]) -> None:
    _, ask = judge
    verdicts = ask.judge("marts", marts.rules()) + ask.judge("published", published.rules())
    assert failed(verdicts) == {}
    assert len(verdicts) == len({verdict.name for verdict in verdicts}) > 100


FIGURE = (
    "'movement_rate' as metric_code, 2024 as cohort_year, 'G9_EOY' as snapshot_code, 'G8_EOY' as basis, "
    "'core5_v1' as rule_set, 'collaborative' as level, 'CORE' as entity_code,"
)
SCHOOL = "11111110000001"
GAP = f"insert into partner.equity_gap by name select {FIGURE}"
FUNNEL = f"insert into partner.school_funnel by name select {FIGURE} '{SCHOOL}' as school_code,"
FAULTS = [
    (
        "update restricted.student_snapshot set lane = null where student_key = '{1}'",
        "restricted.student_snapshot: a lane is NULL exactly where a reason is given",
        1,
    ),
    (
        "update restricted.student_snapshot set chicago_g9 = null where student_key = '{3}'",
        "restricted.student_snapshot: on track at the end of grade 9 implies on track by Chicago's rule "
        "(first-time, not prorated)",
        1,
    ),
    (
        "update restricted.student_snapshot set snapshot_code = 'G9_P1' where student_key = '{1}'",
        "restricted.student_snapshot: a progress snapshot is never frozen",
        1,
    ),
    (
        "update restricted.student_movement set movement = 'down' where student_key = '{2}'",
        "restricted.student_movement: movement is the sign of end lane less start lane",
        1,
    ),
    (
        "update restricted.movement_matrix set n = n + 1 where _release_district = 'north'",
        "restricted.movement_matrix: adds up to the movements of the students credited",
        1,
    ),
    (
        "insert into restricted.enrollment select * from restricted.enrollment where student_key = '{1}'",
        "restricted.enrollment: one row per _release_district, student_key, school_code, entry_date",
        1,
    ),
    (
        "delete from restricted.student where _release_district = 'south'",
        "restricted.student: every district is there",
        1,
    ),
    (
        "delete from restricted.course_mark where _release_district = 'south'",
        "restricted.course_mark: every district that sends marks is there",
        1,
    ),
    (
        "update restricted.course_mark set mark = 'Zed' where student_key = '{1}'",
        "restricted.course_mark: mark is a value of the contract",
        1,
    ),
    (
        "update restricted.attendance_term set days_excused = 9 where student_key = '{1}'",
        "restricted.attendance_term: days absent are excused, unexcused, suspended out of school and independent study "
        "without credit",
        1,
    ),
    ("update partner.metric set denominator = 10", "partner.metric: no figure about 1 to 10 students", 1),
    (
        "update partner.lane_validity set n = 10",
        "partner.lane_validity: no figure about 1 to 10 students, and a hidden row shows nothing",
        1,
    ),
    (
        "update partner.metric_quality set suppression = 'suppressed'",
        "partner.metric_quality: no figure about 1 to 10 students, and a hidden row shows nothing",
        1,
    ),
    (
        "update partner.metric_quality set difference = -difference",
        "partner.metric_quality: a difference is what the two values differ by",
        1,
    ),
    (
        "update public.metric set numerator = 85",
        "public.metric: a shown rate has no outcome of 1 to 10 students",
        1,
    ),
    ("update public.metric set numerator = 31", "public.metric: says what the partner tier says", 1),
    ("update public.metric set is_provisional = true", "public.metric: only what is settled is public", 1),
    (
        "update public.metric set suppression = 'coded', numerator = null, value = null, ci_low = null, ci_high = null, "
        "display = '>=90%', denominator = 19",
        "public.metric: a bound leaves at least three counts open, and stands without an interval",
        1,
    ),
    (
        "update public.metric set metric_code = 'net_movement', group_code = 'EL'",
        "public.metric: parts of movement stand for all students alone",
        1,
    ),
    (
        "update public.metric set metric_code = 'lane_dist_1', group_code = 'EL', level = 'school'",
        "public.metric: groups below district level have no distribution of lanes",
        1,
    ),
    (
        "insert into public.metric select * replace ('lane_dist_1' as metric_code) from public.metric; insert into "
        "public.metric select * replace ('lane_dist_2' as metric_code, 'suppressed' as suppression, '*' as display, "
        "null as numerator, null as denominator, null as value, null as ci_low, null as ci_high) "
        "from public.metric where metric_code = 'lane_dist_1'",
        "public.metric: lanes stand together or not at all",
        1,
    ),
    ("update partner.metric set value = 0.5", "partner.metric: a rate is numerator over denominator", 1),
    (
        f"insert into partner.aim_progress by name select '{SCHOOL}' as school_code, 2025 as cohort_year, "
        "'core5_v1' as rule_set, 0.5 as movement_current, 30 as movement_current_n, 'hidden' as not_evaluated_reason",
        "partner.aim_progress: a school's figures are those of table metric",
        1,
    ),
    (
        f"insert into partner.aim_progress by name select '{SCHOOL}' as school_code, 'core5_v1' as rule_set, "
        "true as aim_met, true as movement_met, false as off_track_met",
        "partner.aim_progress: a school meets the aim with both bullets",
        1,
    ),
    (
        f"insert into partner.aim_progress by name select '{SCHOOL}' as school_code, 'core5_v1' as rule_set, "
        "true as movement_met, 0.196 as movement_change, 30 as movement_base_n, 30 as movement_current_n",
        "partner.aim_progress: a bullet is met where its change says so",
        1,
    ),
    (
        "insert into partner.aim_progress by name select 2025 as cohort_year, 'core5_v1' as rule_set, "
        "1 as n_schools, 1 as n_schools_evaluated, 1 as n_schools_met",
        "partner.aim_progress: the network counts its schools",
        1,
    ),
    (
        f"{GAP} 'gender' as group_type, 'F' as group_code, 30 as n_group, 0.5 as rate_group",
        "partner.equity_gap: the group's figure is that of table metric",
        1,
    ),
    (
        f"{GAP} 'all' as group_type, 'ALL' as group_code, 19 as n_group, 71 as n_not_group, 0.1 as gap_pp",
        "partner.equity_gap: groups are compared from n_highlight students on both sides",
        1,
    ),
    (
        f"{GAP} 'all' as group_type, 'ALL' as group_code, 'suppressed' as suppression, 90 as n_all",
        "partner.equity_gap: a row that is hidden shows nothing",
        1,
    ),
    (
        f"{GAP} 'all' as group_type, 'ALL' as group_code, 40 as n_group, 50 as n_not_group, 90 as n_all, "
        "0.5 as rate_group, 0.1 as rate_not_group, 1/3 as rate_all",
        "partner.equity_gap: the others are the NOT_ group of table metric, or all less the group",
        1,
    ),
    (
        f"{FUNNEL} 40 as n, 0.5 as value, 0.5 as mean_rate",
        "partner.school_funnel: a school's figure is that of table metric",
        1,
    ),
    (
        f"{FUNNEL} 0.6 as value, 0.5 as mean_rate, 0.4 as lower_95, 0.55 as upper_95, 0.3 as lower_998, "
        "0.7 as upper_998, 'inside' as position_95, 'inside' as position_998",
        "partner.school_funnel: limits enclose the mean, and positions are what the limits say",
        1,
    ),
    (
        "insert into partner.school_spread by name select 'movement_rate' as metric_code, 2 as n_schools",
        "partner.school_spread: counts the schools of school_funnel",
        1,
    ),
    (
        "insert into public.equity_gap by name select 'simple4_v1' as rule_set",
        "public.equity_gap: the public tier speaks of the default rule set alone",
        1,
    ),
    (
        "alter table public.metric alter value type decimal(9,4)",
        "public.metric: columns have the types of the contract",
        1,
    ),
    ("alter table partner.dim_school add column ssid varchar", "partner: no column of a student", 1),
    (
        "update partner.metric set metric_code = 'made_up'",
        "partner.metric: metric_code stands in partner.metric_definition",
        1,
    ),
    ("drop table public.dim_school", "public.dim_school: one row per school_code", 1),
    (
        "update partner.improvement_series set n_students = 10",
        "partner.improvement_series: no point about 1 to 10 students",
        2,
    ),
    (
        "update public.improvement_series set numerator = 990, value = 0.99 where n = 1000",
        "public.improvement_series: a point is settled, and the partner tier's point",
        1,
    ),
    (
        "update public.improvement_series set numerator = 995, value = 0.995 where n = 1000",
        "public.improvement_series: both outcomes of a public point count 11 or more",
        1,
    ),
    (
        # 900 of 1,000 days in all, 890 of 995 in one district: five days are left
        "".join(
            f"insert into {tier}.improvement_series by name select * replace ('district' as level, '1111111' as entity_code, "
            "890 as numerator, 995 as n, 890 / 995 as value) from "
            f"{tier}.improvement_series where measure_code = 'attendance_month'; "
            for tier in ("partner", "public")
        ),
        "public.improvement_series: what shown parts leave of a shown total is nobody, or 11 and more",
        1,
    ),
    (
        "update partner.metric set suppression = 'suppressed'",
        "partner.improvement_series: an annual point is a shown figure of table metric",
        1,
    ),
    (
        "update public.improvement_series set suppression = 'suppressed' where n = 1000",
        "public.improvement_series: a hidden point shows nothing",
        1,
    ),
    (
        "update public.improvement_series set signal = 'runs+shift' where n = 1000",
        "public.improvement_series: a signal is a list of codes in their order, on points that are charted",
        1,
    ),
    (
        "update public.improvement_series set center = 1.2 where n = 1000",
        "public.improvement_series: center and limits lie between 0 and 1 and in their order",
        1,
    ),
    (
        "update partner.focus_area_progress set value = 0.5",
        "partner.focus_area_progress: a value stands in table metric or improvement_series",
        1,
    ),
    (
        "update public.capability set outcome = 0.5",
        "public.capability: an outcome is a shown figure of table metric",
        1,
    ),
    (
        "update partner.data_quality set value = 1.01",
        "partner.data_quality: a share is from 0 to 1, a count from 0 to what was looked at",
        2,
    ),
    (
        "update partner.data_quality set measure = 'ssid_missing_share', n = 10",
        "partner.data_quality: no measure of students looks at 1 to 10 of them",
        2,
    ),
    (
        "update public.data_quality set measure = 'ssid_missing_share', value = 0.1",
        "public.data_quality: no measure of students tells 1 to 10 of them from the others, and none tells of "
        "doubtful identities",
        2,
    ),
    (
        "update public.data_quality set measure = 'birth_dates_disagree', value = 20",
        "public.data_quality: no measure of students tells 1 to 10 of them from the others, and none tells of "
        "doubtful identities",
        2,
    ),
    (
        "update partner.data_quality set measure = 'school_months_unrecorded_over_5_percent', value = 1",
        "partner.data_quality: no school has more than 5% unrecorded days in a month",
        2,
    ),
]


@pytest.mark.parametrize(("fault", "rule", "n"), FAULTS, ids=[rule for _, rule, _ in FAULTS])
def test_a_planted_fault_is_found_and_counted(fault: str, rule: str, n: int) -> None:
    con = duckdb.connect()
    build(con)
    con.execute(fault.replace("{1}", KEY[1]).replace("{2}", KEY[2]).replace("{3}", KEY[3]))
    ask = Judge(con)
    suite = marts.rules() if rule.startswith("restricted") else published.rules()
    table = rule.split(":")[0]
    verdicts = ask.judge("suite", [item for item in suite if item.table.startswith(table)])
    assert failed(verdicts)[rule] == n


def test_verdicts_hold_no_value_of_a_student() -> None:
    con = duckdb.connect()
    build(con)
    con.execute(
        "update restricted.student set ssid = 'Quixote', local_student_id = 'Quixote', race_ethnicity = 'Quixote'"
    )
    con.execute("update restricted.student_snapshot set null_reason = 'Quixote'")
    verdicts = Judge(con).judge("marts", marts.rules())
    assert failed(verdicts)
    told = " ".join(str(verdict.as_dict()) for verdict in verdicts)
    assert "Quixote" not in told
    assert not any(key in told for key in KEY.values())


def test_a_warning_does_not_block() -> None:
    verdict = Verdict("s", "n", "a.b", "asks", "action", "warning", "failed", 3)
    assert not verdict.blocks
