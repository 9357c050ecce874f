"""Random students of three districts as canonical rows, each beside copies of itself with one thing made better.

A dbt build costs more than a thousand students, so that the students are drawn once, by a fixed seed, and every property is
asked of all of them. NORTH and SOUTH exchange students; SOUTH sends no discipline file; EAST has nothing to do with either.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.dbt_project.harmonized.made_up import NORTH, SENT, SOUTH, STATE_CODE, YEAR, Cases, day
from tests.reference import facts

EAST = "9900003"
AS_OF = dt.date(2025, 10, 1)
CORRECTED = dt.date(2025, 7, 5)  # between the first delivery and the freeze at the end of the year
COURSES = ("ENG", "ALG", "BIO", "HIS", "SPA", "PED")
#: marks by how well a student does, from the lowest lane to the highest
MARKS = ("FFFFD", "FDDCC", "DCCCB", "CBBBA", "BBAAA", "AAAAA")
LETTERS = "FDCBA"


@dataclass(frozen=True)
class Taken:
    """A mark of grade 9."""

    course: str
    term: str
    mark: str | None
    credits: float


@dataclass(frozen=True)
class Student:
    """What a student's rows are made of; days are instructional days from 1."""

    name: str
    number: int
    stays: tuple[tuple[str, int, int, str], ...]  # district, first, last, exit reason
    grade8: tuple[tuple[str, str, str], ...]  # course, term, mark
    grade9: tuple[Taken, ...]
    absent8: frozenset[int]
    absent9: frozenset[int]
    summer: tuple[str, str] | None = None  # course and mark of a repeat
    suspended_on: int | None = None
    is_corrected: bool = False  # the first mark was sent as an F before


@dataclass
class World:
    """The rows, and which copies are better than which students."""

    cases: Cases
    students: list[Student]
    better: list[tuple[str, str]] = field(default_factory=list)


def draw(seed: int, n: int, n_east: int) -> World:
    """`n` students of NORTH and SOUTH with their copies, and `n_east` of EAST."""
    rng = random.Random(seed)
    world = World(Cases(), [])
    world.cases.places(EAST)
    for number in range(n):
        student = _student(rng, f"r{number}", number, NORTH if rng.random() < 0.6 else SOUTH)
        world.students.append(student)
        for copy in (_with_a_better_mark(rng, student), _with_fewer_absences(rng, student)):
            if copy is not None:
                copy = replace(copy, number=len(world.better) + 100_000)
                world.better.append((student.name, copy.name))
                world.students.append(copy)
    world.students += [_student(rng, f"e{number}", 200_000 + number, EAST) for number in range(n_east)]
    for student in world.students:
        emit(world.cases, student)
    return world


def _student(rng: random.Random, name: str, number: int, district: str) -> Student:
    level = rng.randrange(len(MARKS))
    stays: tuple[tuple[str, int, int, str], ...] = ((district, 1, 180, "E155"),)
    kind = rng.random()
    if kind < 0.15 and district != EAST:
        cut = rng.randrange(20, 150)
        other = SOUTH if district == NORTH else NORTH
        stays = ((district, 1, cut, "T160"), (other, cut + 1, 180, "E155"))
    elif kind < 0.25:
        stays = ((district, rng.choice((91, 100, 140, 155)), 180, "E155"),)  # from outside
    elif kind < 0.3:
        stays = ((district, 1, rng.randrange(25, 120), "T160"),)
    first, last = stays[0][1], stays[-1][2]
    terms = [term for term, ends in (("S1", (first <= 90)), ("S2", last == 180)) if ends]
    grade9 = tuple(
        Taken(course, term, _mark(rng, level), rng.choice((5, 5, 5, 5, 3.33, 2.5, 10, 0)))
        for term in terms
        for course in COURSES
        if rng.random() < 0.95
    )
    failed = [taken.course for taken in grade9 if taken.mark in ("D", "F") and taken.credits]
    days = range(first, last + 1)
    return Student(
        name=name,
        number=number,
        stays=stays,
        grade8=()
        if first > 1
        else tuple((c, t, rng.choice(MARKS[rng.randrange(6)])) for t in ("S1", "S2") for c in COURSES),
        grade9=grade9,
        absent8=frozenset(rng.sample(range(1, 181), rng.randrange(0, 30))),
        absent9=frozenset(rng.sample(days, min(len(days), rng.choice((0, 2, 5, 7, 9, 15, 18, 19, 36, 40))))),
        summer=(rng.choice(failed), rng.choice("ABCDF")) if failed and rng.random() < 0.3 else None,
        suspended_on=rng.choice(days) if rng.random() < 0.1 else None,
        is_corrected=rng.random() < 0.15,
    )


def _mark(rng: random.Random, level: int) -> str | None:
    if rng.random() < 0.06:
        return rng.choice(("P", "NP", "I", "W", None))
    letter = rng.choice(MARKS[level])
    return letter + (rng.choice(("", "", "+", "-")) if letter in "BCD" else "")


def _with_a_better_mark(rng: random.Random, student: Student) -> Student | None:
    """One letter mark that is no part of a repeat is raised."""
    free = [n for n, taken in enumerate(student.grade9) if taken.mark and taken.mark[0] in "BCDF"
            and (student.summer is None or taken.course != student.summer[0]) and taken.mark != "NP"]  # fmt: skip
    if not free:
        return None
    at = rng.choice(free)
    old = student.grade9[at]
    assert old.mark
    better = replace(old, mark=rng.choice(LETTERS[LETTERS.index(old.mark[0]) + 1 :]))
    return replace(
        student, name=student.name + "_mark", grade9=(*student.grade9[:at], better, *student.grade9[at + 1 :])
    )


def _with_fewer_absences(rng: random.Random, student: Student) -> Student | None:
    if not student.absent9:
        return None
    kept = rng.sample(sorted(student.absent9), rng.randrange(len(student.absent9)))
    return replace(student, name=student.name + "_there", absent9=frozenset(kept))


def emit(c: Cases, s: Student) -> None:
    """The rows of one student."""
    home = s.stays[0][0]
    for district in {stay[0] for stay in s.stays}:
        c.student(s.name, district, ssid=f"7{s.number:09d}")
    if s.grade8:
        c.enroll(s.name, district=home, kind="middle", year=YEAR - 1, grade="08")
        for course, term, mark in s.grade8:
            c.mark(s.name, course, term, mark, None, None, district=home, kind="middle", year=YEAR - 1, grade="08",
                   course_code=f"{course}8", state_course_code=STATE_CODE[course])  # fmt: skip
        c.absent(s.name, sorted(s.absent8), district=home, kind="middle", year=YEAR - 1)
    for district, first, last, reason in s.stays:
        c.enroll(s.name, first, last, district=district, reason=reason)
        c.absent(s.name, sorted(n for n in s.absent9 if first <= n <= last), district=district)
    for n, taken in enumerate(s.grade9):
        district = s.stays[0][0] if taken.term == "S1" else s.stays[-1][0]
        if n == 0 and s.is_corrected:
            # after the freeze of T1, before that of the end of the year
            c.mark(s.name, taken.course, taken.term, "F", taken.credits, district=district, known_to=CORRECTED)
            c.mark(s.name, taken.course, taken.term, taken.mark, taken.credits, district=district, known_from=CORRECTED)
        else:
            c.mark(s.name, taken.course, taken.term, taken.mark, taken.credits, district=district)
    if s.summer is not None:
        c.mark(s.name, s.summer[0], "SS", s.summer[1], district=s.stays[-1][0])
    if s.suspended_on is not None and home != SOUTH:
        c.incident(s.name, day(s.suspended_on), "OSS", 1, district=home)


def shuffled(rows: dict[str, list[dict[str, Any]]], seed: int, without: str) -> dict[str, list[dict[str, Any]]]:
    """The same rows, but for those of a district, in another order and out of other files."""
    rng = random.Random(seed)
    out = {}
    for entity, sent in rows.items():
        kept = [row for row in sent if row["district_code"] != without]
        rng.shuffle(kept)
        places = rng.sample(range(10 * len(kept)), len(kept))
        out[entity] = [
            {**row, "source_file_id": f"file-{place % 5}", "source_row": place}
            for row, place in zip(kept, places, strict=True)
        ]
    return out


def reference_facts(rows: dict[str, list[dict[str, Any]]], districts: Iterable[str]) -> facts.Facts:
    """The rows as the reference reads them."""
    found: dict[str, list[Any]] = {entity: [] for entity in facts.QUERIES}
    for entity, (kind, columns) in facts.QUERIES.items():
        names = [c.strip().removeprefix("coalesce(") for c in columns.split(",") if c.strip() != "false)"]
        for row in rows.get(entity, []):
            values = [row[name] for name in names]
            found[entity].append(
                (tuple(values) if kind is tuple else kind(*values), row["known_from"], row["known_to"])
            )
    out = facts.Facts(found)
    for district in districts:
        out.districts[district] = facts.District(grad_credits=220)
    out.missing_feeds = {(SOUTH, year, "discipline") for year in (YEAR - 2, YEAR - 1, YEAR)}
    return out


__all__ = ["AS_OF", "EAST", "NORTH", "SENT", "SOUTH", "World", "draw", "reference_facts", "shuffled"]
