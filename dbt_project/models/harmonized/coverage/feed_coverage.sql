-- One row per vantage, district, school year and feed: there are rows of the feed, or a delivery that
-- covers the year
-- (it brought enrollment rows of it) brought the file without a row for the year. So no incidents is not no
-- file.
with
    covered as (select distinct district_code, school_year, known_from from {{ ref("canon_enrollment") }}),

    brought as (
        select distinct
            covered.district_code, covered.school_year, delivery_feed.provides as feed, covered.known_from
        from covered
        inner join
            {{ source("raw", "delivery_feed") }} as delivery_feed
            on delivery_feed.district_code = covered.district_code
            and delivery_feed.known_from = covered.known_from
        where delivery_feed.n_files > 0
    ),

    available as (
        select district_code, school_year, feed, known_from, known_to
        from {{ ref("int_feed_version") }}
        union all
        select district_code, school_year, feed, known_from, null
        from brought
    ),

    pairs as (
        select vantage.vantage, vantage.district_code, years.school_year, feeds.feed, vantage.known_on
        from {{ ref("int_vantage") }} as vantage
        inner join
            (select distinct district_code, school_year from covered) as years
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
    available
    on available.district_code = pairs.district_code
    and available.school_year = pairs.school_year
    and available.feed = pairs.feed
    and available.known_from <= pairs.known_on
    and (available.known_to is null or available.known_to > pairs.known_on)
group by all
