-- One row per group of students.
select * from {{ ref("partner__student_group") }}
