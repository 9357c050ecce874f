-- One row per public figure that is hidden before the audit: those hidden alone, and by the rules of
-- complementary
-- hiding whatever an equation would give back. Steps alternate between equations among the outcomes of one
-- group,
-- among groups, and among entities, until nothing changes.
--
-- An equation is open where a single count in it is not shown, or where those not shown add up to 10 or
-- fewer, or are
-- all 1 to 10 and one of them can take fewer than three values. Then its smallest shown count goes (tie:
-- code order)
-- with every figure that shows it.
with recursive
    hiding as (
        select
            figure.figure_id,
            case when figure.is_hidden or restated.figure_id is not null then 0 end as hidden_at,
            0 as step,
            0 as changed_at,
            figure.min_n - 1 as max_small
        from {{ ref("public_primary") }} as figure
        left join {{ ref("restated_figure") }} as restated on restated.figure_id = figure.figure_id

        union all

        (
            with
                now as (select max(step) as step, max(max_small) as max_small from hiding),

                shown as (
                    select distinct link.count_id
                    from {{ ref("public_link") }} as link
                    semi join
                        (select figure_id from hiding where hidden_at is null) as standing
                        on standing.figure_id = link.figure_id
                ),

                coded as (
                    select distinct unnest([figure.numerator_id, figure.without_id]) as count_id
                    from {{ ref("public_primary") }} as figure
                    semi join
                        (select figure_id from hiding where hidden_at is null) as standing
                        on standing.figure_id = figure.figure_id
                    where figure.extreme is not null
                ),

                members as (
                    select
                        member.*,
                        shown.count_id is not null as is_shown,
                        now.max_small,
                        -- what was never to be shown, is shown as a bound, or is the sum of other outcomes,
                        -- asks for
                        -- more hiding only if small
                        member.n between 1 and now.max_small
                        or not (
                            member.kind = 'outcome' or member.is_derived or coded.count_id is not null
                        ) as is_guarded
                    from {{ ref("public_member") }} as member
                    inner join
                        now
                        on member.kind
                        = case now.step % 3 when 0 then 'outcome' when 1 then 'group' else 'entity' end
                    left join shown on shown.count_id = member.count_id
                    left join coded on coded.count_id = member.count_id
                ),

                equations as (
                    select
                        equation_id,
                        max(max_small) as max_small,
                        count(*) filter (not is_shown) as n_hidden,
                        bool_or(is_guarded) filter (not is_shown) as is_guarded,
                        bool_or(is_total and not is_shown) as is_total_hidden,
                        count(*) filter (not is_shown and not is_total) as n_parts,
                        sum(n) filter (not is_shown and not is_total) as n_students,
                        coalesce(
                            bool_and(n between 1 and max_small) filter (not is_shown and not is_total), false
                        ) as all_small
                    from members
                    group by equation_id
                ),

                open as (
                    select equation_id
                    from equations
                    where
                        is_guarded
                        and (
                            n_hidden = 1
                            or (
                                not is_total_hidden
                                and (
                                    n_students between 1 and max_small
                                    or (
                                        all_small
                                        and least(max_small, n_students - n_parts + 1)
                                        - greatest(1, n_students - max_small * (n_parts - 1))
                                        < 2
                                    )
                                )
                            )
                        )
                ),

                chosen as (
                    select members.count_id
                    from members
                    semi join open on open.equation_id = members.equation_id
                    where members.is_shown
                    qualify
                        row_number() over (
                            partition by members.equation_id
                            order by members.keep_rank, members.n, members.is_total, members.count_id
                        )
                        = 1
                ),

                found as (
                    select distinct link.figure_id
                    from {{ ref("public_link") }} as link
                    semi join chosen on chosen.count_id = link.count_id
                ),

                gone as (
                    select figure_id
                    from found
                    union
                    select follow.follower_id
                    from {{ ref("public_follow") }} as follow
                    semi join
                        (
                            select figure_id
                            from found
                            union all
                            select figure_id
                            from hiding
                            where hidden_at is not null
                        ) as leader
                        on leader.figure_id = follow.figure_id
                )

            select
                hiding.figure_id,
                case
                    when hiding.hidden_at is null and gone.figure_id is not null
                    then hiding.step + 1
                    else hiding.hidden_at
                end,
                hiding.step + 1,
                max(
                    case
                        when hiding.hidden_at is null and gone.figure_id is not null
                        then hiding.step + 1
                        else hiding.changed_at
                    end
                ) over (),
                hiding.max_small
            from hiding
            left join gone on gone.figure_id = hiding.figure_id
            where hiding.step - hiding.changed_at < 3
        )
    )

select figure_id, hidden_at
from hiding
where hidden_at is not null and step = (select max(step) from hiding)
