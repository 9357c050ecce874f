"""Students of three cohorts with made-up lanes, indicators and outcomes, as rows of on_track.student_snapshot.

Drawn from a fixed seed; small groups and rare values are there on purpose, so that much must be hidden. Five students are
worked by hand: they alone are the group X.
"""

from __future__ import annotations

import random
from typing import Any

COHORTS = (2023, 2024, 2025)
YEAR_OF = {"G8_EOY": -1, "G9_T1": 0, "G9_EOY": 0, "G10_EOY": 1}
CARRIED = {
    "G8_EOY": ("hsr_core", "ousd_warning"),
    "G9_T1": ("ousd_warning",),
    "G9_EOY": ("chicago_g9", "ag_g9", "ousd_warning"),
    "G10_EOY": (),
}
#: lane at G9_EOY and at G10_EOY of the five of group X; one of them has no lane a year later
WORKED = [(1, 2), (2, 1), (2, 3), (3, 3), (5, 4), (4, None)]
RACES = ("HI", "WH", "AA", "AS", "FI", "NR", "PI")
RACE_WEIGHTS = (60, 25, 14, 9, 4, 3, 0.6)


def snapshots() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of student_snapshot and of student_group_year."""
    chance = random.Random(20261030)
    taken: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    for cohort in COHORTS:
        for n in range(160):
            person = f"{cohort}{n:04d}"
            taken += _student(chance, person, cohort)
            groups += _groups(chance, person, cohort)
    for n, (start, end) in enumerate(WORKED):
        person = f"worked{n}"
        for code, lane in (("G9_EOY", start), ("G10_EOY", end)):
            taken.append(_row(person, 2024, code, lane, chicago_g9=None if code == "G10_EOY" else start >= 3))
        groups.append({"person_id": person, "school_year": 2024, "group_type": "gender", "group_code": "X"})
    return taken, groups


def _student(chance: random.Random, person: str, cohort: int) -> list[dict[str, Any]]:
    strength = chance.gauss(3.2, 1.3)
    rows = []
    for code in YEAR_OF:
        if code == "G8_EOY" and cohort == COHORTS[0]:
            continue
        lane: int | None = min(5, max(1, round(strength + chance.gauss(0, 0.8))))
        reason = None
        if chance.random() < 0.06:
            lane, reason = None, chance.choice(["not_enrolled", "insufficient_days"])
        flags = {
            flag: None if lane is None or chance.random() < 0.05 else (lane >= 3) != (chance.random() < 0.2)
            for flag in CARRIED[code]
        }
        if "ousd_warning" in flags and flags["ousd_warning"] is not None:
            flags["ousd_warning"] = not flags["ousd_warning"]
        total = chance.choice([60, 90, 99.999999999999, 100, 110, 120])
        missing = ["marks"] if chance.random() < 0.03 else []
        rows.append(
            _row(person, cohort, code, lane, reason, total, missing, is_first_time=chance.random() > 0.04, **flags)
        )
    return rows


def _row(person: str, cohort: int, code: str, lane: int | None, reason: str | None = None, total: float = 100,
         missing: list[str] | None = None, is_first_time: bool = True, **flags: bool | None) -> dict[str, Any]:  # fmt: skip
    if lane is None and reason is None:
        reason = "no_marks"
    return {
        "person_id": person, "snapshot_code": code, "cohort_year": cohort, "rule_set": "core5_v1", "school_year": cohort + YEAR_OF[code],
        "is_first_time_grade9": is_first_time, "is_frozen": True, "lane": lane, "on_track": None if lane is None else lane >= 3,
        "null_reason": reason, "credits_earned_total": total, "credits_due": 100 if code == "G10_EOY" else 50,
        "partial_inputs": missing or [], **flags,
    }  # fmt: skip


def _groups(chance: random.Random, person: str, cohort: int) -> list[dict[str, Any]]:
    codes = [("race_ethnicity", chance.choices(RACES, RACE_WEIGHTS)[0]), ("gender", chance.choice("FM"))]
    drawn = chance.random()
    if drawn < 0.25:
        codes += [("language", "EL"), ("language", "EL_RFEP")]
    elif drawn < 0.32:
        codes += [("language", "RFEP"), ("language", "EL_RFEP"), ("language", "NOT_EL")]
    elif drawn < 0.98:
        codes.append(("language", "NOT_EL"))
    return [
        {"person_id": person, "school_year": cohort + shift, "group_type": kind, "group_code": code}
        for kind, code in codes
        for shift in (-1, 0)
    ]
