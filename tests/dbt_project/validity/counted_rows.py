"""Counts of two districts and four schools under every choice, as rows of on_track.sensitivity_count, and which figures
table metric shows. What each choice changes is written out in CHANGES."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

CHOICES = list(
    csv.DictReader((Path(__file__).parents[3] / "dbt_project" / "seeds" / "sensitivity_choice.csv").open("r"))
)
NORTH, SOUTH = "1111111", "2222222"
A, B, C = (f"1111111000000{n}" for n in (1, 2, 3))
E = "22222220000001"
DISTRICT_OF = {A: NORTH, B: NORTH, C: NORTH, E: SOUTH}
#: cohort_year -> school (or district: credited to no school) -> students who moved up, with both lanes
MOVED = {
    2024: {A: (10, 50), B: (10, 40), C: (4, 19), E: (0, 60), NORTH: (2, 12)},
    2025: {A: (12, 50), B: (11, 40), C: (5, 30), E: (9, 60), NORTH: (2, 12)},
}
#: (choice, cohort_year, school) -> the same under the choice
CHANGES = {
    ("np_not_f", 2025, A): (11, 50),
    ("min_days_20", 2025, A): (12, 53),
    ("min_graded_credits_10", 2025, A): (12, 62),
    ("min_graded_credits_20", 2025, NORTH): (2, 17),
}
#: figures of movement_rate and coverage that table metric hides
HIDDEN = {("movement_rate", 2025, C), ("coverage", 2025, B)}


def rows() -> list[dict[str, Any]]:
    """Rows of sensitivity_count."""
    found = []
    for choice in CHOICES:
        for cohort, places in MOVED.items():
            for place, usual in places.items():
                up, both = CHANGES.get((choice["choice"], cohort, place), usual)
                found.append({
                    "choice": choice["choice"], "cohort_year": cohort, "district_code": DISTRICT_OF.get(place, place),
                    "school_code": place if place in DISTRICT_OF else None, "n_members": 80, "n_lane": 70, "n_low": 20, "n_both": both,
                    "n_up": up, "n_can_rise": both - 11, "n_members10": 0, "n_both10": 0, "n_low10": 0})  # fmt: skip
    return found


def shown() -> list[dict[str, Any]]:
    """Rows of partner.metric: every figure that stands there, shown or hidden."""
    places = [("school", s) for s in DISTRICT_OF] + [
        ("district", NORTH),
        ("district", SOUTH),
        ("collaborative", "CORE"),
    ]
    return [
        {"metric_code": code, "cohort_year": cohort, "snapshot_code": snapshot, "basis": basis, "level": level, "entity_code": place,
         "group_type": "all", "group_code": "ALL", "rule_set": rule_set, "suppression": "suppressed" if (code, cohort, place) in HIDDEN else "none"}
        for code, basis in (("movement_rate", "G8_EOY"), ("coverage", "G8_EOY"), ("movement_rate_x5", "G8_EOY"), ("vulnerable_rate", None))
        for cohort in MOVED
        for snapshot in ("G9_EOY", "G9_EOYS")
        for level, place in places
        for rule_set in ("core5_v1", "core5_v1_pm", "simple4_v1")
    ]  # fmt: skip
