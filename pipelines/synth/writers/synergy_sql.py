"""What stands in the Synergy tables: one query a table, the GUIDs and the district's lookup table."""

from __future__ import annotations

_EXIT_REASONS = (
    "E125 E130 E140 E150 E155 E170 E230 E300 E400 E410 E450 N470 T160 T165 T167 T180 T200 T240 T260 T270 T280 T310 "
    "T370 T380 T460"
).split()
# kind of code -> (LOOKUP_DEF_CODE, {state code: local codes}); grades are numbered 100 = K, 110 = 1 and so on
LOOKUP: dict[str, tuple[str, dict[str, list[str]]]] = {
    "exit_reason": ("LEAVE_CODE", {reason: [f"{n:02}"] for n, reason in enumerate(_EXIT_REASONS, 1)}),
    "grade_level": (
        "GRADE",
        {"TK": ["095"], "KN": ["100"], **{f"{grade:02}": [str(100 + 10 * grade)] for grade in range(1, 13)}},
    ),
    "term_code": (
        "TERM_CODE",
        {"FY": ["YR"], "S1": ["S1"], "S2": ["S2"], "SS": ["SU"], **{f"Q{n}": [f"MP{n}"] for n in range(1, 5)}},
    ),
    "attendance_category": (
        "ABS_REASON",
        {
            "EXC": ["ILL", "MED"],
            "UNX": ["UNX", "TRU"],
            "OSS": ["SUS"],
            "ISS": ["INS"],
            "ISN": ["IND"],
            "ISA": ["ISP"],
            "TDY": ["TDY", "LTE"],
            "ACT": ["ACT"],
        },
    ),
    "suspension_type": ("DISPOSITION", {"100": ["SUSO"], "110": ["SUSI"], "200": ["EXPL"], "300": ["CONF", "DETN"]}),
    "school_type": (
        "SCHOOL_TYPE",
        {kind: [str(n)] for n, kind in enumerate(("elementary", "middle", "k8", "high", "alternative", "other"), 1)},
    ),
    "el_status": ("ELL_STATUS", {status: [str(n)] for n, status in enumerate(("EO", "IFEP", "EL", "RFEP", "TBD"), 1)}),
    "meals": ("FRM_CODE", {"181": ["1"], "182": ["2"]}),
    "program": ("PROGRAM", {"190": ["FST"], "191": ["HML"], "135": ["MIG"], "PED": ["PED"]}),
}

# GUIDs: macro, its arguments, the text behind it. The district's code and the macro's name come in front of it.
KEYS = (
    ("year_gu", "school_year, extension", "school_year || '|' || extension"),
    ("organization_gu", "school_code", "school_code"),
    (
        "organization_year_gu",
        "school_code, school_year, is_summer",
        "school_code || '|' || school_year || case when is_summer then '|S' else '|R' end",
    ),
    ("student_gu", "local_student_id", "local_student_id"),
    (
        "student_school_year_gu",
        "local_student_id, school_code, school_year",
        "local_student_id || '|' || school_code || '|' || school_year",
    ),
    (
        "course_gu",
        "course_code, course_name, state_course_code, is_ag",
        "concat_ws('|', course_code, course_name, coalesce(state_course_code, ''), coalesce(is_ag::varchar, ''))",
    ),
    (
        "enrollment_gu",
        "local_student_id, school_code, entry_date, enrollment_status",
        "concat_ws('|', local_student_id, school_code, entry_date, enrollment_status)",
    ),
    (
        "section_gu",
        "school_code, school_year, section_id, is_summer, course",
        "concat_ws('|', school_code, school_year, section_id, is_summer, course)",
    ),
)

# Feeds in which rows that must be rejected are written with a column too many.
WIDE = {"epc_stu_crs_his"}

_COURSE = "course_gu(course_code, course_name, state_course_code, is_ag)"
_SECTION = (
    "case when not starts_with(section_id, 'T-')"
    f" then section_gu(school_code, school_year, section_id, term_code = 'SS', {_COURSE}) end"
)
_PROGRAM = """
        select student_gu(local_student_id) as student_gu, sent_date(start_date) as enter_date,
            sent_date(end_date) as exit_date
"""

QUERIES = {
    # not a file: who was at which school in which year, and the dates that the product bubbles up
    "student_school_year": """
        select student_school_year_gu(local_student_id, school_code, school_year) as student_school_year_gu,
            student_gu(local_student_id) as student_gu, school_code, school_year,
            min(entry_date) as first_entry, min(exit_date) as first_exit, min_by(grade_level, entry_date) as grade_level
        from (
            select local_student_id, school_code, school_year, entry_date, exit_date, grade_level from {enrollment}
            union all
            select distinct local_student_id, school_code, school_year, null::date, null::date, null
            from {attendance_event}
        )
        group by all
    """,
    "rev_bod_lookup": """
        select * from (values {lookup_rows}) as t(lookup_def_code, value_code, value_description, state_code)
    """,
    "rev_year": """
        select year_gu(school_year, extension) as year_gu, school_year - 1 as school_year, extension
        from (select distinct school_year from {district_schools} where school_year <= {newest})
        cross join (values ('R'), ('S')) as e(extension)
    """,
    "rev_organization_year": """
        select organization_year_gu(s.school_code, school_year, extension = 'S') as organization_year_gu,
            organization_gu(s.school_code) as organization_gu, year_gu(school_year, extension) as year_gu,
            local_school_code as school_code, right(s.school_code, 7) as state_school_code,
            school_name as organization_name, local_code({school_type}, school_type, '') as school_type,
            local_code({grade_level}, low_grade, '') as low_grade,
            local_code({grade_level}, high_grade, '') as high_grade,
            case when is_reporting then 'N' else 'Y' end as exclude_reporting, staff_count
        from {school} as s cross join (values ('R'), ('S')) as e(extension)
        where school_year = {year}
    """,
    "epc_sch_yr_trm_def": """
        select organization_year_gu(school_code, school_year, term_code = 'SS') as organization_year_gu,
            local_code({term_code}, term_code, '') as term_code, sent_date(start_date) as start_date,
            sent_date(end_date) as end_date, case when is_credit_bearing then 'Y' else 'N' end as credit_term
        from {term} where school_year = {year}
    """,
    "epc_sch_att_cal": """
        with school_days as (from {calendar_day} where school_year = {year}),
        weekdays as (
            select school_code,
                unnest(generate_series(min(calendar_date), max(calendar_date), interval 1 day))::date as day
            from school_days group by school_code
        )
        select organization_year_gu(w.school_code, {year}, false) as organization_year_gu, sent_date(w.day) as cal_date,
            case when calendar_date is null then null when dayofyear(w.day) % 2 = 0 then 'A' else 'B' end as rotation,
            case when calendar_date is null then 'HOL' end as holiday, n_periods as bell_periods
        from weekdays as w
        left join school_days as d on w.school_code = d.school_code and w.day = d.calendar_date
        where d.calendar_date is not null or dayofweek(w.day) between 1 and 5
    """,
    "epc_stu": """
        select student_gu(local_student_id) as student_gu, local_student_id as sis_number,
            coalesce(ssid_sent, ssid) as state_student_number, first_grade9_year - 1 as init_ninth_grade_year,
            case when foster then ['Y', 'Yes', '1'][1 + cast(hash(local_student_id) % 3 as integer)] end
                as foster_home
        from {student} left join (
            select local_student_id, true as foster from {student_program}
            where program = 'FOSTER' and end_date is null group by local_student_id
        ) using (local_student_id)
    """,
    "rev_person": """
        select student_gu(local_student_id) as person_gu, last_name, first_name,
            coalesce(birth_date_sent, sent_date(birth_date)) as birth_date, gender,
            case is_hispanic when true then 'Y' when false then 'N' end as hispanic_indicator,
            string_split(race_codes, ';')[1] as ethnic_code_1, string_split(race_codes, ';')[2] as ethnic_code_2,
            string_split(race_codes, ';')[3] as ethnic_code_3, string_split(race_codes, ';')[4] as ethnic_code_4,
            string_split(race_codes, ';')[5] as ethnic_code_5
        from {student}
    """,
    "epc_stu_pgm_ell": _PROGRAM
    + ", local_code({el_status}, value, '') as ell_status from {student_program} where program = 'EL_STATUS'",
    "epc_stu_pgm_frm": _PROGRAM
    + ", local_code({meals}, value, '') as frm_code from {student_program} where program = 'MEALS'",
    "ep_student_iep": _PROGRAM + " from {student_program} where program = 'SWD'",
    "epc_stu_pgm": _PROGRAM
    + """, local_code({program}, program, '') as program_code,
            case when program = 'PARENT_ED' then value end as program_value
        from {student_program} where program not in ('EL_STATUS', 'MEALS', 'SWD')
    """,
    # wrong on purpose: the first leaving date beside a student who came back, a week late now and then, no leave code
    "epc_stu_sch_yr": """
        select student_school_year_gu, student_gu,
            organization_year_gu(school_code, school_year, false) as organization_year_gu,
            local_code({grade_level}, grade_level, '') as grade,
            sent_date(first_entry + case when hash(student_school_year_gu) % 5 = 0 then 7 else 0 end)
                as enter_date,
            sent_date(first_exit) as leave_date, null as leave_code, 'A' as status
        from student_school_year where school_year = {year}
    """,
    "epc_stu_enroll": """
        select enrollment_gu(local_student_id, school_code, entry_date, enrollment_status) as enrollment_gu,
            student_school_year_gu(local_student_id, school_code, school_year) as student_school_year_gu,
            local_code({grade_level}, grade_level, '') as grade, sent_date(entry_date) as enter_date,
            sent_date(exit_date) as leave_date, local_code({exit_reason}, exit_reason, '') as leave_code,
            case when enrollment_status = '20' then 'C' end as exclude_ada_adm,
            case when enrollment_status = '30' then 'Y' end as short_term_ind
        from {enrollment} where school_year = {year}
    """,
    "epc_crs": f"""
        select {_COURSE} as course_gu, course_code as course_id, course_name as course_title,
            state_course_code, case is_ag when true then 'Y' when false then 'N' end as uc_csu_approved
        from (
            select distinct course_code, course_name, state_course_code, is_ag
            from {{course_mark}} where school_year = {{year}}
        )
    """,
    "epc_sch_yr_sect": f"""
        select section_gu(school_code, school_year, section_id, is_summer, {_COURSE}) as section_gu,
            organization_year_gu(school_code, school_year, is_summer) as organization_year_gu, section_id,
            {_COURSE} as course_gu
        from (
            select distinct school_code, school_year, section_id, term_code = 'SS' as is_summer, course_code,
                course_name, state_course_code, is_ag
            from {{course_mark}} where school_year = {{year}} and not starts_with(section_id, 'T-')
        )
    """,
    "epc_stu_crs_his": f"""
        select guid_within(student_gu(local_student_id),
                concat_ws('|', school_code, school_year, section_id, term_code)) as stu_course_history_gu,
            student_gu(local_student_id) as student_gu,
            organization_year_gu(school_code, school_year, term_code = 'SS') as organization_year_gu,
            {_SECTION} as section_gu, {_COURSE} as course_gu, local_code({{term_code}}, term_code, '') as term_code,
            local_code({{grade_level}}, grade_level_taken, '') as grade, mark_raw as mark,
            plain(credits_attempted * {{unit}}) as credit_attempted,
            plain(credits_earned * {{unit}}) as credit_completed, case when is_repeat then 'R' end as repeat_tag,
            case when is_transfer then 'Another district' end as school_non_dst_name,
            sent_date(posted_date) as post_date
        from {{course_mark}} where school_year = {{year}} and is_final and {{bad}}
    """,
    "epc_stu_grd_prd_mk": f"""
        select student_gu(local_student_id) as student_gu,
            organization_year_gu(school_code, school_year, term_code = 'SS') as organization_year_gu,
            {_SECTION} as section_gu, {_COURSE} as course_gu, local_code({{term_code}}, term_code, '') as term_code,
            local_code({{grade_level}}, grade_level_taken, '') as grade, mark_raw as mark,
            sent_date(posted_date) as post_date
        from {{course_mark}} where school_year = {{year}} and not is_final
    """,
    "epc_stu_att_period": """
        select student_school_year_gu(local_student_id, school_code, school_year) as student_school_year_gu,
            sent_date(calendar_date) as abs_date, period as bell_period,
            local_code({attendance_category}, category, local_student_id || calendar_date) as abs_reason
        from {attendance_event} where school_year = {year}
    """,
    "epc_stu_att_daily": """
        select student_school_year_gu(local_student_id, school_code, school_year) as student_school_year_gu,
            sent_date(calendar_date) as abs_date,
            local_code({attendance_category}, category, local_student_id || calendar_date) as abs_reason
        from {attendance_event} where school_year = {year}
    """,
    "epc_stu_inc_disposition": """
        select incident_id, student_gu(local_student_id) as student_gu,
            organization_year_gu(school_code, school_year, false) as organization_year_gu,
            sent_date(incident_date) as incident_date,
            local_code({suspension_type}, coalesce(suspension_type, 'NONE'), incident_id || local_student_id)
                as disposition_code,
            plain(suspension_days) as disposition_days
        from {incident} where school_year = {year}
    """,
}
