"""Schools of a network and the figures that table metric shows of them, written by hand.

Schools A to D have figures under core5_v1: vector V5 of the specification. The schools with something odd have theirs
under simple4_v1, so that they change nothing about V5.
"""

from __future__ import annotations

from typing import Any

NORTH, SOUTH = "1111111", "2222222"
#: south changed how it gives marks in 2025: figures across it stand with a warning
POLICY_BREAK = f"2025,{SOUTH},true,New grading policy\n"
CODES = {
    "movement": ("movement_rate", "G9_EOY", "G8_EOY"),
    "off_track": ("off_track_rate_9_10", "G10_EOY", "G9_EOY"),
    "vulnerable": ("vulnerable_rate", "G9_EOY", None),
    "move_up": ("move_up_9_10", "G10_EOY", "G9_EOY"),
}


def school(letter: str, district: str = NORTH) -> str:
    """CDS code of the school with this letter."""
    return f"{district}00000{ord(letter):02d}"


A, B, C, D = (school(letter) for letter in "ABCD")
FEW, ZERO, HIDDEN, NEW, LEFT = (school(letter) for letter in "FGHIL")
TWICE, AGAIN, COVID, CROSSED = (school(letter) for letter in "MNVQ")
POLICY = school("P", SOUTH)

#: school -> (cohort, start_year, end_year)
MEMBERSHIPS: dict[str, list[tuple[str, int, int | None]]] = {
    **{code: [("1", 2025, None)] for code in (A, B, C, D, FEW, ZERO, HIDDEN, NEW, POLICY, CROSSED)},
    LEFT: [("1", 2025, 2025)],
    TWICE: [("2", 2026, None), ("1", 2025, None)],
    AGAIN: [("0", 2023, 2023), ("3", 2025, None)],
    COVID: [("C", 2022, None)],
}

Figures = dict[str, tuple[int, int]]
#: (rule_set, school, cohort_year) -> figure -> (numerator, denominator)
FIGURES: dict[tuple[str, str, int], Figures] = {
    ("core5_v1", A, 2024): {"movement": (25, 100), "off_track": (50, 130), "vulnerable": (60, 150), "move_up": (20, 130)},
    ("core5_v1", A, 2025): {"movement": (30, 100), "off_track": (39, 130), "vulnerable": (45, 140), "move_up": (33, 130)},
    ("core5_v1", B, 2024): {"movement": (250, 1000), "off_track": (20, 100), "vulnerable": (30, 100), "move_up": (20, 100)},
    ("core5_v1", B, 2025): {"movement": (299, 1000), "off_track": (17, 100), "vulnerable": (35, 100), "move_up": (15, 100)},
    ("core5_v1", C, 2024): {"movement": (25, 100), "off_track": (20, 100)},
    ("core5_v1", C, 2025): {"movement": (30, 100), "off_track": (16, 100)},
    ("core5_v1", D, 2024): {"movement": (10, 40), "off_track": (50, 130)},
    ("core5_v1", D, 2025): {"movement": (12, 40), "off_track": (39, 130)},
    ("core5_v1", CROSSED, 2024): {"movement": (25, 100), "off_track": (50, 130)},
    ("simple4_v1", CROSSED, 2025): {"movement": (30, 100), "off_track": (39, 130)},
    ("simple4_v1", FEW, 2024): {"movement": (5, 20), "off_track": (20, 100)},
    ("simple4_v1", FEW, 2025): {"movement": (6, 19), "off_track": (16, 100)},
    ("simple4_v1", ZERO, 2024): {"movement": (0, 30), "off_track": (20, 100)},
    ("simple4_v1", ZERO, 2025): {"movement": (5, 30), "off_track": (20, 100)},
    ("simple4_v1", HIDDEN, 2024): {"movement": (20, 100), "off_track": (20, 100)},
    ("simple4_v1", HIDDEN, 2025): {"movement": (30, 100), "off_track": (16, 100)},
    ("simple4_v1", NEW, 2025): {"movement": (30, 100), "off_track": (16, 100)},
    ("simple4_v1", LEFT, 2024): {"movement": (20, 100), "off_track": (20, 100)},
    ("simple4_v1", LEFT, 2025): {"movement": (10, 100), "off_track": (20, 100)},
    ("simple4_v1", LEFT, 2026): {"movement": (40, 100)},
    ("simple4_v1", TWICE, 2024): {"movement": (20, 100)},
    ("simple4_v1", TWICE, 2025): {"movement": (20, 100)},
    ("simple4_v1", TWICE, 2026): {"movement": (24, 100)},
    ("simple4_v1", AGAIN, 2022): {"movement": (10, 100), "off_track": (20, 100)},
    ("simple4_v1", AGAIN, 2023): {"movement": (12, 100), "off_track": (16, 100)},
    ("simple4_v1", AGAIN, 2024): {"movement": (20, 100), "off_track": (40, 100)},
    ("simple4_v1", AGAIN, 2025): {"movement": (24, 100), "off_track": (20, 100)},
    ("simple4_v1", POLICY, 2024): {"movement": (20, 100), "off_track": (40, 100)},
    ("simple4_v1", POLICY, 2025): {"movement": (23, 100), "off_track": (20, 100)},
    ("simple4_v1", COVID, 2021): {"movement": (20, 100), "off_track": (40, 100)},
    ("simple4_v1", COVID, 2025): {"movement": (24, 100), "off_track": (20, 100)},
}  # fmt: skip
#: cohort 3 is its only school, but table metric speaks of more students than of the school: it must be taken as a whole
WHOLE = {("simple4_v1", "BTSC-3", 2024): {"movement": (21, 103)}, ("simple4_v1", "BTSC-3", 2025): {"movement": (26, 104)}}  # fmt: skip
SUPPRESSED = {("simple4_v1", HIDDEN, 2024, "off_track")}
#: the public tier shows these schools, and a bound for one figure
PUBLIC = {A, B}
CODED = {("core5_v1", B, 2025, "movement")}


def metric(figures: Figures, rule_set: str, place: str, year: int, tier: str) -> list[dict[str, Any]]:
    """Rows of table metric of all students."""
    rows = []
    for name, (numerator, denominator) in figures.items():
        code, snapshot, basis = CODES[name]
        cell = (rule_set, place, year, name)
        kind = "suppressed" if cell in SUPPRESSED else "coded" if tier == "public" and cell in CODED else "none"
        rows.append({
            "metric_code": code, "snapshot_code": snapshot, "basis": basis, "cohort_year": year, "rule_set": rule_set,
            "level": "btsc_cohort" if place.startswith("BTSC") else "school", "entity_code": place, "entity_name": f"School {place}",
            "group_type": "all", "group_code": "ALL", "is_provisional": False, "suppression": kind,
            "numerator": numerator if kind == "none" else None, "denominator": denominator if kind != "suppressed" else None,
            "value": numerator / denominator if kind == "none" else None,
            "warning": "low_coverage" if place == C and year == 2025 else None})  # fmt: skip
    return rows


def rows(tier: str) -> list[dict[str, Any]]:
    """Every figure that the tier's table metric has."""
    found = []
    for (rule_set, place, year), figures in {**FIGURES, **WHOLE}.items():
        if tier == "partner" or (place in PUBLIC and rule_set == "core5_v1"):
            found += metric(figures, rule_set, place, year, tier)
    return found


def status() -> list[dict[str, Any]]:
    """When snapshots are frozen: everything up to 2026, and no G10_EOY of the cohort of 2026 yet."""
    return [
        {"cohort_year": year, "snapshot_code": snapshot, "is_frozen": (year, snapshot) != (2026, "G10_EOY")}
        for year in range(2021, 2027)
        for snapshot in ("G8_EOY", "G9_EOY", "G10_EOY")
    ]
