{#- Credits due, exactly: 50 for each full year, and of a year that is prorated or still running the share of its terms
    (domain.md section 4). -#}
{% macro credits_due(full_years, earlier_terms, earlier_of, running_terms, running_of) -%}
    cast(50 * {{ full_years }} as decimal(18, 12))
    + cast({{ scaled_quotient("50 * " ~ earlier_terms, earlier_of, "down") }} as decimal(18, 12))
    + cast({{ scaled_quotient("50 * " ~ running_terms, running_of, "down") }} as decimal(18, 12))
{%- endmacro %}

{#- Whole years before this one since grade 9 was first entered, less the year of entry where that is prorated. -#}
{% macro full_years(school_year, pace_start_year, prorated_year) -%}
    greatest({{ school_year }} - coalesce({{ pace_start_year }}, {{ school_year }}), 0)
    - cast(coalesce({{ prorated_year }} < {{ school_year }}, false) as integer)
{%- endmacro %}
