-- One row per mark whose course code occurs again for the same person and district in a way that may be a repeat (tagged,
-- summer, or a later year): what it repeats, what replaces it, and the credit it adds to the course (domain.md 3.1 rule 9).
-- S1 and S2 share a code, so every mark has a place: its term, or the term of the mark that it repeats by tag or in summer.
with
    groups as (
        select vantage, person_id, district_code, course_code
        from {{ ref("int_mark") }}
        where course_code is not null
        group by all
        having
            count(*) > 1
            and (bool_or(is_repeat) or bool_or(term_kind = 'summer') or min(school_year) <> max(school_year))
    ),

    marks as (
        select
            mark.vantage,
            mark.person_id,
            mark.district_code,
            mark.course_code,
            mark.school_code,
            mark.school_year,
            mark.section_id,
            mark.term_code,
            mark.term_end,
            mark.term_kind = 'summer' as is_summer,
            mark.is_repeat as is_tagged,
            rule.is_replaceable,
            rule.is_repeat_result,
            -- of several marks that one repeat may replace: no credit before D
            coalesce(rule.earns_credit, false) as has_passed,
            coalesce(mark.earned_x3, 0) as earned_x3,
            row_number() over (
                partition by mark.vantage, mark.person_id, mark.district_code, mark.course_code
                order by
                    mark.school_year,
                    mark.term_kind = 'summer',
                    mark.term_end,
                    mark.term_code,
                    mark.section_id,
                    mark.school_code
            ) as mark_number
        from {{ ref("int_mark") }} as mark
        inner join groups using (vantage, person_id, district_code, course_code)
        inner join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
        where rule.is_attempted
    ),

    repeats as (
        select
            *,
            row_number() over (
                partition by vantage, person_id, district_code, course_code, school_year, term_code
                order by mark_number
            ) as turn
        from marks
        where is_tagged and is_repeat_result
    ),

    -- a tagged mark repeats an earlier one of its code: of the same place, then what was not passed, then the latest year
    tagged_pairs as (
        select repeats.vantage, repeats.person_id, repeats.district_code, repeats.course_code, repeats.mark_number, original.mark_number as original_number
        from repeats
        inner join
            marks as original
            on original.vantage = repeats.vantage
            and original.person_id = repeats.person_id
            and original.district_code = repeats.district_code
            and original.course_code = repeats.course_code
            and (
                original.school_year < repeats.school_year
                or (
                    original.school_year = repeats.school_year
                    and (original.term_end < repeats.term_end or (repeats.is_summer and not original.is_summer))
                )
            )
        qualify
            row_number() over (
                partition by repeats.vantage, repeats.person_id, repeats.district_code, repeats.course_code, repeats.mark_number
                order by
                    original.term_code = repeats.term_code desc,
                    original.is_replaceable desc,
                    original.has_passed,
                    original.school_year desc,
                    original.mark_number
            )
            = repeats.turn
    ),

    summer_repeats as (
        select
            *,
            row_number() over (
                partition by vantage, person_id, district_code, course_code, school_year order by mark_number
            ) as turn
        from marks
        where is_summer and not is_tagged and is_repeat_result
    ),

    -- a summer mark replaces one D, F, NP or I of the year just ended: what was not passed first, then the earlier term
    summer_pairs as (
        select
            summer_repeats.vantage,
            summer_repeats.person_id,
            summer_repeats.district_code,
            summer_repeats.course_code,
            summer_repeats.mark_number,
            original.mark_number as original_number
        from summer_repeats
        inner join
            marks as original
            on original.vantage = summer_repeats.vantage
            and original.person_id = summer_repeats.person_id
            and original.district_code = summer_repeats.district_code
            and original.course_code = summer_repeats.course_code
            and original.school_year = summer_repeats.school_year
            and not original.is_summer
            and original.is_replaceable
        where
            not exists (
                select 1
                from tagged_pairs
                where
                    tagged_pairs.vantage = original.vantage
                    and tagged_pairs.person_id = original.person_id
                    and tagged_pairs.district_code = original.district_code
                    and tagged_pairs.course_code = original.course_code
                    and tagged_pairs.original_number = original.mark_number
            )
        qualify
            row_number() over (
                partition by
                    summer_repeats.vantage,
                    summer_repeats.person_id,
                    summer_repeats.district_code,
                    summer_repeats.course_code,
                    summer_repeats.mark_number
                order by original.has_passed, original.mark_number
            )
            = summer_repeats.turn
    ),

    pairs as (
        select *
        from tagged_pairs
        union all
        select *
        from summer_pairs
    ),

    -- three steps back lead to the first taking of a course that is repeated by tag more than once
    rooted as (
        select
            marks.*,
            first_step.mark_number is not null as is_paired,
            coalesce(third_step.original_number, second_step.original_number, first_step.original_number, marks.mark_number) as root_number
        from marks
        left join pairs as first_step using (vantage, person_id, district_code, course_code, mark_number)
        left join
            pairs as second_step
            on second_step.vantage = marks.vantage
            and second_step.person_id = marks.person_id
            and second_step.district_code = marks.district_code
            and second_step.course_code = marks.course_code
            and second_step.mark_number = first_step.original_number
        left join
            pairs as third_step
            on third_step.vantage = marks.vantage
            and third_step.person_id = marks.person_id
            and third_step.district_code = marks.district_code
            and third_step.course_code = marks.course_code
            and third_step.mark_number = second_step.original_number
    ),

    -- two sections of one course in one term are two places
    places as (
        select
            vantage,
            person_id,
            district_code,
            course_code,
            mark_number,
            term_code as place,
            row_number() over (
                partition by vantage, person_id, district_code, course_code, school_year, term_code
                order by is_replaceable desc, mark_number
            ) as place_number
        from rooted
        where not is_paired
    ),

    chained as (
        select
            rooted.*,
            places.place,
            places.place_number,
            lag(rooted.school_year) over chain as previous_year,
            lag(rooted.is_replaceable) over chain as is_previous_replaceable,
            lead(case when rooted.is_repeat_result then rooted.school_year end ignore nulls) over chain as next_year,
            lead(case when rooted.is_repeat_result then rooted.term_end end ignore nulls) over chain as next_term_end,
            lead(case when rooted.is_repeat_result then rooted.is_summer end ignore nulls) over chain as is_next_summer,
            lead(case when rooted.is_repeat_result then rooted.is_paired end ignore nulls) over chain as is_next_paired
        from rooted
        inner join
            places
            on places.vantage = rooted.vantage
            and places.person_id = rooted.person_id
            and places.district_code = rooted.district_code
            and places.course_code = rooted.course_code
            and places.mark_number = rooted.root_number
        window
            chain as (
                partition by
                    rooted.vantage,
                    rooted.person_id,
                    rooted.district_code,
                    rooted.course_code,
                    places.place,
                    places.place_number
                order by rooted.mark_number
            )
    ),

    judged as (
        select
            *,
            is_repeat_result
            and previous_year is not null
            and (is_paired or (is_previous_replaceable and school_year > previous_year)) as is_repeat_of_previous,
            is_repeat_result and is_tagged and is_paired and not is_previous_replaceable as is_void_repeat,
            is_replaceable and next_year is not null and (is_next_paired or next_year > school_year) as is_replaced
        from chained
    ),

    courses as (
        select
            *,
            sum(case when is_repeat_of_previous then 0 else 1 end) over (
                partition by vantage, person_id, district_code, course_code, place, place_number
                order by mark_number
                rows unbounded preceding
            ) as taking
        from judged
    )

select
    vantage,
    person_id,
    school_code,
    school_year,
    section_id,
    term_code,
    coalesce(is_void_repeat, false) as is_void_repeat,
    case when is_replaced then next_term_end end as replaced_on,
    case when is_replaced then next_year end as replaced_school_year,
    case when is_replaced then is_next_summer end as replaced_is_summer,
    -- credit of a repeated course counts once: the larger of what its takings earned
    case
        when is_void_repeat
        then 0
        else greatest(
            0,
            earned_x3 - coalesce(max(earned_x3) over (
                partition by vantage, person_id, district_code, course_code, place, place_number, taking
                order by mark_number
                rows between unbounded preceding and 1 preceding
            ), 0)
        )
    end as added_x3,
    case
        when is_void_repeat
        then 0
        else greatest(
            0,
            earned_x3 - coalesce(max(earned_x3) over (
                partition by vantage, person_id, district_code, course_code, place, place_number, taking, school_year
                order by mark_number
                rows between unbounded preceding and 1 preceding
            ), 0)
        )
    end as added_in_year_x3
from courses
