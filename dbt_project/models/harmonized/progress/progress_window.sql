{%- set feeds = [
    ("has_attendance", "attendance"),
    ("has_discipline", "discipline"),
    ("has_marks", "marks"),
] -%}
-- One row per person, school year and progress period, tonight: the measures from which provisional lanes
-- follow. They are those of student_window up to the end of the period, from its in-year marks alone.
with
    people as (select * from {{ ref("int_progress_person") }}),

    days as (
        select
            days.person_id,
            days.school_year,
            days.period,
            sum(days.days) as days,
            sum(days.absent_parts) as absent_parts,
            bool_and(days.days is not null) as has_calendar,
            bool_and(coalesce(coverage.is_available, false)) as has_attendance
        from {{ ref("int_progress_days") }} as days
        left join
            {{ ref("feed_coverage") }} as coverage
            on coverage.vantage = 'current'
            and coverage.district_code = days.district_code
            and coverage.school_year = days.school_year
            and coverage.feed = 'attendance'
        group by all
    ),

    district_days as (
        select person_id, school_year, period, district_code, sum(days) as days
        from {{ ref("int_progress_days") }}
        group by all
    ),

    -- where the student had more than 30 expected days up to as_of
    long_schools as (
        select days.person_id, days.school_year, days.period, days.school_code
        from {{ ref("int_progress_days") }} as days
        left join
            {{ ref("int_school") }} as school
            on school.vantage = 'current'
            and school.school_code = days.school_code
            and school.school_year = days.school_year
        where days.days > 30 and coalesce(school.is_reporting, true)
    ),

    districts as (
        select distinct people.person_id, people.school_year, people.period, enrollment.district_code
        from people
        inner join
            {{ ref("int_enrollment") }} as enrollment
            on enrollment.vantage = 'current'
            and enrollment.person_id = people.person_id
            and enrollment.school_year = people.school_year
            and enrollment.entry_date <= people.as_of
    ),

    delivered as (
        select
            districts.person_id,
            districts.school_year,
            districts.period,
            bool_and(coverage.is_available) filter (where coverage.feed = 'attendance') as has_attendance,
            bool_and(coverage.is_available) filter (where coverage.feed = 'discipline') as has_discipline,
            bool_and(coverage.is_available) filter (where coverage.feed = 'marks') as has_marks
        from districts
        inner join {{ ref("feed_coverage") }} as coverage using (district_code, school_year)
        where coverage.vantage = 'current'
        group by all
    ),

    suspensions as (
        select
            people.person_id,
            people.school_year,
            people.period,
            count(*) as n_suspensions,
            count(*) filter (where incident.suspension_type = 'OSS') as n_oss_suspensions,
            sum(coalesce(incident.suspension_days, 0)) as suspension_days
        from people
        inner join
            {{ ref("incident") }} as incident
            on incident.vantage = 'current'
            and incident.person_id = people.person_id
            and incident.suspension_type is not null
            and incident.incident_date between make_date(people.school_year - 1, 7, 1) and people.as_of
        group by all
    ),

    marks as (
        select
            person_id,
            school_year,
            period,
            count(*) as n_marks,
            sum(points_collapse * attempted_x3) filter (where counts_in_gpa) as points_collapse_x3,
            sum(points_keep * attempted_x3) filter (where counts_in_gpa) as points_keep_x3,
            sum(attempted_x3) filter (where counts_in_gpa) as graded_x3,
            sum(attempted_x3) as attempted_x3,
            {{ low_mark_counts() }},
            count(*) filter (where counts_as_f and subject_area = 'ELA') as n_f_ela,
            count(*) filter (where counts_as_f and subject_area = 'MATH') as n_f_math,
            count(*) filter (
                where is_core and letter is not null and attempted_x3 > 0 and not is_pending
            ) as n_core_marks,
            {{ list_where("in_words", "in_words, school_code, section_id", "counts_as_low and is_core") }}
            as low_core_marks,
            {{ list_where("in_words", "in_words, school_code, section_id", "counts_as_f and is_core") }}
            as f_core_marks,
            {{
                list_where(
                    "in_words",
                    "in_words, school_code, section_id",
                    "counts_as_low and subject_area in ('ELA', 'MATH')",
                )
            }} as df_elamath_marks
        from
            (
                select
                    *,
                    letter
                    || ' in '
                    || coalesce(course_name, 'a course without a name')
                    || ', '
                    || term_code as in_words
                from {{ ref("int_progress_mark") }}
            ) as with_words
        group by all
    ),

    weighted as (
        select distinct local.person_id, gpa.school_year
        from {{ ref("canon_supplied_gpa") }} as gpa
        inner join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = gpa.district_code
            and local.local_student_id = gpa.local_student_id
        where gpa.known_to is null and gpa.is_weighted and gpa.gpa is not null
    )

select
    people.person_id,
    people.school_year,
    people.period,
    people.as_of,
    people.grade_level,
    coalesce(first_grade9.first_hs_year >= people.school_year, true)
    and coalesce(first_grade9.supplied_year >= people.school_year, true) as is_first_time_grade9,
    case when district_days.days > 30 then people.district_code end as district_code,
    long_schools.school_code,
    coalesce(
        days.has_calendar and days.has_attendance, delivered.has_attendance, false
    ) as attendance_available,
    cast(coalesce(days.days, 0) as decimal(18, 12)) as days_expected,
    case
        when coalesce(days.has_calendar and days.has_attendance, delivered.has_attendance, false)
        then {{ days_of_parts("coalesce(days.absent_parts, 0)") }}
    end as days_absent,
    cast(coalesce(marks.n_marks, 0) as integer) as n_marks,
    marks.n_marks is null and weighted.person_id is not null as has_weighted_gpa_only,
    {{ credits_up("coalesce(marks.points_collapse_x3, 0)") }} as points_collapse,
    {{ credits_up("coalesce(marks.points_keep_x3, 0)") }} as points_keep,
    {{ credits_down("coalesce(marks.graded_x3, 0)") }} as credits_graded,
    {{ f_equivalents("coalesce(marks.f_core_x3, 0)") }} as n_f_core,
    cast(coalesce(marks.n_df_core, 0) as integer) as n_df_core,
    cast(coalesce(marks.n_df_ela + marks.n_df_math, 0) as integer) as n_df_elamath,
    cast(coalesce(marks.n_f_ela, 0) as integer) as n_f_ela,
    cast(coalesce(marks.n_f_math, 0) as integer) as n_f_math,
    cast(coalesce(marks.n_core_marks, 0) as integer) as n_core_marks,
    {{ credits_down("coalesce(marks.attempted_x3, 0)") }} as credits_attempted,
    {{ credits_down("credit.earned_total_x3") }} as credits_earned_total,
    credit.credits_due,
    credit.credits_prorated,
    suspensions.person_id is not null or coalesce(delivered.has_discipline, false) as is_discipline_known,
    cast(coalesce(suspensions.suspension_days, 0) as decimal(18, 3)) as suspension_days,
    cast(coalesce(suspensions.n_suspensions, 0) as integer) as n_suspensions,
    cast(coalesce(suspensions.n_oss_suspensions, 0) as integer) as n_oss_suspensions,
    {{ missing_feeds(feeds, "delivered") }} as partial_inputs,
    coalesce(marks.low_core_marks, cast([] as varchar[])) as low_core_marks,
    coalesce(marks.f_core_marks, cast([] as varchar[])) as f_core_marks,
    coalesce(marks.df_elamath_marks, cast([] as varchar[])) as df_elamath_marks
from people
inner join {{ ref("int_progress_credit") }} as credit using (person_id, school_year, period)
inner join delivered using (person_id, school_year, period)
left join days using (person_id, school_year, period)
left join district_days using (person_id, school_year, period, district_code)
left join long_schools using (person_id, school_year, period, school_code)
left join suspensions using (person_id, school_year, period)
left join marks using (person_id, school_year, period)
left join weighted using (person_id, school_year)
left join
    {{ ref("int_first_grade9") }} as first_grade9
    on first_grade9.vantage = 'current'
    and first_grade9.person_id = people.person_id
