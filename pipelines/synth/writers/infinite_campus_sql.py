"""What stands in the Infinite Campus extracts: one query a file, the ids, and what is planted beside the facts."""

from __future__ import annotations

ENTITIES = (
    "school", "term", "calendar_day", "student", "student_program", "enrollment", "course_mark", "attendance_event",
    "incident",
)  # fmt: skip

# ids: macro, its arguments, the text behind it
IDS = (
    ("person", "local_student_id", "local_student_id"),
    ("calendar", "school_code, school_year", "school_code || '|' || school_year"),
    (
        "course",
        "course_code, course_name, state_course_code, is_ag",
        "concat_ws('|', course_code, course_name, coalesce(state_course_code, ''), coalesce(is_ag::varchar, ''))",
    ),
    (
        "section",
        "school_code, school_year, section_id, course_id",
        "concat_ws('|', school_code, school_year, section_id, course_id)",
    ),
)

# Feeds in which rows that must be rejected are written with a column too many.
WIDE = {"transcript"}

_COURSE = "course(course_code, course_name, state_course_code, is_ag)"
_SECTION = (
    f"case when not starts_with(section_id, 'T-') then section(school_code, school_year, section_id, {_COURSE}) end"
)
_ABSENT = "'excused', 'unexcused', 'oss', 'nonada_is'"
_OLDER = "(from {student} where hash(local_student_id) % 4 = 0)"
# the product keeps these, the state does not see them: see `service_type_n` in the contract
_NOT_REPORTED = "(from {enrollment} where enrollment_status = '10' and hash(local_student_id) % 12 = {remainder})"
_TYPE_N, _EXCLUDED, _EXCLUDED_CALENDAR = (_NOT_REPORTED.replace("{remainder}", str(n)) for n in (0, 1, 2))
_PRESENT = (
    "(select distinct local_student_id, school_code, school_year, calendar_date from {attendance_event}"
    " where hash(local_student_id, calendar_date) % 10 = 0)"
)
_IN_EXCLUDED_CALENDAR = (
    "(select distinct local_student_id, school_year, calendar_date, period from {attendance_event}"
    " where hash(local_student_id) % 12 = 2)"
)

PLANTED = {
    "identity": {"older identity row": _OLDER, "social security number": "{student}"},
    "enrollment": {
        "service type N": _TYPE_N,
        "excluded enrollment": _EXCLUDED,
        "enrollment in an excluded calendar": _EXCLUDED_CALENDAR,
    },
    "attendance": {
        "present row": _PRESENT,
        "attendance in an excluded calendar": _IN_EXCLUDED_CALENDAR,
    },
}

_IDENTITY = """
    select person(local_student_id) as person_id, local_student_id as student_number,
        {state_id} as state_id, id_of('identity', local_student_id || '{n}') as identity_id,
        sent_date({effective}) as effective_date, {last_name} as last_name, first_name,
        '000-' || right('0' || id_of('ssn', local_student_id), 2) || '-' || right('000' || person(local_student_id), 4)
            as ssn,
        {birth_date} as birth_date, {gender} as gender,
        case is_hispanic when true then 'Y' when false then 'N' end as hispanic,
        replace(race_codes, ';', ',') as race_codes,
        sent_date(make_date(first_grade9_year - 1, 8, 15)) as entered_grade9
    from {source}
"""
_ENROLLMENT = """
    select school_year as end_year,
        id_of('{kind}', concat_ws('|', local_student_id, school_code, entry_date, enrollment_status)) as enrollment_id,
        person(local_student_id) as person_id, {calendar} as calendar_id,
        local_code({{grade_level}}, grade_level, '') as grade,
        {service_type} as service_type, case when enrollment_status = '30' then '1' else '0' end as short_term,
        sent_date(entry_date) as start_date, 'E1' as start_status, sent_date(exit_date) as end_date,
        case when exit_reason is distinct from 'N470' or hash(local_student_id) % 2 = 0
            then local_code({{exit_reason}}, exit_reason, '') end as end_status,
        case when exit_reason = 'N470' then '1' else '0' end as no_show, '{state_exclude}' as state_exclude
    from {source}
"""
_ATTENDANCE = """
    select school_year as end_year, person(local_student_id) as person_id, {calendar} as calendar_id,
        sent_date(calendar_date) as date, {period} as period, {code} as code, {status} as status, {excuse} as excuse,
        {minutes} as present_minutes
    from {source}
"""
_PICKED = "local_code({attendance_category}, category, local_student_id || calendar_date || period)"
# a period with some minutes present is attended, whatever its code says
_CAME_BACK = "category = 'other_present' and hash(local_student_id, calendar_date) % 2 = 0"
_CAME_LATE = "category = 'tardy' and hash(local_student_id, calendar_date) % 2 = 0"


def _excluded_calendar(school_year: str) -> str:
    return f"id_of('excluded', cast({school_year} as varchar))"


QUERIES = {
    "school": """
        select school_year as end_year, local_school_code as school_number, school_name,
            right(school_code, 7) as state_school_number, local_code({school_type}, school_type, '') as school_type,
            local_code({grade_level}, low_grade, '') as low_grade,
            local_code({grade_level}, high_grade, '') as high_grade,
            case when is_reporting then '1' else '0' end as accountability, staff_count as certificated_staff,
            '0' as state_exclude
        from {school}
        union all
        select distinct school_year, 'X990', 'Preschool Annex (synthetic)', '0000990', null, null, null, '0',
            null::integer, '1'
        from {school}
    """,
    "calendar": f"""
        select school_year as end_year, calendar(school_code, school_year) as calendar_id,
            (school_year - 1) || '-' || school_year || ' ' || school_name as calendar_name,
            local_school_code as school_number, '0' as state_exclude
        from {{school}}
        union all
        select school_year, {_excluded_calendar("school_year")}, 'Adult Evening Program', min(local_school_code), '1'
        from {{school}} group by school_year
    """,
    "term": f"""
        select school_year as end_year, calendar(school_code, school_year) as calendar_id,
            local_code({{term_code}}, term_code, '') as term, sent_date(start_date) as term_start,
            sent_date(end_date) as term_end, case when is_credit_bearing then '1' else '0' end as credit_term
        from {{term}}
        union all
        select school_year, {_excluded_calendar("school_year")}, local_code({{term_code}}, 'FY', ''),
            sent_date(min(start_date)), sent_date(max(end_date)), '1'
        from {{term}} group by school_year
    """,
    "day": """
        with school_days as (from {calendar_day}),
        weekdays as (
            select school_code, school_year,
                unnest(generate_series(min(calendar_date), max(calendar_date), interval 1 day))::date as day
            from school_days group by school_code, school_year
        )
        select w.school_year as end_year, calendar(w.school_code, w.school_year) as calendar_id,
            sent_date(w.day) as date, case when calendar_date is null then '0' else '1' end as school_day,
            case when calendar_date is null then '0' else '1' end as attendance, n_periods as periods
        from weekdays as w left join school_days as d on w.school_code = d.school_code and w.day = d.calendar_date
        where calendar_date is not null or dayofweek(w.day) between 1 and 5
    """,
    # the older row says other things about the person: whoever reads it instead of the latest is wrong
    "identity": _IDENTITY.format(
        state_id="coalesce(ssid_sent, ssid)",
        n=1,
        effective="date '2019-07-01' + cast(hash(local_student_id) % 90 as integer)",
        last_name="last_name",
        birth_date="coalesce(birth_date_sent, sent_date(birth_date))",
        gender="gender",
        source="{student}",
    )
    + "union all"
    + _IDENTITY.format(
        state_id="null",
        n=0,
        effective="date '2014-07-01' + cast(hash(local_student_id) % 90 as integer)",
        last_name="'Formerly ' || last_name",
        birth_date="'1/1/2001'",
        gender="case gender when 'F' then 'M' else 'F' end",
        source=_OLDER,
    ),
    "program": """
        select person(local_student_id) as person_id, local_code({program}, program, '') as program,
            case program
                when 'EL_STATUS' then local_code({el_status}, value, '')
                when 'MEALS' then local_code({meals}, value, '')
                when 'PARENT_ED' then value
            end as value,
            sent_date(start_date) as start_date, sent_date(end_date) as end_date
        from {student_program}
    """,
    "enrollment": " union all ".join(
        _ENROLLMENT.format(kind=kind, calendar=calendar, service_type=service, state_exclude=exclude, source=source)
        for kind, calendar, service, exclude, source in (
            (
                "enrollment",
                "calendar(school_code, school_year)",
                "case when enrollment_status = '20' then 'S' else 'P' end",
                "0",
                "{enrollment}",
            ),
            ("type n", "calendar(school_code, school_year)", "'N'", "0", _TYPE_N),
            ("excluded", "calendar(school_code, school_year)", "'P'", "1", _EXCLUDED),
            ("program", _excluded_calendar("school_year"), "'P'", "0", _EXCLUDED_CALENDAR),
        )
    ),
    "course": f"""
        select school_year as end_year, {_COURSE} as course_id, course_code as course_number, course_name,
            state_course_code as state_code, case is_ag when true then '1' when false then '0' end as uc_csu
        from (select distinct school_year, course_code, course_name, state_course_code, is_ag from {{course_mark}})
    """,
    "section": f"""
        select school_year as end_year, {_SECTION} as section_id,
            calendar(school_code, school_year) as calendar_id, section_id as section_number, {_COURSE} as course_id
        from (
            select distinct school_year, school_code, section_id, course_code, course_name, state_course_code, is_ag
            from {{course_mark}} where not starts_with(section_id, 'T-')
        )
    """,
    "transcript": f"""
        select school_year as end_year,
            person(local_student_id) || lpad(cast(md5_number_lower(concat_ws('|', school_code, school_year, section_id,
                term_code)) % 1000000000 as varchar), 9, '0') as transcript_id,
            person(local_student_id) as person_id, calendar(school_code, school_year) as calendar_id,
            {_SECTION} as section_id, {_COURSE} as course_id, local_code({{term_code}}, term_code, '') as term,
            local_code({{grade_level}}, grade_level_taken, '') as grade, mark_raw as score,
            plain(credits_attempted * {{unit}}) as credits_attempted,
            plain(credits_earned * {{unit}}) as credits_earned,
            case when is_repeat then '1' else '0' end as repeat,
            case when is_transfer then '1' else '0' end as transfer, sent_date(posted_date) as post_date
        from {{course_mark}} where is_final and {{bad}}
    """,
    "grade": f"""
        select school_year as end_year, person(local_student_id) as person_id,
            calendar(school_code, school_year) as calendar_id, {_SECTION} as section_id,
            local_code({{term_code}}, term_code, '') as term, 'Quarter Grade' as task,
            local_code({{grade_level}}, grade_level_taken, '') as grade, mark_raw as score,
            sent_date(posted_date) as post_date
        from {{course_mark}} where not is_final
    """,
    "attendance": " union all ".join(
        (
            _ATTENDANCE.format(
                calendar="calendar(school_code, school_year)",
                period="period",
                code=f"case when {_CAME_BACK} or {_CAME_LATE} then local_code({{attendance_category}}, 'unexcused', '')"
                f" else {_PICKED} end",
                status=f"case when category in ({_ABSENT}) or {_CAME_BACK} then 'A'"
                " when category = 'tardy' then 'T' else 'P' end",
                excuse="case category when 'excused' then 'E' when 'unexcused' then 'U' else 'X' end",
                minutes=f"case when category in ({_ABSENT}) then '0' when {_CAME_BACK} then '12'"
                " when category = 'tardy' then '40' else '50' end",
                source="{attendance_event}",
            ),
            _ATTENDANCE.format(
                calendar="calendar(school_code, school_year)",
                period="'HR'",
                code="local_code({attendance_category}, 'present', '')",
                status="'P'",
                excuse="'X'",
                minutes="'10'",
                source=_PRESENT,
            ),
            _ATTENDANCE.format(
                calendar=_excluded_calendar("school_year"),
                period="period",
                code="local_code({attendance_category}, 'unexcused', '')",
                status="'A'",
                excuse="'U'",
                minutes="'0'",
                source=_IN_EXCLUDED_CALENDAR,
            ),
        )
    ),
    "behavior": """
        select school_year as end_year, incident_id, person(local_student_id) as person_id,
            calendar(school_code, school_year) as calendar_id, sent_date(incident_date) as incident_date,
            case when suspension_type is null then '511' else '500' end as event_code,
            local_code({suspension_type}, coalesce(suspension_type, 'NONE'), incident_id || local_student_id)
                as resolution,
            plain(suspension_days) as resolution_days
        from {incident}
    """,
}
