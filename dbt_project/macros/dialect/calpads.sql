{#- CALPADS texts to values, in DuckDB's dialect. A text that does not have the form is NULL, never a guess. -#}
{#- yyyymmdd -#}
{% macro calpads_date(column) -%}
    case
        when regexp_full_match({{ column }}, '\d{8}')
        then
            try_cast(
                substr({{ column }}, 1, 4)
                || '-'
                || substr({{ column }}, 5, 2)
                || '-'
                || substr({{ column }}, 7, 2) as date
            )
    end
{%- endmacro %}

{#- Academic year 2024-2025 -> 2025, if the two years follow each other. -#}
{% macro calpads_school_year(column) -%}
    case
        when
            regexp_full_match({{ column }}, '\d{4}-\d{4}')
            and cast(substr({{ column }}, 6, 4) as integer) = cast(substr({{ column }}, 1, 4) as integer) + 1
        then cast(substr({{ column }}, 6, 4) as integer)
    end
{%- endmacro %}

{#- County-district code and school number are two fields of each record. -#}
{% macro calpads_cds(lea, school) -%}
    case
        when regexp_full_match({{ lea }}, '\d{7}') and regexp_full_match({{ school }}, '\d{7}')
        then {{ lea }} || {{ school }}
    end
{%- endmacro %}

{#- Y or N. -#}
{% macro calpads_flag(column) -%} case {{ column }} when 'Y' then true when 'N' then false end {%- endmacro %}

{#- The spring year of the school year (July to June) in which a day lies. -#}
{% macro school_year_of(day) -%} (year({{ day }}) + cast(month({{ day }}) >= 7 as integer)) {%- endmacro %}
