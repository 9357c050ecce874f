-- One row per unbroken run of identical versions of the canonical entity supplied_gpa, all systems together.
{{ canon("supplied_gpa") }}
