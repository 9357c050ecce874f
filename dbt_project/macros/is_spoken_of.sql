{#- Whether the public tier speaks of a level, by the lowest one of a seed: school, district (network cohorts stand beside
    districts), collaborative, none. -#}
{% macro is_spoken_of(level, lowest) -%}
    case
        {{ lowest }}
        when 'school'
        then true
        when 'district'
        then {{ level }} <> 'school'
        else {{ lowest }} = 'collaborative' and {{ level }} = 'collaborative'
    end
{%- endmacro %}
