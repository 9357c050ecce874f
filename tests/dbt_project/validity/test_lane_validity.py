"""Table lane_validity against a second, plain computation over students: pairs are counted one by one."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt_project.validity import predicted_rows
from tests.dbt_project.validity.predicted_rows import CARRIED

PARTITIONS = Path(__file__).parents[3] / "dbt_project" / "seeds" / "group_partition.csv"
OUTCOMES = ("on_track_g10", "credits_due_by_g10", "enrolled_g10")
KEYS = ("snapshot_code", "predictor", "outcome", "group_code")
Case = tuple[int, Any, int, bool]  # cohort, value of the predictor, lane, outcome


def outcome(row: dict[str, Any], name: str) -> bool | None:
    """What came of a student, from the row of G10_EOY; None: not known."""
    enrolled = row["null_reason"] != "not_enrolled"
    if name == "enrolled_g10":
        return enrolled
    if name == "on_track_g10":
        return None if row["lane"] is None else row["lane"] >= 3
    if not enrolled or "marks" in row["partial_inputs"]:
        return None
    return bool(row["credits_earned_total"] >= 100 - 1e-6)


def cases() -> dict[tuple[str, str, str, str], list[Case]]:
    """Students by snapshot, predictor, outcome and group."""
    taken, groups = predicted_rows.snapshots()
    member = defaultdict(set)
    for g in groups:
        member[g["person_id"], g["school_year"]].add(g["group_code"])
    ends = {r["person_id"]: r for r in taken if r["snapshot_code"] == "G10_EOY" and r["is_first_time_grade9"]}
    found = defaultdict(list)
    for row in taken:
        end = ends.get(row["person_id"])
        if row["snapshot_code"] == "G10_EOY" or row["lane"] is None or end is None:
            continue
        for name in OUTCOMES:
            came = outcome(end, name)
            if came is None:
                continue
            for predictor in ("lane", *CARRIED[row["snapshot_code"]]):
                if row.get(predictor) is None:
                    continue
                for group in ("ALL", *member[row["person_id"], row["school_year"]]):
                    found[row["snapshot_code"], predictor, name, group].append(
                        (row["cohort_year"], row[predictor], row["lane"], came)
                    )
    return found


def area(scores: list[tuple[float, bool]]) -> float | None:
    """Chance that one with the outcome scores higher than one without, over all pairs."""
    with_it, without = [s for s, y in scores if y], [s for s, y in scores if not y]
    if not with_it or not without:
        return None
    wins = sum(Fraction(1) if a > b else Fraction(1, 2) if a == b else Fraction(0) for a in with_it for b in without)
    return float(wins / (len(with_it) * len(without)))


def wilson(y: int, n: int) -> tuple[float, float]:
    """Roots of the score equation (p - x)^2 = z^2 x (1 - x) / n."""
    z2, p = 1.959963984540054**2, y / n
    a, b, c = 1 + z2 / n, -(2 * p + z2 / n), p * p
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def gaps(group: list[Case], everybody: list[Case]) -> dict[Any, tuple[Fraction, int]]:
    """By value: promised less what came (in students), and how many students could be promised anything."""
    out: dict[Any, tuple[Fraction, int]] = {}
    for value in {v for _, v, _, _ in group}:
        missed, n = Fraction(0), 0
        for cohort, v, _, came in group:
            earlier = [y for c, w, _, y in everybody if w == value and c < cohort]
            if v == value and earlier:
                missed += Fraction(sum(earlier), len(earlier)) - came
                n += 1
        out[value] = (missed, n)
    return out


@pytest.fixture(scope="module")
def figures(built: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = built.execute("select * from on_track.validity_figure")
    names = [c[0] for c in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(*(row[k] for k in KEYS), row["predictor_value"]): row for row in rows}


@pytest.fixture(scope="module")
def published(built: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = built.execute("select * from partner.lane_validity")
    names = [c[0] for c in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_five_students_worked_by_hand(figures: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    """Lanes 1 and 2 ended off track, 2, 3 and 5 on track: of six pairs five are in order and one is a tie, 5.5 / 6."""
    row = figures["G9_EOY", "lane", "on_track_g10", "X", "all"]
    assert (row["n"], row["n_outcome"]) == (5, 3)
    assert row["auc"] == pytest.approx(5.5 / 6, abs=1e-15)
    # by Chicago's rule 3 and 5 are on track, 2 is not: of six pairs four are in order and two are ties
    row = figures["G9_EOY", "chicago_g9", "on_track_g10", "X", "all"]
    assert (row["auc"], row["lane_auc"]) == (pytest.approx(5 / 6), pytest.approx(5.5 / 6))


def test_every_figure_is_that_of_the_plain_computation(figures: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    expected = cases()
    seen = set()
    for key, students in expected.items():
        predictor = key[1]
        by_value = gaps(students, expected[(*key[:3], "ALL")])
        for value, (missed, n_promised) in by_value.items():
            text = str(value).lower()
            row = figures[(*key, text)]
            seen.add((*key, text))
            came = [y for _, v, _, y in students if v == value]
            assert (row["n"], row["n_outcome"], row["auc"]) == (len(came), sum(came), None)
            assert row["calibration"] == (
                pytest.approx(float(missed / n_promised), abs=1e-9) if n_promised >= 11 else None
            )
        whole = figures[(*key, "all")]
        seen.add((*key, "all"))
        assert (whole["n"], whole["n_outcome"]) == (len(students), sum(y for *_, y in students))
        sign = -1 if predictor == "ousd_warning" else 1
        assert whole["auc"] == (area([(sign * v, y) for _, v, _, y in students]))
        assert whole["lane_auc"] == area([(lane, y) for _, _, lane, y in students])
        n_all = sum(n for _, n in by_value.values())
        mean_gap = sum((abs(m) for m, _ in by_value.values()), Fraction(0)) / n_all if n_all else Fraction(0)
        assert whole["calibration"] == (pytest.approx(float(mean_gap), abs=1e-9) if n_all >= 11 else None)
    assert seen == set(figures)


def test_what_is_shown_is_the_figure_with_its_interval(
    figures: dict[tuple[Any, ...], dict[str, Any]], published: list[dict[str, Any]]
) -> None:
    n_shown = 0
    for row in published:
        figure = figures[(*(row[k] for k in KEYS), row["predictor_value"])]
        if row["suppression"] == "suppressed":
            assert not any(
                row[c] is not None
                for c in ("n", "n_outcome", "rate", "ci_low", "ci_high", "auc", "lane_auc", "calibration")
            )
            continue
        n_shown += 1
        assert (row["n"], row["n_outcome"]) == (figure["n"], figure["n_outcome"])
        assert row["rate"] == row["n_outcome"] / row["n"]
        low, high = wilson(row["n_outcome"], row["n"])
        assert (row["ci_low"], row["ci_high"]) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
        assert row["auc"] in (None, figure["auc"]) and row["calibration"] in (None, figure["calibration"])
    assert len(published) == len(figures) and 200 < n_shown < len(published)


def test_no_small_count_can_be_read_or_subtracted(
    figures: dict[tuple[Any, ...], dict[str, Any]], published: list[dict[str, Any]]
) -> None:
    shown = {(*(r[k] for k in KEYS), r["predictor_value"]) for r in published if r["suppression"] == "none"}
    values_of: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for *key, value in figures:
        values_of[tuple(key)].add(value)
    for key in shown:
        assert figures[key]["n"] >= 11
    for key, values in values_of.items():
        apart = {value for value in values - {"all"} if (*key, value) in shown}
        assert apart in (set(), values - {"all"}), "the values of a group stand together or not at all"
    for row in published:
        if row["auc"] is not None:
            assert {(*(row[k] for k in KEYS), v) for v in values_of[tuple(row[k] for k in KEYS)]} <= shown
    partitions = defaultdict(list)
    for line in csv.DictReader(PARTITIONS.open(encoding="utf-8")):
        partitions[line["partition_code"]].append(line["group_code"])
    n_open = 0
    for system in {key[:3] for key in figures}:
        for name, parts in partitions.items():
            n_open += _partition_keeps(figures, shown, system, "EL_RFEP" if name == "EL_RFEP" else "ALL", parts)
    assert n_open > 20


def _partition_keeps(figures: dict[tuple[Any, ...], dict[str, Any]], shown: set[tuple[Any, ...]], system: tuple[str, ...], total: str,
                     parts: list[str]) -> int:  # fmt: skip
    """Of one partition: hidden parts are none, or two and together 0 or more than 10. Returns whether any is hidden."""
    n_hidden = 0
    for kind in ("all", "values"):
        values = {k[4] for k in figures if k[:3] == system and (k[4] == "all") == (kind == "all")}
        present = [p for p in parts if any((*system, p, v) in figures for v in values)]
        hidden = [p for p in present if not any((*system, p, v) in shown for v in values)]
        if not any((*system, total, v) in shown for v in values):
            assert hidden == present, "a hidden total does not stand as the sum of its parts"
            continue
        if not hidden:
            continue
        n_hidden = 1
        assert len(hidden) >= 2
        assert "NR" not in present or "NR" in hidden
        for value in values:
            together = sum(figures[(*system, p, value)]["n"] for p in hidden if (*system, p, value) in figures)
            assert together == 0 or together > 10
    return n_hidden
