-- One row per district, school year and progress period that is over tonight: the term codes of the
-- district's in-year marks, numbered in order of their end.
with
    sent as (
        select distinct district_code, school_year, term_code
        from {{ ref("canon_course_mark") }}
        where known_to is null and not is_final and school_year is not null
    ),

    school_ends as (
        select district_code, school_year, term_code, max(end_date) as end_date
        from {{ ref("int_school_term") }}
        where vantage = 'current'
        group by all
    ),

    ends as (
        select
            sent.*,
            coalesce(
                school_ends.end_date,
                make_date(sent.school_year + usual.end_offset, usual.end_month, usual.end_day)
            ) as as_of
        from sent
        inner join {{ ref("term_rule") }} as usual using (term_code)
        left join school_ends using (district_code, school_year, term_code)
    )

select
    ends.district_code,
    ends.school_year,
    cast(
        row_number() over (
            partition by ends.district_code, ends.school_year order by ends.as_of, ends.term_code
        ) as integer
    ) as period,
    ends.term_code,
    ends.as_of
from ends
cross join {{ source("raw", "run") }} as run
-- a number does not change when a later period ends, so that what is not over can be left out first
where ends.as_of <= run.as_of
