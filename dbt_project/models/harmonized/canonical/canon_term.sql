-- One row per unbroken run of identical versions of the canonical entity term, all systems together.
{{ canon("term") }}
