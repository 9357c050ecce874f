"""Words that pages use for codes of the published tables: labels only, no rule and no figure."""

from __future__ import annotations

LANES = ("highly vulnerable", "vulnerable", "potential", "promising", "competitive")
LANE_CODES = tuple(f"lane_dist_{lane}" for lane in range(1, len(LANES) + 1))

# what the pages open with, in this order: the two figures of the network's aims, then their companions
HEADLINES = ("movement_rate", "vulnerable_rate", "off_track_rate_9_10", "move_up_9_10")
COVERAGE = "coverage"

SNAPSHOTS = {
    "G8_EOY": "end of grade 8",
    "G9_T1": "end of the first term of grade 9",
    "G9_EOY": "end of grade 9",
    "G9_EOYS": "end of grade 9 with summer",
    "G10_EOY": "end of grade 10",
}
DIRECTIONS = {"higher_is_better": "higher is better", "lower_is_better": "lower is better"}
WARNINGS = {
    "low_coverage": "fewer than 80% of the students have the figure",
    "series_break": "the district changed how it grades: years before and after are not alike",
    "partial_inputs": "a part of the data was not sent",
}
SYSTEMS = {
    "aeries": "Aeries",
    "calpads": "CALPADS files",
    "edfi": "Ed-Fi",
    "infinite_campus": "Infinite Campus",
    "synergy": "Synergy",
    "core_hub": "CORE's hub (improvement work)",
    "cde": "State files (CDE)",
}
SUBJECTS = {"ela": "English", "math": "Math", "science": "Science", "social_science": "Social science"}


def year_label(spring: int) -> str:
    """A school year by its two calendar years: 2026 is 2025-26."""
    return f"{spring - 1}-{spring % 100:02d}"


def warning_words(codes: str | None) -> str:
    """Warnings of a figure in plain words."""
    return "; ".join(WARNINGS.get(code, code) for code in (codes or "").split("+") if code)


def measured_words(snapshot: str, basis: str | None) -> str:
    """When a figure was taken, and against what."""
    end = SNAPSHOTS.get(snapshot, snapshot)
    return f"{SNAPSHOTS.get(basis, basis)} to {end}" if basis else end
