"""Enrollment resolution and days: domain.md 3.2 and 3.4."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from .facts import Enrollment, Event

ABSENT = {"excused", "unexcused", "oss", "nonada_is"}
PRECEDENCE = ["oss", "nonada_is", "unexcused", "excused", "iss", "ada_is", "other_present", "tardy"]
YEAR_END = ("E155", "E230")


class Calendar(NamedTuple):
    """Instructional days of a school year, sorted, and the attendance periods of each."""

    days: list[dt.date]
    periods: dict[dt.date, int | None]

    def count(self, first: dt.date, last: dt.date) -> int:
        """Instructional days from first to last, both inclusive."""
        return max(0, bisect.bisect_right(self.days, last) - bisect.bisect_left(self.days, first))

    def between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        return self.days[bisect.bisect_left(self.days, first) : bisect.bisect_right(self.days, last)]


NO_CALENDAR = Calendar([], {})


class Stay(NamedTuple):
    """An enrollment with days after resolution: `lost` are the days that another enrollment owns.

    A short-term enrollment (30) of up to 30 days has days as any other, but is no primary one: it gives no attribution.
    """

    row: Enrollment
    last: dt.date
    lost: frozenset[dt.date]

    @property
    def is_primary(self) -> bool:
        return is_primary_kind(self.row)

    def owns(self, day: dt.date) -> bool:
        return self.row.entry <= day <= self.last and day not in self.lost


def last_day(e: Enrollment) -> dt.date:
    """Last day of enrollment; an open one ends with the school year (June 30)."""
    return e.exit or dt.date(e.year, 6, 30)


def real(rows: list[Enrollment]) -> list[Enrollment]:
    """Without no-shows and rows that end before they begin."""
    return [
        e
        for e in rows
        if last_day(e) >= e.entry and not (e.exit_reason == "N470" and e.exit is not None and e.exit <= e.entry)
    ]


def is_primary_kind(e: Enrollment) -> bool:
    """Status 10, or 30 lasting more than 30 days."""
    return e.status == "10" or (e.status == "30" and (last_day(e) - e.entry).days + 1 > 30)


def day_absence(events: list[Event], n_periods: int | None, rule: str) -> tuple[str, Fraction] | None:
    """One day's category and the fraction absent, or None if the student counts as present."""
    whole = [e.category for e in events if e.period is None]
    if whole:
        category = min(whole, key=PRECEDENCE.index)
        return category, Fraction(1 if category in ABSENT else 0)
    missed = {
        e.period: e.category
        for e in sorted(events, key=lambda e: (str(e.period), -PRECEDENCE.index(e.category)))
        if e.category in ABSENT
    }
    if not missed or not n_periods:
        return None
    category = min(missed.values(), key=PRECEDENCE.index)
    if rule == "fraction":
        return category, Fraction(min(len(missed), n_periods), n_periods)
    needed = len(missed) * 2 >= n_periods if rule == "majority" else len(missed) >= n_periods
    return (category, Fraction(1)) if needed else None


def resolve(
    rows: list[Enrollment],
    calendars: dict[tuple[str, int], Calendar],
    absences: dict[tuple[str, str], dict[dt.date, Fraction]],
) -> list[Stay]:
    """Enrollments but secondary ones, with each overlapping day given to one: 10 over 30, later entry, more attended days, lowest school."""
    primaries = [e for e in real(rows) if e.status != "20"]

    def attended(e: Enrollment) -> Fraction:
        calendar = calendars.get((e.school, e.year), NO_CALENDAR)
        away = absences.get((e.school, e.local_id), {})
        days = set(calendar.between(e.entry, last_day(e)))
        return len(days) - sum((f for d, f in away.items() if d in days), Fraction(0))

    lost: dict[int, set[dt.date]] = defaultdict(set)
    for i, a in enumerate(primaries):
        for j, b in enumerate(primaries):
            if i < j and a.entry <= last_day(b) and b.entry <= last_day(a):

                def rank(e: Enrollment) -> tuple[object, ...]:
                    return (e.status == "10", e.entry, attended(e), -int(e.school))

                loser = j if rank(a) >= rank(b) else i
                first, last = max(a.entry, b.entry), min(last_day(a), last_day(b))
                lost[loser] |= {first + dt.timedelta(n) for n in range((last - first).days + 1)}
    return [Stay(e, last_day(e), frozenset(lost[i])) for i, e in enumerate(primaries)]


class Days(NamedTuple):
    expected: Fraction
    absent: Fraction


def days_of(stay: Stay, calendar: Calendar, away: dict[dt.date, Fraction], until: dt.date) -> Days:
    """Expected and absent days of one stay up to a day."""
    last = min(stay.last, until)
    if stay.lost:
        owned = {d for d in calendar.between(stay.row.entry, last) if d not in stay.lost}
        return Days(Fraction(len(owned)), sum((f for d, f in away.items() if d in owned), Fraction(0)))
    expected = calendar.count(stay.row.entry, last)
    absent = sum((f for d, f in away.items() if stay.row.entry <= d <= last), Fraction(0))
    return Days(Fraction(expected), absent)
