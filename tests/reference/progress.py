"""Provisional snapshots of progress periods (`G9_P1`, `G9_P2`, ...): domain.md section 2 and 3.1 rule 1.

Readings where the specification is silent: docs/architecture.md, end of section 10.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from . import compute, lanes
from .attendance import NO_CALENDAR, Stay, days_of, real, resolve
from .facts import FAR, QUERIES, Enrollment, Mark, Term
from .marks import COLLAPSED, Credit, MarkSums, exact_credit, subject, sums, to_credits

#: end of a term that the schools of a district do not send: month and day, years after the autumn of the school year
USUAL_END = {"Q1": (10, 15, -1), "Q2": (12, 31, -1), "Q3": (3, 15, 0), "Q4": (6, 30, 0)}


class Period(NamedTuple):
    number: int
    term: str
    as_of: dt.date


def load_marks(truth: Path, as_of: dt.date) -> list[Mark]:
    """In-year marks in force on the night of `as_of`."""
    columns = QUERIES["course_mark"][1]
    con = duckdb.connect()
    found = con.execute(
        f"select {columns} from read_parquet(?) where not is_final and known_from <= ? and lost_reason is distinct from "
        "'bad_row' and (known_to is null or known_to > ?)",
        [str(truth / "course_mark.parquet"), as_of, as_of],
    ).fetchall()
    con.close()
    return [Mark._make(row) for row in found]


def periods(v: compute.Vantage, marks: Iterable[Mark]) -> dict[tuple[str, int], list[Period]]:
    """(district, year) -> its periods that are over, first to last."""
    codes: dict[tuple[str, int], set[str]] = defaultdict(set)
    for m in marks:
        codes[(m.district, m.year)].add(m.term)
    out = {}
    for (district, year), terms in codes.items():
        ends = []
        for code in terms:
            sent = [t.end for t in v.terms.values() if (t.district, t.year, t.code) == (district, year, code)]
            ends.append((max(sent) if sent else _usual_end(code, year), code))
        numbered = [Period(n, code, end) for n, (end, code) in enumerate(sorted(ends), 1)]
        out[(district, year)] = [p for p in numbered if p.as_of <= v.today]
    return out


def _usual_end(code: str, year: int) -> dt.date:
    month, day, later = USUAL_END[code]
    return dt.date(year + later, month, day)


def snapshots(
    v: compute.Vantage, marks: list[Mark], rule_sets: Iterable[str] = (compute.DEFAULT,)
) -> list[compute.Snapshot]:
    """Every row that is due tonight."""
    over = periods(v, marks)
    by_person: dict[str, list[Mark]] = defaultdict(list)
    for m in marks:
        by_person[v.ids.get((m.district, m.local_id), f"{m.district}:{m.local_id}")].append(m)
    out = []
    for person, p in v.people.items():
        enrollments = real(p.enrollments)
        for year in sorted({e.year for e in enrollments}):
            if not compute.has_grade9(p, year):
                continue
            away = compute.absences_of(v, p, year)
            stays = _stays(v, p, enrollments, year)
            for number in sorted({q.number for s in stays for q in over.get((s.row.district, year), [])}):
                found = _holder(stays, over, year, number)
                if found is None:
                    continue
                holder, as_of = found
                own = [
                    m
                    for m in by_person[person]
                    if m.year == year
                    and any(q.number == number and q.term == m.term for q in over.get((m.district, year), []))
                ]
                x = _measure(v, p, enrollments, stays, away, year, holder, as_of, own)
                first_time = year in x["first_time_years"]
                out += [
                    compute.snapshot(person, f"G9_P{number}", year, False, x, first_time, name) for name in rule_sets
                ]
    return out


def _stays(v: compute.Vantage, p: compute.Person, enrollments: list[Enrollment], year: int) -> list[Stay]:
    of_year = [e for e in enrollments if e.year == year]
    return sorted(
        resolve(of_year, v.calendars, compute.absences_of(v, p, year)),
        key=lambda s: (s.row.entry, s.last, s.row.school),
    )


def _holder(
    stays: list[Stay], over: dict[tuple[str, int], list[Period]], year: int, number: int
) -> tuple[Stay, dt.date] | None:
    """The primary enrollment on the as-of date of its own district's period, and that date."""
    dated = [
        (s, q.as_of) for s in stays if s.is_primary for q in over.get((s.row.district, year), []) if q.number == number
    ]
    covering = [(s, day) for s, day in dated if s.owns(day)]
    ended = [
        (s, day)
        for s, day in dated
        if s.row.exit_reason == "E155" and s.row.entry <= day and dt.timedelta(1) <= day - s.last <= dt.timedelta(30)
    ]
    return (covering or ended or [None])[-1]


def _measure(
    v: compute.Vantage,
    p: compute.Person,
    enrollments: list[Enrollment],
    stays: list[Stay],
    away: Any,
    year: int,
    holder: Stay,
    as_of: dt.date,
    own: list[Mark],
) -> dict[str, Any]:
    """What compute.measure says of a window, for one progress period."""
    home = holder.row.district
    expected = absent = Fraction(0)
    per_school: dict[str, Fraction] = defaultdict(Fraction)
    per_district: dict[str, Fraction] = defaultdict(Fraction)
    for s in stays:
        calendar = v.calendars.get((s.row.school, year), NO_CALENDAR)
        d = days_of(s, calendar, away.get((s.row.school, s.row.local_id), {}), as_of)
        expected, absent = expected + d.expected, absent + d.absent
        per_school[s.row.school] += d.expected
        per_district[s.row.district] += d.expected
    school, district = compute.credited(v, holder, stays, year, per_school, per_district)
    finals = to_credits(p.marks, v.terms, compute.grade_by_year(enrollments))
    counted = _sums(own, finals, year, as_of, v.facts.districts[home].np_as_f)
    due, prorated = _due(v, p, enrollments, stays, finals, year, holder, as_of)
    removals = {
        (i.district, i.incident): i.kind
        for i in p.incidents
        if i.year == year and i.kind in ("ISS", "OSS", "EXP") and i.day <= as_of
    }
    before = {s.row.district for s in stays if s.row.entry <= as_of}
    missing = {feed for d, y, feed in v.facts.missing_feeds if y == year and d in before}
    m = lanes.Measures(
        enrolled=True,
        attendance_known="attendance" not in missing,
        days_expected=expected,
        days_absent=absent,
        weighted_only=any(g.year == year and g.is_weighted for g in p.gpas),
        n_marks=counted.n_marks,
        points=counted.points,
        graded=counted.graded,
        n_f_core=counted.n_f_core,
        n_df_core=counted.n_df_core,
        n_df_elamath=counted.n_df_elamath,
        credits_earned_total=counted.earned_total,
        credits_due=due,
        n_suspensions=len(removals),
        discipline_known="discipline" not in missing or bool(removals),
        n_oss=sum(kind == "OSS" for kind in removals.values()),
        n_f_ela=counted.n_f_ela,
        n_f_math=counted.n_f_math,
        has_latest_f=counted.n_f_ela > 0 or counted.n_f_math > 0,
    )
    return {
        "m": m,
        "sums": counted,
        "grade": holder.row.grade,
        "first_time_years": compute.first_time_years(p, enrollments),
        "prorated": prorated,
        "school": school,
        "district": district,
        "grad_credits": v.facts.districts[home].grad_credits,
    }


def _sums(own: list[Mark], finals: list[Credit], year: int, as_of: dt.date, np_as_f: bool) -> MarkSums:
    """Of the period's marks alone, each worth a semester course unless it says otherwise; credits of final marks."""
    weighed = []
    for m in own:
        letter = m.mark[0] if m.mark and m.mark[0] in COLLAPSED else m.mark
        attempted = Fraction(5) if m.attempted is None else exact_credit(m.attempted)
        # a tag of a repeat means nothing before the mark is final
        plain = m._replace(is_repeat=False)
        weighed.append(Credit(plain, letter, attempted, Fraction(0), subject(m.state_course), None, None, None))
    total = sums(
        finals, year, lambda _: as_of, False, False, np_as_f, lambda c: c.grade is not None and "09" <= c.grade <= "12"
    ).earned_total
    return sums(weighed, year, None, False, False, np_as_f, lambda _: False)._replace(earned_total=total)


def _due(
    v: compute.Vantage,
    p: compute.Person,
    enrollments: list[Enrollment],
    stays: list[Stay],
    finals: list[Credit],
    year: int,
    holder: Stay,
    as_of: dt.date,
) -> tuple[Fraction | None, bool]:
    """Credits owed: the years before as at their end, this year by its terms that are over."""
    first = compute.first_grade9(p, enrollments)
    if first is None or not "09" <= holder.row.grade <= "12":
        return None, False
    earlier, prorated = Fraction(0), False
    if first < year:
        last_year = _stays(v, p, enrollments, year - 1)
        owed, prorated = compute.credits_due(
            v, p, enrollments, last_year, finals, year - 1, "EOY", first, "09", holder.row.district
        )
        earlier = owed or Fraction(0)
    entry = min(e.entry for e in enrollments)
    first_end = v.as_of.get((stays[0].row.district, year, "T1", False), FAR)
    is_late = stays[0].row.entry == entry > first_end and not any((c.end or FAR) < entry for c in finals)
    if is_late:
        attended = {
            t.code for s in stays for t in _terms(v, s.row.school, year) if t.end <= as_of and _has_days(v, s, t)
        }
        share = Fraction(len(attended), len(_terms(v, stays[-1].row.school, year)))
    else:
        terms = _terms(v, holder.row.school, year)
        share = Fraction(sum(t.end <= as_of for t in terms), len(terms) or 1)
    return earlier + 50 * share, prorated or is_late


def _terms(v: compute.Vantage, school: str, year: int) -> list[Term]:
    return [t for t in v.terms.values() if (t.school, t.year) == (school, year) and t.credit_bearing and t.code != "SS"]


def _has_days(v: compute.Vantage, s: Stay, t: Term) -> bool:
    calendar = v.calendars.get((s.row.school, t.year), NO_CALENDAR)
    return days_of(s, calendar, {}, t.end).expected > days_of(s, calendar, {}, t.start - dt.timedelta(1)).expected
