"""Figures of the ninth-grade cohorts: domain.md sections 5 and 6."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable

from ..compute import Movement, Snapshot
from ..lanes import EPS, RULE_SETS
from .cells import Cell, Counts, Groups, Places, add_up, groups_of

YEAR_OF = {"G8_EOY": -1, "G9_T1": 0, "G9_EOY": 0, "G9_EOYS": 0, "G10_EOY": 1}
REASONS = (
    "end_not_due",
    "exited",
    "no_baseline",
    "no_attendance",
    "insufficient_days",
    "weighted_gpa_only",
    "no_marks",
    "insufficient_graded_credits",
)


class Outcomes:
    """One student under several metrics: counted above the line, and below it, one after the other."""

    def __init__(self) -> None:
        self.metrics: list[str] = []
        self.counts: list[int] = []

    def add(self, metric: str, numerator: int, denominator: int) -> None:
        self.metrics.append(metric)
        self.counts += (numerator, denominator)


def level_outcomes(s: Snapshot) -> Outcomes:
    """What a member of the cohort adds to the figures of one snapshot."""
    out = Outcomes()

    def rate(metric: str, counts: bool, is_hit: bool | None) -> None:
        out.add(metric, int(bool(counts and is_hit)), int(counts))

    has_lane = s.lane is not None
    for flag, holds in s.flags.items():
        rate(f"{flag}_rate", holds is not None, holds)
    if s.code in ("G9_T1", "G9_EOY"):
        for lane in range(1, RULE_SETS[s.rule_set].top + 1):
            rate(f"lane_dist_{lane}", has_lane, s.lane == lane)
    if s.code != "G9_EOY":
        return out
    rate("vulnerable_rate", has_lane, s.lane is not None and s.lane <= 2)
    took_a_course = s.attempted > 0
    rate("any_f_core_rate", took_a_course, s.n_f_core > 0)
    rate("any_df_core_rate", took_a_course, s.n_df_core > 0)
    rate("credit_pace_rate", took_a_course, s.earned >= 50 - EPS)
    out.add("df_mark_share", s.n_df_core, s.n_core)
    has_days = s.days_expected > 0 and s.null_reason != "no_attendance"
    present = s.days_expected - s.days_absent
    rate("attendance_96", has_days, 100 * present >= 96 * s.days_expected)
    rate("attendance_90_96", has_days, 90 * s.days_expected < 100 * present < 96 * s.days_expected)
    rate("attendance_80_90", has_days, 80 * s.days_expected < 100 * present <= 90 * s.days_expected)
    rate("attendance_below_80", has_days, 100 * present <= 80 * s.days_expected)
    return out


def change_outcomes(m: Movement) -> Outcomes:
    """What a member of the cohort adds to the figures of one change."""
    out = Outcomes()

    def rate(metric: str, counts: bool, hits: int) -> None:
        out.add(metric, hits if counts else 0, int(counts))

    both = m.movement is not None
    start, end = m.start_lane or 0, m.end_lane or 0
    up, down = int(m.movement == "up"), int(m.movement == "down")
    rate("move_up_9_10" if m.basis == "G9_EOY" else "movement_rate", both, up)
    rate("movement_rate_x5", both and start < RULE_SETS[m.rule_set].top, up)
    rate("exit_rate_v", both and start <= 2, int(end >= 3))
    rate("down_rate", both, down)
    rate("same_rate", both, int(m.movement == "same"))
    rate("net_movement", both, up - down)
    rate("coverage", True, int(both))
    for reason in REASONS:
        rate(f"coverage_{reason}", True, int(m.reason == reason))
    if m.basis == "G9_EOY":
        rate("off_track_rate_9_10", both, int(end <= 2))
        rate("fell_off_rate", both and start >= 3, int(end <= 2))
        rate("recovered_rate", both and start <= 2, int(end >= 3))
    return out


Period = tuple[int, str, str | None, str]  # cohort year, (end) snapshot, basis, rule set
Credit = tuple[str | None, str | None]  # district, school


def cohort_cells(
    snapshots: Iterable[Snapshot], movements: Iterable[Movement], groups: Groups, places: Places
) -> dict[Cell, Counts]:
    """Every figure of sections 5 and 6 with somebody in its denominator."""
    snapshots = list(snapshots)
    credit = {(s.person, s.code, s.cohort_year, s.rule_set): (s.district, s.school) for s in snapshots}
    rows: dict[tuple[Period, tuple[str, str]], dict[Credit, list[Outcomes]]] = defaultdict(lambda: defaultdict(list))
    for s in snapshots:
        if s.first_time:
            outcomes = level_outcomes(s)
            for group in groups_of(groups, s.person, s.cohort_year + YEAR_OF[s.code]):
                rows[((s.cohort_year, s.code, None, s.rule_set), group)][(s.district, s.school)].append(outcomes)
    taken: set[tuple[Period, tuple[str, str], str, str]] = set()
    for m in movements:
        is_due = m.reason != "end_not_due"
        # from grade 9 to 10 the school at the end of grade 9 is credited, else that of the end
        at = "G9_EOY" if m.basis == "G9_EOY" else m.end
        where: Credit = credit[(m.person, at, m.cohort_year, m.rule_set)] if is_due else (None, None)
        outcomes = change_outcomes(m)
        period = (m.cohort_year, m.end, m.basis, m.rule_set)
        for group in groups_of(groups, m.person, m.cohort_year + YEAR_OF[m.end]):
            rows[(period, group)][where].append(outcomes)
            if is_due:
                taken |= {(period, group, *entity) for entity in places.of(*where)}
    out: dict[Cell, Counts] = {}
    for (period, group), credited in rows.items():
        for entity, found in _by_entity(credited, places).items():
            if period[2] is not None and (period, group, *entity) not in taken:
                continue  # nobody's end was taken yet
            for metric, (numerator, denominator) in found.items():
                if denominator:
                    out[_cell(metric, period, entity, group)] = Counts(numerator, denominator)
    return out | _gpa_cells(snapshots, groups, places)


def _by_entity(
    credited: dict[Credit, list[Outcomes]], places: Places
) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Sums by entity and metric; a student is credited to one school and one district at the most."""
    out: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for (district, school), students in credited.items():
        by_kind: dict[tuple[str, ...], list[list[int]]] = defaultdict(list)
        for outcomes in students:
            by_kind[tuple(outcomes.metrics)].append(outcomes.counts)
        for metrics, counts in by_kind.items():
            sums = add_up(counts)
            for entity in places.of(district, school):
                mine = out[entity]
                for n, metric in enumerate(metrics):
                    before = mine.get(metric, (0, 0))
                    mine[metric] = (before[0] + sums[2 * n], before[1] + sums[2 * n + 1])
    return out


def _gpa_cells(snapshots: list[Snapshot], groups: Groups, places: Places) -> dict[Cell, Counts]:
    """Mean and median of the ninth-grade GPA over members who have one."""
    values: dict[tuple[Period, tuple[str, str], tuple[str, str]], list[float]] = defaultdict(list)
    for s in snapshots:
        if s.first_time and s.code == "G9_EOY" and s.gpa is not None:
            gpa = float(s.gpa)
            for group in groups_of(groups, s.person, s.cohort_year):
                for entity in places.of(s.district, s.school):
                    values[((s.cohort_year, s.code, None, s.rule_set), entity, group)].append(gpa)
    out = {}
    for (period, entity, group), found in values.items():
        mean = math.fsum(found) / len(found)
        out[_cell("mean_gpa", period, entity, group)] = Counts(None, len(found), mean)
        out[_cell("median_gpa", period, entity, group)] = Counts(None, len(found), statistics.median(found))
    return out


def _cell(metric: str, period: Period, entity: tuple[str, str], group: tuple[str, str]) -> Cell:
    cohort_year, snapshot, basis, rule_set = period
    return Cell(metric, cohort_year, snapshot, basis, *entity, *group, rule_set)
