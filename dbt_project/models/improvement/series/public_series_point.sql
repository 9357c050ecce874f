-- One row per measure_code, level, entity_code and settled period of a month or marking period, of all
-- students: may the public tier show the point?
--
-- A point is safe if both outcomes count 11 or more (students; for shares of days and marks 11 days or
-- marks, of 11 students or more). Parts stand together or not at all: all districts with whatever is
-- credited to none, and then all schools of a district likewise, so that no total less its shown parts
-- speaks of few; a part that the partner tier hides is none that may stand. The core subjects stand
-- together or not at all, since they add up to the core marks.
with
    cells as (
        select
            cell.measure_code,
            cell.level,
            cell.entity_code,
            coalesce(cell.parent_code, '') as parent_code,
            cell.period_start,
            cell.period_label,
            cell.numerator,
            cell.n,
            cell.n_students,
            cell.is_settled,
            figure.suppression <> 'none' as is_hidden_from_partners,
            case measure.counts when 'days' then 2520 else 1 end as unit,
            case
                when regexp_matches(cell.measure_code, '^df_marks_(ela|math|science|social_science)_')
                then 'subjects_' || measure.period_kind
                else cell.measure_code
            end as system,
            rule_set.min_n
        from {{ ref("series_cell") }} as cell
        inner join {{ ref("series_measure") }} as measure on measure.measure_code = cell.measure_code
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = cell.rule_set
        inner join
            {{ ref("series_figure") }} as figure
            on figure.measure_code = cell.measure_code
            and figure.level = cell.level
            and figure.entity_code = cell.entity_code
            and figure.group_type = cell.group_type
            and figure.group_code = cell.group_code
            and figure.period_start = cell.period_start
        where cell.group_code = 'ALL' and cell.level in ('collaborative', 'district', 'school')
    ),

    -- a total less its parts is a part as well
    shown_parts as (
        select
            measure_code,
            level,
            parent_code,
            period_start,
            sum(numerator) as numerator,
            sum(n) as n,
            sum(n_students) as n_students
        from cells
        where level <> 'collaborative'
        group by all
    ),

    rests as (
        select
            total.system,
            part.level,
            part.parent_code,
            total.period_start,
            total.numerator - part.numerator as numerator,
            total.n - part.n as n,
            total.n_students - part.n_students as n_students,
            total.unit,
            total.min_n
        from cells as total
        inner join
            shown_parts as part
            on part.measure_code = total.measure_code
            and part.period_start = total.period_start
            and part.parent_code = total.entity_code
    ),

    parts as (
        select
            system,
            level,
            parent_code,
            period_start,
            numerator,
            n,
            n_students,
            unit,
            min_n,
            is_hidden_from_partners
        from cells
        union all
        select *, false
        from rests
        where n_students <> 0 or n <> 0
    ),

    together as (
        select
            system,
            level,
            parent_code,
            period_start,
            bool_and(
                n_students >= min_n
                and least(numerator, n - numerator) >= min_n * unit
                and not is_hidden_from_partners
            ) as is_safe
        from parts
        group by all
    )

select
    cells.measure_code,
    cells.level,
    cells.entity_code,
    cells.period_start,
    cells.period_label,
    cells.numerator,
    cells.n,
    together.is_safe
    and (cells.level = 'collaborative' or network.is_safe)
    and (cells.level <> 'school' or districts.is_safe) as is_shown
from cells
inner join together using (system, level, parent_code, period_start)
left join
    together as network
    on network.level = 'collaborative'
    and network.system = cells.system
    and network.period_start = cells.period_start
left join
    together as districts
    on districts.level = 'district'
    and districts.system = cells.system
    and districts.period_start = cells.period_start
inner join
    (select measure_code, period_start, is_settled from cells where level = 'collaborative') as closed
    on closed.measure_code = cells.measure_code
    and closed.period_start = cells.period_start
    -- nothing of a period is public before all of it is settled, since parts stand together
    and closed.is_settled
