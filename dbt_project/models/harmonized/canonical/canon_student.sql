-- One row per unbroken run of identical versions of the canonical entity student, all systems together.
{{ canon("student") }}
