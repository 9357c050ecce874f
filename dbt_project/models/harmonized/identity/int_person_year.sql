-- One row per person and school year with an enrollment, tonight: the district of the last one, and whether
-- the programs
-- of every district of the year are known.
select
    enrollment.person_id,
    enrollment.school_year,
    max_by(
        enrollment.district_code, row(enrollment.is_primary, enrollment.entry_date, enrollment.district_code)
    ) as district_code,
    bool_and(coalesce(coverage.is_available, false)) as are_programs_known
from {{ ref("enrollment") }} as enrollment
left join
    {{ ref("feed_coverage") }} as coverage
    on coverage.vantage = enrollment.vantage
    and coverage.district_code = enrollment.district_code
    and coverage.school_year = enrollment.school_year
    and coverage.feed = 'programs'
where enrollment.vantage = 'current'
group by all
