-- One row per choice, person, school year and window in which a rule of marks or attendance, set
-- otherwise, may change what lanes are computed from; tonight's knowledge. A measure that the choice
-- does not touch is NULL.
with
    -- marks that the two parameters are about, and whom they belong to
    marks as (
        select
            mark.*, coalesce(rule.is_np, false) as is_np, coalesce(rule.is_incomplete, false) as is_incomplete
        from {{ ref("int_window_mark") }} as mark
        left join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
        where mark.vantage = 'current' and not mark.is_out
    ),

    touched as (
        select distinct person_id, school_year, window_code, is_np
        from marks
        where (is_np or is_incomplete) and (counts_as_f or counts_as_low)
    ),

    under_choice as (
        select
            case when touched.is_np then 'np_not_f' else 'incomplete_not_f' end as choice,
            marks.* replace (
                marks.counts_as_f
                and not (
                    case when touched.is_np then marks.is_np else marks.is_incomplete end
                ) as counts_as_f,
                marks.counts_as_low and (touched.is_np or not marks.is_incomplete) as counts_as_low
            )
        from touched
        inner join marks using (person_id, school_year, window_code)
    ),

    counted as (
        select choice, person_id, school_year, window_code, {{ low_mark_counts() }}
        from under_choice
        group by all
    ),

    -- districts that send periods, as they are known tonight
    period_events as (
        select 'current' as vantage, event.*
        from {{ ref("canon_attendance_event") }} as event
        where
            event.known_to is null
            and event.district_code
            in (select district_code from {{ ref("canon_attendance_event") }} where period is not null)
    ),

    missed as ({{ days_missed("select * from period_events") }}),

    parts as (
        select
            missed.* exclude (n_missed, n_periods),
            {{ parts_of_missed_periods("period_absent_rule") }} as own,
            {{ parts_of_missed_periods("'majority'") }} as majority,
            {{ parts_of_missed_periods("'fraction'") }} as fraction
        from missed
        where is_absent and not is_whole
    ),

    by_window as (
        select
            piece.person_id,
            piece.school_year,
            codes.window_code,
            codes.days_window,
            sum(parts.majority - parts.own) as more_by_majority,
            sum(parts.fraction - parts.own) as more_by_fraction
        from (select * from parts where own <> majority or own <> fraction) as parts
        inner join
            {{ ref("int_enrollment_piece") }} as piece
            on piece.vantage = 'current'
            and piece.district_code = parts.district_code
            and piece.local_student_id = parts.local_student_id
            and piece.school_code = parts.school_code
            and piece.school_year = parts.school_year
            and piece.is_owned
            and parts.calendar_date between piece.from_date and piece.to_date
        inner join
            (values ('T1', 'T1', true), ('EOY', 'EOY', false), ('EOYS', 'EOY', false)) as codes(
                window_code, days_window, is_t1_only
            )
            on piece.is_t1
            or not codes.is_t1_only
        group by all
    ),

    absences as (
        select
            unnest(
                [
                    struct_pack(choice := 'attendance_majority', more_parts := by_window.more_by_majority),
                    struct_pack(choice := 'attendance_fraction', more_parts := by_window.more_by_fraction)
                ]
            ) as changed,
            by_window.person_id,
            by_window.school_year,
            by_window.window_code,
            days.absent_parts
        from by_window
        inner join
            {{ ref("int_window_days") }} as days
            on days.vantage = 'current'
            and days.person_id = by_window.person_id
            and days.school_year = by_window.school_year
            and days.window_code = by_window.days_window
        where days.attendance_available
    )

select
    choice,
    person_id,
    cast(school_year as integer) as school_year,
    window_code,
    {{ f_equivalents("coalesce(f_core_x3, 0)") }} as n_f_core,
    cast(n_df_core as integer) as n_df_core,
    cast(n_df_ela + n_df_math as integer) as n_df_elamath,
    cast(null as decimal(18, 12)) as days_absent
from counted
union all
select
    changed.choice,
    person_id,
    cast(school_year as integer),
    window_code,
    null,
    null,
    null,
    {{ days_of_parts("absent_parts + changed.more_parts") }}
from absences
where changed.more_parts <> 0
