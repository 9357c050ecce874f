-- Question: How fresh are each district's data, and is anything held back?
-- Tier: public
-- Answer: One row per district: age in days of its newest and of its oldest feed on the release's as-of
-- date, rows that could not be read among those sent, deliveries that are held.
-- Mind: A feed counts from the delivery in force, whose date is in its name. A held delivery changes
-- nothing until a steward accepts it; a district may send some feeds more rarely than others.
select
    dim_district.district_name,
    min(status.age_days) as newest_feed_days,
    max(status.age_days) as oldest_feed_days,
    max_by(status.feed, status.age_days) as oldest_feed,
    sum(status.n_rejected) as rejected_rows,
    any_value(len(status.held_deliveries)) as held
from delivery_status as status
inner join dim_district on dim_district.district_code = status.district_code
group by dim_district.district_name
order by oldest_feed_days desc, dim_district.district_name
