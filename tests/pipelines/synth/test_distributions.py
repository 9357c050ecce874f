"""The stated ranges, each computed from the facts as a reader of domain.md would, by plain SQL over facts alone."""

from __future__ import annotations

import pytest

YEARS = (2023, 2024, 2025, 2026)
PERSON = """
    create or replace temp view person as
    select district_code, local_student_id, coalesce(m.ssid_to, s.ssid, district_code || local_student_id) as person
    from facts.student as s left join facts.ssid_merge as m on m.ssid_from = s.ssid
    where s.known_to is null;
    create or replace temp view stay as
    select e.*, p.person, coalesce(e.exit_date, date '2999-01-01') as last_date
    from facts.enrollment as e join person as p using (district_code, local_student_id)
    where e.known_to is null and e.exit_reason is distinct from 'N470';
    -- Days of a person at any school, each day once.
    create or replace temp table person_day as
    select distinct s.person, s.school_year, c.calendar_date
    from stay as s join facts.calendar_day as c using (school_code, school_year)
    where s.enrollment_status <> '20' and c.calendar_date between s.entry_date and s.last_date;
    -- A day with periods is an absence where every period was missed.
    create or replace temp table absent_day as
    select distinct p.person, a.school_year, a.calendar_date
    from (
        select a.district_code, a.local_student_id, a.school_code, a.school_year, a.calendar_date,
            count(*) as n, any_value(c.n_periods) as n_periods
        from facts.attendance_event as a
        join facts.calendar_day as c using (school_code, school_year, calendar_date)
        where a.known_to is null and a.category in ('excused', 'unexcused', 'oss', 'nonada_is')
        group by all
    ) as a join person as p using (district_code, local_student_id)
    where a.n_periods is null or a.n = a.n_periods
"""


@pytest.fixture(scope="module")
def people(world):
    world.execute(PERSON)
    return world


def one(con, sql: str, *values: object) -> float:
    return con.execute(sql, list(values)).fetchall()[0][0]


@pytest.mark.parametrize("year", YEARS)
def test_chronic_absence(people, year):
    share = one(
        people,
        """
        select avg((absent >= 0.1 * days)::integer) from (
            select person, count(*) as days,
                count(*) filter (exists (from absent_day as a where a.person = d.person and a.calendar_date = d.calendar_date))
                    as absent
            from person_day as d where school_year = ? group by person having count(*) > 30
        )
        """,
        year,
    )
    assert 0.15 <= share <= 0.30


@pytest.mark.parametrize(
    ("condition", "low", "high"),
    [
        ("program = 'EL_STATUS' and value = 'EL'", 0.15, 0.25),
        ("program = 'SWD'", 0.11, 0.15),
        (
            "program in ('MEALS', 'MIGRANT', 'HOMELESS', 'FOSTER') or program = 'PARENT_ED' and value = '14'",
            0.60,
            0.85,
        ),
    ],
    ids=["english learners", "disabilities", "disadvantaged"],
)
@pytest.mark.parametrize("year", YEARS)
def test_programs(people, condition, low, high, year):
    share = one(
        people,
        f"""
        select avg((exists (
            from facts.student_program as p join person as i using (district_code, local_student_id)
            where i.person = s.person and p.known_to is null and ({condition})
                and (p.start_date is null or p.start_date <= make_date({year}, 6, 30))
                and (p.end_date is null or p.end_date >= make_date({year - 1}, 10, 1))
        ))::integer)
        from (select distinct person from stay where school_year = {year} and enrollment_status <> '20') as s
        """,
    )
    assert low <= share <= high


@pytest.mark.parametrize("year", YEARS[1:])
def test_students_who_change_district(people, year):
    """Of those in a district last year or this one, at least 2% were in another one before."""
    share = one(
        people,
        """
        select avg((n > 1)::integer) from (
            select person, count(distinct district_code) as n from stay
            where school_year in (?, ?) and enrollment_status <> '20' group by person having count(distinct school_year) = 2
        )
        """,
        year - 1,
        year,
    )
    assert share >= 0.02


@pytest.mark.parametrize("year", YEARS[1:])
def test_movement_coverage(people, year):
    """First-time ninth graders whose grade 8 and grade 9 can both be judged: there on the last day, with days and marks."""
    share = one(
        people,
        """
        with judged as (
            select s.person, s.school_year
            from stay as s
            join (select school_year, min(last_day) as last_day from (
                    select district_code, school_year, max(calendar_date) as last_day from facts.calendar_day group by all
                ) group by all) as y using (school_year)
            where s.enrollment_status <> '20' and s.last_date >= y.last_day - 30
                and (select count(*) from person_day as d where d.person = s.person and d.school_year = s.school_year) > 30
                and (
                    select count(*) from facts.course_mark as m join person as p using (district_code, local_student_id)
                    where p.person = s.person and m.school_year = s.school_year and m.known_to is null and m.is_final
                        and m.mark[1] in ('A', 'B', 'C', 'D', 'F') and m.term_code <> 'SS'
                ) >= 3
        ),
        cohort as (
            select distinct person from stay as s
            where school_year = $year and grade_level = '09' and enrollment_status <> '20'
                and not exists (from stay as o where o.person = s.person and o.school_year < $year and o.grade_level >= '09')
        )
        select avg((
            exists (from judged as j where j.person = c.person and j.school_year = $year - 1)
            and exists (from judged as j where j.person = c.person and j.school_year = $year)
        )::integer)
        from cohort as c
        """.replace("$year", str(year)),
    )
    assert 0.85 <= share <= 0.93


def test_marks_are_plausible(people):
    shares = dict(
        people.execute("""
            select mark[1], count(*) / sum(count(*)) over () from facts.course_mark
            where known_to is null and is_final and mark[1] in ('A', 'B', 'C', 'D', 'F') group by 1
        """).fetchall()
    )
    assert 0.10 <= shares["D"] + shares["F"] <= 0.30
    assert all(shares[letter] > 0.04 for letter in "ABCDF")


@pytest.mark.parametrize("mark", ["P", "NP", "I", "W", None])
def test_special_marks_occur(people, mark):
    n = one(people, "select count(*) from facts.course_mark where mark is not distinct from ?", mark)
    assert n > 10


def test_size_is_what_was_asked_for(people):
    """3 of 13 grades of 20,000; late entries and leavers make the year's count larger than any day's."""
    for year in YEARS:
        n = one(people, "select count(distinct person) from stay where school_year = ?", year)
        assert 0.93 <= n / (20_000 * 3 / 13) <= 1.10


def test_each_rare_story_happens(people):
    found = dict(
        people.execute(
            "select exit_reason, count(*) from facts.enrollment where known_to is null group by all"
        ).fetchall()
    )
    for reason in ("E150", "E155", "E300", "N470", "T160", "T200", "E140", None):
        assert found.get(reason, 0) > 0, reason
    for sql in (
        "from facts.enrollment where enrollment_status = '20'",
        "from facts.enrollment where enrollment_status = '30'",
        "from facts.enrollment where enrollment_status = '30' and exit_date - entry_date > 45",
        "from facts.course_mark where is_repeat",
        "from facts.course_mark where is_transfer",
        "from facts.course_mark where term_code = 'SS'",
        "from facts.course_mark where credits_attempted = 2.5",
        "from facts.course_mark where credits_attempted = 10",
        "from facts.course_mark where credits_attempted = 3.33",
        "from facts.course_mark where credits_attempted = 0",
        "from facts.course_mark where credits_attempted is null and is_final",
        "from facts.course_mark where not is_final",
        "from facts.incident where suspension_days < 1",
        "from facts.incident where suspension_type = 'ISS'",
        "from facts.incident where suspension_type is null",
        "from facts.attendance_event where category = 'nonada_is'",
        "from facts.attendance_event where category = 'ada_is'",
        "from facts.attendance_event where category = 'oss'",
        "from facts.student where ssid is null",
        "from facts.supplied_gpa where is_weighted",
        "from stay as a join stay as b using (person, school_year) where a.entry_date < b.entry_date"
        " and a.last_date >= b.entry_date and a.enrollment_status = '10' and b.enrollment_status = '10'",
    ):
        assert one(people, f"select count(*) {sql}") > 0, sql
