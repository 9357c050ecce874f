-- One row per person, school year, term, district and school, tonight: what the term was, in marks, days
-- and removals.
with
    marks as (
        select
            person_id,
            school_year,
            term_code,
            district_code,
            school_code,
            sum(attempted_x3) filter (where is_attempted and not is_void_repeat) as attempted_x3,
            sum(earned_x3) filter (where is_attempted and not is_void_repeat) as earned_x3,
            sum(attempted_x3) filter (where counts_in_gpa) as graded_x3,
            sum(points_collapse * attempted_x3) filter (where counts_in_gpa) as points_x3,
            sum(attempted_x3) filter (where counts_as_f and is_core and attempted_x3 > 0) as f_core_x3,
            count(*) filter (where is_low and is_core and attempted_x3 > 0) as n_df_core,
            count(*) filter (
                where is_low and subject_area in ('ELA', 'MATH') and attempted_x3 > 0
            ) as n_df_elamath,
            count(*) filter (where is_attempted) as n_marks,
            min(source_file_id) as source_file_id
        from {{ ref("int_mark_rule") }}
        where vantage = 'current'
        group by all
    ),

    days as (
        select person_id, school_year, term_code, district_code, school_code, days_expected, days_absent
        from {{ ref("attendance_term") }}
        where vantage = 'current'
    ),

    terms as (
        select person_id, school_year, term_code, district_code, school_code
        from marks
        union
        select person_id, school_year, term_code, district_code, school_code
        from days
    ),

    stays as (
        select
            person_id,
            school_year,
            district_code,
            school_code,
            max_by(grade_level, entry_date) as grade_level,
            min(entry_date) as entry_date,
            case when count(*) = count(exit_date) then max(exit_date) end as exit_date,
            max_by(enrollment_status, entry_date) as enrollment_status,
            max_by(source_file_id, entry_date) as source_file_id
        from {{ ref("enrollment") }}
        where vantage = 'current'
        group by all
    ),

    removals as (
        select
            incident.person_id,
            incident.school_year,
            span.term_code,
            incident.school_code,
            count(*) as n_suspensions,
            sum(coalesce(incident.suspension_days, 0)) as suspension_days
        from {{ ref("incident") }} as incident
        inner join
            {{ ref("int_term_span") }} as span
            on span.vantage = incident.vantage
            and span.school_code = incident.school_code
            and span.school_year = incident.school_year
            and incident.incident_date between span.from_date and span.to_date
        where incident.vantage = 'current' and incident.suspension_type is not null
        group by all
    ),

    groups as (
        select
            person_id,
            school_year,
            list(group_type || '/' || group_code order by group_type, group_code) as groups
        from {{ ref("student_group_year") }}
        group by all
    ),

    supplied as (
        select
            local.person_id,
            gpa.school_year,
            gpa.term_code,
            gpa.district_code,
            max_by(gpa.gpa, row(gpa.known_from, gpa.source_file_id, gpa.source_row)) as supplied_gpa,
            max_by(gpa.is_weighted, row(gpa.known_from, gpa.source_file_id, gpa.source_row)) as is_weighted
        from {{ ref("canon_supplied_gpa") }} as gpa
        inner join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = gpa.district_code
            and local.local_student_id = gpa.local_student_id
        where gpa.known_to is null and gpa.gpa is not null
        group by all
    ),

    coverage as (
        select
            district_code,
            school_year,
            bool_or(is_available) filter (where feed = 'attendance') as has_attendance,
            bool_or(is_available) filter (where feed = 'discipline') as has_discipline
        from {{ ref("feed_coverage") }}
        where vantage = 'current'
        group by all
    )

select
    terms.person_id,
    terms.school_year,
    terms.term_code,
    terms.district_code,
    terms.school_code,
    stays.grade_level,
    stays.entry_date,
    stays.exit_date,
    stays.enrollment_status,
    {{ credits_down("marks.attempted_x3") }} as credits_attempted,
    {{ credits_down("marks.earned_x3") }} as credits_earned,
    {{ credits_down("case when marks.n_marks > 0 then coalesce(marks.graded_x3, 0) end") }} as credits_graded,
    {{ credits_up("case when marks.n_marks > 0 then coalesce(marks.points_x3, 0) end") }} as grade_points,
    {{ f_equivalents("case when marks.n_marks > 0 then coalesce(marks.f_core_x3, 0) end") }} as n_f_core,
    cast(case when marks.n_marks > 0 then marks.n_df_core end as integer) as n_df_core,
    cast(case when marks.n_marks > 0 then marks.n_df_elamath end as integer) as n_df_elamath,
    days.days_expected,
    days.days_absent,
    cast(
        case
            when removals.n_suspensions > 0 then removals.suspension_days when coverage.has_discipline then 0
        end as decimal(18, 3)
    ) as suspension_days,
    cast(
        case
            when removals.n_suspensions > 0 then removals.n_suspensions when coverage.has_discipline then 0
        end as integer
    ) as n_suspensions,
    coalesce(groups.groups, cast([] as varchar[])) as groups,
    supplied.supplied_gpa,
    supplied.is_weighted as supplied_gpa_is_weighted,
    case
        when days.person_id is null
        then 'not_enrolled'
        when not coalesce(coverage.has_attendance, false)
        then 'no_attendance'
        when coalesce(marks.n_marks, 0) = 0
        then 'no_marks'
    end as null_reason,
    coalesce(stays.source_file_id, marks.source_file_id) as source_file_id
from terms
left join stays using (person_id, school_year, district_code, school_code)
left join marks using (person_id, school_year, term_code, district_code, school_code)
left join days using (person_id, school_year, term_code, district_code, school_code)
left join removals using (person_id, school_year, term_code, school_code)
left join groups using (person_id, school_year)
left join supplied using (person_id, school_year, term_code, district_code)
left join coverage using (district_code, school_year)
