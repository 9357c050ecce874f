-- One row per school_code and position: the schools most like it in size and groups of students.
select * exclude (tier) from {{ ref("similar_school") }} where tier = 'partner'
