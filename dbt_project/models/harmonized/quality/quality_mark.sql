-- One row per district, school year and measure about final marks as known tonight.
with
    counted as (
        select
            mark.district_code,
            mark.school_year,
            count(*) as n,
            count(*) filter (mark.subject_area is null) as n_unmapped_course,
            count(*) filter (mark.mark is null and mark.mark_raw is not null) as n_unmapped_mark,
            count(*) filter (mark.credits_attempted = 0 and rule.earns_credit) as n_zero_credit_passed,
            count(*) filter (mark.credits_earned > mark.credits_attempted) as n_earned_above_attempted,
            count(*) filter (
                mark.section_id = 'T-' || mark.course_code || '-' || mark.term_code
                or (mark.course_code is null and mark.section_id like 'T-%')
            ) as n_without_section,
            count(*) filter (mark.known_from > window_dates.freeze_date) as n_after_freeze
        from {{ ref("course_mark") }} as mark
        left join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
        left join
            {{ ref("int_window") }} as window_dates
            on window_dates.vantage = 'current'
            and window_dates.district_code = mark.district_code
            and window_dates.school_year = mark.school_year
            and window_dates.window_code = 'EOY'
        where mark.vantage = 'current'
        group by all
    ),

    -- those that are no row of course_mark
    left_out as (
        select
            mark.district_code,
            mark.school_year,
            count(*) as n,
            count(*) filter (mark.term_code is null) as n_without_term,
            count(*) filter (local.person_id is null) as n_without_student
        from {{ ref("canon_course_mark") }} as mark
        left join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = mark.district_code
            and local.local_student_id = mark.local_student_id
        where mark.known_to is null and mark.is_final and mark.school_year is not null
        group by all
    )

    {{
        quality_rows(
            "counted",
            [
                ("unmapped_course_share", "n_unmapped_course", "n", "marks", true, true),
                ("unmapped_mark_share", "n_unmapped_mark", "n", "marks", true, true),
                ("marks_zero_credit_passed", "n_zero_credit_passed", "n", "marks", false, true),
                ("marks_earned_above_attempted", "n_earned_above_attempted", "n", "marks", false, true),
                ("marks_without_section", "n_without_section", "n", "marks", false, true),
                ("marks_after_freeze", "n_after_freeze", "n", "marks", false, true),
            ],
        )
    }}
union all
{{
    quality_rows(
        "left_out",
        [
            ("marks_without_term", "n_without_term", "n", "marks", false, true),
            ("marks_without_student", "n_without_student", "n", "marks", false, true),
        ],
    )
}}
