-- One row per vantage, district, school year and feed: whether any version of it was in force.
with
    pairs as (
        select vantage.vantage, vantage.district_code, years.school_year, feeds.feed, vantage.known_on
        from {{ ref("int_vantage") }} as vantage
        inner join
            (select distinct district_code, school_year from {{ ref("canon_enrollment") }}) as years
            on years.district_code = vantage.district_code
            and years.school_year <= coalesce(vantage.school_year, years.school_year)
        cross join
            (values ('enrollment'), ('marks'), ('attendance'), ('discipline'), ('programs')) as feeds(feed)
    )

select
    pairs.vantage,
    pairs.district_code,
    pairs.school_year,
    pairs.feed,
    count(available.feed) > 0 as is_available
from pairs
left join
    {{ ref("int_feed_version") }} as available
    on available.district_code = pairs.district_code
    and available.school_year = pairs.school_year
    and available.feed = pairs.feed
    and available.known_from <= pairs.known_on
    and (available.known_to is null or available.known_to > pairs.known_on)
group by all
