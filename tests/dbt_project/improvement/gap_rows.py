"""Figures of groups and of schools, written by hand: rows of table metric under the default rule set."""

from __future__ import annotations

from typing import Any

from tests.dbt_project.improvement.aim_rows import NORTH, SOUTH, school

PLACES = {"CORE": "collaborative", NORTH: "district", school("A"): "school"}
#: (metric, place) -> group -> (numerator, denominator), None: hidden
GROUPS: dict[tuple[str, str], dict[str, tuple[int, int] | None]] = {
    # vector V4; races beside it
    ("off_track_rate_9_10", "CORE"): {
        "ALL": (65, 200), "EL": (30, 60), "NOT_EL": (35, 140), "HI": (50, 100), "WH": (10, 60), "AA": (3, 19), "AS": None, "M": (60, 185),
        "SWD": (20, 80), "NOT_SWD": None, "FOSTER": (19, 21), "HOMELESS": (30, 100), "NOT_HOMELESS": (0, 100), "MR": (65, 65)},
    ("movement_rate", NORTH): {"ALL": (40, 100), "F": (10, 50), "M": (30, 50), "HI": (8, 20), "WH": (8, 19), "SED": (34, 80), "NOT_SED": (6, 20)},
    # parity is rounded up: 21 of 33 and 22 of 41
    ("any_f_core_rate", NORTH): {"ALL": (43, 74), "F": (21, 33)},
    ("df_mark_share", NORTH): {"ALL": (40, 100), "F": (10, 50)},
    ("coverage_exited", NORTH): {"ALL": (40, 100), "F": (10, 50)},
}  # fmt: skip
#: schools of any_df_core_rate: (numerator, denominator), None: hidden. X is too small to be compared.
SCHOOLS: dict[str, tuple[int, int] | None] = {
    school("A"): (10, 100), school("B"): (20, 100), school("C"): (30, 100), school("D"): (60, 100), school("X"): (19, 19),
    school("H"): None, school("P", SOUTH): (0, 50), school("R", SOUTH): (0, 50)}  # fmt: skip
TYPES = {"ALL": "all", "EL": "language", "NOT_EL": "language", "F": "gender", "M": "gender"} | dict.fromkeys(
    ("HI", "WH", "AA", "AS", "MR"), "race_ethnicity"
)
CHANGE = {"off_track_rate_9_10": ("G10_EOY", "G9_EOY"), "movement_rate": ("G9_EOY", "G8_EOY")}


def row(metric: str, place: str, level: str, group: str, counts: tuple[int, int] | None) -> dict[str, Any]:
    """One row of table metric of the cohort of 2023, which no school's aim is held against."""
    snapshot, basis = CHANGE.get(metric, ("G9_EOY", None))
    numerator, denominator = counts or (None, None)
    return {
        "metric_code": metric, "snapshot_code": snapshot, "basis": basis, "cohort_year": 2023, "school_year": 2023, "rule_set": "core5_v1",
        "level": level, "entity_code": place, "entity_name": place, "group_type": TYPES.get(group, "program"), "group_code": group,
        "numerator": numerator, "denominator": denominator, "value": numerator / denominator if counts else None,
        "is_provisional": False, "suppression": "none" if counts else "suppressed"}  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Every row."""
    found = [
        row(metric, place, PLACES[place], group, counts)
        for (metric, place), groups in GROUPS.items()
        for group, counts in groups.items()
    ]
    return found + [row("any_df_core_rate", code, "school", "ALL", counts) for code, counts in SCHOOLS.items()]
