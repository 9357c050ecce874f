"""Which deliveries a district sends, and when: the calendar of files, without a word about what is in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["history", "initial", "update", "correction", "nightly", "resend"]

LAST_COMPLETE_YEAR = 2026
AS_OF = dt.date(2026, 10, 30)
# Which `provides` of a contract carries which canonical entity.
FEED_OF = {
    "school": "schools",
    "term": "terms",
    "calendar_day": "calendar",
    "student": "students",
    "student_program": "programs",
    "enrollment": "enrollment",
    "course_mark": "marks",
    "attendance_event": "attendance",
    "attendance_recorded": "attendance",
    "incident": "discipline",
    "supplied_gpa": "marks",
}


@dataclass(frozen=True)
class DeliveryPlan:
    """One delivery of one district.

    `school_years`: the years whose rows it holds (student and student_program have no year and are always sent
    whole).
    `feeds`: the contract's `provides` that it holds; None = all.
    `moves`: the feeds that carry something new; the others are sent again exactly as before; None = all of `feeds`.
    `is_delta`: feeds of mode upsert hold only what changed since `previous` (and deletes); replaced feeds are whole.
    `previous`: date of the district's delivery before this one; None for the first.
    `attendance_through`: last day that it knows anything about.
    `packed`: 'folder' or 'zip'; the writer always writes a folder and the driver packs it.
    `resend_of`: name of the delivery whose bytes are sent again (kind resend; no writer is called).
    """

    district: str
    district_code: str
    name: str
    date: dt.date
    kind: Kind
    school_years: tuple[int, ...]
    attendance_through: dt.date
    feeds: tuple[str, ...] | None = None
    moves: tuple[str, ...] | None = None
    is_delta: bool = False
    previous: dt.date | None = None
    packed: Literal["folder", "zip"] = "folder"
    resend_of: str | None = None

    def holds(self, feed: str) -> bool:
        """Whether files of this `provides` are in the delivery."""
        return self.feeds is None or feed in self.feeds

    def advances(self, feed: str) -> bool:
        """Whether rows of this `provides` may be new or changed in the delivery."""
        return self.kind != "resend" and self.holds(feed) and (self.moves is None or feed in self.moves)


@dataclass(frozen=True)
class Habits:
    """How a district sends: container, what its nightly delivery is, and whether the last one comes twice.

    `nightly`: 'whole' (all files of the running year again), 'delta' (upsert feeds hold changes only) or
    'one_file' (everything again, but only attendance has moved).
    """

    packed: Literal["folder", "zip"] = "folder"
    nightly: Literal["whole", "delta", "one_file"] = "whole"
    resends: bool = True


def plan(district: str, district_code: str, habits: Habits, years: int = 4) -> list[DeliveryPlan]:
    """Deliveries of one district over `years` complete school years, and the start of the next if years >= 2.

    The last two years (the last one, if years <= 3) come as a cycle: after the first semester (before the T1 freeze),
    at the year's end (before the EOY freeze) and in late August (summer marks, and corrections that the EOY freeze
    could not know, before August 31). All earlier years come in one history delivery in the August before the cycles
    begin. A single year comes at its end and in August only. Districts' dates differ by a few days.
    """
    if years < 1:
        raise ValueError("a plan needs at least one school year")
    shift = dt.timedelta(days=int(district_code) % 6)
    n_cycles = 2 if years >= 4 else 1
    cycle_years = range(LAST_COMPLETE_YEAR - n_cycles + 1, LAST_COMPLETE_YEAR + 1)
    history = tuple(range(LAST_COMPLETE_YEAR - years + 1, cycle_years[0]))
    steps: list[tuple[dt.date, Kind, tuple[int, ...], bool]] = []
    if history:
        steps.append((dt.date(cycle_years[0] - 1, 8, 20) + shift, "history", history, False))
    for year in cycle_years:
        if years > 1:
            steps.append((dt.date(year, 1, 10) + shift, "initial", (year,), False))
        steps.append((dt.date(year, 6, 20) + shift, "update", (year,), False))
        steps.append((dt.date(year, 8, 21) + shift, "correction", (year,), False))
    if years > 1:
        start = dt.date(LAST_COMPLETE_YEAR, 10, 12) + shift
        running = (LAST_COMPLETE_YEAR + 1,)
        steps.append((start, "initial", running, False))
        steps.append((start + dt.timedelta(days=1), "nightly", running, habits.nightly == "delta"))
    plans: list[DeliveryPlan] = []
    for date, kind, school_years, is_delta in steps:
        plans.append(
            DeliveryPlan(
                district=district,
                district_code=district_code,
                name=date.isoformat(),
                date=date,
                kind=kind,
                school_years=school_years,
                attendance_through=date - dt.timedelta(days=1),
                moves=("attendance",) if kind == "nightly" and habits.nightly == "one_file" else None,
                is_delta=is_delta,
                previous=plans[-1].date if plans else None,
                packed=habits.packed,
            )
        )
    if years > 1 and habits.resends:
        plans.append(_resend(plans[-1]))
    return plans


def hub_plan(hub: str, code: str, years: int = 4) -> list[DeliveryPlan]:
    """Deliveries of the hub: before the districts' first one, then every August, and once more in the autumn."""
    n_cycles = 2 if years >= 4 else 1
    if years > 1:
        dates = [dt.date(year, 8, 15) for year in range(LAST_COMPLETE_YEAR - n_cycles, LAST_COMPLETE_YEAR + 1)]
    else:
        dates = [dt.date(LAST_COMPLETE_YEAR, 6, 15), dt.date(LAST_COMPLETE_YEAR, 8, 15)]
    dates.append(dt.date(LAST_COMPLETE_YEAR, 10, 1))
    return [
        DeliveryPlan(
            district=hub,
            district_code=code,
            name=date.isoformat(),
            date=date,
            kind="update" if before else "initial",
            school_years=(),
            attendance_through=date,
            previous=before,
        )
        for before, date in zip([None, *dates], dates, strict=False)
    ]


def _resend(last: DeliveryPlan) -> DeliveryPlan:
    """The same bytes the day after under another name: must be known and skipped."""
    date = last.date + dt.timedelta(days=1)
    return DeliveryPlan(
        district=last.district,
        district_code=last.district_code,
        name=f"{date.isoformat()}-b",
        date=date,
        kind="resend",
        school_years=last.school_years,
        attendance_through=last.attendance_through,
        previous=last.date,
        packed=last.packed,
        resend_of=last.name,
    )


def school_years_of(plans: Iterable[DeliveryPlan]) -> list[int]:
    """All school years that any delivery covers, ascending."""
    return sorted({year for p in plans for year in p.school_years})
