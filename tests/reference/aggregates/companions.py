"""State-aligned companions at the state's own grain: domain.md section 7."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ..attendance import NO_CALENDAR, Calendar, Stay, days_of, last_day, real, resolve
from ..compute import Person, Vantage, absences_of
from ..facts import FAR, Incident
from .cells import Cell, Counts, Groups, Places, add_up, groups_of

SNAPSHOT = "G9_EOY"
LONG = 245
#: after these the student is known to be enrolled nowhere (this project's reading: the state's list was not found)
DISQUALIFYING = {"E140", "E300", "E400", "T270"}
RATES = (
    "chronic_absenteeism_rate",
    "suspension_rate_any",
    "suspension_rate_day",
    "stability_rate",
    "mobility_rate",
    "census_enrollment",
    "cumulative_enrollment",
)


class AtSchool(NamedTuple):
    """One student's year at one school with a primary or short-term enrollment."""

    district: str
    school: str
    is_reporting: bool
    is_census: bool
    starts_in_year: bool
    is_stable: bool
    has_changed_school: bool
    days_expected: Fraction
    days_absent: Fraction
    has_attendance: bool
    has_discipline: bool


def census_day(year: int) -> dt.date:
    """The first Wednesday in October of a school year."""
    return next(d for d in (dt.date(year - 1, 10, n) for n in range(1, 8)) if d.weekday() == 2)


def years_over(v: Vantage) -> set[int]:
    """School years whose last instructional day is past in every district."""
    last: dict[int, dt.date] = {}
    for (_, year, window, is_middle), day in v.as_of.items():
        if window == "EOY" and not is_middle:
            last[year] = max(day, last.get(year, day))
    return {year for year, day in last.items() if day <= v.today}


def own_days(stay: Stay, year: int) -> list[tuple[dt.date, dt.date]]:
    """The spans of calendar days within the school year that are the enrollment's own."""
    first, last = max(stay.row.entry, dt.date(year - 1, 7, 1)), min(stay.last, dt.date(year, 6, 30))
    if not stay.lost:
        return [(first, last)] if first <= last else []
    spans: list[tuple[dt.date, dt.date]] = []
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(n)
        if day in stay.lost:
            continue
        if spans and spans[-1][1] == day - dt.timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


class Visit(NamedTuple):
    """Consecutive days at one school, over one enrollment or several with no school day between them."""

    first: dt.date
    last: dt.date
    can_be_stable: bool

    @property
    def is_stable(self) -> bool:
        return self.can_be_stable and (self.last - self.first).days + 1 >= LONG


def visits(stays: list[Stay], year: int, calendar: Calendar) -> list[Visit]:
    """The visits to one school."""
    july = dt.date(year - 1, 7, 1)
    pieces = sorted(
        (first, last, s.row.entry >= july and s.row.exit_reason not in DISQUALIFYING)
        for s in stays
        for first, last in own_days(s, year)
    )
    out: list[Visit] = []
    for first, last, can_be_stable in pieces:
        if out:
            before = out[-1]
            gap = (before.last + dt.timedelta(1), first - dt.timedelta(1))
            if gap[0] > gap[1] or (calendar.days and not calendar.count(*gap)):
                out[-1] = Visit(before.first, last, before.can_be_stable and can_be_stable)
                continue
        out.append(Visit(first, last, can_be_stable))
    return out


def year_of(v: Vantage, p: Person, year: int) -> list[AtSchool]:
    """The student's year, school by school."""
    july, june = dt.date(year - 1, 7, 1), dt.date(year, 6, 30)
    rows = [e for e in real(p.enrollments) if e.year == year]
    enrolled = [e for e in rows if e.status in ("10", "30") and e.entry <= june and last_day(e) >= july]
    if not enrolled:
        return []
    away = absences_of(v, p, year)
    stays: dict[str, list[Stay]] = defaultdict(list)
    for s in resolve(rows, v.calendars, away):
        stays[s.row.school].append(s)
    of_school = {k: visits(found, year, v.calendars.get((k, year), NO_CALENDAR)) for k, found in stays.items()}
    n_schools = sum(bool(found) for found in of_school.values())
    census = census_day(year)
    out = []
    for school in sorted({e.school for e in enrolled}):
        here = [e for e in enrolled if e.school == school]
        calendar = v.calendars.get((school, year), NO_CALENDAR)
        days = [days_of(s, calendar, away.get((school, s.row.local_id), {}), FAR) for s in stays[school]]
        info = v.schools.get((school, year))
        district = min(e.district for e in here)
        out.append(
            AtSchool(
                district,
                school,
                info is None or info.is_reporting,
                any(s.is_primary and s.owns(census) for s in stays[school]),
                any(e.entry >= july for e in here),
                any(found.is_stable for found in of_school[school]),
                bool(of_school[school]) and n_schools > 1,
                sum((d.expected for d in days), Fraction(0)),
                sum((d.absent for d in days), Fraction(0)),
                (district, year, "attendance") not in v.facts.missing_feeds,
                (district, year, "discipline") not in v.facts.missing_feeds,
            )
        )
    return out


def suspensions(incidents: Iterable[Incident], year: int) -> dict[tuple[str, str], tuple[str, Fraction]]:
    """(district, incident) -> its school and days of removal, of incidents with a removal in the year."""
    rows: dict[tuple[str, str], list[Incident]] = defaultdict(list)
    for i in incidents:
        rows[(i.district, i.incident)].append(i)
    out = {}
    for key, found in rows.items():
        removals = [i for i in found if i.kind in ("ISS", "OSS", "EXP")]
        day = min(i.day for i in found)
        if removals and found[0].year == year and dt.date(year - 1, 7, 1) <= day <= dt.date(year, 6, 30):
            days = sum((Fraction(str(i.days)) for i in removals if i.days is not None), Fraction(0))
            out[key] = (min(i.school for i in found), days)
    return out


def entities(schools: list[AtSchool], places: Places) -> Iterator[tuple[str, str]]:
    """Every (level, entity) at which the student counts, once each; a school that does not report has no figures."""
    yield from sorted({e for a in schools for e in places.of(a.district, a.school if a.is_reporting else None)})


def outcomes(here: list[AtSchool], removals: list[tuple[str, Fraction]]) -> tuple[int, ...]:
    """What one student adds to the metrics of `RATES` at one entity: numerator and denominator of each."""
    expected = sum((a.days_expected for a in here), Fraction(0))
    absent = sum((a.days_absent for a in here), Fraction(0))
    eligible = all(a.has_attendance for a in here if a.days_expected) and expected > 30
    has_discipline = any(a.has_discipline for a in here)
    suspended = has_discipline and bool(removals)
    whole_day = suspended and sum((days for _, days in removals), Fraction(0)) >= 1
    starts = any(a.starts_in_year for a in here)
    stable = any(a.is_stable for a in here)
    moved = any(a.has_changed_school for a in here)
    census = any(a.is_census for a in here)
    pairs = (
        (eligible and 10 * absent >= expected, eligible),
        (suspended, has_discipline),
        (whole_day, has_discipline),
        (stable, starts),
        (moved, True),
        (census, census),
        (True, True),
    )
    return tuple(int(n) for pair in pairs for n in pair)


def companion_cells(v: Vantage, groups: Groups, places: Places, rule_sets: Iterable[str]) -> dict[Cell, Counts]:
    """Every companion figure of the years that are over, as known tonight; the same under every rule set."""
    rows: dict[tuple[int, str, str, str, str], list[tuple[int, ...]]] = defaultdict(list)
    for person, p in v.people.items():
        for year in {e.year for e in p.enrollments} & years_over(v):
            schools = year_of(v, p, year)
            removals = suspensions(p.incidents, year)
            for entity in entities(schools, places):
                here = [
                    a for a in schools if entity in set(places.of(a.district, a.school if a.is_reporting else None))
                ]
                counted = _at(entity, removals, places)
                found = outcomes(here, counted)
                for group in groups_of(groups, person, year):
                    rows[(year, *entity, *group)].append(found)
    out = {}
    for (year, level, entity_code, group_type, group_code), found_rows in rows.items():
        sums = add_up(found_rows)
        for n, metric in enumerate(RATES):
            if sums[2 * n + 1]:
                for rule_set in rule_sets:
                    key = Cell(metric, year, SNAPSHOT, None, level, entity_code, group_type, group_code, rule_set)
                    out[key] = Counts(sums[2 * n], sums[2 * n + 1])
    return out


def _at(
    entity: tuple[str, str], removals: dict[tuple[str, str], tuple[str, Fraction]], places: Places
) -> list[tuple[str, Fraction]]:
    """The suspensions that an entity's schools gave."""
    return [removal for (district, _), removal in removals.items() if entity in set(places.of(district, removal[0]))]
