-- One row per district and feed: the delivery in force, its age on the as-of date, what it held, what is
-- held back.
select * from {{ ref("partner__delivery_status") }}
