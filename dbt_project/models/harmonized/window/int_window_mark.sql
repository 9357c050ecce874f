-- One row per vantage, person, school year, window (T1, EOY, EOYS) and mark of the window other than W:
-- what it counts as
-- there. T1 holds the marks whose term ends on or before the district's as-of date; EOYS adds the summer
-- term.
with
    windows as (
        select
            person.vantage,
            person.person_id,
            person.school_year,
            codes.window_code,
            -- an incomplete is pending until the EOY freeze, and for ever in T1
            codes.window_code <> 'T1'
            and coalesce(
                eoy.freeze_date <= coalesce(vantage.freeze_date, run.as_of), false
            ) as incomplete_counts
        from {{ ref("int_window_person") }} as person
        inner join
            (values ('T1', 'T1'), ('EOY', 'EOY'), ('EOY', 'EOYS')) as codes(person_window, window_code)
            on codes.person_window = person.window_code
        inner join
            (
                select distinct vantage, window_code as own_window, freeze_date from {{ ref("int_vantage") }}
            ) as vantage using (vantage)
        left join
            {{ ref("int_freeze") }} as eoy on eoy.school_year = person.school_year and eoy.window_code = 'EOY'
        cross join {{ source("raw", "run") }} as run
        where
            coalesce(vantage.own_window, codes.window_code) = codes.window_code
            and (codes.window_code <> 'EOYS' or make_date(person.school_year, 8, 31) <= run.as_of)
    )

select
    windows.vantage,
    windows.person_id,
    windows.school_year,
    windows.window_code,
    mark.school_code,
    mark.section_id,
    mark.term_code,
    mark.term_end,
    mark.course_name,
    mark.subject_area,
    mark.is_core,
    mark.letter,
    mark.mark,
    mark.points_collapse,
    mark.points_keep,
    mark.attempted_x3,
    mark.earned_x3,
    mark.added_in_year_x3,
    mark.counts_in_gpa,
    mark.is_ag,
    mark.is_incomplete and not windows.incomplete_counts as is_pending,
    -- courses without credits are outside F counts
    coalesce(mark.attempted_x3, 0) > 0
    and (mark.counts_as_f or (mark.is_incomplete and windows.incomplete_counts)) as counts_as_f,
    coalesce(mark.attempted_x3, 0) > 0
    and (mark.is_low or (mark.is_incomplete and windows.incomplete_counts)) as counts_as_low,
    -- replaced by a repeat that the window holds too, or itself the repeat of a C or better
    mark.is_void_repeat
    or coalesce(
        mark.replaced_school_year = windows.school_year
        and (windows.window_code = 'EOYS' or not mark.replaced_is_summer)
        and (windows.window_code <> 'T1' or mark.replaced_on <= first_term.as_of),
        false
    ) as is_out
from windows
inner join {{ ref("int_mark_rule") }} as mark using (vantage, person_id, school_year)
left join
    {{ ref("int_window") }} as first_term
    on first_term.vantage = mark.vantage
    and first_term.district_code = mark.district_code
    and first_term.school_year = mark.school_year
    and first_term.window_code = 'T1'
where
    mark.is_attempted
    and (mark.term_kind <> 'summer' or windows.window_code = 'EOYS')
    and (windows.window_code <> 'T1' or mark.term_end <= first_term.as_of)
