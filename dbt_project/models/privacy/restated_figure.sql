-- One row per public figure that shows a count which was shown before a restatement and moved by
-- fewer than min_n students since: beside the earlier release it would single these out, so it is
-- hidden. What did not move, or moved by min_n and more, stands.
select distinct figure.figure_id
from {{ ref("restated_count") }} as moved
inner join {{ ref("public_link") }} as link on link.count_id = moved.today_id
inner join {{ ref("public_figure") }} as figure on figure.figure_id = link.figure_id
where moved.is_shown and abs(moved.n_today - moved.n) between 1 and figure.min_n - 1
