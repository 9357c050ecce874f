-- One row per vantage, person, school, school year and term of the days that are its own.
with
    terms as (
        select
            vantage,
            person_id,
            school_code,
            school_year,
            term_code,
            max(district_code) as district_code,
            case when count(*) = count(days) then sum(days) end as days,
            sum(days_overlap_removed) as days_overlap_removed,
            sum(absent_parts) as absent_parts,
            sum(excused_parts) as excused_parts,
            sum(unexcused_parts) as unexcused_parts,
            sum(oss_parts) as oss_parts,
            sum(nonada_parts) as nonada_parts,
            sum(iss_parts) as iss_parts,
            max(known_from) as known_from
        from {{ ref("int_attendance_piece") }}
        group by all
        having sum(days) is null or sum(days) > 0 or sum(days_overlap_removed) > 0
    ),

    recorded as (
        select person_id, school_code, school_year, term_code, sum(n_recorded) as n_recorded
        from {{ ref("int_recorded_month") }}
        group by all
    )

select
    terms.vantage,
    terms.person_id,
    terms.district_code,
    terms.school_code,
    terms.school_year,
    terms.term_code,
    cast(terms.days as decimal(18, 12)) as days_expected,
    case when coverage.is_available then {{ days_of_parts("terms.absent_parts") }} end as days_absent,
    case when coverage.is_available then {{ days_of_parts("terms.excused_parts") }} end as days_excused,
    case when coverage.is_available then {{ days_of_parts("terms.unexcused_parts") }} end as days_unexcused,
    case when coverage.is_available then {{ days_of_parts("terms.oss_parts") }} end as days_oss,
    case when coverage.is_available then {{ days_of_parts("terms.iss_parts") }} end as days_iss,
    case when coverage.is_available then {{ days_of_parts("terms.nonada_parts") }} end as days_is_nonada,
    cast(terms.days_overlap_removed as decimal(18, 12)) as days_overlap_removed,
    cast(
        case
            when terms.vantage = 'current' and district.attendance_form = 'positive' and coverage.is_available
            then greatest(terms.days - coalesce(recorded.n_recorded, 0), 0)
        end as decimal(18, 12)
    ) as unrecorded_days,
    district.period_absent_rule,
    case
        when coverage.is_available and terms.days > 0
        then 1 - cast(terms.absent_parts as double) / (2520 * cast(terms.days as double))
    end as attendance_rate,
    terms.known_from
from terms
left join {{ source("raw", "district") }} as district using (district_code)
left join
    {{ ref("feed_coverage") }} as coverage
    on coverage.vantage = terms.vantage
    and coverage.district_code = terms.district_code
    and coverage.school_year = terms.school_year
    and coverage.feed = 'attendance'
left join
    recorded
    on terms.vantage = 'current'
    and recorded.person_id = terms.person_id
    and recorded.school_code = terms.school_code
    and recorded.school_year = terms.school_year
    and recorded.term_code = terms.term_code
