"""Figures of a hand-made world: the worked cases of the specification, and a district whose snapshots are restated."""

from __future__ import annotations

import datetime as dt

from tests.dbt_project.privacy.world import Count

RACE, LANGUAGE = "race_ethnicity", "language"
#: V6: students by group, and the groups that are hidden, worked by hand in the specification (letters there are groups here)
CASES = {
    "small groups that add up to enough": (RACE, {"HI": 60, "WH": 25, "AA": 15, "AS": 9, "FI": 7, "MR": 4}, "AS FI MR"),
    "two of ten from their sum": (RACE, {"AA": 10, "AS": 10, "HI": 40}, "AA AS HI"),
    "one alone takes the next": (RACE, {"HI": 60, "WH": 40, "AA": 12, "AS": 8}, "AS AA"),
    "a pair goes together": (LANGUAGE, {"EL": 8, "NOT_EL": 92}, "EL NOT_EL"),
    "a sum of ten and fewer takes another": (RACE, {"AA": 3, "AS": 4, "HI": 50, "WH": 60}, "AA AS HI"),
    "nothing is small": (RACE, {"HI": 60, "WH": 40}, ""),
    "an empty group is not hidden": (RACE, {"HI": 60, "WH": 40, "AA": 20}, ""),
}


DECIDED = dt.date(2026, 10, 1)
CORE, FRESNO, OAKLAND = ("collaborative", "CORE"), ("district", "1062166"), ("district", "0161259")
FIRST, SECOND = ("school", "10621660000001"), ("school", "10621660000002")
PARENTS = {CORE: None, FRESNO: "CORE", OAKLAND: "CORE", FIRST: FRESNO[1], SECOND: FRESNO[1]}
#: by (cohort, snapshot), all taken in school year 2025: students of Fresno's first school before and after
MOVES = {(2026, "G8_EOY"): (60, 60), (2025, "G9_EOY"): (60, 63), (2024, "G10_EOY"): (60, 72)}
#: a snapshot of another year, in which nothing may change
ELSEWHERE = (2025, "G10_EOY")


def counts(after: bool) -> list[Count]:
    """The second school of Fresno has 40, Oakland 200 students; all add up. The cases of V6 are districts of their own."""
    found = []
    for (cohort, snapshot), moves in {**MOVES, ELSEWHERE: (60, 60)}.items():
        n = moves[after]
        for entity, students in ((FIRST, n), (SECOND, 40), (FRESNO, n + 40), (OAKLAND, 200), (CORE, n + 240)):
            found.append(Count(entity, students, cohort=cohort, snapshot=snapshot))
    # with an outcome: one more of the three has it, so that 27 of 60 are 28 of 63
    found.append(Count(FIRST, 63 if after else 60, 28 if after else 27, "vulnerable_rate"))
    for name, (kind, groups, _) in CASES.items():
        found.append(Count(("district", name), sum(groups.values()), cohort=2023))
        found += [Count(("district", name), n, cohort=2023, group=(kind, code)) for code, n in groups.items()]
    return found
