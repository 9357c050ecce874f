"""Marks, credits and repeats: domain.md 3.1."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from .facts import FAR, Mark, Term

COLLAPSED = {"A": 4, "B": 3, "C": 2, "D": 1, "F": 0}
KEPT = {m: Fraction(p) for m, p in COLLAPSED.items()}
KEPT |= {f"{m}+": p + Fraction(3, 10) for m, p in KEPT.items() if m in "BCD"}
KEPT |= {f"{m}-": COLLAPSED[m] - Fraction(3, 10) for m in "ABCD"}
KEPT |= {"A+": Fraction(4), "F+": Fraction(0), "F-": Fraction(0)}
IMPUTED = {
    "semester": Fraction(5),
    "trimester": Fraction(10, 3),
    "quarter": Fraction(5, 2),
    "year": Fraction(10),
    "summer": Fraction(5),
}
UNIT = Fraction(5, 3)
ORDER = ["FY", "S1", "S2", "T1", "T2", "T3", "Q1", "Q2", "Q3", "Q4", "SS"]


@lru_cache(maxsize=100_000)
def exact_credit(value: Any) -> Fraction:
    """Rule 6: within 0.005 of a multiple of 5/3 it is that multiple."""
    sent = Fraction(str(value))
    nearest = round(sent / UNIT) * UNIT
    return nearest if abs(sent - nearest) <= Fraction(5, 1000) else sent


@lru_cache(maxsize=10_000)
def subject(state_course: str | None) -> str:
    """Subject of a state course code, by the ranges of the CALPADS code sets (computer education stands inside 24xx)."""
    if not state_course or not state_course.isdigit():
        return "OTHER"
    n = int(state_course)
    if 2450 <= n <= 2459 or 2465 <= n <= 2472:
        return "OTHER"
    for low, high, name in (
        (2100, 2199, "ELA"),
        (2200, 2299, "WORLD_LANGUAGE"),
        (2300, 2399, "ARTS"),
        (2400, 2499, "MATH"),
        (2500, 2599, "PE"),
        (2600, 2699, "SCIENCE"),
        (2700, 2799, "SOCIAL_SCIENCE"),
        (2800, 2899, "ARTS"),
        (4000, 5999, "CTE"),
        (7000, 8999, "CTE"),
    ):
        if low <= n <= high:
            return name
    return "OTHER"


CORE = {"ELA", "MATH", "SCIENCE", "SOCIAL_SCIENCE"}


class Credit(NamedTuple):
    """A final mark with its credits made exact."""

    row: Mark
    letter: str | None  # A..F without sign, P NP I W, or None
    attempted: Fraction
    earned: Fraction
    subject: str
    start: dt.date | None
    end: dt.date | None
    grade: str | None


def _id(m: Mark) -> tuple[Any, ...]:
    return (m.year, ORDER.index(m.term), m.school, m.section, m.course, m.district, m.local_id)


def to_credits(
    rows: Iterable[Mark], terms: dict[tuple[str, int, str], Term], grade_in_year: dict[int, str]
) -> list[Credit]:
    """A person's final marks as credits; rule 5 imputes the credits of grade 8 and below."""
    out = []
    for m in rows:
        term = terms.get((m.school, m.year, m.term))
        kind = term.kind if term else {"F": "year", "S": "semester", "T": "trimester", "Q": "quarter"}[m.term[0]]
        if m.term == "SS":
            kind = "summer"
        grade = m.grade_taken or grade_in_year.get(m.year)
        letter = m.mark[0] if m.mark and m.mark[0] in COLLAPSED else m.mark
        passes = letter in ("A", "B", "C", "D", "P")
        if m.attempted is None and m.earned is None and grade is not None and (grade <= "08" or grade in ("KN", "TK")):
            attempted = IMPUTED[kind]
            earned = attempted if passes else Fraction(0)
        else:
            attempted = exact_credit(m.attempted) if m.attempted is not None else Fraction(0)
            earned = exact_credit(m.earned) if m.earned is not None else Fraction(0)
        if letter == "W":
            attempted = earned = Fraction(0)
        elif letter in ("NP", "I"):
            earned = Fraction(0)
        out.append(
            Credit(
                m,
                letter,
                attempted,
                earned,
                subject(m.state_course),
                term.start if term else None,
                term.end if term else None,
                grade,
            )
        )
    return sorted(out, key=lambda c: _id(c.row))


def one_per_course_term(marks: list[Credit]) -> list[Credit]:
    """Rule 11: the same course and term at different schools is one mark: more credits earned, then posted later."""
    groups: dict[tuple[Any, ...], list[Credit]] = defaultdict(list)
    for c in marks:
        if c.row.state_course is not None:
            groups[(c.row.year, c.row.term, c.row.state_course)].append(c)
    drop = set()
    for same in groups.values():
        if len({c.row.school for c in same}) > 1:
            best = max(same, key=lambda c: (c.earned, c.row.posted or dt.date.min, [-int(x) for x in c.row.school]))
            drop |= {_id(c.row) for c in same if c.row.school != best.row.school}
    return [c for c in marks if _id(c.row) not in drop]


FAILED = ("D", "F", "NP", "I")


class Chains(NamedTuple):
    """How the marks of repeated courses hang together, by mark id."""

    replaced: dict[tuple[Any, ...], Credit]  # original -> its repeat
    void: set[tuple[Any, ...]]  # repeats of a C or better: they count for nothing
    root: dict[tuple[Any, ...], tuple[Any, ...]]  # repeat -> the first taking of the course


def _same_course(a: Credit, b: Credit) -> bool:
    """Local course codes of two districts mean one course only with one state course code."""
    return a.row.district == b.row.district or a.row.state_course == b.row.state_course


def repeats(marks: list[Credit]) -> Chains:
    """Rule 9: each repeat replaces one original.

    A tagged repeat takes the same place in the year first, then the latest year; a summer mark takes what was failed
    before what was passed with a D, then the earlier term; a mark of a later year takes the same place.
    """
    chains = Chains({}, set(), {})
    place: dict[tuple[Any, ...], str] = {}
    by_course: dict[str, list[Credit]] = defaultdict(list)
    for c in marks:
        by_course[c.row.course].append(c)
    for same in by_course.values():
        same.sort(key=lambda c: (c.row.year, c.row.term == "SS", c.end or FAR, _id(c.row)))
        for r in same:
            place[_id(r.row)] = r.row.term
            if r.letter in (None, "W", "I"):
                continue
            moment = (r.row.year, r.row.term == "SS", r.end or FAR)
            before = [o for o in same if (o.row.year, o.row.term == "SS", o.end or FAR) < moment and _same_course(o, r)]
            open_ = [
                o
                for o in before
                if o.letter in FAILED and _id(o.row) not in chains.replaced and _id(o.row) not in chains.void
            ]
            same_place = [o for o in open_ if place[_id(o.row)] == r.row.term]
            chosen: Credit | None = None
            if r.row.is_repeat:
                pool = same_place or open_
                if pool:
                    latest = max(o.row.year for o in pool)
                    chosen = next(o for o in pool if o.row.year == latest)
                elif any(o.letter in ("A", "B", "C", "P") for o in before):
                    chains.void.add(_id(r.row))
            elif r.row.term == "SS":
                this_year = [o for o in open_ if o.row.year == r.row.year]
                chosen = min(this_year, key=lambda o: o.letter == "D", default=None)
            else:
                earlier = [o for o in same_place if o.row.year < r.row.year]
                chosen = earlier[-1] if earlier else None
            if chosen is not None:
                chains.replaced[_id(chosen.row)] = r
                place[_id(r.row)] = place[_id(chosen.row)]
                chains.root[_id(r.row)] = chains.root.get(_id(chosen.row), _id(chosen.row))
    return chains


def credit_once(marks: list[Credit], chains: Chains) -> dict[str, Fraction]:
    """Credit by subject, a repeated course counting once: the most that any of its takings earned."""
    best: dict[tuple[Any, ...], tuple[Fraction, str]] = {}
    for c in marks:
        if _id(c.row) not in chains.void:
            root = chains.root.get(_id(c.row), _id(c.row))
            best[root] = max(best.get(root, (Fraction(0), c.subject)), (c.earned, c.subject))
    out: dict[str, Fraction] = defaultdict(Fraction)
    for earned, subject_area in best.values():
        out[subject_area] += earned
    return out


class MarkSums(NamedTuple):
    n_marks: int
    points: Fraction
    points_kept: Fraction
    graded: Fraction
    n_f_core: Fraction
    n_core: int
    n_df_core: int
    n_df_elamath: int
    n_df_ela: int
    n_df_math: int
    n_f_ela: int
    n_f_math: int
    attempted: Fraction
    earned: Fraction
    earned_total: Fraction
    by_subject: dict[str, Fraction]
    not_earned: int
    n_ag: int
    ag_failed: int
    core_not_ab: int
    latest: dict[str, str]


def sums(
    marks: list[Credit],
    year: int,
    t1_end: Callable[[str], dt.date] | None,
    with_summer: bool,
    incomplete_is_f: bool,
    np_as_f: bool,
    has_high_school_credit: Any,
) -> MarkSums:
    """The measures of one window: `t1_end` (by district) for the first term, else the school year with or without its summer term."""
    kept = one_per_course_term(marks)
    # what lies at or before the end of the window
    visible = [
        c
        for c in kept
        if c.row.year < year
        or (
            c.row.year == year
            and (c.row.term != "SS" or with_summer)
            and (t1_end is None or (c.end is not None and c.end <= t1_end(c.row.district) and c.row.term != "SS"))
        )
    ]
    chains = repeats(visible)
    counting = [c for c in visible if _id(c.row) not in chains.replaced and _id(c.row) not in chains.void]
    window = [c for c in counting if c.row.year == year]
    all_window = [c for c in visible if c.row.year == year]
    out: dict[str, Any] = defaultdict(int)
    latest: dict[str, tuple[dt.date, str]] = {}
    for c in window:
        if c.letter == "W" or c.attempted == 0:
            continue
        out["attempted"] += c.attempted
        counts_as_f = c.letter == "F" or (c.letter == "NP" and np_as_f) or (c.letter == "I" and incomplete_is_f)
        is_df = counts_as_f or c.letter == "D"
        if c.letter in COLLAPSED:
            out["points"] += COLLAPSED[c.letter] * c.attempted
            out["kept"] += KEPT[c.row.mark or ""] * c.attempted
            out["graded"] += c.attempted
        if c.subject in CORE:
            if counts_as_f:
                out["n_f_core"] += c.attempted / 5
            # neither unmapped nor, before the freeze, still to come
            out["n_core"] += c.letter is not None and (c.letter != "I" or incomplete_is_f)
            out["n_df_core"] += is_df
            out["core_not_ab"] += c.letter not in ("A", "B")
        if c.subject in ("ELA", "MATH"):
            out["n_df_elamath"] += is_df
            out[f"n_df_{c.subject}"] += is_df
            out[f"n_f_{c.subject}"] += counts_as_f
            # marks that end on one day are the latest together; one F among them is enough
            key = c.end or FAR
            latest[c.subject] = max(latest.get(c.subject, (key, "")), (key, "F" if counts_as_f else ""))
        if c.row.is_ag:
            out["n_ag"] += 1
            out["ag_failed"] += c.letter not in ("A", "B", "C")
        out["not_earned"] += c.earned + Fraction(1, 10**6) < c.attempted
    by_subject = credit_once(all_window, chains)
    total = sum(credit_once([c for c in visible if has_high_school_credit(c)], chains).values(), Fraction(0))
    return MarkSums(
        n_marks=sum(c.letter != "W" for c in all_window),
        points=Fraction(out["points"]),
        points_kept=Fraction(out["kept"]),
        graded=Fraction(out["graded"]),
        n_f_core=Fraction(out["n_f_core"]),
        n_core=out["n_core"],
        n_df_core=out["n_df_core"],
        n_df_elamath=out["n_df_elamath"],
        n_df_ela=out["n_df_ELA"],
        n_df_math=out["n_df_MATH"],
        n_f_ela=out["n_f_ELA"],
        n_f_math=out["n_f_MATH"],
        attempted=Fraction(out["attempted"]),
        earned=sum(by_subject.values(), Fraction(0)),
        earned_total=total,
        by_subject=by_subject,
        not_earned=out["not_earned"],
        n_ag=out["n_ag"],
        ag_failed=out["ag_failed"],
        core_not_ab=out["core_not_ab"],
        latest={k: v[1] for k, v in latest.items()},
    )
