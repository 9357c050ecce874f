-- One row per district, school year, feed and dates between which it was in force: there are rows of the
-- feed, or a delivery that covers the year (it brought enrollment rows of it) brought the file without a row
-- for the year. So no incidents is not no file.
{%- set feeds = {
    "enrollment": "enrollment",
    "marks": "course_mark",
    "attendance": "attendance_event",
    "discipline": "incident",
} %}
{% for feed, entity in feeds.items() %}
    select distinct district_code, school_year, '{{ feed }}' as feed, known_from, known_to
    from {{ ref("canon_" ~ entity) }}
    union all
{% endfor %}
-- a program row has a span, not a year
select distinct program.district_code, years.school_year, 'programs', program.known_from, program.known_to
from
    (
        select distinct district_code, start_date, end_date, known_from, known_to
        from {{ ref("canon_student_program") }}
    ) as program
inner join
    (select distinct district_code, school_year from {{ ref("canon_enrollment") }}) as years
    on years.district_code = program.district_code
    and coalesce(program.start_date, make_date(years.school_year, 6, 30))
    <= make_date(years.school_year, 6, 30)
    and coalesce(program.end_date, make_date(years.school_year, 6, 30))
    >= make_date(years.school_year - 1, 7, 1)
union all
select distinct
    covered.district_code, covered.school_year, delivery_feed.provides, covered.known_from, cast(null as date)
from (select distinct district_code, school_year, known_from from {{ ref("canon_enrollment") }}) as covered
inner join
    {{ source("raw", "delivery_feed") }} as delivery_feed
    on delivery_feed.district_code = covered.district_code
    and delivery_feed.known_from = covered.known_from
where delivery_feed.n_files > 0
