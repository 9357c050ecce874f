{%- set feeds = [
    ("has_attendance", "attendance"),
    ("has_discipline", "discipline"),
    ("has_marks", "marks"),
] -%}
-- One row per vantage, person, school year and window: the measures from which lanes and flags follow.
-- EOYS has the enrollment, days, suspensions and credited school of EOY; only its marks are new.
with
    windows as (
        select codes.window_code as window_code, person.* exclude (window_code), codes.person_window
        from {{ ref("int_window_person") }} as person
        inner join
            (values ('T1', 'T1'), ('EOY', 'EOY'), ('EOY', 'EOYS')) as codes(person_window, window_code)
            on codes.person_window = person.window_code
        left join
            (select distinct vantage, window_code as own_window from {{ ref("int_vantage") }}) as vantage
            using (vantage)
        cross join {{ source("raw", "run") }} as run
        where
            coalesce(vantage.own_window, codes.window_code) = codes.window_code
            and (codes.window_code <> 'EOYS' or make_date(person.school_year, 8, 31) <= run.as_of)
    ),

    days as (select * exclude (window_code), window_code as person_window from {{ ref("int_window_days") }}),

    pace as (select * exclude (window_code), window_code as person_window from {{ ref("int_credit_pace") }}),

    weighted as (
        select distinct local.vantage, local.person_id, gpa.school_year
        from ({{ visible("supplied_gpa", known_on="known_on") }}) as gpa
        inner join {{ ref("student_local") }} as local using (vantage, district_code, local_student_id)
        where gpa.is_weighted and gpa.gpa is not null
    )

select
    windows.vantage,
    windows.person_id,
    windows.school_year,
    windows.window_code,
    case
        when windows.window_code = 'EOYS' then make_date(windows.school_year, 8, 31) else windows.as_of
    end as as_of,
    windows.grade_level,
    windows.is_enrolled_on_as_of,
    windows.has_grade9_primary,
    first_grade9.first_grade9_year,
    first_grade9.first_grade9_source,
    windows.has_grade9_primary
    and coalesce(first_grade9.first_hs_year >= windows.school_year, true)
    and coalesce(first_grade9.supplied_year >= windows.school_year, true) as is_first_time_grade9,
    windows.district_code,
    windows.school_code,
    days.attendance_available,
    cast(days.days as decimal(18, 12)) as days_expected,
    case when days.attendance_available then {{ days_of_parts("days.absent_parts") }} end as days_absent,
    cast(coalesce(credit.n_marks, 0) as integer) as n_marks,
    coalesce(credit.n_marks, 0) = 0 and weighted.person_id is not null as has_weighted_gpa_only,
    {{ credits_up("coalesce(marks.points_collapse_x3, 0)") }} as points_collapse,
    {{ credits_up("coalesce(marks.points_keep_x3, 0)") }} as points_keep,
    {{ credits_down("coalesce(marks.graded_x3, 0)") }} as credits_graded,
    {{ f_equivalents("coalesce(marks.f_core_x3, 0)") }} as n_f_core,
    cast(coalesce(marks.n_df_core, 0) as integer) as n_df_core,
    cast(coalesce(marks.n_df_ela + marks.n_df_math, 0) as integer) as n_df_elamath,
    cast(coalesce(marks.n_df_ela, 0) as integer) as n_df_ela,
    cast(coalesce(marks.n_df_math, 0) as integer) as n_df_math,
    cast(coalesce(marks.n_f_ela, 0) as integer) as n_f_ela,
    cast(coalesce(marks.n_f_math, 0) as integer) as n_f_math,
    coalesce(marks.has_latest_ela_f, false) as has_latest_ela_f,
    coalesce(marks.has_latest_math_f, false) as has_latest_math_f,
    cast(coalesce(marks.n_core_marks, 0) as integer) as n_core_marks,
    {{ credits_down("coalesce(marks.attempted_x3, 0)") }} as credits_attempted,
    {{ credits_down("coalesce(credit.earned_x3, 0)") }} as credits_earned,
    {{ credits_down("coalesce(total.earned_total_x3, 0)") }} as credits_earned_total,
    pace.credits_due,
    coalesce(pace.credits_prorated, false) as credits_prorated,
    {{ credits_down("coalesce(credit.ela_x3, 0)") }} as credits_earned_ela,
    {{ credits_down("coalesce(credit.math_x3, 0)") }} as credits_earned_math,
    {{ credits_down("coalesce(credit.science_x3, 0)") }} as credits_earned_science,
    {{ credits_down("coalesce(credit.social_science_x3, 0)") }} as credits_earned_social_science,
    cast(coalesce(marks.n_ag_attempted, 0) as integer) as n_ag_attempted,
    cast(coalesce(marks.n_ag_failed, 0) as integer) as n_ag_failed,
    cast(coalesce(marks.n_core_not_ab, 0) as integer) as n_core_not_ab,
    cast(coalesce(marks.n_not_earned, 0) as integer) as n_not_earned,
    cast(district.grad_credits as decimal(18, 4)) as grad_credits,
    case
        when days.is_discipline_known then cast(days.suspension_days as decimal(18, 3))
    end as suspension_days,
    case when days.is_discipline_known then days.n_suspensions end as n_suspensions,
    case when days.is_discipline_known then days.n_oss_suspensions end as n_oss_suspensions,
    days.is_discipline_known,
    {{ missing_feeds(feeds, "days") }} as partial_inputs,
    coalesce(marks.low_core_marks, cast([] as varchar[])) as low_core_marks,
    coalesce(marks.f_core_marks, cast([] as varchar[])) as f_core_marks,
    coalesce(marks.df_elamath_marks, cast([] as varchar[])) as df_elamath_marks
from windows
inner join days using (vantage, person_id, school_year, person_window)
left join {{ ref("int_first_grade9") }} as first_grade9 using (vantage, person_id)
left join {{ ref("int_window_mark_sum") }} as marks using (vantage, person_id, school_year, window_code)
left join {{ ref("int_window_credit") }} as credit using (vantage, person_id, school_year, window_code)
left join {{ ref("int_window_credit_total") }} as total using (vantage, person_id, school_year, window_code)
left join pace using (vantage, person_id, school_year, person_window)
left join weighted using (vantage, person_id, school_year)
left join
    {{ source("raw", "district") }} as district
    on district.district_code = coalesce(windows.district_code, windows.last_district_code)
