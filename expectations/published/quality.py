"""Data quality beside the figures: it must be readable, hide what points at few students, and warn of missing days."""

from __future__ import annotations

from expectations.suite import Rule, never, unique

TIERS = ("partner", "public")
GRAIN = ("district_code", "school_year", "measure")
# A second list beside the models: what these count are students.
IDENTITIES = ("local_ids_with_two_ssids", "ssids_with_two_local_ids", "birth_dates_disagree")
STUDENTS = (
    *IDENTITIES,
    "ssid_missing_share",
    "unresolved_identity_share",
    "grade8_match_share",
    "partial_inputs_share",
    "calpads_absence_difference_share",
)
MIN_N = 11
MODEL = "a quality model counts against the wrong total: look at the models in harmonized/quality"
HIDE = "nothing may be published: look at the last statement of the data_quality model of that tier"


def quality_rules() -> list[Rule]:
    """Rules of data_quality in both tiers; the one about unrecorded days warns and does not block."""
    found: list[Rule] = []
    for tier in TIERS:
        table = f"{tier}.data_quality"
        found += [
            unique(table, GRAIN, "district_code"),
            never(
                table,
                "a share is from 0 to 1, a count from 0 to what was looked at",
                "value is null or n <= 0 or value < 0 or value > case when suffix(measure, '_share') then 1 else n end",
                MODEL,
                "measure",
            ),
            never(
                table,
                "no measure of students looks at 1 to 10 of them",
                f"measure in {STUDENTS} and n < {MIN_N}",
                HIDE,
                "measure",
            ),
        ]
    found.append(
        never(
            "public.data_quality",
            "no measure of students tells 1 to 10 of them from the others, and none tells of doubtful identities",
            f"measure in {IDENTITIES} or measure = 'calpads_absence_difference_share' or (measure in {STUDENTS} and "
            f"(round(value * n) between 1 and {MIN_N - 1} or n - round(value * n) between 1 and {MIN_N - 1}))",
            HIDE,
            "measure",
        )
    )
    found.append(
        never(
            "partner.data_quality",
            "no school has more than 5% unrecorded days in a month",
            "measure = 'school_months_unrecorded_over_5_percent' and value > 0",
            "the district sent no row for days on which students were expected, and they count as present: "
            "ask it for the missing days, or hold the delivery",
            "district_code",
            "warning",
        )
    )
    return found
