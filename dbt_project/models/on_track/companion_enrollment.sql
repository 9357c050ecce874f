-- One row per person_id, school_year and school with a primary or short-term enrollment on any day of a
-- year that is over: what the state-aligned companions ask of the student at that school.
-- Two enrollments there are one stay where no school day lies between them (a mid-year update, E150, ends
-- one and begins the next).
with
    years as (
        select school_year
        from {{ ref("int_window") }}
        where vantage = 'current' and window_code = 'EOY'
        group by school_year
        having bool_and(is_due)
    ),

    enrolled as (
        select
            enrollment.person_id,
            enrollment.school_year,
            enrollment.district_code,
            enrollment.school_code,
            enrollment.entry_date,
            enrollment.is_primary,
            enrollment.entry_date >= make_date(enrollment.school_year - 1, 7, 1) as starts_in_year,
            disqualifying.exit_reason is not null as is_disqualified
        from {{ ref("enrollment") }} as enrollment
        inner join years on years.school_year = enrollment.school_year
        left join
            {{ ref("disqualifying_exit") }} as disqualifying
            on disqualifying.exit_reason = enrollment.exit_reason
        where
            enrollment.vantage = 'current'
            and enrollment.enrollment_status in ('10', '30')
            and enrollment.entry_date <= make_date(enrollment.school_year, 6, 30)
            and coalesce(enrollment.exit_date, make_date(enrollment.school_year, 6, 30))
            >= make_date(enrollment.school_year - 1, 7, 1)
    ),

    -- days that are the enrollment's own after overlaps are resolved
    spans as (
        select
            enrolled.*,
            span.from_date,
            span.to_date,
            lag(span.to_date) over (
                partition by enrolled.person_id, enrolled.school_year, enrolled.school_code
                order by span.from_date
            ) as previous_to_date
        from enrolled
        inner join
            {{ ref("int_enrollment_span") }} as span
            on span.vantage = 'current'
            and span.is_owned
            and span.person_id = enrolled.person_id
            and span.school_code = enrolled.school_code
            and span.entry_date = enrolled.entry_date
    ),

    linked as (
        select
            spans.*,
            sum(
                case
                    when
                        spans.from_date <= spans.previous_to_date + 1
                        or before_break.n_days = after_break.n_days
                    then 0
                    else 1
                end
            ) over (
                partition by spans.person_id, spans.school_year, spans.school_code
                order by spans.from_date
                rows unbounded preceding
            ) as stay_number
        from spans
        left join
            {{ ref("int_school_date") }} as before_break
            on before_break.vantage = 'current'
            and before_break.school_code = spans.school_code
            and before_break.school_year = spans.school_year
            and before_break.calendar_date = spans.previous_to_date
        left join
            {{ ref("int_school_date") }} as after_break
            on after_break.vantage = 'current'
            and after_break.school_code = spans.school_code
            and after_break.school_year = spans.school_year
            and after_break.calendar_date = spans.from_date - 1
    ),

    stays as (
        select
            person_id,
            school_year,
            school_code,
            max(to_date) - min(from_date) + 1 as n_days,
            bool_and(starts_in_year) and not bool_or(is_disqualified) as can_be_stable,
            bool_or(
                is_primary
                -- first Wednesday (weekday 3) of October
                and make_date(school_year - 1, 10, 1)
                + cast((10 - dayofweek(make_date(school_year - 1, 10, 1))) % 7 as integer)
                between from_date and to_date
            ) as is_census
        from linked
        group by person_id, school_year, school_code, stay_number
    ),

    own_schools as (
        select
            person_id,
            school_year,
            school_code,
            bool_or(is_census) as is_census,
            bool_or(can_be_stable and n_days >= 245) as is_stable,
            count(*) over (partition by person_id, school_year) as n_schools
        from stays
        group by person_id, school_year, school_code
    ),

    -- absences in parts of 2520, the unit in which they are counted: a third of a day has no decimal
    days as (
        select
            person_id,
            school_year,
            school_code,
            cast(sum(round(days_expected * 2520)) as bigint) as expected_parts,
            cast(sum(round(days_absent * 2520)) as bigint) as absent_parts,
            bool_and(days_expected is not null and days_absent is not null) as is_known
        from {{ ref("attendance_term") }}
        where vantage = 'current' and (days_expected is null or days_expected > 0)
        group by person_id, school_year, school_code
    ),

    reporting as (
        select school_code, school_year, bool_and(coalesce(is_reporting, true)) as is_reporting
        from {{ ref("canon_school") }}
        where known_to is null
        group by school_code, school_year
    ),

    schools as (
        select
            person_id,
            school_year,
            school_code,
            min(district_code) as district_code,
            bool_or(starts_in_year) as starts_in_year
        from enrolled
        group by person_id, school_year, school_code
    )

select
    schools.person_id,
    schools.school_year,
    schools.district_code,
    schools.school_code,
    coalesce(reporting.is_reporting, true) as is_reporting,
    schools.starts_in_year,
    coalesce(own_schools.is_stable, false) as is_stable,
    coalesce(own_schools.n_schools > 1, false) as has_changed_school,
    coalesce(own_schools.is_census, false) as is_census,
    coalesce(days.expected_parts, 0) as expected_parts,
    coalesce(days.absent_parts, 0) as absent_parts,
    coalesce(days.is_known, true) as is_attendance_known,
    coalesce(discipline.is_available, false) as is_discipline_known
from schools
left join own_schools using (person_id, school_year, school_code)
left join days using (person_id, school_year, school_code)
left join reporting using (school_year, school_code)
left join
    {{ ref("feed_coverage") }} as discipline
    on discipline.vantage = 'current'
    and discipline.district_code = schools.district_code
    and discipline.school_year = schools.school_year
    and discipline.feed = 'discipline'
