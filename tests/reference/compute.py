"""Snapshots and movement for every student: domain.md sections 2-5."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from . import lanes
from .attendance import NO_CALENDAR, Calendar, Stay, day_absence, days_of, is_primary_kind, real, resolve
from .facts import FAR, Enrollment, Event, Facts, Incident, Mark, School, Student, SuppliedGpa, Term
from .marks import sums, to_credits

ZERO = Fraction(0)
WINDOWS = ("T1", "EOY", "EOYS")
DEFAULT = "core5_v1"


class Snapshot(NamedTuple):
    person: str
    code: str
    cohort_year: int
    frozen: bool
    first_time: bool
    lane: int | None
    null_reason: str | None
    gate_failed: str | None
    gpa: Fraction | None
    graded: Fraction
    n_f_core: Fraction
    n_df_core: int
    n_df_elamath: int
    earned: Fraction
    earned_total: Fraction
    due: Fraction | None
    prorated: bool
    days_expected: Fraction
    days_absent: Fraction
    n_suspensions: int | None
    district: str | None
    school: str | None
    flags: dict[str, bool | None]
    rule_set: str = DEFAULT
    #: of the marks in the window: credits attempted, and marks in core courses
    attempted: Fraction = ZERO
    n_core: int = 0


class Movement(NamedTuple):
    person: str
    cohort_year: int
    basis: str
    end: str
    start_lane: int | None
    end_lane: int | None
    movement: str | None
    reason: str | None
    rule_set: str = DEFAULT


@dataclass
class Person:
    """Everything of one student, as known at one vantage."""

    enrollments: list[Enrollment]
    marks: list[Mark]
    events: list[Event]
    incidents: list[Incident]
    gpas: list[SuppliedGpa]
    students: list[Student]


def person_ids(students: list[Student], merge: dict[str, str]) -> dict[tuple[str, str], str]:
    """(district, local id) -> person. An SSID on two local ids of a district with different birth dates resolves neither."""
    by_ssid: dict[tuple[str, str], list[Student]] = defaultdict(list)
    for s in students:
        if s.ssid:
            by_ssid[(s.district, merge.get(s.ssid, s.ssid))].append(s)
    torn = {
        k for k, v in by_ssid.items() if len({s.local_id for s in v}) > 1 and len({s.birth for s in v if s.birth}) > 1
    }
    out = {}
    for s in students:
        ssid = merge.get(s.ssid, s.ssid) if s.ssid else None
        out[(s.district, s.local_id)] = (
            ssid if ssid and (s.district, ssid) not in torn else f"{s.district}:{s.local_id}"
        )
    return out


class Vantage:
    """The facts as known at one moment, and the measures of any window seen from there."""

    def __init__(
        self,
        facts: Facts,
        known_on: dict[str, dt.date] | None,
        today: dt.date,
        freeze: dict[tuple[int, str], dt.date],
        days_known_on: dict[str, dt.date] | None = None,
    ):
        """`days_known_on`: what enrollment, days and suspensions are known from, where that differs (EOYS: from EOY)."""
        days_known_on = days_known_on or known_on
        self.facts, self.today, self.freeze = facts, today, freeze
        self.schools: dict[tuple[str, int], School] = {(s.school, s.year): s for s in facts.known("school", known_on)}
        self.terms: dict[tuple[str, int, str], Term] = {
            (t.school, t.year, t.code): t for t in facts.known("term", known_on)
        }
        days: dict[tuple[str, int], dict[dt.date, int | None]] = defaultdict(dict)
        for _, school, year, day, periods in facts.known("calendar_day", days_known_on):
            days[(school, year)][day] = periods
        self.calendars = {k: Calendar(sorted(v), v) for k, v in days.items()}
        self.as_of = self._as_of()
        students = facts.known("student", known_on)
        self.ids = ids = person_ids(students, facts.ssid_merge)
        self.people: dict[str, Person] = defaultdict(lambda: Person([], [], [], [], [], []))
        for entity, attr in (
            ("enrollment", "enrollments"),
            ("course_mark", "marks"),
            ("attendance_event", "events"),
            ("incident", "incidents"),
            ("supplied_gpa", "gpas"),
            ("student", "students"),
        ):
            is_day_fact = entity in ("enrollment", "attendance_event", "incident")
            for row in facts.known(entity, days_known_on if is_day_fact else known_on):
                person = ids.get((row.district, row.local_id), f"{row.district}:{row.local_id}")
                getattr(self.people[person], attr).append(row)

    def _offers(self, school: str, year: int, grade: str) -> bool:
        s = self.schools.get((school, year))
        order = ["TK", "KN", *(f"{n:02d}" for n in range(1, 13))]
        if s is None or s.low_grade not in order or s.high_grade not in order:
            return False
        return order.index(s.low_grade) <= order.index(grade) <= order.index(s.high_grade)

    def _as_of(self) -> dict[tuple[str, int, str, bool], dt.date]:
        """(district, year, window, is grade 8 or below) -> as_of."""
        out: dict[tuple[str, int, str, bool], dt.date] = {}
        for (school, year), calendar in self.calendars.items():
            district = self.schools[(school, year)].district if (school, year) in self.schools else None
            if district is None or not calendar.days:
                continue
            for is_middle, grade in ((True, "08"), (False, "09")):
                if self._offers(school, year, grade):
                    key = (district, year, "EOY", is_middle)
                    out[key] = max(calendar.days[-1], out.get(key, dt.date.min))
        first: dict[tuple[str, int], Term] = {}
        for t in self.terms.values():
            if t.credit_bearing and t.code != "SS" and self._offers(t.school, t.year, "09"):
                key2 = (t.school, t.year)
                if key2 not in first or t.end < first[key2].end:
                    first[key2] = t
        for (_, year), t in first.items():
            for is_middle in (True, False):
                key = (t.district, year, "T1", is_middle)
                out[key] = max(t.end, out.get(key, dt.date.min))
        for district, year, window, is_middle in list(out):
            if window == "EOY":
                out[(district, year, "EOYS", is_middle)] = dt.date(year, 8, 31)
        return out


class Computation:
    """All snapshots and movements of a set of facts as of a day."""

    def __init__(self, facts: Facts, as_of: dt.date):
        self.facts, self.today = facts, as_of
        self.freeze = self._freeze_dates()
        self.current = Vantage(facts, None, as_of, self.freeze)
        self.rows: dict[tuple[str, str, int], Snapshot] = {}
        self.now: dict[tuple[str, str, int], Snapshot] = {}

    def _freeze_dates(self) -> dict[tuple[int, str], dt.date]:
        """One date per year and window for the network, from calendars as first sent by districts known by then."""
        first = self.facts.first_known()
        out: dict[tuple[int, str], dt.date] = {}
        for year in {y for _, y in first}:
            known = {d: since for (d, y), since in first.items() if y == year}
            v = Vantage(
                Facts(
                    {
                        **{k: [] for k in self.facts.rows},
                        **{k: self.facts.rows[k] for k in ("school", "term", "calendar_day")},
                    }
                ),
                known,
                self.today,
                {},
            )
            out[(year, "EOYS")] = dt.date(year, 8, 31)
            for window, lag in (("T1", 30), ("EOY", 45)):
                ends = {
                    d: max((v.as_of[k] for k in v.as_of if k[0] == d and k[1] == year and k[2] == window), default=None)
                    for d in known
                }
                have = {d: e for d, e in ends.items() if e is not None}
                if not have:
                    continue
                counted = {d for d in have if known[d] == min(known[x] for x in have)}
                while True:
                    date = max(have[d] for d in counted) + dt.timedelta(lag)
                    more = {d for d in have if known[d] <= date} | counted
                    if more == counted:
                        break
                    counted = more
                out[(year, window)] = date
        return out

    def _known_on(self, year: int, window: str) -> dict[str, dt.date]:
        """District -> the day of a freeze, or of the district's first delivery for the year if that is later."""
        date = self.freeze[(year, window)]
        first = {d: since for (d, y), since in self.facts.first_known().items() if y == year}
        return {d: max(date, since) for d, since in first.items() if since <= self.today}

    def run(self, rule_sets: Iterable[str] = (DEFAULT,)) -> tuple[list[Snapshot], list[Movement]]:
        """Every row of student_snapshot and student_movement under these rule sets."""
        first = self.facts.first_known()
        years = sorted({y for _, y in first})
        frozen: dict[tuple[int, str], dict[str, dict[str, Any]]] = {}
        now: dict[tuple[int, str], dict[str, dict[str, Any]]] = {}
        for year in years:
            for window in WINDOWS:
                ends = [v for k, v in self.current.as_of.items() if k[1] == year and k[2] == window]
                if not ends or min(ends) > self.today:
                    continue
                now[(year, window)] = measure_all(self.current, year, window, self.today)
                date = self.freeze.get((year, window))
                if date is not None and date <= self.today:
                    known_on = self._known_on(year, window)
                    of_days = self._known_on(year, "EOY") if window == "EOYS" else known_on
                    vantage = Vantage(self.facts, known_on, date, self.freeze, of_days)
                    frozen[(year, window)] = self._tonight(vantage, measure_all(vantage, year, window, date))
        snapshots = []
        cohorts = {y: {p for p, per in self.current.people.items() if has_grade9(per, y)} for y in years}
        for year in years:
            for person in cohorts[year]:
                for code, y, window in (
                    ("G8_EOY", year - 1, "EOY"),
                    ("G9_T1", year, "T1"),
                    ("G9_EOY", year, "EOY"),
                    ("G9_EOYS", year, "EOYS"),
                    ("G10_EOY", year + 1, "EOY"),
                ):
                    if (y, window) not in now:
                        continue
                    measured = frozen.get((y, window), now[(y, window)]).get(person)
                    first_time = self._first_time(person, year, code, frozen, now)
                    is_frozen = (y, window) in frozen
                    snapshots += [
                        snapshot(person, code, year, is_frozen, measured, first_time, name) for name in rule_sets
                    ]
        movements = []
        for name in rule_sets:
            index = {(s.person, s.code, s.cohort_year): s for s in snapshots if s.rule_set == name}
            movements += [m._replace(rule_set=name) for m in self._movements(index, cohorts, frozen, now)]
        return snapshots, movements

    def _tonight(self, vantage: Vantage, measured: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """A freeze under tonight's names: an SSID that came or changed later is followed by the districts' own ids."""
        called: dict[str, set[str]] = defaultdict(set)
        for local, then in vantage.ids.items():
            if then in measured and local in self.current.ids:
                called[then].add(self.current.ids[local])
        claims: dict[str, list[str]] = defaultdict(list)
        for then, names in called.items():
            district = measured[then]["district"]
            credited = {
                p for (d, local), p in self.current.ids.items() if d == district and vantage.ids.get((d, local)) == then
            }
            claims[min(names, key=lambda p: (p != then, p not in credited, p))].append(then)
        return {p: measured[min(thens, key=lambda t: (t != p, t))] for p, thens in claims.items()}

    def _first_time(self, person: str, year: int, code: str, frozen: Any, now: Any) -> bool:
        """First-time ninth grader of the year, as known at the snapshot's own freeze (grade 8: at that of G9_EOY).

        Who has no row at the freeze of G10_EOY: as known at EOYS of the ninth-grade year. Not due yet: as known tonight.
        """
        at = (year + 1, "EOY") if code == "G10_EOY" else (year, {"G9_T1": "T1", "G9_EOYS": "EOYS"}.get(code, "EOY"))
        known = frozen.get(at) or now.get(at)
        if known is not None and code == "G10_EOY" and person not in known:
            known = frozen.get((year, "EOYS")) or now.get((year, "EOYS")) or {}
        if known is None:
            p = self.current.people[person]
            return year in first_time_years(p, real(p.enrollments))
        m = known.get(person)
        return m is not None and year in m["first_time_years"]

    def _movements(self, index: Any, cohorts: Any, frozen: Any, now: Any) -> list[Movement]:
        out = []
        for year, people in cohorts.items():
            for person in people:
                for basis, end in (
                    ("G8_EOY", "G9_EOY"),
                    ("G8_EOY", "G9_EOYS"),
                    ("G9_T1", "G9_EOY"),
                    ("G9_T1", "G9_EOYS"),
                    ("G9_EOY", "G10_EOY"),
                ):
                    if not self._first_time(person, year, end, frozen, now):
                        continue
                    a, b = index.get((person, basis, year)), index.get((person, end, year))
                    if b is None:
                        reason = "end_not_due"
                    elif b.null_reason == "not_enrolled":
                        reason = "exited"
                    elif a is None or a.lane is None:
                        reason = "no_baseline"
                    else:
                        reason = b.null_reason
                    move = None
                    if reason is None:
                        move = "up" if b.lane > a.lane else "down" if b.lane < a.lane else "same"
                    out.append(
                        Movement(person, year, basis, end, a.lane if a else None, b.lane if b else None, move, reason)
                    )
        return out


def has_grade9(p: Person, year: int) -> bool:
    """A grade-9 primary enrollment in the year (a no-show is none)."""
    return any(e.year == year and e.grade == "09" and is_primary_kind(e) for e in real(p.enrollments))


def absences_of(v: Vantage, p: Person, year: int) -> dict[tuple[str, str], dict[dt.date, Fraction]]:
    """(school, local id) -> day -> fraction absent, on that school's instructional days."""
    grouped: dict[tuple[str, str, str, dt.date], list[Event]] = defaultdict(list)
    for e in p.events:
        if e.year == year:
            grouped[(e.district, e.school, e.local_id, e.day)].append(e)
    out: dict[tuple[str, str], dict[dt.date, Fraction]] = defaultdict(dict)
    for (district, school, local_id, day), events in grouped.items():
        periods = v.calendars.get((school, year), NO_CALENDAR).periods
        if day in periods:
            found = day_absence(events, periods[day], v.facts.districts[district].period_absent_rule)
            if found and found[1]:
                out[(school, local_id)][day] = found[1]
    return out


def measure_all(v: Vantage, year: int, window: str, moment: dt.date) -> dict[str, dict[str, Any]]:
    """person -> measures of one window, for everyone enrolled in the year in grade 8 or higher."""
    out = {}
    for person, p in v.people.items():
        enrollments = real(p.enrollments)
        if any(e.year == year and "08" <= e.grade <= "12" and e.grade not in ("KN", "TK") for e in enrollments):
            m = measure(v, p, enrollments, year, window, moment)
            if m is not None:
                out[person] = m
    return out


def measure(
    v: Vantage, p: Person, enrollments: list[Enrollment], year: int, window: str, moment: dt.date
) -> dict[str, Any] | None:
    """All measures of one person and window."""
    day_window = "EOY" if window == "EOYS" else window
    away = absences_of(v, p, year)
    stays = sorted(
        resolve([e for e in enrollments if e.year == year], v.calendars, away),
        key=lambda s: (s.row.entry, s.last, s.row.school),
    )
    grades = grade_by_year(enrollments)
    is_middle = grades.get(year, "12") <= "08"

    def as_of(district: str) -> dt.date:
        return v.as_of.get((district, year, day_window, is_middle), FAR if day_window == "EOY" else dt.date.min)

    on = [s for s in stays if s.is_primary and as_of(s.row.district) is not FAR and s.owns(as_of(s.row.district))]
    if not on:
        on = [
            s
            for s in stays
            if s.is_primary
            and s.row.exit_reason == "E155"
            and dt.timedelta(1) <= as_of(s.row.district) - s.last <= dt.timedelta(30)
        ]
    holder = on[-1] if on else None
    grade = holder.row.grade if holder else (stays[-1].row.grade if stays else grades.get(year))

    per_school: dict[str, Fraction] = defaultdict(Fraction)
    per_district: dict[str, Fraction] = defaultdict(Fraction)
    expected = absent = ZERO
    for s in stays:
        d = days_of(
            s,
            v.calendars.get((s.row.school, year), NO_CALENDAR),
            away.get((s.row.school, s.row.local_id), {}),
            as_of(s.row.district),
        )
        expected += d.expected
        absent += d.absent
        per_school[s.row.school] += d.expected
        per_district[s.row.district] += d.expected

    first_year = first_grade9(p, enrollments)
    school, district = credited(v, holder, stays, year, per_school, per_district)

    credits = to_credits(p.marks, v.terms, grades)
    home = holder.row.district if holder else (stays[-1].row.district if stays else enrollments[-1].district)
    t1 = (lambda district: v.as_of.get((district, year, "T1", False), dt.date.min)) if window == "T1" else None
    eoy_freeze = v.freeze.get((year, "EOY"), FAR)
    s = sums(
        credits,
        year,
        t1,
        window == "EOYS",
        window != "T1" and moment >= eoy_freeze,
        v.facts.districts[home].np_as_f,
        lambda c: c.grade is not None and "09" <= c.grade <= "12",
    )
    due, prorated = credits_due(v, p, enrollments, stays, credits, year, window, first_year, grade, home)
    suspended = {
        i.incident
        for i in p.incidents
        if i.year == year and i.kind in ("ISS", "OSS", "EXP") and i.day <= as_of(i.district)
    }
    removals = {
        (i.district, i.incident): i.kind
        for i in p.incidents
        if i.incident in suspended and i.year == year and i.kind and i.day <= as_of(i.district)
    }
    n_suspensions = len(removals)
    in_districts = {st.row.district for st in stays}
    missing = {f for d, y, f in v.facts.missing_feeds if y == year and d in in_districts}
    has_weighted = any(g.year == year and g.is_weighted for g in p.gpas)
    m = lanes.Measures(
        enrolled=holder is not None,
        attendance_known="attendance" not in missing,
        days_expected=expected,
        days_absent=absent,
        weighted_only=has_weighted,
        n_marks=s.n_marks,
        points=s.points,
        graded=s.graded,
        n_f_core=s.n_f_core,
        n_df_core=s.n_df_core,
        n_df_elamath=s.n_df_elamath,
        credits_earned_total=s.earned_total,
        credits_due=due,
        n_suspensions=n_suspensions,
        discipline_known="discipline" not in missing or n_suspensions > 0,
        n_oss=sum(kind == "OSS" for kind in removals.values()),
        n_f_ela=s.n_f_ela,
        n_f_math=s.n_f_math,
        has_latest_f="F" in s.latest.values(),
    )
    return {
        "m": m,
        "sums": s,
        "grade": grade,
        "first_time_years": first_time_years(p, enrollments),
        "prorated": prorated,
        "school": school,
        "district": district,
        "grad_credits": v.facts.districts[home].grad_credits,
    }


def grade_by_year(enrollments: list[Enrollment]) -> dict[int, str]:
    """Grade of the last enrollment of each year."""
    out: dict[int, tuple[Any, str]] = {}
    for e in enrollments:
        key = (e.status != "20", e.entry, e.school)
        if e.year not in out or key > out[e.year][0]:
            out[e.year] = (key, e.grade)
    return {y: g for y, (_, g) in out.items()}


def first_grade9(p: Person, enrollments: list[Enrollment]) -> int | None:
    """The first year in grade 9 or later, by enrollment or as the district says."""
    high = [e.year for e in enrollments if "09" <= e.grade <= "12" and e.grade not in ("KN", "TK")]
    return min(high + [s.first_grade9_year for s in p.students if s.first_grade9_year], default=None)


def first_time_years(p: Person, enrollments: list[Enrollment]) -> set[int]:
    """The year in which the student is a first-time ninth grader, if any."""
    first = first_grade9(p, enrollments)
    return {y for y in {e.year for e in enrollments} if first is not None and first >= y and has_grade9(p, y)}


def credited(
    v: Vantage, holder: Stay | None, stays: list[Stay], year: int, per_school: Any, per_district: Any
) -> tuple[str | None, str | None]:
    """The school and district that the student counts for; a leaver counts for the last grade-9 school that passes the test."""

    def passes(school: str) -> bool:
        info = v.schools.get((school, year))
        return per_school[school] > 30 and (info is None or info.is_reporting)

    if holder is not None:
        d = holder.row.district
        return (holder.row.school if passes(holder.row.school) else None), (d if per_district[d] > 30 else None)
    ninth = [s for s in stays if s.is_primary and s.row.grade == "09"]
    for s in reversed(ninth):
        if passes(s.row.school):
            return s.row.school, s.row.district
    for s in reversed(ninth):
        if per_district[s.row.district] > 30:
            return None, s.row.district
    return None, None


def credits_due(
    v: Vantage,
    p: Person,
    enrollments: list[Enrollment],
    stays: list[Stay],
    credits: Any,
    year: int,
    window: str,
    first_year: int | None,
    grade: str | None,
    home: str,
) -> tuple[Fraction | None, bool]:
    """Credits owed for the pace of 50 a year since first entering grade 9; late entrants with nothing loaded owe their terms."""
    if grade is None or grade <= "08" or grade in ("KN", "TK") or first_year is None:
        return None, False

    def terms_of(school: str, y: int) -> list[Term]:
        return sorted(
            (t for t in v.terms.values() if t.school == school and t.year == y and t.credit_bearing and t.code != "SS"),
            key=lambda t: t.end,
        )

    entry = min((e.entry for e in enrollments), default=None)
    total, prorated = ZERO, False
    for y in range(first_year, year + 1):
        share = Fraction(1)
        mine = (
            [s for s in stays if s.row.year == y]
            if y == year
            else sorted(
                resolve([e for e in enrollments if e.year == y], v.calendars, absences_of(v, p, y)),
                key=lambda s: (s.row.entry, s.last, s.row.school),
            )
        )
        school = mine[-1].row.school if mine else None
        terms = terms_of(school, y) if school else []
        if y == year and window == "T1" and terms:
            t1 = v.as_of.get((home, year, "T1", False))
            share = Fraction(sum(t.end <= t1 for t in terms) if t1 else 0, len(terms))
        t1_of_year = v.as_of.get((mine[-1].row.district, y, "T1", False)) if mine else None
        if (
            terms
            and entry is not None
            and t1_of_year is not None
            and entry > t1_of_year
            and mine
            and mine[0].row.entry == entry
        ):
            before = any((c.end or FAR) < entry for c in credits)
            if not before:
                present = sum(
                    any(
                        days_of(s, v.calendars.get((s.row.school, y), NO_CALENDAR), {}, t.end).expected
                        > days_of(
                            s, v.calendars.get((s.row.school, y), NO_CALENDAR), {}, t.start - dt.timedelta(1)
                        ).expected
                        for s in mine
                    )
                    for t in terms
                )
                share, prorated = Fraction(present, len(terms)), True
        total += 50 * share
    return total, prorated


def snapshot(
    person: str,
    code: str,
    cohort: int,
    frozen: bool,
    x: dict[str, Any] | None,
    first_time: bool,
    rule_set: str = DEFAULT,
) -> Snapshot:
    """A row of student_snapshot from the measures of its window."""
    wrong_grade = code == "G8_EOY" and x is not None and x["grade"] != "08"
    if x is None or wrong_grade:
        return Snapshot(
            person,
            code,
            cohort,
            frozen,
            first_time,
            None,
            "not_enrolled",
            None,
            None,
            ZERO,
            ZERO,
            0,
            0,
            ZERO,
            ZERO,
            None,
            False,
            ZERO,
            ZERO,
            0,
            None,
            None,
            {},
            rule_set,
        )
    m: lanes.Measures = x["m"]
    s = x["sums"]
    if code == "G8_EOY":
        m = m._replace(credits_due=None)
    rules = lanes.RULE_SETS[rule_set]
    if rules.keeps_plus_minus:
        m = m._replace(points=s.points_kept)
    lane, reason, gate = lanes.lane(m, rules.top)
    extra = {
        "earned": s.earned,
        "not_earned": s.not_earned,
        "attempted": s.attempted,
        "by_subject": s.by_subject,
        "n_ag": s.n_ag,
        "ag_failed": s.ag_failed,
        "grad_credits": x["grad_credits"],
    }
    gone = reason == "not_enrolled"
    keep_credit = not gone or code in ("G9_T1", "G9_EOY", "G9_EOYS")
    return Snapshot(
        person,
        code,
        cohort,
        frozen,
        first_time,
        lane,
        reason,
        gate,
        m.points / s.graded if s.graded else None,
        s.graded,
        s.n_f_core,
        s.n_df_core,
        s.n_df_elamath,
        s.earned,
        s.earned_total,
        m.credits_due,
        x["prorated"],
        m.days_expected,
        m.days_absent,
        m.n_suspensions if m.discipline_known else None,
        x["district"] if keep_credit else None,
        x["school"] if keep_credit else None,
        lanes.flags(code, m, extra),
        rule_set,
        s.attempted,
        s.n_core,
    )
