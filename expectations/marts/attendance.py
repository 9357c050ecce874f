"""Days: absences are the sum of their kinds and never more than the days expected (domain.md section 3.2)."""

from __future__ import annotations

from expectations.contract import RELEASE_DISTRICT
from expectations.suite import Rule, never

LOOK = "the attendance model of that district's form counts a day twice or not at all"


def attendance_rules() -> list[Rule]:
    """Rules of attendance_term, enrollment and incident."""
    table = "restricted.attendance_term"

    def hold(what: str, broken: str) -> Rule:
        return never(table, what, broken, LOOK, RELEASE_DISTRICT)

    return [
        hold(
            "days absent are excused, unexcused, suspended out of school and independent study without credit",
            "abs(days_absent - (days_excused + days_unexcused + days_oss + days_is_nonada)) > 1e-6",
        ),
        hold("days absent do not exceed days expected", "days_absent > days_expected + 1e-9"),
        hold(
            "no count of days is negative",
            "least(days_expected, days_absent, days_overlap_removed, unrecorded_days) < 0",
        ),
        hold("an attendance rate is 0 to 1", "attendance_rate < 0 or attendance_rate > 1"),
        never(
            "restricted.enrollment",
            "an enrollment does not end before it begins",
            "exit_date < entry_date",
            "a no-show stands as an enrollment: look at the staging model of that district",
            RELEASE_DISTRICT,
        ),
        never(
            "restricted.incident",
            "suspension days are not negative",
            "suspension_days < 0",
            "the discipline file of that district holds negative days: ask the district",
            RELEASE_DISTRICT,
        ),
    ]
