-- One row per mark whose course code occurs again for the same person in a way that may be a repeat
-- (tagged, summer, or a
-- later year): what replaces it, whether it repeats a C or better, and the credit it adds to the course
-- (domain.md 3.1 rule 9). The marks of a course are walked in order of time, since a mark that is replaced
-- once is not
-- replaced again. S1 and S2 share a code, so every mark has a place: its term, or the place of the mark
-- that it repeats.
with recursive
    courses as (
        select vantage, person_id, course_code
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
            mark.course_code,
            mark.district_code,
            mark.state_course_code,
            mark.school_code,
            mark.school_year,
            mark.section_id,
            mark.term_code,
            mark.term_end,
            mark.term_kind = 'summer' as is_summer,
            mark.is_repeat as is_tagged,
            rule.is_replaceable,
            rule.is_repeat_result,
            rule.earns_credit as has_passed,
            coalesce(mark.earned_x3, 0) as earned_x3,
            case when mark.is_high_school then mark.earned_x3 end as high_school_x3,
            row_number() over (
                partition by mark.vantage, mark.person_id, mark.course_code
                order by
                    mark.school_year,
                    mark.term_kind = 'summer',
                    mark.term_end,
                    mark.term_code,
                    mark.section_id,
                    mark.school_code
            ) as mark_number,
            dense_rank() over (
                partition by mark.vantage, mark.person_id, mark.course_code
                order by mark.school_year, mark.term_kind = 'summer', mark.term_end
            ) as moment
        from {{ ref("int_mark") }} as mark
        inner join courses using (vantage, person_id, course_code)
        inner join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
        where rule.is_attempted
    ),

    listed as (
        select
            vantage,
            person_id,
            course_code,
            {{
                list_structs(
                    "mark_number moment district_code state_course_code school_year term_code is_summer is_tagged is_replaceable is_repeat_result has_passed".split(),
                    "mark_number",
                )
            }}
            as marks
        from marks
        group by all
    ),

    walked as (
        select
            vantage,
            person_id,
            course_code,
            marks,
            1 as step,
            [0] as originals,
            [marks[1].term_code] as places,
            [1] as roots
        from listed
        union all
        select
            vantage,
            person_id,
            course_code,
            marks,
            step + 1,
            list_append(originals, cast(original as integer)),
            list_append(places, case when original > 0 then places[original] else this.term_code end),
            list_append(roots, case when original > 0 then roots[original] else step + 1 end)
        from
            (
                select *, {{ repeated_mark() }} as original
                from
                    (
                        select *, {{ open_originals() }} as open_marks
                        from
                            (
                                select *, marks[step + 1] as this from walked where step < len(marks)
                            ) as looked_at
                    ) as with_open_marks
            ) as found
    ),

    linked as (
        select
            marks.*, walked.originals[marks.mark_number] as original, walked.roots[marks.mark_number] as root
        from marks
        inner join walked using (vantage, person_id, course_code)
        where walked.step = len(walked.marks)
    )

select
    mark.vantage,
    mark.person_id,
    mark.school_code,
    mark.school_year,
    mark.section_id,
    mark.term_code,
    mark.original = -1 as is_void_repeat,
    repeat.term_end as replaced_on,
    repeat.school_year as replaced_school_year,
    repeat.is_summer as replaced_is_summer,
    -- credit of a repeated course counts once: the larger of what its takings earned, of which those of
    -- grade 8 give no
    -- credit toward graduation
    case
        when mark.original = -1
        then 0
        else
            greatest(
                0,
                mark.earned_x3 - coalesce(
                    max(mark.high_school_x3) over (
                        partition by mark.vantage, mark.person_id, mark.course_code, mark.root
                        order by mark.mark_number
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                )
            )
    end as added_x3,
    case
        when mark.original = -1
        then 0
        else
            greatest(
                0,
                mark.earned_x3 - coalesce(
                    max(mark.earned_x3) over (
                        partition by
                            mark.vantage, mark.person_id, mark.course_code, mark.root, mark.school_year
                        order by mark.mark_number
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                )
            )
    end as added_in_year_x3
from linked as mark
left join
    linked as repeat
    on repeat.vantage = mark.vantage
    and repeat.person_id = mark.person_id
    and repeat.course_code = mark.course_code
    and repeat.original = mark.mark_number
