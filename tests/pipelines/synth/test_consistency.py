"""The world hangs together: facts are closed under references, stories are consistent through time, versions do not overlap."""

from __future__ import annotations

import pytest

from pipelines.synth.plan import FEED_OF
from pipelines.synth.schema import HUB, KEYS, canonical_columns

# SQL that yields the rows which must not exist.
CLOSED = {
    "an enrollment at a school that the district has that year": """
        from facts.enrollment as e where not exists (
            from facts.school as s where s.district_code = e.district_code and s.school_code = e.school_code
                and s.school_year = e.school_year and s.known_from <= e.known_from)""",
    "an enrollment of a student known at the same time": """
        from facts.enrollment as e where not exists (
            from facts.student as s where s.district_code = e.district_code and s.local_student_id = e.local_student_id
                and s.known_from <= e.known_from)""",
    "a program of a known student": """
        from facts.student_program as p where not exists (
            from facts.student as s where s.district_code = p.district_code and s.local_student_id = p.local_student_id
                and s.known_from <= p.known_from)""",
    "a program that ends after it began": "from facts.student_program where end_date < start_date",
    "a final mark in a term of its school": """
        from facts.course_mark as m where is_final and not exists (
            from facts.term as t where t.school_code = m.school_code and t.school_year = m.school_year
                and t.term_code = m.term_code and t.is_credit_bearing)""",
    "a mark at a school where the student was that year": """
        from facts.course_mark as m where not exists (
            from facts.enrollment as e where e.district_code = m.district_code and e.local_student_id = m.local_student_id
                and e.school_code = m.school_code and e.school_year = m.school_year and e.exit_reason is distinct from 'N470')""",
    "a mark of a term in which the student was at the school, but for transfers and second chances": """
        from facts.course_mark as m join facts.term as t using (school_code, school_year, term_code)
        where m.is_final and m.term_code <> 'SS' and not m.section_id[1] in ('7', '8', 'T') and not exists (
            from facts.enrollment as e where e.district_code = m.district_code and e.local_student_id = m.local_student_id
                and e.school_code = m.school_code and e.school_year = m.school_year and e.known_to is null
                and e.entry_date <= t.end_date and coalesce(e.exit_date, date '2999-01-01') >= t.start_date)""",
    "an attendance event on a school day": """
        from facts.attendance_event as a where not exists (
            from facts.calendar_day as c where c.school_code = a.school_code and c.school_year = a.school_year
                and c.calendar_date = a.calendar_date)""",
    "an attendance event within a primary or short-term enrollment": """
        from facts.attendance_event as a where not exists (
            from facts.enrollment as e where e.district_code = a.district_code and e.local_student_id = a.local_student_id
                and e.school_code = a.school_code and e.school_year = a.school_year and e.enrollment_status <> '20'
                and a.calendar_date >= e.entry_date and a.calendar_date <= coalesce(e.exit_date, date '2999-01-01')
                and e.known_to is null and e.exit_reason is distinct from 'N470')""",
    "in a positive feed, an event on a recorded day": """
        from facts.attendance_event as a
        where a.district_code in (select district_code from facts.attendance_recorded) and not exists (
            from facts.attendance_recorded as r where r.district_code = a.district_code
                and r.local_student_id = a.local_student_id and r.school_code = a.school_code
                and r.calendar_date = a.calendar_date and r.known_from <= a.known_from)""",
    "an incident within an enrollment": """
        from facts.incident as i where not exists (
            from facts.enrollment as e where e.district_code = i.district_code and e.local_student_id = i.local_student_id
                and e.school_code = i.school_code and i.incident_date between e.entry_date
                and coalesce(e.exit_date, date '2999-01-01') and e.known_to is null)""",
    "days of removal where, and only where, there was a removal": """
        from facts.incident where (suspension_type is null) <> (suspension_days is null)""",
    "a period where, and only where, the calendar has periods": """
        from facts.attendance_event as a join facts.calendar_day as c using (school_code, school_year, calendar_date)
        where (a.period is null) <> (c.n_periods is null) or a.period::integer > c.n_periods""",
    "an exit reason where, and only where, there is an exit": """
        from facts.enrollment where (exit_date is null) <> (exit_reason is null)""",
    "an exit on or after the entry, but for no-shows": """
        from facts.enrollment where exit_date < entry_date and exit_reason <> 'N470'""",
    "a merged SSID that is somebody's": """
        from facts.ssid_merge as m where ssid_from not in (select ssid from facts.student where ssid is not null)""",
    "a membership of a high school": """
        from facts.btsc_membership where school_code not in (select school_code from facts.school where school_type = 'high')""",
    "credits that are what was earned: never more than was attempted": """
        from facts.course_mark where credits_earned > credits_attempted""",
    "no credit for an F, NP, I or W": """
        from facts.course_mark where mark[1] in ('F', 'N', 'I', 'W') and credits_earned > 0""",
}

PERSON = """
    create or replace temp view person as
    select distinct s.district_code, s.local_student_id, coalesce(m.ssid_to, s.ssid) as person
    from facts.student as s left join facts.ssid_merge as m on m.ssid_from = s.ssid
    where s.known_to is null and s.ssid is not null
"""
STORIES = {
    "a grade never falls and rises by one a year": """
        from (
            select p.person, e.school_year, min(grade_level) as low, max(grade_level) as high
            from facts.enrollment as e join person as p using (district_code, local_student_id)
            where e.known_to is null and e.exit_reason is distinct from 'N470' group by all
        ) as a join (
            select p.person, e.school_year, min(grade_level) as low, max(grade_level) as high
            from facts.enrollment as e join person as p using (district_code, local_student_id)
            where e.known_to is null and e.exit_reason is distinct from 'N470' group by all
        ) as b on b.person = a.person and b.school_year = a.school_year + 1
        where b.low < a.high or b.low::integer > a.low::integer + 1""",
    "one birth date and gender a person, but for texts that could not be read": """
        from (
            select p.person from facts.student as s join person as p using (district_code, local_student_id)
            where s.known_to is null group by p.person
            having count(distinct s.gender) > 1 or max(s.birth_date) - min(s.birth_date) > 10
        )""",
    "two schools at once only for few days, as secondary or for a short time": """
        from facts.enrollment as a join facts.enrollment as b using (district_code, local_student_id, school_year)
        where a.known_to is null and b.known_to is null and a.enrollment_status = '10' and b.enrollment_status = '10'
            and a.school_code <> b.school_code and a.entry_date < b.entry_date
            and a.exit_reason is distinct from 'N470' and b.exit_reason is distinct from 'N470'
            -- an exit that is reported late may still be open
            and a.exit_date - b.entry_date > 35""",
}


@pytest.mark.parametrize("rule", CLOSED)
def test_facts_are_closed(world, rule):
    assert world.execute(f"select count(*) {CLOSED[rule]}").fetchall() == [(0,)]


@pytest.mark.parametrize("rule", STORIES)
def test_stories_hold_through_time(world, rule):
    world.execute(PERSON)
    assert world.execute(f"select count(*) {STORIES[rule]}").fetchall() == [(0,)]


@pytest.mark.parametrize("entity", KEYS)
def test_versions_of_a_key_follow_each_other(world, entity):
    keys = ", ".join(["district_code", *KEYS[entity]])
    bad = world.execute(f"""
        select count(*) from (
            select known_from, known_to, lead(known_from) over (partition by {keys} order by known_from) as next
            from facts.{entity}
        ) where known_from is null or known_to <= known_from or next < coalesce(known_to, date '2999-01-01')
    """).fetchall()
    assert bad == [(0,)]


@pytest.mark.parametrize("entity", KEYS)
def test_news_comes_with_a_delivery_that_may_bring_it(world, plans, entity):
    has_year = any(name == "school_year" for name, _ in canonical_columns()[entity])
    dates = {
        (plan.district_code, plan.date, year)
        for of_district in plans.values()
        for plan in of_district
        if plan.advances(FEED_OF[entity])
        for year in (plan.school_years if has_year else (0,))
    }
    year = "school_year" if has_year else "0"
    found = world.execute(f"""
        select distinct district_code, known_from, {year} from facts.{entity}
        union select distinct district_code, known_to, {year} from facts.{entity} where known_to is not null
    """).fetchall()
    assert found
    assert set(found) <= dates


def test_nothing_is_known_before_it_happened(world):
    for entity, day in [
        ("enrollment", "coalesce(exit_date, entry_date)"),
        ("attendance_event", "calendar_date"),
        ("attendance_recorded", "calendar_date"),
        ("course_mark", "posted_date"),
        ("incident", "incident_date"),
        ("student_program", "case when program <> 'MEALS' and program <> 'HOMELESS' then end_date end"),
    ]:
        bad = world.execute(f"select count(*) from facts.{entity} where {day} >= known_from").fetchall()
        assert bad == [(0,)], entity


def test_an_ssid_belongs_to_one_student_of_a_district(world):
    bad = world.execute("""
        select count(*) from (
            select district_code, ssid from facts.student where ssid is not null
            group by all having count(distinct local_student_id) > 1
        )
    """).fetchall()
    assert bad == [(0,)]
    assert world.execute(
        "select count(*) from facts.student where not regexp_full_match(ssid, '\\d{10}')"
    ).fetchall() == [(0,)]


def test_no_lane_and_no_metric_is_made(world):
    """What a reader computes stands nowhere in the world: neither in its columns nor in a table beside them."""
    names = world.execute("""
        select table_name || '.' || column_name from information_schema.columns where table_schema in ('facts', 'synth')
    """).fetchall()
    forbidden = ("lane", "movement", "on_track", "off_track", "chronic", "coverage")
    assert [name for (name,) in names if any(word in name for word in forbidden)] == []
    tables = {
        name
        for (name,) in world.execute(
            "select table_name from information_schema.tables where table_schema = 'facts'"
        ).fetchall()
    }
    assert tables == set(canonical_columns()) | set(HUB)


def test_schools_are_made_up_and_in_their_district(world):
    schools = world.execute("select distinct district_code, school_code, school_type from facts.school").fetchall()
    assert all(len(code) == 14 and code.startswith(district) for district, code, _ in schools)
    for district in {district for district, _, _ in schools}:
        kinds = [kind for code, _, kind in schools if code == district]
        assert kinds.count("middle") >= 1
        assert kinds.count("high") >= 2
    assert sum(kind in ("middle", "high") for _, _, kind in schools) >= 24


def test_a_school_has_180_days_and_districts_differ(world):
    days = world.execute("select school_code, school_year, count(*) from facts.calendar_day group by all").fetchall()
    assert {n for _, _, n in days} == {180}
    ends = world.execute(
        "select count(distinct calendar_date) from (select max(calendar_date) as calendar_date"
        " from facts.calendar_day where school_year = 2026 group by school_code)"
    ).fetchall()
    assert ends[0][0] >= 3
