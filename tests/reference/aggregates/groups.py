"""Student groups: domain.md section 8."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from ..attendance import real
from ..compute import Person
from ..facts import FAR, Facts
from .cells import Groups

NEAR = dt.date(1, 1, 1)
ASIAN = {str(code) for code in (*range(201, 209), 299)}
PACIFIC = {str(code) for code in (*range(301, 305), 399)}


class Attributes(NamedTuple):
    district: str
    local_id: str
    gender: str | None
    hispanic: bool | None
    races: str | None


class Program(NamedTuple):
    district: str
    local_id: str
    program: str
    value: str | None
    start: dt.date | None
    end: dt.date | None


@dataclass
class GroupFacts:
    """What groups follow from: versions of students' attributes (row, known_from, in force) and the programs of tonight."""

    attributes: list[tuple[Attributes, dt.date, bool]] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)


def load(truth: Path, as_of: dt.date) -> GroupFacts:
    """Attributes and programs sent by `as_of`, from `<synth dir>/_truth`."""
    con = duckdb.connect()
    sent = "known_from <= ? and lost_reason is distinct from 'bad_row'"
    students = con.execute(
        "select district_code, local_student_id, gender, is_hispanic, race_codes, known_from, known_to is null or known_to > ? "
        f"from read_parquet(?) where {sent}",
        [as_of, str(truth / "student.parquet"), as_of],
    ).fetchall()
    programs = con.execute(
        "select district_code, local_student_id, program, value, start_date, end_date "
        f"from read_parquet(?) where {sent} and (known_to is null or known_to > ?)",
        [str(truth / "student_program.parquet"), as_of, as_of],
    ).fetchall()
    con.close()
    return GroupFacts([(Attributes(*r[:5]), r[5], r[6]) for r in students], [Program(*r) for r in programs])


def race_group(hispanic: bool | None, codes: set[str]) -> str:
    """Hispanic of any race; else one race, Two or more, or not reported. Filipino and another Asian are one federal race."""
    if hispanic:
        return "HI"
    ca = {
        "AS" if c in ASIAN else "PI" if c in PACIFIC else {"100": "AI", "400": "FI", "600": "AA", "700": "WH"}[c]
        for c in codes
    }
    federal = {"AS" if c == "FI" else c for c in ca}
    if not ca:
        return "NR"
    if len(federal) > 1:
        return "MR"
    return ca.pop() if len(ca) == 1 else federal.pop()


def student_groups(facts: Facts, group_facts: GroupFacts, people: dict[str, Person], ids: dict[Any, str]) -> Groups:
    """(person, school year) -> groups, for every school year in which the person has an enrollment."""
    race, gender = _attributes(facts, group_facts, ids)
    spans = _spans(group_facts, ids)
    out: Groups = {}
    for person, p in people.items():
        by_year: dict[int, set[str]] = defaultdict(set)
        for e in real(p.enrollments):
            by_year[e.year].add(e.district)
        for year, districts in by_year.items():
            found = {("race_ethnicity", race.get(person, "NR"))}
            if person in gender:
                found.add(("gender", gender[person]))
            known = all((d, year, "programs") not in facts.missing_feeds for d in districts)
            out[(person, year)] = found | _programs(spans.get(person, []), year, known)
    return out


def _attributes(facts: Facts, group_facts: GroupFacts, ids: dict[Any, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Race and gender by person: the latest value sent, of the district that enrolled the student last."""
    last: dict[tuple[str, str], dt.date] = {}
    for e in facts.known("enrollment", None):
        key = (e.district, e.local_id)
        last[key] = max(e.entry, last.get(key, NEAR))
    versions: dict[tuple[str, str], list[tuple[Any, Attributes]]] = defaultdict(list)
    for a, since, in_force in group_facts.attributes:
        versions[(a.district, a.local_id)].append(((in_force, since), a))
    of_person: dict[str, list[Any]] = defaultdict(list)
    for key, found in versions.items():
        if key in ids:
            newest = max(since for (_, since), _ in found)
            of_person[ids[key]].append((last.get(key, NEAR), newest, key))
    race, gender = {}, {}
    for person, keys in of_person.items():
        for *_, key in sorted(keys):
            for _, a in sorted(versions[key], key=lambda v: v[0]):
                if a.gender is not None:
                    gender[person] = a.gender
                if a.hispanic is not None or a.races is not None:
                    race[person] = race_group(a.hispanic, set(a.races.split(";")) if a.races else set())
    return race, gender


def _spans(group_facts: GroupFacts, ids: dict[Any, str]) -> dict[str, list[Program]]:
    """Programs by person, with dates; a new language status ends the one before it in that district."""
    by_student: dict[tuple[str, str, str], list[Program]] = defaultdict(list)
    for p in group_facts.programs:
        if p.value is not None:
            by_student[(p.district, p.local_id, p.program)].append(p)
    out: dict[str, list[Program]] = defaultdict(list)
    for (district, local_id, program), found in by_student.items():
        person = ids.get((district, local_id))
        if person is None:
            continue
        found.sort(key=lambda p: (p.start or NEAR, p.value))
        for p, following in zip(found, [*found[1:], None], strict=True):
            end = p.end or FAR
            if program == "EL_STATUS" and following is not None and following.start is not None:
                end = min(end, following.start - dt.timedelta(1))
            out[person].append(p._replace(start=p.start or NEAR, end=end))
    return out


def _programs(spans: list[Program], year: int, are_known: bool) -> set[tuple[str, str]]:
    """Groups of language and program on any day of the school year."""
    first, last = dt.date(year - 1, 7, 1), dt.date(year, 6, 30)
    touching = [p for p in spans if p.start <= last and p.end >= max(first, p.start)]  # type: ignore[operator,type-var]
    status = {p.value for p in touching if p.program == "EL_STATUS"}
    out = {("language", code) for code in ("EL", "RFEP") if code in status}
    if out:
        out.add(("language", "EL_RFEP"))
    if status == {"TBD"}:
        out.add(("language", "TBD"))
    elif status and "EL" not in status:
        out.add(("language", "NOT_EL"))
    began = [p.start for p in spans if p.program == "EL_STATUS" and p.value == "EL" and p.start > NEAR]  # type: ignore[operator]
    if began:
        # EC 52052: not proficient within seven years of the first classification
        seven = _years_later(min(began), 7)  # type: ignore[type-var]
        if seven <= last and any(p.program == "EL_STATUS" and p.value == "EL" and p.end >= seven for p in touching):  # type: ignore[operator]
            out.add(("language", "LTEL"))
    held = {p.program for p in touching if p.value == "Y"} & {"SWD", "FOSTER", "HOMELESS", "MIGRANT"}
    poor = bool(held & {"FOSTER", "HOMELESS", "MIGRANT"}) or any(
        (p.program == "MEALS" and p.value in ("F", "R")) or (p.program == "PARENT_ED" and p.value == "14")
        for p in touching
    )
    codes = (held - {"MIGRANT"}) | ({"SED"} if poor else set())
    out |= {("program", code) for code in codes}
    if are_known:
        out |= {("program", f"NOT_{code}") for code in ("SED", "SWD", "FOSTER", "HOMELESS") if code not in codes}
    return out


def _years_later(day: dt.date, years: int) -> dt.date:
    """The same day some years later; February 28 for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
