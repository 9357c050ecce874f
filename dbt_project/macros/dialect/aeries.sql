{#- Aeries texts to values. A text that does not have the form is NULL: try_cast alone would read '12.7' as 13. -#}

{#- yyyy-mm-dd, with or without T00:00:00 (the API's form), or m/d/yyyy. 13 in the first place is an error, not a day. -#}
{% macro aeries_date(column) -%}
    case
        when regexp_full_match({{ column }}, '\d{4}-\d{2}-\d{2}(T00:00:00)?')
        then try_cast(left({{ column }}, 10) as date)
        when regexp_full_match({{ column }}, '\d{1,2}/\d{1,2}/\d{4}')
        then cast(try_strptime({{ column }}, '%m/%d/%Y') as date)
    end
{%- endmacro %}

{% macro aeries_integer(column) -%}
    case when regexp_full_match({{ column }}, '\d{1,9}') then cast({{ column }} as integer) end
{%- endmacro %}

{% macro aeries_number(column) -%}
    case
        when regexp_full_match({{ column }}, '\d{1,5}(\.\d{1,4})?') then cast({{ column }} as decimal(9, 4))
    end
{%- endmacro %}

{% macro aeries_flag(column) -%}
    case
        when upper({{ column }}) in ('Y', 'TRUE', '1')
        then true
        when upper({{ column }}) in ('N', 'FALSE', '0')
        then false
    end
{%- endmacro %}

{#- County, district and school number make the CDS; where one column holds it, Excel may have eaten the zero in front. -#}
{% macro aeries_cds(alias) -%}
    case
        when regexp_full_match({{ alias }}.cds, '\d{13,14}')
        then lpad({{ alias }}.cds, 14, '0')
        when
            regexp_full_match({{ alias }}.co, '\d{1,2}')
            and regexp_full_match({{ alias }}.di, '\d{1,5}')
            and regexp_full_match({{ alias }}.si, '\d{1,7}')
        then lpad({{ alias }}.co, 2, '0') || lpad({{ alias }}.di, 5, '0') || lpad({{ alias }}.si, 7, '0')
    end
{%- endmacro %}

{#- One database per school year: the folder 2024-2025 is scope 2024, spring year 2025. -#}
{% macro aeries_school_year(alias) -%}
    {{ aeries_integer(alias ~ "._scope") }} + 1
{%- endmacro %}

{#- Up to five race columns as one text: state codes, sorted, joined by ';'; nothing reported is NULL. -#}
{% macro aeries_race_codes(alias) -%}
    nullif(
        array_to_string(
            list_sort(
                list_distinct(
                    [
                        {% for n in range(1, 6) -%}
                            nullif(regexp_extract({{ alias }}.rc{{ n }}, '^\s*(\d{3})\s*$', 1), ''){{ "," if not loop.last }}
                        {%- endfor %}
                    ]
                )
            ),
            ';'
        ),
        ''
    )
{%- endmacro %}
