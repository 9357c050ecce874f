"""Months and terms of ninth graders as known when they closed: a plain computation from the true facts, student by student.

Written from domain.md sections 9 and 10 and from the section of docs/architecture.md on measures over time, knowing nothing of the SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from .attendance import day_absence, real
from .facts import Enrollment, Event, Facts, Mark
from .marks import CORE, subject

Date = dt.date
ENTITIES = ("school", "term", "calendar_day", "enrollment", "attendance_event", "course_mark")
ABSENT = ("excused", "unexcused", "oss", "nonada_is")


class Period(NamedTuple):
    """A month or a term of a district, from when to when, and as of when it is read; None: as known tonight."""

    district: str
    year: int
    code: str
    start: Date
    first: Date
    last: Date
    known_on: Date | None


@dataclass
class Sums:
    """What a school's or district's students add up to in a period."""

    is_open: bool = False
    n: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    of: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    def add(self, measure: str, numerator: Fraction | int, denominator: Fraction | int) -> None:
        self.n[measure] += numerator
        self.of[measure] += denominator


def month_end(day: Date) -> Date:
    """Last day of the month of `day`."""
    return (day.replace(day=28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1)


class Series:
    """Every measure of months and final marks: `sums[(level, entity, period start)]`."""

    def __init__(self, facts: Facts, as_of: Date) -> None:
        self.facts, self.as_of = facts, as_of
        self.sums: dict[tuple[str, str, Date], Sums] = defaultdict(Sums)
        self.reporting = {(s.school, s.year): s.is_reporting for s in facts.known("school", None)}
        terms = facts.known("term", None)
        self.year_end: dict[tuple[str, int], Date] = {}
        for term in terms:
            if term.credit_bearing and term.kind != "summer":
                key = (term.school, term.year)
                self.year_end[key] = max(term.end, self.year_end.get(key, term.end))
        self.summers = [t for t in terms if t.kind == "summer"]
        self.enrollments: dict[tuple[str, int], list[tuple[Enrollment, Date, Date | None]]] = defaultdict(list)
        for row in facts.rows["enrollment"]:
            if row[0].grade == "09" and row[0].status in ("10", "30"):
                self.enrollments[row[0].district, row[0].year].append(row)
        self._months()
        self._terms(terms)

    def _known(self, rows: list[tuple[Any, Date, Date | None]], period: Period) -> list[Any]:
        day = period.known_on
        if day is None:
            return [r for r, _, to in rows if to is None]
        return [r for r, since, to in rows if since <= day and (to is None or to > day)]

    def _closed(self, last: Date, covered: Date | None) -> Date | None:
        if covered is None:
            return None
        closes = max(month_end(last) + dt.timedelta(10), covered)
        return closes if closes <= self.as_of else None

    def _placed(self, period: Period) -> dict[str, list[Enrollment]]:
        """Enrollments by student, cut to the period; the last one is where the student counts."""
        found: dict[str, dict[tuple[str, Date], Enrollment]] = defaultdict(dict)
        for e in real(self._known(self.enrollments[period.district, period.year], period)):
            last = min(e.exit or period.last, period.last)
            if e.entry <= period.last and last >= period.first:
                known = found[e.local_id].get((e.school, e.entry))
                if known is None or (known.exit or last) < last:
                    found[e.local_id][e.school, e.entry] = e._replace(exit=last)
        return {
            student: sorted(stays.values(), key=lambda e: (e.exit, e.status == "10", e.entry, e.school))
            for student, stays in found.items()
        }

    def _credit(self, period: Period, stay: Enrollment) -> list[Sums]:
        places = [("collaborative", "CORE"), ("district", period.district)]
        if self.reporting.get((stay.school, period.year), True):
            places.append(("school", stay.school))
        found = [self.sums[level, entity, period.start] for level, entity in places]
        for sums in found:
            sums.is_open |= period.known_on is None
        return found

    # months

    def _months(self) -> None:
        calendar: dict[tuple[str, int], list[tuple[Any, Date, Date | None]]] = defaultdict(list)
        for row in self.facts.rows["calendar_day"]:
            calendar[row[0][0], row[0][2]].append(row)
        events: dict[tuple[str, int], list[tuple[Event, Date, Date | None]]] = defaultdict(list)
        for event in self.facts.rows["attendance_event"]:
            events[event[0].district, event[0].year].append(event)
        for (district, year), days in calendar.items():
            last_days: dict[Date, Date] = {}
            for (_, school, _, day, _), _, to in days:
                if to is None and day <= self.year_end.get((school, year), day):
                    month = day.replace(day=1)
                    last_days[month] = max(day, last_days.get(month, day))
            sent = events[district, year]
            through = max((e.day for e, _, to in sent if to is None), default=None)
            by_month: dict[Date, list[tuple[Event, Date, Date | None]]] = defaultdict(list)
            first_sent: dict[tuple[Date, Date], None] = {}
            for row in sent:
                by_month[row[0].day.replace(day=1)].append(row)
                first_sent[row[0].day, row[1]] = None
            for month, last_day in last_days.items():
                covered = min((since for day, since in first_sent if day >= month and since > last_day), default=None)
                end = month_end(month)
                if covered is None:
                    if through is None or through < month or month > self.as_of:
                        continue
                    end = min(end, through, self.as_of)
                period = Period(district, year, "", month, month, end, self._closed(last_day, covered))
                self._month(period, days, by_month[month])

    def _month(self, period: Period, calendar: list[Any], events: list[Any]) -> None:
        periods: dict[str, dict[Date, int | None]] = defaultdict(dict)
        for _, school, year, day, n in self._known(calendar, period):
            in_summer = day > self.year_end.get((school, year), day) and any(
                t.school == school and t.year == year and t.start <= day <= t.end for t in self.summers
            )
            if period.first <= day <= period.last and not in_summer:
                periods[school][day] = max(n or 0, periods[school].get(day) or 0) or None
        placed = self._placed(period)
        schools = {stay.school for stays in placed.values() for stay in stays}
        if max((len(periods[school]) for school in schools), default=0) <= 10:
            return
        away: dict[tuple[str, str, Date], list[Event]] = defaultdict(list)
        for event in self._known(events, period):
            if event.local_id in placed and event.category in (*ABSENT, "iss"):
                away[event.local_id, event.school, event.day].append(event)
        rule = self.facts.districts[period.district].period_absent_rule
        for student, stays in placed.items():
            owner: dict[Date, str] = {}
            # who comes last takes the day: 10 over 30, then the later entry, then the lowest school
            for stay in sorted(stays, key=lambda e: (e.status == "10", e.entry, -int(e.school))):
                assert stay.exit is not None
                owner |= {day: stay.school for day in periods[stay.school] if stay.entry <= day <= stay.exit}
            absent = Fraction(0)
            for day, school in owner.items():
                if found := away.get((student, school, day)):
                    category = day_absence(found, periods[school][day], rule)
                    absent += category[1] if category else 0
            if not owner:
                continue
            for sums in self._credit(period, stays[-1]):
                sums.add("attendance_month", len(owner) - absent, len(owner))
                if len(owner) > 10:
                    sums.add("absent_10_month", int(10 * absent >= len(owner)), 1)

    # terms

    def _terms(self, terms: list[Any]) -> None:
        dates: dict[tuple[str, int, str], list[Date]] = {}
        for t in terms:
            known = dates.setdefault((t.district, t.year, t.code), [t.start, t.end])
            known[:] = [min(known[0], t.start), max(known[1], t.end)]
        marks: dict[tuple[str, int, str], list[tuple[Mark, Date, Date | None]]] = defaultdict(list)
        for row in self.facts.rows["course_mark"]:
            if row[0].term in ("S1", "S2") and not row[0].is_transfer:
                marks[row[0].district, row[0].year, row[0].term].append(row)
        for (district, year, code), sent in marks.items():
            first, last = dates[district, year, code]
            covered = min((since for _, since, _ in sent if since > last), default=None)
            start = Date(year - 1, 8, 1) if code == "S1" else Date(year, 1, 1)
            self._term(Period(district, year, code, start, first, last, self._closed(last, covered)), sent)

    def _term(self, period: Period, sent: list[Any]) -> None:
        placed = self._placed(period)
        kept: dict[str, dict[tuple[str | None, str], Mark]] = defaultdict(dict)
        for mark in self._known(sent, period):
            if mark.local_id in placed:
                known = kept[mark.local_id].get((mark.school, mark.section))
                if known is None or self._later(known) < self._later(mark):
                    kept[mark.local_id][mark.school, mark.section] = mark
        for student, marks in kept.items():
            low: dict[str, list[bool]] = defaultdict(list)
            for mark in marks.values():
                counts = mark.mark and mark.mark not in ("W", "I") and (mark.attempted is None or mark.attempted > 0)
                area = subject(mark.state_course)
                if counts and area in CORE:
                    low[area].append(mark.mark[0] in "DF" or mark.mark == "NP")
            if not low:
                continue
            for sums in self._credit(period, placed[student][-1]):
                every = [one for area in low.values() for one in area]
                sums.add("df_marks_semester", sum(every), len(every))
                sums.add("any_df_core_semester", int(any(every)), 1)
                for area, found in low.items():
                    sums.add(f"df_marks_{area.lower()}_semester", sum(found), len(found))

    @staticmethod
    def _later(mark: Mark) -> tuple[Any, ...]:
        return (mark.earned or 0, mark.posted or Date.min)
