-- Question: Are English learners with disabilities more often off track than either group alone?
-- Tier: restricted
-- Answer: One row per combination of the two groups over all settled cohorts: students with a lane at the end
-- of grade 9, those off track, their share.
-- Mind: Combinations of groups are in no other tier, since their counts are small. Groups are those of the
-- year of the snapshot; a student of unknown group is in neither. Students credited to this district.
with
    student_with_lane as (
        select student_key, school_year, on_track
        from student_snapshot
        where
            snapshot_code = 'G9_EOY'
            and rule_set = 'core5_v1'
            and is_first_time_grade9
            and is_frozen
            and lane is not null
            and district_code = (select distinct district_code from student)
    )
select
    english.group_code as english_learner,
    disability.group_code as disability,
    count(*) as students,
    count(*) filter (not snapshot.on_track) as off_track,
    count(*) filter (not snapshot.on_track) / count(*) as share
from student_with_lane as snapshot
inner join
    student_group_year as english
    on english.student_key = snapshot.student_key
    and english.school_year = snapshot.school_year
    and english.group_code in ('EL', 'NOT_EL')
inner join
    student_group_year as disability
    on disability.student_key = snapshot.student_key
    and disability.school_year = snapshot.school_year
    and disability.group_code in ('SWD', 'NOT_SWD')
group by all
order by all
