-- One row per unbroken run of identical versions of the canonical entity student_program, all systems
-- together.
{{ canon("student_program") }}
