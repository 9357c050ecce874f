"""Lanes: a lane or a reason, nested as they should be in the peers' indicators (domain.md section 4)."""

from __future__ import annotations

from expectations.contract import RELEASE_DISTRICT
from expectations.suite import Rule, never

LOOK = "the lane models disagree with lane_rule: run the golden tests and the reference before anything else"
DEFAULT = "rule_set in (select rule_set from public.rule_set where is_default)"


def lane_rules() -> list[Rule]:
    """Rules of student_snapshot and of student_snapshot_current, which have the same columns."""
    return [rule for table in ("student_snapshot", "student_snapshot_current") for rule in _of(f"restricted.{table}")]


def _of(table: str) -> list[Rule]:
    def hold(what: str, broken: str) -> Rule:
        return never(table, what, broken, LOOK, RELEASE_DISTRICT)

    return [
        hold("a lane is NULL exactly where a reason is given", "(lane is null) <> (null_reason is not null)"),
        hold("lane and lane_name stand together", "(lane is null) <> (lane_name is null)"),
        hold("a lane is 1 to 5", "lane not between 1 and 5"),
        hold("on_track is lane 3 and up", "on_track is distinct from (lane >= 3)"),
        hold("gate_failed is NULL where lane is NULL", "lane is null and gate_failed is not null"),
        hold("a GPA is 0 to 4", "gpa < 0 or gpa > 4 + 1e-9"),
        hold("an attendance rate is 0 to 1", "attendance_rate < 0 or attendance_rate > 1"),
        hold("days absent do not exceed days expected", "days_absent > days_expected + 1e-9"),
        hold("counts and credits are not negative", "least(n_f_core, n_df_core, credits_earned, n_suspensions) < 0"),
        hold(
            "on track at the end of grade 9 implies on track by Chicago's rule (first-time, not prorated)",
            "snapshot_code = 'G9_EOY' and lane >= 3 and is_first_time_grade9 and not coalesce(credits_prorated, false) "
            f"and chicago_g9 is distinct from true and {DEFAULT}",
        ),
        hold(
            "lane 4 and up at the end of grade 9 implies on track by the E-W framework (discipline known)",
            "snapshot_code = 'G9_EOY' and lane >= 4 and ew_g9 is distinct from true "
            f"and not list_contains(coalesce(partial_inputs, []), 'discipline') and {DEFAULT}",
        ),
        hold("a progress snapshot is never frozen", "starts_with(snapshot_code, 'G9_P') and is_frozen"),
        hold("a frozen row says when it was frozen", "is_frozen and frozen_on is null"),
    ]
