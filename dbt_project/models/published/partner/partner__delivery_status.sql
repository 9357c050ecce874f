-- One row per district and feed: the delivery in force, its age on the as-of date, what it held, what is
-- held back.
with
    feeds as (
        select *
        from
            (
                values
                    ('students', 'enrollment'),
                    ('schools', 'enrollment'),
                    ('terms', 'enrollment'),
                    ('calendar', 'enrollment'),
                    ('enrollment', 'enrollment'),
                    ('sections', 'marks'),
                    ('marks', 'marks'),
                    ('attendance', 'attendance'),
                    ('discipline', 'discipline'),
                    ('programs', 'programs')
            ) as mapped(provides, feed)
    ),

    delivered as (
        select
            delivery_feed.district_code,
            feeds.feed,
            delivery_feed.delivery,
            delivery_feed.known_from,
            cast(sum(delivery_feed.n_rows) as bigint) as n_rows,
            cast(sum(delivery_feed.n_rejected) as bigint) as n_rejected
        from {{ source("raw", "delivery_feed") }} as delivery_feed
        inner join feeds on feeds.provides = delivery_feed.provides
        group by delivery_feed.district_code, feeds.feed, delivery_feed.delivery, delivery_feed.known_from
        qualify
            row_number() over (
                partition by delivery_feed.district_code, feeds.feed
                order by delivery_feed.known_from desc, delivery_feed.delivery desc
            )
            = 1
    ),

    held as (
        select district_code, list(delivery order by delivery) as held_deliveries
        from {{ source("raw", "delivery") }}
        where status = 'held'
        group by district_code
    )

select
    district.district_code,
    feed_list.feed,
    delivered.delivery,
    cast(delivered.known_from as date) as delivery_date,
    cast(run.as_of - delivered.known_from as integer) as age_days,
    delivered.n_rows,
    delivered.n_rejected,
    coalesce(held.held_deliveries, []) as held_deliveries
from {{ source("raw", "district") }} as district
cross join (select distinct feed from feeds) as feed_list
cross join {{ source("raw", "run") }} as run
left join delivered on delivered.district_code = district.district_code and delivered.feed = feed_list.feed
left join held on held.district_code = district.district_code
where district.kind = 'district'
