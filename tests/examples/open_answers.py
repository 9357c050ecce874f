"""Answers to the questions of the public and partner tier, counted again from students' rows in plain Python."""

from __future__ import annotations

import datetime as dt
import fnmatch
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.examples.released import Released, percent, wilson

Rows = list[tuple[Any, ...]]
PEERS = ("abc", "abc_90", "ag_g9", "b_or_better", "chicago_g9", "ew_g9", "nyc_g9", "or_g9", "ousd_warning", "phl_g9", "wa_g9")  # fmt: skip
WARNINGS = ("abc", "abc_90", "ousd_warning")


def moved_up(released: Released) -> Rows:
    """Question 1."""
    up: Counter[int] = Counter()
    both: Counter[int] = Counter()
    for row in released.movements("G8_EOY", "G9_EOY"):
        if row["start_lane"] is not None and row["end_lane"] is not None:
            both[row["cohort_year"]] += 1
            up[row["cohort_year"]] += row["end_lane"] > row["start_lane"]
    rows: Rows = []
    for year in sorted(both):
        change = clear = None
        if year - 1 in both:
            change = up[year] / both[year] - up[year - 1] / both[year - 1]
            (low, high), (low_before, high_before) = wilson(up[year], both[year]), wilson(up[year - 1], both[year - 1])
            clear = low > high_before or high < low_before
        rows.append((year, up[year], both[year], percent(up[year], both[year]), change, clear))
    return rows


def vulnerable(released: Released) -> Rows:
    """Question 2."""
    low: Counter[int] = Counter()
    known: Counter[int] = Counter()
    for row in released.snapshots("G9_EOY"):
        if row["lane"] is not None:
            known[row["cohort_year"]] += 1
            low[row["cohort_year"]] += row["lane"] <= 2
    rows: Rows = []
    for year in sorted(known):
        before = year - 1 in known
        expected = Fraction(low[year - 1], known[year - 1]) * known[year] if before else 0
        rows.append(
            (
                *(year, low[year], known[year], percent(low[year], known[year])),
                low[year] - low[year - 1] if before else None,
                float(round(low[year] - expected)) if before else None,
            )
        )
    return rows


def off_track_later(released: Released) -> Rows:
    """Question 3."""
    rows: Rows = []
    cohorts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in released.movements("G9_EOY", "G10_EOY"):
        if row["start_lane"] is not None and row["end_lane"] is not None:
            cohorts[row["cohort_year"]].append((row["start_lane"], row["end_lane"]))
    for year, pairs in sorted(cohorts.items()):
        on = [end for start, end in pairs if start >= 3]
        off = [end for start, end in pairs if start <= 2]
        rows.append(
            (
                year,
                percent(sum(end <= 2 for _, end in pairs), len(pairs)),
                percent(sum(end <= 2 for end in on), len(on)),
                percent(sum(end >= 3 for end in off), len(off)),
                percent(sum(end > start for start, end in pairs), len(pairs)),
            )
        )
    return rows


def covered(released: Released) -> Rows:
    """Question 4."""
    rows: Rows = []
    for basis, end in (("G8_EOY", "G9_EOY"), ("G9_EOY", "G10_EOY"), ("G9_T1", "G9_EOY")):
        both: Counter[int] = Counter()
        members: Counter[int] = Counter()
        for row in released.movements(basis, end):
            members[row["cohort_year"]] += 1
            both[row["cohort_year"]] += row["start_lane"] is not None and row["end_lane"] is not None
        rows += [
            (year, basis, end, both[year], n, n - both[year], percent(both[year], n), 5 * both[year] >= 4 * n)
            for year, n in members.items()
            # a cohort without any start has no movement to cover
            if both[year]
        ]
    return sorted(rows)


def attendance(released: Released) -> Rows:
    """Question 5."""
    bands: dict[int, Counter[str]] = defaultdict(Counter)
    for row in released.snapshots("G9_EOY"):
        if row["days_expected"] and row["days_absent"] is not None:
            rate = 1 - Fraction(row["days_absent"]) / Fraction(row["days_expected"])
            band = (
                "96"
                if rate >= Fraction(96, 100)
                else "90"
                if rate > Fraction(9, 10)
                else "80"
                if rate > Fraction(8, 10)
                else "low"
            )
            bands[row["cohort_year"]][band] += 1
    return [
        (year, n.total(), *(percent(n[band], n.total()) for band in ("96", "90", "80", "low")))
        for year, n in sorted(bands.items())
    ]


def freshness(landing: Path, contracts: Path, as_of: dt.date) -> dict[str, tuple[int, int]]:
    """Question 6: district's name -> days since its newest and its oldest feed was last sent, by names of files alone."""
    found = {}
    for path in sorted(contracts.glob("*.yml")):
        contract = yaml.safe_load(path.read_text())
        if contract["kind"] != "district":
            continue
        latest: dict[str, dt.date] = {}
        for delivery in sorted((landing / contract["district"]).iterdir()):
            names = _names(delivery)
            date = dt.date.fromisoformat(delivery.name[:10])
            for feed in contract["files"]:
                if any(fnmatch.fnmatch(name, feed["pattern"]) for name in names):
                    latest[feed["provides"]] = max(date, latest.get(feed["provides"], date))
        ages = [
            (as_of - latest[feed]).days
            for feed in ("enrollment", "marks", "attendance", "discipline", "programs")
            if feed in latest
        ]
        found[contract["district_name"]] = (min(ages), max(ages))
    return found


def _names(delivery: Path) -> list[str]:
    if delivery.suffix == ".zip":
        with zipfile.ZipFile(delivery) as container:
            return container.namelist()
    return [path.relative_to(delivery).as_posix() for path in delivery.rglob("*") if path.is_file()]


def schools_outside(released: Released) -> dict[tuple[str, str], tuple[int, str, str, str]]:
    """Question 7: (metric, school's name) -> students, share, the collaborative's, where it stands."""
    names = {row["school_code"]: row["school_name"] for row in released.rows("partner", "dim_school")}
    moved = [
        (row["school_code"], row["end_lane"] > row["start_lane"], row["cohort_year"])
        for row in released.movements("G8_EOY", "G9_EOY")
        if row["start_lane"] is not None and row["end_lane"] is not None
    ]
    low = [
        (row["school_code"], row["lane"] <= 2, row["cohort_year"])
        for row in released.snapshots("G9_EOY")
        if row["lane"] is not None
    ]
    found = {}
    for metric, students in (("movement_rate", moved), ("vulnerable_rate", low)):
        newest = max(year for _, _, year in students)
        of_year = [(school, counts) for school, counts, year in students if year == newest]
        part, whole = sum(counts for _, counts in of_year), len(of_year)
        for school in {school for school, _ in of_year if school is not None}:
            n = [counts for at, counts in of_year if at == school]
            lower, upper = wilson(sum(n), len(n))
            stands = (
                "too few to judge"
                if len(n) < 20
                else "above"
                if lower > part / whole
                else "below"
                if upper < part / whole
                else "inside"
            )
            found[metric, names[school]] = (len(n), percent(sum(n), len(n)), percent(part, whole), stands)
    return found


def chronic(released: Released) -> dict[str, dict[int, tuple[int, int]]]:
    """Question 11: district's name -> school year -> chronically absent and all students with enough days there."""
    names = {row["district_code"]: row["district_name"] for row in released.rows("partner", "dim_district")}
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for district in released.districts:
        code = released.own_code(district)
        days: dict[tuple[int, str], list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
        for row in released.rows(f"restricted/{district}", "attendance_term", district_code=code):
            if row["days_expected"] is not None and row["days_absent"] is not None:
                days[row["school_year"], row["student_key"]][0] += Fraction(row["days_expected"])
                days[row["school_year"], row["student_key"]][1] += Fraction(row["days_absent"])
        counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for (year, _), (expected, absent) in days.items():
            if expected > 30:
                part, whole = counts[year]
                counts[year] = (part + (10 * absent >= expected), whole + 1)
        found[names[code]] = dict(counts)
    return found


def predicted(released: Released) -> dict[str, tuple[int, int, float]]:
    """Question 12: indicator -> students, on track in grade 10, chance that the better value goes with it."""
    later = {
        (row["student_key"], row["cohort_year"]): row["on_track"]
        for row in released.snapshots("G10_EOY")
        if row["lane"] is not None
    }
    found = {}
    for name in ("lane", *PEERS):
        good: Counter[int] = Counter()
        bad: Counter[int] = Counter()
        for row in released.snapshots("G9_EOY"):
            outcome = later.get((row["student_key"], row["cohort_year"]))
            if row[name] is not None and outcome is not None:
                (good if outcome else bad)[int(row[name]) * (-1 if name in WARNINGS else 1)] += 1
        pairs = sum(n * m * (2 * (x > y) + (x == y)) for x, n in good.items() for y, m in bad.items())
        found[name] = (good.total() + bad.total(), good.total(), pairs / (2 * good.total() * bad.total()))
    return found


def other_rules(released: Released) -> dict[str, tuple[Fraction, Fraction]]:
    """Question 13, those choices of which students' rows tell: choice -> movement rate by default and under it, tonight."""
    newest = max(row["cohort_year"] for row in released.movements("G8_EOY", "G9_EOY"))

    def lanes(code: str, rule_set: str) -> dict[str, int | None]:
        known = {r["student_key"]: r for r in released.snapshots(code, rule_set) if r["cohort_year"] == newest}
        for row in released.everywhere("student_snapshot_current", rule_set):
            if row["snapshot_code"] == code and row["cohort_year"] == newest and row["student_key"] in known:
                known[row["student_key"]] = row
        return {key: row["lane"] for key, row in known.items()}

    def pairs(end: str, rule_set: str) -> list[tuple[int, int]]:
        start, finish = lanes("G8_EOY", rule_set), lanes(end, rule_set)
        return [(s, e) for key, s in start.items() if s is not None and (e := finish.get(key)) is not None]

    def rate(of: list[tuple[int, int]], whole: int | None = None) -> Fraction:
        return Fraction(sum(e > s for s, e in of), whole or len(of))

    default = pairs("G9_EOY", "core5_v1")
    return {
        "include_summer": (rate(default), rate(pairs("G9_EOYS", "core5_v1"))),
        "plus_minus_keep": (rate(default), rate(pairs("G9_EOY", "core5_v1_pm"))),
        "scheme_simple4": (rate(default), rate(pairs("G9_EOY", "simple4_v1"))),
        "denominator_below_top": (rate(default), rate([pair for pair in default if pair[0] < 5])),
        "denominator_whole_cohort": (rate(default), rate(default, len(lanes("G9_EOY", "core5_v1")))),
    }


def data_care(released: Released) -> dict[str, tuple[float, float]]:
    """Question 14: district's name -> share of marks and of courses without a meaning in the latest year with marks."""
    names = {row["district_code"]: row["district_name"] for row in released.rows("partner", "dim_district")}
    found = {}
    for district in released.districts:
        code = released.own_code(district)
        marks = released.rows(f"restricted/{district}", "course_mark", district_code=code)
        year = max(row["school_year"] for row in marks)
        of_year = [row for row in marks if row["school_year"] == year]
        found[names[code]] = (
            sum(row["mark"] is None and row["mark_raw"] is not None for row in of_year) / len(of_year),
            sum(row["subject_area"] is None for row in of_year) / len(of_year),
        )
    return found


def gaps(released: Released) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Question 8: (group type, group's name) -> low and all students of the group, low and all others; the latest cohort."""
    names = {(r["group_type"], r["group_code"]): r for r in released.rows("partner", "student_group")}
    newest = max(row["cohort_year"] for row in released.snapshots("G9_EOY"))
    students = {
        row["student_key"]: row["lane"] <= 2
        for row in released.snapshots("G9_EOY")
        if row["cohort_year"] == newest and row["lane"] is not None
    }
    members: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in released.everywhere("student_group_year", None):
        if row["school_year"] == newest and row["student_key"] in students:
            members[row["group_type"], row["group_code"]].add(row["student_key"])
    found = {}
    for (kind, code), group in members.items():
        if code.startswith("NOT_"):
            continue
        other = names[kind, code]["complement_code"]
        rest = members[kind, other] if other else students.keys() - group
        counts = (sum(students[key] for key in group), len(group), sum(students[key] for key in rest), len(rest))
        found[kind, names[kind, code]["group_name"]] = counts
    return found


def aims(released: Released) -> dict[str, tuple[float, float]]:
    """Question 9: school's name -> change of movement and of off-track rates, from the cohort before it joined to the latest."""
    names = {row["school_code"]: row["school_name"] for row in released.rows("partner", "dim_school")}
    joined = {row["school_code"]: row["start_year"] for row in released.rows("partner", "btsc_membership")}
    newest = max(row["cohort_year"] for row in released.movements("G9_EOY", "G10_EOY"))

    def rates(basis: str, end: str, counts: Callable[[int, int], bool]) -> dict[tuple[str, int], Fraction]:
        of: dict[tuple[str, int], list[bool]] = defaultdict(list)
        for row in released.movements(basis, end):
            if row["start_lane"] is not None and row["end_lane"] is not None:
                of[row["school_code"], row["cohort_year"]].append(counts(row["start_lane"], row["end_lane"]))
        return {key: Fraction(sum(values), len(values)) for key, values in of.items()}

    moved = rates("G8_EOY", "G9_EOY", lambda start, end: end > start)
    off = rates("G9_EOY", "G10_EOY", lambda _, end: end <= 2)
    found = {}
    for school, start_year in joined.items():
        keys = [(school, newest), (school, start_year - 1)]
        if start_year <= newest and all(key in table and table[key] for key in keys for table in (moved, off)):
            changes = [table[keys[0]] / table[keys[1]] - 1 for table in (moved, off)]
            found[names[school]] = (float(changes[0]), float(changes[1]))
    return found


def signals(released: Released) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Question 10: (measure, place) -> points with a signal, the latest: label, signal, value, center, better side."""
    names = {row["district_code"]: row["district_name"] for row in released.rows("partner", "dim_district")}
    measures = {row["measure_code"]: row for row in released.rows("partner", "series_measure")}
    charts: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in released.rows("partner", "improvement_series", group_code="ALL"):
        if row["level"] in ("collaborative", "district") and row["signal"] and not row["is_provisional"]:
            charts[row["measure_code"], names.get(row["entity_code"], "CORE Districts")].append(row)
    found = {}
    for (code, place), points in charts.items():
        last = max(points, key=lambda row: row["period_start"])
        higher = measures[code]["direction"] == "higher_is_better"
        found[measures[code]["name"], place] = (
            *(len(points), last["period_label"], last["signal"], last["value"], last["center"]),
            (last["value"] > last["center"]) == higher,
        )
    return found
