-- One row per group of students.
select * from {{ ref("student_group") }}
