-- One row per unbroken run of identical versions of the canonical entity enrollment, all systems together.
{{ canon("enrollment") }}
