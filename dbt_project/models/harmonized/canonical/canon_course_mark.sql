-- One row per unbroken run of identical versions of the canonical entity course_mark, all systems together.
{{ canon("course_mark") }}
